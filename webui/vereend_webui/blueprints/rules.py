"""The rules: why each exists, how heavy it weighs in which phase, how it is judged, and how the partnerships stand."""

from dataclasses import dataclass, fields
from textwrap import dedent

from flask import Blueprint, render_template, request

from vereend.citing import cite
from vereend.errors import UnknownEntity
from vereend.explanation import shown_example
from vereend.knowledge import Claim, sort_key
from vereend.report import count
from vereend.rule_index import NOT_HELD, Choice, choose, judge_of, weights
from vereend.rules import Rule, Texts
from vereend.terms import NAMESPACES, PHASES, Text, iri, prefixed
from vereend.verdicts import Verdict
from vereend.wording import opened
from vereend_webui.citing import Box, box
from vereend_webui.i18n import current, other, pick
from vereend_webui.site import knowledge
from vereend_webui.things import Thing, thing
from vereend_webui.verdict_words import CODES

bp = Blueprint("rules", __name__)
CHOICES = tuple(field.name for field in fields(Choice))


@dataclass(frozen=True)
class RuleRow:
    """A rule in the list."""

    number: str
    label: Text
    rationale: Text
    weights: list[tuple[Text, str]]  # phase, and how heavy it weighs there: "Violation" and so on, "" for not at all
    judge: str  # rule_index.COMPUTER or PERSON
    counts: dict[str, int]  # its verdicts on the report's own partnerships


@dataclass(frozen=True)
class ThemeRows:
    """The rules of one theme."""

    slug: str
    label: Text
    rows: list[RuleRow]


@dataclass(frozen=True)
class WeightRow:
    """How many rules weigh this heavy in each phase."""

    weight: str  # one of rule_index.WEIGHTS
    severity: str  # "Violation" and so on; "" for rules that do not hold
    counts: list[tuple[str, Text, int, bool]]  # phase, its name, how many, and whether this is what was chosen


@dataclass(frozen=True)
class RulesPage:
    """All that rules/index.html may use."""

    themes: list[ThemeRows]
    total: int
    shown: int
    choice: Choice
    all_themes: list[tuple[str, Text]]
    phases: list[tuple[str, Text]]
    weights: list[WeightRow]  # of all rules
    query: dict[str, str]  # the choice, for the addresses of the same as data


@dataclass(frozen=True)
class Step:
    """How heavy a rule weighs in a phase: 0 (not at all) to 3 (a violation)."""

    phase: Text
    severity: str | None
    height: int


@dataclass(frozen=True)
class Standing:
    """What a rule says of one partnership, in its gravest verdict."""

    partnership: Thing
    phase: Text
    phase_told: bool
    verdict: str
    code: str
    message: Text
    more: int  # further verdicts of the same rule


@dataclass(frozen=True)
class Example:
    """The invented partnership, with a small change, that shows a verdict."""

    partnership: Text
    differs: list[str]  # what the change leaves out and adds
    verdict: str
    code: str
    message: Text
    near: bool  # it almost falls short, and rightly does not


@dataclass(frozen=True)
class Shown:
    """A pattern of a rule, as its authors wrote it."""

    role: str  # about, asks, forbids or doubts; core for a demand SHACL Core can say
    text: str


@dataclass(frozen=True)
class RulePage:
    """All that rules/show.html may use."""

    rule: Rule
    label: Text
    other_label: Text | None
    rationale: Text
    question: Text | None
    theme: Thing
    theme_slug: str
    steps: list[Step]
    held: list[Text]  # how a partnership that meets it is described
    failing: list[Text]  # each way to fall short
    patterns: list[Shown]
    claims: list[Claim]
    provisions: list[tuple[Thing, Text | None, str]]  # what it does, and the address of its official text
    guideline: Thing | None
    related: list[tuple[str, Thing]]  # by number
    terms: list[Thing]  # concepts and kinds of thing its patterns name
    examples: list[Example]
    standings: list[Standing]
    cite: Box


_HEIGHTS = {"Info": 1, "Warning": 2, "Violation": 3, None: 0}


@bp.get("/rules")
def index() -> str:
    """List the rules by theme, or those that were asked for. A choice that names nothing is a 400 page."""
    kb = knowledge()
    choice = Choice(**{name: request.args.get(name, "").strip()[:120] for name in CHOICES})
    chosen = choose(kb.rules.values(), choice)
    verdicts: dict[str, list[Verdict]] = {}
    for case in kb.cases.values():
        if not case.fictional:
            for verdict in kb.report(case.slug).verdicts:
                verdicts.setdefault(verdict.rule.number, []).append(verdict)
    names = {rule.theme_slug: kb.label(rule.theme, current()) for rule in kb.rules.values()}
    phases = [(phase, kb.label(NAMESPACES["vc"] + "phase-" + phase, current())) for phase in PHASES]
    themes: dict[str, ThemeRows] = {}
    for rule in chosen:
        group = themes.setdefault(rule.theme, ThemeRows(rule.theme_slug, names[rule.theme_slug], []))
        weighed = [(name, rule.severity(phase) or "") for phase, name in phases]
        counts = count(verdicts.get(rule.number, []))
        group.rows.append(RuleRow(rule.number, pick(rule.label), pick(rule.rationale), weighed, judge_of(rule), counts))
    page = RulesPage(
        list(themes.values()),
        len(kb.rules),
        len(chosen),
        choice,
        sorted(names.items(), key=lambda item: sort_key(item[1].value)),
        phases,
        [
            WeightRow(
                weight,
                weight.capitalize() if weight != NOT_HELD else "",
                [(p, name, numbers[p], (p, weight) == (choice.phase, choice.severity)) for p, name in phases],
            )
            for weight, numbers in weights(kb.rules.values()).items()
        ],
        {name: value for name in CHOICES if (value := getattr(choice, name))},
    )
    return render_template("rules/index.html", page=page)


@bp.get("/rules/<number>")
def show(number: str) -> str:
    """Show one rule. An unknown number raises UnknownEntity: a 404 page."""
    kb = knowledge()
    rule = kb.rules.get(number.upper())
    if rule is None:
        raise UnknownEntity(number, "is not in this graph", "Look it up by its label, or check the address")
    name = rule.label.get(other(current()))
    page = RulePage(
        rule,
        pick(rule.label),
        Text(name, other(current())) if name else None,
        pick(rule.rationale),
        pick(rule.question) if rule.question else None,
        thing(rule.theme),
        rule.theme_slug,
        [
            Step(kb.label(NAMESPACES["vc"] + "phase-" + phase, current()), s := rule.severity(phase), _HEIGHTS[s])
            for phase in PHASES
        ],
        [_open(texts) for texts in rule.held],
        [_open(texts) for texts in rule.failing],
        _patterns(rule),
        [kb.claims[c] for c in rule.claims if c in kb.claims],
        [_provision(p) for p in rule.provisions],
        thing(rule.guideline) if rule.guideline else None,
        [(r.number, thing(r.iri)) for r in kb.rules.values() if r.theme == rule.theme and r is not rule],
        [thing(iri(name)) for name in rule.terms],
        _examples(rule),
        _standings(rule),
        box(cite(kb, rule.iri)),
    )
    return render_template("rules/show.html", page=page)


def _patterns(rule: Rule) -> list[Shown]:
    found = []
    for part in rule.parts:
        found.append(Shown("about", part.about.text))
        found += [Shown("asks", demand.text) for demand in part.asks]
        found += [Shown("forbids", forbidden.pattern.text) for forbidden in part.forbids]
        found += [Shown("doubts", doubt.pattern.text) for doubt in part.doubts]
    if rule.core:
        found.append(Shown("about", "\n".join(prefixed(kind) for kind in rule.about_classes)))
    found += [Shown("core", f"sh:path {prefixed(demand.path)} ; sh:minCount 1") for demand in rule.core]
    return [Shown(pattern.role, dedent(pattern.text).strip("\n")) for pattern in found]


def _open(texts: Texts) -> Text:
    text = pick(texts)
    return Text(opened(text.value), text.lang)


def _gravest(rule: Rule, slug: str) -> tuple[Verdict, int] | None:
    verdicts = [v for v in knowledge().report(slug).verdicts if v.rule.number == rule.number]
    return (verdicts[0], len(verdicts) - 1) if verdicts else None


def _standings(rule: Rule) -> list[Standing]:
    kb = knowledge()
    found = []
    for case in kb.cases.values():
        gravest = _gravest(rule, case.slug)
        if gravest is None or case.fictional:
            continue
        verdict, more = gravest
        judgement = kb.report(case.slug).files[0].partnerships[0].judgement
        phase = kb.label(NAMESPACES["vc"] + "phase-" + judgement.phase, current())
        found.append(
            Standing(
                thing(case.iri),
                phase,
                judgement.phase_told,
                verdict.verdict,
                CODES[verdict.verdict],
                pick(verdict.message),
                more,
            )
        )
    return found


def _provision(name: str) -> tuple[Thing, Text | None, str]:
    found = knowledge().provision(name)
    return thing(name), pick(found.effect) if found.effect else None, found.link(current())


def _examples(rule: Rule) -> list[Example]:
    """Show the rule holding, the rule broken, as `vereend explain` does, and the rule only just holding."""
    kinds = ("Pass", "Fail", "NearMiss")
    shown = [(kind, found) for kind in kinds if (found := shown_example(rule.number, kind))]
    return [
        Example(
            pick(one.label),
            one.differs[current()],
            one.verdict.verdict,
            CODES[one.verdict.verdict],
            pick(one.verdict.message),
            kind == "NearMiss",
        )
        for kind, one in shown
    ]
