"""Paths of SHACL, spelled as property paths of SPARQL.

One spelling serves the engines' results, the queries that walk a path, and people. Source: SHACL, section 2.3.1.
"""

from collections.abc import Callable

from vereend.terms import term

Values = Callable[[str, str], list[str]]  # the objects of a subject and predicate, all in N-Triples spelling

_FIRST, _REST, _NIL = term("rdf:first"), term("rdf:rest"), term("rdf:nil")
_REPEATED = {term("sh:zeroOrMorePath"): "*", term("sh:oneOrMorePath"): "+", term("sh:zeroOrOnePath"): "?"}


def members(node: str, values: Values) -> list[str]:
    """Give the members of a list; of a list that bites its own tail, each once."""
    found, seen = [], set()
    while node != _NIL and node not in seen:
        seen.add(node)
        found += values(node, _FIRST)[:1]
        node = next(iter(values(node, _REST)), _NIL)
    return found


def path_text(node: str, values: Values, depth: int = 0) -> str:
    """Spell a path: `<p>`, `^<p>`, `(<p>/<q>)`, `(<p>|<q>)`, `(<p>)*`.

    Raises:
        ValueError: the path nests without end.
    """
    if depth > 50:
        raise ValueError("a path nests without end")
    if inner := values(node, term("sh:inversePath")):
        return "^" + path_text(inner[0], values, depth + 1)
    if inner := values(node, term("sh:alternativePath")):
        return "(" + "|".join(path_text(m, values, depth + 1) for m in members(inner[0], values)) + ")"
    for name, mark in _REPEATED.items():
        if inner := values(node, name):
            return f"({path_text(inner[0], values, depth + 1)}){mark}"
    if values(node, _FIRST):
        return "(" + "/".join(path_text(m, values, depth + 1) for m in members(node, values)) + ")"
    return node


_MARKS = {"*": "sh:zeroOrMorePath", "+": "sh:oneOrMorePath", "?": "sh:zeroOrOnePath"}


def path_turtle(text: str) -> str:
    """Write a path spelled by `path_text` as SHACL has it in Turtle.

    Raises:
        ValueError: the text is no such path.
    """
    found, end = _written(text, 0)
    if end != len(text):
        raise ValueError(f"{text!r} is no path")
    return found


def _written(text: str, at: int) -> tuple[str, int]:
    """Write the path that begins at a place, and give the place behind it."""
    if text.startswith("^", at):
        inner, at = _written(text, at + 1)
        return f"[ sh:inversePath {inner} ]", at
    if text.startswith("<", at):
        end = text.index(">", at) + 1
        return text[at:end], end
    if not text.startswith("(", at):
        raise ValueError(f"{text!r} is no path")
    parts, marks = [], ""
    while text[at : at + 1] in ("(", "/", "|") and not (marks and text[at] == "("):
        marks += text[at]
        part, at = _written(text, at + 1)
        parts.append(part)
    if text[at : at + 1] != ")":
        raise ValueError(f"{text!r} is no path")
    at += 1
    if text[at : at + 1] in _MARKS:
        return f"[ {_MARKS[text[at]]} {parts[0]} ]", at + 1
    return (f"[ sh:alternativePath ( {' '.join(parts)} ) ]" if "|" in marks else f"( {' '.join(parts)} )"), at
