"""What every template may use besides its page: words, marks, addresses, and the built files."""

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request
from flask_babel import format_decimal
from jinja2 import StrictUndefined

from vereend.knowledge import KIND_NAMES
from vereend.terms import LANGUAGES
from vereend_webui import i18n, links, security, things, verdict_words
from vereend_webui.site import site

# The main menu: endpoint, its word (translated in base.html), and the blueprints that stand under it.
MENU = (
    ("home.show", ("home", "search")),
    ("describe.show", ("describe",)),
    ("validation.show", ("validation",)),
    ("partnerships.index", ("partnerships", "comparing")),
    ("network.show", ("network",)),
    ("questions.show", ("questions",)),
    ("rules.index", ("rules",)),
    ("things.overview", ("things",)),
    ("components.show", ("components",)),
)


def here() -> str:
    """Give the blueprint of the page at hand; "" on an error page."""
    return (request.endpoint or "").partition(".")[0] if request else ""


def once(macro: Callable[[Any], Any], value: Any, name: str | None = None) -> Any:
    """Give what a macro makes of a value; a page that shows one thing a hundred times has it made once.

    Args:
        name: what tells the value from others, where it cannot be a key itself.
    """
    made: dict[tuple[str, Any], Any] = g.setdefault("made", {})
    key = (macro.name, name or value)  # type: ignore[attr-defined]
    if key not in made:
        made[key] = macro(value)
    return made[key]


def init(app: Flask) -> None:
    """Give the templates their globals. A name that does not exist fails, instead of showing nothing."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        lang=i18n.current,
        languages=LANGUAGES,
        language_names=i18n.NAMES,
        address_in=i18n.address_in,
        pick=i18n.pick,
        kind_names=KIND_NAMES,
        page_of=links.page_of,
        data_of=links.data_of,
        thing=things.thing,
        hues=things.HUES,
        sign_of_kind=things.sign_of_kind,
        verdict_code=verdict_words.CODES,
        verdict_meaning=verdict_words.MEANINGS,
        verdict_name=verdict_words.verdict_name,
        severity_name=verdict_words.severity_name,
        counted=verdict_words.counts,
        locator=verdict_words.locator,
        line_words=verdict_words.lines_of,
        modality_note=verdict_words.modality_note,
        caution=verdict_words.caution,
        nonce=security.nonce,
        menu=MENU,
        here=here,
        once=once,
    )

    app.jinja_env.filters["decimal"] = lambda number: format_decimal(number, "0.0")
    app.jinja_env.filters["number"] = lambda number: format_decimal(number)

    @app.context_processor
    def _assets() -> dict[str, Any]:
        return {"assets": site().assets}
