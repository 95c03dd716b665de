"""Whatever is sent, the answer is a page that says where, what is wrong and what to do; never a traceback."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import vereend
from vereend.errors import VereendError
from vereend.formats import NAMES
from vereend.knowledge import load
from vereend.reading import MAX_DESCRIPTION_BYTES
from vereend_webui import Settings, create_app
from vereend_webui.error_words import PHRASES, translate

PLEIN = load().case("veilig-plein").description.text
JSON_LD = '{"@context": "https://example.org/context.jsonld", "@id": "x", "name": "y"}'
XML = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "e">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'


def words(text: str) -> str:
    """Give the words of a page's result, without its tags."""
    result = re.search(r'<div id="result".*?(?=<script)', text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", result[0] if result else text))


def paste(client: FlaskClient, text: str, lang: str = "en", **fields: str):
    return client.post(f"/{lang}/validate", data={"text": text, **fields}, content_type="multipart/form-data")


def send(client: FlaskClient, data: bytes, name: str, lang: str = "en"):
    return client.post(f"/{lang}/validate", data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "your text: is empty"),
        ("  \n ", "your text: is empty"),
        (
            PLEIN.replace("vrd:fictional true ;", "vrd:fictional true"),
            "your text, line 17, column 3: is not well-formed",
        ),
        (PLEIN.replace("vrd:declaredForm", "vrd:declaredFrom"), "The nearest is 'vrd:declaredForm'"),
        ("@prefix x: <http://example.org/> . x:a x:b x:c .", "your text: describes no partnership"),
        (JSON_LD, "your text, line 1: names a context outside the text, and reading opens no network"),
        (XML, "your text: declares entities of its own"),
    ],
    ids=["empty", "blank", "syntax", "term", "no-partnership", "remote-context", "entities"],
)
def test_a_text_that_cannot_be_read_is_told(client: FlaskClient, text: str, expected: str):
    answer = paste(client, text)

    assert answer.status_code == 400
    assert expected.replace("'", "&#39;") in words(answer.get_data(as_text=True))


def test_the_line_of_an_unknown_term_is_named_and_leads_into_the_text(client: FlaskClient):
    text = PLEIN.replace("vrd:declaredForm", "vrd:declaredFrom")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "declaredFrom" in row)
    page = paste(client, text).get_data(as_text=True)

    assert f"your text, line {line}" in page
    assert f'data-line="{line}"' in page
    assert f'"line": {line}' in page  # for the editor
    assert "declaredFrom" in page  # what was sent stands there to be mended


@pytest.mark.parametrize(
    ("data", "name", "status", "expected"),
    [
        (b"", "leeg.ttl", 400, "leeg.ttl: is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "beeld.ttl", 400, "beeld.ttl: is not a text file"),
        ("é".encode("latin-1") * 20, "oud.ttl", 400, "oud.ttl, line 1: is not UTF-8 text"),
        (b"\xef\xbb\xbf" + PLEIN.encode(), "bom.ttl", 200, "Safe Square conforms"),
        (PLEIN.encode(), "../../etc/plein.ttl", 200, "Safe Square conforms"),
    ],
    ids=["empty", "binary", "latin-1", "byte-order-mark", "path"],
)
def test_a_file_is_read_or_refused_by_name(client: FlaskClient, data: bytes, name: str, status: int, expected: str):
    answer = send(client, data, name)

    assert answer.status_code == status
    text = answer.get_data(as_text=True)
    assert expected in words(text)
    assert "/etc/" not in text


def test_a_file_goes_before_the_text_that_still_stands_in_the_field(client: FlaskClient):
    answer = client.post(
        "/en/validate",
        data={"text": "nonsense", "name": "old.ttl", "file": (BytesIO(PLEIN.encode()), "new.ttl")},
        content_type="multipart/form-data",
    )

    assert "Safe Square conforms" in words(answer.get_data(as_text=True))
    assert "new.ttl" in answer.get_data(as_text=True)


@pytest.mark.parametrize("size", [MAX_DESCRIPTION_BYTES + 1, 50_000_000], ids=["just-over", "fifty"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_what_is_too_large_gets_a_page_that_says_so(client: FlaskClient, size: int, lang: str):
    answer = send(client, b"#" * size, "groot.ttl", lang)
    text = answer.get_data(as_text=True)

    assert answer.status_code == 413
    assert {"nl": "is groter dan 5 MB", "en": "is larger than 5 MB"}[lang] in text
    assert {"nl": "één bestand per samenwerking", "en": "one file per partnership"}[lang] in text


def test_what_is_too_large_for_the_api_is_told_as_json(client: FlaskClient):
    answer = client.post("/api/validate", data=b"#" * 6_000_000, content_type="text/turtle")

    assert answer.status_code == 413
    assert answer.get_json()["error"]["problem"] == "is larger than 5 MB"


def test_a_text_of_the_largest_size_is_still_read(client: FlaskClient):
    text = PLEIN + "#" * (MAX_DESCRIPTION_BYTES - len(PLEIN.encode()))
    answer = paste(client, text)

    assert answer.status_code == 200
    assert "Safe Square conforms" in words(answer.get_data(as_text=True))
    assert len(answer.data) < 1_000_000  # the text itself is not sent back


def test_two_values_where_one_answer_tells_all_cannot_be_judged(client: FlaskClient):
    text = PLEIN.replace("vrd:relation vc:rel-subordinate ;", "vrd:relation vc:rel-subordinate , vc:rel-equal ;")
    page = paste(client, text).get_data(as_text=True)

    assert "This cannot be judged yet" in page
    assert "conforms" not in words(page)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"on": "24-11-2026"}, "is not a date"),
        ({"on": "2026-02-30"}, "is not a date"),
        ({"phase": "later"}, "is not a phase"),
    ],
)
def test_a_wrong_setting_is_told(client: FlaskClient, fields: dict[str, str], expected: str):
    answer = paste(client, PLEIN, **fields)

    assert answer.status_code == 400
    assert expected in answer.get_data(as_text=True)


def test_markup_in_a_description_stays_text(client: FlaskClient):
    text = PLEIN.replace("Safe Square", "<script>alert(1)</script>").replace("Veilig Plein", "<b>x</b>")
    page = paste(client, text, name="<img src=x>").get_data(as_text=True)

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize("form", NAMES)
def test_a_report_can_be_taken_along_and_a_wrong_text_is_told_instead(client: FlaskClient, form: str):
    answer = paste(client, PLEIN, **{"as": form})
    wrong = paste(client, "nonsense", **{"as": form})

    assert "attachment" in answer.headers["Content-Disposition"]
    assert wrong.status_code == 400
    assert "is not well-formed" in wrong.get_data(as_text=True)


@pytest.mark.parametrize(
    "address",
    [
        "/en/rules/R99",
        "/en/partnerships/nothing",
        "/en/actors/veilig-plein/nobody",
        "/en/claims/C999",
        "/en/things/%00",
        "/en/thing?iri=no iri",
        "/en/thing",
        "/en/network?case=nothing",
        "/en/network?case=veilig-plein&node=nothing",
        "/en/questions?name=nothing",
        "/en/validate?example=../../etc/passwd",
        "/en/law/../../etc/passwd",
        "/static/../settings.py",
        "/en/nowhere",
    ],
)
def test_what_is_not_there_gets_a_page(client: FlaskClient, address: str):
    answer = client.get(address, headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert '<html lang="' in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)


def test_what_may_not_be_asked_that_way_says_how(client: FlaskClient):
    answer = client.post("/en/rules")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "GET" in answer.get_data(as_text=True)


def test_our_own_mistake_gets_a_page_and_not_its_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    app = create_app()
    monkeypatch.setitem(app.view_functions, "rules.index", lambda: 1 / 0)
    page = app.test_client().get("/nl/rules", headers={"Accept": "text/html"})
    data = app.test_client().get("/nl/rules", headers={"Accept": "application/json"})

    assert page.status_code == data.status_code == 500
    assert "ging bij ons mis" in page.get_data(as_text=True)
    assert "ZeroDivisionError" not in page.get_data(as_text=True)
    assert data.get_json()["error"]["remedy"]
    assert "ZeroDivisionError" in caplog.text  # whoever runs the viewer sees it


def test_when_all_judges_are_busy_the_asker_is_told_to_wait():
    app = create_app(settings=Settings(judges=1, judge_wait_s=0.05))
    with app.extensions["vereend"].judging():
        answer = paste(app.test_client(), PLEIN)

    assert answer.status_code == 503
    assert "is busy judging other descriptions" in answer.get_data(as_text=True)


# --- the library's messages in Dutch ----------------------------------------------------------------------------------

# Modules that only the command line calls.
NOT_SHOWN = {
    "mappings.py",
    "packing.py",
    "workbook.py",
    "batch.py",
    "checks.py",
    "journal.py",
    "pools.py",
    "cli.py",
    "confined.py",
    "foreign.py",
    "shape_graph.py",
    "quality.py",
    "sources.py",
    "locators.py",
    "engines.py",
    "explanation.py",
    "stores.py",
}
# Told to who writes a query file, names a reasoner or fills a store, which no page lets a reader do.
OF_WRITERS = {
    "is not a number that fits",
    "Write it as in 7=7",
    "is there already",
    "Name a new folder for the backup",
    "Choose another place",
    "is no backup",
    "Name a folder that vereend backup made",
    "is not as it was made",
    "Use another backup: this one was damaged",
    "is the name of two descriptions",
    "Give each a name of its own",
    "cannot be written",
    "Look at the space on the disk and at who may write",
    "is being written by another process",
    "Try again when that is done",
    "is no name of a graph",
    "Give one of letters and digits, as in --name plein",
    "is not the name of a loaded description",
    "See the names with vereend status",
    "is not the address of a server",
    "Write it as https://example.org/sparql",
    "has a password in its address",
    "Take it out, and set VEREEND_ENDPOINT_USER and VEREEND_ENDPOINT_PASSWORD",
    "Write it as in http://data.europa.eu/eli/reg/2016/679/art_6/oj",
    "does not begin with its question",
    "does not say in two languages what a row is",
    "Write it in Dutch and then in English, each a paragraph of comment after a line with # alone",
    "Write it in Dutch and in English, each on a line that begins with #",
    "belongs to no group",
    "Write # @group and one of 7",
    "announces no parameter of the query",
    'Write # @parameter ?power vc:powers "welke"@nl "which"@en, and VALUES ?power { vc:… }',
    "is not a reasoner",
    "Choose hermit, pellet or sparql",
}


def raised(tree: ast.AST) -> set[str]:
    """Give the problems and remedies a module raises, with something in each place for what is found."""
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def texts(node: ast.expr) -> set[str]:
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=parts):
                return {"".join(p.value if isinstance(p, ast.Constant) else "7" for p in parts)}
            case ast.IfExp(body=one, orelse=other):
                return texts(one) | texts(other)
            case ast.Name(id=name) if isinstance(constants.get(name), str):
                return {constants[name]}
        return set()

    kinds = {"VereendError", "UnknownEntity", "QueryRefused", "QueryTimeout", "Busy"}
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") in kinds]
    return {text for call in calls for argument in call.args[1:3] for text in texts(argument)}


def test_every_message_of_the_library_is_known_to_the_pages(client: FlaskClient):
    modules = [p for p in Path(vereend.__file__).parent.glob("*.py") if p.name not in NOT_SHOWN]
    messages = set().union(*(raised(ast.parse(p.read_text("utf-8"))) for p in modules)) - OF_WRITERS
    assert len(messages) > 40
    with client.application.test_request_context("/nl/"):
        assert [m for m in sorted(messages) if translate(m) is None] == []


def test_a_message_is_put_into_dutch_with_what_was_found(client: FlaskClient):
    text = paste(client, PLEIN.replace("vrd:declaredForm", "vrd:declaredFrom"), "nl").get_data(as_text=True)

    assert "is geen bekende term" in text
    assert "De dichtstbijzijnde is &#39;vrd:declaredForm&#39;" in text
    assert "je tekst, r. " in text


def test_a_parser_is_quoted_as_english_and_briefly(client: FlaskClient):
    text = paste(client, "a" * 10_000, "nl").get_data(as_text=True)
    quoted = re.search(r'<code lang="en">([^<]*)</code>', text)

    assert quoted
    assert len(quoted[1]) < 400


def test_no_phrase_is_known_twice():
    assert len(PHRASES) == len(set(PHRASES))
    assert issubclass(VereendError, Exception)
