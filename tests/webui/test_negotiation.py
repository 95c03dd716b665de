"""One thing, many forms: its address leads to a page or to data, as the asker accepts (RFC 9110, section 12.5.1)."""

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from vereend_webui.negotiation import RDF_TYPES, accepted, choose

HTML, TURTLE, JSON_LD, RDF_XML, N_TRIPLES = "text/html", *RDF_TYPES
OFFERED = [HTML, *RDF_TYPES]
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "application/rdf+xml, text/rdf+n3;q=0.9, application/xhtml+xml;q=0.5, text/turtle;q=0.8"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        (FIREFOX, HTML),
        ("text/html", HTML),
        ("application/xhtml+xml", HTML),
        ("text/*", HTML),
        ("text/turtle", TURTLE),
        ("text/turtle;charset=utf-8", TURTLE),
        ("TEXT/TURTLE", TURTLE),
        ("application/ld+json", JSON_LD),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSON_LD),
        ("application/json", JSON_LD),
        ("application/rdf+xml", RDF_XML),
        ("application/xml", RDF_XML),
        ("application/n-triples", N_TRIPLES),
        (RDFLIB, RDF_XML),
        (JENA, TURTLE),
        ("text/html;q=0, */*", TURTLE),
        ("*/*;q=0.8, text/turtle;q=0.8", TURTLE),
        ("text/turtle;q=0.2, text/html;q=0.9", HTML),
        ("text/turtle;q=0.9, text/html;q=0.2", TURTLE),
        ("text/html;q=nonsense, text/turtle;q=0.1", TURTLE),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("*/*;q=0", None),
    ],
)
def test_the_form_most_wanted_is_chosen(header: str | None, expected: str | None):
    assert choose(header, OFFERED) == expected


def test_ranges_come_in_the_order_wanted_and_what_is_refused_is_left_out():
    assert accepted("text/csv;q=0.4, application/json, */*;q=0, text/*;q=0.5") == [
        "application/json",
        "text/*",
        "text/csv",
    ]


THINGS = {
    "rule/R13": "/rules/R13",
    "concept/coercion": "/concepts/coercion",
    "concept/powers": "/schemes/powers",
    "claim/C200": "/claims/C200",
    "law/sv-53-1": "/law/sv-53-1",
    "kg/veilig-plein/pps": "/partnerships/veilig-plein",
    "kg/veilig-plein/committee": "/actors/veilig-plein/committee",
    "kg/veilig-plein/p-shops": "/things/kg/veilig-plein/p-shops",
    "guideline/3": "/guidelines/3",
    "ns/holder": "/terms/holder",
    "ns": "/terms",
    "graph/case/shoplifting": "/partnerships/shoplifting",
    "shapes/R13-coercion-oversight": "/rules/R13",
}


@pytest.mark.parametrize(("path", "page"), THINGS.items())
@pytest.mark.parametrize("before", ["/id/", "/"])
def test_the_address_of_a_thing_leads_people_to_its_page(client: FlaskClient, before: str, path: str, page: str):
    answer = client.get(before + path, headers={"Accept": FIREFOX, "Accept-Language": "en"})

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/en" + page
    assert {"Accept", "Accept-Language"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("path", THINGS)
@pytest.mark.parametrize(("media_type", "extension"), RDF_TYPES.items())
def test_and_programs_to_data_that_can_be_read(client: FlaskClient, path: str, media_type: str, extension: str):
    answer = client.get(f"/id/{path}", headers={"Accept": media_type})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/data/{path}.{extension}"

    data = client.get(answer.headers["Location"])
    assert data.mimetype == media_type
    assert data.headers["Access-Control-Allow-Origin"] == "*"
    assert list(ox.parse(data.data, format=ox.RdfFormat.from_media_type(media_type)))


def test_every_form_of_a_thing_tells_the_same(client: FlaskClient):
    told = {
        frozenset(map(str, ox.parse(client.get(f"/data/claim/C200.{e}").data, format=ox.RdfFormat.from_extension(e))))
        for e in RDF_TYPES.values()
    }

    assert len(told) == 1


def test_data_about_a_thing_hold_what_is_said_of_it_and_what_names_it(client: FlaskClient):
    text = client.get("/data/claim/C200.nt").get_data(as_text=True)

    assert "<https://w3id.org/vereend/claim/C200> <https://w3id.org/vereend/ns#page>" in text
    assert "<https://w3id.org/vereend/rule/R13> <http://purl.org/dc/terms/source>" in text


def test_what_cannot_be_given_is_told_with_what_can(client: FlaskClient):
    answer = client.get("/id/rule/R13", headers={"Accept": "image/png"})

    assert answer.status_code == 406
    assert "text/turtle" in answer.get_data(as_text=True)
    assert '</data/rule/R13.ttl>; rel="alternate"; type="text/turtle"' in answer.headers.getlist("Link")


@pytest.mark.parametrize(
    "path", ["/id/rule/R99", "/concept/nothing", "/id/anything/else", "/data/rule/R99.ttl", "/data/x y.ttl"]
)
def test_an_unknown_thing_is_not_found(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_the_shape_of_a_rule_can_be_taken_along(client: FlaskClient):
    answer = client.get("/data/portable/R13.ttl")

    assert answer.mimetype == "text/turtle"
    assert "vs:R13-coercion-oversight a sh:NodeShape" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/dataset", "/.well-known/void"])
@pytest.mark.parametrize("media_type", RDF_TYPES)
def test_the_whole_is_described_in_the_form_asked_for(client: FlaskClient, path: str, media_type: str):
    answer = client.get(path, headers={"Accept": media_type})

    assert answer.mimetype == media_type
    assert "void:classPartition" in answer.get_data(as_text=True) or media_type != TURTLE
    assert list(ox.parse(answer.data, format=ox.RdfFormat.from_media_type(media_type)))


def test_people_who_ask_for_the_whole_get_the_page_about_the_data(client: FlaskClient):
    answer = client.get("/dataset", headers={"Accept": FIREFOX, "Accept-Language": "en"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/data")
    assert client.get("/.well-known/void", headers={"Accept": FIREFOX}).mimetype in (TURTLE, RDF_XML)
    assert client.get("/dataset", headers={"Accept": "image/png"}).status_code == 406
