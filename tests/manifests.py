"""Reading the rule tests: manifests in the W3C data-shapes vocabulary, each entry a base graph and a patch."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from vereend.reading import Description, read
from vereend.terms import TYPE, Statement, iri, literal, local_name

FOLDER = Path(__file__).parent / "shapes"
ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "kg" / "examples" / "veilig-plein.ttl"
_SH = "http://www.w3.org/ns/shacl#"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_SHT = "http://www.w3.org/ns/shacl-test#"
_VT = "https://w3id.org/vereend/test#"
PREFIXES = """@prefix vrd: <https://w3id.org/vereend/ns#> . @prefix vc: <https://w3id.org/vereend/concept/> .
@prefix kg: <https://w3id.org/vereend/kg/veilig-plein/> . @prefix law: <https://w3id.org/vereend/law/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Expected = tuple[str, str, str, str]  # focus, value, verdict, severity


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


def statements(text: str) -> set[Statement]:
    """Read statements written with the usual prefixes."""
    quads = ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return {Statement(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


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
    graph: dict[str, dict[str, list[str]]] = {}
    for q in ox.parse(path=path, base_iri=path.as_uri()):
        graph.setdefault(str(q.subject), {}).setdefault(iri(str(q.predicate)), []).append(str(q.object))

    def one(node: str, name: str) -> str:
        return next(iter(graph[node].get(name, [])), "")

    def text(node: str, name: str) -> str:
        found = literal(one(node, name))
        return found.value if found else ""

    found = []
    for node, fields in graph.items():
        if f"<{_SHT}Validate>" not in fields.get(iri(TYPE), []):
            continue
        action, result = one(node, _MF + "action"), one(node, _MF + "result")
        assert iri(one(action, _SHT + "dataGraph")) == EXAMPLE.as_uri(), f"{node} has another base graph"
        expected = frozenset(
            (
                one(r, _SH + "focusNode"),
                one(r, _SH + "value"),
                text(r, _VT + "verdict"),
                local_name(one(r, _SH + "resultSeverity")),
            )
            for r in graph[result].get(_SH + "result", [])
        )
        assert ('"false"' in one(result, _SH + "conforms")) == bool(expected), f"{node} contradicts itself"
        found.append(
            Entry(
                local_name(node),
                local_name(one(node, _VT + "kind")),
                local_name(one(node, _VT + "shape")).split("-")[0],
                text(action, _VT + "phase") or None,
                patched(text(action, _VT + "remove"), text(action, _VT + "add")),
                expected,
            )
        )
    return found
