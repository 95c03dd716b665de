"""The graph in any server that speaks SPARQL 1.1: asked and written over HTTP.

Queries go as a form by POST and come back as JSON or N-Triples; an answer that does not parse was cut off by the server
at its own deadline, and is told as such. The name and word for the server come from the environment alone, are never
shown, and go to no other address than the one that was given.
"""

import base64
import http.client
import os
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from vereend import store
from vereend.errors import QueryRefused, QueryTimeout, VereendError
from vereend.service import (
    Limits,
    QueryAnswer,
    Tally,
    choose_type,
    query_form,
    solutions,
    statements,
    yes_no,
)
from vereend.store import CASE, UPLOAD, Status, Upload
from vereend.terms import BASE, Statement

_JSON, _TRIPLES = "application/sparql-results+json", "application/n-triples"
# Seconds an update may take: a large description is written in one request, so that it is there whole or not at all.
_UPDATE_S = 120.0
# What the server may send beyond what an answer may hold: JSON spends more on a row than other forms.
_ROOM = 4
_VERSION = "http://www.w3.org/2002/07/owl#versionInfo"
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


@dataclass(frozen=True)
class Endpoint:
    """Where a server is asked, and where it is written to."""

    query: str
    update: str
    user: str = ""
    password: str = field(default="", repr=False)


def endpoint(url: str | None = None) -> Endpoint | None:
    """Give the server that is named here or in the environment; None where none is.

    VEREEND_ENDPOINT_QUERY and _UPDATE are its addresses, _USER and _PASSWORD what it asks for.

    Raises:
        VereendError: an address that is none, or that holds a password.
    """
    told = {name: os.environ.get(f"VEREEND_ENDPOINT_{name}", "") for name in ("QUERY", "UPDATE", "USER", "PASSWORD")}
    query = url or told["QUERY"]
    if not query:
        return None
    found = Endpoint(query, told["UPDATE"] or query, told["USER"], told["PASSWORD"])
    for address in (found.query, found.update):
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise VereendError(
                repr(address), "is not the address of a server", "Write it as https://example.org/sparql"
            )
        if "@" in parts.netloc:
            raise VereendError(
                parts.hostname,
                "has a password in its address",
                "Take it out, and set VEREEND_ENDPOINT_USER and VEREEND_ENDPOINT_PASSWORD",
            )
    return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A password must not follow to where a server points."""

    def redirect_request(self, *_: object) -> None:
        return None


class RemoteStore:
    """A SPARQL 1.1 server as the place of the graph."""

    def __init__(self, server: Endpoint) -> None:
        self.server = server

    def questions(self, limits: Limits) -> "RemoteQuestions":
        """Ask this server, within these limits."""
        return RemoteQuestions(self.server, limits)

    def load(self, uploads: Iterable[Upload]) -> None:
        """Load descriptions, each into a graph of its own by one request, after the project's own content.

        Raises:
            VereendError: the server does not take it, or a name serves twice.
        """
        if not self._has_content():
            self._renew_content()
        seen: set[str] = set()
        for upload in uploads:
            name = UPLOAD + store.upload_name(upload.name)
            if name in seen:
                raise VereendError(upload.name, "is the name of two descriptions", "Give each a name of its own")
            seen.add(name)
            self._put(name, upload.statements)
        self._tell_graphs(True)

    def unload(self, names: Iterable[str]) -> None:
        """Take descriptions out that were loaded.

        Raises:
            VereendError: no such description was loaded.
        """
        graphs, current = self._graphs(), self._has_content()
        for name in names:
            if UPLOAD + name not in graphs:
                raise store.not_loaded(name, graphs)
            self._update(f"DROP GRAPH {store.graph_name(UPLOAD + name)}")
        self._tell_graphs(current)

    def status(self) -> Status:
        """Tell what the server holds of ours, and whether it shows its named graphs to a query that names none."""
        graphs = self._graphs()
        union = not graphs or self._ask("ASK { ?graph a <http://www.w3.org/ns/sparql-service-description#NamedGraph> }")
        return Status(self.server.query, "", self._has_content(), graphs, union=union)

    # --- within -------------------------------------------------------------------------------------------------------

    def _ask(self, text: str) -> bool:
        answer = ox.parse_query_results(_post(self.server, {"query": text}, _JSON), format=ox.QueryResultsFormat.JSON)
        return bool(answer)

    def _graphs(self) -> dict[str, int]:
        answer = ox.parse_query_results(
            _post(self.server, {"query": _COUNTS}, _JSON), format=ox.QueryResultsFormat.JSON
        )
        assert isinstance(answer, ox.QuerySolutions)
        # Some servers give a row without a graph when there is none.
        found = {row["g"].value: int(row["n"].value) for row in answer if row["g"] is not None}
        ours = {name.removeprefix(store.GRAPH): n for name, n in sorted(found.items()) if name.startswith(store.GRAPH)}
        return {name: n for name, n in ours.items() if name != "graphs"}

    def _has_content(self) -> bool:
        about = store.graph_name("graphs")
        return self._ask(f'ASK {{ GRAPH {about} {{ {about} <{_VERSION}> "{store.content_digest()}" }} }}')

    def _renew_content(self) -> None:
        from vereend.knowledge import load

        held, names = load().store, store.graph_names(load().cases)
        for gone in [name for name in self._graphs() if name.startswith(CASE) and name not in names]:
            self._update(f"DROP GRAPH {store.graph_name(gone)}")
        for name in names:
            quads = held.quads_for_pattern(None, None, None, store.graph_name(name))
            self._put(name, (Statement(str(q.subject), str(q.predicate), str(q.object)) for q in quads))

    def _put(self, name: str, told: Iterable[Statement]) -> None:
        """Write a graph anew, in one request."""
        graph = store.graph_name(name)
        lines = "\n".join(f"{s} {p} {o} ." for s, p, o in told)
        self._update(f"DROP SILENT GRAPH {graph} ;\nINSERT DATA {{ GRAPH {graph} {{\n{lines}\n}} }}")

    def _tell_graphs(self, current: bool) -> None:
        """Name the graphs in one more graph, and there whether the project's own content is that of this program."""
        told = [Statement(str(q.subject), str(q.predicate), str(q.object)) for q in store.about_graphs(self._graphs())]
        if current:
            about = str(store.graph_name("graphs"))
            told.append(Statement(about, f"<{_VERSION}>", f'"{store.content_digest()}"'))
        self._put("graphs", told)

    def _update(self, text: str) -> None:
        _post(self.server, {"update": text}, "*/*", _UPDATE_S)


class RemoteQuestions:
    """Answers queries by asking a server."""

    def __init__(self, server: Endpoint, limits: Limits) -> None:
        self.server, self.limits = server, limits

    def query(
        self,
        text: str,
        accept: list[str] | None = None,
        graphs: Sequence[str] = (),
        named: Sequence[str] = (),
        gone: Callable[[], bool] | None = None,
    ) -> QueryAnswer:
        """Answer a query; takes and raises what QueryService.query does. An asker who has left is not noticed."""
        started = time.monotonic()
        limits = self.limits
        form = query_form(text, limits)
        media_type = choose_type(form, accept or [])
        # Names are complete here as they are in a store of our own. On one line, so that places in errors hold.
        sent: dict[str, str | list[str]] = {"query": f"BASE <{BASE}kg/> {text}"}
        sent |= {"default-graph-uri": list(graphs), "named-graph-uri": list(named)}
        body = _post(
            self.server,
            sent,
            _JSON if form == "select" else _TRIPLES,
            limits.query_timeout_s,
            limits.query_bytes * _ROOM,
        )
        tally = Tally()
        try:
            written = _rewritten(body, form, media_type, limits, tally)
        except (SyntaxError, ValueError) as error:
            raise _cut(self.server.query, str(error)) from None
        return QueryAnswer(media_type, written, tally.rows, tally.truncated, time.monotonic() - started)

    def close(self) -> None:
        """Nothing is held."""


def _rewritten(body: bytes, form: str, media_type: str, limits: Limits, tally: Tally) -> bytes:
    if form == "graph":
        return statements(
            (q.triple for q in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)), {}, media_type, limits, tally
        )
    answer = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(answer, ox.QueryBoolean):
        tally.rows = 1
        return yes_no(bool(answer), media_type)
    names = [v.value for v in answer.variables]
    return b"".join(solutions(names, (tuple(row) for row in answer), media_type, limits, tally))


def _post(
    server: Endpoint,
    fields: dict[str, str | list[str]] | dict[str, str],
    accept: str,
    seconds: float = 30.0,
    most: int = 100_000_000,
) -> bytes:
    """Send a form, and give the body of the answer.

    Raises:
        QueryRefused: the server says no.
        QueryTimeout: it took too long, or sends more than `most` bytes.
        VereendError: it cannot be reached, or is elsewhere.
    """
    address = server.update if "update" in fields else server.query
    headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
    if server.user:
        word = base64.b64encode(f"{server.user}:{server.password}".encode()).decode()
        headers["Authorization"] = f"Basic {word}"
    data = urllib.parse.urlencode(fields, doseq=True).encode()
    request = urllib.request.Request(address, data, headers)
    until = time.monotonic() + seconds
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=seconds) as answer:
            return _read(answer, address, until, seconds, most)
    except urllib.error.HTTPError as error:
        raise _refused(error, address) from None
    except http.client.IncompleteRead as error:
        raise _cut(address, str(error)) from None
    except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError | socket.timeout):
            raise _late(address, seconds) from None
        raise VereendError(
            address, "cannot be reached", "Check the address, and whether the server runs", str(reason)
        ) from None


def _read(answer: http.client.HTTPResponse, address: str, until: float, seconds: float, most: int) -> bytes:
    """Read a body; a server that sends a drop at a time is held to the same deadline."""
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read1(1 << 16):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise QueryTimeout(address, f"sends more than {most} bytes", "Ask for less: add a LIMIT")
        if time.monotonic() > until:
            raise _late(address, seconds)
    if size < int(answer.headers.get("Content-Length") or 0):
        raise _cut(address, f"{size} bytes came")
    return b"".join(pieces)


def _late(address: str, seconds: float) -> QueryTimeout:
    return QueryTimeout(
        address,
        f"took longer than {seconds:g} seconds",
        "Ask for less: name a case, add a LIMIT, or avoid joining everything to everything",
    )


def _cut(address: str, detail: str) -> QueryTimeout:
    return QueryTimeout(
        address,
        "ended its answer before it was whole",
        "Ask for less: the server may have reached a limit of its own",
        detail,
    )


def _refused(error: urllib.error.HTTPError, address: str) -> VereendError:
    if error.code in (301, 302, 303, 307, 308):
        return VereendError(
            address, "is elsewhere", f"Name that address: {error.headers.get('Location', '(none is told)')}"
        )
    if error.code in (401, 403):
        return VereendError(
            address,
            "does not let us in",
            "Set VEREEND_ENDPOINT_USER and VEREEND_ENDPOINT_PASSWORD, or ask who runs it",
            f"HTTP {error.code}",
        )
    said = error.read(2000).decode("utf-8", "replace").strip()
    detail = f"HTTP {error.code}: {said}" if said else f"HTTP {error.code}"
    if error.code >= 500:
        return QueryTimeout(address, "could not answer", "Ask for less, or try again in a moment", detail)
    return QueryRefused(address, "does not take this", "Correct the query, or the address", detail)
