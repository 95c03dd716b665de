"""Check a description, mend it, ask what if, answer what is left to a person.

Nothing is kept here: the text, the answers given and the outline of the last report all travel in the form.
"""

import base64
import binascii
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePath
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from vereend.answering import weigh
from vereend.answers import parse_answers, with_answer
from vereend.changes import Change, changed
from vereend.comparison import SWITCHED, Comparison, compare, supposed, switches
from vereend.content import ANSWERS
from vereend.conversion import written
from vereend.differences import Differences, diff, outline
from vereend.disputes import readings_of
from vereend.errors import VereendError
from vereend.knowledge import Case
from vereend.reading import FORMATS, SUFFIXES, Description, decode, guess_format, parse, too_large
from vereend.repairs import Repair, repair
from vereend.report import FileReport, Report
from vereend.templates import Template, templates, write
from vereend.terms import NAMESPACES, PHASES, Text, iri, local_name
from vereend.validation import parse_date, validate
from vereend_webui import repairing
from vereend_webui.error_words import ErrorWords, words
from vereend_webui.errors import status_of
from vereend_webui.i18n import current, pick
from vereend_webui.judging import Judged, Refused, findings, judged, refused
from vereend_webui.repairing import RepairPanel, Supposed
from vereend_webui.site import knowledge, site
from vereend_webui.things import Namer, Thing
from vereend_webui.verdict_words import CODES, verdict_name

bp = Blueprint("validation", __name__)
_SHOWN = 400_000  # characters of a description that are put back in the field; more would choke an editor
_OUTLINE = 5_000_000  # bytes of an earlier report that are unpacked: what a page sends is some 30,000
FORMAT_NAMES = {"turtle": "Turtle", "jsonld": "JSON-LD", "rdfxml": "RDF/XML", "ntriples": "N-Triples", "yaml": "YAML"}
# Form of a report -> its media type and the ending of its file.
_DOWNLOADS = {
    "json": ("application/json", "json"),
    "turtle": ("text/turtle", "ttl"),
    "jsonld": ("application/ld+json", "jsonld"),
    "text": ("text/plain", "txt"),
    "csv": ("text/csv", "csv"),
    "md": ("text/markdown", "md"),
    "html": ("text/html", "html"),
    "sarif": ("application/sarif+json", "sarif"),
    "junit": ("application/xml", "xml"),
}
_ANSWERS, _TEXT = "answers", "description"  # downloads that are no report
_TEMPLATE = "template:"  # before the name of a template, where the name of an example may stand
_FIELDS = ("yes", "reason", "initials", "date")  # of an answer


@dataclass(frozen=True)
class Choice:
    """An option of a list."""

    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True)
class SwitchRow:
    """A thing that can be left out, to see what becomes of the verdicts."""

    kind: str  # one of comparison.SWITCHED
    name: str
    thing: Thing
    off: bool


@dataclass(frozen=True)
class ChangeRow:
    """A verdict that is another one than at the last check."""

    number: str
    thing: str
    was: tuple[str, str]  # mark and words
    now: tuple[str, str]


@dataclass(frozen=True)
class Since:
    """What has changed since the last check."""

    kinds: dict[str, list[ChangeRow]]  # by kind, without what is the same
    same: int
    settings: list[tuple[str, str, str]]  # what else differs: name, was, is


@dataclass(frozen=True)
class LooseAnswer:
    """An answer whose question is no longer asked."""

    number: str
    thing: Text
    reason: Text


@dataclass(frozen=True)
class ValidationPage:
    """All that validation/show.html may use."""

    text: str  # in the field
    name: str  # of the file or example; "" for pasted text
    format: str  # as recognised; "" when nothing was read
    language: str  # of the editor: a key of reading.FORMATS
    too_long_to_show: bool
    phases: list[Choice]
    date: str
    readings: list[Choice]  # of disputed passages; those chosen are held to
    examples: list[Choice]
    templates: list[Choice]
    answers: str  # given so far, in Turtle
    loose: list[LooseAnswer]
    error: ErrorWords | None  # it could not be read
    error_line: int | None
    refused: list[Refused]  # it could be read, but not judged
    judged: list[Judged]
    findings: list[dict[str, object]]  # what the editor marks
    seconds: float | None  # None: nothing was judged just now
    check_again: bool  # it was judged, now or before
    done: str  # what was just done to the text; "" for nothing
    undo: str | None  # the text before that
    since: Since | None
    outline: str  # of this report, for the next check to be compared with
    repair: RepairPanel | None
    switches: list[SwitchRow]
    tell: str  # statements supposed
    supposed: Supposed | None
    acted: str  # key of the verdict at which something was done
    asked: str  # what was asked: an Act's verb
    problem: ErrorWords | None  # why that could not be done
    example_statement: str  # of this description, as its author would write it
    example_name: str  # as something new in this description could be called
    given: Mapping[str, str]  # what was filled in for an answer that could not be taken


@dataclass(frozen=True)
class Sent:
    """What a reader sent."""

    text: str = ""
    name: str = ""
    format: str | None = None
    phase: str | None = None
    date: str | None = None
    answers: str = ""
    before: str = ""  # the outline of the last report, packed
    readings: tuple[str, ...] = ()  # of disputed passages, those to hold to


@dataclass
class Act:
    """What a reader asked besides verdicts, and what came of it."""

    verb: str = ""  # repair, apply, undo, suppose, take, answer; "" for verdicts alone
    key: str = ""
    done: str = ""
    undo: str | None = None
    found: Repair | None = None
    values: dict[str, str] = field(default_factory=dict)
    change: Change | None = None
    along: list[str] = field(default_factory=list)
    complete: bool = False  # the change has no open blanks
    problem: VereendError | None = None


@bp.get("/validate")
def show() -> str:
    """Show the field, and where an example is named, the verdicts on it."""
    slug = request.args.get("example", "")
    phase, date = request.args.get("phase") or None, request.args.get("on") or None
    if not slug:
        return render_template("validation/show.html", page=_page(Sent(phase=phase, date=date), Act()))
    if slug.startswith(_TEMPLATE):
        name = slug.removeprefix(_TEMPLATE)
        sent = Sent(write(name, "yaml", current()), f"{name}.yaml", "yaml", phase, date)
    else:
        case = knowledge().case(slug)
        sent = Sent(case.description.text, case.path.name, case.description.format, phase, date)
        if phase is None and date is None:  # judged before, for every page about it
            return render_template("validation/show.html", page=_page(sent, Act(), knowledge().report(slug)))
    return _answer(sent, Act())[0]


@bp.post("/validate")
def check() -> Response:
    """Judge what was sent, do what was asked with it, and show or hand over what came of it."""
    sent, error = Sent(phase=request.form.get("phase") or None, date=request.form.get("on") or None), None
    try:
        sent = _sent(sent)
    except VereendError as problem:
        error = problem
    wanted = request.form.get("as", "")
    if wanted in (*_DOWNLOADS, _ANSWERS, _TEXT):
        if error:
            raise error
        return _download(sent, wanted)
    verb, _space, key = request.form.get("do", "").partition(" ")
    body, status = _answer(sent, Act(verb, key), error)
    return Response(body, status, mimetype="text/html")


def _sent(plain: Sent) -> Sent:
    """Take the file if there is one, else the text; and the answers that come with either."""
    limit = site().settings.upload_bytes
    # The name travels with the text only to head messages; it opens nothing.
    name, text = request.form.get("name", "")[:120], request.form.get("text", "").replace("\r\n", "\n")
    chosen = request.form.get("format")
    form = chosen if chosen in FORMATS else None
    answers = request.form.get("answers", "").replace("\r\n", "\n")
    before, readings = request.form.get("before", ""), tuple(request.form.getlist("reading"))
    for upload in request.files.getlist("file"):
        if not upload.filename:
            continue
        told = PurePath(upload.filename.replace("\\", "/")).name
        data = upload.stream.read(limit + 1)
        if len(data) > limit:
            raise too_large(told)
        if told.endswith(ANSWERS):
            answers = decode(data, told)
        elif report := _report_in(data, told):
            before = _packed(report)
        else:
            name, text, form = told, decode(data, told), SUFFIXES.get(PurePath(told).suffix.lower())
    if max(len(text.encode()), len(answers.encode())) > limit:
        raise too_large(_("your text"))
    return replace(plain, name=name, text=text, format=form, answers=answers, before=before, readings=readings)


def _report_in(data: bytes, name: str) -> dict[str, Any] | None:
    """Give the report that a file holds; None where it is a description."""
    if not name.endswith(".json"):
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and {"vereend", "files"} <= found.keys() else None


def _described(sent: Sent) -> Description:
    description = parse(sent.text, sent.name or _("your text"), sent.format)
    return replace(description, answers=parse_answers(sent.answers, _("answers"))) if sent.answers else description


def _judge(sent: Sent, change: Change | None = None) -> Report:
    """Judge a description, and beside it the same with a change."""
    description = _described(sent)
    both = [description] if change is None else [description, changed(description, change)]
    with site().judging():
        return validate(both, phase=sent.phase, on=sent.date, readings=_held(sent, description))


def _held(sent: Sent, description: Description) -> list[str]:
    """Give the readings to hold to; one chosen for another text counts for nothing."""
    if not sent.readings:
        return []
    recorded = {local_name(reading.name) for reading in readings_of(description)}
    return [name for name in sent.readings if name in recorded]


def _answer(sent: Sent, act: Act, error: VereendError | None = None) -> tuple[str, int]:
    started = time.monotonic()
    report = None
    if error is None:
        try:
            sent = _acted(sent, act)
            report = _judge(sent, act.change)
        except VereendError as problem:
            error = problem
    page = _page(sent, act, report, error, time.monotonic() - started)
    return render_template("validation/show.html", page=page), status_of(error) if error else 200


# --- what a reader can do besides checking ----------------------------------------------------------------------------


def _acted(sent: Sent, act: Act) -> Sent:
    """Do what was asked; what cannot be done is told at its place, and the verdicts come all the same.

    Raises:
        VereendError: the description cannot be read.
    """
    doing = {"repair": _mend, "apply": _mend, "suppose": _suppose, "take": _suppose, "answer": _weigh}.get(act.verb)
    if act.verb == "undo" and "undo" in request.form:
        act.done = _("The text is again as it was.")
        return replace(sent, text=request.form["undo"].replace("\r\n", "\n"))
    if doing is None:
        return sent
    description = _described(sent)
    try:
        return doing(sent, act, description)
    except VereendError as problem:
        act.problem = problem
        return sent


def _mend(sent: Sent, act: Act, description: Description) -> Sent:
    """Find what mends one verdict, or all; and write it into the text when that is asked."""
    rule, focus, value = [*act.key.split(" ", 2), "", "", ""][:3]
    with site().judging():
        found = repair(
            description,
            phase=sent.phase,
            on=sent.date,
            rules=[rule] if rule else None,
            readings=_held(sent, description),
        )
    act.found = found = found.part(rule, focus, value or None) if focus and rule in knowledge().rules else found
    # Fields bear the key of their verdict, since the page may hold the repairs of several.
    given = {blank.name: request.form.get(f"set:{act.key}:{blank.name}", "").strip() for blank in found.open}
    act.values = {name: value for name, value in given.items() if value}
    # Of a repair of it all, what is filled in can be taken over while the rest waits.
    taken = found if act.key else found.ready(act.values)
    act.complete = bool(taken.steps) and all(blank.name in act.values for blank in taken.open)
    if not found.steps:
        return sent
    if act.verb == "apply" and not act.complete:
        missing = ", ".join(f"?{blank.name}" for blank in found.open if blank.name not in act.values)
        raise VereendError(missing, "is still to be filled in", "Fill in each field that is open")
    values = {blank.name: act.values[blank.name] for blank in taken.open if blank.name in act.values}
    act.change = taken.filled(values) if act.complete else found.change
    if act.verb != "apply":
        return sent
    if any(step.remove for step in taken.steps) and not request.form.get(f"agree:{act.key}"):
        raise VereendError(
            _("repair"), "takes out what is told now", "Say that it is not so (any longer), or mend it otherwise"
        )
    return _written(sent, act, description, _("The repair stands in the text."))


def _suppose(sent: Sent, act: Act, description: Description) -> Sent:
    """Leave out and tell what was asked; and write it into the text when that is asked."""
    tell = request.form.get("tell", "").strip()
    act.change, act.along = supposed(description, [tell] if tell else [], [], request.form.getlist("without"))
    act.complete = True
    return _written(sent, act, description, _("The change stands in the text.")) if act.verb == "take" else sent


def _written(sent: Sent, act: Act, description: Description, said: str) -> Sent:
    assert act.change is not None
    writing = written(description, act.change, current())
    if len(writing.text) > _SHOWN:
        raise VereendError(description.name, "is too long to be changed on a page", "Use vereend repair --apply")
    act.undo, act.change, act.found, act.done = sent.text, None, None, said
    if not writing.kept:
        act.done += " " + _("For that it was written anew: its comments and layout are gone.")
    return replace(sent, text=writing.text)


def _weigh(sent: Sent, act: Act, description: Description) -> Sent:
    """Add the answer of a person to those that come with the text."""
    rule, focus, value = [*act.key.split(" ", 2), "", "", ""][:3]
    given = _given(act.key)
    if given["yes"] not in ("yes", "no"):
        raise VereendError(_("answer"), "is neither yes nor no", "Choose one")
    answer = weigh(
        description,
        rule,
        yes=given["yes"] == "yes",
        reason=given["reason"],
        initials=given["initials"],
        lang=current(),
        focus=iri(focus) or None,
        value=iri(value) or None,
        on=given["date"] or None,
        phase=sent.phase,
    )
    return replace(sent, answers=with_answer(sent.answers, answer))


def _given(key: str) -> dict[str, str]:
    """Give what was filled in at a question."""
    return {name: request.form.get(f"{name}:{key}", "").strip() for name in _FIELDS}


# --- the page ---------------------------------------------------------------------------------------------------------


def _page(
    sent: Sent,
    act: Act,
    report: Report | None = None,
    error: VereendError | None = None,
    seconds: float | None = None,
) -> ValidationPage:
    file = report.files[0] if report else None
    comparison = compare(report, act.change, act.along) if report and act.change is not None else None
    own = replace(report, files=report.files[:1]) if report else None
    judgements = judged(file, report.date) if file and report else []
    marks = [asdict(f) for f in findings(file, judgements)] if file else []
    line = error.place[0] if error and error.place else None
    if error and line:
        marks = [{"line": line, "code": "structure", "rule": "", "text": words(error).problem.value, "anchor": "error"}]
    problem = words(act.problem) if act.problem else None
    return ValidationPage(
        text=sent.text if len(sent.text) <= _SHOWN else "",
        name=sent.name,
        format=FORMAT_NAMES[file.description.format] if file else "",
        language=file.description.format if file else sent.format or guess_format(sent.text),
        too_long_to_show=len(sent.text) > _SHOWN,
        phases=_phases(sent.phase),
        date=sent.date or parse_date(None),
        readings=_readings(sent, file) if file else [],
        examples=[_example(case, case.path.name == sent.name) for case in knowledge().cases.values()],
        templates=[_pattern(one, f"{one.name}.yaml" == sent.name) for one in templates().values()],
        answers=sent.answers,
        loose=_loose(file) if file else [],
        error=words(error) if error else None,
        error_line=line,
        refused=refused(file) if file else [],
        judged=judgements,
        findings=marks,
        seconds=seconds if report else None,
        check_again=report is not None,
        done="" if error else act.done,
        undo=act.undo,
        since=_since(sent, own) if own and judgements else None,
        outline=_packed(outline(own)) if own and judgements else sent.before,
        repair=_repair_panel(act, comparison, problem),
        switches=_switches(file) if file and judgements else [],
        tell=request.form.get("tell", "").strip() if not act.undo else "",
        supposed=_supposed(act, comparison),
        acted=act.key,
        asked=act.verb,
        problem=problem,
        example_statement=repairing.example_statement(file.description) if file else "",
        example_name=repairing.example_name(file.description) if file else "",
        given=_given(act.key) if act.verb == "answer" and act.problem else dict.fromkeys(_FIELDS, ""),
    )


def _repair_panel(act: Act, comparison: Comparison | None, problem: ErrorWords | None) -> RepairPanel | None:
    if act.found is None:
        return None
    change = act.change if act.complete and not (problem and act.change is None) else None
    writing = written(act.found.description, change, current()) if change and (change.add or change.remove) else None
    return repairing.panel(act.found, act.key, act.values, writing, comparison, problem)


def _supposed(act: Act, comparison: Comparison | None) -> Supposed | None:
    if act.verb != "suppose" or comparison is None:
        return None
    return repairing.supposed(comparison, written(comparison.before.description, comparison.change, current()))


def _switches(file: FileReport) -> list[SwitchRow]:
    names, off = Namer(file.description, file.words), set(request.form.getlist("without"))
    rows = [SwitchRow(s.kind, iri(s.name), names.thing(s.name), iri(s.name) in off) for s in switches(file.description)]
    return sorted(rows, key=lambda row: SWITCHED.index(row.kind))


def _loose(file: FileReport) -> list[LooseAnswer]:
    return [LooseAnswer(a.rule, file.words.text(a.value or a.focus, current()), a.reason) for a in file.loose_answers]


def _since(sent: Sent, report: Report) -> Since | None:
    """Compare with the last report, where the page brought one that can be read."""
    before = _unpacked(sent.before)
    if before is None:
        return None
    try:
        found = diff(before, report)
    except VereendError:
        return None
    return Since(
        {kind: rows for kind in ("new", "fixed", "changed", "lost") if (rows := _rows(found, kind))},
        len(found.of("same")),
        [(name, was, now) for name, (was, now) in found.settings.items()],
    )


def _rows(found: Differences, kind: str) -> list[ChangeRow]:
    def said(name: str | None) -> tuple[str, str]:
        return (CODES[name], verdict_name(name)) if name else ("", _("not judged"))

    return [
        ChangeRow(
            d.judged.rule,
            d.judged.label(current()),
            said(d.before.name if d.before else None),
            said(d.after.name if d.after else None),
        )
        for d in found.of(kind)
    ]


def _packed(report: Mapping[str, Any]) -> str:
    return base64.b64encode(zlib.compress(json.dumps(report, separators=(",", ":")).encode())).decode()


def _unpacked(text: str) -> Any:
    """Unpack what `_packed` made; None for anything else, since it comes from outside."""
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(text, validate=True), _OUTLINE)
        return json.loads(data) if text and not unpacker.unconsumed_tail else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None


def _readings(sent: Sent, file: FileReport) -> list[Choice]:
    return [
        Choice(local_name(one.name), file.words.text(one.name, current()), local_name(one.name) in sent.readings)
        for one in readings_of(file.description)
    ]


def _phases(chosen: str | None) -> list[Choice]:
    kb = knowledge()
    told = Choice("", Text(_("as told"), current()), chosen is None)
    return [told] + [Choice(p, kb.label(NAMESPACES["vc"] + "phase-" + p, current()), p == chosen) for p in PHASES]


def _pattern(one: Template, chosen: bool) -> Choice:
    return Choice(_TEMPLATE + one.name, pick(one.title), chosen)


def _example(case: Case, chosen: bool) -> Choice:
    return Choice(case.slug, pick(knowledge().texts(case.iri)), chosen)


def _download(sent: Sent, form: str) -> Response:
    if form == _ANSWERS:
        name = f"{PurePath(sent.name or 'description').stem}{ANSWERS}"
        response = Response(sent.answers, mimetype="text/turtle")
    elif form == _TEXT:
        format_ = sent.format or guess_format(sent.text)
        ending = next(suffix for suffix, kind in SUFFIXES.items() if kind == format_)
        name = PurePath(sent.name or "description").stem + ending
        response = Response(sent.text, mimetype="application/octet-stream")
    else:
        media_type, ending = _DOWNLOADS[form]
        name = f"vereend-report.{ending}"
        response = Response(_judge(sent).to(form, current()), mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
