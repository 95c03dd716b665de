"""The quality gate is green on the project's content, and each check speaks when something is amiss, and only then."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from vereend import checks, content, quality, shapes
from vereend.checks import Check
from vereend.errors import VereendError
from vereend.quality import CHECKS, Content, check, to_tsv
from vereend.terms import LANGUAGES, Statement, iri, local_name, term

FAULTS = Path(__file__).parent / "checks"


@pytest.fixture(scope="module")
def findings() -> list[checks.Finding]:
    return check()


def test_the_content_passes(findings):
    assert [f.words("en") for f in findings if f.level == "ERROR"] == []


# --- checks in SPARQL -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", checks.checks(), ids=lambda one: one.name)
def test_a_query_finds_what_is_wrong_and_leaves_what_is_right(one: Check):
    """The file of faults calls what is to be found wrong…, and the near misses right…."""
    path = FAULTS / f"{one.name}.ttl"
    names = {local_name(iri(str(node))) for quad in ox.parse(path=path) for node in (quad.subject, quad.object)}
    wrong = {name for name in names if re.search(r"wrong", name, re.IGNORECASE) and '"' not in name}
    right = {name for name in names if re.search(r"right", name, re.IGNORECASE) and '"' not in name}

    found = one.findings(checks.graph({one.layers[0]: [path]}))

    assert wrong and right
    assert {re.split(r"[:/#>]", f.entity.rstrip(">"))[-1] for f in found} == wrong
    for lang in LANGUAGES:
        assert one.name in found[0].words(lang)


def test_every_check_has_faults_and_a_place_in_the_profile():
    names = [one.name for one in checks.checks()]

    assert names == [f"{number:02}-{name[3:]}" for number, name in enumerate(names, 1)]
    assert {path.stem for path in FAULTS.glob("*.ttl")} == set(names)
    profile = (checks.folder() / "profile.tsv").read_text("utf-8").splitlines()
    assert [line.split("\t")[0] for line in profile] == ["check", *names]


def test_every_layer_of_the_profile_holds_something():
    files = checks.layer_files()
    for one in checks.checks():
        assert one.level in ("ERROR", "WARN")
        assert one.layers and all(files[layer] for layer in one.layers), one.name


def test_every_file_of_the_content_is_in_a_layer():
    listed = {path for paths in checks.layer_files().values() for path in paths}

    folders = ("ontology", "shapes", "kg")
    assert {path for folder in folders for path in content.turtle_files(folder)} == listed


def test_a_check_that_does_not_say_what_it_is_for_is_refused(tmp_path, monkeypatch):
    (tmp_path / "profile.tsv").write_text("check\tlevel\tlayers\n01-x\tERROR\tlaw\n")
    (tmp_path / "01-x.rq").write_text("# nl: is er\n# en: is there\nSELECT * {}")
    monkeypatch.setattr(checks, "folder", lambda: tmp_path)

    with pytest.raises(VereendError, match=r"01-x\.rq: does not say what it is for"):
        checks.checks()


def test_findings_are_a_table_as_well():
    finding = checks.Finding("ERROR", "01-x", "vrd:a", "vrd:b", "c", {"nl": "klopt niet"}, {"nl": "Verbeter het"})

    assert to_tsv([finding], "nl").splitlines() == [
        "level\tcheck\tentity\tproperty\tvalue\tproblem\tremedy",
        "ERROR\t01-x\tvrd:a\tvrd:b\tc\tklopt niet\tVerbeter het",
    ]


# --- checks in Python -------------------------------------------------------------------------------------------------


@pytest.fixture
def own() -> Content:
    return Content.read()


def without(found: set[Statement], subject: str, predicate: str) -> set[Statement]:
    kept = {s for s in found if not (s.subject == term(subject) and s.predicate == term(predicate))}
    assert kept != found
    return kept


def added(found: set[Statement], *names: str) -> set[Statement]:
    return found | {Statement(*(n if n.startswith('"') else term(n) for n in names))}


def wrong_identifier(c: Content) -> None:
    c.law = added(c.law, "law:sv-53-1", "vrd:jci", '"jci1.3:c:BWBR1&artikel=53"')


def misquoted(c: Content) -> None:
    c.law = without(c.law, "law:sv-53-1", "vrd:jci")
    c.law = added(c.law, "law:sv-53-1", "vrd:jci", '"jci1.3:c:BWBR0001903&artikel=53&lid=2"')


def unknown_property(c: Content) -> None:
    c.ontology = {s for s in c.ontology if s.subject != term("vrd:exercisedBy")}


def unfilled_place(c: Content) -> None:
    rule = c.rules["R15"]
    part = dataclasses.replace(rule.parts[0], held={"nl": "{niets}.", "en": "{nothing}."})
    c.rules = c.rules | {"R15": dataclasses.replace(rule, parts=(part,))}


def other_version(c: Content) -> None:
    c.ontology = added(c.ontology, "vrd:core", "owl:versionInfo", '"9.9.9"')


@pytest.mark.parametrize(
    ("run", "break_it", "problem"),
    [
        (quality.law, wrong_identifier, "is no JCI"),
        (quality.law, misquoted, "is called “art. 53 lid 1 Sv”, yet"),
        (quality.rule_form, unknown_property, "uses vrd:exercisedBy, which does not exist"),
        (quality.rule_form, unfilled_place, "that nothing fills"),
        (quality.built, other_version, "says version 9.9.9, the library"),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_a_check_speaks(own: Content, run: Callable, break_it: Callable, problem: str):
    assert list(run(own)) == []
    break_it(own)
    own.__post_init__()
    assert any(problem in finding.words("en") for finding in run(own))


def test_a_built_file_that_is_not_current_is_found(monkeypatch: pytest.MonkeyPatch, own: Content):
    files = shapes.portable_files()
    changed = {path: text + "# changed\n" if path.name == "background.ttl" else text for path, text in files.items()}
    monkeypatch.setattr(shapes, "portable_files", lambda: changed)
    assert [f.entity for f in quality.built(own)] == ["shapes/background.ttl"]


def test_every_check_has_a_test():
    assert {run.__name__ for run in CHECKS} == {"law", "rule_form", "built", "consistent"}


def test_an_inconsistent_ontology_is_found(monkeypatch: pytest.MonkeyPatch, own: Content):
    from vereend import form_reasoning

    sound = form_reasoning.logical_part()
    empty = f"{term('vrd:Covenant')} {term('rdfs:subClassOf')} {term('vrd:Mandate')} .\n"
    monkeypatch.setattr(form_reasoning, "logical_part", lambda: sound + empty)
    assert any("Covenant" in f.entity for f in quality.consistent(own))
