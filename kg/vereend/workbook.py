"""A description as a workbook (Office Open XML): one sheet for each kind of thing, one row for each thing.

A second value of a column goes on the next row, with the same id or none. A cell names other things by their names, and
concepts by their labels; columns with a list of values have a drop-down. Headings carry what they mean as a note.
What no column can show stands on the last sheet as statements, so that a description comes back from a workbook as it
went in. The columns are the fields of vereend.entry.
"""

import datetime
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vereend.contexts import spoken
from vereend.entry import (
    CHOICE,
    KIND,
    LISTS,
    THING,
    Entry,
    Field,
    Names,
    fields,
    outline,
    shown,
    taken,
)
from vereend.errors import VereendError
from vereend.reading import Description, refuse_unknown_terms, too_large
from vereend.rules import Texts
from vereend.terms import LANGUAGES, PARTNERSHIP, TYPE, Statement, iri, literal, local_name, prefixed, term
from vereend.vocabulary import nearest, pick, vocabulary

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# Largest workbook read, in bytes when unpacked, and in rows.
MAX_UNPACKED_BYTES, MAX_ROWS = 100_000_000, 20_000
_LABEL, _PARTICIPANT = term("rdfs:label"), term("vrd:participant")
_ROWS_READY = 200  # rows below the heading that have drop-downs
_SAYS: dict[str, Texts] = {
    "id": {"nl": "id", "en": "id"},
    "id note": {
        "nl": "Kort kenmerk zonder spaties, zoals commissie. Leeg: het wordt van de naam gemaakt. Een rij met "
        "hetzelfde kenmerk, of zonder kenmerk en naam, vult de rij erboven aan.",
        "en": "Short identifier without spaces, as in committee. Empty: one is made of the name. A row with the same "
        "identifier, or with neither identifier nor name, adds to the row above.",
    },
    "kind": {"nl": "soort", "en": "kind"},
    "name": {"nl": "naam ({lang})", "en": "name ({lang})"},
    "comment": {"nl": "toelichting ({lang})", "en": "explanation ({lang})"},
    "complete": {"nl": "volledig opgegeven", "en": "told completely"},
    "yes": {"nl": "ja", "en": "yes"},
    "no": {"nl": "nee", "en": "no"},
    "about": {"nl": "Over dit boek", "en": "About this workbook"},
    "other": {"nl": "Overige beweringen", "en": "Other statements"},
    "lists": {"nl": "lijsten", "en": "lists"},
    "language": {"nl": "taal", "en": "language"},
    "base": {"nl": "adres", "en": "address"},
    "how": {"nl": "hoe", "en": "how"},
    "how told": {
        "nl": "Een rij per ding, een blad per soort. Een tweede waarde staat op de rij eronder. Toets met: vereend "
        "validate BESTAND.xlsx",
        "en": "One row a thing, one sheet a kind. A second value stands on the row below. Check it with: vereend "
        "validate FILE.xlsx",
    },
}


@dataclass(frozen=True)
class Column:
    """A column of a sheet."""

    head: str
    field: Field
    lang: str  # of a text: "" for none


def write_workbook(description: Description, lang: str) -> bytes:
    """Write a description as a workbook with all sheets, those in use first.

    Args:
        lang: of headings and labels.
    """
    import openpyxl

    book = openpyxl.Workbook()
    names = Names(description.statements, lang)
    left = set(description.statements)
    things: dict[str, list[str]] = defaultdict(list)
    for item in outline(description.statements, lang):
        root = _root(names.kinds(item.thing))
        if root:
            things[root].append(item.thing)
    about = book.active
    assert about is not None
    about.title = _SAYS["about"][lang]
    for key, value in (("how", _SAYS["how told"][lang]), ("language", lang), ("base", names.base)):
        about.append([_SAYS[key][lang], value])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 100
    lists = book.create_sheet(_SAYS["lists"][lang])
    lists.sheet_state = "hidden"
    drawn: dict[tuple[str, ...], str] = {}
    for root in sorted({*_roots(), *things}, key=lambda r: (r != PARTNERSHIP, not things[r], _sheet_name(r, lang))):
        sheet = book.create_sheet(_sheet_name(root, lang))
        columns = _columns(root, lang)
        _heading(sheet, columns, lang)
        for at, column in enumerate(columns, 2):
            _drop_down(sheet, at, column, lang, lists, drawn)
        for thing in things[root]:
            told = _thing(sheet, thing, root, columns, names, lang)
            left -= told
    other = book.create_sheet(_SAYS["other"][lang])
    for statement in sorted(left):
        _row(other, list(statement))
    for letter in "ABC":
        other.column_dimensions[letter].width = 50
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_workbook(path: Path) -> Description:
    """Read a description from a workbook.

    Raises:
        VereendError: no workbook, one that is too large, or a cell that cannot be taken: the first is told with its
            sheet, row and column, and the others are counted.
    """
    book, name = _opened(path), str(path)
    about = {str(r[0].value): str(r[1].value or "") for r in book.worksheets[0].iter_rows(max_col=2) if r[0].value}
    lang = next((about[_SAYS["language"][one]] for one in LANGUAGES if about.get(_SAYS["language"][one])), "nl")
    if lang not in LANGUAGES:
        raise VereendError(f"{name}, {lang!r}", "is not a language", "Write nl, en, or another code of two letters")
    base = about.get(_SAYS["base"][lang], "")
    problems: list[VereendError] = []
    rows: list[_Told] = []
    statements: set[Statement] = set()
    sheets = {_sheet_name(root, lang): root for root in _every_root()}
    for sheet in book.worksheets[1:]:
        where = f"{name}, {sheet.title!r}"
        if sheet.title == _SAYS["lists"][lang]:
            continue
        if sheet.title == _SAYS["other"][lang]:
            statements |= _statements(sheet, where, problems)
        elif sheet.title in sheets:
            rows += _rows(sheet, sheets[sheet.title], lang, where, problems)
        elif any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row):
            guess = nearest(sheet.title, sheets)
            problems.append(VereendError(where, "is not a sheet we know", f"The nearest is '{guess}'" if guess else ""))
    _refuse(problems)
    statements |= _described(rows, statements, base, lang, problems)
    _refuse(problems)
    description = Description(name, frozenset(statements), "", "xlsx")
    refuse_unknown_terms(description, foreign=False)
    if not description.partnerships:
        raise VereendError(name, "describes no partnership", f"Fill in the sheet '{_sheet_name(PARTNERSHIP, lang)}'")
    return description


# --- sheets and columns -----------------------------------------------------------------------------------------------


@cache
def _every_root() -> tuple[str, ...]:
    """Give the widest kinds: each has a sheet."""
    known = vocabulary()
    return tuple(sorted(kind for kind in known.classes if known.superclasses[kind] == {kind}))


@cache
def _roots() -> tuple[str, ...]:
    """Give the kinds of things a partnership leads to, which a new workbook has sheets for."""
    found, todo = {PARTNERSHIP}, [PARTNERSHIP]
    while todo:
        for of in _fields(todo.pop()):
            root = _root(of.kinds[:1]) if of.form == THING else None
            if root and root not in found:
                found.add(root)
                todo.append(root)
    return tuple(sorted(found))


def _root(kinds: Iterable[str]) -> str | None:
    known = vocabulary()
    above = {up for kind in kinds for up in known.superclasses.get(kind, ())}
    return next((root for root in _every_root() if root in above), None)


@cache
def _fields(root: str) -> tuple[Field, ...]:
    """Give the fields of all things on a sheet: those of narrower kinds too."""
    every: dict[str, Field] = {}
    for kind in sorted(vocabulary().subclasses[root], key=lambda k: (k != root, k)):
        for of in fields(frozenset({kind})):
            every.setdefault(of.name, of)
    return tuple(every.values())


@cache
def _sheet_name(root: str, lang: str) -> str:
    """Give a label as a name of a sheet: at most 31 characters, none of those Excel forbids."""
    label = vocabulary().label(root, lang)
    return re.sub(r"[\[\]:*?/\\']", " ", label.value if label else local_name(root))[:31].strip()


@cache
def _columns(root: str, lang: str) -> tuple[Column, ...]:
    found: list[Column] = []
    for of in _fields(root):
        if of.form == KIND:
            found.append(Column(_SAYS["kind"][lang], of, ""))
        elif of.lang:
            which = "name" if of.property == _LABEL else "comment"
            found.append(Column(_SAYS[which][lang].format(lang=of.lang), of, of.lang))
        elif of.form == LISTS:
            found.append(Column(_SAYS["complete"][lang], of, ""))
        elif of.form == "text":
            word = spoken(of.property, lang)
            found += [Column(f"{word} ({one})" if one else word, of, one) for one in ("", *LANGUAGES)]
        else:
            found.append(Column(spoken(of.property, lang), of, ""))
    return tuple(found)


def _heading(sheet: "Worksheet", columns: Iterable[Column], lang: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    notes = [(_SAYS["id"][lang], _SAYS["id note"][lang])]
    for column in columns:
        told = pick(vocabulary().definitions.get(column.field.property, {}), lang)
        sources = f" ({', '.join(column.field.claims)})" if column.field.claims else ""
        notes.append((column.head, f"{told.value}{sources}" if told else ""))
    for at, (head, note) in enumerate(notes, 1):
        cell = sheet.cell(1, at, head)
        cell.font = Font(bold=True)
        if note:
            cell.comment = Comment(note, "Vereend", width=320, height=160)
        sheet.column_dimensions[get_column_letter(at)].width = 22
    sheet.freeze_panes = "B2"


def _drop_down(
    sheet: "Worksheet", at: int, column: Column, lang: str, lists: "Worksheet", drawn: dict[tuple[str, ...], str]
) -> None:
    """Let a program offer the values of a list: they stand on a hidden sheet, for a rule may be no longer than 255."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = _choices(column.field, lang)
    if column.field.form == "yesno":
        choices = {_SAYS["yes"][lang]: "", _SAYS["no"][lang]: ""}
    if not choices:
        return
    labels = tuple(choices)
    if labels not in drawn:
        letter = get_column_letter(len(drawn) + 1)
        for row, label in enumerate(labels, 1):
            lists.cell(row, len(drawn) + 1, label).data_type = "s"
        drawn[labels] = f"'{lists.title}'!${letter}$1:${letter}${len(labels)}"
    letter = get_column_letter(at)
    rule = DataValidation(type="list", formula1=drawn[labels], allow_blank=True, showErrorMessage=False)
    rule.add(f"{letter}2:{letter}{_ROWS_READY}")
    sheet.add_data_validation(rule)


@cache
def _choices(of: Field, lang: str) -> dict[str, str]:
    """Give the values of a list by what stands in a cell: labels, or a short name where two are called alike."""
    if of.form == LISTS:
        return {spoken(choice, lang): choice for choice in of.choices}
    if of.form not in (KIND, CHOICE):
        return {}
    known, found = vocabulary(), dict[str, str]()
    for choice in of.choices:
        label = known.label(choice, lang)
        found.setdefault(label.value if label else prefixed(choice), choice)
    return found | {prefixed(c): c for c in of.choices if c not in found.values()}


# --- writing ----------------------------------------------------------------------------------------------------------


def _thing(
    sheet: "Worksheet", thing: str, root: str, columns: tuple[Column, ...], names: Names, lang: str
) -> set[Statement]:
    """Write the rows of a thing, and give the statements they tell."""
    told: set[Statement] = set()
    cells: list[list[str]] = []
    for column in columns:
        listed: list[str] = []
        for value in sorted(names.told[thing].get(column.field.property, ())):
            text = _cell(column, value, names, lang)
            if text is not None:
                listed.append(text)
                told.add(Statement(thing, column.field.property, value))
        cells.append(listed)
    if not any(column.field.form == KIND for column in columns):
        told.add(Statement(thing, TYPE, root))
    own = iri(thing)
    short = own.removeprefix(names.base) if re.fullmatch(r"[\w.-]+", own.removeprefix(names.base)) else own
    for at in range(max(1, *(len(listed) for listed in cells))):
        _row(sheet, [short, *(listed[at] if at < len(listed) else "" for listed in cells)])
    return told & {Statement(thing, p, o) for p, values in names.told[thing].items() for o in values}


def _cell(column: Column, value: str, names: Names, lang: str) -> str | None:
    """Give what stands in a cell for a value; None where another column shows it, or none can."""
    of = column.field
    if of.form in (KIND, CHOICE, LISTS):
        return next((label for label, choice in _choices(of, lang).items() if choice == value), None)
    text = literal(value)
    if text is not None and of.form == "text" and text.lang != column.lang:
        return None
    entry = shown(of, value, names)
    if entry is None:
        return None
    if of.form == "yesno":
        return _SAYS["yes" if entry.text in ("true", "1") else "no"][lang] if entry.text in ("true", "false") else None
    return None if len(entry.text) > 32_000 or re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", entry.text) else entry.text


def _row(sheet: "Worksheet", values: Iterable[str]) -> None:
    """Append a row of texts; none becomes a formula."""
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for at, value in enumerate(values, 1):
        if value:
            sheet.cell(row, at, value).data_type = "s"


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass
class _Told:
    """A thing on a sheet: what its cells say, and where."""

    root: str
    id: str
    where: str  # file, sheet and row
    cells: dict[Field, list[tuple[Entry, str]]]  # and the place of each


def _opened(path: Path) -> Any:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise too_large(str(path))
        return openpyxl.load_workbook(path, data_only=True)
    except OSError as error:
        raise VereendError(str(path), "cannot be read", "Check the name", error.strerror or "") from None
    except VereendError:
        raise
    except Exception as error:  # noqa: BLE001 openpyxl promises no kind of error for what is damaged
        raise VereendError(str(path), "is not a workbook", "Save it as .xlsx", type(error).__name__) from None


def _refuse(problems: list[VereendError]) -> None:
    if problems:
        first = problems[0]
        more = f"{len(problems) - 1} more" if len(problems) > 1 else ""
        raise VereendError(first.where, first.problem, first.remedy, "; ".join(filter(None, (first.detail, more))))


def _statements(sheet: Any, where: str, problems: list[VereendError]) -> set[Statement]:
    import pyoxigraph as ox

    found: set[Statement] = set()
    for number, row in enumerate(sheet.iter_rows(max_col=3, values_only=True), 1):
        parts = [str(cell) for cell in row if cell is not None]
        if not parts:
            continue
        try:
            (quad,) = ox.parse(f"{' '.join(parts)} .", format=ox.RdfFormat.N_TRIPLES)
            found.add(Statement(str(quad.subject), str(quad.predicate), str(quad.object)))
        except (SyntaxError, ValueError) as error:
            remedy = "Write subject, predicate and object as N-Triples has them"
            problems.append(VereendError(f"{where}, row {number}", "is no statement", remedy, str(error)))
    return found


def _rows(sheet: Any, root: str, lang: str, where: str, problems: list[VereendError]) -> list[_Told]:
    if sheet.max_row > MAX_ROWS:
        problems.append(VereendError(where, f"has more than {MAX_ROWS} rows", "Split it: one file per partnership"))
        return []
    rows = sheet.iter_rows()
    heads = [str(cell.value).strip() if cell.value is not None else "" for cell in next(rows, ())]
    columns = {column.head: column for column in _columns(root, lang)}
    for at, head in enumerate(heads):
        if head and head not in columns and head != _SAYS["id"][lang]:
            guess = nearest(head, columns)
            place = f"{where}, column {_letter(at)}, {head!r}"
            remedy = f"The nearest is '{guess}'" if guess else "See the headings of a new workbook: vereend new"
            problems.append(VereendError(place, "is not a column we know", remedy))
    found: list[_Told] = []
    for row in rows:
        cells = {head: cell for head, cell in zip(heads, row, strict=False) if head and _text(cell.value, lang)}
        if not cells:
            continue
        number = row[0].row
        own = _text(cells.pop(_SAYS["id"][lang]).value, lang) if _SAYS["id"][lang] in cells else ""
        named = any(columns[h].field.property == _LABEL for h in cells if h in columns)
        goes_on = found and (own == found[-1].id if own else not named)
        if not goes_on:
            found.append(_Told(root, own, f"{where}, row {number}", {}))
        for head, cell in cells.items():
            if head in columns:
                column, text = columns[head], _text(cell.value, lang)
                place = f"{where}, row {number}, column {_letter(cell.column - 1)} ({head})"
                kept = found[-1].cells.setdefault(column.field, [])
                kept.append((Entry(text, column.lang), place))
    return found


def _letter(at: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(at + 1))


def _text(value: object, lang: str) -> str:
    """Give what stands in a cell as text, as an author would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _SAYS["yes" if value else "no"][lang]
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _described(
    rows: list[_Told], beside: set[Statement], base: str, lang: str, problems: list[VereendError]
) -> set[Statement]:
    """Give what the rows tell: kinds and names first, then who takes part, then all that names these."""
    names = Names(beside, lang)
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[/#]", base):
        names.base = base
    told: dict[str, _Told] = {}
    done: set[Statement] = set(beside)
    for row in rows:
        thing = _name(row, names, lang)
        if thing in told:
            if told[thing].root != row.root:
                known = told[thing].where
                problems.append(
                    VereendError(
                        f"{row.where}, {row.id!r}", f"is a thing of another kind in {known}", "Give it another id"
                    )
                )
                continue
            for of, listed in row.cells.items():
                told[thing].cells.setdefault(of, []).extend(listed)
        else:
            told[thing] = row
        kinds = [of for of in row.cells if of.form == KIND]
        stated = [] if kinds or any(of.form == KIND for of in _fields(row.root)) else [Statement(thing, TYPE, row.root)]
        first = _take(thing, row, [*kinds, *(of for of in row.cells if of.property == _LABEL)], names, lang, problems)
        if not kinds and not stated and not any(s[:2] == (thing, TYPE) for s in beside):
            first.add(Statement(thing, TYPE, row.root))
        names.learn(frozenset({*stated, *first}))
        done |= {*stated, *first}
    for wanted in (True, False):
        for thing, row in told.items():
            chosen = [
                of
                for of in row.cells
                if of.form != KIND and of.property != _LABEL and (of.property == _PARTICIPANT) == wanted
            ]
            more = _take(thing, row, chosen, names, lang, problems)
            if wanted:
                names.learn(frozenset(more))
            done |= more
    return done


def _name(row: _Told, names: Names, lang: str) -> str:
    if re.match(r"(https?://|urn:)[^\s<>\"{}|\\^`]+$", row.id):
        return f"<{row.id}>"
    if re.fullmatch(r"[\w.-]+", row.id):
        return f"<{names.base}{row.id}>"
    listed = [
        entry.text for of, cells in row.cells.items() for entry, _ in cells if of.property in (_LABEL, _PARTICIPANT)
    ]
    return names.new(row.id or (listed[0] if listed else _sheet_name(row.root, lang)))


def _take(
    thing: str, row: _Told, chosen: Iterable[Field], names: Names, lang: str, problems: list[VereendError]
) -> set[Statement]:
    """Take the cells of some fields; what cannot be taken is told with its place."""
    found: set[Statement] = set()
    for of in chosen:
        for entry, place in row.cells[of]:
            value = _choices(of, lang).get(entry.text)
            more: frozenset[Statement] = frozenset()
            if value is None:
                try:
                    value, more = taken(of, entry, names)
                except VereendError as error:
                    problems.append(VereendError(f"{place}, {entry.text!r}", error.problem, error.remedy, error.detail))
                    continue
                names.learn(more)
            found |= {Statement(thing, of.property, value), *more}
    return found
