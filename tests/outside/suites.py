"""Where texts and suites of others stand, and how to skip a test plainly where they do not.

They are no part of the project: a folder `shared` beside the checkout may hold them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SUITES = SHARED / "suites"
SUMMARY = SHARED / "source" / "summary-nl.txt"

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_REST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
_FIRST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"


def absent(path: Path) -> pytest.MarkDecorator:
    """Skip where a suite or text is not at hand."""
    return pytest.mark.skipif(not path.exists(), reason=f"not at hand: ../{path.relative_to(ROOT.parent)}")


def cases(found: Iterable[Any], path: Path) -> list[Any]:
    """Give the cases of a suite, or one that is skipped, so that its absence shows in the list of tests."""
    return list(found) if path.exists() else [pytest.param(None, id="absent", marks=absent(path))]


class Manifest:
    """A file of statements that can be walked."""

    def __init__(self, path: Path | None = None, text: str = "") -> None:
        self._values: dict[str, dict[str, list[Any]]] = {}
        for quad in ox.parse(path=path, base_iri=path.as_uri()) if path else ox.parse(text, format=ox.RdfFormat.TURTLE):
            fields = self._values.setdefault(str(quad.subject), {})
            fields.setdefault(quad.predicate.value, []).append(quad.object)

    def all(self, node: Any, predicate: str) -> list[Any]:
        """Give every value."""
        return self._values.get(str(node), {}).get(predicate, [])

    def one(self, node: Any, predicate: str) -> Any:
        """Give the value, or None."""
        return next(iter(self.all(node, predicate)), None)

    def text(self, node: Any, predicate: str) -> str | None:
        """Give the words of the value, or its IRI."""
        found = self.one(node, predicate)
        return None if found is None else str(found.value)

    def file(self, node: Any, predicate: str) -> Path:
        """Give the file a value names."""
        return Path(url2pathname(urlsplit(self.one(node, predicate).value).path))

    def of_type(self, kind: str) -> list[str]:
        """Give the things of a kind, in N-Triples spelling."""
        return [s for s, fields in self._values.items() if f"<{kind}>" in map(str, fields.get(TYPE, []))]

    def members(self, node: Any) -> list[Any]:
        """Give the members of a list."""
        found = []
        while node is not None and (first := self.one(node, _FIRST)) is not None:
            found.append(first)
            node = self.one(node, _REST)
        return found
