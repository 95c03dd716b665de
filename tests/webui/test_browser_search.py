"""The search field offers names while one types, and is worked by keyboard alone."""

from typing import Any

import pytest

from webui.browsing import Seen

pytestmark = pytest.mark.browser


def offers(seen: Seen, typed: str) -> Any:
    seen.page.locator("#find").focus()
    seen.page.keyboard.type(typed)
    seen.page.get_by_role("option").first.wait_for()
    return seen.page.get_by_role("option")


def test_names_are_offered_and_one_is_chosen_with_the_keys(seen: Seen):
    seen.open("/nl/rules/R13")
    field = seen.page.get_by_role("combobox")
    options = offers(seen, "tozicht")

    assert field.get_attribute("aria-expanded") == "true"
    assert seen.found() == []
    seen.page.keyboard.press("ArrowDown")
    chosen = options.first
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert chosen.get_attribute("aria-selected") == "true"
    seen.page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    seen.page.keyboard.press("Escape")
    assert not options.first.is_visible()
    seen.page.keyboard.press("ArrowDown")
    address = chosen.get_attribute("data-page")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(f"**{address}")


def test_enter_without_a_choice_searches_all_texts_and_tab_leaves_the_field(seen: Seen):
    seen.open("/en/rules/R13")
    options = offers(seen, "independent overs")
    seen.page.keyboard.press("Tab")
    assert not options.first.is_visible()
    assert seen.page.evaluate("() => document.activeElement.type") == "submit"
    seen.page.keyboard.press("Shift+Tab")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/en/search?q=independent+overs")

    seen.page.get_by_role("complementary").get_by_role("link", name="claim").click()
    seen.page.wait_for_url("**kind=claim")
    assert seen.page.locator(".found > li").count() >= 2
