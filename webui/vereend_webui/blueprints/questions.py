"""Questions: stored ones to pick from, one's own in SPARQL, and the answers as a table, a drawing or a file."""

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from vereend.answer_page import answer_page
from vereend.citing import Cited, cite, cite_result
from vereend.errors import UnknownEntity, VereendError
from vereend.mappings import spaces
from vereend.pinning import Compared, Pin, compare, graph_digest, pin, read_pin, written
from vereend.questions import name_of, with_prefixes, workbook
from vereend.results import Results, Value, read_graph, read_results
from vereend.service import QueryAnswer, query_form
from vereend.slow_queries import Advice, advice
from vereend.stored_queries import QUERIES, Parameter, StoredQuery, queries
from vereend.terms import BASE, LANGUAGES, NAMESPACES, Text, iri, prefixed, term
from vereend.why_empty import Passage, evaluator, why_empty
from vereend.why_words import proposal, sentences
from vereend_webui.answer_drawing import Cell, Chart, Matrix, Ties, chart, matrix, ties
from vereend_webui.blueprints.sparql import left
from vereend_webui.citing import Box, box
from vereend_webui.error_words import ErrorWords, words
from vereend_webui.errors import status_of
from vereend_webui.i18n import current, pick
from vereend_webui.links import page_of
from vereend_webui.site import knowledge, site
from vereend_webui.things import thing

bp = Blueprint("questions", __name__)
# Rows of a table shown at a time. Downloads hold all.
_SHOWN = 50
# What the address of this page may carry beside a question; no parameter of a stored question may be called so.
VIEW_FIELDS = ("view", "show", "sort", "find", "page", "first", "second", "pin")
VIEWS = ("table", "chart", "network", "matrix", "raw")


@dataclass(frozen=True)
class Column:
    """A column of the table."""

    name: str
    sorted: str  # ascending, descending or ""
    href: str  # sorts by it, or turns the order round
    numeric: bool


@dataclass(frozen=True)
class Drawn:
    """An answer in another view than the table, and the columns it can be drawn from."""

    chart: Chart | None = None
    ties: Ties | None = None
    matrix: Matrix | None = None
    first: list[str] = field(default_factory=list)  # columns that fit in the first place
    second: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answers:
    """What came of a query."""

    form: str  # table, yes-no or graph
    yes: bool
    columns: list[Column]
    rows: list[list[Cell]]  # of this page
    claims: list[list[tuple[str, str]]]  # number and address of those behind each row; empty where no row has any
    first: int  # number of the first row shown
    found: int  # rows that fit what is sought
    find: str
    pages: list[tuple[str, str]]  # "previous" and "next", each with its address
    views: list[tuple[str, str]]  # views that fit, each with its address
    names: list[tuple[str, str]]  # "labels" and "names", each with its address
    hidden: int  # columns left out because they only name a thing in another language
    drawn: Drawn
    then: Pin | None  # the answer as it was cited; None where the address pins none
    compared: Compared | None  # with this one
    came: list[bool]  # of each row of this page, whether it is new since then
    pinned: str  # address that tells later whether the answer is still this; "" for an answer that was cut off
    cite: Box | None
    page_file: str  # address of question and answer as one file
    body: str  # the answer as it was sent
    total: int
    truncated: bool
    milliseconds: int


@dataclass(frozen=True)
class NoAnswer:
    """Why there are no answers, and questions that may have been meant."""

    sentences: list[str]
    culprit: Passage | None
    proposals: list[tuple[str, str]]  # what is proposed, and the address of the query with it


@dataclass(frozen=True)
class Choice:
    """A parameter of a stored question: a list to choose one concept from."""

    name: str
    label: Text
    chosen: str  # prefixed name
    options: list[tuple[str, str]]  # prefixed name, label


@dataclass(frozen=True)
class View:
    """How an answer is looked at: what the address carries beside the question."""

    question: dict[str, Any]  # name and its parameters, or query
    view: str
    show: str  # labels or names
    sort: str
    find: str
    page: int
    first: str  # columns of a drawing; "" for those that fit best
    second: str
    pin: str  # of the answer when it was cited; "" for none

    def address(self, **changes: str | int) -> str:
        """Give the address of this view with something changed; what is as usual is left out."""
        usual = {"view": "table", "show": "labels", "page": 1}
        fields = {name: changes.get(name, getattr(self, name)) for name in VIEW_FIELDS}
        kept: dict[str, Any] = {name: value for name, value in fields.items() if value and value != usual.get(name)}
        return url_for("questions.show", **self.question, **kept)

    def fields(self, *without: str) -> list[tuple[str, str]]:
        """Give what a form that changes one of these has to carry of the others."""
        told = {name: str(getattr(self, name)) for name in VIEW_FIELDS if name not in ("page", *without)}
        return [(name, value) for name, value in {**self.question, **told}.items() if value]


@dataclass(frozen=True)
class Slow:
    """A slow spelling in the query, and the faster one."""

    found: str
    why: Text
    instead: Text
    address: str  # of the query in the faster spelling; "" where it is not certain to answer the same


@dataclass(frozen=True)
class QuestionsPage:
    """All that questions/show.html may use."""

    groups: list[tuple[Text, list[StoredQuery]]]
    number: int  # of stored questions
    chosen: StoredQuery | None
    parameters: list[Choice]  # of the chosen query
    question: Text  # of the chosen query; empty for one's own
    note: Text  # on its rows
    query: str
    view: View
    answers: Answers | None
    no_answer: NoAnswer | None  # None where there are answers
    error: ErrorWords | None
    error_place: list[int]  # line and column, from 1; empty when not known
    slow: list[Slow]
    downloads: list[tuple[str, str]]  # name, address
    link: str  # this question and this view, to pass on
    timeout_s: float
    max_rows: int
    prefixes: list[tuple[str, str]]  # declared for the asker
    spaces: dict[str, str]  # by prefix: those, and of vocabularies that can be declared


@dataclass(frozen=True)
class _Asked:
    """What a request asks."""

    text: str
    chosen: StoredQuery | None
    values: dict[str, str]

    @property
    def fields(self) -> dict[str, Any]:
        return {"name": self.chosen.name, **self.values} if self.chosen else {"query": self.text}


def _asked() -> _Asked:
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
    return _Asked(text, chosen, values)


def _view(asked: _Asked) -> View:
    given = request.values
    page = given.get("page", "")
    return View(
        asked.fields,
        given["view"] if given.get("view") in VIEWS else "table",
        "names" if given.get("show") == "names" else "labels",
        given.get("sort", "")[:80],
        given.get("find", "").strip()[:200],
        int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        given.get("first", "")[:80],
        given.get("second", "")[:80],
        given.get("pin", "")[:8000],
    )


@bp.route("/questions", methods=["GET", "POST"])
def show() -> Response:
    """Show the questions, and the answers to the one picked or written."""
    asked = _asked()
    view, text, chosen = _view(asked), asked.text, asked.chosen
    answers, error = None, None
    if text.strip():
        try:
            answers = _answers(asked, view)
        except VereendError as problem:
            error = problem
    limits = site().settings
    stored = queries()
    page = QuestionsPage(
        _groups(stored),
        len(stored),
        chosen,
        [_choice(p, asked.values.get(p.name, p.default)) for p in chosen.parameters] if chosen else [],
        pick(chosen.question) if chosen else Text("", ""),
        pick(chosen.note) if chosen else Text("", ""),
        text,
        view,
        answers,
        _no_answer(text) if answers and not (answers.total and (answers.form != "yes-no" or answers.yes)) else None,
        words(error) if error else None,
        _place(error, text) if error else [],
        [_slow(one) for one in advice(text)],
        _downloads(asked, answers),
        view.address(),
        limits.query_timeout_s,
        limits.query_rows,
        [(name, space) for name, space in NAMESPACES.items() if name != "may"],
        spaces() | NAMESPACES,
    )
    return Response(
        render_template("questions/show.html", page=page), status_of(error) if error else 200, mimetype="text/html"
    )


def _slow(one: Advice) -> Slow:
    address = url_for(".show", query=one.rewritten) if one.rewritten else ""
    return Slow(one.found, pick(one.slow), pick(one.instead), address)


@bp.get("/questions/answers.xlsx")
def spreadsheet() -> Response:
    """Give the answers to a question as a workbook, with the question on its second sheet."""
    asked = _asked()
    found = site().queries.query(with_prefixes(asked.text), [_TYPES[query_form(asked.text)]])
    address = url_for(".show", **asked.fields, _external=True)
    body = workbook(asked.text, found, current(), address, knowledge())
    response = Response(body, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    name = asked.chosen.name if asked.chosen else "vereend"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@bp.get("/questions/answers.html")
def page_file() -> Response:
    """Give a question and its answer as one file that needs no server."""
    asked = _asked()
    answered = _ask(asked.text)
    pinned = pin(answered.said, graph_digest(knowledge()))
    link = url_for(".show", **asked.fields, pin=written(pinned), _external=True)
    page = answer_page(
        answered.results,
        answered.yes if answered.form == "yes-no" else None,
        answered.answer.truncated,
        pinned,
        _cited(asked, link),
        with_prefixes(asked.text),
        asked.chosen.note if asked.chosen else {},
        link,
        datetime.date.today().isoformat(),
        current(),
        knowledge(),
    )
    response = Response(page, mimetype="text/html")
    name = asked.chosen.name if asked.chosen else "vereend"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.html"'
    return response


_TYPES = {"select": "application/sparql-results+json", "graph": "text/turtle"}


def _no_answer(text: str) -> NoAnswer:
    why = why_empty(text, evaluator(site().queries))
    return NoAnswer(
        sentences(why, current()),
        why.culprit,
        [(proposal(one, current()), url_for(".show", query=one.query)) for one in why.suggestions],
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


def _downloads(asked: _Asked, answers: Answers | None) -> list[tuple[str, str]]:
    if answers is None:
        return []
    query = with_prefixes(asked.text)
    if answers.form == "graph":
        formats = [("Turtle", "turtle"), ("N-Triples", "ntriples"), ("JSON-LD", "jsonld")]
    else:
        formats = [("CSV", "csv"), ("TSV", "tsv"), ("JSON", "json"), ("XML", "xml")]
    found = [(label, url_for("sparql.endpoint", query=query, format=f)) for label, f in formats]
    return found if answers.form == "yes-no" else [*found, ("XLSX", url_for(".spreadsheet", **asked.fields))]


def _place(error: VereendError, text: str) -> list[int]:
    """Find the place an error names, as the reader counts: the prefixes we declared stand before the first line."""
    found = re.search(r"line (\d+), column (\d+)", error.where)
    if not found:
        return []
    line, column = int(found[1]), int(found[2])
    if line == 1:
        column -= len(with_prefixes(text)) - len(text)
    return [line, max(1, column)]


@dataclass(frozen=True)
class _Answered:
    """An answer as it came, and as rows."""

    form: str  # table, yes-no or graph
    answer: QueryAnswer
    results: Results
    yes: bool

    @property
    def said(self) -> Results:
        """What is pinned: the rows, or for yes and no a row that says so."""
        return self.results if self.form != "yes-no" else Results(("yes",), ((Value("literal", str(self.yes)),),))


def _ask(text: str) -> _Answered:
    form = query_form(text)
    answer = site().queries.query(with_prefixes(text), [_TYPES[form]], gone=left())
    if form == "graph":
        return _Answered("graph", answer, read_graph(answer.body), False)
    # The answer may be long: whether it is yes or no shows in its beginning.
    if b'"boolean"' in answer.body[:60]:
        return _Answered("yes-no", answer, Results((), ()), bool(json.loads(answer.body)["boolean"]))
    return _Answered("table", answer, read_results(answer.body), False)


def _cited(asked: _Asked, pinned: str) -> Cited:
    """Say how a question is cited: a stored one by its name, one's own by the address that carries it."""
    if asked.chosen and not asked.values:
        return cite(knowledge(), QUERIES + asked.chosen.name)
    title = asked.chosen.question if asked.chosen else {"nl": "Eigen vraag aan de graaf", "en": "Own question"}
    return Cited(pinned, title, {"nl": "vraag in SPARQL", "en": "question in SPARQL"}, "question", {})


def _answers(asked: _Asked, view: View) -> Answers:
    answered = _ask(asked.text)
    form, answer, results, yes = answered.form, answered.answer, answered.results, answered.yes
    body = answer.body.decode()
    then = read_pin(view.pin) if view.pin else None
    now, graph, pinned, cited = None, graph_digest(knowledge()), "", None
    if not answer.truncated:
        now = pin(answered.said, graph)
        pinned = view.address(pin=written(now))
        whole = url_for(".show", **asked.fields, pin=written(now), _external=True)
        cited = box(cite_result(_cited(asked, whole), now.digest, now.rows), linked=False)
    compared = compare(then, answered.said, graph) if then else None
    new = {id(answered.said.rows[i]) for i in compared.came} if compared else set()
    naming = prefixed_name if view.show == "names" else partial(name_of, lang=current(), known=knowledge())
    show = partial(_cell, labels=view.show == "labels")
    columns = results.shown(current()) if view.show == "labels" else results.variables
    found = results.select(naming, view.find, view.sort)
    last = max(1, -(-len(found) // _SHOWN))
    at = min(view.page, last)
    rows = found[(at - 1) * _SHOWN : at * _SHOWN] if view.view == "table" else []
    places = [results.variables.index(name) for name in columns]
    drawn = _drawn(Results(results.variables, tuple(found)), results, view, show)
    behind = [knowledge().claims_behind(v.text for v in row if v and v.kind == "uri") for row in rows]
    return Answers(
        form,
        yes,
        [_column(name, results, view) for name in columns],
        [[show(row[i]) for i in places] for row in rows],
        [[(n, page_of(NAMESPACES["src"] + n) or "") for n in found] for found in behind] if any(behind) else [],
        (at - 1) * _SHOWN + 1,
        len(found),
        view.find,
        [(name, view.address(page=n)) for name, n in (("previous", at - 1), ("next", at + 1)) if 1 <= n <= last],
        [(name, view.address(view=name, page=1, first="", second="")) for name in VIEWS if _fits(name, results)],
        [(name, view.address(show=name)) for name in ("labels", "names")],
        len(results.variables) - len(columns),
        drawn,
        then,
        compared,
        [id(row) in new for row in rows],
        pinned,
        cited,
        url_for(".page_file", **asked.fields),
        body if len(body) <= 200_000 else body[:200_000] + "\n…",
        answer.rows,
        answer.truncated,
        round(answer.seconds * 1000),
    )


def prefixed_name(value: Value) -> str:
    """Call a value what a query calls it."""
    return prefixed(value.text) if value.kind == "uri" else value.text


def _fits(view: str, results: Results) -> bool:
    fitting = {"chart": results.bars, "network": results.ties, "matrix": results.cross}
    return fitting[view] is not None if view in fitting else True


def _column(name: str, results: Results, view: View) -> Column:
    order = {name: "ascending", f"-{name}": "descending"}.get(view.sort, "")
    again = f"-{name}" if order == "ascending" else name
    return Column(name, order, view.address(sort=again, page=1), name in results.numeric)


def _drawn(chosen: Results, every: Results, view: View, show: "partial[Cell]") -> Drawn:
    """Draw the rows that fit what is sought, from the columns asked for or those that fit best."""
    if view.view not in ("chart", "network", "matrix") or not _fits(view.view, every):
        return Drawn()
    words = list(every.categories)
    usual, first, second = {
        "chart": (every.bars, words, list(every.numeric)),
        "network": (every.ties, list(every.things), list(every.things)),
        "matrix": (every.cross, words, words),
    }[view.view]
    assert usual is not None
    columns = (
        view.first if view.first in first else usual[0],
        view.second if view.second in second else usual[1],
    )
    if view.view == "chart":
        return Drawn(chart=chart(chosen, columns, show), first=first, second=second)
    if view.view == "network":
        return Drawn(ties=ties(chosen, columns, show), first=first, second=second)
    return Drawn(matrix=matrix(chosen, columns, show), first=first, second=second)


def _cell(value: Value | None, labels: bool) -> Cell:
    if value is None:
        return Cell(None, None, "", None)
    if value.kind == "uri":
        name = value.text
        if not name.startswith(BASE):
            return Cell(None, Text(prefixed(name), ""), name, value)
        found = thing(name)
        return Cell(found if labels else found._replace(text=Text(prefixed(name), "")), None, name, value)
    return Cell(None, Text(value.text, value.lang if value.lang in LANGUAGES else ""), "", value)
