"""Choose among the rules by theme, phase, severity, judge and words, and count how heavy they weigh in which phase.

What a rule itself says stands in vereend.rules.
"""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vereend.errors import VereendError
from vereend.formats.spreadsheet import guarded
from vereend.knowledge import sort_key
from vereend.rules import SEVERITIES, Rule
from vereend.terms import PHASES
from vereend.vocabulary import pick, vocabulary
from vereend.wording import SEVERITY_NAMES

NOT_HELD = "none"  # the rule does not hold in the phase
WEIGHTS = (*(name.lower() for name in SEVERITIES.values()), NOT_HELD)  # heaviest first
COMPUTER, PERSON = "computer", "person"
JUDGES = (COMPUTER, PERSON)
COLUMNS = ("rule", "label", "theme", *PHASES, "judge", "rationale", "claims")


@dataclass(frozen=True)
class Choice:
    """Which rules are asked for; an empty part leaves the choice open."""

    theme: str = ""  # its short name: "oversight"
    phase: str = ""  # one of PHASES
    severity: str = ""  # one of WEIGHTS: in the phase, or in any when none is named
    judge: str = ""  # one of JUDGES
    words: str = ""  # all of which the rule must hold, in either language


def judge_of(rule: Rule) -> str:
    """Tell who judges a rule: the computer alone, or a person too, who weighs what the computer leaves open."""
    return PERSON if rule.question else COMPUTER


def weight(rule: Rule, phase: str) -> str:
    """Give how heavy a rule weighs in a phase: one of WEIGHTS."""
    return (rule.severity(phase) or NOT_HELD).lower()


def choose(rules: Iterable[Rule], choice: Choice) -> list[Rule]:
    """Give the rules that fit, in the order they came.

    Raises:
        VereendError: a part of the choice names nothing.
    """
    rules = list(rules)
    _known("theme", choice.theme, sorted({rule.theme_slug for rule in rules}))
    _known("phase", choice.phase, PHASES)
    _known("severity", choice.severity, WEIGHTS)
    _known("judge", choice.judge, JUDGES)
    phases = [choice.phase] if choice.phase else list(PHASES)
    wanted = [sort_key(word) for word in choice.words.split()]
    tests: list[Callable[[Rule], bool]] = [
        lambda rule: choice.theme in ("", rule.theme_slug),
        # In a phase named alone, the rules that hold in it.
        lambda rule: (
            any(weight(rule, phase) == choice.severity for phase in phases)
            if choice.severity
            else any(weight(rule, phase) != NOT_HELD for phase in phases)
        ),
        lambda rule: choice.judge in ("", judge_of(rule)),
        lambda rule: all(word in _text(rule) for word in wanted),
    ]
    return [rule for rule in rules if all(test(rule) for test in tests)]


def _known(what: str, value: str, known: Iterable[str]) -> None:
    if value and value not in known:
        raise VereendError(f"{what}={value}", "is not a choice among the rules", f"Choose one of {', '.join(known)}")


def _text(rule: Rule) -> str:
    theme = vocabulary().labels.get(f"<{rule.theme}>", {})
    texts = (rule.label, rule.rationale, rule.remedy, rule.question, theme)
    return sort_key(" ".join([rule.number, *(text for one in texts for text in one.values())]))


def weights(rules: Iterable[Rule]) -> dict[str, dict[str, int]]:
    """Count rules by how heavy they weigh in each phase: by weight, then by phase, zeros included."""
    rules = list(rules)
    return {name: {phase: sum(weight(rule, phase) == name for rule in rules) for phase in PHASES} for name in WEIGHTS}


def rows(rules: Iterable[Rule], lang: str) -> list[dict[str, str]]:
    """Give one row a rule, by COLUMNS; names of columns are the same in each language, cells follow it."""
    return [
        {
            "rule": rule.number,
            "label": _said(rule.label, lang),
            "theme": _said(vocabulary().labels.get(f"<{rule.theme}>", {}), lang),
            **{phase: weight(rule, phase) for phase in PHASES},
            "judge": judge_of(rule),
            "rationale": _said(rule.rationale, lang),
            "claims": " ".join(rule.claims),
        }
        for rule in rules
    ]


def _said(texts: dict[str, str], lang: str) -> str:
    found = pick(texts, lang)
    return found.value if found else ""


def as_csv(rules: Iterable[Rule], lang: str) -> str:
    """Write the rules as a table (RFC 4180)."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    for row in rows(rules, lang):
        table.writerow({name: guarded(cell) for name, cell in row.items()})
    return out.getvalue()


def as_text(rules: Iterable[Rule], lang: str) -> str:
    """Write a line a rule: its number, how heavy it weighs in each phase, and its name."""
    rules = list(rules)
    letters = {name.lower(): letter for letter, name in SEVERITIES.items()} | {NOT_HELD: "-"}
    lines = [
        f"{rule.number}  {''.join(letters[weight(rule, phase)] for phase in PHASES)}  {_said(rule.label, lang)}"
        for rule in rules
    ]
    names = ", ".join(f"{letter} {SEVERITY_NAMES[name][lang]}" for letter, name in SEVERITIES.items())
    counted = {"nl": f"{len(rules)} regels", "en": f"{len(rules)} rules"}[lang]
    return "\n".join([*lines, "", f"{counted}; {names}"])
