"""Pages about one partnership: who takes part, who may do what, who can stop them, and what the rules say of it."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from vereend.accountability import PositionRow, chains, positions
from vereend.form_reasoning import FEATURES, FORMS, FormReport
from vereend.gaps import Gap, gaps
from vereend.knowledge import Case, Claim
from vereend.report import Counts, PartnershipReport, count
from vereend.terms import COMPLETE_FOR, TYPE, Text, iri, term
from vereend.verdicts import CONTESTED, NOT_TOLD, VIOLATED, Verdict
from vereend_webui.chain_drawing import Drawing, draw
from vereend_webui.i18n import current, pick
from vereend_webui.site import knowledge, site
from vereend_webui.telling import Summary, Telling, namer, other_label, summary
from vereend_webui.things import Namer, Thing, Told, thing

bp = Blueprint("partnerships", __name__)
_SAY_NOTHING = {TYPE, COMPLETE_FOR, term("prov:wasDerivedFrom")}
_GROUPS = ("police", "actor", "private", "civil")


@dataclass(frozen=True)
class ListPage:
    """All that partnerships/index.html may use."""

    real: list[Summary]
    invented: list[Summary]


@dataclass(frozen=True)
class Participant:
    """Who takes part, and how. An empty list was not told."""

    actor: Thing
    kinds: list[Thing]
    roles: list[Thing]
    contributions: list[Thing]
    interests: list[Thing]
    claims: list[Claim]
    around: list[Told]  # of one who does not take part: how the description brings it in


@dataclass(frozen=True)
class ParticipantGroup:
    """Participants of one sort. sign: a mark; "" for those around the partnership."""

    sign: str
    rows: list[Participant]


@dataclass(frozen=True)
class Power:
    """Who may do what towards whom, with what stands against it. An empty list was not told."""

    power: Thing
    type: Thing
    coercive: bool
    holder: Thing
    towards: list[Thing]
    bases: list[Thing]
    nature: Thing | None
    mandates: list[Thing]
    oversight: list[Thing]
    interventions: list[Thing]
    oversight_verdict: str | None  # violated or not told, as R13 says of this power; None when it is neither
    complaints: list[Thing]
    handlers: list[Thing]
    chain: str | None  # anchor of its chain


@dataclass(frozen=True)
class Reading:
    """The value of a feature in one capacity, with the claims it rests on."""

    values: list[Thing]
    claims: list[Claim]


@dataclass(frozen=True)
class Feature:
    """One feature, as it was expected, declared and observed, as we read it, and as the rules take it."""

    name: Text
    expected: Reading
    declared: Reading
    observed: Reading
    ours: Reading
    taken: list[Thing]
    differs: bool  # two readings name different values


@dataclass(frozen=True)
class Form:
    """Whether a form follows from the features: certain, excluded or open; and what would settle it."""

    form: Thing
    status: str
    questions: list[Text]
    expected: bool
    declared: bool


@dataclass(frozen=True)
class ThemeCounts:
    """The verdicts of one theme."""

    slug: str
    label: Text
    counts: Counts


@dataclass(frozen=True)
class Flow:
    """Which data go from whom to whom. None and an empty list were not told."""

    name: Thing
    sender: Thing | None
    receiver: Thing | None
    categories: list[Thing]
    bases: list[Thing]


@dataclass(frozen=True)
class Untold:
    """What is not told of one thing, and which rules wait for it."""

    subject: Thing
    waiting: list[tuple[Thing, str, str | None, Text]]  # rule, its number, how heavy it weighs, what is not told


@dataclass(frozen=True)
class CasePage:
    """All that partnerships/show.html may use."""

    case: Case
    name: Text
    other_name: Text | None
    words: Text  # what it is about; empty when not told
    tasks: list[Thing]
    phenomena: list[Thing]
    declared: list[Thing]
    phase: Thing | None
    jurisdiction: Thing | None
    statements: int
    report: PartnershipReport | None  # None: too incomplete to be judged
    structure: list[Text]  # why not
    groups: list[ParticipantGroup]
    around: list[Participant]
    participants_complete: bool
    powers: list[Power]
    powers_complete: bool
    chains: list[Drawing]
    features: list[Feature]
    forms: list[Form]
    reasoner: str  # hermit, or sparql while hermit is still at work
    form_error: str  # what the reasoner objects to; "" when nothing
    themes: list[ThemeCounts]
    gaps: list[Untold]
    untold: int  # how many verdicts wait
    flows: list[Flow]
    risks: list[tuple[Thing, list[Claim]]]
    claims: list[Claim]


@bp.get("/partnerships")
def index() -> str:
    """List the partnerships side by side."""
    cases = list(knowledge().cases.values())
    page = ListPage([summary(c) for c in cases if not c.fictional], [summary(c) for c in cases if c.fictional])
    return render_template("partnerships/index.html", page=page)


@bp.get("/partnerships/<slug>")
def show(slug: str) -> str:
    """Show one partnership. An unknown slug raises UnknownEntity: a 404 page."""
    kb = knowledge()
    case = kb.case(slug)
    this, told, names = f"<{case.iri}>", Telling(case.description.statements), namer(case)
    file = kb.report(slug).files[0]
    report = next((p for p in file.partnerships if p.iri == case.iri), None)
    drawings = [draw(chain, i, file.words) for i, chain in enumerate(chains(file, report), 1)] if report else []
    found = gaps(report) if report else []
    forms, problem = site().forms(slug)
    participants = told.values(this, "vrd:hasParticipation")
    acting = {name for p in participants for name in told.values(p, "vrd:participant")}
    phases, jurisdictions = told.values(this, "vrd:phase"), told.values(this, "vrd:jurisdiction")
    complete = set(told.values(this, "vrd:completeFor"))
    everything = term("vrd:everything") in complete
    page = CasePage(
        case,
        pick(kb.texts(case.iri)),
        other_label(case),
        pick(told.texts(this, "rdfs:comment")),
        _things(names, told.values(this, "vrd:hasTask", "vrd:policeTask")),
        _things(names, told.values(this, "vrd:phenomenon")),
        _things(names, told.values(this, "vrd:declaredForm")),
        names.thing(phases[0]) if phases else None,
        names.thing(jurisdictions[0]) if jurisdictions else None,
        len(case.description.statements),
        report,
        [pick(f.message) for f in file.structure],
        _groups(told, names, participants),
        [_participant(told, names, a) for a in _actors(case) if a not in acting],
        everything or term("vrd:hasParticipation") in complete,
        [_power(row, report, names, drawings) for row in positions(file, report)] if report else [],
        everything or term("vrd:hasPosition") in complete,
        drawings,
        _features(told, names, this),
        _forms(forms),
        forms.reasoner if forms else "",
        problem,
        _themes(report),
        [_untold(gap, names) for gap in found],
        sum(len(gap.verdicts) for gap in found),
        [_flow(told, names, flow) for flow in told.values(this, "vrd:hasFlow")],
        [(names.thing(r), _claims(told, r)) for r in told.values(this, "vrd:hasRisk")],
        kb.claims_about(case.iri),
    )
    return render_template("partnerships/show.html", page=page)


def _things(names: Namer, spelled: list[str] | tuple[str, ...]) -> list[Thing]:
    return [names.thing(name) for name in spelled]


def _of(names: Namer, iris: tuple[str, ...]) -> list[Thing]:
    return [names.thing(f"<{name}>") for name in iris]


def _claims(told: Telling, subject: str) -> list[Claim]:
    known = knowledge().claims
    numbers = [name.rpartition("/")[2].rstrip(">") for name in told.values(subject, "prov:wasDerivedFrom")]
    return [known[number] for number in numbers if number in known]


def _actors(case: Case) -> list[str]:
    return sorted({s.subject for s in case.description.statements if s.predicate == TYPE and _is_actor(s.object)})


def _is_actor(kind: str) -> bool:
    return term("vrd:Actor") in knowledge().vocabulary.kinds(kind)


def _participant(told: Telling, names: Namer, actor: str, participation: str | None = None) -> Participant:
    about = participation or actor
    return Participant(
        names.thing(actor),
        [thing(iri(kind)) for kind in told.values(actor, "rdf:type")],
        _things(names, told.values(about, "vrd:role")),
        _things(names, told.values(about, "vrd:contributes")),
        _things(names, told.values(about, "vrd:hasInterest")),
        _claims(told, about) or _claims(told, actor),
        [] if participation else _brought_in(names, actor),
    )


def _brought_in(names: Namer, actor: str) -> list[Told]:
    """Give the statements in which someone who does not take part has a place."""
    about = {
        s
        for s in names.description.statements
        if (actor == s.subject and s.object.startswith("<") and s.predicate not in _SAY_NOTHING)
        or (actor == s.object and s.predicate not in _SAY_NOTHING)
    }
    return [told._replace(line=None) for told in names.told(about)]


def _untold(gap: Gap, names: Namer) -> Untold:
    return Untold(
        names.thing(gap.subject),
        [(thing(v.rule.iri), v.rule.number, v.severity, pick(v.message)) for v in gap.verdicts],
    )


def _groups(told: Telling, names: Namer, participations: list[str]) -> list[ParticipantGroup]:
    rows = [_participant(told, names, a, p) for p in participations for a in told.values(p, "vrd:participant")]
    found = [ParticipantGroup(sign, [row for row in rows if row.actor.sign == sign]) for sign in _GROUPS]
    return [group for group in found if group.rows]


def _power(row: PositionRow, report: PartnershipReport | None, names: Namer, drawings: list[Drawing]) -> Power:
    verdicts = (
        [v for v in report.verdicts if v.rule.number == "R13" and v.value and iri(v.value) == row.iri] if report else []
    )
    said = next((v.verdict for v in verdicts if v.verdict in (VIOLATED, CONTESTED, NOT_TOLD)), None)
    page = names.thing(f"<{row.iri}>").href
    return Power(
        names.thing(f"<{row.iri}>"),
        names.thing(f"<{row.power}>"),
        row.coercive,
        names.thing(f"<{row.actor}>"),
        _of(names, row.towards),
        _of(names, row.bases),
        names.thing(f"<{row.nature}>") if row.nature else None,
        _of(names, row.mandates),
        _of(names, row.oversight),
        _of(names, row.interventions),
        said,
        _of(names, row.complaints),
        _of(names, row.handlers),
        next((d.anchor for d in drawings if d.power.href == page), None),
    )


def _features(told: Telling, names: Namer, this: str) -> list[Feature]:
    """Set the readings of each feature beside each other: those of the form first, then what else was read."""
    records = told.subjects("vrd:about", this)
    dimensions = [term(f"vrd:{name}") for name in FEATURES]
    dimensions += [d for r in records for d in told.values(r, "vrd:dimension") if "Form>" not in d]
    found = []
    for dimension in dict.fromkeys(dimensions):
        mine = [r for r in records if dimension in told.values(r, "vrd:dimension")]

        def reading(stance: str, mine: list[str] = mine) -> Reading:
            of = [r for r in mine if term(f"vc:stance-{stance}") in told.values(r, "vrd:stance")]
            values = [v for r in of for v in told.values(r, "vrd:value")]
            claims = {c.number: c for r in of for c in _claims(told, r)}
            return Reading(_things(names, list(dict.fromkeys(values))), [claims[n] for n in sorted(claims)])

        expected, declared, observed, ours = map(reading, ("expected", "declared", "observed", "our-reading"))
        taken = _things(names, told.values_of(this, dimension))
        sets = {frozenset(t.text.value for t in r.values) for r in (expected, declared, observed, ours) if r.values}
        name = pick(knowledge().texts(dimension))
        found.append(Feature(name, expected, declared, observed, ours, taken, len(sets) > 1))
    return found


def _forms(report: FormReport | None) -> list[Form]:
    if report is None:
        return []
    return [
        Form(
            thing(iri(term(FORMS[form][1]))),
            status,
            [pick(knowledge().texts(q)) for q in report.questions.get(form, ())],
            term(FORMS[form][1]) in report.expected,
            term(FORMS[form][1]) in report.declared,
        )
        for form, status in report.status.items()
    ]


def _themes(report: PartnershipReport | None) -> list[ThemeCounts]:
    if report is None:
        return []
    found: list[ThemeCounts] = []
    for theme, verdicts in report.themes.items():
        listed: list[Verdict] = verdicts
        found.append(ThemeCounts(listed[0].rule.theme_slug, knowledge().label(theme, current()), count(listed)))
    return found


def _flow(told: Telling, names: Namer, flow: str) -> Flow:
    senders, receivers = told.values(flow, "vrd:sender"), told.values(flow, "vrd:receiver")
    return Flow(
        names.thing(flow),
        names.thing(senders[0]) if senders else None,
        names.thing(receivers[0]) if receivers else None,
        _things(names, told.values(flow, "vrd:dataCategory")),
        _things(names, told.values(flow, "vrd:legalBasis")),
    )
