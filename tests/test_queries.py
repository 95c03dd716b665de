"""Every stored query gives the rows it should, and every term of the ontology serves a query, a rule or the structure.

After a change that is meant, write the golden list anew: `python tests/test_queries.py > tests/golden/queries.tsv`.
"""

import hashlib
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from vereend.content import root, turtle_files
from vereend.errors import VereendError
from vereend.knowledge import load
from vereend.stored_queries import Parameter, StoredQuery, queries, read_query
from vereend.terms import local_name
from vereend.vocabulary import Vocabulary, statements

GOLDEN = Path(__file__).parent / "golden"


def table(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (GOLDEN / name).read_text("utf-8").splitlines()[1:]]


def outcome(query: StoredQuery) -> list[str]:
    """Give how many rows there are, and a digest of what stands in them."""
    found = load().store.query(query.text, use_default_graph_as_union=True)
    rows = sorted("\t".join("_" if isinstance(x, ox.BlankNode) else str(x) for x in row) for row in found)
    return [str(len(rows)), hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]]


@pytest.mark.parametrize("query", queries(), ids=lambda q: q.name)
def test_a_query_gives_the_rows_it_should(query: StoredQuery):
    assert outcome(query) == {name: rest for name, *rest in table("queries.tsv")}[query.name]


def test_there_are_forty_questions_and_each_has_its_rows():
    names = [q.name for q in queries()]
    assert len(names) >= 40
    assert names == [name for name, *_ in table("queries.tsv")]


@pytest.mark.parametrize(
    ("name", "answer"), [("problems-without-a-safeguard", "safeguard"), ("guidelines-against-bottlenecks", "guideline")]
)
def test_a_problem_without_an_answer_is_said_to_have_none_in_the_source(name: str, answer: str):
    (query,) = (q for q in queries() if q.name == name)
    rows = load().store.query(query.text, use_default_graph_as_union=True)
    unanswered = [row for row in rows if answer == "safeguard" or row[answer] is None]
    assert unanswered and all(row["source"] for row in unanswered)


def test_each_group_has_ten_questions_or_more():
    counted = Counter(query.group for query in queries())
    assert len(counted) >= 4
    assert min(counted.values()) >= 10


def test_every_term_serves_a_query_a_rule_or_the_structure():
    known = Vocabulary(statements(turtle_files("ontology")), set())
    read = [*(root() / "kg" / "queries").glob("*.rq"), *(root() / "shapes" / "rules").glob("*.ttl")]
    texts = [p.read_text("utf-8") for p in [*read, root() / "shapes" / "00-structure.ttl"]]
    used = set(re.findall(r"vrd:(\w+)", "\n".join(texts)))
    terms = {local_name(name) for name in known.classes | known.properties}

    excepted = dict(table("unasked.tsv"))
    assert sorted(terms - used) == sorted(excepted)
    assert all(excepted.values())


# What these list is no fact of the report: the ontology's own making, what the law does, and how many claims there are.
WITHOUT_CLAIMS = {
    "claims-by-modality",
    "powers-reserved-to-the-police",
    "what-a-description-cannot-do-without",
    "provisions-not-verified",
    "provisions-per-act",
    "provisions-that-enable-coercion-by-anyone",
    "what-the-law-does",
}


@pytest.mark.parametrize("query", queries(), ids=lambda q: q.name)
def test_an_answer_carries_its_claims(query: StoredQuery):
    known = load()
    found = list(known.store.query(query.text, use_default_graph_as_union=True))
    behind = [known.claims_behind(x.value for x in row if isinstance(x, ox.NamedNode)) for row in found]
    cases = {case.iri for case in known.cases.values() if not case.fictional}
    about_cases = [
        claims
        for row, claims in zip(found, behind, strict=True)
        if any(isinstance(x, ox.NamedNode) and x.value in cases for x in row)
    ]
    assert not about_cases or any(about_cases)
    assert any(behind) or not found or query.name in WITHOUT_CLAIMS or all_invented(row for row in found)


def all_invented(rows) -> bool:
    """Whether an answer tells of invented partnerships alone: nothing in the report stands behind these."""
    invented = tuple(case.iri.rsplit("/", 1)[0] for case in load().cases.values() if case.fictional)
    return all(any(isinstance(x, ox.NamedNode) and x.value.startswith(invented) for x in row) for row in rows)


PARAMETERS = [(query, parameter) for query in queries() for parameter in query.parameters]


@pytest.mark.parametrize(("query", "parameter"), PARAMETERS, ids=lambda x: x.name)
def test_a_parameter_can_be_any_concept_of_its_list_and_matters(query: StoredQuery, parameter: Parameter):
    assert parameter.default in parameter.choices
    assert query.filled({parameter.name: parameter.default}) == query.text
    answers = {
        len(list(load().store.query(query.filled({parameter.name: choice}), use_default_graph_as_union=True)))
        for choice in parameter.choices
    }
    assert len(answers) > 1


def test_a_parameter_is_refused_with_what_was_meant():
    query = next(q for q in queries() if q.name == "who-may-do-what")
    with pytest.raises(VereendError, match="vc:coercion"):
        query.filled({"kind": "vc:coerciom"})
    with pytest.raises(VereendError, match="It has kind"):
        query.filled({"knd": "vc:coercion"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# Wat?\n# What?\n# @group questions-on-powers\n#\n# One row each.\nSELECT * {}", "what a row is"),
        ("SELECT * {}", "question"),
        ("# Wat?\n# What?\nSELECT * {}", "group"),
        ("# Wat?\n# What?\n# @group questions-on-powers\n# @parameter ?x vc:powers\nSELECT * {}", "parameter"),
    ],
)
def test_a_stored_question_says_what_it_asks(tmp_path, text, problem):
    path = tmp_path / "what.rq"
    path.write_text(text, "utf-8")
    with pytest.raises(VereendError, match=problem):
        read_query(path)


if __name__ == "__main__":
    print("query\trows\tdigest of the rows")
    for stored in queries():
        print("\t".join([stored.name, *outcome(stored)]))
