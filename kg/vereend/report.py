"""What came of a validation, in each form people and programs want it: text, JSON, Turtle.

The JSON is a contract: keys are added, never renamed or removed.
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vereend import __version__
from vereend.reading import Description
from vereend.rules import Texts
from vereend.terms import LANGUAGES, NAMESPACES, Statement, iri
from vereend.verdicts import NOT_APPLICABLE, ORDER, Judgement, StructureFinding, Verdict
from vereend.wording import SEVERITY_NAMES, VERDICT_NAMES, Words

Counts = dict[str, int]  # verdicts by name, in the order of verdicts.ORDER, zeros included


@dataclass(frozen=True)
class PartnershipReport:
    """What the rules say of one partnership."""

    label: Texts
    judgement: Judgement

    @property
    def iri(self) -> str:
        """The partnership's IRI."""
        return iri(self.judgement.partnership)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts, gravest first."""
        return self.judgement.verdicts

    @property
    def conforms(self) -> bool:
        """Whether SHACL reports no result."""
        return self.judgement.conforms

    @cached_property
    def counts(self) -> Counts:
        """How many verdicts of each kind."""
        return count(self.verdicts)

    @cached_property
    def themes(self) -> dict[str, list[Verdict]]:
        """The verdicts by theme concept IRI, themes in the order of their first rule."""
        found: dict[str, list[Verdict]] = {}
        for verdict in sorted(self.verdicts, key=lambda v: v.rule.number):
            found.setdefault(verdict.rule.theme, []).append(verdict)
        return found


def count(verdicts: tuple[Verdict, ...] | list[Verdict]) -> Counts:
    """Count verdicts by name."""
    found = Counter(v.verdict for v in verdicts)
    return {name: found.get(name, 0) for name in ORDER}


@dataclass(frozen=True)
class FileReport:
    """What came of one description: either findings on its structure, or verdicts."""

    description: Description
    structure: tuple[StructureFinding, ...]  # not empty: too incomplete to be judged, and no verdicts
    partnerships: tuple[PartnershipReport, ...]
    words: Words

    @property
    def conforms(self) -> bool:
        """Whether it could be judged and nothing was found."""
        return not self.structure and all(p.conforms for p in self.partnerships)


@dataclass(frozen=True)
class Report:
    """What came of a validation."""

    engine: str
    date: str
    files: tuple[FileReport, ...]

    @property
    def conforms(self) -> bool:
        """Whether every description conforms."""
        return all(file.conforms for file in self.files)

    @property
    def assessable(self) -> bool:
        """Whether every description could be judged."""
        return not any(file.structure for file in self.files)

    @property
    def verdicts(self) -> list[Verdict]:
        """All verdicts, file by file and partnership by partnership."""
        return [v for file in self.files for p in file.partnerships for v in p.verdicts]

    def to_dict(self) -> dict[str, Any]:
        """Give the report as the JSON contract has it."""
        return {
            "vereend": __version__,
            "engine": self.engine,
            "on": self.date,
            "conforms": self.conforms,
            "files": [_file(file) for file in self.files],
        }

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_text(self, lang: str, styled: bool = False) -> str:
        """Give the report for people.

        Args:
            styled: mark verdicts with terminal colours; the words say the same without.
        """
        return "\n".join(line for file in self.files for line in _file_text(file, lang, styled))

    def to_turtle(self) -> str:
        """Give the W3C validation report, each result with its verdict."""
        names = ("sh", "vrd", "vr", "xsd")
        head = "".join(f"@prefix {name}: <{NAMESPACES[name]}> .\n" for name in names)
        results = [_structure_result(finding) for file in self.files for finding in file.structure]
        results += [text for verdict in self.verdicts if verdict.is_result for text in _results(verdict)]
        out = [head, f"\n[] a sh:ValidationReport ;\n  sh:conforms {str(self.conforms).lower()}"]
        out += [f" ;\n  sh:result {text}" for text in results]
        return "".join(out) + " .\n"

    def _repr_html_(self) -> str:
        """Show the report in a notebook."""
        from html import escape

        return f"<pre>{escape(self.to_text('en'))}</pre>"


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "path": file.description.name,
        "readable": True,
        "structure": [
            {"focus": iri(f.focus), "value": iri(f.value) if f.value else None, "message": f.message, "line": f.line}
            for f in file.structure
        ],
        "partnerships": [_partnership(p) for p in file.partnerships],
    }


def _partnership(report: PartnershipReport) -> dict[str, Any]:
    judgement = report.judgement
    return {
        "iri": report.iri,
        "label": report.label,
        "phase": judgement.phase,
        "phaseTold": judgement.phase_told,
        "conforms": report.conforms,
        "counts": report.counts,
        "verdicts": [verdict_dict(v) for v in report.verdicts],
        "unchecked": [list(map(iri, s)) for s in judgement.unchecked],
    }


def verdict_dict(verdict: Verdict) -> dict[str, Any]:
    """Give a verdict as the JSON contract has it."""
    return {
        "rule": verdict.rule.number,
        "theme": verdict.rule.theme_slug,
        "verdict": verdict.verdict,
        "severity": verdict.severity,
        "focus": iri(verdict.focus),
        "value": iri(verdict.value) if verdict.value else None,
        "message": verdict.message,
        "remedy": verdict.remedy,
        "question": verdict.question,
        "evidence": [list(map(iri, s)) for s in verdict.evidence],
        "claims": list(verdict.claims),
        "provisions": list(verdict.provisions),
        "shape": verdict.shape,
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
    }


def _messages(texts: Texts) -> str:
    return " , ".join(f"{json.dumps(texts[lang], ensure_ascii=False)}@{lang}" for lang in LANGUAGES)


def _structure_result(finding: StructureFinding) -> str:
    value = f" sh:value {finding.value} ;" if finding.value else ""
    return (
        f"[ a sh:ValidationResult ; sh:resultSeverity sh:Violation ; sh:focusNode {finding.focus} ;{value}\n"
        f"    sh:sourceShape <{finding.shape}> ; sh:sourceConstraintComponent sh:{finding.component} ;\n"
        f"    sh:resultMessage {_messages(finding.message)} ]"
    )


def _results(verdict: Verdict) -> list[str]:
    """Write the SHACL results behind a verdict: one, or one for each property a Core rule misses."""
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


# --- for people -------------------------------------------------------------------------------------------------------

_MARKS = {
    "violated": "✗",
    "contested": "⋈",
    "not told": "[…]",
    "for a person": "?",
    "satisfied": "✓",
    "not applicable": "–",
}
_COLOURS = {"violated": 31, "contested": 35, "not told": 33, "for a person": 34, "satisfied": 32, "not applicable": 90}
_SAYS = {
    "conforms": {"nl": "voldoet", "en": "conforms"},
    "not": {"nl": "voldoet nog niet", "en": "does not conform yet"},
    "phase": {"nl": "fase", "en": "phase"},
    "phase untold": {"nl": "fase niet verteld: beoordeeld als", "en": "phase not told: judged as"},
    "structure": {"nl": "kan niet worden beoordeeld", "en": "cannot be judged"},
    "line": {"nl": "r.", "en": "line"},
    "remedy": {"nl": "Herstel", "en": "Remedy"},
    "source": {"nl": "Bron", "en": "Source"},
    "unchecked": {
        "nl": "Door geen regel bekeken: {n} uitspraken.",
        "en": "Looked at by no rule: {n} statements.",
    },
    "idle": {
        "nl": "Niets te beoordelen vonden: {rules}.",
        "en": "Found nothing to judge: {rules}.",
    },
}


def _file_text(file: FileReport, lang: str, styled: bool) -> list[str]:
    if file.structure:
        lines = [f"{file.description.name}: {_SAYS['structure'][lang]}"]
        for finding in file.structure:
            place = f"{_SAYS['line'][lang]} {finding.line}: " if finding.line else ""
            lines.append(f"  {place}{finding.message[lang]}")
        return [*lines, ""]
    return [line for p in file.partnerships for line in _partnership_text(file, p, lang, styled)]


def _partnership_text(file: FileReport, report: PartnershipReport, lang: str, styled: bool) -> list[str]:
    judgement = report.judgement
    phase = file.words.label(f"<{NAMESPACES['vc']}phase-{judgement.phase}>", lang)
    told = _SAYS["phase" if judgement.phase_told else "phase untold"][lang]
    outcome = _SAYS["conforms" if report.conforms else "not"][lang]
    lines = [f"{report.label[lang]} {outcome} ({told} {phase}) · {file.description.name}"]
    lines.append("  " + " · ".join(f"{n} {VERDICT_NAMES[name][lang]}" for name, n in report.counts.items() if n))
    for verdict in report.verdicts:
        if verdict.verdict == NOT_APPLICABLE:
            continue
        name = VERDICT_NAMES[verdict.verdict][lang]
        mark = f"{_MARKS[verdict.verdict]} {name}"
        if styled:
            mark = f"\x1b[{_COLOURS[verdict.verdict]}m{mark}\x1b[0m"
        severity = f" ({SEVERITY_NAMES[verdict.severity][lang]})" if verdict.severity and verdict.is_result else ""
        lines += [
            "",
            f"  {verdict.rule.number} {verdict.rule.label[lang]}: {mark}{severity}",
            f"    {verdict.message[lang]}",
        ]
        if verdict.remedy:
            lines.append(f"    {_SAYS['remedy'][lang]}: {verdict.remedy[lang]}")
        if verdict.is_result:
            lines.append(f"    {_SAYS['source'][lang]}: {', '.join(verdict.claims)}")
    idle = sorted({v.rule.number for v in report.verdicts if v.verdict == NOT_APPLICABLE})
    lines.append("")
    if idle:
        lines.append("  " + _SAYS["idle"][lang].format(rules=", ".join(idle)))
    if judgement.unchecked:
        lines.append("  " + _SAYS["unchecked"][lang].format(n=len(judgement.unchecked)))
        lines += ["    " + " ".join(file.words.statement(Statement(*s), lang)) for s in judgement.unchecked]
    return [*lines, ""]
