"""A slow spelling is recognised and explained, its faster one answers the same, and ours are all fast."""

import random

import pyoxigraph as ox
import pytest

from vereend.slow_queries import advice
from vereend.stored_queries import queries

PREFIX = "PREFIX v: <http://v/> "


def kinds(text: str) -> list[str]:
    return [one.kind for one in advice(PREFIX + text)]


@pytest.mark.parametrize("query", queries(), ids=lambda q: q.name)
def test_our_own_questions_are_in_the_fast_spelling(query):
    assert advice(query.text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT * { ?p a v:P FILTER NOT EXISTS { ?p v:l ?s . ?s v:o ?x } }", ["exists-with-join"]),
        ("SELECT * { ?p a v:P FILTER NOT EXISTS { ?p v:l/v:o ?x } }", ["exists-with-join"]),
        ("SELECT * { ?p a v:P FILTER(?p = 1 || NOT EXISTS { ?p v:l 1 ; v:o ?x }) }", ["exists-with-join"]),
        ("SELECT * { ?p a v:P FILTER EXISTS { GRAPH ?g { ?p v:l ?s } ?s v:o ?x } }", ["exists-with-join"]),
        ("SELECT * { ?p a v:P FILTER NOT EXISTS { ?p v:l ?s FILTER EXISTS { ?s v:o ?x } } }", []),
        ("SELECT * { ?p a v:P FILTER NOT EXISTS { ?p v:l|v:o ?s } }", []),
        ("SELECT * { ?p a v:P OPTIONAL { ?p v:l ?s . ?s v:o ?x } FILTER(!BOUND(?x)) }", []),
        ("SELECT * { ?p a v:P MINUS { ?p v:l ?s . ?s v:o ?x } }", []),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", ["cross-product"]),
        ("SELECT * { ?a a v:P OPTIONAL { ?b a v:Q } ?b v:l ?c }", ["cross-product"]),
        ("SELECT * { ?a v:l ?x . ?b v:o ?y FILTER(?x = ?y) }", []),
        ("SELECT * { ?a v:l ?x . v:one v:o ?y }", []),
        ("SELECT * { ?a v:l+ ?b }", ["path-without-end"]),
        ("SELECT * { ?a a v:P . ?a (v:l|^v:l)* ?b }", ["path-without-end"]),
        ("SELECT * { ?a a v:P . ?a v:l+ ?b }", []),
        ("SELECT * { v:one v:l+ ?b }", []),
        ("SELECT * { ?s ?p ?l FILTER(CONTAINS(LCASE(?l), 'x')) }", ["text-of-everything"]),
        ("SELECT * { ?s a v:P ; v:l ?l FILTER(CONTAINS(LCASE(?l), 'x')) }", []),
        ("SELECT * { ?s v:l ?l } ORDER BY ?l LIMIT 20 OFFSET 40", ["sort-and-skip"]),
        ("SELECT * { ?s v:l ?l } ORDER BY ?l LIMIT 20 OFFSET 0", []),
        ("SELECT * { ?s v:l 'NOT EXISTS { ?a ?b ?c . ?d ?e ?f }' } # ORDER BY ?s OFFSET 9", []),
        ("SELECT * { ?s v:l ", []),
        ("SELECT * { SERVICE <http://a/> { ?a ?b ?c . ?d ?e ?f } }", []),
    ],
)
def test_a_slow_spelling_is_recognised_and_a_fast_one_left_alone(text: str, found: list[str]):
    assert kinds(text) == found


def test_advice_says_what_is_slow_why_and_what_to_write_in_both_languages():
    (one,) = advice(PREFIX + "SELECT * { ?p a v:P FILTER NOT EXISTS { ?p v:l ?s .\n ?s v:o ?x } }")

    assert one.found == "NOT EXISTS { ?p v:l ?s . ?s v:o ?x }"
    assert all(set(words) == {"nl", "en"} and all(words.values()) for words in (one.slow, one.instead))
    assert one.rewritten == PREFIX + "SELECT * { ?p a v:P FILTER NOT EXISTS { ?p v:l ?s FILTER EXISTS { ?s v:o ?x } } }"


def test_what_is_not_certain_to_answer_the_same_is_not_rewritten():
    (one,) = advice(PREFIX + "SELECT * { ?p a v:P FILTER NOT EXISTS { ?p v:l [ v:o ?x ] . ?p v:o ?x } }")

    assert one.rewritten is None


def query(chance: random.Random) -> str:
    """Make a query with an EXISTS over several patterns, some filtered, some with paths."""
    names = ["?a", "?b", "?c", "?d", "v:0", "v:1"]
    verbs = ["v:p", "v:q", "v:p/v:q", "^v:p", "v:p|v:q", "v:p/^v:q/v:p", "v:q?", "v:p*"]

    def pattern(of: list[str]) -> str:
        return f"{chance.choice(of[:4])} {chance.choice(verbs)} {chance.choice(of)}"

    inside = " . ".join(pattern(names) for _ in range(chance.randint(1, 3)))
    inside += f" ; v:q {chance.choice(names)}" if chance.random() < 0.3 else ""
    tests = ["?a != ?c", "?d = ?b", "BOUND(?b) && ?c != v:1", "!BOUND(?d)", "STR(?c) > 'http://v/1'"]
    inside += f" FILTER({chance.choice(tests)})" if chance.random() < 0.5 else ""
    option = " OPTIONAL { ?a v:q ?d }" if chance.random() < 0.4 else ""
    word = chance.choice(["EXISTS", "NOT EXISTS"])
    return f"{PREFIX}SELECT ?a ?b ?d {{ ?a v:p ?b{option} FILTER {word} {{ {inside} }} }}"


def test_the_faster_spelling_has_the_same_answer_on_any_data():
    chance = random.Random(7)
    compared = empty = 0
    for _ in range(1500):
        text = query(chance)
        found = [one for one in advice(text) if one.rewritten]
        if not found:
            continue
        graph = ox.Store()
        triples = {(chance.randrange(4), chance.choice("pq"), chance.randrange(4)) for _ in range(chance.randint(2, 9))}
        graph.update(f"{PREFIX}INSERT DATA {{ {' . '.join(f'v:{s} v:{p} v:{o}' for s, p, o in triples)} }}")
        before, after = (sorted(map(str, graph.query(t))) for t in (text, found[0].rewritten))
        assert before == after, (text, found[0].rewritten)
        assert not [one for one in advice(found[0].rewritten) if one.kind == "exists-with-join"]
        compared += 1
        empty += not before
    assert compared > 500
    assert empty < compared * 0.8


def test_a_damaged_query_is_given_advice_or_none():
    chance = random.Random(3)
    for stored in queries():
        for _ in range(20):
            at = chance.randrange(len(stored.text))
            advice(stored.text[:at] + chance.choice(["", "{", "}", "(", ";", "NOT EXISTS"]) + stored.text[at + 1 :])


def test_who_waited_in_vain_is_told_the_faster_spelling():
    from click.testing import CliRunner

    from vereend.cli import main

    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER NOT EXISTS { ?a ?x ?y . ?y ?z ?i } }"
    done = CliRunner().invoke(main, ["query", "-e", text, "--timeout", "0.2", "--lang", "en"])

    assert done.exit_code == 2
    assert "Faster, with the same answer:" in done.output and "FILTER EXISTS" in done.output
    assert "These patterns share no variable" in done.output
