"""The home page, and the search it begins with."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from vereend.knowledge import EntityRow
from vereend.stored_queries import StoredQuery, queries
from vereend.terms import NAMESPACES, Text, local_name
from vereend_webui.i18n import pick
from vereend_webui.site import knowledge
from vereend_webui.telling import Summary, first_example, summary
from vereend_webui.things import Thing, partnership_of, thing

bp = Blueprint("home", __name__)


@dataclass(frozen=True)
class Numbers:
    """How much there is."""

    rules: int
    themes: int
    claims: int
    provisions: int
    partnerships: int
    actors: int


@dataclass(frozen=True)
class HomePage:
    """All that home/show.html may use."""

    numbers: Numbers
    cases: list[Summary]  # of the report
    example: Summary | None  # invented, to begin with
    questions: list[StoredQuery]  # a few to begin with
    rules: list[Thing]  # likewise


@dataclass(frozen=True)
class Hit:
    """One thing a search found."""

    thing: Thing
    number: str  # of a rule; "" for others
    note: Text  # to tell it from others; may be empty
    partnership: Thing | None  # in whose description it stands


@dataclass(frozen=True)
class Found:
    """What a search found of one kind."""

    kind: str
    hits: list[Hit]


@dataclass(frozen=True)
class SearchPage:
    """All that home/search.html may use."""

    words: str
    found: list[Found]  # in the order of the closest of each kind; empty: nothing found, or nothing asked
    total: int


@bp.get("/")
def show() -> str:
    """Show what there is, and how to begin."""
    kb = knowledge()
    real = [case for case in kb.cases.values() if not case.fictional]
    numbers = Numbers(
        len(kb.rules),
        len({rule.theme for rule in kb.rules.values()}),
        len(kb.claims),
        sum(NAMESPACES["vrd"] + "LegalProvision" in kb.entity(row.iri).types for row in kb.entities("law")),
        len(real),
        len({row.iri for row in kb.entities("actor") if any(f"/kg/{c.slug}/" in row.iri for c in real)}),
    )
    page = HomePage(
        numbers,
        [summary(case) for case in real],
        summary(example) if (example := first_example()) else None,
        _begin_with(queries()),
        [thing(rule.iri) for rule in list(kb.rules.values()) if rule.number in ("R13", "R35")][:2],
    )
    return render_template("home/show.html", page=page)


def _begin_with(stored: Sequence[StoredQuery]) -> list[StoredQuery]:
    """Choose two questions for the home page: those it was made for, where they are stored."""
    by_name = {query.name: query for query in stored}
    wanted = ("coercion-without-binding-oversight", "who-appoints-and-pays-the-overseer")
    return [*(by_name[name] for name in wanted if name in by_name), *stored][:2]


@bp.get("/search")
def search() -> str:
    """Find things by label, synonym or number."""
    words = request.args.get("q", "").strip()[:200]
    rows = knowledge().search(words, limit=100)
    kinds = dict.fromkeys(row.kind for row in rows)
    found = [Found(kind, [_hit(row) for row in rows if row.kind == kind]) for kind in kinds]
    return render_template("home/search.html", page=SearchPage(words, found, len(rows)))


def _hit(row: EntityRow) -> Hit:
    rule = knowledge().rules.get(local_name(row.iri)) if row.kind == "rule" else None
    note = pick(rule.rationale) if rule else pick(row.note)
    named = thing(row.iri)
    if note.value == named.text.value:
        note = Text("", "")
    return Hit(named, rule.number if rule else "", note, partnership_of(row.iri))
