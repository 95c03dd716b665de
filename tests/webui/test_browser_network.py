"""The network can be walked without a mouse, and what one sees of it stands in the address."""

from webui.browsing import Seen

# A field goes by its form and name, since the site's own search has a field q as well.
FOCUS = """() => { const at = document.activeElement;
  return at.form ? `${at.form.id} ${at.name}` : at.innerText || ''; }"""


def tab_to(seen: Seen, words: str) -> None:
    """Press Tab until what has the focus holds these words."""
    for _ in range(80):
        if words in seen.page.evaluate(FOCUS):
            return
        seen.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {words}")


def test_from_an_actor_to_its_overseer_by_keyboard_only(seen: Seen):
    seen.open("/en/network?case=veilig-plein")
    tab_to(seen, "ask q")
    seen.page.keyboard.type("Security Ltd")
    seen.page.keyboard.press("Enter")
    heading = seen.page.locator("#side h2")
    assert heading.inner_text() == "Security Ltd"
    for step in ("Safe Square", "Square oversight committee", "committee of three"):
        seen.page.keyboard.press("Tab")
        tab_to(seen, step)
        seen.page.keyboard.press("Enter")
        assert heading.inner_text() == step
        assert seen.page.evaluate(FOCUS) == step
    assert "node=https" in seen.page.url
    assert seen.problems == []


def test_what_is_seen_is_found_again_by_its_address(seen: Seen):
    seen.open("/en/network?case=veilig-plein")
    page = seen.page
    page.locator("#node").select_option(label="committee of three (public)")
    page.locator("#hops").select_option("1")
    page.get_by_role("button", name="Chain of accountability").click()
    page.locator("[data-sign=safeguard]").uncheck()
    rows = page.locator("#lines tbody tr:visible").count()
    told = page.locator("[data-status]").inner_text()
    assert rows == 3
    assert "hidden" in told

    page.reload(wait_until="load")
    page.wait_for_timeout(400)
    assert page.locator("[data-status]").inner_text() == told
    assert page.locator("#lines tbody tr:visible").count() == rows
    assert page.locator("[data-layout=layered]").get_attribute("aria-pressed") == "true"
    assert not page.locator("[data-sign=safeguard]").is_checked()
    page.get_by_role("button", name="Show what is hidden").click()
    assert "nothing hidden" in page.locator("[data-status]").inner_text()
    with page.expect_download() as saved:
        page.locator("[data-save=svg]").click()
    assert saved.value.suggested_filename.endswith(".svg")
    assert seen.found() == []
