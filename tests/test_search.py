"""Things are found by words in either language, also when mistyped, and whatever is typed is never an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vereend.errors import VereendError
from vereend.knowledge import load
from vereend.search import Found, found_text, marked


def search(words: str, **facets: str) -> Found:
    return load().index.search(words, facets)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("R13", "rule/R13"),
        ("r13", "rule/R13"),
        ("C200", "claim/C200"),
        ("coercive power oversight", "rule/R13"),
        ("winkelverbod", "concept/location-ban"),
        ("winkelverbod opleggen", "kg/veilig-plein/pos-ban"),
        ("coordinatie", "concept/coordinations"),
        ("MANDAAT", "-mandate"),
        ("art. 53 lid 1", "law/sv-53-1"),
        ("art. 53(1)", "law/sv-53-1"),
        ("who may do what", "query/who-may-do-what"),
    ],
)
def test_what_is_sought_by_name_synonym_or_number_comes_first(words: str, first: str):
    assert search(words).hits[0].iri.endswith(first)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tozicht", "toezicht"),
        ("mandaaat", "mandaat"),
        ("oversigth", "oversight"),
        ("proportionalteit", "proportionaliteit"),
        ("tozich", "toezicht"),
    ],
)
def test_a_typing_error_is_forgiven_and_told(typed: str, meant: str):
    found = search(typed)

    assert found.corrected == {typed: meant}
    assert {hit.iri for hit in search(meant).hits[:5]} & {hit.iri for hit in found.hits}


def test_a_word_that_something_holds_is_never_changed():
    assert search("mandaten").corrected == {}


def test_the_tail_of_a_compound_finds_it_before_what_only_speaks_of_it():
    names = [hit.labels["nl"] for hit in search("verbod").hits]

    assert names.index("winkelverbod opleggen") < 4


def test_texts_are_searched_as_well_as_names():
    assert "C200" in {hit.number for hit in search("onafhankelijk toezicht").hits}


def test_a_question_in_words_finds_what_holds_most_of_it():
    found = search("wie mag een winkelverbod opleggen")

    assert found.partial
    assert found.hits[0].iri.endswith("/pos-ban")


def test_things_of_one_name_stand_together_with_the_real_ones_first():
    police = next(hit for hit in search("politie").hits if hit.kind == "actor")

    assert len(police.others) == 3
    assert not load().cases[police.iri.split("/")[-2]].fictional


def test_facets_count_what_choosing_them_would_leave():
    everything = search("toezicht")
    for name in ("kind", "case", "modality", "theme"):
        for value, number in everything.facets[name]:
            assert search("toezicht", **{name: value}).total <= number
    claims = search("toezicht", kind="claim", modality="finding")
    assert {hit.kind for hit in claims.hits} == {"claim"}
    assert {load().claims[hit.number].modality.rpartition("-")[2] for hit in claims.hits} == {"finding"}
    assert dict(claims.facets["kind"]) == {"claim": claims.total}


def test_in_one_case_the_thing_of_that_case_is_given():
    hit = search("politie", case="shoplifting", kind="actor").hits[0]

    assert "/kg/shoplifting/" in hit.iri
    assert not any("/kg/banking-cybercrime/" in other for other in hit.others)


def test_a_facet_that_nothing_has_is_told_with_the_nearest():
    with pytest.raises(VereendError, match="The nearest is 'claim'"):
        search("toezicht", kind="clam")


def test_the_rest_comes_on_the_next_page():
    index = load().index
    first, second = (index.search("toezicht", limit=10, start=start).hits for start in (0, 10))

    assert len(first) == 10
    assert not {hit.iri for hit in first} & {hit.iri for hit in second}
    assert index.search("toezicht", limit=20).hits == (*first, *second)


@settings(max_examples=40)
@given(st.text(max_size=30) | st.text(alphabet='"*^():{}+-ANDORTE ', max_size=30))
def test_whatever_is_typed_is_answered(words: str):
    found = search(words)

    assert found.total >= len(found.hits)
    assert found_text(found, "nl")


@pytest.mark.parametrize("words", ["", "   ", '"', "*", "%", "\x00", "zzzzqqqqxxxx"])
def test_no_words_and_unknown_words_find_nothing(words: str):
    assert search(words).hits == ()


def test_what_was_sought_is_marked_in_a_text_and_nothing_is_lost():
    text = "Eén winkelverbod, en toezicht."
    pieces = marked(text, ["een", "verbod"])

    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, found in pieces if found] == ["Eén", "winkelverbod"]
