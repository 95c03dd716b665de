"""Answers behave: they are tagged and compressed, are not kept where they should not be, and what is not here helps."""

import gzip
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient

from vereend.changelog import releases

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.mark.parametrize("path", ["/en/method", "/data/rule/R13.ttl", "/openapi.json", "/api/search?q=toezicht"])
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str):
    first = client.get(path, headers={"Accept-Encoding": "gzip"})
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304
    assert again.data == b""
    # The policy a browser kept fits the nonce of the page it kept.
    assert "Content-Security-Policy" not in again.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_pages_and_data_come_compressed_to_those_who_take_it(client: FlaskClient):
    for path in ("/nl/rules", "/data/rule/R13.ttl"):
        plain, small = (client.get(path, headers={"Accept-Encoding": coding}) for coding in ("identity", "gzip"))
        assert small.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in small.headers["Vary"]
        assert len(gzip.decompress(small.data)) == len(plain.data)


def test_an_answer_to_what_was_sent_is_not_kept(client: FlaskClient):
    assert client.post("/nl/validate", data={"text": ""}).headers["Cache-Control"] == "no-store"


def test_a_page_names_itself_and_its_other_language(client: FlaskClient):
    page = client.get("/nl/search?q=toezicht").get_data(as_text=True)

    assert '<link rel="canonical" href="http://localhost/nl/search?q=toezicht">' in page
    assert '<link rel="alternate" hreflang="en" href="http://localhost/en/search?q=toezicht">' in page


def test_the_sitemap_lists_pages_that_are_there_in_both_languages(client: FlaskClient):
    found = [node.text or "" for node in ET.fromstring(client.get("/sitemap.xml").data).iter(f"{SITEMAP}loc")]

    assert len(found) == len(set(found)) > 1000
    for path in (
        "/nl/rules/R13",
        "/en/rules/R13",
        "/en/questions?name=who-may-do-what",
        "/nl/partnerships/shoplifting",
    ):
        assert f"http://localhost{path}" in found
    for address in found[:: len(found) // 12]:
        assert client.get(address).status_code == 200
    assert "http://localhost/sitemap.xml" in client.get("/robots.txt").get_data(as_text=True)


def test_an_address_nobody_knows_offers_the_nearest_names(client: FlaskClient):
    for path, near in (("/en/concepts/coertion", "/en/concepts/coercion"), ("/nl/rules/R99", 'role="search"')):
        answer = client.get(path)
        assert answer.status_code == 404
        assert near in answer.get_data(as_text=True)


def test_the_home_page_tells_what_changed(client: FlaskClient):
    newest = releases()[0]

    assert newest.sections
    assert all(items for _, items in newest.sections)
    assert newest.title in client.get("/en/").get_data(as_text=True)
    assert newest.title in client.get("/nl/changes").get_data(as_text=True)
