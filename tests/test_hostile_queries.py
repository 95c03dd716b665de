"""Thirty queries made to hurt: each is refused, answered, or ended in time, and who asks something else is answered.

Bounds are generous: the machine may have other work. What is fast is measured in tests/bench.
"""

import contextlib
import socket
import threading
import time
from pathlib import Path

import pytest

from vereend import store
from vereend.errors import QueryRefused, QueryTimeout
from vereend.knowledge import load
from vereend.service import Limits, QueryService

DEADLINE_S = 0.5
LIMITS = Limits(query_timeout_s=DEADLINE_S, query_memory_bytes=1_500_000_000, query_bytes=1_000_000)
LOOKUP = "SELECT * { <https://w3id.org/vereend/claim/C001> ?p ?o }"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
CALL = "SERVICE <URL> { ?s ?p ?o }"


def doubled(times: int) -> str:
    steps = "".join(f"BIND(CONCAT(?x{n},?x{n}) AS ?x{n + 1}) " for n in range(times))
    return f"SELECT ?x{times} {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {steps}}}"


# What it does to who evaluates it, and the query; URL is a server that must not be called.
QUERIES = {
    "cross product, counted": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "cross product, sorted": f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f ?i",
    "cross product, distinct": f"SELECT DISTINCT ?a ?e ?i {{ {CROSS} FILTER(?b = 1) }}",
    "cross product, grouped": f"SELECT ?a (GROUP_CONCAT(?i) AS ?n) {{ {CROSS} }} GROUP BY ?a",
    "cross product, taken away": f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?c MINUS {{ {CROSS} }} }}",
    "cross product, built": f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {CROSS} }}",
    "cross product of values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(60)))} }}" for n in range(8))
    + " }",
    "not exists, joined": "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?a ?b ?c . ?d ?e ?f FILTER(?a = ?s && ?d = ?o) } }",
    "path both ways": "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|!^<x:x>)* ?b }",
    "path of anything": "SELECT (COUNT(*) AS ?n) { ?a !<x:x>+ ?b . ?b !<x:x>+ ?c }",
    "path in steps": "ASK { ?s <a:b>" + "/<a:b>" * 6000 + " ?o }",
    "path of many": "ASK { ?s <a:b>" + "|<a:b>" * 6000 + " ?o }",
    "string doubled past memory": doubled(31),
    "string doubled past an answer": doubled(18),
    "string doubled in an aggregate": "SELECT (GROUP_CONCAT(CONCAT(STR(?o), STR(?f))) AS ?x) { ?s ?p ?o . ?d ?e ?f }",
    "regular expression, large": "SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), '(a?){200}a{200}') }",
    "sum without end": "SELECT (1" + "+1" * 20_000 + " AS ?x) {}",
    "patterns without end": "ASK { " + "".join(f"?a{n} ?b{n} ?c{n} ." for n in range(1500)) + " }",
    "options without end": "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o }" * 1500 + " }",
    "brackets in brackets": "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "groups in groups": "ASK " + "{" * 5000 + "}" * 5000,
    "not not not": "ASK { FILTER(" + "!" * 20_000 + "true) }",
    "triples in triples": "ASK { " + "<< " * 5000 + "<a:b> <a:b> <a:b>" + " >> <a:b> <a:b>" * 5000 + " }",
    "longer than long": "ASK {} #" + "x" * 1_000_000,
    "call": f"SELECT * {{ {CALL} }}",
    "call, silent and nested": f"SELECT * {{ {{ SELECT * {{ {CALL.replace('SERVICE', 'sErViCe SILENT')} }} }} }}",
    "call, named by the data": "SELECT * { BIND(<URL> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "call, escaped": "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "call, after a comment": "SELECT * { # '\n SERVICE<URL>{ ?s ?p ?o } # ' \n }",
    "call, after a string that looks like another": "ASK { BIND('''a''''' AS ?x) SERVICE <URL> {} BIND('' AS ?y) }",
    "load": "LOAD <URL>",
    "load, after a query": "ASK {} ; LOAD <URL>",
    "graph from elsewhere": "SELECT * FROM <URL> FROM NAMED <URL> { ?s ?p ?o }",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("hostile") / "graph"
    store.publish(target, load().store)
    return target


@pytest.fixture(scope="module")
def service(folder: Path):
    service = QueryService(folder, LIMITS)
    yield service
    service.close()


@pytest.fixture(scope="module")
def listener():
    with socket.create_server(("127.0.0.1", 0)) as found:
        found.settimeout(0.05)
        yield found


def test_there_are_thirty():
    assert len(QUERIES) >= 30


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_made_to_hurt_hurts_nobody(name: str, service: QueryService, listener: socket.socket):
    text = QUERIES[name].replace("URL", f"http://127.0.0.1:{listener.getsockname()[1]}/")
    service.query("ASK {}")  # a worker that replaces one that died is ready
    done = threading.Event()
    beside: list[int] = []

    def look_up() -> None:
        while not done.wait(0.05):
            beside.append(service.query(LOOKUP).rows)

    neighbour = threading.Thread(target=look_up)
    neighbour.start()
    started = time.monotonic()
    size = 0
    with contextlib.suppress(QueryRefused, QueryTimeout):
        size = len(service.query(text).body)
    took = time.monotonic() - started
    beside.append(service.query(LOOKUP).rows)
    done.set()
    neighbour.join()

    assert size <= LIMITS.query_bytes + 1000
    assert took < DEADLINE_S + 10
    assert set(beside) == {service.query(LOOKUP).rows} != {0}
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_process_that_answers_makes_no_socket(tmp_path: Path):
    """Whatever the scan of the text misses: the system itself refuses."""
    import subprocess
    import sys

    script = "import socket\nfrom vereend.service import limit\nlimit(2_000_000_000)\nsocket.socket()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    if sys.platform == "linux":
        assert done.returncode == 1


def test_who_hangs_up_frees_the_worker(folder: Path):
    service = QueryService(folder, Limits(query_timeout_s=60, query_workers=1))
    left = threading.Event()
    threading.Timer(0.3, left.set).start()
    try:
        with pytest.raises(QueryTimeout, match="was ended by its asker"):
            service.query(QUERIES["cross product, counted"], gone=left.is_set)
        assert service.query("ASK {}").rows == 1
    finally:
        service.close()


def test_who_waits_for_a_worker_may_hang_up_too_and_is_told_of_the_wait(folder: Path):
    service = QueryService(folder, Limits(query_workers=0, query_wait_s=0.2))
    with pytest.raises(QueryTimeout, match=r"all workers are busy \(query_wait_s = 0\.2\)"):
        service.query("ASK {}")
    with pytest.raises(QueryTimeout, match="was ended by its asker"):
        service.query("ASK {}", gone=lambda: True)


@pytest.mark.parametrize(
    ("limits", "text", "named"),
    [
        (Limits(query_characters=9, query_workers=0), "SELECT * {}", "query_characters = 9"),
        (Limits(query_nesting=1, query_workers=0), "SELECT * {{}}", "query_nesting = 1"),
    ],
)
def test_a_refusal_names_the_limit_its_value_and_what_to_do(folder: Path, limits: Limits, text: str, named: str):
    with pytest.raises(QueryRefused) as caught:
        QueryService(folder, limits).query(text)
    assert caught.value.detail == named
    assert caught.value.remedy


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "text/turtle"])
def test_an_answer_of_many_bytes_is_cut_between_rows_and_says_so(folder: Path, accept: str):
    service = QueryService(folder, Limits(query_bytes=200_000, query_workers=1))
    graph = accept == "text/turtle"
    try:
        answer = service.query(("CONSTRUCT" if graph else "SELECT *") + " WHERE { ?s ?p ?o }", [accept])
    finally:
        service.close()
    assert answer.truncated and 100 < answer.rows < 10_000
    assert len(answer.body) < 210_000
    if accept == "text/csv":
        import csv

        assert len(list(csv.reader(answer.body.decode().splitlines(keepends=True)))) == answer.rows + 1
