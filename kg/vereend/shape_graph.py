"""Anyone's SHACL shapes: which there are, what each demands, of what, and whether an engine may be trusted with them.

Nothing is fetched: `owl:imports` is followed only within the files given, to find the prefixes of a query. A demand
that no engine here evaluates is refused, for to leave it out in silence would make a description conform.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox

from vereend.errors import QueryRefused, VereendError
from vereend.paths import members, path_text
from vereend.reading import Description
from vereend.rules import Texts
from vereend.service import query_form
from vereend.terms import NAMELESS, NAMESPACES, TYPE, Statement, iri, literal, term
from vereend.vocabulary import add_text, closure

_SH = "<" + NAMESPACES["sh"]
_CLASSES = {term("rdfs:Class")}
_IMPORTS, _SUBCLASS = term("owl:imports"), term("rdfs:subClassOf")
_PARTS = tuple(map(term, ("sh:property", "sh:node", "sh:not", "sh:qualifiedValueShape")))
_LISTS = tuple(map(term, ("sh:and", "sh:or", "sh:xone")))
_TARGETS = tuple(map(term, ("sh:targetNode", "sh:targetClass", "sh:targetSubjectsOf", "sh:targetObjectsOf")))
_TRUE = f'"true"^^{term("xsd:boolean")}'
_QUALIFIED = (term("sh:qualifiedValueShape"), term("sh:qualifiedValueShapesDisjoint"))
# No constraint of its own: says what a shape is about, how it is told, or is read beside another.
_NO_CONSTRAINTS = {
    term(f"sh:{name}")
    for name in ("path", "deactivated", "severity", "message", "name", "description", "group", "order", "defaultValue")
}.union(map(term, ("sh:flags", "sh:ignoredProperties", "sh:property")), _TARGETS, _QUALIFIED)
# What a query may not hold (SHACL, section 5.3.1 and appendix A), and what would open the network.
_REFUSED = ("MINUS", "VALUES", "SERVICE", "FROM")
_LOOKS_FOR_ABSENCE = (
    "EXISTS",
    "OPTIONAL",
    "BOUND",
    "COALESCE",
    "COUNT",
    "SUM",
    "MIN",
    "MAX",
    "AVG",
    "SAMPLE",
    "GROUP_CONCAT",
    "LIMIT",
    "OFFSET",
)
_SKIPPED = re.compile(
    r"#[^\n]*|<[^<>\"{}|^`\\\s]*>|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL
)
_FLAGS = tuple(map(term, ("sh:deactivated", "sh:uniqueLang", "sh:closed", "sh:qualifiedValueShapesDisjoint")))
_QUERY_TEXTS = (term("sh:select"), term("sh:ask"))
_MEND = "Mend the shapes, or leave out what cannot be run"


@cache
def features() -> Mapping[str, str]:
    """Give what is known of each term of SHACL by prefixed name: "both", "pyshacl", "fast" or "none".

    The list, and what the words mean, stand in shacl-features.tsv beside this module.
    """
    rows = (Path(__file__).parent / "shacl-features.tsv").read_text("utf-8").splitlines()
    return dict(row.split("\t")[:2] for row in rows if row and not row.startswith("#"))


@dataclass(frozen=True)
class Query:
    """A SPARQL text in the shapes, with the prefixes it needs."""

    text: str
    asks: bool  # an ASK, of which a match is good; a match of a SELECT is a result

    @cached_property
    def bare(self) -> str:
        """The text in capitals, without comments, IRIs and strings."""
        escape = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
        written_out = escape.sub(lambda m: chr(int(m[1] or m[2], 16) % 0x110000), self.text)
        return _SKIPPED.sub(lambda m: "<>" if m[0][0] == "<" else " ", written_out).upper()

    def uses(self, word: str) -> bool:
        """Tell whether a word of SPARQL is used, in capitals or not."""
        return re.search(rf"(?<![\w:?$-]){word}(?![\w:-])", self.bare) is not None

    @cached_property
    def mendable(self) -> bool:
        """Whether more statements could end what the query complains of.

        Told from the words of the query, with the benefit of the doubt. A match of a SELECT stays one unless the query
        looks for what is absent, or counts. An ASK that looks at statements may find one yet.
        """
        if not self.asks:
            return any(map(self.uses, _LOOKS_FOR_ABSENCE))
        from rdflib.plugins.sparql import prepareQuery
        from rdflib.plugins.sparql.algebra import traverse

        found: list[object] = []
        try:
            traverse(prepareQuery(self.text).algebra, lambda part: found.extend(getattr(part, "triples", None) or []))
        except Exception:  # noqa: BLE001 - rdflib raises what it likes; a query it cannot take apart is given the doubt
            return True
        return bool(found)


class ShapeGraph:
    """The shapes of one or more files.

    Args:
        files: read with `foreign=True`.
    Raises:
        VereendError: no shapes, a demand that is not evaluated, or a query that is malformed or refused.
    """

    def __init__(self, files: Sequence[Description]) -> None:
        self.name = ", ".join(file.name for file in files)
        self.prefixes = {prefix: name for file in files for prefix, name in file.prefixes.items()}
        self.statements = {
            Statement(*(_renamed(text, number) for text in s))
            for number, file in enumerate(files, 1)
            for s in file.statements
        }
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        for subject, predicate, obj in sorted(self.statements):
            self._values[subject, predicate].append(obj)
        self.types: dict[str, set[str]] = defaultdict(set)
        self.subclasses: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, obj in self.statements:
            if predicate == TYPE:
                self.types[subject].add(obj)
            elif predicate == _SUBCLASS:
                self.subclasses[subject].add(obj)
        self._defined = {s for s, _ in self._values}
        self.components = self._components()
        self.shapes = self._shapes()
        self._check()

    # --- what stands in it

    def all(self, subject: str, name: str) -> list[str]:
        """Give the values of a property, a prefixed name or a spelled IRI, in the order of their spelling."""
        return self._values.get((subject, name if name.startswith("<") else term(name)), [])

    def one(self, subject: str, name: str) -> str | None:
        """Give the value of a property, or None."""
        return next(iter(self.all(subject, name)), None)

    def members(self, node: str) -> list[str]:
        """Give the members of a list."""
        return members(node, self.all)

    def number(self, shape: str, name: str) -> int | None:
        """Give the value of a property as a whole number; None where there is none."""
        found = literal(self.one(shape, name) or "")
        return int(found.value) if found and re.fullmatch(r"\+?\d{1,9}", found.value) else None

    def flag(self, subject: str, name: str) -> bool:
        """Tell whether a property has the value true, in this word and no other spelling: SHACL says so."""
        return _TRUE in self.all(subject, name)

    def texts(self, subject: str, *names: str) -> Texts:
        """Give texts by language, "" for one without; of the first property that has any."""
        found: Texts = {}
        for name in names:
            for value in self.all(subject, name):
                add_text(found, value)
            if found:
                break
        return found

    def path(self, shape: str) -> str | None:
        """Spell the path of a property shape; None for a node shape."""
        found = self.one(shape, "sh:path")
        return None if found is None else path_text(found, self.all)

    def severity(self, shape: str) -> str:
        """Give the local name of a shape's severity."""
        return re.split(r"[#/]", iri(self.one(shape, "sh:severity") or term("sh:Violation")))[-1]

    def short(self, name: str) -> str:
        """Shorten an IRI with the prefixes of the files."""
        full = iri(name)
        for prefix, namespace in self.prefixes.items():
            if full.startswith(namespace) and re.fullmatch(r"[\w.-]*\w", full[len(namespace) :]):
                return f"{prefix}:{full[len(namespace) :]}"
        return full

    def constraints(self, shape: str) -> list[str]:
        """Give the parameters by which a shape demands something itself, `sh:property` left out."""
        own = {p for s, p in self._values if s == shape} - _NO_CONSTRAINTS
        custom = {name for names in self.components.values() for name in names}
        return sorted(p for p in own if p.startswith(_SH) or p in custom)

    def parts(self, shape: str) -> list[str]:
        """Give the property shapes of a shape, those that are switched off left out."""
        return [part for part in self.all(shape, "sh:property") if not self.flag(part, "sh:deactivated")]

    def holders(self, shape: str) -> list[str]:
        """Give the shapes that refer to a shape."""
        return sorted(holder for holder, inner in self._inner.items() if shape in inner and holder in self.shapes)

    def siblings(self, shape: str) -> set[str]:
        """Give the qualified shapes that stand beside that of a property shape. Source: SHACL, section 4.7.3."""
        parents = [s for (s, p), parts in self._values.items() if p == term("sh:property") and shape in parts]
        beside = {q for s in parents for part in self.parts(s) for q in self.all(part, "sh:qualifiedValueShape")}
        return beside - set(self.all(shape, "sh:qualifiedValueShape"))

    @cached_property
    def _inner(self) -> dict[str, set[str]]:
        """The shapes each shape refers to."""
        found: dict[str, set[str]] = defaultdict(set)
        for (subject, predicate), values in self._values.items():
            if predicate in _PARTS:
                found[subject] |= set(values)
            elif predicate in _LISTS:
                found[subject] |= {member for node in values for member in self.members(node)}
        return found

    @cached_property
    def targeting(self) -> list[str]:
        """The shapes that say what they are about, by name; those that are switched off left out."""
        return [
            shape
            for shape in sorted(self.shapes)
            if not self.flag(shape, "sh:deactivated")
            and (any(self.all(shape, target) for target in _TARGETS) or self.is_class(shape))
        ]

    def is_class(self, shape: str) -> bool:
        """Tell whether a shape is a class too, and so is about its instances."""
        return any(_CLASSES & closure(kind, self.subclasses) for kind in self.types[shape])

    def queries(self, subject: str) -> list[Query]:
        """Give the SPARQL texts of a constraint or validator."""
        head = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in self._declared(subject))
        texts = [(text, name == "sh:ask") for name in ("sh:select", "sh:ask") for text in self.all(subject, name)]
        return [Query(head + found.value, asks) for text, asks in texts if (found := literal(text))]

    def _declared(self, subject: str) -> list[tuple[str, str]]:
        imports: dict[str, set[str]] = defaultdict(set)
        for (name, predicate), found in self._values.items():
            if predicate == _IMPORTS:
                imports[name].update(found)
        holders: set[str] = set().union(*(closure(start, imports) for start in self.all(subject, "sh:prefixes")))
        declared = [node for holder in sorted(holders) for node in self.all(holder, "sh:declare")]
        pairs = [(self.one(node, "sh:prefix"), self.one(node, "sh:namespace")) for node in declared]
        return sorted({(p.value, n.value) for a, b in pairs if a and b and (p := literal(a)) and (n := literal(b))})

    def _components(self) -> dict[str, set[str]]:
        """Give the constraint components that the files define, each with its parameters."""
        defined = {s for s, p in self._values if p == term("sh:parameter")}
        return {
            name: {path for node in self.all(name, "sh:parameter") for path in self.all(node, "sh:path")}
            for name in defined
        }

    def _shapes(self) -> set[str]:
        """Give what is a shape: said to be, with a target, with a parameter of a component, or named by another."""
        custom = set().union(*self.components.values())
        kinds = {term("sh:NodeShape"), term("sh:PropertyShape")}
        found = {s for s, own in self.types.items() if own & kinds}
        found |= {s for s, p in self._values if p in custom or p in _TARGETS or p in _PARTS or p in _LISTS}
        found = set().union(*(closure(shape, self._inner) for shape in found))
        return found - {node for name in self.components for node in self.all(name, "sh:parameter")}

    # --- whether it can be run

    def _check(self) -> None:
        if not self.shapes:
            raise VereendError(self.name, "holds no shapes", "Name a file with sh:NodeShape or sh:PropertyShape in it")
        for name in sorted(self.features):
            if features().get(name, "none") == "none":
                raise VereendError(f"{self.name}, {name}", "is not evaluated here", _MEND)
        for shape in self.shapes:
            if any(shape in closure(inner, self._inner) for inner in self._inner.get(shape, ())):
                raise VereendError(
                    f"{self.name}, {self.short(shape)}",
                    "refers to itself",
                    "SHACL leaves open what that means: " + _MEND,
                )
        for subject in sorted({s for s, p in self._values if p in (term("sh:select"), term("sh:ask"))}):
            holder = next((s for s, p, o in sorted(self.statements) if o == subject), subject)
            for query in self.queries(subject):
                _check_query(
                    query, f"{self.name}, {self.short(holder if subject.startswith('<' + NAMELESS) else subject)}"
                )

    @cached_property
    def features(self) -> frozenset[str]:
        """The terms of SHACL that are used, and the variables of queries that an engine may lack."""
        named = {p for s, p in self._values if s in self.shapes or "sh:" + p[len(_SH) : -1] in features()}
        named |= {o for _, p, o in self.statements if p in (TYPE, term("sh:nodeKind"), term("sh:severity"))}
        found = {"sh:" + name[len(_SH) : -1] for name in named - self._defined if name.startswith(_SH)}
        texts = " ".join(text for (_, p), listed in self._values.items() for text in listed if p in _QUERY_TEXTS)
        return frozenset(found | {f"${name}" for name in re.findall(r"[?$](shapesGraph|currentShape)\b", texts)})

    def lacks(self, engine: str) -> list[str]:
        """Give the features with which an engine is not trusted; oxigraph is for the project's own shapes alone."""
        trusted = () if engine == "oxigraph" else ("both", engine)
        return sorted(name for name in self.features if features()[name] not in trusted)

    @cached_property
    def text(self) -> str:
        """The shapes in N-Triples, spelled so that every engine understands them alike.

        Shapes without a name have one here, so that results can name them; prefixes stand in the queries; a switch that
        is not exactly true is left out.
        """
        out = []
        for subject, predicate, obj in sorted(self.statements):
            if predicate in (_IMPORTS, term("sh:prefixes")):
                continue
            if predicate in _QUERY_TEXTS and literal(obj):
                head = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in self._declared(subject))
                obj = str(ox.Literal(head + literal(obj).value))  # type: ignore[union-attr]
            if predicate in _FLAGS and obj != _TRUE:
                continue
            out.append(f"{self._nameless(subject)} {predicate} {self._nameless(obj)} .\n")
        return "".join(out)

    def _nameless(self, name: str) -> str:
        if name.startswith("<" + NAMELESS) and name not in self.shapes:
            return "_:" + iri(name)[len(NAMELESS) :]
        return name


def _renamed(name: str, number: int) -> str:
    """Keep the nameless things of several files, and those of the data, apart."""
    return name.replace(NAMELESS, f"{NAMELESS}shape{number}-", 1) if re.fullmatch(rf"<{NAMELESS}\d+>", name) else name


def _check_query(query: Query, where: str) -> None:
    """Refuse a query that is malformed, calls others, or breaks the rules of SHACL.

    Raises:
        VereendError: what is wrong with it.
    """
    try:
        query_form(query.text)
    except QueryRefused as error:
        raise VereendError(where, f"has a query that {error.problem}", error.remedy) from None
    for word in _REFUSED:
        if query.uses(word):
            raise VereendError(where, f"has a query with {word}, which SHACL does not allow or we do not call", _MEND)
    for found in re.finditer(r"\{\s*SELECT\b([^{]*)\{", query.bare):
        if "*" not in found[1] and not re.search(r"[?$]THIS\b", found[1]):
            raise VereendError(where, "has a subquery that does not give $this", "Select $this in it as well")
    try:
        ox.Store().query(re.sub(r"[?$]PATH\b", "<urn:x-path>", query.text))
    except SyntaxError as error:
        raise VereendError(where, "has a query that is not well-formed", "Mend it", str(error)) from None
