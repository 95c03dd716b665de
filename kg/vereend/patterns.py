"""The graph patterns rules are written in, and their two readings.

A pattern is a list of triple patterns, perhaps with FILTER and FILTER NOT EXISTS. Read as told, it stands as written.
Read with the benefit of the doubt, each `vrd:` property becomes the `may:` property beside it, which also holds for
what is not told (see vereend.readings). What fails even then, the description contradicts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial

from rdflib import RDF, XSD, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, MulPath
from rdflib.paths import Path as RdfPath
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.sparql import Prologue
from rdflib.term import Node

from vereend.terms import NAMESPACES, SPARQL_PREFIXES, UNKNOWN
from vereend.vocabulary import Vocabulary

_NEGATION = re.compile(r"FILTER NOT EXISTS \{([^}]*)\}")
_FILTER = re.compile(r"FILTER\(((?:[^()]|\([^()]*\))*)\)")
_TOKEN = re.compile(rf"[?$]\w+|(?:{'|'.join(NAMESPACES)}):[\w-]+|\b(?:a|true|false)\b|[.;,]")
_SPARED = re.compile(r"COALESCE\((.*), true\)(.*)")
_COMPARED = re.compile(r"\s*\?(\w+)\s*(!?=)\s*(?:\?(\w+)|(vrd:unknown))\s*")
_MAY = "<" + NAMESPACES["may"]
_UNTOLD_STEP = re.compile(r"([?$]\w+)\s+vrd:untold\s+(vrd:\w+)\s*\.")


@dataclass(frozen=True)
class Step:
    """One triple pattern. Terms are rdflib's: a Variable, an IRI, a literal; the predicate may be a path."""

    subject: object
    predicate: object
    object: object

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.subject, self.predicate, self.object))

    @property
    def predicate_iri(self) -> str | None:
        """The predicate's IRI; None for a path."""
        return None if self.is_path else str(self.predicate)

    @property
    def key(self) -> str:
        """What a rule's `vrd:step` names this step by: the kind asked for, or else the property."""
        return str(self.object) if self.predicate == RDF.type else str(self.predicate)

    @cached_property
    def is_path(self) -> bool:
        """Whether it follows a path instead of one property."""
        return isinstance(self.predicate, RdfPath)

    @cached_property
    def doubtful(self) -> bool:
        """Whether it asks what may be, instead of what is told."""
        return (self.spelled[1] or "").startswith(_MAY)

    @cached_property
    def spelled(self) -> tuple[str | None, str | None, str | None]:
        """Subject, predicate and object in N-Triples spelling; None for a variable or a path."""
        nodes = (self.subject, self.predicate, self.object)
        return tuple(None if isinstance(x, Variable | RdfPath) else str(x.n3()) for x in nodes)  # type: ignore

    @cached_property
    def variables(self) -> tuple[str, str]:
        """The names of the variables that are its subject and its object; "" for a fixed term."""
        return tuple(str(x) if isinstance(x, Variable) else "" for x in (self.subject, self.object))  # type: ignore


@dataclass(frozen=True)
class Pattern:
    """A parsed pattern: its steps in the order written, its negations, its filters."""

    text: str
    steps: tuple[Step, ...]
    negations: tuple["Pattern", ...] = ()
    filters: tuple[str, ...] = ()

    @property
    def variables(self) -> set[str]:
        """The names of the variables in the steps, `this` included."""
        return {str(x) for step in self.steps for x in (step.subject, step.object) if isinstance(x, Variable)}


@dataclass(frozen=True)
class Walk:
    """A pattern that can be matched step by step, without a query engine."""

    steps: tuple[Step, ...]
    absent: tuple[tuple[Step, ...], ...]  # what may not be found from a solution
    conditions: tuple[tuple["Comparison", ...], ...]  # of each, one has to hold

    def holds(self, row: Mapping[str, str]) -> bool:
        """Tell whether a row, in N-Triples spelling, meets the conditions."""
        return all(any(one.holds(row) for one in alternatives) for alternatives in self.conditions)


@dataclass(frozen=True)
class Comparison:
    """Whether two variables have the same value, or a variable and the unknown."""

    variable: str
    equal: bool
    other: str | None  # a variable; None for the unknown

    def holds(self, row: Mapping[str, str]) -> bool:
        """Tell whether a row, in N-Triples spelling, is as asked."""
        return (row[self.variable] == (row[self.other] if self.other else UNKNOWN)) is self.equal


@cache
def walkable(text: str) -> Walk | None:
    """Give a pattern as a walk; None where it has a path or filter that takes a query engine."""
    pattern = parse_pattern(text)
    absent = tuple(negation.steps for negation in pattern.negations)
    conditions = [_condition(text) for text in pattern.filters]
    every = [*pattern.steps, *(step for steps in absent for step in steps)]
    if not pattern.steps or None in conditions or not all(_walkable_step(step) for step in every):
        return None
    if any(negation.negations or negation.filters for negation in pattern.negations):
        return None
    return Walk(pattern.steps, absent, tuple(found for found in conditions if found))


def _condition(text: str) -> tuple[Comparison, ...] | None:
    """Read a filter that compares values for being the same, as told or in doubt; None for any other."""
    # What is compared is bound by then, so that COALESCE has nothing to replace.
    found = [_COMPARED.fullmatch(part) for part in _SPARED.sub(r"\1\2", text).split("||")]
    if None in found:
        return None
    return tuple(Comparison(m[1], m[2] == "=", m[3]) for m in found if m)


def _walkable_step(step: Step) -> bool:
    if not isinstance(step.predicate, RdfPath):
        return True
    inner = step.predicate.path if isinstance(step.predicate, MulPath) and step.predicate.mod in "+*" else None
    return isinstance(inner, URIRef) or (
        isinstance(inner, AlternativePath) and all(isinstance(arg, URIRef) for arg in inner.args)
    )


@cache
def plan(steps: tuple[Step, ...], bound: frozenset[str]) -> tuple[Step, ...]:
    """Put steps in the order in which they are best matched: what is least free first."""

    def freedom(step: Step) -> int:
        subject, obj = (isinstance(x, Variable) and str(x) not in names for x in (step.subject, step.object))
        return 4 if subject and step.predicate == RDF.type else 3 if subject and obj else 2 if subject else int(obj)

    names, todo, ordered = set(bound), list(steps), []
    while todo:
        step = min(todo, key=freedom)
        todo.remove(step)
        ordered.append(step)
        names |= {str(x) for x in (step.subject, step.object) if isinstance(x, Variable)}
    return tuple(ordered)


@cache
def _prologue() -> Prologue:
    """Give the project's prefixes, parsed once: in front of each pattern they would take longer than the pattern."""
    return translatePrologue(parseQuery(SPARQL_PREFIXES + "SELECT * WHERE {}")[0], None)


@cache
def parse_pattern(text: str) -> Pattern:
    """Parse a pattern.

    Raises:
        ValueError: the text is no list of triple patterns with FILTER and FILTER NOT EXISTS.
    """
    negations = tuple(parse_pattern(inner) for inner in _NEGATION.findall(text))
    rest = _NEGATION.sub("", text)
    filters = tuple(found.strip() for found in _FILTER.findall(rest))
    body = _FILTER.sub("", rest)
    return Pattern(text, _plain_steps(body) or _steps(body), negations, filters)


def _plain_steps(body: str) -> tuple[Step, ...]:
    """Read triple patterns that have nothing but variables, names, `a`, true and false; empty for anything else.

    Nearly every pattern is of this kind, and a full SPARQL parser takes two seconds over all of them.
    tests/test_rules.py holds the two readings of each rule equal.
    """
    tokens = _TOKEN.findall(body)
    if "".join(tokens) != re.sub(r"\s", "", body):
        return ()
    steps, part = [], list[Node]()
    for token in [*tokens, *([] if tokens[-1:] == ["."] else ["."])]:
        if token in (".", ";", ","):
            if len(part) != 3:
                return ()
            steps.append(Step(*part))
            part = part[: {".": 0, ";": 1, ",": 2}[token]]
        else:
            part.append(_term(token))
    return tuple(steps)


def _term(token: str) -> Node:
    if token[0] in "?$":
        return Variable(token[1:])
    if token in ("true", "false"):
        return Literal(token, datatype=XSD.boolean)
    prefix, _, local = token.partition(":")
    return RDF.type if token == "a" else URIRef(NAMESPACES[prefix] + local)


def _steps(body: str) -> tuple[Step, ...]:
    """Read triple patterns as SPARQL has them, paths included."""
    text = body
    try:
        parsed = parseQuery("SELECT * WHERE {" + body.replace("$this", "?this") + "}")
    except Exception as error:
        raise ValueError(f"not a pattern: {error}\n{text}") from error
    where = traverse(parsed[1].where, visitPost=partial(translatePName, prologue=_prologue()))
    where = traverse(where, visitPost=translatePath)
    steps: list[Step] = []
    for block in where.part:
        if block.name != "TriplesBlock":
            raise ValueError(f"only triple patterns, FILTER(…) and FILTER NOT EXISTS are allowed:\n{text}")
        for flat in block.triples:
            steps += [Step(*flat[i : i + 3]) for i in range(0, len(flat), 3)]
    return tuple(steps)


def spell(node: object) -> str:
    """Spell a term of a pattern in SPARQL; names of our own namespaces are shortened."""
    if isinstance(node, Variable):
        return "$this" if str(node) == "this" else f"?{node}"
    if isinstance(node, URIRef):
        for prefix, namespace in NAMESPACES.items():
            if str(node).startswith(namespace):
                return f"{prefix}:{str(node)[len(namespace) :]}"
        return f"<{node}>"
    return str(node.n3())  # type: ignore[attr-defined]


def doubtful(pattern: Pattern, bound: Iterable[str], upto: int | None = None) -> str:
    """Read a pattern with the benefit of the doubt, as SPARQL.

    An object bound elsewhere (by `bound`, a constant, an earlier step) is compared through may:is, as the untold may be
    anything; for vrd:within, which every second rule asks, may:reaches is that comparison made beforehand. What is
    negated stays as told; a filter spares the unknown.

    Args:
        bound: variables that `about` binds.
        upto: read only the first steps, without negations and filters; to find the step that fails.
    """
    known = {*bound, "this", "value"}
    lines: list[str] = []
    steps = pattern.steps if upto is None else pattern.steps[:upto]
    for number, step in enumerate(steps):
        subject, obj = spell(step.subject), spell(step.object)
        if step.predicate == RDF.type:
            lines.append(f"{subject} may:type {obj} .")
            continue
        predicate = spell(step.predicate).replace("vrd:", "may:", 1)
        if predicate == "may:within" and not _is_free(step.object, known):
            lines.append(f"{subject} may:reaches {obj} .")
            continue
        if isinstance(step.object, Literal) or _is_free(step.object, known):
            lines.append(f"{subject} {predicate} {obj} .")
            known.add(str(step.object))
        else:
            lines.append(f"{subject} {predicate} ?same{number} . {obj} may:is ?same{number} .")
    if upto is None:
        lines += [f"FILTER NOT EXISTS {{{negation.text}}}" for negation in pattern.negations]
        for condition in pattern.filters:
            names = dict.fromkeys(re.findall(r"\?(\w+)", condition))
            spared = "".join(f" || ?{name} = vrd:unknown" for name in names)
            lines.append(f"FILTER(COALESCE({condition}, true){spared})")
    return "".join(f"\n      {line}" for line in lines)


def _is_free(node: object, known: Iterable[str]) -> bool:
    return isinstance(node, Variable) and str(node) not in known


def told(pattern: Pattern, upto: int) -> str:
    """Write the first steps of a pattern as told; to find the step that fails."""
    return " ".join(
        f"{spell(step.subject)} {'a' if step.predicate == RDF.type else _spell_predicate(step)} {spell(step.object)} ."
        for step in pattern.steps[:upto]
    )


def _spell_predicate(step: Step) -> str:
    return str(step.predicate.n3()) if isinstance(step.predicate, RdfPath) else spell(step.predicate)


def listing(doubt: Pattern) -> Pattern:
    """Turn a doubt into the list it asks about: `?x vrd:untold vrd:p` becomes `?x vrd:p ?told`."""
    return parse_pattern(_UNTOLD_STEP.sub(r"\1 \2 ?told .", doubt.text))


def untold_lists(doubt: Pattern) -> list[tuple[str, str]]:
    """Give the lists a doubt asks about: (variable, property in N-Triples spelling)."""
    return [(v[1:], f"<{NAMESPACES['vrd']}{p[4:]}>") for v, p in _UNTOLD_STEP.findall(doubt.text)]


def portable(text: str, vocabulary: Vocabulary) -> str:
    """Rewrite a pattern, as told, for a raw description and any engine: nothing prepared is relied on."""
    text = text.replace("vrd:within", "skos:broader*")
    text = _UNTOLD_STEP.sub(
        r"FILTER NOT EXISTS { \1 \2 ?told } FILTER NOT EXISTS { \1 vrd:completeFor \2 } "
        r"FILTER NOT EXISTS { $this vrd:completeFor vrd:everything }",
        text,
    )

    def kinds(match: re.Match[str]) -> str:
        name = f"<{NAMESPACES['vrd']}{match[1]}>"
        narrower = len(vocabulary.subclasses.get(name, ())) > 1
        return f" a/rdfs:subClassOf* vrd:{match[1]}" if narrower else match[0]

    return re.sub(r" a vrd:(\w+)", kinds, text)


def select(*parts: str) -> str:
    """Write the SELECT of a SHACL-SPARQL constraint from pieces of pattern."""
    return "SELECT DISTINCT $this ?value WHERE {" + "".join(parts) + "\n}"
