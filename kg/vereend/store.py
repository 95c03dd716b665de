"""The graph in named graphs, in Oxigraph: one per layer and per case.

Layers: ontology, concepts, claims, law, rules, mappings, inferred, and each case. What is inferred never mixes with
what is asserted. Queries see the union. Built from the content files; `publish` writes it to a folder that worker
processes open read-only.
"""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from vereend import content, mappings
from vereend.reading import Description
from vereend.terms import BASE, TYPE, iri, term
from vereend.vocabulary import vocabulary

GRAPH = BASE + "graph/"
_LAYERS = {
    "ontology": ("ontology",),
    "concepts": ("ontology", "concepts"),
    "claims": ("kg", "sources"),
    "law": ("kg", "law"),
    "rules": ("shapes", "rules"),
}


def graph_name(name: str) -> ox.NamedNode:
    """Give the IRI of a named graph."""
    return ox.NamedNode(GRAPH + name)


def layer_files() -> dict[str, list[Path]]:
    """Give the content files of each layer."""
    files = {name: content.turtle_files(*parts) for name, parts in _LAYERS.items()}
    files["ontology"] = [path for path in files["ontology"] if path not in files["concepts"]]
    return files


def fill(store: ox.Store, cases: Iterable[tuple[str, Description]]) -> None:
    """Load every layer and case into a store."""
    for name, paths in layer_files().items():
        for path in paths:
            store.bulk_load(path=path, to_graph=graph_name(name))
    for slug, description in cases:
        text = "".join(f"{s} {p} {o} .\n" for s, p, o in description.statements)
        store.bulk_load(text, format=ox.RdfFormat.N_TRIPLES, to_graph=graph_name(f"case/{slug}"))
    store.bulk_extend(mappings.quads(graph_name("mappings")))
    store.bulk_extend(_inferred())
    store.bulk_extend(_about_graphs(store))


def _inferred() -> Iterable[ox.Quad]:
    """Give what follows from the hierarchies: each concept within itself and all broader ones."""
    within = ox.NamedNode(iri(term("vrd:within")))
    for concept, above in vocabulary().broader_all.items():
        for broader in above:
            yield ox.Quad(ox.NamedNode(iri(concept)), within, ox.NamedNode(iri(broader)), graph_name("inferred"))


def _about_graphs(store: ox.Store) -> list[ox.Quad]:
    """Name the named graphs in one more graph, so that a query can list them."""
    kind = ox.NamedNode("http://www.w3.org/ns/sparql-service-description#NamedGraph")
    about = graph_name("graphs")
    return [
        ox.Quad(name, ox.NamedNode(iri(TYPE)), kind, about)
        for name in store.named_graphs()
        if isinstance(name, ox.NamedNode)
    ]


def publish(folder: Path, cases: Iterable[tuple[str, Description]]) -> None:
    """Write the graph to a new folder on disk, to be opened with `Store.read_only`."""
    store = ox.Store(str(folder))
    fill(store, cases)
    store.optimize()
    store.flush()
    del store
