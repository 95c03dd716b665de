"""Answers laid out to be looked at: bars for numbers, lines between things, counts where two columns cross.

Everything is drawn here, from the same rows as the table, so that a picture needs no script and can be printed.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from vereend.results import Results, Value
from vereend.terms import Text
from vereend_webui.things import Thing

MOST_BARS = 100
MOST_LINES = 200
# Of the drawing of ties, in units of about a pixel.
_ROW, _LEFT, _RIGHT, _WIDTH, _LONGEST = 28, 344, 556, 900, 44


@dataclass(frozen=True)
class Cell:
    """One value: a thing with a page, a word, or nothing (thing and text None)."""

    thing: Thing | None
    text: Text | None
    title: str  # the whole IRI; "" for words
    value: Value | None

    @property
    def words(self) -> str:
        """What is read in it."""
        return self.thing.text.value if self.thing else self.text.value if self.text else ""


Showing = Callable[[Value | None], Cell]


@dataclass(frozen=True)
class Bar:
    """A bar: its place and length in hundredths of the width."""

    name: Cell
    number: str
    start: float
    length: float


@dataclass(frozen=True)
class Chart:
    """Numbers as bars."""

    columns: tuple[str, str]
    bars: list[Bar]
    zero: float  # where nought stands, in hundredths
    left_out: int  # rows without a number, or after the last that is drawn


@dataclass(frozen=True)
class Knot:
    """A thing in the drawing of ties."""

    cell: Cell
    label: str
    x: int
    y: int
    left: bool  # its name stands to the left of the lines


@dataclass(frozen=True)
class Ties:
    """Things and the lines between them."""

    columns: tuple[str, str]
    knots: list[Knot]
    lines: list[tuple[str, str]]  # a path, and what it ties
    arcs: bool  # all things in one column, because some stand at both ends
    height: int
    left_out: int  # lines not drawn


@dataclass(frozen=True)
class Matrix:
    """How many rows have both: one value down, one across."""

    columns: tuple[str, str]
    across: list[Cell]
    rows: list[tuple[Cell, list[int], int]]  # the value, its counts, their sum
    sums: list[int]
    total: int
    left_out: int  # rows that lack one of the two


def chart(results: Results, columns: tuple[str, str], show: Showing) -> Chart:
    """Draw a bar for each row that has a number, in the order of the rows."""
    names, numbers = results.column(columns[0]), results.column(columns[1])
    found = [(n, v.number, v.text) for n, v in zip(names, numbers, strict=True) if v and v.number is not None]
    drawn = found[:MOST_BARS]
    least, most = min([0.0, *(n for _, n, _ in drawn)]), max([0.0, *(n for _, n, _ in drawn)])
    scale = 100 / ((most - least) or 1)
    zero = round(-least * scale, 2)
    bars = [
        Bar(show(name), text, round(zero + min(0.0, number) * scale, 2), round(abs(number) * scale, 2))
        for name, number, text in drawn
    ]
    return Chart(columns, bars, zero, len(results.rows) - len(drawn))


def ties(results: Results, columns: tuple[str, str], show: Showing) -> Ties:
    """Draw a line for each pair: between two columns, or as arcs beside one where some things stand at both ends."""
    pairs = list(results.pairs(*columns))
    drawn = pairs[:MOST_LINES]
    starts = list(dict.fromkeys(a for a, _ in drawn))
    ends = list(dict.fromkeys(b for _, b in drawn))
    arcs = bool(set(starts) & set(ends))
    if arcs:
        order = list(dict.fromkeys(term for pair in drawn for term in pair))
        places = {term: (_LEFT, _ROW * (i + 1)) for i, term in enumerate(order)}
        knots = [_knot(show(term), *places[term], True) for term in order]
        paths = [_arc(places[a], places[b]) for a, b in drawn]
        height = _ROW * (len(order) + 1)
    else:
        at = {term: i for i, term in enumerate(starts)}
        seen: dict[Value, list[int]] = defaultdict(list)
        for a, b in drawn:
            seen[b].append(at[a])
        # Each end near the middle of what leads to it: fewer lines cross.
        ends.sort(key=lambda term: sum(seen[term]) / len(seen[term]))
        tall = max(len(starts), len(ends))
        left = {term: (_LEFT, _spread(i, len(starts), tall)) for i, term in enumerate(starts)}
        right = {term: (_RIGHT, _spread(i, len(ends), tall)) for i, term in enumerate(ends)}
        knots = [_knot(show(term), *place, True) for term, place in left.items()]
        knots += [_knot(show(term), *place, False) for term, place in right.items()]
        paths = [_curve(left[a], right[b]) for a, b in drawn]
        height = _ROW * (tall + 1)
    told = [f"{show(a).words} – {show(b).words}" for a, b in drawn]
    return Ties(columns, knots, list(zip(paths, told, strict=True)), arcs, height, len(pairs) - len(drawn))


def _knot(cell: Cell, x: int, y: int, left: bool) -> Knot:
    words = cell.words
    label = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
    return Knot(cell, label, x, y, left)


def _spread(i: int, number: int, tall: int) -> int:
    return round(_ROW * (0.5 + (i + 0.5) * tall / number))


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    middle = (_LEFT + _RIGHT) // 2
    return f"M{start[0] + 8} {start[1]}C{middle} {start[1]} {middle} {end[1]} {end[0] - 8} {end[1]}"


def _arc(start: tuple[int, int], end: tuple[int, int]) -> str:
    reach = min(_WIDTH - 20, start[0] + 40 + abs(end[1] - start[1]))
    return f"M{start[0] + 8} {start[1]}C{reach} {start[1]} {reach} {end[1]} {end[0] + 10} {end[1]}"


def matrix(results: Results, columns: tuple[str, str], show: Showing) -> Matrix:
    """Count the rows for each value of one column against each of another, both in the order they come."""
    counts = results.pairs(*columns)
    down = list(dict.fromkeys(a for a, _ in counts))
    across = list(dict.fromkeys(b for _, b in counts))
    rows = [(show(a), [counts[a, b] for b in across]) for a in down]
    sums = [sum(counts[a, b] for a in down) for b in across]
    told = [(cell, found, sum(found)) for cell, found in rows]
    return Matrix(columns, [show(b) for b in across], told, sums, sum(sums), len(results.rows) - sum(sums))
