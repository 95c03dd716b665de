"""What is inferred is asked for, said, the same for every engine, and never evidence."""

import json
import re

import pytest
from click.testing import CliRunner

from manifests import EXAMPLE, base, patched
from vereend.cli import main
from vereend.engines import ENGINES
from vereend.errors import VereendError
from vereend.foreign import read_shapes, validate_by
from vereend.formats import NAMES
from vereend.inference import inferred
from vereend.reading import Description, parse
from vereend.validation import validate

SCHEMA = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <urn:x:> .
:Dog rdfs:subClassOf :Animal . :Animal rdfs:subClassOf :Being . :barksAt rdfs:subPropertyOf :meets .
:meets rdfs:domain :Being ; rdfs:range :Being . :rex a :Dog ; :barksAt :tom ; :age 3 .
"""


def described(text: str) -> Description:
    return parse(text, "data.ttl", "turtle", foreign=True)


def test_the_six_patterns_of_rdfs_and_no_more():
    found = inferred(described(SCHEMA).statements, "rdfs")

    assert {tuple(re.split("[:#]", x)[-1].strip(">") for x in s) for s in found} == {
        ("Dog", "subClassOf", "Being"),
        ("rex", "type", "Animal"),
        ("rex", "type", "Being"),
        ("rex", "meets", "tom"),
        ("tom", "type", "Being"),
    }


def test_nothing_is_inferred_unless_asked():
    assert inferred(described(SCHEMA).statements, "none") == frozenset()
    with pytest.raises(VereendError, match="is not an inference"):
        validate([Description("plein.ttl", base())], inference="owl")


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_a_kind_that_follows_is_a_kind_for_every_engine_and_no_evidence(engine: str):
    untyped = patched("kg:assessment a vrd:LegalAssessment .")
    as_told, with_more = (
        validate([Description("plein.ttl", untyped)], engine=engine, inference=name, rules=["R10", "R11", "R31"])
        for name in ("none", "rdfs")
    )

    assert (as_told.assessable, with_more.assessable) == (False, True)
    assert with_more.verdicts
    for verdict in with_more.verdicts:
        assert set(verdict.evidence) <= untyped
    for partnership in with_more.files[0].partnerships:
        assert set(partnership.judgement.unchecked) <= untyped


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("inference", ["none", "rdfs"])
def test_every_form_of_the_report_says_what_was_inferred(form: str, inference: str):
    shown = validate([Description("plein.ttl", base())], rules=["R13"], inference=inference).to(form, "en")

    line = next(line for line in shown.splitlines() if "nference" in line)
    assert inference in shown[shown.index(line) :]


def test_shapes_of_others_see_what_follows_where_it_is_asked(tmp_path):
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetNode <urn:x:tom> ; "
        "sh:class <urn:x:Being> .",
        "utf-8",
    )
    for engine in ("fast", "pyshacl"):
        conforms = [
            validate_by([described(SCHEMA)], read_shapes([shapes]), engine=engine, inference=name).conforms
            for name in ("none", "rdfs")
        ]
        assert conforms == [False, True], engine


def test_the_command_tells_that_inference_changes_answers():
    runner = CliRunner()

    assert "changes the answers" in " ".join(runner.invoke(main, ["validate", "--help"]).output.split())
    shown = runner.invoke(main, ["validate", str(EXAMPLE), "--rules", "R13", "--inference", "rdfs", "--format", "json"])
    assert json.loads(shown.output)["inference"] == "rdfs"
