"""Realistic descriptions by the thousand: linked through bodies they share, some with a defect that is known.

    python tests/bench/scale.py FOLDER NUMBER [SEED]

writes FOLDER/descriptions/*.ttl, FOLDER/shared.ttl (`vereend batch FOLDER/descriptions --shared FOLDER/shared.ttl`) and
FOLDER/defects.csv, which says what the rules must find. The same seed gives the same files.

Each starts from the invented partnership or from a patch of it whose verdict is known (tests/generated.py), and grows.
Neighbours, twenty at a time, have the same police, municipality and so on: an actor of which nothing else is told than
in the invented partnership goes by one name in all of them, and is described in the shared file. Names change no
verdict.
"""

import csv
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from generated import generate
from manifests import base
from vereend.terms import CASES, TYPE, Statement, iri, term
from vereend.vocabulary import vocabulary

NEIGHBOURS = 20
_DEFECTS = ("file", "rule", "focus", "value", "verdict")


class Written(NamedTuple):
    """What was written."""

    descriptions: Path
    shared: Path
    defects: Path
    statements: int


def actors(statements: frozenset[Statement], home: str) -> dict[str, frozenset[Statement]]:
    """Give what is told of each actor, with names that do not tell in which description."""
    found: dict[str, set[Statement]] = defaultdict(set)
    for s in statements:
        if s.predicate == TYPE and term("vrd:Actor") in vocabulary().kinds(s.object):
            found[s.subject] = set()
    for s in statements:
        if s.subject in found:
            found[s.subject].add(Statement(*(text.replace(home, CASES) for text in s)))
    return {name: frozenset(told) for name, told in found.items()}


def shareable(statements: frozenset[Statement], home: str, known: dict[str, frozenset[Statement]]) -> set[str]:
    """Give the actors of which the same is told as in the invented partnership, as it is of those they lean on."""
    own = actors(statements, home)
    same = {name for name, told in own.items() if known.get(name.replace(home, CASES)) == told}
    while True:
        kept = {
            name
            for name in same
            if all(s.object in same for s in statements if s.subject == name and s.object.startswith(f"<{home}"))
        }
        if kept == same:
            return same
        same = kept


def write(folder: Path, number: int, seed: int = 1) -> Written:
    """Write so many descriptions, what they share, and what the rules must find in them."""
    descriptions = folder / "descriptions"
    descriptions.mkdir(parents=True)
    own_home = next(s.subject for s in base() if s.predicate == TYPE and s.object == term("vrd:Partnership"))
    home = iri(own_home).rpartition("/")[0] + "/"
    known = {name.replace(home, CASES): told for name, told in actors(base(), home).items()}
    shared: set[Statement] = set()
    count: Counter[str] = Counter()
    with (folder / "defects.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(_DEFECTS)
        for place in range(number):
            chance = random.Random(f"{seed} {place}")
            made = generate(seed * 1_000_000 + place, size=chance.randrange(4), share_of_defects=0.4)
            here, there = f"{CASES}{made.name}/", f"{CASES}shared-{seed}-{place // NEIGHBOURS}/"
            common = shareable(made.statements, here, known)
            names = {name: name.replace(here, there) for name in common}
            told = {Statement(*(names.get(text, text) for text in s)) for s in made.statements}
            bodies = {s for s in told if s.subject in names.values()}
            shared |= bodies
            text = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(told - bodies))
            (descriptions / f"{place:06}.ttl").write_text(text, "utf-8")
            count["statements"] += len(told)
            for focus, value, verdict, _ in made.expected:
                assert made.defect is not None
                focus, value = (names.get(name, name) for name in (focus, value))
                row = (f"{place:06}.ttl", made.defect.rule, iri(focus), iri(value) if value != focus else "", verdict)
                table.writerow(row)
    (folder / "shared.ttl").write_text("".join(f"{s} {p} {o} .\n" for s, p, o in sorted(shared)), "utf-8")
    return Written(descriptions, folder / "shared.ttl", folder / "defects.csv", count["statements"])


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:])))
