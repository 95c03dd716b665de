"""A description made ready to be judged: at a date, and with the benefit of the doubt.

Next to what is told, a preparation writes what may be: for each list not declared complete, one more value,
`vrd:unknown`, which may be anything. `vrd:untold` marks lists of which nothing is told. A demand that fails even with
the benefit of the doubt is contradicted by the description; one that fails only as told is not told.
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


def prepare(statements: Iterable[Statement], vocabulary: Vocabulary) -> set[Statement]:
    """Write beside what is told what may be, and add the vocabulary the rules lean on.

    `vrd:everything` declares the describer's lists complete, not the law's: what a provision does is known or unknown
    whoever describes it.
    """
    told_here = with_kinds(statements, vocabulary)
    kinds: dict[str, set[str]] = defaultdict(set)
    told: set[tuple[str, str]] = set()
    complete: set[tuple[str, str]] = set()
    named: set[str] = set()
    out = set(told_here)
    everything = any(p == COMPLETE_FOR and o == EVERYTHING for _, p, o in told_here)
    for subject, predicate, obj in told_here:
        if predicate == TYPE:
            kinds[subject].add(obj)
            out.add(Statement(subject, _MAY_TYPE, obj))
        elif predicate == COMPLETE_FOR:
            complete.add((subject, obj))
        elif is_vrd(predicate):
            told.add((subject, predicate))
            named |= {subject, obj}
            out.add(Statement(subject, may(predicate), obj))
    for name in named:
        if name[0] != '"':
            out |= same_as_itself(name)
    for subject, its_kinds in kinds.items():
        for name in set().union(*(vocabulary.properties_of.get(kind, set()) for kind in its_kinds)):
            if (subject, name) in complete or (everything and not its_kinds & _LAW):
                continue
            if (subject, name) not in told:
                out.add(Statement(subject, UNTOLD, name))
            if name not in vocabulary.functional or (subject, name) not in told:
                out |= vocabulary.anything(subject, name)
    return out | vocabulary.around(rule_concepts() | {x for s in told_here for x in (s.subject, s.object)})
