"""A partnership read out as sentences, with the claims they rest on beside them."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from vereend.knowledge import Case
from vereend.sentences import Passage, read_out
from vereend.terms import Text
from vereend_webui.i18n import current, pick
from vereend_webui.site import knowledge

bp = Blueprint("sentences", __name__)


@dataclass(frozen=True)
class SentencesPage:
    """All that partnerships/sentences.html may use."""

    case: Case
    name: Text
    passages: list[Passage]
    sentences: int
    statements: int


@bp.get("/partnerships/<slug>/sentences")
def show(slug: str) -> str:
    """Read one partnership out. An unknown slug raises UnknownEntity: a 404 page."""
    kb = knowledge()
    case = kb.case(slug)
    passages = read_out(case.description, current())
    counted = sum(len(passage.sentences) for passage in passages)
    page = SentencesPage(case, pick(kb.texts(case.iri)), passages, counted, len(case.description.statements))
    return render_template("partnerships/sentences.html", page=page)
