"""Writing a description in another RDF syntax, with the project's prefixes where the syntax has them."""

import re
from pathlib import Path

import pyoxigraph as ox

from vereend.errors import VereendError
from vereend.reading import FORMATS, Description
from vereend.terms import NAMELESS, NAMESPACES

_BY_SUFFIX = {
    ".ttl": "turtle",
    ".jsonld": "jsonld",
    ".json": "jsonld",
    ".rdf": "rdfxml",
    ".xml": "rdfxml",
    ".nt": "ntriples",
}
_SHOWN = ("vrd", "vc", "law", "src", "rdfs", "prov", "dct", "xsd")


def format_of(path: Path) -> str:
    """Tell from a file's ending in which format to write it.

    Raises:
        VereendError: an ending we do not write.
    """
    if path.suffix.lower() not in _BY_SUFFIX:
        raise VereendError(
            f"{path}, {path.suffix!r}", "has an ending we do not write", f"Choose one of {', '.join(_BY_SUFFIX)}"
        )
    return _BY_SUFFIX[path.suffix.lower()]


def convert(description: Description, format: str) -> str:
    """Write a description in another syntax.

    Args:
        format: a key of reading.FORMATS.
    Raises:
        VereendError: an unknown format.
    """
    if format not in FORMATS:
        raise VereendError(repr(format), "is not a format we write", f"Choose one of {', '.join(FORMATS)}")
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(description.statements))
    text = re.sub(rf"<{re.escape(NAMELESS)}(\d+)>", r"_:b\1", lines)
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    prefixes = {name: NAMESPACES[name] for name in _SHOWN} | description.prefixes
    return (ox.serialize(triples, format=FORMATS[format], prefixes=prefixes) or b"").decode()
