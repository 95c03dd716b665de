"""Two languages: which one a request is in, where the other is, and words with the language they are in.

Every page has its language as the first part of its path. Things have none: only pages do.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel
from werkzeug.routing import BuildError

from vereend.terms import LANGUAGES, Text

NAMES = {"nl": "Nederlands", "en": "English"}
PREFIX = "/<any(nl, en):lang>"


def current() -> str:
    """Give the language of this request: of its path, else what the reader's browser asks for, else Dutch."""
    if not has_request_context():
        return "nl"
    if "lang" not in g:
        # An address nobody knows has no view, and yet a language.
        first = request.path.split("/")[1] if request.path.count("/") else ""
        g.lang = first if first in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "nl"
    return str(g.lang)


def pick(texts: Mapping[str, str], lang: str | None = None) -> Text:
    """Choose the words in this language, else in the other, and say in which they are."""
    for choice in (lang or current(), *LANGUAGES, *texts):
        if choice in texts:
            return Text(texts[choice], choice)
    return Text("", "")


def other(lang: str) -> str:
    """Give the other language."""
    return next(name for name in LANGUAGES if name != lang)


def address_in(lang: str, external: bool = False) -> str:
    """Give this page's address in a language, with its question mark and all."""
    if request.endpoint and request.view_args is not None and "lang" in g:
        values: dict[str, Any] = {**request.view_args, "lang": lang}
        try:
            path = url_for(request.endpoint, **values, _external=external)
        except BuildError:  # an address that only takes what is sent to it
            path = url_for("home.show", lang=lang, _external=external)
    else:
        path = url_for("home.show", lang=lang, _external=external)
    query = urlencode(list(request.args.items(multi=True)))
    return f"{path}?{query}" if query else path


def init(app: Flask) -> None:
    """Teach an app the languages."""
    Babel(app, default_locale="en", locale_selector=current)

    @app.url_value_preprocessor
    def _take(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "lang" in values:
            g.lang = values.pop("lang")

    @app.url_defaults
    def _give(endpoint: str, values: dict[str, Any]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values.setdefault("lang", current())
