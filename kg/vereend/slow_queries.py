"""Spellings of a query that are slow in Oxigraph, and the faster spelling with the same answer.

A NOT EXISTS over two patterns looks through all data anew for each row: on 700,000 statements it takes half a minute,
the same question in nested ones a second (tests/bench/test_service.py). The text is read token by token, no more deeply
than this needs; what is not understood is given no advice. A query is only rewritten where the answer stays the same
whatever the data: tests compare the two on random data.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vereend.errors import QueryRefused
from vereend.rules import Texts
from vereend.service import query_form


class Advice(NamedTuple):
    """A slow spelling in a query."""

    kind: str  # a key of _WORDS
    found: str  # the part of the query it is about, on one line
    slow: Texts  # why it is slow
    instead: Texts  # what to write
    rewritten: str | None  # the whole query, faster and with the same answer; None where that is not certain


_WORDS: dict[str, tuple[Texts, Texts]] = {
    "exists-with-join": (
        {
            "nl": "Deze EXISTS bevat meer dan één patroon: voor elke rij worden alle gegevens opnieuw doorzocht.",
            "en": "This EXISTS holds more than one pattern: all data are looked through anew for each row.",
        },
        {
            "nl": "Zet één patroon in de EXISTS, en het volgende daarbinnen in een FILTER EXISTS van zichzelf.",
            "en": "Put one pattern in the EXISTS, and the next within it, in a FILTER EXISTS of its own.",
        },
    ),
    "cross-product": (
        {
            "nl": "Deze patronen delen geen variabele: alles wordt met alles gecombineerd.",
            "en": "These patterns share no variable: everything is combined with everything.",
        },
        {
            "nl": "Verbind ze met een variabele, of stel er twee vragen van.",
            "en": "Link them by a variable, or make two queries of them.",
        },
    ),
    "path-without-end": (
        {
            "nl": "Dit pad mag elke lengte hebben, en geen van beide einden is bekend: elk begin wordt geprobeerd.",
            "en": "This path may be of any length, and neither end is known: every beginning is tried.",
        },
        {
            "nl": "Noem een van beide einden, of zeg welk soort ding het is. Voor ruimere begrippen is er vrd:within, "
            "dat al is afgeleid.",
            "en": "Name one of its ends, or say what kind of thing it is. For broader concepts there is vrd:within, "
            "which is inferred already.",
        },
    ),
    "text-of-everything": (
        {
            "nl": "De tekst van alles wordt gelezen om deze woorden te vinden.",
            "en": "The text of everything is read to find these words.",
        },
        {
            "nl": "Zeg eerst welk soort ding het is (?x a …), of gebruik de zoekpagina, die een index heeft.",
            "en": "Say first what kind of thing it is (?x a …), or use the search page, which has an index.",
        },
    ),
    "sort-and-skip": (
        {
            "nl": "Voor elke bladzijde worden alle rijen opnieuw gesorteerd.",
            "en": "All rows are sorted anew for each page.",
        },
        {
            "nl": 'Ga verder na de laatste rij in plaats van met OFFSET: FILTER(STR(?l) > "…") met ORDER BY STR(?l).',
            "en": 'Go on after the last row instead of by OFFSET: FILTER(STR(?l) > "…") with ORDER BY STR(?l).',
        },
    ),
}

_TOKEN = re.compile(
    r"(?P<blank>\s+|#[^\n]*)"
    r"|(?P<iri><[^<>\"{}|^`\\\s]*>)"
    r"|(?P<text>\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<var>[?$]\w+)"
    r"|(?P<mark>@[A-Za-z][\w-]*|\^\^)"
    r"|(?P<name>[\w-]*:(?:[\w:%.-]*[\w:%-])?)"
    r"|(?P<word>\w[\w.]*)"
    r"|(?P<sign>&&|\|\||!=|<=|>=|.)",
    re.DOTALL,
)
_GROUPS = ("OPTIONAL", "MINUS", "UNION", "GRAPH", "EXISTS")


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text if self.kind == "sign" else ""


@dataclass
class _Pattern:
    subject: str
    verb: list[_Token]
    object: str
    start: int
    end: int

    @property
    def variables(self) -> set[str]:
        return set(re.findall(r"[?$](\w+)", " ".join([self.subject, *(t.text for t in self.verb), self.object])))


@dataclass
class _Group:
    """What stands between two braces."""

    kind: str  # "", OPTIONAL, MINUS, UNION, GRAPH, EXISTS, NOT EXISTS
    start: int = 0  # of what opens it
    inner: int = 0  # after the brace
    end: int = 0  # after the closing brace
    patterns: list[_Pattern] = field(default_factory=list)
    filters: list[list[_Token]] = field(default_factory=list)
    groups: list["_Group"] = field(default_factory=list)
    linked: list[set[str]] = field(default_factory=list)  # variables that VALUES or BIND bring together
    plain: bool = True  # nothing but patterns, and filters without groups

    def all(self) -> Iterator["_Group"]:
        yield self
        for group in self.groups:
            yield from group.all()

    @property
    def variables(self) -> set[str]:
        found = set().union(*(p.variables for p in self.patterns), *self.linked, *(g.variables for g in self.groups))
        return found | {t.text[1:] for tokens in self.filters for t in tokens if t.kind == "var"}


class _NotRead(Exception):
    pass


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            _Token(m.lastgroup or "", m[0], m.start(), m.end()) for m in _TOKEN.finditer(text) if m.lastgroup != "blank"
        ]
        self.at = 0

    def peek(self) -> _Token:
        if self.at >= len(self.tokens):
            raise _NotRead
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.peek()
        self.at += 1
        return token

    def read(self) -> _Group:
        """Read the groups of a whole query, under one that stands for the query."""
        top = _Group("", 0, 0, len(self.text))
        while self.at < len(self.tokens):
            # Braces of a CONSTRUCT and of VALUES at the end are no groups that are looked for.
            token = self.take()
            if token.word == "CONSTRUCT" and self.at < len(self.tokens) and self.peek().text == "{":
                self.skip()
            elif token.word == "VALUES":
                while self.peek().text != "{":
                    self.take()
                self.skip()
            elif token.text == "{":
                top.groups.append(self.group("", token.start))
        return top

    def skip(self) -> list[_Token]:
        """Pass over what stands in brackets, and give it."""
        start, depth = self.at, 0
        while True:
            token = self.take()
            depth += (token.text in "({[") - (token.text in ")}]") if token.kind == "sign" else 0
            if not depth:
                return self.tokens[start : self.at]

    def group(self, kind: str, start: int) -> _Group:
        """Read a group whose brace has been taken."""
        found = _Group(kind, start, self.tokens[self.at - 1].end)
        while (token := self.peek()).text != "}" or token.kind != "sign":
            word = token.word
            if word == "{":
                self.take()
                found.plain = False
                found.groups.append(self.group("", token.start))
            elif word in _GROUPS:
                self.take()
                found.plain = False
                if word == "GRAPH":
                    name = self.take()
                    found.linked += [{name.text[1:]}] if name.kind == "var" else []
                if self.take().text != "{":
                    raise _NotRead
                found.groups.append(self.group("" if word == "UNION" else word, token.start))
            elif word == "FILTER":
                self.filter(found)
            elif word in ("BIND", "VALUES"):
                found.plain = False
                self.take()
                head = self.skip() if self.peek().text == "(" else [self.take()]
                if word == "VALUES":
                    self.skip()
                found.linked.append({t.text[1:] for t in head if t.kind == "var"})
            elif word == "SELECT":
                found.plain = False
                while self.peek().text != "{":
                    self.take()
            elif word in (".", ";", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET", "BY", "ASC", "DESC", "WHERE"):
                self.take()
            elif found.plain or not found.groups or token.kind in ("var", "iri", "name") or word in ("[", "("):
                self.patterns(found)
            else:
                self.take()
        found.end = self.take().end
        return found

    def filter(self, group: _Group) -> None:
        """Read a FILTER; groups in it become groups of the group it stands in."""
        self.take()
        start = self.at
        if self.peek().word in ("NOT", "EXISTS"):
            self.exists(group)
            return
        while self.peek().text != "(":  # the name of a function
            self.take()
        depth = 0
        while True:
            if self.peek().word in ("NOT", "EXISTS"):
                self.exists(group)
            else:
                token = self.take()
                depth += (token.text == "(") - (token.text == ")") if token.kind == "sign" else 0
                if not depth:
                    break
        group.filters.append(self.tokens[start : self.at])

    def exists(self, group: _Group) -> None:
        token = self.take()
        kind = token.word
        if kind == "NOT":
            kind = f"NOT {self.take().word}"
        if not kind.endswith("EXISTS") or self.take().text != "{":
            raise _NotRead
        group.plain = False
        group.groups.append(self.group(kind, token.start))

    def patterns(self, group: _Group) -> None:
        """Read the patterns of one subject."""
        start = self.peek().start
        subject = self.term(group)
        while True:
            verb = [self.take()]
            while not (self.starts_term() and verb[-1].text not in ("/", "|", "^", "!", "(")):
                verb.append(self.take())
            while True:
                value = self.term(group)
                group.patterns.append(_Pattern(subject, verb, value, start, self.tokens[self.at - 1].end))
                if self.peek().text != ",":
                    break
                self.take()
            while self.peek().text == ";":
                self.take()
            if self.tokens[self.at - 1].text != ";" or self.peek().text in (".", "}"):
                return

    def starts_term(self) -> bool:
        token = self.peek()
        return token.kind in ("iri", "text", "var", "name") or token.word in ("[", "(") or token.kind == "word"

    def term(self, group: _Group) -> str:
        token = self.peek()
        if token.text in ("[", "("):
            group.plain = False
            return " ".join(t.text for t in self.skip())
        if not self.starts_term() and token.text not in ("+", "-"):
            raise _NotRead
        text = self.take().text
        if text in ("+", "-"):
            text += self.take().text
        if text.startswith("_:"):
            group.plain = False
        if token.kind == "text" and self.peek().kind == "mark":
            mark = self.take().text
            text += mark if mark.startswith("@") else mark + self.take().text
        return text


def advice(query: str) -> list[Advice]:
    """Tell what makes a query slow, the gravest first; nothing where it is not understood or not slow."""
    try:
        query_form(query)
        top = _Reader(query).read()
    except (QueryRefused, _NotRead):
        return []
    return [
        *_exists(query, top),
        *_cross_products(query, top),
        *_paths(query, top),
        *_texts(query, top),
        *_sorts(query),
    ]


def advice_json(query: str) -> list[dict[str, object]]:
    """Give the same as data."""
    return [one._asdict() for one in advice(query)]


def advice_text(query: str, lang: str) -> str:
    """Tell the same in words; "" where there is nothing to tell."""
    rewritten = next((one.rewritten for one in advice(query) if one.rewritten), None)
    lines = [f"{one.found}\n  {one.slow[lang]} {one.instead[lang]}" for one in advice(query)]
    return "\n".join([*lines, *([_FASTER[lang], rewritten] if rewritten else [])])


_FASTER = {"nl": "Sneller, met hetzelfde antwoord:", "en": "Faster, with the same answer:"}


def _say(kind: str, found: str, rewritten: str | None = None) -> Advice:
    slow, instead = _WORDS[kind]
    return Advice(kind, " ".join(found.split()), slow, instead, rewritten)


# --- EXISTS over several patterns -------------------------------------------------------------------------------------


def _exists(query: str, top: _Group) -> Iterator[Advice]:
    found = [group for group in top.all() if "EXISTS" in group.kind and _width(group) > 1]
    new = query
    for group in reversed(found):  # from the end, so that places before it stay
        if not group.plain:
            continue
        taken = top.variables | {"step"}
        new = new[: group.inner] + f" {_nested(group, query, taken)} " + new[group.end - 1 :]
    for group in found:
        yield _say("exists-with-join", query[group.start : group.end], new if group.plain else None)


def _width(group: _Group) -> int:
    return sum(len(_steps(pattern.verb)) for pattern in group.patterns) + sum(g.kind == "GRAPH" for g in group.groups)


def _steps(verb: Sequence[_Token]) -> list[str]:
    """Take a path apart at the slashes between its steps, where it is nothing but steps."""
    depth = 0
    steps = [""]
    for token in verb:
        depth += (token.text == "(") - (token.text == ")") if token.kind == "sign" else 0
        if token.text == "|" and not depth:
            return ["".join(t.text for t in verb)]
        if token.text == "/" and not depth:
            steps.append("")
        else:
            steps[-1] += token.text
    return steps


def _nested(group: _Group, query: str, taken: set[str]) -> str:
    """Write the patterns of a group one within the other, those first that share a variable with what is known."""
    outside = set(re.findall(r"[?$](\w+)", query[: group.start] + query[group.end :]))
    left: list[tuple[str, set[str]]] = []
    for pattern in group.patterns:
        steps = _steps(pattern.verb)
        names = [pattern.subject]
        for _ in steps[1:]:
            fresh = next(f"step{n}" for n in range(1000) if f"step{n}" not in taken)
            taken.add(fresh)
            names.append(f"?{fresh}")
        names.append(pattern.object)
        for subject, step, value in zip(names, steps, names[1:], strict=False):
            text = f"{subject} {step} {value}"
            left.append((text, set(re.findall(r"[?$](\w+)", text))))
    filters = [
        (" ".join(t.text for t in tokens), {t.text[1:] for t in tokens if t.kind == "var"}) for tokens in group.filters
    ]
    inside = set().union(*(variables for _, variables in left))
    seen: set[str] = set()
    levels: list[str] = []
    while left:
        known = outside | seen
        best = max(range(len(left)), key=lambda n: (bool(left[n][1] & known), -len(left[n][1] - known), -n))
        text, variables = left.pop(best)
        seen |= variables
        # A filter stands where all that the patterns make known to it is known.
        ready = [f for f in filters if f[1] & inside <= seen]
        filters = [f for f in filters if f not in ready]
        levels.append(" ".join([text, *(f"FILTER {f}" for f, _ in ready)]))
    written = levels[-1]
    for level in reversed(levels[:-1]):
        written = f"{level} FILTER EXISTS {{ {written} }}"
    return written


# --- the rest: told, not rewritten -----------------------------------------------------------------------------------


def _cross_products(query: str, top: _Group) -> Iterator[Advice]:
    for group in top.all():
        parts: list[tuple[set[str], list[_Pattern]]] = []
        members = [(p.variables, [p]) for p in group.patterns]
        members += [(variables, []) for variables in group.linked]
        members += [(g.variables, []) for g in group.groups if "EXISTS" not in g.kind]
        members += [({t.text[1:] for t in tokens if t.kind == "var"}, []) for tokens in group.filters]
        for variables, patterns in members:
            touching = [part for part in parts if part[0] & variables]
            parts = [part for part in parts if part not in touching]
            parts.append(
                (
                    variables.union(*(part[0] for part in touching)),
                    [*patterns, *(p for part in touching for p in part[1])],
                )
            )
        # What begins at a named thing is small.
        open_ = [patterns for _, patterns in parts if patterns and all(p.subject[:1] in "?$" for p in patterns)]
        if len(open_) > 1:
            firsts = [min(patterns, key=lambda p: p.start) for patterns in open_]
            yield _say(
                "cross-product", " … ".join(query[p.start : p.end] for p in sorted(firsts, key=lambda p: p.start))
            )


def _paths(query: str, top: _Group) -> Iterator[Advice]:
    for group in top.all():
        for pattern in group.patterns:
            signs = [token.text for token in pattern.verb]
            if not {"*", "+"} & set(signs) or pattern.subject[:1] not in "?$" or pattern.object[:1] not in "?$":
                continue
            elsewhere = re.findall(r"[?$](\w+)", query[: pattern.start] + query[pattern.end :].split("GROUP BY")[0])
            where = re.split(r"\{", query[: pattern.start], maxsplit=1)[-1]
            known = set(re.findall(r"[?$](\w+)", where + query[pattern.end : group.end])) & set(elsewhere)
            both = "!" in signs or ("^" in signs and "|" in signs)
            if both or not {pattern.subject[1:], pattern.object[1:]} & known:
                yield _say("path-without-end", query[pattern.start : pattern.end])


def _texts(query: str, top: _Group) -> Iterator[Advice]:
    every = [pattern for group in top.all() for pattern in group.patterns]
    for group in top.all():
        for tokens in group.filters:
            if not {t.word for t in tokens} & {"CONTAINS", "REGEX", "STRENDS", "STRSTARTS"}:
                continue
            read = {t.text for t in tokens if t.kind == "var"}
            for pattern in group.patterns:
                others = [p for p in every if p is not pattern and pattern.subject in (p.subject, p.object)]
                if pattern.object in read and pattern.subject[:1] in "?$" and not others:
                    yield _say("text-of-everything", query[tokens[0].start : tokens[-1].end])
                    break


def _sorts(query: str) -> Iterator[Advice]:
    tokens = _Reader(query).tokens
    words = [t.word for t in tokens]
    if "ORDER" in words and "OFFSET" in words:
        first = words.index("OFFSET")
        number = tokens[first + 1].text if first + 1 < len(tokens) else ""
        if number.isdigit() and int(number) > 0:
            start = tokens[words.index("ORDER")].start
            yield _say("sort-and-skip", query[start : tokens[first + 1].end])
