"""The graph in named graphs: one per layer, per case of the project, and per description that was loaded.

Layers: ontology, concepts, claims, law, rules, mappings, and inferred. What is inferred never mixes with what is
asserted. Queries see the union. Built from the content files; `publish` writes it to a folder that worker processes
open read-only. A graph that outlives the command stands in a `GraphStore`: a folder on disk (data_folder.py) or any
server that speaks SPARQL 1.1 (remote.py).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pyoxigraph as ox

from vereend import content, mappings
from vereend.errors import VereendError
from vereend.reading import Description
from vereend.terms import BASE, TYPE, Statement, iri, term
from vereend.vocabulary import nearest, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vereend.service import Limits, QueryAnswer

GRAPH = BASE + "graph/"
CASE, UPLOAD = "case/", "upload/"  # what the names of their graphs begin with
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


class Upload(NamedTuple):
    """A description to load, and the name of its graph."""

    name: str
    statements: Iterable[Statement]


class Held(NamedTuple):
    """A version of the graph that is kept."""

    name: str
    made: str  # ISO 8601
    statements: int
    size: int  # bytes; a file that versions share counts in each


class Status(NamedTuple):
    """What a store holds."""

    place: str
    published: str  # name of the version that queries see; "" where the store keeps no versions
    current: bool  # whether the project's own content in it is that of this program
    graphs: Mapping[str, int]  # statements by the name of the graph
    kept: tuple[Held, ...] = ()
    union: bool = True  # whether a query that names no graph sees them all


class Questions(Protocol):
    """What answers queries."""

    limits: "Limits"

    def query(
        self,
        text: str,
        accept: list[str] | None = None,
        graphs: "Sequence[str]" = (),
        named: "Sequence[str]" = (),
        gone: "Callable[[], bool] | None" = None,
    ) -> "QueryAnswer":
        """Answer a query, or say why not: see QueryService.query."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


class GraphStore(Protocol):
    """A graph that outlives the command, wherever it stands."""

    def load(self, uploads: Iterable[Upload]) -> None:
        """Load descriptions, each into a graph of its own, and bring the project's own content up to date."""
        ...

    def unload(self, names: Iterable[str]) -> None:
        """Take descriptions out that were loaded."""
        ...

    def status(self) -> Status:
        """Tell what is in it."""
        ...

    def questions(self, limits: "Limits") -> Questions:
        """Start what answers queries about it."""
        ...


def upload_name(name: str) -> str:
    """Turn the name of a file or what a user calls it into one that an IRI can end in.

    Raises:
        VereendError: nothing is left of it.
    """
    found = re.sub(r"[^\w.-]+", "-", name).strip("-.")
    if not found:
        raise VereendError(repr(name), "is no name of a graph", "Give one of letters and digits, as in --name plein")
    return found


def not_loaded(name: str, graphs: Iterable[str]) -> VereendError:
    """Say that no description of this name was loaded."""
    loaded = [graph.removeprefix(UPLOAD) for graph in graphs if graph.startswith(UPLOAD)]
    guess = nearest(name, loaded)
    return VereendError(
        repr(name),
        "is not the name of a loaded description",
        f"The nearest is '{guess}'" if guess else "See the names with vereend status",
    )


def content_digest() -> str:
    """Give a digest of the project's own content, by which a version tells whether it holds this one."""
    digest = hashlib.sha256()
    names = [path for paths in layer_files().values() for path in paths]
    for path in [*names, *content.turtle_files("kg", "cases"), *content.turtle_files("kg", "examples")]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update((content.root() / "ontology" / "mappings.sssom.tsv").read_bytes())
    return digest.hexdigest()[:16]


def fill(store: ox.Store, cases: "Sequence[tuple[str, Description]]") -> None:
    """Load every layer and case into a store in memory."""
    for name, paths in layer_files().items():
        for path in paths:
            store.bulk_load(path=path, to_graph=graph_name(name))
    for slug, description in cases:
        text = "".join(f"{s} {p} {o} .\n" for s, p, o in description.statements)
        store.bulk_load(text, format=ox.RdfFormat.N_TRIPLES, to_graph=graph_name(CASE + slug))
    store.bulk_extend(mappings.quads(graph_name("mappings")))
    store.bulk_extend(_inferred())
    tell_graphs(store, graph_names(slug for slug, _ in cases))


def graph_names(cases: Iterable[str]) -> list[str]:
    """Give the names of the graphs with the project's own content: those of the layers, and of these cases."""
    return [*layer_files(), "mappings", "inferred", *(CASE + slug for slug in cases)]


def _inferred() -> Iterable[ox.Quad]:
    """Give what follows from the hierarchies: each concept within itself and all broader ones."""
    within = ox.NamedNode(iri(term("vrd:within")))
    for concept, above in vocabulary().broader_all.items():
        for broader in above:
            yield ox.Quad(ox.NamedNode(iri(concept)), within, ox.NamedNode(iri(broader)), graph_name("inferred"))


def tell_graphs(store: ox.Store, names: Iterable[str]) -> None:
    """Name the named graphs in one more graph, so that a query can list them."""
    store.remove_graph(graph_name("graphs"))
    store.extend(about_graphs(names))


def about_graphs(names: Iterable[str]) -> list[ox.Quad]:
    """Tell of each name that it is one of a named graph."""
    kind = ox.NamedNode("http://www.w3.org/ns/sparql-service-description#NamedGraph")
    return [ox.Quad(graph_name(name), ox.NamedNode(iri(TYPE)), kind, graph_name("graphs")) for name in names]


def copy(source: ox.Store, target: ox.Store) -> None:
    """Put all that one store holds into another: in one go, since each bulk load writes files of its own."""
    target.bulk_load(source.dump(format=ox.RdfFormat.N_QUADS), format=ox.RdfFormat.N_QUADS)


def publish(folder: Path, graph: ox.Store) -> None:
    """Write a graph to a new folder on disk, to be opened with `Store.read_only`."""
    store = ox.Store(str(folder))
    copy(graph, store)
    store.flush()
    del store
