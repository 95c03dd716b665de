"""In a browser every page is whole: nothing blocked, nothing from elsewhere, no error, no barrier; by keyboard too."""

from pathlib import Path
from typing import Any

import pytest

from vereend.answering import answer
from vereend.knowledge import load
from vereend.reading import read
from vereend.validation import validate
from webui.addresses import LANGUAGES
from webui.browsing import PAGES, WIDTHS, Seen, look

pytestmark = pytest.mark.browser

PLEIN = load().case("veilig-plein").description.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(chromium: Any, address: str, path: str):
    """Looks at each language in each width and in light and dark; axe goes over each language, width and light once."""
    seen = look(chromium, address)
    problems: list[str] = []
    wide: list[tuple[str, int]] = []
    for lang, (width, other) in zip(LANGUAGES, (WIDTHS, WIDTHS[::-1]), strict=True):
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.open(f"/{lang}{path}")
        # A page that was not found, or a query with a mistake, is told by its status too, and the console notes that.
        problems += [f"{lang}: {p}" for p in seen.found() if "the server responded with a status of 40" not in p]
        wide += [(lang, width)] if seen.too_wide() else []
        seen.page.set_viewport_size({"width": other, "height": 900})
        wide += [(lang, other)] if seen.too_wide() else []
        seen.problems.clear()
    seen.page.emulate_media(color_scheme="dark")
    dark = seen.axe("color-contrast")
    background = seen.page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    seen.page.context.close()

    assert problems == []
    assert wide == []
    assert dark == []
    assert background == "rgb(23, 22, 19)"


# --- check ------------------------------------------------------------------------------------------------------------


def write(seen: Seen, text: str) -> None:
    seen.page.locator(".cm-content").click()
    seen.page.keyboard.press("Control+a")
    seen.page.keyboard.insert_text(text)


def test_a_description_is_checked_from_the_editor_without_a_new_page(seen: Seen):
    seen.open("/en/validate")
    seen.page.evaluate("() => { window.same = true; }")
    write(seen, PLEIN)
    seen.page.keyboard.press("Control+Enter")
    seen.page.get_by_role("heading", name="Safe Square conforms").wait_for()

    assert seen.page.evaluate("() => window.same")
    assert seen.page.locator(".vd").count() > 15
    assert seen.page.locator(".cm-marks .v-satisfied").count() > 0
    assert seen.found() == []


def test_a_mistake_is_marked_at_its_line(seen: Seen):
    seen.open("/nl/validate")
    write(seen, PLEIN.replace("vrd:declaredForm", "vrd:declaredFrom"))
    seen.page.keyboard.press("Control+Enter")
    seen.page.get_by_role("alert").wait_for()
    line = next(n for n, row in enumerate(PLEIN.splitlines(), 1) if "declaredForm" in row)

    assert f"r. {line}" in seen.page.get_by_role("alert").inner_text()
    seen.page.locator(f'a[data-line="{line}"]').click()
    assert "declaredFrom" in seen.page.locator(".cm-activeLine").inner_text()
    assert "declaredFrom" in seen.page.locator(".cm-lintRange-error").first.inner_text()
    assert seen.axe() == []


def test_a_violated_rule_is_marked_where_the_power_stands_and_opens_from_there(seen: Seen):
    seen.open("/en/validate?example=veilig-plein-advies")
    seen.page.locator("#R13").get_by_role("link", name="line 46").click()

    assert "kg:pos-ban a vrd:LegalPosition" in seen.page.locator(".cm-activeLine").inner_text()
    seen.page.locator(".cm-marks .v-violated").first.click()
    assert seen.page.evaluate("() => document.activeElement.closest('.vd')?.dataset.verdict") == "violated"


def test_the_chips_choose_which_verdicts_are_shown(seen: Seen):
    seen.open("/en/validate?example=veilig-plein-advies")
    every = seen.page.locator(".vd:visible").count()
    seen.page.get_by_role("button", name="what asks something").click()

    assert 0 < seen.page.locator(".vd:visible").count() < every
    shown = {card.get_attribute("data-verdict") for card in seen.page.locator(".vd:visible").all()}
    assert not shown & {"satisfied", "na"}
    assert seen.page.locator(".vd:visible").first.get_attribute("data-verdict") == "violated"
    assert seen.axe() == []


def test_the_editor_offers_terms_by_label(seen: Seen):
    seen.open("/nl/validate")
    write(seen, "")
    seen.page.keyboard.type("klachtr", delay=30)
    option = seen.page.locator(".cm-tooltip-autocomplete li").filter(has_text="vrd:ComplaintRoute")
    option.wait_for()

    assert "klachtroute" in option.inner_text()
    assert seen.found() == []


@pytest.mark.parametrize("path", ["/en/validate?example=veilig-plein", "/en/questions"])
def test_tab_enters_the_editor_and_leaves_it(seen: Seen, path: str):
    seen.open(path)
    visited = []
    for _ in range(120):
        seen.page.keyboard.press("Tab")
        visited.append(
            seen.page.evaluate(
                "() => document.activeElement.matches('.cm-content') ? 'editor' : document.activeElement.tagName"
            )
        )
        if visited[-1] == "BODY":
            break

    assert visited.count("editor") == 1
    assert visited.index("editor") < len(visited) - 2


# --- questions --------------------------------------------------------------------------------------------------------


def test_a_query_is_run_from_the_editor_and_the_address_carries_it(seen: Seen):
    seen.open("/en/questions")
    write(seen, "SELECT ?rule ?label WHERE { ?rule a vrd:Rule ; rdfs:label ?label } ORDER BY ?rule LIMIT 4")
    seen.page.keyboard.press("Control+Enter")
    seen.page.get_by_role("heading", name="4 answers").wait_for()

    assert "query=SELECT" in seen.page.url
    assert "query=SELECT" in (seen.page.locator("#languages a[lang=nl]").get_attribute("href") or "")
    seen.page.get_by_role("link", name="Sort by label").click()
    seen.page.locator('th[aria-sort="ascending"]').wait_for()
    labels = seen.page.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert labels == sorted(labels, key=str.casefold)
    assert seen.page.locator('th[aria-sort="ascending"]').inner_text().startswith("label")
    assert seen.found() == []


def test_a_mistake_in_a_query_is_shown_at_its_place(seen: Seen):
    seen.open("/en/questions")
    write(seen, "SELECT ?s WHERE {\n  ?s vrd:holder\n}")
    seen.page.keyboard.press("Control+Enter")
    seen.page.get_by_role("alert").wait_for()

    assert "line 3" in seen.page.get_by_role("alert").inner_text()
    assert seen.page.locator(".cm-activeLine").inner_text() == "}"
    assert seen.axe() == []


def test_a_query_too_long_for_an_address_is_posted(seen: Seen):
    seen.open("/en/questions")
    write(seen, f"# {'x' * 9000}\nASK {{}}")
    seen.page.keyboard.press("Control+Enter")
    seen.page.get_by_role("heading", name="Yes").wait_for()

    assert seen.found() == []


def test_a_question_is_found_by_a_word(seen: Seen):
    seen.open("/nl/questions")
    every = seen.page.locator("#gallery li").count()
    seen.page.get_by_role("searchbox", name="Zoek een vraag").fill("toezichthouder")

    assert 0 < seen.page.locator("#gallery li:visible").count() < every


# --- network ----------------------------------------------------------------------------------------------------------


def test_the_network_is_walked_by_keyboard(seen: Seen):
    seen.open("/en/network?case=veilig-plein")
    seen.page.locator("#node").select_option(label="committee of three (public)")
    side = seen.page.locator("#side")
    assert side.get_by_role("heading", level=2).inner_text() == "committee of three"
    assert "node=" in seen.page.url

    side.get_by_role("link", name="municipality").focus()
    seen.page.keyboard.press("Enter")
    assert side.get_by_role("heading", level=2).inner_text() == "municipality"
    assert seen.page.evaluate("() => document.activeElement.textContent") == "municipality"
    chosen = seen.page.locator("#lines tr.chosen").all_inner_texts()
    assert chosen
    assert all("municipality" in row for row in chosen)
    assert seen.found() == []


def test_the_legend_hides_in_the_drawing_and_in_the_table_alike(seen: Seen):
    seen.open("/en/network?case=veilig-plein")
    every = seen.page.locator("#lines tbody tr:visible").count()
    seen.page.locator("[data-sign=law]").uncheck()

    shown = seen.page.locator("#lines tbody tr:visible").all_inner_texts()
    assert len(shown) < every
    assert not [row for row in shown if "rests on" in row]
    assert "hidden" in seen.page.locator("[data-status]").inner_text()
    seen.page.locator("[data-sign=law]").check()
    assert "nothing hidden" in seen.page.locator("[data-status]").inner_text()


def test_the_drawing_shows_something(seen: Seen):
    seen.open("/en/network?case=veilig-plein")
    colours = seen.page.evaluate(
        """() => { const found = new Set();
          for (const canvas of document.querySelectorAll('#canvas canvas')) {
            const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            for (let i = 0; i < bytes.length; i += 4) if (bytes[i + 3] === 255) found.add(bytes.slice(i, i + 3).join());
          }
          return [...found]; }"""
    )

    assert {"29,87,135", "163,58,18", "12,103,83", "100,71,154"} <= set(colours)  # actor, power, safeguard, mandate


# --- without a script -------------------------------------------------------------------------------------------------


def test_without_a_script_a_description_is_checked_and_a_file_opened(plain: Seen, tmp_path: Path):
    page = plain.page
    page.goto(plain.address + "/en/validate")
    page.locator("textarea").fill(PLEIN)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="Safe Square conforms").wait_for()
    page.locator(".many:has(#R13) > summary").click()
    page.locator("#R13 summary").click()
    assert page.locator("#R13 .evid li").count() >= 3

    file = tmp_path / "mine.ttl"
    file.write_text(PLEIN.replace("vrd:declaredForm", "vrd:declaredFrom"), "utf-8")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check again").click()
    assert "mine.ttl, line" in page.get_by_role("alert").inner_text()


def test_without_a_script_a_query_is_asked_and_the_network_read(plain: Seen):
    page = plain.page
    page.goto(plain.address + "/en/questions")
    page.locator("textarea").fill("ASK {}")
    page.get_by_role("button", name="Run the question").click()
    page.get_by_role("heading", name="Yes").wait_for()

    page.goto(plain.address + "/en/network?case=veilig-plein")
    page.locator("#node").select_option(label="committee of three (public)")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#side .nb li").count() == 4
    assert page.locator("#lines tbody tr").count() > 15
    assert page.locator("[data-zoom]:visible").count() == 0


def test_without_a_script_a_list_is_narrowed(plain: Seen):
    page = plain.page
    page.goto(plain.address + "/nl/claims")
    page.locator("main input[name=q]").fill("locatieverboden")
    page.get_by_role("button", name="Toon").click()

    assert 0 < page.locator("#rows tbody tr").count() < 50


def test_a_file_that_is_too_large_gets_a_page_in_the_browser(plain: Seen, tmp_path: Path):
    file = tmp_path / "groot.ttl"
    file.write_bytes(b"#" * 50_000_000)
    plain.page.goto(plain.address + "/nl/validate")
    plain.page.locator("input[type=file]").set_input_files(file)
    plain.page.get_by_role("button", name="Toetsen", exact=True).click()

    assert "is groter dan 5 MB" in plain.page.get_by_role("alert").inner_text()


def test_print_opens_closed_verdicts_and_drops_the_controls(seen: Seen):
    seen.open("/nl/validate?example=veilig-plein-advies")
    seen.page.emulate_media(media="print")

    assert not seen.page.locator(".nav").is_visible()
    assert not seen.page.locator(".btn:visible").count()
    assert seen.page.locator("#R01 .evid").first.is_visible()


def test_a_report_saved_as_a_page_is_whole(chromium: Any, tmp_path: Path):
    answered = tmp_path / "plein.ttl"
    answered.write_text(load().case("veilig-plein-advies").description.text, "utf-8")
    answer(answered, "R20", value="kg:pos-ban", yes=False, reason="te lang", initials="AB", lang="nl")
    answered.write_text(answered.read_text("utf-8").replace("vc:location-ban", "vc:detain-briefly"), "utf-8")
    told = [read(answered), load().case("shoplifting").description]
    report = validate(told, rules=["R01", "R13", "R20", "R26"])
    for lang in LANGUAGES:
        file = tmp_path / f"report.{lang}.html"
        file.write_text(report.to_html(lang), "utf-8")
        assert "te lang" in file.read_text("utf-8")
        seen = look(chromium, file.as_uri())
        seen.open("")
        assert seen.found() == []
        for width in WIDTHS:
            seen.page.set_viewport_size({"width": width, "height": 900})
            assert not seen.too_wide()
        seen.page.emulate_media(color_scheme="dark")
        assert seen.axe("color-contrast") == []
        seen.page.emulate_media(media="print", color_scheme="light")
        assert seen.axe() == []
        seen.page.context.close()
