"""Descriptions filled in on a page, by form or by interview: what is sent to and fro, and what the fields show.

The description travels with the page as text; nothing is kept here. What a field holds, and what comes of what is
written in it, is for vereend.entry.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyoxigraph as ox
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from vereend.changes import Change
from vereend.conversion import convert, written
from vereend.entry import (
    CHOICE,
    KIND,
    LISTS,
    TEXT,
    THING,
    Entry,
    Field,
    Names,
    Problem,
    Statements,
    entries,
    fields,
    fill_in,
    hang,
)
from vereend.errors import VereendError
from vereend.knowledge import Claim
from vereend.reading import FORMATS, Description, parse, too_large
from vereend.terms import COMPLETE_FOR, LANGUAGES, NAMELESS, TYPE, Statement, Text, iri, prefixed, term
from vereend.vocabulary import vocabulary
from vereend_webui.error_words import ErrorWords, words
from vereend_webui.i18n import current, other
from vereend_webui.links import page_of
from vereend_webui.site import knowledge, site

_UNDO = 40  # steps that can be taken back
_UNDO_CHARACTERS = 200_000  # and what they may take together
_BOXES = 9  # choices shown as boxes to tick; more are chosen one a row
SEPARATOR = "|"  # between the parts of a control's name


# --- the description, to and fro --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """A description at work."""

    description: Description
    steps: tuple[Change, ...] = ()  # taken so far, the last one last

    @property
    def statements(self) -> Statements:
        """What it tells."""
        return self.description.statements

    def to(self, statements: Statements) -> "Draft":
        """Give the draft once it tells this; the step can be taken back."""
        if statements == self.statements:
            return self
        step = Change(self.statements - statements, statements - self.statements)
        return Draft(_told(self.description, statements), (*self.steps, step))

    def back(self) -> "Draft":
        """Take the last step back."""
        if not self.steps:
            return self
        return Draft(_told(self.description, self.steps[-1].on(self.statements)), self.steps[:-1])

    @property
    def history(self) -> str:
        """The steps as they travel with the page: the latest, as far as there is room."""
        kept: list[Any] = []
        for step in reversed(self.steps[-_UNDO:]):
            kept.insert(0, [sorted(step.add), sorted(step.remove)])
            if len(json.dumps(kept, ensure_ascii=False)) > _UNDO_CHARACTERS:
                kept.pop(0)
                break
        return json.dumps(kept, ensure_ascii=False)


def _told(description: Description, statements: Statements) -> Description:
    after = replace(description, statements=statements)
    if nameless(statements):
        # Read from a text, they would be numbered anew: on the way to and fro they go by the names they have here.
        text = _by_name(statements, description.prefixes)
    elif description.format == "turtle":
        # An author's comments stay.
        change = Change(statements - description.statements, description.statements - statements)
        text = written(description, change, current()).text
    else:
        text = convert(after, "turtle")
    prefixes = parse(text, description.name, "turtle").prefixes
    return replace(after, text=text, format="turtle", prefixes=prefixes)


def nameless(statements: Statements) -> bool:
    """Tell whether something is described without a name of its own."""
    return any(NAMELESS in part for statement in statements for part in statement)


def _by_name(statements: Statements, prefixes: Mapping[str, str]) -> str:
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(statements))
    triples = [quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)]
    return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b"").decode()


def begun(description: Description) -> Draft:
    """Make a draft of what a reader begins with."""
    if description.format == "turtle" and not nameless(description.statements):
        return Draft(description)
    return Draft(_told(description, description.statements))


def fresh(statements: Statements) -> Draft:
    """Make a draft of statements that no text holds yet."""
    return Draft(_told(Description(_("your text"), frozenset(), format="none"), statements))


def read_draft(form: Mapping[str, str]) -> Draft:
    """Read what travelled with the page, or what a reader pasted.

    Raises:
        VereendError: the text is too large or cannot be read.
    """
    text = form.get("text", "").replace("\r\n", "\n")
    name = _("your text")
    if len(text.encode()) > site().settings.upload_bytes:
        raise too_large(name)
    chosen = form.get("format")
    return Draft(parse(text, name, chosen if chosen in FORMATS else None), tuple(_steps(form.get("history", ""))))


def _steps(text: str) -> Iterable[Change]:
    try:
        told = json.loads(text or "[]")
        steps = [Change(*(frozenset(Statement(*map(str, s)) for s in part) for part in step)) for step in told]
        lines = "".join(f"{' '.join(s)} .\n" for step in steps for part in step for s in part)
        list(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    except (ValueError, TypeError, SyntaxError):  # what does not come from us cannot be taken back
        return []
    return steps[-_UNDO:]


def known_actors() -> list[Statement]:
    """Give the kinds and names of actors of described partnerships, for a field to name; of none that is invented."""
    found = []
    for case in knowledge().cases.values():
        if not case.fictional:
            told = case.description.statements
            actors = vocabulary().subclasses[term("vrd:Actor")]
            things = {s.subject for s in told if s.predicate == TYPE and s.object in actors}
            found += [s for s in told if s.subject in things and s.predicate in (TYPE, term("rdfs:label"))]
    return found


# --- what was written -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What came of the fields of a page."""

    draft: Draft
    problems: dict[tuple[str, str], list[Problem]]  # by place on the page and name of the field
    written: dict[tuple[str, str], list[Entry]]  # of the fields with a problem: shown again as written


def take(draft: Draft, form: "MultiDict[str, str]", cleared: str = "") -> Sent:
    """Fill in what was written on the page.

    Args:
        cleared: the name of a control whose row is to go.
    """
    statements = draft.statements
    problems: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    again: dict[tuple[str, str], list[Entry]] = {}
    elsewhere = known_actors()
    for place in form.getlist("sheet"):
        written = _written(form, place, cleared)
        thing = form.get(f"{place}{SEPARATOR}thing", "")
        if not thing:
            if not any(entry.text.strip() for name, told in written.items() for entry in told if name != "rdf:type"):
                continue
            statements, thing = _new(statements, form, place, written)
        elif not any(s.subject == thing for s in statements):
            continue
        statements, found = fill_in(statements, thing, written, Names(statements, current(), elsewhere))
        for problem in found:
            key = (thing, problem.field.name)
            problems[key].append(problem)
            again[key] = list(written[problem.field.name])
    return Sent(draft.to(statements), dict(problems), again)


def _new(
    statements: Statements, form: "MultiDict[str, str]", place: str, written: Mapping[str, Sequence[Entry]]
) -> tuple[Statements, str]:
    chosen = next((entry.text for entry in written.get("rdf:type", ()) if entry.text), "")
    kind = known_term(chosen or form.get(f"{place}{SEPARATOR}kind", ""), vocabulary().classes)
    names = ("rdfs:label@" + current(), "rdfs:label@" + other(current()), "vrd:participant", "vrd:policeTask")
    label = next((entry.text for name in names for entry in written.get(name, ()) if entry.text.strip()), "")
    by = known_term(form.get(f"{place}{SEPARATOR}by", ""), vocabulary().properties)
    owner = form.get(f"{place}{SEPARATOR}owner", "")
    if not any(s.subject == owner for s in statements):
        raise VereendError(repr(owner), "is not a request we understand", "Check the address and what you sent")
    before, thing = hang(statements, owner, by, kind, label.removeprefix("vc:"), current())
    # Its name, if it has one, is filled in like anything else.
    return before - {s for s in before if s.subject == thing and s.predicate == term("rdfs:label")}, thing


def known_term(name: str, among: Iterable[str]) -> str:
    """Spell a prefixed name that a page sent.

    Raises:
        VereendError: it is none of these.
    """
    found = next((one for one in among if prefixed(one) == name), None)
    if found is None:
        raise VereendError(repr(name), "is not a request we understand", "Check the address and what you sent")
    return found


def _written(form: "MultiDict[str, str]", place: str, cleared: str) -> dict[str, list[Entry]]:
    """Give what is written on one sheet, by field; a field that was shown and holds nothing has no entries."""
    found: dict[str, list[Entry]] = {name: [] for name in form.get(f"{place}{SEPARATOR}shown", "").split()}
    for name in found:
        start = f"{place}{SEPARATOR}{name}{SEPARATOR}"
        found[name] += [Entry(value) for value in form.getlist(start + "*")]
        row = 0
        while (control := f"{start}{row}") in form:
            if control != cleared:
                extra = (form.get(f"{control}{SEPARATOR}{part}", "") for part in ("lang", "kind"))
                found[name].append(Entry(form[control], *extra))
            row += 1
    return found


# --- what the fields show ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """One choice of a list."""

    value: str
    label: Text
    depth: int
    help: str
    chosen: bool = False


@dataclass(frozen=True)
class Row:
    """One control of a field."""

    name: str
    text: str
    lang: str
    kind: str  # chosen for what is new
    options: list[Option]  # of a list
    error: ErrorWords | None
    blank: bool
    asks_kind: bool  # for a name that is nothing yet


@dataclass(frozen=True)
class FieldView:
    """A field as a page shows it."""

    anchor: str
    name: str
    form: str
    single: bool
    label: Text
    help: Text
    needed: bool
    rules: list[tuple[str, str]]  # number, address
    severity: str
    claims: list[Claim]
    rows: list[Row]
    boxes: str  # name of the boxes to tick; "" where it is no such list
    options: list[Option]  # of the boxes
    names: str  # id of the list that completes names; "" where there is none
    kinds: list[Option]  # for what is new
    complete: str  # name of the box that calls the list complete; "" where a list cannot be
    is_complete: bool
    value: str  # of that box
    bad: bool
    group: str
    parts: "list[Part] | None"  # what belongs to the thing by this property; None where nothing can


@dataclass(frozen=True)
class Part:
    """Something that is described on a sheet of its own."""

    thing: str
    label: str
    kind: Text


@dataclass(frozen=True)
class Sheet:
    """The fields of one thing."""

    place: str  # by which its controls go
    thing: str  # in N-Triples spelling; "" for something new
    owner: str
    by: str
    kind: str
    label: str
    kind_label: Text
    shown: str
    fields: list[FieldView]
    hidden: list[tuple[str, str]]  # lists that are complete and have no box on this sheet: control and value


@dataclass(frozen=True)
class NameList:
    """What completes names in some fields."""

    id: str
    names: list[str]


@dataclass
class Desk:
    """Lays out sheets, and collects the lists of names they use."""

    sent: Sent
    more: str = ""  # the field of which one more row is asked, as "place|name"
    lists: dict[tuple[str, ...], NameList] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the names as they are now."""
        self.statements = self.sent.draft.statements
        self.names = Names(self.statements, current(), known_actors())

    def sheet(self, place: str, thing: str, ask: Sequence[str] | None = None) -> Sheet:
        """Lay out the fields of a described thing.

        Args:
            ask: names of fields; None is all of them.
        """
        kinds = self.names.kinds(thing)
        chosen = _chosen(fields(kinds), ask)
        kind = sorted(kinds)[0] if kinds else ""
        lists = any(of.form == LISTS for of in chosen)
        views = [self._field(place, thing, of, lists) for of in chosen if of.form != LISTS or ask == (of.name,)]
        return Sheet(
            place,
            thing,
            "",
            "",
            prefixed(kind),
            self.names.label(thing),
            _text(kind),
            " ".join(of.name for of in chosen if not of.owns),
            views,
            self._complete(place, thing, views) if any(of.form == LISTS for of in chosen) else [],
        )

    def blank(self, place: str, owner: str, by: str, kind: str, ask: Sequence[str]) -> Sheet:
        """Lay out the fields of something new that hangs on a thing."""
        chosen = _chosen(fields(frozenset({kind})), ask)
        views = [self._field(place, "", of) for of in chosen]
        shown = " ".join(of.name for of in chosen)
        return Sheet(place, "", owner, by, prefixed(kind), "", _text(kind), shown, views, [])

    def _complete(self, place: str, thing: str, views: Sequence[FieldView]) -> list[tuple[str, str]]:
        """Give the lists called complete that have no box here: they are to stay so."""
        boxes = {view.value for view in views if view.complete} | {o.value for view in views for o in view.options}
        told = [prefixed(o) for s, p, o in self.statements if s == thing and p == COMPLETE_FOR]
        name = f"{place}{SEPARATOR}{prefixed(COMPLETE_FOR)}{SEPARATOR}*"
        return [(name, value) for value in sorted(told) if value not in boxes]

    def _field(self, place: str, thing: str, of: Field, lists: bool = False) -> FieldView:
        key = (thing, of.name)
        problems = {p.place: words(p.error) for p in self.sent.problems.get(key, ())}
        told = self.sent.written.get(key) or (entries(thing, of, self.names) if thing else [])
        start = f"{place}{SEPARATOR}{of.name}{SEPARATOR}"
        boxes = of.form == LISTS or (of.form == CHOICE and not of.single and len(of.choices) <= _BOXES)
        is_complete = Statement(thing, COMPLETE_FOR, of.property) in self.statements
        listable = lists and not of.single and (of.form in (CHOICE, THING) or is_complete)
        return FieldView(
            f"{place}-{of.name}".replace(":", "-").replace("@", "-"),
            of.name,
            of.form,
            of.single,
            _label_of(of),
            _help_of(of),
            of.least > 0,
            [(number, page_of(knowledge().rules[number].iri) or "") for number in of.rules],
            of.severity,
            [knowledge().claims[c] for c in of.claims if c in knowledge().claims],
            [] if boxes or of.owns else self._rows(place, of, start, told, problems),
            start + "*" if boxes else "",
            _options(of, [entry.text for entry in told]) if boxes else [],
            self._names(of.kinds) if of.form == THING and not of.owns else "",
            _kinds(of) if of.form == THING else [],
            f"{place}{SEPARATOR}{prefixed(COMPLETE_FOR)}{SEPARATOR}*" if listable else "",
            is_complete,
            prefixed(of.property),
            bool(problems),
            of.group,
            self._parts(thing, of) if of.owns else None,
        )

    def _parts(self, thing: str, of: Field) -> list[Part]:
        hung = {s.object for s in self.statements if s.subject == thing and s.predicate == of.property}
        parts = [Part(one, self.names.label(one), _text(next(iter(sorted(self.names.kinds(one))), ""))) for one in hung]
        return sorted(parts, key=lambda part: (part.label, part.thing))

    def _rows(
        self, place: str, of: Field, start: str, told: Sequence[Entry], problems: Mapping[int, ErrorWords]
    ) -> list[Row]:
        wanted = [*told]
        if not wanted or (not of.single and not of.lang):
            blanks = 1 + (self.more == f"{place}{SEPARATOR}{of.name}")
            wanted += [Entry("", "" if of.form != TEXT or of.lang else current())] * blanks
        return [
            Row(
                f"{start}{number}",
                entry.text,
                entry.lang,
                entry.kind,
                _options(of, [entry.text]) if of.form in (CHOICE, KIND) else [],
                problems.get(number),
                number >= len(told),
                of.form == THING and len(of.kinds) > 1 and self.names.find(entry.text, of.kinds) is None,
            )
            for number, entry in enumerate(wanted)
        ]

    def _names(self, kinds: tuple[str, ...]) -> str:
        names = list(self.names.of_kinds(kinds))
        if not names:
            return ""
        if kinds not in self.lists:
            self.lists[kinds] = NameList(f"names-{len(self.lists) + 1}", names)
        return self.lists[kinds].id


def _chosen(own: Sequence[Field], ask: Sequence[str] | None) -> list[Field]:
    if ask is None:
        return list(own)
    by_name = {of.name: of for of in own}
    names = [f"{name}@{current()}" if name == "rdfs:label" else name for name in ask]
    return [by_name[name] for name in names if name in by_name]


def _text(name: str) -> Text:
    return vocabulary().label(name, current()) or Text(iri(name), "")


def _label_of(of: Field) -> Text:
    own = {
        "rdfs:label@nl": _("Name in Dutch"),
        "rdfs:label@en": _("Name in English"),
        "rdfs:comment@nl": _("Explanation in Dutch"),
        "rdfs:comment@en": _("Explanation in English"),
        "rdf:type": _("Kind"),
        "vrd:completeFor": _("These lists are complete"),
    }
    return Text(own[of.name], current()) if of.name in own else _text(of.property)


def _help_of(of: Field) -> Text:
    if of.name == "vrd:completeFor":
        return Text(_("Tick a list only when you know that nothing is missing from it."), current())
    found = vocabulary().definitions.get(of.property, {})
    return next((Text(found[lang], lang) for lang in (current(), *LANGUAGES) if lang in found), Text("", ""))


def _options(of: Field, chosen: Sequence[str]) -> list[Option]:
    known = vocabulary()
    above = known.superclasses if of.form == KIND else known.broader_all
    found = []
    # Of what is complete, only what belongs to the partnership is asked here; each other list has a box of its own.
    choices = [c for c in of.choices if of.form != LISTS or c in known.belongs_by.values()]
    for choice in choices:
        depth = 0 if of.form == LISTS else len(above.get(choice, {choice}) & set(of.choices)) - 1
        meaning = known.definitions.get(choice, {}).get(current(), "")
        found.append(Option(prefixed(choice), _text(choice), depth, meaning, prefixed(choice) in chosen))
    return found


def _kinds(of: Field) -> list[Option]:
    depth = vocabulary().superclasses
    wanted = set(of.kinds)
    return [Option(prefixed(kind), _text(kind), len(depth[kind] & wanted) - 1, "") for kind in of.kinds]
