"""A description as fields to fill in: which a thing of a kind has, what stands in them, and what comes of an entry.

Pure functions between statements and entries, for a form, an interview or a sheet alike; none of these is known here.
The fields come from the ontology, as the structure shapes do: value lists, kinds, single answers, what is needed.

Nothing is lost: a value is shown only if entering what is shown gives exactly that value back. Any other statement
stays where it is, unseen.
"""

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
import yaml

from vereend import content
from vereend.contexts import TWINS, properties_told
from vereend.errors import VereendError
from vereend.rules import rules
from vereend.terms import (
    COMPLETE_FOR,
    DEFAULT_PHASE,
    LANGUAGES,
    NAMELESS,
    NAMESPACES,
    PARTNERSHIP,
    TYPE,
    Statement,
    iri,
    literal,
    local_name,
    prefixed,
    term,
)
from vereend.vocabulary import Vocabulary, nearest, vocabulary

KIND, CHOICE, LISTS, THING, TEXT, PLAIN, DATE, YESNO = (
    "kind",  # what the thing is
    "choice",  # a concept of a list
    "lists",  # which lists of the thing are complete
    "thing",  # another thing, by its name
    "text",  # words, in a language or none
    "plain",  # words without a language
    "date",
    "yesno",
)
Statements = frozenset[Statement]
_LABEL, _PARTICIPANT = term("rdfs:label"), term("vrd:participant")
_BOOLEANS = {"true": "true", "ja": "true", "yes": "true", "false": "false", "nee": "false", "no": "false"}
_DEEPEST = 20  # in an outline; what hangs deeper is listed by itself
_SEVERITIES = ("Violation", "Warning", "Info")
# Who takes part as police is police; the structure shapes (vereend.shapes) ask the same.
_NARROWER = {(term("vrd:PoliceParticipation"), _PARTICIPANT): term("vrd:PoliceOrganisation")}


@dataclass(frozen=True)
class Field:
    """What may be told of a thing of some kind. Names are in N-Triples spelling."""

    name: str  # "vrd:holder"; "rdfs:label@nl" where the language is fixed
    property: str
    form: str
    single: bool  # one answer tells all
    least: int  # how many answers the structure asks for
    choices: tuple[str, ...] = ()  # concepts, kinds or properties, broader ones first
    kinds: tuple[str, ...] = ()  # of which kind a thing may be, the widest first
    owns: bool = False  # what it names belongs here, and is described here
    lang: str = ""  # fixed
    group: str = ""  # under which heading, for a partnership
    rules: tuple[str, ...] = ()  # numbers of those that ask for it
    severity: str = ""  # the gravest of these
    claims: tuple[str, ...] = ()  # of the report, behind the property


@dataclass(frozen=True)
class Entry:
    """What stands in a field, or is written in it."""

    text: str
    lang: str = ""  # of a text
    kind: str = ""  # prefixed: of what is new under this name


@dataclass(frozen=True)
class Group:
    """A heading over fields of a partnership."""

    name: str
    label: dict[str, str]
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """An entry that cannot be taken, with why."""

    field: Field
    place: int  # among the entries of the field, from 0
    entry: Entry
    error: VereendError


@dataclass(frozen=True)
class Item:
    """A described thing, in its place in the whole."""

    thing: str
    kind: str
    depth: int  # a partnership is 0
    by: str = ""  # the property by which it hangs where it stands


# --- fields -----------------------------------------------------------------------------------------------------------


@cache
def groups() -> tuple[Group, ...]:
    """Give the headings over the fields of a partnership, in their order."""
    told = yaml.safe_load((content.root() / "kg" / "entry" / "groups.yaml").read_text("utf-8"))
    return tuple(Group(g["id"], g["label"], tuple(map(term, g["fields"]))) for g in told)


@cache
def asked_by() -> Mapping[str, tuple[str, ...]]:
    """Give, by property, the numbers of the rules that ask for it."""
    found: dict[str, list[str]] = defaultdict(list)
    for rule in rules().values():
        asked = {demand.path for demand in rule.core}
        for part in rule.parts:
            for pattern in part.asks:
                asked |= {term(name) for name in re.findall(r"\bvrd:[a-z]\w*", pattern.text)}
        for name in sorted(asked):
            found[name].append(rule.number)
    return {name: tuple(numbers) for name, numbers in found.items()}


@cache
def fields(kinds: frozenset[str]) -> tuple[Field, ...]:
    """Give what may be told of a thing of these kinds, in the order in which to ask: its kind and name first."""
    known = vocabulary()
    all_kinds = frozenset().union(*(known.kinds(kind) for kind in kinds))
    top = sorted(kind for kind in all_kinds if not known.superclasses.get(kind, {kind}) - {kind})
    tree = sorted({sub for kind in top for sub in known.subclasses.get(kind, ())} - _not_told())
    found = [Field("rdf:type", TYPE, KIND, True, 1, _in_order(tree, known.superclasses))] if len(tree) > 1 else []
    for twin in TWINS:
        found += [Field(f"{prefixed(twin)}@{lang}", twin, TEXT, False, 0, lang=lang) for lang in LANGUAGES]
    names = {name for kind in all_kinds for name in known.properties_of.get(kind, ())} & _with_a_word()
    listed = [name for group in groups() for name in group.properties] if PARTNERSHIP in kinds else []
    rank = {name: place for place, name in enumerate(listed)}
    own = [_field(name, all_kinds, known) for name in names]
    own.sort(key=lambda f: (rank.get(f.property, len(rank)), not f.least, f.owns, _FORMS.index(f.form), f.name))
    lists = tuple(f.property for f in own if not f.single)
    complete = [Field(prefixed(COMPLETE_FOR), COMPLETE_FOR, LISTS, False, 0, lists)] if lists else []
    return (*found, *own, *complete)


_FORMS = (CHOICE, THING, YESNO, DATE, TEXT, PLAIN)


def field(kinds: Iterable[str], name: str) -> Field:
    """Give one field of a thing of these kinds.

    Raises:
        KeyError: such a thing has no field of this name.
    """
    return {f.name: f for f in fields(frozenset(kinds))}[name]


def _field(name: str, kinds: frozenset[str], known: Vocabulary) -> Field:
    range_ = known.ranges.get(name, "")
    datatype = known.datatypes.get(name, "")
    choices: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    if name in known.value_scheme:
        form, choices = CHOICE, _in_order(known.values_of(name), known.broader_all)
    elif range_ in known.classes:
        narrower = next((_NARROWER[kind, name] for kind in kinds if (kind, name) in _NARROWER), range_)
        form, things = THING, _in_order(known.subclasses[narrower] - _not_told(), known.superclasses)
    elif datatype == term("xsd:date"):
        form = DATE
    elif datatype == term("xsd:boolean"):
        form = YESNO
    else:
        form = TEXT if datatype == term("rdfs:Literal") else PLAIN
    numbers = asked_by().get(name, ())
    severities = [rules()[number].severity(DEFAULT_PHASE) or "" for number in numbers]
    return Field(
        prefixed(name),
        name,
        form,
        name in known.functional,
        max((known.needs.get((kind, name), 0) for kind in kinds), default=0),
        choices,
        things,
        form == THING and name in known.belongs_by.values(),
        group=next((g.name for g in groups() if name in g.properties and PARTNERSHIP in kinds), ""),
        rules=numbers,
        severity=next((s for s in _SEVERITIES if s in severities), ""),
        claims=tuple(sorted(local_name(s.object) for s in known.statements if s[:2] == (name, term("dct:source")))),
    )


def _in_order(names: Iterable[str], above: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Put each name after a broader one it falls under, siblings by their labels."""
    return tuple(sorted(names, key=lambda name: _path(name, frozenset(names), above)))


def _path(name: str, among: frozenset[str], above: Mapping[str, set[str]]) -> list[str]:
    """Give the labels from the head of a list down to a name, by way of the nearest broader one."""
    ups = (above.get(name, set()) - {name}) & among
    nearest_up = max(ups, key=lambda up: (len(above[up]), up), default=None)
    return [*(_path(nearest_up, among, above) if nearest_up else []), _label(name, "nl")]


def _label(name: str, lang: str) -> str:
    found = vocabulary().label(name, lang)
    return found.value if found else local_name(name)


@cache
def _with_a_word() -> frozenset[str]:
    """Give the properties an author may use: those that have a word in a description in YAML."""
    written = {s.subject for s in vocabulary().statements if s.predicate == term("vrd:key")}
    return frozenset(written & set(properties_told(vocabulary())))


@cache
def _not_told() -> frozenset[str]:
    """Give the kinds that follow from what is told, and are not told themselves: the forms of partnership."""
    return frozenset(term(f"vrd:{name}Partnership") for name in ("Concession", "Alliance", "Improvisation"))


# --- names of things --------------------------------------------------------------------------------------------------


class Names:
    """What things are called, so that a field names them in words.

    A participation goes by the name of who takes part; what has no label, by the end of its identifier.
    """

    def __init__(self, statements: Iterable[Statement], lang: str, elsewhere: Iterable[Statement] = ()) -> None:
        """Take the names of a description, of the law we know, and of things described elsewhere.

        Args:
            elsewhere: what is told of things that a field may name without their being described here.
        """
        self.lang = lang
        self.told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, obj in sorted(statements):
            self.told[subject][predicate].append(obj)
        partnerships = sorted(s for s, own in self.told.items() if PARTNERSHIP in own.get(TYPE, []))
        named = [iri(name) for name in partnerships if NAMELESS not in name]
        self.base = re.sub(r"[^/#]*$", "", named[0]) if named else EXAMPLE
        self.elsewhere: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, obj in sorted(elsewhere):
            if subject not in self.told:
                self.elsewhere[subject][predicate].append(obj)
        self._shown: dict[tuple[str, ...], dict[str, str]] = {}
        self._name_of: dict[tuple[str, ...], dict[str, str]] = {}

    def learn(self, more: Statements) -> None:
        """Take in what is told as well, so that one name does not come to stand for two new things."""
        for subject, predicate, obj in more:
            self.told[subject][predicate].append(obj)
        if more:
            self._shown.clear()
            self._name_of.clear()

    def kinds(self, thing: str) -> frozenset[str]:
        """Give of which kinds a thing is said to be; empty when nothing says so."""
        for source in (self.told, self.elsewhere):
            if thing in source:
                return frozenset(source[thing].get(TYPE, ()))
        return frozenset(s.object for s in vocabulary().law_of.get(thing, ()) if s.predicate == TYPE)

    def label(self, thing: str) -> str:
        """Give what a thing is called, which others may be called too."""
        own = self.told.get(thing) or self.elsewhere.get(thing) or {}
        for one in (thing, *own.get(_PARTICIPANT, ())):
            told = self.told.get(one) or self.elsewhere.get(one) or {}
            texts = [text for spelled in told.get(_LABEL, ()) if (text := literal(spelled))]
            for lang in (self.lang, "", *LANGUAGES):
                for text in texts:
                    if text.lang == lang and text.value.strip():
                        return text.value
        law = vocabulary().label(thing, self.lang) if thing in vocabulary().law_of else None
        return law.value if law else local_name(thing)

    def of_kinds(self, kinds: Sequence[str]) -> dict[str, str]:
        """Give the things that are of one of these kinds, each by a name no other of them has."""
        wanted = tuple(kinds)
        if wanted not in self._shown:
            known = vocabulary()
            things = [*self.told, *self.elsewhere, *known.law_of]
            found = {
                thing: " ".join(self.label(thing).split())
                for thing in dict.fromkeys(things)
                if any(set(wanted) & known.kinds(kind) for kind in self.kinds(thing))
            }
            by_label: dict[str, list[str]] = defaultdict(list)
            for thing, label in found.items():
                by_label[label].append(thing)
            self._shown[wanted] = {
                label if len(things) == 1 else f"{label} ({local_name(thing)})": thing
                for label, things in by_label.items()
                for thing in things
            }
        return self._shown[wanted]

    def show(self, thing: str, kinds: Sequence[str]) -> str:
        """Give the name by which a field that takes these kinds finds a thing."""
        wanted = tuple(kinds)
        if wanted not in self._name_of:
            self._name_of[wanted] = {other: name for name, other in self.of_kinds(kinds).items()}
        return self._name_of[wanted].get(thing) or prefixed(thing)

    def find(self, text: str, kinds: Sequence[str]) -> str | None:
        """Give the thing behind a name, an address or a prefixed name; None when nothing is called so."""
        named = self.of_kinds(kinds)
        if text in named:
            return named[text]
        alike = [thing for name, thing in named.items() if name.casefold() == text.casefold()]
        if len(alike) == 1:
            return alike[0]
        space, colon, rest = text.partition(":")
        if colon and space in NAMESPACES and re.fullmatch(r"[\w.-]+", rest):
            return term(text)
        return f"<{text}>" if re.fullmatch(r"(https?://|urn:)[^\s<>\"{}|\\^`]+", text) else None

    def called(self, text: str) -> str | None:
        """Give a described thing of any kind that is called so, be it with others."""
        return next((thing for thing in self.told if self.kinds(thing) and self.label(thing) == text), None) or next(
            (thing for thing in vocabulary().law_of if self.kinds(thing) and self.label(thing) == text), None
        )

    def new(self, label: str, prefix: str = "") -> str:
        """Give an identifier for something new, made of its name."""
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
        slug = prefix + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "x")
        taken = {iri(x) for x in self.told} | {iri(o) for own in self.told.values() for x in own.values() for o in x}
        numbers = ("", *(f"-{number}" for number in range(2, len(taken) + 3)))
        return next(f"<{self.base}{slug}{n}>" for n in numbers if f"{self.base}{slug}{n}" not in taken)


EXAMPLE = "https://example.org/"


# --- values and entries -----------------------------------------------------------------------------------------------


def shown(of: Field, value: str, names: Names) -> Entry | None:
    """Give what stands in a field for a value; None when the field cannot show it exactly."""
    entry = _shown(of, value, names)
    if entry is None or entry.text != _clean(entry.text):
        return None
    try:
        found, more = taken(of, entry, names)
    except VereendError:
        return None
    return entry if found == value and not more else None


def _shown(of: Field, value: str, names: Names) -> Entry | None:
    if of.form in (KIND, CHOICE, LISTS):
        return Entry(prefixed(value)) if value in of.choices else None
    if of.form == THING:
        return Entry(names.show(value, of.kinds)) if value.startswith("<") else None
    text = literal(value)
    if text is None:
        return None
    return Entry(text.value, text.lang)


def taken(of: Field, entry: Entry, names: Names) -> tuple[str, Statements]:
    """Give the value an entry stands for, and what is to be told of what is new in it.

    Raises:
        VereendError: not on the list, no date, neither yes nor no, or a thing of another kind.
    """
    text = _clean(entry.text)
    where = f"{_label(of.property, names.lang)}, {text!r}"
    if of.form in (KIND, CHOICE, LISTS):
        return _choice(of, text, names.lang, where), frozenset()
    if of.form == THING:
        return _thing(of, Entry(text, entry.lang, entry.kind), names, where)
    if of.form == DATE:
        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            raise VereendError(where, "is not a date", "Write year, month, day, as in 2026-11-24") from None
        return str(ox.Literal(text, datatype=ox.NamedNode(NAMESPACES["xsd"] + "date"))), frozenset()
    if of.form == YESNO:
        if text.lower() not in _BOOLEANS:
            raise VereendError(where, "is neither yes nor no", "Write yes or no")
        datatype = ox.NamedNode(NAMESPACES["xsd"] + "boolean")
        return str(ox.Literal(_BOOLEANS[text.lower()], datatype=datatype)), frozenset()
    lang = of.lang or (entry.lang if of.form == TEXT else "")
    if lang and not re.fullmatch(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*", lang):
        raise VereendError(f"{where}, {lang!r}", "is not a language", "Write nl, en, or another code of two letters")
    return str(ox.Literal(text, language=lang) if lang else ox.Literal(text)), frozenset()


def _choice(of: Field, text: str, lang: str, where: str) -> str:
    for choice in of.choices:
        if text == prefixed(choice):
            return choice
    for language in (lang, *LANGUAGES):
        for choice in of.choices:
            if text.casefold() == _label(choice, language).casefold():
                return choice
    labels = [_label(choice, lang) for choice in of.choices]
    guess = nearest(text, labels)
    raise VereendError(
        where, "is not on this list", f"The nearest is '{guess}'" if guess else f"Choose one of {', '.join(labels)}"
    )


def _thing(of: Field, entry: Entry, names: Names, where: str) -> tuple[str, Statements]:
    known = vocabulary()
    found = names.find(entry.text, of.kinds)
    if found is not None:
        # What is described elsewhere is named here with what it is, so that the description can be read alone.
        told = names.elsewhere.get(found, {})
        copied = {Statement(found, p, o) for p in (TYPE, _LABEL) for o in told.get(p, ())}
        return found, frozenset(copied)
    other = names.called(entry.text)
    homes = {known.belongs_by[up] for kind in of.kinds for up in known.kinds(kind) if up in known.belongs_by}
    if other is not None:
        kind = _label(sorted(names.kinds(other))[0], names.lang)
        wanted = _label(of.kinds[0], names.lang)
        raise VereendError(f"{where}, {kind!r}", "is of another kind", f"Name a thing of the kind '{wanted}'")
    if homes and of.property not in homes:
        guess = nearest(entry.text, names.of_kinds(of.kinds))
        home = _label(sorted(homes)[0], names.lang)
        remedy = f"The nearest is '{guess}'" if guess else f"Describe it first, under '{home}'"
        raise VereendError(where, "is not described yet", remedy)
    kind = term(entry.kind) if re.fullmatch(r"vrd:\w+", entry.kind) else of.kinds[0]
    if kind in known.superclasses[of.kinds[0]]:
        kind = of.kinds[0]  # who takes part as police is a police organisation, also where only "actor" was chosen
    if kind not in of.kinds:
        raise VereendError(f"{where}, {entry.kind!r}", "is not a known kind", "Choose one from the list")
    thing = names.new(entry.text)
    label = str(ox.Literal(entry.text, language=names.lang))
    return thing, frozenset({Statement(thing, TYPE, kind), Statement(thing, _LABEL, label)})


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# --- descriptions -----------------------------------------------------------------------------------------------------


def entries(thing: str, of: Field, names: Names) -> list[Entry]:
    """Give what stands in a field of a thing of the description these names are of, in a stable order."""
    return [entry for _, entry in _values(thing, of, names)]


def _values(thing: str, of: Field, names: Names) -> list[tuple[str, Entry]]:
    values = sorted(names.told[thing].get(of.property, ())) if thing in names.told else []
    return [(value, entry) for value in values if (entry := shown(of, value, names)) is not None]


def fill(
    statements: Statements, thing: str, of: Field, written: Sequence[Entry], names: Names
) -> tuple[Statements, list[Problem]]:
    """Put what is written in a field in the place of what stood there; what the field cannot show stays.

    An entry without words is none. One that cannot be taken is told, and left out.
    """
    old = {Statement(thing, of.property, value) for value, _ in _values(thing, of, names)}
    new: set[Statement] = set()
    problems = []
    for place, entry in enumerate(written):
        if not _clean(entry.text):
            continue
        try:
            value, more = taken(of, entry, names)
        except VereendError as error:
            problems.append(Problem(of, place, entry, error))
            continue
        new |= {Statement(thing, of.property, value), *more}
        names.learn(more)
    return (statements - old) | new, problems


def fill_in(
    statements: Statements, thing: str, written: Mapping[str, Sequence[Entry]], names: Names
) -> tuple[Statements, list[Problem]]:
    """Fill in several fields of a thing, by their names; its kind first, for the others follow from it.

    A field that is not named stays as it is; a name that is no field of the thing is left alone.
    """
    problems: list[Problem] = []
    first = fields(names.kinds(thing))
    if first[0].form == KIND and first[0].name in written:
        statements, problems = fill(statements, thing, first[0], written[first[0].name], names)
        names.told[thing][TYPE] = sorted(o for s, p, o in statements if s == thing and p == TYPE)
    for of in fields(names.kinds(thing)):
        if of.form != KIND and of.name in written:
            statements, more = fill(statements, thing, of, written[of.name], names)
            problems += more
    return statements, problems


def hang(statements: Statements, owner: str, by: str, kind: str, label: str, lang: str) -> tuple[Statements, str]:
    """Add something new that belongs to a thing.

    Returns:
        the statements with it, and its name.
    """
    names = Names(statements, lang)
    participation = term("vrd:Participation") in vocabulary().kinds(kind)
    thing = names.new(label or _label(kind, lang), "p-" if participation else "")
    told = {Statement(owner, by, thing), Statement(thing, TYPE, kind)}
    if label and not participation:
        told.add(Statement(thing, _LABEL, str(ox.Literal(label, language=lang))))
    return statements | told, thing


def begin(name: str, lang: str) -> tuple[Statements, str]:
    """Begin a description of a partnership of which only the name is known.

    Returns:
        its statements, and the name of the partnership.
    """
    names = Names((), lang)
    thing = f"{names.new(name)[:-1]}/pps>"
    label = {Statement(thing, _LABEL, str(ox.Literal(name, language=lang)))} if name else set()
    return frozenset({Statement(thing, TYPE, PARTNERSHIP)} | label), thing


def drop(statements: Statements, thing: str) -> Statements:
    """Take a thing out, with what is said of it, and with what belonged to it alone."""
    homes = set(vocabulary().belongs_by.values())
    going, left = [thing], statements
    while going:
        one = going.pop()
        owned = {s.object for s in left if s.subject == one and s.predicate in homes}
        left = frozenset(s for s in left if one not in (s.subject, s.object))
        going += owned - {s.object for s in left if s.predicate in homes}
    return left


def outline(statements: Iterable[Statement], lang: str) -> list[Item]:
    """Give every described thing once, in the order of the fields: what belongs to a thing stands under it."""
    names = Names(statements, lang)
    homes = set(vocabulary().belongs_by.values())
    at_home = {o for own in names.told.values() for p, values in own.items() if p in homes for o in values}
    items: list[Item] = []
    seen: set[str] = set()

    def walk(thing: str, depth: int, by: str) -> None:
        seen.add(thing)
        kinds = names.kinds(thing)
        items.append(Item(thing, sorted(kinds)[0] if kinds else "", depth, by))
        order = {f.property: place for place, f in enumerate(fields(kinds))} if kinds else {}
        own = names.told[thing]
        for predicate in sorted(own, key=lambda p: (order.get(p, len(order)), p)):
            inner = [o for o in own[predicate] if o in names.told and o not in seen]
            for other in sorted(inner, key=names.label):
                if depth < _DEEPEST and other not in seen and (predicate in homes or other not in at_home):
                    walk(other, depth + 1, predicate)

    partnerships = sorted(s for s, own in names.told.items() if PARTNERSHIP in own.get(TYPE, []))
    for partnership in partnerships:
        walk(partnership, 0, "")
    for loose in sorted(names.told):
        if loose not in seen:
            walk(loose, 1, "")
    return items


def unseen(statements: Iterable[Statement], lang: str) -> list[Statement]:
    """Give the statements that no field shows: they stay as they are."""
    every = frozenset(statements)
    names = Names(every, lang)
    seen = {s for s in every if s.predicate == TYPE and s.object in vocabulary().classes}
    for thing in names.told:
        for of in fields(names.kinds(thing)):
            seen |= {Statement(thing, of.property, value) for value, _ in _values(thing, of, names)}
    return sorted(every - seen)
