"""Both SHACL engines find what the W3C's own tests of SHACL expect.

An engine gives rows, each once: two equal rows, as of one value reached along two ways, are one. Texts and paths are
not compared: nothing of Vereend leans on them.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from outside.suites import MF, SUITES, Manifest, absent, cases
from vereend import engines
from vereend.terms import Statement, local_name

pytestmark = pytest.mark.outside

FOLDER = SUITES / "w3c-shacl"
SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
Row = tuple[str, str | None, str]  # focus, value, component; what has no name is "_:"

# What fails, by engine and test, and why: limits of an engine, or of how it is called.
NO_IMPORTS = "pySHACL 0.40 follows no owl:imports from sh:prefixes; only the prefixes of a Turtle file make it pass"
DIFFERS = {
    ("pyshacl", "core/property/uniqueLang-002"): 'pySHACL 0.40 does not know "1" as a way to write true',
    ("pyshacl", "sparql/node/prefixes-001"): NO_IMPORTS,
    ("pyshacl", "sparql/pre-binding/shapesGraph-001"): "pySHACL 0.40 does not know $shapesGraph",
    ("fast", "sparql/pre-binding/unsupported-sparql-004"): "shacl 0.3 does not refuse a subquery without $this",
}
ONCE = "equal rows are given once"
COUNTED_ONCE = {
    (engine, name): ONCE
    for engine in ("fast", "pyshacl")
    for name in (
        "core/node/class-003",
        "core/property/lessThan-002",
        "core/property/property-001",
        "core/property/uniqueLang-001",
        "core/validation-reports/shared",
    )
}


@dataclass(frozen=True)
class Case:
    """One sht:Validate test."""

    name: str
    data: Path
    shapes: Path
    conforms: bool | None  # None: the shapes must be refused
    rows: Counter[Row]


def case(path: Path) -> list[Case]:
    """Give the tests of one file."""
    manifest = Manifest(path)
    found = []
    for node in manifest.of_type(SHT + "Validate"):
        action, result = manifest.one(node, MF + "action"), manifest.one(node, MF + "result")
        refused = str(result) == f"<{SHT}Failure>"
        rows = Counter(
            row(
                str(manifest.one(r, SH + "focusNode")),
                None if (value := manifest.one(r, SH + "value")) is None else str(value),
                local_name(str(manifest.one(r, SH + "sourceConstraintComponent"))),
            )
            for r in manifest.all(result, SH + "result")
        )
        found.append(
            Case(
                path.relative_to(FOLDER).with_suffix("").as_posix(),
                manifest.file(action, SHT + "dataGraph"),
                manifest.file(action, SHT + "shapesGraph"),
                None if refused else manifest.text(result, SH + "conforms") in ("true", "1"),
                rows,
            )
        )
    return found


def row(focus: str, value: str | None, component: str) -> Row:
    """Make a row in which what has no name is only known to have none."""
    focus, value = ("_:" if text and text.startswith("_:") else text for text in (focus, value))
    return focus, value, component


ALL = [c for path in sorted(FOLDER.rglob("*.ttl")) for c in case(path)]
RUN = [c for c in ALL if c.conforms is not None]
REFUSED = [c for c in ALL if c.conforms is None]
SAME = [c for c in RUN if c.name not in {name for _, name in DIFFERS}]


def params(known: dict[tuple[str, str], str], of: list[Case]):
    """Give every case for both engines, those that are known to fail marked so."""
    found = []
    for c in of:
        for engine in ("fast", "pyshacl"):
            reason = known.get((engine, c.name))
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param((engine, c), id=f"{engine}-{c.name}", marks=marks))
    return cases(found, FOLDER)


def quads(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=path, base_iri=path.as_uri()))


@cache
def found(engine: str, data: Path, shapes: Path) -> Counter[Row]:
    """Run an engine as the library does."""
    statements = [Statement(str(q.subject), str(q.predicate), str(q.object)) for q in quads(data)]
    text = "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads(shapes))
    return Counter(row(r.focus, r.value, r.component) for r in engines.run(statements, text, engine))


@pytest.mark.parametrize("run", params(DIFFERS, RUN))
def test_an_engine_finds_what_is_expected_and_nothing_else(run: tuple[str, Case]):
    engine, expected = run
    got = found(engine, expected.data, expected.shapes)

    assert set(got) == set(expected.rows)
    assert (not got) == expected.conforms


@pytest.mark.parametrize("run", params(COUNTED_ONCE, SAME))
def test_an_engine_finds_it_as_often_as_expected(run: tuple[str, Case]):
    engine, expected = run

    assert found(engine, expected.data, expected.shapes) == expected.rows


@pytest.mark.parametrize("run", params(DIFFERS, REFUSED))
def test_an_engine_refuses_shapes_that_cannot_be_run(run: tuple[str, Case]):
    engine, expected = run

    with pytest.raises((AssertionError, ValueError)):
        found(engine, expected.data, expected.shapes)


@absent(FOLDER)
def test_the_whole_suite_was_run():
    names = {c.name for c in ALL}

    assert len(ALL) == len(names) == 121
    assert {name for _, name in DIFFERS.keys() | COUNTED_ONCE.keys()} <= names
