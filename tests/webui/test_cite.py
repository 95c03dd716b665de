"""A page says how to cite what it shows, and hands it over as a file."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from vereend.citing import MEDIA


@pytest.mark.parametrize("form", MEDIA)
def test_a_citation_is_handed_over_as_a_file(client: FlaskClient, form: str):
    answer = client.get(f"/cite/rule/R13.{form}?lang=nl")

    assert answer.mimetype == MEDIA[form].partition(";")[0]
    assert f'filename="vereend-rule-R13.{form}"' in answer.headers["Content-Disposition"]
    assert "https://w3id.org/vereend/rule/R13" in answer.get_data(as_text=True)
    assert client.get(f"/cite/rule/R99.{form}").status_code == 404


@pytest.mark.parametrize("path", ["rules/R13", "concepts/coercion", "claims/C200", "law/sv-53-1", "terms/Partnership"])
def test_the_page_of_a_thing_shows_and_links_its_citations(client: FlaskClient, path: str):
    page = client.get(f"/en/{path}").get_data(as_text=True)
    links = re.findall(r'href="(/cite/[^"]+)"', page)

    assert "accessed" in page
    assert len(links) == 3
    for link in links:
        assert client.get(unescape(link)).status_code == 200


def test_a_verdict_leads_to_its_citation_and_nothing_stands_in_the_address(client: FlaskClient):
    page = client.get("/en/validate?example=veilig-plein-advies").get_data(as_text=True)
    line = unescape(re.search(r'name="verdict" value="([^"]+rule=R13|rule=R13[^"]+)"', page)[1])  # type: ignore[index]
    answer = client.post("/en/cite", data={"verdict": line})

    assert answer.status_code == 200
    text = unescape(answer.get_data(as_text=True))
    assert "Safe Square, advice only: Coercive power requires oversight with mandate (R13): violated" in text
    assert "description with SHA-256" in text
    assert client.get("/en/cite").status_code == 405


@pytest.mark.parametrize("line", ["", "rule=R13", "rule=R13&verdict=violated&digest=x&on=2026-01-01&phase=scaling"])
def test_what_is_no_verdict_is_refused_with_help(client: FlaskClient, line: str):
    assert client.post("/nl/cite", data={"verdict": line}).status_code == 400
