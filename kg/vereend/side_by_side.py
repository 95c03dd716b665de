"""Two partnerships side by side: what each tells of facts, actors, powers and safeguards, and what the rules say.

Different partnerships have different people and papers in them, so things of their own are compared by kind ("a
municipality pays"), and values from a list by what they are.
"""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vereend.accountability import PositionRow, positions
from vereend.errors import VereendError
from vereend.form_reasoning import FEATURES
from vereend.formats.spreadsheet import guarded
from vereend.matrices import NONE, RULES, SAFEGUARDS, STATE_NAMES, TOLD, matrix
from vereend.report import FileReport, PartnershipReport
from vereend.rules import Texts
from vereend.terms import COMPLETE_FOR, EVERYTHING, TYPE, iri, term
from vereend.verdicts import NOT_TOLD
from vereend.vocabulary import vocabulary
from vereend.wording import VERDICT_NAMES

FACTS, ACTORS, POWERS, SAFEGUARDS_, VERDICTS = "facts", "actors", "powers", "safeguards", "verdicts"
PARTS = (FACTS, ACTORS, POWERS, SAFEGUARDS_, VERDICTS)
ABSENT = "absent"  # what the row is about is not there, so there is nothing to tell of it
COLUMNS = ("part", "group", "row", "differs", "a", "aNames", "b", "bNames")
# Facts of a partnership, in the order they are shown: a path of properties.
_FACTS = (
    ("hasTask", "policeTask"),
    ("phenomenon",),
    ("phase",),
    ("jurisdiction",),
    ("expectedForm",),
    ("declaredForm",),
    *((name,) for name in FEATURES),
)
_ASPECTS: dict[str, tuple[Texts, Callable[[PositionRow], tuple[str, ...]]]] = {
    "holder": ({"nl": "wie mag het", "en": "who may"}, lambda row: (row.actor,)),
    "towards": ({"nl": "jegens wie", "en": "towards whom"}, lambda row: row.towards),
    "basis": ({"nl": "grondslag", "en": "basis"}, lambda row: row.bases),
    "mandate": ({"nl": "mandaat", "en": "mandate"}, lambda row: row.mandates),
    "oversight": ({"nl": "toezicht", "en": "oversight"}, lambda row: row.oversight),
    "interventions": ({"nl": "bindende ingrepen", "en": "binding interventions"}, lambda row: row.interventions),
    "complaints": ({"nl": "klachten", "en": "complaints"}, lambda row: row.complaints),
}


@dataclass(frozen=True)
class Side:
    """What one of the two tells."""

    state: str  # told, none, not told or absent; for a rule its gravest verdict
    names: tuple[str, ...]  # what is told, in N-Triples spelling; for a rule what was judged
    number: int  # how many


@dataclass(frozen=True)
class Row:
    """One thing told of both."""

    part: str  # one of PARTS
    group: Texts  # a heading within the part; empty for none
    key: str
    label: Texts
    a: Side
    b: Side
    differs: bool


@dataclass(frozen=True)
class SideBySide:
    """Two partnerships, row by row."""

    a: FileReport
    b: FileReport
    rows: tuple[Row, ...]

    def part(self, name: str) -> list[Row]:
        """Give the rows of one of PARTS."""
        return [row for row in self.rows if row.part == name]

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """How many rows of each part differ, and how many there are."""
        return {name: (sum(row.differs for row in self.part(name)), len(self.part(name))) for name in PARTS}

    def said(self, side: Side, file: FileReport, lang: str) -> str:
        """Say what a side tells: names where there are any, else the state."""
        names = ", ".join(file.words.label(name, lang) for name in side.names)
        state = {ABSENT: "–", **{name: texts[lang] for name, texts in (STATE_NAMES | VERDICT_NAMES).items()}}
        return names if side.state == TOLD and names else state[side.state]

    def to_dict(self) -> dict[str, Any]:
        """Give the comparison for programs. Keys are added, never renamed or removed."""

        def side(one: Side) -> dict[str, Any]:
            return {"state": one.state, "names": [iri(name) for name in one.names], "number": one.number}

        return {
            "a": [iri(name) for name in self.a.description.partnerships[:1]],
            "b": [iri(name) for name in self.b.description.partnerships[:1]],
            "counts": {name: {"differ": found[0], "of": found[1]} for name, found in self.counts.items()},
            "rows": [
                {
                    "part": row.part,
                    "group": row.group,
                    "row": row.key,
                    "label": row.label,
                    "differs": row.differs,
                    "a": side(row.a),
                    "b": side(row.b),
                }
                for row in self.rows
            ],
        }


class _Half:
    """One of the two, with its look-ups."""

    def __init__(self, file: FileReport) -> None:
        if not file.description.partnerships:
            raise VereendError(file.name, "describes no partnership", "Give one thing the kind vrd:Partnership")
        self.file = file
        self.name = file.description.partnerships[0]
        self.report: PartnershipReport | None = next((p for p in file.partnerships if p.iri == iri(self.name)), None)
        self.values: dict[tuple[str, str], list[str]] = {}
        for s, p, o in sorted(file.description.statements):
            self.values.setdefault((s, p), []).append(o)

    def all(self, subject: str, *path: str) -> list[str]:
        found = [subject]
        for name in path:
            found = [value for one in found for value in self.values.get((one, term(f"vrd:{name}")), ())]
        return list(dict.fromkeys(found))

    def closed(self, subject: str, name: str) -> bool:
        complete = self.values.get((subject, COMPLETE_FOR), [])
        return EVERYTHING in complete or term(f"vrd:{name}") in complete

    def side(self, names: Iterable[str], closed: bool = False) -> Side:
        found = tuple(dict.fromkeys(names))
        return Side(TOLD if found else NONE if closed else NOT_TOLD, found, len(found))

    def key(self, side: Side) -> tuple[str, frozenset[str]]:
        """Give what two sides are compared by: kinds of what is its own, and the value itself otherwise."""
        kinds = {kind for name in side.names for kind in (self.values.get((name, TYPE)) or [name])}
        return side.state, frozenset(kinds)


def side_by_side(a: FileReport, b: FileReport) -> SideBySide:
    """Compare the first partnership of each of two judged descriptions.

    Raises:
        VereendError: a description tells of no partnership.
    """
    halves = _Half(a), _Half(b)
    rows = [*_facts(*halves), *_actors(*halves), *_powers(*halves), *_matrix(*halves)]
    return SideBySide(a, b, tuple(rows))


def _row(part: str, group: Texts, key: str, label: Texts, a: tuple[_Half, Side], b: tuple[_Half, Side]) -> Row:
    absent = ABSENT in (a[1].state, b[1].state)
    return Row(part, group, key, label, a[1], b[1], not absent and a[0].key(a[1]) != b[0].key(b[1]))


def _facts(a: _Half, b: _Half) -> list[Row]:
    known = vocabulary()
    found = []
    for path in _FACTS:
        one, other = ((h, h.side(h.all(h.name, *path), h.closed(h.name, path[0]))) for h in (a, b))
        found.append(_row(FACTS, {}, path[-1], known.labels[term(f"vrd:{path[-1]}")], one, other))
    return found


def _actors(a: _Half, b: _Half) -> list[Row]:
    """Compare who takes part, by kind of actor, then by role; one of a narrower kind or role counts under the wider."""
    known = vocabulary()
    kinds = [
        [(kind, actor) for actor in h.all(h.name, "hasParticipation", "participant") for kind in h.values[actor, TYPE]]
        for h in (a, b)
    ]
    roles = [
        [
            (role, actor)
            for p in h.all(h.name, "hasParticipation")
            for role in h.all(p, "role")
            for actor in h.all(p, "participant")
        ]
        for h in (a, b)
    ]
    by_kind = _grouped(ACTORS, {"nl": "naar soort", "en": "by kind"}, (a, b), kinds, known.kinds, "hasParticipation")
    by_role = _grouped(ACTORS, {"nl": "naar rol", "en": "by role"}, (a, b), roles, _wider, "")
    return [*by_kind, *by_role]


def _wider(concept: str) -> set[str]:
    return vocabulary().broader_all.get(concept, {concept})


def _grouped(
    part: str,
    group: Texts,
    halves: tuple[_Half, _Half],
    pairs: list[list[tuple[str, str]]],
    wider: Callable[[str], set[str]],
    closing: str,
) -> list[Row]:
    """Make a row for each first of a pair, with the seconds that stand under it on either side.

    Args:
        wider: gives what a first falls under, itself included.
        closing: the list of the partnership that, declared complete, makes absence a statement; "" for none.
    """
    labels = vocabulary().labels
    found = []
    for key in sorted({key for side in pairs for key, _ in side}, key=lambda k: (labels[k].get("nl", k), k)):
        one, other = (
            (
                half,
                half.side(
                    (value for first, value in side if key in wider(first)),
                    bool(closing) and half.closed(half.name, closing),
                ),
            )
            for half, side in zip(halves, pairs, strict=True)
        )
        found.append(_row(part, group, iri(key), labels[key], one, other))
    return found


def _powers(a: _Half, b: _Half) -> list[Row]:
    """Compare who may do what, power by power; a narrower power counts under a wider one.

    What could not be judged has no table of powers to compare.
    """
    known = vocabulary()
    tables = [positions(half.file, half.report) if half.report else [] for half in (a, b)]
    powers = {f"<{row.power}>" for table in tables for row in table}
    found = []
    for power in sorted(powers, key=lambda p: (known.labels[p].get("nl", p), p)):
        held = [[row for row in table if power in _wider(f"<{row.power}>")] for table in tables]
        for aspect, (label, take) in _ASPECTS.items():
            sides = []
            for half, rows in zip((a, b), held, strict=True):
                if rows:
                    side = half.side(f"<{name}>" for row in rows for name in take(row))
                elif aspect == "holder":
                    side = half.side((), half.closed(half.name, "hasPosition"))
                else:
                    side = Side(ABSENT, (), 0)
                sides.append((half, side))
            found.append(_row(POWERS, known.labels[power], f"{iri(power)} {aspect}", label, sides[0], sides[1]))
    return found


def _matrix(a: _Half, b: _Half) -> list[Row]:
    """Compare kinds of safeguard and verdicts, as the matrix has them."""
    found = []
    files = [a.file] if a.file is b.file else [a.file, b.file]
    for part, by in ((SAFEGUARDS_, SAFEGUARDS), (VERDICTS, RULES)):
        table = matrix(files, by)
        places = [next(i for i, column in enumerate(table.columns) if column.iri == iri(half.name)) for half in (a, b)]
        for row in table.rows:
            cells = [row.cells[place] for place in places]
            sides = [Side(cell.state, tuple(f"<{n}>" for n in cell.names), cell.number) for cell in cells]
            differs = cells[0].state != cells[1].state
            found.append(Row(part, {}, row.key, row.label, sides[0], sides[1], differs))
    return found


def as_csv(found: SideBySide, lang: str) -> str:
    """Write one row a row of the comparison (RFC 4180). Names of columns are the same in each language."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    for row in found.rows:
        cells = {
            "part": row.part,
            "group": row.group.get(lang, ""),
            "row": row.label[lang],
            "differs": "yes" if row.differs else "no",
            "a": found.said(row.a, found.a, lang),
            "aNames": " ".join(iri(name) for name in row.a.names),
            "b": found.said(row.b, found.b, lang),
            "bNames": " ".join(iri(name) for name in row.b.names),
        }
        table.writerow({name: guarded(cell) for name, cell in cells.items()})
    return out.getvalue()


def as_text(found: SideBySide, lang: str) -> str:
    """Tell what differs, part by part, and how many rows are the same."""
    says = {
        "nl": {FACTS: "Feiten", ACTORS: "Wie doet mee", POWERS: "Wie mag wat", SAFEGUARDS_: "Waarborgen",
               VERDICTS: "Oordelen", "count": "{} van {} verschillen"},
        "en": {FACTS: "Facts", ACTORS: "Who takes part", POWERS: "Who may do what", SAFEGUARDS_: "Safeguards",
               VERDICTS: "Verdicts", "count": "{} of {} differ"},
    }[lang]  # fmt: skip
    names = [file.words.label(file.description.partnerships[0], lang) for file in (found.a, found.b)]
    out = [f"a  {names[0]}", f"b  {names[1]}"]
    for part in PARTS:
        differ, total = found.counts[part]
        out += ["", f"{says[part]}: {says['count'].format(differ, total)}"]
        for row in found.part(part):
            if row.differs:
                group = f"{row.group[lang]}, " if row.group else ""
                number = f"{row.key} " if part == VERDICTS else ""
                out.append(f"  {group}{number}{row.label[lang]}")
                out.append(f"    a  {found.said(row.a, found.a, lang)}")
                out.append(f"    b  {found.said(row.b, found.b, lang)}")
    return "\n".join(out)
