"""Reading a network: what lies around a thing, what is left when one chooses, the way between two things, and measures.

The network itself is made in vereend.networks; nothing here changes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from vereend.errors import VereendError
from vereend.terms import LANGUAGES

if TYPE_CHECKING:
    import networkx

# From so many things on, betweenness is estimated from a sample of this many, always the same one.
MOST_EXACT, SAMPLE = 600, 200


@dataclass(frozen=True)
class Choice:
    """What is to be seen; an empty part leaves the choice open. Names are local names, as the nodes carry them."""

    signs: frozenset[str] = frozenset()  # marks of things
    role: str = ""  # of an actor; things that are no actors stay
    power: str = ""  # a power falls under it; other powers go
    safeguard: str = ""  # of this kind; other safeguards go
    phase: str = ""  # of a partnership; others go, with what hangs on them alone


@dataclass(frozen=True)
class Step:
    """One line on the way, as it is told: from its subject to its object."""

    source: str
    target: str
    data: dict[str, Any]  # of the line
    onward: bool  # it is walked the way it is told


def find(graph: "networkx.MultiDiGraph[str]", name: str) -> str:
    """Find a thing by its IRI, by the end of it, or by its label in either language.

    Raises:
        VereendError: nothing goes by that name, or several things do.
    """
    from vereend.knowledge import sort_key

    if name in graph:
        return name
    wanted = sort_key(name.strip())
    labels = {n: {sort_key(data[f"label_{lang}"]) for lang in LANGUAGES} for n, data in graph.nodes(data=True)}
    end = name.rpartition(":")[2]
    for found in (
        [n for n in graph if n.rpartition("/")[2] == end],
        [n for n, texts in labels.items() if wanted in texts],
        [n for n, texts in labels.items() if any(wanted in text for text in texts)],
    ):
        if len(found) == 1:
            return str(found[0])
        if found:
            known = ", ".join(sorted(found)[:5])
            raise VereendError(repr(name), "is the name of several things", f"Choose one of {known}")
    raise VereendError(repr(name), "is not in this network", "Name a thing by its label or its IRI")


def around(graph: "networkx.MultiDiGraph[str]", centre: str, hops: int) -> "networkx.MultiDiGraph[str]":
    """Give what lies within so many lines of a thing, whichever way they lead."""
    import networkx

    near = networkx.ego_graph(networkx.Graph(graph.to_undirected(as_view=True)), centre, radius=hops)
    return graph.subgraph(near.nodes)


def narrowed(graph: "networkx.MultiDiGraph[str]", choice: Choice) -> "networkx.MultiDiGraph[str]":
    """Leave out what was not chosen."""

    def has(data: dict[str, Any], trait: str, wanted: str) -> bool:
        return not wanted or wanted in data[trait].split()

    kept = [
        name
        for name, data in graph.nodes(data=True)
        if (not choice.signs or data["sign"] in choice.signs)
        and (data["kind"] != "actor" or has(data, "roles", choice.role))
        and (data["kind"] != "power" or has(data, "powers", choice.power))
        and (data["kind"] != "safeguard" or has(data, "kinds", choice.safeguard))
        and (data["kind"] != "partnership" or has(data, "phase", choice.phase))
    ]
    found = graph.subgraph(kept)
    if not choice.phase:
        return found
    import networkx

    plain: networkx.Graph[str] = networkx.Graph(found.to_undirected(as_view=True))
    partnerships = [n for n, data in found.nodes(data=True) if data["kind"] == "partnership"]
    reached = {n for one in partnerships for n in networkx.node_connected_component(plain, one)}
    return graph.subgraph(reached)


def way(graph: "networkx.MultiDiGraph[str]", start: str, end: str) -> list[Step]:
    """Give a shortest way between two things, whichever way its lines lead; always the same one.

    Returns:
        The lines in the order they are walked; empty when the two are not linked, or are one.
    """
    import networkx

    plain: networkx.Graph[str] = networkx.Graph()
    plain.add_nodes_from(sorted(graph))
    plain.add_edges_from(sorted(graph.to_undirected(as_view=True).edges()))
    try:
        names = networkx.shortest_path(plain, start, end)
    except networkx.NetworkXNoPath:
        return []
    steps = []
    for one, other in pairwise(names):
        onward = graph.has_edge(one, other)
        source, target = (one, other) if onward else (other, one)
        key = min(graph[source][target])
        steps.append(Step(source, target, graph[source][target][key], onward))
    return steps


def way_text(graph: "networkx.MultiDiGraph[str]", start: str, end: str, lang: str) -> str:
    """Tell a shortest way in words: one line a step, each as it is told, with the claims it rests on."""
    label = f"label_{lang}"
    steps = way(graph, start, end)
    names = [graph.nodes[name][label] for name in (start, end)]
    if not steps:
        no_way = {"nl": "Tussen {} en {} is geen weg verteld.", "en": "No way is told between {} and {}."}
        return no_way[lang].format(*names)
    count = {"nl": "Van {} naar {}, in {} stappen:", "en": "From {} to {}, in {} steps:"}
    if len(steps) == 1:
        count = {"nl": "Van {} naar {}, in één stap:", "en": "From {} to {}, in one step:"}
    lines = [count[lang].format(*names, len(steps))]
    for step in steps:
        claims = f" ({step.data['claims'].replace(' ', ', ')})" if step.data["claims"] else ""
        parts = (graph.nodes[step.source][label], step.data[label], graph.nodes[step.target][label])
        lines.append(f"  {' '.join(parts)}{claims}")
    return "\n".join(lines)


def measures(graph: "networkx.MultiDiGraph[str]") -> dict[str, dict[str, Any]]:
    """Measure each thing: how many lines it has, how often it lies between others, how free its neighbours leave it.

    Returns:
        By IRI: `degree` (lines in and out); `betweenness` (0 to 1: the share of shortest paths between two others that
        lead through it, ignoring direction; estimated from SAMPLE things above MOST_EXACT); `effective` (how many of
        its neighbours are not linked to each other as well); `constraint` (low for a broker, whose neighbours know
        each other only through it; None for a thing without neighbours).
    Source: Freeman 1977 (betweenness); Burt 1992 (effective size and constraint: structural holes).
    """
    import networkx

    plain: networkx.Graph[str] = networkx.Graph()
    plain.add_nodes_from(sorted(graph))
    plain.add_edges_from((a, b) for a, b in graph.edges() if a != b)
    sample = SAMPLE if len(plain) > MOST_EXACT else None
    between = networkx.betweenness_centrality(plain, k=sample, seed=7)
    return {
        name: {
            "degree": graph.degree(name),
            "betweenness": round(between[name], 4),
            "effective": round(_effective(plain, name), 2),
            "constraint": _constraint(plain, name),
        }
        for name in plain
    }


def _effective(plain: "networkx.Graph[str]", name: str) -> float:
    """Neighbours less the mean number of links each has to the others (Borgatti 1997, for lines without weight)."""
    near = set(plain[name])
    links = sum(other in near for one in near for other in plain[one]) / 2
    return len(near) - 2 * links / len(near) if near else 0.0


def _constraint(plain: "networkx.Graph[str]", name: str) -> float | None:
    """Sum, over its neighbours, the square of what it invests in each, directly and by way of the others.

    networkx.constraint gives the same for all things in seconds, since it reckons with weights; lines here have none.
    """
    near = plain[name]
    if not near:
        return None
    invested = dict.fromkeys(near, 1 / len(near))
    for between in near:
        for other in plain[between]:
            if other in invested:
                invested[other] += 1 / len(near) / len(plain[between])
    return round(sum(share**2 for share in invested.values()), 3)


def most_connected(graph: "networkx.MultiDiGraph[str]", most: int) -> "networkx.MultiDiGraph[str]":
    """Give the network of the things with most lines, where it is too large to be drawn whole."""
    if len(graph) <= most:
        return graph
    ranked: Iterable[str] = sorted(graph, key=lambda name: (-graph.degree(name), name))
    return graph.subgraph(list(ranked)[:most])
