"""Things as a page names them: words in a language, a mark, and a page where there is one."""

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext as _
from pyoxigraph import NamedNode

from vereend.networks import network
from vereend.reading import Description
from vereend.stored_queries import QUERIES, queries
from vereend.terms import CASES, NAMELESS, NAMESPACES, Statement, Text, iri, local_name, prefixed
from vereend.wording import Words
from vereend_webui.i18n import current, pick
from vereend_webui.links import page_of
from vereend_webui.site import knowledge

# mark -> the kind that gives its hue
HUES = {
    "police": "actor",
    "actor": "actor",
    "private": "actor",
    "civil": "actor",
    "power": "power",
    "power-soft": "power",
    "safeguard": "safeguard",
    "mandate": "mandate",
    "law": "law",
    "rule": "rule",
    "claim": "claim",
    "partnership": "law",
}
# What the library calls a mark that goes by another name here.
_MARKS = {"vereend": "partnership", "guideline": "claim"}


_CONFIDENCE = NamedNode(NAMESPACES["vrd"] + "confidence")


class Thing(NamedTuple):
    """A thing named on a page."""

    text: Text
    sign: str  # "" where its kind has no mark
    href: str | None
    doubt: str = ""  # "likely" or "unverified" for a provision that was not checked against the law


class Told(NamedTuple):
    """A statement of a description, to be read aloud, and the line it stands on."""

    subject: Thing
    predicate: Text
    object: Thing
    line: int | None


def sign_of_kind(kind: str | None) -> str:
    """Give the mark of a kind of page; "" where it has none."""
    sign = _MARKS.get(kind or "", kind or "")
    return sign if sign in HUES else ""


def thing(name: str, lang: str | None = None) -> Thing:
    """Name a thing of the graph, by its bare IRI."""
    kb = knowledge()
    if name.startswith(NAMESPACES["vr"]):
        return Thing(pick(kb.texts(name), lang), "rule", page_of(name, lang=lang))
    if name.startswith(QUERIES):
        asked = next((q for q in queries() if q.name == name.removeprefix(QUERIES)), None)
        return Thing(pick(asked.question if asked else {}, lang), "", page_of(name, lang=lang))
    kind = kb.kind(f"<{name}>")
    sign = kb.sign(name) or kind
    address = page_of(name, None if kind == "thing" else kind, lang)
    return Thing(pick(kb.texts(name), lang), sign_of_kind(sign), address, doubt(name))


def list_of(name: str, lang: str | None = None) -> Text | None:
    """Name the list of values a concept stands in, which tells it from others of its name; None for other things."""
    scheme = knowledge().vocabulary.scheme_of.get(f"<{name}>")
    return pick(knowledge().texts(scheme), lang) if scheme else None


def doubt(name: str) -> str:
    """Tell how a provision was not checked: "likely" or "unverified"; "" for one that was, and for other things."""
    if not name.startswith(NAMESPACES["law"]):
        return ""
    found = knowledge().store.quads_for_pattern(NamedNode(name), _CONFIDENCE, None, None)
    level = next((local_name(str(quad.object)).removeprefix("conf-") for quad in found), "")
    return level if level != "verified" else ""


def partnership_of(name: str) -> Thing | None:
    """Name the partnership in whose description a thing stands; None for what stands in none, or is one itself."""
    slug = name.removeprefix(CASES).partition("/")[0]
    case = knowledge().cases.get(slug)
    return thing(case.iri) if case and name != case.iri else None


class Namer:
    """Names the things of one description: by its own labels first, and with its own marks."""

    def __init__(self, description: Description, words: Words) -> None:
        self.description, self.words = description, words
        self.signs = {name: data["sign"] for name, data in network(description).nodes(data=True)}
        self._named: dict[str, Thing] = {}

    def thing(self, spelled: str) -> Thing:
        """Name a thing or a literal, in N-Triples spelling."""
        if spelled not in self._named:
            self._named[spelled] = self._thing(spelled)
        return self._named[spelled]

    def _thing(self, spelled: str) -> Thing:
        text = self.words.text(spelled, current())
        if not spelled.startswith("<"):
            return Thing(text, "", None)
        name = iri(spelled)
        if name in self.signs:
            address = None if name.startswith(NAMELESS) else page_of(name)
            return Thing(text, sign_of_kind(self.signs[name]), address, doubt(name))
        return Thing(text, sign_of_kind(knowledge().sign(name)), page_of(name), doubt(name))

    def told(self, statements: Iterable[Statement]) -> list[Told]:
        """Read statements aloud, in the order of their lines."""
        found = []
        for statement in statements:
            verb = self.words.statement(statement, current())[1]
            line = self.description.line_of_statement(statement)
            subject, obj = self.thing(statement.subject), self.thing(statement.object)
            found.append(Told(subject, Text(verb, current()), obj, line))
        return sorted(found, key=lambda row: (row.line is None, row.line or 0))


def foreign_predicate(name: str) -> Text | None:
    """Give words for a property that is not ours and so has no label in the ontology; None for others."""
    found = {
        "skos:inScheme": _("belongs to the list"),
        "skos:hasTopConcept": _("has as its head"),
        "skos:topConceptOf": _("is the head of"),
        "skos:broader": _("falls under"),
        "skos:scopeNote": _("note"),
        "rdfs:subClassOf": _("is a kind of"),
        "rdfs:subPropertyOf": _("is a form of"),
        "rdfs:domain": _("is said of"),
        "rdfs:range": _("leads to"),
        "owl:equivalentClass": _("is the same as"),
        "owl:disjointWith": _("is never also"),
        "owl:inverseOf": _("is the inverse of"),
        "dct:source": _("rests on"),
        "dct:title": _("title"),
        "dct:creator": _("made by"),
        "dct:license": _("licence"),
        "dct:description": _("description"),
        "dct:identifier": _("identifier"),
        "dct:date": _("date"),
        "dct:publisher": _("publisher"),
        "prov:wasDerivedFrom": _("rests on"),
        "rdf:type": _("is a"),
        "rdfs:seeAlso": _("see also"),
    }.get(prefixed(name))
    return Text(found, current()) if found else None
