"""Programs get the same answers as people: verdicts by the JSON contract, networks, and what a search finds."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from vereend.knowledge import load
from vereend_webui.openapi import document

PLEIN = load().case("veilig-plein").description.text


def check(client: FlaskClient, sent: object, **query: str):
    return client.post("/api/validate", json=sent, query_string=query)


def test_a_description_is_judged_by_the_contract(client: FlaskClient):
    report = check(client, {"text": PLEIN, "name": "plein.ttl"}).get_json()

    assert report["conforms"] is True
    assert {"vereend", "engine", "conforms", "files"} <= set(report)
    file = report["files"][0]
    assert file["path"] == "plein.ttl"
    assert file["readable"] is True
    verdicts = {v["rule"]: v for v in file["partnerships"][0]["verdicts"]}
    assert verdicts["R13"]["verdict"] == "satisfied"
    assert set(verdicts["R13"]["message"]) == {"nl", "en"}


@pytest.mark.parametrize(
    "kind",
    ["text/turtle", "text/turtle; charset=utf-8"],
)
def test_a_description_can_be_sent_as_it_is(client: FlaskClient, kind: str):
    answer = client.post("/api/validate?rules=R13&name=plein.ttl&phase=initial", data=PLEIN.encode(), content_type=kind)

    report = answer.get_json()
    assert {v["rule"] for v in report["files"][0]["partnerships"][0]["verdicts"]} == {"R13"}
    assert report["files"][0]["partnerships"][0]["phase"] == "initial"


def test_more_descriptions_are_judged_in_one_request(client: FlaskClient):
    files = [
        {"name": name, "text": load().case(name).description.text} for name in ("shoplifting", "veilig-plein-advies")
    ]
    report = check(client, {"files": files, "rules": ["oversight"], "on": "2026-01-01"}).get_json()

    assert [file["path"] for file in report["files"]] == ["shoplifting", "veilig-plein-advies"]
    assert report["conforms"] is False
    assert report["on"] == "2026-01-01"


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ([], "is not a JSON object"),
        ({}, "holds no text"),
        ({"text": 5}, "is not a text"),
        ({"text": ""}, "is empty"),
        ({"text": "nonsense"}, "is not well-formed"),
        ({"text": PLEIN, "format": "pdf"}, "is not a format we read"),
        ({"text": PLEIN, "phase": "later"}, "is not a phase"),
        ({"text": PLEIN, "on": "tomorrow"}, "is not a date"),
        ({"text": PLEIN, "rules": "R13"}, "is not a list of rules"),
        ({"text": PLEIN, "rules": ["R99"]}, "is neither a rule nor a theme"),
        ({"files": []}, "is not a list of descriptions"),
        ({"files": [{}] * 51}, "is longer than 50 descriptions"),
    ],
)
def test_a_wrong_request_is_told_in_three_parts(client: FlaskClient, sent: object, problem: str):
    answer = check(client, sent)

    assert answer.status_code == 400
    error = answer.get_json()["error"]
    assert error["problem"] == problem
    assert error["where"]
    assert error["remedy"]


def test_what_is_no_json_and_no_graph_is_refused(client: FlaskClient):
    assert client.post("/api/validate", data="x", content_type="text/plain").status_code == 400
    assert client.post("/api/validate", data="{", content_type="application/json").status_code == 400
    assert client.get("/api/validate").status_code == 405


def test_a_network_is_given_in_each_form(client: FlaskClient):
    network = client.get("/api/network?case=veilig-plein").get_json()
    names = {node["iri"] for node in network["nodes"]}

    assert network["case"] == "veilig-plein"
    assert all({line["source"], line["target"]} <= names for line in network["lines"])
    rows = list(
        csv.reader(io.StringIO(client.get("/api/network?case=veilig-plein&format=csv&lang=nl").get_data(as_text=True)))
    )
    assert len(rows) == len(network["lines"]) + 1
    assert any("winkelverbod opleggen" in row for row in rows)
    for form in ("graphml", "gexf"):
        answer = client.get(f"/api/network?case=veilig-plein&format={form}")
        assert answer.mimetype == "application/xml"
        assert f".{form}" in answer.headers["Content-Disposition"]
    assert client.get("/api/network?case=nothing").status_code == 404
    assert client.get("/api/network?format=pdf").status_code == 400


def test_a_search_finds_labels_in_both_languages_and_names_pages(client: FlaskClient):
    for words in ("winkelverbod", "shop ban"):
        found = client.get("/api/search", query_string={"q": words, "lang": "en"}).get_json()["results"]
        pages = {one["page"] for one in found}
        assert "/en/powers/veilig-plein/pos-ban" in pages
    assert found[0]["kindName"] == "concept: kinds of power"
    assert client.get("/api/search?q=").get_json()["results"] == []
    assert client.get("/api/search?q=a&limit=x").status_code == 400
    assert len(client.get("/api/search?q=a&limit=3").get_json()["results"]) == 3


def test_an_editor_can_ask_for_the_terms(client: FlaskClient):
    terms = {t["name"]: t for t in client.get("/api/terms?lang=nl").get_json()}

    assert terms["vrd:ComplaintRoute"]["label"] == "klachtroute"
    assert terms["vc:coercion"]["kind"] == "constant"
    assert terms["vrd:powerType"]["list"] == terms["vc:coercion"]["list"] == "vc:powers"
    assert terms["vrd:powerType"]["of"] == ["vrd:LegalPosition"]
    assert terms["vrd:hasPosition"]["leads"] == "vrd:LegalPosition"
    assert "vrd:Safeguard" in terms["vrd:ComplaintRoute"]["above"]
    assert terms["vc:coercion"]["labels"]["en"] == "coercion"
    words = {t["name"]: t for t in client.get("/api/terms?lang=nl&form=yaml").get_json()}
    assert words["waarborgen"]["label"] == "vrd:hasSafeguard"
    assert {words[w]["kind"] for w in ("Klachtroute", "bestendiging")} == {"class", "constant"}


def test_the_viewer_says_that_it_lives(client: FlaskClient):
    assert client.get("/healthz").get_json()["status"] == "ok"


def test_the_description_names_every_address_and_refers_to_nothing_missing(client: FlaskClient):
    described = client.get("/openapi.json").get_json()

    assert described["openapi"].startswith("3.1")
    text = str(document(""))
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) == set(described["components"]["schemas"])
    for path, operations in described["paths"].items():
        for verb in operations:
            address = path.replace("{path}", "rule/R13")
            assert client.open(address, method=verb.upper()).status_code not in (404, 405), path
