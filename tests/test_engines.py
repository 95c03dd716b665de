"""Three judges give the same results: the fast engine, pySHACL, and the shapes' own queries straight in Oxigraph.

Results are compared by shape, focus, path, value, component and severity, on descriptions made by the number: sound
ones, ones with a known defect, ones with changes nobody foresaw, and several partnerships in one graph that share
actors.
"""

import pyoxigraph as ox
import pytest

from generated import generate, linked
from manifests import base
from vereend import engines, shapes
from vereend.engines import Result
from vereend.reading import Description, parse
from vereend.readings import at_date, background, prepare
from vereend.shape_graph import ShapeGraph
from vereend.terms import Statement, iri, term
from vereend.validation import outcomes, validate
from vereend.vocabulary import vocabulary

DATE = "2026-11-24"
PHASE = "consolidation"
SINGLE = [generate(seed, size=seed % 7, unknown=(seed % 3) * 2) for seed in range(5)]
MADE = [*(one.description for one in SINGLE), linked(1, 3, size=1), linked(2, 2, size=2, unknown=3)]


def prepared(told: frozenset[Statement]) -> set[Statement]:
    """Make a whole graph ready, as a description of one partnership is."""
    return prepare(at_date(told | background(told, vocabulary()), DATE), vocabulary())


def straight(statements: set[Statement], text: str) -> set[Result]:
    """Run the queries of shapes, and count what `sh:minCount` counts, without a SHACL engine."""
    graph = ShapeGraph([parse(text, "shapes.ttl", "turtle", foreign=True)])
    store = ox.Store()
    store.bulk_load("".join(f"{s} {p} {o} .\n" for s, p, o in statements).encode(), ox.RdfFormat.N_TRIPLES)
    found = set()
    for shape in graph.targeting:
        kinds = f"VALUES ?target {{ {' '.join(graph.all(shape, 'sh:targetClass'))} }} ?this a ?target ."
        for node in graph.all(shape, "sh:sparql"):
            (query,) = graph.queries(node)
            text = query.text.replace("$this", "?this").replace("WHERE {", f"WHERE {{ {kinds}", 1)
            for row in store.query(text):
                value = str(row["value"] or row["this"])
                severity = graph.severity(shape)
                found.add(Result(iri(shape), str(row["this"]), value, severity, "SPARQLConstraintComponent"))
        for part in graph.parts(shape):
            path = graph.path(part)
            text = f"SELECT ?this WHERE {{ {kinds} FILTER NOT EXISTS {{ ?this {path} ?value }} }}"
            for row in store.query(text):
                severity = graph.severity(part)
                found.add(Result(iri(part), str(row["this"]), None, severity, "MinCountConstraintComponent", path))
    return found


@pytest.mark.parametrize("description", MADE, ids=lambda d: d.name)
def test_three_judges_agree(description: Description):
    statements, text = prepared(description.statements), shapes.readings(PHASE)

    fast = engines.run(statements, text, "fast")
    assert fast == engines.run(statements, text, "pyshacl")
    assert fast == straight(statements, text)


def test_the_shapes_ask_for_nothing_that_the_engines_are_not_compared_on():
    for text in (shapes.readings(PHASE), shapes.structure_shapes()):
        assert ShapeGraph([parse(text, "shapes.ttl", "turtle", foreign=True)]).lacks("fast") == []


@pytest.mark.parametrize("description", MADE[:4], ids=lambda d: d.name)
def test_both_engines_find_the_same_in_the_structure(description: Description):
    told = description.statements | vocabulary().hierarchy | background(description.statements, vocabulary())
    less = told - set(sorted(told)[::9])  # something is wrong with it
    text = shapes.structure_shapes()

    found = engines.run(less, text, "fast")
    assert found
    assert found == engines.run(less, text, "pyshacl")


def test_what_the_judges_agree_on_is_not_nothing():  # the near miss
    text = shapes.readings(PHASE)
    mandate = next(s for s in base() if s.predicate == term("vrd:mandate"))

    assert straight(prepared(base()), text) == set()
    assert straight(prepared(base() - {mandate}), text)


@pytest.mark.parametrize("seed", range(16))
def test_a_known_defect_is_found_whatever_grew_around_it(seed: int):
    made = generate(seed, size=seed % 5, share_of_defects=1)
    found = {
        (v.focus, v.value or v.focus, v.verdict, v.severity)
        for v in validate([made.description], rules=[made.defect.rule]).verdicts
        if v.is_result
    }

    assert made.expected <= found, made.defect.name


def test_what_is_made_without_defects_conforms_at_any_size():
    for size in (0, 1, 20):
        made = generate(99, size=size, share_of_defects=0)
        assert {v.verdict for v in validate([made.description]).verdicts} <= {
            "satisfied",
            "for a person",
            "not applicable",
        }
    assert len(made.statements) > 300


def test_the_same_number_makes_the_same_description():
    assert generate(7, size=3, unknown=2) == generate(7, size=3, unknown=2)
    assert generate(7).statements != generate(8).statements
    assert linked(7, 2).statements == linked(7, 2).statements


def test_linked_partnerships_share_actors():
    description = linked(1, 3)
    judged = outcomes(description)

    assert len(description.partnerships) == 3
    assert len({focus for _, focus, _ in judged if focus in description.partnerships}) == 3
