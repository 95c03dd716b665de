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

from vereend import readings
from vereend.patterns import Pattern, Step, Walk, listing, plan, untold_lists, walkable
from vereend.rules import Part, Rule
from vereend.terms import (
    COMPLETE_FOR,
    EVERYTHING,
    FROM,
    LITERAL,
    PHASE,
    SPARQL_PREFIXES,
    TYPE,
    UNTIL,
    Statement,
    iri,
    literal,
)
from vereend.vocabulary import Vocabulary, closure

Row = dict[str, str]  # variable -> term in N-Triples spelling


class Index:
    """Statements by property, and by property and subject or object."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.outward: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        self.inward: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        self.of_property: dict[str, list[Statement]] = defaultdict(list)
        for statement in statements:
            subject, predicate, obj = statement
            self.outward[predicate, subject].append(statement)
            self.inward[predicate, obj].append(statement)
            self.of_property[predicate].append(statement)


@dataclass(frozen=True)
class Matter:
    """A description of one partnership, with what is needed to ask it things.

    What may be is several times as much as what is told, and seldom asked for: it is made when it is.
    """

    told: frozenset[Statement]  # what the description says, at the date
    known: frozenset[Statement]  # and what the graph knows of the provisions it cites
    vocabulary: Vocabulary

    @cached_property
    def as_told(self) -> set[Statement]:
        """The description as it stands, with the vocabulary it leans on."""
        return readings.as_told(self.known, self.vocabulary)

    @cached_property
    def in_doubt(self) -> set[Statement]:
        """What may be."""
        return readings.in_doubt(self.known, self.vocabulary)

    @property
    def prepared(self) -> set[Statement]:
        """The description in both readings."""
        return self.as_told | self.in_doubt

    @cached_property
    def index(self) -> Index:
        """The description as it stands."""
        return Index(self.as_told)

    @cached_property
    def index_in_doubt(self) -> Index:
        """What may be."""
        return Index(self.in_doubt)

    @cached_property
    def _walked(self) -> dict[tuple[tuple[Step, ...], tuple[tuple[str, str], ...]], tuple[list[Row], set[Statement]]]:
        """What was found before: a rule's patterns are walked for its verdict, and for what it looked at."""
        return {}

    @cached_property
    def store(self) -> ox.Store:
        """The prepared statements, to be queried."""
        store = ox.Store()
        text = "".join(f"{s} {p} {o} .\n" for s, p, o in self.prepared)
        store.bulk_extend(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
        return store

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
            if pattern.holds(row) and not any(self.walk(row, steps)[0] for steps in pattern.absent)
        ]

    def walk(self, start: Row, steps: tuple[Step, ...]) -> tuple[list[Row], set[Statement]]:
        """Match triple patterns one by one, outward from what is bound.

        Much faster than a query for each of many small patterns, and it sees what a query does not tell: what was met.

        Returns:
            the solutions, in a stable order; and each statement met on the way, also where it did not match, since
            another value there might have matched.
        """
        key = (steps, tuple(start.items()))
        if (found := self._walked.get(key)) is None:
            found = self._walked[key] = self._walk(start, steps)
        return found

    def _walk(self, start: Row, steps: tuple[Step, ...]) -> tuple[list[Row], set[Statement]]:
        met: set[Statement] = set()
        rows = [start]
        for step in plan(steps, frozenset(start)):
            match = self._along if step.is_path else self._across
            rows = [new for row in rows for new in match(step, row, met)]
            if not rows:
                return [], met
        unique = {tuple(sorted(row.items())) for row in rows}
        return [dict(items) for items in sorted(unique)], met

    def _across(self, step: Step, row: Row, met: set[Statement]) -> Iterable[Row]:
        """Match one triple pattern with a plain property."""
        fixed_subject, predicate, fixed_object = step.spelled
        of_subject, of_object = step.variables
        subject, obj = fixed_subject or row.get(of_subject), fixed_object or row.get(of_object)
        assert predicate is not None
        index = self.index_in_doubt if step.doubtful else self.index
        if subject is not None:
            candidates = index.outward.get((predicate, subject), ())
        elif obj is not None:
            candidates = index.inward.get((predicate, obj), ())
        else:
            candidates = index.of_property.get(predicate, ())
        if predicate != TYPE:
            met.update(candidates)
        if subject is not None:
            if obj is None:
                return [{**row, of_object: s.object} for s in candidates]
            return [row] if any(s.object == obj for s in candidates) else []
        if obj is not None:
            return [{**row, of_subject: s.subject} for s in candidates]
        return [
            {**row, of_subject: s.subject, of_object: s.object}
            for s in candidates
            if of_subject != of_object or s.subject == s.object
        ]

    def _along(self, step: Step, row: Row, met: set[Statement]) -> Iterable[Row]:
        """Match one triple pattern with a path over one or more properties, from a subject that is bound."""
        subject, obj = _ends(step, row)
        if subject is None or not isinstance(step.predicate, RdfPath):
            raise ValueError(f"a path must start from something bound: {step}")
        edges = _edges(self, subject, step.predicate, None)
        met |= edges
        ends = {s.object for s in edges} | ({subject} if getattr(step.predicate, "mod", "") == "*" else set())
        return [row if obj else row | {step.variables[1]: end} for end in ends if obj in (None, end)]

    def kind_statements(self, name: str, kind: str | None = None) -> set[Statement]:
        """Give what is told of a thing's kind, if it falls under the kind asked for."""
        return {
            s
            for s in self.index.outward.get((TYPE, name), ())
            if s in self.known and (kind is None or kind in self.vocabulary.kinds(s.object))
        }


def _bindings(row: Row) -> dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
    return {ox.Variable(name): _node(value) for name, value in row.items()}


def _node(spelled: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if spelled.startswith("<"):
        return ox.NamedNode(iri(spelled))
    if (found := LITERAL.fullmatch(spelled)) and (text := literal(spelled)):
        datatype = ox.NamedNode(found["datatype"]) if found["datatype"] else None
        return ox.Literal(text.value, language=found["lang"], datatype=datatype)
    return ox.BlankNode(spelled.removeprefix("_:"))


def _ends(step: Step, row: Row) -> tuple[str | None, str | None]:
    """Give the subject and the object of a step where they are fixed or bound by a row."""
    subject, _, obj = step.spelled
    return subject or row.get(step.variables[0]), obj or row.get(step.variables[1])


def _edges(matter: Matter, start: str, path: RdfPath, end: str | None) -> set[Statement]:
    """Give the statements on any walk along a path; all that can be reached where no end is given."""
    inner = path.path if isinstance(path, MulPath) else path
    properties = inner.args if isinstance(inner, AlternativePath) else [inner]
    names = {f"<{p}>" for p in properties if isinstance(p, URIRef)}
    edges = {s for name in names for s in matter.index.of_property.get(name, ())}

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
        subject, obj = _ends(step, row)
        if subject is None or obj is None:
            continue
        if step.predicate == RDF.type:
            out |= matter.kind_statements(subject, obj)
        elif isinstance(step.predicate, RdfPath):
            out |= _edges(matter, subject, step.predicate, obj)
        else:
            out.add(Statement(subject, step.spelled[1] or "", obj))
    return out & matter.known


def lists_ranged_over(matter: Matter, part: Part, row: Row) -> set[Statement]:
    """Give what a doubt would have missed: the lists it asks about, and that they are complete.

    For a negative condition the evidence is not an absence but the list that was gone through.
    """
    out: set[Statement] = set()
    for doubt in part.doubts:
        told = listing(doubt.pattern)
        for solution in matter.solutions(told.text, row):
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
