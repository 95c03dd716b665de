"""A small drawing of what a thing is next to: what leads to it on the left, what it leads to on the right.

The same each time, and never more than the lists beneath it tell.
"""

from collections.abc import Sequence
from typing import NamedTuple

from vereend.terms import Text
from vereend_webui.things import Thing

_SHOWN = 6  # things on one side
_ROW, _TOP = 46, 30  # height of a row, and of the middle of the first, in units of the drawing
_LABEL = 26  # characters of a name that fit


class Neighbour(NamedTuple):
    """One thing beside the one that is drawn."""

    thing: Thing
    name: str  # shortened to fit
    relation: str
    y: int


class Neighbourhood(NamedTuple):
    """All that the drawing shows."""

    left: list[Neighbour]
    right: list[Neighbour]
    name: str
    sign: str
    middle: int
    height: int
    more: int  # neighbours that are not drawn


def neighbourhood(
    name: Text,
    sign: str,
    incoming: Sequence[tuple[Text, Sequence[Thing]]],
    outgoing: Sequence[tuple[Text, Sequence[Thing]]],
) -> Neighbourhood | None:
    """Lay out the neighbours of a thing; None when it has none with a page.

    Args:
        incoming, outgoing: relations with what stands at their other end; each is drawn in turn, so that a long one
            does not push out the others.
    """
    sides = [_in_turn(relations) for relations in (incoming, outgoing)]
    if not any(sides):
        return None
    rows = max(min(len(side), _SHOWN) for side in sides)
    height = 2 * _TOP + (rows - 1) * _ROW
    left, right = (_column(side[:_SHOWN], height) for side in sides)
    more = sum(max(0, len(side) - _SHOWN) for side in sides)
    return Neighbourhood(left, right, _short(name.value), sign, height // 2, height, more)


def _in_turn(relations: Sequence[tuple[Text, Sequence[Thing]]]) -> list[tuple[str, Thing]]:
    queues = [(words.value, [t for t in things if t.href]) for words, things in relations]
    longest = max((len(things) for _, things in queues), default=0)
    turns = [(words, things[i]) for i in range(longest) for words, things in queues if i < len(things)]
    # The variants of an invented partnership hold things of the same name: one is enough to see.
    first: dict[tuple[str, str], tuple[str, Thing]] = {}
    for words, thing in turns:
        first.setdefault((words, thing.text.value), (words, thing))
    return list(first.values())


def _column(side: Sequence[tuple[str, Thing]], height: int) -> list[Neighbour]:
    top = height / 2 - (len(side) - 1) * _ROW / 2
    return [
        Neighbour(thing, _short(thing.text.value), _short(words), round(top + i * _ROW))
        for i, (words, thing) in enumerate(side)
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"
