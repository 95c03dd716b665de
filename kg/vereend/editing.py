"""Changing the text of a description while everything else its author wrote stays as it is: comments, order, layout.

A statement that takes the place of another is written where that stood; any other joins what is said of its subject, or
comes at the end. For YAML that is done in vereend.yaml_editing. What comes out is read again, and refused unless it
says exactly what it should.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox
import yaml

from vereend.changes import Change, shortened
from vereend.errors import VereendError
from vereend.positions import TOKEN
from vereend.reading import Description, parse
from vereend.terms import NAMELESS, TYPE, Statement
from vereend.yaml_editing import Stuck, edit_yaml

EDITABLE = ("turtle", "ntriples", "yaml")
CANNOT = "cannot be changed in its own text"


@dataclass
class _Span:
    """A term in the text, from the first to after the last character."""

    start: int
    end: int


@dataclass
class _Verb:
    term: _Span
    objects: list[_Span] = field(default_factory=list)


@dataclass
class _Block:
    """What is said of one subject up to a full stop."""

    subject: _Span
    verbs: list[_Verb] = field(default_factory=list)
    stop: _Span = field(default_factory=lambda: _Span(0, 0))


def edit(description: Description, change: Change) -> str:
    """Give the text of a description with a change written into it.

    Raises:
        VereendError: the text is not in Turtle, N-Triples or YAML, or the change cannot be made in it without rewriting
            it, as of something nameless or inside brackets.
    """
    refused = VereendError(description.name, CANNOT, "Write the result to another file, with --out FILE.ttl")
    if description.format not in EDITABLE or any(NAMELESS in x for s in change.add | change.remove for x in s):
        raise refused
    wanted = change.on(description.statements)
    try:
        text = edit_yaml(description, change) if description.format == "yaml" else _edit_turtle(description, change)
        if parse(text, description.name, description.format).statements == wanted:
            return text
    except (VereendError, Stuck, yaml.YAMLError):
        pass
    raise refused


def _edit_turtle(description: Description, change: Change) -> str:
    editor = _Editor(description)
    add, remove = set(change.add - description.statements), set(change.remove & description.statements)
    for old in sorted(remove):
        new = next((s for s in sorted(add) if s[:2] == old[:2]), None)
        if editor.put(old, new) and new is not None:
            add.discard(new)
    for statement in sorted(add, key=lambda s: (s.subject, s.predicate != TYPE, s)):
        editor.add(statement)
    return editor.text


class _Editor:
    def __init__(self, description: Description) -> None:
        self.text = description.text
        self.plain = description.format == "ntriples"
        self.prefixes = {} if self.plain else description.prefixes
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        head = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in self.prefixes.items())

        @lru_cache(None)
        def read(term: str) -> str | None:
            """Read a term as it stands in the text; None for what is no single name or literal."""
            text = f"{head}<urn:s> <urn:p> {term} ."
            try:
                found = list(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="https://w3id.org/vereend/kg/"))
            except SyntaxError:
                return None
            return str(found[0].object) if len(found) == 1 and not isinstance(found[0].object, ox.BlankNode) else None

        self.read = read

    def spell(self, statement: Statement) -> tuple[str, str, str]:
        subject, predicate, obj = (shortened(x, self.prefixes) for x in statement)
        return subject, "a" if statement.predicate == TYPE and not self.plain else predicate, obj

    def at(self, span: _Span) -> str:
        return self.text[span.start : span.end]

    def means(self, span: _Span, name: str, *, verb: bool = False) -> bool:
        written = self.at(span)
        return (TYPE if verb and written == "a" else self.read(written)) == name

    def put(self, old: Statement, new: Statement | None) -> bool:
        """Take a statement out, wherever it stands, and write another in its place; tell whether that was done."""
        done = False
        while found := self.find(old):
            block, verb, place = found
            if new is not None and not done:
                span = verb.objects[place]
                self.text = self.text[: span.start] + self.spell(new)[2] + self.text[span.end :]
                done = True
            else:
                for start, end in sorted(self.cuts(block, verb, place), reverse=True):
                    self.text = self.text[:start] + self.text[end:]
        return done

    def find(self, statement: Statement) -> tuple[_Block, _Verb, int] | None:
        for block in _blocks(self.text):
            if self.means(block.subject, statement.subject):
                for verb in block.verbs:
                    if self.means(verb.term, statement.predicate, verb=True):
                        for place, span in enumerate(verb.objects):
                            if self.means(span, statement.object):
                                return block, verb, place
        return None

    def cuts(self, block: _Block, verb: _Verb, place: int) -> list[tuple[int, int]]:
        """Give what to cut from the text so that one object goes, with its verb or block if it was their last."""
        gone = verb.objects[place]
        if len(verb.objects) > 1:
            if place:
                return self.joined(verb.objects[place - 1].end, gone.start, gone, ",")
            return self.joined(gone.end, verb.objects[1].start, gone, ",")
        number = block.verbs.index(verb)
        if number:
            return self.joined(
                block.verbs[number - 1].objects[-1].end, verb.term.start, _Span(verb.term.start, gone.end), ";"
            )
        if len(block.verbs) > 1:
            return self.joined(gone.end, block.verbs[1].term.start, _Span(verb.term.start, gone.end), ";")
        end = block.stop.end
        line = re.match(r"[ \t]*\r?\n", self.text[end:])
        at_line_start = self.text[: block.subject.start].endswith("\n") or not block.subject.start
        inside = self.text[block.subject.start : end]
        if not any(token.lastgroup == "comment" for token in TOKEN.finditer(inside)):
            return [(block.subject.start, end + (line.end() if line and at_line_start else 0))]
        spans = (block.subject, verb.term, gone, block.stop)
        return [(span.start, span.end) for span in spans]

    def joined(self, start: int, end: int, gone: _Span, mark: str) -> list[tuple[int, int]]:
        """Cut a thing with the mark between it and its neighbour; a comment between them stays."""
        between = list(TOKEN.finditer(self.text[start:end]))
        if any(token.lastgroup == "comment" for token in between):
            found = next(token for token in between if token[0] == mark)
            return [(start + found.start(), start + found.end()), (gone.start, gone.end)]
        return [(min(start, gone.start), max(end, gone.end))]

    def add(self, statement: Statement) -> None:
        """Write a statement with what else is said of its subject, or at the end."""
        subject, predicate, obj = self.spell(statement)
        found = [b for b in _blocks(self.text) if self.means(b.subject, statement.subject)]
        if self.plain or not found:
            gap = "" if not self.text or self.text.endswith("\n") else self.newline
            self.text += f"{gap}{subject} {predicate} {obj} .{self.newline}"
            return
        block = found[0]
        last = block.verbs[-1].objects[-1]
        if any(token.lastgroup == "comment" for token in TOKEN.finditer(self.text[last.end : block.stop.start])):
            place, text = block.stop.start, f"; {predicate} {obj} "
        else:
            place, text = last.end, f" ;{self.newline}  {predicate} {obj}"
        self.text = self.text[:place] + text + self.text[place:]


def _blocks(text: str) -> Iterator[_Block]:
    """Take a text apart into subjects, verbs and objects; what stands in brackets is one object."""
    block: _Block | None = None
    verb: _Verb | None = None
    depth, opened, tagged = 0, 0, False
    for token in TOKEN.finditer(text):
        kind = token.lastgroup if token.lastgroup not in ("name", "namespace") else "prefix"
        span = _Span(token.start(), token.end())
        if kind == "open":
            opened = opened if depth else token.start()
            depth += 1
            continue
        if kind == "close":
            depth -= 1
            if depth:
                continue
            span, kind = _Span(opened, token.end()), "term"
        if depth or kind == "comment" or (kind == "prefix" and block is None):
            continue
        if kind == "tag" and verb and verb.objects:
            verb.objects[-1].end, tagged = token.end(), token[0] == "^^"
        elif tagged and verb:
            verb.objects[-1].end, tagged = token.end(), False
        elif kind == "stop":
            if block is not None and block.verbs and all(v.objects for v in block.verbs):
                block.stop = span
                yield block
            block = verb = None
        elif token[0] == ";":
            verb = None
        elif token[0] == ",":
            continue
        elif block is None:
            block = _Block(span)
        elif verb is None:
            verb = _Verb(span)
            block.verbs.append(verb)
        else:
            verb.objects.append(span)
