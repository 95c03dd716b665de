"""Why a verdict is what it is, which forms fit, and how to read a measure: told in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from vereend.errors import VereendError
from vereend.form_reasoning import FORMS, FormReport
from vereend.formats.words import answer, claim_place, modality, say
from vereend.knowledge import Provision, load
from vereend.network_walks import measures
from vereend.reading import Description
from vereend.report import FileReport
from vereend.rule_examples import partnership, smallest
from vereend.rules import Rule, Texts
from vereend.terms import LANGUAGES, PHASES, Statement, prefixed, term
from vereend.validation import choose_rules, validate
from vereend.verdicts import FOR_A_PERSON, NO_FACTS, SATISFIED, VIOLATED, Verdict
from vereend.vocabulary import pick, vocabulary
from vereend.wording import SEVERITY_NAMES, VERDICT_NAMES, Words, join, opened

if TYPE_CHECKING:
    import networkx

_MOST_TOLD = 4  # statements of an example that are read aloud
_SAYS = {
    "why": {"nl": "Waarom deze regel", "en": "Why this rule"},
    "severity": {"nl": "Zwaarte per fase", "en": "Severity by phase"},
    "rests": {"nl": "Waar dit op rust", "en": "What this rests on"},
    "source": {"nl": "Bron", "en": "Source"},
    "law": {"nl": "Bepalingen", "en": "Provisions"},
    "remedy": {"nl": "Herstel", "en": "Remedy"},
    "question": {"nl": "Vraag voor een mens", "en": "Question for a person"},
    "met": {"nl": "Voldaan als de beschrijving zegt", "en": "Satisfied when the description says"},
    "broken": {
        "nl": "Geschonden als zij zegt, of een volledig genoemde lijst geen andere lezing laat",
        "en": "Violated when it says, or when a list declared complete leaves no other reading",
    },
    "guideline": {"nl": "Handreiking", "en": "Guideline"},
    "answer": {"nl": "Antwoord", "en": "Answer"},
    "examples": {"nl": "Verzonnen voorbeelden", "en": "Invented examples"},
    "without": {"nl": "zonder “{told}”", "en": "without “{told}”"},
    "with": {"nl": "met “{told}”", "en": "with “{told}”"},
    "more": {"nl": "en {n} andere uitspraken", "en": "and {n} other statements"},
    "no example": {"nl": "Er is geen voorbeeld van.", "en": "There is no example of it."},
    "form": {"nl": "Vorm", "en": "Form"},
    "certain": {"nl": "zeker", "en": "certain"},
    "excluded": {"nl": "uitgesloten", "en": "excluded"},
    "open": {"nl": "open", "en": "open"},
    "ask": {"nl": "vraag naar", "en": "ask about"},
    "declared": {"nl": "noemt zich", "en": "calls itself"},
    "expected": {"nl": "verwacht", "en": "expected"},
    "degree": {"nl": "lijnen", "en": "lines"},
    "between": {"nl": "ertussen", "en": "between"},
    "free": {"nl": "beperking", "en": "constraint"},
    "reading help": {
        "nl": "lijnen: hoeveel verbindingen iets heeft. ertussen (0 tot 1): welk deel van de kortste wegen tussen twee "
        "anderen hierlangs loopt. beperking: laag bij een makelaar, wiens buren elkaar alleen via hem kennen; hoog bij "
        "wie overal dezelfde kring treft. Alle drie zeggen iets over deze beschrijving, niet over macht in het echt.",
        "en": "lines: how many connections a thing has. between (0 to 1): the share of shortest ways between two "
        "others that lead past it. constraint: low for a broker, whose neighbours know each other only through it; "
        "high for who meets the same circle everywhere. All three speak of this description, not of power in the "
        "world.",
    },
}


def explain(
    description: Description, number: str, lang: str, *, phase: str | None = None, on: str | None = None
) -> str:
    """Tell everything a rule's verdicts on a description rest on.

    Raises:
        VereendError: an unknown rule, or a description that cannot be judged.
    """
    chosen = choose_rules([number])
    assert chosen is not None
    report = validate([description], phase=phase, on=on, rules=[number])
    if not report.assessable:
        raise cannot_be_judged(report.files[0], lang)
    words = report.files[0].words
    out: list[str] = []
    for rule in chosen:
        verdicts = [v for v in report.verdicts if v.rule.number == rule.number]
        out += _rule_text(rule, words, lang)
        out += [p.message[lang] for f in report.files for r in f.partnerships for p in r.judgement.out_of_force]
        for verdict in verdicts:
            out += _verdict_text(verdict, words, report.date, lang)
        out += _sources_text(rule, lang)
        out += [
            "",
            f"{_SAYS['examples'][lang]}:",
            *_example_text(rule, "Pass", lang),
            *_example_text(rule, "Fail", lang),
        ]
    return "\n".join(out)


def _rule_text(rule: Rule, words: Words, lang: str) -> list[str]:
    """Tell a rule in plain words: why it is there, how grave it is, and when it holds or is broken."""
    steps = [(words.label(term(f"vc:phase-{p}"), lang), rule.severity(p)) for p in PHASES]
    grave = ", ".join(f"{name}: {SEVERITY_NAMES[s][lang] if s else '–'}" for name, s in steps)
    out = [f"{rule.number} {rule.label[lang]}", "", f"{_SAYS['why'][lang]}: {rule.rationale[lang]}"]
    out.append(f"{_SAYS['severity'][lang]}: {grave}")
    for name, ways in (("met", rule.held), ("broken", rule.failing)):
        if ways:
            out += [f"{_SAYS[name][lang]}:", *(f"  {opened(texts[lang])}" for texts in ways)]
    if rule.question:
        out.append(f"{_SAYS['question'][lang]}: {rule.question[lang]}")
    return out


def _verdict_text(verdict: Verdict, words: Words, date: str, lang: str) -> list[str]:
    thing = f" ({words.label(verdict.value, lang)})" if verdict.value else ""
    out = ["", f"{VERDICT_NAMES[verdict.verdict][lang].upper()}{thing}: {verdict.message[lang]}"]
    if verdict.answer:
        out.append(f"  {_SAYS['answer'][lang]}: {answer(verdict.answer, lang)}: {verdict.answer.reason.value}")
        if verdict.answer.review_again:
            out.append(f"  {say('review', lang)}")
    if verdict.evidence:
        out.append(f"  {_SAYS['rests'][lang]}:")
        out += [f"    {sentence(words, s, lang)}" for s in verdict.evidence]
    if verdict.provisions:
        out.append(f"  {_SAYS['law'][lang]}:")
        for name in verdict.provisions:
            provision = load().provision(name)
            effect = pick(provision.effect, lang)
            out.append(f"    {provision_text(provision, lang, date)}")
            out += [f"      {effect.value}"] if effect else []
    if verdict.remedy:
        out.append(f"  {_SAYS['remedy'][lang]}: {verdict.remedy[lang]}")
    return out


def _sources_text(rule: Rule, lang: str) -> list[str]:
    """Name the guideline a rule belongs to and the claims it rests on."""
    kb = load()
    out = [""]
    if rule.guideline:
        out += [f"{_SAYS['guideline'][lang]}: {kb.label(rule.guideline, lang).value}"]
    out.append(f"{_SAYS['source'][lang]}:")
    for claim in (kb.claims[number] for number in rule.claims if number in kb.claims):
        place = ", ".join(filter(None, [modality(claim, lang), claim_place(claim, lang)]))
        out.append(f"  {claim.number} ({place}): {claim.paraphrase[lang]}")
    return out


@dataclass(frozen=True)
class ShownExample:
    """The invented partnership with a small change, and what a rule says of it."""

    verdict: Verdict
    label: Texts
    differs: dict[str, list[str]]  # what the change leaves out and adds, read aloud, by language


@cache
def shown_example(number: str, kind: str) -> ShownExample | None:
    """Give the smallest change to the invented partnership with which a rule holds, fails or only just holds.

    Args:
        number: of the rule.
        kind: "Pass", "Fail" or "NearMiss".
    Returns:
        None where there is no such example.
    """
    example = smallest(number, kind)
    if example is None:
        return None
    wanted = (VIOLATED,) if kind == "Fail" else (SATISFIED, FOR_A_PERSON)
    report = validate([example.description], phase=example.phase, rules=[number])
    verdict = next((v for v in report.verdicts if v.verdict in wanted), None)
    if verdict is None:
        return None
    named = Words(partnership().statements | example.change.add, vocabulary())
    differs = {
        lang: _told("without", example.change.remove, named, lang) + _told("with", example.change.add, named, lang)
        for lang in LANGUAGES
    }
    return ShownExample(verdict, report.files[0].partnerships[0].label, differs)


def _example_text(rule: Rule, kind: str, lang: str) -> list[str]:
    shown = shown_example(rule.number, kind)
    if shown is None:
        missing = SATISFIED if kind == "Pass" else VIOLATED
        return [f"  {VERDICT_NAMES[missing][lang].upper()}: {_SAYS['no example'][lang]}"]
    return [
        f"  {VERDICT_NAMES[shown.verdict.verdict][lang].upper()}: "
        f"{', '.join([shown.label[lang], *shown.differs[lang]])}",
        f"    {shown.verdict.message[lang]}",
    ]


def _told(name: str, statements: Iterable[Statement], words: Words, lang: str) -> list[str]:
    """Read aloud what an example adds or leaves out: a few statements, and how many more."""
    told = [" ".join(words.statement(s, lang)) for s in sorted(statements) if s.predicate not in NO_FACTS]
    found = [_SAYS[name][lang].format(told=text) for text in told[:_MOST_TOLD]]
    return found + ([_SAYS["more"][lang].format(n=len(told) - _MOST_TOLD)] if len(told) > _MOST_TOLD else [])


def provision_text(found: Provision, lang: str, date: str) -> str:
    """Name a provision, with how far our account of it was checked and where its text as on a date stands."""
    kb = load()
    checked = [f"({kb.label(term(f'vc:conf-{found.confidence}'), lang).value})"] if found.confidence else []
    return "  ".join([kb.label(found.iri, lang).value, *checked, *filter(None, [found.link(lang, date)])])


def cannot_be_judged(file: FileReport, lang: str) -> VereendError:
    """Make the error for a question about verdicts on a description that gets none."""
    first = file.structure[0]
    where = file.description.where(first.focus)
    return VereendError(where, f"cannot be judged: {first.message[lang]}", "Complete it, then ask again")


def sentence(words: Words, statement: Statement, lang: str) -> str:
    """Read a statement aloud, with its triple behind it."""
    triple = " ".join(prefixed(part) for part in statement)
    return f"{' '.join(words.statement(statement, lang))}   [{triple}]"


def forms_text(description: Description, reports: list[FormReport], lang: str) -> str:
    """Tell which forms are certain, excluded or open, and what to ask about the open ones."""
    words = Words(description.statements, vocabulary())
    out = []
    for report in reports:
        out.append(words.label(report.partnership, lang))
        for name, forms in (("declared", report.declared), ("expected", report.expected)):
            if forms:
                out.append(f"  {_SAYS[name][lang]}: {join((words.label(f, lang) for f in forms), lang)}")
        for form, status in report.status.items():
            asked = [words.label(p, lang) for p in report.questions.get(form, ())]
            more = f" ({_SAYS['ask'][lang]}: {join(asked, lang)})" if asked else ""
            out.append(f"  {words.label(term(FORMS[form][1]), lang)}: {_SAYS[status][lang]}{more}")
    return "\n".join(out)


def measures_text(graph: "networkx.MultiDiGraph[str]", lang: str) -> str:
    """Tabulate how central each node is, with how to read it."""
    rows = sorted(measures(graph).items(), key=lambda item: (-item[1]["degree"], item[0]))
    head = f"{_SAYS['degree'][lang]:>7} {_SAYS['between'][lang]:>9} {_SAYS['free'][lang]:>10}"
    lines = [head]
    for name, found in rows:
        constraint = "–" if found["constraint"] is None else f"{found['constraint']:.2f}"
        label = graph.nodes[name][f"label_{lang}"]
        lines.append(f"{found['degree']:>7} {found['betweenness']:>9.2f} {constraint:>10}  {label}")
    return "\n".join([*lines, "", _SAYS["reading help"][lang]])
