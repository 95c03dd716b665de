"""What the ontology says that the engine needs: kinds, properties, lists, concepts and their labels.

Read once from ontology/ and kg/law/. Nothing here knows a rule or a description.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

import pyoxigraph as ox

from vereend import content
from vereend.terms import (
    TYPE,
    UNKNOWN,
    WITHIN,
    Statement,
    Text,
    is_vrd,
    literal,
    may,
    term,
)

_DOMAIN, _RANGE, _SUBCLASS = term("rdfs:domain"), term("rdfs:range"), term("rdfs:subClassOf")
_UNION, _FIRST, _REST, _NIL = term("owl:unionOf"), term("rdf:first"), term("rdf:rest"), term("rdf:nil")
_CONCEPT, _BROADER, _IN_SCHEME = term("skos:Concept"), term("skos:broader"), term("skos:inScheme")
_FUNCTIONAL, _CLASS = term("owl:FunctionalProperty"), term("owl:Class")
_PROPERTIES = {term("owl:ObjectProperty"), term("owl:DatatypeProperty"), term("owl:AnnotationProperty")}
_BOOLEAN = term("xsd:boolean")
# vrd:within where either end may be the unknown: "this may be that, or fall under it".
_REACHES = term("may:reaches")
_LABELS = (term("skos:prefLabel"), term("rdfs:label"))
_DEFINITION = term("skos:definition")


def statements(paths: Iterable[Path]) -> set[Statement]:
    """Read Turtle files of our own into one set of statements."""
    return {
        Statement(str(quad.subject), str(quad.predicate), str(quad.object))
        for path in paths
        for quad in ox.parse(path=path)
    }


def closure(start: str, step: Mapping[str, set[str]]) -> set[str]:
    """Give a thing and everything that can be reached from it, step by step."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(step.get(name, ()))
    return seen


class Vocabulary:
    """The ontology as look-up tables. All names are in N-Triples spelling."""

    def __init__(self, ontology: set[Statement], law: set[Statement]) -> None:
        by_predicate: dict[str, list[Statement]] = defaultdict(list)
        for statement in ontology:
            by_predicate[statement.predicate].append(statement)
        types: dict[str, set[str]] = defaultdict(set)
        for subject, _, kind in by_predicate[TYPE]:
            types[subject].add(kind)

        self.statements = ontology
        self.law = law
        self.functional = {name for name, kinds in types.items() if _FUNCTIONAL in kinds}
        self.classes = {name for name, kinds in types.items() if _CLASS in kinds and is_vrd(name)}
        self.properties = {name for name, kinds in types.items() if kinds & _PROPERTIES and is_vrd(name)}
        self.concepts = {name for name, kinds in types.items() if _CONCEPT in kinds}
        self.individuals = {name for name, kinds in types.items() if term("owl:NamedIndividual") in kinds}
        self.kinds_of_concept = {name: types[name] for name in self.concepts}
        self.scheme_of = {s: o for s, _, o in by_predicate[_IN_SCHEME]}
        self.schemes = {name for name, kinds in types.items() if term("skos:ConceptScheme") in kinds}

        parents: dict[str, set[str]] = defaultdict(set)
        for subject, _, parent in by_predicate[_SUBCLASS]:
            if is_vrd(parent):
                parents[subject].add(parent)
        self.superclasses = {name: closure(name, parents) for name in self.classes}
        self.subclasses = {
            name: {other for other in self.classes if name in self.superclasses[other]} for name in self.classes
        }

        firsts = {s: o for s, _, o in by_predicate[_FIRST]}
        rests = {s: o for s, _, o in by_predicate[_REST]}
        unions = {s: o for s, _, o in by_predicate[_UNION]}

        def members(node: str) -> list[str]:
            if node not in unions:
                return [node]
            found, cell = [], unions[node]
            while cell != _NIL:
                found.append(firsts[cell])
                cell = rests[cell]
            return found

        self.domains: dict[str, set[str]] = defaultdict(set)
        for name, _, domain in by_predicate[_DOMAIN]:
            if is_vrd(name):
                self.domains[name].update(members(domain))
        self.ranges = {s: o for s, _, o in by_predicate[_RANGE] if is_vrd(s)}
        # Reasoners know no xsd:date, so the ontology names a date's datatype beside its range.
        self.datatypes = self.ranges | {s: o for s, _, o in by_predicate[term("vrd:datatype")]}
        self.hierarchy = {s for s in ontology if s.predicate == _SUBCLASS and is_vrd(s.object)}
        self.value_scheme = {s: o for s, _, o in by_predicate[term("vrd:scheme")]}
        # What the structure layer demands of a thing of a kind: see ontology/rules.ttl.
        self.belongs_by = {s: o for s, _, o in by_predicate[term("vrd:belongsBy")]}
        self.needs = {
            (s, o): least
            for name, least in (("vrd:needs", 1), ("vrd:needsSeveral", 2))
            for s, _, o in by_predicate[term(name)]
        }
        own: dict[str, set[str]] = defaultdict(set)
        for name, kinds in self.domains.items():
            for kind in kinds:
                own[kind].add(name)
        self.properties_of = {
            kind: set().union(*(own.get(up, set()) for up in ups)) for kind, ups in self.superclasses.items()
        }

        broader: dict[str, set[str]] = defaultdict(set)
        for subject, _, parent in by_predicate[_BROADER]:
            broader[subject].add(parent)
        self.broader = broader
        self.broader_all = {concept: closure(concept, broader) for concept in self.concepts}

        self.labels: dict[str, dict[str, str]] = defaultdict(dict)
        self.definitions: dict[str, dict[str, str]] = defaultdict(dict)
        for predicate in reversed(_LABELS):
            for subject, _, text in by_predicate[predicate] + [s for s in law if s.predicate == predicate]:
                add_text(self.labels[subject], text)
        for subject, _, text in by_predicate[_DEFINITION]:
            add_text(self.definitions[subject], text)

        self.law_of: dict[str, set[Statement]] = defaultdict(set)
        for statement in law:
            if is_vrd(statement.predicate) or statement.predicate == TYPE:
                self.law_of[statement.subject].add(statement)
        self._prepare(by_predicate)

    def _prepare(self, by_predicate: Mapping[str, list[Statement]]) -> None:
        """Lay out what prepared descriptions lean on: see vereend.readings."""
        # Concepts that no property takes as a value can match no pattern; they would only make a preparation larger.
        taken = set(self.value_scheme.values())
        self.value_concepts = {concept for concept in self.concepts if self.scheme_of.get(concept) in taken}
        status = term("vrd:status")
        self.concept_statements = {
            s
            for s in self.statements
            if s.subject in self.value_concepts and is_vrd(s.predicate) and s.predicate != status
        }
        # What holds of concepts, to be looked up by subject and property.
        self.fixed: dict[tuple[str, str], list[str]] = defaultdict(list)
        for s in sorted(self.concept_statements):
            self.fixed[s.subject, s.predicate].append(s.object)
        for concept in self.value_concepts:
            self.fixed[concept, WITHIN] = sorted(self.broader_all[concept])
        # What is yes or no of a concept may be either of the unknown, though it hangs on no class of ours.
        flags = {name for name, kind in self.ranges.items() if kind == _BOOLEAN}
        properties = flags.union(*self.properties_of.values())
        of_unknown = {statement for name in properties for statement in self.anything(UNKNOWN, name)}
        of_unknown |= {Statement(UNKNOWN, term("may:type"), kind) for kind in self.classes}
        of_unknown.add(Statement(UNKNOWN, may(WITHIN), UNKNOWN))
        of_unknown.add(Statement(UNKNOWN, term("may:is"), UNKNOWN))
        of_unknown.add(Statement(UNKNOWN, _REACHES, UNKNOWN))
        self._of_unknown = frozenset(of_unknown)

        values: dict[str, set[Statement]] = defaultdict(set)
        for statement in self.concept_statements:
            values[statement.subject].add(statement)
        links = {c: self.broader_all[c] | {s.object for s in values[c]} & self.concepts for c in self.value_concepts}

        def told(concept: str) -> set[Statement]:
            return values[concept] | {Statement(concept, WITHIN, up) for up in self.broader_all[concept]}

        def doubted(concept: str) -> set[Statement]:
            reached = {Statement(concept, _REACHES, up) for up in {*self.broader_all[concept], UNKNOWN}}
            reached.add(Statement(UNKNOWN, _REACHES, concept))
            return reached | {Statement(s, may(p), o) for s, p, o in told(concept)} | same_as_itself(concept)

        def around(own: Mapping[str, set[Statement]]) -> dict[str, frozenset[Statement]]:
            return {
                concept: frozenset().union(*(own.get(name, set()) for name in closure(concept, links)))
                for concept in self.value_concepts
            }

        self._told_of_concept = around({concept: told(concept) for concept in self.value_concepts})
        self._doubted_of_concept = around({concept: doubted(concept) for concept in self.value_concepts})

    def around(self, names: Iterable[str]) -> frozenset[Statement]:
        """Give what a description leans on: the concepts named, with all they lead to."""
        known = self._told_of_concept
        return frozenset().union(*(known[name] for name in names if name in known))

    def doubted_around(self, names: Iterable[str]) -> frozenset[Statement]:
        """Give what the benefit of the doubt leans on besides: the unknown, and what the concepts named may be."""
        known = self._doubted_of_concept
        return self._of_unknown.union(*(known[name] for name in names if name in known))

    def anything(self, subject: str, name: str) -> frozenset[Statement]:
        """Say that a property of a thing may have any value: the unknown, or where it is yes or no, either."""
        return _anything(subject, name, self.ranges.get(name) == _BOOLEAN)

    def kinds(self, kind: str) -> set[str]:
        """Give a kind and every kind it falls under; a kind we do not know is only itself."""
        return self.superclasses.get(kind, {kind})

    def values_of(self, name: str) -> set[str]:
        """Give the concepts a property may have as a value: those of its list, and of its kind where it has one."""
        listed = {concept for concept, scheme in self.scheme_of.items() if scheme == self.value_scheme.get(name)}
        kind = self.ranges.get(name)
        return {c for c in listed if kind in self.kinds_of_concept[c]} if kind in self.classes else listed

    def label(self, name: str, lang: str) -> Text | None:
        """Give the label of a term in a language, or else in the other; None when it has none."""
        return pick(self.labels.get(name, {}), lang)


def add_text(texts: dict[str, str], spelled: str) -> None:
    """File a literal under its language; one without a language serves where no other is given."""
    found = literal(spelled)
    if found is not None:
        texts[found.lang] = found.value


def pick(texts: Mapping[str, str], lang: str) -> Text | None:
    """Choose the text in this language, else in any other, and say in which it is."""
    for choice in (lang, "nl", "en", *texts):
        if choice in texts:
            return Text(texts[choice], choice)
    return None


# The same description is prepared many times, each time a little different, when ways to change it are compared.
@lru_cache(50_000)
def _anything(subject: str, name: str, boolean: bool) -> frozenset[Statement]:
    values = ("true", "false") if boolean else ()
    objects = (UNKNOWN, *(f'"{value}"^^{_BOOLEAN}' for value in values))
    return frozenset(Statement(subject, may(name), obj) for obj in objects)


@lru_cache(50_000)
def same_as_itself(name: str) -> frozenset[Statement]:
    """Say that a thing may be itself or the unknown, and the unknown may be it."""
    is_ = term("may:is")
    return frozenset({Statement(name, is_, name), Statement(name, is_, UNKNOWN), Statement(UNKNOWN, is_, name)})


@cache
def vocabulary() -> Vocabulary:
    """Give the project's vocabulary, read once a process."""
    return Vocabulary(statements(content.turtle_files("ontology")), statements(content.turtle_files("kg", "law")))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that most resembles this one, both as prefixed or local names; None when none does."""
    import difflib

    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None
