"""Every page answers in both languages, says which it is in, and holds nothing a strict policy would block."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from webui.addresses import EVERY, LANGUAGES, PAGES

RUNS = {"application/json"}  # types of script element that hold data and run nothing


class Elements(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def page(client: FlaskClient, address: str) -> tuple[str, Elements]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.mimetype == "text/html"
    text = answer.get_data(as_text=True)
    return text, Elements(text)


@pytest.mark.parametrize("address", EVERY)
def test_a_page_answers_in_its_language(client: FlaskClient, address: str):
    text, elements = page(client, address)

    assert elements.all("html") == [{"lang": address[1:3]}]
    assert len(elements.all("h1")) == 1
    assert re.search(r"<title>\s*\S.* · Vereend</title>", text)


@pytest.mark.parametrize("address", EVERY)
def test_a_page_names_itself_in_each_language(client: FlaskClient, address: str):
    _, elements = page(client, address)
    links = {a["hreflang"]: a["href"] for a in elements.all("link") if a.get("hreflang")}

    assert set(links) == {"nl", "en", "x-default"}
    for lang in LANGUAGES:
        there = urlsplit(links[lang] or "")
        here = urlsplit(address)
        assert there.scheme == "http"
        assert there.path == f"/{lang}{here.path[3:]}"
        assert bool(there.query) == bool(here.query)


@pytest.mark.parametrize("address", EVERY)
def test_a_page_holds_no_style_or_script_of_its_own(client: FlaskClient, address: str):
    _, elements = page(client, address)

    assert not elements.all("style")
    for tag, attributes in elements.found:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not (attributes.get("href") or "").startswith("javascript:")
    for script in elements.all("script"):
        assert script.get("src", "").startswith("/static/") or script.get("type") in RUNS


@pytest.mark.parametrize("address", EVERY)
def test_a_page_loads_nothing_from_elsewhere(client: FlaskClient, address: str):
    _, elements = page(client, address)
    loaded = [a.get("src") for tag, a in elements.found if a.get("src")]
    loaded += [a["href"] for a in elements.all("link") if a.get("rel") in ("stylesheet", "icon", "modulepreload")]

    assert all(name and name.startswith("/static/") for name in loaded)


@pytest.mark.parametrize("address", ["/nl/", "/en/validate?example=veilig-plein", "/nl/nowhere"])
def test_a_page_carries_a_strict_policy(client: FlaskClient, address: str):
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert re.fullmatch(r"'self' 'nonce-[\w-]{16,}'", policy["style-src"])
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_each_answer_has_its_own_nonce(client: FlaskClient):
    policies = {client.get("/nl/").headers["Content-Security-Policy"] for _ in range(3)}

    assert len(policies) == 3


@pytest.mark.parametrize("address", ["/sparql?query=ASK%7B%7D", "/data/rule/R13.ttl", "/openapi.json"])
def test_what_is_no_page_may_run_nothing(client: FlaskClient, address: str):
    assert client.get(address).headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_every_link_inside_leads_somewhere(client: FlaskClient):
    """Walk from the pages of one language; of things of a sort, a few stand for all."""
    seen, broken, sorts = set(), [], {}
    todo = [f"/en{address}" for address in PAGES]
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address, headers={"Accept": "text/html"})
        if answer.status_code >= 400:
            broken.append((address, answer.status_code))
            continue
        if answer.status_code >= 300:
            todo.append(urlsplit(answer.headers["Location"]).path)
        if answer.mimetype != "text/html":
            continue
        for tag, attributes in Elements(answer.get_data(as_text=True)).found:
            target = attributes.get("href") if tag == "a" else None
            if not target or target.startswith("#") or urlsplit(target).scheme:
                continue
            parts = urlsplit(urljoin(address, target))
            sort = "/".join(parts.path.split("/")[:3]) + ("?" + parts.query.split("=")[0] if parts.query else "")
            sorts[sort] = sorts.get(sort, 0) + 1
            if parts.path.startswith("/nl/") or sorts[sort] > 60:
                continue
            todo.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)

    assert not broken
    assert len(seen) > 300


def test_what_a_fragment_points_to_stands_on_the_page(client: FlaskClient):
    for address in (
        "/en/partnerships/veilig-plein-advies",
        "/en/validate?example=veilig-plein-advies",
        "/en/components",
    ):
        _, elements = page(client, address)
        names = {a.get("id") for _, a in elements.found if a.get("id")}
        wanted = {(a.get("href") or "")[1:] for a in elements.all("a") if (a.get("href") or "").startswith("#")}
        assert wanted - names <= {"top"}, address


@pytest.mark.parametrize("address", ["/en/validate?example=veilig-plein-advies", "/nl/partnerships/shoplifting"])
def test_no_name_stands_twice_on_a_page(client: FlaskClient, address: str):
    _, elements = page(client, address)
    names = [a["id"] for _, a in elements.found if a.get("id")]

    assert len(names) == len(set(names))


def test_a_provision_that_was_not_checked_says_so_wherever_it_is_named(client: FlaskClient):
    rows = client.get("/en/law").get_data(as_text=True)
    name = re.search(
        r'href="(/en/law/[\w-]+)">[^<]*</a></span></span></th>(?:(?!</tr>).)*>unverified<', rows, re.DOTALL
    )
    assert name, "there is one in kg/law, and the list tells"

    page = client.get(name[1]).get_data(as_text=True)
    assert "was not checked against the text of the law" in page
    found = client.get("/en/search?q=art.+35+AVG").get_data(as_text=True)
    assert "likely, not checked" in found


def test_a_question_of_the_report_is_shown_as_a_question(client: FlaskClient):
    plainly = "The report asks this; it does not state it."

    assert plainly in client.get("/en/claims/C212").get_data(as_text=True)
    assert plainly in client.get("/en/rules/R13").get_data(as_text=True)
    listed = client.get("/en/claims?modality=mod-open-question").get_data(as_text=True)
    assert listed.count(plainly) > 5


def test_what_a_case_does_not_tell_is_called_so(client: FlaskClient):
    text = client.get("/en/partnerships/shoplifting").get_data(as_text=True)

    assert text.count("not told</span>") > 20
    assert "not told whether data are shared" in text


def test_an_invented_partnership_says_so(client: FlaskClient):
    for slug in ("veilig-plein", "veilig-plein-advies"):
        assert "This describes nothing that exists." in client.get(f"/en/partnerships/{slug}").get_data(as_text=True)
    assert "This describes nothing" not in client.get("/en/partnerships/shoplifting").get_data(as_text=True)
