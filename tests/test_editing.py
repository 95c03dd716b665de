"""A change is written into a text so that it says exactly what it should, and all else stays as its author wrote it."""

import difflib
import random
import re

import pytest

from manifests import EXAMPLE, PREFIXES, statements
from vereend.changes import Change, read_change
from vereend.editing import edit
from vereend.errors import VereendError
from vereend.reading import parse, read
from vereend.terms import COMPLETE_FOR, PARTNERSHIP, TYPE

PLEIN = read(EXAMPLE)
TOLD = sorted(s for s in PLEIN.statements if s.object != PARTNERSHIP)


def said(text: str, format_: str = "turtle"):
    return parse(text, "edited", format_).statements


@pytest.mark.parametrize("seed", range(12))
def test_any_statements_can_be_taken_out_and_replaced_and_added(seed):
    chance = random.Random(seed)
    gone = frozenset(chance.sample(TOLD, 1 + seed))
    free = [s for s in TOLD if s.predicate not in (TYPE, COMPLETE_FOR)]
    new = frozenset(s._replace(object='"nieuw"') for s in chance.sample(free, 3))
    text = edit(PLEIN, Change(new, gone))
    assert said(text) == (PLEIN.statements - gone) | new
    comments = [line for line in PLEIN.text.splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == comments


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (
            "kg:a vrd:fundedBy kg:b , # the town\n  kg:c .\n",
            {"remove": ["kg:a vrd:fundedBy kg:c"]},
            "kg:a vrd:fundedBy kg:b  # the town\n   .\n",
        ),
        (
            "kg:a vrd:fundedBy kg:b ; # paid\n  vrd:appointedBy kg:c . # chosen\n",
            {"remove": ["kg:a vrd:fundedBy kg:b"], "add": ["kg:a vrd:fundedBy kg:d"]},
            "kg:a vrd:fundedBy kg:d ; # paid\n  vrd:appointedBy kg:c . # chosen\n",
        ),
        (
            "kg:a vrd:fundedBy kg:b # paid\n  .\n",
            {"add": ["kg:a vrd:partOf kg:c"]},
            "kg:a vrd:fundedBy kg:b # paid\n  ; vrd:partOf kg:c .\n",
        ),
        ("kg:a vrd:fundedBy kg:b .\nkg:c a vrd:Actor .", {"remove": ["kg:a vrd:fundedBy kg:b"]}, "kg:c a vrd:Actor ."),
        (
            'kg:a a vrd:Actor ; rdfs:label "a; b, c."@nl .\r\n',
            {"remove": ['kg:a rdfs:label "a; b, c."@nl'], "add": ["kg:a vrd:partOf kg:b"]},
            "kg:a a vrd:Actor ;\r\n  vrd:partOf kg:b .\r\n",
        ),
    ],
    ids=["last of a list", "replaced in place", "before a stop after a comment", "whole block", "line ends"],
)
def test_what_surrounds_a_change_stays(before, change, after):
    head = PREFIXES + "kg:pps a vrd:Partnership .\n"
    description = parse(head + before, "test.ttl")
    assert edit(description, read_change(description, **change)) == head + after


def test_what_stands_twice_is_taken_out_twice():
    text = PREFIXES + "kg:pps a vrd:Partnership .\nkg:a vrd:partOf kg:b .\nkg:a vrd:partOf kg:b , kg:c .\n"
    description = parse(text, "test.ttl")
    found = edit(description, read_change(description, remove=["kg:a vrd:partOf kg:b"]))
    assert said(found) == statements("kg:pps a vrd:Partnership . kg:a vrd:partOf kg:c .")


def test_n_triples_stay_n_triples():
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(PLEIN.statements))
    description = parse(lines, "test.nt", "ntriples")
    change = read_change(PLEIN, ["kg:new a vrd:Actor"], ["kg:oversight vrd:exercisedBy kg:committee"])
    assert said(edit(description, change), "ntriples") == change.on(PLEIN.statements)


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("kg:pps a vrd:Partnership ; vrd:hasSafeguard [ a vrd:ComplaintRoute ] .", "turtle"),
        ('{"@id": "https://a.example/", "@type": "https://w3id.org/vereend/ns#Partnership"}', "jsonld"),
    ],
)
def test_what_cannot_be_changed_in_place_is_refused(text, format_):
    description = parse((PREFIXES if format_ == "turtle" else "") + text, "test", format_)
    nameless = next((s for s in description.statements if s.predicate == TYPE and s.object != PARTNERSHIP), None)
    change = Change(remove=frozenset({nameless or next(iter(description.statements))}))
    with pytest.raises(VereendError) as caught:
        edit(description, change)
    assert caught.value.problem == "cannot be changed in its own text"
    assert "--out" in caught.value.remedy


# --- in YAML ----------------------------------------------------------------------------------------------------------

YAML = """# Een verzonnen plein
'@context': https://w3id.org/vereend/context/nl.jsonld
id: pps  # de samenwerking
is: Publiek-private samenwerking
naam: Plein
fase: bestendiging   # sinds maart
waarborgen:
  # wat er is
  - id: toezicht
    is: Toezicht
    orgaan:
      id: commissie
      is: Toezichthouder
      benoemd-door: {id: raad, is: Volksvertegenwoordiging}
    mandaat:
      id: mandaat
      is: Mandaat
      grenzen:
        nl: binnen het plein
      ingreep: [advies]  # meer niet
  - {id: klachten, is: Klachtroute, beschermt: verdachte}
overig:
  - id: raad2
    is: Volksvertegenwoordiging
"""


def in_yaml(add: str = "", remove: str = "", without: tuple[str, ...] = ()) -> list[str]:
    """Give the lines that go (-) and come (+)."""
    description = parse(YAML, "plein.yaml")
    names = {"add": [add] if add else [], "remove": [remove] if remove else [], "without": without}
    text = edit(description, read_change(description, **names))
    lines = difflib.ndiff(YAML.splitlines(), text.splitlines())
    return [re.sub(r"\s+", " ", line) for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (
            {"add": "kg:mandaat vrd:intervention vc:iv-suspend"},
            ["- ingreep: [advies] # meer niet", "+ ingreep: [advies, opschorting] # meer niet"],
        ),
        (
            {"remove": "kg:pps vrd:phase vc:phase-consolidation", "add": "kg:pps vrd:phase vc:phase-initial"},
            ["- fase: bestendiging # sinds maart", "+ fase: beginfase # sinds maart"],
        ),
        ({"remove": "kg:pps vrd:phase vc:phase-consolidation"}, ["- fase: bestendiging # sinds maart"]),
        ({"remove": 'kg:mandaat vrd:limits "binnen het plein"@nl'}, ["- grenzen:", "- nl: binnen het plein"]),
        (
            {"add": 'kg:mandaat vrd:limits "inside the square"@en'},
            ["+ en: inside the square"],
        ),
        ({"add": "kg:toezicht vrd:protects vc:suspect"}, ["+ beschermt: verdachte"]),
        (
            {"add": "kg:klachten vrd:exercisedBy kg:raad2"},
            [
                "- - {id: klachten, is: Klachtroute, beschermt: verdachte}",
                "+ - {id: klachten, is: Klachtroute, beschermt: verdachte, orgaan: raad2}",
            ],
        ),
        ({"without": ("klachten",)}, ["- - {id: klachten, is: Klachtroute, beschermt: verdachte}"]),
        (
            {"add": "kg:commissie vrd:fundedBy kg:gemeente . kg:gemeente a vrd:PublicBody"},
            ["+ bekostigd-door:", "+ id: gemeente", "+ is: Overheidsorgaan"],
        ),
        (
            {"add": "kg:toezicht vrd:exercisedBy kg:tweede . kg:tweede a vrd:OversightBody"},
            [
                "- id: commissie",
                "+ - id: commissie",
                "- is: Toezichthouder",
                "- benoemd-door: {id: raad, is: Volksvertegenwoordiging}",
                "+ is: Toezichthouder",
                "+ benoemd-door: {id: raad, is: Volksvertegenwoordiging}",
                "+ - id: tweede",
                "+ is: Toezichthouder",
            ],
        ),
    ],
)
def test_in_yaml_what_is_not_changed_stays_as_its_author_wrote_it(change: dict, lines: list[str]):
    change = {
        name: re.sub(r"kg:(\w+)", r"<https://w3id.org/vereend/kg/\1>", text) if isinstance(text, str) else text
        for name, text in change.items()
    }
    assert sorted(in_yaml(**change)) == sorted(lines)


def test_in_yaml_what_stood_inside_something_that_goes_is_told_elsewhere():
    found = in_yaml(without=("commissie",))

    assert "+ - id: raad" in found
    assert not [line for line in found if line.startswith("-") and "mandaat" in line]
