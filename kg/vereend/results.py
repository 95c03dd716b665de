"""The rows of an answer: which to show and in which order, and which columns make a chart, a network or a matrix.

Works on the W3C's JSON form of results, whoever answered; a graph is read as rows of subject, predicate and object.
"""

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import pyoxigraph as ox

from vereend.knowledge import sort_key
from vereend.terms import LANGUAGES, NAMESPACES, prefixed

_NUMBERS = {
    NAMESPACES["xsd"] + name
    for name in (
        *("integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger"),
        *("positiveInteger", "negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort"),
    )
}
# A matrix with more columns than this is read on no screen.
MOST_ACROSS = 24
MOST_DOWN = 200


class Value(NamedTuple):
    """One term of a row."""

    kind: str  # uri, bnode or literal
    text: str
    lang: str = ""
    datatype: str = ""

    @property
    def number(self) -> float | None:
        """Its number; None for what is none, or is written wrongly."""
        if self.datatype not in _NUMBERS:
            return None
        try:
            found = float(self.text)
        except ValueError:
            return None
        return found if abs(found) < float("inf") else None

    @property
    def spelled(self) -> str:
        """It in N-Triples spelling, by which values are told apart."""
        if self.kind == "uri":
            return f"<{self.text}>"
        if self.kind == "bnode":
            return f"_:{self.text}"
        datatype = ox.NamedNode(self.datatype) if self.datatype else None
        return str(ox.Literal(self.text, language=self.lang or None, datatype=datatype))


# How a value is called where it is shown.
Naming = Callable[[Value], str]


@dataclass(frozen=True)
class Results:
    """Rows in the order they came, each with a value or None by column."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]

    def column(self, name: str) -> list[Value | None]:
        """Give the values of a column, row by row."""
        at = self.variables.index(name)
        return [row[at] for row in self.rows]

    @cached_property
    def numeric(self) -> tuple[str, ...]:
        """The columns that hold numbers and nothing else."""
        return tuple(v for v in self.variables if _all(self.column(v), lambda value: value.number is not None))

    @cached_property
    def things(self) -> tuple[str, ...]:
        """The columns that hold things, and no words."""
        return tuple(v for v in self.variables if _all(self.column(v), lambda value: value.kind != "literal"))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The columns to name or to count by: no numbers, and not the name of a thing that is there itself."""
        left = [v for v in self.variables if v not in self.numeric and any(self.column(v))]
        return tuple(v for v in left if not (self._is_twin(v) and _stem(v)[0] in self.things))

    @cached_property
    def bars(self) -> tuple[str, str] | None:
        """The column that names each bar and the one that gives its length; None where no chart fits."""
        if not self.categories or not self.numeric or len(self.rows) < 2:
            return None
        return self.categories[0], self.numeric[0]

    @cached_property
    def ties(self) -> tuple[str, str] | None:
        """The two columns of things whose pairs make a network; None where there are none."""
        found = [v for v in self.things if v != "predicate"]
        pairs = [(a, b) for a, b in combinations(found, 2) if len(self.pairs(a, b)) > 1]
        # Things that stand on both sides make chains, which a table does not show.
        return max(pairs, key=lambda pair: bool(_distinct(self, pair[0]) & _distinct(self, pair[1])), default=None)

    @cached_property
    def cross(self) -> tuple[str, str] | None:
        """The columns to set against each other in a matrix, down and across; None where none fit."""
        words = [v for v in self.categories if not _is_wordy(self.column(v))]
        for down, across in combinations(words, 2):
            for a, b in ((down, across), (across, down)):
                many, few = len(_distinct(self, a)), len(_distinct(self, b))
                # Where each row has a column of its own, a matrix is a diagonal.
                if 2 <= few <= MOST_ACROSS and 2 <= many <= MOST_DOWN and few <= many < len(self.pairs(a, b)):
                    return a, b
        return None

    def pairs(self, left: str, right: str) -> Counter[tuple[Value, Value]]:
        """Count the rows in which two values stand together, leaving out rows that lack one."""
        return Counter(
            (a, b)
            for a, b in zip(self.column(left), self.column(right), strict=True)
            if a is not None and b is not None
        )

    def shown(self, lang: str) -> tuple[str, ...]:
        """Give the columns a reader needs where things are shown by their names.

        A query often asks the name of a thing in two languages (?holder, ?holderNl, ?holderEn). Where the thing itself
        is in the answer, its name is read off it; else the column of this language is enough.
        """
        kept = []
        for name in self.variables:
            stem, language = _stem(name)
            if not (self._is_twin(name) and (stem in self.things or language != lang)):
                kept.append(name)
        return tuple(kept)

    def _is_twin(self, name: str) -> bool:
        stem, language = _stem(name)
        return bool(language) and all(_twin(stem, other) in self.variables for other in LANGUAGES)

    def select(self, naming: Naming, find: str = "", sort: str = "") -> list[tuple[Value | None, ...]]:
        """Give the rows that hold every word of `find` in any column, by the column `sort`.

        Args:
            sort: a variable; with a minus before it the other way round. One there is not leaves the order as it came.
        """
        words = sort_key(find).split()
        texts: dict[Value, str] = {}

        def folded(value: Value | None) -> str:
            if value is None:
                return ""
            if value not in texts:
                texts[value] = sort_key(f"{naming(value)} {prefixed(value.text)}" if words else naming(value))
            return texts[value]

        rows = [row for row in self.rows if not words or _holds(" ".join(map(folded, row)), words)]
        name = sort.removeprefix("-")
        if name in self.variables:
            at = self.variables.index(name)
            told = sorted((r for r in rows if r[at] is not None), key=lambda r: _order(r[at], folded(r[at])))
            rows = (told[::-1] if sort.startswith("-") else told) + [r for r in rows if r[at] is None]
        return rows


def _all(values: Sequence[Value | None], test: Callable[[Value], bool]) -> bool:
    told = [value for value in values if value is not None]
    return bool(told) and all(map(test, told))


def _distinct(results: Results, name: str) -> set[Value]:
    return {value for value in results.column(name) if value is not None}


def _is_wordy(values: Sequence[Value | None]) -> bool:
    return any(value is not None and value.kind == "literal" and len(value.text) > 60 for value in values)


def _stem(name: str) -> tuple[str, str]:
    for language in LANGUAGES:
        if name == language:
            return "", language
        if name.endswith(language.capitalize()):
            return name.removesuffix(language.capitalize()), language
    return name, ""


def _twin(stem: str, language: str) -> str:
    return stem + language.capitalize() if stem else language


def _holds(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _order(value: Value | None, folded: str) -> tuple[float, list[tuple[int, str]]]:
    number = value.number if value else None
    if number is not None:
        return number, []
    # R2 comes before R13.
    return float("inf"), [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", folded) if part
    ]


def read_results(body: bytes) -> Results:
    """Read an answer to SELECT in the W3C's JSON form."""
    answer = json.loads(body)
    names: list[str] = answer["head"]["vars"]
    terms: dict[tuple[str, ...], Value] = {}

    def value(term: dict[str, str] | None) -> Value | None:
        if term is None:
            return None
        found = (term["type"], term["value"], term.get("xml:lang", ""), term.get("datatype", ""))
        # A few terms fill thousands of cells.
        return terms.setdefault(found, Value(*found))

    rows = tuple(tuple(value(binding.get(name)) for name in names) for binding in answer["results"]["bindings"])
    return Results(tuple(names), rows)


def read_graph(body: bytes) -> Results:
    """Read an answer to CONSTRUCT or DESCRIBE, as Turtle, in the order of its statements."""
    return Results(
        ("subject", "predicate", "object"),
        tuple(
            (_of_term(q.subject), _of_term(q.predicate), _of_term(q.object))
            for q in ox.parse(body, format=ox.RdfFormat.TURTLE)
        ),
    )


def _of_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Value:
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        plain = term.language or datatype == NAMESPACES["xsd"] + "string"
        return Value("literal", term.value, term.language or "", "" if plain else datatype)
    if isinstance(term, ox.Triple):
        return Value("literal", str(term))
    return Value("uri" if isinstance(term, ox.NamedNode) else "bnode", term.value)


def spreadsheet(results: Results, naming: Naming, about: Sequence[tuple[str, str]]) -> bytes:
    """Write an answer as a workbook (Office Open XML): the rows, and on a second sheet where they come from.

    A column of things becomes two: their names, and their IRIs. Numbers stay numbers; everything else is text, so that
    no program takes words for a formula.

    Args:
        about: name and value, line by line, as for the query and the version.
    """
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook(write_only=True)

    def cell(sheet: object, content: str | float, bold: bool = False) -> WriteOnlyCell:
        text = content if isinstance(content, float) else ILLEGAL_CHARACTERS_RE.sub("", content)[:32_767]
        made = WriteOnlyCell(sheet, text)
        if isinstance(text, str):
            made.data_type = "s"
        if bold:
            made.font = Font(bold=True)
        return made

    sheet = book.create_sheet("answers")
    sheet.freeze_panes = "A2"
    things = set(results.things)
    heads = [title for name in results.variables for title in ([name, f"{name} (IRI)"] if name in things else [name])]
    for at in range(len(heads)):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(at + 1)].width = 32
    sheet.append([cell(sheet, head, bold=True) for head in heads])
    for row in results.rows:
        line = []
        for name, value in zip(results.variables, row, strict=True):
            number = value.number if value else None
            line.append(cell(sheet, "" if value is None else naming(value) if number is None else number))
            if name in things:
                line.append(cell(sheet, value.text if value else ""))
        sheet.append(line)
    origin = book.create_sheet("about")
    origin.column_dimensions["A"].width, origin.column_dimensions["B"].width = 24, 100
    for label, content in about:
        told = cell(origin, content)
        told.alignment = Alignment(wrap_text=True, vertical="top")
        origin.append([cell(origin, label, bold=True), told])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
