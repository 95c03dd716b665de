"""SHACL engines, all giving the same rows: which shape, about what, how grave.

pySHACL is the reference. `shacl` (Rust) is the fast one; it runs only shapes whose features passed the equality tests in
tests/test_engines.py (sh:minCount, sh:maxCount, sh:in, sh:class, sh:datatype, sh:or, sh:not, SELECT constraints without
date or boolean comparison). Texts of an engine are never used: they differ by engine and lose their language.
"""

import importlib.util
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from vereend.errors import VereendError
from vereend.terms import Statement, iri

ENGINES = ("auto", "fast", "pyshacl")


class Result(NamedTuple):
    """One SHACL result. The shape is a bare IRI; focus and value are in N-Triples spelling."""

    shape: str
    focus: str
    value: str | None
    severity: str  # Violation, Warning or Info
    component: str  # local name of the constraint component, as in MinCountConstraintComponent


def choose(engine: str) -> str:
    """Turn "auto" into the fast engine where it is installed, else the reference.

    Raises:
        VereendError: an unknown engine, or one that is not installed.
    """
    if engine not in ENGINES:
        raise VereendError(repr(engine), "is not an engine", f"Choose one of {', '.join(ENGINES)}")
    fast = importlib.util.find_spec("shacl") is not None
    if engine == "fast" and not fast:
        raise VereendError("fast", "is not installed", "Install the package `shacl`, or choose pyshacl")
    return ("fast" if fast else "pyshacl") if engine == "auto" else engine


def run(statements: Iterable[Statement], shapes: str, engine: str) -> set[Result]:
    """Validate statements by shapes in Turtle.

    Args:
        engine: "fast" or "pyshacl".
    """
    data = "".join(f"{s} {p} {o} .\n" for s, p, o in statements)
    return _run_fast(data, shapes) if engine == "fast" else _run_pyshacl(data, shapes)


@cache
def _fast_shapes(shapes: str):  # type: ignore[no-untyped-def]
    import shacl

    return shacl.Shapes.from_turtle(shapes)


def _run_fast(data: str, shapes: str) -> set[Result]:
    report = _fast_shapes(shapes).validate_text(data, format="ntriples")
    return {
        Result(
            iri(r.source_shape),
            r.focus_node,
            r.value,
            r.severity.rsplit("#", 1)[-1],
            r.component.strip("<>").rsplit("#", 1)[-1],
        )
        for r in report.results
    }


@cache
def _pyshacl_shapes(shapes: str):  # type: ignore[no-untyped-def]
    import rdflib

    return rdflib.Graph().parse(data=shapes, format="turtle")


@cache
def _parse_query(text: str):  # type: ignore[no-untyped-def]
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(text)


@cache
def _remembering_graph():  # type: ignore[no-untyped-def]
    """Make a graph that parses each query once: pySHACL asks the same one anew for every thing it judges."""
    import rdflib

    class RememberingGraph(rdflib.Graph):
        def query(self, query_object, *args, **kwargs):  # type: ignore[no-untyped-def,override]
            if isinstance(query_object, str):
                query_object = _parse_query(query_object)
            return super().query(query_object, *args, **kwargs)

    return RememberingGraph


def _run_pyshacl(data: str, shapes: str) -> set[Result]:
    import pyshacl
    import rdflib
    from rdflib.namespace import RDF, SH

    graph = _remembering_graph()().parse(data=data, format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=_pyshacl_shapes(shapes), inference="none", advanced=False)
    assert isinstance(report, rdflib.Graph)

    def spelled(result: rdflib.term.Node, predicate: rdflib.URIRef) -> str | None:
        found = report.value(result, predicate)
        return None if found is None else str(found.n3())

    return {
        Result(
            iri(spelled(result, SH.sourceShape) or ""),
            spelled(result, SH.focusNode) or "",
            spelled(result, SH.value),
            str(report.value(result, SH.resultSeverity)).rsplit("#", 1)[-1],
            str(report.value(result, SH.sourceConstraintComponent)).rsplit("#", 1)[-1],
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
