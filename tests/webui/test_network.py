"""The page of the network answers by its address alone: choosing, looking around and finding a way need no script."""

import re

import pytest
from flask.testing import FlaskClient

KG = "https://w3id.org/vereend/kg/veilig-plein/"
PLEIN = "/en/network?case=veilig-plein"


def test_a_way_is_told_step_by_step(client: FlaskClient):
    text = client.get(f"{PLEIN}&from={KG}security&to={KG}council").get_data(as_text=True)
    steps = re.findall(r"<li data-source.*?</li>", text)
    assert "From Security Ltd to municipal council in 4 steps:" in text
    assert len(steps) == 4
    assert "is appointed by" in steps[-1]


def test_two_things_without_a_way_are_said_to_have_none(client: FlaskClient):
    base = "https://w3id.org/vereend/kg/"
    ends = f"from={base}shoplifting/police&to={base}missing-persons/police"
    assert "No way is told between police and police." in client.get(f"/en/network?case=all&{ends}").get_data(True)


def test_around_a_thing_fewer_lines_are_shown_the_nearer_one_looks(client: FlaskClient):
    counts = [
        len(client.get(f"/api/network?case=veilig-plein&node={KG}committee&hops={hops}").get_json()["lines"])
        for hops in (1, 2, 0)
    ]
    assert counts == sorted(set(counts))
    assert f"{counts[0]} lines" in client.get(f"{PLEIN}&node={KG}committee&hops=1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("choice", "held", "gone"),
    [
        ("sign=power&sign=private", "imposing a shop ban", "Safe Square covenant"),
        ("role=role-executor", "Security Ltd", "Square shopkeepers"),
        ("safeguard=ComplaintRoute", "complaints desk", "damage committee"),
    ],
)
def test_what_is_chosen_is_all_that_is_listed(client: FlaskClient, choice: str, held: str, gone: str):
    text = client.get(f"{PLEIN}&{choice}").get_data(as_text=True)
    table = text[text.index('id="nodes"') :].partition("</table>")[0]
    assert held in table
    assert gone not in table


def test_words_lead_to_the_one_thing_they_fit_or_to_a_list(client: FlaskClient):
    assert '<h2 class="side-h">committee of three</h2>' in client.get(f"{PLEIN}&q=of+three").get_data(as_text=True)
    several = client.get(f"{PLEIN}&q=square").get_data(as_text=True)
    assert re.search(r"\d things hold “square”", several)
    assert "0 things hold “nobody”" in client.get(f"{PLEIN}&q=nobody").get_data(as_text=True)


@pytest.mark.parametrize("wrong", ["hops=9", "hops=x", "from=a&to=b", "node=nothing"])
def test_what_cannot_be_asked_is_told(client: FlaskClient, wrong: str):
    answer = client.get(f"{PLEIN}&{wrong}")
    assert answer.status_code in (400, 404)
