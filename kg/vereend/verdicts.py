"""What the rules say of a partnership: one verdict per rule and thing judged, with its ground.

An engine gives the SHACL results of the two readings; `about` gives what each rule has something to say about. A row of
`about` with a breach is violated, with silence only it is not told, with neither it is satisfied. Source of the
mechanism: the header of shapes/README.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from vereend import engines, readings, shapes
from vereend.answers import Answer
from vereend.evidence import Matter, Row, always_looked_at, ground, lists_ranged_over, looked_at
from vereend.patterns import Pattern, doubtful, told
from vereend.reported import reported
from vereend.rules import CoreProperty, Part, Rule, Texts, rules
from vereend.terms import (
    COMPLETE_FOR,
    DEFAULT_PHASE,
    EVERYTHING,
    FROM,
    LANGUAGES,
    NAMESPACES,
    PHASE,
    PHASES,
    TYPE,
    UNTIL,
    Statement,
    literal,
    local_name,
    term,
)
from vereend.vocabulary import Vocabulary
from vereend.wording import NOT_HELD, NOT_IN_FORCE, NOTHING_TO_JUDGE, STEP_BROKEN, STEP_SILENT, Words

VIOLATED, CONTESTED, NOT_TOLD = "violated", "contested", "not told"
FOR_A_PERSON, SATISFIED, NOT_APPLICABLE = "for a person", "satisfied", "not applicable"
ORDER = (VIOLATED, CONTESTED, NOT_TOLD, FOR_A_PERSON, SATISFIED, NOT_APPLICABLE)
_HAS_PERIOD = term("vrd:hasPhasePeriod")
# Words and sources are no facts to be checked.
NO_FACTS = {term("rdfs:label"), term("rdfs:comment"), term("prov:wasDerivedFrom")}


@dataclass(frozen=True)
class Held:
    """What a rule says under one reading of a disputed passage, or under several together."""

    readings: tuple[str, ...]  # in N-Triples spelling
    label: Texts
    author: Texts
    verdict: str  # one of ORDER
    message: Texts  # empty where the rule does not apply


@dataclass(frozen=True)
class Verdict:
    """What one rule says of one thing. Names are in N-Triples spelling."""

    rule: Rule
    verdict: str  # one of ORDER
    severity: str | None  # of the rule in this phase
    focus: str
    value: str | None  # what is judged within the focus; None for the focus itself
    message: Texts
    remedy: Texts  # empty unless violated or not told
    question: Texts  # empty unless for a person
    evidence: tuple[Statement, ...]  # what the description says that the verdict rests on, sorted
    provisions: tuple[str, ...]  # IRIs
    readings: tuple[Held, ...] = ()  # empty unless contested: what each reading leads to
    answer: Answer | None = None  # of a person, to the question; shown beside the verdict, and no part of it
    result: engines.Result | None = None  # of an engine, where the shape is not one of ours

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims the rule rests on, by number."""
        return self.rule.claims

    @property
    def shape(self) -> str:
        """The IRI of the portable shape."""
        return self.rule.shape

    @property
    def is_result(self) -> bool:
        """Whether SHACL reports a result: for a breach and for silence alike, be it under one reading only."""
        return any(verdict in (VIOLATED, NOT_TOLD) for verdict in (self.verdict, *(h.verdict for h in self.readings)))


@dataclass(frozen=True)
class StructureFinding:
    """Why a description cannot be judged."""

    focus: str
    value: str | None
    message: Texts  # what is wrong with which thing, and what to do
    shape: str  # IRI of the shape that found it
    component: str  # local name of the SHACL constraint component


def structure_findings(
    statements: Iterable[Statement], vocabulary: Vocabulary, words: Words, engine: str
) -> list[StructureFinding]:
    """Run the structure layer, without which no verdict is shown: a rule falls silent on what has no kind."""
    shape_text = shapes.structure_shapes()
    data = set(statements)
    results = engines.run(data | readings.background(data, vocabulary) | vocabulary.hierarchy, shape_text, engine)
    messages = shapes.structure_messages()
    found: dict[tuple[str, str | None], StructureFinding] = {}
    for r in sorted(results, key=str):
        if r.focus.startswith("<"):
            shown = {
                lang: f" ({words.label(r.value, lang)})" if r.value and r.value != r.focus else "" for lang in LANGUAGES
            }
            message = {
                lang: f"{words.label(r.focus, lang)}: {messages[r.shape][lang]}{shown[lang]}. "
                + shapes.structure_remedy(r.shape)[lang]
                for lang in LANGUAGES
            }
            found[r.focus, r.value] = StructureFinding(r.focus, r.value, message, r.shape, r.component)
    return list(found.values())


@dataclass(frozen=True)
class OutOfForce:
    """A provision that a description cites and that did not hold at the date: no verdict leans on it."""

    provision: str  # in N-Triples spelling
    message: Texts


@dataclass(frozen=True)
class Judgement:
    """All verdicts on one partnership."""

    partnership: str
    statements: frozenset[Statement]  # what was judged: what the description says at the date
    phase: str
    phase_told: bool
    verdicts: tuple[Verdict, ...]
    unchecked: tuple[Statement, ...]
    out_of_force: tuple[OutOfForce, ...] = ()

    @cached_property
    def conforms(self) -> bool:
        """What SHACL says: no result of any severity."""
        return not any(v.is_result for v in self.verdicts)


def phase_of(partnership: str, statements: Iterable[Statement]) -> str | None:
    """Give the phase a partnership says it is in, by short name; None when it does not say, or says several.

    Args:
        statements: at a date; a period that is left then goes before a phase told without dates.
    """
    told = [s for s in statements if s.predicate in (PHASE, _HAS_PERIOD)]
    periods = {s.object for s in told if s.subject == partnership and s.predicate == _HAS_PERIOD}
    phases = {s.object for s in told if s.predicate == PHASE and s.subject in periods}
    phases = phases or {s.object for s in told if s.predicate == PHASE and s.subject == partnership}
    name = local_name(phases.pop()).removeprefix("phase-") if len(phases) == 1 else ""
    return name if name in PHASES else None


def judge(
    partnership: str,
    statements: frozenset[Statement],
    words: Words,
    *,
    date: str,
    phase: str | None = None,
    only: Sequence[Rule] | None = None,
    engine: str,
) -> Judgement:
    """Judge one partnership by the rules.

    Args:
        statements: the description of this partnership.
        words: the labels of the description it comes from.
        date: ISO 8601; what had not begun or was over is left out first.
        phase: a key of PHASES; None takes the one told, else consolidation.
        only: rules to judge by; None for all.
    """
    cited = statements | readings.background(statements, words.vocabulary)
    matter = _matter(statements, cited, words.vocabulary, date)
    told_phase = phase_of(partnership, matter.told)
    phase = phase or told_phase or DEFAULT_PHASE
    verdicts: list[Verdict] = []
    checked = always_looked_at(matter.told)
    for judge_rule, outcomes_ in _judged(matter, words, partnership, phase, only, engine):
        found = judge_rule.explained(outcomes_)
        verdicts += found
        checked |= looked_at(matter, judge_rule.rule, partnership)
        for verdict in found:
            checked |= set(verdict.evidence)
    records = {s.subject for s in matter.told if s.predicate == TYPE and s.object == term("vrd:FeatureAssertion")}
    unchecked = {s for s in matter.told - checked if s.predicate not in NO_FACTS and s.subject not in records}
    verdicts.sort(key=lambda v: (ORDER.index(v.verdict), v.rule.number, v.focus, v.value or ""))
    return Judgement(
        partnership,
        matter.told,
        phase,
        told_phase is not None,
        tuple(verdicts),
        tuple(sorted(unchecked)),
        _out_of_force(statements, cited, words, date),
    )


def _out_of_force(
    statements: frozenset[Statement], known: frozenset[Statement], words: Words, date: str
) -> tuple[OutOfForce, ...]:
    """Give the provisions that something valid at a date (ISO 8601) cites and that did not hold then."""
    gone = readings.not_at_date(known, date)
    provisions = {s.subject for s in known if s.predicate == TYPE and s.object == term("vrd:LegalProvision")}
    cited = {s.object for s in statements if s.subject not in gone} & gone & provisions
    return tuple(OutOfForce(name, _not_in_force(name, known, words, date)) for name in sorted(cited))


def _not_in_force(provision: str, known: Iterable[Statement], words: Words, date: str) -> Texts:
    dates = {s.predicate: found.value[:10] for s in known if s.subject == provision and (found := literal(s.object))}
    begins = dates.get(FROM, "")
    period, day = ("begins", begins) if begins > date else ("ended", dates.get(UNTIL, ""))
    return {
        lang: NOT_IN_FORCE[period][lang].format(provision=words.label(provision, lang), date=date, day=day)
        for lang in LANGUAGES
    }


def outcomes(
    partnership: str,
    statements: frozenset[Statement],
    words: Words,
    *,
    date: str,
    phase: str | None = None,
    only: Sequence[Rule] | None = None,
    engine: str,
) -> dict[tuple[str, str, str | None], str]:
    """Give what `judge` would find and nothing of what it explains: for previews, and for many descriptions at once.

    Returns:
        the verdict (violated, not told, for a person or satisfied) by rule number, focus and value.
    """
    cited = statements | readings.background(statements, words.vocabulary)
    matter = _matter(statements, cited, words.vocabulary, date)
    phase = phase or phase_of(partnership, matter.told) or DEFAULT_PHASE
    return {
        (judge_rule.rule.number, focus, value if value != focus else None): verdict
        for judge_rule, found in _judged(matter, words, partnership, phase, only, engine)
        for (focus, value), verdict in found.items()
    }


def _matter(statements: frozenset[Statement], cited: frozenset[Statement], vocabulary: Vocabulary, date: str) -> Matter:
    known = readings.at_date(cited, date)
    return Matter(statements & known, known, vocabulary)


def _judged(
    matter: Matter, words: Words, partnership: str, phase: str, only: Sequence[Rule] | None, engine: str
) -> Iterable[tuple["_Judge", "Outcomes"]]:
    """Run an engine, and give each rule's judge with what it found."""
    numbers = None if only is None else tuple(rule.number for rule in only)
    results: dict[str, list[engines.Result]] = {}
    for result in reported(matter, phase, numbers, engine):
        results.setdefault(result.shape.removesuffix(shapes.UNTOLD_SUFFIX), []).append(result)
    for rule in rules().values() if only is None else only:
        judge_rule = (_CoreJudge if rule.core else _PatternJudge)(rule, matter, words, partnership, phase)
        yield judge_rule, judge_rule.outcomes(results) if judge_rule.severity else {}


Outcomes = dict[tuple[str, str | None], str]  # verdict by focus and value


class _Judge(ABC):
    """Judges by one rule."""

    def __init__(self, rule: Rule, matter: Matter, words: Words, this: str, phase: str) -> None:
        self.rule, self.matter, self.words, self.this = rule, matter, words, this
        self.severity = rule.severity(phase)

    @abstractmethod
    def outcomes(self, results: Mapping[str, Iterable[engines.Result]]) -> Outcomes:
        """Give the verdict on each focus and value, from an engine's results by shape."""

    @abstractmethod
    def explain(self, verdict: str, focus: str, value: str | None) -> tuple[Texts, set[Statement]]:
        """Give the sentences and the statements of a verdict."""

    def explained(self, outcomes: Outcomes) -> list[Verdict]:
        """Make verdicts of what was found."""
        if not outcomes:
            says = NOTHING_TO_JUDGE if self.severity else NOT_HELD
            return [self.make(NOT_APPLICABLE, self.this, None, dict(says), set())]
        return [
            self.make(verdict, focus, value, *self.explain(verdict, focus, value))
            for (focus, value), verdict in outcomes.items()
        ]

    def reported(self, results: Iterable[engines.Result]) -> Outcomes:
        """Give violated or not told for each focus and value an engine reported of a shape."""
        found: Outcomes = {}
        for result in results:
            silent = result.shape.endswith(shapes.UNTOLD_SUFFIX)
            key = (result.focus, None if self.rule.core else result.value)
            if not silent or key not in found:
                found[key] = NOT_TOLD if silent else VIOLATED
        return found

    def make(self, verdict: str, focus: str, value: str | None, message: Texts, evidence: set[Statement]) -> Verdict:
        result = verdict in (VIOLATED, NOT_TOLD)
        cited = {s.object[1:-1] for s in evidence if s.object.startswith("<" + NAMESPACES["law"])}
        return Verdict(
            self.rule,
            verdict,
            self.severity,
            focus,
            value if value != focus else None,
            message,
            self.rule.remedy if result else {},
            self.rule.question if verdict == FOR_A_PERSON else {},
            tuple(sorted(evidence & self.matter.told)),
            tuple(sorted({*self.rule.provisions, *cited})),
        )

    def completeness(self, names: Iterable[str]) -> set[Statement]:
        """Give the statements that declare one of these lists complete."""
        wanted = {*names, EVERYTHING}
        return {s for s in self.matter.told if s.predicate == COMPLETE_FOR and s.object in wanted}


class _PatternJudge(_Judge):
    @cached_property
    def rows(self) -> dict[str, list[tuple[Part, Row]]]:
        """What the rule is about, by value."""
        found: dict[str, list[tuple[Part, Row]]] = {}
        for part in self.rule.parts:
            for row in self.matter.solutions(part.about.text, {"this": self.this}):
                found.setdefault(row.get("value", self.this), []).append((part, row))
        return found

    def outcomes(self, results: Mapping[str, Iterable[engines.Result]]) -> Outcomes:
        reported = self.reported(results.get(self.rule.shape, ()))
        # Doubts alone can leave a thing open, never settle it.
        settled = {value for value, rows in self.rows.items() if any(part.asks or part.forbids for part, _ in rows)}
        values = settled | {value or self.this for focus, value in reported if focus == self.this}
        held = FOR_A_PERSON if self.rule.question else SATISFIED
        return {(self.this, value): reported.get((self.this, value), held) for value in sorted(values)}

    def explain(self, verdict: str, focus: str, value: str | None) -> tuple[Texts, set[Statement]]:
        sentences: dict[str, dict[str, None]] = {lang: {} for lang in LANGUAGES}
        evidence = self.matter.kind_statements(self.this)
        for part, row in self.rows.get(value or focus, []):
            evidence |= ground(self.matter, part.about, row) | lists_ranged_over(self.matter, part, row)
            for texts, found in self.row(verdict, part, row):
                evidence |= found
                for lang, text in texts.items():
                    sentences[lang][text] = None
        if verdict == FOR_A_PERSON:
            return dict(self.rule.question), evidence
        return {lang: " ".join(found) for lang, found in sentences.items()}, evidence

    def row(self, verdict: str, part: Part, row: Row) -> Iterable[tuple[Texts, set[Statement]]]:
        if verdict == VIOLATED:
            for forbidden in part.forbids:
                for solution in self.matter.solutions(forbidden.pattern.text, row):
                    yield self.fill(forbidden.says, [solution]), ground(self.matter, forbidden.pattern, solution)
        for demand in part.asks:
            solutions = self.matter.solutions(demand.text, row)
            if solutions:
                found = set().union(*(ground(self.matter, demand, s) for s in solutions))
                if verdict in (SATISFIED, FOR_A_PERSON):
                    yield self.fill(part.held, solutions), found
                else:
                    yield {}, found
                continue
            possible = self.matter.holds(doubtful(demand, part.about.variables), row)
            if verdict == (NOT_TOLD if possible else VIOLATED):
                failing = self.failing_step(part, demand, row, possible)
                lists = {f"<{step.predicate}>" for step in demand.steps}
                yield (
                    self.fill(part.says, [row], reason=self.reason(part, demand, failing, possible)),
                    self.met(part, demand, row, failing) | (set() if possible else self.completeness(lists)),
                )
        if verdict == NOT_TOLD:
            for doubt in part.doubts:
                for solution in self.matter.solutions(doubt.pattern.text, row):
                    yield self.fill(doubt.says, [solution]), ground(self.matter, doubt.pattern, solution)
        if verdict in (SATISFIED, FOR_A_PERSON) and not part.asks and part.held:
            yield self.fill(part.held, [row]), set()

    def fill(self, texts: Texts, rows: list[Row], reason: Texts | None = None) -> Texts:
        extra = reason or {}
        return {
            lang: self.words.fill(text, rows, lang, **({"reason": extra[lang]} if lang in extra else {}))
            for lang, text in texts.items()
        }

    def failing_step(self, part: Part, demand: Pattern, row: Row, possible: bool) -> int:
        """Give the place of the step at which a demand first fails; the number of steps where only a filter fails.

        As told for silence; even with the benefit of the doubt for a breach.
        """
        for place in range(len(demand.steps)):
            upto = place + 1
            prefix = told(demand, upto) if possible else doubtful(demand, part.about.variables, upto)
            if not self.matter.holds(prefix, row):
                return place
        return len(demand.steps)

    def met(self, part: Part, demand: Pattern, row: Row, failing: int) -> set[Statement]:
        """Give what was found of a demand before the step that fails."""
        begun = Pattern("", demand.steps[:failing])
        found = self.matter.solutions(told(demand, failing), row) if failing else []
        return set().union(*(ground(self.matter, begun, solution) for solution in found))

    def reason(self, part: Part, demand: Pattern, failing: int, possible: bool) -> Texts:
        """Say in words why a demand fails at a step."""
        key = demand.steps[failing].key if failing < len(demand.steps) else NAMESPACES["vrd"] + "otherwise"
        authored = part.reason(key)
        if authored:
            return authored.silent if possible else authored.broken
        general = STEP_SILENT if possible else STEP_BROKEN
        return {lang: general[lang].format(step=self.words.label(f"<{key}>", lang)) for lang in LANGUAGES}


class _CoreJudge(_Judge):
    by_demand: dict[str, Outcomes]  # what was reported of each property the rule demands, by its IRI

    def outcomes(self, results: Mapping[str, Iterable[engines.Result]]) -> Outcomes:
        self.by_demand = {demand.iri: self.reported(results.get(demand.iri, ())) for demand in self.rule.core}
        things = {
            s.subject
            for s in self.matter.told
            if s.predicate == TYPE
            and any(self.matter.kind_statements(s.subject, kind) for kind in self.rule.about_classes)
        }
        return {
            (thing, None): min((self.of(demand, thing) for demand in self.rule.core), key=ORDER.index)
            for thing in sorted(things)
        }

    def of(self, demand: CoreProperty, thing: str) -> str:
        """Give the verdict on one property of a thing."""
        return self.by_demand[demand.iri].get((thing, None), SATISFIED)

    def explain(self, verdict: str, focus: str, value: str | None) -> tuple[Texts, set[Statement]]:
        evidence = self.matter.kind_statements(focus)
        sentences: dict[str, list[str]] = {lang: [] for lang in LANGUAGES}
        for demand in self.rule.core:
            evidence |= {s for s in self.matter.told if s.subject == focus and s.predicate == demand.path}
            if self.of(demand, focus) == VIOLATED:
                evidence |= {
                    s for s in self.completeness([demand.path]) if s.subject == focus or s.object == EVERYTHING
                }
            if self.of(demand, focus) == verdict:
                for lang, text in self.sentence(demand, verdict, focus).items():
                    sentences[lang].append(text)
        return {lang: " ".join(found) for lang, found in sentences.items()}, evidence

    def sentence(self, demand: CoreProperty, verdict: str, thing: str) -> Texts:
        rows: list[Row] = [{"this": thing}]
        rows += [{local_name(s.predicate): s.object} for s in sorted(self.matter.told) if s.subject == thing]
        reasons = demand.broken if verdict == VIOLATED else demand.silent
        template = demand.held if verdict == SATISFIED else demand.says
        return {lang: self.words.fill(text, rows, lang, reason=reasons[lang]) for lang, text in template.items()}
