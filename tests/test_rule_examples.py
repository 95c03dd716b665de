"""Each rule has an invented example that meets it and one that breaks it, and shows both in words."""

import pytest

from manifests import entries
from vereend import content
from vereend.explanation import explain
from vereend.rule_examples import examples, partnership, smallest
from vereend.rules import rules
from vereend.verdicts import NO_FACTS


def test_the_examples_are_the_tests_of_the_rules():
    assert [e.name for e in examples()] == [e.name for e in entries()]


@pytest.mark.parametrize("number", rules())
def test_each_rule_has_a_small_example_that_meets_it_and_one_that_breaks_it(number: str):
    for kind in ("Pass", "Fail"):
        example = smallest(number, kind)
        assert example is not None
        assert (example.rule, example.kind) == (number, kind)
    fails = smallest(number, "Fail")
    assert any(verdict == "violated" for *_, verdict, _ in fails.expected)
    changed = fails.change.remove | fails.change.add
    assert {s for s in changed if s.predicate not in NO_FACTS}


@pytest.mark.parametrize(("number", "lang"), list(zip(list(rules())[::5], ["nl", "en"] * 20, strict=False)))
def test_a_rule_is_explained_with_its_examples(number: str, lang: str):
    text = explain(partnership(), number, lang)
    for wanted in ({"nl": "GESCHONDEN: ", "en": "VIOLATED: "}, {"nl": "Bron:", "en": "Source:"}):
        assert wanted[lang] in text
    assert "Er is geen voorbeeld" not in text
    assert "There is no example" not in text
    assert "{" not in text


def test_the_package_holds_the_examples():
    assert content.turtle_files("tests", "shapes")
    assert '"tests/shapes"' in (content.root() / "hatch_build.py").read_text("utf-8")
