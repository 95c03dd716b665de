"""Questions: stored ones to pick from, one's own in SPARQL, and the answers as a table."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for

from vereend.errors import UnknownEntity, VereendError
from vereend.questions import claims_of, with_prefixes
from vereend.service import QueryAnswer, query_form
from vereend.stored_queries import Parameter, StoredQuery, queries
from vereend.terms import BASE, LANGUAGES, NAMESPACES, Text, iri, prefixed, term
from vereend_webui.error_words import ErrorWords, words
from vereend_webui.errors import status_of
from vereend_webui.i18n import current, pick
from vereend_webui.links import page_of
from vereend_webui.site import knowledge, site
from vereend_webui.things import Thing, thing

bp = Blueprint("questions", __name__)
# Rows put in the table; a page with more reads badly. Downloads hold all.
_SHOWN = 500


@dataclass(frozen=True)
class Cell:
    """One value: a thing with a page, a word, or nothing (thing and text None)."""

    thing: Thing | None
    text: Text | None
    title: str  # the whole IRI; "" for words


@dataclass(frozen=True)
class Answers:
    """What came of a query."""

    form: str  # table, yes-no or graph
    variables: list[str]
    rows: list[list[Cell]]
    claims: list[list[tuple[str, str]]]  # number and address of those behind each row; empty where no row has any
    yes: bool
    body: str  # the answer as it was sent
    total: int
    truncated: bool
    milliseconds: int


@dataclass(frozen=True)
class Choice:
    """A parameter of a stored question: a list to choose one concept from."""

    name: str
    label: Text
    chosen: str  # prefixed name
    options: list[tuple[str, str]]  # prefixed name, label


@dataclass(frozen=True)
class QuestionsPage:
    """All that questions/show.html may use."""

    groups: list[tuple[Text, list[StoredQuery]]]
    number: int  # of stored questions
    chosen: StoredQuery | None
    parameters: list[Choice]  # of the chosen query
    question: Text  # of the chosen query; empty for one's own
    note: str
    query: str
    view: str  # table or raw
    answers: Answers | None
    error: ErrorWords | None
    error_place: list[int]  # line and column, from 1; empty when not known
    downloads: list[tuple[str, str]]  # name, address
    link: str  # this question, to pass on
    timeout_s: float
    max_rows: int
    prefixes: list[tuple[str, str]]


@bp.route("/questions", methods=["GET", "POST"])
def show() -> Response:
    """Show the questions, and the answers to the one picked or written."""
    stored = queries()
    text = (request.values.get("query") or "").replace("\r\n", "\n")
    name = request.values.get("name", "")
    chosen = next((q for q in stored if q.name == name), None)
    if name and chosen is None:
        raise UnknownEntity(
            repr(name), "is not a stored question", f"Choose one of {', '.join(q.name for q in stored)}"
        )
    if chosen is None and not text.strip() and stored:
        chosen = stored[0]
    answers, error = None, None
    values: dict[str, str] = {}
    if chosen:
        values = {p.name: request.values[p.name] for p in chosen.parameters if request.values.get(p.name)}
        try:
            filled = chosen.filled(values)
        except VereendError as problem:
            raise UnknownEntity(problem.where, problem.problem, problem.remedy) from None
        if text.strip() and text.strip() != filled.strip():
            chosen = None  # it has been changed
        text = text if text.strip() else filled
    if text.strip():
        try:
            answers = _ask(text)
        except VereendError as problem:
            error = problem
    complete = with_prefixes(text)
    limits = site().settings
    page = QuestionsPage(
        _groups(stored),
        len(stored),
        chosen,
        [_choice(p, values.get(p.name, p.default)) for p in chosen.parameters] if chosen else [],
        pick(chosen.question) if chosen else Text("", ""),
        chosen.note if chosen else "",
        text,
        "raw" if request.values.get("view") == "raw" else "table",
        answers,
        words(error) if error else None,
        _place(error, text) if error else [],
        [(label, url_for("sparql.endpoint", query=complete, format=f)) for label, f in _formats(answers)],
        url_for(".show", name=chosen.name, **values) if chosen else url_for(".show", query=text),
        limits.query_timeout_s,
        limits.query_rows,
        [(name, space) for name, space in NAMESPACES.items() if name != "may"],
    )
    return Response(
        render_template("questions/show.html", page=page), status_of(error) if error else 200, mimetype="text/html"
    )


def _groups(stored: Sequence[StoredQuery]) -> list[tuple[Text, list[StoredQuery]]]:
    found: dict[str, list[StoredQuery]] = {}
    for query in stored:
        found.setdefault(query.group, []).append(query)
    named = [(knowledge().label(iri(group), current()), members) for group, members in found.items()]
    return sorted(named, key=lambda pair: pair[0].value)


def _choice(parameter: Parameter, chosen: str) -> Choice:
    options = [(name, knowledge().label(iri(term(name)), current()).value) for name in parameter.choices]
    return Choice(
        parameter.name, pick(parameter.label), chosen, sorted(options, key=lambda option: option[1].casefold())
    )


def _formats(answers: Answers | None) -> list[tuple[str, str]]:
    if answers is None:
        return []
    if answers.form == "graph":
        return [("Turtle", "turtle"), ("N-Triples", "ntriples"), ("JSON-LD", "jsonld")]
    return [("CSV", "csv"), ("TSV", "tsv"), ("JSON", "json"), ("XML", "xml")]


def _place(error: VereendError, text: str) -> list[int]:
    """Find the place an error names, as the reader counts: the prefixes we declared stand before the first line."""
    found = re.search(r"line (\d+), column (\d+)", error.where)
    if not found:
        return []
    line, column = int(found[1]), int(found[2])
    if line == 1:
        column -= len(with_prefixes(text)) - len(text)
    return [line, max(1, column)]


def _ask(text: str) -> Answers:
    form = query_form(text)
    answer = site().queries.query(
        with_prefixes(text), ["application/sparql-results+json" if form == "select" else "text/turtle"]
    )
    body = answer.body.decode()
    if form == "graph":
        return _answers("graph", answer, body)
    results = json.loads(body)
    if "boolean" in results:
        return _answers("yes-no", answer, body, yes=bool(results["boolean"]))
    names: list[str] = results["head"]["vars"]
    bindings = results["results"]["bindings"][:_SHOWN]
    rows = [[_cell(binding.get(n)) for n in names] for binding in bindings]
    behind = [claims_of(binding) for binding in bindings]
    claims = [[(n, page_of(NAMESPACES["src"] + n) or "") for n in found] for found in behind] if any(behind) else []
    return _answers("table", answer, body, names, rows, claims)


def _answers(
    form: str,
    answer: QueryAnswer,
    body: str,
    names: list[str] | None = None,
    rows: list[list[Cell]] | None = None,
    claims: list[list[tuple[str, str]]] | None = None,
    yes: bool = False,
) -> Answers:
    shown = body if len(body) <= 200_000 else body[:200_000] + "\n…"
    return Answers(
        form,
        names or [],
        rows or [],
        claims or [],
        yes,
        shown,
        answer.rows,
        answer.truncated,
        round(answer.seconds * 1000),
    )


def _cell(value: dict[str, str] | None) -> Cell:
    if value is None:
        return Cell(None, None, "")
    if value["type"] == "uri":
        name = value["value"]
        if name.startswith(BASE):
            return Cell(thing(name), None, name)
        return Cell(None, Text(prefixed(name), ""), name)
    lang = value.get("xml:lang", "")
    return Cell(None, Text(value["value"], lang if lang in LANGUAGES else ""), "")
