"""The rules as their authors wrote them: name, reason, source, severity by phase, remedy, and patterns.

Read from shapes/rules/. This module asks nothing of a description; see vereend.verdicts for that.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from vereend import content
from vereend.patterns import Pattern, parse_pattern
from vereend.terms import NAMESPACES, PHASES, TYPE, Statement, iri, literal, local_name, term
from vereend.vocabulary import add_text, statements

Texts = dict[str, str]  # by language
SEVERITIES = {"V": "Violation", "W": "Warning", "I": "Info"}


@dataclass(frozen=True)
class Reason:
    """Why a demand fails at one step: in words for a breach, and in words for silence."""

    step: str  # IRI of the property or kind at which it fails
    broken: Texts
    silent: Texts


@dataclass(frozen=True)
class NamedPattern:
    """A prohibition or a doubt: a pattern with a name and a sentence of its own."""

    iri: str
    pattern: Pattern
    says: Texts


@dataclass(frozen=True)
class Part:
    """One set of patterns of a rule. Most rules have one."""

    iri: str
    about: Pattern
    asks: tuple[Pattern, ...]
    forbids: tuple[NamedPattern, ...]
    doubts: tuple[NamedPattern, ...]
    says: Texts
    held: Texts
    reasons: tuple[Reason, ...]

    def reason(self, step: str) -> Reason | None:
        """Give the authored reason for a step, by the IRI of its property or kind."""
        return next((reason for reason in self.reasons if reason.step == step), None)


@dataclass(frozen=True)
class CoreProperty:
    """A demand SHACL Core can say: at least one value of a property."""

    iri: str
    path: str  # in N-Triples spelling
    says: Texts
    held: Texts
    broken: Texts
    silent: Texts


@dataclass(frozen=True)
class Rule:
    """A rule of the project."""

    number: str
    slug: str
    theme: str  # concept IRI
    severities: str  # one letter a phase, in the order of PHASES; "-" where the rule does not hold
    label: Texts
    rationale: Texts
    remedy: Texts
    question: Texts
    claims: tuple[str, ...]  # "C200"
    guideline: str | None
    provisions: tuple[str, ...]
    parts: tuple[Part, ...]
    about_classes: tuple[str, ...] = ()  # a Core rule: what it judges, in N-Triples spelling
    core: tuple[CoreProperty, ...] = ()
    source: Path = field(default=Path())

    @property
    def iri(self) -> str:
        """The rule's own IRI."""
        return f"{NAMESPACES['vr']}{self.number}"

    @property
    def shape(self) -> str:
        """The IRI of the shape built from the rule."""
        return f"{NAMESPACES['vs']}{self.number}-{self.slug}"

    def severity(self, phase: str) -> str | None:
        """Give "Violation", "Warning" or "Info" for a phase; None where the rule does not hold in it."""
        return SEVERITIES.get(self.severities[PHASES.index(phase)])

    @property
    def held(self) -> list[Texts]:
        """What a description says that meets it, once, with places in braces for what is judged."""
        found = [part.held for part in self.parts if part.held] + [demand.held for demand in self.core if demand.held]
        return [texts for place, texts in enumerate(found) if texts not in found[:place]]

    @property
    def failing(self) -> list[Texts]:
        """Each way to break it, once, with places in braces."""
        found = [reason.broken for part in self.parts for reason in part.reasons if reason.broken]
        found += [forbidden.says for part in self.parts for forbidden in part.forbids if forbidden.says]
        found += [demand.broken for demand in self.core if demand.broken]
        return list({tuple(sorted(texts.items())): texts for texts in found}.values())

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The concepts and kinds of thing its patterns name, in N-Triples spelling, each once, in order."""
        patterns = [
            pattern.text
            for part in self.parts
            for pattern in (part.about, *part.asks, *(named.pattern for named in (*part.forbids, *part.doubts)))
        ]
        named = [term(name) for text in patterns for name in re.findall(r"\b(?:vc:[\w-]+|vrd:[A-Z]\w*)", text)]
        return tuple(dict.fromkeys([*self.about_classes, *named]))

    @cached_property
    def theme_slug(self) -> str:
        """The theme's short name: "oversight"."""
        return local_name(self.theme).removeprefix("theme-")


class _Source:
    """A rule file's statements, by subject and property."""

    def __init__(self, content_: Iterable[Statement]) -> None:
        self.values: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.subjects: dict[str, list[str]] = defaultdict(list)
        for subject, predicate, obj in sorted(content_):
            self.values[subject, predicate].append(obj)
            if predicate == TYPE:
                self.subjects[obj].append(subject)

    def all(self, subject: str, name: str) -> list[str]:
        return self.values[subject, term(name)]

    def one(self, subject: str, name: str) -> str | None:
        return next(iter(self.all(subject, name)), None)

    def texts(self, subject: str, name: str) -> Texts:
        found: Texts = {}
        for spelled in self.all(subject, name):
            add_text(found, spelled)
        return found

    def words(self, subject: str, name: str) -> str:
        found = literal(self.one(subject, name) or "")
        if found is None:
            raise ValueError(f"{iri(subject)} has no {name}")
        return found.value

    def pattern(self, spelled: str) -> Pattern:
        found = literal(spelled)
        if found is None:
            raise ValueError(f"not a pattern: {spelled}")
        return parse_pattern(found.value)

    def named(self, subject: str, name: str) -> tuple[NamedPattern, ...]:
        return tuple(
            NamedPattern(iri(node), self.pattern(self.all(node, "vrd:pattern")[0]), self.texts(node, "vrd:says"))
            for node in self.all(subject, name)
        )

    def part(self, node: str) -> Part:
        reasons = tuple(
            Reason(iri(self.all(r, "vrd:step")[0]), self.texts(r, "vrd:broken"), self.texts(r, "vrd:silent"))
            for r in self.all(node, "vrd:reason")
        )
        return Part(
            iri(node),
            self.pattern(self.all(node, "vrd:about")[0]),
            tuple(self.pattern(text) for text in self.all(node, "vrd:asks")),
            self.named(node, "vrd:forbids"),
            self.named(node, "vrd:doubts"),
            self.texts(node, "vrd:says"),
            self.texts(node, "vrd:held"),
            reasons,
        )

    def core(self, node: str) -> CoreProperty:
        return CoreProperty(
            iri(node),
            self.all(node, "sh:path")[0],
            *(self.texts(node, name) for name in ("vrd:says", "vrd:held", "vrd:broken", "vrd:silent")),
        )


def read_rules(path: Path) -> list[Rule]:
    """Read one rule file.

    Raises:
        ValueError: a rule lacks a part it cannot do without, or a pattern cannot be parsed.
    """
    source = _Source(statements([path]))
    found = []
    for node in source.subjects[term("vrd:Rule")]:
        parts = source.all(node, "vrd:part") or ([node] if source.all(node, "vrd:about") else [])
        shape = source.one(node, "vrd:core")
        found.append(
            Rule(
                local_name(node),
                source.words(node, "vrd:slug"),
                iri(source.one(node, "vrd:theme") or ""),
                source.words(node, "vrd:severities"),
                source.texts(node, "rdfs:label"),
                source.texts(node, "vrd:rationale"),
                source.texts(node, "vrd:remedy"),
                source.texts(node, "vrd:question"),
                tuple(local_name(claim) for claim in source.all(node, "dct:source")),
                iri(source.one(node, "vrd:guideline") or "") or None,
                tuple(iri(p) for p in source.all(node, "vrd:provision")),
                tuple(source.part(part) for part in parts),
                tuple(source.all(node, "vrd:aboutClass")),
                tuple(source.core(p) for p in source.all(shape, "sh:property")) if shape else (),
                path,
            )
        )
    return found


@cache
def rules() -> dict[str, Rule]:
    """Give all rules by number, in the order of their numbers."""
    found = [rule for path in content.turtle_files("shapes", "rules") for rule in read_rules(path)]
    return {rule.number: rule for rule in sorted(found, key=lambda rule: rule.number)}


@cache
def rule_concepts() -> frozenset[str]:
    """Give the concepts that patterns of the rules name."""
    return frozenset(name for rule in rules().values() for name in rule.terms if name.startswith(term("vc:")[:-1]))
