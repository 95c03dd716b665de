"""A description in YAML says the same as in Turtle, to us and to any processor; an unknown word is refused."""

import json
from pathlib import Path

import jsonschema
import pyoxigraph as ox
import pytest
import rdflib
import yaml
from rdflib.compare import isomorphic

from manifests import EXAMPLE, ROOT
from vereend.contexts import ADDRESS, TWINS, files, schema, words
from vereend.conversion import convert
from vereend.errors import VereendError
from vereend.reading import Description, parse, read
from vereend.terms import LANGUAGES
from vereend.validation import validate

DESCRIPTIONS = sorted([*(ROOT / "kg" / "examples").glob("*.ttl"), *(ROOT / "kg" / "cases").glob("*.ttl")])
SMALL = """
"@context": ["https://w3id.org/vereend/context/nl.jsonld", {"@base": "https://example.org/pps/"}]
id: pps
is: Publiek-private samenwerking
naam: Voorbeeld
fase: bestendiging
deelnemers:
  - is: Politiedeelname
    wie: {id: politie, is: Politieorganisatie, naam: politie}
  - id: p-winkel
    is: Partnerdeelname
    wie: {id: winkel, is: Onderneming, naam: winkel}
bevoegdheden:
  id: pos-ban
  is: Positie
  van: p-winkel
  soort: locatieverbod
volledig: [waarborgen]
"""


def graph(description: Description) -> rdflib.Graph:
    return rdflib.Graph().parse(data=convert(description, "ntriples"), format="nt")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", DESCRIPTIONS, ids=lambda p: p.stem)
def test_from_turtle_to_yaml_and_back_nothing_changes(path: Path, lang: str):
    description = read(path)
    text = convert(description, "yaml", lang)
    assert isomorphic(graph(parse(text, "back.yaml", "yaml")), graph(description))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_any_processor_reads_the_same_with_the_committed_context(lang: str):
    document = yaml.safe_load(convert(read(EXAMPLE), "yaml", lang))
    address, base = document["@context"]
    assert address == ADDRESS.format(lang=lang)
    (path,) = [path for path in files() if path.name == f"context.{lang}.jsonld"]
    document["@context"] = [json.loads(path.read_text("utf-8"))["@context"], base]
    found = {str(q.triple) for q in ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD)}
    assert found == {str(q.triple) for q in ox.parse(path=EXAMPLE)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_schema_accepts_what_we_write_and_refuses_a_value_that_is_not_on_the_list(lang: str):
    checker = jsonschema.Draft202012Validator(schema(lang))
    document = yaml.safe_load(convert(read(EXAMPLE), "yaml", lang))
    assert list(checker.iter_errors(document)) == []
    document[{"nl": "fase", "en": "phase"}[lang]] = "phase-of-the-moon"
    assert list(checker.iter_errors(document))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_property_has_a_word_of_its_own(lang: str):
    known = words(lang)
    assert len(known.key_of) == len(known.keys)
    assert not known.keys.keys() & (known.kinds.keys() | known.keywords.keys())
    assert not {word for twins in TWINS.values() for word in twins.values()} & known.keys.keys()


def test_verdicts_point_into_the_yaml():
    description = parse(SMALL, "small.yaml")
    (ban,) = [v for v in validate([description], rules=["R13"]).verdicts if v.value]
    assert ban.verdict == "violated"
    assert SMALL.splitlines()[description.line_of(ban.value) - 1].strip() == "id: pos-ban"
    participation = next(s.subject for s in description.statements if s.object.endswith("pps/politie>"))
    assert "Politiedeelname" in SMALL.splitlines()[description.line_of(participation) - 1]


def test_a_word_of_the_other_language_is_understood_as_a_value():
    english = SMALL.replace("fase: bestendiging", "fase: consolidation")
    assert parse(english, "small.yaml").statements == parse(SMALL, "small.yaml").statements


def test_without_a_context_the_language_is_told_by_the_keys():
    told = parse(SMALL.split("\n", 2)[2], "small.yaml")
    assert told.partnerships == ["<https://w3id.org/vereend/kg/pps>"]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("deelnemers:", "deelnmers:", 7, "'deelnemers'"),
        ("fase: bestendiging", "fase: bestendigng", 6, "'bestendiging'"),
        ("is: Positie", "is: Possitie", 15, "'Positie'"),
        ("volledig: [waarborgen]", "volledig: [waarborg]", 18, "'waarborgen'"),
        ("naam: Voorbeeld", "naam: Voorbeeld\nnaam: Ander", 6, "list"),
        ("naam: Voorbeeld", "naam: &a Voorbeeld", 5, "id"),
        ("naam: Voorbeeld", "naam: [Voorbeeld", 6, "indents"),
        ("van: p-winkel", "van: de winkel", 16, "spaces"),
        ("https://w3id.org/vereend/context/nl.jsonld", "https://example.org/other.jsonld", 2, "no network"),
        ("https://example.org/pps/", "nowhere", 2, "ending in"),
        ("id: pps", "tekst: pps", 3, "goes with a text"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_a_mend(old: str, new: str, line: int, says: str):
    assert old in SMALL
    with pytest.raises(VereendError) as caught:
        parse(SMALL.replace(old, new, 1), "small.yaml", "yaml")
    error = caught.value
    assert f"line {line}" in error.where
    assert says in f"{error.problem} {error.remedy}"


@pytest.mark.parametrize("text", ["- 1", "just words", "[]", "a: " + "[" * 300, "x: !!python/object:os.system y", "{}"])
def test_what_is_no_description_is_refused(text: str):
    with pytest.raises(VereendError):
        parse(text, "odd.yaml", "yaml")
