"""The report as the W3C has it: a SHACL validation report, each result with its verdict, in Turtle and JSON-LD."""

import json

import pyoxigraph as ox

from vereend.answers import Answer
from vereend.engines import Result
from vereend.paths import path_turtle
from vereend.report import Report
from vereend.rules import Texts
from vereend.terms import NAMESPACES
from vereend.verdicts import StructureFinding, Verdict


def turtle(report: Report) -> str:
    """Write the validation report as Turtle."""
    names = ("sh", "vrd", "vr", "rdfs", "xsd")
    answers = [v.answer for v in report.verdicts if v.answer]
    head = "".join(f"@prefix {name}: <{NAMESPACES[name]}> .\n" for name in names)
    results = [_structure_result(finding) for file in report.files for finding in file.structure]
    results += [text for verdict in report.verdicts if verdict.is_result for text in _results(verdict)]
    out = [head, f'\n[] a sh:ValidationReport ;\n  rdfs:comment "inference: {report.inference}"@en']
    out.append(f" ;\n  sh:conforms {str(report.conforms).lower()}")
    out += [f" ;\n  sh:result {text}" for text in results]
    return "".join(out) + " .\n" + "".join(_answer(answer) for answer in answers)


def _answer(answer: Answer) -> str:
    """Write an answer of a person as PROV; a question is no SHACL result, so it stands beside the report."""
    again = f'"{str(answer.review_again).lower()}"^^xsd:boolean'
    told = [*answer.statements(), (answer.name, "vrd:reviewAgain", again)]
    return "".join(f"{s} {p} {o} .\n" for s, p, o in told)


def jsonld(report: Report) -> str:
    """Write the same graph as JSON-LD (expanded form, so that no context is needed)."""
    numbers: dict[str, ox.BlankNode] = {}

    def stable(node: object) -> object:
        # A parser gives a nameless thing another name each time; a report that has not changed must read the same.
        return (
            numbers.setdefault(str(node), ox.BlankNode(f"r{len(numbers)}")) if isinstance(node, ox.BlankNode) else node
        )

    triples = [
        ox.Triple(stable(q.subject), q.predicate, stable(q.object))  # type: ignore[arg-type]
        for q in ox.parse(turtle(report), format=ox.RdfFormat.TURTLE)
    ]
    written = ox.serialize(triples, format=ox.RdfFormat.JSON_LD) or b"[]"
    return json.dumps(json.loads(written), ensure_ascii=False, indent=2)


def _messages(texts: Texts) -> str:
    return " , ".join(f"{json.dumps(text, ensure_ascii=False)}@{lang}" for lang, text in texts.items())


def _term(name: str) -> str:
    """Spell a name that is short where it is SHACL's own."""
    return f"<{name}>" if ":" in name else f"sh:{name}"


def _engine_result(verdict: Verdict, result: Result) -> str:
    """Write the result of an engine that ran shapes of others, as the engine gave it."""
    path = f" sh:resultPath {path_turtle(result.path)} ;" if result.path else ""
    value = f" sh:value {result.value} ;" if result.value else ""
    return (
        f"[ a sh:ValidationResult ; sh:resultSeverity {_term(result.severity)} ;\n"
        f"    sh:focusNode {result.focus} ;{path}{value}\n"
        f"    sh:sourceShape <{result.shape}> ; sh:sourceConstraintComponent {_term(result.component)} ;\n"
        f"    vrd:verdict {json.dumps(verdict.verdict)} ;\n    sh:resultMessage {_messages(verdict.message)} ]"
    )


def _structure_result(finding: StructureFinding) -> str:
    value = f" sh:value {finding.value} ;" if finding.value else ""
    return (
        f"[ a sh:ValidationResult ; sh:resultSeverity sh:Violation ; sh:focusNode {finding.focus} ;{value}\n"
        f"    sh:sourceShape <{finding.shape}> ; sh:sourceConstraintComponent sh:{finding.component} ;\n"
        f"    sh:resultMessage {_messages(finding.message)} ]"
    )


def _results(verdict: Verdict) -> list[str]:
    """Write the SHACL results behind a verdict: one, or one for each property a Core rule misses."""
    if verdict.result:
        return [_engine_result(verdict, verdict.result)]
    head = f"[ a sh:ValidationResult ; sh:resultSeverity sh:{verdict.severity} ; sh:focusNode {verdict.focus} ;"
    tail = (
        f"    vrd:rule <{verdict.rule.iri}> ; vrd:verdict {json.dumps(verdict.verdict)} ;\n"
        f"    sh:resultMessage {_messages(verdict.message)} ]"
    )
    if verdict.rule.core:
        told = {s.predicate for s in verdict.evidence if s.subject == verdict.focus}
        return [
            f"{head} sh:resultPath {demand.path} ;\n    sh:sourceShape <{demand.iri}> ; "
            f"sh:sourceConstraintComponent sh:MinCountConstraintComponent ;\n{tail}"
            for demand in verdict.rule.core
            if demand.path not in told
        ]
    value = verdict.value or verdict.focus
    return [
        f"{head} sh:value {value} ;\n    sh:sourceShape <{verdict.shape}> ; "
        f"sh:sourceConstraintComponent sh:SPARQLConstraintComponent ;\n{tail}"
    ]
