"""`/sparql` answers as the W3C's tests of the SPARQL 1.1 protocol expect, and refuses plainly what it does not do.

It only reads: the updates of the suite are sent, and each must be refused.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from outside.suites import MF, SUITES, TYPE, Manifest, absent, cases
from vereend.service import GRAPH_TYPES, SELECT_TYPES, Limits, QueryService, evaluate
from vereend.terms import local_name
from vereend_webui import create_app

pytestmark = pytest.mark.outside

FOLDER = SUITES / "w3c-sparql-protocol"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
SD = "http://www.w3.org/ns/sparql-service-description#"
GRAPHS = {"default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"}
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": set(SELECT_TYPES),
    "RDF": set(GRAPH_TYPES),
}
# What the suite wants done to the store; each of these updates must be refused.
UPDATES = {
    "update_base_uri",
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_full",
    "update_dataset_named_graphs",
    "update_post_direct",
    "update_post_form",
}


@dataclass(frozen=True)
class Request:
    """One request and what is expected of the answer."""

    name: str
    method: str
    path: str
    content_type: str
    body: bytes
    statuses: frozenset[str]  # first digits: "2", "4"
    format: str | None
    boolean: bool | None
    data: frozenset[tuple[str, Path]]  # graphs by name, with the file each holds

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.path).query)

    @property
    def names_graphs(self) -> bool:
        return bool(GRAPHS & dict(self.parameters).keys())

    @property
    def is_update(self) -> bool:
        return self.name.startswith(("update_", "bad_update", "bad_multiple_updates"))

    def send(self, client: FlaskClient) -> TestResponse:
        address = self.path.replace("/sparql/", "/sparql", 1)
        # No charset is added where the suite sends no type at all.
        return client.open(address, method=self.method, data=self.body, content_type=self.content_type or None)


def suite() -> list[Request]:
    """Give the first request of each test; the second ones only look at what an update did."""
    manifest = Manifest(FOLDER / "manifest.ttl")
    found = []
    for node in manifest.of_type(MF + "ProtocolTest"):
        requests = manifest.members(manifest.one(manifest.one(node, MF + "action"), HT + "requests"))
        request, body = requests[0], manifest.one(requests[0], HT + "body")
        answer = manifest.one(request, HT + "resp")
        headers = {
            manifest.text(h, HT + "fieldName"): manifest.text(h, HT + "fieldValue")
            for h in manifest.members(manifest.one(request, HT + "headers"))
        }
        boolean = manifest.text(answer, MF + "expectedBoolean")
        encoding = manifest.text(body, CNT + "characterEncoding") or "utf-8"
        found.append(
            Request(
                local_name(node),
                manifest.text(request, HT + "methodName") or "",
                manifest.text(request, HT + "absolutePath") or "",
                headers.get("content-type") or "",
                (manifest.text(body, CNT + "chars") or "").encode(encoding),
                frozenset(local_name(str(s))[len("StatusCode")] for s in manifest.all(answer, MF + "expectedStatus")),
                manifest.text(answer, MF + "expectedFormat"),
                None if boolean is None else boolean == "true",
                frozenset(
                    (
                        manifest.text(g, "http://www.w3.org/2000/01/rdf-schema#label") or "",
                        manifest.file(g, UT + "graph"),
                    )
                    for g in manifest.all(node, UT + "graphData")
                ),
            )
        )
    return found


ALL = suite() if FOLDER.exists() else []


def named(found: list[Request]):
    """Give requests by name."""
    return cases((pytest.param(r, id=r.name) for r in found), FOLDER)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    """Give the viewer, with the graphs of the suite in its store instead of the project's."""
    folder = tmp_path_factory.mktemp("suite") / "store"
    store = ox.Store(str(folder))
    for name, path in {pair for request in ALL for pair in request.data}:
        store.load(path=path, to_graph=ox.NamedNode(name))
    store.flush()
    del store
    app = create_app()
    service = app.extensions["vereend"]._service = QueryService(folder, Limits(query_workers=1))
    yield app.test_client()
    service.close()


def check(request: Request, answer: TestResponse) -> None:
    assert answer.status[0] in request.statuses, answer.get_data(as_text=True)
    if request.format:
        assert answer.mimetype in FORMATS[request.format]
    if request.boolean is not None:
        assert answer.get_json(force=True)["boolean"] == request.boolean


def refusal(answer: TestResponse) -> dict[str, str]:
    """Give what a refusal says; it is whole, and told as to a program."""
    assert 400 <= answer.status_code < 500
    assert answer.mimetype == "application/json"
    error = answer.get_json()["error"]
    assert all(error[key] for key in ("where", "problem", "remedy"))
    return error


QUERIES = [r for r in ALL if not r.is_update]


@pytest.mark.parametrize("request_", named(QUERIES))
def test_a_query_is_answered_as_expected(request_: Request, client: FlaskClient):
    check(request_, request_.send(client))


@pytest.mark.parametrize("request_", named([r for r in ALL if r.name in UPDATES]))
def test_an_update_is_refused_as_one(request_: Request, client: FlaskClient):
    error = refusal(request_.send(client))

    assert "update" in error["problem"]
    assert "SELECT" in error["remedy"]


@pytest.mark.parametrize("request_", named([r for r in ALL if r.is_update and r.name not in UPDATES]))
def test_a_malformed_update_is_refused(request_: Request, client: FlaskClient):
    assert request_.statuses == {"4"}
    refusal(request_.send(client))


@pytest.mark.parametrize("request_", named([r for r in QUERIES if r.names_graphs and r.data]))
def test_the_library_asks_the_graphs_that_a_request_names(request_: Request):
    """And no others: without one of them the answer is another."""
    store = ox.Store()
    for name, path in request_.data:
        store.load(path=path, to_graph=ox.NamedNode(name))
    chosen = {p: [value for name, value in request_.parameters if name == p] for p in GRAPHS}
    text = dict(request_.parameters).get("query") or request_.body.decode()

    for left_out, expected in ((None, True), (sorted(request_.data)[0][0], False)):
        graphs, names = ([g for g in chosen[f"{kind}-graph-uri"] if g != left_out] for kind in ("default", "named"))
        body, _, _ = evaluate(store, text, "application/sparql-results+json", 1, graphs, names)
        assert json.loads(body)["boolean"] is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("ASK FROM <{1}> FROM <{2}> {{ <{1}> a ?t . <{2}> a ?u }}", True, id="both"),
        pytest.param("ASK FROM <{1}> {{ <{2}> a ?t }}", False, id="other"),
        pytest.param("ASK FROM NAMED <{1}> {{ GRAPH ?g {{ <{1}> a ?t }} }}", True, id="named"),
        pytest.param("ASK FROM NAMED <{1}> {{ GRAPH ?g {{ <{2}> a ?t }} }}", False, id="named-other"),
        pytest.param("ASK {{ <{1}> a ?t . <{2}> a ?u . <{3}> a ?v }}", True, id="none-named-is-all"),
    ],
)
@absent(FOLDER)
def test_graphs_named_in_the_query_are_the_ones_asked(query: str, expected: bool, client: FlaskClient):
    names = sorted({name for request in ALL for name, _ in request.data})
    text = query.format("", *names)

    assert client.get("/sparql", query_string={"query": text}).get_json(force=True)["boolean"] is expected


@absent(FOLDER)
def test_graphs_named_beside_the_query_are_the_ones_asked(client: FlaskClient):
    first, second = sorted({name for request in ALL for name, _ in request.data})[:2]

    for graph, expected in ((first, True), (second, False)):
        asked = {"query": f"ASK {{ <{first}> a ?t }}", "default-graph-uri": graph}
        assert client.get("/sparql", query_string=asked).get_json(force=True)["boolean"] is expected


# --- service description ----------------------------------------------------------------------------------------------

SD_TERMS = {
    *("Service", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile", "GraphCollection"),
    *("Dataset", "Graph", "NamedGraph", "Feature", "SPARQL10Query", "SPARQL11Query", "SPARQL11Update"),
    *("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery", "endpoint"),
    *("feature", "defaultEntailmentRegime", "entailmentRegime", "supportedEntailmentProfile", "name", "inputFormat"),
    *("defaultSupportedEntailmentProfile", "extensionFunction", "extensionAggregate", "languageExtension", "graph"),
    *("supportedLanguage", "propertyFeature", "defaultDataset", "availableGraphs", "resultFormat", "defaultGraph"),
    *("namedGraph",),
}


@pytest.fixture(scope="module")
def description(client: FlaskClient) -> list[ox.Quad]:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.mimetype == "text/turtle"
    return list(ox.parse(answer.data, format=ox.RdfFormat.TURTLE))


def test_the_endpoint_without_a_query_describes_itself(description: list[ox.Quad]):
    assert description


def test_the_description_names_the_endpoint(description: list[ox.Quad]):
    assert [q.object.value for q in description if q.predicate.value == SD + "endpoint"] == ["http://localhost/sparql"]


def test_the_description_uses_the_vocabulary_as_it_is(description: list[ox.Quad]):
    used = {t.value[len(SD) :] for q in description for t in (q.predicate, q.object) if str(t).startswith(f"<{SD}")}
    services = [q for q in description if q.predicate.value == TYPE and q.object.value == SD + "Service"]

    assert used <= SD_TERMS
    assert len(services) == 1


@absent(FOLDER)
def test_the_whole_suite_was_run():
    assert len(ALL) == 34
    assert {r.name for r in ALL if r.name.startswith("update_")} == UPDATES
