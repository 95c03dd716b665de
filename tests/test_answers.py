"""What a person answers is kept beside the description, shown again, and never taken for a finding of the rule."""

import csv
import io
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from rdflib import Graph

import vereend
from manifests import EXAMPLE
from vereend import formats
from vereend.answers import checked_initials, file_beside, latest, read_answers
from vereend.cli import main
from vereend.errors import VereendError
from vereend.reading import read
from vereend.terms import term
from vereend.verdicts import Verdict
from vereend.vocabulary import vocabulary

BAN = "kg:pos-ban"


@pytest.fixture
def plein(tmp_path: Path) -> Path:
    path = tmp_path / "plein.ttl"
    path.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    return path


def answer(path: Path, **options):
    given = {"yes": True, "reason": "drie maanden, per winkel", "initials": "AB", "lang": "nl", "value": BAN}
    return vereend.answer(path, "R20", **(given | options))


def asked(path: Path, value: str = "pos-ban>") -> Verdict:
    report = vereend.validate([read(path)], rules=["R20"])
    (found,) = (v for v in report.verdicts if v.value and v.value.endswith(value))
    return found


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_an_answer_is_shown_again_and_changes_no_verdict(plein: Path):
    before = vereend.validate([read(plein)])
    answer(plein, on="2026-01-02")
    verdict = asked(plein)

    assert (verdict.verdict, verdict.answer.yes, verdict.answer.review_again) == ("for a person", True, False)
    assert (verdict.answer.reason, verdict.answer.initials, verdict.answer.date) == (
        ("drie maanden, per winkel", "nl"),
        "AB",
        "2026-01-02",
    )
    after = vereend.validate([read(plein)])
    assert [(v.rule.number, v.value, v.verdict) for v in after.verdicts] == [
        (v.rule.number, v.value, v.verdict) for v in before.verdicts
    ]
    assert after.conforms == before.conforms
    assert asked(plein, "pos-damages>").answer is None


def test_a_statement_more_about_what_is_judged_asks_for_review(plein: Path):
    answer(plein)
    change(
        plein, "kg:pos-ban a vrd:LegalPosition ;", 'kg:pos-ban a vrd:LegalPosition ; vrd:until "2031-01-01"^^xsd:date ;'
    )
    assert asked(plein).answer.review_again


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"winkelverbod opleggen"@nl', '"winkelverbod geven"@nl'),  # a label
        (
            "kg:pos-arrest a vrd:LegalPosition ;",
            'kg:pos-arrest a vrd:LegalPosition ; vrd:until "2031-01-01"^^xsd:date ;',
        ),
    ],
    ids=["a label", "another power"],
)
def test_what_the_answer_was_not_given_on_asks_for_no_review(plein: Path, old: str, new: str):
    answer(plein)
    change(plein, old, new)
    assert not asked(plein).answer.review_again


def test_reordering_and_moving_ask_for_no_review(plein: Path, tmp_path: Path):
    answer(plein)
    head, *blocks = re.split(r"\n(?=# \d+\.)", plein.read_text("utf-8"))
    assert len(blocks) > 2
    (tmp_path / "elders").mkdir()
    moved = tmp_path / "elders" / "ander.ttl"
    moved.write_text("\n".join([head, *reversed(blocks)]), "utf-8")
    file_beside(plein).rename(file_beside(moved))
    assert not asked(moved).answer.review_again


def test_a_later_answer_stands_and_the_earlier_one_is_kept(plein: Path):
    first = answer(plein, on="2026-03-01")
    second = answer(plein, yes=False, reason="te lang", initials="C.D.", on="2026-03-01")
    kept = read_answers(file_beside(plein))

    assert {a.reason.value for a in kept} == {"drie maanden, per winkel", "te lang"}
    assert second.revises == first.name
    assert latest(kept)[second.key] == second
    assert asked(plein).answer.yes is False


def test_an_answer_whose_question_is_gone_is_told(plein: Path):
    answer(plein)
    text = plein.read_text("utf-8")
    plein.write_text(text.replace("kg:pos-ban", "kg:pos-other"), "utf-8")
    report = vereend.validate([read(plein)])
    assert [a.key[0] for a in report.files[0].loose_answers] == ["R20"]
    for form in ("text", "md", "html"):
        assert "drie maanden, per winkel" in report.to(form, "nl")
    assert json.loads(report.to_json())["files"][0]["looseAnswers"][0]["rule"] == "R20"
    assert vereend.validate([read(plein)], rules=["R13"]).files[0].loose_answers == ()


@pytest.mark.parametrize("form", formats.NAMES)
def test_every_form_shows_the_answer_and_asks_for_review(plein: Path, form: str):
    reason = 'drie maanden <b>en</b> "niet" meer'
    answer(plein, reason=reason)
    shown = vereend.validate([read(plein)], rules=["R20"])
    assert "maanden" in shown.to(form, "nl")
    assert "<b>en</b>" not in shown.to("html", "nl")
    change(
        plein, "kg:pos-ban a vrd:LegalPosition ;", 'kg:pos-ban a vrd:LegalPosition ; vrd:until "2031-01-01"^^xsd:date ;'
    )
    again = vereend.validate([read(plein)], rules=["R20"])
    assert again.to(form, "nl") != shown.to(form, "nl")
    if form in ("text", "md", "html", "junit"):
        assert "Bekijk dit opnieuw" in again.to(form, "nl")
        assert "Bekijk dit opnieuw" not in shown.to(form, "nl")
    elif form == "json":
        answers = [v["answer"] for v in again.to_dict()["files"][0]["partnerships"][0]["verdicts"] if v["answer"]]
        assert answers[0].keys() == {"answer", "reason", "initials", "date", "reviewAgain"}
        assert (answers[0]["answer"], answers[0]["reason"], answers[0]["reviewAgain"]) == ("yes", reason, True)
    elif form == "csv":
        rows = [r for r in csv.DictReader(io.StringIO(again.to_csv("nl"))) if r["answer"]]
        assert [(r["answer"], r["answerReviewAgain"]) for r in rows] == [("ja", "ja")]


def test_the_file_is_prov_in_terms_of_the_ontology(plein: Path):
    given = answer(plein)
    answer(plein, yes=False, initials="EF", on="2026-11-01")
    graph = Graph().parse(file_beside(plein), format="turtle")
    known = vocabulary()
    for _, predicate, obj in graph:
        for name in (f"<{predicate}>", f"<{obj}>"):
            if name.startswith("<https://w3id.org/vereend/ns#"):
                assert name in known.properties | known.classes, name
    kinds = [str(q.object) for q in ox.parse(path=file_beside(plein)) if str(q.subject) == given.name]
    assert term("prov:Entity") in kinds
    assert term("vrd:Answer") in kinds
    assert file_beside(plein).read_text("utf-8").count("@prefix vrd:") == 1


@pytest.mark.parametrize("text", ["", "Anna de Boer", "Anna1", "ABCDEFG", "A B", "4"])
def test_a_name_is_not_taken_for_initials(text: str):
    with pytest.raises(VereendError, match="initials"):
        checked_initials(text)


@pytest.mark.parametrize("text", ["AB", "A.B.", " É.J. ", "x"])
def test_initials_are_taken(text: str):
    assert checked_initials(text) == text.strip()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"value": None}, "asks several things"),
        ({"value": "kg:pos-arrest"}, "leaves nothing to a person"),
        ({"value": "kg:pos-bann"}, "is not named"),
        ({"reason": "  "}, "is empty"),
        ({"on": "2999-01-01"}, "is a day to come"),
        ({"initials": "Anna de Boer"}, "is not a set of initials"),
    ],
)
def test_an_answer_to_nothing_is_refused_and_nothing_is_kept(plein: Path, options, problem: str):
    with pytest.raises(VereendError, match=problem):
        answer(plein, **options)
    assert not file_beside(plein).exists()


def test_a_thing_without_a_name_cannot_be_answered_about(plein: Path):
    change(plein, BAN, "_:ban")
    with pytest.raises(VereendError, match="has no name"):
        vereend.answer(plein, "R20", yes=True, reason="x", initials="AB", lang="nl", value="1")


def test_a_broken_file_of_answers_is_named(plein: Path):
    answer(plein)
    file = file_beside(plein)
    file.write_text(file.read_text("utf-8").replace("vrd:affirms true", 'vrd:initials "AB"'), "utf-8")
    with pytest.raises(VereendError, match="vrd:affirms"):
        read(plein)
    file.write_text("<a", "utf-8")
    with pytest.raises(VereendError, match=r"plein\.answers\.ttl: is not well-formed"):
        read(plein)


def test_on_the_command_line(plein: Path):
    def run(*arguments: str):
        return CliRunner().invoke(main, ["answer", str(plein), *arguments], catch_exceptions=False)

    listed = run("--lang", "en")
    assert "[R20 --value kg:pos-ban]" in listed.output
    assert "Answer:" not in listed.output
    given = run("r20", "--value", "pos-ban", "--no", "--reason", "too long", "--initials", "AB", "--lang", "en")
    assert given.exit_code == 0
    assert "Answer: no (AB, " in given.output
    assert run("R20", "--yes", "--reason", "x").exit_code == 2
    assert run("R20", "--reason", "x", "--initials", "AB").exit_code == 2
    judged = CliRunner().invoke(main, ["validate", str(plein), str(file_beside(plein)), "--lang", "en"])
    assert judged.exit_code == 0
    assert "too long" in judged.output


def test_content_holds_no_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "kg").mkdir()
    for name in ("plein.ttl", "plein.answers.ttl"):
        (tmp_path / "kg" / name).touch()
    monkeypatch.setattr("vereend.content.root", lambda: tmp_path)
    assert [p.name for p in vereend.content.turtle_files("kg")] == ["plein.ttl"]
