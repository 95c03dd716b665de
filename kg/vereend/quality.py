"""The quality gate of ontology, rules and graph: what must hold of the content itself.

Most of it is content too: the queries in shapes/checks/ (see vereend.checks). Here is what SPARQL cannot say: the form
of identifiers, how rules are written, whether what is built is current, and what a reasoner finds.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rdflib import Variable

from vereend import __version__, checks, content, shapes
from vereend.checks import Finding
from vereend.errors import VereendError
from vereend.law import PARSERS, Identifier, cite
from vereend.patterns import Pattern
from vereend.rules import Part, Rule, Texts, rules
from vereend.terms import Statement, is_vrd, literal, local_name, prefixed, term
from vereend.vocabulary import Vocabulary, statements

_MEND = {"nl": "Verbeter het in het bestand waar het staat", "en": "Correct it in the file where it stands"}


@dataclass
class Content:
    """What the checks in Python look at."""

    ontology: set[Statement]
    law: set[Statement]
    rules: dict[str, Rule]
    vocabulary: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        self.vocabulary = Vocabulary(self.ontology, self.law)

    @classmethod
    def read(cls) -> "Content":
        """Read the project's own content."""
        return cls(statements(content.turtle_files("ontology")), statements(content.turtle_files("kg", "law")), rules())


def _finding(check: str, thing: str, nl: str, en: str, remedy: Texts = _MEND) -> Finding:
    return Finding("ERROR", check, thing, "", "", {"nl": nl, "en": en}, remedy)


def law(content_: Content) -> Iterable[Finding]:
    """Every identifier of law is well formed, and the label of a provision cites what its identifier names."""
    subjects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s in content_.law:
        subjects[s.subject][s.predicate].append(s.object)
    for name, own in sorted(subjects.items()):
        identifiers: list[Identifier] = []
        for prop, read in PARSERS.items():
            for spelled in own[term(f"vrd:{prop}")]:
                text = literal(spelled)
                try:
                    identifiers.append(read(text.value if text else spelled))
                except VereendError as error:
                    nl = f"heeft een kenmerk dat geen {prop.upper()} is ({error})"
                    yield _finding("law", prefixed(name), nl, f"has an identifier that is no {prop.upper()} ({error})")
        for act in own[term("vrd:inAct")]:
            yield from _misquoted(name, own, subjects.get(act, defaultdict(list)), identifiers)


def _misquoted(
    name: str, own: dict[str, list[str]], act: dict[str, list[str]], identifiers: Iterable[Identifier]
) -> Iterable[Finding]:
    """Give each label of a provision that cites another place, or another enactment, than its identifier names."""

    def texts(of: dict[str, list[str]], lang: str, *predicates: str) -> list[str]:
        found = (literal(spelled) for predicate in predicates for spelled in of[term(predicate)])
        return [text.value for text in found if text and text.lang == lang]

    prefix = next(iter(texts(act, "", "vrd:articlePrefix")), "")
    for identifier in identifiers:
        for lang, more in (("nl", " en "), ("en", " and ")):
            names = texts(act, lang, "skos:altLabel", "rdfs:label")
            cited = [cite(str(identifier), name_, lang, prefix) for name_ in names]
            begun = cite(str(identifier), "", lang, prefix).rstrip() + more
            for label in texts(own, lang, "rdfs:label"):
                if identifier.place(lang) and label not in cited and not label.startswith(begun):
                    wanted = ", ".join(cited)
                    nl = f"heet “{label}”, maar {identifier} is: {wanted}"
                    yield _finding("law", prefixed(name), nl, f"is called “{label}”, yet {identifier} is: {wanted}")


def rule_form(content_: Content) -> Iterable[Finding]:
    """Every rule names what exists, and every place in its sentences is filled."""
    for rule in content_.rules.values():
        for part in rule.parts:
            every = [part.about, *part.asks, *(p.pattern for p in (*part.forbids, *part.doubts))]
            for name in sorted({name for pattern in every for name in _unknown(pattern, content_.vocabulary)}):
                nl = f"gebruikt {prefixed(name)}, dat niet bestaat"
                yield _finding("rules", local_name(part.iri), nl, f"uses {prefixed(name)}, which does not exist")
            for what, lang, name in _unfilled(part):
                nl = f"heeft in `{what}` ({lang}) een plaats {{{name}}} die niets vult"
                en = f"has in `{what}` ({lang}) a place {{{name}}} that nothing fills"
                yield _finding("rules", local_name(part.iri), nl, en)


def _unknown(pattern: Pattern, known: Vocabulary) -> Iterable[str]:
    built = {term(f"vrd:{n}") for n in ("within", "untold")}
    for step in pattern.steps:
        name = step.predicate_iri
        if name and is_vrd(f"<{name}>") and f"<{name}>" not in known.properties | built:
            yield name
        for node in (step.subject, step.object):
            existing = known.classes | known.properties | known.individuals
            if not isinstance(node, Variable) and is_vrd(f"<{node}>") and f"<{node}>" not in existing:
                yield str(node)


def _unfilled(part: Part) -> Iterable[tuple[str, str, str]]:
    """Give each place in a sentence that no variable fills: the sentence, its language and the place."""
    bound = part.about.variables | {"this", "value"}
    sentences = [("says", part.says, bound | {"reason"})]
    sentences += [("held", part.held, bound | demand.variables) for demand in part.asks]
    sentences += [
        (local_name(named.iri), named.says, bound | named.pattern.variables) for named in (*part.forbids, *part.doubts)
    ]
    for what, texts, filled in sentences:
        for lang, text in texts.items():
            for name in re.findall(r"\{(\w+)\}", text):
                if name not in filled:
                    yield what, lang, name


def built(content_: Content) -> Iterable[Finding]:
    """What is built holds what its sources say now, and ontology and library have one version."""
    build = {"nl": "Voer `vereend build` uit", "en": "Run `vereend build`"}
    for path in shapes.stale():
        yield _finding("built", path.relative_to(content.root()).as_posix(), "is niet actueel", "is not current", build)
    versions = {
        text.value for s in content_.ontology if s.predicate == term("owl:versionInfo") and (text := literal(s.object))
    }
    for version in sorted(versions - {__version__}):
        nl = f"zegt versie {version}, de bibliotheek {__version__}"
        yield _finding("built", "ontology/", nl, f"says version {version}, the library {__version__}")


def consistent(content_: Content) -> Iterable[Finding]:
    """The ontology contradicts nothing, and every class of it can have a member."""
    from vereend.form_reasoning import logical_part, run_reasoner

    try:
        for name in sorted(run_reasoner(logical_part(), "hermit", "ontology/")):
            yield _finding("consistent", name, "kan geen enkel lid hebben", "can have no member")
    except VereendError as error:
        yield _finding("consistent", error.where, f"spreekt zichzelf tegen ({error.problem})", error.problem)


CHECKS: tuple[Callable[[Content], Iterable[Finding]], ...] = (law, rule_form, built, consistent)


def check() -> list[Finding]:
    """Run the gate over the project's own content; errors first."""
    graph, own = checks.graph(), Content.read()
    found = [finding for one in checks.checks() for finding in one.findings(graph)]
    found += [finding for run in CHECKS for finding in run(own)]
    return sorted(found, key=lambda f: f[:5])


def to_tsv(findings: Iterable[Finding], lang: str) -> str:
    """Give a table with one row a finding; the names of its columns are the same in each language."""
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(("level", "check", "entity", "property", "value", "problem", "remedy"))
    table.writerows((*f[:5], f.says[lang], f.remedy[lang]) for f in findings)
    return out.getvalue()
