"""From the IRI of a thing to its page, and back.

One table says under which word each kind of thing stands in an address; the words are the same in both languages, so
that changing the language keeps the address.
"""

from urllib.parse import quote

from flask import url_for
from pyoxigraph import NamedNode

from vereend.stored_queries import QUERIES, queries
from vereend.terms import BASE, NAMESPACES
from vereend_webui.i18n import current
from vereend_webui.site import knowledge

# kind -> word in the address
SECTIONS = {
    "actor": "actors",
    "power": "powers",
    "safeguard": "safeguards",
    "mandate": "mandates",
    "law": "law",
    "claim": "claims",
    "guideline": "guidelines",
    "concept": "concepts",
    "scheme": "schemes",
    "term": "terms",
    "thing": "things",
}
KIND_OF = {section: kind for kind, section in SECTIONS.items()}
# kind -> start of its IRIs; an actor, power or safeguard has its path below kg/ in the address
_SPACES = {
    "law": NAMESPACES["law"],
    "claim": NAMESPACES["src"],
    "guideline": BASE + "guideline/",
    "concept": NAMESPACES["vc"],
    "scheme": NAMESPACES["vc"],
    "term": NAMESPACES["vrd"],
    "thing": BASE,
}
_KG = BASE + "kg/"


def page_of(iri: str | None, kind: str | None = None, lang: str | None = None) -> str | None:
    """Give the address of the page about a thing; None when the graph does not know it.

    Args:
        kind: its kind, where the caller knows; else it is looked up.
        lang: None is the language of this request.
    """
    if iri is None:
        return None
    kb = knowledge()
    lang = lang or current()
    if iri.startswith(QUERIES):
        name = iri.removeprefix(QUERIES)
        return url_for("questions.show", name=name, lang=lang) if name in {q.name for q in queries()} else None
    if iri.startswith(NAMESPACES["vr"]):
        number = iri.removeprefix(NAMESPACES["vr"])
        return url_for("rules.show", number=number, lang=lang) if number in kb.rules else None
    slug = next((case.slug for case in kb.cases.values() if case.iri == iri), None)
    if slug:
        return url_for("partnerships.show", slug=slug, lang=lang)
    if kind is None:
        kind = kb.kind(f"<{iri}>")
        if kind == "thing" and not known(iri):
            return None
    space = _SPACES.get(kind, _KG)
    if not iri.startswith(space) or kind not in SECTIONS:
        kind, space = "thing", BASE  # a house rule is a legal basis, and stands with its case
    if not iri.startswith(space):
        return url_for("things.lookup", iri=iri, lang=lang)
    return url_for("things.show", section=SECTIONS[kind], rest=iri.removeprefix(space), lang=lang)


def known(iri: str) -> bool:
    """Tell whether the graph says anything of a thing."""
    return next(iter(knowledge().store.quads_for_pattern(NamedNode(iri), None, None, None)), None) is not None


def iri_of(section: str, rest: str) -> str:
    """Give the IRI that stands behind an address."""
    return _SPACES.get(KIND_OF[section], _KG) + quote(rest, safe="/:@!$&'()*+,;=~-._%")


def data_of(iri: str, extension: str) -> str:
    """Give the address of what the graph tells of a thing, as data."""
    if iri.startswith(BASE):
        path = iri.removeprefix(BASE).replace("#", "/")
        return url_for("ids.data", path=path, extension=extension)
    return url_for("ids.about", iri=iri, extension=extension)
