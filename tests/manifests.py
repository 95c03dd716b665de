"""Reading the rule tests: manifests in the W3C data-shapes vocabulary, each entry a base graph and a patch."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vereend.reading import Description, read
from vereend.rule_examples import Expected, read_examples, statements
from vereend.terms import Statement

FOLDER = Path(__file__).parent / "shapes"
ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "kg" / "examples" / "veilig-plein.ttl"
PREFIXES = """@prefix vrd: <https://w3id.org/vereend/ns#> . @prefix vc: <https://w3id.org/vereend/concept/> .
@prefix kg: <https://w3id.org/vereend/kg/veilig-plein/> . @prefix law: <https://w3id.org/vereend/law/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@dataclass(frozen=True)
class Entry:
    """One test of one rule."""

    name: str
    kind: str  # Pass, Fail, NearMiss, NotTold or NotApplicable
    rule: str
    phase: str | None  # a key of terms.PHASES; None is the one the description tells
    statements: frozenset[Statement]
    expected: frozenset[Expected]

    @property
    def description(self) -> Description:
        """The patched description."""
        return Description(f"{self.name}.ttl", self.statements)


@cache
def base(path: Path = EXAMPLE) -> frozenset[Statement]:
    """Give the invented partnership."""
    return read(path).statements


def patched(remove: str = "", add: str = "", start: frozenset[Statement] | None = None) -> frozenset[Statement]:
    """Patch a description; a patch that names what is not there, or adds what is, is a broken test."""
    start = base() if start is None else start
    gone: set[Statement] = set()
    for name in re.findall(r"(kg:[\w-]+) \?p \?o", remove):
        found = {s for s in start if s.subject == f"<https://w3id.org/vereend/kg/veilig-plein/{name[3:]}>"}
        assert found, f"nothing is said of {name}"
        gone |= found
    gone |= statements(re.sub(r"kg:[\w-]+ \?p \?o\s*\.?", "", remove))
    new = statements(add)
    assert gone <= start, f"not in the base graph: {gone - start}"
    assert not new & (start - gone), f"already in the base graph: {new & start}"
    assert (gone or new) or not (remove or add), "the patch does nothing"
    return frozenset((start - gone) | new)


@cache
def entries() -> tuple[Entry, ...]:
    """Give every entry of every manifest."""
    return tuple(entry for path in sorted(FOLDER.glob("*.ttl")) for entry in _entries(path))


def _entries(path: Path) -> list[Entry]:
    found = []
    for example in read_examples(path):
        assert example.data == EXAMPLE.as_uri(), f"{example.name} has another base graph"
        assert example.conforms != bool(example.expected), f"{example.name} contradicts itself"
        told = patched(example.remove, example.add)
        assert told == example.change.on(base()), f"{example.name} is read in two ways"
        found.append(Entry(example.name, example.kind, example.rule, example.phase, told, example.expected))
    return found
