"""How the tests look at pages in a browser: what is opened, and what counts as wrong there.

Needs the system's Chromium, and axe-core from webui/frontend. Skipped where they are missing, unless
VEREEND_BROWSER=required.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from webui.addresses import COMMITTEE

ROOT = Path(__file__).parents[2]
AXE = ROOT / "webui/frontend/node_modules/axe-core/axe.min.js"
MANIFEST = ROOT / "webui/vereend_webui/static/dist/.vite/manifest.json"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 390)

# One of each template, with results showing.
PAGES = (
    "/",
    "/search?q=toezicht",
    "/describe",
    "/interview",
    "/validate",
    "/validate?example=veilig-plein-advies",
    "/validate?example=shoplifting",
    "/partnerships",
    "/partnerships/veilig-plein-advies",
    "/partnerships/shoplifting",
    "/partnerships/shoplifting/sentences",
    "/compare",
    "/matrix?by=rules&of=all&row=R13&column=veilig-plein-advies",
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


@dataclass
class Seen:
    """A page in the browser, and what went wrong on it."""

    page: Any
    address: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path, wait_until="load")
        self.page.wait_for_timeout(400)

    def axe(self, *rules: str) -> list[str]:
        """Give what axe finds by the rules named (all, when none is), one line an element."""
        session = self.page.context.new_cdp_session(self.page)
        only = {"runOnly": {"type": "rule", "values": rules} if rules else RULES, "resultTypes": ["violations"]}
        run = f"axe.run(document, {json.dumps(only)}).then((found) => JSON.stringify(found.violations))"
        answer = session.send(
            "Runtime.evaluate",
            {"expression": f"{AXE.read_text('utf-8')};{run}", "awaitPromise": True, "returnByValue": True},
        )
        session.detach()
        return [f"{v['id']}: {n['target']}" for v in json.loads(answer["result"]["value"]) for n in v["nodes"]]

    def too_wide(self) -> bool:
        """Tell whether the page has to be scrolled sideways."""
        html = "document.documentElement"
        return bool(self.page.evaluate(f"() => {html}.scrollWidth > {html}.clientWidth"))

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
