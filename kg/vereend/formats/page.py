"""The report as one HTML page: no script, nothing fetched, made to be read, printed and filed.

It speaks the visual language of the viewer. Its tokens and marks are copies (page.css, page.html), so that the library
does not need the viewer; a test compares them.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from vereend import __version__
from vereend.formats import words
from vereend.knowledge import Claim, Provision
from vereend.report import FileReport, PartnershipReport, Report
from vereend.terms import Statement, Text
from vereend.verdicts import NOT_APPLICABLE, ORDER, Verdict
from vereend.vocabulary import pick
from vereend.wording import VERDICT_NAMES

_HERE = Path(__file__).parent
# verdict -> the name of its mark, its hue and its bar
CODES = dict(zip(ORDER, ("violated", "contested", "untold", "person", "satisfied", "na"), strict=True))


class Told(NamedTuple):
    """A statement read aloud, with the line it stands on."""

    subject: Text
    predicate: Text
    object: Text
    line: str  # "" where the text does not show it


class Card(NamedTuple):
    """One verdict."""

    verdict: Verdict
    code: str
    name: str
    about: Text
    severity: str  # "" unless SHACL reports it
    place: str
    evidence: list[Told]
    claims: list[Claim]
    provisions: list[Provision]


class Theme(NamedTuple):
    """The verdicts of one theme, gravest first."""

    label: str
    cards: list[Card]


class Partnership(NamedTuple):
    """One partnership with its verdicts."""

    file: str
    iri: str
    label: Text
    outcome: str
    phase: str
    counts: list[tuple[str, str, int]]  # code, name and number of each verdict
    themes: list[Theme]  # the one with the gravest verdict first
    idle: list[Verdict]
    unchecked: list[Told]
    none_unchecked: str  # what to say where there are none
    out_of_force: list[str]  # of each provision cited that did not hold at the date, what to know


class Refusal(NamedTuple):
    """A file that was not judged, and why."""

    file: str
    heading: str
    reasons: list[tuple[str, Text]]  # place and reason


def write(report: Report, lang: str) -> str:
    """Write the report as a page."""
    partnerships = [_partnership(file, one, lang) for file in report.files for one in file.partnerships]
    page: str = template("page.html").render(
        lang=lang,
        report=report,
        version=__version__,
        inference=words.inference(report, lang),
        partnerships=partnerships,
        refusals=[*_not_judged(report, lang), *_unread(report, lang)],
        loose=[words.loose(answer, file, lang) for file in report.files for answer in file.loose_answers],
        answer=lambda found: words.answer(found, lang),
        say=lambda key, **found: words.say(key, lang, **found),
        pick=lambda texts: pick(texts, lang) or Text("", ""),
        claim_place=lambda claim: words.claim_place(claim, lang),
        modality=lambda claim: words.modality(claim, lang),
        doubt=lambda provision: words.doubt(provision, lang),
        css=style(),
    )
    return page


def style() -> Markup:
    """Give the style sheet that a page carries with it."""
    return Markup((_HERE / "page.css").read_text("utf-8"))


@cache
def template(name: str) -> Any:
    """Give a template of this folder."""
    loader = FileSystemLoader(_HERE)
    settings: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, **settings).get_template(name)


def _partnership(file: FileReport, report: PartnershipReport, lang: str) -> Partnership:
    themes = []
    for theme, verdicts in report.themes.items():
        found = [v for v in verdicts if v.verdict != NOT_APPLICABLE]
        if found:
            ranked = sorted(found, key=lambda v: ORDER.index(v.verdict))
            themes.append((ORDER.index(ranked[0].verdict), theme, ranked))
    themes.sort(key=lambda row: row[0])
    return Partnership(
        file.name,
        report.iri,
        file.words.text(f"<{report.iri}>", lang),
        words.outcome(report, lang),
        words.phase(report, file, lang),
        [(CODES[name], VERDICT_NAMES[name][lang], number) for name, number in report.counts.items()],
        [
            Theme(file.words.label(f"<{theme}>", lang), [_card(file, verdict, lang) for verdict in ranked])
            for _, theme, ranked in themes
        ],
        words.idle_rules(report),
        _told(file, report.judgement.unchecked, lang),
        words.none_unchecked(report, lang),
        [provision.message[lang] for provision in report.judgement.out_of_force],
    )


def _card(file: FileReport, verdict: Verdict, lang: str) -> Card:
    return Card(
        verdict,
        CODES[verdict.verdict],
        VERDICT_NAMES[verdict.verdict][lang],
        file.words.text(verdict.value or verdict.focus, lang),
        words.severity(verdict, lang) if verdict.is_result else "",
        words.place(file.position(verdict), lang),
        _told(file, verdict.evidence, lang),
        words.claims(verdict),
        words.provisions(verdict),
    )


def _told(file: FileReport, statements: Iterable[Statement], lang: str) -> list[Told]:
    found = []
    for s in statements:
        line = file.description.line_of_statement(s)
        verb = file.words.statement(s, lang)[1]
        place = words.say("line", lang, line=line) if line else ""
        row = Told(file.words.text(s.subject, lang), Text(verb, lang), file.words.text(s.object, lang), place)
        found.append((line or 0, row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _not_judged(report: Report, lang: str) -> Iterable[Refusal]:
    for file in report.files:
        if file.structure:
            reasons = [
                (words.place(file.position(found), lang), Text(found.message[lang], lang)) for found in file.structure
            ]
            yield Refusal(file.name, words.say("structure", lang), reasons)


def _unread(report: Report, lang: str) -> Iterable[Refusal]:
    for one in report.unreadable:
        # The library tells errors in English.
        yield Refusal(one.path, words.say("unreadable", lang), [("", Text(words.told_error(one), "en"))])
