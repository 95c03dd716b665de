"""Words for names, statements and verdicts, in Dutch and English, from labels and the rules' own sentences.

Labels never take part in a check; here, where words are made, they are all that counts. A thing without a label goes by
the last part of its name.
"""

import datetime
import re
from collections.abc import Iterable, Sequence

from vereend.evidence import Row
from vereend.rules import Texts
from vereend.terms import LANGUAGES, NAMELESS, TYPE, Statement, Text, iri, literal, local_name, term
from vereend.vocabulary import Vocabulary, add_text, pick

_LOCALES = {"nl": "nl_NL", "en": "en_GB"}
_AND = {"nl": " en ", "en": " and "}
_PARTICIPATION = {"nl": "deelname van {}", "en": "participation of {}"}
_NAMELESS = {"nl": "iets zonder naam", "en": "something without a name"}


class Words:
    """The labels of one description beside those of the vocabulary."""

    def __init__(self, statements: Iterable[Statement], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.own: dict[str, Texts] = {}
        self.participant: dict[str, str] = {}
        self._said: dict[tuple[str, str], Text] = {}
        for subject, predicate, obj in statements:
            if predicate == term("rdfs:label"):
                add_text(self.own.setdefault(subject, {}), obj)
            elif predicate == term("vrd:participant"):
                self.participant[subject] = obj

    def text(self, name: str, lang: str) -> Text:
        """Give words for a term in N-Triples spelling, and the language they turned out to be in."""
        if (said := self._said.get((name, lang))) is None:
            said = self._said[name, lang] = self._text(name, lang)
        return said

    def _text(self, name: str, lang: str) -> Text:
        if (found := literal(name)) is not None:
            return found
        named = pick(self.own.get(name, {}), lang) or self.vocabulary.label(name, lang)
        if named is not None:
            return named
        if name in self.participant:
            return Text(participation(self.label(self.participant[name], lang), lang), lang)
        return Text(_NAMELESS[lang], lang) if iri(name).startswith(NAMELESS) else Text(local_name(name), "")

    def label(self, name: str, lang: str) -> str:
        """Give words for a term."""
        return self.text(name, lang).value

    def labels(self, name: str) -> Texts:
        """Give words for a term in every language of the project."""
        return {lang: self.label(name, lang) for lang in LANGUAGES}

    def statement(self, statement: Statement, lang: str) -> tuple[str, str, str]:
        """Read a statement aloud: subject, predicate, object."""
        subject, predicate, obj = statement
        told = self.label(obj, lang)
        verb = is_a(told, lang) if predicate == TYPE else self.label(predicate, lang)
        return self.label(subject, lang), verb, told

    def fill(self, template: str, rows: Sequence[Row], lang: str, **extra: str) -> str:
        """Put labels in the places of a sentence; several answers for one place are joined."""

        def place(match: re.Match[str]) -> str:
            name = match[1]
            if name in extra:
                return extra[name]
            return join(dict.fromkeys(self.label(row[name], lang) for row in rows if name in row), lang) or "…"

        sentence = re.sub(r"\{(\w+)\}", place, template)
        return sentence[:1].upper() + sentence[1:]


def opened(template: str) -> str:
    """Leave the places of a rule's sentence open, where a verdict names things."""
    sentence = re.sub(r"\{\w+\}", "…", template).removeprefix("…: ").rstrip(".")
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith("…") else ".")


def participation(actor: str, lang: str) -> str:
    """Name a participation by who takes part."""
    return _PARTICIPATION[lang].format(actor)


def is_a(kind: str, lang: str) -> str:
    """Give the words that join a thing to its kind: "is a partner", "is an actor"."""
    if lang == "nl":
        return "is een"
    return "is an" if re.match(r"[aeio]|u(?!ni|se)", kind, re.IGNORECASE) else "is a"


def day(date: str, lang: str) -> str:
    """Write an ISO 8601 date as people do: "2 March 2026".

    Raises:
        ValueError: no such date.
    """
    from babel.dates import format_date  # only who writes dates pays for loading it

    return format_date(datetime.date.fromisoformat(date), "long", locale=_LOCALES[lang])


def join(words: Iterable[str], lang: str) -> str:
    """Join words into a list with commas and a closing "and"."""
    listed = list(words)
    return _AND[lang].join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


# What every verdict is called, and the sentence for what a rule has nothing to say about.
VERDICT_NAMES = {
    "violated": {"nl": "geschonden", "en": "violated"},
    "contested": {"nl": "betwist", "en": "contested"},
    "not told": {"nl": "niet verteld", "en": "not told"},
    "for a person": {"nl": "voor een mens", "en": "for a person"},
    "satisfied": {"nl": "voldaan", "en": "satisfied"},
    "not applicable": {"nl": "niet van toepassing", "en": "not applicable"},
}
SEVERITY_NAMES = {
    "Violation": {"nl": "schending", "en": "violation"},
    "Warning": {"nl": "waarschuwing", "en": "warning"},
    "Info": {"nl": "ter kennisneming", "en": "for information"},
}
NOTHING_TO_JUDGE = {
    "nl": "Niets in deze beschrijving is van het soort waarover deze regel gaat.",
    "en": "Nothing in this description is of the kind this rule is about.",
}
NOT_HELD = {
    "nl": "Deze regel geldt niet in deze fase.",
    "en": "This rule does not hold in this phase.",
}
NOT_IN_FORCE = {
    "begins": {
        "nl": "Niet in werking op {date}: {provision} (geldt vanaf {day}). Geen oordeel steunt erop.",
        "en": "Not in force on {date}: {provision} (applies from {day}). No verdict leans on it.",
    },
    "ended": {
        "nl": "Niet in werking op {date}: {provision} (gold tot en met {day}). Geen oordeel steunt erop.",
        "en": "Not in force on {date}: {provision} (applied until {day}). No verdict leans on it.",
    },
}
STEP_BROKEN = {"nl": "“{step}” is er niet", "en": "“{step}” is absent"}
STEP_SILENT = {"nl": "“{step}” is niet verteld", "en": "“{step}” is not told"}
ACCORDING_TO = {
    "nl": "Volgens {reading} ({author}): {verdict}.",
    "en": "By {reading} ({author}): {verdict}.",
}
