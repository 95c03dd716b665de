"""A description is made without Turtle, by form or by interview; nothing told is lost, and each way leads alike."""

import re

import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.compare import isomorphic

from manifests import EXAMPLE, ROOT
from vereend.conversion import convert
from vereend.interview import questions
from vereend.reading import Description, parse, read
from vereend.templates import templates
from vereend.terms import Statement, term
from vereend.validation import validate
from vereend_webui.blueprints import describe
from webui.filled import Filled

PLEIN = read(EXAMPLE)
BASE = "https://w3id.org/vereend/kg/veilig-plein/"
DESCRIPTIONS = [
    *(read(path) for folder in ("cases", "examples") for path in sorted((ROOT / "kg" / folder).glob("*.ttl"))),
    *(one.description for one in templates().values()),
]
YAML = """
"@context": ["https://w3id.org/vereend/context/nl.jsonld", {"@base": "https://example.org/proefplein/"}]
id: pps
is: Publiek-private samenwerking
naam: Proefplein
recht-van: Nederland
fase: bestendiging
deelnemers:
  - id: p-politie
    is: Politiedeelname
    wie: {id: politie, is: Politieorganisatie, naam: Politie}
  - id: p-beveiliging-bv
    is: Partnerdeelname
    rol: uitvoerder
    wie: {id: beveiliging-bv, is: Onderneming, naam: Beveiliging BV}
bevoegdheden:
  id: betrapte-dief-vasthouden
  is: Positie
  naam: Betrapte dief vasthouden
  soort: kort vasthouden
  van: p-beveiliging-bv
  jegens: verdachte
  grondslag: law:sv-53-1
volledig: [deelnemers]
"""


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the verdicts out where a test is about statements."""
    monkeypatch.setattr(describe, "_summary", lambda draft: describe.Summary({}, [], [], 0))


def graph(description: Description) -> Graph:
    return Graph().parse(data=convert(description, "ntriples"), format="nt")


def text_of(page: Filled) -> Description:
    return parse(page["text"], "text", "turtle")


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda d: d.name.rpartition("/")[2])
def test_from_turtle_to_the_form_and_back_nothing_changes(client: FlaskClient, unjudged, description: Description):
    turtle = convert(description, "turtle")
    page = Filled(client, "/nl/describe", do="read", text=turtle)
    walked = [b for b in page.buttons if b.startswith(("tab|", "open|"))] if description == PLEIN else ["save"]
    for button in walked[::3]:
        page.press(button)
    page.press("text")
    assert isomorphic(graph(text_of(page)), graph(description))


def test_comments_and_what_has_no_field_stay(client: FlaskClient, unjudged):
    odd = f'<{BASE}pos-ban> <https://example.org/p> "1"^^<https://example.org/t> . # kept\n'
    page = Filled(client, "/en/describe", do="read", text=PLEIN.text + odd)
    assert "1 statement has no field here" in page.page
    page.put("s0|rdfs:label@en|0", "Quiet Square")
    page.press("text")
    assert odd in page["text"]
    assert "# 2. Wie doet mee, in welke rol" in page["text"]
    change = text_of(page).statements ^ PLEIN.statements
    assert {s.object for s in change if s.predicate == term("rdfs:label")} == {'"Safe Square"@en', '"Quiet Square"@en'}


def test_rows_come_and_go_by_buttons_alone_and_a_step_can_be_taken_back(client: FlaskClient, unjudged):
    page = Filled(client, "/nl/describe", do="read", text=PLEIN.text)
    page.press(f"open|<{BASE}pos-ban>").press("more|s0|vrd:legalBasis")
    page.put("s0|vrd:legalBasis|2", "art. 53 lid 1 Sv").press("save")
    added = Statement(f"<{BASE}pos-ban>", term("vrd:legalBasis"), term("law:sv-53-1"))
    assert text_of(page).statements == PLEIN.statements | {added}
    page.press("clear|s0|vrd:legalBasis|0")
    assert len({s for s in text_of(page).statements if s[:2] == added[:2]}) == 1
    page.press("undo").press("undo")
    assert text_of(page).statements == PLEIN.statements
    assert page["open"] == added.subject


def test_what_cannot_be_taken_is_told_at_its_field_and_stays_to_be_mended(client: FlaskClient, unjudged):
    page = Filled(client, "/en/describe", do="read", text=PLEIN.text)
    page.put("s0|vrd:from|0", "24-11-2026").press("tab|who")  # the page stays where the trouble is
    assert page["tab"] == "what"
    assert page["s0|vrd:from|0"] == "24-11-2026"
    (anchor,) = re.findall(r'role="alert" id="troubles">.*?<a href="#([^"]+)">[^<]*is not a date', page.page, re.DOTALL)
    assert anchor in page.ids
    page.put("s0|vrd:from|0", "2026-11-24").press("tab|who")
    assert page["tab"] == "who"
    assert "troubles" not in page.ids


@pytest.mark.parametrize(
    "data",
    [
        {"do": "add|vrd:nothing", "add|vrd:nothing|kind": "vrd:Risk"},
        {"do": "add|vrd:hasRisk", "add|vrd:hasRisk|kind": "vrd:Rsk"},
        {
            "sheet": "s0",
            "s0|shown": "rdfs:label@nl",
            "s0|rdfs:label@nl|0": "x",
            "s0|by": "vrd:hasRisk",
            "s0|kind": "x:y",
        },
        {"do": "template", "template": "nothing"},
        {"do": "example", "example": "nothing"},
        {"do": "read", "text": "kg:pps a vrd:Partnership ."},
        {"text": ""},
    ],
)
def test_what_no_page_of_ours_sends_is_refused_with_words(client: FlaskClient, unjudged, data: dict[str, str]):
    answer = client.post("/en/describe", data={"text": PLEIN.text, "history": '[["x"]]'} | data)
    assert answer.status_code in (400, 404)
    assert 'role="alert"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(("form", "start"), [("turtle", "@prefix"), ("yaml", "'@context'"), ("jsonld", "[")])
def test_a_description_can_be_taken_along(client: FlaskClient, unjudged, form: str, start: str):
    page = Filled(client, "/en/describe", do="template", template="camera-cooperation")
    page.press(f"export|{form}")
    assert page.answer.headers["Content-Disposition"].startswith("attachment")
    assert page.page.lstrip().startswith(start)
    assert parse(page.page, "taken", form).statements == templates()["camera-cooperation"].description.statements


def test_text_that_was_spoilt_is_told_and_can_be_mended_there(client: FlaskClient):
    page = Filled(
        client, "/en/describe", do="read", text=PLEIN.text.replace("vrd:phase ", "vrd:fase "), **{"from": "text"}
    )
    assert page.status == 400
    assert "vrd:fase" in page["text"]
    assert "The nearest is" in page.page


def by_form(client: FlaskClient) -> Filled:
    page = Filled(client, "/nl/describe", do="begin", name="Proefplein")
    page.put("s0|vrd:jurisdiction|0", "vc:jur-nl")
    page.put("s0|vrd:phase|0", "vc:phase-consolidation")
    page.press("tab|who")
    for name, kind in (("Politie", "vrd:PoliceParticipation"), ("Beveiliging BV", "vrd:PartnerParticipation")):
        page.put("add|vrd:hasParticipation|label", name)
        page.put("add|vrd:hasParticipation|kind", kind)
        page.press("add|vrd:hasParticipation")
        assert page["s0|vrd:participant|0"] == name
        if kind == "vrd:PartnerParticipation":
            page.put("s0|vrd:participant|0|kind", "vrd:PrivateCompany")
            page.put("s0|vrd:role|*", "vc:role-executor")
        page.press("open|<https://example.org/proefplein/pps>")
    page.put("s0|vrd:completeFor|*", "vrd:hasParticipation")
    page.press("tab|powers").put("add|vrd:hasPosition|label", "Betrapte dief vasthouden")
    page.press("add|vrd:hasPosition")
    told(page, "s0", True)
    return page.press("save")


def told(page: Filled, sheet: str, named: bool) -> None:
    if not named:
        page.put(f"{sheet}|rdfs:label@nl|0", "Betrapte dief vasthouden")
    page.put(f"{sheet}|vrd:powerType|0", "vc:detain-briefly")
    page.put(f"{sheet}|vrd:holder|0", "Beveiliging BV")
    page.put(f"{sheet}|vrd:towards|*", "vc:suspect")
    page.put(f"{sheet}|vrd:legalBasis|0", "art. 53 lid 1 Sv")


def by_interview(client: FlaskClient) -> Filled:
    page = Filled(client, "/nl/interview")
    page.put("s0|rdfs:label@nl|0", "Proefplein")
    page.put("s0|vrd:jurisdiction|0", "vc:jur-nl")
    page.put("s0|vrd:phase|0", "vc:phase-consolidation")
    page.press("next").press("skip")
    page.put("s1|rdf:type|0", "vrd:PoliceParticipation")
    page.put("s1|vrd:participant|0", "Politie")
    page.put("s1|vrd:participant|0|kind", "vrd:PoliceOrganisation")
    page.put("s2|rdf:type|0", "vrd:PartnerParticipation")
    page.put("s2|vrd:participant|0", "Beveiliging BV")
    page.put("s2|vrd:participant|0|kind", "vrd:PrivateCompany")
    page.put("s2|vrd:role|*", "vc:role-executor")
    page.press("next").press("back")
    assert "Beveiliging BV" in page.page
    page.press("next").press("skip")
    told(page, "s1", False)
    page.press("next")
    for _ in range(5):
        page.press("skip")
    return page.put("s0|vrd:completeFor|*", "vrd:hasParticipation")


def verdicts(description: Description) -> str:
    """Judge the statements alone: lines differ with the text they stand in."""
    return validate([parse(convert(description, "ntriples"), "text", "ntriples")]).to_json()


def test_form_interview_and_yaml_give_the_same_graph_and_verdicts(client: FlaskClient):
    written = parse(YAML, "text", "yaml")
    expected = verdicts(written)
    with pytest.MonkeyPatch.context() as patch:  # the verdicts are looked at once, at the end
        patch.setattr(describe, "_summary", lambda draft: describe.Summary({}, [], [], 0))
        filled, answered = by_form(client), by_interview(client)
    page = answered.press("next")
    for found in map(text_of, (filled, answered)):
        assert found.statements == written.statements
        assert verdicts(found) == expected
    counts = validate([written]).files[0].partnerships[0].counts
    assert page["number"] == str(len(questions()) + 1)
    assert f"<b>{counts['not told']}</b> niet verteld" in page.page


def test_an_interview_of_which_all_is_skipped_tells_nothing_and_says_what_is_missing(client: FlaskClient):
    page = Filled(client, "/en/interview")
    for number in range(len(questions())):
        assert page["number"] == str(number + 1)
        page.press("skip")
    assert len(text_of(page).statements) == 1
    assert "This is not enough to be judged yet" in page.page


def test_every_question_asks_for_fields_that_exist_and_rests_on_claims_that_exist(client: FlaskClient, unjudged):
    turtle = convert(PLEIN, "turtle")
    for number, question in enumerate(questions(), 1):
        page = Filled(client, "/en/interview", do="save", text=turtle, number=str(number))
        assert question.question["en"] in page.page
        shown = {name for control, value in page.controls if control.endswith("|shown") for name in value.split()}
        names = {*question.ask, *(name for part in (*question.rows, *question.each) for name in part.ask)}
        assert {name.replace("rdfs:label@en", "rdfs:label") for name in shown} >= names - {
            "rdfs:label@nl",
            "rdfs:label@en",
        }
        page.press("save")
        assert text_of(page).statements == PLEIN.statements


def test_the_language_changes_without_losing_what_was_written(client: FlaskClient, unjudged):
    page = Filled(client, "/nl/describe", do="read", text=PLEIN.text)
    page.put("s0|rdfs:label@nl|0", "Stil Plein").press("save", "/en/describe")
    assert "Update" in page.page
    assert page["s0|rdfs:label@nl|0"] == "Stil Plein"


def test_the_text_goes_on_to_the_page_that_checks(client: FlaskClient, unjudged):
    page = Filled(client, "/en/describe", do="template", template="camera-cooperation")
    controls = dict(page.press("text").controls)
    answer = client.post("/en/validate", data=controls).get_data(as_text=True)
    assert "Camera cooperation (template) does not conform yet" in answer


def test_what_has_no_name_stays_itself_while_something_else_is_filled_in(client: FlaskClient, unjudged):
    text = YAML.replace("id: beveiliging-bv, ", "").replace("id: politie, ", "")
    described = parse(text, "text", "yaml")
    page = Filled(client, "/nl/describe", do="read", text=text)
    opened = next(b for b in page.buttons if b.startswith("open|<https://w3id.org/.well-known/genid/"))
    page.press(opened).put("s0|rdfs:label@en|0", "Renamed")
    page.press("save").press("text")
    found = text_of(page)
    (renamed,) = [s for s, p, o in found.statements if o == '"Renamed"@en']
    assert len(found.statements) == len(described.statements) + 1
    assert len([s for s in found.statements if s.subject == renamed]) == 3
    assert "genid" not in page["text"]
