"""Every piece of the pages in every state, so that a change in one is seen beside the others."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from vereend.accountability import chains
from vereend.errors import VereendError
from vereend.knowledge import Claim
from vereend_webui.chain_drawing import Drawing, draw
from vereend_webui.error_words import ErrorWords, words
from vereend_webui.judging import VerdictCard, judged
from vereend_webui.site import knowledge
from vereend_webui.things import Told

bp = Blueprint("components", __name__)


@dataclass(frozen=True)
class ComponentsPage:
    """All that components/show.html may use."""

    numbers: dict[str, int]
    error: ErrorWords
    told: list[Told]
    claims: list[Claim]
    cards: list[VerdictCard]  # one of each verdict the invented partnerships reach
    chains: list[Drawing]  # one unbroken, one broken, one not told, as far as there are


@bp.get("/components")
def show() -> str:
    """Show the pieces."""
    kb = knowledge()
    cards: dict[str, VerdictCard] = {}
    drawings: dict[str, Drawing] = {}
    for case in sorted(kb.cases.values(), key=lambda c: (not c.fictional, c.slug)):
        judgement = kb.report(case.slug)
        file = judgement.files[0]
        for one in judged(file, judgement.date):
            for theme in one.themes:
                for card in theme.cards:
                    cards.setdefault(card.code, card)
        for report in file.partnerships:
            for chain in chains(file, report):
                states = {link.state for link in chain.links}
                worst = next(s for s in ("broken", "not told", "told") if s in states)
                drawings.setdefault(worst, draw(chain, len(drawings) + 1, file.words))
    numbers = {"violated": 3, "contested": 2, "not told": 18, "for a person": 6, "satisfied": 24, "not applicable": 7}
    error = VereendError("plein.ttl, line 31, 'vrd:mandateFrom'", "is not a known term", "The nearest is 'vrd:mandate'")
    first = next(iter(cards.values()), None)
    page = ComponentsPage(
        numbers,
        words(error),
        first.evidence[:3] if first else [],
        list(kb.claims.values())[:1],
        list(cards.values()),
        list(drawings.values()),
    )
    return render_template("components/show.html", page=page)
