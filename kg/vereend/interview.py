"""The questions of a careful reader, in order: why each is asked, and which fields of a description answer it.

The questions are content (kg/entry/interview.yaml); nothing is known here of pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from vereend import content
from vereend.entry import Names, Statements, outline
from vereend.terms import PARTNERSHIP, Statement, term
from vereend.vocabulary import vocabulary


@dataclass(frozen=True)
class Rows:
    """Things that hang on the partnership, and what is asked of each."""

    field: str  # prefixed: the property by which they hang
    kind: str  # in N-Triples spelling: of what is new
    ask: tuple[str, ...]  # names of fields
    blanks: int = 1  # how many new ones are offered at first


@dataclass(frozen=True)
class Each:
    """What is asked of every thing of a kind that is described already."""

    kind: str
    ask: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question. Skipped, it leaves what it asks untold."""

    id: str
    question: dict[str, str]
    why: dict[str, str]
    claims: tuple[str, ...]
    ask: tuple[str, ...] = ()
    rows: tuple[Rows, ...] = ()
    each: tuple[Each, ...] = ()


@cache
def questions() -> tuple[Question, ...]:
    """Give the questions, in their order."""
    path = content.root() / "kg" / "entry" / "interview.yaml"
    return tuple(_question(told) for told in yaml.safe_load(path.read_text("utf-8")))


def _question(told: dict[str, Any]) -> Question:
    known = vocabulary()
    rows = tuple(
        Rows(
            row["field"],
            term(row["kind"]) if "kind" in row else known.ranges[term(row["field"])],
            tuple(row["ask"]),
            row.get("blanks", 1),
        )
        for row in told.get("rows", ())
    )
    each = tuple(Each(term(one["kind"]), tuple(one["ask"])) for one in told.get("each", ()))
    return Question(
        told["id"], told["question"], told["why"], tuple(told["claims"]), tuple(told.get("ask", ())), rows, each
    )


def hanging(statements: Statements, partnership: str, rows: Rows) -> list[str]:
    """Give the things of these rows that a description has already, in the order of the outline."""
    hung = {s.object for s in statements if s.subject == partnership and s.predicate == term(rows.field)}
    return [thing for thing in of_kind(statements, rows.kind) if thing in hung]


def of_kind(statements: Iterable[Statement], kind: str) -> list[str]:
    """Give the described things of a kind, in the order of the outline."""
    every = frozenset(statements)
    names, known = Names(every, "nl"), vocabulary()
    return [
        item.thing for item in outline(every, "nl") if any(kind in known.kinds(one) for one in names.kinds(item.thing))
    ]


def partnership_of(statements: Statements) -> str:
    """Give the first partnership of a description."""
    return of_kind(statements, PARTNERSHIP)[0]
