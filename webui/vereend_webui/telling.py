"""What one description tells of its partnership, asked property by property. It judges nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from vereend.knowledge import Case
from vereend.report import PartnershipReport
from vereend.terms import Statement, Text, term
from vereend.vocabulary import add_text, vocabulary
from vereend.wording import Words
from vereend_webui.i18n import current, other, pick
from vereend_webui.site import knowledge
from vereend_webui.things import Namer, Thing


class Telling:
    """The statements of a description, by subject and property."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        for subject, predicate, obj in sorted(statements):
            self._values[subject, predicate].append(obj)
            self._subjects[predicate, obj].append(subject)

    def values(self, subject: str, *path: str) -> list[str]:
        """Give what a path of properties leads to, in N-Triples spelling; empty when nothing is told."""
        found = [subject]
        for name in path:
            found = [value for start in found for value in self._values.get((start, term(name)), ())]
        return list(dict.fromkeys(found))

    def values_of(self, subject: str, predicate: str) -> list[str]:
        """Give the values of one property, named in N-Triples spelling."""
        return list(self._values.get((subject, predicate), ()))

    def subjects(self, name: str, value: str) -> list[str]:
        """Give what has this value for a property."""
        return list(self._subjects.get((term(name), value), ()))

    def texts(self, subject: str, name: str) -> dict[str, str]:
        """Give the words of a property by language."""
        found: dict[str, str] = {}
        for value in self.values(subject, name):
            add_text(found, value)
        return found


@dataclass(frozen=True)
class Group:
    """Participants of one sort, under one mark."""

    sign: str
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Summary:
    """A partnership in a list: what it is, who takes part, how it stands."""

    slug: str
    name: Thing
    fictional: bool
    expected: tuple[Thing, ...]  # forms; empty: not told
    groups: tuple[Group, ...]
    tasks: tuple[Thing, ...]
    phase: Thing | None  # None: not told
    report: PartnershipReport | None  # None: cannot be judged


_ORDER = ("police", "actor", "private", "civil")


def namer(case: Case) -> Namer:
    """Name the things of a case."""
    return Namer(case.description, Words(case.description.statements, vocabulary()))


def summary(case: Case) -> Summary:
    """Sum up a case for a list."""
    told, names = Telling(case.description.statements), namer(case)
    this = f"<{case.iri}>"
    things = [names.thing(name) for name in told.values(this, "vrd:hasParticipation", "vrd:participant")]
    signs = sorted({t.sign for t in things}, key=lambda s: (_ORDER.index(s) if s in _ORDER else len(_ORDER), s))
    phases = told.values(this, "vrd:phase")
    reports = knowledge().report(case.slug).files[0].partnerships
    return Summary(
        case.slug,
        names.thing(this),
        case.fictional,
        tuple(names.thing(form) for form in told.values(this, "vrd:expectedForm")),
        tuple(Group(sign, tuple(t for t in things if t.sign == sign)) for sign in signs),
        tuple(names.thing(task) for task in told.values(this, "vrd:hasTask", "vrd:policeTask")),
        names.thing(phases[0]) if phases else None,
        next((r for r in reports if r.iri == case.iri), None),
    )


def other_label(case: Case) -> Text | None:
    """Give a partnership's name in the other language, where it differs."""
    texts = knowledge().texts(case.iri)
    name = texts.get(other(current()))
    return Text(name, other(current())) if name and name != pick(texts).value else None


def first_example() -> Case | None:
    """Give the invented partnership to begin with: the plain one, whose variants have longer names."""
    invented = [case for case in knowledge().cases.values() if case.fictional]
    return min(invented, key=lambda case: (len(case.slug), case.slug), default=None)
