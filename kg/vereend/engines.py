"""SHACL engines, all giving the same rows: which shape, about what, how grave.

pySHACL is the reference. `shacl` (Rust) is the fast one; the project's shapes keep to features on which both agree
(tests/test_rules.py runs each rule on both; no date or boolean is compared in a query). `oxigraph` runs the project's
shapes as queries (see vereend.compiled), to have a third opinion. Texts of an engine are never used: they differ by
engine and lose their language.
"""

import importlib.util
import logging
import warnings
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from vereend.errors import VereendError
from vereend.paths import path_text
from vereend.terms import LITERAL, NAMESPACES, Statement, iri, literal

ENGINES = ("auto", "fast", "pyshacl", "oxigraph")
# What may be inferred before any of them looks: see vereend.inference.
INFERENCES = ("none", "rdfs")


class Result(NamedTuple):
    """One SHACL result. The shape is a bare IRI; focus and value are in N-Triples spelling."""

    shape: str
    focus: str
    value: str | None
    severity: str  # Violation, Warning or Info; the IRI of one that is not SHACL's
    component: str  # local name, as in MinCountConstraintComponent; the IRI of one that is not SHACL's
    path: str | None = None  # from the focus to the value, as paths.path_text spells it

    @property
    def is_query(self) -> bool:
        """Whether a SPARQL constraint of the shape's own found it."""
        return self.component == "SPARQLConstraintComponent"


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
    """Validate statements by shapes in Turtle, and give each result once.

    Args:
        engine: a key of ENGINES, but not "auto".
    """
    return set(run_all(statements, shapes, engine))


def run_all(statements: Iterable[Statement], shapes: str, engine: str) -> list[Result]:
    """Validate as `run` does, and give each result as often as the engine does."""
    if engine == "oxigraph":
        from vereend import compiled  # which gives results as this module has them

        return compiled.run(statements, shapes)
    return _run_fast(statements, shapes) if engine == "fast" else _run_pyshacl(statements, shapes)


@lru_cache(128)
def _fast_shapes(shapes: str):  # type: ignore[no-untyped-def]
    import shacl

    return shacl.Shapes.from_turtle(shapes)


def _run_fast(statements: Iterable[Statement], shapes: str) -> list[Result]:
    data = "".join(f"{s} {p} {o} .\n" for s, p, o in statements)
    report = _fast_shapes(shapes).validate_text(data, format="ntriples")
    return [
        Result(
            iri(r.source_shape),
            r.focus_node,
            r.value,
            r.severity_iri.removeprefix(NAMESPACES["sh"]),
            r.component_iri.removeprefix(NAMESPACES["sh"]),
            r.path,
        )
        for r in report.results
    ]


@lru_cache(128)
def _pyshacl_shapes(shapes: str):  # type: ignore[no-untyped-def]
    return _remembering_graph()().parse(data=shapes, format="turtle")


@cache
def _parse_query(text: str):  # type: ignore[no-untyped-def]
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(text)


@cache
def _remembering_graph():  # type: ignore[no-untyped-def]
    """Make a graph that looks for nothing twice: pySHACL asks the same anew for every thing it judges."""
    import rdflib

    class RememberingGraph(rdflib.Graph):
        def __init__(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            self._found: dict[object, list[object]] = {}
            super().__init__(*args, **kwargs)

        def add(self, triple):  # type: ignore[no-untyped-def]
            if self._found and triple not in self:
                self._found.clear()
            return super().add(triple)

        def triples(self, triple):  # type: ignore[no-untyped-def]
            found = self._found.get(triple)
            if found is None:
                found = self._found[triple] = list(super().triples(triple))
            return iter(found)

        def query(self, query_object, *args, **kwargs):  # type: ignore[no-untyped-def]
            if isinstance(query_object, str):
                query_object = _parse_query(query_object)
            return super().query(query_object, *args, **kwargs)

    return RememberingGraph


@lru_cache(maxsize=20_000)
def _node(spelled: str):  # type: ignore[no-untyped-def]
    import rdflib

    found = LITERAL.fullmatch(spelled)
    if spelled.startswith("<"):
        return rdflib.URIRef(spelled[1:-1])
    if found is None:
        return rdflib.BNode(spelled[2:])
    text = literal(spelled)
    assert text is not None
    datatype = rdflib.URIRef(found["datatype"]) if found["datatype"] else None
    return rdflib.Literal(text.value, lang=found["lang"], datatype=datatype, normalize=False)


def _graph(statements: Iterable[Statement]):  # type: ignore[no-untyped-def]
    """Build rdflib's graph, and remember how we spell each term: rdflib would spell some of them anew."""
    graph, spelling = _remembering_graph()(), dict[object, str]()
    for statement in statements:
        nodes = tuple(map(_node, statement))
        graph.add(nodes)
        spelling.update(zip(nodes, statement, strict=True))
    return graph, spelling


def _run_pyshacl(statements: Iterable[Statement], shapes: str) -> list[Result]:
    import pyshacl
    import rdflib
    from rdflib.namespace import RDF, SH

    # An ill-typed value is what the shapes are to find; rdflib would print a traceback about it.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        graph, spelling = _graph(statements)
        _, report, text = pyshacl.validate(graph, shacl_graph=_pyshacl_shapes(shapes), inference="none", advanced=False)
    if not isinstance(report, rdflib.Graph):
        raise ValueError(f"pySHACL refuses these shapes: {text}")

    def spelled(result: rdflib.term.Node, predicate: rdflib.URIRef) -> str | None:
        found = report.value(result, predicate)
        return None if found is None else spelling.get(found) or str(found.n3())

    def walked(node: str, predicate: str) -> list[str]:
        start = rdflib.BNode(node[2:]) if node.startswith("_:") else rdflib.URIRef(node[1:-1])
        return [found.n3() for found in report.objects(start, rdflib.URIRef(predicate[1:-1]))]

    top = report.value(None, RDF.type, SH.ValidationReport)  # results inside sh:detail explain one, they are none
    return [
        Result(
            iri(spelled(result, SH.sourceShape) or ""),
            spelled(result, SH.focusNode) or "",
            spelled(result, SH.value),
            str(report.value(result, SH.resultSeverity)).removeprefix(NAMESPACES["sh"]),
            str(report.value(result, SH.sourceConstraintComponent)).removeprefix(NAMESPACES["sh"]),
            None if (path := report.value(result, SH.resultPath)) is None else path_text(path.n3(), walked),
        )
        for result in report.objects(top, SH.result)
    ]
