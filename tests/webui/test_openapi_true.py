"""The description of the interface is true: what it allows is answered as it says.

Few examples with a fixed seed, so that it takes seconds; what costs work (queries and verdicts) has tests of its own.
"""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from vereend_webui.openapi import document

COSTLY = {"/sparql"}
PATHS = sorted(path for path, verbs in document("")["paths"].items() if "get" in verbs and path not in COSTLY)


@pytest.mark.parametrize("path", PATHS)
def test_what_is_asked_is_answered_as_described(app: Flask, path: str):
    app.extensions[
        "vereend"
    ].warm.set()  # one that still starts says 503 at /readyz, and any 503 counts as a mistake here
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)

    @settings(
        max_examples=4,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path]["GET"].as_strategy())
    def ask(case: Any) -> None:
        # The transport of the tests does not unpack what comes compressed.
        # A name of a case or a theme that there is none of is refused, as described: the schema cannot list them.
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance])

    ask()
