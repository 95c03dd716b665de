"""The reference holds every term of the ontology once, in its module, with words in both languages."""

from vereend.reference import modules, walk
from vereend.terms import is_vrd, local_name
from vereend.vocabulary import vocabulary


def test_every_term_stands_in_one_module():
    known = vocabulary()
    kinds = [kind.iri for module in modules() for one in module.kinds for kind in walk(one)]
    properties = [one.iri for module in modules() for one in module.properties]

    assert set(kinds) == {name[1:-1] for name in known.classes if is_vrd(name)}
    assert {name[1:-1] for name in known.properties if is_vrd(name)} == set(properties)
    assert len(properties) == len(set(properties))


def test_each_module_says_what_it_is_about_in_both_languages():
    assert modules()[0].name == "core"
    for module in modules():
        for texts in (module.title, module.about):
            assert set(texts) == {"nl", "en"}
        for property_ in module.properties:
            assert set(property_.label) == set(property_.definition) == {"nl", "en"}


def test_narrower_kinds_stand_under_wider_ones():
    safeguards = next(module for module in modules() if module.name == "safeguards")
    tree = next(kind for kind in safeguards.kinds if local_name(kind.iri) == "Safeguard")
    assert "ComplaintRoute" in {local_name(kind.iri) for kind in tree.narrower}


def test_a_property_says_what_has_it_and_what_it_leads_to():
    found = {local_name(p.iri): p for module in modules() for p in module.properties}
    assert [local_name(name) for name in found["hasSafeguard"].domain] == ["Partnership"]
    assert [local_name(name) for name in found["hasSafeguard"].range] == ["Safeguard"]
    assert found["powerType"].single
    assert [local_name(name) for name in found["powerType"].schemes] == ["powers"]
