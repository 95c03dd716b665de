"""A template uses of its page what the dataclass named after it holds, and nothing else."""

import ast
import dataclasses
import importlib
import re
from pathlib import Path

import pytest

import vereend_webui

PACKAGE = Path(vereend_webui.__file__).parent
BLUEPRINTS = sorted(path.stem for path in (PACKAGE / "blueprints").glob("*.py") if path.stem != "__init__")


def pages() -> list[tuple[str, type]]:
    """Pair each template with the dataclass whose docstring names it."""
    found = []
    for name in [*(f"blueprints.{b}" for b in BLUEPRINTS), "errors"]:
        module = importlib.import_module(f"vereend_webui.{name}")
        for value in vars(module).values():
            match = re.fullmatch(r"All that (\S+) may use\.", (getattr(value, "__doc__", "") or "").strip())
            if match and dataclasses.is_dataclass(value) and value.__module__ == module.__name__:
                found.append((match[1], value))
    return found


PAGES = pages()


@pytest.mark.parametrize(("template", "page"), PAGES, ids=[name for name, _ in PAGES])
def test_a_template_and_its_page_agree(template: str, page: type):
    used = set(re.findall(r"\bpage\.(\w+)", (PACKAGE / "templates" / template).read_text("utf-8")))
    held = {field.name for field in dataclasses.fields(page)}

    assert used - held == set()
    assert held - used == set()


def test_every_page_that_is_rendered_is_described():
    rendered = set()
    for path in (PACKAGE / "blueprints").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template" and node.keywords:
                rendered.add(ast.literal_eval(node.args[0]))

    assert rendered <= {name for name, _ in PAGES}


def test_every_mark_a_template_uses_is_drawn():
    text = "\n".join(path.read_text("utf-8") for path in (PACKAGE / "templates").rglob("*.html"))
    drawn = set(re.findall(r'<symbol id="m-([\w-]+)"', (PACKAGE / "templates/_macros/marks.svg").read_text("utf-8")))

    assert set(re.findall(r'mark\("([\w-]+)"\)', text)) | set(re.findall(r'#m-([\w-]+)"', text)) <= drawn


def test_fonts_and_their_licence_go_together():
    ours = (PACKAGE / "static" / "fonts-licence.txt").read_text("utf-8")
    source = PACKAGE.parent / "frontend" / "src" / "fonts" / "LICENCE.txt"

    assert "SIL OPEN FONT LICENSE" in ours
    if source.exists():  # not in an installed package
        assert source.read_text("utf-8") == ours
