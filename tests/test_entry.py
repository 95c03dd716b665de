"""What is filled in is what is told: a field shows a value only if it can give it back, and loses nothing else."""

from itertools import pairwise

import pytest

from manifests import EXAMPLE, ROOT
from vereend.entry import (
    CHOICE,
    DATE,
    TEXT,
    THING,
    YESNO,
    Entry,
    Names,
    Statements,
    begin,
    drop,
    entries,
    field,
    fields,
    fill,
    groups,
    hang,
    outline,
    taken,
    unseen,
)
from vereend.errors import VereendError
from vereend.reading import Description, read
from vereend.templates import templates
from vereend.terms import LANGUAGES, PARTNERSHIP, TYPE, Statement, literal, prefixed, term
from vereend.vocabulary import vocabulary

DESCRIPTIONS = [
    *(read(path) for folder in ("cases", "examples") for path in sorted((ROOT / "kg" / folder).glob("*.ttl"))),
    *(one.description for one in templates().values()),
]
POSITION, PARTNER = term("vrd:LegalPosition"), term("vrd:PartnerParticipation")
BASE = "https://w3id.org/vereend/kg/veilig-plein/"
BAN = f"<{BASE}pos-ban>"


@pytest.fixture(scope="module")
def plein() -> Statements:
    return read(EXAMPLE).statements


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda d: d.name.rpartition("/")[2])
def test_filling_in_what_stands_in_every_field_changes_nothing(description: Description):
    statements = description.statements
    names = Names(statements, "nl")
    for thing in list(names.told):
        for of in fields(names.kinds(thing)):
            written = entries(thing, of, names)
            assert fill(statements, thing, of, written, names) == (statements, []), (thing, of.name)


def test_a_form_shows_all_of_an_example_and_keeps_what_it_cannot_show(plein: Statements):
    assert unseen(plein, "nl") == []
    odd = Statement(BAN, term("vrd:towards"), '"someone"')
    foreign = Statement(BAN, "<https://example.org/p>", '"x"')
    told = plein | {odd, foreign}
    assert set(unseen(told, "nl")) == {odd, foreign}
    towards = field([POSITION], "vrd:towards")
    changed, _ = fill(told, BAN, towards, [Entry("vc:visitor")], Names(told, "nl"))
    assert {odd, foreign} <= changed
    assert Statement(BAN, towards.property, term("vc:suspect")) not in changed
    assert Statement(BAN, towards.property, term("vc:visitor")) in changed


def test_fields_follow_from_the_ontology():
    own = {f.name: f for f in fields(frozenset({POSITION}))}
    assert own["vrd:powerType"].form == CHOICE
    assert own["vrd:powerType"].least == 1
    assert own["vrd:powerType"].single
    assert own["vrd:holder"].form == THING
    assert not own["vrd:holder"].owns
    assert own["vrd:from"].form == DATE
    assert own["vrd:policeDependsOnId"].form == YESNO
    assert own["vrd:limitedTo"].form == TEXT
    assert own["vrd:weighedBy"].rules == ("R20", "R22")
    assert own["vrd:weighedBy"].severity == "Violation"
    assert own["vrd:weighedBy"].claims == ("C144",)


def test_a_choice_stands_after_a_broader_one_it_falls_under():
    head, *choices = field([POSITION], "vrd:powerType").choices
    assert head == term("vc:power")
    for place, concept in enumerate(choices):
        assert vocabulary().broader[concept] & {head, *choices[:place]}


def test_every_field_of_a_partnership_stands_under_one_heading():
    listed = [name for group in groups() for name in group.properties]
    own = {f.property for f in fields(frozenset({PARTNERSHIP})) if prefixed(f.property).startswith("vrd:")}
    assert len(listed) == len(set(listed))
    assert set(listed) == own - {term("vrd:completeFor")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_participation_goes_by_the_name_of_who_takes_part(plein: Statements, lang: str):
    names = Names(plein, lang)
    shown = names.show(f"<{BASE}p-shops>", [term("vrd:Participation")])
    assert shown == {"nl": "Winkeliersvereniging Plein", "en": "Square shopkeepers' association"}[lang]


def test_two_things_of_one_name_are_told_apart(plein: Statements):
    twin = Statement(f"<{BASE}other>", TYPE, term("vrd:PrivateCompany"))
    told = plein | {twin, Statement(twin.subject, term("rdfs:label"), '"Beveiliging BV"@nl')}
    names = Names(told, "nl")
    actors = [term("vrd:Actor")]
    assert names.show(twin.subject, actors) == "Beveiliging BV (other)"
    assert names.find("Beveiliging BV (security)", actors) == f"<{BASE}security>"
    assert names.find("Beveiliging BV", actors) is None


def test_a_new_name_becomes_a_new_thing_of_the_chosen_kind(plein: Statements):
    weighed = field([POSITION], "vrd:weighedBy")
    written = [Entry("Raad van Wijzen", kind="vrd:OversightBody"), Entry("raad van wijzen")]
    changed, problems = fill(plein, BAN, weighed, written, Names(plein, "nl"))
    new = f"<{BASE}raad-van-wijzen>"
    assert problems == []
    assert changed - plein == {
        Statement(BAN, weighed.property, new),
        Statement(new, TYPE, term("vrd:OversightBody")),
        Statement(new, term("rdfs:label"), '"Raad van Wijzen"@nl'),
    }


def test_a_provision_is_found_by_its_label_and_named_alone(plein: Statements):
    basis = field([POSITION], "vrd:legalBasis")
    assert taken(basis, Entry("art. 53 lid 1 Sv"), Names(plein, "nl")) == (term("law:sv-53-1"), frozenset())


def test_an_actor_described_elsewhere_brings_its_kind_and_name():
    thing = "<https://example.org/gemeente>"
    elsewhere = [Statement(thing, TYPE, term("vrd:PublicBody")), Statement(thing, term("rdfs:label"), '"Gemeente"@nl')]
    statements, pps = begin("Voorbeeld", "nl")
    decided = field([PARTNERSHIP], "vrd:prioritiesDecidedBy")
    changed, _ = fill(statements, pps, decided, [Entry("Gemeente")], Names(statements, "nl", elsewhere))
    assert changed - statements == {Statement(pps, decided.property, thing), *elsewhere}


@pytest.mark.parametrize(
    ("name", "text", "problem", "remedy"),
    [
        ("vrd:from", "24-11-2026", "is not a date", "Write year, month, day, as in 2026-11-24"),
        ("vrd:powerType", "locatieverbot", "is not on this list", "The nearest is 'locatieverbod'"),
        ("vrd:policeDependsOnId", "misschien", "is neither yes nor no", "Write yes or no"),
        (
            "vrd:holder",
            "Winkeliersverening Plein",
            "is not described yet",
            "The nearest is 'Winkeliersvereniging Plein'",
        ),
        ("vrd:weighedBy", "Convenant Veilig Plein", "is of another kind", "Name a thing of the kind 'actor'"),
    ],
)
def test_what_cannot_be_taken_is_told_and_the_rest_is_kept(plein: Statements, name, text, problem, remedy):
    of = field([POSITION], name)
    changed, problems = fill(plein, BAN, of, [Entry(text)], Names(plein, "nl"))
    (found,) = problems
    assert (found.error.problem, found.error.remedy) == (problem, remedy)
    assert text in found.error.where
    assert changed <= plein


def test_a_text_keeps_its_language_and_a_language_that_is_none_is_refused(plein: Statements):
    limited = field([POSITION], "vrd:limitedTo")
    names = Names(plein, "nl")
    assert [literal(taken(limited, Entry("zes maanden", lang), names)[0]).lang for lang in ("nl", "")] == ["nl", ""]
    with pytest.raises(VereendError, match="is not a language"):
        taken(limited, Entry("zes maanden", "dutch language"), names)


def test_a_description_begins_with_a_name_and_grows_by_what_hangs_on_it():
    statements, pps = begin("Veilig Plein", "nl")
    assert pps == "<https://example.org/veilig-plein/pps>"
    told, participation = hang(statements, pps, term("vrd:hasParticipation"), PARTNER, "Beveiliging BV", "nl")
    assert participation == "<https://example.org/veilig-plein/p-beveiliging-bv>"
    told, task = hang(told, pps, term("vrd:hasTask"), term("vrd:TaskAssignment"), "", "nl")
    assert {i.thing: i.depth for i in outline(told, "nl")} == {pps: 0, participation: 1, task: 1}
    assert drop(drop(told, task), participation) == statements


def test_what_belonged_to_a_thing_goes_with_it_and_what_others_use_stays(plein: Statements):
    left = drop(plein, f"<{BASE}p-security>")
    subjects = {s.subject for s in left}
    assert f"<{BASE}cameras>" not in subjects  # the means of this participation alone
    assert f"<{BASE}security>" in subjects  # named by flows as well
    assert not any(f"<{BASE}p-security>" in s for s in left)


def test_the_outline_holds_every_described_thing_once(plein: Statements):
    things = [item.thing for item in outline(plein, "nl")]
    assert sorted(things) == sorted({s.subject for s in plein})


def test_police_that_are_called_an_actor_become_a_police_organisation():
    statements, pps = begin("Voorbeeld", "nl")
    told, police = hang(statements, pps, term("vrd:hasParticipation"), term("vrd:PoliceParticipation"), "Politie", "nl")
    participant = field([term("vrd:PoliceParticipation")], "vrd:participant")
    told, _ = fill(told, police, participant, [Entry("Politie", kind="vrd:Actor")], Names(told, "nl"))
    assert {s.object for s in told if s.predicate == TYPE and s.subject.endswith("/politie>")} == {
        term("vrd:PoliceOrganisation")
    }


def test_a_thing_that_leads_to_itself_and_a_long_chain_are_taken_as_they_are():
    pps, participant = "<urn:pps>", term("vrd:participant")
    told = {Statement(pps, TYPE, PARTNERSHIP), Statement("<urn:p>", TYPE, PARTNER)}
    told |= {Statement("<urn:p>", participant, "<urn:p>"), Statement(pps, term("vrd:hasParticipation"), "<urn:p>")}
    chain = [f"<urn:a{number}>" for number in range(1500)]
    told |= {Statement(one, TYPE, term("vrd:PublicBody")) for one in chain}
    told |= {Statement(one, term("vrd:partOf"), other) for one, other in pairwise(chain)}
    statements = frozenset(told)
    assert Names(statements, "nl").label("<urn:p>") == "urn:p"
    assert len(outline(statements, "nl")) == len(chain) + 2
    assert drop(statements, "<urn:p>") == statements - {s for s in statements if "<urn:p>" in s}
