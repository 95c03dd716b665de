"""What follows from a description by RDFS, where that is asked for: kinds and properties above those told.

Engines infer each in its own way, and one cannot at all. So what follows is added here, before any engine looks, and
all judge the same statements. It is never evidence: a verdict rests on what is told.

Source: RDF 1.1 Semantics, section 9.2.1, patterns rdfs2, rdfs3, rdfs5, rdfs7, rdfs9 and rdfs11; no axiomatic triples.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from vereend.engines import INFERENCES
from vereend.errors import VereendError
from vereend.terms import TYPE, Statement, term
from vereend.verdicts import Judgement
from vereend.vocabulary import closure

_SUBCLASS, _SUBPROPERTY = term("rdfs:subClassOf"), term("rdfs:subPropertyOf")
_DOMAIN, _RANGE = term("rdfs:domain"), term("rdfs:range")
_SCHEMA = (_SUBCLASS, _SUBPROPERTY, _DOMAIN, _RANGE)


def choose(inference: str) -> str:
    """Check the name of an inference.

    Raises:
        VereendError: an unknown one.
    """
    if inference not in INFERENCES:
        raise VereendError(repr(inference), "is not an inference", f"Choose one of {', '.join(INFERENCES)}")
    return inference


def inferred(statements: Iterable[Statement], inference: str, schema: Iterable[Statement] = ()) -> frozenset[Statement]:
    """Give what follows from statements and is not among them.

    Args:
        inference: a key of engines.INFERENCES.
        schema: what is known of classes and properties besides; nothing that follows from this alone is given.
    """
    told = frozenset(statements)
    if choose(inference) == "none":
        return frozenset()
    above: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in _SCHEMA}
    for subject, predicate, obj in {*told, *(s for s in schema if s.predicate in _SCHEMA)}:
        # What a union or a restriction says is not RDFS.
        if predicate in above and obj.startswith("<"):
            above[predicate][subject].add(obj)
    found: set[Statement] = set()
    todo = set(told)
    while todo:
        new: set[Statement] = set()
        for subject, predicate, obj in todo:
            if predicate in (_SUBCLASS, _SUBPROPERTY):
                new |= {Statement(subject, predicate, up) for up in closure(obj, above[predicate])}
            if predicate == TYPE:
                new |= {Statement(subject, TYPE, kind) for kind in closure(obj, above[_SUBCLASS])}
            for name in closure(predicate, above[_SUBPROPERTY]):
                new.add(Statement(subject, name, obj))
                new |= {Statement(subject, TYPE, kind) for kind in above[_DOMAIN].get(name, ())}
                if not obj.startswith('"'):
                    new |= {Statement(obj, TYPE, kind) for kind in above[_RANGE].get(name, ())}
        todo = new - told - found
        found |= todo
    return frozenset(found)


def only_told(judgement: Judgement, told: frozenset[Statement]) -> Judgement:
    """Leave what was inferred out of the evidence of verdicts, and out of what they did not look at."""
    verdicts = tuple(
        replace(verdict, evidence=tuple(s for s in verdict.evidence if s in told)) for verdict in judgement.verdicts
    )
    unchecked = tuple(s for s in judgement.unchecked if s in told)
    return replace(judgement, statements=judgement.statements & told, verdicts=verdicts, unchecked=unchecked)
