"""Where readings of a passage differ, each is judged by itself, and what differs is contested."""

import pytest

from manifests import base, patched, statements
from vereend.errors import VereendError
from vereend.reading import Description
from vereend.terms import LANGUAGES
from vereend.validation import outcomes, validate

BINDING = "kg:oversight-mandate vrd:intervention vc:iv-suspend ."
TWO_READINGS = """
kg:pps vrd:hasReading kg:reading-wide , kg:reading-narrow .
kg:reading-wide a vrd:Reading ; rdfs:label "ruime lezing"@nl , "wide reading"@en ; vrd:author "gemeentejurist" ;
  vrd:interprets "covenant, art. 4" ;
  vrd:asserts [ a rdf:Statement ; rdf:subject kg:oversight-mandate ; rdf:predicate vrd:intervention ;
                rdf:object vc:iv-suspend ] .
kg:reading-narrow a vrd:Reading ; rdfs:label "enge lezing"@nl , "narrow reading"@en ; vrd:author "beveiligingsbedrijf" ;
  vrd:interprets "covenant, art. 4" ;
  vrd:asserts [ a rdf:Statement ; rdf:subject kg:oversight-mandate ; rdf:predicate vrd:intervention ;
                rdf:object vc:iv-report ] .
"""
ABOUT_AN_END = """
kg:pps vrd:hasReading kg:reading-open , kg:reading-closed .
kg:reading-open a vrd:Reading ; vrd:author "A" ; vrd:interprets "annex 2" ;
  vrd:asserts [ a rdf:Statement ; rdf:subject kg:p-shops ; rdf:predicate vrd:role ; rdf:object vc:role-client ] .
kg:reading-closed a vrd:Reading ; vrd:author "B" ; vrd:interprets "annex 2" ;
  vrd:asserts [ a rdf:Statement ; rdf:subject kg:p-shops ; rdf:predicate vrd:role ; rdf:object vc:role-reporter ] .
"""


def described(told) -> Description:
    return Description("test.ttl", frozenset(told))


DISPUTED = described(patched(BINDING, TWO_READINGS))


def test_a_verdict_that_turns_on_a_reading_is_contested_and_shows_both():
    report = validate([DISPUTED])

    contested = {v.rule.number: v for v in report.verdicts if v.verdict == "contested"}
    assert contested.keys() == {"R13", "R15"}
    for verdict in contested.values():
        assert [(h.label["en"], h.author["en"], h.verdict) for h in verdict.readings] == [
            ("narrow reading", "beveiligingsbedrijf", "violated"),
            ("wide reading", "gemeentejurist", "satisfied"),
        ]
        for lang in LANGUAGES:
            assert verdict.readings[0].label[lang] in verdict.message[lang]
            assert verdict.readings[1].message[lang] in verdict.message[lang]
    assert not report.conforms
    others = {v.verdict for v in report.verdicts if v.rule.number not in contested}
    assert others <= {"satisfied", "not applicable", "for a person"}


@pytest.mark.parametrize(("reading", "verdict"), [("reading-wide", "satisfied"), ("reading-narrow", "violated")])
def test_rules_can_be_run_under_one_reading(reading, verdict):
    report = validate([DISPUTED], readings=[reading], rules=["R13"])
    assert {v.verdict for v in report.verdicts if v.value} == {verdict}


def test_a_description_under_one_reading_is_the_description_that_says_so():
    wide = validate([DISPUTED], readings=["reading-wide"])
    plain = validate([described(base())])
    assert [(v.rule.number, v.value, v.verdict, v.message) for v in wide.verdicts] == [
        (v.rule.number, v.value, v.verdict, v.message) for v in plain.verdicts
    ]


def test_bare_verdicts_are_contested_alike():
    report = validate([DISPUTED])
    assert outcomes(DISPUTED) == {
        (v.rule.number, v.focus, v.value): v.verdict for v in report.verdicts if v.verdict != "not applicable"
    }


def test_a_dispute_that_changes_nothing_is_not_contested():
    told = described(patched("kg:p-shops vrd:role vc:role-client .", ABOUT_AN_END))
    assert "contested" not in {v.verdict for v in validate([told]).verdicts}


def test_readings_of_another_passage_do_not_blur_which_one_decides():
    told = described(patched(BINDING + "kg:p-shops vrd:role vc:role-client .", TWO_READINGS + ABOUT_AN_END))
    (verdict,) = [v for v in validate([told], rules=["R15"]).verdicts if v.value]
    assert [(h.label["en"], h.verdict) for h in verdict.readings] == [
        ("narrow reading", "violated"),
        ("wide reading", "satisfied"),
    ]


def test_an_unknown_reading_is_refused_with_the_nearest():
    with pytest.raises(VereendError, match="reading-wide"):
        validate([DISPUTED], readings=["reading-wid"])


def test_what_is_asserted_must_be_a_statement():
    broken = set(DISPUTED.statements) - statements("[] rdf:object vc:iv-report .")
    broken = frozenset(s for s in broken if not (s.predicate.endswith("#object>") and "iv-report" in s.object))
    with pytest.raises(VereendError, match="no statement"):
        validate([described(broken)])


def test_a_reading_without_an_author_cannot_be_judged():
    told = described(s for s in DISPUTED.statements if "beveiligingsbedrijf" not in s.object)
    (file,) = validate([told]).files
    assert any("reading-narrow" in finding.focus for finding in file.structure)
