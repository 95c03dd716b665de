"""The built scripts and styles, found by the names of their sources in Vite's manifest."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import current_app, url_for

_DIST = Path(__file__).parent / "static" / "dist"


class Assets:
    """What Vite built. Pages work without: plain, and without scripts."""

    def __init__(self, folder: Path = _DIST) -> None:
        self.folder = folder

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What became of each source file; empty when nothing has been built."""
        try:
            found: dict[str, Any] = json.loads((self.folder / ".vite" / "manifest.json").read_text("utf-8"))
        except FileNotFoundError:
            current_app.logger.warning("No scripts and styles in %s: pages are plain. Run `make install`.", self.folder)
            return {}
        return found

    def _address(self, file: str) -> str:
        return url_for("static", filename=f"dist/{file}")

    def style(self) -> str | None:
        """Give the address of the style sheet."""
        entry = self.manifest.get("src/base.css")
        return self._address(entry["file"]) if entry else None

    def script(self, name: str) -> list[str]:
        """Give the addresses of a page's script and what it imports, the script first; empty when there is none."""
        entry = self.manifest.get(f"src/pages/{name}.ts")
        if not entry:
            return []
        found, todo = [], [entry]
        while todo:
            item = todo.pop(0)
            address = self._address(item["file"])
            if address not in found:
                found.append(address)
                todo += [self.manifest[key] for key in item.get("imports", [])]
        return found
