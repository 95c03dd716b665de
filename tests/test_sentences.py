"""A description is read out whole: every statement in one sentence, and nothing besides."""

import json
import re

import pytest
from click.testing import CliRunner

from manifests import EXAMPLE
from vereend import content
from vereend.cli import main
from vereend.errors import UnknownEntity
from vereend.reading import parse, read
from vereend.sentences import read_out, to_text
from vereend.terms import LANGUAGES
from vereend.vocabulary import vocabulary

FILES = [*content.turtle_files("kg", "cases"), *content.turtle_files("kg", "examples")]
HEAD = """@prefix vrd: <https://w3id.org/vereend/ns#> . @prefix vc: <https://w3id.org/vereend/concept/> .
@prefix kg: <https://w3id.org/vereend/kg/plein/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def said(turtle: str, lang: str = "en", about: str | None = None) -> str:
    turtle += " kg:pps a vrd:Partnership ."
    return to_text(read_out(parse(HEAD + turtle, "plein.ttl"), lang, about))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_statement_is_in_exactly_one_sentence(path, lang):
    description = read(path)
    told = [s for passage in read_out(description, lang) for sentence in passage.sentences for s in sentence.statements]

    assert sorted(told) == sorted(description.statements)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_shows_a_technical_name_or_an_open_place(lang):
    text = to_text(read_out(read(EXAMPLE), lang))

    assert not re.search(r"[{}]|https://w3id|vrd:|\bNone\b|genid", text)


def test_every_sentence_of_a_property_has_a_place_for_what_it_is_about():
    told = {s.predicate: 0 for s in vocabulary().statements}
    assert "<https://w3id.org/vereend/ns#sentence>" in told
    for subject, predicate, spelled in vocabulary().statements:
        if predicate == "<https://w3id.org/vereend/ns#sentence>":
            assert subject in vocabulary().properties, subject
            boolean = vocabulary().datatypes.get(subject, "").endswith("boolean>")
            assert boolean or "{objects}" in spelled, subject
            assert re.sub(r"\{(subject|objects)\}", "", spelled).count("{") == 0


def test_what_hangs_on_a_thing_follows_it():
    names = [passage.name for passage in read_out(read(EXAMPLE), "en")]

    assert names[0] == "Safe Square"
    assert names.index("‘oversight mandate’") > names.index("‘Square oversight committee’")


def test_one_thing_can_be_read_out_with_what_hangs_on_it():
    passages = read_out(read(EXAMPLE), "en", about="kg:oversight")

    assert passages[0].name == "‘Square oversight committee’"
    assert {passage.name for passage in passages} >= {"committee of three", "‘oversight mandate’", "municipality"}
    assert "Safe Square" not in {passage.name for passage in passages}


def test_a_thing_that_is_not_there_is_refused():
    with pytest.raises(UnknownEntity, match="is not described here"):
        read_out(read(EXAMPLE), "en", about="kg:nobody")


def test_a_denial_is_not_read_out_as_its_opposite():
    assert "It is not so that: Square is fictional." in said(
        'kg:p a vrd:Partnership ; rdfs:label "Square"@en ; vrd:fictional false .'
    )


def test_a_text_in_two_languages_is_read_in_one():
    text = said('kg:m a vrd:Mandate ; vrd:limits "alleen hier"@nl , "only here"@en .')

    assert "“only here”" in text
    assert "alleen hier" not in text


def test_things_without_a_name_are_told_apart():
    text = said('[] a vrd:Mandate ; vrd:limits "one"@en . [] a vrd:Mandate ; vrd:limits "two"@en .')

    assert "Mandate 1 is a mandate." in text
    assert "Mandate 2 is a mandate." in text


def test_a_date_is_read_as_people_write_it():
    turtle = 'kg:r a vrd:DataManagementReview ; vrd:reviewedOn "2026-03-02"^^xsd:date .'

    assert "2 March 2026" in said(turtle)
    assert "2 maart 2026" in said(turtle, "nl")


def test_what_a_case_rests_on_is_named_with_its_page_and_kind_of_claim():
    (passage, *_) = read_out(read(content.root() / "kg" / "cases" / "shoplifting.ttl"), "en")

    assert {claim.number for claim in passage.claims} == {"C020", "C027", "C049"}
    assert re.search(r"C049 \(p\. 4; [a-z ]+\)", passage.text)


def test_the_command_gives_text_and_json():
    run = CliRunner().invoke(main, ["sentences", str(EXAMPLE), "--about", "kg:council", "--lang", "nl"])
    assert run.output == "Gemeenteraad is een volksvertegenwoordiging. In het Engels heet dit “municipal council”.\n"
    run = CliRunner().invoke(main, ["sentences", str(EXAMPLE), "--format", "json", "--lang", "en"])
    assert json.loads(run.output)[0]["sentences"][0]["text"] == "Safe Square is a public-private partnership."
