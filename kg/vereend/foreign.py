"""Anyone's SHACL shapes, with verdicts: what is violated, what is only not told, and what was examined and held.

The results are those of SHACL, neither more nor fewer, and `conforms` is what SHACL says. Which of them is a breach and
which silence, vereend.certainty tells; the table of its rules stands there. "Satisfied" means that a shape examined a
thing and reported nothing of it; where there was no value to look at, the verdict says so.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vereend import engines
from vereend import inference as infer
from vereend.certainty import Certainty
from vereend.confined import confined
from vereend.engines import Result
from vereend.errors import VereendError
from vereend.reading import Description, read
from vereend.report import FileReport, PartnershipReport, Report
from vereend.rules import Rule, Texts
from vereend.shape_graph import ShapeGraph
from vereend.terms import LANGUAGES, NAMELESS, TYPE, Statement, iri, literal, local_name
from vereend.validation import parse_date
from vereend.verdicts import NOT_APPLICABLE, NOT_TOLD, ORDER, SATISFIED, VIOLATED, Judgement, Verdict
from vereend.vocabulary import pick, vocabulary
from vereend.wording import Words, join

# Longest one description may keep an engine busy, in seconds. Raise it for large files and shapes you trust.
TIMEOUT_S = 60.0

_AUTO = "Choose --engine auto, or mend the shapes"
_OF_OTHERS = {"nl": "Een shape van anderen.", "en": "A shape of others."}
_NOTHING_ABOUT = {
    "nl": "In deze beschrijving staat niets waarover deze shape gaat.",
    "en": "Nothing in this description is what this shape is about.",
}
_EXAMINED = {
    "nl": "{focus}: onderzocht, niets gemeld (waarden van {path}: {n})",
    "en": "{focus}: examined, nothing reported (values of {path}: {n})",
}
_EXAMINED_ITSELF = {"nl": "{focus}: onderzocht, niets gemeld", "en": "{focus}: examined, nothing reported"}
_UNDECIDED = {
    "nl": " Of dit een schending is of alleen niet verteld, valt uit de query niet op te maken.",
    "en": " Whether this is a breach or only not told cannot be seen from the query.",
}
_SENTENCES = {
    "MinCount": ("{path}: minder dan {wanted} waarden verteld", "{path}: fewer than {wanted} values told"),
    "MaxCount": ("{path}: meer dan {wanted} waarden verteld", "{path}: more than {wanted} values told"),
    "Class": ("{value} is niet van de soort {wanted}", "{value} is not of the kind {wanted}"),
    "Datatype": ("{value} heeft niet het datatype {wanted}", "{value} does not have the datatype {wanted}"),
    "NodeKind": ("{value} is niet van de vorm {wanted}", "{value} does not have the form {wanted}"),
    "In": ("{value} staat niet in de lijst", "{value} is not in the list"),
    "HasValue": ("{path}: de waarde {wanted} is niet verteld", "{path}: the value {wanted} is not told"),
    "Pattern": ("{value} past niet op het patroon {wanted}", "{value} does not match the pattern {wanted}"),
    "MinLength": ("{value} is korter dan {wanted} tekens", "{value} is shorter than {wanted} characters"),
    "MaxLength": ("{value} is langer dan {wanted} tekens", "{value} is longer than {wanted} characters"),
    "MinExclusive": ("{value} is niet groter dan {wanted}", "{value} is not greater than {wanted}"),
    "MinInclusive": ("{value} is kleiner dan {wanted}", "{value} is less than {wanted}"),
    "MaxExclusive": ("{value} is niet kleiner dan {wanted}", "{value} is not less than {wanted}"),
    "MaxInclusive": ("{value} is groter dan {wanted}", "{value} is greater than {wanted}"),
    "LanguageIn": ("{value} is niet in een toegelaten taal", "{value} is not in an allowed language"),
    "UniqueLang": ("{path}: twee teksten in dezelfde taal", "{path}: two texts in the same language"),
    "Equals": ("{path} en {wanted} verschillen in {value}", "{path} and {wanted} differ in {value}"),
    "Disjoint": ("{value} staat ook bij {wanted}", "{value} also stands at {wanted}"),
    "LessThan": ("{value} is niet kleiner dan elke {wanted}", "{value} is not less than every {wanted}"),
    "LessThanOrEquals": ("{value} is groter dan een {wanted}", "{value} is greater than a {wanted}"),
    "Closed": ("{path} hoort hier niet te staan", "{path} is not expected here"),
    "Node": ("{value} voldoet niet aan {wanted}", "{value} does not conform to {wanted}"),
    "And": ("{value} voldoet niet aan alle delen", "{value} does not conform to every part"),
    "Or": ("{value} voldoet aan geen van de mogelijkheden", "{value} conforms to none of the choices"),
    "Xone": ("{value} voldoet niet aan precies één mogelijkheid", "{value} does not conform to exactly one choice"),
    "Not": ("{value} voldoet aan wat is uitgesloten", "{value} conforms to what is excluded"),
    "QualifiedMinCount": ("{path}: minder dan {wanted} passende waarden", "{path}: fewer than {wanted} fitting values"),
    "QualifiedMaxCount": ("{path}: meer dan {wanted} passende waarden", "{path}: more than {wanted} fitting values"),
}
# Said of silence; where a component has no line here, the sentence above is true of both.
_SILENT = {
    "Class": (
        "van welke soort {value} is, is niet verteld; gevraagd is {wanted}",
        "of which kind {value} is, is not told; {wanted} is asked",
    ),
    "Equals": (
        "{path} en {wanted}: {value} is bij één van beide niet verteld",
        "{path} and {wanted}: {value} is not told of one of the two",
    ),
    "Node": ("van {value} is niet alles verteld wat {wanted} vraagt", "not all that {wanted} asks is told of {value}"),
    "And": ("van {value} is niet alles verteld wat gevraagd is", "not all that is asked is told of {value}"),
    "Or": (
        "van {value} is te weinig verteld voor één van de mogelijkheden",
        "too little is told of {value} for one of the choices",
    ),
}
_OTHER = ("{value} voldoet niet aan {component}", "{value} does not meet {component}")


@dataclass(frozen=True)
class ShapeRule(Rule):
    """A shape of others, where a rule of our own would stand."""

    name: str = ""  # IRI

    @property
    def iri(self) -> str:
        """The shape's IRI."""
        return self.name

    @property
    def shape(self) -> str:
        """The shape's IRI."""
        return self.name


def read_shapes(paths: Iterable[str | Path]) -> ShapeGraph:
    """Read files of shapes; nothing they import is fetched.

    Raises:
        VereendError: what `reading.read` refuses, no shapes, or shapes that cannot be run.
    """
    return ShapeGraph([read(path, foreign=True) for path in paths])


def validate_by(
    descriptions: Iterable[Description],
    shapes: ShapeGraph,
    *,
    engine: str = "auto",
    inference: str = "none",
    timeout_s: float = TIMEOUT_S,
    progress: Callable[[Description], None] | None = None,
) -> Report:
    """Judge descriptions, read with `foreign=True`, by anyone's shapes.

    Each description is judged by itself, as it stands: nothing is added or cut to a date, nor inferred unless asked.

    Args:
        engine: a key of engines.ENGINES. "auto" takes the fast one where every term used in the shapes passed the
            comparison with the reference (shacl-features.tsv).
        inference: a key of engines.INFERENCES, by what the description itself says of classes and properties.
        timeout_s: seconds an engine may take for one description.
        progress: called with each description when it has been judged.
    Raises:
        VereendError: an unknown engine or inference, or an engine that cannot run these shapes.
        QueryTimeout: an engine took too long, or too much memory.
    """
    files, used = [], set()
    infer.choose(inference)
    for told in descriptions:
        following = infer.inferred(told.statements, inference)
        description = replace(told, statements=told.statements | following) if following else told
        name = choose(shapes, engine)
        results = _run(description, shapes, name, timeout_s)
        if any(text and text.startswith("_:") for r in results for text in (r.focus, r.value)):
            if engine == "fast":
                raise VereendError(
                    description.name, "has something wrong without a name, which the engine fast loses", _AUTO
                )
            name = "pyshacl"
            results = _run(description, shapes, name, timeout_s)
        used.add(name)
        report = report_on(description, shapes, results)
        if following:
            partnerships = tuple(
                replace(one, judgement=infer.only_told(one.judgement, told.statements)) for one in report.partnerships
            )
            report = replace(report, description=told, partnerships=partnerships)
        files.append(report)
        if progress:
            progress(told)
    name = ", ".join(sorted(used)) or engines.choose(engine)
    return Report(name, parse_date(None), tuple(files), inference=inference)


def _run(description: Description, shapes: ShapeGraph, engine: str, timeout_s: float) -> list[Result]:
    try:
        found: list[Result] = confined(find, description.statements, shapes.text, engine, seconds=timeout_s)
    except VereendError as error:
        raise type(error)(f"{description.name} by {shapes.name}", error.problem, error.remedy, error.detail) from None
    return found


def choose(shapes: ShapeGraph, engine: str) -> str:
    """Choose an engine that may be trusted with these shapes.

    Raises:
        VereendError: an unknown engine, or one that cannot run these shapes.
    """
    wanted = engines.choose(engine)
    lacking = shapes.lacks(wanted)
    if not lacking:
        return wanted
    other = "pyshacl" if wanted == "fast" else "fast"
    if engine == "auto" and not shapes.lacks(other):
        return engines.choose(other)
    raise VereendError(f"{shapes.name}, {', '.join(lacking)}", f"is not trusted to the engine {wanted}", _AUTO)


def find(statements: Iterable[Statement], shapes: str, engine: str) -> list[Result]:
    """Run an engine, for which things without a name have none either.

    Args:
        shapes: ShapeGraph.text.
    Returns:
        the results, sorted. Things without a name have the name they have here, except those that the fast engine
        reports: these are lost, and begin with "_:".
    """
    unnamed, named = re.compile(rf"<{re.escape(NAMELESS)}(\d+)>"), re.compile(r"_:g(\d+)")
    bare = [Statement(*(unnamed.sub(r"_:g\1", name) for name in s)) for s in statements]

    def back(name: str | None) -> str | None:
        return f"<{NAMELESS}{match[1]}>" if name and (match := named.fullmatch(name)) else name

    found = engines.run_all(bare, shapes, engine)
    return sorted((r._replace(focus=back(r.focus) or "", value=back(r.value)) for r in found), key=str)


def report_on(description: Description, shapes: ShapeGraph, results: Sequence[Result]) -> FileReport:
    """Turn an engine's results into verdicts."""
    words = Words(description.statements, vocabulary())
    verdicts = _Judge(description.statements, shapes, words).verdicts(results)
    verdicts.sort(key=lambda v: (ORDER.index(v.verdict), v.rule.number, v.focus, v.value or "", str(v.result)))
    judgement = Judgement(description.name, description.statements, "", False, tuple(verdicts), ())
    label = dict.fromkeys(LANGUAGES, description.name)
    return FileReport(description, (), (PartnershipReport(label, judgement),), words)


class _Judge:
    def __init__(self, statements: frozenset[Statement], shapes: ShapeGraph, words: Words) -> None:
        self.shapes, self.words, self.known = shapes, words, Certainty(shapes, statements)
        self.statements = statements
        self.rules: dict[str, ShapeRule] = {}

    def verdicts(self, results: Sequence[Result]) -> list[Verdict]:
        reported: dict[tuple[str, str], list[Result]] = defaultdict(list)
        for result in results:
            reported[f"<{result.shape}>", result.focus].append(result)
        examined: dict[tuple[str, str], None] = {}
        out: list[Verdict] = []
        for shape in self.shapes.targeting:
            targets = sorted(self.known.targets(shape))
            if not targets:
                out.append(self.make(NOT_APPLICABLE, shape, shape, None, dict(_NOTHING_ABOUT), None))
            for focus in targets:
                self.examine(shape, focus, examined)
        for shape, focus in examined.keys() - reported.keys():
            out.append(self.make(SATISFIED, shape, focus, None, self.held(shape, focus), None))
        for (shape, focus), found in reported.items():
            for result in found:
                verdict = VIOLATED if self.known.contradicted(result) else NOT_TOLD
                out.append(self.make(verdict, shape, focus, result.value, self.message(result, verdict), result))
        return out

    def examine(self, shape: str, focus: str, examined: dict[tuple[str, str], None]) -> None:
        """Note what an engine looks at on its way down from a target."""
        if (shape, focus) in examined:
            return
        if self.shapes.constraints(shape):
            examined[shape, focus] = None
        path, parts = self.shapes.path(shape), self.shapes.parts(shape)
        for part in parts:
            for thing in [focus] if path is None else self.known.values(path, focus):
                self.examine(part, thing, examined)

    def make(
        self, verdict: str, shape: str, focus: str, value: str | None, message: Texts, result: Result | None
    ) -> Verdict:
        path = self.shapes.path(shape) if result is None else result.path
        return Verdict(
            self.rule(shape),
            verdict,
            result.severity if result else self.shapes.severity(shape),
            focus,
            value if value != focus else None,
            message,
            {},
            {},
            tuple(sorted(self.evidence(focus, path, result))),
            (),
            result=result,
        )

    def evidence(self, focus: str, path: str | None, result: Result | None) -> set[Statement]:
        """Give the statements at hand: the kinds of what is judged, and what it says along a path of one step."""
        things = {focus, (result.value if result else None) or focus}
        found = {Statement(thing, TYPE, kind) for thing in things for kind in self.known.values(TYPE, thing)}
        if path is None or not re.fullmatch(r"\^?<[^>]*>", path):
            return found
        values = [result.value] if result and result.value else self.known.values(path, focus)
        for value in values:
            step = Statement(value, path[1:], focus) if path.startswith("^") else Statement(focus, path, value)
            found |= {step} & self.statements
        return found

    def rule(self, shape: str) -> ShapeRule:
        if shape not in self.rules:
            self.rules[shape] = ShapeRule(
                number=self.title(shape),
                slug=local_name(shape),
                theme="",
                severities="",
                label=self.label(shape),
                rationale=self.described(shape),
                remedy={},
                question={},
                claims=(),
                guideline=None,
                provisions=(),
                parts=(),
                name=iri(shape),
            )
        return self.rules[shape]

    def title(self, shape: str) -> str:
        """Give the short name of a shape; of one without a name, that of the shape it is part of, and its path."""
        if not shape.startswith("<" + NAMELESS):
            return self.shapes.short(shape).rsplit("#", 1)[-1]
        holder = next(iter(self.shapes.holders(shape)), None)
        path = self.shapes.path(shape)
        return (
            " ".join(([self.title(holder)] if holder else []) + ([self.spoken_path(path)] if path else []))
            or f"[{local_name(shape)}]"
        )

    def label(self, shape: str) -> Texts:
        texts = self.shapes.texts(shape, "sh:name", "rdfs:label")
        return {lang: found.value if (found := pick(texts, lang)) else "" for lang in LANGUAGES}

    def described(self, shape: str) -> Texts:
        texts = self.shapes.texts(shape, "sh:description", "rdfs:comment")
        return {lang: found.value if (found := pick(texts, lang)) else _OF_OTHERS[lang] for lang in LANGUAGES}

    def spoken_path(self, path: str) -> str:
        return re.sub(r"<[^>]*>", lambda m: self.shapes.short(m[0]), path)

    # --- words

    def held(self, shape: str, focus: str) -> Texts:
        path = self.shapes.path(shape)
        template = _EXAMINED_ITSELF if path is None else _EXAMINED
        return {
            lang: template[lang].format(
                focus=self.words.label(focus, lang),
                n=0 if path is None else len(self.known.values(path, focus)),
                path="" if path is None else self.spoken_path(path),
            )
            + "."
            for lang in LANGUAGES
        }

    def message(self, result: Result, verdict: str) -> Texts:
        """Say what is wrong: in the words of the shape in each language it has, else in our own.

        Never in an engine's, for these differ by engine. Words of a shape in no language serve all.
        """
        shape = f"<{result.shape}>"
        constraints = self.shapes.all(shape, "sh:sparql")
        told = self.shapes.texts(constraints[0], "sh:message") if len(constraints) == 1 and result.is_query else {}
        told = told or self.shapes.texts(shape, "sh:message")
        out = {lang: self.filled(text, result, lang) for lang, text in told.items() if lang}
        for lang in LANGUAGES:
            out[lang] = out.get(lang) or (
                self.filled(told[""], result, lang) if told.get("") else self.own(result, verdict, lang)
            )
            out[lang] = f"{self.words.label(result.focus, lang)}: {out[lang]}"
            if not out[lang].endswith((".", "!", "?")):
                out[lang] += "."
            if verdict == NOT_TOLD and (result.is_query or self.component(result) not in _SENTENCES):
                out[lang] += _UNDECIDED[lang]
        return out

    @staticmethod
    def component(result: Result) -> str:
        return result.component.removesuffix("ConstraintComponent")

    def wanted(self, result: Result, lang: str) -> str:
        name = self.component(result)
        found = self.shapes.all(f"<{result.shape}>", f"sh:{name[:1].lower()}{name[1:]}")
        return join([self.shown(node, lang) for node in found], lang)

    def shown(self, node: str, lang: str) -> str:
        words = literal(node)
        if words is not None:
            return f"“{words.value}”" if not re.fullmatch(r"[\d.+-]+", words.value) else words.value
        if node.startswith("<" + NAMELESS):
            return self.title(node) if node in self.shapes.shapes else self.words.label(node, lang)
        named = pick(self.words.own.get(node, {}), lang)
        return named.value if named else self.shapes.short(node)

    def own(self, result: Result, verdict: str, lang: str) -> str:
        sentences = _SENTENCES.get(self.component(result), _OTHER)
        if verdict == NOT_TOLD:
            sentences = _SILENT.get(self.component(result), sentences)
        sentence = sentences[LANGUAGES.index(lang)]
        path = result.path or self.shapes.path(f"<{result.shape}>")
        return sentence.format(
            path=self.spoken_path(path) if path else "…",
            value=self.shown(result.value or result.focus, lang),
            wanted=self.wanted(result, lang),
            component=result.component,
        )

    def filled(self, text: str, result: Result, lang: str) -> str:
        """Put values in the places of a shape's own words: {$this}, {?value}, {$path} and parameters of components."""

        def place(match: re.Match[str]) -> str:
            name = match[1]
            if name in ("this", "value"):
                return self.shown(result.focus if name == "this" else result.value or result.focus, lang)
            if name.lower() == "path" and result.path:
                return self.spoken_path(result.path)
            named = [p for p in self.shapes.constraints(f"<{result.shape}>") if local_name(p) == name]
            found = [node for p in named for node in self.shapes.all(f"<{result.shape}>", p)]
            return join([self.shown(node, lang) for node in found], lang) or match[0]

        return re.sub(r"\{[?$](\w+)\}", place, text)
