"""Both engines judge published descriptions by published shapes of others alike.

The examples of two European vocabularies do not satisfy their own shapes: they name things whose kind they never state.
A plain validator calls that a violation; the counts were found with pySHACL's own command.
"""

from collections import Counter

import pyoxigraph as ox
import pytest

from outside.suites import SUITES, absent
from vereend import engines
from vereend.terms import Statement

pytestmark = pytest.mark.outside

COUNTS = {"semic-cpov-2.1.2": 9, "semic-cpsv-ap-3.2.0": 6}


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize(
    ("name", "count"), [pytest.param(n, c, marks=absent(SUITES / n), id=n) for n, c in COUNTS.items()]
)
def test_an_engine_finds_the_kinds_that_are_not_stated(name: str, count: int, engine: str):
    data = [
        Statement(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(path=SUITES / name / "data.ttl")
    ]

    rows = engines.run(data, (SUITES / name / "shapes.ttl").read_text("utf-8"), engine)

    assert Counter(row.component for row in rows) == {"ClassConstraintComponent": count}
