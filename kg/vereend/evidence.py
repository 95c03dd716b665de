"""Which statements a verdict rests on, and which a rule looked at.

Derived from the matches of a rule's patterns; nobody writes evidence down. A *ground* is one match spelled as
statements. What was *looked at* is wider: each statement met on the way, also where it did not match, since another
value there might have. Statements neither rested on nor looked at are unchecked.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rdflib import RDF, URIRef, Variable
from rdflib.paths import AlternativePath, MulPath
from rdflib.paths import Path as RdfPath

from vereend.patterns import Pattern, Step, listing, untold_lists
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
    def by_predicate(self) -> dict[str, list[Statement]]:
        """What is told or known or fixed, by property, for walking."""
        found: dict[str, list[Statement]] = {}
        for statement in self.known | self.vocabulary.shared:
            found.setdefault(statement.predicate, []).append(statement)
        return found

    def solutions(self, pattern: str, row: Row | None = None) -> list[Row]:
        """Give all solutions of a pattern that agree with a row, in a stable order."""
        values = dict(row or {})
        query = SPARQL_PREFIXES + "SELECT * WHERE {" + pattern.replace("$this", "?this") + "}"
        answer = self.store.query(query, substitutions=_bindings(values))
        assert isinstance(answer, ox.QuerySolutions)
        names = [variable.value for variable in answer.variables]
        found = []
        for solution in answer:
            new = {name: str(solution[name]) for name in names if solution[name] is not None} | values
            found.append(new)
        return sorted(found, key=lambda r: sorted(r.items()))

    def holds(self, pattern: str, row: Row) -> bool:
        """Tell whether a pattern has any solution that agrees with a row."""
        query = SPARQL_PREFIXES + "ASK {" + pattern.replace("$this", "?this") + "}"
        return bool(self.store.query(query, substitutions=_bindings(row)))

    def kind_statements(self, name: str, kind: str | None = None) -> set[Statement]:
        """Give what is told of a thing's kind, if it falls under the kind asked for."""
        return {
            s
            for s in self.by_predicate.get(TYPE, ())
            if s.subject == name and (kind is None or kind in self.vocabulary.kinds(s.object))
        }


def _bindings(row: Row) -> dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
    return {ox.Variable(name): ox.NamedNode(iri(term)) for name, term in row.items() if term.startswith("<")}


def _n3(node: object, row: Row) -> str | None:
    if isinstance(node, Variable):
        return row.get(str(node))
    return str(node.n3())  # type: ignore[attr-defined]


def _edges(matter: Matter, start: str, path: RdfPath, end: str | None) -> set[Statement]:
    """Give the statements on any walk along a path; all that can be reached where no end is given."""
    inner = path.path if isinstance(path, MulPath) else path
    properties = inner.args if isinstance(inner, AlternativePath) else [inner]
    edges = {s for p in properties if isinstance(p, URIRef) for s in matter.by_predicate.get(f"<{p}>", ())}

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
        subject, obj = _n3(step.subject, row), _n3(step.object, row)
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
        out |= _walk(matter, {"this": this}, part.about.steps)
        for row in matter.solutions(part.about.text, {"this": this}):
            patterns = [*part.asks, *(p.pattern for p in part.forbids), *(listing(p.pattern) for p in part.doubts)]
            for pattern in patterns:
                out |= _walk(matter, row, pattern.steps)
                for negation in pattern.negations:
                    out |= _walk(matter, row, pattern.steps + negation.steps)
    return out & matter.told


def always_looked_at(told: Set[Statement]) -> set[Statement]:
    """Give the statements every judgement reads: kinds, phase, dates, and which lists are complete."""
    return {s for s in told if s.predicate in (TYPE, PHASE, FROM, UNTIL, COMPLETE_FOR)}


def _walk(matter: Matter, start: Row, steps: Iterable[Step]) -> set[Statement]:
    """Walk triple patterns outward from what is bound and collect each statement met."""
    out: set[Statement] = set()
    rows, todo = [start], list(steps)
    while todo and rows:
        bound = set(rows[0])
        step = next(
            (
                s
                for s in todo
                if any(not isinstance(x, Variable) or str(x) in bound for x in (s.subject, s.object))
                and not (s.predicate == RDF.type and isinstance(s.subject, Variable) and str(s.subject) not in bound)
            ),
            None,
        )
        if step is None:
            break
        todo.remove(step)
        following: list[Row] = []
        for row in rows:
            subject, obj = _n3(step.subject, row), _n3(step.object, row)
            if isinstance(step.predicate, RdfPath):
                if subject is None:
                    continue
                edges = _edges(matter, subject, step.predicate, None)
                out |= edges
                ends = {s.object for s in edges} | ({subject} if getattr(step.predicate, "mod", "") == "*" else set())
                following += [row | {str(step.object): end} for end in ends if obj in (None, end)]
            elif step.predicate == RDF.type:
                if subject is not None and matter.kind_statements(subject, obj):
                    following.append(row)
            else:
                for s in matter.by_predicate.get(f"<{step.predicate}>", ()):
                    # A value that does not match was looked at too: another value there might have matched.
                    if (subject is not None and s.subject == subject) or (subject is None and s.object == obj):
                        out.add(s)
                        if obj in (None, s.object):
                            new = dict(row)
                            if isinstance(step.subject, Variable):
                                new[str(step.subject)] = s.subject
                            if isinstance(step.object, Variable):
                                new[str(step.object)] = s.object
                            following.append(new)
        unique = {tuple(sorted(row.items())) for row in following}
        rows = [dict(items) for items in sorted(unique)]
    return out
