"""Identifiers of law are read, written back as they were, cited as lawyers do and led to the official text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vereend.errors import VereendError
from vereend.explanation import explain
from vereend.knowledge import load
from vereend.law import DATES, PARSERS, PARTS, Celex, Ecli, Eli, Jci, cite, link, parse
from vereend.reading import Description
from vereend.readings import in_force
from vereend.terms import Statement, iri, literal, term
from vereend.validation import validate

days = st.dates().map(str)
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1)
values = st.from_regex(r"[\w:.-]([\w:. -]{0,6}[\w:.-])?", fullmatch=True, alphabet=st.characters(codec="ascii"))


@st.composite
def jcis(draw: st.DrawFn) -> Jci:
    kind = draw(st.sampled_from("cv"))
    parts = draw(st.lists(st.tuples(st.sampled_from(PARTS), values), unique_by=lambda p: p[0], max_size=5))
    dates = draw(st.lists(st.tuples(st.sampled_from(DATES[kind]), days), unique_by=lambda p: p[0]))
    bwb = draw(st.from_regex(r"BWB[RV][0-9]{7}", fullmatch=True))
    return Jci(draw(st.sampled_from(["1.3", "1.31"])), kind, bwb, tuple(draw(st.permutations(parts + dates))))


elis = st.builds(
    Eli,
    st.sampled_from(["reg", "dir", "dec", "reg_impl", "dir_del"]),
    st.integers(0, 9999),
    st.integers(1),
    st.lists(
        st.tuples(st.sampled_from(["art", "par", "pnt", "anx"]), st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True))
    ).map(tuple),
    st.one_of(st.sampled_from(["", "oj"]), days),
)
celexes = st.builds(
    Celex,
    st.sampled_from("0123456789CE"),
    st.integers(0, 9999),
    st.sampled_from(["R", "L", "CJ", "TJ"]),
    st.integers(0, 9999),
    st.sampled_from(["", "(01)"]),
    st.sampled_from(["", "20160504"]),
)
eclis = st.builds(
    Ecli,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
    st.from_regex(r"[A-Z][A-Z0-9]{0,6}", fullmatch=True),
    st.integers(0, 9999),
    st.from_regex(r"[A-Z0-9.]{1,25}", fullmatch=True),
)


@given(st.one_of(jcis(), elis, celexes, eclis))
def test_what_is_written_is_read_as_it_was(identifier):
    assert parse(str(identifier)) == identifier


@given(
    st.one_of(st.from_regex(r"(jci1\.3:c:BWBR|http://data\.europa\.eu/eli/reg/2|ECLI:NL:|3201)[\w:&=/.]*"), st.text())
)
def test_what_is_read_is_written_as_it_was_and_the_rest_is_refused_with_a_remedy(text):
    try:
        identifier = str(parse(text))
    except VereendError as error:
        identifier = error.remedy and text
    assert identifier == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("jci1.3:c:BWBR1&artikel=53", "is no JCI"),
        ("jci1.2:c:BWBR0001903&artikel=53", "is no JCI"),
        ("jci1.3:c:BWBR0001903&artikle=53", "is no part of an enactment"),
        ("jci1.3:c:BWBR0001903&s=2020-01-01", "is no part of an enactment"),  # a period is for v
        ("jci1.3:c:BWBR0001903&artikel=53&artikel=54", "is told twice"),
        ("jci1.3:c:BWBR0001903&g=2020-02-30", "is not a date"),
        ("jci1.3:c:BWBR0001903&artikel=", "is no number of a part"),
        ("http://data.europa.eu/eli/rag/2016/679/oj", "is no kind of act"),
        ("http://data.europa.eu/eli/reg/2016/679/6/oj", "is no ELI"),
        ("https://wetten.overheid.nl/eli", "is no ELI"),
        ("ECLI:NL:2024:1", "is no ECLI"),
        ("32016R679", "is no CELEX number"),
        ("", "is no CELEX number"),
    ],
)
def test_a_wrong_identifier_is_refused_with_what_is_wrong(text, problem):
    with pytest.raises(VereendError, match=problem):
        parse(text)


@pytest.mark.parametrize(
    ("text", "nl", "en"),
    [
        ("jci1.3:c:BWBR0001903&artikel=53&lid=1", "art. 53 lid 1 X", "art. 53(1) X"),
        ("jci1.3:c:BWBR0040940&artikel=33&lid=2&o=b", "art. 33 lid 2 onder b X", "art. 33(2)(b) X"),
        ("jci1.3:c:BWBR0040940&hoofdstuk=3&artikel=32&onderdeel=d", "art. 32 onder d X", "art. 32(d) X"),
        ("http://data.europa.eu/eli/reg/2016/679/art_6/par_1/pnt_e/oj", "art. 6 lid 1 onder e X", "art. 6(1)(e) X"),
        ("jci1.3:c:BWBR0001903", "X", "X"),
        ("32016R0679", "X", "X"),
        ("ECLI:NL:RBDHA:2024:14061", "X", "X"),
    ],
)
def test_a_place_is_cited_as_lawyers_do(text, nl, en):
    assert (cite(text, "X", "nl"), cite(text, "X", "en")) == (nl, en)


def test_a_book_of_the_civil_code_stands_before_the_number_of_its_article():
    assert cite("jci1.3:c:BWBR0005289&artikel=162&lid=1", "BW", "nl", "6:") == "art. 6:162 lid 1 BW"


@pytest.mark.parametrize(
    ("text", "on", "address"),
    [
        (
            "jci1.3:c:BWBR0001903&artikel=53&lid=1",
            "2026-01-02",
            "https://wetten.overheid.nl/jci1.3:c:BWBR0001903&artikel=53&lid=1&z=2026-01-02&g=2026-01-02",
        ),
        (
            "jci1.3:c:BWBR0001903&hoofdstuk=I A&g=2020-01-01",
            "2026-01-02",  # it has a date of its own
            "https://wetten.overheid.nl/jci1.3:c:BWBR0001903&hoofdstuk=I%20A&g=2020-01-01",
        ),
        (
            "http://data.europa.eu/eli/reg/2016/679/art_6/par_1/pnt_e/oj",
            None,
            "https://eur-lex.europa.eu/eli/reg/2016/679/art_6/oj/nld",
        ),
        ("32016R0679", None, "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:32016R0679"),
        (
            "ECLI:NL:RBDHA:2024:14061",
            None,
            "https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:RBDHA:2024:14061",
        ),
        (
            "ECLI:EU:C:2014:317",
            None,
            "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=ecli:ECLI:EU:C:2014:317",
        ),
        ("ECLI:DE:BVERFG:2020:1", None, "https://e-justice.europa.eu/ecli/ECLI:DE:BVERFG:2020:1"),
    ],
)
def test_an_identifier_leads_to_the_official_text(text, on, address):
    assert link(text, "nl", on) == address


# --- what the graph holds ---------------------------------------------------------------------------------------------


def test_every_identifier_of_the_graph_is_well_formed_and_written_as_it_is():
    properties = {term(f"vrd:{name}") for name in PARSERS}
    found = [s.object for s in load().vocabulary.law if s.predicate in properties]

    assert len(found) > 80
    assert all(str(parse(literal(o).value)) == literal(o).value for o in found)


def test_every_provision_says_what_kind_of_thing_it_does_and_in_which_act():
    law = load().vocabulary.law_of
    provisions = [told for told in law.values() if {s.object for s in told} & {term("vrd:LegalProvision")}]

    assert len(provisions) == 70
    for told in provisions:
        assert {term("vrd:effectKind"), term("vrd:inAct"), term("vrd:lawEffect")} <= {s.predicate for s in told}


# --- in force ---------------------------------------------------------------------------------------------------------


def example() -> Description:
    return load().case("veilig-plein").description


def citing(provision: str) -> Description:
    """Veilig Plein, with a position that leans on a provision."""
    told = example().statements
    position = min(s.subject for s in told if s.predicate == term("vrd:powerType"))
    kept = {s for s in told if (s.subject, s.predicate) != (position, term("vrd:legalBasis"))}
    return Description("test.ttl", frozenset(kept | {Statement(position, term("vrd:legalBasis"), term(provision))}))


def test_a_provision_holds_from_its_first_day():
    law = load().vocabulary.law

    assert not in_force(law, term("law:wgs"), "2025-02-28")
    assert in_force(law, term("law:wgs"), "2025-03-01")
    assert in_force(law, term("law:sv-53-1"), "1800-01-01")  # of which no date is told


def test_a_report_says_which_cited_provision_was_not_in_force():
    report = validate([citing("law:wgs")], on="2024-06-01")

    said = report.to_dict()["files"][0]["partnerships"][0]["notInForce"]
    assert [iri(term("law:wgs"))] == [note["provision"] for note in said]
    assert said[0]["message"]["nl"] in report.to_text("nl")
    assert "2024-06-01" in said[0]["message"]["en"] and "2025-03-01" in said[0]["message"]["en"]
    assert said[0]["message"]["en"] in explain(citing("law:wgs"), "R20", "en", on="2024-06-01")


def test_an_explanation_leads_to_the_text_as_it_was_on_the_date():
    said = explain(example(), "R12", "nl", on="2026-01-02")

    assert f"art. 53 lid 1 Sv  (nagezien)  {link('jci1.3:c:BWBR0001903&artikel=53&lid=1', 'nl', '2026-01-02')}" in said


def test_a_report_says_nothing_of_a_provision_that_holds_or_that_nothing_cites():  # the near misses
    for description, on in ((citing("law:wgs"), "2025-03-01"), (example(), "2024-06-01")):
        assert validate([description], on=on).to_dict()["files"][0]["partnerships"][0]["notInForce"] == []


def test_a_provision_of_a_description_that_has_ended_is_named_as_well():
    provision = "<https://example.org/by-law>"
    told = citing("law:wgs").statements
    own = {Statement(s.subject, s.predicate, provision if s.object == term("law:wgs") else s.object) for s in told} | {
        Statement(provision, term("rdf:type"), term("vrd:LegalProvision")),
        Statement(provision, term("rdfs:label"), '"de verordening"@nl'),
        Statement(provision, term("vrd:until"), f'"2020-12-31"^^{term("xsd:date")}'),
    }
    file = validate([Description("test.ttl", frozenset(own))], on="2024-06-01").files[0]

    assert [p.message["nl"] for p in file.partnerships[0].judgement.out_of_force] == [
        "Niet in werking op 2024-06-01: de verordening (gold tot en met 2020-12-31). Geen oordeel steunt erop."
    ]
