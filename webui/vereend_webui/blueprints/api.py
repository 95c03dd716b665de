"""The answers of the pages for programs: validate, network, search, and the description of all of it."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from vereend import __version__, matrices, side_by_side
from vereend.answers import parse_answers
from vereend.contexts import words
from vereend.errors import VereendError
from vereend.knowledge import KIND_NAMES
from vereend.networks import FORMATS as NETWORK_FORMATS
from vereend.networks import export
from vereend.reading import FORMATS, Description, decode, parse
from vereend.rule_index import Choice, as_csv, choose, rows, weights
from vereend.search import FACETS, found_dict
from vereend.service import query_form
from vereend.terms import LANGUAGES, prefixed
from vereend.validation import validate
from vereend.why_empty import evaluator, why_dict, why_empty
from vereend.why_words import proposal, sentences
from vereend_webui.blueprints.comparing import REPORT, chosen_cases
from vereend_webui.blueprints.network import asked
from vereend_webui.openapi import document
from vereend_webui.site import knowledge, site
from vereend_webui.things import HUES, list_of, thing

bp = Blueprint("api", __name__)
_MIMES = {
    "text/turtle": "turtle",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/n-triples": "ntriples",
    "application/yaml": "yaml",
}
_MOST_FILES = 50


@bp.after_request
def public(response: Response) -> Response:
    """Let pages of others ask as well."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
    return response


@bp.get("/healthz")
def health() -> Response:
    """Say that the viewer lives and has read its content."""
    kb = knowledge()
    return jsonify(status="ok", version=__version__, rules=len(kb.rules), cases=len(kb.cases))


@bp.get("/readyz")
def ready() -> Response:
    """Say whether questions can be put to this viewer: 503 while it starts and while it stops."""
    state = "stopping" if site().stopping.is_set() else "ready" if site().warm.is_set() else "starting"
    response = jsonify(status=state)
    response.status_code = 200 if state == "ready" else 503
    return response


@bp.get("/openapi.json")
def openapi() -> Response:
    """Describe this interface (OpenAPI 3.1)."""
    return jsonify(document(request.url_root.rstrip("/")))


@bp.post("/api/validate")
def check() -> Response:
    """Judge one or more descriptions; answers with the JSON contract of `vereend validate --format json`."""
    files, settings = descriptions()
    with site().judging():
        report = validate(files, **settings, inference=_inference())
    return jsonify(report.to_dict())


def _inference() -> str:
    """Read what to infer before judging, from the address or from what was sent."""
    sent = request.get_json(silent=True)
    told = text_of(sent, "inference") if isinstance(sent, dict) and sent.get("inference") is not None else ""
    return request.args.get("inference") or told or "none"


def descriptions() -> tuple[list[Description], dict[str, Any]]:
    """Read what was sent: one description as it is, or JSON that holds one or more."""
    kind = request.mimetype
    asked: dict[str, Any] = {name: request.args[name] for name in ("phase", "on") if request.args.get(name)}
    if request.args.get("rules"):
        asked["rules"] = [r for r in request.args["rules"].split(",") if r]
    if kind in _MIMES:
        name = request.args.get("name", "description")[:120]
        return [parse(decode(request.get_data(), name), name, _MIMES[kind])], asked
    if kind != "application/json":
        raise VereendError(
            f"Content-Type {kind or '(none)'}",
            "is not a form this takes",
            f"Send application/json, or one of {', '.join(_MIMES)}",
        )
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise VereendError(
            "request", "is not a JSON object", 'Send {"text": "..."} or {"files": [{"name": "...", "text": "..."}]}'
        )
    asked |= {name: text_of(sent, name) for name in ("phase", "on") if sent.get(name) is not None}
    if sent.get("rules") is not None:
        asked["rules"] = _rules(sent["rules"])
    files = sent.get("files", [sent])
    if not isinstance(files, list) or not files or not all(isinstance(f, dict) for f in files):
        raise VereendError("files", "is not a list of descriptions", 'Send {"files": [{"name": "...", "text": "..."}]}')
    if len(files) > _MOST_FILES:
        raise VereendError("files", f"is longer than {_MOST_FILES} descriptions", "Send them in parts")
    return [_one(file) for file in files], asked


def _one(file: dict[str, Any]) -> Description:
    if "text" not in file:
        raise VereendError(
            "request", "holds no text", 'Send {"text": "..."} or {"files": [{"name": "...", "text": "..."}]}'
        )
    form = text_of(file, "format") if file.get("format") is not None else None
    if form is not None and form not in FORMATS:
        raise VereendError(f"format {form}", "is not a format we read", f"Choose one of {', '.join(FORMATS)}")
    name = text_of(file, "name")[:120] if file.get("name") is not None else "description"
    description = parse(text_of(file, "text"), name, form)
    answers = text_of(file, "answers") if file.get("answers") is not None else ""
    return replace(description, answers=parse_answers(answers, "answers")) if answers else description


def text_of(sent: dict[str, Any], name: str) -> str:
    """Give what was sent under a name.

    Raises:
        VereendError: it is no text.
    """
    value = sent.get(name)
    if not isinstance(value, str):
        raise VereendError(name, "is not a text", "Write it between quotation marks")
    return value


def _rules(sent: object) -> list[str]:
    if not isinstance(sent, list) or not all(isinstance(rule, str) for rule in sent):
        raise VereendError(
            "rules", "is not a list of rules", 'Send a list of numbers or themes, as in ["R13", "oversight"]'
        )
    return [str(rule) for rule in sent]


@bp.get("/api/network")
def network() -> Response:
    """Give the network of a case (`case`), or of all the report's, in a form (`format`), chosen as on its page."""
    found, form = asked(request.args), request.args.get("format", "json")
    lang = request.args.get("lang", "en") if request.args.get("lang", "en") in LANGUAGES else "en"
    if form == "json":
        nodes = [
            {"iri": n, "kind": d["kind"], "sign": d["sign"], "label": {x: d[f"label_{x}"] for x in LANGUAGES}}
            for n, d in found.graph.nodes(data=True)
        ]
        lines = [
            {
                "source": s,
                "target": t,
                **{key: d[key] for key in ("predicate", "line", "since", "until")},
                "claims": d["claims"].split(),
                "label": {x: d[f"label_{x}"] for x in LANGUAGES},
            }
            for s, t, d in found.graph.edges(data=True)
        ]
        return jsonify(case=found.case, nodes=nodes, lines=lines)
    types = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml"}
    if form not in NETWORK_FORMATS or form == "table":
        known = ", ".join(name for name in NETWORK_FORMATS if name != "table")
        raise VereendError(f"format={form}", "is not a format we read", f"Choose one of {known}")
    response = Response(export(found.graph, form, lang), content_type=types.get(form, "application/xml"))
    response.headers["Content-Disposition"] = f'attachment; filename="vereend-network-{found.case}.{form}"'
    return response


@bp.get("/api/compare")
def compare() -> Response:
    """Set two cases (`a`, `b`) side by side, as JSON or CSV (`format`)."""
    kb = knowledge()
    for name in ("a", "b"):
        if not request.args.get(name):
            raise VereendError(name, "is missing", f"Choose one of {', '.join(kb.cases)}")
    files = [kb.report(kb.case(request.args[name]).slug).files[0] for name in ("a", "b")]
    found = side_by_side.side_by_side(*files)
    return _as_asked(found.to_dict(), lambda lang: side_by_side.as_csv(found, lang), "compare")


@bp.get("/api/matrix")
def matrix() -> Response:
    """Set cases (`of`) beside each other by safeguards or by rules (`by`), as JSON or CSV (`format`)."""
    kb = knowledge()
    slugs = chosen_cases(request.args.get("of", REPORT))
    found = matrices.matrix([kb.report(slug).files[0] for slug in slugs], request.args.get("by", matrices.SAFEGUARDS))
    return _as_asked(found.to_dict(), lambda lang: matrices.as_csv(found, lang), f"matrix-{found.by}")


def _as_asked(found: dict[str, Any], table: Callable[[str], str], name: str) -> Response:
    """Answer with JSON or with a table, by `format` and `lang`."""
    form = request.args.get("format", "json")
    lang = request.args.get("lang", "en") if request.args.get("lang", "en") in LANGUAGES else "en"
    if form == "json":
        return jsonify(found)
    if form != "csv":
        raise VereendError(f"format={form}", "is not a format we read", "Choose one of json, csv")
    response = Response(table(lang), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="vereend-{name}.csv"'
    return response


@bp.get("/api/rules")
def rules() -> Response:
    """List the rules that fit `theme`, `phase`, `severity`, `judge` and `words`, as JSON or CSV (`format`)."""
    lang = request.args.get("lang", "en") if request.args.get("lang", "en") in LANGUAGES else "en"
    choice = Choice(**{field.name: request.args.get(field.name, "").strip()[:120] for field in fields(Choice)})
    found = choose(knowledge().rules.values(), choice)
    listed = {"rules": rows(found, lang), "weights": weights(found)}
    return _as_asked(listed, lambda lang: as_csv(found, lang), "rules")


@bp.get("/api/search")
def search() -> Response:
    """Find things by words (`q`) and facets, closest first; `lang` is the language of the pages named."""
    words = request.args.get("q", "").strip()[:200]
    lang = request.args.get("lang", "nl") if request.args.get("lang", "nl") in LANGUAGES else "nl"
    try:
        limit = max(1, min(100, int(request.args.get("limit", "20"))))
    except ValueError:
        raise VereendError("limit", "is not a number", "Write digits, as in limit=20") from None
    found = knowledge().index.search(words, {name: request.args.get(name, "") for name in FACETS}, limit)
    answer = {"query": words, **found_dict(found)}
    for hit in answer["results"]:
        named = thing(hit["iri"], lang)
        values = list_of(hit["iri"], lang)
        kind_name = KIND_NAMES[hit["kind"]][lang] + (f": {values.value}" if values else "")
        hit |= {"page": named.href, "kindName": kind_name}
        hit |= {"sign": named.sign, "hue": HUES.get(named.sign, "")}
    return jsonify(answer)


@bp.get("/api/why-empty")
def why() -> Response:
    """Tell why a query (`query`) has no answers, as `vereend query --why` does."""
    text = request.args.get("query", "")
    query_form(text)
    found = why_empty(text, evaluator(site().queries))
    proposals = [{lang: proposal(one, lang) for lang in LANGUAGES} for one in found.suggestions]
    return jsonify(
        **why_dict(found), sentences={lang: sentences(found, lang) for lang in LANGUAGES}, proposals=proposals
    )


@bp.get("/api/terms")
def terms() -> Response:
    """Give the terms a description or a query may use, for an editor to offer, each with what it goes together with.

    With `form=yaml` they are words instead, as a description in YAML has them. A property tells which classes have it
    (`of`; none where any may), the class its values are of (`leads`) and the list they come from; a constant its list;
    a class all it falls under (`above`).
    """
    lang = request.args.get("lang", "nl") if request.args.get("lang", "nl") in LANGUAGES else "nl"
    if request.args.get("form") == "yaml":
        return jsonify(_words(lang))
    known = knowledge().vocabulary
    sorts = (("class", known.classes), ("property", known.properties), ("constant", known.concepts))
    lists = known.value_scheme | known.scheme_of
    found = [
        {
            "name": prefixed(name),
            "label": label.value if (label := known.label(name, lang)) else "",
            "labels": known.labels.get(name, {}),
            "kind": sort,
            "of": sorted(map(prefixed, known.domains.get(name, ()))),
            "leads": prefixed(known.ranges.get(name, "")),
            "list": prefixed(lists.get(name, "")),
            "above": sorted(map(prefixed, known.superclasses.get(name, ()))),
        }
        for sort, names in sorts
        for name in sorted(names)
    ]
    return jsonify(found)


def _words(lang: str) -> list[dict[str, str]]:
    """Give the words of a description in YAML: keys, kinds, and values of lists."""
    own = words(lang)
    values = {label: concept for labels in own.values.values() for label, concept in labels.items()}
    sorts = (("property", own.keys), ("class", own.kinds), ("constant", values))
    return [{"name": w, "label": prefixed(n), "kind": kind} for kind, all_ in sorts for w, n in sorted(all_.items())]
