"""Which statements a verdict rests on, and which a rule looked at.

Derived from the matches of a rule's patterns; nobody writes evidence down. A *ground* is one match spelled as
statements. What was *looked at* is wider: each statement met on the way, also where it did not match, since another
value there might have. Statements neither rested on nor looked at are unchecked.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rdflib import RDF, URIRef
from rdflib.paths import AlternativePath, MulPath
from rdflib.paths import Path as RdfPath

from vereend.patterns import Pattern, Step, Walk, listing, plan, untold_lists, walkable
from vereend.rules import Part, Rule
from vereend.terms import COMPLETE_FOR, EVERYTHING, FROM, PHASE, SPARQL_PREFIXES, TYPE, UNTIL, Statement, iri
from vereend.vocabulary import Vocabulary, closure

Row = dict[str, str]  # variable -> term in N-Triples spelling


@dataclass(frozen=True)
class Matter:
    """A prepared description of one partnership, with what is needed to ask it things."""

    told: frozenset[Statement]  # what the description says, at the date
    known: frozenset[Statement]  # and what the graph knows of the provisions it cites
    prepared: frozenset[Statement]
    vocabulary: Vocabulary

    @cached_property
    def store(self) -> ox.Store:
        """The prepared statements, to be queried."""
        store = ox.Store()
        text = "".join(f"{s} {p} {o} .\n" for s, p, o in self.prepared)
        store.bulk_extend(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
        return store

    @cached_property
    def outward(self) -> dict[tuple[str, str], list[Statement]]:
        """The prepared statements by property and subject."""
        found: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        for statement in self.prepared:
            found[statement.predicate, statement.subject].append(statement)
        return found

    @cached_property
    def of_property(self) -> dict[str, list[Statement]]:
        """The prepared statements by property."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.prepared:
            found[statement.predicate].append(statement)
        return found

    @cached_property
    def inward(self) -> dict[tuple[str, str], list[Statement]]:
        """The prepared statements by property and object."""
        found: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        for statement in self.prepared:
            found[statement.predicate, statement.object].append(statement)
        return found

    def solutions(self, pattern: str, row: Row | None = None) -> list[Row]:
        """Give all solutions of a pattern that agree with a row, in a stable order."""
        values = dict(row or {})
        if (found := walkable(pattern)) is not None:
            return self._solve(found, values)
        query = SPARQL_PREFIXES + "SELECT * WHERE {" + pattern.replace("$this", "?this") + "}"
        answer = self.store.query(query, substitutions=_bindings(values))
        assert isinstance(answer, ox.QuerySolutions)
        names = [variable.value for variable in answer.variables]
        rows = [
            {name: str(solution[name]) for name in names if solution[name] is not None} | values for solution in answer
        ]
        return sorted(rows, key=lambda r: sorted(r.items()))

    def holds(self, pattern: str, row: Row) -> bool:
        """Tell whether a pattern has any solution that agrees with a row."""
        if (found := walkable(pattern)) is not None:
            return bool(self._solve(found, row))
        query = SPARQL_PREFIXES + "ASK {" + pattern.replace("$this", "?this") + "}"
        return bool(self.store.query(query, substitutions=_bindings(row)))

    def _solve(self, pattern: Walk, start: Row) -> list[Row]:
        return [
            row
            for row in self.walk(start, pattern.steps)[0]
            if all(row[one] != row[other] for one, other in pattern.unequal)
            and not any(self.walk(row, steps)[0] for steps in pattern.absent)
        ]

    def walk(self, start: Row, steps: tuple[Step, ...]) -> tuple[list[Row], set[Statement]]:
        """Match triple patterns one by one, outward from what is bound.

        Much faster than a query for each of many small patterns, and it sees what a query does not tell: what was met.

        Returns:
            the solutions, in a stable order; and each statement met on the way, also where it did not match, since
            another value there might have matched.
        """
        met: set[Statement] = set()
        rows = [start]
        for step in plan(steps, frozenset(start)):
            match = self._along if isinstance(step.predicate, RdfPath) else self._across
            rows = [new for row in rows for new in match(step, row, met)]
            if not rows:
                break
        unique = {tuple(sorted(row.items())) for row in rows}
        return [dict(items) for items in sorted(unique)], met

    def _across(self, step: Step, row: Row, met: set[Statement]) -> Iterable[Row]:
        """Match one triple pattern with a plain property."""
        subject, obj = _value(step, 0, row), _value(step, 2, row)
        predicate = step.spelled[1] or ""
        if predicate == TYPE and subject is not None and obj is not None:
            return [row] if Statement(subject, TYPE, obj) in self.prepared else []
        if subject is not None:
            candidates = self.outward.get((predicate, subject), [])
        elif obj is not None:
            candidates = self.inward.get((predicate, obj), [])
        else:
            candidates = self.of_property.get(predicate, [])
        if predicate != TYPE:
            met.update(candidates)
        out = []
        for s in candidates:
            if obj in (None, s.object):
                new = dict(row)
                if subject is None:
                    new[str(step.subject)] = s.subject
                if obj is None and new.setdefault(str(step.object), s.object) != s.object:
                    continue
                out.append(new)
        return out

    def _along(self, step: Step, row: Row, met: set[Statement]) -> Iterable[Row]:
        """Match one triple pattern with a path over one or more properties, from a subject that is bound."""
        subject, obj = _value(step, 0, row), _value(step, 2, row)
        if subject is None or not isinstance(step.predicate, RdfPath):
            raise ValueError(f"a path must start from something bound: {step}")
        edges = _edges(self, subject, step.predicate, None)
        met |= edges
        ends = {s.object for s in edges} | ({subject} if getattr(step.predicate, "mod", "") == "*" else set())
        return [row if obj else row | {str(step.object): end} for end in ends if obj in (None, end)]

    def kind_statements(self, name: str, kind: str | None = None) -> set[Statement]:
        """Give what is told of a thing's kind, if it falls under the kind asked for."""
        return {
            s
            for s in self.outward.get((TYPE, name), ())
            if s in self.known and (kind is None or kind in self.vocabulary.kinds(s.object))
        }


def _bindings(row: Row) -> dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
    return {ox.Variable(name): ox.NamedNode(iri(term)) for name, term in row.items() if term.startswith("<")}


def _value(step: Step, place: int, row: Row) -> str | None:
    """Give the subject (0) or object (2) of a step where it is fixed or bound by a row."""
    return step.spelled[place] or row.get(str(step.subject if place == 0 else step.object))


def _edges(matter: Matter, start: str, path: RdfPath, end: str | None) -> set[Statement]:
    """Give the statements on any walk along a path; all that can be reached where no end is given."""
    inner = path.path if isinstance(path, MulPath) else path
    properties = inner.args if isinstance(inner, AlternativePath) else [inner]
    names = {f"<{p}>" for p in properties if isinstance(p, URIRef)}
    edges = {s for name in names for s in matter.of_property.get(name, ())}

    onward: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for s in edges:
        onward.setdefault(s.subject, set()).add(s.object)
        back.setdefault(s.object, set()).add(s.subject)
    ahead = closure(start, onward)
    behind = closure(end, back) if end else None
    return {s for s in edges if s.subject in ahead and (behind is None or s.object in behind)}


def ground(matter: Matter, pattern: Pattern, row: Row) -> set[Statement]:
    """Spell one solution of a pattern as the statements it rests on."""
    out: set[Statement] = set()
    for step in pattern.steps:
        subject, obj = _value(step, 0, row), _value(step, 2, row)
        if subject is None or obj is None:
            continue
        if step.predicate == RDF.type:
            out |= matter.kind_statements(subject, obj)
        elif isinstance(step.predicate, RdfPath):
            out |= _edges(matter, subject, step.predicate, obj)
        else:
            out.add(Statement(subject, f"<{step.predicate}>", obj))
    return out & matter.known


def lists_ranged_over(matter: Matter, part: Part, row: Row) -> set[Statement]:
    """Give what a doubt would have missed: the lists it asks about, and that they are complete.

    For a negative condition the evidence is not an absence but the list that was gone through.
    """
    out: set[Statement] = set()
    for doubt in part.doubts:
        told = listing(doubt.pattern)
        for solution in matter.solutions(part.about.text + told.text, row):
            out |= ground(matter, told, solution)
        for _, name in untold_lists(doubt.pattern):
            out |= {s for s in matter.told if s.predicate == COMPLETE_FOR and s.object in (name, EVERYTHING)}
    return out


def looked_at(matter: Matter, rule: Rule, this: str) -> set[Statement]:
    """Give every statement a rule looks at in one partnership, also where it found nothing."""
    out: set[Statement] = set()
    if rule.core:
        for name in {s.subject for s in matter.told if s.predicate == TYPE}:
            if any(matter.kind_statements(name, kind) for kind in rule.about_classes):
                paths = {demand.path for demand in rule.core}
                out |= {s for s in matter.told if s.subject == name and s.predicate in paths}
        return out
    for part in rule.parts:
        rows, met = matter.walk({"this": this}, part.about.steps)
        out |= met
        patterns = [*part.asks, *(p.pattern for p in part.forbids), *(listing(p.pattern) for p in part.doubts)]
        for row in rows:
            for pattern in patterns:
                out |= matter.walk(row, pattern.steps)[1]
                for negation in pattern.negations:
                    out |= matter.walk(row, pattern.steps + negation.steps)[1]
    return out & matter.told


def always_looked_at(told: Set[Statement]) -> set[Statement]:
    """Give the statements every judgement reads: kinds, phase, dates, and which lists are complete."""
    return {s for s in told if s.predicate in (TYPE, PHASE, FROM, UNTIL, COMPLETE_FOR)}
