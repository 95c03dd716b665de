"""What changed between two reports is told of the things themselves, however the file was moved or reordered."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import vereend
from manifests import EXAMPLE
from vereend.cli import main
from vereend.differences import outline
from vereend.errors import VereendError
from vereend.reading import Description, parse
from vereend.report import Report
from vereend.validation import validate

TEXT = EXAMPLE.read_text("utf-8")
ADVISING = TEXT.replace("vrd:intervention vc:iv-advise , vc:iv-suspend", "vrd:intervention vc:iv-advise")
RULES = ["R13", "R15", "R26"]


def judged(text: str, name: str = "plein.ttl", **options) -> Report:
    return validate([parse(text, name)], **{"rules": RULES, **options})


def nameless(text: str, *names: str) -> str:
    """Take the names of things away."""
    for name in names:
        text = re.sub(rf"kg:{name}\b", f"_:{name}", text)
    return text


def turned(text: str) -> str:
    """Turn the blocks of a text around, and name its nameless things in another order first: they are numbered anew."""
    head, *blocks = re.split(r"\n(?=# \d\.)", text)
    first = "_:oversight-mandate a vrd:Mandate . _:pos-detain a vrd:LegalPosition ." if "_:pos-ban" in text else ""
    return "\n".join([head, first, *reversed(blocks)])


def kinds(before: Report, after: Report) -> dict[str, int]:
    return {kind: n for kind, n in vereend.diff(before, after).to_dict()["counts"].items() if n}


def test_the_variant_is_really_another():
    assert ADVISING != TEXT


def test_a_breach_that_was_not_there_is_new_and_one_that_is_gone_is_fixed():
    sound, broken = judged(TEXT), judged(ADVISING)
    found = vereend.diff(sound, broken)
    assert {(d.judged.rule, d.before.name, d.after.name) for d in found.of("new")} == {
        ("R13", "satisfied", "violated"),
        ("R15", "satisfied", "violated"),
    }
    assert found.newly_violated
    back = vereend.diff(broken, sound)
    assert len(back.of("fixed")) == len(found.of("new"))
    assert not back.newly_violated


def test_a_report_and_itself_do_not_differ():
    report = judged(ADVISING)
    assert kinds(report, report) == {"same": len(report.verdicts)}
    assert "No verdict differs" in vereend.diff(report, report).to_text("en")


def test_a_moved_and_reordered_file_is_the_same():
    before, after = judged(ADVISING, "a.ttl"), judged(turned(ADVISING), "elsewhere/b.ttl")
    assert kinds(before, after) == {"same": len(before.verdicts)}


def test_things_without_a_name_are_known_by_what_is_said_of_them():
    text = nameless(ADVISING, "pos-ban", "pos-detain", "oversight-mandate", "oversight")
    before, after = judged(text), judged(turned(text))
    numbers = [{(v.rule.number, v.value, v.message["en"]) for v in report.verdicts} for report in (before, after)]
    assert numbers[0] != numbers[1]
    assert kinds(before, after) == {"same": len(before.verdicts)}
    again = vereend.diff(before, after)
    for d in again.of("same"):
        assert d.before.label("en") == d.after.label("en")


def test_a_thing_without_a_name_is_known_when_more_is_said_of_it():
    open_mandate = ADVISING.replace(" ;\n  vrd:completeFor vrd:intervention .", " .")
    assert open_mandate != ADVISING
    names = ("pos-ban", "pos-detain", "oversight-mandate", "oversight")
    before, after = judged(nameless(open_mandate, *names)), judged(turned(nameless(ADVISING, *names)))
    found = vereend.diff(before, after)
    assert {(d.judged.rule, d.before.name, d.after.name) for d in found.of("changed")} == {
        ("R13", "not told", "violated"),
        ("R15", "not told", "violated"),
    }
    assert found.newly_violated
    for d in found.of("changed"):
        assert d.before.label("en") == d.after.label("en")


def test_what_is_not_judged_again_is_not_called_fixed():
    broken = judged(ADVISING)
    assert kinds(broken, judged(ADVISING, rules=["R26"])).keys() == {"same", "lost"}
    assert vereend.diff(broken, validate([])).of("fixed") == []


def test_a_rule_that_does_not_hold_in_another_phase_has_mended_nothing():
    broken = judged(ADVISING, rules=None)
    silent = [r for r in vereend.load().rules.values() if "-" in r.severities]
    found = vereend.diff(broken, judged(TEXT, rules=None, phase="initial"))
    assert silent
    assert {d.judged.rule for d in found.of("fixed")} & {r.number for r in silent if not r.severity("initial")} == set()
    assert found.settings["phase"] == ("consolidation", "initial")


def test_another_severity_is_a_change():
    found = vereend.diff(judged(ADVISING), judged(ADVISING, phase="initial"))
    assert {d.judged.rule for d in found.of("changed")} >= {"R13"}
    assert not found.newly_violated


def test_a_thing_that_is_gone_takes_its_breach_along():
    start = judged(ADVISING)
    without = frozenset(
        s for s in parse(ADVISING, "x").statements if "pos-detain" not in s.subject and "pos-detain" not in s.object
    )
    found = vereend.diff(start, validate([Description("x.ttl", without)], rules=RULES))
    assert [(d.judged.rule, d.after) for d in found.of("fixed")] == [("R13", None)]


def test_the_same_partnership_in_two_files_is_compared_file_by_file():
    before = validate([parse(TEXT, "a.ttl"), parse(ADVISING, "b.ttl")], rules=RULES)
    after = validate([parse(ADVISING, "b.ttl"), parse(TEXT, "a.ttl")], rules=RULES)
    assert kinds(before, after) == {"same": len(before.verdicts)}


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"files": 1}', '{"files": [{"path": "x"}]}', '{"files": [{"path": 1, "partnerships": []}]}'],
)
def test_another_file_is_no_report(tmp_path: Path, content: str):
    path = tmp_path / "x.json"
    path.write_text(content)
    result = CliRunner().invoke(main, ["diff", str(path), str(path)])
    assert result.exit_code == 2
    assert "is not a report" in result.output
    assert "Traceback" not in result.output


def test_a_missing_report_is_told():
    with pytest.raises(VereendError, match="cannot be read"):
        vereend.differences.read_report("nowhere.json")


@pytest.mark.parametrize(("before", "after", "status"), [(TEXT, TEXT, 0), (TEXT, ADVISING, 1), (ADVISING, TEXT, 0)])
def test_the_command_tells_by_its_status_whether_anything_is_newly_violated(
    tmp_path: Path, before: str, after: str, status: int
):
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path, text in zip(paths, (before, after), strict=True):
        path.write_text(judged(text).to_json())
    found = CliRunner().invoke(main, ["diff", *map(str, paths), "--format", "json"])
    assert found.exit_code == status
    assert json.loads(found.output)["newlyViolated"] == bool(status)
    for lang, word in (("nl", "Nieuw"), ("en", "New")):
        assert word in CliRunner().invoke(main, ["diff", *map(str, paths), "--lang", lang]).output


def test_a_file_that_can_no_longer_be_judged_is_named(tmp_path: Path):
    broken = TEXT.replace("vrd:relation vc:rel-subordinate", "vrd:relation vc:rel-subordinate , vc:rel-equal")
    found = vereend.diff(judged(TEXT), judged(broken))
    assert found.unjudged == ("plein.ttl",)
    assert "plein.ttl" in found.to_text("nl")


@pytest.mark.parametrize("names", [(), ("pos-ban", "pos-detain", "oversight-mandate")])
def test_an_outline_is_compared_as_the_report_itself_would_be(names):
    sound, broken = judged(nameless(TEXT, *names)), judged(turned(nameless(ADVISING, *names)))

    assert vereend.diff(outline(sound), broken).to_dict() == vereend.diff(sound, broken).to_dict()
    assert len(json.dumps(outline(sound))) < len(sound.to_json()) / 2


def test_a_report_with_anything_but_words_where_words_stand_is_refused():
    told = json.loads(judged(TEXT).to_json())
    told["files"][0]["partnerships"][0]["verdicts"][0]["focusLabel"] = {"nl": ["geen tekst"]}
    with pytest.raises(VereendError, match="is not a report"):
        vereend.diff(told, judged(TEXT))
