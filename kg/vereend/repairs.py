"""What a description would have to tell to conform: the smallest set of statements, in words and as triples.

A repair is an offer. What only a person can know (who pays, who has a seat) stays open in it, with what would fit; the
values come from whoever applies it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vereend import disputes, engines
from vereend.changes import Change, changed, find_thing, prefixes_for, read_statements, spelled
from vereend.completions import FILL_IN
from vereend.conversion import convert, format_of
from vereend.editing import edit
from vereend.errors import VereendError
from vereend.mending import Blank, Mend, Search, realised
from vereend.reading import Description
from vereend.readings import at_date
from vereend.rules import Texts
from vereend.rules import rules as all_rules
from vereend.terms import (
    COMPLETE_FOR,
    DEFAULT_PHASE,
    LANGUAGES,
    PHASES,
    TYPE,
    Statement,
    iri,
    literal,
    local_name,
    term,
)
from vereend.trials import Lack, Trial
from vereend.validation import choose_rules, parse_date, split
from vereend.verdicts import StructureFinding, phase_of
from vereend.vocabulary import nearest, vocabulary
from vereend.wording import Words

_SHOWN = 6  # things named that would fit a blank
NONE = "none"  # what may be filled in where "there is none" would do: vrd:completeFor says so


@dataclass(frozen=True)
class Repair:
    """The steps that make a description conform, and what no step was found for."""

    description: Description
    words: Words
    steps: tuple[Mend, ...]
    unmended: tuple[StructureFinding | Lack, ...]
    date: str

    @property
    def complete(self) -> bool:
        """Whether the description conforms once all steps are taken."""
        return not self.unmended

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """Every blank, in the order of the steps."""
        return tuple(blank for step in self.steps for blank in step.blanks)

    @property
    def open(self) -> tuple[Blank, ...]:
        """The blanks that a person has to fill in."""
        return tuple(blank for blank in self.blanks if not blank.settled)

    @property
    def change(self) -> Change:
        """The statements to add and to remove, with what fits best, or a mark to be replaced, in each blank."""
        return self._net(realised(self.steps))

    def _net(self, change: Change) -> Change:
        """Leave out of a change what one step does and a later one undoes."""
        return Change(change.add - self.description.statements, change.remove & self.description.statements)

    def part(self, rule: str, focus: str, value: str | None) -> "Repair":
        """Give what mends one verdict: its steps, and those that bring what these speak of.

        Args:
            rule, focus, value: as a verdict has them, focus and value in N-Triples spelling.
        """

        def meant(lack: StructureFinding | Lack) -> bool:
            # What SHACL Core reports is told apart by the property that is missing, and has no value.
            if not isinstance(lack, Lack) or (lack.rule, lack.focus) != (rule, focus):
                return False
            return bool(all_rules()[rule].core) or lack.value in (value, focus)

        wanted = [step for step in self.steps if any(map(meant, step.lacks))]
        for step in wanted:  # grows while it is walked
            spoken = {x for s in step.add | step.remove for x in s if x.startswith(f"<{FILL_IN}")}
            makers = (s for s in self.steps if any(f"<{FILL_IN}{b.name}>" in spoken for b in s.blanks))
            wanted += [maker for maker in makers if maker not in wanted]
        chosen = tuple(step for step in self.steps if step in wanted)
        return replace(self, steps=chosen, unmended=tuple(filter(meant, self.unmended)))

    def ready(self, values: Mapping[str, str]) -> "Repair":
        """Give the steps that can be taken with these values: without an open blank, and on nothing that has one."""
        steps = tuple(s for s in self.steps if all(b.settled or b.name in values for b in s.blanks))
        while True:
            waiting = {f"<{FILL_IN}{b.name}>" for s in self.steps if s not in steps for b in s.blanks}
            kept = tuple(s for s in steps if not any(x in waiting for t in s.add | s.remove for x in t))
            if len(kept) == len(steps):
                return replace(self, steps=kept)
            steps = kept

    def may_be_none(self, blank: Blank) -> Statement | None:
        """Give the statement that says there is none of what a blank stands for, where that would do."""
        for step in self.steps:
            for other in step.others if blank in step.blanks else ():
                for s in other.add:
                    if len(other.add) == 1 and s.predicate == COMPLETE_FOR and s.object == blank.predicate:
                        return s
        return None

    def filled(self, values: Mapping[str, str]) -> Change:
        """Give the change with the blanks filled in.

        Args:
            values: for each open blank, and any settled one, by name: a thing of the description (a prefixed name, an
                IRI), a new IRI, a text between quotation marks, or "none".
        Raises:
            VereendError: an unknown blank, an open one without a value, or a value that does not fit.
        """
        names = {blank.name: blank for blank in self.blanks}
        for name in values:
            if name not in names:
                guess = nearest(name, names)
                raise VereendError(
                    repr(name),
                    "is no blank of this repair",
                    f"The nearest is '{guess}'" if guess else f"Fill in {', '.join(names) or 'nothing'}",
                )
        missing = [blank.name for blank in self.open if blank.name not in values]
        if missing:
            raise VereendError(
                ", ".join(missing),
                "is still to be filled in",
                f"Give each a value: --set {missing[0]}=IRI, or a text between quotation marks",
            )
        read = {name: self._value(names[name], value) for name, value in values.items() if value != NONE}
        change = realised(self.steps, read)
        nothing = set()
        for name in (n for n, value in values.items() if value == NONE):
            statement = self.may_be_none(names[name])
            if statement is None:
                raise VereendError(f"{name}={NONE}", "cannot be none", "Name someone, something or some words")
            nothing |= {statement}
            mark = names[name].working
            change = Change(
                frozenset(s for s in change.add if (s.subject, s.predicate) != (statement.subject, statement.object))
                - {s for s in change.add if s.subject == mark and mark.startswith(f"<{FILL_IN}")},
                change.remove,
            )
        return self._net(self._with_kinds(Change(change.add | nothing, change.remove), names, read))

    def _with_kinds(self, change: Change, blanks: Mapping[str, Blank], values: Mapping[str, str]) -> Change:
        """Say of what is new of which kind it is, and of what is there not again."""
        told = {s.subject for s in self.description.statements if s.predicate == TYPE} | vocabulary().law_of.keys()
        filled = set(values.values())
        add = {s for s in change.add if s.predicate != TYPE or s.subject not in filled or s.subject not in told}
        typed = {s.subject for s in add if s.predicate == TYPE} | told
        for name, value in values.items():
            if blanks[name].kinds and value not in typed:
                add.add(Statement(value, TYPE, blanks[name].kinds[0]))
        return Change(frozenset(add), change.remove)

    def _value(self, blank: Blank, text: str) -> str:
        """Read what is filled in for a blank."""
        where = f"{blank.name}={text}"
        if blank.datatype:
            spelling = text if text.startswith(('"', "'")) else json.dumps(text, ensure_ascii=False)
            if "^^" not in spelling and blank.datatype != term("rdfs:Literal"):
                spelling += f"^^{blank.datatype}"
            (statement,) = read_statements(f"<urn:x> <urn:y> {spelling}", self.description)
            return statement.object
        concepts = vocabulary().values_of(blank.predicate)
        if concepts or blank.predicate == TYPE:
            (statement,) = read_statements(f"<urn:x> <urn:y> {_as_term(text)}", self.description)
            if statement.object not in blank.choices:
                raise VereendError(
                    where,
                    "does not fit there",
                    f"Choose one of {', '.join(spelled(c, self.description) for c in blank.choices[:12])}",
                )
            return statement.object
        try:
            return find_thing(text, self.description)
        except VereendError:
            (statement,) = read_statements(f"<urn:x> <urn:y> {_as_term(text)}", self.description)
            if not statement.object.startswith("<"):
                raise VereendError(where, "does not fit there", "Name a thing by a prefixed name or an IRI") from None
            return statement.object

    def spell(self, statement: Statement) -> str:
        """Spell a statement of a step as the author would; a blank as its mark."""
        subject, predicate, obj = (
            x if x.startswith("?") else spelled(x, self.description) for x in map(_as_mark, statement)
        )
        return f"{subject} {'a' if statement.predicate == TYPE else predicate} {obj}"

    def sentences(self, step: Mend) -> Texts:
        """Say a step in words."""
        return {lang: " ".join(_sentences(self, step, lang)) for lang in LANGUAGES}

    def to_dict(self) -> dict[str, Any]:
        """Give the repair for programs. Keys are added, never renamed or removed."""
        return {
            "path": self.description.name,
            "on": self.date,
            "complete": self.complete,
            "statements": sum(step.cost for step in self.steps),
            "steps": [self._step_dict(step) for step in self.steps],
            "unmended": [_unmended_dict(self, thing) for thing in self.unmended],
        }

    def _step_dict(self, step: Mend) -> dict[str, Any]:
        return {
            "sentence": self.sentences(step),
            "add": [self.spell(s) for s in sorted(step.add)],
            "remove": [self.spell(s) for s in sorted(step.remove)],
            "rules": mended_rules(step),
            "structure": [f.message for f in step.findings],
            "blanks": [
                {
                    "name": b.name,
                    "property": iri(b.predicate),
                    "open": not b.settled,
                    "choices": list(map(iri, b.choices)),
                    "kinds": list(map(iri, b.kinds)),
                    "datatype": iri(b.datatype) or None,
                    "mayBeNone": self.may_be_none(b) is not None,
                }
                for b in step.blanks
            ],
            "others": [
                {
                    "sentence": self.sentences(other),
                    "add": [self.spell(s) for s in sorted(other.add)],
                    "remove": [self.spell(s) for s in sorted(other.remove)],
                }
                for other in step.others
            ],
        }

    def to_json(self) -> str:
        """Give the repair as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_turtle(self) -> str:
        """Give what is to be added as Turtle, with what is to be removed as comments.

        An open blank stands as <urn:vereend:fill-in:name>, to be replaced before use.
        """
        used = {x for step in self.steps for s in step.add for x in s}
        prefixes = {
            name: namespace
            for name, namespace in prefixes_for(self.description).items()
            if any(iri(x).startswith(namespace) for x in used)
        }
        lines = [f"@prefix {name}: <{namespace}> ." for name, namespace in prefixes.items()]
        for step in self.steps:
            marks = {
                f"?{b.name}": b.working if b.settled or b.datatype else f"<{FILL_IN}{b.name}>" for b in step.blanks
            }
            lines += ["", f"# {self.sentences(step)['en']}"]
            lines += [f"# - {self.spell(s)} ." for s in sorted(step.remove)]
            for s in sorted(step.add):
                filled = Statement(*(marks.get(x, x) for x in s))
                lines.append(" ".join(spelled(x, self.description) for x in filled) + " .")
        return "\n".join(lines) + "\n"

    def to_text(self, lang: str) -> str:
        """Give the repair for people."""
        return "\n".join(_text(self, lang))


def mended_rules(step: Mend) -> list[str]:
    """Give the rules a step mends something of, by number."""
    return sorted({lack.rule for lack in step.lacks})


def _as_term(text: str) -> str:
    return f"<{text}>" if ":" in text and text.partition(":")[0] in ("http", "https", "urn") else text


def repair(
    description: Description,
    *,
    phase: str | None = None,
    on: str | None = None,
    rules: Iterable[str] | None = None,
    engine: str = "auto",
    readings: Iterable[str] = (),
    ways: Mapping[int, int] | None = None,
) -> Repair:
    """Find the smallest set of statements that makes a description conform.

    Args:
        phase, on, rules, engine, readings: as for `validate`.
        ways: of steps, another way than the first, by number: {1: 2} is the second of those told with step 1. What then
            is still at fault gets steps of its own, after the others.
    Raises:
        VereendError: an unknown phase, date, rule, engine, reading or way, or a description that can still be read in
            several ways: a repair is for one of them.
    """
    known = vocabulary()
    if phase is not None and phase not in PHASES:
        raise VereendError(repr(phase), "is not a phase", f"Choose one of {', '.join(PHASES)}")
    worlds = disputes.worlds(description, readings)
    if len(worlds) > 1:
        names = sorted({local_name(reading.name) for world in worlds for reading in world.readings})
        raise VereendError(
            description.name, "can be read in several ways", f"Hold to one with --reading: {', '.join(names)}"
        )
    (world,) = worlds
    date, chosen, engine = parse_date(on), choose_rules(rules), engines.choose(engine)
    words = Words(description.statements, known)
    search = Search(description.statements, known, words, engine)
    trials = [
        Trial(
            partnership,
            known,
            date=date,
            phase=phase or phase_of(partnership, at_date(part, date)) or DEFAULT_PHASE,
            rules=list(all_rules().values()) if chosen is None else chosen,
            engine=engine,
            reading=Change(world.statements - description.statements, description.statements - world.statements),
        )
        for partnership, part in split(world.statements).items()
    ]
    search.mend_structure(trials)
    if not search.unmended:
        for trial in trials:
            search.mend_rules(trial)
    search.shrink(description.statements, trials)
    if ways:
        search.choose(description.statements, ways)
        search.mend_structure(trials)
        if not search.unmended:
            for trial in trials:
                search.mend_rules(trial)
    found = Repair(description, words, tuple(search.mends), tuple(search.unmended), date)
    if found.complete:  # proven once more, on what will be written
        found = replace(found, unmended=search.left(found.change.on(description.statements), trials))
    return found


def assigned(values: Iterable[str]) -> dict[str, str]:
    """Take apart what is filled in as NAME=VALUE.

    Raises:
        VereendError: a text without =.
    """
    found = {}
    for text in values:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise VereendError(repr(text), "fills in nothing", "Write NAME=VALUE, as in fundedBy=kg:municipality")
        found[name.removeprefix("?")] = value
    return found


def chosen_ways(texts: Iterable[str]) -> dict[int, int]:
    """Take apart which ways are chosen, as STEP=WAY.

    Raises:
        VereendError: a text that is not two numbers with = between.
    """
    found = {}
    for text in texts:
        match = re.fullmatch(r"(\d{1,4})=(\d{1,4})", text)
        if match is None:
            raise VereendError(repr(text), "chooses nothing", "Write STEP=WAY, as in 1=2")
        found[int(match[1])] = int(match[2])
    return found


def repaired(found: Repair, values: Mapping[str, str], out: Path | None = None) -> str:
    """Give the text of a description with its repair written into it.

    Args:
        values: for the blanks, as `Repair.filled` takes them.
        out: where it will be written, if not in its own file; its ending chooses the format where that must change.
    Raises:
        VereendError: a blank that is open or filled in wrongly; or a text that cannot be changed in place while no
            other file is named.
    """
    change = found.filled(values)
    try:
        if out is None or format_of(out) == found.description.format:
            return edit(found.description, change)
    except VereendError:
        if out is None:
            raise
    return convert(changed(found.description, change), format_of(out))


# --- for people -------------------------------------------------------------------------------------------------------

_SAYS = {
    "nothing": {"nl": "voldoet al: er is niets te herstellen.", "en": "conforms already: there is nothing to mend."},
    "smallest": {
        "nl": "zou voldoen met deze uitspraken erbij (+) of eruit (-): {n}.",
        "en": "would conform with these statements added (+) or removed (-): {n}.",
    },
    "part": {
        "nl": "wordt hiermee deels hersteld; uitspraken erbij (+) of eruit (-): {n}.",
        "en": "is mended in part by these statements added (+) or removed (-): {n}.",
    },
    "mends": {"nl": "herstelt {rules}", "en": "mends {rules}"},
    "structure": {"nl": "maakt de beschrijving te beoordelen", "en": "lets the description be judged"},
    "or": {"nl": "Of:", "en": "Or:"},
    "otherwise": {
        "nl": "Alleen als het niet (meer) zo is: wat hier staat, is nu verteld.",
        "en": "Only if it is not so (any longer): what stands here is told now.",
    },
    "open": {"nl": "in te vullen", "en": "to be filled in"},
    "fits": {"nl": "past: {choices}", "en": "fits: {choices}"},
    "either": {"nl": "of", "en": "or"},
    "new": {"nl": "iets nieuws, met een eigen naam", "en": "something new, with a name of its own"},
    "words": {"nl": "eigen woorden, tussen aanhalingstekens", "en": "words of your own, between quotation marks"},
    "none": {
        "nl": "of, alleen als u dat weet, {value}: er is er geen",
        "en": "or, only if you know it, {value}: there is none",
    },
    "unmended": {"nl": "Hiervoor is geen herstel gevonden:", "en": "For this no repair was found:"},
    "kind": {
        "nl": "van welke soort iets is, kan niet worden geraden",
        "en": "of which kind a thing is cannot be guessed",
    },
}
_TELL = {"nl": "Vertel: {}.", "en": "Tell: {}."}
_DROP = {"nl": "Schrap: {}.", "en": "Leave out: {}."}
_REPLACE = {"nl": "Schrijf bij {} {} {} in plaats van {}.", "en": "Write of {} {} {} instead of {}."}
_NONE = {
    "nl": "Verklaar van {} de lijst “{}” volledig: er is niets of niemand.",
    "en": "Declare of {} the list “{}” complete: there is nothing, or no one.",
}


def _as_mark(name: str) -> str:
    """Turn what stands for something new back into the mark of its blank."""
    return f"?{name[len(FILL_IN) + 1 : -1]}" if name.startswith(f"<{FILL_IN}") else name


def _label(repair_: Repair, name: str, lang: str) -> str:
    name = _as_mark(name)
    if name.startswith("?"):
        return name
    found = literal(name)
    return f"“{found.value}”" if found else repair_.words.label(name, lang)


def _sentences(repair_: Repair, step: Mend, lang: str) -> list[str]:
    """Say a step in sentences, a value that takes the place of another in one."""
    settled = {f"?{b.name}": b.working for b in step.blanks if b.settled}
    out, gone = [], set(step.remove)

    def words(s: Statement) -> list[str]:
        verb = repair_.words.statement(s, lang)[1]
        return [_label(repair_, s.subject, lang), verb, _label(repair_, settled.get(s.object, s.object), lang)]

    for s in sorted(step.add):
        old = next((o for o in sorted(gone) if o[:2] == s[:2]), None)
        if s.predicate == COMPLETE_FOR:
            out.append(_NONE[lang].format(_label(repair_, s.subject, lang), _label(repair_, s.object, lang)))
        elif old is not None:
            gone.discard(old)
            out.append(_REPLACE[lang].format(*words(s), _label(repair_, old.object, lang)))
        else:
            out.append(_TELL[lang].format(" ".join(words(s))))
    return out + [_DROP[lang].format(" ".join(words(s))) for s in sorted(gone)]


def unmended_text(repair_: Repair, thing: StructureFinding | Lack, lang: str) -> str:
    """Say what no repair was found for."""
    if isinstance(thing, StructureFinding):
        return thing.message[lang]
    rule = all_rules()[thing.rule]
    about = thing.focus if rule.core else thing.value
    return f"{rule.number} {rule.label[lang]}: {repair_.words.label(about, lang)}"


def _unmended_dict(repair_: Repair, thing: StructureFinding | Lack) -> dict[str, Any]:
    return {
        "rule": thing.rule if isinstance(thing, Lack) else None,
        "focus": iri(thing.focus),
        "message": {lang: unmended_text(repair_, thing, lang) for lang in LANGUAGES},
    }


def blank_text(repair_: Repair, blank: Blank, lang: str) -> str:
    """Say what may be filled in for a blank."""
    shown = [_as_mark(spelled(c, repair_.description)) for c in blank.choices[:6]] + (
        ["…"] if len(blank.choices) > 6 else []
    )
    said = [_SAYS["kind"][lang]] if blank.predicate == TYPE else []
    if shown:
        said.append(_SAYS["fits"][lang].format(choices=", ".join(shown)))
    if blank.kinds:
        said.append((f"{_SAYS['either'][lang]} " if shown else "") + _SAYS["new"][lang])
    if blank.datatype and not shown:
        said.append(_SAYS["words"][lang])
    if repair_.may_be_none(blank):
        said.append(_SAYS["none"][lang].format(value=NONE))
    verb = repair_.words.statement(Statement("", blank.predicate, ""), lang)[1]
    return f"?{blank.name} ({_SAYS['open'][lang]}, “{verb}”): {'; '.join(said)}"


def _text(found: Repair, lang: str) -> list[str]:
    name = found.description.name
    n = sum(step.cost for step in found.steps)
    head = _SAYS["nothing"] if not n and found.complete else _SAYS["smallest" if found.complete else "part"]
    lines = [f"{name} {head[lang].format(n=n)}"]
    for number, step in enumerate(found.steps, 1):
        why = [_SAYS["mends"][lang].format(rules=", ".join(mended_rules(step)))] if step.lacks else []
        why += [_SAYS["structure"][lang]] if step.findings else []
        lines += ["", f"{number}. {found.sentences(step)[lang]} ({'; '.join(why)})"]
        settled = {f"?{b.name}": b.working for b in step.blanks if b.settled}
        for sign, statements in (("-", step.remove), ("+", step.add)):
            for s in sorted(statements):
                lines.append(f"   {sign} {found.spell(Statement(*(settled.get(x, x) for x in s)))} .")
        if step.remove:
            lines.append(f"     {_SAYS['otherwise'][lang]}")
        lines += [f"     {blank_text(found, b, lang)}" for b in step.blanks if not b.settled]
        for way, other in enumerate(step.others, 1):
            lines.append(f"   {_SAYS['or'][lang]} {found.sentences(other)[lang]} (--choose {number}={way})")
    if found.unmended:
        lines += ["", _SAYS["unmended"][lang], *(f"  {unmended_text(found, x, lang)}" for x in found.unmended)]
    return lines
