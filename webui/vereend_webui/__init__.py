"""The web viewer of Vereend: the same answers as pages, and the same pages as data.

from vereend_webui import create_app

create_app().run()
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from flask import Flask, Request, Response, redirect, request, url_for

from vereend.store import GraphStore
from vereend_webui import errors, i18n, manners, operating, security, templating
from vereend_webui.settings import Settings
from vereend_webui.site import Site

__all__ = ["Settings", "create_app"]


class _Unkept(Request):
    """A request whose files are read in memory: what a reader sends never stands on a disk, not even for a moment."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()


def create_app(
    data: Iterable[Path] | None = None, settings: Settings | None = None, graph: GraphStore | None = None
) -> Flask:
    """Make the viewer.

    Args:
        data: descriptions to show beside the project's own.
        settings: limits; None takes the defaults.
        graph: what questions are put to; None takes the project's own content and `data`.
    Raises:
        VereendError: a description cannot be read.
    """
    settings = settings or Settings()
    app = Flask(__name__)
    app.request_class = _Unkept
    # A description is sent as it is, in a form of several parts: some room for the parts around it.
    app.config["MAX_CONTENT_LENGTH"] = settings.upload_bytes + 100_000
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.upload_bytes + 100_000
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["vereend"] = Site(data or (), settings, graph)
    operating.init(app, settings)
    i18n.init(app)
    security.init(app)
    manners.init(app)
    errors.init(app)
    templating.init(app)
    _register(app)
    return app


def _register(app: Flask) -> None:
    from vereend_webui.blueprints import (
        about,
        api,
        change_api,
        cite,
        comparing,
        components,
        crawling,
        describe,
        home,
        ids,
        network,
        partnerships,
        questions,
        rules,
        search,
        sentences,
        sparql,
        things,
        validation,
    )

    for page in (
        home,
        search,
        describe,
        validation,
        partnerships,
        sentences,
        comparing,
        network,
        questions,
        rules,
        things,
        components,
        about,
    ):
        app.register_blueprint(page.bp, url_prefix=i18n.PREFIX)
    app.register_blueprint(cite.pages, url_prefix=i18n.PREFIX)
    for service in (sparql, api, change_api, ids, cite, crawling):
        app.register_blueprint(service.bp)

    @app.get("/")
    def choose_language() -> Response:
        """Lead to the home page in the reader's language."""
        response = redirect(url_for("home.show", lang=request.accept_languages.best_match(("nl", "en")) or "nl"), 302)
        response.vary.add("Accept-Language")
        return response  # type: ignore[return-value]

    @app.after_request
    def keep(response: Response) -> Response:
        """Let browsers keep built files, whose names change with their content."""
        if request.path.startswith("/static/dist/assets/") and response.status_code == 200:
            response.cache_control.public = True
            response.cache_control.max_age = 31_536_000
            response.cache_control.immutable = True
        return response
