"""Dates decide: the phase, what holds at the same time, and when a verdict changes."""

import pytest

from manifests import base, patched
from vereend.history import change_points, history, history_text
from vereend.reading import Description
from vereend.validation import outcomes, validate

DATED = patched(
    add="""kg:oversight vrd:from "2023-06-01"^^xsd:date ; vrd:until "2027-12-31"^^xsd:date .
           kg:pos-ban vrd:from "2022-01-01"^^xsd:date .
           kg:pps vrd:hasPhasePeriod kg:start , kg:grown .
           kg:start a vrd:PhasePeriod ; vrd:phase vc:phase-initial ; vrd:until "2023-12-31"^^xsd:date .
           kg:grown a vrd:PhasePeriod ; vrd:phase vc:phase-scaling ; vrd:from "2024-01-01"^^xsd:date .""",
    remove="kg:pps vrd:phase vc:phase-consolidation .",
)


def described(told) -> Description:
    return Description("test.ttl", frozenset(told))


@pytest.mark.parametrize(("day", "phase"), [("2023-07-01", "initial"), ("2024-01-01", "scaling")])
def test_the_phase_is_the_one_of_the_period_at_the_date(day, phase):
    (file,) = validate([described(DATED)], on=day, rules=["R01"]).files
    assert (file.partnerships[0].judgement.phase, file.partnerships[0].judgement.phase_told) == (phase, True)


def test_two_phases_at_one_date_are_none_told():
    told = patched(
        add="""kg:pps vrd:hasPhasePeriod kg:one , kg:two . kg:one a vrd:PhasePeriod ; vrd:phase vc:phase-initial .
               kg:two a vrd:PhasePeriod ; vrd:phase vc:phase-scaling .""",
    )
    (file,) = validate([described(told)], rules=["R01"]).files
    assert not file.partnerships[0].judgement.phase_told


def test_days_on_which_something_begins_or_has_ended_are_found_once_and_in_order():
    days = change_points(DATED)
    assert days == ["2022-01-01", "2023-06-01", "2024-01-01", "2028-01-01"]


def test_a_verdict_changes_on_the_day_the_oversight_begins_and_ends():
    moments = {m.date: m for m in history(described(DATED), rules=["R13"])}
    begun = [f for f in moments["2023-06-01"].flips if f.verdict.value and f.verdict.value.endswith("pos-ban>")]
    assert [f.names for f in begun] == [("violated", "satisfied")]
    ended = [f for f in moments["2028-01-01"].flips if f.verdict.value and f.verdict.value.endswith("pos-ban>")]
    assert [f.names for f in ended] == [("satisfied", "violated")]
    for lang, words in (("nl", "vanaf 2023-06-01"), ("en", "from 2023-06-01")):
        assert words in history_text(list(moments.values()), lang)


def test_between_two_moments_nothing_changes():
    description = described(DATED)
    assert outcomes(description, on="2023-06-01") == outcomes(description, on="2023-12-31")


def test_a_description_without_dates_has_no_history():
    told = described(s for s in base() if "/law/" not in s.object and "#date>" not in s.object)
    assert history(told, rules=["R01"]) == []
    assert "date" in history_text([], "en")
