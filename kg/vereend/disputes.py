"""Readings that differ: one passage, several interpretations, and what the rules say under each.

What is disputed stands in the readings only. Each choice of one reading per passage makes a description of its own,
and is judged by itself: merging readings would give a verdict that nobody holds. Where the verdicts differ, all are
shown and none is chosen.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from vereend.errors import VereendError
from vereend.reading import Description
from vereend.rules import Texts
from vereend.terms import LANGUAGES, TYPE, Statement, local_name, term
from vereend.verdicts import CONTESTED, NOT_APPLICABLE, ORDER, Held, Judgement, Verdict
from vereend.vocabulary import add_text, nearest, pick
from vereend.wording import ACCORDING_TO, VERDICT_NAMES, Words, join

# Each adds a run of all rules.
MOST_CHOICES = 16
_READING, _HAS, _ASSERTS = term("vrd:Reading"), term("vrd:hasReading"), term("vrd:asserts")
_PARTS = (term("rdf:subject"), term("rdf:predicate"), term("rdf:object"))


@dataclass(frozen=True)
class Reading:
    """One interpretation of one passage."""

    name: str  # in N-Triples spelling
    passage: str
    author: tuple[tuple[str, str], ...]  # language and words
    asserts: frozenset[Statement]


@dataclass(frozen=True)
class World:
    """A description in which each disputed passage is read in one way."""

    readings: tuple[Reading, ...]
    statements: frozenset[Statement]


def readings_of(description: Description) -> list[Reading]:
    """Give the readings a description records.

    Raises:
        VereendError: what a reading asserts is no statement: subject, predicate and object, each once.
    """
    told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, obj in description.statements:
        told[subject][predicate].append(obj)

    def texts(name: str, predicate: str) -> Texts:
        found: Texts = {}
        for spelled in told[name][term(predicate)]:
            add_text(found, spelled)
        return found

    def asserted(node: str) -> Statement:
        parts = [told[node][part] for part in _PARTS]
        if any(len(values) != 1 for values in parts):
            raise VereendError(
                description.where(node),
                "is asserted by a reading, but is no statement",
                "Give it rdf:subject, rdf:predicate and rdf:object, each once",
            )
        return Statement(*(values[0] for values in parts))

    return [
        Reading(
            name,
            next(iter(texts(name, "vrd:interprets").values()), ""),
            tuple(sorted(texts(name, "vrd:author").items())),
            frozenset(asserted(node) for node in own[_ASSERTS]),
        )
        for name, own in sorted(told.items())
        if _READING in own[TYPE]
    ]


def worlds(description: Description, chosen: Iterable[str] = ()) -> list[World]:
    """Give each choice of one reading per disputed passage; a description without readings is its only world.

    Args:
        chosen: readings to hold to, by the last part of their name; a passage that none of them reads keeps all its
            readings.
    Raises:
        VereendError: an unknown reading, or more choices than MOST_CHOICES.
    """
    found = readings_of(description)
    wanted = list(chosen)
    names = {local_name(reading.name): reading for reading in found}
    for name in wanted:
        if name not in names:
            guess = nearest(name, names)
            raise VereendError(
                f"{description.name}, {name!r}",
                "is not a reading of this description",
                f"The nearest is '{guess}'" if guess else f"It records {', '.join(names) or 'none'}",
            )
    if not found:
        return [World((), description.statements)]
    held = {names[name].passage for name in wanted}
    passages: dict[str, list[Reading]] = defaultdict(list)
    for reading in found:
        if reading.passage not in held or local_name(reading.name) in wanted:
            passages[reading.passage].append(reading)
    choices = list(product(*passages.values()))
    if len(choices) > MOST_CHOICES:
        raise VereendError(
            description.name,
            f"records readings that can be combined in {len(choices)} ways, more than the {MOST_CHOICES} we judge",
            "Choose some with --reading NAME",
        )
    nodes = {reading.name for reading in found}
    nodes |= {s.object for s in description.statements if s.subject in nodes and s.predicate == _ASSERTS}
    common = frozenset(
        s for s in description.statements if s.subject not in nodes and s.predicate not in (_HAS, _ASSERTS)
    )
    return [World(choice, common.union(*(reading.asserts for reading in choice))) for choice in choices]


def compare(judged: Sequence[tuple[World, Judgement]], words: Words) -> Judgement:
    """Put the judgements of one partnership under each reading together: what differs is contested."""
    if len(judged) == 1:
        return judged[0][1]
    by_key: dict[tuple[str, str, str | None], list[Verdict | None]] = defaultdict(lambda: [None] * len(judged))
    for number, (_, judgement) in enumerate(judged):
        for verdict in judgement.verdicts:
            if verdict.verdict != NOT_APPLICABLE:
                by_key[verdict.rule.number, verdict.focus, verdict.value][number] = verdict
    verdicts = []
    for found in by_key.values():
        kinds = {verdict.verdict if verdict else NOT_APPLICABLE for verdict in found}
        told = [verdict for verdict in found if verdict]
        verdicts.append(told[0] if len(kinds) == 1 else _contested([world for world, _ in judged], found, words))
    applied = {verdict.rule.number for verdict in verdicts}
    first = judged[0][1]
    verdicts += [v for v in first.verdicts if v.verdict == NOT_APPLICABLE and v.rule.number not in applied]
    verdicts.sort(key=lambda v: (ORDER.index(v.verdict), v.rule.number, v.focus, v.value or ""))
    unchecked = frozenset.intersection(*(frozenset(judgement.unchecked) for _, judgement in judged))
    lapsed = {provision.provision: provision for _, judgement in judged for provision in judgement.out_of_force}
    return replace(
        first,
        verdicts=tuple(verdicts),
        unchecked=tuple(sorted(unchecked)),
        out_of_force=tuple(lapsed[name] for name in sorted(lapsed)),
    )


def _contested(judged: Sequence[World], found: Sequence[Verdict | None], words: Words) -> Verdict:
    """Make one verdict of several: each with the readings under which it is given."""
    # Only passages that the verdict turns on are named: a reading that every outcome shares explains nothing.
    outcomes: dict[str, list[int]] = defaultdict(list)
    for number, verdict in enumerate(found):
        outcomes[verdict.verdict if verdict else NOT_APPLICABLE].append(number)
    held = []
    for name in sorted(outcomes, key=ORDER.index):
        for reading in _telling(judged, outcomes[name]):
            verdict = next((found[n] for n in outcomes[name] if reading <= set(judged[n].readings)), None)
            ordered = sorted(reading, key=lambda r: r.name)
            held.append(
                Held(
                    tuple(r.name for r in ordered),
                    {lang: join([words.label(r.name, lang) for r in ordered], lang) for lang in LANGUAGES},
                    {lang: join(dict.fromkeys(_author(r, lang) for r in ordered), lang) for lang in LANGUAGES},
                    name,
                    verdict.message if verdict else {},
                )
            )
    told = [verdict for verdict in found if verdict]
    message = {lang: " ".join(_according_to(one, lang) for one in held) for lang in LANGUAGES}
    return replace(
        told[0],
        verdict=CONTESTED,
        message=message,
        remedy={},
        question={},
        evidence=tuple(sorted({s for verdict in told for s in verdict.evidence})),
        provisions=tuple(sorted({p for verdict in told for p in verdict.provisions})),
        readings=tuple(held),
    )


def _author(reading: Reading, lang: str) -> str:
    found = pick(dict(reading.author), lang)
    return found.value if found else ""


def _according_to(held: Held, lang: str) -> str:
    sentence = ACCORDING_TO[lang].format(
        reading=held.label[lang], author=held.author[lang], verdict=VERDICT_NAMES[held.verdict][lang]
    )
    return f"{sentence} {held.message[lang]}" if held.message else sentence


def _telling(judged: Sequence[World], numbers: Sequence[int]) -> list[frozenset[Reading]]:
    """Give the smallest sets of readings that lead to one outcome: single readings where they decide it alone."""
    single = [
        frozenset({reading})
        for reading in sorted({r for n in numbers for r in judged[n].readings}, key=lambda r: r.name)
        if all(reading not in world.readings for n, world in enumerate(judged) if n not in numbers)
    ]
    covered = {n for n in numbers if any(one <= set(judged[n].readings) for one in single)}
    return single + [frozenset(judged[n].readings) for n in numbers if n not in covered]
