"""Where our terms stand beside those of others: ontology/mappings.sssom.tsv, read, and told as RDF.

The table is SSSOM (Simple Standard for Sharing Ontological Mappings). It is made RDF when the graph is filled, in a
named graph of its own, so that no reasoner and no rule ever takes another vocabulary's word for ours.
Source: https://mapping-commons.github.io/sssom/
"""

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from vereend import content
from vereend.errors import VereendError
from vereend.rules import Texts

_COLUMNS = ["subject_id", "predicate_id", "object_id", "object_label", "mapping_justification", "author_label"]
_COLUMNS += ["confidence", "comment", "ext_comment_nl"]
_SSSOM = "https://w3id.org/sssom/"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_COMMENT = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
_DOUBLE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#double")


class Mapping(NamedTuple):
    """A term of ours beside one of another vocabulary."""

    subject: str  # IRI
    predicate: str  # IRI of a SKOS mapping property; broadMatch says that the other is wider
    object: str  # IRI
    name: str  # prefixed name of the other
    label: str  # of the other, in English
    justification: str  # IRI
    author: str
    confidence: float  # 0 to 1: how sure that the other term exists as named
    comment: Texts  # what sets the two apart


def path() -> Path:
    """Give the table's place."""
    return content.root() / "ontology" / "mappings.sssom.tsv"


def prefixes_of(text: str) -> dict[str, str]:
    """Give the prefixes a table of mappings declares, with what they stand for."""
    return dict(re.findall(r"^#\s{2,}([\w-]+): (http\S+)$", text, re.MULTILINE))


@cache
def spaces() -> dict[str, str]:
    """Give the prefixes of the vocabularies that terms are compared with."""
    return prefixes_of(path().read_text("utf-8"))


def parse(text: str, where: str) -> list[Mapping]:
    """Read a table of mappings.

    Raises:
        VereendError: a column is missing, or a prefix is not in the table's own list.
    """
    prefixes = prefixes_of(text)
    rows = csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t")
    missing = [column for column in _COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise VereendError(f"{where}, '{missing[0]}'", "is a column that is missing", "Add it")

    def iri(curie: str) -> str:
        prefix, _, local = curie.partition(":")
        if prefix not in prefixes:
            raise VereendError(f"{where}, '{curie}'", "has a prefix that is not told", "Add it to curie_map")
        return prefixes[prefix] + local

    return [
        Mapping(
            iri(row["subject_id"]),
            iri(row["predicate_id"]),
            iri(row["object_id"]),
            row["object_id"],
            row["object_label"],
            iri(row["mapping_justification"]),
            row["author_label"],
            float(row["confidence"]),
            {"nl": row["ext_comment_nl"], "en": row["comment"]},
        )
        for row in rows
    ]


@cache
def mappings() -> tuple[Mapping, ...]:
    """Give the project's mappings, in the order of the table."""
    return tuple(parse(path().read_text("utf-8"), "ontology/mappings.sssom.tsv"))


def elsewhere(name: str) -> list[Mapping]:
    """Give the terms of others that a thing stands beside, by IRI: the closest kind of match first."""
    kinds = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
    found = [mapping for mapping in mappings() if mapping.subject == name]
    return sorted(found, key=lambda m: (kinds.index(m.predicate.partition("#")[2]), m.name))


def quads(graph: ox.NamedNode) -> Iterable[ox.Quad]:
    """Tell the mappings as RDF: each as a statement, and about that statement who says so, why and how surely."""
    for number, mapping in enumerate(mappings(), 1):
        subject, predicate, other = (ox.NamedNode(x) for x in (mapping.subject, mapping.predicate, mapping.object))
        yield ox.Quad(subject, predicate, other, graph)
        axiom = ox.BlankNode(f"mapping{number}")
        told: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
            (_RDF_TYPE, ox.NamedNode(_OWL + "Axiom")),
            (ox.NamedNode(_OWL + "annotatedSource"), subject),
            (ox.NamedNode(_OWL + "annotatedProperty"), predicate),
            (ox.NamedNode(_OWL + "annotatedTarget"), other),
            (ox.NamedNode(_SSSOM + "mapping_justification"), ox.NamedNode(mapping.justification)),
            (ox.NamedNode(_SSSOM + "author_label"), ox.Literal(mapping.author)),
            (ox.NamedNode(_SSSOM + "object_label"), ox.Literal(mapping.label)),
            (ox.NamedNode(_SSSOM + "confidence"), ox.Literal(str(mapping.confidence), datatype=_DOUBLE)),
        ]
        told += [(_COMMENT, ox.Literal(text, language=lang)) for lang, text in mapping.comment.items()]
        for property_, value in told:
            yield ox.Quad(axiom, property_, value, graph)
