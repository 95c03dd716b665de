"""A pin tells later whether an answer is the same, and if not, which rows came and went."""

from dataclasses import replace

import pytest

from vereend.errors import VereendError
from vereend.pinning import MOST_MARKS, compare, pin, read_pin, written
from vereend.results import Results, Value


def answer(*names: str, variables: tuple[str, ...] = ("x", "y")) -> Results:
    return Results(variables, tuple((Value("uri", f"http://example.org/{n}"), Value("literal", n)) for n in names))


def test_a_pin_goes_through_a_link_unharmed():
    for found in (pin(answer(*"abc"), "graph"), pin(answer(), "graph")):
        assert read_pin(written(found)) == found


@pytest.mark.parametrize(
    ("harm"),
    [
        lambda t: t[:-3],
        lambda t: "",
        lambda t: t.replace("~", "-"),
        lambda t: t.replace("~3~", "~2~"),
        lambda t: t + "é",
    ],
)
def test_a_pin_that_is_not_whole_is_refused(harm):
    with pytest.raises(VereendError, match="not a whole pin"):
        read_pin(harm(written(pin(answer(*"abc"), "graph"))))


def test_another_order_of_rows_and_columns_is_the_same():
    turned = Results(("y", "x"), tuple((y, x) for x, y in answer(*"cab").rows))

    assert compare(pin(answer(*"abc"), "graph"), turned, "graph").same


def test_nameless_things_are_the_same_whatever_they_are_called():
    first, second = (Results(("x",), ((Value("bnode", name),),)) for name in ("b0", "b7"))

    assert compare(pin(first, ""), second, "").same


@pytest.mark.parametrize(
    ("now", "came", "went"),
    [
        ("abcd", {3}, ()),
        ("ac", set(), (2,)),
        ("xbc", {0}, (1,)),
        ("aabc", {1}, ()),
        ("", set(), (1, 2, 3)),
    ],
)
def test_the_rows_that_changed_are_exactly_the_difference(now: str, came: set[int], went: tuple[int, ...]):
    found = compare(pin(answer(*"abc"), "graph"), answer(*now), "graph")

    assert not found.same
    assert (found.came, found.went) == (came, went)


def test_a_language_a_datatype_or_a_column_makes_another_answer():
    def one(value: Value, name: str = "x") -> Results:
        return Results((name,), ((value,),))

    then = pin(one(Value("literal", "1")), "")
    integer = "http://www.w3.org/2001/XMLSchema#integer"

    assert not compare(then, one(Value("literal", "1", "nl")), "").same
    assert not compare(then, one(Value("literal", "1", "", integer)), "").same
    assert not compare(then, one(Value("literal", "1"), "y"), "").same
    assert not compare(then, one(Value("uri", "1")), "").same


def test_another_graph_or_version_is_told_apart_from_another_answer():
    then = pin(answer("a"), "graph")

    assert compare(then, answer("a"), "graph").same_graph
    assert not compare(then, answer("a"), "other").same_graph
    assert not compare(replace(then, version="0.0.1"), answer("a"), "graph").same_graph


def test_the_size_of_a_link_is_bounded_and_what_is_not_known_is_said():
    many = answer(*(str(i) for i in range(MOST_MARKS + 1)))
    then = pin(many, "graph")

    assert len(written(then)) < 200
    assert len(written(pin(answer(*(str(i) for i in range(MOST_MARKS))), "graph"))) < 3400
    assert compare(then, many, "graph").same
    assert not compare(then, answer("a"), "graph").told
