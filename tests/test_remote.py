"""Any SPARQL 1.1 server can hold the graph: it is asked within limits, written to in whole graphs, and not trusted."""

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from vereend import store
from vereend.errors import QueryRefused, QueryTimeout, VereendError
from vereend.remote import Endpoint, RemoteQuestions, RemoteStore, endpoint
from vereend.service import Limits
from vereend.store import Upload
from vereend.terms import Statement

JSON = "application/sparql-results+json"
TWO = [Statement(f"<http://a/{n}>", "<http://a/is>", f'"{n}"') for n in range(2)]


@contextlib.contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], None]) -> Iterator[str]:
    """Serve what a function answers to each form that is posted."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer(self, parse_qs(form))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
    finally:
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    with contextlib.suppress(OSError):
        handler.wfile.write(body)


def oxigraph(graph: ox.Store, union: bool = True) -> Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], None]:
    """Answer from a store, as a SPARQL server that can be written to does."""

    def answer(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        if "update" in form:
            graph.update(form["update"][0])
            send(handler, b"", 204)
            return
        try:
            found = graph.query(form["query"][0], use_default_graph_as_union=union)
        except SyntaxError as error:
            send(handler, str(error).encode(), 400)
            return
        wanted = ox.RdfFormat.N_TRIPLES if isinstance(found, ox.QueryTriples) else ox.QueryResultsFormat.JSON
        send(handler, found.serialize(format=wanted) or b"")

    return answer


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    return ox.Store()


@pytest.fixture(scope="module")
def server(graph: ox.Store) -> Iterator[Endpoint]:
    """Give a server with the project's own content and two descriptions."""
    with serving(oxigraph(graph)) as url:
        RemoteStore(Endpoint(url, url)).load([Upload("plein", TWO), Upload("markt", TWO)])
        yield Endpoint(url, url)


def test_layers_cases_and_uploads_arrive_as_graphs_and_are_told(server: Endpoint, graph: ox.Store):
    status = RemoteStore(server).status()

    assert status.current and status.union
    assert status.graphs["upload/plein"] == 2
    assert status.graphs.keys() >= {"rules", "law", "inferred", "case/shoplifting"}
    listed = {q.subject.value for q in graph.quads_for_pattern(None, None, None, store.graph_name("graphs"))}
    assert {store.GRAPH + name for name in status.graphs} <= listed


def test_what_is_loaded_again_is_replaced_and_what_is_unloaded_is_gone(server: Endpoint):
    remote = RemoteStore(server)
    remote.load([Upload("markt", TWO[:1]), Upload("kade", TWO)])
    assert remote.status().graphs["upload/markt"] == 1
    remote.unload(["kade"])
    with pytest.raises(VereendError, match="The nearest is 'markt'"):
        remote.unload(["mark"])
    status = remote.status()
    assert "upload/kade" not in status.graphs and "upload/markt" in status.graphs
    assert status.current


@pytest.mark.parametrize(
    ("text", "accept", "expected"),
    [
        ("ASK { <http://a/1> <http://a/is> ?x }", JSON, b'{"head":{},"boolean":true}'),
        ("SELECT ?x { <http://a/1> <http://a/is> ?x } LIMIT 1", "text/csv", b"x\r\n1\r\n"),
        ("SELECT ?x { <http://a/1> <http://a/is> ?x } LIMIT 1", "text/tab-separated-values", b'?x\n"1"\n'),
        (
            "CONSTRUCT WHERE { <http://a/1> <http://a/is> ?x }",
            "application/n-triples",
            b'<http://a/1> <http://a/is> "1" .\n',
        ),
    ],
)
def test_an_answer_has_the_form_asked_whatever_the_server_sends(
    server: Endpoint, text: str, accept: str, expected: bytes
):
    found = RemoteQuestions(server, Limits()).query(text, [accept])
    assert (found.body, found.media_type, found.rows, found.truncated) == (expected, accept, 1, False)


def test_rows_past_the_limit_are_cut_and_told(server: Endpoint):
    found = RemoteQuestions(server, Limits(query_rows=3)).query("SELECT * { ?s ?p ?o } LIMIT 9")
    assert (found.rows, found.truncated, len(json.loads(found.body)["results"]["bindings"])) == (3, True, 3)


def test_what_our_own_service_refuses_never_leaves(server: Endpoint):
    with pytest.raises(QueryRefused, match="uses SERVICE"):
        RemoteQuestions(Endpoint("http://127.0.0.1:9/", ""), Limits()).query("ASK { SERVICE <http://a/> { ?s ?p ?o } }")
    with pytest.raises(QueryRefused, match="does not take this"):
        RemoteQuestions(server, Limits()).query("ASK { ?s ?p }")


@pytest.mark.parametrize(
    "cut",
    [
        lambda h: send(h, b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"ty'),
        lambda h: send(h, b'{"head":{"vars":["s"]},"results":{"bindings":[The SPARQL operation has been cancelled'),
        lambda h: send(h, b'{"head":{"vars":["s"]},"results":{"bindings":[]}}', Content_Length="500"),
        lambda h: send(h, b""),
    ],
    ids=["half", "words", "length", "empty"],
)
def test_an_answer_that_is_not_whole_is_told_as_a_timeout(cut: Callable[[BaseHTTPRequestHandler], None]):
    def answer(handler: BaseHTTPRequestHandler, _: object) -> None:
        cut(handler)
        handler.close_connection = True

    with serving(answer) as url, pytest.raises(QueryTimeout, match="ended its answer before it was whole"):
        RemoteQuestions(Endpoint(url, url), Limits()).query("SELECT * { ?s ?p ?o }")


def test_a_server_that_drips_or_floods_is_left(server: Endpoint):
    waiting = threading.Event()

    def drip(handler: BaseHTTPRequestHandler, _: object) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while not waiting.wait(0.05):
                handler.wfile.write(b" ")

    try:
        with serving(drip) as url, pytest.raises(QueryTimeout, match=r"took longer than 0\.3 seconds"):
            RemoteQuestions(Endpoint(url, url), Limits(query_timeout_s=0.3)).query("ASK {}")
    finally:
        waiting.set()
    with serving(lambda h, _: send(h, b" " * 10_000)) as url, pytest.raises(QueryTimeout, match="sends more than 4000"):
        RemoteQuestions(Endpoint(url, url), Limits(query_bytes=1000)).query("ASK {}")


def test_a_password_is_sent_to_no_other_address_and_never_shown():
    heard = []

    def answer(handler: BaseHTTPRequestHandler, _: object) -> None:
        heard.append(handler.headers["Authorization"])
        send(handler, b"", 307, Location="http://127.0.0.1:9/elsewhere")

    with serving(answer) as url:
        server = Endpoint(url, url, "scholar", "secret")
        with pytest.raises(VereendError, match="is elsewhere") as caught:
            RemoteQuestions(server, Limits()).query("ASK {}")
    assert base64.b64decode(heard[0].removeprefix("Basic ")) == b"scholar:secret"
    assert "secret" not in f"{caught.value} {server}"


@pytest.mark.parametrize(
    ("status", "problem"), [(401, "does not let us in"), (400, "does not take this"), (503, "could not answer")]
)
def test_a_refusal_of_the_server_is_told_with_its_words(status: int, problem: str):
    with (
        serving(lambda h, _: send(h, b"ask later", status)) as url,
        pytest.raises(VereendError, match=problem) as caught,
    ):
        RemoteQuestions(Endpoint(url, url), Limits()).query("ASK {}")
    assert f"HTTP {status}" in caught.value.detail


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(VereendError, match=r"http://127\.0\.0\.1:9/: cannot be reached"):
        RemoteQuestions(Endpoint("http://127.0.0.1:9/", ""), Limits()).query("ASK {}")


def test_a_server_that_hides_its_named_graphs_is_noticed():
    graph = ox.Store()
    graph.update(f"INSERT DATA {{ GRAPH {store.graph_name('upload/x')} {{ <http://a/1> <http://a/is> 1 }} }}")
    with serving(oxigraph(graph, union=False)) as url:
        status = RemoteStore(Endpoint(url, url)).status()
    assert not status.union and not status.current


def test_the_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    assert endpoint() is None
    monkeypatch.setenv("VEREEND_ENDPOINT_QUERY", "https://a.example/sparql")
    monkeypatch.setenv("VEREEND_ENDPOINT_UPDATE", "https://a.example/update")
    monkeypatch.setenv("VEREEND_ENDPOINT_USER", "scholar")
    assert endpoint() == Endpoint("https://a.example/sparql", "https://a.example/update", "scholar")
    assert endpoint("http://b.example/").query == "http://b.example/"
    with pytest.raises(VereendError, match="is not the address of a server"):
        endpoint("file:///etc/passwd")
    with pytest.raises(VereendError, match="has a password in its address"):
        endpoint("http://me:word@b.example/")
