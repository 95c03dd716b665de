"""A repair and a supposition as the pages show them: in words, in triples, as fields, and in the text itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask_babel import gettext as _

from vereend.changes import spelled, spelled_statement
from vereend.comparison import Comparison, Flip
from vereend.completions import FILL_IN
from vereend.conversion import Written
from vereend.mending import Blank, Mend
from vereend.reading import Description
from vereend.repairs import Repair, mended_rules, unmended_text
from vereend.report import FileReport
from vereend.terms import TYPE, Statement, Text, iri, local_name
from vereend.wording import VERDICT_NAMES, Words
from vereend_webui.error_words import ErrorWords
from vereend_webui.i18n import current, pick
from vereend_webui.verdict_words import CODES

_AROUND = 1  # lines of the text shown before and after what changes


@dataclass(frozen=True)
class BlankField:
    """A blank of a repair, as a field to fill in."""

    name: str
    label: Text
    value: str  # as filled in so far
    choices: list[tuple[str, str]]  # what would fit: how it is written, and its label
    only_choices: bool  # nothing else fits
    words: bool  # it takes words, else the name of a thing
    none: bool  # "there is none" would do


@dataclass(frozen=True)
class StepRow:
    """One step of a repair."""

    sentence: Text
    triples: list[tuple[str, str]]  # "+" or "-", and the statement in Turtle
    rules: list[str]
    removes: bool
    blanks: list[BlankField]
    others: list[Text]  # other ways, in words


@dataclass(frozen=True)
class DiffLine:
    """A line of a text before or after a change."""

    sign: str  # "+", "-" or "" for a line that stays
    number: int | None  # in the text before; None for a new line
    text: str


@dataclass(frozen=True)
class FlipRow:
    """A verdict that becomes another one."""

    number: str
    thing: Text
    was: tuple[str, str]  # mark and words; the mark is "" for what was not judged
    now: tuple[str, str]
    message: Text | None


@dataclass(frozen=True)
class RepairPanel:
    """A repair that is offered."""

    key: str  # of the verdict it mends, as VerdictCard has it; "" for all of them
    steps: list[StepRow]
    complete: bool
    unmended: list[Text]
    filled: bool  # every blank has a value
    lines: list[DiffLine]  # of the text; empty while a blank is open
    kept: bool  # the author's layout and comments stay
    flips: list[FlipRow]
    judged: bool  # it could be judged after the repair
    problem: ErrorWords | None


@dataclass(frozen=True)
class Supposed:
    """What becomes of the verdicts when something is left out or told."""

    along: list[Text]  # what goes as well, since it cannot do without
    flips: list[FlipRow]
    refused: list[Text]  # why it could no longer be judged
    lines: list[DiffLine]
    kept: bool


def panel(
    found: Repair,
    key: str,
    values: Mapping[str, str],
    writing: Written | None,
    comparison: Comparison | None,
    problem: ErrorWords | None,
) -> RepairPanel:
    """Lay out a repair.

    Args:
        values: what was filled in, by the names of the blanks.
        writing: the text with the repair in it; None while a blank is open.
        comparison: of the description with and without the repair.
    """
    return RepairPanel(
        key,
        [_step(found, step, values) for step in found.steps],
        found.complete,
        [Text(unmended_text(found, thing, current()), current()) for thing in found.unmended],
        writing is not None,
        diff_lines(found.description.text, writing.text) if writing else [],
        writing.kept if writing else True,
        flip_rows(comparison.flips, comparison.before, comparison.after) if comparison else [],
        bool(comparison and comparison.assessable[1]),
        problem,
    )


def supposed(comparison: Comparison, writing: Written) -> Supposed:
    """Lay out what becomes of the verdicts."""
    words = comparison.before.words
    return Supposed(
        [words.text(name, current()) for name in comparison.along],
        flip_rows(comparison.flips, comparison.before, comparison.after),
        [] if comparison.assessable[1] else [pick(f.message) for f in comparison.after.structure],
        diff_lines(comparison.before.description.text, writing.text),
        writing.kept,
    )


def flip_rows(flips: Iterable[Flip], before: FileReport, after: FileReport) -> list[FlipRow]:
    """Say which verdicts become others, gravest outcome first."""
    return [_flip(flip, after.words if flip.after else before.words) for flip in flips]


def _flip(flip: Flip, words: Words) -> FlipRow:
    was, now = flip.names
    verdict = flip.verdict
    return FlipRow(
        verdict.rule.number,
        words.text(verdict.value or verdict.focus, current()),
        (CODES[was], VERDICT_NAMES[was][current()]) if was else ("", _("not judged")),
        (CODES[now], VERDICT_NAMES[now][current()]) if now else ("", _("no longer there to judge")),
        pick(flip.after.message) if flip.after else None,
    )


def diff_lines(before: str, after: str) -> list[DiffLine]:
    """Give the lines that differ between two texts, with a line around each run of them."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[DiffLine] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND):
        for tag, first, last, start, end in group:
            if tag == "equal":
                lines += [DiffLine("", n + 1, old[n]) for n in range(first, last)]
            else:
                lines += [DiffLine("-", n + 1, old[n]) for n in range(first, last)]
                lines += [DiffLine("+", None, new[n]) for n in range(start, end)]
    return lines


def _step(found: Repair, step: Mend, values: Mapping[str, str]) -> StepRow:
    lang = current()
    settled = {f"?{b.name}": b.working for b in step.blanks if b.settled}

    def triples(statements: Iterable[Statement], sign: str) -> list[tuple[str, str]]:
        return [(sign, found.spell(Statement(*(settled.get(x, x) for x in s))) + " .") for s in sorted(statements)]

    return StepRow(
        Text(found.sentences(step)[lang], lang),
        triples(step.remove, "-") + triples(step.add, "+"),
        mended_rules(step),
        bool(step.remove),
        [_field(found, blank, values.get(blank.name, "")) for blank in step.blanks if not blank.settled],
        [Text(found.sentences(other)[lang], lang) for other in step.others],
    )


def _field(found: Repair, blank: Blank, value: str) -> BlankField:
    lang = current()
    verb = found.words.statement(Statement("", blank.predicate, ""), lang)[1]
    fits = [choice for choice in blank.choices if not choice.startswith(f"<{FILL_IN}")]
    return BlankField(
        blank.name,
        Text(_("of which kind") if blank.predicate == TYPE else verb, lang),
        value,
        [(spelled(choice, found.description), found.words.text(choice, lang).value) for choice in fits],
        bool(fits) and not blank.kinds and not blank.datatype,
        bool(blank.datatype),
        found.may_be_none(blank) is not None,
    )


def example_name(description: Description) -> str:
    """Give a name as something new in this description could have, for the help beside a field."""
    prefix = next((n for n, space in description.prefixes.items() if space == _space(description)), None)
    return f"{prefix}:{_('name')}" if prefix is not None else f"<{_space(description)}{_('name')}>"


def example_statement(description: Description) -> str:
    """Give a statement of the description about two of its things, for the help beside a field."""
    space = _space(description)
    found = (s for s in sorted(description.statements) if all(iri(x).startswith(space) for x in (s.subject, s.object)))
    first = next(found, None)
    return spelled_statement(first, description) if first else f"{example_name(description)} a vrd:Mandate"


def _space(description: Description) -> str:
    first = description.partnerships[0].strip("<>") if description.partnerships else ""
    return first[: len(first) - len(local_name(first))] if first else "https://w3id.org/vereend/kg/"
