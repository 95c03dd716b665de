"""Queries of strangers, answered by worker processes that can be killed.

The process that serves pages never evaluates such a query. Each worker holds the published store read-only, has a limit
on memory and, where the system allows it, no network. A query past its deadline costs a worker, nothing more.
"""

import contextlib
import multiprocessing
import os
import queue
import re
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from vereend.errors import QueryRefused, QueryTimeout, VereendError
from vereend.terms import BASE

# Longest query read, in characters; deeper nesting than this kills the parser. Raise neither for the public.
MAX_QUERY_CHARACTERS = 50_000
MAX_NESTING = 200
# Memory of one worker, in bytes. An idle worker already claims several hundred MB of address space.
WORKER_MEMORY_BYTES = 2_000_000_000

SELECT_TYPES = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPH_TYPES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
_SKIP = re.compile(
    r"#[^\n]*|<[^<>\"{}|^`\\\s]*>|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL
)
_UPDATE = re.compile(r"\b(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\b", re.IGNORECASE)


@dataclass(frozen=True)
class QueryAnswer:
    """A serialised answer."""

    media_type: str
    body: bytes
    rows: int  # solutions or triples; 1 for a yes-no answer
    truncated: bool  # more rows exist than are shown
    seconds: float


def query_form(text: str) -> str:
    """Tell the form of a query: "select" (ASK too) or "graph" (CONSTRUCT and DESCRIBE), after refusing what is not one.

    Raises:
        QueryRefused: too long, too deeply nested, an update, or a query that would call another server.
    """
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryRefused(
            "query", f"is longer than {MAX_QUERY_CHARACTERS} characters", "Shorten it, or split it in two"
        )
    bare = _SKIP.sub(" ", text)
    depth = deepest = 0
    for character in bare:
        depth += (character in "({[") - (character in ")}]")
        deepest = max(deepest, depth)
    if deepest > MAX_NESTING or len(re.findall(r"!\s*(?=!)", bare)) > MAX_NESTING:
        raise QueryRefused("query", f"nests deeper than {MAX_NESTING} levels", "Write it flatter")
    if re.search(r"\bSERVICE\b", bare, re.IGNORECASE):
        raise QueryRefused("query", "uses SERVICE", "This endpoint calls no other servers: query that server directly")
    form = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", bare, re.IGNORECASE)
    update = _UPDATE.search(bare)
    if update and (form is None or update.start() < form.start()):
        raise QueryRefused(
            "query",
            f"is an update ({update[1].upper()})",
            "This endpoint only reads: write SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    if form is None:
        raise QueryRefused("query", "is no query", "Begin with SELECT, ASK, CONSTRUCT or DESCRIBE")
    return "graph" if form[1].upper() in ("CONSTRUCT", "DESCRIBE") else "select"


def choose_type(form: str, accept: list[str]) -> str:
    """Choose the first wanted media type that fits the form of a query, or the form's default.

    Args:
        accept: media types, best first; empty for no wish.
    Raises:
        QueryRefused: none of them fits.
    """
    types = SELECT_TYPES if form == "select" else GRAPH_TYPES
    for wanted in accept:
        if wanted in ("*/*", "application/*"):
            return next(iter(types))
        if wanted in types:
            return wanted
        if wanted == "application/json":
            return "application/sparql-results+json" if form == "select" else "application/ld+json"
        if wanted in ("application/xml", "text/xml"):
            return "application/sparql-results+xml" if form == "select" else "application/rdf+xml"
    if not accept:
        return next(iter(types))
    raise QueryRefused("Accept", "names no format this query can be answered in", f"Accept one of {', '.join(types)}")


def evaluate(
    store: ox.Store, text: str, media_type: str, max_rows: int, graphs: Sequence[str] = (), named: Sequence[str] = ()
) -> tuple[bytes, int, bool]:
    """Evaluate a query: body, number of rows, whether it was cut off.

    Args:
        graphs: IRIs of the graphs whose merge is the default graph; none leaves it to the query's FROM, else all.
        named: IRIs of the graphs GRAPH may name; none leaves it to the query's FROM NAMED, else all.

    Raises:
        QueryRefused: the query is not well-formed; says where.
    """
    try:
        own = re.search(
            r"(?<![?$:\w-])FROM(?=[\s<])", _SKIP.sub(lambda m: "<>" if m[0][0] == "<" else " ", text), re.IGNORECASE
        )
        answer: Any = store.query(
            text,
            base_iri=BASE + "kg/",
            use_default_graph_as_union=not (graphs or named or own),
            default_graph=[ox.NamedNode(g) for g in graphs] or ([] if named else None),
            named_graphs=[ox.NamedNode(g) for g in named] or ([] if graphs else None),
        )
    except ValueError as error:
        raise QueryRefused("graphs", "are not named by IRIs", "Write each out in full", str(error)) from None
    except SyntaxError as error:
        raise QueryRefused(*_syntax(str(error))) from None
    if isinstance(answer, ox.QueryBoolean):
        return _serialize_boolean(answer, media_type), 1, False
    if isinstance(answer, ox.QuerySolutions):
        return _serialize_rows(answer, media_type, max_rows)
    triples: list[ox.Triple] = []
    for triple in answer:
        if len(triples) == max_rows:
            return ox.serialize(triples, format=GRAPH_TYPES[media_type]) or b"", max_rows, True
        triples.append(triple)
    prefixes = {m[1]: m[2] for m in re.finditer(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", text, re.IGNORECASE)}
    return ox.serialize(triples, format=GRAPH_TYPES[media_type], prefixes=prefixes) or b"", len(triples), False


def _serialize_boolean(answer: ox.QueryBoolean, media_type: str) -> bytes:
    if media_type in ("text/csv", "text/tab-separated-values"):
        return b"true\n" if answer else b"false\n"
    return answer.serialize(format=SELECT_TYPES[media_type]) or b""


def _serialize_rows(answer: ox.QuerySolutions, media_type: str, max_rows: int) -> tuple[bytes, int, bool]:
    """Serialise at most so many rows. The store's own serialiser writes all or nothing, so the cut is made here."""
    rows: list[tuple[Any, ...]] = []
    truncated = False
    variables = answer.variables
    for solution in answer:
        if len(rows) == max_rows:
            truncated = True
            break
        rows.append(tuple(solution))
    return _write(variables, rows, media_type), len(rows), truncated


def _write(variables: list[ox.Variable], rows: list[tuple[Any, ...]], media_type: str) -> bytes:
    import csv
    import io
    import json
    from xml.sax.saxutils import escape, quoteattr

    names = [v.value for v in variables]

    def described(term: Any) -> dict[str, str]:
        if isinstance(term, ox.NamedNode):
            return {"type": "uri", "value": term.value}
        if isinstance(term, ox.BlankNode):
            return {"type": "bnode", "value": term.value}
        found = {"type": "literal", "value": term.value}
        if term.language:
            found["xml:lang"] = term.language
        elif term.datatype.value != "http://www.w3.org/2001/XMLSchema#string":
            found["datatype"] = term.datatype.value
        return found

    if media_type == "application/sparql-results+json":
        bindings = [{n: described(t) for n, t in zip(names, row, strict=True) if t is not None} for row in rows]
        return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}, ensure_ascii=False).encode()
    if media_type == "application/sparql-results+xml":
        out = ['<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>']
        out += [f"<variable name={quoteattr(n)}/>" for n in names]
        out.append("</head><results>")
        for row in rows:
            out.append("<result>")
            for n, t in zip(names, row, strict=True):
                if t is None:
                    continue
                d = described(t)
                extra = (
                    f" xml:lang={quoteattr(d['xml:lang'])}"
                    if "xml:lang" in d
                    else f" datatype={quoteattr(d['datatype'])}"
                    if "datatype" in d
                    else ""
                )
                out.append(
                    f"<binding name={quoteattr(n)}><{d['type']}{extra}>{escape(d['value'])}</{d['type']}></binding>"
                )
            out.append("</result>")
        return "".join([*out, "</results></sparql>"]).encode()
    buffer = io.StringIO()
    if media_type == "text/csv":
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows(
            ["" if t is None else str(t) if isinstance(t, ox.BlankNode) else t.value for t in row] for row in rows
        )
    else:
        buffer.write("\t".join(f"?{n}" for n in names) + "\n")
        for row in rows:
            buffer.write("\t".join("" if t is None else str(t).replace("\t", "\\t") for t in row) + "\n")
    return buffer.getvalue().encode()


def _syntax(message: str) -> tuple[str, str, str, str]:
    found = re.search(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    where = f"query, line {found[1]}, column {found[2]}" if found else "query"
    detail = (found[3] if found else message).strip().splitlines()[0].rstrip(".")
    missing = re.search(r"Prefix not found|prefix", detail)
    help_ = (
        "Declare the prefix at the top, as in PREFIX vrd: <https://w3id.org/vereend/ns#>"
        if missing
        else "Mend the query there"
    )
    return where, "is not well-formed", help_, detail


# --- workers ----------------------------------------------------------------------------------------------------------


def limit(memory_bytes: int) -> None:
    """Bound this process: memory, no core file, no network where the system allows it."""
    import ctypes
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):  # Linux: a user and network namespace of its own
        ctypes.CDLL(None).unshare(0x10000000 | 0x40000000)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)  # an aborting parser writes a backtrace nobody can use


def _work(connection: Connection, folder: str, memory_bytes: int) -> None:
    limit(memory_bytes)
    store = ox.Store.read_only(folder)
    connection.send("ready")
    while True:
        try:
            question = connection.recv()
        except (EOFError, OSError):
            return
        try:
            connection.send(("answer", evaluate(store, *question)))
        except VereendError as error:
            connection.send(("refused", error.args))
        except Exception as error:  # noqa: BLE001 - the worker lives on; the asker hears what the store said
            connection.send(("refused", ("query", "cannot be answered", "Simplify it", str(error))))


class _Worker:
    def __init__(self, folder: str, memory_bytes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, folder, memory_bytes), daemon=True)
        self.process.start()
        theirs.close()
        self.ready = False

    def wait_ready(self, seconds: float = 30) -> None:
        if not self.ready:
            if not self.connection.poll(seconds):
                raise QueryTimeout("query", "the query service did not start", "Try again in a moment")
            self.connection.recv()
            self.ready = True

    def kill(self) -> None:
        self.process.kill()
        self.process.join(5)
        self.connection.close()


class QueryService:
    """A few workers over one published store. Safe to call from many threads.

    Args:
        folder: a store published by vereend.store.publish.
        timeout_s: seconds one query may take. Raise it for your own work, not for the public.
        max_rows: rows or triples given at most; the answer says when there were more.
        workers: processes kept warm; each holds some 30 MB.
    """

    def __init__(
        self,
        folder: Path,
        timeout_s: float = 10.0,
        max_rows: int = 10_000,
        workers: int = 2,
        memory_bytes: int = WORKER_MEMORY_BYTES,
    ) -> None:
        self.folder, self.timeout_s, self.max_rows, self.memory_bytes = str(folder), timeout_s, max_rows, memory_bytes
        self._idle: queue.Queue[_Worker] = queue.Queue()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        for _ in range(workers):
            self._start()

    def _start(self) -> None:
        worker = _Worker(self.folder, self.memory_bytes)
        with self._lock:
            self._all.add(worker)
        self._idle.put(worker)

    def query(
        self, text: str, accept: list[str] | None = None, graphs: Sequence[str] = (), named: Sequence[str] = ()
    ) -> QueryAnswer:
        """Answer a query.

        Args:
            accept: media types, best first.
            graphs: default graphs by IRI, as the protocol's default-graph-uri.
            named: named graphs by IRI, as the protocol's named-graph-uri.
        Raises:
            QueryRefused: malformed, not read-only, or asked in a format it has no answer in.
            QueryTimeout: it took too long or too much memory, or all workers stayed busy.
        """
        media_type = choose_type(query_form(text), accept or [])
        try:
            worker = self._idle.get(timeout=self.timeout_s)
        except queue.Empty:
            raise QueryTimeout("query", "all workers are busy", "Try again in a moment") from None
        healthy = False
        started = time.monotonic()
        try:
            worker.wait_ready()
            started = time.monotonic()
            worker.connection.send((text, media_type, self.max_rows, tuple(graphs), tuple(named)))
            if not worker.connection.poll(self.timeout_s):
                raise QueryTimeout(
                    "query",
                    f"took longer than {self.timeout_s:g} seconds",
                    "Ask for less: name a case, add a LIMIT, or avoid joining everything to everything",
                )
            kind, content = worker.connection.recv()
            healthy = True
        except (EOFError, OSError):
            raise QueryTimeout("query", "needed more memory than it may use", "Ask for less at a time") from None
        finally:
            if healthy:
                self._idle.put(worker)
            else:
                self._replace(worker)
        if kind == "refused":
            raise QueryRefused(*content)
        body, rows, truncated = content
        return QueryAnswer(media_type, body, rows, truncated, time.monotonic() - started)

    def _replace(self, worker: _Worker) -> None:
        worker.kill()
        with self._lock:
            self._all.discard(worker)
        if not self._closed:
            self._start()

    def close(self) -> None:
        """End the workers."""
        self._closed = True
        with self._lock:
            workers, self._all = self._all, set()
        for worker in workers:
            worker.kill()
