"""A description judged again and again, each time a little different, and only as far as is needed.

`failing` matches the patterns of the rules itself: several times quicker than an engine for SHACL, and it tells which
pattern fails. `reported` asks the engine, for what is to be relied on (tests/test_repairs.py holds the two against each
other).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from vereend import readings, shapes
from vereend.changes import Change
from vereend.evidence import Matter
from vereend.reported import reported
from vereend.rules import Part, Rule
from vereend.terms import COMPLETE_FOR, EVERYTHING, FROM, TYPE, UNTIL, Statement, local_name, term
from vereend.validation import split
from vereend.vocabulary import Vocabulary

_NO_READING = Change()


# What a kind or a date changes may be found by any rule.
_TOUCH_ALL = {TYPE, FROM, UNTIL, EVERYTHING}


class Lack(NamedTuple):
    """One breach or silence. Focus and value are in N-Triples spelling."""

    rule: str  # by number
    focus: str
    value: str  # what is judged; for a rule in SHACL Core the property that is missing


class Failure(NamedTuple):
    """One pattern of a rule that fails or finds something: why a lack is one. A lack may have several."""

    rule: str
    focus: str
    value: str
    check: str  # the pattern, by name; for a rule in SHACL Core the property

    @property
    def lack(self) -> Lack:
        """What it is a reason for."""
        return Lack(self.rule, self.focus, self.value)


class Trial:
    """One partnership on trial, at a date and in a phase.

    Args:
        reading: what the reading held to asserts, and what tells of readings and is no part of the description proper.
    """

    def __init__(
        self,
        partnership: str,
        vocabulary: Vocabulary,
        *,
        date: str,
        phase: str,
        rules: Sequence[Rule],
        engine: str,
        reading: Change = _NO_READING,
    ) -> None:
        self._reading = reading
        self.this, self.vocabulary, self.date, self.phase, self.engine = partnership, vocabulary, date, phase, engine
        self.rules = {rule.number: rule for rule in rules if rule.severity(phase)}
        self._numbers = tuple(rule.number for rule in rules)
        self._demands = {d.iri: (rule.number, d.path) for rule in self.rules.values() for d in rule.core}
        self._by_shape = {rule.shape: rule.number for rule in self.rules.values() if not rule.core}
        self._mentioned = {rule.number: _mentioned(rule) for rule in self.rules.values()}
        self._last: tuple[frozenset[Statement], dict[str, set[Failure]]] = (frozenset(), {})
        # The same description is looked at for several reasons in a row.
        self.matter = lru_cache(4)(self._matter)
        self.lacks = lru_cache(16)(self._lacks)

    def _matter(self, statements: frozenset[Statement]) -> Matter:
        """Prepare what a description tells of this partnership, for the date."""
        statements = self._reading.on(statements)
        statements = split(statements).get(self.this, statements)
        known = readings.at_date(statements | readings.background(statements, self.vocabulary), self.date)
        return Matter(statements & known, known, self.vocabulary)

    def _lacks(self, statements: frozenset[Statement]) -> frozenset[Lack]:
        """Give every breach and silence."""
        found = self._failing(statements, self.rules)
        self._last = statements, found
        return frozenset(failure.lack for failures in found.values() for failure in failures)

    def reported(self, statements: frozenset[Statement]) -> frozenset[Lack]:
        """Give every breach and silence, as the engine finds them."""
        found: set[Lack] = set()
        for result in reported(self.matter(statements), self.phase, self._numbers, self.engine):
            shape = result.shape.removesuffix(shapes.UNTOLD_SUFFIX)
            if shape in self._demands:
                number, path = self._demands[shape]
                found.add(Lack(number, result.focus, path))
            elif shape in self._by_shape and result.focus == self.this:
                found.add(Lack(self._by_shape[shape], result.focus, result.value or result.focus))
        return frozenset(found)

    def failing(self, statements: frozenset[Statement], numbers: Iterable[str]) -> set[Failure]:
        """Give every pattern of some rules that fails, or finds what it should not."""
        return set().union(*self._failing(statements, numbers).values())

    def _failing(self, statements: frozenset[Statement], numbers: Iterable[str]) -> dict[str, set[Failure]]:
        """Give what fails, by rule. One that mentions nothing of what changed since `lacks` finds what it found."""
        last, known = self._last
        changed = {s.object if s.predicate == COMPLETE_FOR else s.predicate for s in statements ^ last}
        if changed & _TOUCH_ALL:
            known = {}
        return {
            number: known[number]
            if number in known and not changed & self._mentioned[number]
            else self._by_rule(self.rules[number], self.matter(statements))
            for number in numbers
        }

    def _by_rule(self, rule: Rule, matter: Matter) -> set[Failure]:
        found: set[Failure] = self._core(rule, matter) if rule.core else set()
        for part in rule.parts:
            found |= {Failure(rule.number, self.this, value, check) for value, check in self._part(part, matter)}
        return found

    def _part(self, part: Part, matter: Matter) -> Iterable[tuple[str, str]]:
        for row in matter.solutions(part.about.text, {"this": self.this}):
            value = row.get("value", self.this)
            for check, demand in zip(shapes.demand_names(part), part.asks, strict=True):
                if not matter.holds(demand.text, row):
                    yield value, check
            for named in (*part.forbids, *part.doubts):
                if matter.holds(named.pattern.text, row):
                    yield value, local_name(named.iri)

    def _core(self, rule: Rule, matter: Matter) -> set[Failure]:
        things = {s.subject for s in matter.told if s.predicate == TYPE}
        things = {x for x in things if any(matter.kind_statements(x, kind) for kind in rule.about_classes)}
        return {
            Failure(rule.number, thing, demand.path, demand.path)
            for thing in things
            for demand in rule.core
            if not matter.index.outward.get((demand.path, thing))
        }


def _mentioned(rule: Rule) -> frozenset[str]:
    """Give the properties that a rule mentions."""
    texts = [
        pattern.text
        for part in rule.parts
        for pattern in (part.about, *part.asks, *(named.pattern for named in (*part.forbids, *part.doubts)))
    ]
    named = {term(name) for text in texts for name in re.findall(r"\bvrd:\w+", text)}
    return frozenset(named | {demand.path for demand in rule.core})
