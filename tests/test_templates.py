"""A template is a pattern to begin with: it can be judged, says what it leaves open, and states nothing as fact."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from vereend.cli import main
from vereend.errors import VereendError
from vereend.knowledge import load
from vereend.reading import FORMATS, parse
from vereend.templates import listing, template, templates, write
from vereend.terms import LANGUAGES, literal, term
from vereend.validation import validate
from vereend.verdicts import NOT_TOLD, VIOLATED

NAMES = [
    "bank-police-desk",
    "camera-cooperation",
    "citizen-search-team",
    "intervention-team",
    "shopping-centre-ban",
    "trafficking-chain",
]


def test_there_is_a_template_for_each_typical_partnership():
    assert list(templates()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_template_can_be_judged_and_leaves_much_untold_but_violates_nothing(name: str):
    (file,) = validate([template(name).description], rules=["oversight", "mandate", "remedy", "data", "power"]).files
    assert file.structure == ()
    (partnership,) = file.partnerships
    assert partnership.counts[NOT_TOLD] >= 3
    assert partnership.counts.get(VIOLATED, 0) == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_template_says_in_both_languages_that_it_is_a_pattern_and_what_it_leaves_open(name: str):
    chosen = template(name)
    (partnership,) = chosen.description.partnerships
    told = {(s.predicate, s.object) for s in chosen.description.statements if s.subject == partnership}
    assert (term("vrd:fictional"), f'"true"^^{term("xsd:boolean")}') in told
    comments = {text.lang: text.value for p, o in told if p == term("rdfs:comment") and (text := literal(o))}
    assert len(chosen.leaves_open["nl"]) == len(chosen.leaves_open["en"]) >= 5
    for lang in LANGUAGES:
        assert chosen.title[lang] in listing(lang)
        assert all(one in comments[lang] for one in chosen.leaves_open[lang])


@pytest.mark.parametrize("name", NAMES)
def test_a_template_states_nothing_as_drawn_from_a_source_and_its_own_claims_exist(name: str):
    chosen = template(name)
    assert not [s for s in chosen.description.statements if s.predicate == term("prov:wasDerivedFrom")]
    assert set(chosen.claims) <= load().claims.keys()


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_a_template_says_the_same_in_every_format(format_: str):
    chosen = template("shopping-centre-ban")
    for lang in LANGUAGES:
        text = write(chosen.name, format_, lang)
        assert parse(text, "back", format_).statements == chosen.description.statements
        if format_ in ("yaml", "turtle"):
            assert f"# - {chosen.leaves_open[lang][0]}\n" in text


def test_a_name_that_is_nearly_right_gets_the_nearest():
    with pytest.raises(VereendError, match="nearest is 'camera-cooperation'"):
        template("camera-corporation")


def test_the_command_writes_a_new_file_and_never_overwrites_one(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    written = CliRunner().invoke(main, ["new", "trafficking-chain", "--out", str(file), "--lang", "en"])
    assert written.exit_code == 0
    before = file.read_text("utf-8")
    assert before == write("trafficking-chain", "yaml", "en")
    again = CliRunner().invoke(main, ["new", "citizen-search-team", "--out", str(file), "--lang", "en"])
    assert again.exit_code == 2
    assert "exists already" in again.output
    assert file.read_text("utf-8") == before


def test_the_command_without_a_name_lists_them():
    assert CliRunner().invoke(main, ["new", "--lang", "en"]).output == listing("en")
