"""Where a thing is used: which rules look at it, which descriptions hold it, which stored questions ask for it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from vereend.rules import Rule, rules
from vereend.stored_queries import queries
from vereend.terms import iri, prefixed

if TYPE_CHECKING:
    from vereend.knowledge import Knowledge

_TERM = re.compile(r"\b(?:vrd|vc):[\w-]*\w")


@dataclass(frozen=True)
class Uses:
    """Where a thing is used."""

    rules: tuple[str, ...]  # numbers of the rules whose patterns name it
    cases: tuple[str, ...]  # short names of the descriptions that hold it, those of the report first
    queries: tuple[str, ...]  # names of the stored questions that name it


def uses(knowledge: "Knowledge", name: str) -> Uses:
    """Tell where a thing is used, by its IRI; what stands in one description only is used in none other."""
    spelled = f"<{name}>"
    cases = sorted(knowledge.cases.values(), key=lambda case: (case.fictional, case.slug))
    holding = [case.slug for case in cases if any(spelled in statement for statement in case.description.statements)]
    short = prefixed(name)
    return Uses(_in_rules().get(short, ()), tuple(holding), _in_queries().get(short, ()))


def query_for(name: str, kind: str, is_class: bool = False) -> str:
    """Write a query that asks the graph about a thing, for a reader to change.

    Args:
        name: an IRI.
        kind: as in Knowledge.kind.
        is_class: for a term: a class, whose things are asked for; else a property, whose pairs are.
    """
    short = prefixed(name)
    subject = short if short != name else f"<{name}>"
    if kind == "term" and is_class:
        return f"SELECT DISTINCT ?thing ?label WHERE {{\n  ?thing a {subject} .\n" + _labelled("thing")
    if kind == "term":
        return (
            f"SELECT DISTINCT ?subject ?value WHERE {{\n  ?subject {subject} ?value .\n}}\nORDER BY ?subject ?value\n"
        )
    if kind in ("concept", "scheme"):
        return f"SELECT DISTINCT ?thing ?property ?label WHERE {{\n  ?thing ?property {subject} .\n" + _labelled(
            "thing"
        )
    return f"SELECT DISTINCT ?property ?value WHERE {{\n  {subject} ?property ?value .\n}}\nORDER BY ?property ?value\n"


def _labelled(variable: str) -> str:
    label = f"OPTIONAL {{ ?{variable} skos:prefLabel|rdfs:label ?label . FILTER (LANG(?label) = 'nl') }}"
    return f"  {label}\n}}\nORDER BY ?{variable}\n"


@cache
def _in_rules() -> dict[str, tuple[str, ...]]:
    return _turned((number, _terms_of(rule)) for number, rule in rules().items())


@cache
def _in_queries() -> dict[str, tuple[str, ...]]:
    return _turned((query.name, _TERM.findall(query.text)) for query in queries())


def _terms_of(rule: Rule) -> Iterable[str]:
    texts = [prefixed(iri(one)) for one in (*rule.about_classes, *(demand.path for demand in rule.core))]
    for part in rule.parts:
        texts.append(part.about.text)
        texts += [demand.text for demand in part.asks]
        texts += [one.pattern.text for one in (*part.forbids, *part.doubts)]
    return _TERM.findall("\n".join(texts))


def _turned(pairs: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for user, terms in pairs:
        for term in terms:
            found[term].add(user)
    return {term: tuple(sorted(users)) for term, users in found.items()}
