"""The network of actors, powers, mandates and safeguards of a description, as a graph to draw, measure and export.

Nodes and lines are derived from statements by the tables below; participations fold into a line between the actor and
the partnership.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from vereend.reading import Description
from vereend.terms import LANGUAGES, TYPE, Statement, iri, term
from vereend.vocabulary import Vocabulary, vocabulary
from vereend.wording import Words

if TYPE_CHECKING:
    import networkx

# kind of node -> classes; the first that fits, in this order
KINDS = {
    "partnership": ("Partnership",),
    "actor": ("Actor",),
    "power": ("LegalPosition",),
    "mandate": ("Mandate",),
    "safeguard": ("Safeguard",),
    "law": ("CitedBasis",),
}
# property -> kind of line, as the viewer draws it
LINES = {
    "hasSafeguard": "safeguard",
    "underMandate": "mandate",
    "grantedBy": "mandate",
    "mandate": "mandate",
    "legalBasis": "basis",
    "exercisedBy": "safeguard",
    "fundedBy": "tie",
    "appointedBy": "tie",
    "partOf": "tie",
    "seatHeldBy": "tie",
    "controlledBy": "tie",
}
_SIGNS = (
    ("PoliceOrganisation", "police"),
    ("PrivateActor", "private"),
    ("CivilSocietyActor", "civil"),
    ("Foundation", "civil"),
)


def actor_sign(kind: str) -> str:
    """Give the mark an actor of a kind is drawn with: police, private, civil, or actor for other bodies."""
    above = vocabulary().kinds(kind)
    return next((mark for name, mark in _SIGNS if term(f"vrd:{name}") in above), "actor")


def network(source: Description | Iterable[Description]) -> "networkx.MultiDiGraph[str]":
    """Give the network of one or more descriptions.

    Returns:
        Nodes by IRI with `kind` (a key of KINDS), `sign` (the mark it is drawn with), `label_nl`, `label_en`; edges
        with `predicate` (IRI), `line` (has-power, works-with, or a value of LINES), `label_nl`, `label_en`.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for description in [source] if isinstance(source, Description) else source:
        _add(graph, description.statements, vocabulary())
    return graph


def _add(graph: "networkx.MultiDiGraph[str]", statements: frozenset[Statement], known: Vocabulary) -> None:
    from vereend.readings import background

    everything = statements | background(statements, known)
    words = Words(statements, known)
    kinds = {s.subject: known.kinds(s.object) for s in everything if s.predicate == TYPE}

    def of_kind(name: str, *classes: str) -> bool:
        return bool(kinds.get(name, set()) & {term(f"vrd:{c}") for c in classes})

    def node(name: str) -> bool:
        kind = next((k for k, classes in KINDS.items() if of_kind(name, *classes)), None)
        if kind is None:
            return False
        if iri(name) not in graph:
            graph.add_node(
                iri(name),
                kind=kind,
                sign=sign(name, kind),
                **{f"label_{lang}": words.label(name, lang) for lang in LANGUAGES},
            )
        return True

    def sign(name: str, kind: str) -> str:
        if kind == "actor":
            return next(
                (actor_sign(s.object) for s in statements if s.subject == name and s.predicate == TYPE), "actor"
            )
        if kind == "power":
            coercive = any(
                term("vc:coercion") in known.broader_all.get(s.object, set())
                for s in statements
                if s.subject == name and s.predicate == term("vrd:powerType")
            )
            return "power" if coercive else "power-soft"
        return "vereend" if kind == "partnership" else kind

    def line(start: str, predicate: str, end: str, how: str, label: str | None = None) -> None:
        if node(start) and node(end) and not graph.has_edge(iri(start), iri(end), iri(predicate)):
            texts = {f"label_{lang}": words.label(label or predicate, lang) for lang in LANGUAGES}
            graph.add_edge(iri(start), iri(end), key=iri(predicate), predicate=iri(predicate), line=how, **texts)

    participant = {s.subject: s.object for s in statements if s.predicate == term("vrd:participant")}
    for subject, predicate, obj in sorted(statements):
        name = predicate.removeprefix(term("vrd:")[:-1]).removesuffix(">")
        if name == "hasParticipation" and obj in participant:
            line(participant[obj], term("vrd:participatesIn"), subject, "works-with")
        elif name == "holder" and obj in participant:
            line(participant[obj], predicate, subject, "has-power", term("vrd:hasPosition"))
        elif name in LINES:
            line(subject, predicate, obj, LINES[name])


def measures(graph: "networkx.MultiDiGraph[str]") -> dict[str, dict[str, Any]]:
    """Measure each node: how many lines it has, and how often it lies between others.

    Returns:
        By IRI: `degree` (lines in and out), `betweenness` (0 to 1: the share of shortest paths between two others that
        lead through it, ignoring direction; Freeman 1977).
    """
    import networkx

    plain: networkx.Graph[str] = networkx.Graph(graph.to_undirected())
    between = networkx.betweenness_centrality(plain)
    return {name: {"degree": graph.degree(name), "betweenness": round(between[name], 4)} for name in sorted(graph)}


FORMATS = ("table", "json", "graphml", "gexf")


def export(graph: "networkx.MultiDiGraph[str]", format: str, lang: str) -> str:
    """Write a network as text.

    Args:
        format: one of FORMATS.
    """
    import io
    import json

    import networkx

    if format == "json":
        return json.dumps(networkx.node_link_data(graph, edges="edges"), ensure_ascii=False, indent=2)
    if format in ("graphml", "gexf"):
        buffer = io.BytesIO()
        (networkx.write_graphml if format == "graphml" else networkx.write_gexf)(graph, buffer)
        return buffer.getvalue().decode()
    label = f"label_{lang}"
    rows = [
        f"{graph.nodes[start][label]}\t{data[label]}\t{graph.nodes[end][label]}"
        for start, end, data in sorted(graph.edges(data=True), key=str)
    ]
    return "\n".join(rows)
