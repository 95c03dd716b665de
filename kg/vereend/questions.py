"""Asking the graph a question from the command line or a notebook: the same service as the endpoint's."""

import contextlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from vereend import __version__, store
from vereend.errors import QueryRefused, VereendError
from vereend.knowledge import Knowledge, load
from vereend.results import Value, read_graph, read_results, spreadsheet
from vereend.service import Limits, QueryAnswer, QueryService
from vereend.store import GraphStore, Questions
from vereend.terms import BASE, NAMESPACES, SPARQL_PREFIXES, prefixed

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
_ORIGIN = {
    "nl": {"query": "vraag", "rows": "rijen", "more": " (er zijn er meer)", "version": "versie", "address": "adres"},
    "en": {"query": "query", "rows": "rows", "more": " (there are more)", "version": "version", "address": "address"},
}
_MORE = {"nl": "Er zijn meer antwoorden dan hier staan.", "en": "There are more answers than are shown."}


def with_prefixes(text: str) -> str:
    """Declare the project's prefixes that a query uses without declaring them."""
    missing = [
        line
        for name, line in zip(NAMESPACES, SPARQL_PREFIXES.splitlines(), strict=True)
        if re.search(rf"(?<![\w-]){name}:", text) and not re.search(rf"\bPREFIX\s+{name}:", text, re.IGNORECASE)
    ]
    return " ".join([*missing, text]) if missing else text


@contextlib.contextmanager
def service(
    data: Sequence[Path] = (), timeout_s: float = 60.0, source: GraphStore | None = None
) -> Iterator[Questions]:
    """Serve queries over the project's graph and the descriptions given, or over a store, for as long as this lasts.

    Args:
        source: None asks the project's own graph.
    Raises:
        VereendError: a description that cannot be read, or one beside a store.
    """
    if source and data:
        raise VereendError("--data", "does not go with a store", "Load the description first, with vereend load")
    limits = Limits(query_timeout_s=timeout_s, query_rows=1_000_000, query_bytes=1_000_000_000, query_workers=1)
    with contextlib.closing(source.questions(limits)) if source else _own(data, limits) as found:
        yield found


@contextlib.contextmanager
def _own(data: Sequence[Path], limits: Limits) -> Iterator[QueryService]:
    knowledge = Knowledge(data) if data else load()
    with tempfile.TemporaryDirectory() as folder:
        store.publish(Path(folder) / "graph", knowledge.store)
        with contextlib.closing(QueryService(Path(folder) / "graph", limits)) as found:
            yield found


def answer(
    text: str,
    media_type: str,
    data: Sequence[Path] = (),
    timeout_s: float = 60.0,
    source: GraphStore | None = None,
) -> QueryAnswer:
    """Answer a query over the project's graph and the descriptions given, or over a store.

    Args:
        media_type: one the endpoint writes; "" for what fits the query.
        source: None asks the project's own graph.
    Raises:
        VereendError: a description that cannot be read, one beside a store, or a query that is refused or takes too
            long.
    """
    with service(data, timeout_s, source) as asked:
        return asked.query(with_prefixes(text), [media_type] if media_type else [])


def ask(
    text: str,
    format: str,
    lang: str,
    data: Sequence[Path] = (),
    timeout_s: float = 60.0,
    source: GraphStore | None = None,
) -> str:
    """Answer a query as text.

    Args:
        format: "table", or a key of the formats the endpoint writes.
    Raises:
        VereendError: as `answer`.
    """
    found = answer(text, "" if format == "table" else _TYPES[format], data, timeout_s, source)
    if format != "table" or found.media_type == "text/turtle":
        return found.body.decode()
    return table(found.body, lang) + (f"\n{_MORE[lang]}" if found.truncated else "")


def workbook(text: str, found: QueryAnswer, lang: str, address: str = "", known: Knowledge | None = None) -> bytes:
    """Write an answer in the W3C's JSON form or in Turtle as a workbook: see `results.spreadsheet`.

    Args:
        address: where the question can be asked again; "" where nowhere.
        known: what names the things; None for the project's own graph.
    Raises:
        QueryRefused: the answer is yes or no, which has no rows.
    """
    if found.media_type == "text/turtle":
        rows = read_graph(found.body)
    elif "boolean" in json.loads(found.body):
        raise QueryRefused("xlsx", "has no rows to hold", "Ask with SELECT, or take the answer as JSON")
    else:
        rows = read_results(found.body)
    word = _ORIGIN[lang]
    about = [
        (word["query"], with_prefixes(text)),
        (word["rows"], f"{len(rows.rows)}{word['more'] if found.truncated else ''}"),
        (word["version"], f"Vereend {__version__}"),
        *([(word["address"], address)] if address else []),
    ]
    return spreadsheet(rows, lambda value: name_of(value, lang, known), about)


def name_of(value: Value, lang: str, known: Knowledge | None = None) -> str:
    """Call a value what the graph calls it: a thing of ours by its label, another by its prefixed name, words as is."""
    if value.kind == "uri" and value.text.startswith(BASE):
        return (known or load()).label(value.text, lang).value
    return prefixed(value.text) if value.kind == "uri" else value.text


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
    behind = [
        ", ".join(load().claims_behind(term["value"] for term in binding.values() if term["type"] == "uri"))
        for binding in bindings
    ]
    if any(behind):
        names = [*names, _CLAIMS[lang]]
        rows = [[*row, claims] for row, claims in zip(rows, behind, strict=True)]
    widths = [max(len(name), *(len(row[i]) for row in rows)) for i, name in enumerate(names)]
    lines = [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in [names, *rows]
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _cell(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    return prefixed(term["value"]) if term["type"] == "uri" else term["value"].replace("\n", " ")
