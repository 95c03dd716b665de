"""Answers are sorted as people count, and drawn only where their columns allow it."""

import io
import json

import openpyxl
import pytest

from vereend.results import Results, Value, read_graph, read_results, spreadsheet

XSD = "http://www.w3.org/2001/XMLSchema#"


def uri(name: str) -> Value:
    return Value("uri", f"http://example.org/{name}")


def number(text: str) -> Value:
    return Value("literal", text, "", XSD + "integer")


def plain(value: Value) -> str:
    return value.text.rpartition("/")[2]


def test_an_answer_in_the_form_of_the_w3c_is_read():
    body = {
        "head": {"vars": ["a", "b"]},
        "results": {
            "bindings": [
                {"a": {"type": "uri", "value": "http://example.org/x"}},
                {"b": {"type": "literal", "value": "één", "xml:lang": "nl"}},
            ]
        },
    }
    found = read_results(json.dumps(body).encode())

    assert found.variables == ("a", "b")
    assert found.rows == ((uri("x"), None), (None, Value("literal", "één", "nl")))


def test_a_graph_is_read_as_rows_of_three():
    found = read_graph(
        b'<http://example.org/x> <http://example.org/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    )

    assert found.rows == ((uri("x"), uri("p"), number("1")),)


def test_rows_are_sorted_as_people_count_and_those_without_come_last():
    rows = Results(("rule",), tuple((v,) for v in (uri("R13"), None, uri("R2"), uri("Édam"), uri("Zeist"))))

    assert [v and plain(v) for (v,) in rows.select(plain, sort="rule")] == ["Édam", "R2", "R13", "Zeist", None]
    assert [v and plain(v) for (v,) in rows.select(plain, sort="-rule")] == ["Zeist", "R13", "R2", "Édam", None]
    assert rows.select(plain, sort="nothing") == list(rows.rows)


def test_numbers_are_sorted_by_size():
    rows = Results(("n",), tuple((number(n),) for n in ("10", "9", "-3")))

    assert [v.text for (v,) in rows.select(plain, sort="n") if v] == ["-3", "9", "10"]


def test_every_word_sought_stands_somewhere_in_the_row():
    rows = Results(("a", "b"), ((uri("police"), uri("ban")), (uri("shops"), uri("ban"))))

    assert rows.select(plain, find="BAN shops") == [rows.rows[1]]
    assert rows.select(plain, find="police nothing") == []


@pytest.mark.parametrize(
    ("rows", "bars"),
    [
        ((("a", "1"), ("b", "2")), ("x", "n")),
        ((("a", "1"),), None),  # one bar compares nothing
        ((("a", "1"), ("b", "two")), None),
        ((("a", "1"), ("b", None)), ("x", "n")),
    ],
)
def test_a_chart_needs_names_and_numbers(rows, bars):
    told = tuple(
        (uri(name), None if n is None else number(n) if n.isdigit() else Value("literal", n)) for name, n in rows
    )

    assert Results(("x", "n"), told).bars == bars


def test_a_number_written_wrongly_is_none():
    assert [number("12x").number, number("INF").number, number("12").number] == [None, None, 12]


def test_a_network_prefers_columns_that_share_things():
    rows = Results(
        ("case", "from", "to"), tuple((uri("case"), uri(a), uri(b)) for a, b in (("x", "y"), ("y", "z"), ("z", "x")))
    )

    assert rows.ties == ("from", "to")
    assert Results(("label", "to"), ((Value("literal", "x"), uri("y")),)).ties is None


def test_a_matrix_counts_what_crosses_and_is_no_diagonal():
    crossed = Results(("a", "b"), tuple((uri(a), uri(b)) for a in "xyz" for b in "pq"))
    diagonal = Results(("a", "b"), tuple((uri(a), uri(a + a)) for a in "xyz"))

    assert crossed.cross == ("a", "b")
    assert crossed.pairs("a", "b")[uri("x"), uri("q")] == 1
    assert diagonal.cross is None


def test_a_name_in_two_languages_is_left_out_where_its_thing_is_there():
    names = ("holder", "holderNl", "holderEn", "nl", "en", "oddEn")
    rows = Results(names, ((uri("x"), *(Value("literal", n) for n in names[1:])),))

    assert rows.shown("nl") == ("holder", "nl", "oddEn")
    assert rows.shown("en") == ("holder", "en", "oddEn")
    assert "holderNl" not in rows.categories


def test_a_workbook_holds_names_and_iris_numbers_and_no_formula():
    rows = Results(("who", "n", "says"), ((uri("x"), number("3"), Value("literal", "=1+1\x00")), (None, None, None)))
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(rows, plain, [("query", "=SELECT")])))
    answers = book["answers"]

    assert [cell.value for cell in answers[1]] == ["who", "who (IRI)", "n", "says"]
    assert [cell.value for cell in answers[2]] == ["x", "http://example.org/x", 3, "=1+1"]
    assert answers["D2"].data_type == "s"
    assert book["about"]["B1"].data_type == "s"
