"""The cheapest ways in which a description could come to match a pattern: what would have to be told, and by whom.

A pattern is walked step by step. Each step is matched by what is told, or by something that might be told: a link to a
thing the description already has, a concept of the right list, or a gap that only its author can fill. Ways with fewer
statements come first. Nothing here judges; whoever uses a completion validates it (see vereend.repairs).
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from rdflib import RDF, Variable
from rdflib.paths import Path as RdfPath

from vereend.patterns import Pattern, Step
from vereend.terms import COMPLETE_FOR, NAMESPACES, TYPE, WITHIN, Statement, is_vrd, literal, term
from vereend.vocabulary import Vocabulary

_ACTOR = term("vrd:Actor")
_CONCEPT = term("skos:Concept")
_BOOLEAN = term("xsd:boolean")
FILL_IN = "urn:vereend:fill-in:"  # what stands for something new is named under this, until it has a name
_LIMIT = 400  # ways looked into before a pattern is given up; only very wide patterns come near it


@dataclass(frozen=True)
class Gap:
    """A place in a statement that something has to be filled in at. In statements it stands as "?name"."""

    name: str
    predicate: str  # the property it is the value of, in N-Triples spelling
    kinds: frozenset[str] = frozenset()  # classes it may be of; empty for a concept or words
    choices: tuple[str, ...] = ()  # what of the vocabulary or the description fits, best first
    settled: bool = False  # the first choice is the only one, or plainly the best
    datatype: str = ""  # of words, a number or a date; "" for a thing or concept

    @property
    def mark(self) -> str:
        """How it stands in a statement."""
        return f"?{self.name}"


@dataclass(frozen=True)
class Completion:
    """What to tell, and what to tell no longer, so that a pattern matches. Marks of gaps stand in the statements."""

    add: frozenset[Statement]
    remove: frozenset[Statement] = frozenset()
    gaps: tuple[Gap, ...] = ()
    dearer: int = 0  # what makes it less welcome than its size tells: a claim that there is none

    @property
    def cost(self) -> int:
        """How much it asks: statements to add and to remove, and kinds of new things."""
        new = sum(not gap.choices and bool(gap.kinds) for gap in self.gaps)
        return len(self.add) + len(self.remove) + new + self.dearer


class Facts:
    """What is told and known, looked up by subject and by object."""

    def __init__(self, told: Iterable[Statement], known: Iterable[Statement], vocabulary: Vocabulary) -> None:
        self.told, self.vocabulary = frozenset(told), vocabulary
        self.objects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.kinds: dict[str, set[str]] = defaultdict(set)
        self.linked: set[str] = set()
        self.described = {s.subject for s in self.told}
        for s, p, o in sorted(self.told | frozenset(known)):
            self.objects[s, p].append(o)
            self.subjects[p, o].append(s)
            if p == TYPE:
                self.kinds[s] |= vocabulary.kinds(o)
            elif p != COMPLETE_FOR:
                self.linked.add(o)

    def editable(self, name: str) -> bool:
        """Tell whether a description may say something of a thing: not of terms, nor of what the law does."""
        fixed = (self.vocabulary.concepts, self.vocabulary.law_of)
        return name.startswith("<") and not is_vrd(name) and not any(name in names for names in fixed)

    def takes(self, name: str, predicate: str) -> bool:
        """Tell whether a property may be told of a thing."""
        kinds = self.kinds.get(name, set())
        return not kinds or any(predicate in self.vocabulary.properties_of.get(kind, ()) for kind in kinds)

    def holds(self, subject: str, predicate: str, obj: str) -> bool:
        """Tell whether something is told, known or fixed."""
        key = (subject, predicate)
        return obj in self.objects.get(key, ()) or obj in self.vocabulary.fixed.get(key, ())

    def of_kind(self, kinds: Iterable[str]) -> list[str]:
        """Give the things of a description that fall under one of these kinds: what nothing points to comes first."""
        wanted = set(kinds)
        found = [name for name, its in self.kinds.items() if its & wanted and name in self.described]
        cited = [name for name, its in self.kinds.items() if its & wanted and name not in self.described]
        return sorted(found, key=lambda n: (n in self.linked, n)) + sorted(n for n in cited if n in self.linked)


def gap_for(facts: Facts, predicate: str, name: str, subject: str = "") -> tuple[Gap, list[str]]:
    """Make the gap for a value of a property, and give the things of the description that could fill it."""
    known = facts.vocabulary
    range_ = known.ranges.get(predicate, "")
    if predicate in known.value_scheme:
        used = {o for s, p, o in facts.told}
        told_here = set(facts.objects.get((subject, predicate), ()))
        choices = sorted(
            known.values_of(predicate) - told_here, key=lambda c: (c not in used, c not in known.broader, c)
        )
        return Gap(name, predicate, choices=tuple(choices), settled=len(choices) == 1), []
    if is_vrd(range_) and range_ in known.classes:
        kinds = frozenset(known.subclasses[range_])
        told_here = set(facts.objects.get((subject, predicate), ()))
        existing = [x for x in facts.of_kind(kinds) if x != subject and x not in told_here]
        # Nothing can be said of whoever is still to be named, except what the same blank stands for.
        named = [x for x in existing if not (x.startswith(f"<{FILL_IN}") and is_actor(facts, x))]
        return Gap(name, predicate, kinds), named
    datatype = known.datatypes.get(predicate, "")
    if datatype == _BOOLEAN:
        answers = tuple(f'"{answer}"^^{_BOOLEAN}' for answer in ("true", "false"))
        return Gap(name, predicate, choices=answers, datatype=datatype), []
    if predicate in known.ranges and (range_.startswith("_:") or range_ == _CONCEPT):
        return Gap(name, predicate, frozenset(known.classes)), []
    return Gap(name, predicate, datatype=datatype or term("rdfs:Literal")), []


@dataclass(frozen=True)
class _Way:
    """How far one way of matching has come."""

    cost: int
    bound: Mapping[str, str]
    todo: tuple[Step, ...]
    add: frozenset[Statement] = frozenset()
    remove: frozenset[Statement] = frozenset()
    gaps: Mapping[str, Gap] = field(default_factory=dict)  # by mark


class _Walk:
    def __init__(self, facts: Facts) -> None:
        self.facts, self.known = facts, facts.vocabulary

    def value(self, node: object, way: _Way) -> str | None:
        if isinstance(node, Variable):
            return way.bound.get(str(node))
        return str(node.n3())  # type: ignore[attr-defined]

    def next_step(self, way: _Way) -> Step:
        """Choose the step with most known ends; a kind is asked for once its thing is known."""

        def open_ends(item: tuple[int, Step]) -> tuple[int, int]:
            place, step = item
            subject, obj = self.value(step.subject, way), self.value(step.object, way)
            return (2 * (subject is None) + (obj is None), place)

        return min(enumerate(way.todo), key=open_ends)[1]

    def onward(self, way: _Way) -> Iterator[_Way]:
        step = self.next_step(way)
        rest = tuple(s for s in way.todo if s is not step)
        subject, obj = self.value(step.subject, way), self.value(step.object, way)
        if isinstance(step.predicate, RdfPath):
            return
        way = replace(way, todo=rest)
        predicate = f"<{step.predicate}>"
        if step.predicate == RDF.type:
            yield from self.kind(way, step, subject, obj)
        elif subject is None:
            yield from self.backward(way, step, predicate, obj)
        elif subject in way.gaps and way.gaps[subject].choices and not way.gaps[subject].kinds:
            yield from self.of_concept(way, step, subject, predicate, obj)
        elif not self.facts.editable(subject) and subject not in way.gaps:
            yield from self.fixed(way, step, subject, predicate, obj)
        else:
            yield from self.link(way, step, subject, predicate, obj)

    def kind(self, way: _Way, step: Step, subject: str | None, kind: str | None) -> Iterator[_Way]:
        if kind is None:
            return
        if subject is None:
            for name in self.facts.of_kind([kind]):
                yield replace(way, bound={**way.bound, str(step.subject): name})
        elif subject in way.gaps:
            gap = way.gaps[subject]
            kinds = gap.kinds & self.known.subclasses.get(kind, {kind})
            if kinds:
                yield replace(way, gaps={**way.gaps, subject: replace(gap, kinds=kinds)})
        elif kind in self.facts.kinds.get(subject, ()):
            yield way
        elif not self.facts.kinds.get(subject) and self.facts.editable(subject):
            yield replace(way, cost=way.cost + 1, add=way.add | {Statement(subject, TYPE, kind)})

    def backward(self, way: _Way, step: Step, predicate: str, obj: str | None) -> Iterator[_Way]:
        """Match a step whose subject is not known yet by what is told."""
        if obj is None or obj in way.gaps:
            return
        for name in self.facts.subjects.get((predicate, obj), ()):
            yield replace(way, bound={**way.bound, str(step.subject): name})

    def of_concept(self, way: _Way, step: Step, mark: str, predicate: str, obj: str | None) -> Iterator[_Way]:
        """Keep the concepts that fit: of those that fit, the first is still the best."""
        gap = way.gaps[mark]
        if obj is None or obj in way.gaps:
            for choice in gap.choices[:20]:
                fixed = replace(gap, choices=(choice,))
                yield from self.fixed(replace(way, gaps={**way.gaps, mark: fixed}), step, choice, predicate, obj)
            return
        fitting = tuple(c for c in gap.choices if self.facts.holds(c, predicate, obj))
        if fitting:
            yield replace(
                way, gaps={**way.gaps, mark: replace(gap, choices=fitting, settled=gap.settled or len(fitting) == 1)}
            )

    def fixed(self, way: _Way, step: Step, subject: str, predicate: str, obj: str | None) -> Iterator[_Way]:
        """Match a step about a concept or a provision, of which a description can say nothing."""
        if obj is not None and obj in way.gaps:
            gap = way.gaps[obj]
            fitting = [c for c in gap.choices if self.facts.holds(subject, predicate, c)]
            if predicate == WITHIN:  # the narrowest that covers it claims least
                fitting.sort(key=lambda c: (-len(self.known.broader_all.get(c, ())), c))
            if fitting:
                settled = predicate == WITHIN or len(fitting) == 1
                narrowed = replace(gap, choices=tuple(fitting), settled=settled)
                yield replace(way, gaps={**way.gaps, obj: narrowed})
        elif obj is not None:
            if self.facts.holds(subject, predicate, obj):
                yield way
        else:
            key = (subject, predicate)
            values = [*self.facts.objects.get(key, ()), *self.known.fixed.get(key, ())]
            for value in dict.fromkeys(values):
                yield replace(way, bound={**way.bound, str(step.object): value})

    def link(self, way: _Way, step: Step, subject: str, predicate: str, obj: str | None) -> Iterator[_Way]:
        """Match a step about a thing by what is told of it, or by what might be."""
        new = subject in way.gaps
        told = [] if new else self.facts.objects.get((subject, predicate), [])
        if obj is not None and obj not in way.gaps and obj in told:
            yield way
            return
        if obj is None:
            for value in told:
                yield replace(way, bound={**way.bound, str(step.object): value})
        if new:
            gap = way.gaps[subject]
            kinds = frozenset(k for k in gap.kinds if predicate in self.known.properties_of.get(k, ()))
            if not kinds:
                return
            way = replace(way, gaps={**way.gaps, subject: replace(gap, kinds=kinds)})
        elif not self.facts.takes(subject, predicate) or predicate not in self.known.properties:
            return
        gone = frozenset(Statement(subject, predicate, o) for o in told if predicate in self.known.functional)
        base = replace(way, cost=way.cost + 1 + len(gone), remove=way.remove | gone)
        if obj is not None:
            if self.fits(obj, predicate, way):
                yield replace(base, add=base.add | {Statement(subject, predicate, obj)})
            return
        gap, existing = gap_for(self.facts, predicate, str(step.object), "" if new else subject)
        for name in existing:
            yield replace(
                base,
                add=base.add | {Statement(subject, predicate, name)},
                bound={**way.bound, str(step.object): name},
            )
        yield replace(
            base,
            cost=base.cost + bool(gap.kinds),
            add=base.add | {Statement(subject, predicate, gap.mark)},
            bound={**way.bound, str(step.object): gap.mark},
            gaps={**way.gaps, gap.mark: gap},
        )

    def fits(self, obj: str, predicate: str, way: _Way) -> bool:
        """Tell whether a value is of the list or of the kind that a property takes."""
        if obj in way.gaps:
            return True
        if predicate in self.known.value_scheme:
            return obj in self.known.values_of(predicate)
        range_ = self.known.ranges.get(predicate, "")
        if is_vrd(range_) and range_ in self.known.classes:
            return range_ in self.facts.kinds.get(obj, set())
        return literal(obj) is not None or not range_.startswith("<" + NAMESPACES["xsd"])


def completions(facts: Facts, pattern: Pattern, row: Mapping[str, str]) -> Iterator[Completion]:
    """Give ways to make a pattern match, those that ask least first.

    Args:
        row: what is bound already. Filters and negations are not looked at: a completion may fail them.
    """
    walk, order = _Walk(facts), count()
    start = _Way(0, dict(row), pattern.steps)
    heap: list[tuple[int, int, int, _Way]] = [(0, len(pattern.steps), next(order), start)]
    for _ in range(_LIMIT):
        if not heap:
            return
        way = heapq.heappop(heap)[3]
        if not way.todo:
            if way.add:
                yield Completion(way.add, way.remove, tuple(way.gaps.values()))
            continue
        for further in walk.onward(way):
            heapq.heappush(heap, (further.cost, len(further.todo), next(order), further))


def is_actor(facts: Facts, name: str) -> bool:
    """Tell whether a thing is an actor: whoever it is, only a person may say that it does something."""
    return _ACTOR in facts.kinds.get(name, ())
