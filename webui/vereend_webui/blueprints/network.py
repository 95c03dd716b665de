"""The network of a partnership or of all: drawn, and the same as lists of things, of neighbours and of lines."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Blueprint, render_template, request

from vereend.errors import UnknownEntity, VereendError
from vereend.knowledge import sort_key
from vereend.network_drawing import layered
from vereend.network_walks import MOST_EXACT, Choice, around, measures, most_connected, narrowed, way
from vereend.networks import network
from vereend.reading import Description
from vereend.terms import NAMESPACES, PHASES, Text, local_name, term
from vereend_webui.i18n import current
from vereend_webui.links import page_of
from vereend_webui.site import knowledge
from vereend_webui.telling import first_example
from vereend_webui.things import HUES, Thing, sign_of_kind

if TYPE_CHECKING:
    import networkx
    from werkzeug.datastructures import MultiDict

bp = Blueprint("network", __name__)
SIGNS = ("partnership", "police", "actor", "private", "civil", "power", "power-soft", "mandate", "safeguard", "law")
LINES = ("works-with", "has-power", "mandate", "safeguard", "tie", "basis")
ALL = "all"  # every partnership of the report at once
_FARTHEST = 4  # hops
_MOST_DRAWN = 2500  # things; of a larger network those with most lines
_MOST_ROWS = 600  # of a table
_MOST_OFFERED = 400  # things in a list of a form


class _Prepared(NamedTuple):
    """What is worked out once for a choice in a network."""

    graph: "networkx.MultiDiGraph[str]"
    left_out: int  # things, for there being too many
    measured: dict[str, dict[str, Any]]
    places: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Asked:
    """A network as an address asks for it."""

    case: str
    name: Text  # empty for all of the report
    choice: Choice
    prepared: _Prepared  # what was chosen, however far
    graph: "networkx.MultiDiGraph[str]"  # of that, what lies around the thing in the middle
    centre: str  # IRI; "" for none
    hops: int  # 0: however far


@dataclass(frozen=True)
class Node:
    """A thing in the network."""

    iri: str
    thing: Thing
    kind: str
    degree: int
    betweenness: float
    effective: float
    constraint: float | None
    shown: bool  # it lies near enough


@dataclass(frozen=True)
class Line:
    """A line of the network, from one thing to another."""

    source: Node
    label: Text
    target: Node
    kind: str  # one of LINES
    since: str  # ISO 8601; "" where not told, as until
    until: str
    claims: list[str]  # numbers

    @property
    def shown(self) -> bool:
        """Whether both ends are."""
        return self.source.shown and self.target.shown


@dataclass(frozen=True)
class Neighbour:
    """A thing one line away from the chosen one."""

    node: Node
    label: Text
    outward: bool  # the line leads from the chosen thing
    line: Line


@dataclass(frozen=True)
class Way:
    """The shortest way between two things: its lines in the order they are walked, empty when there is none."""

    start: Node
    end: Node
    lines: list[Line]


@dataclass(frozen=True)
class Filter:
    """One thing to choose by, and what there is to choose from."""

    field: str
    chosen: str
    options: list[tuple[str, Text]]


@dataclass(frozen=True)
class NetworkPage:
    """All that network/show.html may use."""

    case: str
    name: Text
    cases: list[tuple[str, Text]]
    nodes: list[Node]  # by label
    offered: list[Node]  # to choose from: all of them, or those with most lines
    lines: list[Line]
    rows: list[Line]  # as many of them as a table holds
    signs: list[tuple[str, int, bool]]  # mark, how many, whether it was chosen
    kinds: list[tuple[str, int]]  # kind of line, how many
    filters: list[Filter]
    filtered: bool
    hops: int
    farthest: int
    left_out: int
    estimated: bool  # betweenness is
    chosen: Node | None
    neighbours: list[Neighbour]
    words: str  # searched for
    matches: list[Node]  # by these words, where they fit several things or none
    way: Way | None
    query: dict[str, Any]  # the choice, for the addresses of the same as data
    drawing: dict[str, Any]  # the same, for the script


@lru_cache(maxsize=32)
def _network(descriptions: tuple[Description, ...]) -> "networkx.MultiDiGraph[str]":
    return network(descriptions)


@lru_cache(maxsize=64)
def _prepared(descriptions: tuple[Description, ...], choice: Choice) -> _Prepared:
    everything = narrowed(_network(descriptions), choice)
    graph = most_connected(everything, _MOST_DRAWN).copy()
    return _Prepared(graph, len(everything) - len(graph), measures(graph) if len(graph) else {}, layered(graph))


class _Key(tuple[Description, ...]):
    """Descriptions as a key: by identity, since they do not change and are costly to compare."""

    def __hash__(self) -> int:
        return hash(tuple(map(id, self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and tuple(map(id, self)) == tuple(map(id, other))


def descriptions_of(slug: str) -> tuple[Description, ...]:
    """Give the descriptions a network is made of. An unknown case raises UnknownEntity."""
    kb = knowledge()
    if slug == ALL:
        return _Key(case.description for case in kb.cases.values() if not case.fictional)
    return _Key([kb.case(slug).description])


def asked(args: "MultiDict[str, str]", otherwise: str = ALL) -> Asked:
    """Read what an address asks for: `case`, `sign`, `role`, `power`, `safeguard`, `phase`, `node` and `hops`.

    Raises:
        VereendError: `hops` is no number of lines; the thing in the middle is not in the network.
    """
    slug = args.get("case") or otherwise
    choice = Choice(
        frozenset(_library_sign(sign) for sign in args.getlist("sign") if sign),
        *(args.get(field, "") for field in ("role", "power", "safeguard", "phase")),
    )
    prepared = _prepared(descriptions_of(slug), choice)
    whole = prepared.graph
    centre, hops = args.get("node", ""), args.get("hops") or "0"
    if not hops.isdecimal() or int(hops) > _FARTHEST:
        raise VereendError(f"hops={hops}", "is not a number of lines", f"Write a number from 0 to {_FARTHEST}")
    if centre and centre not in whole:
        raise UnknownEntity(centre, "is not in this graph", "Look it up by its label, or check the address")
    graph = around(whole, centre, int(hops)) if centre and int(hops) else whole
    kb = knowledge()
    name = Text("", "") if slug == ALL else kb.label(kb.case(slug).iri, current())
    return Asked(slug, name, choice, prepared, graph, centre, int(hops))


def _library_sign(sign: str) -> str:
    return "vereend" if sign == "partnership" else sign


@bp.get("/network")
def show() -> str:
    """Show the network of one partnership, or of all the report's; `node` chooses a thing in it."""
    kb = knowledge()
    example = first_example()
    found = asked(request.args, example.slug if example else ALL)
    whole, left_out, measured, places = found.prepared
    near = set(found.graph)
    nodes = {n: _node(n, data, measured[n], n in near) for n, data in whole.nodes(data=True)}
    lines = [_line(nodes[s], nodes[t], data) for s, t, data in whole.edges(data=True)]
    lines.sort(key=lambda line: (LINES.index(line.kind), sort_key(line.source.thing.text.value), line.target.iri))
    listed = sorted(nodes.values(), key=lambda n: (sort_key(n.thing.text.value), n.iri))
    words = request.args.get("q", "").strip()[:120]
    matches = [n for n in listed if words and sort_key(words) in sort_key(n.thing.text.value)]
    chosen = nodes.get(found.centre)
    if words and len(matches) == 1:
        chosen, matches = matches[0], []
    shown = [line for line in lines if line.shown]
    signs = _network(descriptions_of(found.case)).nodes(data="sign")
    page = NetworkPage(
        found.case,
        found.name,
        [(c.slug, kb.label(c.iri, current())) for c in kb.cases.values()],
        listed,
        _offered(listed, request.args),
        lines,
        lines if len(lines) <= _MOST_ROWS else shown[:_MOST_ROWS],
        [
            (sign, n, not found.choice.signs or _library_sign(sign) in found.choice.signs)
            for sign in SIGNS
            if (n := sum(own == _library_sign(sign) for _, own in signs))
        ],
        [(kind, n) for kind in LINES if (n := sum(line.kind == kind for line in lines))],
        _filters(found),
        found.choice != Choice(),
        found.hops,
        _FARTHEST,
        left_out,
        len(nodes) > MOST_EXACT,
        chosen,
        _neighbours(chosen, lines),
        words,
        matches,
        _way(found, nodes),
        {name: request.args.getlist(name) for name in ("sign", "role", "power", "safeguard", "phase", "node", "hops")},
        drawing(listed, lines, places),
    )
    return render_template("network/show.html", page=page)


def _offered(nodes: list[Node], args: "MultiDict[str, str]") -> list[Node]:
    """Choose what the lists of a form offer: of a large network the most linked, and what was chosen already."""
    if len(nodes) <= _MOST_OFFERED:
        return nodes
    chosen = {args.get(name) for name in ("node", "from", "to")}
    least = sorted((node.degree for node in nodes), reverse=True)[_MOST_OFFERED]
    return [node for node in nodes if node.degree > least or node.iri in chosen]


def _node(name: str, data: dict[str, Any], measured: dict[str, Any], shown: bool) -> Node:
    text = Text(data[f"label_{current()}"], current())
    named = Thing(text, sign_of_kind(data["sign"]), page_of(name, data["kind"]))
    figures = (measured[key] for key in ("degree", "betweenness", "effective", "constraint"))
    return Node(name, named, data["kind"], *figures, shown)


def _line(source: Node, target: Node, data: dict[str, Any]) -> Line:
    label = Text(data[f"label_{current()}"], current())
    return Line(source, label, target, data["line"], data["since"], data["until"], data["claims"].split())


def _neighbours(chosen: Node | None, lines: list[Line]) -> list[Neighbour]:
    if chosen is None:
        return []
    out = [Neighbour(line.target, line.label, True, line) for line in lines if line.source == chosen]
    return out + [Neighbour(line.source, line.label, False, line) for line in lines if line.target == chosen]


def _filters(found: Asked) -> list[Filter]:
    """Offer what there is to choose by in the network as it was before choosing."""
    kb = knowledge()
    graph = _network(descriptions_of(found.case))

    def named(trait: str, kind: str, prefix: str) -> list[tuple[str, Text]]:
        names = {name for _, data in graph.nodes(data=True) if data["kind"] == kind for name in data[trait].split()}
        return [(name, kb.label(NAMESPACES[prefix] + name, current())) for name in names]

    safeguards = {local_name(kind) for kind in kb.vocabulary.subclasses[term("vrd:Safeguard")]} - {"Safeguard"}
    phases = [f"phase-{phase}" for phase in PHASES]
    offered = {
        "role": sorted(named("roles", "actor", "vc"), key=lambda o: sort_key(o[1].value)),
        "power": sorted(named("powers", "power", "vc"), key=lambda o: sort_key(o[1].value)),
        "safeguard": sorted(
            (o for o in named("kinds", "safeguard", "vrd") if o[0] in safeguards), key=lambda o: sort_key(o[1].value)
        ),
        "phase": sorted(named("phase", "partnership", "vc"), key=lambda o: phases.index(o[0])),
    }
    return [Filter(field, getattr(found.choice, field), options) for field, options in offered.items() if options]


def _way(found: Asked, nodes: dict[str, Node]) -> Way | None:
    ends = [request.args.get(end, "") for end in ("from", "to")]
    if not all(ends):
        return None
    for end in ends:
        if end not in nodes:
            raise UnknownEntity(end, "is not in this graph", "Look it up by its label, or check the address")
    steps = way(found.prepared.graph, ends[0], ends[1])
    return Way(
        nodes[ends[0]], nodes[ends[1]], [_line(nodes[step.source], nodes[step.target], step.data) for step in steps]
    )


def drawing(nodes: list[Node], lines: list[Line], places: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """Give what the script draws. A line names its ends by their place among the things."""
    place = {node.iri: i for i, node in enumerate(nodes)}
    return {
        "nodes": [
            {
                "id": n.iri,
                "label": n.thing.text.value,
                "sign": n.thing.sign,
                "hue": HUES.get(n.thing.sign, ""),
                "href": n.thing.href,
                "degree": n.degree,
                "x": places[n.iri][0],
                "y": places[n.iri][1],
            }
            for n in nodes
        ],
        "lines": [
            [
                place[line.source.iri],
                place[line.target.iri],
                line.label.value,
                line.kind,
                line.since,
                line.until,
                " ".join(line.claims),
            ]
            for line in lines
        ],
    }
