"""Examples of each rule: the invented partnership with as small a change as makes the rule hold, fail or fall silent.

They are the rules' own tests, tests/shapes/*.ttl, in the W3C's vocabulary of manifests: so every example is known to
show what it says.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from vereend import content
from vereend.changes import Change
from vereend.reading import Description, read
from vereend.terms import CASES, SPARQL_PREFIXES, TYPE, Statement, iri, literal, local_name

_SH = "http://www.w3.org/ns/shacl#"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_SHT = "http://www.w3.org/ns/shacl-test#"
_VT = "https://w3id.org/vereend/test#"
_BASE = "veilig-plein"  # what every example changes
_ALL_OF = re.compile(r"kg:([\w-]+) \?p \?o\s*\.?")  # all that is said of one thing
Expected = tuple[str, str, str, str]  # focus, value, verdict, severity


@dataclass(frozen=True)
class Example:
    """One example of one rule."""

    name: str
    kind: str  # Pass, Fail, NearMiss, NotTold or NotApplicable
    rule: str
    phase: str | None  # a key of terms.PHASES; None is the one the description tells
    remove: str  # in Turtle, where "kg:x ?p ?o" is all that is said of kg:x
    add: str
    expected: frozenset[Expected]  # what is to be reported
    data: str  # IRI of the description it changes
    conforms: bool

    @property
    def change(self) -> Change:
        """The change it makes."""
        start = partnership().statements
        gone = {s for name in _ALL_OF.findall(self.remove) for s in start if s.subject == f"<{CASES}{_BASE}/{name}>"}
        gone |= statements(_ALL_OF.sub("", self.remove))
        return Change(frozenset(statements(self.add)), frozenset(gone))

    @property
    def description(self) -> Description:
        """The invented partnership with the change."""
        return Description(f"{self.name}.ttl", self.change.on(partnership().statements))


@cache
def partnership() -> Description:
    """Give the invented partnership that every example changes."""
    return read(content.root() / "kg" / "examples" / f"{_BASE}.ttl")


def statements(text: str) -> set[Statement]:
    """Read statements written with the project's prefixes, and kg: for the invented partnership."""
    prefixes = SPARQL_PREFIXES + f"PREFIX kg: <{CASES}{_BASE}/>\n"
    quads = ox.parse(prefixes + text, format=ox.RdfFormat.TURTLE)
    return {Statement(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


def read_examples(path: Path) -> list[Example]:
    """Read one manifest."""
    graph: dict[str, dict[str, list[str]]] = {}
    for q in ox.parse(path=path, base_iri=path.as_uri()):
        graph.setdefault(str(q.subject), {}).setdefault(iri(str(q.predicate)), []).append(str(q.object))

    def one(node: str, name: str) -> str:
        return next(iter(graph[node].get(name, [])), "")

    def text(node: str, name: str) -> str:
        found = literal(one(node, name))
        return found.value if found else ""

    def example(node: str) -> Example:
        action, result = one(node, _MF + "action"), one(node, _MF + "result")
        expected = frozenset(
            (
                one(r, _SH + "focusNode"),
                one(r, _SH + "value"),
                text(r, _VT + "verdict"),
                local_name(one(r, _SH + "resultSeverity")),
            )
            for r in graph[result].get(_SH + "result", [])
        )
        return Example(
            local_name(node),
            local_name(one(node, _VT + "kind")),
            local_name(one(node, _VT + "shape")).split("-")[0],
            text(action, _VT + "phase") or None,
            text(action, _VT + "remove"),
            text(action, _VT + "add"),
            expected,
            iri(one(action, _SHT + "dataGraph")),
            text(result, _SH + "conforms") == "true",
        )

    return [example(node) for node, fields in graph.items() if f"<{_SHT}Validate>" in fields.get(iri(TYPE), [])]


@cache
def examples() -> tuple[Example, ...]:
    """Give every example of every rule."""
    return tuple(example for path in content.turtle_files("tests", "shapes") for example in read_examples(path))


def smallest(rule: str, kind: str) -> Example | None:
    """Give the example of a kind that changes least; None where the rule has none."""
    found: Iterable[Example] = (e for e in examples() if e.rule == rule and e.kind == kind)
    return min(found, key=lambda e: (len(e.change.remove) + len(e.change.add), e.name), default=None)
