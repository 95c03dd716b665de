"""The viewer under test: one for all tests, since reading the content takes longer than any of them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from vereend_webui import Settings, create_app


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app(settings=Settings(query_workers=1, query_timeout_s=20.0))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
