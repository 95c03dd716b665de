"""Words that the forms for people share: headings, places, sources and what stands for emptiness."""

from itertools import groupby
from typing import NamedTuple

from vereend.answers import Answer
from vereend.knowledge import Claim, Provision, load
from vereend.positions import Position
from vereend.report import FileReport, PartnershipReport, Report, Unreadable
from vereend.rules import Rule
from vereend.terms import NAMESPACES, Statement
from vereend.verdicts import NOT_APPLICABLE, Verdict
from vereend.vocabulary import pick
from vereend.wording import SEVERITY_NAMES

_SAYS = {
    "report": {"nl": "Wat de regels zeggen", "en": "What the rules say"},
    "conforms": {"nl": "voldoet", "en": "conforms"},
    "not": {"nl": "voldoet nog niet", "en": "does not conform yet"},
    "phase": {"nl": "fase", "en": "phase"},
    "phase untold": {"nl": "fase niet verteld: beoordeeld als", "en": "phase not told: judged as"},
    "no phase": {"nl": "beoordeeld naar shapes van anderen", "en": "judged by shapes of others"},
    "structure": {"nl": "kan niet worden beoordeeld", "en": "cannot be judged"},
    "unreadable": {"nl": "kan niet worden gelezen", "en": "cannot be read"},
    "nothing read": {"nl": "Er is niets gelezen.", "en": "Nothing was read."},
    "line": {"nl": "r. {line}", "en": "line {line}"},
    "line and column": {"nl": "r. {line}, kolom {column}", "en": "line {line}, column {column}"},
    "message": {"nl": "Reden", "en": "Reason"},
    "place": {"nl": "Plaats", "en": "Place"},
    "remedy": {"nl": "Herstel", "en": "Remedy"},
    "source": {"nl": "Bron", "en": "Source"},
    "law": {"nl": "Bepalingen", "en": "Provisions"},
    "rests": {"nl": "Waar dit op rust", "en": "What this rests on"},
    "rests on nothing": {
        "nl": "Op geen uitspraak van de beschrijving.",
        "en": "On no statement of the description.",
    },
    "question": {"nl": "Vraag voor een mens", "en": "Question for a person"},
    "answer": {"nl": "Antwoord", "en": "Answer"},
    "yes": {"nl": "ja", "en": "yes"},
    "no": {"nl": "nee", "en": "no"},
    "review": {
        "nl": "Bekijk dit opnieuw: de vraag, of wat hierover is verteld, is sinds het antwoord veranderd.",
        "en": "Review this again: the question, or what is told of this, has changed since the answer.",
    },
    "loose": {
        "nl": "Antwoorden waarvan de vraag niet meer wordt gesteld",
        "en": "Answers whose question is no longer asked",
    },
    "no questions": {"nl": "Er blijft niets over voor een mens.", "en": "Nothing is left to a person."},
    "unchecked": {
        "nl": "Door geen regel bekeken: {n} uitspraken.",
        "en": "Looked at by no rule: {n} statements.",
    },
    "unchecked none": {
        "nl": "Elke uitspraak is door een regel bekeken.",
        "en": "Every statement was looked at by a rule.",
    },
    "unchecked unknown": {
        "nl": "Waar shapes van anderen naar kijken, wordt niet bijgehouden.",
        "en": "What shapes of others look at is not kept.",
    },
    "unchecked head": {"nl": "Door geen regel bekeken", "en": "Looked at by no rule"},
    "idle": {
        "nl": "Niets te beoordelen vonden: {rules}.",
        "en": "Found nothing to judge: {rules}.",
    },
    "idle head": {"nl": "Regels die niets te beoordelen vonden", "en": "Rules that found nothing to judge"},
    "idle none": {"nl": "Elke regel vond iets te beoordelen.", "en": "Every rule found something to judge."},
    "date": {"nl": "Beoordeeld naar de stand op", "en": "Judged as of"},
    "engine": {"nl": "SHACL-engine", "en": "SHACL engine"},
    "inference": {"nl": "Afleiding", "en": "Inference"},
    "inference none": {"nl": "geen", "en": "none"},
    "inference rdfs": {
        "nl": "rdfs (wat uit soorten en eigenschappen volgt; dat verandert oordelen)",
        "en": "rdfs (what follows from kinds and properties; this changes verdicts)",
    },
    "version": {"nl": "Versie van Vereend", "en": "Version of Vereend"},
    "files": {"nl": "Beschrijvingen", "en": "Descriptions"},
    "file": {"nl": "bestand", "en": "file"},
    "severity": {"nl": "Zwaarte", "en": "Severity"},
    "verdict": {"nl": "Oordeel", "en": "Verdict"},
    "number": {"nl": "Aantal", "en": "Number"},
    "verdicts": {"nl": "Oordelen", "en": "Verdicts"},
    "page": {"nl": "p. {page}", "en": "p. {page}"},
    "one line": {"nl": "r. {first}", "en": "line {first}"},
    "lines": {"nl": "r. {first}–{last}", "en": "lines {first}–{last}"},
    "likely": {"nl": "waarschijnlijk, niet nagegaan", "en": "likely, not checked"},
    "unverified": {"nl": "niet nagegaan", "en": "unverified"},
    "reach": {
        "nl": "Dit verslag beoordeelt een beschrijving, niet de samenwerking zelf, en is geen juridisch advies. "
        "“Niet verteld” is een vraag, geen bevinding.",
        "en": "This report judges a description, not the partnership itself, and is no legal advice. "
        "“Not told” is a question, not a finding.",
    },
}


def inference(report: Report, lang: str) -> str:
    """Tell what was inferred before anything was judged."""
    return say(f"inference {report.inference}", lang)


def say(key: str, lang: str, **found: object) -> str:
    """Give a word or sentence of the report in a language."""
    return _SAYS[key][lang].format(**found)


def place(position: Position | None, lang: str) -> str:
    """Say where in the reader's own text something stands; empty where the text does not show it."""
    return say("line and column", lang, line=position.line, column=position.column) if position else ""


def phase(report: PartnershipReport, file: FileReport, lang: str) -> str:
    """Say in which phase a partnership was judged, and whether it tells so itself."""
    if not report.judgement.phase:
        return say("no phase", lang)
    name = file.words.label(f"<{NAMESPACES['vc']}phase-{report.judgement.phase}>", lang)
    return f"{say('phase' if report.judgement.phase_told else 'phase untold', lang)} {name}"


def severity(verdict: Verdict, lang: str) -> str:
    """Name how grave a verdict is; one of shapes of others may have a name of its own."""
    return SEVERITY_NAMES.get(verdict.severity or "", {}).get(lang, verdict.severity or "")


def none_unchecked(report: PartnershipReport, lang: str) -> str:
    """Say what it means that no statement is listed as unchecked."""
    return say("unchecked none" if report.judgement.phase else "unchecked unknown", lang)


def outcome(report: PartnershipReport, lang: str) -> str:
    """Say whether a partnership conforms."""
    return say("conforms" if report.conforms else "not", lang)


def refusal(one: Unreadable, lang: str) -> str:
    """Say that a file could not be read, and why."""
    return f"{say('unreadable', lang)}: {told_error(one)}"


def told_error(one: Unreadable) -> str:
    """Say why a file could not be read, without its name; in English, as all errors of the library."""
    return str(one.error).removeprefix(one.path).lstrip(",: ")


def title(rule: Rule, lang: str) -> str:
    """Name a rule by number and label; a shape of others may have the first alone."""
    return f"{rule.number} {rule.label[lang]}".rstrip()


class Judged(NamedTuple):
    """What a verdict is about, in words."""

    focus: str
    value: str  # "" where the focus itself is judged


def about(verdict: Verdict, file: FileReport, lang: str) -> Judged:
    """Name what a verdict is about."""
    return Judged(file.words.label(verdict.focus, lang), file.words.label(verdict.value, lang) if verdict.value else "")


def answer(found: Answer, lang: str) -> str:
    """Say what a person answered, who and when, without the reason."""
    return f"{say('yes' if found.yes else 'no', lang)} ({found.initials}, {found.date})"


def loose(found: Answer, file: FileReport, lang: str) -> str:
    """Say what was answered to a question that is no longer asked."""
    thing = file.words.label(found.value or found.focus, lang)
    return f"{found.rule} {thing}: {answer(found, lang)}: {found.reason.value}"


def idle_rules(report: PartnershipReport) -> list[Verdict]:
    """Give one verdict of each rule that found nothing to judge, by number."""
    return sorted((v for v in report.verdicts if v.verdict == NOT_APPLICABLE), key=lambda v: v.rule.number)


def spoken(report: PartnershipReport) -> list[Verdict]:
    """Give the verdicts of rules that found something to judge, gravest first."""
    return [v for v in report.verdicts if v.verdict != NOT_APPLICABLE]


def together(report: PartnershipReport) -> list[list[Verdict]]:
    """Give the verdicts as `spoken` does, those of one rule that ask for the same remedy together."""

    def asks(verdict: Verdict) -> tuple[str, ...]:
        apart = () if verdict.is_result and not verdict.answer else (verdict.focus, verdict.value or "")
        return (verdict.shape, verdict.verdict, verdict.severity or "", *verdict.remedy.values(), *apart)

    return [list(found) for _, found in groupby(spoken(report), asks)]


def statement(found: Statement, file: FileReport, lang: str) -> str:
    """Read a statement aloud."""
    return " ".join(file.words.statement(found, lang))


def claim_place(claim: Claim, lang: str) -> str:
    """Say where in the report a claim stands."""
    parts = [say("page", lang, page=claim.page)] if claim.page else []
    if claim.lines:
        first, last = claim.lines
        parts.append(say("one line" if first == last else "lines", lang, first=first, last=last))
    return ", ".join(parts)


def modality(claim: Claim, lang: str) -> str:
    """Say how the report puts a claim: as a finding, a recommendation, an open question."""
    return load().label(claim.modality, lang).value


def claims(verdict: Verdict) -> list[Claim]:
    """Give the claims a verdict's rule rests on."""
    known = load().claims
    return [known[number] for number in verdict.claims if number in known]


def provisions(verdict: Verdict) -> list[Provision]:
    """Give the provisions a verdict's rule or evidence names."""
    return [load().provision(name) for name in verdict.provisions]


def doubt(provision: Provision, lang: str) -> str:
    """Say that a provision was not checked; empty for one that was."""
    return say(provision.confidence, lang) if provision.confidence in ("likely", "unverified") else ""


def words(texts: dict[str, str], lang: str) -> str:
    """Give a text in a language, else in another; empty where there is none."""
    found = pick(texts, lang)
    return found.value if found else ""
