"""Three judges give the same results: the fast engine, pySHACL, and the shapes' own queries straight in Oxigraph.

Results are compared by shape, focus, path, value, component and severity, on descriptions made by the number: sound
ones, ones with a known defect, ones with changes nobody foresaw, and several partnerships in one graph that share
actors.
"""

import pytest

from generated import generate, linked
from manifests import base
from vereend import engines, shapes
from vereend.reading import Description, parse
from vereend.readings import at_date, background, prepare
from vereend.shape_graph import ShapeGraph
from vereend.terms import Statement, term
from vereend.validation import outcomes, validate
from vereend.vocabulary import vocabulary

DATE = "2026-11-24"
PHASE = "consolidation"
SINGLE = [generate(seed, size=seed % 7, unknown=(seed % 3) * 2) for seed in range(5)]
MADE = [*(one.description for one in SINGLE), linked(1, 3, size=1), linked(2, 2, size=2, unknown=3)]


def prepared(told: frozenset[Statement]) -> set[Statement]:
    """Make a whole graph ready, as a description of one partnership is."""
    return prepare(at_date(told | background(told, vocabulary()), DATE), vocabulary())


@pytest.mark.parametrize("description", MADE, ids=lambda d: d.name)
def test_three_judges_agree(description: Description):
    statements, text = prepared(description.statements), shapes.readings(PHASE)

    fast = engines.run(statements, text, "fast")
    assert fast == engines.run(statements, text, "pyshacl")
    assert fast == engines.run(statements, text, "oxigraph")


def test_each_kind_of_ill_formed_thing_is_found_by_three_judges():
    from manifests import patched

    bad = patched(
        "",
        'kg:pps vrd:relation vc:rel-equal , vc:shoplifting ; vrd:from "2026-13-01"^^xsd:date , "soon" . '
        "kg:p-town a vrd:PoliceParticipation ; vrd:participant kg:ghost . kg:committee vrd:hasPosition kg:pps . "
        'kg:covenant vrd:binding "maybe"^^xsd:boolean .',
    )
    told = bad | vocabulary().hierarchy | background(bad, vocabulary())
    text = shapes.structure_shapes()

    found = engines.run(told, text, "oxigraph")
    assert found == engines.run(told, text, "fast") == engines.run(told, text, "pyshacl")
    assert len({result.component for result in found}) >= 5, found


@pytest.mark.parametrize("shape", ["sh:property [ sh:path vrd:holder ; sh:minLength 2 ]", "sh:nodeKind sh:IRI"])
def test_the_third_judge_refuses_what_it_does_not_know(shape: str):
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix vrd: <https://w3id.org/vereend/ns#> ."
    with pytest.raises(ValueError, match="not known to this engine"):
        engines.run(base(), f"{head} <urn:s> a sh:NodeShape ; sh:targetClass vrd:Partnership ; {shape} .", "oxigraph")


def test_a_report_names_the_third_judge():
    report = validate([Description("plein.ttl", base())], engine="oxigraph")

    assert report.engine == "oxigraph"
    assert [v.verdict for v in report.verdicts] == [
        v.verdict for v in validate([Description("plein.ttl", base())]).verdicts
    ]


def test_the_shapes_ask_for_nothing_that_the_engines_are_not_compared_on():
    for text in (shapes.readings(PHASE), shapes.structure_shapes()):
        assert ShapeGraph([parse(text, "shapes.ttl", "turtle", foreign=True)]).lacks("fast") == []


@pytest.mark.parametrize("description", MADE[:4], ids=lambda d: d.name)
def test_three_judges_find_the_same_in_the_structure(description: Description):
    told = description.statements | vocabulary().hierarchy | background(description.statements, vocabulary())
    less = told - set(sorted(told)[::9])  # something is wrong with it
    text = shapes.structure_shapes()

    found = engines.run(less, text, "fast")
    assert found
    assert found == engines.run(less, text, "pyshacl") == engines.run(less, text, "oxigraph")


def test_what_the_judges_agree_on_is_not_nothing():  # the near miss
    text = shapes.readings(PHASE)
    mandate = next(s for s in base() if s.predicate == term("vrd:mandate"))

    assert engines.run(prepared(base()), text, "oxigraph") == set()
    assert engines.run(prepared(base() - {mandate}), text, "oxigraph")


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
