"""Why a verdict is what it is, which forms fit, and how to read a measure: told in words."""

from typing import TYPE_CHECKING

from vereend.errors import VereendError
from vereend.form_reasoning import FORMS, FormReport
from vereend.knowledge import load
from vereend.networks import measures
from vereend.reading import Description
from vereend.terms import PHASES, Statement, prefixed, term
from vereend.validation import choose_rules, validate
from vereend.vocabulary import vocabulary
from vereend.wording import SEVERITY_NAMES, VERDICT_NAMES, Words, join

if TYPE_CHECKING:
    import networkx

_SAYS = {
    "why": {"nl": "Waarom deze regel", "en": "Why this rule"},
    "severity": {"nl": "Zwaarte per fase", "en": "Severity by phase"},
    "rests": {"nl": "Waar dit op rust", "en": "What this rests on"},
    "source": {"nl": "Bron", "en": "Source"},
    "law": {"nl": "Bepalingen", "en": "Provisions"},
    "remedy": {"nl": "Herstel", "en": "Remedy"},
    "question": {"nl": "Vraag voor een mens", "en": "Question for a person"},
    "nothing": {"nl": "de beschrijving zegt er niets over", "en": "the description says nothing of it"},
    "page": {"nl": "p.", "en": "p."},
    "lines": {"nl": "r.", "en": "lines"},
    "form": {"nl": "Vorm", "en": "Form"},
    "certain": {"nl": "zeker", "en": "certain"},
    "excluded": {"nl": "uitgesloten", "en": "excluded"},
    "open": {"nl": "open", "en": "open"},
    "ask": {"nl": "vraag naar", "en": "ask about"},
    "declared": {"nl": "noemt zich", "en": "calls itself"},
    "expected": {"nl": "verwacht", "en": "expected"},
    "degree": {"nl": "lijnen", "en": "lines"},
    "between": {"nl": "ertussen", "en": "between"},
    "reading help": {
        "nl": "lijnen: hoeveel verbindingen iets heeft. ertussen (0 tot 1): welk deel van de kortste wegen tussen twee "
        "anderen hierlangs loopt. Beide zeggen iets over deze beschrijving, niet over macht in het echt.",
        "en": "lines: how many connections a thing has. between (0 to 1): the share of shortest ways between two "
        "others that lead past it. Both speak of this description, not of power in the world.",
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
        first = report.files[0].structure[0]
        raise VereendError(
            description.where(first.focus), f"cannot be judged: {first.message[lang]}", "Complete it, then ask again"
        )
    words = report.files[0].words
    claims = load().claims
    out: list[str] = []
    for rule in chosen:
        verdicts = [v for v in report.verdicts if v.rule.number == rule.number]
        out += [f"{rule.number} {rule.label[lang]}", "", f"{_SAYS['why'][lang]}: {rule.rationale[lang]}"]
        steps = [(words.label(term(f"vc:phase-{p}"), lang), rule.severity(p)) for p in PHASES]
        out.append(
            f"{_SAYS['severity'][lang]}: "
            + ", ".join(f"{name}: {SEVERITY_NAMES[s][lang] if s else '–'}" for name, s in steps)
        )
        out += [p.message[lang] for f in report.files for r in f.partnerships for p in r.judgement.out_of_force]
        for verdict in verdicts:
            out += ["", f"{VERDICT_NAMES[verdict.verdict][lang].upper()}: {verdict.message[lang]}"]
            if verdict.evidence:
                out.append(f"  {_SAYS['rests'][lang]}:")
                out += [f"    {sentence(words, s, lang)}" for s in verdict.evidence]
            if verdict.provisions:
                out.append(f"  {_SAYS['law'][lang]}:")
                out += [f"    {provision(p, lang, report.date)}" for p in verdict.provisions]
            if verdict.remedy:
                out.append(f"  {_SAYS['remedy'][lang]}: {verdict.remedy[lang]}")
            if verdict.question:
                out.append(f"  {_SAYS['question'][lang]}: {verdict.question[lang]}")
        out += ["", f"{_SAYS['source'][lang]}:"]
        for claim in (claims[c] for c in rule.claims if c in claims):
            lines = f", {_SAYS['lines'][lang]} {claim.lines.first}–{claim.lines.last}" if claim.lines else ""
            modality = load().label(claim.modality, lang).value
            out.append(
                f"  {claim.number} ({modality}, {_SAYS['page'][lang]} {claim.page}{lines}): {claim.paraphrase[lang]}"
            )
    return "\n".join(out)


def provision(name: str, lang: str, date: str) -> str:
    """Name a provision by IRI, with how far our account of it was checked and where its text at a date stands."""
    kb = load()
    source = kb.law_source(name, lang, date)
    known = [kb.label(source.confidence, lang).value] if source.confidence else []
    return "  ".join([kb.label(name, lang).value, *(f"({word})" for word in known), *filter(None, [source.link])])


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
    head = f"{_SAYS['degree'][lang]:>7} {_SAYS['between'][lang]:>9}"
    lines = [head, *(f"{m['degree']:>7} {m['betweenness']:>9.2f}  {graph.nodes[n][f'label_{lang}']}" for n, m in rows)]
    return "\n".join([*lines, "", _SAYS["reading help"][lang]])
