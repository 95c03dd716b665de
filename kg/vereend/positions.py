"""Where in a Turtle text each term stands.

Parsers give statements, not places. This reads the text once more, only for its tokens: enough to lead a reader from
a message to a line. It never decides what the text means.
"""

import re
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>\"\"\".*?(?<!\\)\"\"\"|'''.*?(?<!\\)'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<prefix>(?:@prefix|PREFIX|prefix)\s+(?P<name>[\w.-]*):\s*<(?P<namespace>[^>]*)>)
    |(?P<pname>(?:\w[\w.-]*)?:(?:[\w%:-](?:[\w.%:-]*[\w%:-])?)?)
    |(?P<open>[\[(])|(?P<close>[\])])|(?P<stop>\.(?=\s|$|\#))
    |(?P<mark>[;,])|(?P<tag>@[A-Za-z][\w-]*|\^\^)
    |(?P<word>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z]+)
    """,
    re.VERBOSE | re.DOTALL,
)


class Position(NamedTuple):
    """A place in a text, counted from 1; columns in characters."""

    line: int
    column: int
    end: int  # column just after the last character


class Places(NamedTuple):
    """For each IRI, where it is the subject of statements, and everywhere it stands, in reading order."""

    subjects: dict[str, list[Position]]
    mentions: dict[str, list[Position]]
    brackets: list[tuple[int, Position]]  # each "[", which opens a thing without a name: offset and place


def turtle_places(text: str) -> Places:
    """Find every IRI of a Turtle text, abbreviated ones written out."""
    namespaces: dict[str, str] = {}
    places = Places({}, {}, [])
    depth, at_start = 0, True
    line, line_start, seen = 1, 0, 0
    for token in TOKEN.finditer(text):
        line += text.count("\n", seen, token.start())
        line_start = text.rfind("\n", 0, token.start()) + 1
        seen = token.start()
        kind = token.lastgroup if token.lastgroup not in ("name", "namespace") else "prefix"
        if kind == "prefix":
            namespaces[token["name"]] = token["namespace"]
            at_start = False
        elif kind == "open":
            depth += 1
            at_start = False
            if token[0] == "[":
                column = token.start() - line_start + 1
                places.brackets.append((token.start(), Position(line, column, column + 1)))
        elif kind == "close":
            depth -= 1
        elif kind == "stop" and depth == 0:
            at_start = True
        elif kind in ("iri", "pname"):
            name = _written_out(token[0], kind, namespaces)
            column = token.start() - line_start + 1
            position = Position(line, column, column + len(token[0]))
            if at_start:
                places.subjects.setdefault(name, []).append(position)
                at_start = False
            places.mentions.setdefault(name, []).append(position)
    return places


def _written_out(token: str, kind: str, namespaces: dict[str, str]) -> str:
    if kind == "iri":
        return token[1:-1]
    prefix, _, local = token.partition(":")
    return namespaces.get(prefix, prefix + ":") + local
