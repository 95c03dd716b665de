"""Descriptions made by the number: any size, some with a defect that is known, some that share actors with others.

Each starts from the invented partnership of kg/examples, or from one of the patches of it in tests/shapes, whose
verdict is known. It is given a name of its own, then grows by copies of what hangs on it, and may vary by other
concepts of the same list. The same seed gives the same descriptions. What a rule asks is thus written nowhere here: a
new rule brings its own defects along.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from manifests import Entry, Expected, base, entries
from vereend.reading import Description
from vereend.terms import CASES, PARTNERSHIP, TYPE, Statement, is_vrd, term
from vereend.vocabulary import vocabulary

_HOME = CASES + "veilig-plein/"
# What a partnership may have more of without being another kind of partnership.
_GROWS = tuple(map(term, ("vrd:hasPosition", "vrd:hasFlow", "vrd:hasSafeguard", "vrd:hasRisk", "vrd:hasGoal")))
_LABEL = term("rdfs:label")
_TIES = tuple(map(term, ("vrd:fundedBy", "vrd:appointedBy")))


@dataclass(frozen=True)
class Generated:
    """A description, and what is known of it."""

    name: str
    statements: frozenset[Statement]
    defect: Entry | None = None  # what was done to it on purpose
    expected: frozenset[Expected] = (
        frozenset()
    )  # what the defect's rule says; the value is the focus where there is none

    @property
    def description(self) -> Description:
        """The description, as it would be read."""
        return Description(f"{self.name}.ttl", self.statements)


def _renamed(text: str, home: str) -> str:
    return text.replace(_HOME, home)


def rename(statements: frozenset[Statement], home: str) -> frozenset[Statement]:
    """Give all that the invented partnership names a name under another address."""
    return frozenset(Statement(*(_renamed(text, home) for text in s)) for s in statements)


@cache
def defects(kinds: Sequence[str] = ("Fail", "NotTold")) -> tuple[Entry, ...]:
    """Give the patches that make a rule speak, for the phase the description tells itself."""
    return tuple(e for e in entries() if e.kind in kinds and e.expected and e.phase is None)


def grown(statements: frozenset[Statement], times: int, chance: random.Random) -> frozenset[Statement]:
    """Copy so many times one of the things that hang on the partnership, with all that is said of and to it."""
    told = set(statements)
    for number in range(times):
        things = sorted(s.object for s in told if s.predicate in _GROWS and s.object.startswith("<"))
        if not things:
            break
        thing = chance.choice(things)
        copy = f"{thing[:-1]}-{number + 2}>"
        for subject, predicate, obj in sorted(told):
            if subject == thing:
                obj = f"{obj.replace(chr(34) + '@', f' {number + 2}' + chr(34) + '@')}" if predicate == _LABEL else obj
                told.add(Statement(copy, predicate, obj))
            elif obj == thing and predicate not in vocabulary().functional:
                told.add(Statement(subject, predicate, copy))
    return frozenset(told)


def varied(statements: frozenset[Statement], times: int, chance: random.Random) -> frozenset[Statement]:
    """Put so many times another concept of the same list in the place of one: what follows from it is not known."""
    scheme_of = vocabulary().scheme_of
    lists: dict[str, list[str]] = defaultdict(list)
    for concept, scheme in sorted(scheme_of.items()):
        lists[scheme].append(concept)
    told = set(statements)
    for _ in range(times):
        place = chance.choice(sorted(s for s in told if is_vrd(s.predicate) and s.object in scheme_of))
        told.remove(place)
        told.add(Statement(place.subject, place.predicate, chance.choice(lists[scheme_of[place.object]])))
    return frozenset(told)


def lost(statements: frozenset[Statement], times: int, chance: random.Random) -> frozenset[Statement]:
    """Leave out so many statements, kinds excepted: a thing of no kind is no longer judged."""
    left = sorted(s for s in statements if s.predicate != TYPE)
    return statements - set(chance.sample(left, min(times, len(left))))


def generate(seed: int, size: int = 0, share_of_defects: float = 0.5, unknown: int = 0) -> Generated:
    """Make one description.

    Args:
        size: how many things it has more than the invented partnership has; each is some ten statements.
        share_of_defects: how likely it has a known defect.
        unknown: how many concepts are exchanged and statements lost on top, with effects that are not known.
    """
    chance = random.Random(seed)
    defect = chance.choice(defects()) if chance.random() < share_of_defects else None
    home = f"{CASES}made-{seed}/"
    start = rename(defect.statements if defect else base(), home)
    statements = grown(start, size, chance)
    if unknown:
        statements = lost(varied(statements, unknown, chance), unknown, chance)
    expected = defect.expected if defect and not unknown else ()
    return Generated(
        f"made-{seed}",
        statements,
        defect,
        frozenset(
            (_renamed(f, home), _renamed(v or f, home), verdict, severity) for f, v, verdict, severity in expected
        ),
    )


def linked(seed: int, number: int, **options: float) -> Description:
    """Make one description of so many partnerships that share actors, and pay or appoint each other's.

    Takes what `generate` takes.
    """
    chance = random.Random(seed)
    made = [generate(seed * 1000 + n, **options) for n in range(number)]  # type: ignore[arg-type]
    told = set().union(*(one.statements for one in made))
    kinds: dict[str, set[str]] = defaultdict(set)
    for s in told:
        if s.predicate == TYPE:
            kinds[s.object].add(s.subject)
    actors = sorted(
        {thing for kind, things in kinds.items() if term("vrd:Actor") in vocabulary().kinds(kind) for thing in things}
    )
    shared = {name: name for name in actors}
    for name in actors:  # the same actor in several partnerships goes by the name it has in the first
        twins = [other for other in actors if other.rsplit("/", 1)[-1] == name.rsplit("/", 1)[-1]]
        if chance.random() < 0.5:
            shared[name] = twins[0]
    out = {Statement(*(shared.get(text, text) for text in s)) for s in told}
    left = sorted({shared[name] for name in actors})
    for _ in range(number):
        payer, paid = chance.sample(left, 2)
        out.add(Statement(paid, chance.choice(_TIES), payer))
    assert sum(s.predicate == TYPE and s.object == PARTNERSHIP for s in out) == number
    return Description(f"linked-{seed}.ttl", frozenset(out))
