"""Each typical mistake gets a message that names the place, what is wrong and what to do; none a traceback."""

from typing import Any

import pytest
import yaml

from manifests import ROOT
from vereend.entry import Entry, Names, field, fill
from vereend.errors import VereendError
from vereend.reading import parse
from vereend.report import FileReport
from vereend.validation import validate
from vereend.vocabulary import vocabulary

TABLE = yaml.safe_load((ROOT / "tests" / "mistakes.yaml").read_text("utf-8"))
SOUND: dict[str, str] = TABLE["sound"]
WRITTEN = [one for one in TABLE["mistakes"] if "form" not in one]
FILLED = [one for one in TABLE["mistakes"] if "form" in one]
BASE = "https://example.org/square/"


def name(mistake: dict[str, Any]) -> str:
    kind = next(kind for kind in ("turtle", "yaml", "form") if kind in mistake)
    return f"{kind}: {mistake['mistake']}"


def line_of(text: str, snippet: str) -> int | None:
    """Give the line on which the first words of a snippet stand."""
    first = snippet.lstrip().splitlines()[0] if snippet.strip() else ""
    return text[: text.index(first)].count("\n") + 1 if first else None


def judged(text: str, form: str) -> FileReport | VereendError:
    """Judge a text, or tell why it is refused."""
    try:
        (file,) = validate([parse(text, "mine", form)], on="2026-11-24").files
    except VereendError as error:
        return error
    return file


def test_there_are_sixty_and_more():
    assert len({name(one) for one in TABLE["mistakes"]}) == len(TABLE["mistakes"]) >= 60


@pytest.mark.parametrize("form", sorted(SOUND))
def test_the_text_they_are_made_in_is_sound(form: str):
    file = judged(SOUND[form], form)
    assert isinstance(file, FileReport)
    assert file.structure == ()


@pytest.mark.parametrize("mistake", WRITTEN, ids=name)
def test_a_mistake_in_a_text_is_told_with_its_place_and_its_mend(mistake: dict[str, Any]):
    form = "turtle" if "turtle" in mistake else "yaml"
    change = mistake[form]
    assert SOUND[form].count(change["take"]) == 1
    text = SOUND[form].replace(change["take"], change["put"])
    line = line_of(text, mistake.get("at", change["put"]))
    file = judged(text, form)
    if isinstance(file, VereendError):
        assert mistake["problem"] in f"{file.problem} ({file.detail})"
        assert mistake["remedy"] in file.remedy
        assert file.where.startswith("mine")
        assert (file.place[0] if file.place else None) == line
        return
    if "rule" in mistake:
        (found,) = [v for v in file.partnerships[0].verdicts if v.rule.number == mistake["rule"] and v.is_result]
        assert mistake["problem"] in found.message["en"]
        assert mistake["remedy"] in found.remedy["en"]
    else:
        (found,) = [f for f in file.structure if mistake["problem"] in f.message["en"]]
        assert mistake["remedy"] in found.message["en"]
        assert found.message["nl"].endswith(".")
    position = file.position(found)
    assert (position.line if position else None) == line


@pytest.mark.parametrize("mistake", FILLED, ids=name)
def test_a_mistake_in_a_form_is_told_with_its_field_and_its_mend(mistake: dict[str, Any]):
    statements = parse(SOUND["turtle"], "mine", "turtle").statements
    names = Names(statements, "en")
    told = mistake["form"]
    thing = f"<{BASE}{told['thing']}>"
    of = field(names.kinds(thing), told["field"])
    _, problems = fill(statements, thing, of, [Entry(told["text"], told.get("lang", ""))], names)
    (found,) = problems
    label = vocabulary().label(of.property, "en")
    assert label
    assert found.error.where.startswith(f"{label.value}, {told['text']!r}")
    assert found.error.problem == mistake["problem"]
    assert mistake["remedy"] in found.error.remedy
