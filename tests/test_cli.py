"""The command line tells what the library tells, in both languages, with the right exit status."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from manifests import EXAMPLE, ROOT
from vereend.cli import main
from vereend.reading import read

ADVICE = EXAMPLE.with_name("veilig-plein-advies.ttl")
CASES = sorted((ROOT / "kg" / "cases").glob("*.ttl"))


def run(*arguments: object):
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


@pytest.mark.parametrize(
    ("path", "status"), [(EXAMPLE, 0), (ADVICE, 1), (ROOT / "README.md", 2), (ROOT / "none.ttl", 2)]
)
@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_exit_status(path, status, engine):
    assert run("validate", path, "--engine", engine).exit_code == status


def test_the_four_cases_are_told_in_words_and_nothing_is_violated_that_is_only_not_told():
    result = run("validate", *CASES, "--lang", "nl")
    assert len(CASES) == 4
    assert result.exit_code == 1
    assert result.output.count("voldoet nog niet") == 4
    assert "niet verteld" in result.output
    assert "geschonden" not in result.output


def test_json_follows_the_contract(tmp_path: Path):
    broken = tmp_path / "broken.ttl"
    broken.write_text("kg:pps a")
    out = tmp_path / "report.json"
    result = run("validate", EXAMPLE, ADVICE, broken, "--format", "json", "--out", out)
    assert result.exit_code == 2
    content = json.loads(out.read_text("utf-8"))
    assert content.keys() >= {"vereend", "engine", "conforms", "files"}
    assert content["conforms"] is False
    assert [(f["path"], f["readable"]) for f in content["files"]][:2] == [(str(EXAMPLE), True), (str(ADVICE), True)]
    assert content["files"][2]["readable"] is False
    assert "well-formed" in content["files"][2]["error"]["problem"]
    (partnership,) = content["files"][0]["partnerships"]
    assert partnership.keys() >= {"iri", "label", "phase", "conforms", "verdicts", "unchecked"}
    assert partnership["label"] == {"nl": "Veilig Plein", "en": "Safe Square"}


def test_two_values_for_one_feature_cannot_be_judged(tmp_path: Path):
    file = tmp_path / "two.ttl"
    text = EXAMPLE.read_text("utf-8").replace(
        "vrd:relation vc:rel-subordinate", "vrd:relation vc:rel-subordinate , vc:rel-equal"
    )
    file.write_text(text)
    result = run("validate", file, "--lang", "en")
    assert result.exit_code == 2
    assert "cannot be judged" in result.output
    assert re.search(r"line \d+, column \d+: Safe Square: “.*” has more than one value here", result.output)


@pytest.mark.parametrize("arguments", [["--on", "yesterday"], ["--rules", "R99"]])
def test_a_wrong_option_is_told_and_nothing_is_judged(arguments):
    result = run("validate", EXAMPLE, *arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert "vereend: '" in result.stderr


def test_explain_gives_rule_reason_evidence_law_sources_remedy_and_examples():
    result = run("explain", ADVICE, "r13", "--lang", "en")
    assert result.exit_code == 0
    for wanted in (
        "VIOLATED (imposing a shop ban)",
        "What this rests on",
        "vrd:covers vc:coercion",
        "C200",
        "p. 13, lines 492–493",
        "Remedy",
        "Severity by phase",
        "Guideline: Guideline 3",
        "Satisfied when the description says:\n  … is under oversight: …",
        "The oversight can only advise or report and cannot intervene bindingly.",
        "SATISFIED: Safe Square\n    Safe Square is under oversight",
        "VIOLATED: Safe Square, without “",
    ):
        assert wanted in result.output, wanted
    law = run("explain", ADVICE, "R12", "--lang", "en").output
    assert "Anyone may arrest a suspect caught in the act" in law


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_question_says_what_it_is_about(lang):
    label = {"nl": "winkelverbod opleggen", "en": "imposing a shop ban"}[lang]
    assert f"    {label}: " in run("validate", EXAMPLE, "--rules", "R20", "--lang", lang).output
    assert f"({label}): " in run("explain", EXAMPLE, "R20", "--lang", lang).output


def test_forms_in_words():
    result = run("forms", CASES[-1], "--reasoner", "sparql", "--lang", "nl")
    assert "verwacht: concessie" in result.output
    assert "vraag naar" in result.output


def test_convert_writes_whole_files_only(tmp_path: Path):
    target = tmp_path / "plein.jsonld"
    assert run("convert", EXAMPLE, target).exit_code == 0
    assert read(target).statements == read(EXAMPLE).statements
    assert run("convert", EXAMPLE, tmp_path / "plein.docx").exit_code == 2
    assert run("convert", EXAMPLE, tmp_path / "none" / "plein.ttl").exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["plein.jsonld"]


@pytest.mark.parametrize("format_", ["table", "json", "graphml", "gexf"])
def test_network_is_exported(format_):
    result = run("network", EXAMPLE, "--format", format_, "--lang", "en")
    assert result.exit_code == 0
    assert "imposing a shop ban" in result.output


def test_query_asks_the_whole_graph_and_what_is_added():
    text = "SELECT ?label { ?p a vrd:Partnership ; rdfs:label ?label FILTER(lang(?label) = 'nl') } ORDER BY ?label"
    result = run("query", "-e", text, "--format", "csv")
    assert result.exit_code == 0
    assert "Veilig Plein" in result.output
    assert run("query", "-e", "SELECT * { SERVICE <http://a> { ?s ?p ?o } }").exit_code == 2
    assert run("query").exit_code == 2


def test_every_command_has_help_with_an_example():
    for name, command in main.commands.items():
        result = run(name, "--help")
        assert result.exit_code == 0
        if command.params and name not in ("verify-sources",):
            assert "Example" in result.output, name


def test_help_does_not_wait_for_the_engines():
    heavy = "{'rdflib', 'pyoxigraph', 'pyshacl', 'owlready2', 'flask'}"
    code = f"import sys, vereend.cli; sys.exit(bool({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0


def test_a_pipe_that_closes_early_is_no_error():
    command = f'"{sys.executable}" -m vereend.cli validate "{EXAMPLE}" | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("Veilig Plein")


def test_shapes_of_others_judge_any_file(tmp_path: Path):
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://example.org/> .\n"
        ":S a sh:NodeShape ; sh:targetClass :Person ; sh:property [ sh:path :knows ; sh:class :Person ] ."
    )
    data.write_text("@prefix : <http://example.org/> . :a a :Person ; :knows :b .")
    result = run("validate", str(data), "--shapes", str(shapes), "--lang", "en")

    assert result.exit_code == 1
    assert "not told" in result.stdout
    refused = run("validate", str(data), "--shapes", str(shapes), "--phase", "initial")
    assert (refused.exit_code, "do not go with --shapes" in refused.stderr) == (2, True)
