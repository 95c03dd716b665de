"""How long the engines take over one prepared description, and over all that the project holds."""

import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from bench.measuring import by_turns, keep, processor_ratio, ratio
from vereend import engines, readings, shapes
from vereend.knowledge import load
from vereend.terms import DEFAULT_PHASE, Statement, iri
from vereend.validation import parse_date
from vereend.vocabulary import vocabulary

pytestmark = pytest.mark.bench


def prepared(statements: frozenset[Statement]) -> set[Statement]:
    known = vocabulary()
    return readings.prepare(
        readings.at_date(statements | readings.background(statements, known), parse_date(None)), known
    )


def plain(statements: set[Statement], shapes_graph: rdflib.Graph) -> set[tuple[str, str]]:
    """Run pySHACL as anyone would: the text parsed, the shapes already so."""
    data = "".join(f"{s} {p} {o} .\n" for s, p, o in statements)
    graph = rdflib.Graph().parse(data=data, format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes_graph, inference="none")
    return {
        (str(report.value(result, SH.sourceShape)), report.value(result, SH.focusNode).n3())
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def test_engines():
    text = shapes.readings(DEFAULT_PHASE)
    shapes_graph = rdflib.Graph().parse(data=text, format="turtle")
    cases = load().cases
    one = [prepared(cases["veilig-plein"].description.statements)]
    every = [prepared(case.description.statements) for case in cases.values()]

    def ours(engine: str, of: list[set[Statement]]) -> set[tuple[str, str]]:
        return {(iri(r.shape), r.focus) for data in of for r in engines.run(data, text, engine)}

    def theirs(of: list[set[Statement]]) -> set[tuple[str, str]]:
        return {row for data in of for row in plain(data, shapes_graph)}

    # The same work: the same shapes speak of the same things.
    assert ours("fast", every) == ours("pyshacl", every) == theirs(every) != set()
    measured = {}
    for name, of, times in (("one", one, 7), ("all", every, 3)):
        timed = by_turns(
            times,
            fast=lambda of=of: ours("fast", of),
            remembered=lambda of=of: ours("pyshacl", of),
            plain=lambda of=of: theirs(of),
        )
        measured |= {
            f"{name}: fast": timed["fast"].summary(),
            f"{name}: pyshacl, queries remembered": timed["remembered"].summary(),
            f"{name}: pyshacl as it comes": timed["plain"].summary(),
            f"{name}: plain / fast": ratio(timed["plain"], timed["fast"]),
            f"{name}: plain / remembered": ratio(timed["plain"], timed["remembered"]),
            f"{name}: plain / fast, processor time": processor_ratio(timed["plain"], timed["fast"]),
            f"{name}: plain / remembered, processor time": processor_ratio(timed["plain"], timed["remembered"]),
        }

    keep(
        "engines",
        f"two readings of all rules on Veilig Plein, prepared ({len(one[0])} statements), and on {len(every)} cases",
        measured,
    )
