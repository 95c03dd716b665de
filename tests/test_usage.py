"""Where a thing is used, and a query that asks about it."""

import pytest

from vereend.knowledge import load
from vereend.questions import ask
from vereend.terms import NAMESPACES
from vereend.usage import query_for, uses

VRD, VC = NAMESPACES["vrd"], NAMESPACES["vc"]


def test_a_concept_is_used_in_the_rules_that_name_it_and_the_descriptions_that_hold_it():
    found = uses(load(), VC + "coercion")

    assert "R13" in found.rules
    assert "who-may-do-what" not in found.rules
    assert set(uses(load(), VC + "location-ban").cases) >= {"shoplifting", "veilig-plein"}


def test_a_term_is_used_in_the_questions_that_name_it_and_not_in_those_that_name_a_longer_one():
    found = uses(load(), VRD + "holder")

    assert "who-may-do-what" in found.queries
    assert uses(load(), VRD + "hold").queries == ()


@pytest.mark.parametrize(
    ("name", "kind", "is_class"),
    [
        (VRD + "Partnership", "term", True),
        (VRD + "holder", "term", False),
        (VC + "location-ban", "concept", False),
        (NAMESPACES["law"] + "sv-53-1", "law", False),
    ],
)
def test_the_query_about_a_thing_runs_and_answers(name: str, kind: str, is_class: bool):
    assert len(ask(query_for(name, kind, is_class), "csv", "nl").splitlines()) > 1
