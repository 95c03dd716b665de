"""Partnerships beside each other in a matrix: which kinds of safeguard each tells of, or how each stands by every rule.

A cell keeps what it rests on, and every number on a page can be counted again from the table that `as_csv` writes.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vereend.errors import VereendError
from vereend.formats.spreadsheet import guarded
from vereend.report import Counts, FileReport, PartnershipReport, count
from vereend.rules import Texts, rules
from vereend.terms import COMPLETE_FOR, EVERYTHING, NAMESPACES, TYPE, Statement, iri, local_name, term
from vereend.verdicts import NOT_TOLD, ORDER, Verdict
from vereend.vocabulary import vocabulary
from vereend.wording import VERDICT_NAMES

SAFEGUARDS, RULES = "safeguards", "rules"
BY = (SAFEGUARDS, RULES)
TOLD, NONE, NOT_HELD, NOT_JUDGED = "told", "none", "does not hold", "cannot be judged"
# What a cell can say, in the order it is counted.
STATES = {SAFEGUARDS: (TOLD, NONE, NOT_TOLD), RULES: (*ORDER, NOT_HELD, NOT_JUDGED)}
STATE_NAMES: dict[str, Texts] = {
    TOLD: {"nl": "verteld", "en": "told"},
    NONE: {"nl": "er is er geen", "en": "there is none"},
    NOT_HELD: {"nl": "geldt niet in deze fase", "en": "does not hold in this phase"},
    NOT_JUDGED: {"nl": "niet te toetsen", "en": "cannot be judged"},
    **VERDICT_NAMES,
}
COLUMNS = ("by", "row", "rowLabel", "partnership", "partnershipLabel", "state", "number", *ORDER, "names", "claims")
_OTHER = {"nl": "andere waarborg", "en": "other safeguard"}
_SAFEGUARD, _HAS = term("vrd:Safeguard"), term("vrd:hasSafeguard")
# What is said of a safeguard that tells what it is worth.
_SHOWN = {term(f"vrd:{name}") for name in ("subject", "protects", "exercisedBy", "mandate", "mitigates")}


@dataclass(frozen=True)
class Column:
    """A partnership."""

    name: str  # of its file, without the ending: the short name of a case
    iri: str
    label: Texts


@dataclass(frozen=True)
class Cell:
    """What is told of one thing in one partnership."""

    state: str  # one of STATES; for a rule its gravest verdict
    number: int  # of safeguards, or of verdicts
    counts: Counts  # verdicts by name; empty for safeguards
    names: tuple[str, ...]  # IRIs of the safeguards, or of what was judged
    evidence: tuple[Statement, ...]
    claims: tuple[str, ...]  # numbers


@dataclass(frozen=True)
class Row:
    """A kind of safeguard or a rule, with a cell for each partnership."""

    key: str  # short name of the kind, or the rule's number
    iri: str
    label: Texts
    cells: tuple[Cell, ...]

    @cached_property
    def totals(self) -> dict[str, int]:
        """In how many partnerships each state is found; states that are not found are left out."""
        return dict(Counter(cell.state for cell in self.cells))


@dataclass(frozen=True)
class Matrix:
    """Rows by partnerships."""

    by: str  # one of BY
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """What its cells can say."""
        return STATES[self.by]

    def totals(self, column: int) -> dict[str, int]:
        """In how many rows each state is found for a partnership, zeros included."""
        found = Counter(row.cells[column].state for row in self.rows)
        return {state: found.get(state, 0) for state in self.states}

    def cell(self, row: str, column: str) -> tuple[Row, Column, Cell]:
        """Find a cell by the names of its row and its partnership.

        Raises:
            VereendError: there is no such row or column.
        """
        for place, one in enumerate(self.columns):
            for line in self.rows:
                if (line.key, one.name) == (row, column):
                    return line, one, line.cells[place]
        raise VereendError(f"{row}, {column}", "is not a cell of this matrix", "Choose a row and a partnership in it")

    def to_dict(self) -> dict[str, Any]:
        """Give the matrix for programs. Keys are added, never renamed or removed."""
        return {
            "by": self.by,
            "partnerships": [{"name": c.name, "iri": c.iri, "label": c.label} for c in self.columns],
            "rows": [
                {
                    "row": row.key,
                    "iri": row.iri,
                    "label": row.label,
                    "totals": row.totals,
                    "cells": [
                        {
                            "partnership": column.name,
                            "state": cell.state,
                            "number": cell.number,
                            "counts": cell.counts,
                            "names": list(cell.names),
                            "evidence": [[iri(part) for part in statement] for statement in cell.evidence],
                            "claims": list(cell.claims),
                        }
                        for column, cell in zip(self.columns, row.cells, strict=True)
                    ],
                }
                for row in self.rows
            ],
            "totals": {column.name: self.totals(place) for place, column in enumerate(self.columns)},
        }


def matrix(files: Iterable[FileReport], by: str) -> Matrix:
    """Set the partnerships of judged descriptions beside each other.

    Args:
        by: one of BY.
    Raises:
        VereendError: `by` is neither.
    """
    if by not in BY:
        raise VereendError(f"by={by}", "is not a kind of matrix", f"Choose one of {', '.join(BY)}")
    found = [(file, name) for file in files for name in file.description.partnerships]
    columns = [
        Column(file.name.rpartition("/")[2].partition(".")[0], iri(name), file.words.labels(name))
        for file, name in found
    ]
    rows = _by_safeguards(found) if by == SAFEGUARDS else _by_rules(found)
    return Matrix(by, tuple(columns), tuple(rows))


def _by_safeguards(found: Sequence[tuple[FileReport, str]]) -> list[Row]:
    known = vocabulary()
    kinds = sorted(
        known.subclasses[_SAFEGUARD], key=lambda kind: (kind == _SAFEGUARD, known.labels[kind].get("nl", kind))
    )
    return [
        Row(
            local_name(kind),
            iri(kind),
            _OTHER if kind == _SAFEGUARD else known.labels[kind],
            tuple(_safeguards(file.description.statements, name, kind) for file, name in found),
        )
        for kind in kinds
    ]


def _safeguards(statements: frozenset[Statement], partnership: str, kind: str) -> Cell:
    """Find the safeguards of a kind; one of a narrower kind, or of several, counts under each."""
    known = vocabulary()
    kinds: dict[str, set[str]] = {}
    for s in statements:
        if s.predicate == TYPE and s.object in known.subclasses[_SAFEGUARD]:
            kinds.setdefault(s.subject, set()).add(s.object)
    names = {s.object for s in statements if s.subject == partnership and s.predicate == _HAS}
    of_kind = {name for name in names if kind in _rows_of(kinds.get(name, {_SAFEGUARD}))}
    if not of_kind:
        closed = {
            s
            for s in statements
            if s.subject == partnership and s.predicate == COMPLETE_FOR and s.object in (_HAS, EVERYTHING)
        }
        return Cell(NONE if closed else NOT_TOLD, 0, {}, (), tuple(sorted(closed)), ())
    evidence = {
        s
        for s in statements
        if (s.subject == partnership and s.predicate == _HAS and s.object in of_kind)
        or (s.subject in of_kind and (s.predicate in _SHOWN or (s.predicate == TYPE and s.object == kind)))
    }
    source = term("prov:wasDerivedFrom")
    claims = {
        local_name(s.object)
        for s in statements
        if s.subject in of_kind and s.predicate == source and iri(s.object).startswith(NAMESPACES["src"])
    }
    return Cell(TOLD, len(of_kind), {}, _names(of_kind), tuple(sorted(evidence)), tuple(sorted(claims)))


def _rows_of(kinds: set[str]) -> set[str]:
    """Give the kinds a safeguard counts under; only one of no kind in particular counts as another safeguard."""
    above = {kind for mine in kinds for kind in vocabulary().kinds(mine)}
    return above - {_SAFEGUARD} if kinds != {_SAFEGUARD} else {_SAFEGUARD}


def _names(spelled: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(iri(name) for name in spelled))


def _by_rules(found: Sequence[tuple[FileReport, str]]) -> list[Row]:
    reports = [next((p for p in file.partnerships if p.iri == iri(name)), None) for file, name in found]
    judged: dict[str, list[list[Verdict]]] = {number: [[] for _ in found] for number in rules()}
    for place, report in enumerate(reports):
        for verdict in report.verdicts if report else ():
            judged[verdict.rule.number][place].append(verdict)
    return [
        Row(
            number,
            rule.iri,
            rule.label,
            tuple(_verdicts(verdicts, report) for verdicts, report in zip(judged[number], reports, strict=True)),
        )
        for number, rule in rules().items()
    ]


def _verdicts(verdicts: list[Verdict], report: PartnershipReport | None) -> Cell:
    if report is None or not verdicts:
        return Cell(NOT_HELD if report else NOT_JUDGED, 0, count([]), (), (), ())
    gravest = verdicts[0]  # a report holds them gravest first
    return Cell(
        gravest.verdict,
        len(verdicts),
        count(verdicts),
        _names({v.value or v.focus for v in verdicts}),
        tuple(sorted({s for v in verdicts if v.verdict == gravest.verdict for s in v.evidence})),
        gravest.claims,
    )


def as_csv(found: Matrix, lang: str) -> str:
    """Write one row a cell (RFC 4180), so that every total of the matrix can be counted again.

    Names of columns and states are the same in each language; labels follow it.
    """
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="")
    table.writeheader()
    for row in found.rows:
        for column, cell in zip(found.columns, row.cells, strict=True):
            cells = {
                "by": found.by,
                "row": row.key,
                "rowLabel": row.label[lang],
                "partnership": column.name,
                "partnershipLabel": column.label[lang],
                "state": cell.state,
                "number": cell.number,
                **cell.counts,
                "names": " ".join(cell.names),
                "claims": " ".join(cell.claims),
            }
            table.writerow({name: guarded(str(value)) for name, value in cells.items()})
    return out.getvalue()


def as_text(found: Matrix, lang: str) -> str:
    """Write the matrix as a table: a letter for each partnership, and in each cell a state by its number."""
    letters = [chr(ord("a") + place % 26) * (1 + place // 26) for place in range(len(found.columns))]
    signs = {state: str(place + 1) for place, state in enumerate(found.states)}
    wide = max((len(letter) for letter in letters), default=1)
    label = max(len(_row_name(row, found.by, lang)) for row in found.rows)
    lines = [f"{'':{label}}  {' '.join(f'{letter:>{wide}}' for letter in letters)}"]
    for row in found.rows:
        cells = " ".join(f"{signs[cell.state]:>{wide}}" for cell in row.cells)
        lines.append(f"{_row_name(row, found.by, lang):{label}}  {cells}")
    lines += ["", *(f"{letter}  {c.label[lang]}" for letter, c in zip(letters, found.columns, strict=True)), ""]
    for state, sign in signs.items():
        numbers = " ".join(f"{found.totals(place)[state]:>3}" for place in range(len(found.columns)))
        lines.append(f"{sign}  {STATE_NAMES[state][lang]:20} {numbers}")
    return "\n".join(lines)


def _row_name(row: Row, by: str, lang: str) -> str:
    return f"{row.key}  {row.label[lang]}" if by == RULES else row.label[lang]
