"""Answers in CSV, TSV and JSON are those the W3C's tests of these formats expect.

Names of blank nodes are free, so each is read as "_:"; and so is the order of the columns of SELECT *.
"""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from outside.suites import MF, SUITES, Manifest, absent, cases
from vereend.service import choose_type, evaluate, query_form
from vereend.terms import local_name

pytestmark = pytest.mark.outside

FOLDER = SUITES / "w3c-sparql-results"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
TYPES = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".srj": "application/sparql-results+json"}
# Oxigraph stores numbers by value.
DIFFERS = {
    "csv03": "Oxigraph 0.5 writes 1.0E6 as 1000000",
    "tsv03": "Oxigraph 0.5 makes integers of xsd:negativeInteger and its like",
}


@dataclass(frozen=True)
class Case:
    """One query with the file its answer must equal."""

    name: str
    query: Path
    data: Path
    result: Path


def suite() -> list[Case]:
    found = []
    for path in sorted(FOLDER.rglob("manifest.ttl")):
        manifest = Manifest(path)
        for node in manifest.of_type(MF + "QueryEvaluationTest") + manifest.of_type(MF + "CSVResultFormatTest"):
            action = manifest.one(node, MF + "action")
            files = (manifest.file(action, QT + "query"), manifest.file(action, QT + "data"))
            found.append(Case(local_name(node), *files, manifest.file(node, MF + "result")))
    return found


def read_csv(text: str) -> Any:
    rows = csv.DictReader(io.StringIO(text), strict=True)
    return [{name: "_:" if cell.startswith("_:") else cell for name, cell in row.items()} for row in rows]


def read_tsv(text: str) -> Any:
    """Read cells as terms: 4 and "4"^^xsd:integer are the same, and so are 1.0e6 and 1.0E6."""

    def term(cell: ox.Literal | ox.NamedNode | ox.BlankNode | None) -> Any:
        if isinstance(cell, ox.BlankNode):
            return "_:"
        if isinstance(cell, ox.Literal) and cell.datatype.value.endswith("#double"):
            return float(cell.value)
        return cell

    answer = ox.parse_query_results(text, format=ox.QueryResultsFormat.TSV)
    names = [v.value for v in answer.variables]
    return [{name: term(row[name]) for name in names} for row in answer]


def read_json(text: str) -> Any:
    def named(cell: dict[str, str]) -> dict[str, str]:
        return {**cell, "value": "_:"} if cell["type"] == "bnode" else cell

    answer = json.loads(text)
    if "boolean" in answer:
        return answer["boolean"]
    rows = [{name: named(cell) for name, cell in row.items()} for row in answer["results"]["bindings"]]
    return set(answer["head"]["vars"]), rows


READ: dict[str, Callable[[str], Any]] = {".csv": read_csv, ".tsv": read_tsv, ".srj": read_json}
ALL = suite()


def params() -> list[Any]:
    marks = {name: pytest.mark.xfail(strict=True, reason=reason) for name, reason in DIFFERS.items()}
    return cases((pytest.param(c, id=c.name, marks=marks.get(c.name, ())) for c in ALL), FOLDER)


@pytest.mark.parametrize("case", params())
def test_an_answer_is_written_as_the_format_wants(case: Case):
    store = ox.Store()
    store.load(path=case.data, base_iri=case.data.as_uri())
    text = case.query.read_text("utf-8")
    media_type = choose_type(query_form(text), [TYPES[case.result.suffix]])

    body, rows, truncated = evaluate(store, text, media_type, max_rows=100)

    read = READ[case.result.suffix]
    got, expected = read(body.decode()), read(case.result.read_text("utf-8"))
    assert media_type == TYPES[case.result.suffix]
    assert got == expected
    assert rows > 0
    assert not truncated


@pytest.mark.parametrize("suffix", TYPES)
def test_another_answer_is_noticed(suffix: str):  # the near miss: one figure differs
    text = {
        ".csv": "o\r\n4\r\n",
        ".tsv": "?o\n4\n",
        ".srj": '{"head": {"vars": ["o"]}, "results": {"bindings": [{"o": {"type": "literal", "value": "4"}}]}}',
    }[suffix]
    assert READ[suffix](text) == READ[suffix](text)
    assert READ[suffix](text) != READ[suffix](text.replace("4", "5"))


@absent(FOLDER)
def test_the_whole_suite_was_run():
    assert len(ALL) == 10
