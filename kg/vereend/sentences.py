"""A description read out as sentences, in Dutch or English: for a case page, a report, a screen reader, a footnote.

    read_out(read(Path("plein.ttl")), "en")[0].text      "Safe Square is a partnership."

Every statement is in exactly one sentence, and every sentence says which statements it stands for: nothing is left out
and nothing is added. The words are the labels of the ontology, so a new property is read out without a line of code.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vereend.contexts import spoken
from vereend.errors import UnknownEntity
from vereend.knowledge import Claim, load
from vereend.nameless import is_nameless
from vereend.reading import Description
from vereend.rules import Texts
from vereend.terms import (
    COMPLETE_FOR,
    LANGUAGES,
    LITERAL,
    NAMESPACES,
    PARTNERSHIP,
    TYPE,
    Statement,
    Text,
    iri,
    literal,
    local_name,
    term,
)
from vereend.vocabulary import add_text, vocabulary
from vereend.wording import Words, day, is_a, join

_LABEL, _COMMENT = term("rdfs:label"), term("rdfs:comment")
_PARTICIPANT = term("vrd:participant")
# Kinds whose names are proper nouns.
_PROPER = {PARTNERSHIP, term("vrd:Actor")}
_SOURCE = term("prov:wasDerivedFrom")
_SENTENCE = term("vrd:sentence")
_DATES, _TRUTHS = (f"^^<{NAMESPACES['xsd']}{name}>" for name in ("date", "boolean"))
_SAYS: dict[str, Texts] = {
    "statement": {"nl": "{subject} {verb} {objects}.", "en": "{subject} {verb} {objects}."},
    "yes": {"nl": "{subject} {verb}.", "en": "{subject} {verb}."},
    "no": {"nl": "Niet waar is: {said}", "en": "It is not so that: {said}"},
    "called in nl": {"nl": "In het Nederlands heet dit {name}.", "en": "In Dutch this is called {name}."},
    "called in en": {"nl": "In het Engels heet dit {name}.", "en": "In English this is called {name}."},
    "called": {"nl": "{subject} wordt bij naam genoemd.", "en": "{subject} is named."},
    "note": {"nl": "Toelichting bij {subject}: {objects}.", "en": "Note on {subject}: {objects}."},
    "complete": {
        "nl": "Van {subject} is volledig opgegeven: {objects}.",
        "en": "Of {subject} this is told completely: {objects}.",
    },
    "source": {
        "nl": "Wat hier over {subject} staat, komt uit {objects}.",
        "en": "What is said here of {subject} comes from {objects}.",
    },
    "claim": {"nl": "{number} (p. {page}; {modality})", "en": "{number} (p. {page}; {modality})"},
}


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the statements it stands for."""

    text: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Passage:
    """What is told of one thing."""

    subject: str  # IRI, or the name a nameless thing goes by
    name: str
    depth: int  # how many steps from the partnership; 0 for a partnership itself
    claims: tuple[Claim, ...]  # of the report, that it rests on
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The sentences after each other."""
        return " ".join(sentence.text for sentence in self.sentences)


def read_out(description: Description, lang: str, about: str | None = None) -> list[Passage]:
    """Read a description out, partnerships first, then what hangs on them, each thing once.

    A text told in several languages is read in one of them; the others count as said.

    Args:
        about: name of a thing, as an IRI or a prefixed name: only what is told of it and of what hangs on it.
    Raises:
        UnknownEntity: nothing is told of it.
    """
    return _Reader(description, lang).read(about)


def to_text(passages: Iterable[Passage]) -> str:
    """Write passages as plain text, one a paragraph."""
    return "\n\n".join(passage.text for passage in passages)


def to_dict(passages: Iterable[Passage]) -> list[dict[str, object]]:
    """Give passages as JSON would have them: statements in N-Triples, claims by number."""
    return [
        {
            "subject": passage.subject,
            "name": passage.name,
            "depth": passage.depth,
            "claims": [claim.number for claim in passage.claims],
            "sentences": [
                {"text": sentence.text, "statements": [f"{' '.join(s)} ." for s in sentence.statements]}
                for sentence in passage.sentences
            ],
        }
        for passage in passages
    ]


class _Reader:
    """The statements of one description, by subject, in reading order."""

    def __init__(self, description: Description, lang: str) -> None:
        self.description, self.lang = description, lang
        self.vocabulary = vocabulary()
        self.words = Words(description.statements, self.vocabulary)
        self.told: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
        for statement in sorted(description.statements):
            self.told[statement.subject][statement.predicate].append(statement)
        nameless = [s for s in sorted(self.told) if is_nameless(s) and s not in self.words.own]
        self.numbers = {name: number for number, name in enumerate(nameless, 1)}
        self.sentences: dict[str, Texts] = defaultdict(dict)
        for name, predicate, spelled in self.vocabulary.statements:
            if predicate == _SENTENCE:
                add_text(self.sentences[name], spelled)

    def read(self, about: str | None) -> list[Passage]:
        if about is None:
            starts = [*self.description.partnerships, *sorted(self.told, key=self.name)]
        else:
            starts = [self._known(about)]
        passages: list[Passage] = []
        seen: set[str] = set()
        for start in starts:
            todo = [(start, 0)]
            while todo:
                subject, depth = todo.pop()
                if subject in seen or subject not in self.told:
                    continue
                seen.add(subject)
                passages.append(self._passage(subject, depth))
                objects = [s.object for _, listed in self._ordered(subject) for s in listed]
                # A partnership that another points to is read by itself.
                todo += [(o, depth + 1) for o in reversed(objects) if (o, TYPE, PARTNERSHIP) not in self._types(o)]
        return passages

    def _types(self, name: str) -> list[Statement]:
        return self.told[name].get(TYPE, []) if name in self.told else []

    def _known(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        namespaces = NAMESPACES | self.description.prefixes
        for spelled in (name, f"<{name}>", f"<{namespaces.get(prefix, prefix)}{local}>"):
            if spelled in self.told:
                return spelled
        raise UnknownEntity(repr(name), "is not described here", "Name a thing as the description does, as in kg:pps")

    def name(self, subject: str) -> str:
        """Name a thing: an actor or partnership plainly, anything else of the description between quotation marks.

        What has no name of its own goes by its kind and by what its author calls it.
        """
        label = self.words.label(subject, self.lang)
        if subject in self.words.participant and subject not in self.words.own:
            return label
        kinds = [s.object for s in self._types(subject)]
        if subject in self.words.own:
            plain = {kind for one in kinds for kind in self.vocabulary.superclasses.get(one, ())} & _PROPER
            return label if plain or subject not in self.told else f"‘{label}’"
        if not kinds:
            return f"{label} ({self.numbers[subject]})" if subject in self.numbers else label
        called = str(self.numbers[subject]) if subject in self.numbers else f"‘{local_name(subject)}’"
        return f"{self.words.label(kinds[0], self.lang)} {called}"

    def _ordered(self, subject: str) -> list[tuple[str, list[Statement]]]:
        """Give what is told of a thing in reading order: kind, note, features, words, what hangs on it, sources."""

        def place(item: tuple[str, list[Statement]]) -> tuple[int, str]:
            predicate, listed = item
            first = [TYPE, _LABEL, _PARTICIPANT, _COMMENT]
            if predicate in first:
                return first.index(predicate), ""
            if predicate in (COMPLETE_FOR, _SOURCE):
                return 8 + (predicate == _SOURCE), ""
            leads_on = any(s.object in self.told for s in listed)
            return 7 if leads_on else 6 if literal(listed[0].object) else 5, self.words.label(predicate, self.lang)

        return sorted(self.told[subject].items(), key=place)

    def _passage(self, subject: str, depth: int) -> Passage:
        name = self.name(subject)
        told = dict(self._ordered(subject))
        sentences = self._head(name, told)
        for predicate, listed in told.items():
            sentences += self._sentences(name, predicate, listed)
        opened = (Sentence(s.text[:1].upper() + s.text[1:], s.statements) for s in sentences)
        return Passage(iri(subject), name, depth, tuple(self._claims(told)), tuple(opened))

    def _head(self, name: str, told: dict[str, list[Statement]]) -> list[Sentence]:
        """Say what a thing is and what it is called, and take these statements off the list."""
        types, labels = told.pop(TYPE, []), told.pop(_LABEL, [])
        # "Participation of X" has said already whose it is.
        said = [*types, *(told.pop(_PARTICIPANT, []) if not labels and types else [])]
        elsewhere: list[tuple[Statement, Text]] = []
        label_here = name.strip("‘’")
        for label in labels:
            text = literal(label.object)
            if text is not None and text.lang in LANGUAGES and text.lang != self.lang and text.value != label_here:
                elsewhere.append((label, text))
            else:
                said.append(label)
        if types:
            kinds = (self.words.label(t.object, self.lang) for t in types)
            told_kinds = join((f"{is_a(kind, self.lang)} {kind}" for kind in kinds), self.lang)
            head = [Sentence(f"{name} {told_kinds}.", tuple(said))]
        else:
            head = [Sentence(_SAYS["called"][self.lang].format(subject=name), tuple(said))] if said else []
        return head + [
            Sentence(_SAYS[f"called in {text.lang}"][self.lang].format(name=quoted(text.value)), (label,))
            for label, text in elsewhere
        ]

    def _sentences(self, name: str, predicate: str, listed: list[Statement]) -> list[Sentence]:
        if truths := [s for s in listed if s.object.endswith(_TRUTHS)]:
            rest = [s for s in listed if s not in truths]
            said = [self._say("yes", name, predicate, "", [s], denied=not self._is_true(s)) for s in truths]
            return said + (self._sentences(name, predicate, rest) if rest else [])
        objects = join(self._objects(predicate, listed), self.lang)
        form = {_COMMENT: "note", COMPLETE_FOR: "complete", _SOURCE: "source"}.get(predicate, "statement")
        return [self._say(form, name, predicate, objects, listed)]

    @staticmethod
    def _is_true(statement: Statement) -> bool:
        text = literal(statement.object)
        return text is not None and text.value in ("true", "1")

    def _say(
        self, form: str, name: str, predicate: str, objects: str, said: Sequence[Statement], denied: bool = False
    ) -> Sentence:
        verb = self.words.label(predicate, self.lang)
        written = self.sentences[predicate].get(self.lang) if form in ("statement", "yes") else None
        text = (written or _SAYS[form][self.lang]).format(subject=name, verb=verb, objects=objects)
        text = re.sub(r"([.!?]”)\.$", r"\1", text)
        return Sentence(_SAYS["no"][self.lang].format(said=text) if denied else text, tuple(said))

    def _objects(self, predicate: str, listed: Iterable[Statement]) -> list[str]:
        """Give words for the objects of one property, each once."""
        texts = [(s, text) for s in listed if (text := literal(s.object))]
        here = [s for s, text in texts if text.lang == self.lang]
        # What is told in this language is not read in another as well.
        skipped = {s for s, text in texts if here and text.lang and text.lang != self.lang}
        return list(dict.fromkeys(self._object(predicate, s.object) for s in listed if s not in skipped))

    def _object(self, predicate: str, name: str) -> str:
        text = literal(name)
        if text is None:
            return self._thing(predicate, name)
        if name.endswith(_DATES):
            try:
                return day(text.value, self.lang)
            except ValueError:
                return quoted(text.value)
        match = LITERAL.fullmatch(name)
        return text.value if match and match["datatype"] else quoted(text.value)

    def _thing(self, predicate: str, name: str) -> str:
        if predicate == _SOURCE and (claim := self._claim(name)):
            modality = load().texts(f"<{claim.modality}>")[self.lang]
            return _SAYS["claim"][self.lang].format(number=claim.number, page=claim.page, modality=modality)
        if name in self.vocabulary.properties:
            return quoted(spoken(name, self.lang))
        return self.name(name)

    @staticmethod
    def _claim(name: str) -> Claim | None:
        return load().claims.get(local_name(name)) if name.startswith("<" + NAMESPACES["src"]) else None

    def _claims(self, told: dict[str, list[Statement]]) -> list[Claim]:
        return [claim for s in told.get(_SOURCE, ()) if (claim := self._claim(s.object))]


def quoted(text: str) -> str:
    """Set an author's own words between quotation marks."""
    return f"“{text}”"
