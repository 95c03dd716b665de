"""Writing a description in another syntax, with the project's prefixes or words where the syntax has them."""

import re
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from vereend.changes import Change, changed
from vereend.editing import CANNOT, edit
from vereend.errors import VereendError
from vereend.reading import FORMATS, SUFFIXES, Description
from vereend.terms import NAMELESS, NAMESPACES
from vereend.yaml_ld import write_yaml

_SHOWN = ("vrd", "vc", "law", "src", "rdfs", "prov", "dct", "xsd")


class Written(NamedTuple):
    """The text of a changed description."""

    text: str
    kept: bool  # the author's order, layout and comments still stand in it


def written(description: Description, change: Change, lang: str) -> Written:
    """Give the text of a description with a change in it: in the author's own text where that can be done.

    Args:
        lang: of the words, where a text in YAML has to be written anew.
    Raises:
        VereendError: no partnership is left.
    """
    after = changed(description, change)
    try:
        return Written(edit(description, change), True)
    except VereendError as error:
        if error.problem != CANNOT:
            raise
        return Written(convert(after, description.format, lang), False)


def format_of(path: Path) -> str:
    """Tell from a file's ending in which format to write it.

    Raises:
        VereendError: an ending we do not write.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise VereendError(
            f"{path}, {path.suffix!r}", "has an ending we do not write", f"Choose one of {', '.join(SUFFIXES)}"
        )
    return SUFFIXES[path.suffix.lower()]


def convert(description: Description, format: str, lang: str = "nl") -> str:
    """Write a description in another syntax.

    Args:
        format: a key of reading.FORMATS.
        lang: of the words in YAML; other formats have none.
    Raises:
        VereendError: an unknown format.
    """
    if format not in FORMATS:
        raise VereendError(repr(format), "is not a format we write", f"Choose one of {', '.join(FORMATS)}")
    if format == "yaml":
        return write_yaml(description.statements, lang)
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(description.statements))
    text = re.sub(rf"<{re.escape(NAMELESS)}(\d+)>", r"_:b\1", lines)
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    prefixes = {name: NAMESPACES[name] for name in _SHOWN} | description.prefixes
    return (ox.serialize(triples, format=FORMATS[format], prefixes=prefixes) or b"").decode()
