"""Every form of a report tells the same verdicts, whatever there was to judge, and can be read by what it is for."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.compare import isomorphic

from manifests import EXAMPLE, ROOT, patched
from vereend import formats
from vereend.errors import VereendError
from vereend.formats.markdown import escaped
from vereend.formats.spreadsheet import guarded
from vereend.reading import Description, parse, read
from vereend.report import Report, Unreadable
from vereend.terms import LANGUAGES
from vereend.validation import validate

ADVICE = EXAMPLE.with_name("veilig-plein-advies.ttl")
SHOPLIFTING = ROOT / "kg" / "cases" / "shoplifting.ttl"
SH = Namespace("http://www.w3.org/ns/shacl#")
NASTY = '=HYPERLINK("http://x") | <b>*a*</b> & "q"\u0001'


def unreadable() -> Unreadable:
    with pytest.raises(VereendError) as caught:
        parse("kg:pps a", "map/stuk één.ttl")
    return Unreadable("map/stuk één.ttl", caught.value)


def two_values() -> Description:
    text = EXAMPLE.read_text("utf-8").replace(
        "vrd:relation vc:rel-subordinate", "vrd:relation vc:rel-subordinate , vc:rel-equal"
    )
    return parse(text, "two.ttl")


def two_partnerships() -> Description:
    text = EXAMPLE.read_text("utf-8")
    return parse(text + ADVICE.read_text("utf-8"), "both.ttl")


def nasty() -> Description:
    text = ADVICE.read_text("utf-8").replace('"winkelverbod opleggen"@nl', json.dumps(NASTY) + "@nl")
    return parse(text.replace('"imposing a shop ban"@en', json.dumps(NASTY) + "@en"), "=2+2.ttl")


def unlabelled() -> Description:
    label = '  rdfs:label "Veilig Plein, alleen advies"@nl , "Safe Square, advice only"@en ;\n'
    text = ADVICE.read_text("utf-8")
    assert label in text
    return parse(text.replace(label, ""), "no-label.ttl")


REPORTS = {
    "one file": lambda: validate([read(ADVICE)]),
    "several files": lambda: validate([read(ADVICE), read(SHOPLIFTING)], rules=["R13", "R26"]),
    "several partnerships": lambda: validate([two_partnerships()], rules=["R13"]),
    "cannot be judged": lambda: validate([two_values()]),
    "a partnership without a label": lambda: validate([unlabelled()], rules=["R13"]),
    "labels that are markup": lambda: validate([nasty()], rules=["R13"]),
    "unreadable beside readable": lambda: validate([read(EXAMPLE)], rules=["R13"]).with_unreadable([unreadable()]),
    "unreadable alone": lambda: validate([]).with_unreadable([unreadable()]),
    "nothing": lambda: validate([]),
}


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


@pytest.fixture(scope="module")
def advice() -> Report:
    return validate([read(ADVICE)])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", formats.NAMES)
def test_every_form_can_be_written_and_names_what_was_not_judged(report: Report, form: str, lang: str):
    text = report.to(form, lang)
    assert text == report.to(form, lang)
    for _ in report.unreadable:
        if form not in ("turtle", "jsonld"):
            assert "well-formed" in text
            assert re.search("stuk (één|%C3%A9%C3%A9n)", text)
    for finding in (f for file in report.files for f in file.structure):
        if form not in ("text", "md", "html", "csv", "junit", "sarif"):
            continue
        assert finding.message[lang].split(":")[0] in text


def test_an_unknown_form_is_told():
    with pytest.raises(VereendError, match="Choose one of text, json"):
        validate([]).to("docx", "nl")


def test_what_could_not_be_read_does_not_conform():
    found = REPORTS["unreadable beside readable"]()
    assert not found.conforms
    assert not found.assessable
    assert json.loads(found.to_json())["conforms"] is False
    assert json.loads(found.to_json())["files"][1]["path"] == "map/stuk één.ttl"


# --- for programs -----------------------------------------------------------------------------------------------------


def test_turtle_and_json_ld_hold_the_same_graph(report: Report):
    turtle = Graph().parse(data=report.to_turtle(), format="turtle")
    assert isomorphic(turtle, Graph().parse(data=report.to_jsonld(), format="json-ld"))
    (top,) = turtle.subjects(RDF.type, SH.ValidationReport)
    assert bool(turtle.value(top, SH.conforms)) == report.conforms
    expected = sum(v.is_result for v in report.verdicts) + sum(len(f.structure) for f in report.files)
    assert len(list(turtle.objects(top, SH.result))) >= expected


def test_sarif_has_what_the_standard_asks_for(report: Report):
    sarif = json.loads(report.to_sarif("en"))
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids))
    found = len(report.verdicts) + sum(len(f.structure) for f in report.files)
    assert len(run["results"]) == found
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        assert result["kind"] in ("fail", "open", "review", "pass", "notApplicable")
        assert (result["level"] == "none") == (result["kind"] != "fail")
        for location in result["locations"]:
            place = location["physicalLocation"]
            uri = run["artifacts"][place["artifactLocation"]["index"]]["location"]["uri"]
            assert uri == place["artifactLocation"]["uri"]
            assert " " not in uri
            if "region" in place:
                assert 1 <= place["region"]["startColumn"] < place["region"]["endColumn"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] == report.assessable
    notes = invocation["toolExecutionNotifications"]
    assert len(notes) == len(report.unreadable)
    for note in notes:
        assert note["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1}


def test_sarif_points_at_the_term_that_was_judged(advice: Report):
    lines = ADVICE.read_text("utf-8").splitlines()
    (run,) = json.loads(advice.to_sarif("nl"))["runs"]
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        term = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        judged = result["properties"]["value"] or result["properties"]["focus"]
        assert term.split(":")[1] == judged.rsplit("/", 1)[1]


def test_silence_is_no_failure_in_sarif():
    (run,) = json.loads(validate([read(SHOPLIFTING)]).to_sarif("nl"))["runs"]
    kinds = {r["properties"]["verdict"]: (r["kind"], r["level"]) for r in run["results"]}
    assert kinds["not told"] == ("open", "none")


def test_junit_counts_what_it_holds(report: Report):
    root = Xml.fromstring(report.to_junit("nl"))
    cases = list(root.iter("testcase"))
    structure = sum(len(f.structure) for f in report.files)
    assert len(cases) == len(report.verdicts) + structure + len(report.unreadable)
    assert int(root.get("tests")) == len(cases)
    assert int(root.get("failures")) == sum(v.is_result for v in report.verdicts)
    assert int(root.get("errors")) == structure + len(report.unreadable)
    for suite in root:
        assert int(suite.get("tests")) == len(list(suite.iter("testcase")))
    assert all(case.get("name") and case.get("classname") for case in cases)


# --- for people -------------------------------------------------------------------------------------------------------


def test_csv_has_a_row_for_each_verdict(report: Report):
    rows = list(csv.DictReader(io.StringIO(report.to_csv("nl"), newline="")))
    judged = [row for row in rows if row["outcome"] == "judged"]
    assert [(r["rule"], r["verdict"]) for r in judged] == [(v.rule.number, v.verdict) for v in report.verdicts]
    assert sum(r["outcome"] == "unreadable" for r in rows) == len(report.unreadable)
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)


@pytest.mark.parametrize("cell", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(cell: str):
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "winkelverbod", "– geen", "a=b", "'=1"])
def test_another_cell_stays_as_it_is(cell: str):
    assert guarded(cell) == cell


def test_markdown_reads_labels_as_words():
    assert escaped("a | <b>\n*c* `d` [e](f)") == "a \\| \\<b\\> \\*c\\* \\`d\\` \\[e\\](f)"
    assert "<b>" not in REPORTS["labels that are markup"]().to_md("nl")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_needs_nothing_beside_it(report: Report, lang: str):
    page = report.to_html(lang)
    assert f'<html lang="{lang}">' in page
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#|data:)|url\(|@import""", page)
    assert "<b>*a*</b>" not in page
    used = set(re.findall(r'<use href="#([\w-]+)"', page))
    assert used <= set(re.findall(r'<symbol id="([\w-]+)"', page))


def test_a_page_tells_evidence_sources_remedy_and_what_no_rule_looked_at(advice: Report):
    page = advice.to_html("en")
    for wanted in ("violated", "What this rests on", "C200", "p. 13, lines 492–493", "Remedy", "Looked at by no rule"):
        assert wanted in page
    assert advice.engine in page and advice.date in page
    assert "phase consolidation" in page
    for verdict in (v for v in advice.verdicts if v.verdict == "not applicable"):
        assert f'<span class="id">{verdict.rule.number}</span> <span>' in page


def test_a_notebook_shows_the_page_in_a_frame(advice: Report):
    frame = advice._repr_html_()
    assert frame.startswith("<iframe")
    assert "&lt;html" in frame
    assert "<html" not in frame


def test_tokens_and_marks_are_the_viewers():
    def tokens(path: Path) -> dict[str, str]:
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL).split("@media")[0]
        return {name: " ".join(value.split()) for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", text)}

    def marks(path: Path) -> dict[str, str]:
        return dict(re.findall(r'<symbol id="([\w-]+)" viewBox=[^>]*>(.*?)</symbol>', path.read_text("utf-8")))

    here, there = Path(formats.__file__).parent, ROOT / "webui"
    own = {name: value for name, value in tokens(here / "page.css").items() if name not in ("v", "n")}
    assert own.items() <= tokens(there / "frontend/src/tokens.css").items()
    assert len(own) > 20
    own_marks = marks(here / "marks.html")
    assert own_marks.items() <= marks(there / "vereend_webui/templates/_macros/marks.svg").items()
    assert len(own_marks) == 8


def test_the_text_tells_one_remedy_of_a_rule_once_with_all_that_it_would_mend():
    report = validate([Description("plein.ttl", patched("kg:oversight-mandate vrd:intervention vc:iv-suspend ."))])
    found = [v for v in report.verdicts if v.rule.number == "R13" and v.verdict == "violated"]
    shown = report.to_text("en")

    assert len(found) > 1
    assert all(v.message["en"] in shown for v in found)
    assert shown.count(found[0].remedy["en"]) == 1
