"""What holds of every description, tried on descriptions made by the number (tests/generated.py).

Hypothesis chooses the numbers, always the same ones. A failure is told with the call that makes its description.
"""

import itertools
import random
from collections import Counter

import pyoxigraph as ox
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from generated import Generated, generate, lost, rename
from vereend.reading import Description, parse
from vereend.rules import rules
from vereend.terms import CASES, PHASES, Statement, term
from vereend.validation import outcomes, validate
from vereend.verdicts import NOT_APPLICABLE, ORDER, SATISFIED, Verdict
from vereend.vocabulary import vocabulary

WORDS = {term("rdfs:label"), term("rdfs:comment"), term("skos:prefLabel")}
GRAVITY = (None, "Info", "Warning", "Violation")
Outcome = dict[tuple[str, str, str | None], str]

MADE = st.builds(
    generate,
    st.integers(0, 10_000),
    size=st.integers(0, 3),
    share_of_defects=st.just(0.7),
    unknown=st.integers(0, 3),
)


def tried(times: int):
    """Try a property so many times, each a description that can be judged or not: both must come out alike."""
    return settings(
        max_examples=times,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.too_slow],
    )


def outcome(statements: frozenset[Statement]) -> Outcome | None:
    return outcomes(Description("made.ttl", statements))


def verdicts(made: Generated, **options: str) -> list[Verdict]:
    return validate([made.description], **options).verdicts


@tried(6)
@given(MADE)
def test_each_rule_says_exactly_one_thing_of_each_thing(made: Generated):
    found = verdicts(made)
    counted = Counter((v.rule.number, v.focus, v.value) for v in found)

    assert set(counted.values()) <= {1}
    assert {v.verdict for v in found} <= set(ORDER)
    if found:
        assert {v.rule.number for v in found} == rules().keys()
    idle = {v.rule.number for v in found if v.verdict == NOT_APPLICABLE}
    assert idle.isdisjoint(v.rule.number for v in found if v.verdict != NOT_APPLICABLE)


@tried(8)
@given(MADE)
def test_words_change_no_verdict(made: Generated):
    bare = frozenset(s for s in made.statements if s.predicate not in WORDS)

    assert outcome(bare) == outcome(made.statements)


@tried(8)
@given(MADE)
def test_names_change_no_verdict(made: Generated):
    def renamed(text: str) -> str:
        return text.replace(f"{CASES}{made.name}/", "https://example.org/elders/")

    moved = outcome(frozenset(Statement(*map(renamed, s)) for s in made.statements))
    before = outcome(made.statements)

    expected = before and {(n, renamed(f), v and renamed(v)): verdict for (n, f, v), verdict in before.items()}
    assert moved == expected


@tried(8)
@given(MADE, st.randoms(use_true_random=False))
def test_order_changes_no_verdict(made: Generated, chance: random.Random):
    lines = [f"{s} {p} {o} ." for s, p, o in sorted(made.statements)]
    chance.shuffle(lines)

    assert outcomes(parse("\n".join(lines), "made.nt", "ntriples")) == outcome(made.statements)


@tried(5)
@given(MADE, st.integers(0, 10_000))
def test_an_unrelated_partnership_changes_no_verdict(made: Generated, other: int):
    stranger = rename(generate(other, unknown=1).statements, f"{CASES}elders/")
    stranger = frozenset(Statement(*(t.replace(f"/made-{other}/", "/elders/") for t in s)) for s in stranger)
    before, alone = outcome(made.statements), outcome(stranger)
    both = outcome(made.statements | stranger)

    assert both == (None if before is None or alone is None else before | alone)


@tried(4)
@given(MADE)
def test_no_rule_becomes_milder_before_the_end(made: Generated):
    """And what is found is the same in each phase in which a rule holds."""
    found = {phase: {(v.rule.number, v.focus, v.value): v for v in verdicts(made, phase=phase)} for phase in PHASES}

    for earlier, later in itertools.pairwise(PHASES[:3]):
        for key, verdict in found[earlier].items():
            if verdict.severity is not None:
                assert found[later][key].verdict == verdict.verdict, (key, later)
                assert GRAVITY.index(found[later][key].severity) >= GRAVITY.index(verdict.severity), (key, later)


def changed(statement: Statement, chance: random.Random) -> Statement:
    """Say something else in the place of a statement: another concept of its list, another text, another thing."""
    scheme = vocabulary().scheme_of.get(statement.object)
    if scheme:
        others = sorted(c for c, of in vocabulary().scheme_of.items() if of == scheme)
        return statement._replace(object=chance.choice(others))
    if statement.object.startswith('"'):
        found = ox.Literal("9999" if statement.object.endswith("integer>") else "iets anders")
        return statement._replace(object=str(found))
    return statement._replace(object=f"<{CASES}elders/ding>")


@tried(4)
@given(MADE, st.randoms(use_true_random=False))
def test_what_no_rule_looked_at_may_be_left_out_or_changed(made: Generated, chance: random.Random):
    (file,) = validate([made.description]).files
    before = outcome(made.statements)
    unchecked = [s for p in file.partnerships for s in p.judgement.unchecked]

    for statement in chance.sample(unchecked, min(4, len(unchecked))):
        note(str(statement))
        rest = made.statements - {statement}
        # What a description cannot do without is guarded by the structure layer: its loss is told there.
        assert outcome(rest) in (before, None)
        assert outcome(rest | {changed(statement, chance)}) in (before, None)


@tried(4)
@given(MADE, st.randoms(use_true_random=False))
def test_what_was_lost_with_effect_was_looked_at(made: Generated, chance: random.Random):
    (file,) = validate([made.description]).files
    unchecked = {s for p in file.partnerships for s in p.judgement.unchecked}
    before = outcome(made.statements)

    for _ in range(6):
        rest = lost(made.statements, 1, chance)
        after = outcome(rest)
        if before is not None and after not in (before, None):
            assert not (made.statements - rest) & unchecked


@tried(5)
@given(st.builds(generate, st.integers(0, 10_000), size=st.integers(0, 2)), st.randoms(use_true_random=False))
def test_a_satisfied_verdict_falls_with_its_evidence(made: Generated, chance: random.Random):
    """One statement may only be missed where the evidence names another that says the same of something."""
    satisfied = [v for v in verdicts(made) if v.verdict == SATISFIED]
    assert all(v.evidence and set(v.evidence) <= made.statements for v in satisfied)

    for verdict in chance.sample(satisfied, min(6, len(satisfied))):
        key = (verdict.rule.number, verdict.focus, verdict.value)
        statement = chance.choice(verdict.evidence)
        note(f"{key} {statement}")
        ways = Counter(s.predicate for s in verdict.evidence)
        after = outcome(made.statements - {statement})
        if ways[statement.predicate] == 1:
            assert after is None or after.get(key) != SATISFIED
        rest = made.statements - {s for s in verdict.evidence if s.predicate != term("rdf:type")}
        after = outcome(rest)
        assert after is None or after.get(key) != SATISFIED


def test_the_descriptions_tried_have_verdicts_of_every_kind():  # a property of nothing is no property
    found = Counter(v for seed in range(20) for v in (outcome(generate(seed, unknown=1).statements) or {}).values())

    assert {"violated", "not told", "satisfied", "for a person"} <= found.keys()
    assert sum(outcome(generate(seed, unknown=3).statements) is not None for seed in range(20)) >= 10
