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
