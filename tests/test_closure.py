"""A description with what others tell of the bodies it shares is judged as if all stood in one graph."""

from collections import Counter
from pathlib import Path

import pytest

from generated import linked
from vereend.batch import Order, content_digest, judge_files
from vereend.closure import Shared, closure
from vereend.reading import Description, read
from vereend.terms import PARTNERSHIP, TYPE, Statement, term
from vereend.validation import brief, parse_date, split

Outcome = dict[str, dict[tuple[str, str, str | None], str]]


def told(description: Description) -> Outcome:
    found = brief(description, None, parse_date(None), None, "fast")
    assert not found.findings
    return found.partnerships


def write(path: Path, statements: frozenset[Statement] | set[Statement]) -> Path:
    path.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in sorted(statements)), "utf-8")
    return path


def taken_apart(whole: frozenset[Statement]) -> tuple[dict[str, set[Statement]], set[Statement]]:
    """Put what several partnerships tell into a file of its own, and what is left with each of them."""
    parts = split(whole)
    owners = Counter(s for part in parts.values() for s in part)
    shared = {s.subject for s, number in owners.items() if number > 1}
    bodies = {s for s in whole if s.subject in shared}
    return {name: set(part) - bodies for name, part in parts.items()}, bodies


@pytest.mark.parametrize("seed", range(4))
def test_a_description_with_its_closure_is_judged_as_in_one_graph(tmp_path: Path, seed: int):
    whole = linked(seed, 3, share_of_defects=0.7)
    merged = told(whole)
    parts, bodies = taken_apart(whole.statements)
    assert bodies
    shared = Shared([write(tmp_path / "bodies.nt", bodies)])

    for number, (name, own) in enumerate(sorted(parts.items())):
        path = write(tmp_path / f"{number}.nt", own)
        assert told(shared.complete(read(path))) == {name: merged[name]}


def test_each_description_may_lean_on_all_the_others(tmp_path: Path):
    """Nothing is taken apart: each file tells of its own actors, and the others find them there."""
    whole = linked(5, 3, share_of_defects=0.7)
    merged = told(whole)
    left, paths = set(whole.statements), []
    for number, (_, part) in enumerate(sorted(split(whole.statements).items())):
        paths.append(write(tmp_path / f"{number}.nt", part & left))
        left -= part
    shared = Shared(paths)

    found = [told(shared.complete(read(path))) for path in paths]

    assert {name: own for outcome in found for name, own in outcome.items()} == merged
    assert [len(outcome) for outcome in found] == [1, 1, 1]


def test_a_batch_takes_the_closure(tmp_path: Path):
    whole = linked(2, 2, share_of_defects=0.7)
    parts, bodies = taken_apart(whole.statements)
    shared = str(write(tmp_path / "bodies.nt", bodies))
    order = Order(None, parse_date(None), None, "fast", "en", (shared,), content_digest())
    names = [str(write(tmp_path / f"{number}.nt", own)) for number, own in enumerate(parts.values())]

    lines = judge_files(order, names)

    found = {
        (number, f"<{focus}>", f"<{value}>" if value else None): verdict
        for line in lines
        for one in line["partnerships"]
        for number, verdict, _, focus, value in one["verdicts"]
    }
    assert found == {key: verdict for own in told(whole).values() for key, verdict in own.items()}


def test_without_what_is_shared_a_verdict_may_differ(tmp_path: Path):  # the closure matters
    whole = linked(0, 3, share_of_defects=0.7)
    parts, _ = taken_apart(whole.statements)
    found = [brief(Description("p", frozenset(own)), None, parse_date(None), None, "fast") for own in parts.values()]
    assert any(one.findings for one in found)


PREFIXES = "@prefix vrd: <https://w3id.org/vereend/ns#> . @prefix : <urn:> .\n"


def statement(text: str) -> Statement:
    subject, predicate, obj = text.split()
    return Statement(
        f"<urn:{subject}>", TYPE if predicate == "a" else term(predicate), obj if obj[0] == "<" else f"<urn:{obj}>"
    )


def test_the_closure_goes_along_properties_and_never_through_another_partnership():
    graph = {
        statement("p vrd:hasParticipation q"),
        statement("q vrd:participant x"),
        statement("x vrd:fundedBy y"),
        statement("x vrd:participatesIn other"),
        statement("other vrd:hasParticipation far"),
        statement(f"other a {PARTNERSHIP}"),
        statement("z vrd:fundedBy x"),
    }
    kept = {s for s in graph if s.subject in ("<urn:p>", "<urn:q>", "<urn:x>")}
    assert closure(graph, ["<urn:p>"]) == kept
    assert closure(graph, ["<urn:other>"]) == {s for s in graph if s.subject == "<urn:other>"}


def test_nameless_things_of_two_files_stay_two(tmp_path: Path):
    own = PREFIXES + ":p a vrd:Partnership ; vrd:hasRisk [ vrd:from 1 ] ; vrd:fundedBy :x ."
    bodies = PREFIXES + ":x vrd:fundedBy [ vrd:until 2 ] ."
    (tmp_path / "own.ttl").write_text(own, "utf-8")
    (tmp_path / "bodies.ttl").write_text(bodies, "utf-8")
    alone = read(tmp_path / "own.ttl")

    both = Shared([tmp_path / "own.ttl", tmp_path / "bodies.ttl"]).complete(alone)

    assert alone.statements < both.statements
    new = both.statements - alone.statements
    assert {s.predicate for s in new} == {term("vrd:fundedBy"), term("vrd:until")}
    assert not {s.subject for s in new} & {s.object for s in alone.statements} - {"<urn:x>"}
