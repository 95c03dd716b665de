"""The report as SARIF 2.1.0 (OASIS standard), which editors and code hosts show beside the text.

A breach is a failure with the rule's severity; silence is "open", what asks for a person is "review", and the rest
"pass" or "notApplicable" (section 3.27.9), so that no silence is shown as a fault.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vereend import __version__
from vereend.formats import contract, words
from vereend.positions import Position
from vereend.report import FileReport, PartnershipReport, Report, Unreadable
from vereend.rules import Rule
from vereend.terms import iri, local_name
from vereend.verdicts import CONTESTED, FOR_A_PERSON, NOT_APPLICABLE, NOT_TOLD, SATISFIED, VIOLATED, Verdict

_KINDS = {
    VIOLATED: "fail",
    CONTESTED: "review",
    NOT_TOLD: "open",
    FOR_A_PERSON: "review",
    SATISFIED: "pass",
    NOT_APPLICABLE: "notApplicable",
}
_LEVELS = {"Violation": "error", "Warning": "warning", "Info": "note"}
_UNREADABLE = "unreadable"


def write(report: Report, lang: str) -> str:
    """Write the report as one run."""
    names = list(dict.fromkeys([*(f.name for f in report.files), *(u.path for u in report.unreadable)]))
    rules = {v.rule.number: v.rule for v in report.verdicts}
    results = [result for file in report.files for result in _results(file, names, lang)]
    structure = sorted({r["ruleId"] for r in results} - rules.keys())
    ids = [*sorted(rules), *structure]
    for result in results:
        result["ruleIndex"] = ids.index(result["ruleId"])
    run = {
        "tool": {
            "driver": {
                "name": "Vereend",
                "version": __version__,
                "rules": [
                    *(_rule(rules[number], lang) for number in sorted(rules)),
                    *({"id": name, "shortDescription": {"text": words.say("structure", lang)}} for name in structure),
                ],
                "notifications": [{"id": _UNREADABLE, "shortDescription": {"text": words.say("unreadable", lang)}}],
            }
        },
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(name)}} for name in names],
        "invocations": [
            {
                "executionSuccessful": report.assessable,
                "toolExecutionNotifications": [_notification(u, names) for u in report.unreadable],
            }
        ],
        "results": results,
        "properties": {
            "engine": report.engine,
            "inference": report.inference,
            "on": report.date,
            "conforms": report.conforms,
        },
    }
    sarif = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(sarif, ensure_ascii=False, indent=2)


def _rule(rule: Rule, lang: str) -> dict[str, Any]:
    claims = f" ({', '.join(rule.claims)})" if rule.claims else ""
    help_ = f"{rule.rationale[lang]} {rule.remedy.get(lang, '')}".strip() + claims
    return {
        "id": rule.number,
        "name": "".join(part.capitalize() for part in rule.slug.split("-")),
        "shortDescription": {"text": rule.label[lang] or rule.number},
        "fullDescription": {"text": rule.rationale[lang]},
        "help": {"text": help_},
        "properties": {"theme": rule.theme_slug, "claims": list(rule.claims), "iri": rule.iri},
    }


def _results(file: FileReport, names: list[str], lang: str) -> list[dict[str, Any]]:
    found = [
        {
            "ruleId": local_name(finding.shape),
            "kind": "fail",
            "level": "error",
            "message": {"text": finding.message[lang]},
            "locations": [_location(file, file.position(finding), names, finding.focus, lang)],
        }
        for finding in file.structure
    ]
    return found + [_result(file, one, v, names, lang) for one in file.partnerships for v in one.verdicts]


def _result(
    file: FileReport, report: PartnershipReport, verdict: Verdict, names: list[str], lang: str
) -> dict[str, Any]:
    kind = _KINDS[verdict.verdict]
    judged = verdict.value or verdict.focus
    # Level may say something only of a failure: section 3.27.10.
    level = _LEVELS.get(verdict.severity, "error") if kind == "fail" and verdict.severity else "none"
    remedy = f" {words.say('remedy', lang)}: {verdict.remedy[lang]}" if verdict.remedy else ""
    return {
        "ruleId": verdict.rule.number,
        "kind": kind,
        "level": level,
        "message": {"text": verdict.message[lang] + remedy},
        "locations": [_location(file, file.position(verdict), names, judged, lang)],
        "properties": {
            "verdict": verdict.verdict,
            "severity": verdict.severity,
            "partnership": report.iri,
            "focus": iri(verdict.focus),
            "value": iri(verdict.value) if verdict.value else None,
            "phase": report.judgement.phase,
            "evidence": [list(map(iri, s)) for s in verdict.evidence],
            "provisions": list(verdict.provisions),
            "answer": contract.answer_dict(verdict.answer) if verdict.answer else None,
        },
    }


def _location(file: FileReport, position: Position | None, names: list[str], name: str, lang: str) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(file.name, names)}
    if position:
        place["region"] = {
            "startLine": position.line,
            "startColumn": position.column,
            "endColumn": position.end,
        }
    return {
        "physicalLocation": place,
        "logicalLocations": [{"name": file.words.label(name, lang), "fullyQualifiedName": iri(name)}],
    }


def _notification(unread: Unreadable, names: list[str]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(unread.path, names)}
    if unread.error.place:
        line, column = unread.error.place
        place["region"] = {"startLine": line} | ({"startColumn": column} if column else {})
    return {
        "level": "error",
        "message": {"text": str(unread.error)},
        "descriptor": {"id": _UNREADABLE, "index": 0},
        "locations": [{"physicalLocation": place}],
    }


def _artifact(name: str, names: list[str]) -> dict[str, Any]:
    return {"uri": _uri(name), "index": names.index(name)}


def _uri(name: str) -> str:
    return Path(name).as_uri() if Path(name).is_absolute() else quote(name)
