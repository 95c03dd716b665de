"""A description made ready to be judged: at a date, and with the benefit of the doubt.

As told, a description has beside its own statements what they entail, and `vrd:untold` at lists of which nothing is
told. In doubt it has next to what is told what may be: for each list not declared complete, one more value,
`vrd:unknown`, which may be anything. A demand that fails even with the benefit of the doubt is contradicted by the
description; one that fails only as told is not told.
"""

from collections import defaultdict
from collections.abc import Iterable, Set

from vereend.rules import rule_concepts
from vereend.terms import (
    COMPLETE_FOR,
    EVERYTHING,
    FROM,
    TYPE,
    UNTIL,
    UNTOLD,
    Statement,
    is_vrd,
    literal,
    may,
    term,
)
from vereend.vocabulary import Vocabulary, same_as_itself

_MAY_TYPE = term("may:type")
_SLICED = (FROM, UNTIL)
_LAW = {term("vrd:LegalProvision"), term("vrd:Act")}


def at_date(statements: Iterable[Statement], date: str) -> frozenset[Statement]:
    """Leave out each thing that had not begun or was over on a date, with what it says and the links to it.

    Args:
        date: ISO 8601. An end that is not told is open; `until` is the last day included.
    """
    statements = list(statements)
    gone = not_at_date(statements, date)
    return frozenset(s for s in statements if s.subject not in gone and s.object not in gone)


def not_at_date(statements: Iterable[Statement], date: str) -> set[str]:
    """Give each thing that had not begun or was over on a date (ISO 8601)."""
    gone = set()
    for subject, predicate, obj in statements:
        if predicate in _SLICED and (found := literal(obj)):
            day = found.value[:10]
            if (predicate == FROM and day > date) or (predicate == UNTIL and day < date):
                gone.add(subject)
    return gone


def in_force(statements: Iterable[Statement], provision: str, date: str) -> bool:
    """Tell whether a provision, in N-Triples spelling, holds on a date; one of which no date is told always does."""
    return provision not in not_at_date((s for s in statements if s.subject == provision), date)


def background(statements: Set[Statement], vocabulary: Vocabulary) -> set[Statement]:
    """Give what the graph knows of the provisions a description cites: the closure a rule may lean on."""
    todo = {s.object for s in statements} & vocabulary.law_of.keys()
    out: set[Statement] = set()
    while todo:
        new = set().union(*(vocabulary.law_of[name] for name in todo)) - out
        out |= new
        todo = {s.object for s in new} & vocabulary.law_of.keys()
    return out


def with_kinds(statements: Iterable[Statement], vocabulary: Vocabulary) -> set[Statement]:
    """Add to each thing the kinds its kind falls under."""
    out = set(statements)
    for subject, predicate, obj in tuple(out):
        if predicate == TYPE:
            out |= {Statement(subject, TYPE, kind) for kind in vocabulary.kinds(obj)}
    return out


def as_told(statements: Iterable[Statement], vocabulary: Vocabulary) -> set[Statement]:
    """Add to what is told the kinds of things, which lists are open and empty, and the vocabulary the rules lean on."""
    facts = _Facts(statements, vocabulary)
    out = facts.told | vocabulary.around(facts.names)
    out.update(Statement(subject, UNTOLD, name) for subject, name in facts.open if (subject, name) not in facts.links)
    return out


def in_doubt(statements: Iterable[Statement], vocabulary: Vocabulary) -> set[Statement]:
    """Give what may be: all that is told, and beside each open list the unknown.

    `vrd:everything` declares the describer's lists complete, not the law's: what a provision does is known or unknown
    whoever describes it.
    """
    facts = _Facts(statements, vocabulary)
    out = {Statement(s, _MAY_TYPE, o) for s, p, o in facts.told if p == TYPE}
    out.update(Statement(s, may(p), o) for s, p, o in facts.told if p not in (TYPE, COMPLETE_FOR) and is_vrd(p))
    linked = [s for s in facts.told if s.predicate != COMPLETE_FOR and is_vrd(s.predicate)]
    out.update(*(same_as_itself(x) for s in linked for x in (s.subject, s.object) if x[0] != '"'))
    for subject, name in facts.open:
        if name not in vocabulary.functional or (subject, name) not in facts.links:
            out |= vocabulary.anything(subject, name)
    return out | vocabulary.doubted_around(facts.names)


def prepare(statements: Iterable[Statement], vocabulary: Vocabulary) -> set[Statement]:
    """Write beside what is told what may be, and add the vocabulary the rules lean on."""
    told = list(statements)
    return as_told(told, vocabulary) | in_doubt(told, vocabulary)


class _Facts:
    """What a description tells, and which of its lists are open: (subject, property) for each."""

    def __init__(self, statements: Iterable[Statement], vocabulary: Vocabulary) -> None:
        self.told = with_kinds(statements, vocabulary)
        self.names = rule_concepts() | {x for s in self.told for x in (s.subject, s.object)}
        self.links = {(s.subject, s.predicate) for s in self.told}
        complete = {(s.subject, s.object) for s in self.told if s.predicate == COMPLETE_FOR}
        everything = any(name == EVERYTHING for _, name in complete)
        kinds: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, obj in self.told:
            if predicate == TYPE:
                kinds[subject].add(obj)
        self.open = [
            (subject, name)
            for subject, its_kinds in kinds.items()
            if not everything or its_kinds & _LAW
            for name in set().union(*(vocabulary.properties_of.get(kind, set()) for kind in its_kinds))
            if (subject, name) not in complete
        ]
