"""The SPARQL 1.1 protocol, for queries: `/sparql` answers programs, and leads people to the page of questions.

It only reads. Which graphs are asked is said in the query, with FROM, or beside it, as the protocol has it.
"""

from collections.abc import Callable

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request, url_for

from vereend.errors import QueryRefused, QueryTimeout
from vereend.slow_queries import advice_json
from vereend_webui import errors, negotiation
from vereend_webui.site import knowledge, site

bp = Blueprint("sparql", __name__)

# Beside Accept, for links: a name for each form an answer can have, and the ending of its file.
FORMS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
_ENDINGS = {"turtle": "ttl", "ntriples": "nt", "json": "srj", "xml": "srx", "rdfxml": "rdf"}
_OF_UPDATES = ("using-graph-uri", "using-named-graph-uri")


@bp.route("/sparql", methods=["GET", "POST", "OPTIONS"])
def endpoint() -> Response:
    """Answer a query, in the form that is accepted."""
    if request.method == "OPTIONS":
        return _open(Response(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"}))
    text = _query()
    if text is None:
        return _describe()
    form = request.values.get("format", "")
    if form and form not in FORMS:
        raise QueryRefused(f"format={form}", "is not a format we read", f"Choose one of {', '.join(FORMS)}")
    accept = [FORMS[form]] if form else _accept()
    graphs, named = (request.values.getlist(f"{kind}-graph-uri") for kind in ("default", "named"))
    try:
        answer = site().queries.query(text, accept, graphs, named, gone=left())
    except QueryTimeout as error:
        return errors.answer(errors.status_of(error), error, more={"advice": advice_json(text)})
    response = Response(answer.body, content_type=_content_type(answer.media_type))
    response.headers["Vereend-Rows"] = str(answer.rows)
    if answer.truncated:
        response.headers["Vereend-Truncated"] = "true"
    if form:
        name = f"vereend.{_ENDINGS.get(form, form)}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.vary.add("Accept")
    return _open(response)


def left() -> Callable[[], bool] | None:
    """Give what tells whether the asker has hung up, where the server knows: a worker is then freed at once."""
    found: Callable[[], bool] | None = request.environ.get("waitress.client_disconnected")
    return found


def _query() -> str | None:
    """Find the query in a request of one of the protocol's three forms; None when there is none.

    Raises:
        QueryRefused: an update, two queries, or none where one was promised.
    """
    kind = request.mimetype
    if kind == "application/sparql-update" or any(name in request.values for name in ("update", *_OF_UPDATES)):
        raise QueryRefused(
            "request", "is an update (UPDATE)", "This endpoint only reads: write SELECT, ASK, CONSTRUCT or DESCRIBE"
        )
    if request.method == "POST" and kind == "application/sparql-query":
        try:
            return request.get_data().decode("utf-8")
        except UnicodeDecodeError:
            raise QueryRefused("query", "is not UTF-8 text", "Save it as UTF-8") from None
    if request.method == "POST" and kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise QueryRefused(
            f"Content-Type {kind or '(none)'}",
            "is not a form of this protocol",
            "Send application/sparql-query, or a form with the field query",
        )
    given = request.form.getlist("query") if request.method == "POST" else request.args.getlist("query")
    if len(given) > 1:
        raise QueryRefused("query", "is given more than once", "Send one query at a time")
    if not given and request.method == "POST":
        raise QueryRefused("query", "is missing", "Send application/sparql-query, or a form with the field query")
    return given[0] if given else None


def _accept() -> list[str]:
    found: list[str] = []
    for wanted in negotiation.accepted(request.headers.get("Accept")):
        # A browser asks for pages; of text, a table or Turtle is the nearest.
        found += {"text/*": ["text/csv", "text/turtle"], "text/html": [], "application/xhtml+xml": []}.get(
            wanted, [wanted]
        )
    return found


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _describe() -> Response:
    """Describe the service where no query is sent (SPARQL 1.1 Service Description); people get the page."""
    wanted = negotiation.choose(request.headers.get("Accept"), [*negotiation.RDF_TYPES, "text/html"])
    if wanted == "text/html":
        response = Response(status=303, headers={"Location": redirect(url_for("questions.show")).location})
    else:
        wanted = wanted or "text/turtle"
        turtle = _description(url_for(".endpoint", _external=True))
        body = turtle.encode()
        if wanted != "text/turtle":
            quads = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
            body = ox.serialize(quads, format=ox.RdfFormat.from_media_type(wanted)) or b""
        response = Response(body, content_type=_content_type(wanted))
    response.vary.add("Accept")
    return _open(response)


_W3C_FORMS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_SERVICE = """@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix schema: <http://schema.org/> .

<{url}> a sd:Service ;
  sd:endpoint <{url}> ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:feature sd:UnionDefaultGraph ;
  sd:resultFormat {forms} ;
  sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ] ;
  sd:availableGraphs [ a sd:GraphCollection{graphs} ] ;
  schema:additionalProperty {limits} .
"""
_LIMIT = """[ a schema:PropertyValue ; schema:propertyID "{name}" ; schema:value {value} ;
    schema:name "{nl}"@nl , "{en}"@en ]"""
# What each limit bounds, and its unit.
_LIMITS = {
    "query_timeout_s": ("tijd van een vraag, in seconden", "time of a query, in seconds"),
    "query_wait_s": ("wachttijd voor een vraag begint, in seconden", "wait before a query begins, in seconds"),
    "query_rows": ("rijen of uitspraken van een antwoord", "rows or statements of an answer"),
    "query_bytes": ("grootte van een antwoord, in bytes", "size of an answer, in bytes"),
    "query_characters": ("lengte van een vraag, in tekens", "length of a query, in characters"),
    "query_nesting": ("niveaus van haakjes in een vraag", "levels of brackets in a query"),
    "query_memory_bytes": ("geheugen van een vraag, in bytes", "memory of a query, in bytes"),
    "query_workers": ("vragen die tegelijk worden beantwoord", "queries that are answered at the same time"),
}


def _description(url: str) -> str:
    """Write the description in Turtle: forms, graphs (as far as this viewer holds them itself), and limits."""
    names = [] if site().graph else sorted({str(name) for name in knowledge().store.named_graphs()})
    graphs = " ; sd:namedGraph\n    " + " ,\n    ".join(f"[ sd:name {name} ]" for name in names) if names else ""
    forms = " , ".join(f"<http://www.w3.org/ns/formats/{form}>" for form in _W3C_FORMS)
    limits = " , ".join(
        _LIMIT.format(name=name, value=getattr(site().queries.limits, name), nl=nl, en=en)
        for name, (nl, en) in _LIMITS.items()
    )
    return _SERVICE.format(url=url, graphs=graphs, forms=forms, limits=limits)


def _open(response: Response) -> Response:
    """Let scripts of other sites read: everything here is public."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
    headers["Access-Control-Expose-Headers"] = "Vereend-Rows, Vereend-Truncated"
    return response
