"""Every number of a matrix can be counted again from its table, and from the graph by another way."""

import csv
import io
from collections import Counter

import pytest

from vereend.errors import VereendError
from vereend.knowledge import load
from vereend.matrices import NOT_JUDGED, as_csv, as_text, matrix
from vereend.reading import parse
from vereend.terms import term
from vereend.validation import validate

KB = load()
FILES = [KB.report(slug).files[0] for slug in ("shoplifting", "missing-persons", "veilig-plein", "veilig-plein-advies")]


@pytest.mark.parametrize("by", ["safeguards", "rules"])
def test_the_table_counts_to_the_same_totals(by: str):
    found = matrix(FILES, by)
    cells = list(csv.DictReader(io.StringIO(as_csv(found, "nl"))))
    assert len(cells) == len(found.rows) * len(found.columns)
    for place, column in enumerate(found.columns):
        counted = Counter(cell["state"] for cell in cells if cell["partnership"] == column.name)
        assert {state: n for state, n in found.totals(place).items() if n} == counted
    for row in found.rows:
        assert row.totals == Counter(cell["state"] for cell in cells if cell["row"] == row.key)


def test_verdicts_in_the_table_are_those_of_the_reports():
    cells = list(csv.DictReader(io.StringIO(as_csv(matrix(FILES, "rules"), "en"))))
    for slug, file in zip(("shoplifting", "veilig-plein-advies"), (FILES[0], FILES[3]), strict=True):
        for verdict, number in file.partnerships[0].counts.items():
            assert sum(int(cell[verdict]) for cell in cells if cell["partnership"] == slug) == number


def test_safeguards_in_the_matrix_are_those_a_query_finds():
    found = matrix(FILES, "safeguards")
    query = """PREFIX vrd: <https://w3id.org/vereend/ns#>
        SELECT DISTINCT ?s WHERE { GRAPH ?g { <%s> vrd:hasSafeguard ?s } }"""
    for place, column in enumerate(found.columns):
        asked = {row["s"].value for row in KB.store.query(query % column.iri)}
        assert {name for row in found.rows for name in row.cells[place].names} == asked


def test_absence_is_said_only_where_the_list_is_complete():
    found = matrix(FILES, "safeguards")
    _, _, bias = found.cell("BiasMeasure", "veilig-plein")
    assert bias.state == "none"
    assert all(s.predicate == term("vrd:completeFor") for s in bias.evidence)
    assert bias.evidence
    assert found.cell("BiasMeasure", "shoplifting")[2].state == "not told"


def test_a_cell_rests_on_statements_of_its_own_description():
    for row in matrix(FILES, "rules").rows:
        for cell, file in zip(row.cells, FILES, strict=True):
            assert set(cell.evidence) <= file.partnerships[0].judgement.statements | file.description.statements


def test_what_cannot_be_judged_says_so_and_still_tells_of_its_safeguards():
    text = """@prefix vrd: <https://w3id.org/vereend/ns#> . @prefix kg: <https://example.org/> .
        kg:p a vrd:Partnership ; vrd:hasPosition kg:x ; vrd:hasSafeguard kg:s . kg:s a vrd:ComplaintRoute ."""
    files = validate([parse(text, "half.ttl")]).files
    assert files[0].structure
    assert {cell.state for row in matrix(files, "rules").rows for cell in row.cells} == {NOT_JUDGED}
    assert matrix(files, "safeguards").cell("ComplaintRoute", "half")[2].number == 1


def test_the_text_names_each_partnership_and_state():
    text = as_text(matrix(FILES, "rules"), "en")
    assert "a  Partnership on shoplifting" in text
    assert "R13  Coercive power requires oversight with mandate" in text


def test_another_kind_of_matrix_is_refused():
    with pytest.raises(VereendError):
        matrix(FILES, "colour")
    with pytest.raises(VereendError):
        matrix(FILES, "rules").cell("R99", "shoplifting")
