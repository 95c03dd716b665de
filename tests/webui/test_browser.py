"""In a browser every page is whole: nothing blocked, nothing from elsewhere, no error, no barrier; by keyboard too.

Needs the system's Chromium, and axe-core from webui/frontend. Skipped where they are missing, unless
VEREEND_BROWSER=required.
"""

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from vereend.answering import answer
from vereend.knowledge import load
from vereend.reading import read
from vereend.validation import validate
from webui.addresses import COMMITTEE, LANGUAGES

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "webui/frontend/node_modules/axe-core/axe.min.js"
MANIFEST = ROOT / "webui/vereend_webui/static/dist/.vite/manifest.json"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 390)
PLEIN = load().case("veilig-plein").description.text

# One of each template, with results showing.
PAGES = (
    "/",
    "/search?q=toezicht",
    "/validate",
    "/validate?example=veilig-plein-advies",
    "/validate?example=shoplifting",
    "/partnerships",
    "/partnerships/veilig-plein-advies",
    "/partnerships/shoplifting",
    f"/network?case=veilig-plein&node={quote(COMMITTEE, safe='')}",
    "/network?case=all",
    "/questions?name=who-may-do-what",
    "/questions?name=who-may-do-what&view=raw",
    "/questions?query=SELECT+%3Fs+WHERE+%7B+%3Fs",
    "/rules",
    "/rules/R13",
    "/terms",
    "/actors",
    "/law",
    "/claims?modality=mod-open-question",
    "/claims/C212",
    "/concepts/coercion",
    "/law/sv-53-1",
    "/components",
    "/method",
    "/data",
    "/api",
    "/accessibility",
    "/nowhere",
)
BLOCKED = """addEventListener("securitypolicyviolation", (e) => {
  (window.blocked ??= []).push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`);
});"""


def need(there: bool, what: str) -> None:
    """Skip where something is missing, or fail where it was promised."""
    if not there:
        if os.environ.get("VEREEND_BROWSER") == "required":
            pytest.fail(f"{what} is missing, and VEREEND_BROWSER=required")
        pytest.skip(f"{what} is missing: the pages are not seen in a browser")


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Serve the viewer as `vereend serve` does."""
    import waitress

    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)

    def run() -> None:
        with contextlib.suppress(OSError):  # closed while it waits for a request
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    program = os.environ.get("VEREEND_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    need(program is not None, "chromium")
    need(AXE.exists(), "axe-core (npm ci in webui/frontend)")
    need(MANIFEST.exists(), "the build of webui/frontend")
    need(find_spec("playwright") is not None, "the package playwright")
    playwright = import_module("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@dataclass
class Seen:
    """A page in the browser, and what went wrong on it."""

    page: Any
    address: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path, wait_until="load")
        self.page.wait_for_timeout(400)

    def axe(self) -> list[str]:
        """Give what axe finds, one line an element."""
        session = self.page.context.new_cdp_session(self.page)
        run = f"axe.run(document, {{runOnly: {json.dumps(RULES)}}}).then((found) => JSON.stringify(found.violations))"
        answer = session.send(
            "Runtime.evaluate",
            {"expression": f"{AXE.read_text('utf-8')};{run}", "awaitPromise": True, "returnByValue": True},
        )
        session.detach()
        return [f"{v['id']}: {n['target']}" for v in json.loads(answer["result"]["value"]) for n in v["nodes"]]

    def found(self) -> list[str]:
        """Give everything that went wrong so far."""
        blocked = self.page.evaluate("() => window.blocked ?? []")
        return [*self.problems, *(f"blocked: {b}" for b in blocked), *(f"axe: {a}" for a in self.axe())]


def look(chromium: Any, address: str, **options: Any) -> Seen:
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    seen = Seen(page, address)
    page.add_init_script(BLOCKED)
    page.on("console", lambda m: seen.problems.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.problems.append(f"error: {error}"))
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else seen.problems.append(f"to: {r.url}"))
    return seen


@pytest.fixture
def seen(chromium: Any, address: str) -> Iterator[Seen]:
    found = look(chromium, address)
    yield found
    found.page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(chromium: Any, address: str, path: str, lang: str, width: int):
    seen = look(chromium, address, viewport={"width": width, "height": 900})
    seen.open(f"/{lang}{path}")
    # A page that was not found, or a query with a mistake, is told by its status too, and the console notes that.
    problems = [p for p in seen.found() if "the server responded with a status of 40" not in p]
    wide = seen.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    seen.page.context.close()

    assert problems == []
    assert wide <= 0


@pytest.mark.parametrize("path", PAGES[:12])
def test_a_page_can_be_read_in_the_dark(chromium: Any, address: str, path: str):
    seen = look(chromium, address, color_scheme="dark")
    seen.open(f"/nl{path}")
    found = seen.axe()
    background = seen.page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    seen.page.context.close()

    assert found == []
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
    seen.page.get_by_role("button", name="Sort by label").click()
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
    seen.page.get_by_role("searchbox").fill("toezichthouder")

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


@pytest.fixture
def plain(chromium: Any, address: str) -> Iterator[Seen]:
    found = look(chromium, address, java_script_enabled=False)
    yield found
    found.page.context.close()


def test_without_a_script_a_description_is_checked_and_a_file_opened(plain: Seen, tmp_path: Path):
    page = plain.page
    page.goto(plain.address + "/en/validate")
    page.locator("textarea").fill(PLEIN)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="Safe Square conforms").wait_for()
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
    page.locator("input[name=q]").fill("locatieverboden")
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


@pytest.mark.parametrize(
    ("lang", "options"),
    [("nl", {}), ("en", {"color_scheme": "dark"}), ("nl", {"viewport": {"width": 390, "height": 800}})],
    ids=["plain", "dark", "narrow"],
)
def test_a_report_saved_as_a_page_is_whole(chromium: Any, tmp_path: Path, lang: str, options: dict[str, Any]):
    answered = tmp_path / "plein.ttl"
    answered.write_text(load().case("veilig-plein-advies").description.text, "utf-8")
    answer(answered, "R20", value="kg:pos-ban", yes=False, reason="te lang", initials="AB", lang="nl")
    answered.write_text(answered.read_text("utf-8").replace("vc:location-ban", "vc:detain-briefly"), "utf-8")
    told = [read(answered), load().case("shoplifting").description]
    report = validate(told, rules=["R01", "R13", "R20", "R26"])
    file = tmp_path / "report.html"
    file.write_text(report.to_html(lang), "utf-8")
    assert "te lang" in file.read_text("utf-8")
    seen = look(chromium, file.as_uri(), **options)
    seen.open("")
    assert seen.found() == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    seen.page.emulate_media(media="print")
    assert seen.axe() == []
    seen.page.context.close()
