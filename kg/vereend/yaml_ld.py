"""Descriptions in YAML, with Dutch or English words for properties, kinds and values.

The file is YAML-LD: with the context of its language (ontology/context.nl.jsonld) any JSON-LD processor reads the same
statements. Reading here is stricter: a key or value that the language does not have would silently become something
else, so it is an error with its line and the word that was probably meant.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from vereend.contexts import ADDRESS, NAMING, TWINS, Words, language_of, words
from vereend.errors import VereendError
from vereend.positions import Places, Position
from vereend.terms import (
    CASES,
    LANGUAGES,
    LITERAL,
    NAMELESS,
    NAMESPACES,
    PARTNERSHIP,
    TYPE,
    Statement,
    iri,
    literal,
    prefixed,
    term,
)
from vereend.vocabulary import nearest, vocabulary

_MOST_DEPTH = 60
_LOOK = "Look at indents, colons and quotes"
_INTEGER = re.compile(r"0|-?[1-9]\d*")
_BOOLEANS = {"true": True, "false": False}
_COMPLETE = term("vrd:completeFor")


@dataclass
class Reader:
    """Turns the tree of a YAML text into JSON-LD, and remembers where each name stands."""

    name: str
    lang: str = "nl"
    base: str = CASES
    places: Places = field(default_factory=lambda: Places({}, {}, []))
    unnamed: int = 0
    kinds_told: set[str] = field(default_factory=set)  # things of which it was said what they are

    @property
    def words(self) -> Words:
        """The words of the language the file is in."""
        return words(self.lang)

    def refuse(self, node: yaml.Node, what: str, problem: str, remedy: str) -> VereendError:
        """Make the error for something in the file."""
        line = node.start_mark.line + 1
        return VereendError(f"{self.name}, line {line}, {what!r}", problem, remedy)

    def document(self, root: yaml.Node) -> dict[str, Any]:
        """Read the whole: one partnership, or a list of them."""
        things = root.value if isinstance(root, yaml.SequenceNode) else [root]
        if not things or not all(isinstance(thing, yaml.MappingNode) for thing in things):
            raise self.refuse(root, "the file", "is not a description", "Write key: value, one a line, as in naam: …")
        self.language(things)
        graph = [self.thing(thing, top=True) for thing in things]
        return {"@context": [self.words.definitions, {"@base": self.base}], "@graph": graph}

    def language(self, things: Iterable[yaml.MappingNode]) -> None:
        """Find the language and base the file names, or else tell the language by its keys."""
        named, keys = False, []
        for thing in things:
            for key, value in thing.value:
                keys.append(str(key.value))
                if key.value == "@context":
                    named |= self.context(value)
        if not named:
            known = {lang: sum(key in words(lang).keys for key in keys) for lang in LANGUAGES}
            self.lang = max(LANGUAGES, key=lambda lang: known[lang])

    def context(self, node: yaml.Node) -> bool:
        """Read which language and base the file names; tell whether it names a language."""
        named = False
        for part in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if isinstance(part, yaml.ScalarNode) and (lang := language_of(part.value)):
                self.lang, named = lang, True
            elif isinstance(part, yaml.MappingNode) and [key.value for key, _ in part.value] == ["@base"]:
                self.base = str(part.value[0][1].value)
                if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[/#]", self.base):
                    raise self.refuse(part, self.base, "is no base for names", "Write an address ending in / or #")
            else:
                raise self.refuse(
                    part,
                    "@context",
                    "is not one of ours, and reading opens no network",
                    f"Write {ADDRESS.format(lang='nl')} or {ADDRESS.format(lang='en')}",
                )
        return named

    def thing(self, node: yaml.MappingNode, *, top: bool = False, depth: int = 0) -> dict[str, Any]:
        """Read a thing: its name, its kind, and what is said of it."""
        if depth > _MOST_DEPTH:
            raise self.refuse(
                node, "…", f"is nested more than {_MOST_DEPTH} deep", "Give things a name and refer to it"
            )
        out: dict[str, Any] = {}
        for key_node, value in node.value:
            key = self.scalar(key_node)
            if key in out:
                raise self.refuse(key_node, key, "stands here twice", "Put both values in a list: [one, other]")
            if key == "@context" and top:
                continue
            out[key] = self.told(key, key_node, value, depth)
        if "id" in out:
            name = self.full(out["id"])
            # Told apart by what they are: a second place may add to a thing, but not say anew what it is.
            if "is" in out and name in self.kinds_told:
                raise self.refuse(
                    node,
                    out["id"],
                    "is described twice",
                    "Give one of them another id, or name it there by its id alone",
                )
            self.kinds_told |= {name} if "is" in out else set()
            self.note(name, node, subject=True)
        else:
            self.unnamed += 1
            out["id"] = f"{NAMELESS}{self.unnamed}"
            self.note(out["id"], node, subject=True)
        return out

    def told(self, key: str, key_node: yaml.Node, value: yaml.Node, depth: int) -> Any:
        """Read what stands under a key."""
        keyword = self.words.keywords.get(key)
        if keyword == "@id":
            return self.scalar(value)
        if keyword == "@type":
            return self.each(value, lambda one: self.kind(one))
        if keyword == "@included":
            return self.each(value, lambda one: self.inner(one, depth))
        if keyword is not None:
            raise self.refuse(key_node, key, "does not stand here", "It goes with a text, not with a thing")
        if any(key in twins.values() for twins in TWINS.values()):
            return self.each(value, lambda one: self.text(one))
        name = self.words.keys.get(key) or self.foreign(key)
        if name is None:
            guess = self.elsewhere(key) or nearest(
                key, [*self.words.keys, *self.words.keywords, *(w for t in TWINS.values() for w in t.values())]
            )
            raise self.refuse(
                key_node,
                key,
                "is not a known key",
                f"The nearest is '{guess}'" if guess else "See the list of keys in ontology/keys.ttl",
            )
        values = self.words.values.get(name)
        if values is not None:
            return self.each(value, lambda one: self.concept(key, values, one))
        definition = self.words.definitions.get(key)
        if isinstance(definition, dict) and definition.get("@container") == "@language":
            return self.each(value, lambda one: self.text(one))
        if name in NAMING:
            return self.each(value, lambda one: self.property(one))
        return self.each(value, lambda one: self.inner(one, depth, definition))

    def elsewhere(self, word: str) -> str | None:
        """Give the word of this language for a key or kind that stands in another's, or in the model's own."""
        for lang in LANGUAGES:
            for theirs, ours in ((words(lang).keys, self.words.key_of), (words(lang).kinds, self.words.kind_of)):
                if word in theirs:
                    return ours.get(theirs[word])
        name = f"<{NAMESPACES['vrd']}{word}>"
        return self.words.key_of.get(name) or self.words.kind_of.get(name)

    def each(self, node: yaml.Node, read: Any) -> Any:
        """Read a value, or each of a list of values."""
        if isinstance(node, yaml.SequenceNode):
            return [read(one) for one in node.value]
        return read(node)

    def foreign(self, key: str) -> str | None:
        """Give the property behind a prefixed name or an address; None for anything else."""
        space, colon, rest = key.partition(":")
        if colon and space in NAMESPACES and rest:
            name = term(key)
            return name if space != "vrd" or name in vocabulary().properties else None
        return f"<{key}>" if re.fullmatch(r"https?://[^\s<>\"]+", key) else None

    def kind(self, node: yaml.Node) -> str:
        """Read of which kind something is."""
        word = self.scalar(node)
        known = self.words.kinds
        space, colon, _ = word.partition(":")
        if word in known or (colon and (term(word) in vocabulary().classes if space == "vrd" else space in NAMESPACES)):
            return word
        if re.fullmatch(r"https?://[^\s<>\"]+", word):
            return word
        guess = self.elsewhere(word) or nearest(word[:1].upper() + word[1:], known)
        raise self.refuse(
            node, word, "is not a known kind", f"The nearest is '{guess}'" if guess else "See the kinds in ontology/"
        )

    def concept(self, key: str, values: dict[str, str], node: yaml.Node) -> str:
        """Read a value of a list."""
        word = self.scalar(node)
        if word in values:
            self.note(iri(values[word]), node)
            return word
        concepts = set(vocabulary().values_of(self.words.keys[key])) if key in self.words.keys else set()
        if word.startswith("vc:") and term(word) in concepts:
            self.note(iri(term(word)), node)
            return word
        # The other language is understood too: a Dutch text may quote an English term.
        for lang in LANGUAGES:
            other = words(lang).values.get(self.words.keys[key], {})
            if word in other:
                self.note(iri(other[word]), node)
                return prefixed(other[word])
        guess = nearest(word, values)
        raise self.refuse(
            node,
            word,
            f"is not a value of {key!r}",
            f"The nearest is '{guess}'" if guess else f"Choose one of {', '.join(sorted(values))}",
        )

    def property(self, node: yaml.Node) -> str:
        """Read the name of a property."""
        word = self.scalar(node)
        if word in self.words.keys or self.foreign(word):
            return word
        guess = nearest(word, self.words.keys)
        raise self.refuse(
            node, word, "is not a known key", f"The nearest is '{guess}'" if guess else "Name a key of the description"
        )

    def text(self, node: yaml.Node) -> Any:
        """Read a text: plain, or by language."""
        if not isinstance(node, yaml.MappingNode):
            return self.scalar(node)
        return {self.scalar(key): self.each(value, lambda one: self.scalar(one)) for key, value in node.value}

    def inner(self, node: yaml.Node, depth: int, definition: Any = None) -> Any:
        """Read what a thing is said to have: another thing, its name, a text, a date, yes or no."""
        if isinstance(node, yaml.MappingNode):
            keys = {self.words.keywords.get(str(key.value)) for key, _ in node.value}
            if "@value" in keys:
                return {self.scalar(key): self.scalar(value) for key, value in node.value}
            return self.thing(node, depth=depth + 1)
        text = self.scalar(node)
        if isinstance(definition, str) and node.style is None:
            datatype = vocabulary().datatypes.get(term(definition) if ":" in definition else "", "")
            if datatype == term("xsd:boolean") and text in _BOOLEANS:
                return _BOOLEANS[text]
            if datatype == term("xsd:integer") and _INTEGER.fullmatch(text):
                return int(text)
        if isinstance(definition, dict) and definition.get("@type") == "@id":
            if not re.fullmatch(r"[^\s<>\"{}|\\^`]+", text):
                raise self.refuse(
                    node, text, "is no name of a thing", "Write the id of a thing in this file, without spaces"
                )
            self.note(self.full(text), node)
        return text

    def scalar(self, node: yaml.Node) -> str:
        """Read one word or text."""
        if not isinstance(node, yaml.ScalarNode):
            raise self.refuse(node, "…", "should be one word or text", "Write it on the same line, without a list")
        return str(node.value)

    def full(self, name: str) -> str:
        """Write a name out, as a processor would."""
        space, colon, rest = name.partition(":")
        if colon and space in NAMESPACES:
            return NAMESPACES[space] + rest
        return name if re.match(r"[a-z][a-z0-9+.-]*:", name) else self.base + name

    def note(self, name: str, node: yaml.Node, *, subject: bool = False) -> None:
        """Remember where a name stands."""
        start, end = node.start_mark, node.end_mark
        column_end = end.column + 1 if end.line == start.line else start.column + 2
        position = Position(start.line + 1, start.column + 1, column_end)
        if subject:
            self.places.subjects.setdefault(name, []).append(position)
        self.places.mentions.setdefault(name, []).append(position)


class ReadYaml(NamedTuple):
    """What came of reading a text in YAML."""

    jsonld: str  # the same, with its context
    places: Places
    base: str  # what names in it begin with


def read_yaml(text: str, name: str) -> ReadYaml:
    """Read a description in YAML.

    Raises:
        VereendError: no YAML, anchors or tags, a key twice, or a key, kind or value that the language does not have.
    """
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                mark = event.start_mark
                raise VereendError(
                    f"{name}, line {mark.line + 1}", "uses an anchor or alias of YAML", "Refer to a thing by its id"
                )
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name
        raise VereendError(
            where, "is no YAML", "Look at indents, colons and quotes", str(error.problem or "")
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise VereendError(name, "is no YAML", "Look at indents, colons and quotes", str(error)[:120]) from None
    if root is None:
        raise VereendError(name, "is empty", "Write a description, or begin from a template")
    reader = Reader(name)
    document = reader.document(root)
    return ReadYaml(json.dumps(document), reader.places, reader.base)


# --- writing ----------------------------------------------------------------------------------------------------------


class Writer:
    """Lays statements out as nested things, each where it is first referred to."""

    def __init__(self, statements: Iterable[Statement], lang: str) -> None:
        self.words = words(lang)
        self.told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, obj in sorted(statements):
            self.told[subject][predicate].append(obj)
        self.partnerships = sorted(s for s, own in self.told.items() if PARTNERSHIP in own.get(TYPE, []))
        first = iri(self.partnerships[0]) if self.partnerships else CASES
        self.base = re.sub(r"[^/#]*$", "", first)
        self.written: set[str] = set()
        known = vocabulary()
        belongs = {
            kind: known.belongs_by[up] for kind in known.classes for up in known.kinds(kind) if up in known.belongs_by
        }
        # What hangs on a whole is written there, and only referred to elsewhere.
        self.at_home: dict[str, str] = {}
        for name, own in self.told.items():
            home = next((belongs[kind] for kind in own.get(TYPE, []) if kind in belongs), None)
            if home and any(name in other.get(home, []) for other in self.told.values()):
                self.at_home[name] = home

    def document(self) -> list[dict[str, Any]]:
        """Lay out the whole: each partnership, and with the first what hangs on none."""
        things = [self.thing(name) for name in self.partnerships]
        loose = [name for name in sorted(self.told) if name not in self.written]
        word = next(word for word, keyword in self.words.keywords.items() if keyword == "@included")
        others = [self.thing(name) for name in loose if name not in self.written]
        if others:
            things[0][word] = others
        return things

    def short(self, name: str) -> str:
        """Give a name as short as the base and prefixes allow."""
        full = iri(name)
        rest = full.removeprefix(self.base)
        if rest != full and re.fullmatch(r"[\w.-]+", rest):
            return rest
        return prefixed(name) if prefixed(name) != name else full

    def thing(self, name: str) -> dict[str, Any]:
        """Lay out a thing with all that is told of it."""
        self.written.add(name)
        own = self.told[name]
        out: dict[str, Any] = {}
        if not iri(name).startswith(NAMELESS) or sum(name in x for o in self.told.values() for x in o.values()) > 1:
            out["id"] = self.short(name)
        if TYPE in own:
            out["is"] = _one([self.words.kind_of.get(kind) or self.short(kind) for kind in own[TYPE]])
        ordered = sorted(own, key=self.rank)
        for predicate in ordered:
            if predicate != TYPE:
                for key, value in self.values(predicate, own[predicate]):
                    out[key] = value
        return out

    def rank(self, predicate: str) -> tuple[int, str]:
        """Put names first, then single facts, who takes part, other things, and sources last."""
        known = vocabulary()
        if predicate == term("prov:wasDerivedFrom"):
            place = 6
        elif predicate == _COMPLETE:
            place = 5
        elif predicate == term("vrd:hasParticipation"):
            place = 2
        elif known.ranges.get(predicate, "") in known.classes:
            place = 3 if predicate in known.belongs_by.values() else 4
        else:
            place = int(predicate not in TWINS)
        return place, self.words.key_of.get(predicate, predicate)

    def values(self, predicate: str, objects: list[str]) -> Iterator[tuple[str, Any]]:
        """Give the keys that a property's values stand under, with these."""
        if predicate in TWINS:
            yield from self.twins(predicate, objects)
            return
        key = self.words.key_of.get(predicate) or self.short(predicate)
        definition = self.words.definitions.get(key)
        if isinstance(definition, dict) and definition.get("@container") == "@language":
            by_language: dict[str, list[str]] = defaultdict(list)
            odd = []
            for spelled in objects:
                text = literal(spelled)
                found = LITERAL.fullmatch(spelled)
                if text is None or found is None or found["datatype"]:
                    odd.append(spelled)
                else:
                    by_language[text.lang or _word(self.words, "@none")].append(text.value)
            if by_language:
                yield key, {lang: _one(texts) for lang, texts in by_language.items()}
            if odd:
                yield prefixed(predicate), _one([self.value(spelled, None) for spelled in odd])
            return
        if predicate in self.words.values:
            yield key, _one([self.words.label_of.get(o) or self.short(o) for o in objects])
            return
        if predicate in NAMING:
            yield key, _one([self.words.key_of.get(o) or self.short(o) for o in objects])
            return
        yield key, _one([self.value(spelled, definition, predicate) for spelled in objects])

    def twins(self, predicate: str, objects: list[str]) -> Iterator[tuple[str, Any]]:
        """Give names and explanations under the key of their language."""
        found: dict[str, list[Any]] = defaultdict(list)
        for spelled in objects:
            text = literal(spelled)
            if text is not None and text.lang in TWINS[predicate]:
                found[TWINS[predicate][text.lang]].append(text.value)
            else:
                found[prefixed(predicate)].append(self.value(spelled, None))
        for key, values in found.items():
            yield key, _one(values)

    def value(self, spelled: str, definition: Any, predicate: str = "") -> Any:
        """Spell a value, or lay out the thing it is."""
        found = LITERAL.fullmatch(spelled)
        if found is None:
            home = self.at_home.get(spelled, predicate)
            if spelled in self.told and spelled not in self.written and home == predicate:
                return self.thing(spelled)
            refers = isinstance(definition, dict) and definition.get("@type") == "@id"
            return self.short(spelled) if refers else {"id": self.short(spelled)}
        text = literal(spelled)
        assert text is not None
        expected = definition.get("@type") if isinstance(definition, dict) else None
        datatype = found["datatype"]
        if not text.lang and not datatype and isinstance(definition, str):
            return text.value
        if datatype and prefixed(datatype) == expected:
            return text.value
        if isinstance(definition, str) and datatype == NAMESPACES["xsd"] + "boolean" and text.value in _BOOLEANS:
            return _BOOLEANS[text.value]
        if isinstance(definition, str) and datatype == NAMESPACES["xsd"] + "integer" and _INTEGER.fullmatch(text.value):
            return int(text.value)
        out = {_word(self.words, "@value"): text.value}
        if text.lang:
            out[_word(self.words, "@language")] = text.lang
        elif datatype:
            out["is"] = prefixed(datatype)
        return out


def _word(known: Words, keyword: str) -> str:
    return next(word for word, stands_for in known.keywords.items() if stands_for == keyword)


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def write_yaml(statements: Iterable[Statement], lang: str) -> str:
    """Write a description in YAML, with the words of a language.

    Args:
        statements: nameless things in the spelling of vereend.terms.NAMELESS.
    """
    writer = Writer(statements, lang)
    things = writer.document()
    head = {"@context": [ADDRESS.format(lang=lang), {"@base": writer.base}]}
    document: Any = head | things[0] if len(things) == 1 else [head | things[0], *things[1:]]
    return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110, default_flow_style=False))
