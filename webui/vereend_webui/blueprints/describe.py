"""Describe a partnership without Turtle: by form, or by the questions of an interview. Nothing is kept.

What is described travels with the page as text. Each button sends all of it: what was written is filled in first, then
the button does its work.
"""

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from vereend.conversion import convert
from vereend.entry import LISTS, Entry, Item, Names, begin, drop, fields, groups, hang, outline, unseen
from vereend.errors import VereendError
from vereend.interview import Question, hanging, of_kind, partnership_of, questions
from vereend.knowledge import Claim
from vereend.reading import SUFFIXES, decode, parse, too_large
from vereend.templates import Template, template, templates
from vereend.terms import Text, iri, term
from vereend.validation import validate
from vereend.verdicts import CONTESTED, FOR_A_PERSON, NOT_TOLD, VIOLATED
from vereend.vocabulary import vocabulary
from vereend_webui.error_words import ErrorWords, words
from vereend_webui.errors import status_of
from vereend_webui.filling import (
    SEPARATOR,
    Desk,
    Draft,
    NameList,
    Sent,
    Sheet,
    begun,
    fresh,
    known_term,
    nameless,
    read_draft,
    take,
)
from vereend_webui.i18n import current, other, pick
from vereend_webui.judging import judged
from vereend_webui.site import knowledge, site
from vereend_webui.verdict_words import CODES

bp = Blueprint("describe", __name__)
# Form of a description -> its media type and the ending of its file.
_EXPORTS = {
    "turtle": ("text/turtle", "ttl"),
    "yaml": ("application/yaml", "yaml"),
    "jsonld": ("application/ld+json", "jsonld"),
}
_ASKING = tuple(CODES[verdict] for verdict in (VIOLATED, CONTESTED, NOT_TOLD, FOR_A_PERSON))
_MOST_ASKING = 12  # verdicts named beside the form; the page that checks shows them all


class Choice(NamedTuple):
    """Something to begin with."""

    name: str
    label: Text
    about: Text
    leaves_open: tuple[str, ...] = ()


@dataclass(frozen=True)
class StartPage:
    """All that describe/start.html may use."""

    templates: list[Choice]
    examples: list[Choice]
    error: ErrorWords | None
    text: str  # that could not be read


class Asking(NamedTuple):
    """A verdict that asks something of the author."""

    code: str
    number: str
    label: Text
    brief: str
    href: str
    thing: str  # to open; "" where it is no described thing


class Finding(NamedTuple):
    """Why a description cannot be judged yet."""

    message: Text
    thing: str
    label: str


class Summary(NamedTuple):
    """What the rules say of a draft."""

    counts: dict[str, int]  # empty: it cannot be judged yet
    findings: list[Finding]
    asking: list[Asking]
    more: int  # that ask something and are not named


class Trouble(NamedTuple):
    """An entry that could not be taken, at the head of the page."""

    anchor: str
    error: ErrorWords


class Place(NamedTuple):
    """A thing in the outline."""

    thing: str
    label: str
    kind: Text
    depth: int
    here: bool


class Tab(NamedTuple):
    """A heading over fields of the partnership."""

    name: str
    label: Text
    here: bool


@dataclass(frozen=True)
class FormPage:
    """All that describe/show.html may use."""

    text: str
    history: str
    can_undo: bool
    title: str
    thing: str
    kind: Text
    owner: Place | None  # where the thing stands
    sheet: Sheet
    tab: str  # of the partnership: the one at hand, or to come back to
    tabs: list[Tab]  # headings over the fields of a partnership
    lists: list[NameList]
    outline: list[Place]
    summary: Summary
    troubles: list[Trouble]
    unseen: int
    other: str


@dataclass(frozen=True)
class TextPage:
    """All that describe/text.html may use."""

    text: str
    history: str
    format: str
    error: ErrorWords | None
    summary: Summary | None


class Rows(NamedTuple):
    """Sheets of one kind, under one heading of a question."""

    label: Text
    help: Text
    sheets: list[Sheet]
    name: str  # by which one more is asked; "" where nothing new is described here


@dataclass(frozen=True)
class InterviewPage:
    """All that describe/interview.html may use."""

    text: str
    history: str
    can_undo: bool
    number: int  # of the question, from 1; one more than there are: the end
    questions: list[Text]
    question: Text
    why: Text
    claims: list[Claim]
    own: Sheet | None
    rows: list[Rows]
    lists: list[NameList]
    summary: Summary
    troubles: list[Trouble]
    title: str
    other: str


# --- the form ---------------------------------------------------------------------------------------------------------


@bp.get("/describe")
def show() -> str:
    """Show what one can begin with."""
    return _start()


@bp.post("/describe")
def fill() -> Response | str:
    """Take what was written, do what the button asks, and show the form, the text or a file."""
    word, rest = _asked()
    form = request.form
    try:
        if word in ("begin", "template", "example", "read"):
            return _form(Sent(_begun(word, rest, form), {}, {}))
        sent = take(read_draft(form), form, cleared=SEPARATOR.join(rest) if word == "clear" else "")
    except VereendError as error:
        return _unreadable(word, form, error)
    draft, opened, tab = sent.draft, form.get("open", ""), form.get("tab", "")
    if word == "undo":
        return _form(Sent(_taken_back(draft, form), {}, {}), opened, tab)
    if sent.problems and word in ("open", "tab", "text", "export", "add"):
        return _form(sent, opened, tab)  # what cannot be taken would be lost on the way
    if word == "text":
        return render_template("describe/text.html", page=_text_page(draft, rest[0] if rest else "turtle"))
    if word == "export":
        return _export(draft, rest[0] if rest else "")
    if word == "open":
        opened = rest[0] if rest else ""
    elif word == "tab":
        tab = rest[0] if rest else ""
    elif word == "drop" and rest:
        if rest[0] in {item.thing for item in outline(draft.statements, current()) if item.depth}:
            sent = replace(sent, draft=draft.to(drop(draft.statements, rest[0])))
    elif word == "add" and rest:
        new, opened, name = _added(draft, opened, rest[0], form)
        # Who takes part is named, and stands in the field to be looked at: of which kind, only the author knows.
        written = {(opened, "vrd:participant"): [Entry(name)]} if name else {}
        sent = Sent(new, sent.problems, sent.written | written)
    return _form(sent, opened, tab, SEPARATOR.join(rest) if word == "more" else "")


def _asked() -> tuple[str, list[str]]:
    """Give what the button asks: a word, and what goes with it."""
    word, *rest = request.form.get("do", "").split(SEPARATOR)
    return word, rest


def _begun(word: str, rest: list[str], form: "MultiDict[str, str]") -> Draft:
    if word == "begin":
        return fresh(begin(" ".join(form.get("name", "").split())[:200], current())[0])
    if word == "template":
        chosen = template(form.get("template", ""))
        return begun(parse(convert(chosen.description, "turtle"), chosen.name, "turtle"))
    if word == "example":
        return begun(knowledge().case(form.get("example", "")).description)
    upload = request.files.get("file")
    if upload and upload.filename:
        name = PurePath(upload.filename.replace("\\", "/")).name
        data = upload.stream.read(site().settings.upload_bytes + 1)
        if len(data) > site().settings.upload_bytes:
            raise too_large(name)
        return begun(parse(decode(data, name), name, SUFFIXES.get(PurePath(name).suffix.lower())))
    draft = read_draft(form)
    return replace(draft, description=begun(draft.description).description)


def _unreadable(word: str, form: "MultiDict[str, str]", error: VereendError) -> Response:
    if word == "read" and form.get("from") == "text":
        page = TextPage(form.get("text", ""), form.get("history", ""), form.get("format", ""), words(error), None)
        body = render_template("describe/text.html", page=page)
    else:
        body = _start(error, form.get("text", "") if word == "read" else "")
    return Response(body, status_of(error), mimetype="text/html")


def _taken_back(draft: Draft, form: "MultiDict[str, str]") -> Draft:
    """Take back what was just written, or else the step before."""
    before = read_draft(form)
    return before if draft.statements != before.statements else before.back()


def _added(draft: Draft, owner: str, by: str, form: "MultiDict[str, str]") -> tuple[Draft, str, str]:
    """Add something new under a thing; give it, and the name of who takes part where it is a participation."""
    statements = draft.statements
    if not any(s.subject == owner for s in statements):
        owner = partnership_of(statements)
    known = vocabulary()
    property_ = known_term(by, known.properties)
    kind = known_term(form.get(f"add{SEPARATOR}{by}{SEPARATOR}kind", ""), known.classes)
    label = " ".join(form.get(f"add{SEPARATOR}{by}{SEPARATOR}label", "").split())[:200]
    told, thing = hang(statements, owner, property_, kind, label, current())
    takes_part = label if term("vrd:Participation") in known.kinds(kind) else ""
    return draft.to(told), thing, takes_part


def _start(error: VereendError | None = None, text: str = "") -> str:
    page = StartPage(
        [_template(one) for one in templates().values()],
        [Choice(c.slug, pick(knowledge().texts(c.iri)), Text("", "")) for c in knowledge().cases.values()],
        words(error) if error else None,
        text,
    )
    return render_template("describe/start.html", page=page)


def _template(one: Template) -> Choice:
    return Choice(one.name, pick(one.title), pick(one.about), one.leaves_open[current()])


def _form(sent: Sent, opened: str = "", tab: str = "", more: str = "") -> str:
    draft = sent.draft
    statements = draft.statements
    items = outline(statements, current())
    if opened not in {item.thing for item in items}:
        opened = partnership_of(statements)
    desk = Desk(sent, more)
    places = [_place(item, desk.names, opened) for item in items]
    here = next(place for place in places if place.here)
    tabs = _tabs(tab) if here.depth == 0 else []
    sheet = desk.sheet("s0", opened, _asked_at(desk.names.kinds(opened), tabs))
    page = FormPage(
        draft.description.text,
        draft.history,
        bool(draft.steps),
        desk.names.label(partnership_of(statements)),
        opened,
        here.kind,
        _owner(places),
        sheet,
        next(one.name for one in _tabs(tab) if one.here),
        tabs,
        list(desk.lists.values()),
        places,
        _summary(draft),
        _troubles(sent, [sheet]),
        len(unseen(statements, current())),
        other(current()),
    )
    return render_template("describe/show.html", page=page)


def _place(item: Item, names: Names, opened: str) -> Place:
    kind = vocabulary().label(item.kind, current()) or Text(iri(item.kind), "")
    return Place(item.thing, names.label(item.thing), kind, item.depth, item.thing == opened)


def _owner(places: list[Place]) -> Place | None:
    """Give the thing under which the open one stands in the outline."""
    above: list[Place] = []
    for place in places:
        above = [one for one in above if one.depth < place.depth]
        if place.here:
            return above[-1] if above else None
        above.append(place)
    return None


def _tabs(chosen: str) -> list[Tab]:
    names = [group.name for group in groups()]
    here = chosen if chosen in names else names[0]
    return [Tab(group.name, pick(group.label), group.name == here) for group in groups()]


def _asked_at(kinds: frozenset[str], tabs: list[Tab]) -> tuple[str, ...] | None:
    """Give the names of the fields under a heading; the names of the thing come first, loose fields last."""
    if not tabs:
        return None
    here = next(place for place, tab in enumerate(tabs) if tab.here)
    own = fields(kinds)
    listed = {tab.name for tab in tabs}
    found = [of.name for of in own if of.group == tabs[here].name or of.form == LISTS]
    loose = [of.name for of in own if of.group not in listed and of.form != LISTS]
    names = [name for name in loose if name.startswith("rdf")]
    if here == 0:
        found = names + found
    if here == len(tabs) - 1:
        found += [name for name in loose if name not in names]
    return tuple(found)


def _troubles(sent: Sent, sheets: list[Sheet]) -> list[Trouble]:
    """Give every entry that could not be taken, with the control where it stands."""
    shown = {(sheet.thing, view.name): view for sheet in sheets for view in sheet.fields}
    found = []
    for key, problems in sent.problems.items():
        view = shown.get(key)
        found += [Trouble(view.anchor if view else "", words(problem.error)) for problem in problems]
    return found


def _summary(draft: Draft) -> Summary:
    with site().judging():
        report = validate([draft.description])
    file = report.files[0]
    names = Names(draft.statements, current())
    if file.structure:
        told = {s.subject for s in draft.statements}
        found = []
        for finding in file.structure:
            thing = f"<{iri(finding.focus)}>"
            found.append(Finding(pick(finding.message), thing if thing in told else "", names.label(thing)))
        return Summary({}, found, [], 0)
    one = judged(file, report.date)[0]
    verdicts = [v for v in file.partnerships[0].verdicts if CODES[v.verdict] in _ASKING]
    verdicts.sort(key=lambda v: (_ASKING.index(CODES[v.verdict]), v.rule.number))
    cards = {card.number: card for theme in one.themes for card in theme.cards}
    described = {s.subject for s in draft.statements}
    asking = [
        Asking(
            CODES[v.verdict],
            v.rule.number,
            pick(v.rule.label),
            pick(v.message).value,
            cards[v.rule.number].href,
            next((name for name in (v.value, v.focus) if name and name in described), ""),
        )
        for v in verdicts[:_MOST_ASKING]
    ]
    return Summary(one.counts, [], asking, max(0, len(verdicts) - _MOST_ASKING))


def _text_page(draft: Draft, format_: str) -> TextPage:
    chosen = format_ if format_ in _EXPORTS else "turtle"
    return TextPage(_as(draft, chosen), draft.history, chosen, None, _summary(draft))


def _as(draft: Draft, format_: str) -> str:
    """Write a draft in a syntax; in the one it is in, it keeps its author's comments."""
    description = draft.description
    if format_ == description.format and not nameless(description.statements):
        return description.text
    return convert(description, format_, current())


def _export(draft: Draft, format_: str) -> Response:
    chosen = format_ if format_ in _EXPORTS else "turtle"
    media_type, ending = _EXPORTS[chosen]
    response = Response(_as(draft, chosen), mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="vereend-description.{ending}"'
    return response


# --- the interview ----------------------------------------------------------------------------------------------------


@bp.get("/interview")
def ask() -> str:
    """Ask the first question."""
    return _question(Sent(fresh(begin("", current())[0]), {}, {}), 1)


@bp.post("/interview")
def answer() -> Response | str:
    """Take the answers, and ask the next question, or the one before."""
    form, (word, rest) = request.form, _asked()
    try:
        number = int(form.get("number", "1"))
    except ValueError:
        number = 1
    try:
        sent = take(read_draft(form), form, cleared=SEPARATOR.join(rest) if word == "clear" else "")
    except VereendError as error:
        return Response(_start(error), status_of(error), mimetype="text/html")
    draft = sent.draft
    if number == 1:
        sent = replace(sent, draft=_named(draft))
    if word == "skip":
        sent = Sent(read_draft(form), {}, {})
    elif word == "undo":
        sent = Sent(_taken_back(draft, form), {}, {})
    elif word == "drop" and rest:
        sent = replace(sent, draft=draft.to(drop(draft.statements, rest[0])))
    moves = {"next": 1, "skip": 1, "back": -1}
    if sent.problems:
        moves = {"back": -1}
    number += moves.get(word, 0)
    if word == "go" and rest and rest[0].isdigit() and not sent.problems:
        number = int(rest[0])
    number = min(max(number, 1), len(questions()) + 1)
    return _question(sent, number, rest[0] if word == "more" and rest else "")


def _named(draft: Draft) -> Draft:
    """Let the identifiers of a description that has just got its name come from that name."""
    names = Names(draft.statements, current())
    thing = partnership_of(draft.statements)
    label = names.label(thing)
    unnamed = begin("", current())[1]
    if thing != unnamed or label == "pps" or any(s.subject != thing for s in draft.statements):
        return draft
    to = begin(label, current())[1]
    return fresh(frozenset(s._replace(subject=to) for s in draft.statements))


def _question(sent: Sent, number: int, more: str = "") -> str:
    asked = questions()
    draft = sent.draft
    desk = Desk(sent, more)
    ended = number > len(asked)
    one = asked[min(number, len(asked)) - 1]
    whole = partnership_of(draft.statements)
    own = desk.sheet("s0", whole, one.ask) if one.ask and not ended else None
    rows = [] if ended else _rows(desk, one, whole, more)
    sheets = ([own] if own else []) + [sheet for row in rows for sheet in row.sheets]
    label = desk.names.label(whole)
    page = InterviewPage(
        draft.description.text,
        draft.history,
        bool(draft.steps),
        number,
        [pick(question.question) for question in asked],
        pick(one.question),
        pick(one.why),
        [knowledge().claims[claim] for claim in one.claims],
        own,
        rows,
        list(desk.lists.values()),
        _summary(draft),
        _troubles(sent, sheets),
        label if label != "pps" else "",
        other(current()),
    )
    return render_template("describe/interview.html", page=page)


def _rows(desk: Desk, question: Question, whole: str, more: str) -> list[Rows]:
    known = vocabulary()
    found = []
    count = 0

    def place() -> str:
        nonlocal count
        count += 1
        return f"s{count}"

    for row in question.rows:
        there = hanging(desk.statements, whole, row)
        sheets = [desk.sheet(place(), thing, row.ask) for thing in there]
        name = f"{row.field}/{row.kind}"
        blanks = max(row.blanks - len(there), 1 if not there else 0) + (more == name)
        sheets += [desk.blank(place(), whole, row.field, row.kind, row.ask) for _number in range(blanks)]
        label = known.label(row.kind, current()) or Text(iri(row.kind), "")
        found.append(Rows(label, _meaning(row.kind), sheets, name))
    for each in question.each:
        things = of_kind(desk.statements, each.kind)
        label = known.label(each.kind, current()) or Text(iri(each.kind), "")
        if things:
            sheets = [desk.sheet(place(), thing, each.ask) for thing in things]
            found.append(Rows(label, _meaning(each.kind), sheets, ""))
    return found


def _meaning(kind: str) -> Text:
    return pick(vocabulary().definitions.get(kind, {}))
