"""The viewer under test, as a browser sees it too: one for all, since reading the content takes longer than a test."""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from vereend_webui import Settings, create_app
from webui.browsing import AXE, MANIFEST, Seen, look, need


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app(settings=Settings(query_workers=1, query_timeout_s=20.0))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


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


@pytest.fixture
def seen(chromium: Any, address: str) -> Iterator[Seen]:
    found = look(chromium, address)
    yield found
    found.page.context.close()


@pytest.fixture
def plain(chromium: Any, address: str) -> Iterator[Seen]:
    found = look(chromium, address, java_script_enabled=False)
    yield found
    found.page.context.close()
