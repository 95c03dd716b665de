"""Forms are certain, excluded or open as the features entail; two reasoners and the classifier agree."""

import itertools

import pytest

from manifests import patched
from vereend.errors import VereendError
from vereend.form_reasoning import forms, logical_part, run_reasoner
from vereend.reading import Description

C, E, O = "certain", "excluded", "open"  # noqa: E741
_CONTRIBUTE = "kg:p-police vrd:contributes kg:c1 . kg:p-security vrd:contributes kg:c2 . "
_THIRD = "kg:p-shops vrd:contributes kg:c3 . kg:c3 a vrd:Contribution . "
_THINGS = "kg:c1 a vrd:Contribution . kg:c2 a vrd:Contribution . "
_NETWORK = (
    "kg:pps vrd:relation vc:rel-subordinate . kg:pps vrd:delimitation vc:dlm-delimited .",
    "kg:pps vrd:relation vc:rel-networked ; vrd:delimitation vc:dlm-open . " + _CONTRIBUTE + _THINGS,
)
_OPEN_LIST = " kg:pps vrd:completeFor vrd:hasParticipation ."
CASES = {
    "concession": (patched(), (C, E, E)),
    "alliance": (
        patched(
            "kg:pps vrd:relation vc:rel-subordinate ; vrd:mainAgreementBasis vc:agr-formal .",
            "kg:pps vrd:relation vc:rel-equal ; vrd:mainAgreementBasis vc:agr-informal .",
        ),
        (E, C, E),
    ),
    "improvisation, partners complete": (patched(_NETWORK[0], _NETWORK[1] + _THIRD), (E, E, C)),
    "improvisation, partners not complete": (patched(_NETWORK[0] + _OPEN_LIST, _NETWORK[1] + _THIRD), (E, E, O)),
    "one contribution not told": (patched(*_NETWORK), (E, E, O)),
    "one contributes nothing": (
        patched(_NETWORK[0], _NETWORK[1] + "kg:p-shops vrd:completeFor vrd:contributes ."),
        (E, E, E),
    ),
    "delimitation not told": (
        patched(_NETWORK[0], _NETWORK[1].replace("; vrd:delimitation vc:dlm-open", "") + _THIRD),
        (E, E, O),
    ),
    "relation not told": (patched("kg:pps vrd:relation vc:rel-subordinate ."), (O, E, E)),
}


def status(told, reasoner: str) -> tuple[str, ...]:
    (report,) = forms(Description("test.ttl", told), reasoner)
    return tuple(report.status.values())


@pytest.mark.parametrize(("told", "expected"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("reasoner", ["hermit", "pellet"])
def test_a_reasoner_finds_what_the_features_entail(told, expected, reasoner):
    assert status(told, reasoner) == expected


@pytest.mark.parametrize(("told", "expected"), CASES.values(), ids=CASES)
def test_the_classifier_never_says_more_than_the_reasoner(told, expected):
    assert all(quick in (exact, O) for quick, exact in zip(status(told, "sparql"), expected, strict=True))


_RELATIONS = ["rel-subordinate", "rel-equal", "rel-networked"]
_AGREEMENTS = ["agr-formal", "agr-informal"]
_DELIMITATIONS = ["dlm-delimited", "dlm-open"]
CLOSED = list(itertools.product(_RELATIONS, _AGREEMENTS, _DELIMITATIONS, ["crd-police", "crd-joint"], [True, False]))


def test_the_classifier_agrees_on_closed_descriptions():
    """Every feature told and every list complete, eight descriptions in one file: one run of the reasoner."""
    told = frozenset()
    start = patched(
        "kg:pps vrd:relation vc:rel-subordinate ; vrd:mainAgreementBasis vc:agr-formal ; "
        "vrd:delimitation vc:dlm-delimited ; vrd:coordination vc:crd-police ."
    )
    for number, (relation, agreement, delimitation, coordination, all_contribute) in enumerate(CLOSED[::6]):
        one = patched(
            add=f"kg:pps vrd:relation vc:{relation} ; vrd:mainAgreementBasis vc:{agreement} ; "
            f"vrd:delimitation vc:{delimitation} ; vrd:coordination vc:{coordination} . "
            + _CONTRIBUTE
            + _THINGS
            + (_THIRD if all_contribute else "kg:p-shops vrd:completeFor vrd:contributes . "),
            start=start,
        )
        told |= {s._make(x.replace("/kg/veilig-plein/", f"/kg/p{number}/") for x in s) for s in one}
    description = Description("closed.ttl", told)

    exact = [report.status for report in forms(description, "hermit")]
    quick = [report.status for report in forms(description, "sparql")]

    assert quick == exact
    assert {o for one in exact for o in one.values()} == {C, E}


def test_an_open_form_names_what_to_ask():
    (report,) = forms(Description("test.ttl", CASES["relation not told"][0]))
    assert [name.rsplit("#")[-1] for name in report.questions["concession"]] == ["relation>"]


def test_statements_that_contradict_each_other_are_an_error():
    told = patched(add="kg:pps vrd:relation vc:rel-equal .")
    with pytest.raises(VereendError) as caught:
        status(told, "hermit")
    assert caught.value.problem == "contradicts itself"


@pytest.mark.parametrize("reasoner", ["hermit", "pellet"])
def test_the_ontology_is_consistent_and_every_class_can_have_a_member(reasoner):
    assert run_reasoner(logical_part(), reasoner, "ontology/") == set()
