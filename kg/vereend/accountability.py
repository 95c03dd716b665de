"""Who may do what on what basis, and the chain from each coercive power to those who can stop it.

A chain is as strong as its first broken link. What is told comes from the description; whether a link is broken or not
told comes from the verdicts, never from a reading of its own.
"""

from dataclasses import dataclass, replace
from typing import Any

from vereend.networks import actor_sign
from vereend.readings import background
from vereend.report import FileReport, PartnershipReport
from vereend.rules import Texts
from vereend.terms import LANGUAGES, TYPE, Statement, iri, term
from vereend.verdicts import CONTESTED, NOT_TOLD, VIOLATED, Verdict
from vereend.vocabulary import vocabulary
from vereend.wording import Words, join

BROKEN, DISPUTED, UNTOLD, TOLD = "broken", "contested", "not told", "told"


@dataclass(frozen=True)
class PositionRow:
    """One legal position with all that hangs on it. Names are IRIs; a tuple is sorted and may be empty."""

    iri: str
    label: Texts
    power: str
    coercive: bool
    participation: str
    actor: str
    police: bool
    nature: str | None
    towards: tuple[str, ...]
    bases: tuple[str, ...]
    mandates: tuple[str, ...]
    oversight: tuple[str, ...]  # arrangements whose mandate covers the power
    interventions: tuple[str, ...]  # binding ones, of those arrangements
    complaints: tuple[str, ...]  # routes about the power, open to one of those it is exercised towards
    handlers: tuple[str, ...]  # who runs these routes
    granters: tuple[str, ...]  # who granted the mandates
    overseers: tuple[str, ...]  # who exercises the oversight


@dataclass(frozen=True)
class Link:
    """One link of a chain, read from left to right."""

    relation: Texts  # how it follows from the one before: "held by"
    names: tuple[str, ...]  # IRIs; empty where nothing is told
    sign: str  # the mark it is drawn with
    text: Texts
    state: str  # told, not told, contested or broken
    rule: str | None  # the rule that says so, by number
    by: tuple[str, ...] = ()  # IRIs of who stands behind it: who granted, who oversees, who hears complaints


@dataclass(frozen=True)
class Chain:
    """The chain of accountability of one coercive position outside the police."""

    position: PositionRow
    links: tuple[Link, ...]

    @property
    def first_broken(self) -> int | None:
        """The place of the first broken link; None when none is known to be broken."""
        return next((i for i, link in enumerate(self.links) if link.state == BROKEN), None)


class _Facts:
    """Look-ups in one description."""

    def __init__(self, statements: frozenset[Statement]) -> None:
        self.known = vocabulary()
        self.statements = statements | background(statements, self.known)
        self.values: dict[tuple[str, str], list[str]] = {}
        for s, p, o in sorted(self.statements):
            self.values.setdefault((s, p), []).append(o)

    def all(self, subject: str, name: str) -> list[str]:
        return self.values.get((subject, term(f"vrd:{name}")), [])

    def one(self, subject: str, name: str) -> str:
        return next(iter(self.all(subject, name)), "")

    def is_a(self, name: str, kind: str) -> bool:
        return any(term(f"vrd:{kind}") in self.known.kinds(k) for k in self.values.get((name, TYPE), ()))

    def within(self, concept: str, broader: str) -> bool:
        return broader in self.known.broader_all.get(concept, set())

    def binding(self, intervention: str) -> bool:
        true = f'"true"^^{term("xsd:boolean")}'
        return Statement(intervention, term("vrd:binding"), true) in self.known.concept_statements


def _iris(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted({iri(n) for n in names}))


def positions(file: FileReport, report: PartnershipReport) -> list[PositionRow]:
    """List the positions in a partnership, coercive ones first, then by label in Dutch."""
    facts = _Facts(report.judgement.statements)
    partnership = report.judgement.partnership
    rows = [_position(facts, partnership, p, file.words) for p in facts.all(partnership, "hasPosition")]
    return sorted(rows, key=lambda row: (not row.coercive, row.label["nl"], row.iri))


def _position(facts: _Facts, partnership: str, position: str, words: Words) -> PositionRow:
    power, holder = facts.one(position, "powerType"), facts.one(position, "holder")
    groups = facts.all(position, "towards")
    safeguards = facts.all(partnership, "hasSafeguard")
    mandates = {a: facts.one(a, "mandate") for a in safeguards if facts.is_a(a, "OversightArrangement")}
    covering = [a for a, m in mandates.items() if any(facts.within(power, c) for c in facts.all(m, "covers"))]
    routes = [
        r
        for r in safeguards
        if facts.is_a(r, "ComplaintRoute")
        and any(facts.within(power, subject) for subject in facts.all(r, "subject"))
        and any(facts.within(group, protected) for group in groups for protected in facts.all(r, "protects"))
    ]
    return PositionRow(
        iri(position),
        words.labels(position),
        iri(power),
        facts.within(power, term("vc:coercion")),
        iri(holder),
        iri(facts.one(holder, "participant")),
        facts.is_a(holder, "PoliceParticipation"),
        iri(facts.one(position, "nature")) or None,
        _iris(groups),
        _iris(facts.all(position, "legalBasis")),
        _iris(facts.all(position, "underMandate")),
        _iris(covering),
        _iris([i for a in covering for i in facts.all(mandates[a], "intervention") if facts.binding(i)]),
        _iris(routes),
        _iris([h for r in routes for h in facts.all(r, "exercisedBy")]),
        _iris([g for m in facts.all(position, "underMandate") for g in facts.all(m, "grantedBy")]),
        _iris([b for a in covering for b in facts.all(a, "exercisedBy")]),
    )


_RELATIONS = {
    "power": {"nl": "de bevoegdheid", "en": "the power"},
    "holder": {"nl": "in handen van", "en": "held by"},
    "basis": {"nl": "rust op", "en": "resting on"},
    "mandate": {"nl": "onder mandaat van", "en": "under mandate of"},
    "oversight": {"nl": "onder toezicht van", "en": "overseen by"},
    "intervention": {"nl": "dat bindend kan", "en": "able to order"},
    "complaints": {"nl": "klachten bij", "en": "complaints to"},
}
_STATES = {
    BROKEN: {"nl": "ontbreekt", "en": "missing"},
    DISPUTED: {"nl": "betwist", "en": "contested"},
    UNTOLD: {"nl": "niet verteld", "en": "not told"},
}
# What a verdict says of the link it is about.
_SAID = {VIOLATED: BROKEN, CONTESTED: DISPUTED, NOT_TOLD: UNTOLD}
# link -> the rule whose verdict tells its state, the mark it is drawn with
_LINKS = {
    "basis": ("R12", "law"),
    "mandate": ("R11", "mandate"),
    "oversight": ("R13", "safeguard"),
    "intervention": ("R13", "safeguard"),
    "complaints": ("R18", "safeguard"),
}


def chains(file: FileReport, report: PartnershipReport) -> list[Chain]:
    """Follow each coercive power outside the police to who can stop it and who hears complaints."""
    kinds = {s.subject: s.object for s in report.judgement.statements if s.predicate == TYPE}
    return [
        _chain(row, file.words, report, actor_sign(kinds.get(f"<{row.actor}>", "")))
        for row in positions(file, report)
        if row.coercive and not row.police
    ]


def _chain(row: PositionRow, words: Words, report: PartnershipReport, sign: str) -> Chain:
    verdicts = {v.rule.number: v for v in report.verdicts if v.value and iri(v.value) == row.iri}
    told = {
        "basis": row.bases,
        "mandate": row.mandates,
        "oversight": row.oversight,
        "intervention": row.interventions,
        "complaints": row.complaints,
    }
    behind = {"mandate": row.granters, "oversight": row.overseers, "complaints": row.handlers}
    links = [
        Link(_RELATIONS["power"], (row.iri,), "power", row.label, TOLD, None),
        Link(_RELATIONS["holder"], (row.actor,), sign, words.labels(f"<{row.actor}>"), TOLD, None),
    ]
    for name, (number, mark) in _LINKS.items():
        state = _state(name, told, verdicts.get(number))
        text = (
            {lang: join((words.label(f"<{n}>", lang) for n in told[name]), lang) for lang in LANGUAGES}
            if told[name]
            else _STATES[UNTOLD if state == TOLD else state]
        )
        rule = number if state != TOLD else None
        links.append(Link(_RELATIONS[name], told[name], mark, text, state, rule, behind.get(name, ())))
    return Chain(row, tuple(links))


def _state(name: str, told: dict[str, tuple[str, ...]], verdict: Verdict | None) -> str:
    """Say whether a link holds. R13 speaks of two links: the one that is missing is the one that is broken."""
    if verdict is None:
        return TOLD if told[name] else UNTOLD
    outcome = _SAID.get(verdict.verdict, TOLD)
    if name == "oversight" and told["oversight"]:
        return TOLD
    if name == "intervention" and not told["oversight"]:
        return UNTOLD
    return outcome


# --- told -------------------------------------------------------------------------------------------------------------

_BEHIND = {
    "mandate": {"nl": "verleend door {}", "en": "granted by {}"},
    "oversight": {"nl": "uitgeoefend door {}", "en": "exercised by {}"},
    "complaints": {"nl": "gehoord door {}", "en": "heard by {}"},
}
_SAYS = {
    "none": {
        "nl": "Niemand buiten de politie heeft hier een dwangbevoegdheid.",
        "en": "Nobody outside the police holds a coercive power here.",
    },
    "whole": {"nl": "Geen schakel is bekend als gebroken.", "en": "No link is known to be broken."},
    "broken": {"nl": "Eerste gebroken schakel: {}.", "en": "First broken link: {}."},
}
_NAMES = ("power", "holder", *_LINKS)


def chain_dict(chain: Chain) -> dict[str, Any]:
    """Give a chain for programs. Keys are added, never renamed or removed."""
    first = chain.first_broken
    return {
        "position": chain.position.iri,
        "actor": chain.position.actor,
        "label": chain.position.label,
        "firstBroken": None if first is None else _NAMES[first],
        "links": [
            {
                "link": name,
                "relation": link.relation,
                "names": list(link.names),
                "by": list(link.by),
                "text": link.text,
                "state": link.state,
                "rule": link.rule,
            }
            for name, link in zip(_NAMES, chain.links, strict=True)
        ],
    }


@dataclass(frozen=True)
class Clause:
    """A part of the sentence a chain reads as."""

    text: str
    link: str  # power, holder, basis and so on
    state: str  # told, not told, contested or broken
    first_broken: bool
    rule: str | None  # the rule that says that the link does not hold


# link -> what is said of it when it is told, silent, missing or contested; {} is what it names.
_CLAUSES: dict[str, dict[str, Texts]] = {
    "holder": {TOLD: {"nl": "{power} is in handen van {}", "en": "{power} is held by {}"}},
    "basis": {
        TOLD: {"nl": "het rust op {}", "en": "it rests on {}"},
        UNTOLD: {"nl": "waarop het rust, is niet verteld", "en": "what it rests on is not told"},
        BROKEN: {"nl": "een grondslag ontbreekt", "en": "a basis is missing"},
        DISPUTED: {"nl": "de grondslag is betwist", "en": "its basis is contested"},
    },
    "mandate": {
        TOLD: {"nl": "het valt onder het mandaat van {}", "en": "it falls under the mandate of {}"},
        UNTOLD: {"nl": "een mandaat is niet verteld", "en": "a mandate is not told"},
        BROKEN: {"nl": "een mandaat dat dit dekt ontbreekt", "en": "a mandate that covers it is missing"},
        DISPUTED: {"nl": "het mandaat is betwist", "en": "the mandate is contested"},
    },
    "oversight": {
        TOLD: {"nl": "het staat onder toezicht van {}", "en": "it is overseen by {}"},
        UNTOLD: {"nl": "of er toezicht op is, is niet verteld", "en": "whether it is overseen is not told"},
        BROKEN: {"nl": "toezicht dat het dekt ontbreekt", "en": "oversight that covers it is missing"},
        DISPUTED: {"nl": "het toezicht is betwist", "en": "the oversight is contested"},
    },
    "intervention": {
        TOLD: {"nl": "dat toezicht kan bindend ingrijpen: {}", "en": "that oversight can intervene bindingly: {}"},
        UNTOLD: {
            "nl": "of iemand bindend kan ingrijpen, is niet verteld",
            "en": "whether anyone can intervene bindingly is not told",
        },
        BROKEN: {
            "nl": "maar dat toezicht kan niet bindend ingrijpen",
            "en": "but that oversight cannot intervene bindingly",
        },
        DISPUTED: {
            "nl": "of dat toezicht bindend kan ingrijpen, is betwist",
            "en": "whether that oversight can intervene bindingly is contested",
        },
    },
    "complaints": {
        TOLD: {"nl": "wie het ondergaat kan klagen bij {}", "en": "whoever undergoes it can complain to {}"},
        UNTOLD: {
            "nl": "waar wie het ondergaat kan klagen, is niet verteld",
            "en": "where whoever undergoes it can complain is not told",
        },
        BROKEN: {
            "nl": "wie het ondergaat kan nergens onafhankelijk klagen",
            "en": "whoever undergoes it has no independent place to complain",
        },
        DISPUTED: {"nl": "de klachtroute is betwist", "en": "the complaint route is contested"},
    },
}


# What is named, and yet does not hold, or of which too little is told.
_YET: dict[str, Texts] = {
    BROKEN: {"nl": ", maar dat voldoet niet", "en": ", but that does not suffice"},
    UNTOLD: {"nl": ", maar daarover is te weinig verteld", "en": ", but too little is told of it"},
}


def chain_sentence(chain: Chain, words: Words, lang: str) -> list[Clause]:
    """Read a chain as one sentence, clause by clause: to be joined with semicolons."""
    found = []
    power = chain.position.label[lang]
    for place, (name, link) in enumerate(zip(_NAMES, chain.links, strict=True)):
        if name == "power":
            continue
        # What rests on two verdicts, such as an intervention told but contested, goes by its state.
        state = link.state if link.state != TOLD or link.names else UNTOLD
        yet = _YET[state][lang] if link.names and state in _YET else ""
        text = (
            _CLAUSES[name][TOLD if yet else state][lang].replace("{power}", power).replace("{}", link.text[lang]) + yet
        )
        if state == TOLD and link.by and name in _BEHIND:
            who = join((words.label(f"<{x}>", lang) for x in link.by), lang)
            text += f", {_BEHIND[name][lang].format(who)}"
        found.append(Clause(text, name, state, place == chain.first_broken, link.rule))
    first = found[0]
    return [replace(first, text=first.text[:1].upper() + first.text[1:]), *found[1:]]


def chains_text(found: list[Chain], words: Words, lang: str) -> str:
    """Tell chains link by link: each with who stands behind it, and which rule says that it does not hold."""
    if not found:
        return _SAYS["none"][lang]
    lines: list[str] = []
    for chain in found:
        for name, link in zip(_NAMES, chain.links, strict=True):
            text = link.text[lang]
            if link.names and name in _BEHIND:
                who = join((words.label(f"<{x}>", lang) for x in link.by), lang) or f"… ({_STATES[UNTOLD][lang]})"
                text += f", {_BEHIND[name][lang].format(who)}"
            relation = f"{link.relation[lang]}: " if name != "power" else ""
            mark = f" ({link.rule})" if link.rule else ""
            lines.append(f"{'  ' if relation else ''}{relation}{text}{mark}")
        first = chain.first_broken
        lines.append(f"  {'; '.join(clause.text for clause in chain_sentence(chain, words, lang))}.")
        says = _SAYS["whole" if first is None else "broken"][lang]
        lines += [f"  {says.format(chain.links[first or 0].relation[lang])}", ""]
    return "\n".join(lines[:-1])
