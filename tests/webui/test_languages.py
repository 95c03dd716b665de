"""Both languages say everything, and a reader stays on the page when changing from one to the other."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

import vereend_webui

PACKAGE = Path(vereend_webui.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "_n": None}


def wanted() -> set[object]:
    options = {"jinja2": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    rows = extract_from_dir(
        str(PACKAGE),
        [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.svg", "jinja2")],
        {"templates/**.html": options["jinja2"], "templates/**.svg": options["jinja2"]},
        keywords=KEYWORDS,
        directory_filter=lambda name: "static" not in Path(name).parts,
    )
    return {message for _, _, message, _, _ in rows if message}


@pytest.fixture(scope="module")
def dutch() -> Catalog:
    text = (PACKAGE / "translations" / "nl" / "LC_MESSAGES" / "messages.po").read_bytes()
    return read_po(BytesIO(text), locale="nl")


def test_every_source_string_has_a_dutch_one_that_is_not_a_guess(dutch: Catalog):
    known = {m.id: m for m in dutch if m.id}

    assert not wanted() - set(known)
    for message in known.values():
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), message.id
        assert not message.fuzzy, message.id


def test_no_dutch_string_is_left_that_no_page_uses(dutch: Catalog):
    assert not {m.id for m in dutch if m.id} - wanted()


def test_places_in_a_sentence_are_the_same_in_both_languages(dutch: Catalog):
    assert not [(m.id, errors) for m in dutch if (errors := list(m.check(dutch)))]


def test_the_dutch_words_are_used(client: FlaskClient):
    assert "Naar de inhoud" in client.get("/nl/").get_data(as_text=True)
    assert "Skip to content" in client.get("/en/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("wish", "lang"),
    [("nl", "nl"), ("en-GB,en;q=0.9", "en"), ("de", "nl"), ("", "nl"), ("fr, en;q=0.5, nl;q=0.4", "en")],
)
def test_the_bare_address_leads_to_the_language_asked_for(client: FlaskClient, wish: str, lang: str):
    answer = client.get("/", headers={"Accept-Language": wish})

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/{lang}/"
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "rest",
    [
        "/",
        "/rules/R13",
        "/search?q=onafhankelijk+toezicht",
        "/questions?query=ASK+%7B%7D",
        "/claims?modality=mod-fact&q=politie",
    ],
)
def test_the_other_language_keeps_page_and_question(client: FlaskClient, rest: str):
    text = client.get(f"/nl{rest}").get_data(as_text=True)
    path, _, query = rest.partition("?")

    assert f'href="/en{path}{"?" if query else ""}{query.replace("&", "&amp;")}" lang="en" hreflang="en"' in text


def test_an_unknown_page_is_answered_in_the_language_of_its_address(client: FlaskClient):
    answer = client.get("/en/nowhere", headers={"Accept-Language": "nl"})

    assert answer.status_code == 404
    assert '<html lang="en">' in answer.get_data(as_text=True)


def test_an_unknown_language_is_no_page(client: FlaskClient):
    assert client.get("/fr/").status_code == 404


def test_a_label_in_the_other_language_says_so(client: FlaskClient):
    text = client.get("/en/claims/C001").get_data(as_text=True)

    assert '<i lang="nl">Met vereende krachten?</i>' in text
    assert '<span class="faint other-name" lang="nl">' in client.get("/en/concepts/coercion").get_data(as_text=True)
