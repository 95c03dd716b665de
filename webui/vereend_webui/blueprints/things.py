"""Lists and pages of actors, powers, safeguards, law, claims, concepts, and whatever else the graph tells of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vereend import mappings
from vereend.citing import cite
from vereend.knowledge import Claim, Entity, EntityRow, Relation, Value, sort_key
from vereend.reference import Kind, Property, modules
from vereend.stored_queries import QUERIES
from vereend.terms import NAMESPACES, Text, iri, local_name, prefixed, term
from vereend.usage import query_for, uses
from vereend_webui.citing import Box, box
from vereend_webui.i18n import current, other, pick
from vereend_webui.links import KIND_OF, SECTIONS, iri_of, page_of
from vereend_webui.neighbourhood import Neighbourhood, neighbourhood
from vereend_webui.site import knowledge
from vereend_webui.things import Thing, foreign_predicate, partnership_of, sign_of_kind, thing

bp = Blueprint("things", __name__)
_CONF = NAMESPACES["vc"] + "conf-"
_VRD = NAMESPACES["vrd"]


@dataclass(frozen=True)
class Tree:
    """A concept with those that fall under it."""

    thing: Thing
    definition: Text
    narrower: "tuple[Tree, ...]"


@dataclass(frozen=True)
class Scheme:
    """A list of values, as a tree."""

    anchor: str
    name: Thing
    trees: tuple[Tree, ...]
    size: int


@dataclass(frozen=True)
class OverviewPage:
    """All that things/overview.html may use."""

    sections: list[tuple[str, str, int]]  # kind, address, how many
    schemes: list[Scheme]
    modules: list["TermModule"]


@dataclass(frozen=True)
class TermEnd:
    """What has a property, or what it leads to."""

    name: Text
    href: str | None  # to its place in the reference


@dataclass(frozen=True)
class TermKind:
    """A kind of thing in the reference."""

    anchor: str  # "" where it stands higher up already, having two parents
    name: Text
    definition: Text
    href: str | None
    above: list[TermEnd]
    narrower: list["TermKind"]


@dataclass(frozen=True)
class TermProperty:
    """A property in the reference."""

    anchor: str
    name: Text
    definition: Text
    href: str | None
    domain: list[TermEnd]
    range: list[TermEnd]
    single: bool


@dataclass(frozen=True)
class TermModule:
    """A module of the ontology in the reference."""

    anchor: str
    name: Text
    about: Text
    size: int
    kinds: list[TermKind]
    properties: list[TermProperty]


@dataclass(frozen=True)
class Row:
    """A line in a list."""

    thing: Thing
    note: Text
    partnership: Thing | None  # in whose description it stands
    claim: Claim | None  # for a list of claims
    group: Thing | None  # for a list of law: the act it stands in
    confidence: str  # "verified", "likely" or "unverified" for a provision; "" for others


@dataclass(frozen=True)
class ListPage:
    """All that things/index.html may use."""

    kind: str
    section: str
    rows: list[Row]
    words: str  # the filter; "" shows all
    total: int
    modalities: list[tuple[str, Text, int, bool]]  # claims only: short name, label, how many, chosen


@dataclass(frozen=True)
class ThingPage:
    """All that things/show.html may use."""

    entity: Entity
    name: Text
    other_name: Text | None
    sign: str
    section: str
    types: list[Thing]
    definition: Text
    alternatives: list[Text]
    broader: list[Thing]
    narrower: list[Tree]
    scheme: Thing | None  # the list of values a concept stands in
    outgoing: list["Words"]
    incoming: list["Words"]
    claim: Claim | None  # when the thing is a claim itself
    partnership: Thing | None
    confidence: str
    elsewhere: list["Elsewhere"]  # terms of other vocabularies beside it
    cite: Box
    path: list[Thing]  # what it falls under, widest first, for the breadcrumb
    drawn: Neighbourhood | None
    rules: list[tuple[str, Thing]]  # that look at it, by number
    cases: list[Thing]  # partnerships whose descriptions hold it
    questions: list[Thing]  # stored ones that ask for it
    query: str  # address of a query about it
    decision: bool  # a court decision, which has no text of law
    law_link: str  # where the official text stands; "" where that is not known


@dataclass(frozen=True)
class Elsewhere:
    """A term of another vocabulary that a thing stands beside."""

    match: str  # "exact", "close", "broad" (theirs is wider), "narrow" or "related"
    name: str
    label: str
    href: str
    comment: Text
    seen: bool  # read in a copy of its vocabulary, and not in use only


@dataclass(frozen=True)
class Words:
    """A relation read aloud."""

    predicate: Text
    values: list[Thing]


def _value(entity: Entity, predicate: str) -> Value | None:
    found = next((r for r in entity.outgoing if r.predicate == _VRD + predicate), None)
    return found.values[0] if found else None


def _confidence(entity: Entity) -> str:
    value = _value(entity, "confidence")
    return (value.iri or "").removeprefix(_CONF) if value else ""


def _row(row: EntityRow) -> Row:
    kb = knowledge()
    claim = kb.claims.get(local_name(row.iri)) if row.kind == "claim" else None
    group, confidence, note = None, "", pick(row.note)
    if row.kind == "law":
        entity = kb.entity(row.iri)
        in_act, effect = _value(entity, "inAct"), _value(entity, "lawEffect")
        group = thing(in_act.iri) if in_act and in_act.iri else None
        confidence = _confidence(entity)
        note = pick(_texts(entity, "lawEffect")) if effect else note
    return Row(thing(row.iri), note, partnership_of(row.iri), claim, group, confidence)


def _texts(entity: Entity, predicate: str) -> dict[str, str]:
    """Give the words of a property in every language it has them in."""
    found: dict[str, str] = {}
    for relation in entity.outgoing:
        if relation.predicate == _VRD + predicate:
            for value in relation.values:
                found |= value.text
    return found


def _tree(name: str, below: dict[str, list[str]], seen: frozenset[str] = frozenset()) -> Tree:
    kb = knowledge()
    children = sorted(
        (c for c in below.get(name, []) if c not in seen), key=lambda c: sort_key(pick(kb.texts(c)).value)
    )
    return Tree(
        thing(iri(name)),
        pick(kb.vocabulary.definitions.get(name, {})),
        tuple(_tree(child, below, seen | {name}) for child in children),
    )


@cache
def _schemes(lang: str, root: str) -> list[Scheme]:
    """Lay the value lists out, once for a language and a place of the viewer: they do not change while it runs."""
    vocabulary = knowledge().vocabulary
    below: dict[str, list[str]] = {}
    for concept, parents in vocabulary.broader.items():
        for parent in parents:
            below.setdefault(parent, []).append(concept)
    found = []
    for scheme in vocabulary.schemes:
        members = [c for c, s in vocabulary.scheme_of.items() if s == scheme]
        tops = [c for c in members if not vocabulary.broader.get(c)]
        found.append(Scheme(local_name(scheme), thing(iri(scheme)), tuple(_tree(t, below) for t in tops), len(members)))
    return sorted(found, key=lambda s: sort_key(s.name.text.value))


@bp.get("/terms")
def overview() -> str:
    """Show the lists of things, the value lists as trees, and the terms of the model."""
    kb = knowledge()
    counted = [
        (kind, SECTIONS[kind], len(kb.entities(kind)))
        for kind in ("actor", "power", "safeguard", "mandate", "law", "claim", "guideline")
    ]

    page = OverviewPage(counted, *(lay(current(), request.script_root) for lay in (_schemes, _modules)))
    return render_template("things/overview.html", page=page)


@cache
def _modules(lang: str, root: str) -> list[TermModule]:
    """Lay out the ontology as a reference, each term with one place of its own; once, as the value lists."""
    placed: set[str] = set()
    plain = {
        "rdfs:Literal": _("text"),
        "xsd:string": _("text"),
        "xsd:date": _("date"),
        "xsd:boolean": _("yes or no"),
        "xsd:integer": _("number"),
        "owl:Thing": _("anything"),
        "skos:Concept": _("value from a list"),
    }

    def end(name: str) -> TermEnd:
        if name.startswith(NAMESPACES["vrd"]):
            return TermEnd(pick(knowledge().texts(name)), f"#{local_name(name)}")
        short = prefixed(name)
        return TermEnd(Text(plain[short], lang) if short in plain else Text(short, ""), None)

    def scheme(name: str) -> TermEnd:
        return TermEnd(pick(knowledge().texts(name)), page_of(name, "scheme"))

    def kind(one: Kind) -> TermKind:
        anchor = "" if one.iri in placed else local_name(one.iri)
        placed.add(one.iri)
        href, above = page_of(one.iri, "term"), [end(name) for name in one.above]
        return TermKind(anchor, pick(one.label), pick(one.definition), href, above, [kind(k) for k in one.narrower])

    def property_(one: Property) -> TermProperty:
        led = [scheme(name) for name in one.schemes] or [end(name) for name in one.range]
        ends = ([end(name) for name in one.domain], led)
        name, definition = pick(one.label), pick(one.definition)
        return TermProperty(local_name(one.iri), name, definition, page_of(one.iri, "term"), *ends, one.single)

    return [
        TermModule(
            f"module-{module.name}",
            Text(title.value.partition(": ")[2] or title.value, title.lang),
            pick(module.about),
            module.size,
            [kind(one) for one in module.kinds],
            [property_(one) for one in module.properties],
        )
        for module in modules()
        for title in [pick(module.title)]
    ]


@bp.get("/<any(actors, powers, safeguards, mandates, law, claims, guidelines, concepts):section>")
def index(section: str) -> str:
    """List all things of a kind; `q` narrows by words, `modality` by how a claim is meant."""
    kind, kb = KIND_OF[section], knowledge()
    listed = kb.entities(kind)
    words, wanted = request.args.get("q", "").strip()[:200], request.args.get("modality", "")
    rows = [_row(row) for row in listed]
    total = len(rows)
    modalities: dict[str, int] = {}
    if kind == "claim":
        for row in rows:
            if row.claim:
                name = local_name(row.claim.modality)
                modalities[name] = modalities.get(name, 0) + 1
        rows = [r for r in rows if not wanted or (r.claim and local_name(r.claim.modality) == wanted)]
        rows.sort(key=lambda r: r.claim.number if r.claim else "")
    if kind == "law":
        acts = {row.group.href for row in rows if row.group}
        rows = [row for row in rows if row.thing.href not in acts]  # an act heads its provisions
        rows.sort(key=_law_order)
        total = len(rows)
    asked = sort_key(words).split()
    if asked:
        rows = [r for r in rows if all(w in _haystack(r) for w in asked)]
    names = [(n, pick(kb.texts(NAMESPACES["vc"] + n)), c, n == wanted) for n, c in sorted(modalities.items())]
    return render_template("things/index.html", page=ListPage(kind, section, rows, words, total, names))


def _law_order(row: Row) -> tuple[bool, str, list[tuple[int, str]]]:
    """Sort provisions by act and then as numbers go; what stands in no act comes last."""
    parts = re.findall(r"\d+|\D+", sort_key(row.thing.text.value))
    numbers = [(int(p), "") if p.isdigit() else (0, p) for p in parts]
    return row.group is None, sort_key(row.group.text.value) if row.group else "", numbers


def _haystack(row: Row) -> str:
    parts = [
        row.thing.text.value,
        row.note.value,
        row.claim.number if row.claim else "",
        row.group.text.value if row.group else "",
    ]
    return sort_key(" ".join([*parts, row.partnership.text.value if row.partnership else ""]))


@bp.get("/thing")
def lookup() -> Response | str:
    """Show a thing by its whole IRI, for those that have no address of their own here."""
    name = request.args.get("iri", "")
    entity = knowledge().entity(name)
    address = page_of(name)
    if address and not address.startswith(url_for("things.lookup")):
        return redirect(address, 302)
    return _show(entity)


@bp.get(f"/<any({', '.join(SECTIONS.values())}):section>/<path:rest>")
def show(section: str, rest: str) -> Response | str:
    """Show a thing. An unknown one raises UnknownEntity: a 404 page."""
    name = iri_of(section, rest)
    entity = knowledge().entity(name)
    address = page_of(name)
    if address and address != url_for("things.show", section=section, rest=rest):
        return redirect(address, 302)  # it is of another kind than this address says
    return _show(entity)


def _show(entity: Entity) -> str:
    kb = knowledge()
    spelled = f"<{entity.iri}>"
    names = {lang: text for lang, text in entity.labels.items() if lang == other(current())}
    name = pick(entity.labels)
    other_name = next((Text(t, lang) for lang, t in names.items() if t != name.value), None)
    claim = kb.claims.get(local_name(entity.iri)) if entity.kind == "claim" else None
    above, below = _hierarchy(spelled)
    hidden = (
        {"vrd:confidence", "vrd:section", "vrd:page", "vrd:lines", "vrd:sha256", "vrd:modality", "vrd:normative"}
        if claim
        else set()
    )
    section = SECTIONS.get(entity.kind, "things")
    told = {"skos:broader", "skos:topConceptOf", "skos:inScheme", "rdfs:subClassOf"}
    outgoing, incoming = _words(entity.outgoing, hidden | told), _words(entity.incoming, told)
    used = uses(kb, entity.iri)
    page = ThingPage(
        entity,
        name,
        other_name,
        thing(entity.iri).sign or sign_of_kind(entity.kind),
        section,
        [thing(t) for t in entity.types if t.startswith(_VRD)],
        pick(entity.definition),
        [t for t in entity.alternatives if t.value not in (name.value, other_name.value if other_name else "")],
        [thing(iri(b)) for b in sorted(above.get(spelled, ()))],
        list(_tree(spelled, below).narrower),
        thing(iri(scheme)) if (scheme := kb.vocabulary.scheme_of.get(spelled)) else None,
        outgoing,
        incoming,
        claim,
        partnership_of(entity.iri),
        _confidence(entity),
        _elsewhere(entity.iri),
        box(cite(kb, entity.iri)),
        [thing(iri(name)) for name in _path(spelled, above)],
        neighbourhood(
            name,
            thing(entity.iri).sign or sign_of_kind(entity.kind),
            [(words.predicate, words.values) for words in incoming],
            [(words.predicate, words.values) for words in outgoing],
        ),
        [(number, thing(kb.rules[number].iri)) for number in used.rules],
        [thing(kb.cases[slug].iri) for slug in used.cases if kb.cases[slug].iri != entity.iri],
        [thing(QUERIES + query) for query in used.queries],
        url_for("questions.show", query=query_for(entity.iri, entity.kind, spelled in kb.vocabulary.classes)),
        _VRD + "CourtDecision" in entity.types,
        kb.provision(entity.iri).link(current()),
    )
    return render_template("things/show.html", page=page)


def _hierarchy(name: str) -> tuple[Mapping[str, Iterable[str]], dict[str, list[str]]]:
    """Give what a concept or class stands directly under, and what directly under it."""
    vocabulary = knowledge().vocabulary
    above: Mapping[str, Iterable[str]] = vocabulary.broader
    if name in vocabulary.classes:
        wider = {c: set(vocabulary.superclasses[c]) - {c} for c in vocabulary.classes}
        above = {c: s - set().union(*(wider.get(one, set()) for one in s)) for c, s in wider.items()}
    below: dict[str, list[str]] = {}
    for one, parents in above.items():
        for parent in parents:
            below.setdefault(parent, []).append(one)
    return above, below


def _path(name: str, above: Mapping[str, Iterable[str]]) -> list[str]:
    """Give what a thing falls under, widest first; where there are more ways up, the first by name."""
    found: list[str] = []
    while parents := sorted(p for p in above.get(name, ()) if p not in found):
        name = parents[0]
        found.append(name)
    return found[::-1]


def _elsewhere(name: str) -> list[Elsewhere]:
    return [
        Elsewhere(
            m.predicate.partition("#")[2].removesuffix("Match"),
            m.name,
            m.label,
            m.object,
            pick(m.comment),
            m.confidence > 0.8,
        )
        for m in mappings.elsewhere(name)
    ]


def _words(relations: Iterable[Relation], hidden: set[str]) -> list[Words]:
    left_out = {iri(term(name)) for name in hidden if name.split(":")[0] in NAMESPACES}
    found = []
    for relation in relations:
        if relation.predicate in left_out:
            continue
        predicate = foreign_predicate(relation.predicate) or pick(relation.label)
        found.append(Words(predicate, _things(relation.values)))
    return found


def _things(values: Iterable[Value]) -> list[Thing]:
    """Name the values of a relation; words in two languages stand once, in the language of the page."""
    listed = list(values)
    texts = [v for v in listed if v.iri is None]
    here = [v for v in texts if current() in v.text]
    kept = here if here else texts
    found = [thing(v.iri) for v in listed if v.iri is not None]
    found += [Thing(pick(v.text), "", None) for v in kept]
    return sorted(found, key=lambda t: sort_key(t.text.value))
