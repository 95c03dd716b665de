"""Catalogues and query editors are told what the graph is, truly."""

import pyoxigraph as ox
import pytest

from vereend import __version__, content
from vereend.dataset import DATASET, PREFIXES, describe
from vereend.knowledge import load
from vereend.terms import NAMESPACES

ROOT = "http://viewer.test/"


@pytest.fixture(scope="module")
def told() -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in describe(load(), ROOT))
    return store


def ask(store: ox.Store, query: str) -> list[str]:
    rows = store.query(query, prefixes=PREFIXES)
    return [row[0].value for row in rows]  # type: ignore[union-attr]


def test_the_counts_are_those_of_the_graph(told: ox.Store):
    kb = load()
    members = {q.subject for q in kb.store.quads_for_pattern(None, ox.NamedNode(NAMESPACES["rdf"] + "type"), None, None)
               if q.object == ox.NamedNode(NAMESPACES["vrd"] + "Claim")}  # fmt: skip
    found = ask(told, "SELECT ?n { ?d void:classPartition [ void:class vrd:Claim ; void:entities ?n ] }")

    assert found == [str(len(members))]
    assert int(ask(told, f"SELECT ?n {{ <{DATASET}> void:triples ?n }}")[0]) > 10_000


def test_each_named_graph_is_a_part_with_its_dump(told: ox.Store):
    parts = ask(told, f"SELECT ?g {{ <{DATASET}> void:subset ?g . ?g void:dataDump ?dump }}")

    assert len(parts) == len(list(load().store.named_graphs()))
    assert ROOT + "data/graph/ontology.ttl" in ask(told, "SELECT ?d { ?g void:dataDump ?d }")


@pytest.mark.parametrize(
    "property", ["dct:title", "dct:description", "dct:publisher", "dct:creator", "dct:license", "dct:identifier",
                 "dct:accessRights", "dcat:theme", "dct:language", "dcat:distribution", "void:sparqlEndpoint"]
)  # fmt: skip
def test_a_dataset_says_what_dcat_ap_nl_asks(told: ox.Store, property: str):
    assert ask(told, f"SELECT ?v {{ <{DATASET}> {property} ?v }}")


def test_the_version_is_that_of_the_library_and_of_every_module_of_the_ontology(told: ox.Store):
    assert ask(told, f"SELECT ?v {{ <{DATASET}> dcat:version ?v }}") == [__version__]
    modules = [
        p.read_text("utf-8") for p in content.turtle_files("ontology") if "a owl:Ontology" in p.read_text("utf-8")
    ]
    assert modules
    for text in modules:
        assert f"owl:versionIRI <https://w3id.org/vereend/{__version__}/" in text


def test_the_description_is_the_same_each_time():
    assert describe(load(), ROOT) == describe(load(), ROOT)
