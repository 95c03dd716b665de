"""Asking in a browser: the editor offers what fits, and an answer is found, changed and passed on."""

import pytest

from webui.browsing import Seen

pytestmark = pytest.mark.browser


def write(seen: Seen, text: str) -> None:
    seen.page.locator(".cm-content").click()
    seen.page.keyboard.press("Control+a")
    seen.page.keyboard.insert_text(text)


def test_the_editor_offers_what_the_class_of_the_subject_allows_by_label(seen: Seen):
    seen.open("/en/questions")
    write(seen, "SELECT * WHERE { ?x a vrd:LegalPosition ; ")
    seen.page.keyboard.type("bestaat")  # of a label in the other language
    offered = seen.page.locator(".cm-tooltip-autocomplete li")
    offered.first.wait_for()

    assert offered.first.inner_text().startswith("vrd:powerType")
    seen.page.wait_for_timeout(150)  # keys pressed as the list opens are not taken for a choice
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.type(" vc:coerc")
    offered.get_by_text("vc:coercion", exact=True).first.wait_for()
    assert all("vrd:" not in text for text in offered.all_inner_texts())
    assert seen.page.locator("#query").input_value().endswith("vrd:powerType vc:coerc")

    seen.page.keyboard.press("Escape")
    seen.page.get_by_role("button", name="Write out prefixes").click()
    assert seen.page.locator("#query").input_value().startswith("PREFIX vc: <https://w3id.org/vereend/concept/>")
    assert seen.found() == []


def test_a_question_is_answered_changed_and_passed_on(seen: Seen):
    seen.open("/en/questions?name=which-partnerships-are-described")
    write(seen, "SELECT ?p WHERE { ?p a vrd:Partnership ; vrd:fictional true }")
    seen.page.keyboard.press("Control+Enter")
    seen.page.get_by_role("heading", name="Your own question").wait_for()
    count = seen.page.locator("#result h3").inner_text()
    link = seen.page.locator("[data-permalink]").get_attribute("href")
    seen.page.get_by_text("Questions asked before").click()
    assert "vrd:fictional" in seen.page.locator("[data-history]").inner_text()

    seen.page.get_by_role("link", name="Link that pins this answer").click()
    seen.page.get_by_text("The same as cited").wait_for()
    seen.page.get_by_text("Questions asked before").click()
    seen.page.get_by_role("button", name="Forget them all").click()
    assert seen.page.evaluate("() => localStorage.getItem('vereend-questions')") is None

    seen.page.goto(link)
    assert seen.page.locator("#result h3").inner_text() == count
    assert seen.found() == []
