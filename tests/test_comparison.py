"""What if: the verdicts that change are told, and a change that cannot be laid on a description is refused."""

import json

import pytest
from click.testing import CliRunner

import vereend
from manifests import EXAMPLE, base, patched
from vereend.changes import Change
from vereend.cli import main
from vereend.comparison import switches, whatif
from vereend.errors import VereendError
from vereend.reading import Description, read
from vereend.terms import Statement, local_name
from vereend.validation import validate

PLEIN = read(EXAMPLE)


def flips(**change):
    return {
        (f.verdict.rule.number, local_name(f.verdict.value or f.verdict.focus), *f.names)
        for f in whatif(PLEIN, **change).flips
    }


def test_an_overseer_that_can_only_advise_turns_three_verdicts():
    found = flips(remove=["kg:oversight-mandate vrd:intervention vc:iv-suspend"], rules=["oversight"])
    assert found == {
        ("R13", "pos-ban", "satisfied", "violated"),
        ("R13", "pos-detain", "satisfied", "violated"),
        ("R15", "oversight", "satisfied", "violated"),
    }


def test_a_verdict_is_the_one_that_validate_gives_of_the_changed_description():
    gone = "kg:oversight vrd:exercisedBy kg:committee"
    (file,) = validate([Description("test.ttl", patched(gone + " ."))]).files
    expected = {(v.rule.number, v.focus, v.value): v.verdict for v in file.partnerships[0].verdicts}
    found = whatif(PLEIN, remove=[gone])
    assert {
        (v.rule.number, v.focus, v.value): v.verdict for p in found.after.partnerships for v in p.verdicts
    } == expected
    assert found.change == Change(frozenset(), base() - patched(gone + " ."))
    assert "R14" in {f.verdict.rule.number for f in found.flips}


def test_a_statement_no_rule_looks_at_turns_nothing():
    found = whatif(PLEIN, remove=['kg:shops rdfs:label "Winkeliersvereniging Plein"@nl'])
    assert not found.flips
    assert "Geen enkel oordeel verandert" in found.to_text("nl")


def test_who_is_dropped_takes_along_what_cannot_do_without():
    found = whatif(PLEIN, without=["kg:shops"])
    assert {"p-shops", "pos-ban"} <= {local_name(x) for x in found.along}
    assert ("R13", "pos-ban", "satisfied", None) in flips(without=["shops"])
    assert found.assessable == (True, True)


def test_what_appears_is_told_too():
    new = (
        "kg:pps vrd:hasPosition kg:pos-search . kg:pos-search a vrd:LegalPosition ; "
        "vrd:holder kg:p-security ; vrd:powerType vc:use-of-force"
    )
    assert ("R11", "pos-search", None, "not told") in flips(add=[new])


def test_a_description_that_can_no_longer_be_judged_says_why():
    found = whatif(PLEIN, remove=["kg:pos-ban vrd:holder kg:p-shops"])
    assert found.assessable == (True, False)
    assert not found.flips
    assert "imposing a shop ban" in found.to_text("en")
    assert "no longer be judged" in found.to_text("en")


@pytest.mark.parametrize(
    ("change", "problem", "remedy"),
    [
        (
            {"remove": ["kg:pos-ban vrd:holder kg:p-police"]},
            "is not in the description",
            "kg:pos-ban vrd:holder kg:p-shops",
        ),
        ({"remove": ["kg:pos-bann vrd:holder kg:p-shops"]}, "is not in the description", "Did you mean"),
        ({"add": ["kg:pps a vrd:Partnership"]}, "is already in the description", "Leave it out"),
        ({"add": ["kg:pos-ban vrd:holdr kg:p-shops"]}, "is not a known term", "'vrd:holder'"),
        ({"add": ["kgx:pos-ban vrd:holder kg:p-shops"]}, "uses a prefix that is not declared", "kg:"),
        ({"add": ["kg:pos-ban vrd:holder"]}, "is not a statement", "subject, predicate and object"),
        ({"add": ["kg:pps vrd:hasSafeguard [ a vrd:ComplaintRoute ]"]}, "speaks of something without a name", "name"),
        ({"without": ["comitee"]}, "is not named in the description", "'committee'"),
        ({"without": ["kg:pps"]}, "is the partnership itself", "actor"),
        ({"remove": ["kg:pps a vrd:Partnership"]}, "describes no partnership any more", "vrd:Partnership"),
        ({}, "is not changed at all", "Name what"),
    ],
)
def test_a_change_that_cannot_be_laid_on_the_description_is_refused(change, problem, remedy):
    with pytest.raises(VereendError) as caught:
        whatif(PLEIN, **change)
    assert caught.value.problem == problem
    assert remedy in caught.value.remedy


def test_the_command_tells_the_same_in_words_and_as_json():
    arguments = ["whatif", str(EXAMPLE), "--without", "kg:committee", "--rules", "R14", "--lang", "en"]
    words = CliRunner().invoke(main, arguments)
    assert words.exit_code == 1
    assert "R14 Square oversight committee: satisfied → not told" in words.output
    content = json.loads(CliRunner().invoke(main, [*arguments, "--format", "json"]).output)
    assert [(f["rule"], f["from"], f["to"]) for f in content["flips"]] == [("R14", "satisfied", "not told")]
    assert content == json.loads(vereend.whatif(PLEIN, without=["committee"], rules=["R14"]).to_json())


def test_safeguards_mandates_and_actors_can_be_switched_in_the_order_of_the_text():
    found = [(switch.kind, local_name(switch.name)) for switch in switches(PLEIN)]

    assert list(dict.fromkeys(kind for kind, _ in found)) == ["safeguard", "mandate", "actor"]
    assert [name for kind, name in found if kind == "mandate"] == ["covenant", "oversight-mandate"]
    assert ("actor", "committee") in found


def test_of_several_partnerships_only_the_one_that_changes_turns():
    elsewhere = {Statement(*(x.replace("/kg/veilig-plein/", "/kg/elders/") for x in s)) for s in base()}
    both = Description("two.ttl", base() | elsewhere, prefixes={"kg": "https://w3id.org/vereend/kg/veilig-plein/"})

    found = whatif(both, without=["kg:committee"])

    assert found.assessable == (True, True)
    assert {flip.partnership for flip in found.flips} == {name for name in both.partnerships if "elders" not in name}
    assert len(found.after.partnerships) == 2
