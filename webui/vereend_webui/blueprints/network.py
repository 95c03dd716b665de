"""The network of a partnership: drawn, and the same as a list of neighbours and a table of lines."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from vereend.errors import UnknownEntity
from vereend.knowledge import sort_key
from vereend.networks import measures, network
from vereend.terms import Text
from vereend_webui.i18n import current
from vereend_webui.links import page_of
from vereend_webui.site import knowledge
from vereend_webui.telling import first_example
from vereend_webui.things import HUES, Thing, sign_of_kind

bp = Blueprint("network", __name__)
SIGNS = ("partnership", "police", "actor", "private", "civil", "power", "power-soft", "mandate", "safeguard", "law")
LINES = ("works-with", "has-power", "mandate", "safeguard", "tie", "basis")
ALL = "all"  # every partnership of the report at once


@dataclass(frozen=True)
class Node:
    """A thing in the network."""

    iri: str
    thing: Thing
    kind: str
    degree: int


@dataclass(frozen=True)
class Line:
    """A line of the network, from one thing to another."""

    source: Node
    label: Text
    target: Node
    kind: str  # one of LINES


@dataclass(frozen=True)
class Neighbour:
    """A thing one line away from the chosen one."""

    node: Node
    label: Text
    outward: bool  # the line leads from the chosen thing


@dataclass(frozen=True)
class NetworkPage:
    """All that network/show.html may use."""

    case: str
    name: Text
    cases: list[tuple[str, Text]]
    nodes: list[Node]  # by label
    lines: list[Line]
    signs: list[tuple[str, int]]  # mark, how many
    kinds: list[tuple[str, int]]  # kind of line, how many
    chosen: Node | None
    neighbours: list[Neighbour]
    drawing: dict[str, Any]  # the same, for the script


@bp.get("/network")
def show() -> str:
    """Show the network of one partnership, or of all the report's; `node` chooses a thing in it."""
    kb = knowledge()
    example = first_example()
    slug = request.args.get("case") or (example.slug if example else ALL)
    if slug == ALL:
        descriptions = [case.description for case in kb.cases.values() if not case.fictional]
        name = None
    else:
        case = kb.case(slug)
        descriptions, name = [case.description], kb.label(case.iri, current())
    graph = network(descriptions)
    degrees = measures(graph) if len(graph) else {}
    nodes = {n: _node(n, data, degrees[n]["degree"]) for n, data in graph.nodes(data=True)}
    lines = [
        Line(nodes[s], Text(data[f"label_{current()}"], current()), nodes[t], data["line"])
        for s, t, data in graph.edges(data=True)
    ]
    lines.sort(key=lambda line: (LINES.index(line.kind), sort_key(line.source.thing.text.value), line.target.iri))
    wanted = request.args.get("node", "")
    if wanted and wanted not in nodes:
        raise UnknownEntity(wanted, "is not in this graph", "Look it up by its label, or check the address")
    chosen = nodes.get(wanted)
    listed = sorted(nodes.values(), key=lambda n: sort_key(n.thing.text.value))
    page = NetworkPage(
        slug,
        name or Text("", ""),
        [(c.slug, kb.label(c.iri, current())) for c in kb.cases.values()],
        listed,
        lines,
        [(sign, n) for sign in SIGNS if (n := sum(node.thing.sign == sign for node in listed))],
        [(kind, n) for kind in LINES if (n := sum(line.kind == kind for line in lines))],
        chosen,
        _neighbours(chosen, lines),
        drawing(listed, lines),
    )
    return render_template("network/show.html", page=page)


def _node(name: str, data: dict[str, Any], degree: int) -> Node:
    text = Text(data[f"label_{current()}"], current())
    return Node(name, Thing(text, sign_of_kind(data["sign"]), page_of(name)), data["kind"], degree)


def _neighbours(chosen: Node | None, lines: list[Line]) -> list[Neighbour]:
    if chosen is None:
        return []
    out = [Neighbour(line.target, line.label, True) for line in lines if line.source == chosen]
    return out + [Neighbour(line.source, line.label, False) for line in lines if line.target == chosen]


def drawing(nodes: list[Node], lines: list[Line]) -> dict[str, Any]:
    """Give what the script draws."""
    return {
        "nodes": [
            {
                "id": n.iri,
                "label": n.thing.text.value,
                "sign": n.thing.sign,
                "hue": HUES.get(n.thing.sign, ""),
                "href": n.thing.href,
            }
            for n in nodes
        ],
        "lines": [
            {"source": line.source.iri, "target": line.target.iri, "label": line.label.value, "kind": line.kind}
            for line in lines
        ],
    }
