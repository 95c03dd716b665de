"""For programs: mend a description, ask what if, answer what is left to a person, compare two reports.

Nothing is kept: who sends a text gets it back as it has become.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from vereend.answering import weigh
from vereend.answers import with_answer
from vereend.changes import Change
from vereend.comparison import whatif
from vereend.conversion import written
from vereend.differences import diff
from vereend.errors import VereendError
from vereend.reading import Description
from vereend.repairs import chosen_ways, repair
from vereend.terms import LANGUAGES
from vereend_webui.blueprints.api import descriptions, public, text_of
from vereend_webui.site import site

bp = Blueprint("change_api", __name__)
bp.after_request(public)


@bp.post("/api/repair")
def mend() -> Response:
    """Give the smallest set of statements that mends a description; with `apply` the text with these in it as well."""
    description, settings, sent = _one()
    values = sent.get("set", {})
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise VereendError(
            "set", "is not a list of values", 'Send names with texts, as in {"intervention": "vc:iv-suspend"}'
        )
    ways = chosen_ways(_texts(sent, "choose"))
    with site().judging():
        found = repair(description, **settings, ways=ways)
    answer = found.to_dict()
    if sent.get("apply"):
        if any(step.remove for step in found.steps) and not sent.get("agree"):
            raise VereendError(
                "repair", "takes out what is told now", "Say that it is not so (any longer), or mend it otherwise"
            )
        answer |= _text(description, found.filled(values), sent)
    return jsonify(answer)


@bp.post("/api/whatif")
def suppose() -> Response:
    """Tell which verdicts turn when something is left out or told; with `apply` the text with that in it as well."""
    description, settings, sent = _one()
    with site().judging():
        found = whatif(
            description,
            add=_texts(sent, "add"),
            remove=_texts(sent, "remove"),
            without=_texts(sent, "without"),
            **settings,
        )
    return jsonify(found.to_dict() | (_text(description, found.change, sent) if sent.get("apply") else {}))


@bp.post("/api/answer")
def answer() -> Response:
    """Add the answer of a person to a text of answers, as PROV in Turtle."""
    description, settings, sent = _one()
    if not isinstance(sent.get("yes"), bool):
        raise VereendError("yes", "is neither yes nor no", "Choose one")
    optional = {name: text_of(sent, name) for name in ("focus", "value") if sent.get(name) is not None}
    with site().judging():
        given = weigh(
            description,
            text_of(sent, "rule"),
            yes=sent["yes"],
            reason=text_of(sent, "reason"),
            initials=text_of(sent, "initials"),
            lang=_lang(sent),
            on=text_of(sent, "date") if sent.get("date") is not None else None,
            phase=settings.get("phase"),
            **optional,
        )
    before = text_of(sent, "answers") if sent.get("answers") is not None else ""
    return jsonify(answers=with_answer(before, given), iri=given.name.strip("<>"))


@bp.post("/api/diff")
def compare() -> Response:
    """Tell what has changed from one report to a later one, each as /api/validate gives it."""
    sent = _sent()
    for name in ("before", "after"):
        if not isinstance(sent.get(name), dict):
            raise VereendError(name, "is not a report", "Make one with vereend validate PATH --format json --out FILE")
    return jsonify(diff(sent["before"], sent["after"]).to_dict())


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise VereendError("request", "is not a JSON object", 'Send {"text": "..."}')
    return sent


def _one() -> tuple[Description, dict[str, Any], dict[str, Any]]:
    """Read the one description that was sent, how to judge it, and all else that came with it."""
    sent = _sent()
    files, settings = descriptions()
    if len(files) != 1:
        raise VereendError("files", "is not one description", "Send one at a time")
    return files[0], settings, sent


def _texts(sent: dict[str, Any], name: str) -> list[str]:
    found = sent.get(name, [])
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise VereendError(name, "is not a list of texts", 'Send a list, as in ["kg:committee"]')
    return found


def _lang(sent: dict[str, Any]) -> str:
    return str(sent["lang"]) if sent.get("lang") in LANGUAGES else "nl"


def _text(description: Description, change: Change, sent: dict[str, Any]) -> dict[str, Any]:
    writing = written(description, change, _lang(sent))
    return {"text": writing.text, "layoutKept": writing.kept}
