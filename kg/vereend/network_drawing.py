"""A network drawn in layers, from who takes part to who can stop them: the same network is always drawn the same.

So a drawing can be cited: place and size depend on the statements alone, not on chance or on a screen.
"""

import textwrap
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

_ACROSS, _DOWN = 230, 70  # between columns, between rows
_LEAST_ROWS = 24  # of a column before it is split; a large network has more, so that it is about as high as wide
_SWEEPS = 6
# What stands in which layer, from left to right.
_LAYERS = {"partnership": 0, "power": 2, "mandate": 3, "law": 3, "safeguard": 4}
_PARTICIPANT, _AROUND = 1, 5
LAYERS = ("partnership", "participants", "powers", "mandates and bases", "safeguards", "around it")

_HUES = {
    "police": "#1d5787",
    "actor": "#1d5787",
    "private": "#1d5787",
    "civil": "#1d5787",
    "power": "#a33a12",
    "power-soft": "#a33a12",
    "safeguard": "#0c6753",
    "mandate": "#64479a",
}
_INK, _PAPER = "#211d18", "#ffffff"
_STROKES = {
    "has-power": ("#a33a12", "2.4", ""),
    "mandate": ("#64479a", "1.8", "9 3 2 3"),
    "safeguard": ("#0c6753", "2", "7 4"),
    "tie": ("#1d5787", "2.2", "1.5 4"),
    "basis": (_INK, "1.2", ""),
    "works-with": ("#6b645a", "1.4", ""),
}
# Each mark by its silhouette, about 20 wide round the origin.
_SHAPES = {
    "police": '<circle r="10" fill="none" stroke="{c}" stroke-width="2"/><circle r="5.5" fill="{c}"/>',
    "actor": '<circle r="9" fill="{c}"/>',
    "private": '<circle r="8" fill="{p}" stroke="{c}" stroke-width="3"/>',
    "civil": '<circle r="8.5" fill="{p}" stroke="{c}" stroke-width="2"/>'
    '<path d="M0-8.5a8.5 8.5 0 0 0 0 17z" fill="{c}"/>',
    "power": '<path d="M0-10 11 9H-11z" fill="{c}"/>',
    "power-soft": '<path d="M0-9 10 8H-10z" fill="{p}" stroke="{c}" stroke-width="2.5"/>',
    "safeguard": '<path d="M-9-9H9V0C9 6 4 9 0 11-4 9-9 6-9 0z" fill="{c}"/>',
    "mandate": '<path d="M-8-10H3l5 5V10H-8z" fill="{c}"/>',
    "law": '<text y="7" text-anchor="middle" font-size="20" fill="{i}">§</text>',
    "vereend": '<circle cx="-5" r="9" fill="none" stroke="{i}" stroke-width="1.6"/>'
    '<circle cx="5" r="9" fill="none" stroke="{i}" stroke-width="1.6"/>',
}


def layered(graph: "networkx.MultiDiGraph[str]") -> dict[str, tuple[int, int]]:
    """Give each thing a place: its layer by what it is, its row near what it is linked to.

    Returns:
        By IRI, x and y in pixels at full size, from the upper left.
    """
    takes_part = {a for a, _, data in graph.edges(data=True) if data["line"] in ("works-with", "has-power")}
    layers: dict[int, list[str]] = {}
    for name in sorted(graph, key=lambda n: (graph.nodes[n]["label_nl"], n)):
        own = _PARTICIPANT if name in takes_part else _AROUND
        layers.setdefault(_LAYERS.get(graph.nodes[name]["kind"], own), []).append(name)
    row = {name: float(place) / max(len(names) - 1, 1) for names in layers.values() for place, name in enumerate(names)}
    layer_of = {name: layer for layer, names in layers.items() for name in names}
    near = {
        name: sorted(n for n in {*graph.predecessors(name), *graph.successors(name)} if layer_of[n] != layer_of[name])
        for name in graph
    }
    for sweep in range(_SWEEPS):
        for layer in sorted(layers, reverse=bool(sweep % 2)):
            names = layers[layer]
            mean = {n: sum(row[x] for x in near[n]) / len(near[n]) if near[n] else row[n] for n in names}
            names.sort(key=lambda n: (round(mean[n], 6), graph.nodes[n]["label_nl"], n))
            row |= {name: place / max(len(names) - 1, 1) for place, name in enumerate(names)}
    most = max(_LEAST_ROWS, round((len(graph) * _ACROSS / _DOWN) ** 0.5))
    tallest = min(most, max(map(len, layers.values()), default=0))
    places: dict[str, tuple[int, int]] = {}
    left = 0
    for layer in sorted(layers):
        names = layers[layer]
        columns = -(-len(names) // most)
        rows = -(-len(names) // columns)
        for place, name in enumerate(names):
            column, down = divmod(place, rows)
            top = (tallest - rows) * _DOWN // 2
            # Every other column stands half a row lower, so that names beside each other do not touch.
            places[name] = (left + column * _ACROSS, top + down * _DOWN + (column % 2) * _DOWN // 2)
        left += columns * _ACROSS
    return places


def svg(graph: "networkx.MultiDiGraph[str]", lang: str) -> str:
    """Draw the network in layers, as a picture that stands on its own."""
    places = {name: (x + 110, y + 30) for name, (x, y) in layered(graph).items()}
    wide = max((x for x, _ in places.values()), default=0) + 110
    high = max((y for _, y in places.values()), default=0) + 60
    label = f"label_{lang}"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
        f'font-family="Source Sans 3, Helvetica, Arial, sans-serif" font-size="12" lang="{lang}">',
        f'<rect width="{wide}" height="{high}" fill="{_PAPER}"/>',
        "<defs>",
        *(
            f'<marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto" '
            f'markerUnits="userSpaceOnUse"><path d="M0 0 8 4 0 8z" fill="{colour}"/></marker>'
            for name, (colour, _, _) in _STROKES.items()
        ),
        "</defs>",
    ]
    for start, end, data in sorted(graph.edges(data=True), key=lambda e: (e[0], e[1], e[2]["predicate"])):
        out.append(_line(places[start], places[end], data["line"], _said(graph, start, end, data[label], label)))
    for name, (x, y) in sorted(places.items()):
        data = graph.nodes[name]
        shape = _SHAPES[data["sign"]].format(c=_HUES.get(data["sign"], _INK), p=_PAPER, i=_INK)
        words = textwrap.wrap(data[label], 30)[:2]
        spans = "".join(
            f'<tspan x="0" dy="{0 if place == 0 else 13}">{escape(word)}</tspan>' for place, word in enumerate(words)
        )
        text = (
            f'<text y="24" text-anchor="middle" fill="{_INK}" stroke="{_PAPER}" stroke-width="3" '
            f'paint-order="stroke">{spans}</text>'
        )
        out.append(f'<g transform="translate({x} {y})"><title>{escape(data[label])}</title>{shape}{text}</g>')
    return "\n".join([*out, "</svg>", ""])


def _said(graph: "networkx.MultiDiGraph[str]", start: str, end: str, verb: str, label: str) -> str:
    return f"{graph.nodes[start][label]} {verb} {graph.nodes[end][label]}"


def _line(start: tuple[int, int], end: tuple[int, int], kind: str, title: str) -> str:
    """Draw a line that stops short of both marks, bowed where it stays in one column."""
    (x1, y1), (x2, y2) = start, end
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1)
    cut = 15 / length
    x1, y1, x2, y2 = (
        round(v) for v in (x1 + (x2 - x1) * cut, y1 + (y2 - y1) * cut, x2 - (x2 - x1) * cut, y2 - (y2 - y1) * cut)
    )
    bow = 60 if x1 == x2 else 0
    colour, width, dashes = _STROKES[kind]
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    head = f' marker-end="url(#{kind})"' if kind != "works-with" else ""
    path = f"M{x1} {y1}Q{(x1 + x2) // 2 + bow} {(y1 + y2) // 2} {x2} {y2}"
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}{head}>'
        f"<title>{escape(title)}</title></path>"
    )
