"""Changing the text of a description in YAML while everything else its author wrote stays: comments, order, layout.

One statement at a time is taken out or written in; whether all of it came out right is for the caller to see by
reading the text again, since a text in YAML can be laid out in more ways than are looked for here.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from vereend.changes import Change
from vereend.contexts import TWINS, words
from vereend.reading import Description
from vereend.terms import LANGUAGES, NAMESPACES, TYPE, Statement, literal, term
from vereend.yaml_ld import Reader, Writer

_Mapping, _Sequence = yaml.MappingNode, yaml.SequenceNode


class Stuck(Exception):
    """The text is laid out in a way that is not looked for: it has to be written anew."""


def edit_yaml(description: Description, change: Change) -> str:
    """Give the text with a change written into it.

    Raises:
        Stuck: that cannot be done in this text.
    """
    editor = _Editor(description, change)
    gone = set(change.remove & description.statements)
    new = set(change.add - description.statements)
    for statement in sorted(gone, key=editor.whole_things_first):
        other = next((s for s in sorted(new) if s[:2] == statement[:2]), None)
        if editor.replace(statement, other):
            new.discard(other)
        else:
            editor.take_out(statement)
    # What is told of new things is written with whatever refers to them.
    for statement in sorted(new, key=lambda s: (s.subject not in editor.nodes, s.predicate != TYPE, s)):
        if statement.subject in editor.nodes:
            editor.add(statement)
    editor.rescue()
    return editor.text


class _Editor:
    def __init__(self, description: Description, change: Change) -> None:
        self.text, self.name = description.text, description.name
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        self.wanted = change.on(description.statements)
        self.kept = {s.subject for s in self.wanted}
        self.read()

    def read(self) -> None:
        """Find where each thing stands in the text as it is now."""
        root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        things = root.value if isinstance(root, _Sequence) else [root]
        self.reader = Reader(self.name)
        self.reader.language(things)
        self.top = things[0]
        self.nodes: dict[str, yaml.MappingNode] = {}
        for thing in things:
            for node in _mappings(thing):
                name = self.name_of(node)
                if name and len(node.value) > (len(self.nodes[name].value) if name in self.nodes else 0):
                    self.nodes[name] = node

    def write(self, start: int, end: int, text: str) -> None:
        self.text = self.text[:start] + text + self.text[end:]
        self.read()

    def whole_things_first(self, statement: Statement) -> tuple[bool, Statement]:
        """Order so that a thing that goes altogether goes in one piece, with what refers to it."""
        return statement.object in self.kept or statement.object not in self.nodes, statement

    # --- what stands where ---

    def name_of(self, node: yaml.MappingNode) -> str | None:
        found = next((v.value for k, v in node.value if k.value == "id" and isinstance(v, yaml.ScalarNode)), None)
        return f"<{self.reader.full(found)}>" if found is not None else None

    def pairs(self, statement: Statement) -> Iterator[tuple[yaml.MappingNode, Any, Any]]:
        """Give each key under which values of this property stand, with the mapping that has it, and its value."""
        node = self.nodes.get(statement.subject)
        for key, value in node.value if node else ():
            names = {self.reader.words.keys.get(key.value), self.reader.foreign(key.value)}
            if key.value == "is":
                names = {TYPE}
            for name, twins in TWINS.items():
                text = literal(statement.object)
                if name == statement.predicate and text and twins.get(text.lang) == key.value:
                    names = {name}
            if statement.predicate not in names:
                continue
            if isinstance(value, _Mapping) and self.by_language(key.value):
                text = literal(statement.object)
                for lang, told in value.value:
                    if text and (text.lang or "") == ("" if self.reader.words.keywords.get(lang.value) else lang.value):
                        yield value, lang, told
            else:
                assert node is not None
                yield node, key, value

    def by_language(self, key: str) -> bool:
        definition = self.reader.words.definitions.get(key)
        return isinstance(definition, dict) and definition.get("@container") == "@language"

    def means(self, node: yaml.Node, statement: Statement) -> bool:
        """Tell whether a value stands for the object of a statement."""
        if isinstance(node, _Mapping):
            return self.name_of(node) == statement.object
        text, word = literal(statement.object), str(node.value)
        if text is not None:
            return word == text.value
        known = self.reader.words
        names = {f"<{self.reader.full(word)}>", known.kinds.get(word), known.keys.get(word)}
        names |= {words(lang).values.get(statement.predicate, {}).get(word) for lang in LANGUAGES}
        space, colon, _ = word.partition(":")
        return statement.object in names | ({term(word)} if colon and space in NAMESPACES else set())

    def find(self, statement: Statement) -> tuple[yaml.MappingNode, Any, Any, Any] | None:
        """Give the mapping, the key, the value and the one of its items that stands for an object."""
        for node, key, value in self.pairs(statement):
            for item in value.value if isinstance(value, _Sequence) else [value]:
                if self.means(item, statement):
                    return node, key, value, item
        return None

    # --- taking out ---

    def replace(self, old: Statement, new: Statement | None) -> bool:
        """Write another value in the place of one; tell whether that was done."""
        found = self.find(old) if new is not None else None
        if new is None or found is None or not isinstance(found[3], yaml.ScalarNode):
            return False
        ((key, value), *_) = self.spelled(new)
        if key != found[1].value and not self.by_language(found[1].value) and old.predicate in TWINS:
            return False
        if isinstance(value, dict):
            return False
        self.write(found[3].start_mark.index, found[3].end_mark.index, _flow(value))
        return True

    def take_out(self, statement: Statement) -> None:
        found = self.find(statement)
        if found is None:
            # It went with the thing around it.
            if statement.subject in self.nodes and statement.subject in self.kept:
                raise Stuck
            return
        node, key, value, item = found
        own = self.nodes[statement.subject]
        alone = not isinstance(value, _Sequence) or len(value.value) == 1
        if node is not own and alone and len(node.value) == 1:  # the only text of its key
            node, (key, value) = own, next(pair for pair in own.value if pair[1] is node)
        if isinstance(value, _Sequence) and len(value.value) > 1:
            if value.flow_style:
                place = value.value.index(item)
                other = value.value[place - 1] if place else value.value[1]
                first, last = (other.end_mark, item.end_mark) if place else (item.start_mark, other.start_mark)
                self.write(first.index, last.index, "")
                return
            self.cut_lines(self.text.rindex("-", 0, item.start_mark.index), _end(item))
        elif not node.flow_style and len(node.value) > 1:
            self.cut_lines(key.start_mark.index, _end(value))
        else:
            raise Stuck

    def cut_lines(self, start: int, end: int) -> None:
        """Cut what fills its lines, with them; a comment behind it goes along."""
        first = self.text.rfind("\n", 0, start) + 1
        if self.text[first:start].strip():  # a dash, or what else stands before it on its line
            raise Stuck
        last = self.text.find("\n", end)
        rest = self.text[end : last if last >= 0 else len(self.text)].strip()
        if rest and not rest.startswith("#"):
            raise Stuck
        self.write(first, last + 1 if last >= 0 else len(self.text), "")

    # --- writing in ---

    def spelled(self, statement: Statement) -> list[tuple[str, Any]]:
        """Give the key and the value a statement is written as; a new thing with all that is told of it."""
        writer = self.writer()
        if statement.predicate == TYPE:
            return [("is", writer.words.kind_of.get(statement.object) or writer.short(statement.object))]
        return list(writer.values(statement.predicate, [statement.object]))

    def writer(self) -> Writer:
        """Make what lays out things that are not yet in the text."""
        writer = Writer(self.wanted, self.reader.lang)
        writer.base, writer.written = self.reader.base, set(self.nodes)
        return writer

    def add(self, statement: Statement) -> None:
        if self.find(statement):
            return
        node = self.nodes[statement.subject]
        for key, value in self.spelled(statement):
            self.put(node, key, value, statement)

    def put(self, node: yaml.MappingNode, key: str, value: Any, statement: Statement | None) -> None:
        """Write a value under a key: beside what stands there, or as a pair of its own."""
        there = next(((k, v) for k, v in node.value if k.value == key), None)
        if there is None and statement is not None and statement.predicate not in TWINS:
            there = next(((k, v) for n, k, v in self.pairs(statement) if n is node), None)
        if there is None:
            self.pair(node, key, value)
        elif isinstance(value, dict) and isinstance(there[1], _Mapping) and self.by_language(there[0].value):
            for lang, text in value.items():
                self.put(there[1], lang, text, None)
        elif isinstance(there[1], _Mapping) and not there[1].flow_style and statement is not None:
            self.make_list(there[1])
            self.put(self.nodes[statement.subject], there[0].value, value, statement)
        else:
            self.join(there[1], value)

    def pair(self, node: yaml.MappingNode, key: str, value: Any) -> None:
        if node.flow_style:
            if isinstance(value, dict):
                raise Stuck
            end = node.value[-1][1].end_mark.index
            self.write(end, end, f", {key}: {_flow(value)}")
            return
        column = node.value[0][0].start_mark.column
        self.after(_end(node), _block({key: value}, column, self.newline))

    def make_list(self, value: yaml.MappingNode) -> None:
        """Make of a thing on lines of its own the first of a list."""
        start = value.start_mark.index
        first = self.text.rfind("\n", 0, start) + 1
        if self.text[first:start].strip():
            raise Stuck
        end = _end(value)
        lines = self.text[start:end].split("\n")
        self.write(
            start, end, "- " + "\n".join([lines[0], *("  " + line if line.strip() else line for line in lines[1:])])
        )

    def rescue(self) -> None:
        """Write anew, beside the rest, what stood inside a thing that is gone and is still told of."""
        included = next(w for w, keyword in self.reader.words.keywords.items() if keyword == "@included")
        for name in sorted(self.kept - self.nodes.keys()):
            if name not in self.nodes:  # one may bring another
                writer = self.writer()
                there = next(((k, v) for k, v in self.top.value if k.value == included), None)
                if there is None:
                    self.pair(self.top, included, [writer.thing(name)])
                else:
                    self.join(there[1], writer.thing(name))

    def join(self, value: yaml.Node, new: Any) -> None:
        """Write a value beside those that stand under a key."""
        if isinstance(value, _Sequence) and not value.flow_style:
            column = value.value[0].start_mark.column
            dash = self.text.rindex("-", 0, value.value[0].start_mark.index)
            at = dash - (self.text.rfind("\n", 0, dash) + 1)
            lines = _block(new, column, self.newline) if isinstance(new, dict) else " " * column + _flow(new)
            self.after(_end(value), " " * at + "-" + lines[at + 1 :])
        elif isinstance(new, dict):
            raise Stuck
        elif isinstance(value, _Sequence):
            end = value.value[-1].end_mark.index if value.value else value.start_mark.index + 1
            self.write(end, end, f", {_flow(new)}" if value.value else _flow(new))
        elif isinstance(value, yaml.ScalarNode) and value.style not in ("|", ">"):
            start, end = value.start_mark.index, value.end_mark.index
            was = self.text[start:end] if value.style else _flow(value.value)
            self.write(start, end, f"[{was}, {_flow(new)}]")
        else:
            raise Stuck

    def after(self, end: int, lines: str) -> None:
        """Write lines below the line on which something ends."""
        last = self.text.find("\n", end)
        if last < 0:
            self.write(len(self.text), len(self.text), self.newline + lines + self.newline)
        else:
            self.write(last + 1, last + 1, lines + self.newline)


def _mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, _Mapping):
        yield node
        for key, value in node.value:
            if key.value != "@context":
                yield from _mappings(value)
    elif isinstance(node, _Sequence):
        for item in node.value:
            yield from _mappings(item)


def _end(node: yaml.Node) -> int:
    """Give where the last word of something ends; its own mark stands at what follows it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, _Mapping) else last)


def _flow(value: Any) -> str:
    """Spell one word or text so that it may also stand in brackets."""
    text = yaml.safe_dump([value], allow_unicode=True, default_flow_style=True, width=100_000).strip()
    return str(text[1:-1])


def _block(value: Any, column: int, newline: str) -> str:
    """Lay something out on lines of its own."""
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110, default_flow_style=False)
    return newline.join(" " * column + line if line else line for line in text.rstrip("\n").splitlines())
