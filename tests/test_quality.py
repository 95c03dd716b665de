"""The quality gate is green on the project's content, and each check speaks when something is amiss."""

import dataclasses
from collections.abc import Callable

import pytest

from vereend import quality, shapes
from vereend.patterns import parse_pattern
from vereend.quality import CHECKS, Content, check
from vereend.terms import Statement, term


@pytest.fixture
def content() -> Content:
    return Content.read()


def test_the_content_passes():
    assert [str(f) for f in check() if f.level == "ERROR"] == []


def without(found: set[Statement], subject: str, predicate: str) -> set[Statement]:
    kept = {s for s in found if not (s.subject == term(subject) and s.predicate == term(predicate))}
    assert kept != found
    return kept


def added(found: set[Statement], *names: str) -> set[Statement]:
    return found | {Statement(*(n if n.startswith('"') else term(n) for n in names))}


def drop_label(c: Content) -> None:
    c.ontology = without(c.ontology, "vrd:holder", "rdfs:label")


def two_labels(c: Content) -> None:
    c.ontology = added(c.ontology, "vrd:holder", "rdfs:label", '"anders"@nl')


def drop_domain(c: Content) -> None:
    c.ontology = without(c.ontology, "vrd:holder", "rdfs:domain")


def loose_concept(c: Content) -> None:
    c.ontology = without(c.ontology, "vc:location-ban", "skos:broader")


def circle(c: Content) -> None:
    c.ontology = added(c.ontology, "vc:coercion", "skos:broader", "vc:location-ban")


def unknown_name(c: Content) -> None:
    c.law = added(c.law, "law:sv-53-1", "vrd:enables", "vc:nothing")


def claim_without_modality(c: Content) -> None:
    c.sources = without(c.sources, "src:C023", "vrd:modality")


def fact_without_claim(c: Content) -> None:
    pps = "<https://w3id.org/vereend/kg/shoplifting/pps>"
    c.cases["shoplifting"] = c.cases["shoplifting"] | {Statement(pps, term("vrd:coordination"), term("vc:crd-police"))}


def wrong_identifier(c: Content) -> None:
    c.law = added(c.law, "law:sv-53-1", "vrd:jci", '"jci1.3:c:BWBR1&artikel=53"')


def misquoted(c: Content) -> None:
    c.law = without(c.law, "law:sv-53-1", "vrd:jci")
    c.law = added(c.law, "law:sv-53-1", "vrd:jci", '"jci1.3:c:BWBR0001903&artikel=53&lid=2"')


def unchecked_confidence(c: Content) -> None:
    c.law = without(c.law, "law:sv-53-1", "vrd:confidence")


def path_in_asks(c: Content) -> None:
    rule = c.rules["R15"]
    part = dataclasses.replace(rule.parts[0], asks=(parse_pattern("?value vrd:exercisedBy+ ?mandate ."),))
    c.rules = c.rules | {"R15": dataclasses.replace(rule, parts=(part,))}


def unfilled_place(c: Content) -> None:
    rule = c.rules["R15"]
    part = dataclasses.replace(rule.parts[0], held={"nl": "{niets}.", "en": "{nothing}."})
    c.rules = c.rules | {"R15": dataclasses.replace(rule, parts=(part,))}


@pytest.mark.parametrize(
    ("run", "break_it", "problem"),
    [
        (quality.labels, drop_label, "has no label in nl"),
        (quality.labels, two_labels, "has 2 labels in nl"),
        (quality.properties, drop_domain, "has no domain"),
        (quality.lists, loose_concept, "is broader than itself"),
        (quality.lists, circle, "is broader than itself"),
        (quality.names, unknown_name, "is used but told nowhere"),
        (quality.claims, claim_without_modality, "has 0 of vrd:modality instead of one"),
        (quality.case_facts, fact_without_claim, "no claim behind"),
        (quality.law, wrong_identifier, "is no JCI"),
        (quality.law, misquoted, "is called 'art. 53 lid 1 Sv', yet"),
        (quality.law, unchecked_confidence, "does not say how far it was checked"),
        (quality.rule_form, path_in_asks, "has a path in `about` or `asks`"),
        (quality.rule_form, unfilled_place, "that nothing fills"),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_a_check_speaks(content: Content, run: Callable, break_it: Callable, problem: str):
    if break_it is loose_concept:
        problem = "does not hang under the top of its list"
    break_it(content)
    content.__post_init__()
    assert any(problem in finding.problem for finding in check(content, [run]))


def test_a_built_file_that_is_not_current_is_found(monkeypatch: pytest.MonkeyPatch, content: Content):
    files = shapes.portable_files()
    changed = {path: text + "# changed\n" if path.name == "background.ttl" else text for path, text in files.items()}
    monkeypatch.setattr(shapes, "portable_files", lambda: changed)
    assert [f.thing for f in check(content, [quality.built])] == ["shapes/background.ttl"]


def test_every_check_has_a_test():
    tested = {
        "labels",
        "properties",
        "lists",
        "names",
        "claims",
        "case_facts",
        "law",
        "rule_form",
        "built",
        "consistent",
    }
    assert {run.__name__ for run in CHECKS} == tested


def test_an_inconsistent_ontology_is_found(monkeypatch: pytest.MonkeyPatch, content: Content):
    from vereend import form_reasoning

    sound = form_reasoning.logical_part()
    empty = f"{term('vrd:Covenant')} {term('rdfs:subClassOf')} {term('vrd:Mandate')} .\n"
    monkeypatch.setattr(form_reasoning, "logical_part", lambda: sound + empty)
    assert any("Covenant" in f.thing for f in check(content, [quality.consistent]))
