"""Verdicts, severities, modalities and places, in the words and marks of the pages."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from vereend.knowledge import Claim
from vereend.terms import local_name
from vereend.wording import SEVERITY_NAMES, VERDICT_NAMES
from vereend_webui.i18n import current

# verdict -> the name of its mark, its hue and its bar
CODES = {
    "violated": "violated",
    "contested": "contested",
    "not told": "untold",
    "for a person": "person",
    "satisfied": "satisfied",
    "not applicable": "na",
}
MEANINGS = {
    "violated": lazy_gettext("the description contradicts the rule"),
    "contested": lazy_gettext("two readings lead to two verdicts"),
    "not told": lazy_gettext("the description is silent where the rule asks"),
    "for a person": lazy_gettext("a question remains that you weigh yourself"),
    "satisfied": lazy_gettext("the rule applies and holds"),
    "not applicable": lazy_gettext("nothing here falls under the rule"),
}
# How a claim of each modality is to be read. The report's own voice needs no warning.
MODALITIES = {
    "mod-open-question": lazy_gettext("The report asks this; it does not state it."),
    "mod-respondent-view": lazy_gettext("A view of people the researchers spoke to; not a finding of the report."),
    "mod-expectation": lazy_gettext("The report expects this; it has not observed it."),
    "mod-risk": lazy_gettext("The report names this as something that may go wrong, not as something that did."),
    "mod-bottleneck": lazy_gettext("The report names this as something that gets in the way."),
    "mod-benefit": lazy_gettext("The report names this as a possible gain."),
    "mod-dilemma": lazy_gettext("The report names this as a dilemma; it does not choose."),
    "mod-condition": lazy_gettext("The report names this as a condition, not as something that is so."),
    "mod-safeguard": lazy_gettext("The report names this as a safeguard that ought to be there, not as one that is."),
    "mod-recommendation": lazy_gettext("The report advises this."),
    "mod-case": lazy_gettext("The report says this of one case, not of partnerships in general."),
    "mod-external-law": lazy_gettext("The report mentions this law; the law itself decides."),
    "mod-limitation": lazy_gettext("The report says this of the reach of its own research."),
    "mod-method": lazy_gettext("The report says this of how the research was done."),
    "mod-definition": lazy_gettext("This is how the report uses the word."),
    "mod-finding": lazy_gettext("The report states this as a finding."),
    "mod-fact": lazy_gettext("The report states this as a fact."),
}


class Count(NamedTuple):
    """How many verdicts of one kind, and how long its part of the bar is (1 to 60; 0 for none)."""

    verdict: str
    code: str
    name: str
    number: int
    length: int


def verdict_name(verdict: str) -> str:
    """Give a verdict's name in the language of the page."""
    return VERDICT_NAMES[verdict][current()]


def severity_name(severity: str) -> str:
    """Give a severity's name in the language of the page."""
    return SEVERITY_NAMES[severity][current()]


def counts(numbers: dict[str, int]) -> list[Count]:
    """Lay out counts by verdict for the bar and its tally, gravest first."""
    largest = max(numbers.values(), default=0)
    scale = 60 / largest if largest > 60 else 1
    return [
        Count(v, code, verdict_name(v), n := numbers.get(v, 0), max(1, round(n * scale)) if n else 0)
        for v, code in CODES.items()
    ]


def modality_note(claim: Claim) -> str:
    """Say plainly how a claim is to be read."""
    return str(MODALITIES.get(local_name(claim.modality), ""))


def caution(claim: Claim) -> str:
    """Say what a claim is not, where its words alone would mislead; "" for others."""
    name = local_name(claim.modality)
    return str(MODALITIES[name]) if name in ("mod-open-question", "mod-respondent-view", "mod-expectation") else ""


def locator(claim: Claim) -> str:
    """Say where in the report a claim stands: "p. 13, r. 492–493" ("r." since "regel" is kept for rules)."""
    parts = [_("p. %(page)s", page=claim.page)] if claim.page else []
    if claim.lines:
        first, last = claim.lines
        if first == last:
            parts.append(_("line %(first)s", first=first))
        else:
            parts.append(_("lines %(first)s–%(last)s", first=first, last=last))
    return ", ".join(parts)


def lines_of(line: int | None) -> str:
    """Say where in the reader's own text something stands."""
    return _("line %(first)s", first=line) if line else ""
