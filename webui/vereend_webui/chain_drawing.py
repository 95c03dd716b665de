"""A chain of accountability laid out for a drawing: where each link stands and how its words break into lines.

What is told, silent or broken was decided before (vereend.accountability); here it only gets a place.
"""

import textwrap
from dataclasses import dataclass
from itertools import pairwise

from vereend.accountability import BROKEN, DISPUTED, TOLD, UNTOLD, Chain, Clause, chain_sentence
from vereend.terms import Text
from vereend.wording import Words
from vereend_webui.i18n import current, pick
from vereend_webui.things import Thing, sign_of_kind, thing

WIDTH, _MARGIN, _SPACE = 1120, 84, 22
_NAME_Y, _LINE = 132, 20

# What is drawn over a link that does not simply hold: a mark and a hue.
_MARKS = {
    BROKEN: ("violated", "v-violated"),
    DISPUTED: ("contested", "v-contested"),
    UNTOLD: ("untold", "v-untold"),
}


@dataclass(frozen=True)
class Node:
    """One link: in the drawing, and in the list that replaces it on narrow screens."""

    x: float
    relation: Text
    sign: str  # the mark: of the thing, or of a link that does not simply hold
    hue: str  # the class that gives the mark its colour
    lines: tuple[str, ...]  # its name, broken for the drawing
    name: Text
    things: tuple[Thing, ...]  # what it names; empty when broken or not told
    state: str  # told, not told, contested or broken
    rule: str | None
    after_break: bool  # stands behind the first broken link, which it does not mend
    state_y: int


@dataclass(frozen=True)
class Edge:
    """The line from one link to the next."""

    start: float
    end: float
    state: str  # told, broken or after


@dataclass(frozen=True)
class Drawing:
    """A chain, ready to be drawn."""

    anchor: str
    title: Text
    power: Thing
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    broken: Node | None  # the first broken link
    height: int
    rules: tuple[str, ...]
    sentence: tuple[Clause, ...]  # the same, to be read


def _name(names: tuple[str, ...], text: Text) -> tuple[str, ...]:
    lines = textwrap.wrap(text.value, 17, break_long_words=False)
    return tuple(lines) if len(lines) <= 4 else (*lines[:3], lines[3] + " …")


def draw(chain: Chain, number: int, words: Words) -> Drawing:
    """Lay out a chain."""
    step = (WIDTH - 2 * _MARGIN) / max(1, len(chain.links) - 1)
    broken = chain.first_broken
    nodes: list[Node] = []
    for i, link in enumerate(chain.links):
        text = pick(link.text)
        sign, hue = _MARKS.get(link.state, ("", ""))
        if link.state == TOLD:
            sign = sign_of_kind(link.sign) or "actor"
            hue = "k-" + ("actor" if i == 1 else sign)
        lines = _name(link.names, text)
        nodes.append(
            Node(
                round(_MARGIN + i * step, 1),
                pick(link.relation),
                sign,
                hue,
                lines,
                text,
                tuple(thing(name) for name in link.names),
                link.state,
                link.rule,
                broken is not None and i > broken,
                _NAME_Y + _LINE * len(lines) + 4,
            )
        )
    edges = tuple(
        Edge(
            left.x + _SPACE,
            right.x - _SPACE,
            "broken"
            if broken is not None and i + 1 == broken
            else "after"
            if broken is not None and i + 1 > broken
            else "told",
        )
        for i, (left, right) in enumerate(pairwise(nodes))
    )
    rules = tuple(dict.fromkeys(link.rule for link in chain.links if link.rule))
    return Drawing(
        f"chain-{number}",
        pick(chain.position.label),
        thing(chain.position.iri),
        tuple(nodes),
        edges,
        nodes[broken] if broken is not None else None,
        max(node.state_y for node in nodes) + 8,
        rules,
        tuple(chain_sentence(chain, words, current())),
    )
