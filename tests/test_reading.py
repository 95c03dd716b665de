"""Bad input gets a clear error, and reading opens no network."""

import socket
from pathlib import Path

import pytest

from manifests import EXAMPLE, PREFIXES, base
from vereend.conversion import convert
from vereend.errors import VereendError
from vereend.positions import turtle_places
from vereend.reading import FORMATS, MAX_DESCRIPTION_BYTES, parse, read
from vereend.terms import term

PPS = PREFIXES.replace("\n", " ") + "\nkg:pps a vrd:Partnership .\n"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    ("text", "where", "problem", "remedy"),
    [
        ("", "x", "is empty", "Write a description"),
        (PPS + "kg:pps vrd:phase vc:phase-initial", "x, line 3, column", "is not well-formed", "Mend"),
        (
            PPS + "\nkg:pps vrd:hasPositon kg:a .",
            "x, line 4, 'vrd:hasPositon'",
            "is not a known term",
            "'vrd:hasPosition'",
        ),
        (
            PPS + "kg:a a vrd:LegalPositions .",
            "x, line 3, 'vrd:LegalPositions'",
            "is not a known term",
            "'vrd:LegalPosition'",
        ),
        (PPS + "kg:pps vrd:phase vc:phase-begin .", "x, line 3, 'vc:phase-begin'", "is not a known term", "'vc:phase-"),
        (
            PPS + "kg:pps vrd:completeFor vrd:hasSafegard .",
            "x, line 3, 'vrd:hasSafegard'",
            "is not a known term",
            "'vrd:hasSafeguard'",
        ),
        ("<http://a> <http://b> <http://c> .", "x", "describes no partnership", "vrd:Partnership"),
        (
            '{"@context": "https://example.org/context.jsonld", "@id": "http://a"}',
            "x, line 1",
            "names a context outside the text, and reading opens no network",
            "Put the context",
        ),
        ('{"@id": ', "x, line 1, column", "is not well-formed", "Mend"),
        (
            '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>',
            "x",
            "declares entities of its own",
            "Write the IRIs out",
        ),
        ("<?xml version='1.0'?><a>", "x", "is not well-formed", "Mend"),
    ],
)
def test_a_wrong_text_is_told_where_and_what_to_do(text, where, problem, remedy):
    with pytest.raises(VereendError) as caught:
        parse(text, "x")

    assert caught.value.where.startswith(where)
    assert caught.value.problem == problem
    assert remedy in caught.value.remedy


def test_a_wrong_file_is_told_what_to_do(tmp_path: Path):
    empty, binary, large = tmp_path / "a.ttl", tmp_path / "b.ttl", tmp_path / "c.ttl"
    empty.write_text("  \n")
    binary.write_bytes(b"\x89PNG\r\n\0\0")
    with large.open("wb") as file:
        file.truncate(MAX_DESCRIPTION_BYTES * 10)
    latin = tmp_path / "d.ttl"
    latin.write_bytes(b"# caf\xe9\n")
    problems = {}
    for path in (tmp_path, empty, binary, large, latin, tmp_path / "none.ttl", tmp_path / "e.docx"):
        if path.suffix == ".docx":
            path.write_text("x")
        with pytest.raises(VereendError) as caught:
            read(path)
        problems[path.name] = caught.value.problem
    assert list(problems.values()) == [
        "is a directory",
        "is empty",
        "is not a text file",
        "is larger than 5 MB",
        "is not UTF-8 text",
        "does not exist",
        "has an ending we do not read",
    ]


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_tells_the_same(format_):
    description = read(EXAMPLE)
    again = parse(convert(description, format_), "again", format_)
    assert again.statements == description.statements


def test_things_without_a_name_survive_conversion():
    text = PPS + "kg:pps vrd:hasPosition [ a vrd:LegalPosition ; vrd:towards vc:suspect ] ."
    description = parse(text, "x")
    turtle = convert(description, "turtle")
    assert "genid" not in turtle
    assert len(parse(turtle, "y").statements) == len(description.statements)


def test_a_term_is_found_where_it_is_described():
    text = EXAMPLE.read_text("utf-8")
    description = parse(text, "x")
    line = description.line_of("<https://w3id.org/vereend/kg/veilig-plein/pos-ban>")
    assert text.splitlines()[line - 1].startswith("kg:pos-ban a vrd:LegalPosition")


@pytest.mark.parametrize(
    ("text", "iri", "line", "column"),
    [
        ('# a:b\n@prefix a: <http://a/> .\na:x a:p "a:z . " ; a:q a:b .', "http://a/b", 3, 24),
        ("PREFIX : <http://a/>\n:x :p '''\n:no''' , :b .", "http://a/b", 3, 10),
        ("<http://a/x>\n  <http://a/p> [ <http://a/q> <http://a/b> ] .", "http://a/b", 2, 31),
    ],
)
def test_positions_skip_comments_and_strings(text, iri, line, column):
    assert turtle_places(text).mentions[iri][0][:2] == (line, column)
    assert "http://a/no" not in turtle_places(text).mentions


def test_the_subject_of_a_nested_thing_is_not_taken_for_a_subject():
    places = turtle_places("@prefix a: <http://a/> .\na:x a:p [ a:q a:b ] ; a:r 1.5 .\na:y a:p 1 .")
    assert list(places.subjects) == ["http://a/x", "http://a/y"]


def test_reading_is_the_same_from_file_and_text():
    assert read(EXAMPLE).statements == base() == parse(EXAMPLE.read_text("utf-8"), "x").statements


def test_a_thing_without_a_name_stands_where_its_bracket_opens():
    description = parse(
        """@prefix vrd: <https://w3id.org/vereend/ns#> . @prefix : <http://example.org/> .
:x a vrd:Partnership ; vrd:hasParticipation [ vrd:participant [ a vrd:PublicBody ] ; vrd:from "[" ] , _:q .
_:q vrd:role ( [ vrd:until "]" ] ) . # [
""",
        "plein.ttl",
    )
    found = {
        (p.rsplit("#")[1].strip(">"), o): description.position_of(s)[:2]
        for s, p, o in description.statements
        if "genid" in s and "22-rdf" not in p
    }
    assert found["from", '"["'] == (2, 45)
    assert found["until", '"]"'] == (3, 16)
    kinds = [description.position_of(s)[:2] for s, p, o in description.statements if o.endswith("PublicBody>")]
    assert kinds == [(2, 63)]
    (role,) = (place for (name, _), place in found.items() if name == "role")
    assert role == (3, 1)


def test_a_value_that_is_named_before_is_placed_where_it_is_said_of_the_focus():
    description = parse(
        """@prefix vrd: <https://w3id.org/vereend/ns#> . @prefix vc: <https://w3id.org/vereend/concept/> .
@prefix : <http://example.org/> .
:other a vrd:Partnership ; vrd:phase vc:phase-initial .
:x a vrd:Partnership ; vrd:phase vc:phase-initial .
""",
        "plein.ttl",
    )
    place = description.position_of_judged("<http://example.org/x>", term("vc:phase-initial"))
    assert (place.line, place.column) == (4, 34)
