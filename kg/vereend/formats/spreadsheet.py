"""The report as CSV (RFC 4180): one row a verdict, for who sorts and counts in a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from vereend.answers import Answer
from vereend.formats import words
from vereend.report import FileReport, Report
from vereend.terms import iri
from vereend.verdicts import StructureFinding, Verdict
from vereend.wording import VERDICT_NAMES

# Names of columns are for programs too, so they are the same in each language; cells follow the language.
COLUMNS = (
    "file",
    "line",
    "column",
    "outcome",  # judged, cannot be judged, unreadable
    "partnership",
    "partnershipLabel",
    "phase",
    "rule",
    "ruleLabel",
    "theme",
    "verdict",
    "verdictLabel",
    "severity",
    "focus",
    "focusLabel",
    "value",
    "valueLabel",
    "message",
    "remedy",
    "question",
    "evidence",
    "claims",
    "provisions",
    "answer",
    "answerReason",
    "answerInitials",
    "answerDate",
    "answerReviewAgain",
    "inference",
)
# A spreadsheet runs a cell that begins with one of these; a tab or line end before it does not stop that.
# Source: OWASP, CSV Injection.
_RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write(report: Report, lang: str) -> str:
    """Write the report as a table; what could not be judged or read has a row of its own."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="")
    table.writeheader()
    for row in _rows(report, lang):
        table.writerow({name: guarded(str(cell)) for name, cell in (row | {"inference": report.inference}).items()})
    return out.getvalue()


def guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would otherwise run as a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_RUNS) or cell[:1] in ("\t", "\r", "\n") else cell


def _rows(report: Report, lang: str) -> Iterator[dict[str, object]]:
    for file in report.files:
        for finding in file.structure:
            yield {
                **_place(file, finding),
                "outcome": "cannot be judged",
                "focus": iri(finding.focus),
                "focusLabel": file.words.label(finding.focus, lang),
                "value": iri(finding.value) if finding.value else "",
                "message": finding.message[lang],
            }
        for one in file.partnerships:
            for verdict in one.verdicts:
                about = words.about(verdict, file, lang)
                yield {
                    **_place(file, verdict),
                    "outcome": "judged",
                    "partnership": one.iri,
                    "partnershipLabel": one.label[lang],
                    "phase": one.judgement.phase,
                    "rule": verdict.rule.number,
                    "ruleLabel": verdict.rule.label[lang],
                    "theme": verdict.rule.theme_slug,
                    "verdict": verdict.verdict,
                    "verdictLabel": VERDICT_NAMES[verdict.verdict][lang],
                    "severity": words.severity(verdict, lang),
                    "focus": iri(verdict.focus),
                    "focusLabel": about.focus,
                    "value": iri(verdict.value) if verdict.value else "",
                    "valueLabel": about.value,
                    "message": verdict.message[lang],
                    "remedy": verdict.remedy.get(lang, ""),
                    "question": verdict.question.get(lang, ""),
                    "evidence": "; ".join(words.statement(s, file, lang) for s in verdict.evidence),
                    "claims": " ".join(verdict.claims),
                    "provisions": " ".join(verdict.provisions),
                    **(_answer(verdict.answer, lang) if verdict.answer else {}),
                }
    for unread in report.unreadable:
        line, column = unread.error.place or ("", "")
        yield {
            "file": unread.path,
            "line": line,
            "column": column or "",
            "outcome": "unreadable",
            "message": str(unread.error),
        }


def _answer(answer: Answer, lang: str) -> dict[str, object]:
    return {
        "answer": words.say("yes" if answer.yes else "no", lang),
        "answerReason": answer.reason.value,
        "answerInitials": answer.initials,
        "answerDate": answer.date,
        "answerReviewAgain": words.say("yes" if answer.review_again else "no", lang),
    }


def _place(file: FileReport, found: Verdict | StructureFinding) -> dict[str, object]:
    position = file.position(found)
    return {
        "file": file.name,
        "line": position.line if position else "",
        "column": position.column if position else "",
    }
