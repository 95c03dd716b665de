"""What becomes of the verdicts on a description when statements are added to it or taken out: what if?"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from vereend.changes import Change, changed, dropped, find_thing, read_change, spelled, spelled_statement
from vereend.reading import Description
from vereend.report import FileReport, Report
from vereend.terms import TYPE, iri, term
from vereend.validation import validate
from vereend.verdicts import NOT_APPLICABLE, ORDER, StructureFinding, Verdict
from vereend.vocabulary import vocabulary
from vereend.wording import VERDICT_NAMES, Words


@dataclass(frozen=True)
class Flip:
    """A verdict that another description turns into another one."""

    partnership: str  # in N-Triples spelling, as focus and value
    before: Verdict | None  # None: this thing was not judged by this rule
    after: Verdict | None  # None: it is no longer

    @property
    def verdict(self) -> Verdict:
        """The verdict that says most of what is judged: the new one, else the old one."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def names(self) -> tuple[str | None, str | None]:
        """The two verdicts by name, before and after."""
        return (self.before.verdict if self.before else None, self.after.verdict if self.after else None)


@dataclass(frozen=True)
class Comparison:
    """Two judgements of one description, the second with a change laid on it."""

    change: Change
    along: tuple[str, ...]  # what goes along with a thing that is dropped, in N-Triples spelling
    before: FileReport
    after: FileReport
    flips: tuple[Flip, ...]  # gravest outcome first; empty where either could not be judged
    date: str

    @property
    def assessable(self) -> tuple[bool, bool]:
        """Whether the description can be judged, before and after."""
        return not self.before.structure, not self.after.structure

    @property
    def conforms(self) -> bool:
        """Whether the changed description conforms."""
        return self.after.conforms

    def to_dict(self) -> dict[str, Any]:
        """Give the comparison for programs. Keys are added, never renamed or removed."""
        return {
            "path": self.before.description.name,
            "on": self.date,
            "add": [list(map(iri, s)) for s in sorted(self.change.add)],
            "remove": [list(map(iri, s)) for s in sorted(self.change.remove)],
            "along": list(map(iri, self.along)),
            "assessable": dict(zip(("before", "after"), self.assessable, strict=True)),
            "conforms": {"before": self.before.conforms, "after": self.after.conforms},
            "structure": [
                {"focus": iri(f.focus), "value": iri(f.value) if f.value else None, "message": f.message}
                for f in self.after.structure
            ],
            "flips": [_flip(flip) for flip in self.flips],
        }

    def to_json(self) -> str:
        """Give the comparison as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_text(self, lang: str) -> str:
        """Give the comparison for people."""
        return "\n".join(_text(self, lang))


def _flip(flip: Flip) -> dict[str, Any]:
    before, after = flip.names
    verdict = flip.verdict
    return {
        "partnership": iri(flip.partnership),
        "rule": verdict.rule.number,
        "focus": iri(verdict.focus),
        "value": iri(verdict.value) if verdict.value else None,
        "from": before,
        "to": after,
        "severity": verdict.severity,
        "message": verdict.message,
    }


class Switch(NamedTuple):
    """A thing that a description can be asked to go without."""

    name: str  # in N-Triples spelling
    kind: str  # one of SWITCHED


SWITCHED = ("safeguard", "mandate", "actor")
_SWITCHES = dict(zip(SWITCHED, map(term, ("vrd:Safeguard", "vrd:Mandate", "vrd:Actor")), strict=True))


def switches(description: Description) -> list[Switch]:
    """Give the safeguards, mandates and actors of a description, in this order and in that of the text."""
    kinds = [(s.subject, vocabulary().kinds(s.object)) for s in description.statements if s.predicate == TYPE]
    places = {name: description.position_of(name) for name, _ in kinds}
    found = {Switch(name, kind) for kind, top in _SWITCHES.items() for name, all_ in kinds if top in all_}
    first = {name: (place.line, place.column) if place else (0, 0) for name, place in places.items()}
    return sorted(found, key=lambda s: (SWITCHED.index(s.kind), first[s.name], s.name))


def whatif(
    description: Description,
    *,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    without: Iterable[str] = (),
    phase: str | None = None,
    on: str | None = None,
    rules: Iterable[str] | None = None,
    engine: str = "auto",
) -> Comparison:
    """Tell which verdicts on a description would be others if it told something else.

    Args:
        add, remove: statements in Turtle spelling, with the prefixes of the description and of the project.
        without: names of things to drop with everything said of them.
        phase, on, rules, engine: as for `validate`.
    Raises:
        VereendError: a change that cannot be read or laid on the description, or anything that `validate` refuses.
    """
    change, along = supposed(description, add, remove, without)
    options = {"phase": phase, "on": on, "rules": None if rules is None else list(rules), "engine": engine}
    report = validate([description, changed(description, change)], **options)  # type: ignore[arg-type]
    return compare(report, change, along)


def supposed(
    description: Description, add: Iterable[str] = (), remove: Iterable[str] = (), without: Iterable[str] = ()
) -> tuple[Change, list[str]]:
    """Read what is supposed: the change, and what goes along with the things dropped, as `Comparison` has them.

    Takes and raises what `whatif` does of these.
    """
    without = list(without)
    along = {name for text in without for name in dropped(find_thing(text, description), description)[1]}
    return read_change(description, add, remove, without), sorted(along)


def compare(report: Report, change: Change, along: Iterable[str] = ()) -> Comparison:
    """Lay the two files of a report beside each other: a description, and the same with a change."""
    before, after = report.files
    return Comparison(change, tuple(along), before, after, flips_between(before, after), report.date)


def flips_between(before: FileReport, after: FileReport) -> tuple[Flip, ...]:
    """Give the verdicts that differ, gravest outcome first; none where either could not be judged."""
    flips = []
    if not before.structure and not after.structure:
        was, is_ = _verdicts(before), _verdicts(after)
        for key in was.keys() | is_.keys():
            flip = Flip(key[0], was.get(key), is_.get(key))
            # A rule with nothing left to judge is told by what vanished, not by a line of its own.
            if flip.names[0] != flip.names[1] and set(flip.names) != {None, NOT_APPLICABLE}:
                flips.append(flip)
    return tuple(sorted(flips, key=_gravest_first))


def _gravest_first(flip: Flip) -> tuple[int, str, str, str]:
    outcome = ORDER.index(flip.after.verdict) if flip.after else len(ORDER)
    return (outcome, flip.verdict.rule.number, flip.verdict.focus, flip.verdict.value or "")


def _verdicts(file: FileReport) -> dict[tuple[str, str, str, str | None], Verdict]:
    return {
        (p.judgement.partnership, v.rule.number, v.focus, v.value): v for p in file.partnerships for v in p.verdicts
    }


# --- for people -------------------------------------------------------------------------------------------------------

_SAYS = {
    "without": {"nl": "zonder", "en": "without"},
    "with": {"nl": "met", "en": "with"},
    "along": {
        "nl": "Mee verdwijnt wat er niet zonder kan: {things}.",
        "en": "What cannot do without goes along: {things}.",
    },
    "none": {"nl": "Geen enkel oordeel verandert.", "en": "No verdict changes."},
    "some": {"nl": "Oordelen die veranderen: {n}.", "en": "Verdicts that change: {n}."},
    "absent": {"nl": "niet beoordeeld", "en": "not judged"},
    "gone": {"nl": "niet meer te beoordelen", "en": "no longer there to judge"},
    "was not": {
        "nl": "De beschrijving zelf kan niet worden beoordeeld:",
        "en": "The description itself cannot be judged:",
    },
    "is not": {
        "nl": "Met deze verandering kan de beschrijving niet meer worden beoordeeld:",
        "en": "With this change the description can no longer be judged:",
    },
    "is now": {
        "nl": "Met deze verandering kan zij wel worden beoordeeld.",
        "en": "With this change it can be judged.",
    },
}


def _text(found: Comparison, lang: str) -> list[str]:
    description = found.before.description
    lines = [description.name]
    for name, statements in (("without", found.change.remove), ("with", found.change.add)):
        lines += [f"  {_SAYS[name][lang]} {spelled_statement(s, description)}" for s in sorted(statements)]
    if found.along:
        lines.append("  " + _SAYS["along"][lang].format(things=", ".join(spelled(x, description) for x in found.along)))
    lines.append("")
    was, is_ = found.assessable
    if not was:
        lines += _not_assessable("was not", found.before.structure, lang)
    if not is_ and was:
        lines += _not_assessable("is not", found.after.structure, lang)
    elif is_ and not was:
        lines.append(_SAYS["is now"][lang])
    elif was:
        lines.append(_SAYS["some"][lang].format(n=len(found.flips)) if found.flips else _SAYS["none"][lang])
        lines += [line for flip in found.flips for line in flip_text(flip, found.before, found.after, lang)]
    return lines


def _not_assessable(why: str, findings: Iterable[StructureFinding], lang: str) -> list[str]:
    return [_SAYS[why][lang], *(f"  {f.message[lang]}" for f in findings)]


def flip_text(flip: Flip, was_file: FileReport, is_file: FileReport, lang: str) -> list[str]:
    """Say how a verdict changed, in one or two lines."""
    words: Words = is_file.words if flip.after else was_file.words
    before, after = flip.names
    verdict = flip.verdict
    was = VERDICT_NAMES[before][lang] if before else _SAYS["absent"][lang]
    is_ = VERDICT_NAMES[after][lang] if after else _SAYS["gone"][lang]
    thing = words.label(verdict.value or verdict.focus, lang)
    return [
        f"  {verdict.rule.number} {thing}: {was} → {is_}",
        *([f"    {verdict.message[lang]}"] if flip.after else []),
    ]
