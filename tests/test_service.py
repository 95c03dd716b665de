"""A stranger's query costs at most a worker: it is read-only, bounded, and never calls another server."""

import json
import socket
import threading
from pathlib import Path

import pytest

from vereend import store
from vereend.errors import QueryRefused, QueryTimeout, VereendError
from vereend.knowledge import load
from vereend.service import Limits, QueryService, choose_type, from_environment, query_form
from vereend.stored_queries import queries


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("store") / "graph"
    store.publish(target, load().store)
    return target


@pytest.fixture(scope="module")
def service(folder: Path):
    service = QueryService(folder, Limits(query_timeout_s=20, query_rows=500))
    yield service
    service.close()


def rows(answer) -> list[dict]:
    return json.loads(answer.body)["results"]["bindings"]


@pytest.mark.parametrize("query", queries(), ids=lambda q: q.name)
def test_every_stored_query_answers(service, query):
    answer = service.query(query.text)
    assert answer.rows > 0
    assert set(query.question) == {"nl", "en"}


def test_there_are_enough_examples_to_begin_with():
    assert len(queries()) >= 10


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "uses SERVICE"),
        ("SELECT * { service silent ?x { ?s ?p ?o } }", "uses SERVICE"),
        ("INSERT DATA { <http://a> <http://b> 1 }", "is an update (INSERT)"),
        ("PREFIX a: <http://select/> DELETE WHERE { ?s ?p ?o }", "is an update (DELETE)"),
        ("LOAD <http://127.0.0.1/x>", "is an update (LOAD)"),
        ("SELECT" + " " * Limits.query_characters, f"is longer than {Limits.query_characters} characters"),
        ("SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }", "nests deeper than 200 levels"),
        ("SELECT * { FILTER(" + "!" * 20000 + "true) }", "nests deeper than 200 levels"),
        ("hello", "is no query"),
    ],
)
def test_what_is_refused_is_said(service, text, problem):
    with pytest.raises(QueryRefused) as caught:
        service.query(text)
    assert caught.value.problem == problem
    assert caught.value.remedy


def test_words_in_strings_and_names_are_no_service():
    text = 'SELECT * { ?s ?p "SERVICE INSERT" . <http://a/SERVICE> ?q ?r } # SERVICE'
    assert query_form(text) == "select"


def test_a_syntax_error_names_its_place(service):
    with pytest.raises(QueryRefused) as caught:
        service.query("SELECT * {\n ?s ?p }")
    assert caught.value.where.startswith("query, line 2, column")
    with pytest.raises(QueryRefused) as caught:
        service.query("SELECT * { ?s nope:x ?o }")
    assert "prefix" in caught.value.remedy


def test_no_worker_reaches_a_server_even_if_asked_in_a_way_the_scan_misses(folder, service):
    """Whatever slips through the scan meets a worker without a network."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises((QueryRefused, QueryTimeout)):
            service.query(f"SELECT * {{ \\u0053ERVICE <{address}> {{ ?s ?p ?o }} }}")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_query_past_its_time_is_ended_and_the_next_is_answered(folder):
    slow = QueryService(folder, Limits(query_timeout_s=1.5, query_workers=1))
    try:
        with pytest.raises(QueryTimeout) as caught:
            slow.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        assert caught.value.problem == "took longer than 1.5 seconds"
        assert slow.query("ASK {}").rows == 1
    finally:
        slow.close()


def test_a_query_that_takes_too_much_memory_is_ended(folder):
    small = QueryService(folder, Limits(query_timeout_s=30, query_workers=1))
    try:
        with pytest.raises(QueryTimeout):
            small.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g ?c ?f")
        assert small.query("ASK {}").body
    finally:
        small.close()


def test_more_rows_than_allowed_are_cut_and_told(service):
    answer = service.query("SELECT * { ?s ?p ?o }")
    assert (answer.rows, answer.truncated) == (500, True)
    assert len(rows(answer)) == 500
    answer = service.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", ["application/n-triples"])
    assert (answer.body.count(b" .\n"), answer.truncated) == (500, True)


@pytest.mark.parametrize(
    ("accept", "media_type", "start"),
    [
        ([], "application/sparql-results+json", b"{"),
        (["application/sparql-results+xml"], "application/sparql-results+xml", b"<?xml"),
        (["text/csv"], "text/csv", b"x,y\r\n"),
        (["text/tab-separated-values"], "text/tab-separated-values", b"?x\t?y\n"),
    ],
)
def test_rows_in_each_format(service, accept, media_type, start):
    text = 'SELECT ?x ?y { VALUES (?x ?y) { ("a,\\"b\\"\\n"@nl 1) (<http://a/> UNDEF) } }'
    answer = service.query(text, accept)
    assert answer.media_type == media_type
    assert answer.body.startswith(start)
    assert answer.rows == 2


def test_a_format_that_does_not_fit_is_refused():
    with pytest.raises(QueryRefused):
        choose_type("select", ["text/turtle"])
    with pytest.raises(QueryRefused):
        choose_type("graph", ["text/csv"])


def test_graphs_named_in_the_query_or_beside_it_are_the_ones_asked(service):
    case = "https://w3id.org/vereend/graph/case/shoplifting"
    count = "SELECT (COUNT(DISTINCT ?p) AS ?n) {from} {{ ?p a <https://w3id.org/vereend/ns#Partnership> }}"
    everything = int(rows(service.query(count.format_map({"from": ""})))[0]["n"]["value"])
    assert everything >= 8
    assert rows(service.query(count.format_map({"from": f"FROM <{case}>"})))[0]["n"]["value"] == "1"
    assert rows(service.query(count.format_map({"from": ""}), graphs=[case]))[0]["n"]["value"] == "1"


def test_many_ask_at_once(service):
    answers = []

    def ask() -> None:
        answers.append(service.query("SELECT ?p { ?p a <https://w3id.org/vereend/ns#Partnership> }").rows)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 12
    assert len(set(answers)) == 1


def test_layers_stand_in_named_graphs_of_their_own(service):
    answer = service.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    found = {row["g"]["value"].removeprefix(store.GRAPH) for row in rows(answer)}
    assert found >= {"ontology", "concepts", "claims", "law", "rules", "inferred"}
    assert found >= {"case/shoplifting", "case/veilig-plein"}


def test_limits_can_be_set_in_the_environment(monkeypatch: pytest.MonkeyPatch):
    assert from_environment(Limits) == Limits()
    monkeypatch.setenv("VEREEND_QUERY_ROWS", "500")
    monkeypatch.setenv("VEREEND_QUERY_TIMEOUT_S", "2.5")
    assert from_environment(Limits) == Limits(query_rows=500, query_timeout_s=2.5)
    for wrong in ("many", "-1", "2.5", "nan"):
        monkeypatch.setenv("VEREEND_QUERY_ROWS", wrong)
        with pytest.raises(VereendError, match="Write it as in VEREEND_QUERY_ROWS=10000"):
            from_environment(Limits)
