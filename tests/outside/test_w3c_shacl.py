"""Shapes of others are run as the W3C's own tests of SHACL expect, by both engines and through our report.

Each test goes the way of a user's files: read, run, turned into verdicts, written as a SHACL report in Turtle. This is
read back and compared with the expected one: focus, path, value, component, shape and severity, each as often as
expected. Words are not compared: they are our own. What has no name is only known to have none.

The outcome of the whole suite is written as an EARL report to earl.ttl beside this file.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from outside.suites import MF, SUITES, Manifest, absent, cases
from vereend import __version__, shape_graph
from vereend.certainty import Certainty
from vereend.errors import VereendError
from vereend.foreign import choose, find, report_on
from vereend.paths import path_text
from vereend.reading import read
from vereend.report import Report
from vereend.shape_graph import ShapeGraph
from vereend.terms import NAMELESS, NAMESPACES

pytestmark = pytest.mark.outside

FOLDER = SUITES / "w3c-shacl"
EARL = Path(__file__).with_name("earl.ttl")
FEATURES = Path(shape_graph.__file__).with_name("shacl-features.tsv")
ENGINES = ("fast", "pyshacl")
SH = NAMESPACES["sh"]
SHT = "http://www.w3.org/ns/shacl-test#"
FIELDS = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "sourceShape", "resultSeverity")
Row = tuple[str | None, ...]  # one text a field; what has no name is "_:"

# What differs, by engine and test, and why.
DIFFERS = {
    ("pyshacl", "sparql/pre-binding/shapesGraph-001"): "pySHACL 0.40 does not know $shapesGraph; auto takes the other",
}


@dataclass(frozen=True, eq=False)
class Case:
    """One sht:Validate test."""

    name: str
    data: Path
    shapes: Path
    conforms: bool | None  # None: the shapes must be refused
    rows: Counter[Row]


def rows(graph: Manifest, report: object) -> Counter[Row]:
    """Give the results of a SHACL report."""
    return Counter(row(graph, result) for result in graph.all(report, SH + "result"))


def row(graph: Manifest, result: object) -> Row:
    def values(node: str, predicate: str) -> list[str]:
        return [str(found) for found in graph.all(node, predicate[1:-1])]

    found = {name: next(iter(values(str(result), f"<{SH}{name}>")), None) for name in FIELDS}
    if found["resultPath"]:
        found["resultPath"] = path_text(found["resultPath"], values)
    return tuple("_:" if text and text.startswith(("_:", "<" + NAMELESS)) else text for text in found.values())


def case(path: Path) -> list[Case]:
    """Give the tests of one file."""
    manifest = Manifest(path)
    found = []
    for node in manifest.of_type(SHT + "Validate"):
        action, result = manifest.one(node, MF + "action"), manifest.one(node, MF + "result")
        refused = str(result) == f"<{SHT}Failure>"
        conforms = manifest.text(result, SH + "conforms") in ("true", "1")
        found.append(
            Case(
                path.relative_to(FOLDER).with_suffix("").as_posix(),
                manifest.file(action, SHT + "dataGraph"),
                manifest.file(action, SHT + "shapesGraph"),
                None if refused else conforms,
                rows(manifest, result),
            )
        )
    return found


ALL = [c for path in sorted(FOLDER.rglob("*.ttl")) for c in case(path)]
RUN = [c for c in ALL if c.conforms is not None]


def params(of: list[Case]) -> list:
    """Give every case for both engines, those that are known to differ marked so."""
    found = []
    for c in of:
        for engine in ENGINES:
            reason = DIFFERS.get((engine, c.name))
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param(engine, c, id=f"{engine}-{c.name}", marks=marks))
    return cases(found, FOLDER) if found else [pytest.param(None, None, id="absent", marks=absent(FOLDER))]


@cache
def told(engine: str, case_: Case) -> Report:
    """Run a test as the library does."""
    shapes, data = ShapeGraph([read(case_.shapes, foreign=True)]), read(case_.data, foreign=True)
    name = choose(shapes, engine)
    return Report(name, "2026-11-24", (report_on(data, shapes, find(data.statements, shapes.text, name)),))


def met(engine: str, case_: Case) -> bool:
    """Tell whether a test has the expected outcome."""
    try:
        report = told(engine, case_)
    except (VereendError, ValueError):  # refused by us, or by an engine
        return case_.conforms is None
    written = Manifest(text=report.to_turtle())
    (top,) = written.of_type(SH + "ValidationReport")
    return rows(written, top) == case_.rows and report.conforms == case_.conforms


@pytest.mark.parametrize(("engine", "case_"), params(ALL))
def test_the_outcome_is_the_one_expected(engine: str, case_: Case):
    assert met(engine, case_)


@pytest.mark.parametrize("case_", cases((pytest.param(c, id=c.name) for c in ALL), FOLDER))
def test_auto_meets_every_test(case_: Case):
    assert met("auto", case_)


@pytest.mark.parametrize("case_", cases((pytest.param(c, id=c.name) for c in RUN), FOLDER))
def test_what_is_certain_is_what_shacl_says(case_: Case):
    """A result never says the opposite of what holds whatever else is told, nor does its absence."""
    shapes, data = ShapeGraph([read(case_.shapes, foreign=True)]), read(case_.data, foreign=True)
    known, report = Certainty(shapes, data.statements), told("auto", case_)
    reported = {(v.shape, v.focus) for v in report.verdicts if v.is_result}
    for shape in shapes.targeting:
        for focus in known.targets(shape):
            certain = known.holds(shape, focus)
            assert not (certain is True and (shape[1:-1], focus) in reported), (shape, focus)
            assert not (certain is False and report.conforms), (shape, focus)


@absent(FOLDER)
def test_every_term_trusted_to_both_engines_is_tried():
    """The words of reports and of layout excepted, which demand nothing."""
    tried = set().union(*(ShapeGraph([read(c.shapes, foreign=True)]).features for c in RUN))
    rows = [row.split("\t") for row in FEATURES.read_text("utf-8").splitlines() if not row.startswith("#")]

    assert {name for name, trusted, ground in rows if trusted == "both" and "no demand" not in ground} - tried == set()


@absent(FOLDER)
def test_the_whole_suite_was_run():
    names = {c.name for c in ALL}

    assert len(ALL) == len(names) == 121
    assert {name for _, name in DIFFERS} <= names


EARL_HEAD = """@prefix earl: <http://www.w3.org/ns/earl#> .
@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/vereend/> a doap:Project , earl:Software , earl:TestSubject ;
  doap:name "Vereend" ; doap:release [ doap:revision "{version}" ] .
"""


@absent(FOLDER)
def test_an_earl_report_is_written(capsys: pytest.CaptureFixture[str]):
    lines, counts = [EARL_HEAD.format(version=__version__)], Counter()
    for engine in ("auto", *ENGINES):
        for c in ALL:
            outcome = "passed" if met(engine, c) else "failed"
            counts[engine, outcome] += 1
            reason = DIFFERS.get((engine, c.name))
            info = f' ; dct:description "{reason}"@en' if reason else ""
            lines.append(
                f"[] a earl:Assertion ; earl:subject <https://w3id.org/vereend/> ; earl:mode earl:automatic ;\n"
                f'  earl:test <urn:x-shacl-test:{c.name}> ; dct:title "engine {engine}" ;\n'
                f"  earl:result [ a earl:TestResult ; earl:outcome earl:{outcome} ;\n"
                f'    dct:date "{date.today()}"^^xsd:date{info} ] .\n'
            )
    EARL.write_text("".join(lines), "utf-8")
    with capsys.disabled():
        for engine in ("auto", *ENGINES):
            print(
                f"\nW3C SHACL, {engine}: {counts[engine, 'passed']} passed, {counts[engine, 'failed']} failed", end=""
            )
        print(f"\n{EARL.relative_to(Path.cwd()) if EARL.is_relative_to(Path.cwd()) else EARL}")

    assert len(list(ox.parse(path=EARL))) > 121 * 3 * 8
    assert counts["auto", "passed"] == len(ALL)
    assert counts["pyshacl", "failed"] == 1
