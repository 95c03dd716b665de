"""The IRIs of things: each leads to a page or to data, as the asker accepts. And the data themselves.

A resolver at w3id.org sends https://w3id.org/vereend/X to /id/X here; the path of the IRI itself works as well. A thing
has no language: the 303 chooses that of the page.
"""

from collections.abc import Iterable

import pyoxigraph as ox
from flask import Blueprint, Response, request, url_for

from vereend import content
from vereend.dataset import PREFIXES, describe
from vereend.errors import UnknownEntity
from vereend.store import GRAPH
from vereend.terms import BASE, LANGUAGES, NAMESPACES
from vereend_webui import negotiation
from vereend_webui.links import page_of
from vereend_webui.site import knowledge

bp = Blueprint("ids", __name__)
_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "nt": ox.RdfFormat.N_TRIPLES,
}
_PREFIXES = {name: space for name, space in NAMESPACES.items() if name != "may"}
_SPACES = "concept, rule, claim, law, kg, guideline, source, ns, shapes, graph"


def _iri(path: str) -> str:
    """Give the IRI behind a path: that below the base, and ns/X for ns#X."""
    return NAMESPACES["vrd"] + path[3:] if path.startswith("ns/") else BASE + path


@bp.get("/id/<path:path>")
@bp.get(f"/<any({_SPACES}):space>", defaults={"path": ""})
@bp.get(f"/<any({_SPACES}):space>/<path:path>")
def identify(path: str, space: str = "") -> Response:
    """Lead to a page for people, to data for programs. An unknown thing raises UnknownEntity: a 404 page."""
    path = f"{space}/{path}".rstrip("/") if space else path
    if path == "dataset":
        return Response(status=303, headers={"Location": url_for(".dataset")})
    _statements(path)  # an unknown thing ends here
    name = _iri(path)
    lang = request.accept_languages.best_match(LANGUAGES) or "nl"
    page = _page(path, name, lang)
    offered = (["text/html"] if page else []) + list(negotiation.RDF_TYPES)
    wanted = negotiation.choose(request.headers.get("Accept"), offered)
    if wanted is None:
        response = Response(f"Offered here: {', '.join(offered)}\n", 406, content_type="text/plain; charset=utf-8")
    else:
        address = (
            page if wanted == "text/html" else url_for(".data", path=path, extension=negotiation.RDF_TYPES[wanted])
        )
        response = Response(status=303, headers={"Location": address or ""})
    for media_type, extension in negotiation.RDF_TYPES.items():
        response.headers.add(
            "Link", f'<{url_for(".data", path=path, extension=extension)}>; rel="alternate"; type="{media_type}"'
        )
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _page(path: str, name: str, lang: str) -> str | None:
    if path == "ns":
        return url_for("things.overview", lang=lang)
    if path == "graph" or path == "shapes":
        return url_for("about.data", lang=lang)
    if path.startswith("graph/case/") and path.removeprefix("graph/case/") in knowledge().cases:
        return url_for("partnerships.show", slug=path.removeprefix("graph/case/"), lang=lang)
    if path.startswith("shapes/"):
        number = path.removeprefix("shapes/").partition("-")[0]
        return url_for("rules.show", number=number, lang=lang) if number in knowledge().rules else None
    if path.startswith("graph/"):
        return url_for("about.data", lang=lang)
    return page_of(name, lang=lang)


def _statements(path: str) -> list[ox.Triple]:
    """Give what the graph tells at a path: of a thing, of a named graph, or of the whole ontology.

    Raises:
        UnknownEntity: nothing.
    """
    store = knowledge().store
    quads: Iterable[ox.Quad]
    if path == "ns":
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + "ontology"))
    elif path in ("graph", "shapes"):
        quads = store.quads_for_pattern(
            None, None, None, ox.NamedNode(GRAPH + ("graphs" if path == "graph" else "rules"))
        )
    elif path.startswith("graph/"):
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(BASE + path))
    elif path.startswith("shapes/"):
        number = path.removeprefix("shapes/").partition("-")[0]
        quads = _about(NAMESPACES["vr"] + number)
    else:
        quads = _about(_iri(path))
    found = sorted({quad.triple for quad in quads}, key=str)
    if not found:
        raise UnknownEntity(_iri(path), "is not in this graph", "Look it up by its label, or check the address")
    return found


def _about(name: str) -> list[ox.Quad]:
    """Give the statements with a thing as subject, what hangs on it without a name, and those that lead to it."""
    store = knowledge().store
    try:
        node = ox.NamedNode(name)
    except ValueError:
        return []
    todo: list[ox.NamedNode | ox.BlankNode] = [node]
    found: list[ox.Quad] = []
    seen: set[object] = set()
    while todo:
        subject = todo.pop()
        seen.add(subject)
        for quad in store.quads_for_pattern(subject, None, None, None):
            found.append(quad)
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                todo.append(quad.object)
    if found:
        found += [q for q in store.quads_for_pattern(None, None, node, None) if isinstance(q.subject, ox.NamedNode)]
    inferred = ox.NamedNode(GRAPH + "inferred")
    return [quad for quad in found if quad.graph_name != inferred]


@bp.get("/data/<path:path>.<any(ttl, jsonld, rdf, nt):extension>")
def data(path: str, extension: str) -> Response:
    """Hand over what the graph tells of a thing, or a whole named graph (graph/case/shoplifting)."""
    return _serialized(_statements(path), extension)


@bp.get("/dataset")
@bp.get("/.well-known/void")
def dataset() -> Response:
    """Describe the whole: as a page at /dataset, as data there and at /.well-known/void (VoID, section 7.2)."""
    pages = ["text/html"] if request.path == "/dataset" else []
    wanted = negotiation.choose(request.headers.get("Accept"), [*pages, *negotiation.RDF_TYPES])
    if wanted is None and not pages:
        wanted = "text/turtle"  # a browser that follows the link gets something to read
    if wanted == "text/html":
        lang = request.accept_languages.best_match(LANGUAGES) or "nl"
        response = Response(status=303, headers={"Location": url_for("about.data", lang=lang)})
    elif wanted is None:
        offered = ", ".join([*pages, *negotiation.RDF_TYPES])
        response = Response(f"Offered here: {offered}\n", 406, content_type="text/plain; charset=utf-8")
    else:
        told = describe(knowledge(), request.url_root)
        response = _serialized(told, negotiation.RDF_TYPES[wanted], PREFIXES)
    response.vary.update(("Accept", "Accept-Language"))
    return response


@bp.get("/data/about.<any(ttl, jsonld, rdf, nt):extension>")
def about(extension: str) -> Response:
    """Hand over what the graph tells of a thing that has no address of its own here (`iri`)."""
    name = request.args.get("iri", "")
    quads = _about(name)
    if not quads:
        raise UnknownEntity(name, "is not in this graph", "Look it up by its label, or check the address")
    return _serialized(sorted({quad.triple for quad in quads}, key=str), extension)


def _serialized(triples: list[ox.Triple], extension: str, prefixes: dict[str, str] = _PREFIXES) -> Response:
    body = ox.serialize(triples, format=_FORMATS[extension], prefixes=prefixes) or b""
    media_type = negotiation.EXTENSIONS[extension]
    response = Response(
        body, content_type=f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/data/portable/<number>.ttl")
def portable(number: str) -> Response:
    """Hand over the file of portable SHACL that holds a rule's shape."""
    rule = knowledge().rules.get(number.upper())
    if rule is None:
        raise UnknownEntity(number, "is not in this graph", "Look it up by its label, or check the address")
    path = content.root() / "shapes" / rule.source.name
    response = Response(path.read_bytes(), content_type="text/turtle; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
