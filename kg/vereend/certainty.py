"""Whether what a SHACL engine reports is contradicted by the description, or only not told by it.

SHACL takes what is not there for untrue. Here a result is a breach only if no further statement could end it; otherwise
the description is silent, and the result is "not told". Three answers are reckoned with: true and false whatever else
may be told, and None for open. A list is closed where the description says so (`vrd:completeFor`), and full where it
already holds as many values as `sh:maxCount` lets it.

| component | violated | not told |
|---|---|---|
| minCount | the list is closed or full | otherwise |
| hasValue | on the thing itself; or the list is closed or full | otherwise |
| class | the value is a literal, or its kind is told and is another | its kind, or what that falls under, is not told |
| datatype, nodeKind, in, languageIn, pattern, lengths, limits | always: it is about a stated value | never |
| maxCount, uniqueLang, disjoint, lessThan, lessThanOrEquals, closed | always: stated values clash | never |
| equals | the list that lacks the value is closed | otherwise |
| node, and | a part is contradicted | otherwise |
| or | every choice is contradicted | otherwise |
| xone | every choice is contradicted, or two hold whatever else is told | otherwise |
| not | the excluded shape holds whatever else is told | otherwise |
| qualifiedMinCount | the list is closed, and too few values could still conform | otherwise |
| qualifiedMaxCount | too many values conform whatever else is told | otherwise |
| sparql, and components of one's own | the query looks for nothing absent and counts nothing | otherwise |

What cannot be told apart:
- a thing that has a second kind, left unsaid: once one kind is told, the kinds are taken to be all told;
- a kind that falls under the one asked for, where neither the description, the shapes nor our ontology says so;
- two names for one thing: `sh:maxCount` counts names;
- breach and silence behind a query that looks for absence, or that asks (ASK) about statements: always "not told";
- a clash inside another shape (`sh:node`, `sh:or` and their like): "not told", though the same clash on its own is one;
- breach and silence inside `sh:not`, `sh:xone` and `sh:qualifiedMaxCount` around a query: always "not told".
"""

from collections.abc import Callable, Iterable

import pyoxigraph as ox

from vereend.engines import Result
from vereend.shape_graph import ShapeGraph
from vereend.terms import (
    COMPLETE_FOR,
    EVERYTHING,
    LITERAL,
    NAMELESS,
    NAMESPACES,
    TYPE,
    Statement,
    iri,
    literal,
    local_name,
    term,
)
from vereend.vocabulary import closure, vocabulary

Answer = bool | None  # None: open

_STATED = frozenset(
    {
        "DatatypeConstraintComponent",
        "NodeKindConstraintComponent",
        "InConstraintComponent",
        "LanguageInConstraintComponent",
        "PatternConstraintComponent",
        "MinLengthConstraintComponent",
        "MaxLengthConstraintComponent",
        "MinExclusiveConstraintComponent",
        "MinInclusiveConstraintComponent",
        "MaxExclusiveConstraintComponent",
        "MaxInclusiveConstraintComponent",
        "MaxCountConstraintComponent",
        "UniqueLangConstraintComponent",
        "DisjointConstraintComponent",
        "LessThanConstraintComponent",
        "LessThanOrEqualsConstraintComponent",
        "ClosedConstraintComponent",
    }
)
_KINDS = {"IRI": "i", "BlankNode": "b", "Literal": "l", "BlankNodeOrIRI": "bi", "BlankNodeOrLiteral": "bl"} | {
    "IRIOrLiteral": "il"
}
# Datatypes whose words Oxigraph can check.
_CAST = {term(f"xsd:{n}") for n in ("boolean", "integer", "decimal", "double", "float", "dateTime", "date", "time")}
_SUBCLASS = term("rdfs:subClassOf")


def every(answers: Iterable[Answer]) -> Answer:
    """Say whether all hold."""
    found = list(answers)
    return False if False in found else None if None in found else True


def some(answers: Iterable[Answer]) -> Answer:
    """Say whether one holds."""
    found = list(answers)
    return True if True in found else None if None in found else False


def opposite(answer: Answer) -> Answer:
    """Say whether it does not hold."""
    return None if answer is None else not answer


class Certainty:
    """What the statements of a description settle about the shapes of others."""

    def __init__(self, shapes: ShapeGraph, statements: frozenset[Statement]) -> None:
        self.shapes = shapes
        self.store = ox.Store()
        self.store.bulk_load("".join(f"{s} {p} {o} .\n" for s, p, o in statements).encode(), ox.RdfFormat.N_TRIPLES)
        self._out: dict[tuple[str, str], list[str]] = {}
        self._in: dict[tuple[str, str], list[str]] = {}
        self._subclasses: dict[str, set[str]] = {}
        for subject, predicate, obj in sorted(statements):
            self._out.setdefault((subject, predicate), []).append(obj)
            self._in.setdefault((predicate, obj), []).append(subject)
            if predicate == _SUBCLASS:
                self._subclasses.setdefault(subject, set()).add(obj)
        # Engines know the description alone. That a kind falls under another is no less so for being said elsewhere.
        self._above = {kind: set(above) for kind, above in self._subclasses.items()}
        elsewhere = [(kind, above) for kind, found in shapes.subclasses.items() for above in found]
        for kind, above in [*elsewhere, *((s.subject, s.object) for s in vocabulary().hierarchy)]:
            self._above.setdefault(kind, set()).add(above)
        self._everything = any(p == COMPLETE_FOR and o == EVERYTHING for _, p, o in statements)

    # --- what is told

    def values(self, path: str, node: str) -> list[str]:
        """Give what a path leads to, each once, by spelling."""
        if path.startswith("<"):
            return self._out.get((node, path), [])
        if path.startswith("^<"):
            return self._in.get((path[1:], node), [])
        if node.startswith('"'):
            return []  # SPARQL allows no literal as a subject, and nothing but itself can be reached from one here
        found = self.store.query(f"SELECT DISTINCT ?value WHERE {{ {node} {path} ?value }}")
        return sorted(str(row["value"]) for row in found)  # type: ignore[union-attr]

    def kinds(self, node: str) -> set[str]:
        """Give the kinds of a thing and those above them, as the description, the shapes and our ontology tell."""
        return set().union(*(closure(kind, self._above) for kind in self._out.get((node, TYPE), [])))

    def instances(self, kind: str) -> set[str]:
        """Give the things of a kind or of one below it."""
        above: dict[str, set[str]] = {}
        for lower, uppers in self._subclasses.items():
            for upper in uppers:
                above.setdefault(upper, set()).add(lower)
        return {thing for below in closure(kind, above) for thing in self._in.get((TYPE, below), [])}

    def targets(self, shape: str) -> set[str]:
        """Give what a shape is about. Source: SHACL, section 2.1.3."""
        found = set(self.shapes.all(shape, "sh:targetNode"))
        kinds = self.shapes.all(shape, "sh:targetClass") + ([shape] if self.shapes.is_class(shape) else [])
        for kind in kinds:
            found |= self.instances(kind)
        for name in self.shapes.all(shape, "sh:targetSubjectsOf"):
            found |= {subject for subject, predicate in self._out if predicate == name}
        for name in self.shapes.all(shape, "sh:targetObjectsOf"):
            found |= {obj for predicate, obj in self._in if predicate == name}
        return found

    def closed(self, node: str, path: str) -> bool:
        """Tell whether the description says that it lists all values."""
        return path.startswith("<") and (self._everything or path in self._out.get((node, COMPLETE_FOR), []))

    def full(self, node: str, shape: str, path: str) -> bool:
        """Tell whether a list takes no further value."""
        most = self.shapes.number(shape, "sh:maxCount")
        return self.closed(node, path) or (most is not None and len(self.values(path, node)) >= most)

    # --- what an engine reports

    def contradicted(self, result: Result) -> bool:
        """Tell whether no further statement could end a result."""
        name = result.component.removesuffix("ConstraintComponent")
        if result.component in _STATED:
            return True
        shape = f"<{result.shape}>"
        key = f"sh:{name[:1].lower()}{name[1:]}"
        if name in ("Class", "Node", "And", "Or", "Xone", "Not") and result.value:
            return self._value(shape, key, result.value) is False
        if name in ("MinCount", "HasValue", "Equals", "QualifiedMinCount", "QualifiedMaxCount"):
            return self._list(shape, key, result.focus, result) is False
        if name == "SPARQL":
            used = [
                node for node in self.shapes.all(shape, "sh:sparql") if not self.shapes.flag(node, "sh:deactivated")
            ]
        else:
            kinds = ("sh:validator", "sh:nodeValidator", "sh:propertyValidator")
            used = [node for kind in kinds for node in self.shapes.all(f"<{result.component}>", kind)]
        queries = [query for node in used for query in self.shapes.queries(node)]
        return bool(queries) and not any(query.mendable for query in queries)

    # --- what holds whatever else may be told

    def holds(self, shape: str, node: str) -> Answer:
        """Say whether a thing conforms to a shape."""
        if self.shapes.flag(shape, "sh:deactivated"):
            return True
        path = self.shapes.path(shape)
        found: list[Answer] = []
        keys = [_key(name) for name in self.shapes.constraints(shape)]
        about_values = [key for key in keys if key in _VALUE_CHECKS]
        if path is None:
            found += [self._value(shape, key, node) for key in about_values]
            found += [self.holds(part, node) for part in self.shapes.parts(shape)]
        else:
            values = self.values(path, node)
            each = [self._value(shape, key, value) for key in about_values for value in values]
            each += [self.holds(part, value) for part in self.shapes.parts(shape) for value in values]
            more = about_values or self.shapes.parts(shape)
            found += each if self.closed(node, path) or not more else [*each, None]
        found += [self._list(shape, key, node, None) for key in keys if key not in _VALUE_CHECKS]
        return every(found)

    def _value(self, shape: str, key: str, node: str) -> Answer:
        """Say whether a value meets one demand of a shape."""
        return every(_VALUE_CHECKS[key](self, shape, parameter, node) for parameter in self.shapes.all(shape, key))

    def _list(self, shape: str, key: str, node: str, result: Result | None) -> Answer:
        """Say whether the values of a path meet one demand of a shape together."""
        path = self.shapes.path(shape)
        if path is None:
            return self._alone(shape, key, node)
        values, closed = self.values(path, node), self.closed(node, path)
        full, number = self.full(node, shape, path), self.shapes.number(shape, key) or 0
        if key == "sh:minCount":
            return True if len(values) >= number else False if full else None
        if key == "sh:maxCount":
            return False if len(values) > number else True if closed else None
        if key == "sh:hasValue":
            return True if set(self.shapes.all(shape, key)) <= set(values) else False if full else None
        if key in ("sh:qualifiedMinCount", "sh:qualifiedMaxCount"):
            return self._qualified(shape, key, number, [self._qualifies(shape, node, v) for v in values], closed)
        if key == "sh:equals" and result is not None and result.value:
            other = self.shapes.one(shape, key) or ""
            lacking = path if result.value not in values else other
            return False if self.closed(node, lacking) else None
        return None  # more values could make or mend a clash; queries are not asked here

    def _alone(self, shape: str, key: str, node: str) -> Answer:
        if key == "sh:hasValue":
            return self.shapes.all(shape, key) == [node]
        if key == "sh:equals":
            values = self._out.get((node, self.shapes.one(shape, key) or ""), [])
            return False if set(values) - {node} or self.closed(node, self.shapes.one(shape, key) or "") else None
        return None

    def _qualifies(self, shape: str, node: str, value: str) -> Answer:
        wanted = every(self.holds(one, value) for one in self.shapes.all(shape, "sh:qualifiedValueShape"))
        if not self.shapes.flag(shape, "sh:qualifiedValueShapesDisjoint"):
            return wanted
        return every([wanted, *(opposite(self.holds(other, value)) for other in self.shapes.siblings(shape))])

    @staticmethod
    def _qualified(shape: str, key: str, number: int, answers: list[Answer], closed: bool) -> Answer:
        certain, possible = answers.count(True), len(answers) - answers.count(False)
        if key == "sh:qualifiedMinCount":
            return True if certain >= number else False if closed and possible < number else None
        return False if certain > number else True if closed and possible <= number else None

    # --- one value, one demand

    def true(self, condition: str) -> bool:
        """Tell whether a condition of SPARQL, without variables, is true; an error is not."""
        return bool(self.store.query(f"ASK {{ FILTER({condition}) }}"))


def _key(name: str) -> str:
    """Shorten a parameter of SHACL to its prefixed name; one of the shapes' own keeps its IRI."""
    return f"sh:{local_name(name)}" if name.startswith("<" + NAMESPACES["sh"]) else name


def _unnamed(node: str) -> bool:
    return iri(node).startswith(NAMELESS)


def _class(known: Certainty, _: str, kind: str, node: str) -> Answer:
    kinds = known.kinds(node)
    return True if kind in kinds else False if node.startswith('"') or kinds else None


def _datatype(known: Certainty, _: str, datatype: str, node: str) -> Answer:
    found, words = LITERAL.fullmatch(node), literal(node)
    if found is None or words is None:
        return False
    own = f"<{found['datatype']}>" if found["datatype"] else term("rdf:langString" if found["lang"] else "xsd:string")
    if own != datatype:
        return False
    if own in _CAST:
        return known.true(f"DATATYPE({own}({ox.Literal(words.value)})) = {own}")
    return True if own in (term("xsd:string"), term("rdf:langString")) else None


def _node_kind(_: Certainty, __: str, kind: str, node: str) -> Answer:
    own = "l" if node.startswith('"') else "b" if _unnamed(node) else "i"
    return own in _KINDS.get(local_name(kind), "")


def _pattern(known: Certainty, shape: str, pattern: str, node: str) -> Answer:
    flags = known.shapes.one(shape, "sh:flags") or '""'
    return not _unnamed(node) and known.true(f"REGEX(STR({node}), {pattern}, {flags})")


def _language(known: Certainty, _: str, listed: str, node: str) -> Answer:
    words = literal(node)
    ranges = [found.value for m in known.shapes.members(listed) if (found := literal(m))]
    return words is not None and any(known.true(f'LANGMATCHES("{words.lang}", "{r}")') for r in ranges)


def _exactly_one(known: Certainty, _: str, listed: str, node: str) -> Answer:
    answers = [known.holds(shape, node) for shape in known.shapes.members(listed)]
    if answers.count(True) > 1 or set(answers) <= {False}:
        return False
    return None if None in answers else True


def _length(mark: str) -> "Check":
    return lambda known, _, number, node: not _unnamed(node) and known.true(f"STRLEN(STR({node})) {mark} {number}")


def _limit(mark: str) -> "Check":
    return lambda known, _, limit, node: node.startswith('"') and known.true(f"{node} {mark} {limit}")


Check = Callable[[Certainty, str, str, str], Answer]  # the shape, its parameter's value, and the thing or value
_VALUE_CHECKS: dict[str, Check] = {
    "sh:class": _class,
    "sh:datatype": _datatype,
    "sh:nodeKind": _node_kind,
    "sh:in": lambda known, _, listed, node: node in known.shapes.members(listed),
    "sh:languageIn": _language,
    "sh:pattern": _pattern,
    "sh:minLength": _length(">="),
    "sh:maxLength": _length("<="),
    "sh:minExclusive": _limit(">"),
    "sh:minInclusive": _limit(">="),
    "sh:maxExclusive": _limit("<"),
    "sh:maxInclusive": _limit("<="),
    "sh:node": lambda known, _, shape, node: known.holds(shape, node),
    "sh:not": lambda known, _, shape, node: opposite(known.holds(shape, node)),
    "sh:and": lambda known, _, listed, node: every(known.holds(m, node) for m in known.shapes.members(listed)),
    "sh:or": lambda known, _, listed, node: some(known.holds(m, node) for m in known.shapes.members(listed)),
    "sh:xone": _exactly_one,
}
