"""A description comes back from a workbook as it went in, and a wrong cell is told by sheet, row and column."""

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from manifests import EXAMPLE
from vereend import content
from vereend.cli import main
from vereend.errors import VereendError
from vereend.reading import parse, read
from vereend.templates import template
from vereend.terms import LANGUAGES
from vereend.validation import validate
from vereend.workbook import write_workbook

FILES = [p for folder in ("cases", "examples", "templates") for p in content.turtle_files("kg", folder)]


def book_of(path: Path, tmp_path: Path, lang: str = "en") -> Path:
    target = tmp_path / "plein.xlsx"
    target.write_bytes(write_workbook(read(path), lang))
    return target


def changed(path: Path, sheet: str, cell: str, value: object) -> Path:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    return path


def column(path: Path, sheet: str, head: str) -> str:
    cells = openpyxl.load_workbook(path)[sheet][1]
    return next(cell.column_letter for cell in cells if cell.value == head)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_goes_in_comes_out(path: Path, tmp_path: Path):
    for lang in LANGUAGES:
        assert read(book_of(path, tmp_path, lang)).statements == read(path).statements


def test_what_no_column_shows_is_kept(tmp_path: Path):
    told = tmp_path / "more.ttl"
    more = """kg:pps <http://xmlns.com/foaf/0.1/page> <https://example.org/> ; vrd:limitedTo "=1+1" .
    [] a vrd:Mandate ; vrd:grantedBy kg:police ; vrd:limits "nur hier"@de , "a\\nb"@en ."""
    told.write_text(EXAMPLE.read_text("utf-8") + more, "utf-8")

    assert read(book_of(told, tmp_path)).statements == read(told).statements


def test_the_verdicts_are_those_of_the_text(tmp_path: Path):
    judged = validate([read(book_of(EXAMPLE, tmp_path))], rules=["R13", "R20"])
    plain = validate([read(EXAMPLE)], rules=["R13", "R20"])

    assert [(v.rule.number, v.focus, v.value, v.verdict) for v in judged.verdicts] == [
        (v.rule.number, v.focus, v.value, v.verdict) for v in plain.verdicts
    ]


def test_a_row_filled_in_by_hand_is_read(tmp_path: Path):
    path = book_of(EXAMPLE, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["actor"]
    heads = [cell.value for cell in sheet[1]]
    row = {"kind": "public body", "name (en)": "Province"}
    sheet.append([row.get(head) for head in heads])
    committee = next(cells for cells in sheet.iter_rows(min_row=2) if cells[0].value == "committee")
    committee[heads.index("funded by")].value = "Province"
    book.save(path)
    after = read(path).statements
    base = "https://w3id.org/vereend/kg/veilig-plein/"
    vrd = "<https://w3id.org/vereend/ns#"

    assert (f"<{base}province>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"{vrd}PublicBody>") in after
    assert (f"<{base}committee>", f"{vrd}fundedBy>", f"<{base}province>") in after


def test_a_value_that_is_not_on_its_list_is_told_with_its_place(tmp_path: Path):
    path = book_of(EXAMPLE, tmp_path)
    letter = column(path, "legal position", "kind")
    changed(path, "legal position", f"{letter}2", "locatieverbood")

    with pytest.raises(VereendError, match="is not on this list") as found:
        read(path)
    assert f"'legal position', row 2, column {letter} (kind)" in found.value.where


def test_a_column_and_a_sheet_we_do_not_know_are_told(tmp_path: Path):
    path = changed(book_of(EXAMPLE, tmp_path), "actor", "ZZ1", "funded bye")
    with pytest.raises(VereendError, match="is not a column we know") as found:
        read(path)
    assert found.value.remedy == "The nearest is 'funded by'"
    book = openpyxl.load_workbook(book_of(EXAMPLE, tmp_path))
    book.create_sheet("actorss").append(["id"])
    book.save(path)
    with pytest.raises(VereendError, match="is not a sheet we know"):
        read(path)


def test_all_that_is_wrong_is_counted(tmp_path: Path):
    path = book_of(EXAMPLE, tmp_path)
    letter = column(path, "legal position", "kind")
    changed(path, "legal position", f"{letter}2", "x1")
    changed(path, "legal position", f"{letter}3", "x2")

    with pytest.raises(VereendError, match="1 more"):
        read(path)


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04 half"], ids=["empty", "text", "half"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes):
    (tmp_path / "x.xlsx").write_bytes(data)
    with pytest.raises(VereendError, match="is not a workbook"):
        read(tmp_path / "x.xlsx")


def test_lists_have_drop_downs_and_headings_say_what_they_mean(tmp_path: Path):
    book = openpyxl.load_workbook(book_of(EXAMPLE, tmp_path, "nl"))
    sheet = book["positie"]
    heads = {cell.value: cell for cell in sheet[1]}

    assert heads["soort"].comment is not None
    assert any(heads["soort"].column_letter + "2" in str(rule.sqref) for rule in sheet.data_validations.dataValidation)


def test_the_commands_write_and_judge_workbooks(tmp_path: Path):
    target = tmp_path / "ban.xlsx"
    run = CliRunner().invoke(main, ["new", "shopping-centre-ban", "--out", str(target), "--lang", "en"])
    assert run.exit_code == 0, run.output
    assert read(target).statements == template("shopping-centre-ban").description.statements
    run = CliRunner().invoke(main, ["validate", str(target), "--rules", "R13", "--lang", "en"])
    assert run.exit_code in (0, 1), run.output
    back = tmp_path / "ban.ttl"
    assert CliRunner().invoke(main, ["convert", str(target), str(back)]).exit_code == 0
    assert parse(back.read_text("utf-8"), "ban.ttl").statements == read(target).statements


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_columns_of_a_sheet_are_called_alike(tmp_path: Path, lang: str):
    for sheet in openpyxl.load_workbook(book_of(EXAMPLE, tmp_path, lang)).worksheets[2:-1]:
        heads = [cell.value for cell in sheet[1]]
        assert len(heads) == len(set(heads)), sheet.title
