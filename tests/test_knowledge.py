"""What is known can be looked up: every thing has words, relations both ways, and its claims with their place."""

import pytest

from manifests import ROOT
from vereend.errors import UnknownEntity
from vereend.knowledge import KINDS, load, sort_key
from vereend.terms import LANGUAGES, NAMESPACES


def test_the_four_cases_come_first_and_the_fictional_ones_say_so():
    cases = list(load().cases.values())
    assert [case.fictional for case in cases] == [False] * 4 + [True] * 5
    assert {case.slug for case in cases[:4]} == {p.stem for p in (ROOT / "kg" / "cases").glob("*.ttl")}


def test_every_claim_of_the_summary_is_there_with_its_place():
    claims = load().claims
    assert list(claims) == [f"C{n:03}" for n in range(1, 250)]
    for claim in claims.values():
        assert claim.lines
        assert claim.lines.first <= claim.lines.last
        assert claim.page
        assert set(claim.paraphrase) == set(LANGUAGES)
        assert claim.modality.startswith(NAMESPACES["vc"] + "mod-")


@pytest.mark.parametrize("kind", [*KINDS, "concept"])
def test_every_listed_thing_has_a_page(kind):
    kb = load()
    rows = kb.entities(kind)
    assert rows
    for row in rows:
        entity = kb.entity(row.iri)
        assert entity.kind == kind
        assert all(entity.labels.get(lang) or next(iter(entity.labels.values())) for lang in LANGUAGES)


def test_relations_lead_both_ways():
    kb = load()
    ban = kb.entity("https://w3id.org/vereend/kg/veilig-plein/pos-ban")
    covenant = kb.entity("https://w3id.org/vereend/kg/veilig-plein/covenant")
    assert covenant.iri in {v.iri for r in ban.outgoing for v in r.values}
    assert ban.iri in {v.iri for r in covenant.incoming for v in r.values}


def test_an_open_question_is_told_as_a_question():
    claim = load().claims["C212"]
    assert claim.modality.endswith("mod-open-question")
    assert load().label(claim.modality, "en").value == "open question"


def test_each_case_has_the_claims_that_concern_it():
    kb = load()
    for case in list(kb.cases.values())[:4]:
        numbers = {claim.number for claim in kb.claims_about(case.iri)}
        assert "C027" in numbers, case.slug
    assert "C212" not in numbers


def test_what_is_not_there_is_an_error_with_help():
    with pytest.raises(UnknownEntity) as caught:
        load().entity("https://w3id.org/vereend/concept/nothing")
    assert caught.value.remedy
    with pytest.raises(UnknownEntity):
        load().entities("nonsense")
    with pytest.raises(UnknownEntity):
        load().case("nowhere")


def test_sorting_folds_case_and_accents():
    assert sort_key("Coördinatie") == sort_key("COORDINATIE")


def test_signs_are_the_ones_of_the_network():
    kb = load()
    plein = "https://w3id.org/vereend/kg/veilig-plein/"
    signs = {
        name: kb.sign(plein + name)
        for name in ("police", "shops", "council", "pos-ban", "covenant", "oversight", "pps")
    }
    assert list(signs.values()) == ["police", "private", "actor", "power", "mandate", "safeguard", "vereend"]
    assert kb.sign(NAMESPACES["vc"] + "location-ban") == "power"
    assert kb.sign(NAMESPACES["vc"] + "record-images") == "power-soft"
