"""In a browser a description is filled in with verdicts beside it, kept on request, and the same as by interview."""

import pytest

from vereend.reading import parse
from webui.browsing import Seen, look

pytestmark = pytest.mark.browser

STATE = "() => document.querySelector('#describe [name=text]').value"


def press(seen: Seen, value: str) -> None:
    """Press a button by what it asks, and wait for the page that comes."""
    with seen.page.expect_navigation():
        seen.page.locator(f'button[value="{value}"]:visible').last.click(timeout=5000)


def told(seen: Seen) -> frozenset:
    return parse(seen.page.evaluate(STATE), "text", "turtle").statements


def control(seen: Seen, name: str):
    return seen.page.locator(f'[name="{name}"]')


def test_form_and_interview_lead_to_the_same_and_the_draft_is_kept_only_on_request(seen: Seen, chromium, address: str):
    seen.open("/en/describe")
    seen.page.get_by_label("Name of the partnership").fill("Test square")
    with seen.page.expect_navigation():
        seen.page.keyboard.press("Enter")
    assert seen.found() == []
    press(seen, "tab|who")
    for name, kind in (("Police", "vrd:PoliceParticipation"), ("Guards", "vrd:PartnerParticipation")):
        control(seen, "add|vrd:hasParticipation|label").fill(name)
        control(seen, "add|vrd:hasParticipation|kind").select_option(kind)
        press(seen, "add|vrd:hasParticipation")
        press(seen, "open|<https://example.org/test-square/pps>")
    press(seen, "tab|what")
    with seen.page.expect_response("**/en/describe"):  # no button is pressed: the verdicts follow by themselves
        control(seen, "s0|vrd:durability|0").select_option("vc:dur-one-off")
    seen.page.get_by_text("Checked.").wait_for(state="attached")
    live = seen.page.locator("#verdicts .tally").inner_text()
    press(seen, "save")
    assert seen.page.locator("#verdicts .tally").inner_text() == live
    by_form = told(seen)

    storage = "() => window.localStorage.length"
    assert seen.page.evaluate(storage) == 0
    seen.page.get_by_role("button", name="Keep the draft").click()
    seen.page.get_by_text("A draft stands in this browser").wait_for()
    seen.open("/en/describe")
    with seen.page.expect_navigation():
        seen.page.get_by_role("button", name="Open the draft").click()
    assert told(seen) == by_form
    seen.page.get_by_role("button", name="Forget the draft").click()
    assert seen.page.evaluate(storage) == 0
    assert seen.found() == []

    plain = look(chromium, address, java_script_enabled=False, viewport={"width": 390, "height": 800})
    plain.open("/en/interview")
    control(plain, "s0|rdfs:label@en|0").fill("Test square")
    control(plain, "s0|vrd:durability|0").select_option("vc:dur-one-off")
    press(plain, "next")
    press(plain, "skip")
    for sheet, name, kind in (
        ("s1", "Police", "vrd:PoliceParticipation"),
        ("s2", "Guards", "vrd:PartnerParticipation"),
    ):
        control(plain, f"{sheet}|rdf:type|0").select_option(kind)
        control(plain, f"{sheet}|vrd:participant|0").fill(name)
        actor = "vrd:PoliceOrganisation" if sheet == "s1" else "vrd:Actor"
        control(plain, f"{sheet}|vrd:participant|0|kind").select_option(actor)
    press(plain, "next")
    text = plain.page.locator("#describe [name=text]").input_value()
    assert parse(text, "text", "turtle").statements == by_form
    plain.page.context.close()
