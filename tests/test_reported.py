"""Reading a rule once tells whether it is at fault; both readings are needed only then."""

from manifests import entries
from vereend import engines, shapes
from vereend.evidence import Matter
from vereend.readings import at_date, background
from vereend.reported import reported
from vereend.rules import rules
from vereend.terms import DEFAULT_PHASE, term
from vereend.vocabulary import vocabulary

DATE = "2026-11-24"


def matter(told) -> Matter:
    known = at_date(told | background(told, vocabulary()), DATE)
    return Matter(told & known, known, vocabulary())


def test_what_is_reported_is_what_both_readings_of_all_rules_report():
    """On descriptions at fault in a few rules each."""
    seen = set()
    for entry in entries()[::9]:
        judged = matter(entry.statements)
        both = engines.run(judged.prepared, shapes.readings(DEFAULT_PHASE), "fast")
        assert reported(judged, DEFAULT_PHASE, None, "fast") == both, entry.name
        seen |= both
    assert len(seen) > 50


def test_no_reading_in_doubt_is_made_of_a_description_that_meets_every_rule():
    from manifests import base

    whole = matter(base())
    assert reported(whole, DEFAULT_PHASE, None, "fast") == set()
    assert "in_doubt" not in vars(whole)
    less = matter(base() - {next(s for s in base() if s.predicate == term("vrd:mandate"))})
    assert reported(less, DEFAULT_PHASE, None, "fast")
    assert "in_doubt" in vars(less)


def test_each_shape_of_a_reading_as_told_belongs_to_a_rule():
    assert set(shapes.rule_of_shape().values()) == rules().keys()
