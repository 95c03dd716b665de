"""Everything the project knows, ready to be looked up: entities and their relations, cases, claims, stored queries.

The viewer reads pages from here; it holds no facts of its own.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from vereend import content, law, store
from vereend.errors import UnknownEntity
from vereend.locators import Lines, parse_locator
from vereend.networks import actor_sign
from vereend.reading import Description, read
from vereend.report import Report
from vereend.rules import Rule, Texts, rules
from vereend.terms import LANGUAGES, NAMESPACES, TYPE, Statement, Text, iri, literal, local_name, term
from vereend.validation import validate
from vereend.vocabulary import Vocabulary, add_text, pick, vocabulary
from vereend.wording import participation

if TYPE_CHECKING:
    from vereend.search import Index

# kind of page -> classes whose members it shows
KINDS = {
    "partnership": ("Partnership",),
    "actor": ("Actor",),
    "power": ("LegalPosition",),
    "safeguard": ("Safeguard",),
    "mandate": ("Mandate",),
    "law": ("CitedBasis", "CourtDecision", "Act"),
    "claim": ("Claim",),
    "guideline": ("Guideline",),
    "rule": ("Rule",),
}
KIND_NAMES: dict[str, Texts] = {
    "actor": {"nl": "actor", "en": "actor"},
    "partnership": {"nl": "samenwerking", "en": "partnership"},
    "power": {"nl": "bevoegdheid", "en": "power"},
    "safeguard": {"nl": "waarborg", "en": "safeguard"},
    "mandate": {"nl": "mandaat", "en": "mandate"},
    "law": {"nl": "grondslag", "en": "legal basis"},
    "claim": {"nl": "uitspraak", "en": "claim"},
    "rule": {"nl": "regel", "en": "rule"},
    "question": {"nl": "vraag", "en": "question"},
    "concept": {"nl": "begrip", "en": "concept"},
    "scheme": {"nl": "waardelijst", "en": "list of values"},
    "term": {"nl": "term van het model", "en": "term of the model"},
    "guideline": {"nl": "handreiking", "en": "guideline"},
    "thing": {"nl": "deel van een beschrijving", "en": "part of a description"},
}
_LABELS = (term("skos:prefLabel"), term("rdfs:label"))
_DEFINITIONS = (term("skos:definition"), term("rdfs:comment"))
_HIDDEN = {*_LABELS, *_DEFINITIONS, TYPE, term("vrd:status"), term("skos:altLabel"), term("vrd:paraphrase")}


class Value(NamedTuple):
    """What a relation leads to: a thing with a page, or words."""

    iri: str | None
    text: Texts
    kind: str | None


@dataclass(frozen=True)
class Relation:
    """One property of an entity with all its values."""

    predicate: str  # IRI
    label: Texts
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Claim:
    """A statement of the report, paraphrased, with its place."""

    number: str
    iri: str
    paraphrase: Texts
    section: str
    page: str  # "2", or "2–3" where it crosses, of 16
    lines: Lines | None
    modality: str  # concept IRI
    normative: bool


@dataclass(frozen=True)
class Provision:
    """A provision or decision of the law, as the graph gives account of it."""

    iri: str
    label: Texts
    effect: Texts  # what it does, in our own words; empty where the graph does not say
    confidence: str  # "verified", "likely" or "unverified"; "" where none applies, as for a whole act
    identifier: str  # JCI, ELI, ECLI or CELEX; "" where none is known

    def link(self, lang: str, on: str | None = None) -> str:
        """Give the address of the official text; "" where none is known.

        Args:
            on: ISO 8601 date at which to show it, where its publisher can.
        """
        return law.link(self.identifier, lang, on) if self.identifier else ""


@dataclass(frozen=True)
class Entity:
    """A thing with a page."""

    iri: str
    kind: str
    labels: Texts
    alternatives: tuple[Text, ...]
    definition: Texts
    types: tuple[str, ...]  # class IRIs
    outgoing: tuple[Relation, ...]
    incoming: tuple[Relation, ...]
    claims: tuple[Claim, ...]
    graphs: tuple[str, ...]  # names of the named graphs that tell of it


class EntityRow(NamedTuple):
    """A line in a list of entities."""

    iri: str
    kind: str
    labels: Texts
    note: Texts  # its kind or definition, to tell it from others


@dataclass(frozen=True)
class Case:
    """A described partnership of the project's own."""

    slug: str
    path: Path
    iri: str
    fictional: bool
    description: Description


class Knowledge:
    """The graph and its look-ups. One per process: use `load`."""

    def __init__(self, extra: Iterable[Path] = ()) -> None:
        self.vocabulary: Vocabulary = vocabulary()
        self.rules: dict[str, Rule] = rules()
        self.cases = {case.slug: case for case in _cases(extra)}
        self.store = ox.Store()
        store.fill(self.store, [(case.slug, case.description) for case in self.cases.values()])
        self._reports: dict[str, Report] = {}
        # What pages ask for again and again, of content that does not change.
        self._kinds: dict[str, str] = {}
        self._listed: dict[str, list[EntityRow]] = {}

    @cached_property
    def _subjects(self) -> dict[str, list[tuple[Statement, str]]]:
        found: dict[str, list[tuple[Statement, str]]] = defaultdict(list)
        for quad in self.store:
            graph = iri(str(quad.graph_name)).removeprefix(store.GRAPH)
            if graph not in ("inferred", "mappings", "graphs"):
                statement = Statement(str(quad.subject), str(quad.predicate), str(quad.object))
                found[statement.subject].append((statement, graph))
        return dict(found)

    @cached_property
    def _objects(self) -> dict[str, list[Statement]]:
        found: dict[str, list[Statement]] = defaultdict(list)
        for rows in self._subjects.values():
            for statement, _ in rows:
                if statement.object.startswith("<"):
                    found[statement.object].append(statement)
        return dict(found)

    @cached_property
    def labels(self) -> dict[str, Texts]:
        """Labels of everything, by IRI in N-Triples spelling."""
        found: dict[str, Texts] = {}
        for subject, rows in self._subjects.items():
            for predicate in reversed(_LABELS):
                for statement, _ in rows:
                    if statement.predicate == predicate:
                        add_text(found.setdefault(subject, {}), statement.object)
        return found

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """The claims by number."""
        found = [self._claim(name) for name in self._of_class("Claim")]
        return {claim.number: claim for claim in sorted(found, key=lambda c: c.number)}

    def texts(self, name: str) -> Texts:
        """Give the words for a thing in every language, IRI bare or spelled; at the least the end of its name."""
        spelled = name if name[:1] in '<"_' else f"<{name}>"
        if found := literal(spelled):
            return dict.fromkeys(LANGUAGES, found.value) if not found.lang else {found.lang: found.value}
        own = self.labels.get(spelled, {})
        participant = [s.object for s, _ in self._subjects.get(spelled, []) if s.predicate == term("vrd:participant")]
        if not own and participant:
            return {lang: participation(self.label(participant[0], lang).value, lang) for lang in LANGUAGES}
        if not own and (claim := self._claim_number(spelled)):
            return dict.fromkeys(LANGUAGES, claim)
        return own or dict.fromkeys(LANGUAGES, local_name(spelled))

    @staticmethod
    def _claim_number(spelled: str) -> str | None:
        return local_name(spelled) if spelled.startswith("<" + NAMESPACES["src"]) else None

    def label(self, name: str, lang: str) -> Text:
        """Give the words for a thing, IRI bare or spelled, in a language, else in the other; say in which they are."""
        return pick(self.texts(name), lang) or Text(local_name(name), "")

    def statements_of(self, name: str) -> list[tuple[Statement, str]]:
        """Give what the graph says of a thing, by IRI, each statement with the name of the named graph it is in."""
        return self._subjects.get(f"<{name}>", [])

    def _of_class(self, *names: str) -> list[str]:
        wanted = set().union(*(self.vocabulary.subclasses.get(term(f"vrd:{n}"), {term(f"vrd:{n}")}) for n in names))
        return sorted({s.subject for kind in wanted for s in self._objects.get(kind, ()) if s.predicate == TYPE})

    def kind(self, name: str) -> str:
        """Give the kind of page a thing has, IRI spelled: a key of KINDS, "concept", "scheme", "term" or "thing"."""
        if name not in self._kinds:
            self._kinds[name] = self._kind(name)
        return self._kinds[name]

    def _kind(self, name: str) -> str:
        rows = self._subjects.get(name, [])
        types = {s.object for s, _ in rows if s.predicate == TYPE}
        above = set().union(*(self.vocabulary.kinds(t) for t in types))
        for kind, classes in KINDS.items():
            if above & {term(f"vrd:{c}") for c in classes}:
                return kind
        if name in self.vocabulary.concepts:
            return "concept"
        if name in self.vocabulary.schemes:
            return "scheme"
        return "term" if name in self.vocabulary.classes | self.vocabulary.properties else "thing"

    def sign(self, name: str) -> str:
        """Give the mark a thing is drawn with, by IRI; empty for what has none."""
        kind = self.kind(f"<{name}>")
        types = sorted(s.object for s, _ in self.statements_of(name) if s.predicate == TYPE)
        if kind == "actor":
            return next((mark for t in types if (mark := actor_sign(t)) != "actor"), "actor")
        if kind == "power":
            types = [s.object for s, _ in self.statements_of(name) if s.predicate == term("vrd:powerType")]
        coercive = any(term("vc:coercion") in self.vocabulary.broader_all.get(c, set()) for c in (*types, f"<{name}>"))
        if kind == "power" or self.vocabulary.scheme_of.get(f"<{name}>") == term("vc:powers"):
            return "power" if coercive else "power-soft"
        marks = {
            "partnership": "vereend",
            "safeguard": "safeguard",
            "mandate": "mandate",
            "law": "law",
            "rule": "rule",
            "claim": "claim",
        }
        return marks.get(kind, "")

    def entities(self, kind: str) -> list[EntityRow]:
        """List all entities of a kind, as a reader of Dutch would sort them."""
        if kind not in self._listed:
            self._listed[kind] = self._list(kind)
        return list(self._listed[kind])

    def _list(self, kind: str) -> list[EntityRow]:
        if kind == "concept":
            names = sorted(self.vocabulary.concepts)
        elif kind in KINDS:
            names = self._of_class(*KINDS[kind])
        else:
            raise UnknownEntity(repr(kind), "is not a kind of page", f"Choose one of {', '.join([*KINDS, 'concept'])}")
        rows = [EntityRow(iri(n), kind, self.texts(n), self.note(n)) for n in names]
        return sorted(
            rows, key=lambda row: (sort_key(row.labels.get("nl") or next(iter(row.labels.values()))), row.iri)
        )

    def note(self, name: str) -> Texts:
        """Give what tells a thing from others, IRI spelled: its definition, its paraphrase, or its kind."""
        if name in self.vocabulary.definitions:
            return self.vocabulary.definitions[name]
        rows = self._subjects.get(name, [])
        if any(s.predicate == term("vrd:paraphrase") for s, _ in rows):
            return self._claim(name).paraphrase
        kinds = sorted(s.object for s, _ in rows if s.predicate == TYPE and s.object in self.vocabulary.classes)
        return self.texts(kinds[0]) if kinds else {}

    def entity(self, name: str) -> Entity:
        """Look a thing up by its IRI.

        Raises:
            UnknownEntity: the graph tells nothing of it.
        """
        spelled = f"<{name}>"
        rows = self._subjects.get(spelled, [])
        if not rows:
            raise UnknownEntity(name, "is not in this graph", "Look it up by its label, or check the address")
        definition: Texts = {}
        for predicate in reversed(_DEFINITIONS):
            for statement, _ in rows:
                if statement.predicate == predicate:
                    add_text(definition, statement.object)
        sources = {term("prov:wasDerivedFrom"), term("dct:source")}
        claims = sorted(
            {local_name(s.object) for s, _ in rows if s.predicate in sources and self._claim_number(s.object)}
        )
        return Entity(
            name,
            self.kind(spelled),
            self.texts(spelled),
            tuple(sorted(t for s, _ in rows if s.predicate == term("skos:altLabel") and (t := literal(s.object)))),
            definition,
            tuple(sorted(iri(s.object) for s, _ in rows if s.predicate == TYPE)),
            self._relations(((s.predicate, s.object) for s, _ in rows if s.predicate not in _HIDDEN | sources)),
            self._relations((s.predicate, s.subject) for s in self._objects.get(spelled, []) if s.predicate != TYPE),
            tuple(self.claims[number] for number in claims if number in self.claims),
            tuple(sorted({graph for _, graph in rows})),
        )

    def _relations(self, pairs: Iterable[tuple[str, str]]) -> tuple[Relation, ...]:
        grouped: dict[str, set[str]] = defaultdict(set)
        for predicate, other in pairs:
            if not other.startswith("_:"):
                grouped[predicate].add(other)
        return tuple(
            Relation(iri(predicate), self.texts(predicate), tuple(self._value(other) for other in sorted(others)))
            for predicate, others in sorted(grouped.items())
        )

    def _value(self, spelled: str) -> Value:
        if not spelled.startswith("<"):
            return Value(None, self.texts(spelled), None)
        known = spelled in self._subjects
        return Value(iri(spelled) if known else None, self.texts(spelled), self.kind(spelled) if known else None)

    def _claim(self, name: str) -> Claim:
        fields: dict[str, list[str]] = defaultdict(list)
        for statement, _ in self._subjects[name]:
            fields[local_name(statement.predicate)].append(statement.object)

        def words(field: str) -> str:
            found = literal(fields[field][0]) if fields[field] else None
            return found.value if found else ""

        paraphrase: Texts = {}
        for spelled in fields["paraphrase"]:
            add_text(paraphrase, spelled)
        return Claim(
            local_name(name),
            iri(name),
            paraphrase,
            words("section"),
            words("page"),
            parse_locator(words("lines")) if words("lines") else None,
            iri(fields["modality"][0]) if fields["modality"] else "",
            words("normative") == "true",
        )

    def claims_about(self, name: str) -> list[Claim]:
        """Give the claims that concern a partnership, in the order of the report."""
        spelled = f"<{name}>"
        found = {local_name(s.subject) for s in self._objects.get(spelled, ()) if s.predicate == term("vrd:concerns")}
        return [claim for number, claim in self.claims.items() if number in found]

    def provision(self, name: str) -> Provision:
        """Give a provision by its IRI; one the graph does not know goes by its name alone, as unverified."""
        effect: Texts = {}
        told = self.statements_of(name)
        confidence = "" if told else "unverified"
        named = {local_name(s.predicate): text.value for s, _ in told if (text := literal(s.object))}
        identifier = next((named[key] for key in law.PARSERS if key in named), "")
        for statement, _ in told:
            if statement.predicate == term("vrd:lawEffect"):
                add_text(effect, statement.object)
            elif statement.predicate == term("vrd:confidence"):
                confidence = local_name(statement.object).removeprefix("conf-")
        return Provision(name, self.texts(name), effect, confidence, identifier)

    def case(self, slug: str) -> Case:
        """Give a case by its short name.

        Raises:
            UnknownEntity: no case has it.
        """
        if slug not in self.cases:
            raise UnknownEntity(repr(slug), "is not a described partnership", f"Choose one of {', '.join(self.cases)}")
        return self.cases[slug]

    def report(self, slug: str) -> Report:
        """Judge a case; kept until the day changes."""
        import datetime

        key = f"{slug} {datetime.date.today().isoformat()}"
        if key not in self._reports:
            self._reports[key] = validate([self.case(slug).description])
        return self._reports[key]

    def claims_behind(self, names: Iterable[str]) -> list[str]:
        """Give the numbers of the claims that what is told of these things rests on.

        A fact about a case points to its claims. Where none of the things has such a fact, the claims that terms and
        rules rest on are given instead, which say what a word means and not that anything is so.

        Args:
            names: IRIs; names of anything else count for nothing.
        """
        spelled = [f"<{name}>" for name in names]
        told = {
            predicate: {
                local_name(s.object)
                for name in spelled
                for s, _ in self._subjects.get(name, [])
                if s.predicate == predicate and s.object.startswith("<" + NAMESPACES["src"])
            }
            for predicate in (term("prov:wasDerivedFrom"), term("dct:source"))
        }
        facts = told[term("prov:wasDerivedFrom")] | {local_name(n) for n in spelled if n[1:-1] in self._claim_iris}
        return sorted(facts or told[term("dct:source")])

    @cached_property
    def _claim_iris(self) -> set[str]:
        return {claim.iri for claim in self.claims.values()}

    def subjects(self) -> list[str]:
        """Give everything the graph tells of that has an IRI, in N-Triples spelling, sorted."""
        return sorted(name for name in self._subjects if name.startswith("<"))

    @cached_property
    def index(self) -> "Index":
        """What can be found by words."""
        from vereend.search import Index

        return Index(self)


def sort_key(text: str) -> str:
    """Fold case and accents, so that é sorts with e."""
    if text.isascii():
        return text.casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _cases(extra: Iterable[Path]) -> Iterable[Case]:
    for folder in ("cases", "examples"):
        for path in content.turtle_files("kg", folder):
            description = read(path)
            yield Case(path.stem, path, iri(description.partnerships[0]), folder == "examples", description)
    for path in extra:
        description = read(path)
        yield Case(path.stem, path, iri(description.partnerships[0]), False, description)


@cache
def load() -> Knowledge:
    """Give everything the project knows, read once a process."""
    return Knowledge()
