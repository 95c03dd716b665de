"""The chain from a coercive power to who can stop it tells what is told, and breaks where a verdict says so."""

import json

import pytest
from click.testing import CliRunner

from manifests import EXAMPLE, ROOT, base, patched
from vereend.accountability import BROKEN, TOLD, UNTOLD, chain_sentence, chains, chains_text, positions
from vereend.cli import main
from vereend.reading import Description, read
from vereend.validation import validate


def judged(told):
    (file,) = validate([Description("test.ttl", told)]).files
    return file, file.partnerships[0]


def ban(told):
    return next(c for c in chains(*judged(told)) if c.position.iri.endswith("pos-ban"))


def test_positions_come_with_all_that_hangs_on_them():
    rows = {row.iri.rsplit("/", 1)[1]: row for row in positions(*judged(base()))}

    assert list(rows) == ["pos-detain", "pos-arrest", "pos-ban", "pos-damages"]  # coercive first, by their Dutch labels
    assert rows["pos-arrest"].police
    assert rows["pos-arrest"].mandates == ()
    one = rows["pos-ban"]
    assert one.actor.endswith("/shops")
    assert [x.rsplit("/", 1)[1] for x in (*one.oversight, *one.interventions, *one.complaints, *one.handlers)] == [
        "oversight",
        "iv-suspend",
        "complaints",
        "municipality",
    ]


def test_the_police_have_no_chain_of_their_own():
    assert {c.position.iri.rsplit("/", 1)[1] for c in chains(*judged(base()))} == {"pos-ban", "pos-detain"}


@pytest.mark.parametrize(
    ("told", "states", "broken"),
    [
        (base(), [TOLD] * 7, None),
        (patched("kg:oversight-mandate vrd:intervention vc:iv-suspend ."), [TOLD] * 5 + [BROKEN, TOLD], 5),
        (
            patched("kg:pps vrd:hasSafeguard kg:oversight . kg:oversight ?p ?o ."),
            [TOLD] * 4 + [BROKEN, UNTOLD, TOLD],
            4,
        ),
        (patched("kg:pos-ban vrd:legalBasis kg:house-rules ."), [TOLD, TOLD, UNTOLD, TOLD, TOLD, TOLD, TOLD], None),
        (patched("kg:pos-ban vrd:underMandate kg:covenant ."), [TOLD] * 3 + [UNTOLD] + [TOLD] * 3, None),
        (
            patched(
                "kg:pps vrd:hasSafeguard kg:complaints . kg:complaints ?p ?o .",
            ),
            [TOLD] * 6 + [BROKEN],
            6,
        ),
    ],
    ids=["whole", "advice only", "no oversight", "basis not told", "mandate not told", "no complaints"],
)
def test_a_chain_breaks_where_a_verdict_says_so(told, states, broken):
    chain = ban(told)
    assert [link.state for link in chain.links] == states
    assert chain.first_broken == broken


def test_every_link_has_words_in_both_languages():
    for link in ban(patched("kg:pos-ban vrd:legalBasis kg:house-rules .")).links:
        assert link.relation["nl"]
        assert link.relation["en"]
        assert link.text["nl"]
        assert link.text["en"]
        assert (link.rule is None) == (link.state == TOLD)


def test_a_link_tells_who_stands_behind_it():
    links = {link.rule or i: link for i, link in enumerate(ban(base()).links)}
    assert [x.rsplit("/", 1)[1] for i in (3, 4, 6) for x in links[i].by] == ["police", "committee", "municipality"]


def run(*arguments: object):
    return CliRunner().invoke(main, ["chain", *map(str, arguments)], catch_exceptions=False)


def test_the_command_names_the_first_broken_link():
    whole = run(EXAMPLE, "--lang", "en")
    assert whole.exit_code == 0
    assert "under mandate of: Safe Square covenant, granted by Police, Square team" in whole.output
    broken = run(EXAMPLE.with_name("veilig-plein-advies.ttl"), "--lang", "en")
    assert broken.exit_code == 1
    assert "First broken link: able to order." in broken.output
    assert "able to order: missing (R13)" in broken.output
    content = json.loads(run(EXAMPLE.with_name("veilig-plein-advies.ttl"), "--format", "json").output)
    assert {one["firstBroken"] for one in content} == {"intervention"}
    assert all(len(one["links"]) == 7 for one in content)


def test_a_description_without_coercion_says_so():
    assert "Niemand buiten de politie" in chains_text([], judged(base())[0].words, "nl")


def test_a_link_on_which_readings_differ_is_contested():
    (file,) = validate([read(ROOT / "kg" / "examples" / "veilig-plein-betwist.ttl")]).files
    found = chains(file, file.partnerships[0])
    assert found
    for chain in found:
        (link,) = [link for link in chain.links if link.state == "contested"]
        assert (link.rule, link.text["en"]) == ("R13", "contested")
        assert chain.first_broken is None


@pytest.mark.parametrize(
    ("told", "lang", "expected", "broken"),
    [
        (base(), "nl", "het staat onder toezicht van Toezichtcommissie Plein", None),
        (
            patched("kg:oversight-mandate vrd:intervention vc:iv-suspend ."),
            "en",
            "but that oversight cannot intervene bindingly",
            "intervention",
        ),
        (patched("kg:pos-ban vrd:legalBasis kg:house-rules ."), "nl", "waarop het rust, is niet verteld", None),
    ],
)
def test_a_chain_reads_as_a_sentence_that_marks_its_first_broken_link(told, lang, expected, broken):
    file, report = judged(told)
    chain = next(c for c in chains(file, report) if c.position.iri.endswith("pos-ban"))
    clauses = chain_sentence(chain, file.words, lang)

    assert any(clause.text.startswith(expected) for clause in clauses)
    assert [clause.link for clause in clauses if clause.first_broken] == ([broken] if broken else [])
    assert not any("{" in clause.text for clause in clauses)
