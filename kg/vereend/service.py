"""Queries of strangers, answered by worker processes that can be killed.

The process that serves pages never evaluates such a query. Each worker holds the published store read-only, has a limit
on memory and, where the system allows it, no network. A query past its deadline costs a worker, nothing more. Answers
come from the worker in small pieces that are counted, and are cut between two rows when there are too many.
"""

import contextlib
import multiprocessing
import os
import queue
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox

from vereend.errors import QueryCancelled, QueryRefused, QueryTimeout, VereendError
from vereend.terms import BASE

# Memory of one worker, in bytes. An idle worker already claims several hundred MB of address space.
WORKER_MEMORY_BYTES = 2_000_000_000
# Bytes of an answer that a worker sends at a time.
_PIECE = 64_000
# Seconds between two looks at whether the asker is still there.
_LOOK_S = 0.1
# Seconds past its time at which a worker that nobody ended ends itself.
_GRACE_S = 5.0


@dataclass(frozen=True)
class Limits:
    """What one query may cost. A refusal names the limit. Raise them for your own work, not for the public."""

    query_timeout_s: float = 10.0  # seconds it may take
    query_wait_s: float = 10.0  # seconds it may wait for a worker
    query_rows: int = 10_000  # rows or triples of its answer; what is more is left out, and that is said
    query_bytes: int = 10_000_000  # of its answer, likewise
    query_characters: int = 50_000  # of its text
    query_nesting: int = 200  # levels of brackets; thousands kill the parser
    query_memory_bytes: int = WORKER_MEMORY_BYTES  # of the process that answers it
    query_workers: int = 2  # processes that answer queries, kept warm; each holds some 30 MB; 0 answers none

    def named(self, name: str) -> str:
        """Write a limit as a refusal names it: "query_rows = 10000"."""
        value = getattr(self, name)
        return f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"


_DEFAULT = Limits()
_Kind = TypeVar("_Kind", bound=Limits)


def from_environment(kind: type[_Kind]) -> _Kind:
    """Give limits as the environment sets them: VEREEND_QUERY_ROWS for query_rows, and so on; else the defaults.

    Raises:
        VereendError: a value that is no number, or below nothing.
    """
    given: dict[str, float] = {}
    for place in fields(kind):
        name = f"VEREEND_{place.name.upper()}"
        if told := os.environ.get(name):
            whole = isinstance(place.default, int)
            try:
                number = int(told) if whole else float(told)
            except ValueError:
                number = -1
            if not 0 <= number < float("inf"):
                example = f"{place.default:g}" if isinstance(place.default, float) else str(place.default)
                raise VereendError(f"{name}={told}", "is not a number that fits", f"Write it as in {name}={example}")
            given[place.name] = number
    return kind(**given)  # type: ignore[arg-type]


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


def query_form(text: str, limits: Limits = _DEFAULT) -> str:
    """Tell the form of a query: "select" (ASK too) or "graph" (CONSTRUCT and DESCRIBE), after refusing what is not one.

    Raises:
        QueryRefused: too long, too deeply nested, an update, or a query that would call another server.
    """
    if len(text) > limits.query_characters:
        raise QueryRefused(
            "query",
            f"is longer than {limits.query_characters} characters",
            "Shorten it, or split it in two",
            limits.named("query_characters"),
        )
    bare = _SKIP.sub(" ", text)
    depth = deepest = 0
    for bracket in re.findall(r"<<|>>|[({\[)}\]]", bare):
        depth += 1 if bracket in ("<<", "(", "{", "[") else -1
        deepest = max(deepest, depth)
    if deepest > limits.query_nesting or len(re.findall(r"!\s*(?=!)", bare)) > limits.query_nesting:
        raise QueryRefused(
            "query",
            f"nests deeper than {limits.query_nesting} levels",
            "Write it flatter",
            limits.named("query_nesting"),
        )
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


@dataclass
class Tally:
    """What has been written of an answer so far."""

    rows: int = 0  # solutions or triples; 1 for a yes-no answer
    truncated: bool = False  # more rows exist than are written
    size: int = 0  # bytes


def evaluate(
    store: ox.Store, text: str, media_type: str, max_rows: int, graphs: Sequence[str] = (), named: Sequence[str] = ()
) -> tuple[bytes, int, bool]:
    """Evaluate a query in this process, for those who trust it: body, number of rows, whether it was cut off.

    Takes and raises what `written` does.
    """
    tally = Tally()
    limits = Limits(query_rows=max_rows)
    body = b"".join(written(store, text, media_type, limits, tally, graphs, named))
    return body, tally.rows, tally.truncated


def written(
    store: ox.Store,
    text: str,
    media_type: str,
    limits: Limits,
    tally: Tally,
    graphs: Sequence[str] = (),
    named: Sequence[str] = (),
) -> Iterator[bytes]:
    """Evaluate a query and write the answer, piece by piece.

    Args:
        tally: is kept up to date with what has been written.
        graphs: IRIs of the graphs whose merge is the default graph; none leaves it to the query's FROM, else all.
        named: IRIs of the graphs GRAPH may name; none leaves it to the query's FROM NAMED, else all.

    Raises:
        QueryRefused: the query is not well-formed (says where), or one row is larger than an answer may be.
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
        tally.rows = 1
        yield yes_no(bool(answer), media_type)
    elif isinstance(answer, ox.QuerySolutions):
        names = [v.value for v in answer.variables]
        yield from solutions(names, (tuple(row) for row in answer), media_type, limits, tally)
    else:
        prefixes = {m[1]: m[2] for m in re.finditer(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", text, re.IGNORECASE)}
        yield statements(answer, prefixes, media_type, limits, tally)


def yes_no(answer: bool, media_type: str) -> bytes:
    """Write the answer to an ASK."""
    word = "true" if answer else "false"
    if media_type == "application/sparql-results+json":
        return f'{{"head":{{}},"boolean":{word}}}'.encode()
    if media_type == "application/sparql-results+xml":
        return f"{_XML}<head/><boolean>{word}</boolean></sparql>".encode()
    return f"{word}\n".encode()


def statements(
    answer: Iterator[ox.Triple], prefixes: dict[str, str], media_type: str, limits: Limits, tally: Tally
) -> bytes:
    """Write triples, as many as an answer may hold."""
    triples: list[ox.Triple] = []
    for triple in answer:
        tally.size += len(str(triple)) + 3
        if len(triples) == limits.query_rows or tally.size > limits.query_bytes:
            tally.truncated = True
            break
        triples.append(triple)
    tally.rows = len(triples)
    return ox.serialize(triples, format=GRAPH_TYPES[media_type], prefixes=prefixes) or b""


# A row of an answer: its terms, None where a variable is not bound.
Row = tuple[Any, ...]
_XML = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def solutions(names: list[str], rows: Iterator[Row], media_type: str, limits: Limits, tally: Tally) -> Iterator[bytes]:
    """Write rows, as many as an answer may hold. The store's own serialiser writes all or nothing.

    Raises:
        QueryRefused: one row is larger than an answer may be.
    """
    start, write, between, end = _WRITERS[media_type](names)
    yield start.encode()
    for row in rows:
        if tally.rows == limits.query_rows:
            tally.truncated = True
            break
        piece = ((between if tally.rows else "") + write(row)).encode()
        if tally.size + len(piece) > limits.query_bytes:
            if not tally.rows:
                raise QueryRefused(
                    "query",
                    f"has a row of more than {limits.query_bytes} bytes",
                    "Ask for shorter values",
                    limits.named("query_bytes"),
                )
            tally.truncated = True
            break
        tally.rows += 1
        tally.size += len(piece)
        yield piece
    yield end.encode()


def _described(term: Any) -> dict[str, str]:
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


# How a row is written, what stands between two rows, and what before and after all of them.
_Writer = tuple[str, Callable[[Row], str], str, str]


def _json(names: list[str]) -> _Writer:
    from json.encoder import encode_basestring as quoted  # what json.dumps leads to, without the way there

    keys = [quoted(name) for name in names]

    def cell(key: str, term: Any) -> str:
        if isinstance(term, ox.NamedNode):
            return f'{key}:{{"type":"uri","value":{quoted(term.value)}}}'
        told = ",".join([f'"{name}":{quoted(value)}' for name, value in _described(term).items()])
        return f"{key}:{{{told}}}"

    def write(row: Row) -> str:
        return f"{{{','.join([cell(k, t) for k, t in zip(keys, row, strict=True) if t is not None])}}}"

    return f'{{"head":{{"vars":[{",".join(keys)}]}},"results":{{"bindings":[', write, ",", "]}}"


def _xml(names: list[str]) -> _Writer:
    from xml.sax.saxutils import escape, quoteattr

    def cell(name: str, term: Any) -> str:
        told = _described(term)
        kind, value = told.pop("type"), told.pop("value")
        marks = "".join(f" {key}={quoteattr(mark)}" for key, mark in told.items())
        return f"<binding name={quoteattr(name)}><{kind}{marks}>{escape(value)}</{kind}></binding>"

    def write(row: Row) -> str:
        cells = "".join(cell(n, t) for n, t in zip(names, row, strict=True) if t is not None)
        return f"<result>{cells}</result>"

    head = "".join(f"<variable name={quoteattr(n)}/>" for n in names)
    return f"{_XML}<head>{head}</head><results>", write, "", "</results></sparql>"


def _csv(names: list[str]) -> _Writer:
    import csv
    import io

    def line(cells: Sequence[str]) -> str:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerow(cells)
        return buffer.getvalue()

    def write(row: Row) -> str:
        return line(["" if t is None else str(t) if isinstance(t, ox.BlankNode) else t.value for t in row])

    return line(names), write, "", ""


def _tsv(names: list[str]) -> _Writer:
    def line(cells: Iterator[str]) -> str:
        return "\t".join(cells) + "\n"

    def write(row: Row) -> str:
        return line("" if t is None else str(t).replace("\t", "\\t") for t in row)

    return line(f"?{n}" for n in names), write, "", ""


_WRITERS: dict[str, Callable[[list[str]], _Writer]] = {
    "application/sparql-results+json": _json,
    "application/sparql-results+xml": _xml,
    "text/csv": _csv,
    "text/tab-separated-values": _tsv,
}


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
    """Bound this process: memory, no core file, no network where the system allows it. There is no way back."""
    import ctypes
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):  # Linux; a container may forbid the one and allow the other
        ctypes.CDLL(None).unshare(0x10000000 | 0x40000000)  # a user and network namespace of its own
        _refuse_sockets(ctypes.CDLL(None))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)  # an aborting parser writes a backtrace nobody can use


# How the kernel calls a machine, and the number of the call that makes a socket there.
_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


def _refuse_sockets(libc: Any) -> None:
    """Have the kernel refuse any new socket, by a seccomp filter, for which no privilege is needed.

    Source: https://docs.kernel.org/userspace-api/seccomp_filter.html
    """
    import ctypes
    import platform
    import struct

    if platform.machine() not in _SOCKET_CALLS:
        return
    machine, call = _SOCKET_CALLS[platform.machine()]
    load, equal, give = 0x20, 0x15, 0x06  # what is at this place; is it this; the verdict
    allow, refuse = 0x7FFF0000, 0x00050000 | 13  # EACCES
    steps = ((load, 0, 0, 4), (equal, 0, 3, machine), (load, 0, 0, 0), (equal, 0, 1, call), (give, 0, 0, refuse))
    program = b"".join(struct.pack("HBBI", *step) for step in (*steps, (give, 0, 0, allow)))
    held = ctypes.create_string_buffer(program, len(program))
    described = ctypes.create_string_buffer(struct.pack("HP", len(program) // 8, ctypes.addressof(held)))
    no_new_privileges, seccomp, by_filter = 38, 22, 2
    libc.prctl(no_new_privileges, 1, 0, 0, 0)
    libc.prctl(seccomp, by_filter, ctypes.byref(described), 0, 0)


def _work(connection: Connection, folder: str, limits: Limits) -> None:
    limit(limits.query_memory_bytes)
    store, opened = ox.Store.read_only(folder), folder
    connection.send(("ready", None))
    while True:
        try:
            folder, text, media_type, graphs, named = connection.recv()
        except (EOFError, OSError):
            return
        # Should nobody be left to end this process, the system does: also while the store is at work.
        signal.setitimer(signal.ITIMER_REAL, limits.query_timeout_s + _GRACE_S)
        tally = Tally()
        try:
            if folder != opened:
                store, opened = ox.Store.read_only(folder), folder
            kept: list[bytes] = []
            size = 0
            for piece in written(store, text, media_type, limits, tally, graphs, named):
                kept.append(piece)
                size += len(piece)
                if size >= _PIECE:
                    connection.send(("piece", b"".join(kept)))
                    kept, size = [], 0
            connection.send(("end", (b"".join(kept), tally.rows, tally.truncated)))
        except VereendError as error:
            connection.send(("refused", error.args))
        except Exception as error:  # noqa: BLE001 - the worker lives on; the asker hears what the store said
            kind = "refused" if folder == opened else "gone"
            connection.send((kind, ("query", "cannot be answered", "Simplify it", str(error))))
        signal.setitimer(signal.ITIMER_REAL, 0)


class _Worker:
    def __init__(self, folder: str, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, folder, limits), daemon=True)
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
        folder: a store published by vereend.store.publish; or what tells, before each query, where it stands now.
        limits: what one query may cost.
    """

    def __init__(self, folder: Path | Callable[[], str], limits: Limits = _DEFAULT) -> None:
        self._folder: Callable[[], str] = folder if callable(folder) else lambda: str(folder)
        self.limits = limits
        self._idle: queue.Queue[_Worker] = queue.Queue()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        for _ in range(limits.query_workers):
            self._start()

    def _start(self) -> None:
        worker = _Worker(self._folder(), self.limits)
        with self._lock:
            self._all.add(worker)
        self._idle.put(worker)

    def query(
        self,
        text: str,
        accept: list[str] | None = None,
        graphs: Sequence[str] = (),
        named: Sequence[str] = (),
        gone: Callable[[], bool] | None = None,
    ) -> QueryAnswer:
        """Answer a query.

        Args:
            accept: media types, best first.
            graphs: default graphs by IRI, as the protocol's default-graph-uri.
            named: named graphs by IRI, as the protocol's named-graph-uri.
            gone: tells whether the asker has left; is asked some ten times a second.
        Raises:
            QueryRefused: malformed, not read-only, or asked in a format it has no answer in.
            QueryTimeout: it took too long or too much memory, or all workers stayed busy.
            QueryCancelled: the asker has left.
        """
        limits = self.limits
        media_type = choose_type(query_form(text, limits), accept or [])
        worker = self._take(gone)
        healthy = False
        try:
            worker.wait_ready()
            started = time.monotonic()
            for _ in range(2):  # the version told may be gone before the worker opens it
                folder = self._folder()
                worker.connection.send((folder, text, media_type, tuple(graphs), tuple(named)))
                kind, content = self._hear(worker, started + limits.query_timeout_s, gone)
                if kind != "gone":
                    break
            healthy = True
        except (EOFError, OSError):
            raise QueryTimeout(
                "query",
                "needed more memory than it may use",
                "Ask for less at a time",
                limits.named("query_memory_bytes"),
            ) from None
        finally:
            if healthy:
                self._idle.put(worker)
            else:
                self._replace(worker)
        if kind != "end":
            raise QueryRefused(*content)
        body, rows, truncated = content
        return QueryAnswer(media_type, body, rows, truncated, time.monotonic() - started)

    def _take(self, gone: Callable[[], bool] | None) -> _Worker:
        until = time.monotonic() + self.limits.query_wait_s
        while True:
            left = until - time.monotonic()
            try:
                return self._idle.get(timeout=max(0.001, min(left, _LOOK_S) if gone else left))
            except queue.Empty:
                _stop_if(gone)
                if time.monotonic() >= until:
                    raise QueryTimeout(
                        "query", "all workers are busy", "Try again in a moment", self.limits.named("query_wait_s")
                    ) from None

    def _hear(self, worker: _Worker, until: float, gone: Callable[[], bool] | None) -> tuple[str, Any]:
        """Gather what a worker answers, until it ends or its time is up."""
        pieces: list[bytes] = []
        while True:
            left = until - time.monotonic()
            if worker.connection.poll(max(0.0, min(left, _LOOK_S) if gone else left)):
                kind, content = worker.connection.recv()
                if kind == "piece":
                    pieces.append(content)
                elif kind == "end":
                    return kind, (b"".join([*pieces, content[0]]), *content[1:])
                else:
                    return kind, content
            else:
                _stop_if(gone)
            if time.monotonic() >= until:
                raise QueryTimeout(
                    "query",
                    f"took longer than {self.limits.query_timeout_s:g} seconds",
                    "Ask for less: name a case, add a LIMIT, or avoid joining everything to everything",
                    self.limits.named("query_timeout_s"),
                )

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


def _stop_if(gone: Callable[[], bool] | None) -> None:
    if gone and gone():
        raise QueryCancelled("query", "was ended by its asker", "Ask it again")
