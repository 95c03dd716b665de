"""In a browser a broken description is mended, by mouse and by keyboard alone, and shared in a link."""

import pytest

from webui.browsing import Seen, look

pytestmark = pytest.mark.browser

TEXT = "() => document.getElementById('text').value"


def reach(seen: Seen, selector: str, most: int = 150) -> None:
    """Press Tab until the focus is on something."""
    for _ in range(most):
        if seen.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        seen.page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {selector}")


def test_a_broken_description_is_mended_answered_and_shared(seen: Seen, chromium, address: str):
    seen.open("/en/validate?example=veilig-plein-advies")
    page, before = seen.page, seen.page.evaluate(TEXT)
    card = page.locator("#R13")
    card.get_by_role("button", name="Propose a repair").click()
    card.get_by_label("allows the intervention").select_option("vc:iv-suspend")
    card.get_by_role("button", name="Show with this filled in").click()
    card.locator(".diff .add").first.wait_for()
    page.get_by_text("What if?").click()
    page.get_by_label("complaints desk").check()
    page.locator("#supposed .flips").wait_for()
    assert seen.found() == []  # with a repair and a supposition on the page

    card.get_by_role("button", name="Take over into the text").click()
    page.get_by_role("heading", name="Safe Square, advice only conforms").wait_for()
    mended = page.evaluate(TEXT)
    assert "vrd:intervention vc:iv-suspend ." in mended
    assert "3 fixed" in page.locator("#since").inner_text()

    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name="does not conform yet").wait_for()
    assert page.evaluate(TEXT) == before
    page.locator(".cm-content").click()
    page.keyboard.press("Control+z")  # the editor remembers what was taken over and taken back
    assert page.evaluate(TEXT) == mended

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy a link").click()
    page.get_by_text("characters that holds the text itself").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")

    other = look(chromium, address)
    asked: list[str] = []
    other.page.on("request", lambda request: asked.append(request.url))
    other.page.goto(link)
    other.page.get_by_role("heading", name="Safe Square, advice only conforms").wait_for()
    assert other.page.evaluate(TEXT) == mended
    assert "#text=" in link
    assert not [url for url in asked if "text=" in url.partition("#")[0]]
    assert other.problems == []
    other.page.context.close()


def test_a_broken_description_is_mended_by_keyboard_alone(seen: Seen):
    seen.open("/nl/validate?example=veilig-plein-advies")
    page = seen.page
    reach(seen, "#R13 button[value^=repair]")
    page.keyboard.press("Enter")
    page.locator("#R13 .offer").wait_for()
    reach(seen, "#R13 .offer select", 3)  # the focus went along
    page.keyboard.press("o")  # opschorting and opgelegde genoegdoening begin with it
    page.keyboard.press("Tab")
    reach(seen, "#R13 button[value^=apply]", 6)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Veilig Plein, alleen advies voldoet", exact=True).wait_for()

    assert page.evaluate("() => document.activeElement.id") == "done"
    reach(seen, "button[value=undo]", 2)


def test_filters_and_themes_narrow_what_is_shown_and_repeats_stand_together(seen: Seen):
    seen.open("/nl/validate?example=shoplifting")
    page = seen.page
    many = page.locator(".vd.many", has_text="R54")
    assert "10 ×" in many.first.locator("summary").first.inner_text()
    page.get_by_role("button", name="niet verteld").click()
    page.get_by_label("in", exact=True).select_option("strategy")

    assert {c.get_attribute("data-verdict") for c in page.locator(".vd:visible").all()} == {"untold"}
    assert {c.get_attribute("data-theme") for c in page.locator(".vd:visible").all()} == {"strategy"}
