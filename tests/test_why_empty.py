"""A query without answers is told which part keeps them away, and what may have been meant."""

import re
from collections.abc import Iterator

import pytest

from vereend.knowledge import load
from vereend.query_parts import Unreadable, take_apart
from vereend.results import Results, read_results
from vereend.service import evaluate
from vereend.stored_queries import queries
from vereend.why_empty import MOST_QUERIES, why_empty
from vereend.why_words import why_text


def ask(text: str) -> Results:
    return read_results(evaluate(load().store, text, "application/sparql-results+json", 5000)[0])


@pytest.mark.parametrize(
    ("query", "culprit", "kind", "proposed"),
    [
        ("{ ?p a vrd:Partnership ; vrd:hasPosition ?x . ?x vrd:powerTpye ?k }", "powerTpye", "term", "vrd:powerType"),
        ("{ ?x vrd:houder ?h }", "houder", "term", "vrd:holder"),
        ("{ ?x vrd:powerType vc:coercoin }", "coercoin", "term", "vc:coercion"),
        ("{ ?x a vrd:Partnerschip }", "Partnerschip", "term", "vrd:Partnership"),
        ("{ ?h vrd:holder ?x . ?h vrd:participant ?a . ?h vrd:role ?r }", "holder", "direction", "^vrd:holder"),
        ("{ ?p a vrd:Mandate ; vrd:hasPosition ?x }", "vrd:Mandate", "value", "vrd:Partnership"),
        ("{ ?k skos:prefLabel ?l FILTER(?l = 'locatieverbod') }", "FILTER", "language", '"locatieverbod"@nl'),
        ("{ ?k skos:prefLabel ?l FILTER(LANG(?l) = 'fr') }", "FILTER", "language", '"nl"'),
        ("{ ?k skos:prefLabel 'locatieverbod' }", "prefLabel", "language", '"locatieverbod"@nl'),
        ("{ ?k skos:prefLabel 'locatieverbot'@nl }", "prefLabel", "literal", '"locatieverbod"@nl'),
        ("{ ?x vrd:powerType ?k FILTER(?kk != vc:coercion) }", "FILTER", "variable", "?k"),
    ],
)
def test_the_part_at_fault_is_named_with_what_was_meant(query: str, culprit: str, kind: str, proposed: str):
    why = why_empty(f"SELECT *\nWHERE {query}", ask)

    assert why.culprit
    assert culprit in why.culprit.text
    assert why.culprit.line == 2
    assert (kind, proposed) in [(s.kind, s.proposed) for s in why.suggestions]
    assert all(s.proposed in s.query for s in why.suggestions)


def test_a_proposal_that_is_said_to_work_does():
    why = why_empty("SELECT * { ?p a vrd:Partnership ; vrd:hasPosition ?x . ?x vrd:holdr ?h }", ask)
    first = why.suggestions[0]

    assert first.works
    assert ask("PREFIX vrd: <https://w3id.org/vereend/ns#> " + first.query).rows


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * { ?p a vrd:Partnership } LIMIT 0", "after"),
        ("SELECT * { ?p a vrd:Partnership }", "answered"),
        ("SELECT * { { SELECT * { ?p a vrd:Nothing } } }", "group"),
        ("SELECT * { { ?p a vrd:Nothing } UNION { ?p a vrd:Nought } }", "group"),
        ("SELECT * { ?x a ?t MINUS { ?x a ?t } }", "minus"),
        ("SELECT * { ?x vrd:nothing ?y . ?x a ?t } ", "pattern"),
        ("ASK { ?x a vrd:Rule . ?x a vrd:Claim . ?x a vrd:Partnership }", "several"),
        ("SELECT * { SELECT * { ?p a vrd:Nothing } }", "unknown"),
    ],
)
def test_each_kind_of_reason_is_told_apart(query: str, kind: str):
    assert why_empty(query, ask).kind == kind


def test_a_search_that_needs_too_many_queries_gives_up_and_says_so():
    asked = []

    def count(text: str) -> Results:
        asked.append(text)
        return ask(text)

    query = "SELECT * { " + " ".join(f"?x a ?t{i} ." for i in range(MOST_QUERIES)) + " ?x a vrd:Nothing }"

    assert why_empty(query, count).kind == "unknown"
    assert len(asked) <= MOST_QUERIES + 10


def test_the_reason_is_told_in_both_languages():
    why = why_empty("SELECT * { ?x vrd:houder ?h }", ask)

    assert "Did you mean vrd:holder" in why_text(why, "en")
    assert "Bedoel je vrd:holder" in why_text(why, "nl")


def broken() -> Iterator[tuple[str, str, str]]:
    """Break stored questions in four ways: name, broken query, and what the part at fault holds."""
    for i, stored in enumerate(queries()):
        parts = [p for p in take_apart(stored.text).parts if p.kind == "pattern" and p.spans]
        part = parts[i % len(parts)] if parts else None
        if part is None or part.triple is None:
            continue
        (start, _), (verb, after), _ = part.spans
        subject, path, _ = part.triple
        name = re.search(r"vrd:\w{5,}", path)
        text = stored.text
        if i % 4 == 0 and name:
            at = verb + name.start() + 7
            yield stored.name, text[:at] + text[at + 1 :], name[0][:7] + name[0][8:]
        elif i % 4 == 1 and path != "a":
            yield stored.name, f"{text[:verb]}^({path}){text[after:]}", f"^({path})"
        elif i % 4 == 2 and part.start == start:
            yield stored.name, f"{text[:start]}{subject} a vrd:MayorX . {text[start:]}", "vrd:MayorX"
        elif i % 4 == 3:
            condition = f'FILTER(STR({subject}) = "fr") '
            yield (
                stored.name,
                text[:start] + condition + text[start:] if part.start == start else text,
                condition.strip(),
            )


def test_in_broken_stored_questions_the_part_is_nearly_always_the_right_one():
    found = [(name, mark, why_empty(text, ask)) for name, text, mark in broken() if not ask(text).rows]
    wrong = [name for name, mark, why in found if why.culprit is None or mark not in why.culprit.text]

    assert len(found) >= 40
    assert len(wrong) <= len(found) // 10, wrong


def test_a_query_is_taken_apart_with_places():
    query = take_apart(
        "PREFIX v: <x#>\nCONSTRUCT { ?a v:b ?c } FROM <g> WHERE {\n ?a v:b \"x\"@nl , 'y'^^v:t ; ^v:d/v:e* ?f .\n"
        " FILTER NOT EXISTS { ?a v:g [] } [ v:a 1 ] v:c -2.5 . ?q a v:X } GROUP BY ?a VALUES ?a { v:b }"
    )

    assert [(p.kind, p.text, query.place(p)) for p in query.parts] == [
        ("pattern", '?a v:b "x"@nl .', (3, 2)),
        ("pattern", "?a v:b 'y'^^v:t .", (3, 18)),
        ("pattern", "?a ^v:d/v:e* ?f .", (3, 29)),
        ("filter", "FILTER NOT EXISTS { ?a v:g [] }", (4, 2)),
        ("pattern", "[ v:a 1 ] v:c -2.5 .", (4, 34)),
        ("pattern", "?q a v:X .", (4, 55)),
        ("values", "VALUES ?a { v:b }", (4, 78)),
    ]
    assert (query.after, query.dataset, query.prefixes["v"]) == ("GROUP BY ?a", "FROM <g>", "x#")


def test_the_parts_of_a_stored_question_together_ask_the_same():
    for stored in queries():
        query = take_apart(stored.text)
        assert bool(ask(query.select(query.parts) + " LIMIT 1").rows) == bool(ask(stored.text).rows), stored.name


def test_what_is_not_followed_is_refused():
    for text in ("PREFIX v: <x#>", "SELECT * { SELECT * { ?s ?p ?o } }", "SELECT * { ?s "):
        with pytest.raises(Unreadable):
            take_apart(text)
