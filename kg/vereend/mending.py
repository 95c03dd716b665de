"""The search for the smallest set of statements that makes a description conform.

First what keeps it from being judged, then what the rules report. Of the ways to mend one lack, those that mend most
for fewest statements are tried first; each is judged before it is kept, and in the end what turns out not to be needed
is dropped again. Who or what must be named by a person stays open: a blank, with what would fit.
"""

import heapq
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vereend.changes import Change
from vereend.completions import FILL_IN, Completion, Facts, Gap, completions, gap_for, is_actor
from vereend.errors import VereendError
from vereend.evidence import Matter, Row, ground
from vereend.patterns import untold_lists
from vereend.rules import Part
from vereend.shapes import demand_names, structure_properties
from vereend.terms import COMPLETE_FOR, TYPE, Statement, is_vrd, local_name
from vereend.trials import Failure, Lack, Trial
from vereend.verdicts import StructureFinding, structure_findings
from vereend.vocabulary import Vocabulary
from vereend.wording import Words

_ROUNDS = 60  # steps after which a repair is given up; an empty description takes about twenty
_CHOICES = 8  # things tried for one blank before it is left to a person
_STRUCTURES = 150  # ways judged by the structure layer alone
_AT_ONCE = 8  # lacks looked at in one round; what mends several at once mostly mends neighbours
_TRIED = 24  # ways tried in one round on the rules that are to be mended
_JUDGED = 4  # ways judged by all rules in one round
_WAYS = 60  # ways looked at in which one demand could come to hold
_NONE_TOLD = 2  # statements that a claim of "there is none" counts for: only a person may know that


Template = tuple[frozenset[Statement], frozenset[Statement]]


@dataclass(frozen=True)
class Blank:
    """A place in a repair that stands for someone, something or some words."""

    name: str
    predicate: str  # whose value it is, in N-Triples spelling
    choices: tuple[str, ...]  # what was found to fit, best first; N-Triples spelling
    kinds: tuple[str, ...]  # what something new in this place may be, the most general first
    datatype: str  # of words; "" for a thing or a concept
    settled: bool  # the first choice needs no person
    new: bool = False  # it is judged as something new, whatever else would fit

    @property
    def working(self) -> str:
        """What stands in its place while the repair is judged."""
        if self.choices and not self.new:
            return self.choices[0]
        return _words(self.name, self.datatype) if self.datatype else f"<{FILL_IN}{self.name}>"


def _words(name: str, datatype: str) -> str:
    """Make words of a datatype that show they are still to be filled in."""
    made = {"date": "1000-01-01", "gYear": "1000", "integer": "0", "decimal": "0.0", "duration": "P1D"}
    found = made.get(local_name(datatype))
    return f'"{found}"^^{datatype}' if found else f'"[{name}]"'


@dataclass(frozen=True)
class Mend:
    """One step of a repair. In its statements "?name" stands for a blank."""

    add: frozenset[Statement]
    remove: frozenset[Statement]
    blanks: tuple[Blank, ...]
    lacks: frozenset[Lack] = frozenset()  # what it mends
    findings: tuple[StructureFinding, ...] = ()  # what it mends of what kept the description from being judged
    others: tuple["Mend", ...] = ()  # other ways to mend the same, dearer or as dear
    template: Template = (frozenset(), frozenset())  # the completion it was made from

    @property
    def cost(self) -> int:
        """How many statements it adds and removes."""
        return len(self.add) + len(self.remove)


def realised(mends: Iterable[Mend], values: dict[str, str] | None = None) -> Change:
    """Give a repair as a change, its blanks filled with their working values or with those given by name."""
    total = Change()
    for mend in mends:
        filled = {f"?{b.name}": (values or {}).get(b.name, b.working) for b in mend.blanks}
        # What was new in one step may be spoken of in a later one.
        renamed = {f"<{FILL_IN}{name}>": value for name, value in (values or {}).items()}

        def put(s: Statement, filled: dict[str, str] = filled, renamed: dict[str, str] = renamed) -> Statement:
            return Statement(*(renamed.get(filled.get(x, x), filled.get(x, x)) for x in s))

        add, remove = frozenset(map(put, mend.add)), frozenset(map(put, mend.remove))
        total = total | Change(add - remove, remove - add)
    return total


@dataclass
class _Option:
    """A completion, and all that it is meant to mend."""

    completion: Completion
    mends: set[Failure] = field(default_factory=set)

    @property
    def key(self) -> Template:
        """What tells it from other options."""
        return self.completion.add, self.completion.remove

    def rank(self) -> tuple[float, int, list[Statement], list[Statement]]:
        """Order by how little is asked for each thing mended."""
        cost = self.completion.cost
        return cost / len(self.mends), cost, sorted(self.completion.add), sorted(self.completion.remove)


def _within(mend: Mend, option: Completion) -> bool:
    """Tell whether an option asks all that a mend asks, and more."""

    def alike(one: Statement, other: Statement) -> bool:
        return all(a == b or a.startswith("?") for a, b in zip(one, other, strict=True))

    return mend.remove <= option.remove and all(any(alike(s, o) for o in option.add) for s in mend.template[0])


@dataclass
class Search:
    """A search for repairs of one description, one partnership of it at a time."""

    statements: frozenset[Statement]  # as they stand after what was mended so far
    vocabulary: Vocabulary
    words: Words
    engine: str
    mends: list[Mend] = field(default_factory=list)
    unmended: list[StructureFinding | Lack] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    # --- structure ---

    def findings(self, statements: frozenset[Statement]) -> list[StructureFinding]:
        """Give what keeps these statements from being judged."""
        return structure_findings(statements, self.vocabulary, self.words, self.engine)

    def mend_structure(self, trials: Sequence[Trial]) -> None:
        """Mend what keeps the description from being judged, as far as that can be done.

        What would make a thing well-formed may make another one loose, so that the cheapest first step is not always
        the best: several ways are followed side by side, and the one that needs fewest statements is kept.
        """
        found = self.findings(self.statements)
        order = itertools.count()
        heap: list[tuple[int, int, tuple[Mend, ...], list[StructureFinding]]] = [(0, next(order), (), found)]
        seen: set[frozenset[Statement]] = set()
        best: tuple[int, tuple[Mend, ...], list[StructureFinding]] = (len(found), (), found)
        judged = 0
        while heap and judged < _STRUCTURES and best[2]:
            _, _, path, findings = heapq.heappop(heap)
            statements = realised(path).on(self.statements)
            facts = Facts(statements, statements, self.vocabulary)
            taken = {blank.name for mend in path for blank in mend.blanks}
            for mend, left in self._structure_mends(facts, findings, statements, taken):
                judged += 1
                longer = (*path, mend)
                after = realised(longer).on(self.statements)
                if after not in seen:
                    seen.add(after)
                    things = len({f.focus for f in left})
                    heapq.heappush(heap, (sum(m.cost for m in longer) + things, next(order), longer, left))
                    best = min(best, (len(left), longer, left), key=lambda b: (b[0], sum(m.cost for m in b[1])))
        for mend in best[1]:
            self._keep(self._likeliest(mend, trials))
        self.unmended += best[2]

    def _structure_mends(
        self, facts: Facts, findings: list[StructureFinding], statements: frozenset[Statement], taken: set[str]
    ) -> Iterator[tuple[Mend, list[StructureFinding]]]:
        """Give ways to mend the first finding, each with what then is left."""
        finding = findings[0]
        for option in _structure_options(facts, finding):
            same: dict[tuple[tuple[str, str | None, str], ...], tuple[Mend, list[StructureFinding], list[str]]] = {}
            for mend in self._fillings(option, taken):
                left = self.findings(realised([mend]).on(statements))
                keys = tuple(sorted(map(_key, left), key=str))
                if _key(finding) not in keys:
                    found = same.setdefault(keys, (mend, left, []))
                    found[2].extend(b.working for b in mend.blanks if not b.new)
            for mend, left, fitting in same.values():
                gone = {_key(f) for f in findings} - {_key(f) for f in left}
                mend = replace(mend, findings=tuple(f for f in findings if _key(f) in gone))
                if len(mend.blanks) == 1:
                    (blank,) = mend.blanks
                    untried = option.gaps[0].choices[_CHOICES:]
                    settled = blank.settled or (len(fitting) == 1 and is_vrd(fitting[0]) and not untried)
                    blank = replace(blank, choices=(*fitting, *untried), settled=settled, new=not fitting)
                    mend = replace(mend, blanks=(blank,))
                yield mend, left

    def _likeliest(self, mend: Mend, trials: Sequence[Trial]) -> Mend:
        """Put those choices for a blank first after which the rules report least."""
        if len(mend.blanks) != 1 or mend.blanks[0].settled or len(mend.blanks[0].choices) < 2 or mend.blanks[0].new:
            return mend
        (blank,) = mend.blanks
        counted: list[tuple[int, int, str]] = []
        for choice in blank.choices[:_CHOICES]:
            after = realised([mend], {blank.name: choice}).on(self.statements)
            counted.append((sum(len(trial.lacks(after)) for trial in trials), len(counted), choice))
            if not counted[-1][0]:
                break
        first = min(counted)[2]
        choices = (first, *(choice for choice in blank.choices if choice != first))
        return replace(mend, blanks=(replace(blank, choices=choices),))

    # --- rules ---

    def mend_rules(self, trial: Trial) -> None:
        """Mend what the rules report of one partnership."""
        stuck: set[Lack] = set()
        lacks = trial.lacks(self.statements)
        for _ in range(_ROUNDS):
            todo = set(sorted(lacks - stuck)[:_AT_ONCE])
            if not todo:
                break
            found = self._best_mend(trial, lacks, todo)
            if found is None:
                first = min(todo)
                stuck.add(first)
                self.unmended.append(first)
                continue
            mend, lacks = found
            self._keep(mend)
            if self.findings(self.statements):
                self.mend_structure([trial])
                lacks = trial.lacks(self.statements)

    def _best_mend(self, trial: Trial, lacks: frozenset[Lack], todo: set[Lack]) -> tuple[Mend, frozenset[Lack]] | None:
        matter = trial.matter(self.statements)
        facts = Facts(matter.told, matter.known, self.vocabulary)
        options: dict[tuple[frozenset[Statement], frozenset[Statement]], _Option] = {}
        for lack in sorted(todo):
            for failure, way in _grouped(facts, _rule_options(trial, matter, facts, lack)):
                options.setdefault((way.add, way.remove), _Option(way)).mends.add(failure)
        ranked = sorted(options.values(), key=_Option.rank)
        before = trial.failing(self.statements, {lack.rule for lack in todo})
        tried: list[tuple[int, int, int, Mend, set[Failure]]] = []
        for option in ranked[:_TRIED]:
            found = self._first_that_mends(trial, option, before)
            if found is not None:
                mend, failures = found
                fresh = len(failures - before)
                tried.append((mend.cost + fresh, fresh, len(tried), mend, failures))
                if not fresh:
                    break
        kept: list[tuple[int, int, Mend, frozenset[Lack]]] = []
        for cost, _, _, mend, failures in sorted(tried, key=lambda t: t[:3])[:_JUDGED]:
            left = trial.lacks(realised([mend]).on(self.statements))
            elsewhere = left - {f.lack for f in failures | before} - lacks
            kept.append((cost + len(elsewhere), len(kept), mend, left))
            if not elsewhere:
                break
        if not kept:
            return None
        _, _, mend, left = min(kept, key=lambda k: k[:2])
        # A lack with several reasons is mended by several steps; each is told with it.
        mended = lacks - left or {f.lack for f in options[mend.template].mends}
        mend = replace(mend, lacks=frozenset(mended))
        mend = self._fitting(trial, mend, options[mend.template].mends)
        return replace(mend, others=self._others(trial, mend, ranked, before)), left

    def _fitting(self, trial: Trial, mend: Mend, mends: set[Failure]) -> Mend:
        """Leave only those things as choices for a blank that mend as much as what it was judged with."""
        numbers = {failure.rule for failure in mends}
        blanks = []
        for blank in mend.blanks:
            if blank.kinds and not blank.settled:

                def failing(choice: str, name: str = blank.name) -> set[Failure]:
                    return trial.failing(realised([mend], {name: choice}).on(self.statements), numbers)

                most = len(failing(blank.working))
                fitting = [c for c in blank.choices if not mends & (left := failing(c)) and len(left) <= most]
                blank = replace(blank, choices=tuple(fitting), new=blank.new or not fitting)
            blanks.append(blank)
        return replace(mend, blanks=tuple(blanks))

    def _others(self, trial: Trial, mend: Mend, ranked: list["_Option"], before: set[Failure]) -> tuple[Mend, ...]:
        """Give two other ways to mend the same that ask hardly more, if there are."""
        found: list[Mend] = []
        mends = next(o.mends for o in ranked if o.key == mend.template)
        for option in ranked:
            if len(found) == 2:
                break
            if option.completion.cost - option.completion.dearer > mend.cost + 1:
                continue
            if option.key != mend.template and option.mends >= mends and not _within(mend, option.completion):
                other = self._first_that_mends(trial, option, before)
                if other is not None:
                    found.append(replace(other[0], lacks=mend.lacks))
        return tuple(found)

    def _first_that_mends(
        self, trial: Trial, option: "_Option", before: set[Failure]
    ) -> tuple[Mend, set[Failure]] | None:
        """Fill the blanks of an option so that it mends what it should, and give what then still fails.

        A filling that brings nothing new to mend is taken at once, else the one that brings least. If even that one
        brings something, and a person is to choose, it is about something new: whatever is chosen then takes its place
        in all further steps.
        """
        best: tuple[Mend, set[Failure]] | None = None
        numbers = {failure.rule for failure in option.mends}
        before = {failure for failure in before if failure.rule in numbers}
        for mend in self._fillings(option.completion):
            after = realised([mend]).on(self.statements)
            left = trial.failing(after, numbers)
            if option.mends & left or (mend.remove and self.findings(after)):
                continue
            if left < before:
                return mend, left
            new = all(b.new for b in mend.blanks if b.kinds and not b.settled)
            if best is None or new or len(left) < len(best[1]):
                best = mend, left
        return best

    # --- both ---

    def _fillings(self, option: Completion, taken: Iterable[str] = ()) -> Iterator[Mend]:
        """Give an option with its blanks filled in one way after another, the likeliest first."""
        lists = []
        for gap in option.gaps:
            choices: list[str | None] = list(gap.choices[:_CHOICES])
            if gap.kinds or not choices:
                choices.append(None)  # something new
            lists.append([(gap, choice) for choice in choices])
        for chosen in itertools.islice(itertools.product(*lists), 3 * _CHOICES):
            add = set(option.add)
            blanks: list[Blank] = []
            renamed: dict[str, str] = {}
            for gap, choice in chosen:
                name = self._fresh(gap.name, {b.name for b in blanks}.union(taken))
                renamed[gap.mark] = f"?{name}"
                place = gap.choices.index(choice) if choice is not None else 0
                kinds = tuple(_most_general(gap.kinds, self.vocabulary))
                settled = gap.settled and place == 0 and choice is not None
                blanks.append(
                    Blank(name, gap.predicate, gap.choices[place:], kinds, gap.datatype, settled, choice is None)
                )
                if choice is None and kinds:
                    add.add(Statement(gap.mark, TYPE, kinds[0]))
            put = {Statement(*(renamed.get(x, x) for x in s)) for s in add}
            yield Mend(frozenset(put), option.remove, tuple(blanks), template=(option.add, option.remove))

    def _fresh(self, name: str, taken: set[str]) -> str:
        for number in itertools.count(1):
            tried = name if number == 1 else f"{name}-{number}"
            if tried not in self.names and tried not in taken:
                return tried
        raise AssertionError

    def _keep(self, mend: Mend) -> None:
        self.names |= {blank.name for blank in mend.blanks}
        self.mends.append(mend)
        self.statements = realised([mend]).on(self.statements)

    def choose(self, start: frozenset[Statement], ways: Mapping[int, int]) -> None:
        """Take other ways of some steps, as these are told.

        Args:
            start: the description as it was.
            ways: the number of the way among the others of a step, by the number of the step; both from 1.
        Raises:
            VereendError: there is no such step, or it has no such way.
        """
        for number, way in ways.items():
            others = self.mends[number - 1].others if 0 < number <= len(self.mends) else ()
            if not 0 < way <= len(others):
                raise VereendError(
                    f"{number}={way}", "is no way of a step", "Choose STEP=WAY, both as vereend repair tells them"
                )
        for number, way in ways.items():
            before = self.mends[number - 1]
            self.names -= {blank.name for blank in before.blanks}
            chosen = self._renamed(before.others[way - 1])
            rest = tuple(other for other in before.others if other is not before.others[way - 1])
            self.mends[number - 1] = replace(chosen, others=(replace(before, others=()), *rest))
            self.names |= {blank.name for blank in chosen.blanks}
        self.statements = realised(self.mends).on(start)

    def _renamed(self, mend: Mend) -> Mend:
        """Give the blanks of a step names that no other step has taken meanwhile."""
        names: dict[str, str] = {}
        for blank in mend.blanks:
            names[f"?{blank.name}"] = f"?{self._fresh(blank.name, {name[1:] for name in names.values()})}"

        def put(statements: frozenset[Statement]) -> frozenset[Statement]:
            return frozenset(Statement(*(names.get(x, x) for x in s)) for s in statements)

        blanks = tuple(replace(blank, name=names[f"?{blank.name}"][1:]) for blank in mend.blanks)
        return replace(mend, add=put(mend.add), remove=put(mend.remove), blanks=blanks)

    def left(self, statements: frozenset[Statement], trials: Iterable[Trial]) -> tuple[StructureFinding | Lack, ...]:
        """Give what an engine still finds of a description: of its structure, or else by the rules."""
        findings = self.findings(statements)
        return tuple(findings) or tuple(sorted(lack for trial in trials for lack in trial.reported(statements)))

    def shrink(self, start: frozenset[Statement], trials: Sequence[Trial]) -> None:
        """Drop what turns out not to be needed."""
        if sum(mend.cost for mend in self.mends) < 2 or self.unmended:
            return
        for place, mend in enumerate(self.mends):
            for statement in sorted(mend.add | mend.remove):
                mend = self.mends[place]
                smaller = replace(mend, add=mend.add - {statement}, remove=mend.remove - {statement})
                tried = [*self.mends[:place], smaller, *self.mends[place + 1 :]]
                after = realised(tried).on(start)
                if after == self.statements or self.findings(after):
                    continue
                numbers = {lack.rule for lack in mend.lacks}
                if any(t.failing(after, numbers & t.rules.keys()) or t.lacks(after) for t in trials):
                    continue
                marks = {x for s in smaller.add | smaller.remove for x in s}
                self.mends[place] = replace(smaller, blanks=tuple(b for b in mend.blanks if f"?{b.name}" in marks))
                self.statements = after
        self.mends = [mend for mend in self.mends if mend.cost]


def _key(finding: StructureFinding) -> tuple[str, str | None, str]:
    return (finding.focus, finding.value, finding.shape)


def _most_general(kinds: Iterable[str], known: Vocabulary) -> list[str]:
    """Sort kinds so that what falls under another one comes after it."""
    return sorted(kinds, key=lambda kind: (len(known.superclasses.get(kind, ())), kind))


# --- what might mend one thing ----------------------------------------------------------------------------------------


def _structure_options(facts: Facts, finding: StructureFinding) -> Iterator[Completion]:
    """Give what might mend a finding on the structure."""
    name, backward = structure_properties().get(finding.shape, ("", False))
    focus, value = finding.focus, finding.value
    told = facts.objects.get((focus, name), [])
    match finding.component:
        case "MaxCountConstraintComponent" if not backward:
            gap = Gap(local_name(name), name, choices=tuple(told))
            gone = frozenset(Statement(focus, name, o) for o in told)
            yield Completion(frozenset({Statement(focus, name, gap.mark)}), gone, (gap,))
        case "MaxCountConstraintComponent":
            for whole in facts.subjects.get((name, focus), []):
                yield Completion(frozenset(), frozenset({Statement(whole, name, focus)}))
        case "MinCountConstraintComponent" if backward:
            for whole in facts.of_kind(facts.vocabulary.domains.get(name, ())):
                yield Completion(frozenset({Statement(whole, name, focus)}))
        case "MinCountConstraintComponent":
            yield _value(facts, focus, name)
        case "OrConstraintComponent":
            yield from _kind(facts, focus)
            yield Completion(frozenset(), frozenset(Statement(focus, name, o) for o in told))
        case _ if value is not None and value in told:
            yield from _kind(facts, value)
            yield Completion(frozenset(), frozenset({Statement(focus, name, value)}))
            yield _value(facts, focus, name, instead_of=value)
            yield from _kind(facts, focus)
        case _:
            yield from _kind(facts, focus)


def _value(facts: Facts, subject: str, name: str, instead_of: str | None = None) -> Completion:
    """Say of a thing what a property asks, perhaps instead of what is told."""
    gap, existing = gap_for(facts, name, local_name(name), subject)
    if existing:
        gap = _with_choices(facts, gap, existing)
    gone = frozenset({Statement(subject, name, instead_of)}) if instead_of else frozenset()
    return Completion(frozenset({Statement(subject, name, gap.mark)}), gone, (gap,))


def _with_choices(facts: Facts, gap: Gap, existing: list[str]) -> Gap:
    """Let things of the description fill a gap. Whoever acts is always left to a person."""
    alone = len(existing) == 1 or (existing[0] not in facts.linked and existing[1] in facts.linked)
    return replace(gap, choices=tuple(existing), settled=alone and not is_actor(facts, existing[0]))


def _kind(facts: Facts, thing: str) -> Iterator[Completion]:
    """Say of what kind a thing is, perhaps another one than is told."""
    known = facts.vocabulary
    if not facts.editable(thing) or thing not in facts.described | facts.linked:
        return
    told = {s for s in facts.told if s.subject == thing and s.predicate == TYPE}
    of_it = {s.predicate for s in facts.told if s.subject == thing and known.domains.get(s.predicate)}
    of_it = {name for name in of_it if known.domains[name] <= known.classes}
    to_it = {known.ranges.get(s.predicate, "") for s in facts.told if s.object == thing} & known.classes
    fitting = [
        kind for kind in known.classes if of_it <= known.properties_of[kind] and to_it <= known.superclasses[kind]
    ]
    narrowest = [k for k in fitting if not any(k != other and k in known.superclasses[other] for other in fitting)]
    choices = [kind for kind in sorted(narrowest) if Statement(thing, TYPE, kind) not in told]
    if choices:
        gap = Gap("kind", TYPE, choices=tuple(choices), settled=len(choices) == 1)
        yield Completion(frozenset({Statement(thing, TYPE, gap.mark)}), frozenset(told), (gap,))


def _rule_options(trial: Trial, matter: Matter, facts: Facts, lack: Lack) -> Iterator[tuple[Failure, Completion]]:
    """Give what might mend a breach or a silence, each with the query that finds it."""
    rule = trial.rules[lack.rule]
    if rule.core:
        yield Failure(*lack, lack.value), _value(facts, lack.focus, lack.value)
        return
    for part in rule.parts:
        for row in matter.solutions(part.about.text, {"this": lack.focus}):
            if row.get("value", lack.focus) == lack.value:
                for check, option in _part_options(matter, facts, part, row):
                    yield Failure(*lack, check), option


def _part_options(matter: Matter, facts: Facts, part: Part, row: Row) -> Iterator[tuple[str, Completion]]:
    failing = []
    for check, demand in zip(demand_names(part), part.asks, strict=True):
        if not matter.holds(demand.text, row):
            failing.append(check)
            for option in itertools.islice(completions(facts, demand, row), _WAYS):
                yield check, option
    for doubt in part.doubts:
        for solution in matter.solutions(doubt.pattern.text, row):
            for variable, name in untold_lists(doubt.pattern):
                yield local_name(doubt.iri), _value(facts, solution[variable], name)
                none = Statement(solution[variable], COMPLETE_FOR, name)
                yield local_name(doubt.iri), Completion(frozenset({none}), dearer=_NONE_TOLD)
    for forbidden in part.forbids:
        for solution in matter.solutions(forbidden.pattern.text, row):
            failing.append(local_name(forbidden.iri))
            for link in sorted(ground(matter, forbidden.pattern, solution) & matter.told):
                if link.predicate != TYPE:
                    yield failing[-1], Completion(frozenset(), frozenset({link}))
                    yield failing[-1], _value(facts, link.subject, link.predicate, instead_of=link.object)
    if failing:
        # What is judged may be something else than was told: a power of another type, another form.
        for told in sorted(ground(matter, part.about, row) & matter.told):
            if told.predicate in facts.vocabulary.functional & facts.vocabulary.value_scheme.keys():
                other = _value(facts, told.subject, told.predicate, instead_of=told.object)
                other = replace(_nearest_first(facts, other, told.object), dearer=1)
                yield from ((check, other) for check in dict.fromkeys(failing))


def _nearest_first(facts: Facts, option: Completion, to: str) -> Completion:
    """Try concepts first that stand beside the one they replace."""
    beside = facts.vocabulary.broader.get(to, set())
    (gap,) = option.gaps
    ranked = sorted(gap.choices, key=lambda c: (not facts.vocabulary.broader.get(c, set()) & beside, c))
    return replace(option, gaps=(replace(gap, choices=tuple(ranked)),))


def _grouped(facts: Facts, options: Iterable[tuple[Failure, Completion]]) -> list[tuple[Failure, Completion]]:
    """Make one option of those that differ only in which things of the description they name."""
    groups: dict[tuple[Failure, Template], tuple[Completion, dict[Statement, list[str]]]] = {}
    for failure, option in options:
        links = _links(facts, option)
        masks = {link: link._replace(object=f"?{local_name(link.predicate)}") for link in links}
        masked = (option.add - frozenset(masks)) | frozenset(masks.values())
        named = groups.setdefault((failure, (masked, option.remove)), (option, {}))[1]
        for link, mask in masks.items():
            named.setdefault(mask, []).append(link.object)
    return [
        (failure, _with_links(facts, option, masked, named))
        for (failure, (masked, _)), (option, named) in groups.items()
    ]


def _with_links(
    facts: Facts, option: Completion, masked: frozenset[Statement], named: dict[Statement, list[str]]
) -> Completion:
    known = facts.vocabulary
    gaps = [
        _with_choices(
            facts,
            Gap(local_name(mask.predicate), mask.predicate, frozenset(known.subclasses[known.ranges[mask.predicate]])),
            list(dict.fromkeys(things)),
        )
        for mask, things in sorted(named.items())
    ]
    return replace(option, add=masked, gaps=(*option.gaps, *gaps))


def _links(facts: Facts, option: Completion) -> list[Statement]:
    """Give the links an option adds to things of the description that others might take the place of.

    Of several, only those to actors: whoever acts is left to a person, each for itself.
    """
    known = facts.vocabulary
    subjects = {s.subject for s in option.add}
    links = [
        s
        for s in sorted(option.add)
        if known.ranges.get(s.predicate) in known.classes
        and s.predicate not in known.value_scheme
        and s.object not in subjects
        and not s.object.startswith("?")
    ]
    if len(links) > 1:
        links = [s for s in links if is_actor(facts, s.object)]
    return links if len({s.predicate for s in links}) == len(links) else links[:1]
