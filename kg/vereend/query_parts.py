"""A SPARQL query taken apart: the statements and conditions its answers have to meet, each with its place.

The prefixes of the project count as declared.
Only as far as is needed to leave parts out and ask again; whether the query is well-formed is for the engine to say.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vereend.terms import NAMESPACES

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<var>[?$]\w+)
    |(?P<bnode>_:\w(?:[\w.-]*\w)?)
    |(?P<pname>(?:[A-Za-z](?:[\w.-]*[\w-])?)?:(?:[\w.:%\\-]*[\w:%\\-])?)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign>\^\^|&&|\|\||!=|<=|>=|.)""",
    re.VERBOSE | re.DOTALL,
)
_OPEN, _CLOSE = {"{": "}", "(": ")", "[": "]"}, "})]"
_TERMS = ("iri", "pname", "var", "bnode", "string", "number")


class Unreadable(Exception):
    """The query is written in a way this module does not follow."""


class Token(NamedTuple):
    """A word or sign of the query."""

    kind: str
    text: str
    start: int
    end: int

    def is_(self, *words: str) -> bool:
        """Tell whether it is one of these keywords or signs."""
        return self.kind in ("word", "sign") and self.text.upper() in words


@dataclass(frozen=True)
class Part:
    """Something the answers have to meet."""

    kind: str  # pattern, filter, bind, values, minus, optional or group
    text: str  # as it can stand in a group by itself
    start: int  # of the passage in the query, by character
    end: int
    tokens: tuple[Token, ...]
    # Of a pattern: subject, verb and object as written, and where each stands.
    triple: tuple[str, str, str] | None = None
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def variables(self) -> set[str]:
        """The variables it uses, with their question mark."""
        return {"?" + token.text[1:] for token in self.tokens if token.kind == "var"}


@dataclass(frozen=True)
class Query:
    """A query's parts, and what has to stand around them to ask again."""

    text: str
    form: str  # SELECT, ASK, CONSTRUCT or DESCRIBE
    prologue: str  # prefixes
    dataset: str  # FROM clauses
    parts: tuple[Part, ...]  # in the order they were written
    after: str  # GROUP BY, HAVING, LIMIT and the like
    prefixes: dict[str, str] = field(default_factory=dict)

    def select(self, parts: Sequence[Part], what: str = "(1 AS ?why_1)", more: str = "") -> str:
        """Ask for rows that meet some parts."""
        inside = " ".join(part.text for part in parts)
        return f"{self.prologue}\nSELECT {what} {self.dataset} WHERE {{ {inside} {more} }}"

    def place(self, part: Part) -> tuple[int, int]:
        """Give the line and column of a part, both from 1."""
        before = self.text[: part.start]
        return before.count("\n") + 1, part.start - (before.rfind("\n") + 1) + 1

    def iri(self, token: str) -> str:
        """Give the whole IRI of a term as written; "" when it is none."""
        if token.startswith("<"):
            return token[1:-1]
        prefix, colon, local = token.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else ""


def tokens_of(text: str) -> list[Token]:
    """Cut a text into the words and signs of SPARQL, without space and comments."""
    return [Token(str(m.lastgroup), m[0], m.start(), m.end()) for m in _TOKEN.finditer(text) if m.lastgroup != "skip"]


def take_apart(text: str) -> Query:
    """Take a query apart.

    Raises:
        Unreadable: it is written in a way this does not follow, as when its answers come from a query inside it alone.
    """
    tokens = tokens_of(text)
    form = next((i for i, t in enumerate(tokens) if t.is_("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), None)
    if form is None:
        raise Unreadable
    prefixes = NAMESPACES | {
        name.text[:-1]: space.text[1:-1]
        for word, name, space in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if word.is_("PREFIX") and space.kind == "iri"
    }
    dataset, at = [], form + 1
    templates = tokens[form].is_("CONSTRUCT") and tokens[at].is_("{")
    while at < len(tokens) and not (tokens[at].is_("{") and not templates):
        if tokens[at].is_("FROM"):
            last = at + (2 if tokens[at + 1].is_("NAMED") else 1)
            dataset.append(text[tokens[at].start : tokens[last].end])
            at = last
        elif tokens[at].text in _OPEN:
            at, templates = _closing(tokens, at), False
        at += 1
    if at >= len(tokens):
        raise Unreadable
    end = _closing(tokens, at)
    parts = list(_parts(text, tokens, at + 1, end))
    values = next((i for i in range(end, len(tokens)) if tokens[i].is_("VALUES")), None)
    if values is not None:
        parts.append(_part("values", text, tokens, values, len(tokens) - 1))
    after = text[tokens[end].end : tokens[values].start if values is not None else len(text)]
    return Query(
        text,
        tokens[form].text.upper(),
        text[: tokens[form].start],
        " ".join(dataset),
        tuple(parts),
        after.strip(),
        prefixes,
    )


def _closing(tokens: list[Token], at: int) -> int:
    """Give where what opens here closes."""
    depth = 0
    for i in range(at, len(tokens)):
        if tokens[i].kind == "sign":
            depth += (tokens[i].text in _OPEN) - (tokens[i].text in _CLOSE)
        if depth == 0:
            return i
    raise Unreadable


def _part(kind: str, text: str, tokens: list[Token], first: int, last: int) -> Part:
    start, end = tokens[first].start, tokens[last].end
    return Part(kind, text[start:end], start, end, tuple(tokens[first : last + 1]))


def _parts(text: str, tokens: list[Token], at: int, end: int) -> Iterator[Part]:
    """Read a group from inside its braces."""
    if at < end and tokens[at].is_("SELECT"):
        raise Unreadable
    while at < end:
        token = tokens[at]
        if token.is_("."):
            at += 1
            continue
        if token.is_("FILTER"):
            last = at + 1
            while tokens[last].text not in _OPEN:
                last += 1
            last = _closing(tokens, last)
            yield _part("filter", text, tokens, at, last)
        elif token.is_("OPTIONAL", "MINUS", "BIND"):
            last = _closing(tokens, at + 1)
            yield _part(token.text.lower(), text, tokens, at, last)
        elif token.is_("VALUES"):
            last = at + 1
            while not tokens[last].is_("{"):
                last += 1
            last = _closing(tokens, last)
            yield _part("values", text, tokens, at, last)
        elif token.is_("GRAPH"):
            last = _closing(tokens, at + 2)
            yield _part("group", text, tokens, at, last)
        elif token.is_("{"):
            last = _closing(tokens, at)
            while last + 1 < end and tokens[last + 1].is_("UNION"):
                last = _closing(tokens, last + 2)
            if any(t.is_("UNION", "SELECT") for t in tokens[at : last + 1]):
                yield _part("group", text, tokens, at, last)
            else:
                yield from _parts(text, tokens, at + 1, last)
        else:
            last, found = _triples(text, tokens, at, end)
            yield from found
        at = last + 1


def _triples(text: str, tokens: list[Token], at: int, end: int) -> tuple[int, list[Part]]:
    """Read the statements about one subject: where they end, and each by itself."""
    subject_end = _term(tokens, at)
    subject = text[tokens[at].start : tokens[subject_end].end]
    found: list[Part] = []
    i = subject_end + 1
    while i < end and not _ends(tokens[i]):
        verb_end = _verb(tokens, i)
        verb = text[tokens[i].start : tokens[verb_end].end]
        first, i = i, verb_end + 1
        # What is not written again for this statement is not part of its passage.
        begin = first if found else at
        while True:
            object_end = _term(tokens, i)
            obj = text[tokens[i].start : tokens[object_end].end]
            places = ((at, subject_end), (first, verb_end), (i, object_end))
            own = tuple(token for start, last in places for token in tokens[start : last + 1])
            spans = tuple((tokens[start].start, tokens[last].end) for start, last in places)
            statement = f"{subject} {verb} {obj} ."
            found.append(Part("pattern", statement, tokens[begin].start, spans[2][1], own, (subject, verb, obj), spans))
            i = object_end + 1
            if i >= end or not tokens[i].is_(","):
                break
            i += 1
            begin = i
        while i < end and tokens[i].is_(";"):
            i += 1
    last = i - 1
    if len(tokens[at : subject_end + 1]) > 1 and len(found) != 1:
        # Taken apart, what stands between brackets would be another thing each time.
        whole = _part("pattern", text, tokens, at, last)
        return last, [Part("pattern", whole.text + " .", whole.start, whole.end, whole.tokens)]
    return last, found


def _ends(token: Token) -> bool:
    return token.is_(".", "{", "}", "FILTER", "OPTIONAL", "MINUS", "BIND", "VALUES", "GRAPH", "SERVICE")


def _term(tokens: list[Token], at: int) -> int:
    """Give where a subject or object ends."""
    token = tokens[at]
    if token.text in ("[", "(") and token.kind == "sign":
        return _closing(tokens, at)
    if token.kind == "sign" and token.text in "+-" and tokens[at + 1].kind == "number":
        return at + 1
    if token.kind == "string":
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if following and following.kind == "lang":
            return at + 1
        return at + 2 if following and following.text == "^^" else at
    if token.kind in _TERMS or token.is_("TRUE", "FALSE"):
        return at
    raise Unreadable


def _verb(tokens: list[Token], at: int) -> int:
    """Give where a property or path ends."""
    if tokens[at].kind == "var":
        return at
    while True:
        while tokens[at].is_("^", "!"):
            at += 1
        if tokens[at].is_("("):
            at = _closing(tokens, at)
        elif tokens[at].kind not in ("iri", "pname") and tokens[at].text != "a":
            raise Unreadable
        if tokens[at + 1].is_("*", "+", "?"):
            at += 1
        if not tokens[at + 1].is_("/", "|"):
            return at
        at += 2
