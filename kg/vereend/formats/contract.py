"""The report as JSON: the contract other tools rely on. Keys are added, never renamed or removed."""

import json
from typing import Any

from vereend import __version__
from vereend.answers import Answer
from vereend.report import FileReport, PartnershipReport, Report, Unreadable
from vereend.terms import iri
from vereend.verdicts import StructureFinding, Verdict


def to_dict(report: Report) -> dict[str, Any]:
    """Lay the report out in mappings and lists: files that were read first, then those that were not."""
    return {
        "vereend": __version__,
        "engine": report.engine,
        "inference": report.inference,
        "on": report.date,
        "conforms": report.conforms,
        "files": [*(_file(file) for file in report.files), *(_unreadable(one) for one in report.unreadable)],
    }


def write(report: Report) -> str:
    """Write the report as JSON."""
    return json.dumps(to_dict(report), ensure_ascii=False, indent=2)


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "path": file.name,
        "readable": True,
        "structure": [_finding(file, finding) for finding in file.structure],
        "partnerships": [_partnership(file, one) for one in file.partnerships],
        "looseAnswers": [_loose(answer) for answer in file.loose_answers],
    }


def _unreadable(one: Unreadable) -> dict[str, Any]:
    error = one.error
    return {
        "path": one.path,
        "readable": False,
        "error": {"where": error.where, "problem": error.problem, "detail": error.detail, "remedy": error.remedy},
        "structure": [],
        "partnerships": [],
    }


def _finding(file: FileReport, finding: StructureFinding) -> dict[str, Any]:
    return {
        "focus": iri(finding.focus),
        "value": iri(finding.value) if finding.value else None,
        "message": finding.message,
        **_place(file, finding),
    }


def _partnership(file: FileReport, report: PartnershipReport) -> dict[str, Any]:
    judgement = report.judgement
    return {
        "iri": report.iri,
        "label": report.label,
        "phase": judgement.phase,
        "phaseTold": judgement.phase_told,
        "conforms": report.conforms,
        "counts": report.counts,
        "verdicts": [_verdict(file, verdict) for verdict in report.verdicts],
        "unchecked": [list(map(iri, statement)) for statement in judgement.unchecked],
        "notInForce": [{"provision": iri(p.provision), "message": p.message} for p in judgement.out_of_force],
    }


def _verdict(file: FileReport, verdict: Verdict) -> dict[str, Any]:
    return {
        "rule": verdict.rule.number,
        "theme": verdict.rule.theme_slug,
        "verdict": verdict.verdict,
        "severity": verdict.severity,
        "focus": iri(verdict.focus),
        "focusLabel": file.words.labels(verdict.focus),
        "value": iri(verdict.value) if verdict.value else None,
        "valueLabel": file.words.labels(verdict.value) if verdict.value else None,
        **_place(file, verdict),
        "message": verdict.message,
        "remedy": verdict.remedy,
        "question": verdict.question,
        "evidence": [list(map(iri, statement)) for statement in verdict.evidence],
        "claims": list(verdict.claims),
        "provisions": list(verdict.provisions),
        "shape": verdict.shape,
        **({"path": verdict.result.path, "component": verdict.result.component} if verdict.result else {}),
        "readings": [
            {
                "readings": [iri(name) for name in held.readings],
                "label": held.label,
                "author": held.author,
                "verdict": held.verdict,
                "message": held.message,
            }
            for held in verdict.readings
        ],
        "answer": answer_dict(verdict.answer) if verdict.answer else None,
    }


def answer_dict(answer: Answer) -> dict[str, Any]:
    """Lay out what a person answered."""
    return {
        "answer": "yes" if answer.yes else "no",
        "reason": answer.reason.value,
        "initials": answer.initials,
        "date": answer.date,
        "reviewAgain": answer.review_again,
    }


def _loose(answer: Answer) -> dict[str, Any]:
    return {
        "rule": answer.rule,
        "focus": iri(answer.focus),
        "value": iri(answer.value) if answer.value else None,
        **answer_dict(answer),
    }


def _place(file: FileReport, found: Verdict | StructureFinding) -> dict[str, int | None]:
    position = file.position(found)
    return {"line": position.line if position else None, "column": position.column if position else None}
