"""The ontology as a reference: its modules, and in each its kinds of thing as a tree and its properties.

Read from ontology/ alone; what a term is used for elsewhere stands on its page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from vereend import content
from vereend.rules import Texts
from vereend.terms import TYPE, Statement, iri, is_vrd, term
from vereend.vocabulary import add_text, statements, vocabulary

_ONTOLOGY, _CLASS = term("owl:Ontology"), term("owl:Class")
_PROPERTIES = {term("owl:ObjectProperty"), term("owl:DatatypeProperty"), term("owl:AnnotationProperty")}
_SUBCLASS = term("rdfs:subClassOf")


@dataclass(frozen=True)
class Kind:
    """A kind of thing, with the narrower ones of the same module."""

    iri: str
    label: Texts
    definition: Texts
    above: tuple[str, ...]  # IRIs of the kinds it falls under
    narrower: tuple["Kind", ...]


@dataclass(frozen=True)
class Property:
    """A property: what has it, and what it leads to."""

    iri: str
    label: Texts
    definition: Texts
    domain: tuple[str, ...]  # IRIs; empty: anything
    range: tuple[str, ...]  # IRIs; empty: anything
    single: bool  # it has one answer
    schemes: tuple[str, ...]  # IRIs of the lists its values come from


@dataclass(frozen=True)
class Module:
    """One file of the ontology."""

    name: str  # "safeguards"
    iri: str
    title: Texts
    about: Texts
    kinds: tuple[Kind, ...]  # the widest first, by label
    properties: tuple[Property, ...]  # by label

    @property
    def size(self) -> int:
        """How many terms it holds."""
        return sum(1 for kind in self.kinds for _ in walk(kind)) + len(self.properties)


def walk(kind: Kind) -> Iterable[Kind]:
    """Give a kind and all that stands under it."""
    yield kind
    for below in kind.narrower:
        yield from walk(below)


@cache
def modules() -> tuple[Module, ...]:
    """Give the modules that hold terms, the core first and the others by name."""
    found = [
        module
        for path in content.turtle_files("ontology")
        if (module := _module(path.stem, statements([path]))) is not None and module.size
    ]
    return tuple(sorted(found, key=lambda module: (module.name != "core", module.name)))


def _module(name: str, told: set[Statement]) -> Module | None:
    head = next((s.subject for s in told if s.predicate == TYPE and s.object == _ONTOLOGY), None)
    if head is None:
        return None
    known = vocabulary()
    title, about = _texts(told, head, "dct:title"), _texts(told, head, "dct:description")
    kinds = {s.subject for s in told if s.predicate == TYPE and s.object == _CLASS and is_vrd(s.subject)}
    properties = {s.subject for s in told if s.predicate == TYPE and s.object in _PROPERTIES and is_vrd(s.subject)}
    above: dict[str, set[str]] = {kind: set() for kind in kinds}
    for s in told:
        if s.predicate == _SUBCLASS and s.subject in kinds and is_vrd(s.object):
            above[s.subject].add(s.object)

    def kind(one: str, path: tuple[str, ...]) -> Kind:
        below = [other for other in kinds if one in above[other] and other not in path]
        return Kind(
            iri(one),
            known.labels[one],
            known.definitions.get(one, {}),
            tuple(sorted(map(iri, above[one]))),
            tuple(kind(other, (*path, one)) for other in _by_label(below)),
        )

    widest = [one for one in kinds if not above[one] & kinds]
    return Module(
        name,
        iri(head),
        title,
        about,
        tuple(kind(one, ()) for one in _by_label(widest)),
        tuple(_property(one, told) for one in _by_label(properties)),
    )


def _by_label(names: Iterable[str]) -> list[str]:
    labels = vocabulary().labels
    return sorted(names, key=lambda name: (labels[name].get("nl", name), name))


def _property(name: str, told: set[Statement]) -> Property:
    known = vocabulary()

    def ends(predicate: str) -> tuple[str, ...]:
        direct = {s.object for s in told if s.subject == name and s.predicate == term(predicate)}
        listed = {part for one in direct for part in (_union(one, told) if one.startswith("_:") else {one})}
        return tuple(sorted(iri(one) for one in listed))

    single = Statement(name, TYPE, term("owl:FunctionalProperty")) in told
    return Property(
        iri(name),
        known.labels[name],
        known.definitions.get(name, {}),
        ends("rdfs:domain"),
        ends("rdfs:range"),
        single,
        ends("vrd:scheme"),
    )


def _union(node: str, told: set[Statement]) -> set[str]:
    """Give the members of a class that is a union of others."""
    values = {(s.subject, s.predicate): s.object for s in told if s.subject.startswith("_:")}
    found: set[str] = set()
    rest = values.get((node, term("owl:unionOf")))
    while rest and rest != term("rdf:nil"):
        found.add(values[rest, term("rdf:first")])
        rest = values.get((rest, term("rdf:rest")))
    return found


def _texts(told: set[Statement], subject: str, name: str) -> Texts:
    found: Texts = {}
    for s in sorted(told):
        if s.subject == subject and s.predicate == term(name):
            add_text(found, s.object)
    return found
