"""What is answered when something cannot be: a page for people, the same in JSON for programs. Never a traceback.

Everything the library says of bad input arrives here; views need no `try`.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from vereend.errors import QueryRefused, QueryTimeout, UnknownEntity, VereendError
from vereend.search import fold
from vereend_webui import negotiation
from vereend_webui.error_words import ErrorWords, shortened, words
from vereend_webui.site import Busy, knowledge, site
from vereend_webui.things import Thing, thing

# The most of a refused upload that is read and thrown away, so that a browser hears the answer; past it the line is
# cut.
_DRAIN_BYTES = 200_000_000
_PROGRAMS = ("/api/", "/sparql", "/healthz", "/readyz", "/openapi.json")


@dataclass(frozen=True)
class ErrorPage:
    """All that error.html may use."""

    status: int
    title: str
    error: ErrorWords
    near: list[Thing]  # for what was not found: things whose names are like the address
    words: str  # taken from the address, to search with


def status_of(error: VereendError) -> int:
    """Give the HTTP status that says what kind of wrong this is."""
    if isinstance(error, UnknownEntity):
        return 404
    if isinstance(error, QueryTimeout | Busy):
        return 503
    if isinstance(error, QueryRefused) and error.where == "Accept":
        return 406
    return 413 if error.problem.startswith("is larger than") else 400


def for_programs() -> bool:
    """Tell whether the asker is a program: by the address, else by what it accepts."""
    if request.path.startswith(_PROGRAMS):
        return True
    return negotiation.choose(request.headers.get("Accept"), ["text/html", "application/json"]) == "application/json"


def answer(
    status: int, error: VereendError, title: str | None = None, more: Mapping[str, object] | None = None
) -> Response:
    """Answer with an error, as a page or as JSON.

    Args:
        more: what JSON tells besides.
    """
    if for_programs():
        response = jsonify(
            error={
                "where": error.where,
                "problem": error.problem,
                "detail": shortened(error.detail),
                "remedy": error.remedy,
                **(more or {}),
            }
        )
        if request.path.startswith(("/api/", "/sparql")):
            response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        asked = " ".join(fold(request.path.rpartition("/")[2])) if status == 404 else ""
        page = ErrorPage(status, title or _("This cannot be done"), words(error), _near(asked), asked)
        response = Response(render_template("error.html", page=page), mimetype="text/html")
    response.status_code = status
    if status in (429, 503):
        response.headers["Retry-After"] = "60" if status == 429 else "10"
    return response


def _near(asked: str) -> list[Thing]:
    """Give the things whose names are most like what was asked for; none where looking fails too."""
    try:
        return [thing(hit.iri) for hit in knowledge().index.search(asked, limit=5).hits]
    except VereendError:
        return []


def _http(error: HTTPException) -> Response:
    path = request.path
    if error.code == 404:
        return answer(
            404, VereendError(path, "is not here", "Look it up by its label, or begin at the home page"), _("Not found")
        )
    if error.code == 405:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
        response = answer(405, VereendError(path, "cannot be asked this way", f"Use one of {allowed}"))
        response.headers["Allow"] = allowed
        return response
    if error.code == 413:
        _drain()
        limit = (request.max_content_length or 0) // 1_000_000
        return answer(
            413,
            VereendError("upload", f"is larger than {limit} MB", "Split it: one file per partnership"),
            _("Too large"),
        )
    if error.code == 429:
        most = site().settings.asks_per_minute
        return answer(
            429,
            VereendError("this viewer", f"gives one address {most} pages a minute", "Wait a minute, then try again"),
            _("Too many requests"),
        )
    if error.code is not None and error.code < 400:
        return Response(error.get_response().data, error.code, headers=list(error.get_response().headers))
    return answer(
        error.code or 500, VereendError(path, "is not a request we understand", "Check the address and what you sent")
    )


def _drain() -> None:
    """Read what is left of a refused upload. A connection closed on a browser still sending shows no answer."""
    stream = request.environ.get("wsgi.input")
    left = request.content_length or 0
    if stream is None or left > _DRAIN_BYTES:
        return
    while left > 0:
        try:
            piece = stream.read(min(left, 1 << 16))
        except OSError:
            return
        if not piece:
            return
        left -= len(piece)


def init(app: Flask) -> None:
    """Let every error be answered here."""

    @app.errorhandler(VereendError)
    def _known(error: VereendError) -> Response:
        status = status_of(error)
        return answer(status, error, _("Not found") if status == 404 else None)

    @app.errorhandler(HTTPException)
    def _raised(error: HTTPException) -> Response:
        return _http(error)

    @app.errorhandler(Exception)
    def _ours(error: Exception) -> Response:
        # Our own mistake: told to whoever runs the viewer, with its traceback; the reader gets a page.
        logging.getLogger(__name__).exception("unexpected error on %s", request.path, exc_info=error)
        if app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        return answer(
            500,
            VereendError(request.path, "went wrong on our side", "Try again; if it stays so, report it"),
            _("Our mistake"),
        )
