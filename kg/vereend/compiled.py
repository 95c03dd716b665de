"""The project's shapes as queries straight in Oxigraph: a third judge, which shares no line with the two SHACL engines.

It knows what those shapes are made of and no more: targets by class or property, queries, and of SHACL Core what the
structure layer and the rules use. Shapes of others are for the engines.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph as ox

from vereend.engines import Result
from vereend.reading import parse
from vereend.shape_graph import ShapeGraph
from vereend.terms import TYPE, Statement, iri, term
from vereend.vocabulary import closure

_SUBCLASS = term("rdfs:subClassOf")
_IS_A = f"a/{_SUBCLASS}*"
_DATATYPES = (term("xsd:date"), term("xsd:boolean"))


class Check(NamedTuple):
    """One demand of one shape."""

    shape: str  # the IRI that a result names as its source
    classes: tuple[str, ...]  # what the shape is about: things of these classes
    subjects_of: tuple[str, ...]  # and things that these properties are told of
    component: str
    severity: str
    path: str | None
    query: str  # a SELECT of ?this and perhaps ?value, with {focus} where the things judged come


@lru_cache(128)
def checks(shapes: str) -> tuple[Check, ...]:
    """Take shapes apart into their demands.

    Args:
        shapes: Turtle, as vereend.shapes makes it.
    Raises:
        ValueError: a demand that is not known here: to leave it out would make a description conform.
    """
    graph = ShapeGraph([parse(shapes, "shapes.ttl", "turtle", foreign=True)])
    found = []
    for shape in graph.targeting:
        classes, subjects_of = (tuple(graph.all(shape, name)) for name in ("sh:targetClass", "sh:targetSubjectsOf"))
        for part in (shape, *graph.parts(shape)):
            for component, query in _demands(graph, part):
                severity, path = graph.severity(part), graph.path(part)
                name = f"{component}ConstraintComponent"
                found.append(Check(iri(part), classes, subjects_of, name, severity, path, query))
    return tuple(found)


def _demands(graph: ShapeGraph, shape: str) -> Iterator[tuple[str, str]]:
    """Give each demand a shape makes itself: its component, and the query for what does not meet it."""
    path = graph.path(shape)
    values = f"{{focus}} ?this {path} ?value ."
    for name in graph.constraints(shape):
        for value in graph.all(shape, name):
            match name, path:
                case (known, None) if known == term("sh:sparql"):
                    (query,) = graph.queries(value)
                    doubled = query.text.replace("{", "{{").replace("}", "}}").replace("$this", "?this")
                    yield "SPARQL", doubled.replace("WHERE {{", "WHERE {{ {focus}", 1)
                case (known, None) if known == term("sh:or"):
                    kinds = " ".join(_kind(graph, member) for member in graph.members(value))
                    other = f"FILTER NOT EXISTS {{{{ VALUES ?kind {{{{ {kinds} }}}} ?this {_IS_A} ?kind }}}}"
                    yield "Or", _select(f"{{focus}} {other} BIND(?this AS ?value)")
                case (known, str()) if known in (term("sh:minCount"), term("sh:maxCount")):
                    least = known == term("sh:minCount")
                    limit = f"HAVING (COUNT(DISTINCT ?each) {'<' if least else '>'} {graph.number(shape, known)})"
                    each = f"{{focus}} OPTIONAL {{{{ ?this {path} ?each }}}}"
                    yield (
                        "MinCount" if least else "MaxCount",
                        f"SELECT ?this WHERE {{{{ {each} }}}} GROUP BY ?this {limit}",
                    )
                case (known, str()) if known == term("sh:class"):
                    yield "Class", _select(f"{values} FILTER NOT EXISTS {{{{ ?value {_IS_A} {value} }}}}")
                case (known, str()) if known == term("sh:not"):
                    yield "Not", _select(f"{values} FILTER EXISTS {{{{ ?value {_IS_A} {_kind(graph, value)} }}}}")
                case (known, str()) if known == term("sh:in"):
                    yield "In", _select(f"{values} FILTER(?value NOT IN ({', '.join(graph.members(value))}))")
                case (known, str()) if known == term("sh:datatype") and value in _DATATYPES:
                    made = f"{value}(STR(?value))"
                    well = f"isLiteral(?value) && datatype(?value) = {value} && COALESCE({made} = {made}, false)"
                    yield "Datatype", _select(f"{values} FILTER(!({well}))")
                case _:
                    raise ValueError(f"{shape} demands {name} {value}, which is not known to this engine")


def _select(where: str) -> str:
    return f"SELECT DISTINCT ?this ?value WHERE {{{{ {where} }}}}"


def _kind(graph: ShapeGraph, shape: str) -> str:
    """Give the class that is all an inner shape asks for."""
    kinds = graph.all(shape, "sh:class")
    if len(kinds) != 1 or graph.constraints(shape) != [term("sh:class")]:
        raise ValueError(f"{shape} demands more than a class, which is not known to this engine")
    return kinds[0]


def run(statements: Iterable[Statement], shapes: str) -> list[Result]:
    """Validate statements by shapes in Turtle, and give each result once."""
    told = list(statements)
    store = ox.Store()
    store.bulk_load("".join(f"{s} {p} {o} .\n" for s, p, o in told).encode(), ox.RdfFormat.N_TRIPLES)
    subjects: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, obj in told:
        subjects[predicate].add(subject)
        if predicate == TYPE:
            kinds[obj].add(subject)
        elif predicate == _SUBCLASS:
            above[subject].add(obj)
    things: dict[str, set[str]] = defaultdict(set)
    for kind, its in kinds.items():
        for up in closure(kind, above):
            things[up] |= its
    found = []
    for check in checks(shapes):
        focus = set().union(
            *(things[kind] for kind in check.classes if kind in things),
            *(subjects[name] for name in check.subjects_of if name in subjects),
        )
        if focus:
            query = check.query.format(focus=f"VALUES ?this {{ {' '.join(sorted(focus))} }}")
            for row in store.query(query):  # type: ignore[union-attr]
                this = str(row["this"])
                value = str(row["value"] or this) if "?value" in check.query else None
                found.append(Result(check.shape, this, value, check.severity, check.component, check.path))
    return found
