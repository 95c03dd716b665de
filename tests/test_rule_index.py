"""Rules can be chosen by what is said of them, and what is counted is what is listed."""

import csv
import io

import pytest

from vereend.errors import VereendError
from vereend.rule_index import JUDGES, WEIGHTS, Choice, as_csv, choose, rows, weights
from vereend.rules import rules
from vereend.terms import PHASES

ALL = list(rules().values())


def numbers(**asked: str) -> list[str]:
    return [rule.number for rule in choose(ALL, Choice(**asked))]


def test_nothing_asked_leaves_every_rule():
    assert numbers() == list(rules())


@pytest.mark.parametrize("phase", PHASES)
def test_a_count_is_the_length_of_the_list_it_leads_to(phase: str):
    for weight in WEIGHTS:
        assert weights(ALL)[weight][phase] == len(numbers(phase=phase, severity=weight))


def test_a_phase_alone_leaves_out_what_does_not_hold_in_it():
    assert set(rules()) - set(numbers(phase="initial")) == set(numbers(phase="initial", severity="none"))


def test_each_rule_has_one_judge():
    judged = [number for judge in JUDGES for number in numbers(judge=judge)]
    assert sorted(judged) == sorted(rules())
    assert "R20" in numbers(judge="person")


@pytest.mark.parametrize("words", ["R13", "toezicht mandaat dwang", "OVERSIGHT coercion"])
def test_words_are_found_in_either_language(words: str):
    assert "R13" in numbers(words=words)


def test_parts_of_a_choice_go_together():
    assert set(numbers(theme="oversight", phase="initial", severity="violation")) < set(numbers(theme="oversight"))


@pytest.mark.parametrize("asked", [{"theme": "weather"}, {"phase": "x"}, {"severity": "grave"}, {"judge": "nobody"}])
def test_a_choice_that_names_nothing_says_what_there_is(asked: dict[str, str]):
    with pytest.raises(VereendError) as raised:
        numbers(**asked)
    assert raised.value.problem == "is not a choice among the rules"
    assert "Choose one of " in raised.value.remedy


def test_the_table_holds_what_the_rows_do():
    table = list(csv.DictReader(io.StringIO(as_csv(ALL, "nl"))))
    assert table == rows(ALL, "nl")
    assert table[12]["label"] == "Dwang vraagt toezicht met mandaat"
