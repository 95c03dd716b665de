"""Published descriptions judged by published shapes of others: what a plain validator calls a violation is not told.

The examples of two European vocabularies do not satisfy their own shapes: they name things whose kind they never state.
The counts were found with pySHACL's own command.
"""

from collections import Counter

import pytest

from outside.suites import SUITES, absent
from vereend.foreign import choose, find, read_shapes, report_on
from vereend.reading import Description, read
from vereend.report import FileReport
from vereend.shape_graph import ShapeGraph
from vereend.terms import TYPE

pytestmark = pytest.mark.outside

COUNTS = {"semic-cpov-2.1.2": 9, "semic-cpsv-ap-3.2.0": 6}
NAMES = pytest.mark.parametrize("name", [pytest.param(n, marks=absent(SUITES / n)) for n in COUNTS])


def files(name: str) -> tuple[Description, ShapeGraph]:
    return read(SUITES / name / "data.ttl", foreign=True), read_shapes([SUITES / name / "shapes.ttl"])


def judged(name: str, engine: str) -> FileReport:
    data, shapes = files(name)
    return report_on(data, shapes, find(data.statements, shapes.text, choose(shapes, engine)))


@NAMES
@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_a_kind_that_is_not_stated_is_not_told(name: str, engine: str):
    report = judged(name, engine)
    results = [v for p in report.partnerships for v in p.verdicts if v.is_result]

    assert not report.conforms  # what SHACL says stays what it says
    assert Counter(v.result.component for v in results) == {"ClassConstraintComponent": COUNTS[name]}
    assert {v.verdict for v in results} == {"not told"}
    assert all("is not told" in v.message["en"] for v in results)


@NAMES
def test_another_kind_is_a_violation(name: str):  # the near miss: the kind is told, and is another
    data, shapes = files(name)
    before = next(v for v in judged(name, "auto").partnerships[0].verdicts if v.is_result)
    kind = next(s.object for s in sorted(data.statements) if s.predicate == TYPE)
    more = Description("more", data.statements | {type(next(iter(data.statements)))(before.value, TYPE, kind)})

    after = report_on(more, shapes, find(more.statements, shapes.text, choose(shapes, "auto")))
    verdicts = {v.verdict for v in after.partnerships[0].verdicts if (v.focus, v.value) == (before.focus, before.value)}
    assert verdicts == {"violated"}
