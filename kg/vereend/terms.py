"""The names this library uses: namespaces, statements, and the terms the code itself has to know.

A statement is three texts in N-Triples spelling (`<iri>`, `"text"@nl`, `_:b1`): hashable, quick to compare, and the
same whichever engine reads them. Every term spelled here exists in ontology/; a test compares the two.
"""

import os
import re
from functools import cache
from typing import NamedTuple

NAMESPACES = {
    "vrd": "https://w3id.org/vereend/ns#",
    "vc": "https://w3id.org/vereend/concept/",
    "vs": "https://w3id.org/vereend/shapes/",
    "vr": "https://w3id.org/vereend/rule/",
    "src": "https://w3id.org/vereend/claim/",
    "law": "https://w3id.org/vereend/law/",
    "may": "https://w3id.org/vereend/may#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sh": "http://www.w3.org/ns/shacl#",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
BASE = "https://w3id.org/vereend/"
# A nameless thing of a description gets a name under this (RDF 1.1, section 3.5): every engine then reports it alike.
NAMELESS = "https://w3id.org/.well-known/genid/"
CASES = BASE + "kg/"
SPARQL_PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMESPACES.items())
LANGUAGES = ("nl", "en")


def default_language() -> str:
    """Give the language of an answer where none is asked for: VEREEND_LANG, else the system's, else Dutch."""
    wanted = os.environ.get("VEREEND_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if wanted.startswith("en") else "nl"


class Statement(NamedTuple):
    """Subject, predicate and object, each in N-Triples spelling."""

    subject: str
    predicate: str
    object: str


@cache
def term(name: str) -> str:
    """Turn a prefixed name into N-Triples spelling: "vrd:holder" gives "<https://w3id.org/vereend/ns#holder>"."""
    prefix, _, local = name.partition(":")
    return f"<{NAMESPACES[prefix]}{local}>"


def iri(spelled: str) -> str:
    """Take the angle brackets off: the IRI itself, or a blank node's or literal's spelling unchanged."""
    return spelled[1:-1] if spelled.startswith("<") else spelled


def local_name(name: str) -> str:
    """Give what follows the last # or / of an IRI, bare or spelled."""
    return re.split(r"[#/]", iri(name).rstrip("/"))[-1]


def prefixed(name: str) -> str:
    """Shorten an IRI, bare or spelled, to a prefixed name where a known namespace holds it."""
    full = iri(name)
    for prefix, namespace in NAMESPACES.items():
        if full.startswith(namespace) and re.fullmatch(r"[\w.-]*\w", full[len(namespace) :]):
            return f"{prefix}:{full[len(namespace) :]}"
    return name


TYPE = term("rdf:type")
PARTNERSHIP = term("vrd:Partnership")
COMPLETE_FOR = term("vrd:completeFor")
EVERYTHING = term("vrd:everything")
UNKNOWN = term("vrd:unknown")
UNTOLD = term("vrd:untold")
WITHIN = term("vrd:within")
FROM, UNTIL = term("vrd:from"), term("vrd:until")
PHASE = term("vrd:phase")
PHASES = ("initial", "consolidation", "scaling", "ending")
DEFAULT_PHASE = "consolidation"
_VRD = "<" + NAMESPACES["vrd"]
_MAY = "<" + NAMESPACES["may"]


def is_vrd(spelled: str) -> bool:
    """Tell whether a spelled IRI is a term of the model."""
    return spelled.startswith(_VRD)


@cache
def may(spelled: str) -> str:
    """Turn a property of the model into its reading with the benefit of the doubt."""
    return spelled.replace(_VRD, _MAY, 1)


LITERAL = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<lang>[\w-]+)|\^\^<(?P<datatype>[^>]*)>)?')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "'": "'"}


class Text(NamedTuple):
    """Words and the language they are in; an empty language means none was given."""

    value: str
    lang: str


def literal(spelled: str) -> Text | None:
    """Read a literal in N-Triples spelling; None when it is no literal."""
    match = LITERAL.fullmatch(spelled)
    if match is None:
        return None
    value = re.sub(
        r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)",
        lambda m: chr(int(m[1][1:], 16)) if len(m[1]) > 1 else _ESCAPES.get(m[1], m[1]),
        match["text"],
    )
    return Text(value, match["lang"] or "")
