"""Programs that others wrote can ask `/sparql`, served as it is served to the world."""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
import rdflib
import waitress
from flask import Flask
from flask.testing import FlaskClient
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from vereend.errors import QueryRefused
from vereend.remote import Endpoint, RemoteQuestions
from vereend.service import Limits

RULES = "SELECT ?rule { ?rule a <https://w3id.org/vereend/ns#Rule> } ORDER BY ?rule"
R13 = "https://w3id.org/vereend/rule/R13"


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Give where the viewer is served, as `vereend serve` does."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4, channel_request_lookahead=1)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/sparql"
    server.close()


def test_rdflib_asks_it_as_a_store(address: str):
    graph = rdflib.Graph(SPARQLStore(address))

    assert rdflib.URIRef(R13) in [row.rule for row in graph.query(RULES)]
    assert (rdflib.URIRef(R13), rdflib.RDF.type, rdflib.URIRef("https://w3id.org/vereend/ns#Rule")) in graph
    assert graph.query("ASK {}").askAnswer
    assert len(graph.query("CONSTRUCT WHERE { ?s a <https://w3id.org/vereend/ns#Rule> }").graph) > 50


def test_sparqlwrapper_asks_it_by_get_and_post(address: str):
    client = SPARQLWrapper(address)
    client.setQuery(RULES)
    client.setReturnFormat(JSON)
    got = client.queryAndConvert()
    client.setMethod(POST)
    assert client.queryAndConvert() == got
    assert R13 in [row["rule"]["value"] for row in got["results"]["bindings"]]

    client.setQuery(f"DESCRIBE <{R13}>")
    client.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=client.queryAndConvert(), format="turtle")) > 5


def test_curl_asks_it(address: str):
    curl = shutil.which("curl")
    if not curl:
        pytest.skip("curl is not at hand")
    done = subprocess.run(
        [curl, "-s", "--noproxy", "*", "-H", "Accept: text/csv", "--data-urlencode", f"query={RULES}", address],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[0] == "rule"
    assert R13 in done.stdout.splitlines()


def test_comunica_asks_it(address: str):
    comunica = shutil.which("comunica-sparql")
    if not comunica:
        pytest.skip("comunica-sparql (npm: @comunica/query-sparql) is not at hand")
    done = subprocess.run([comunica, f"sparql@{address}", RULES], capture_output=True, text=True, check=True)
    assert R13 in [row["rule"] for row in json.loads(done.stdout)]


def test_our_own_client_asks_it(address: str):
    asked = RemoteQuestions(Endpoint(address, address), Limits())
    assert R13.encode() in asked.query(RULES, ["text/csv"]).body
    assert len(list(ox.parse(asked.query(f"DESCRIBE <{R13}>").body, format=ox.RdfFormat.TURTLE))) > 5
    with pytest.raises(QueryRefused, match="does not take this"):
        asked.query("SELECT * { ?s nope:x ?o }")


def test_who_hangs_up_frees_the_worker(address: str, app: Flask):
    """The one worker of this viewer would be held for its whole deadline, which is twenty seconds here."""
    host, port = address.removeprefix("http://").removesuffix("/sparql").split(":")
    slow = "SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff.%3Fg%20%3Fh%20%3Fi%7D"
    service = app.extensions["vereend"].queries
    service.query("ASK {}")
    with socket.create_connection((host, int(port))) as asker:
        asker.sendall(f"GET /sparql?query={slow} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        until = time.monotonic() + 5
        while not service._idle.empty() and time.monotonic() < until:
            time.sleep(0.02)
        assert service._idle.empty()

    started = time.monotonic()
    assert service.query("ASK {}").rows == 1
    assert time.monotonic() - started < 15


def test_the_description_tells_the_limits_in_every_form(client: FlaskClient):
    told = client.get("/sparql", headers={"Accept": "text/turtle"}).get_data(as_text=True)
    value = "http://schema.org/value"
    for accept in ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"):
        answer = client.get("/sparql", headers={"Accept": accept})
        assert answer.mimetype == accept
        graph = rdflib.Graph().parse(data=answer.data, format=accept)
        found = {
            str(graph.value(node, rdflib.URIRef("http://schema.org/propertyID"))): graph.value(
                node, rdflib.URIRef(value)
            )
            for node in graph.objects(None, rdflib.URIRef("http://schema.org/additionalProperty"))
        }
        assert float(found["query_timeout_s"]) == 20
        assert found.keys() == set(Limits.__dataclass_fields__)
    assert "sd:UnionDefaultGraph" in told


def test_a_query_with_a_mistake_is_told_in_json_to_a_script_of_another_site(client: FlaskClient):
    answer = client.get("/sparql?query=SELECT", headers={"Origin": "https://elsewhere.example"})

    assert json.loads(answer.data)["error"]["problem"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
