"""A partnership through time: the days on which something begins or ends, and which verdicts change on them.

Nothing in between can change a verdict: a description is cut to a date before it is judged, and the cut is the same
from one such day to the next.
"""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from vereend.comparison import Flip, flip_text, flips_between
from vereend.reading import Description
from vereend.readings import background
from vereend.report import FileReport
from vereend.terms import FROM, UNTIL, Statement, iri, literal
from vereend.validation import validate
from vereend.vocabulary import vocabulary
from vereend.wording import VERDICT_NAMES

_SAYS = {
    "before": {"nl": "voor {date}", "en": "before {date}"},
    "from": {"nl": "vanaf {date}", "en": "from {date}"},
    "same": {"nl": "  geen oordeel verandert", "en": "  no verdict changes"},
    "structure": {"nl": "  kan dan niet worden beoordeeld", "en": "  cannot be judged then"},
    "undated": {"nl": "Niets in deze beschrijving heeft een datum.", "en": "Nothing in this description has a date."},
}


@dataclass(frozen=True)
class Moment:
    """A day from which the verdicts are what they are until the next moment."""

    date: str  # ISO 8601; the first moment is the day before anything in the description changes
    report: FileReport
    flips: tuple[Flip, ...]  # against the moment before; empty at the first


def change_points(statements: Iterable[Statement]) -> list[str]:
    """Give the days on which something begins, and the days after something ends, in order (ISO 8601)."""
    days = set()
    for _, predicate, obj in statements:
        if predicate in (FROM, UNTIL) and (found := literal(obj)):
            try:
                day = datetime.date.fromisoformat(found.value[:10])
                days.add(day if predicate == FROM else day + datetime.timedelta(days=1))
            except (ValueError, OverflowError):  # no date: the structure layer says so
                continue
    return [day.isoformat() for day in sorted(days)]


def history(description: Description, *, rules: Iterable[str] | None = None, engine: str = "auto") -> list[Moment]:
    """Judge a description at every moment at which the outcome can change.

    Args:
        rules: numbers or themes; None is all.
        engine: a key of engines.ENGINES.
    Raises:
        VereendError: an unknown rule or engine.
    """
    known = description.statements | background(description.statements, vocabulary())
    days = change_points(known)
    if not days:
        return []
    first = datetime.date.fromisoformat(days[0])
    if first > datetime.date.min:
        days = [(first - datetime.timedelta(days=1)).isoformat(), *days]
    chosen = None if rules is None else list(rules)
    reports = [validate([description], on=day, rules=chosen, engine=engine).files[0] for day in days]
    moments = [Moment(days[0], reports[0], ())]
    for (_, before), (day, after) in pairwise(zip(days, reports, strict=True)):
        moments.append(Moment(day, after, flips_between(before, after)))
    return moments


def history_text(moments: list[Moment], lang: str) -> str:
    """Tell a history for people."""
    if not moments:
        return _SAYS["undated"][lang]
    lines: list[str] = []
    for before, moment in zip([None, *moments], moments, strict=False):
        head = _SAYS["from"][lang].format(date=moment.date) if before else ""
        lines.append(head or _SAYS["before"][lang].format(date=moments[1].date if len(moments) > 1 else moment.date))
        if moment.report.structure:
            lines.append(_SAYS["structure"][lang])
        elif before is None:
            for one in moment.report.partnerships:
                counted = ", ".join(f"{n} {VERDICT_NAMES[name][lang]}" for name, n in one.counts.items() if n)
                lines.append(f"  {one.label[lang]}: {counted}")
        elif not moment.flips:
            lines.append(_SAYS["same"][lang])
        else:
            for flip in moment.flips:
                lines += flip_text(flip, before.report, moment.report, lang)
    return "\n".join(lines)


def history_json(moments: list[Moment]) -> str:
    """Give a history for programs. Keys are added, never renamed or removed."""

    def flip(one: Flip) -> dict[str, Any]:
        verdict = one.verdict
        value = iri(verdict.value) if verdict.value else None
        return {
            "rule": verdict.rule.number,
            "focus": iri(verdict.focus),
            "value": value,
            "from": one.names[0],
            "to": one.names[1],
        }

    found = [
        {
            "date": moment.date,
            "assessable": not moment.report.structure,
            "conforms": moment.report.conforms,
            "phases": {one.iri: one.judgement.phase for one in moment.report.partnerships},
            "counts": {one.iri: one.counts for one in moment.report.partnerships},
            "flips": [flip(one) for one in moment.flips],
        }
        for moment in moments
    ]
    return json.dumps(found, ensure_ascii=False, indent=2)
