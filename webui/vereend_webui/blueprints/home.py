"""The home page: what this is, and how to begin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from vereend.changelog import releases
from vereend.stored_queries import StoredQuery, queries
from vereend.terms import NAMESPACES
from vereend_webui.site import knowledge
from vereend_webui.telling import Summary, first_example, summary
from vereend_webui.things import Thing, thing

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
    version: str
    changes: list[str]  # the newest version's, one of each sort; in English


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
        *_latest(),
    )
    return render_template("home/show.html", page=page)


def _latest() -> tuple[str, list[str]]:
    """Give the newest version and what it brought: the last change told of each sort."""
    newest = next(iter(releases()), None)
    if newest is None:
        return "", []
    # The first clause says what it is about; the page of changes has the rest.
    return newest.title, [re.split(r"[.:;] ", items[-1])[0] for _, items in newest.sections if items][-4:]


def _begin_with(stored: Sequence[StoredQuery]) -> list[StoredQuery]:
    """Choose two questions for the home page: those it was made for, where they are stored."""
    by_name = {query.name: query for query in stored}
    wanted = ("coercion-without-binding-oversight", "who-appoints-and-pays-the-overseer")
    return [*(by_name[name] for name in wanted if name in by_name), *stored][:2]
