"""What is here can be cited so that a reader finds the very same, in the forms that programs for references read."""

import hashlib
import json
import re

import pytest

from vereend.citing import Cited, cite, cite_result, cite_verdict, description_digest, work, write
from vereend.errors import UnknownEntity, VereendError
from vereend.knowledge import load

ON = "2026-11-24"
BASE = "https://w3id.org/vereend/"


def verdict() -> Cited:
    kb = load()
    digest = description_digest(kb.case("veilig-plein").description)
    return cite_verdict(kb, "R13", "not told", {"nl": "Veilig Plein", "en": "Safe Square"}, digest, ON, "scaling")


def test_the_work_is_the_one_of_the_citation_file_and_of_this_version():
    from vereend import __version__

    assert work().version == __version__
    assert work().authors == ("Vereend contributors",)


@pytest.mark.parametrize(
    "name", ["rule/R13", BASE + "rule/R13", "concept/coercion", "ns/holder", "query/who-may-do-what"]
)
def test_a_sentence_names_the_thing_its_permanent_iri_the_version_and_the_day(name: str):
    cited = cite(load(), name)
    sentence = write(cited, "txt", "nl", ON)

    assert cited.iri.startswith(BASE)
    for part in (cited.title["nl"], cited.iri, f"versie {work().version}", "geraadpleegd op 24 november 2026", "z.d."):
        assert part in sentence


def test_a_claim_is_cited_as_our_paraphrase_with_its_place():
    sentence = write(cite(load(), "claim/C200"), "txt", "en", ON)

    assert "paraphrase" in sentence
    assert "p. 13, lines 492–493" in sentence


def test_a_verdict_is_cited_with_all_it_depends_on():
    sentence = write(verdict(), "txt", "en", ON)
    case = load().case("veilig-plein")

    assert hashlib.sha256(case.path.read_bytes()).hexdigest() in sentence
    for part in ("Safe Square: Coercive power", "not told", "judged at 24 November 2026", "(R13)", BASE + "rule/R13"):
        assert part in sentence


def test_an_answer_is_cited_with_its_digest():
    cited = cite_result(cite(load(), "query/who-may-do-what"), "ab" * 32, 12)

    assert "answer of 12 rows, SHA-256 abab" in write(cited, "txt", "en", ON)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_bibtex_is_balanced_and_its_special_signs_are_escaped(lang: str):
    awkward = Cited(BASE + "ns#a_b", {lang: "50% & {more} of $x_1 ~ ^ \\ #"}, {lang: "rule"}, "a-b", {})
    for cited in (verdict(), awkward):
        entry = write(cited, "bib", lang, ON)
        bare = re.sub(r"\\[{}]", "", entry)
        assert bare.count("{") == bare.count("}")
        assert re.match(r"@misc\{vereend-[A-Za-z0-9-]+,\n", entry)
        assert f"url = {{{cited.iri}}}" in entry
    assert r"50\% \& \{more\} of \$x\_1 \textasciitilde{} \textasciicircum{} \textbackslash{} \#" in entry


def test_ris_has_one_field_a_line_and_ends():
    lines = write(verdict(), "ris", "nl", ON).split("\r\n")

    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert f"UR  - {BASE}rule/R13" in lines


def test_csl_json_holds_one_item_with_the_day_as_numbers():
    (item,) = json.loads(write(verdict(), "json", "en", ON))

    assert item["accessed"] == {"date-parts": [[2026, 11, 24]]}
    assert item["author"] == [{"literal": "Vereend contributors"}]
    assert "issued" not in item  # this version has not been released
    assert "SHA-256" in item["note"]


def test_what_is_not_there_cannot_be_cited():
    with pytest.raises(UnknownEntity):
        cite(load(), "rule/R99")
    with pytest.raises(UnknownEntity, match="The nearest is 'who-may-do-what'"):
        cite(load(), "query/who-may-do-wat")
    with pytest.raises(VereendError, match="is not a verdict"):
        cite_verdict(load(), "R13", "fine", {}, "0" * 64, ON, "scaling")
