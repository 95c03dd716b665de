"""The quality gate of ontology, rules and graph: what must hold of the content itself.

Each check is a function that gives findings; tests/test_quality.py shows for each what makes it speak.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rdflib import Variable

from vereend import content, shapes
from vereend.errors import VereendError
from vereend.law import PARSERS, Identifier, cite
from vereend.patterns import Pattern
from vereend.rules import Part, Rule, rules
from vereend.terms import (
    COMPLETE_FOR,
    LANGUAGES,
    NAMESPACES,
    PARTNERSHIP,
    TYPE,
    Statement,
    Text,
    is_vrd,
    literal,
    local_name,
    prefixed,
    term,
)
from vereend.vocabulary import Vocabulary, statements

ERROR, WARN = "ERROR", "WARN"


class Finding(NamedTuple):
    """Something amiss in the content."""

    level: str
    check: str
    thing: str
    problem: str

    def __str__(self) -> str:
        return f"{self.level} {self.check}: {self.thing}: {self.problem}"


@dataclass
class Content:
    """Everything the gate looks at."""

    ontology: set[Statement]
    law: set[Statement]
    sources: set[Statement]
    cases: dict[str, set[Statement]]
    rule_statements: set[Statement]
    rules: dict[str, Rule]
    vocabulary: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        self.vocabulary = Vocabulary(self.ontology, self.law)

    @classmethod
    def read(cls) -> "Content":
        """Read the project's own content."""
        return cls(
            statements(content.turtle_files("ontology")),
            statements(content.turtle_files("kg", "law")),
            statements(content.turtle_files("kg", "sources")),
            {path.stem: statements([path]) for path in content.turtle_files("kg", "cases")},
            statements(content.turtle_files("shapes", "rules")),
            rules(),
        )

    @property
    def graph(self) -> Iterator[Statement]:
        """All of kg/ but the examples, and the rules."""
        for group in (self.law, self.sources, *self.cases.values(), self.rule_statements):
            yield from group


def _texts(found: set[Statement], *names: str) -> dict[str, list[Text]]:
    texts: dict[str, list[Text]] = defaultdict(list)
    for s in found:
        if s.predicate in {term(n) for n in names} and (text := literal(s.object)):
            texts[s.subject].append(text)
    return texts


def labels(content_: Content) -> Iterable[Finding]:
    """Every term, concept and list has one label and one definition in each language; a definition is no circle."""
    known = content_.vocabulary
    named = _texts(content_.ontology, "rdfs:label", "skos:prefLabel")
    defined = _texts(content_.ontology, "skos:definition")
    for name in sorted(known.classes | known.properties | known.concepts | known.schemes):
        for what, texts in (("label", named), ("definition", defined)):
            for lang, n in Counter(t.lang for t in texts.get(name, [])).items():
                if n > 1:
                    yield Finding(ERROR, "labels", prefixed(name), f"has {n} {what}s in {lang}")
            for lang in LANGUAGES:
                if lang not in {t.lang for t in texts.get(name, [])}:
                    yield Finding(ERROR, "labels", prefixed(name), f"has no {what} in {lang}")
        for definition in defined.get(name, []):
            same = [t.value for t in named.get(name, []) if t.lang == definition.lang]
            if any(re.search(rf"\b{re.escape(label)}\b", definition.value) for label in same):
                yield Finding(WARN, "labels", prefixed(name), f"its definition in {definition.lang} uses its own label")


def properties(content_: Content) -> Iterable[Finding]:
    """Every property that says something of a thing says of which kinds, and from which list its values come."""
    known = content_.vocabulary
    kinds = {s.subject: s.object for s in content_.ontology if s.predicate == TYPE}
    for name in sorted(known.properties):
        if kinds.get(name) == term("owl:AnnotationProperty"):
            continue
        if not known.domains.get(name):
            yield Finding(ERROR, "properties", prefixed(name), "has no domain")
        scheme = known.value_scheme.get(name)
        if scheme and scheme not in known.schemes:
            yield Finding(
                ERROR, "properties", prefixed(name), f"takes values from {prefixed(scheme)}, which is no list"
            )


def lists(content_: Content) -> Iterable[Finding]:
    """Every concept is in one list, hangs under its top, and no two share a label; nothing is broader than itself."""
    known = content_.vocabulary
    in_scheme = Counter(s.subject for s in content_.ontology if s.predicate == term("skos:inScheme"))
    tops = {s.subject for s in content_.ontology if s.predicate == term("skos:topConceptOf")}
    seen: dict[tuple[str, str, str], str] = {}
    for name in sorted(known.concepts):
        if in_scheme[name] != 1:
            yield Finding(ERROR, "lists", prefixed(name), f"is in {in_scheme[name]} lists instead of one")
        if not known.broader_all[name] & tops:
            yield Finding(ERROR, "lists", prefixed(name), "does not hang under the top of its list")
        if any(name in known.broader_all.get(up, set()) for up in known.broader.get(name, ())):
            yield Finding(ERROR, "lists", prefixed(name), "is broader than itself")
        for lang, label in known.labels.get(name, {}).items():
            key = (known.scheme_of.get(name, ""), lang, label.casefold())
            if key in seen:
                yield Finding(ERROR, "lists", prefixed(name), f"has the same label as {prefixed(seen[key])}: {label}")
            seen[key] = name


def names(content_: Content) -> Iterable[Finding]:
    """Every name of ours that is used exists; nothing is both a class and a thing."""
    known = content_.vocabulary
    told = {s.subject for s in content_.graph} | {s.subject for s in content_.ontology}
    ours = tuple("<" + NAMESPACES[n] for n in ("vrd", "vc", "law", "src"))
    patterns = "vrd:untold", "vrd:within", "vrd:otherwise"
    for name in sorted(
        {x for s in content_.graph for x in s if x.startswith(ours)} - told - {term(p) for p in patterns}
    ):
        yield Finding(ERROR, "names", prefixed(name), "is used but told nowhere")
    for name in sorted(known.classes & (known.concepts | known.individuals)):
        yield Finding(ERROR, "names", prefixed(name), "is a class and also a thing")


def claims(content_: Content) -> Iterable[Finding]:
    """Every claim says in two languages what it holds, of what kind it is, and where it stands."""
    fields: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s in content_.sources:
        fields[s.subject][s.predicate].append(s.object)
    for name in sorted(n for n, f in fields.items() if term("vrd:Claim") in f[TYPE]):
        own = fields[name]
        for wanted in (
            "vrd:modality",
            "vrd:lines",
            "vrd:page",
            "vrd:section",
            "vrd:sha256",
            "vrd:inSource",
            "vrd:normative",
        ):
            if len(own[term(wanted)]) != 1:
                yield Finding(
                    ERROR, "claims", prefixed(name), f"has {len(own[term(wanted)])} of {wanted} instead of one"
                )
        langs = {t.lang for x in own[term("vrd:paraphrase")] if (t := literal(x))}
        if langs != set(LANGUAGES):
            yield Finding(ERROR, "claims", prefixed(name), "is not paraphrased in Dutch and English")


def case_facts(content_: Content) -> Iterable[Finding]:
    """Every fact about a case of the report points to its claim, by the thing itself or by an assertion."""
    derived, about, dimension, value = (
        term(n) for n in ("prov:wasDerivedFrom", "vrd:about", "vrd:dimension", "vrd:value")
    )
    words = {TYPE, derived, term("rdfs:label"), term("rdfs:comment")}
    for case, told in content_.cases.items():
        sourced = {s.subject for s in told if s.predicate == derived}
        by_node: dict[str, dict[str, str]] = defaultdict(dict)
        for s in told:
            by_node[s.subject][s.predicate] = s.object
        asserted = {
            (f[about], f[dimension], f[value])
            for n, f in by_node.items()
            if n in sourced and {about, dimension, value} <= f.keys()
        }
        partnerships = {s.subject for s in told if s.predicate == TYPE and s.object == PARTNERSHIP}
        for s in sorted(told):
            if s.predicate in words or not is_vrd(s.predicate):
                continue
            if s.subject in partnerships:
                backed = (s.subject, s.predicate, s.object) in asserted or s.object in sourced
            else:
                backed = s.subject in sourced or s.object in sourced or s.subject.startswith("<" + NAMESPACES["src"])
            if not backed:
                yield Finding(ERROR, "case facts", case, f"no claim behind {' '.join(prefixed(x) for x in s)}")
            if s.predicate == COMPLETE_FOR:
                yield Finding(ERROR, "case facts", case, "declares a list complete; the report does not")


def law(content_: Content) -> Iterable[Finding]:
    """Every provision names an act we hold, says how far it was checked, and its identifiers have the right form."""
    subjects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s in content_.law:
        subjects[s.subject][s.predicate].append(s.object)
    for name, own in sorted(subjects.items()):
        kinds = own[TYPE]
        identifiers: list[Identifier] = []
        for prop, read in PARSERS.items():
            for spelled in own[term(f"vrd:{prop}")]:
                text = literal(spelled)
                try:
                    identifiers.append(read(text.value if text else spelled))
                except VereendError as error:
                    yield Finding(ERROR, "law", prefixed(name), f"{error.where} {error.problem}")
        judged = {term("vrd:LegalProvision"), term("vrd:CourtDecision")} & set(kinds)
        if judged and len(own[term("vrd:confidence")]) != 1:
            yield Finding(ERROR, "law", prefixed(name), "does not say how far it was checked")
        if term("vrd:LegalProvision") in kinds:
            for act in own[term("vrd:inAct")]:
                if act not in subjects:
                    yield Finding(ERROR, "law", prefixed(name), f"is in {prefixed(act)}, which is not held")
            for act in own[term("vrd:inAct")]:
                yield from _misquoted(name, own, subjects[act], identifiers)
            unverified = own[term("vrd:confidence")] == [term("vc:conf-unverified")]
            if unverified and own[COMPLETE_FOR]:
                yield Finding(ERROR, "law", prefixed(name), "is not verified, yet claims to be known completely")


def _misquoted(
    name: str,
    own: dict[str, list[str]],
    act: dict[str, list[str]],
    identifiers: Iterable[Identifier],
) -> Iterable[Finding]:
    """Give each label of a provision that cites another place, or another enactment, than its identifier names."""

    def texts(of: dict[str, list[str]], lang: str, *predicates: str) -> list[str]:
        found = (literal(spelled) for predicate in predicates for spelled in of[term(predicate)])
        return [text.value for text in found if text and text.lang == lang]

    prefix = next(iter(texts(act, "", "vrd:articlePrefix")), "")
    for identifier in identifiers:
        for lang, more in (("nl", " en "), ("en", " and ")):
            cited = [
                cite(str(identifier), name_, lang, prefix) for name_ in texts(act, lang, "skos:altLabel", "rdfs:label")
            ]
            begun = cite(str(identifier), "", lang, prefix).rstrip() + more
            for label in texts(own, lang, "rdfs:label"):
                if identifier.place(lang) and label not in cited and not label.startswith(begun):
                    yield Finding(ERROR, "law", prefixed(name), f"is called {label!r}, yet {identifier} is {cited[0]}")


def rule_form(content_: Content) -> Iterable[Finding]:
    """Every rule is written so that its readings are right and its messages whole."""
    for rule in content_.rules.values():
        if not re.fullmatch(r"[VWI-]{4}", rule.severities):
            yield Finding(
                ERROR, "rules", rule.number, f"{rule.severities!r} is not one severity for each of four phases"
            )
        for what, texts in (("label", rule.label), ("rationale", rule.rationale), ("remedy", rule.remedy)):
            if set(texts) != set(LANGUAGES):
                yield Finding(ERROR, "rules", rule.number, f"has no {what} in both languages")
        if not rule.claims:
            yield Finding(ERROR, "rules", rule.number, "names no claim")
        for part in rule.parts:
            for problem in _part_problems(part, content_.vocabulary):
                yield Finding(ERROR, "rules", local_name(part.iri), problem)


def _part_problems(part: Part, known: Vocabulary) -> Iterable[str]:
    if part.about.negations or part.about.filters:
        yield "`about` is not positive: what is left out would make the rule fall silent"
    every = [part.about, *part.asks, *(p.pattern for p in (*part.forbids, *part.doubts))]
    for pattern in every:
        yield from _unknown_properties(pattern, known)
        if re.search(r"vrd:(from|until)\b", pattern.text):
            yield "mentions a date: a description is cut to a date before it is judged"
        if re.search(r"vrd:\w+\s*[+*|]", pattern.text) and pattern in (part.about, *part.asks):
            yield "has a path in `about` or `asks`: only plain steps can be read with the benefit of the doubt"
    for demand in part.asks:
        bound = part.about.variables | demand.variables
        yield from _unbound(part.held, bound, "held")
    yield from _unbound(part.says, part.about.variables | {"reason"}, "says")
    for named in (*part.forbids, *part.doubts):
        yield from _unbound(named.says, part.about.variables | named.pattern.variables, local_name(named.iri))
    for texts in (part.says, part.held, *(r.broken for r in part.reasons), *(r.silent for r in part.reasons)):
        if texts and set(texts) != set(LANGUAGES):
            yield "has a sentence in one language only"


def _unknown_properties(pattern: Pattern, known: Vocabulary) -> Iterable[str]:
    built = {term(f"vrd:{n}") for n in ("within", "untold")}
    for step in pattern.steps:
        name = step.predicate_iri
        if name and is_vrd(f"<{name}>") and f"<{name}>" not in known.properties | built:
            yield f"uses {prefixed(name)}, which does not exist"
        for node in (step.subject, step.object):
            existing = known.classes | known.properties | known.individuals
            if not isinstance(node, Variable) and is_vrd(f"<{node}>") and f"<{node}>" not in existing:
                yield f"uses {prefixed(str(node))}, which does not exist"


def _unbound(texts: dict[str, str], bound: set[str], what: str) -> Iterable[str]:
    for lang, text in texts.items():
        for name in re.findall(r"\{(\w+)\}", text):
            if name not in bound | {"this", "value"}:
                yield f"`{what}` in {lang} has a place {{{name}}} that nothing fills"


def built(content_: Content) -> Iterable[Finding]:
    """The portable shapes hold what rules and ontology say now."""
    for path in shapes.stale():
        yield Finding(ERROR, "built", str(path.relative_to(content.root())), "is not current: run `vereend build`")


def consistent(content_: Content) -> Iterable[Finding]:
    """The ontology contradicts nothing, and every class of it can have a member."""
    from vereend.form_reasoning import logical_part, run_reasoner

    try:
        for name in sorted(run_reasoner(logical_part(), "hermit", "ontology/")):
            yield Finding(ERROR, "consistent", name, "can have no member")
    except VereendError as error:
        yield Finding(ERROR, "consistent", error.where, error.problem)


CHECKS: tuple[Callable[[Content], Iterable[Finding]], ...] = (
    labels,
    properties,
    lists,
    names,
    claims,
    case_facts,
    law,
    rule_form,
    built,
    consistent,
)


def check(
    content_: Content | None = None, checks: Iterable[Callable[[Content], Iterable[Finding]]] = CHECKS
) -> list[Finding]:
    """Run the gate; errors first."""
    content_ = content_ or Content.read()
    return sorted({finding for run in checks for finding in run(content_)})
