"""From a report of the library to what the pages show of it: cards by theme, findings by line.

It chooses words and places; every verdict, reason and remedy comes from the library as it is.
"""

from collections import Counter
from dataclasses import dataclass, replace

from vereend.answers import Answer
from vereend.citing import description_digest
from vereend.formats import words
from vereend.knowledge import Claim
from vereend.report import FileReport, PartnershipReport
from vereend.terms import NAMESPACES, Text
from vereend.verdicts import NOT_APPLICABLE, SATISFIED, StructureFinding, Verdict
from vereend_webui.citing import verdict_query
from vereend_webui.i18n import current, pick
from vereend_webui.links import page_of
from vereend_webui.site import knowledge
from vereend_webui.things import Namer, Thing, Told, thing
from vereend_webui.verdict_words import CODES, verdict_name

_VERDICT_OF = {code: verdict for verdict, code in CODES.items()}
_BRIEF = 110  # characters of a message shown while its card is closed
_REPEATS = 3  # verdicts alike from which on they are shown as one line that opens


@dataclass(frozen=True)
class HeldCard:
    """What a rule says under one reading of a disputed passage."""

    label: Text
    author: Text
    verdict: str  # one of verdicts.ORDER
    message: Text | None


@dataclass(frozen=True)
class AnswerCard:
    """What a person answered to the question of a rule."""

    said: str  # yes or no, by whom and when
    reason: Text
    review: str  # why it is to be looked at again; "" while it stands


@dataclass(frozen=True)
class VerdictCard:
    """One verdict, as verdict_card shows it."""

    anchor: str
    number: str
    label: Text
    code: str
    name: str
    brief: str
    message: Text
    severity: str | None  # only of what SHACL reports
    phase: str
    line: int | None  # of what is judged, in the reader's text
    href: str
    question: Text | None
    answer: AnswerCard | None
    readings: list[HeldCard]  # of a contested verdict
    evidence: list[Told]
    claims: list[Claim]
    provisions: list[Thing]
    remedy: Text | None
    theme: str
    key: str  # rule, focus and value: which verdict this is, whatever its place
    judged: Text  # the thing that is judged, by its label
    cite: str = ""  # for cite_button


@dataclass(frozen=True)
class CardGroup:
    """Verdicts alike of one rule: one card, or so many that they are shown as one line that opens."""

    cards: list[VerdictCard]

    @property
    def repeats(self) -> bool:
        """Whether they are shown as one line."""
        return len(self.cards) >= _REPEATS


@dataclass(frozen=True)
class ThemeCards:
    """The verdicts of one theme, gravest first."""

    slug: str
    label: Text
    cards: list[VerdictCard]
    groups: list[CardGroup]  # the same cards
    rules: int
    counts: dict[str, int]  # by verdict, as Report.counts gives them


@dataclass(frozen=True)
class Judged:
    """One partnership of a description, with its verdicts."""

    iri: str
    label: Text
    conforms: bool
    phase: Text
    phase_told: bool
    counts: dict[str, int]
    themes: list[ThemeCards]  # the one with the gravest verdict first
    asking: int  # verdicts that ask something of the reader
    rules: int
    unchecked: list[Told]
    out_of_force: list[Text]  # of each provision cited that did not hold at the date, what to know


@dataclass(frozen=True)
class Refused:
    """Why a description cannot be judged."""

    message: Text
    line: int | None


@dataclass(frozen=True)
class Finding:
    """What an editor marks at a line."""

    line: int
    code: str  # the verdict's mark; "structure" when it could not be judged
    rule: str
    text: str
    anchor: str


def judged(file: FileReport, on: str) -> list[Judged]:
    """Lay out the verdicts on the partnerships of one file, judged at an ISO 8601 date."""
    names = Namer(file.description, file.words)
    return [_partnership(file, report, names, i, on) for i, report in enumerate(file.partnerships)]


def refused(file: FileReport) -> list[Refused]:
    """Say why a file cannot be judged; empty when it can."""
    return [Refused(pick(f.message), _line(file, f)) for f in file.structure]


def findings(file: FileReport, judgements: list[Judged]) -> list[Finding]:
    """Give what to mark in the text, line by line: breaches, silences, questions, and what is satisfied."""
    found = [Finding(f.line, "structure", "", f.message.value, "") for f in refused(file) if f.line]
    for one in judgements:
        for theme in one.themes:
            for card in theme.cards:
                if card.line and card.code != CODES[NOT_APPLICABLE]:
                    found.append(Finding(card.line, card.code, card.number, card.message.value, card.anchor))
    return sorted(found, key=lambda f: f.line)


def _line(file: FileReport, found: Verdict | StructureFinding) -> int | None:
    position = file.position(found)
    return position.line if position else None


def _partnership(file: FileReport, report: PartnershipReport, names: Namer, place: int, on: str) -> Judged:
    judgement, digest = report.judgement, description_digest(file.description)
    phase = knowledge().label(NAMESPACES["vc"] + "phase-" + judgement.phase, current())
    seen: dict[str, int] = {}
    themes = []
    order = list(CODES)
    for theme, verdicts in report.themes.items():
        ranked = sorted(verdicts, key=lambda v: (order.index(v.verdict), v.rule.number, v.value or ""))
        cards = [
            replace(
                _card(v, _line(file, v), names, phase.value, seen, place), cite=verdict_query(digest, report, v, on)
            )
            for v in ranked
        ]
        rules = len({v.rule.number for v in verdicts})
        label, counts = knowledge().label(theme, current()), Counter(v.verdict for v in verdicts)
        themes.append(ThemeCards(ranked[0].rule.theme_slug, label, cards, _grouped(cards), rules, dict(counts)))
    themes.sort(key=lambda t: order.index(_VERDICT_OF[t.cards[0].code]))
    return Judged(
        report.iri,
        pick(report.label),
        report.conforms,
        phase,
        judgement.phase_told,
        report.counts,
        themes,
        sum(n for verdict, n in report.counts.items() if verdict not in (SATISFIED, NOT_APPLICABLE)),
        len({v.rule.number for v in report.verdicts}),
        names.told(judgement.unchecked),
        [pick(provision.message) for provision in judgement.out_of_force],
    )


def _grouped(cards: list[VerdictCard]) -> list[CardGroup]:
    """Put together what one rule says alike, where that is much; the order stays."""
    alike: dict[tuple[str, str], list[VerdictCard]] = {}
    for card in cards:
        alike.setdefault((card.number, card.code), []).append(card)
    groups = []
    for found in alike.values():
        group = CardGroup(found)
        groups += [group] if group.repeats else [CardGroup([card]) for card in found]
    return groups


def key_of(verdict: Verdict) -> str:
    """Tell which verdict this is, for a form to send back."""
    return f"{verdict.rule.number} {verdict.focus} {verdict.value or ''}".rstrip()


def _card(
    verdict: Verdict, line: int | None, names: Namer, phase: str, seen: dict[str, int], place: int
) -> VerdictCard:
    rule = verdict.rule
    seen[rule.number] = seen.get(rule.number, 0) + 1
    anchor = rule.number if seen[rule.number] == 1 and not place else f"{rule.number}-{place}-{seen[rule.number]}"
    message = pick(verdict.message)
    brief = message.value if len(message.value) <= _BRIEF else message.value[:_BRIEF].rsplit(" ", 1)[0] + " …"
    known = knowledge()
    return VerdictCard(
        anchor,
        rule.number,
        pick(rule.label),
        CODES[verdict.verdict],
        verdict_name(verdict.verdict),
        brief,
        message,
        verdict.severity if verdict.is_result else None,
        phase,
        line,
        page_of(rule.iri) or "",
        pick(verdict.question) if verdict.question else None,
        _answer(verdict.answer) if verdict.answer else None,
        [
            HeldCard(pick(held.label), pick(held.author), held.verdict, pick(held.message) if held.message else None)
            for held in verdict.readings
        ],
        names.told(verdict.evidence),
        [known.claims[c] for c in verdict.claims if c in known.claims],
        [thing(p) for p in verdict.provisions],
        pick(verdict.remedy) if verdict.remedy else None,
        rule.theme_slug,
        key_of(verdict),
        names.thing(verdict.value or verdict.focus).text,
    )


def _answer(answer: Answer) -> AnswerCard:
    review = words.say("review", current()) if answer.review_again else ""
    return AnswerCard(words.answer(answer, current()), answer.reason, review)
