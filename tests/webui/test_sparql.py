"""`/sparql` speaks the SPARQL 1.1 protocol for queries, and says plainly what it does not do."""

import io
import json
import re
from urllib.parse import unquote

import openpyxl
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from vereend.stored_queries import queries
from vereend_webui.blueprints.questions import VIEW_FIELDS

SELECT = "SELECT ?rule WHERE { ?rule a <https://w3id.org/vereend/ns#Rule> } ORDER BY ?rule"
CONSTRUCT = "CONSTRUCT { ?rule a <http://example.org/Rule> } WHERE { ?rule a <https://w3id.org/vereend/ns#Rule> }"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"


def ask(client: FlaskClient, query: str, **headers: str):
    return client.get("/sparql", query_string={"query": query}, headers=headers)


@pytest.mark.parametrize(
    "send",
    [
        lambda client: client.get("/sparql", query_string={"query": SELECT}),
        lambda client: client.post("/sparql", data={"query": SELECT}),
        lambda client: client.post("/sparql", data=SELECT, content_type="application/sparql-query"),
        lambda client: client.post("/sparql", data=SELECT, content_type="application/sparql-query; charset=utf-8"),
    ],
    ids=["get", "form", "direct", "direct-with-charset"],
)
def test_a_query_is_answered_however_it_is_sent(client: FlaskClient, send):
    answer = send(client)

    assert answer.status_code == 200
    assert answer.mimetype == JSON
    rules = [row["rule"]["value"] for row in json.loads(answer.data)["results"]["bindings"]]
    assert "https://w3id.org/vereend/rule/R13" in rules
    assert answer.headers["Vereend-Rows"] == str(len(rules))


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (SELECT, JSON, JSON),
        (SELECT, XML, XML),
        (SELECT, "text/csv", "text/csv"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "application/json", JSON),
        (SELECT, "text/html, */*;q=0.1", JSON),
        (SELECT, "text/csv;q=0.1, application/sparql-results+xml;q=0.9", XML),
        (SELECT, "text/*", "text/csv"),
        ("ASK {}", XML, XML),
        (CONSTRUCT, "text/turtle", "text/turtle"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "*/*", "text/turtle"),
    ],
)
def test_the_answer_has_the_form_that_is_accepted(client: FlaskClient, query: str, accept: str, media_type: str):
    answer = ask(client, query, Accept=accept)

    assert answer.status_code == 200
    assert answer.mimetype == media_type
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("form", "query", "mimetype", "ending"),
    [
        ("csv", SELECT, "text/csv", "csv"),
        ("tsv", SELECT, "text/tab-separated-values", "tsv"),
        ("json", SELECT, JSON, "srj"),
        ("xml", SELECT, XML, "srx"),
        ("turtle", CONSTRUCT, "text/turtle", "ttl"),
        ("ntriples", CONSTRUCT, "application/n-triples", "nt"),
    ],
)
def test_a_link_can_ask_for_a_form(client: FlaskClient, form: str, query: str, mimetype: str, ending: str):
    answer = client.get("/sparql", query_string={"query": query, "format": form}, headers={"Accept": "text/html"})

    assert answer.mimetype == mimetype
    assert answer.headers["Content-Disposition"] == f'attachment; filename="vereend.{ending}"'


@pytest.mark.parametrize(
    ("status", "problem", "send"),
    [
        (400, "is not well-formed", lambda c: ask(c, "SELECT ?s WHERE { ?s ?p }")),
        (400, "is no query", lambda c: ask(c, "hello")),
        (400, "is an update (INSERT)", lambda c: ask(c, "INSERT DATA { <a:a> <a:b> <a:c> }")),
        (400, "is an update (UPDATE)", lambda c: c.post("/sparql", data={"update": "DROP ALL"})),
        (400, "is an update (UPDATE)", lambda c: c.post("/sparql", data="x", content_type="application/sparql-update")),
        (400, "uses SERVICE", lambda c: ask(c, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")),
        (400, "is given more than once", lambda c: c.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D")),
        (400, "is missing", lambda c: c.post("/sparql", data={"other": "x"})),
        (400, "is not a form of this protocol", lambda c: c.post("/sparql", data="x", content_type="text/plain")),
        (400, "is not UTF-8 text", lambda c: c.post("/sparql", data=b"\xff", content_type="application/sparql-query")),
        (400, "is not a format we read", lambda c: c.get("/sparql?query=ASK%7B%7D&format=pdf")),
        (406, "names no format this query can be answered in", lambda c: ask(c, SELECT, Accept="image/png")),
        (406, "names no format this query can be answered in", lambda c: ask(c, SELECT, Accept="text/turtle")),
    ],
)
def test_a_refusal_says_where_what_and_what_to_do(client: FlaskClient, status: int, problem: str, send):
    answer = send(client)

    assert answer.status_code == status
    error = answer.get_json()["error"]
    assert error["problem"] == problem
    assert error["where"]
    assert error["remedy"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_mistake_in_a_query_is_named_by_line_and_column(client: FlaskClient):
    error = ask(client, "SELECT ?s\nWHERE { ?s ?p }").get_json()["error"]

    assert error["where"].startswith("query, line 2, column 1")
    assert error["detail"]


def test_the_choice_of_graphs_beside_the_query_is_followed(client: FlaskClient):
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/vereend/ns#Rule> }"
    graph = "https://w3id.org/vereend/graph/"

    def rules(**graphs: str) -> int:
        answer = client.get("/sparql", query_string={"query": count, **graphs}).get_json(force=True)
        return int(answer["results"]["bindings"][0]["n"]["value"])

    assert rules() == rules(**{"default-graph-uri": f"{graph}rules"}) > 0
    assert rules(**{"default-graph-uri": f"{graph}law"}) == 0


def test_without_a_query_programs_get_a_description_and_people_the_page(client: FlaskClient):
    service = client.get("/sparql", headers={"Accept": "text/turtle"})
    page = client.get("/sparql", headers={"Accept": "text/html", "Accept-Language": "en"})

    assert "sd:Service" in service.get_data(as_text=True)
    assert list(ox.parse(service.data, format=ox.RdfFormat.TURTLE))
    assert page.status_code == 303
    assert page.headers["Location"] == "/en/questions"


def test_scripts_of_other_sites_may_read(client: FlaskClient):
    before = client.options("/sparql")

    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    assert ask(client, "ASK {}").headers["Access-Control-Allow-Origin"] == "*"


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_labels_downloads_and_a_link_that_carries_the_query(client: FlaskClient):
    text = client.get("/nl/questions?name=who-may-do-what").get_data(as_text=True)

    assert "winkelverbod opleggen" in text or "locatieverbod" in text
    assert 'href="/nl/questions?name=who-may-do-what"' in text
    for form in ("csv", "tsv", "json", "xml"):
        assert f"format={form}" in text


def test_the_address_carries_how_the_answers_are_looked_at(client: FlaskClient):
    def page(**fields: str) -> str:
        return client.get("/en/questions", query_string={"name": "where-each-claim-stands", **fields}).get_data(
            as_text=True
        )

    first, second = page(), page(page="2", sort="-page")
    assert "C001" in first
    assert "Rows 1–50 of" in first
    assert "Rows 51–100 of" in second
    assert 'aria-sort="descending"' in second
    assert "sort=-page&amp;page=3" in second
    assert "found among" in page(find="C007")
    assert "None of the answers" in page(find="nothing of the kind")
    assert "src:C001" in page(show="names")


@pytest.mark.parametrize(
    ("name", "view", "drawn"),
    [
        ("claims-by-modality", "chart", 'class="bar"'),
        ("who-is-tied-to-whom", "network", 'class="tie"'),
        ("participants-and-roles", "matrix", "How many answers have both"),
        ("participants-and-roles", "raw", "&#34;bindings&#34;"),
    ],
)
def test_an_answer_is_drawn_where_its_columns_allow_it(client: FlaskClient, name: str, view: str, drawn: str):
    text = client.get(f"/en/questions?name={name}&view={view}").get_data(as_text=True)

    assert drawn in text
    assert 'aria-current="true">Table' not in text


def test_a_drawing_follows_the_columns_chosen(client: FlaskClient):
    text = client.get("/en/questions?name=claims-by-modality&view=chart&second=normativeClaims").get_data(as_text=True)

    assert '<th scope="col" class="r">normativeClaims</th>' in text


def test_no_parameter_of_a_question_is_called_as_a_field_of_the_page():
    taken = {*VIEW_FIELDS, "name", "query"}

    assert [q.name for q in queries() if taken & {p.name for p in q.parameters}] == []


def test_the_answers_are_there_as_a_workbook_with_their_question(client: FlaskClient):
    answer = client.get("/nl/questions/answers.xlsx?name=who-may-do-what")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    yes_no = client.get("/en/questions/answers.xlsx?query=ASK+%7B%7D")

    assert answer.headers["Content-Disposition"].endswith('filename="who-may-do-what.xlsx"')
    assert "locatieverbod" in [cell.value for row in book["answers"] for cell in row]
    assert book["about"]["A1"].value == "vraag"
    assert "/nl/questions?name=who-may-do-what" in book["about"]["B4"].value
    assert yes_no.status_code == 400


def test_a_question_without_answers_is_told_why_on_the_page_and_to_programs(client: FlaskClient):
    query = "SELECT * WHERE { ?position vrd:houder ?who }"
    page = client.get("/nl/questions", query_string={"query": query}).get_data(as_text=True)
    told = client.get("/api/why-empty", query_string={"query": query}).get_json()

    assert "Waarom er geen antwoord is" in page
    assert "Bedoel je vrd:holder" in page
    assert "vrd%3Aholder" in page or "vrd:holder+?who" in page
    assert told["culprit"] == {"text": "?position vrd:houder ?who", "line": 1, "column": 18}
    assert told["proposals"][0]["en"].startswith("Did you mean vrd:holder")
    assert client.get("/api/why-empty?query=hello").status_code == 400


def test_a_link_that_pins_an_answer_says_whether_it_is_still_the_same(client: FlaskClient):
    def page(query: str, **fields: str) -> str:
        return client.get("/en/questions", query_string={"query": query, **fields}).get_data(as_text=True)

    one, two = (f"SELECT ?r {{ VALUES ?r {{ {rules} }} ?r a vrd:Rule }}" for rules in ("vr:R13 vr:R2", "vr:R13 vr:R02"))
    pinned = _pin(page(two))

    assert "The same as cited" in page(two, pin=pinned)
    assert "those of then" in page(two, pin=pinned, sort="-r")
    changed = page(one, pin=pinned)
    assert "Not the same as cited" in changed
    assert "1 row is gone: number 2" in changed or "1 row is gone: number 1" in changed
    assert client.get("/en/questions", query_string={"query": one, "pin": pinned[:-4]}).status_code == 400
    assert "Then it was the other" in page("ASK { ?s a vrd:Nothing }", pin=_pin(page("ASK {}")))


def _pin(page: str) -> str:
    return unquote(re.findall(r"pin=([\w~.%=-]+)", page)[0])


def test_question_and_answer_are_there_as_one_page_that_needs_nothing(client: FlaskClient):
    answer = client.get("/nl/questions/answers.html?name=who-may-do-what")
    text = answer.get_data(as_text=True)

    assert answer.headers["Content-Disposition"].endswith('filename="who-may-do-what.html"')
    assert "locatieverbod" in text
    assert "SELECT DISTINCT" in text
    assert "SHA-256" in text
    assert "/nl/questions?name=who-may-do-what&amp;pin=" in text
    assert not re.search(r"<script|src=|<link (?!rel=\"icon\")|url\(", text)


def test_an_iri_that_would_run_is_no_link_in_the_page(client: FlaskClient):
    query = 'SELECT (IRI("javascript:alert(1)") AS ?x) {}'
    text = client.get("/en/questions/answers.html", query_string={"query": query}).get_data(as_text=True)

    assert 'href="javascript' not in text


def test_the_page_says_what_is_not_bound(client: FlaskClient):
    query = "SELECT ?s ?x WHERE { BIND(vr:R13 AS ?s) OPTIONAL { ?s vrd:nothing ?x } }"

    assert "not told" in client.get("/en/questions", query_string={"query": query}).get_data(as_text=True)


def test_the_page_puts_a_mistake_where_the_reader_counts_it(client: FlaskClient):
    """The prefixes declared for the reader stand before the first line and are not counted."""
    answer = client.get("/en/questions", query_string={"query": "SELECT ?s WHERE { ?s vrd:holder }"})
    text = answer.get_data(as_text=True)

    assert answer.status_code == 400
    assert 'data-place="1,33"' in text
    assert "is not well-formed" in text


def test_a_long_query_can_be_posted(client: FlaskClient):
    query = "# " + "x" * 20_000 + "\nASK {}"
    answer = client.post("/nl/questions", data={"query": query})

    assert answer.status_code == 200
    assert "<h3>Ja</h3>" in answer.get_data(as_text=True)


def test_an_answer_that_was_cut_off_says_so():
    from vereend_webui import Settings, create_app

    few = create_app(settings=Settings(query_rows=3, query_workers=1)).test_client()
    direct = few.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"})
    page = few.get("/en/questions", query_string={"query": "SELECT * { ?s ?p ?o }"}).get_data(as_text=True)

    assert direct.headers["Vereend-Truncated"] == "true"
    assert direct.headers["Vereend-Rows"] == "3"
    assert "there are more: only the first 3 are given" in page


def test_a_slow_spelling_is_explained_with_a_link_to_the_faster_one(client: FlaskClient):
    slow = "SELECT ?p { ?p a vrd:LegalPosition FILTER NOT EXISTS { ?p vrd:limitedBy ?s . ?s vrd:protects ?g } }"
    page = client.get("/en/questions", query_string={"query": slow}).get_data(as_text=True)

    assert "This can be asked quicker" in page
    assert "Quicker, with the same answer" in page
    assert "FILTER+EXISTS" in page
    assert "asked quicker" not in client.get("/en/questions?name=who-may-do-what").get_data(as_text=True)


def test_a_program_that_waited_in_vain_is_told_what_is_slow():
    from vereend_webui import Settings, create_app

    hasty = create_app(settings=Settings(query_timeout_s=0.2, query_workers=1)).test_client()
    answer = ask(hasty, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")

    assert answer.status_code == 503
    error = answer.get_json()["error"]
    assert error["detail"] == "query_timeout_s = 0.2"
    assert [one["kind"] for one in error["advice"]] == ["cross-product"]
    assert error["advice"][0]["slow"].keys() == {"nl", "en"}
