"""The page of a thing tells where it stands, what it is next to, and where it is used."""

from html import unescape
from urllib.parse import unquote

from flask.testing import FlaskClient

from vereend.terms import Text
from vereend_webui.neighbourhood import neighbourhood
from vereend_webui.things import Thing


def text(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path).get_data(as_text=True))


def test_the_way_from_the_widest_term_down_is_shown(client: FlaskClient):
    for path, wider in (("/en/concepts/location-ban", "/en/concepts/coercion"), ("/en/terms/Mandate", "/en/terms/")):
        crumbs = text(client, path).partition('aria-label="Breadcrumb"')[2].partition("</nav>")[0]
        assert wider in crumbs or "/en/terms" in crumbs


def test_a_concept_tells_which_rules_descriptions_and_questions_use_it(client: FlaskClient):
    used = text(client, "/en/concepts/location-ban").partition("Where it is used")[2]

    for address in ("/en/rules/R24", "/en/partnerships/shoplifting", "/en/questions?name="):
        assert address in used


def test_a_query_about_the_thing_is_one_link_away(client: FlaskClient):
    page = text(client, "/en/concepts/location-ban")

    assert "vc:location-ban" in unquote(page)


def test_a_court_decision_is_not_called_a_text_of_law(client: FlaskClient):
    from vereend.knowledge import load
    from vereend.terms import NAMESPACES

    kb = load()
    decision = next(
        row.iri for row in kb.entities("law") if NAMESPACES["vrd"] + "CourtDecision" in kb.entity(row.iri).types
    )
    page = text(client, "/en/law/" + decision.removeprefix(NAMESPACES["law"]))

    assert "text of the law" not in page


def test_neighbours_are_drawn_in_turn_each_name_once_and_the_rest_is_counted():
    def things(*names: str) -> list[Thing]:
        return [Thing(Text(name, "en"), "", "/x") for name in names]

    many = [
        (Text("covers", "en"), things(*(f"power {n}" for n in range(9)))),
        (Text("names", "en"), things("C1", "C1")),
    ]
    drawn = neighbourhood(Text("ban", "en"), "power", many, [])

    assert drawn is not None
    assert [one.name for one in drawn.left[:2]] == ["power 0", "C1"]
    assert (len(drawn.left), len(drawn.right), drawn.more) == (6, 0, 4)
    assert neighbourhood(Text("ban", "en"), "power", [], []) is None
