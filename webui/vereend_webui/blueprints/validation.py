"""Check a description: paste it, open a file, or begin with an example. Nothing is kept."""

import time
from dataclasses import asdict, dataclass
from pathlib import PurePath

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from vereend.errors import VereendError
from vereend.knowledge import Case
from vereend.reading import FORMATS, SUFFIXES, decode, parse, too_large
from vereend.report import Report
from vereend.terms import NAMESPACES, PHASES, Text
from vereend.validation import parse_date, validate
from vereend_webui.error_words import ErrorWords, words
from vereend_webui.errors import status_of
from vereend_webui.i18n import current, pick
from vereend_webui.judging import Judged, Refused, findings, judged, refused
from vereend_webui.site import knowledge, site

bp = Blueprint("validation", __name__)
_SHOWN = 400_000  # characters of a description that are put back in the field; more would choke an editor
FORMAT_NAMES = {"turtle": "Turtle", "jsonld": "JSON-LD", "rdfxml": "RDF/XML", "ntriples": "N-Triples"}
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


@dataclass(frozen=True)
class Choice:
    """An option of a list."""

    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True)
class ValidationPage:
    """All that validation/show.html may use."""

    text: str  # in the field
    name: str  # of the file or example; "" for pasted text
    format: str  # as recognised; "" when nothing was read
    too_long_to_show: bool
    phases: list[Choice]
    date: str
    examples: list[Choice]
    error: ErrorWords | None  # it could not be read
    error_line: int | None
    refused: list[Refused]  # it could be read, but not judged
    judged: list[Judged]
    findings: list[dict[str, object]]  # what the editor marks
    seconds: float | None  # None: nothing was judged


@dataclass(frozen=True)
class Sent:
    """What a reader sent."""

    text: str
    name: str
    format: str | None
    phase: str | None
    date: str | None


@bp.get("/validate")
def show() -> str:
    """Show the field, and where an example is named, the verdicts on it."""
    slug = request.args.get("example", "")
    phase, date = request.args.get("phase") or None, request.args.get("on") or None
    if not slug:
        return render_template("validation/show.html", page=_page(Sent("", "", None, phase, date)))
    case = knowledge().case(slug)
    return _answer(Sent(case.description.text, case.path.name, case.description.format, phase, date))[0]


@bp.post("/validate")
def check() -> Response:
    """Judge what was sent, and show or hand over the verdicts."""
    sent, error = Sent("", "", None, request.form.get("phase") or None, request.form.get("on") or None), None
    try:
        sent = _sent(sent)
    except VereendError as problem:
        error = problem
    wanted = request.form.get("as", "")
    if wanted in _DOWNLOADS:
        if error:
            raise error
        return _download(sent, wanted)
    body, status = _answer(sent, error)
    return Response(body, status, mimetype="text/html")


def _sent(plain: Sent) -> Sent:
    """Take the file if there is one, else the text."""
    limit = site().settings.upload_bytes
    upload = request.files.get("file")
    if upload and upload.filename:
        name = PurePath(upload.filename.replace("\\", "/")).name
        data = upload.stream.read(limit + 1)
        if len(data) > limit:
            raise too_large(name)
        return Sent(decode(data, name), name, SUFFIXES.get(PurePath(name).suffix.lower()), plain.phase, plain.date)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text.encode()) > limit:
        raise too_large(_("your text"))
    chosen = request.form.get("format")
    # The name travels with the text only to head messages; it opens nothing.
    return Sent(
        text, request.form.get("name", "")[:120], chosen if chosen in FORMATS else None, plain.phase, plain.date
    )


def _judge(sent: Sent) -> Report:
    description = parse(sent.text, sent.name or _("your text"), sent.format)
    with site().judging():
        return validate([description], phase=sent.phase, on=sent.date)


def _answer(sent: Sent, error: VereendError | None = None) -> tuple[str, int]:
    started = time.monotonic()
    report = None
    if error is None:
        try:
            report = _judge(sent)
        except VereendError as problem:
            error = problem
    page = _page(sent, report, error, time.monotonic() - started)
    return render_template("validation/show.html", page=page), status_of(error) if error else 200


def _page(
    sent: Sent, report: Report | None = None, error: VereendError | None = None, seconds: float = 0.0
) -> ValidationPage:
    file = report.files[0] if report else None
    judgements = judged(file) if file else []
    marks = [asdict(f) for f in findings(file, judgements)] if file else []
    line = error.place[0] if error and error.place else None
    if error and line:
        marks = [{"line": line, "code": "structure", "rule": "", "text": words(error).problem.value, "anchor": "error"}]
    return ValidationPage(
        sent.text if len(sent.text) <= _SHOWN else "",
        sent.name,
        FORMAT_NAMES[file.description.format] if file else "",
        len(sent.text) > _SHOWN,
        _phases(sent.phase),
        sent.date or parse_date(None),
        [_example(case, case.path.name == sent.name) for case in knowledge().cases.values()],
        words(error) if error else None,
        line,
        refused(file) if file else [],
        judgements,
        marks,
        seconds if report else None,
    )


def _phases(chosen: str | None) -> list[Choice]:
    kb = knowledge()
    told = Choice("", Text(_("as told"), current()), chosen is None)
    return [told] + [Choice(p, kb.label(NAMESPACES["vc"] + "phase-" + p, current()), p == chosen) for p in PHASES]


def _example(case: Case, chosen: bool) -> Choice:
    return Choice(case.slug, pick(knowledge().texts(case.iri)), chosen)


def _download(sent: Sent, form: str) -> Response:
    media_type, ending = _DOWNLOADS[form]
    response = Response(_judge(sent).to(form, current()), mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="vereend-report.{ending}"'
    return response
