"""Each rule says what its tests say it says: on both engines, in both languages, and in the portable form."""

from collections import Counter
from functools import cache

import pytest

from manifests import Entry, entries
from vereend import engines, patterns, shapes
from vereend.readings import at_date, background
from vereend.rules import rules
from vereend.terms import LANGUAGES, Statement
from vereend.validation import parse_date, split, validate
from vereend.verdicts import outcomes
from vereend.vocabulary import statements, vocabulary
from vereend.wording import Words

LEAST = {"Pass": 2, "Fail": 3, "NearMiss": 2, "NotTold": 1, "NotApplicable": 1}
CANNOT_BE = {
    ("R01", "NotApplicable"): "about every partnership, in every phase",
    ("R02", "NotApplicable"): "about every partnership, in every phase",
    ("R03", "NotApplicable"): "about every partnership, in every phase",
    ("R04", "NotApplicable"): "about every partnership, in every phase",
    ("R06", "NotApplicable"): "the structure layer demands two participations",
    ("R10", "NotApplicable"): "about every partnership, in every phase",
    ("R13", "NotApplicable"): "about every partnership, in every phase",
    ("R16", "NotTold"): "only forbids, about what the structure layer demands",
    ("R59", "NotApplicable"): "about every partnership, in every phase",
}


def by_name(entry: Entry) -> str:
    return entry.name


@pytest.mark.parametrize("entry", entries(), ids=by_name)
def test_a_rule_gives_exactly_the_expected_results_in_whole_sentences(entry: Entry):
    report = validate([entry.description], rules=[entry.rule], engine="fast", phase=entry.phase)

    assert report.assessable, [f.message["en"] for f in report.files[0].structure]
    got = {(v.focus, v.value or "", v.verdict, v.severity) for v in report.verdicts if v.is_result}
    assert got == entry.expected
    assert fits(entry.kind, {v.verdict for v in report.verdicts})
    for verdict in report.verdicts:
        for lang in LANGUAGES:
            message = verdict.message[lang]
            assert message.endswith("?" if verdict.verdict == "for a person" else "."), message
            assert "{" not in message and "…" not in message and "http" not in message, message


# Every second entry: each rule is among these several times, and the suite stays within ten minutes.
@pytest.mark.parametrize("entry", entries()[::2], ids=by_name)
def test_the_reference_engine_gives_the_same(entry: Entry):
    """Without the structure layer: tests/test_engines.py compares that one."""
    found = {}
    for engine in ("fast", "pyshacl"):
        words = Words(entry.statements, vocabulary())
        for partnership, part in split(entry.statements).items():
            found[engine, partnership] = outcomes(
                partnership,
                part,
                words,
                date=parse_date(None),
                phase=entry.phase,
                only=[rules()[entry.rule]],
                engine=engine,
            )
    assert found
    for (engine, partnership), verdicts in found.items():
        assert verdicts == found["fast", partnership], engine


def fits(kind: str, verdicts: set[str]) -> bool:
    """Whether the verdicts of one rule are what an entry of this kind is to show."""
    return {
        "Pass": verdicts in ({"satisfied"}, {"for a person"}),
        "Fail": "violated" in verdicts,
        "NearMiss": not verdicts & {"violated", "not told"},
        "NotTold": "not told" in verdicts and "violated" not in verdicts,
        "NotApplicable": verdicts == {"not applicable"},
    }[kind]


def test_every_rule_has_every_kind_of_test():
    counted = Counter((entry.rule, entry.kind) for entry in entries())
    missing = {
        (number, kind): least - counted[number, kind]
        for number in rules()
        for kind, least in LEAST.items()
        if counted[number, kind] < least and (number, kind) not in CANNOT_BE
    }
    assert not missing
    assert not [key for key in CANNOT_BE if counted[key]], "can be after all"


TOLD = [entry for entry in entries() if entry.phase is None]


@pytest.mark.parametrize("entry", TOLD, ids=by_name)
def test_portable_shapes_find_on_the_raw_description_what_the_verdicts_find(entry: Entry):
    assert_portable_alike(entry, "fast")


# The reference engine is slow on whole descriptions; each rule is still among these.
@pytest.mark.parametrize("entry", TOLD[::4], ids=by_name)
def test_portable_shapes_find_the_same_with_the_reference_engine(entry: Entry):
    assert_portable_alike(entry, "pyshacl")


@cache
def background_statements() -> frozenset[Statement]:
    return frozenset(statements([shapes.content.root() / "shapes" / "background.ttl"]))


@cache
def portable() -> dict[str, str]:
    return {path.name: text for path, text in shapes.portable_files().items()}


def assert_portable_alike(entry: Entry, engine: str) -> None:
    theme = rules()[entry.rule].theme_slug
    report = validate([entry.description], rules=[theme])
    expected = {(v.rule.number, v.focus, v.value) for v in report.verdicts if v.is_result}

    found = set()
    data = entry.statements | background_statements()
    for result in engines.run(data, portable()[rules()[entry.rule].source.name], engine):
        number = result.shape.rsplit("/", 1)[1].split("-")[0]
        value = None if result.value == result.focus else result.value
        found.add((number, result.focus, None if rules()[number].core else value))
    assert found == expected


def test_a_pattern_is_read_as_a_full_parser_reads_it():
    texts = {
        pattern.text
        for rule in rules().values()
        for part in rule.parts
        for pattern in (part.about, *part.asks, *(named.pattern for named in (*part.forbids, *part.doubts)))
    }
    plain = {text: steps for text in texts if "FILTER" not in text and (steps := patterns._plain_steps(text))}
    assert len(plain) > 100
    assert {text: patterns._steps(text) for text in plain} == plain


@pytest.mark.parametrize(
    "text", ["$this vrd:p+ ?x .", "?x vrd:p", "?x vrd:p ?y ?z .", "?x vrd:p 'words' .", "?x no:p ?y ."]
)
def test_what_is_more_than_plain_is_left_to_the_full_parser(text: str):
    assert patterns._plain_steps(text) == ()


def test_built_shapes_are_current():
    assert shapes.stale() == [], "run `vereend build`"


@pytest.mark.parametrize("rule", rules().values(), ids=lambda r: r.number)
def test_severity_never_falls_as_the_phase_goes_on(rule):
    """R55: nothing is graver at the start than later. The ending phase stands apart: a partnership winds down."""
    order = "-IWV"
    steps = [order.index(letter) for letter in rule.severities[:3]]
    assert steps == sorted(steps)


@pytest.mark.parametrize("rule", rules().values(), ids=lambda r: r.number)
def test_a_rule_tells_everything_in_both_languages_and_names_claims_that_exist(rule):
    from vereend.knowledge import load

    for texts in (rule.label, rule.rationale, rule.remedy):
        assert set(texts) == set(LANGUAGES) and all(texts.values())
    assert rule.claims and set(rule.claims) <= load().claims.keys()
    for part in rule.parts:
        for texts in (part.says, part.held, *(r.broken for r in part.reasons), *(r.silent for r in part.reasons)):
            assert set(texts) in (set(LANGUAGES), set())


def test_what_the_law_is_at_a_date_is_part_of_the_background():
    from manifests import base

    known = at_date(base() | background(base(), vocabulary()), parse_date(None))
    assert {s.object for s in known if "sv-53-1" in s.subject and "enables>" in s.predicate}
