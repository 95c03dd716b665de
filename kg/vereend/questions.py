"""Asking the graph a question from the command line or a notebook: the same service as the endpoint's."""

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from vereend import store
from vereend.knowledge import load
from vereend.reading import read
from vereend.service import QueryService
from vereend.terms import NAMESPACES, SPARQL_PREFIXES, prefixed

_TYPES = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
}
_NONE = {"nl": "Geen antwoorden.", "en": "No answers."}
_CLAIMS = {"nl": "beweringen", "en": "claims"}
_MORE = {"nl": "Er zijn meer antwoorden dan hier staan.", "en": "There are more answers than are shown."}


def with_prefixes(text: str) -> str:
    """Declare the project's prefixes that a query uses without declaring them."""
    missing = [
        line
        for name, line in zip(NAMESPACES, SPARQL_PREFIXES.splitlines(), strict=True)
        if re.search(rf"(?<![\w-]){name}:", text) and not re.search(rf"\bPREFIX\s+{name}:", text, re.IGNORECASE)
    ]
    return " ".join([*missing, text]) if missing else text


def ask(text: str, format: str, lang: str, data: Sequence[Path] = (), timeout_s: float = 60.0) -> str:
    """Answer a query over the project's graph and the descriptions given.

    Args:
        format: "table", or a key of the formats the endpoint writes.
    Raises:
        VereendError: a description that cannot be read, or a query that is refused or takes too long.
    """
    cases = [(case.slug, case.description) for case in load().cases.values()]
    cases += [(path.stem, read(path)) for path in data]
    with tempfile.TemporaryDirectory() as folder:
        store.publish(Path(folder) / "graph", cases)
        service = QueryService(Path(folder) / "graph", timeout_s=timeout_s, workers=1, max_rows=1_000_000)
        try:
            if format != "table":
                return service.query(with_prefixes(text), [_TYPES[format]]).body.decode()
            answer = service.query(with_prefixes(text))
        finally:
            service.close()
    if answer.media_type == "text/turtle":
        return answer.body.decode()
    return table(answer.body, lang) + (f"\n{_MORE[lang]}" if answer.truncated else "")


def table(body: bytes, lang: str) -> str:
    """Lay SPARQL JSON results out in columns, with the claims behind each row; a yes-no answer is one word."""
    results = json.loads(body)
    if "boolean" in results:
        return str(results["boolean"]).lower()
    names = results["head"]["vars"]
    bindings = results["results"]["bindings"]
    rows = [[_cell(binding.get(name)) for name in names] for binding in bindings]
    if not rows:
        return _NONE[lang]
    behind = [", ".join(claims_of(binding)) for binding in bindings]
    if any(behind):
        names = [*names, _CLAIMS[lang]]
        rows = [[*row, claims] for row, claims in zip(rows, behind, strict=True)]
    widths = [max(len(name), *(len(row[i]) for row in rows)) for i, name in enumerate(names)]
    lines = [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in [names, *rows]
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def claims_of(binding: dict[str, dict[str, str]]) -> list[str]:
    """Give the numbers of the claims behind one row of an answer, in the form of SPARQL JSON."""
    return load().claims_behind(term["value"] for term in binding.values() if term["type"] == "uri")


def _cell(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    return prefixed(term["value"]) if term["type"] == "uri" else term["value"].replace("\n", " ")
