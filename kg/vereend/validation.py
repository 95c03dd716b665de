"""From descriptions to a report: structure first, then every rule, one partnership at a time.

The command line, the HTTP API and the pages all come through `validate`.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from vereend import disputes, engines, verdicts
from vereend import inference as infer
from vereend.closure import Bodies
from vereend.errors import VereendError
from vereend.reading import Description
from vereend.report import FileReport, PartnershipReport, Report
from vereend.review import answered
from vereend.rules import Rule, rules
from vereend.terms import PARTNERSHIP, PHASES, TYPE, Statement
from vereend.verdicts import StructureFinding, structure_findings
from vereend.vocabulary import vocabulary
from vereend.wording import Words


def choose_rules(wanted: Iterable[str] | None) -> list[Rule] | None:
    """Turn numbers and themes ("R13", "oversight") into rules; None stands for all.

    Raises:
        VereendError: something that is neither.
    """
    if wanted is None:
        return None
    known = rules()
    themes = {rule.theme_slug for rule in known.values()}
    chosen: dict[str, Rule] = {}
    for name in wanted:
        found = [rule for rule in known.values() if name.upper() == rule.number or name.lower() == rule.theme_slug]
        if not found:
            raise VereendError(
                repr(name),
                "is neither a rule nor a theme",
                f"Name rules ({', '.join(known)}) or themes ({', '.join(sorted(themes))})",
            )
        chosen |= {rule.number: rule for rule in found}
    return list(chosen.values())


def parse_date(text: str | None) -> str:
    """Check a date, and give today's where none is given.

    Raises:
        VereendError: the text is no date as ISO 8601 writes it.
    """
    if text is None:
        return datetime.date.today().isoformat()
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise VereendError(repr(text), "is not a date", "Write year, month, day, as in 2026-11-24") from None


def validate(
    descriptions: Iterable[Description],
    *,
    phase: str | None = None,
    on: str | None = None,
    rules: Iterable[str] | None = None,
    engine: str = "auto",
    inference: str = "none",
    readings: Iterable[str] = (),
    progress: Callable[[Description], None] | None = None,
) -> Report:
    """Judge descriptions by the rules.

    Args:
        phase: judge as if in this phase (a key of terms.PHASES); None takes the phase each partnership tells.
        on: ISO 8601 date to judge at; None is today.
        rules: numbers or themes; None is all.
        engine: a key of engines.ENGINES.
        inference: a key of engines.INFERENCES; what follows changes verdicts, and is evidence of none.
        readings: of disputed passages, those to hold to, by the last part of their name; see vereend.disputes.
        progress: called with each description when it has been judged.
    Raises:
        VereendError: an unknown phase, date, rule, engine or inference.
    """
    infer.choose(inference)
    if phase is not None and phase not in PHASES:
        raise VereendError(repr(phase), "is not a phase", f"Choose one of {', '.join(PHASES)}")
    date, chosen, engine = parse_date(on), choose_rules(rules), engines.choose(engine)
    held, files = tuple(readings), []
    for description in descriptions:
        files.append(_validate_one(description, phase, date, chosen, engine, held, inference))
        if progress:
            progress(description)
    return Report(engine, date, tuple(files), inference=inference)


@dataclass(frozen=True)
class Brief:
    """The bare verdicts on a description, without what is not applicable."""

    findings: tuple[StructureFinding, ...]  # not empty: it cannot be judged, and there are no verdicts
    partnerships: dict[str, dict[tuple[str, str, str | None], str]]  # verdict by rule number, focus and value
    conforming: frozenset[str]  # partnerships of which SHACL reports nothing, under no reading


def outcomes(
    description: Description,
    *,
    phase: str | None = None,
    on: str | None = None,
    rules: Iterable[str] | None = None,
    engine: str = "auto",
) -> dict[tuple[str, str, str | None], str] | None:
    """Give the bare verdicts on a description, several times faster than `validate` explains them.

    Takes what `validate` takes, and raises what it raises.

    Returns:
        the verdict by rule number, focus and value, without what is not applicable; None where the description cannot
        be judged.
    """
    found = brief(description, phase, parse_date(on), choose_rules(rules), engines.choose(engine))
    merged = {key: verdict for own in found.partnerships.values() for key, verdict in own.items()}
    return None if found.findings else merged


def brief(description: Description, phase: str | None, date: str, chosen: Sequence[Rule] | None, engine: str) -> Brief:
    """Give the bare verdicts on each partnership of a description.

    Args:
        date: ISO 8601, checked.
        chosen: rules to judge by; None for all.
        engine: "fast" or "pyshacl".
    """
    words = Words(description.statements, vocabulary())
    worlds = disputes.worlds(description)
    if findings := _findings(description.statements, worlds, words, engine):
        return Brief(tuple(findings), {}, frozenset())
    found: dict[str, dict[tuple[str, str, str | None], set[str]]] = {}
    for number, world in enumerate(worlds):
        for partnership, part in split(world.statements).items():
            new = verdicts.outcomes(partnership, part, words, date=date, phase=phase, only=chosen, engine=engine)
            own = found.setdefault(partnership, {})
            for key in own.keys() | new.keys():
                before = {verdicts.NOT_APPLICABLE} if number else set()
                own[key] = own.get(key, before) | {new.get(key, verdicts.NOT_APPLICABLE)}
    return Brief(
        (),
        {
            partnership: {key: min(kinds) if len(kinds) == 1 else verdicts.CONTESTED for key, kinds in own.items()}
            for partnership, own in found.items()
        },
        frozenset(
            partnership
            for partnership, own in found.items()
            if not any(kinds & {verdicts.VIOLATED, verdicts.NOT_TOLD} for kinds in own.values())
        ),
    )


def _validate_one(
    description: Description,
    phase: str | None,
    date: str,
    chosen: Sequence[Rule] | None,
    engine: str,
    held: Sequence[str],
    inference: str,
) -> FileReport:
    words = Words(description.statements, vocabulary())
    worlds = disputes.worlds(description, held)
    told, following = worlds, frozenset[Statement]()
    if inference != "none":
        worlds = [
            replace(w, statements=w.statements | infer.inferred(w.statements, inference, vocabulary().statements))
            for w in worlds
        ]
        following = infer.inferred(description.statements, inference, vocabulary().statements)
    findings = _findings(description.statements | following, worlds, words, engine)
    if findings:
        return FileReport(description, tuple(findings), (), words)
    judged: dict[str, list[tuple[disputes.World, verdicts.Judgement]]] = {}
    for world, as_told in zip(worlds, told, strict=True):
        for partnership, part in split(world.statements).items():
            judgement = verdicts.judge(partnership, part, words, date=date, phase=phase, only=chosen, engine=engine)
            if inference != "none":
                judgement = infer.only_told(judgement, as_told.statements)
            judged.setdefault(partnership, []).append((world, judgement))
    reports = tuple(
        PartnershipReport(words.labels(partnership), answered(disputes.compare(found, words), description.answers))
        for partnership, found in judged.items()
    )
    return FileReport(description, (), reports, words)


def _findings(
    statements: frozenset[Statement], worlds: Sequence[disputes.World], words: Words, engine: str
) -> list[StructureFinding]:
    """Give what keeps a description from being judged as it stands, or else under one of its readings."""
    for told in dict.fromkeys([statements, *(world.statements for world in worlds)]):
        if found := structure_findings(told, words.vocabulary, words, engine):
            return found
    return []


def split(statements: frozenset[Statement]) -> dict[str, frozenset[Statement]]:
    """Give each partnership its own description: its closure (vereend.closure).

    Partnerships may share actors; what is told of a shared actor stands in both.
    """
    partnerships = sorted(s.subject for s in statements if s.predicate == TYPE and s.object == PARTNERSHIP)
    if len(partnerships) == 1:
        return {partnerships[0]: statements}
    bodies = Bodies(statements)
    return {partnership: bodies.around([partnership]) for partnership in partnerships}
