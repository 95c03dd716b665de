"""Two thousand damaged descriptions, in every format: each is read and can be judged, or is refused in words."""

import random

import pytest

from manifests import ROOT
from vereend.conversion import convert
from vereend.errors import VereendError
from vereend.reading import FORMATS, decode, parse, read
from vereend.validation import validate

# A case of the report says little enough to be read two thousand times.
WHOLE = read(ROOT / "kg" / "cases" / "missing-persons.ttl")
TEXTS = {name: convert(WHOLE, name) for name in FORMATS}
SPLINTERS = ("", " ", "\n", "\t", '"', "'", "<", ">", "{", "}", "[", "]", "(", ")", ".", ";", ",", ":", "@", "^^", "#")
ODD = ("\\", "\\u0000", "\0", "\ufeff", "\ud7ff", "é", "𝔛", "&", "&x;", "<!--", "]]>", "<!DOCTYPE x>")
ODD += ("- ", "? ", "!!python/x ", "*a", "&a ")
EACH = 2000 // len(TEXTS)


def damaged(text: str, chance: random.Random) -> bytes:
    """Damage a text in one to four places: tokens taken, doubled, swapped or put in; or bytes changed."""
    data = text
    for _ in range(chance.randint(1, 4)):
        place, other = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
        end = min(len(data), place + chance.randint(1, 30))
        match chance.randrange(6):
            case 0:
                data = data[:place] + data[end:]
            case 1:
                data = data[:end] + data[place:end] * chance.choice((1, 2, 40)) + data[end:]
            case 2:
                data = data[:place] + chance.choice((*SPLINTERS, *ODD)) + data[end:]
            case 3:
                data = data[:place] + data[other : other + 20] + data[place:]
            case 4:
                data = data[:place]
            case 5:
                data = data.replace(chance.choice(("vrd:", "<", ":", '"', "/")), chance.choice((*SPLINTERS, *ODD)), 1)
        data = data or " "
    raw = bytearray(data.encode("utf-8", "surrogatepass"))
    if chance.random() < 0.2 and raw:
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


@pytest.mark.parametrize("format_", TEXTS)
def test_what_is_damaged_is_read_or_refused_in_words(format_: str):
    chance = random.Random(format_)
    read_, refused = 0, list[VereendError]()
    for number in range(EACH):
        raw = damaged(TEXTS[format_], chance)
        try:
            description = parse(decode(raw, "damaged"), "damaged", format_)
        except VereendError as error:
            refused.append(error)
            continue
        read_ += 1
        if number % 8 == 0:
            report = validate([description], rules=["R06", "R13"])
            assert report.to_text("nl")
    assert read_ and refused
    assert all(error.where and error.problem and error.remedy for error in refused)


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("turtle", "[" * 50_000),
        ("turtle", "@prefix : <http://x/> . :a :b " + "(" * 20_000),
        ("jsonld", "[" * 50_000),
        ("jsonld", '{"a":' * 20_000),
        ("rdfxml", "<a>" * 20_000),
        ("yaml", "- " * 20_000),
        ("yaml", "? " * 20_000 + "x"),
        ("yaml", "".join(" " * level + "a:\n" for level in range(2_000))),
        ("yaml", "a: " + "{b: " * 20_000),
        ("yaml", "\n" * 50_000 + "x"),
        ("ntriples", "<x> " * 50_000),
    ],
    ids=lambda x: x[:12],
)
def test_what_nests_without_end_is_refused_at_once(format_: str, text: str):
    with pytest.raises(VereendError):
        parse(text, "deep", format_)
    with pytest.raises(VereendError):
        parse(text, "deep")
