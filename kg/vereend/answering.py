"""Answering what a rule leaves to a person, and keeping the answer beside the description."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from vereend.answers import Answer, checked_initials, file_beside, keep, latest
from vereend.changes import find_thing, spelled
from vereend.errors import VereendError
from vereend.formats import words
from vereend.nameless import is_nameless
from vereend.reading import Description, read
from vereend.report import Report
from vereend.review import digest
from vereend.terms import Text
from vereend.validation import parse_date, validate
from vereend.verdicts import FOR_A_PERSON, Judgement, Verdict


def questions(report: Report) -> list[tuple[Judgement, Verdict]]:
    """Give the verdicts that leave something to a person."""
    judgements = [one.judgement for file in report.files for one in file.partnerships]
    return [(j, v) for j in judgements for v in j.verdicts if v.verdict == FOR_A_PERSON]


def answer(
    path: Path,
    rule: str,
    *,
    yes: bool,
    reason: str,
    initials: str,
    lang: str,
    focus: str | None = None,
    value: str | None = None,
    on: str | None = None,
    phase: str | None = None,
) -> Answer:
    """Record an answer in the file beside a description.

    Takes what `weigh` takes, and raises what it and `read` raise.
    """
    new = weigh(
        read(path),
        rule,
        yes=yes,
        reason=reason,
        initials=initials,
        lang=lang,
        focus=focus,
        value=value,
        on=on,
        phase=phase,
    )
    keep(file_beside(path), new)
    return new


def weigh(
    description: Description,
    rule: str,
    *,
    yes: bool,
    reason: str,
    initials: str,
    lang: str,
    focus: str | None = None,
    value: str | None = None,
    on: str | None = None,
    phase: str | None = None,
) -> Answer:
    """Answer what a rule asks about a description; the caller keeps the answer.

    Args:
        rule: the number of the rule that asks.
        reason: why, in `lang`.
        focus, value: what is answered about, by prefixed name, IRI or the last part of it; may be left out where the
            rule asks only one thing.
        on: ISO 8601 date of the answer, not after today; None is today. The description is judged as of that day.
        phase: judge as if in this phase, as for `validate`.
    Raises:
        VereendError: no such question, or several; a thing without a name; no
            reason; no initials; a date to come.
    """
    date = parse_date(on)
    if date > datetime.date.today().isoformat():
        raise VereendError(repr(date), "is a day to come", "Give the day of the answer")
    if not reason.strip():
        raise VereendError("reason", "is empty", "Say why, so that another can weigh it again")
    initials = checked_initials(initials)
    wanted = [find_thing(name, description) if name else None for name in (focus, value)]
    report = validate([description], rules=[rule], on=date, phase=phase)
    found = [
        (judgement, verdict)
        for judgement, verdict in questions(report)
        if wanted[0] in (None, verdict.focus) and wanted[1] in (None, verdict.value)
    ]
    judgement, verdict = _only(found, rule.upper(), description)
    if is_nameless(verdict.value or verdict.focus):
        raise VereendError(
            description.where(verdict.value or verdict.focus),
            "has no name, so that an answer could not be found again",
            "Give it a name, as in kg:covenant",
        )
    key = (verdict.rule.number, verdict.focus, verdict.value)
    before = latest(description.answers).get(key)
    return Answer(
        *key,
        yes,
        Text(reason.strip(), lang),
        initials,
        date,
        digest(judgement, verdict),
        before.name if before else None,
    )


def questions_text(
    description: Description, lang: str, *, rule: str | None = None, on: str | None = None, phase: str | None = None
) -> str:
    """Tell what is left to a person, how to answer it, and what was answered before.

    Raises:
        VereendError: a description that cannot be judged, or anything that `validate` refuses.
    """
    report = validate([description], rules=[rule] if rule else None, on=on, phase=phase)
    (file,) = report.files
    if file.structure:
        first = file.structure[0]
        raise VereendError(
            description.where(first.focus), f"cannot be judged: {first.message[lang]}", "Complete it, then ask again"
        )
    lines = []
    for _, verdict in questions(report):
        which = f"--value {spelled(verdict.value, description)}" if verdict.value else ""
        which = which or f"--focus {spelled(verdict.focus, description)}"
        thing = file.words.label(verdict.value or verdict.focus, lang)
        lines += [f"{verdict.rule.number} {verdict.rule.label[lang]}: {thing}   [{verdict.rule.number} {which}]"]
        lines.append(f"  {verdict.question[lang]}")
        if verdict.answer:
            lines.append(
                f"  {words.say('answer', lang)}: {words.answer(verdict.answer, lang)}: {verdict.answer.reason.value}"
            )
            if verdict.answer.review_again:
                lines.append(f"  {words.say('review', lang)}")
        lines.append("")
    if file.loose_answers:
        lines += [words.say("loose", lang) + ":", *(f"  {words.loose(a, file, lang)}" for a in file.loose_answers)]
    return "\n".join(lines).rstrip("\n") if lines else words.say("no questions", lang)


def _only(found: Sequence[tuple[Judgement, Verdict]], rule: str, description: Description) -> tuple[Judgement, Verdict]:
    if not found:
        raise VereendError(
            f"{description.name}, {rule}",
            "leaves nothing to a person here",
            "See the questions with vereend answer PATH",
        )
    if len(found) > 1:
        names = ", ".join(
            f"--value {spelled(v.value, description)}" if v.value else f"--focus {spelled(v.focus, description)}"
            for _, v in found
        )
        raise VereendError(f"{description.name}, {rule}", "asks several things", f"Add one of: {names}")
    return found[0]
