"""The chain from a coercive power to who can stop it tells what is told, and breaks where a verdict says so."""

import pytest

from manifests import base, patched
from vereend.accountability import BROKEN, TOLD, UNTOLD, chains, positions
from vereend.reading import Description
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
