"""The report for people at a terminal."""

from vereend.formats import words
from vereend.report import FileReport, PartnershipReport, Report
from vereend.verdicts import FOR_A_PERSON, Verdict
from vereend.wording import VERDICT_NAMES

_MARKS = {
    "violated": "✗",
    "contested": "⋈",
    "not told": "[…]",
    "for a person": "?",
    "satisfied": "✓",
    "not applicable": "–",
}
_COLOURS = {"violated": 31, "contested": 35, "not told": 33, "for a person": 34, "satisfied": 32, "not applicable": 90}


def write(report: Report, lang: str, styled: bool = False) -> str:
    """Write the report as plain text.

    Args:
        styled: mark verdicts with terminal colours; the words say the same without.
    """
    lines = [line for file in report.files for line in _file(file, lang, styled)]
    lines += [line for one in report.unreadable for line in (f"{one.path}: {words.refusal(one, lang)}", "")]
    lines.append(f"{words.say('inference', lang)}: {words.inference(report, lang)}")
    return "\n".join(lines)


def _file(file: FileReport, lang: str, styled: bool) -> list[str]:
    if file.structure:
        lines = [f"{file.name}: {words.say('structure', lang)}"]
        for finding in file.structure:
            place = words.place(file.position(finding), lang)
            lines.append(f"  {place + ': ' if place else ''}{finding.message[lang]}")
        return [*lines, ""]
    lines = [line for p in file.partnerships for line in _partnership(file, p, lang, styled)]
    if file.loose_answers:
        lines.append(words.say("loose", lang) + ":")
        lines += [*(f"  {words.loose(answer, file, lang)}" for answer in file.loose_answers), ""]
    return lines


def _partnership(file: FileReport, report: PartnershipReport, lang: str, styled: bool) -> list[str]:
    judgement = report.judgement
    outcome, phase = words.outcome(report, lang), words.phase(report, file, lang)
    lines = [f"{report.label[lang]} {outcome} ({phase}) · {file.name}"]
    lines.append("  " + " · ".join(f"{n} {VERDICT_NAMES[name][lang]}" for name, n in report.counts.items() if n))
    lines += ["  " + provision.message[lang] for provision in judgement.out_of_force]
    for verdict, *same in words.together(report):
        name = VERDICT_NAMES[verdict.verdict][lang]
        mark = f"{_MARKS[verdict.verdict]} {name}"
        if styled:
            mark = f"\x1b[{_COLOURS[verdict.verdict]}m{mark}\x1b[0m"
        severity = f" ({words.severity(verdict, lang)})" if verdict.is_result else ""
        lines += [
            "",
            f"  {words.title(verdict.rule, lang)}: {mark}{severity}",
            f"    {_about(file, verdict, lang)}{verdict.message[lang]}",
            *(f"    {other.message[lang]}" for other in same),
        ]
        if verdict.remedy:
            lines.append(f"    {words.say('remedy', lang)}: {verdict.remedy[lang]}")
        if verdict.answer:
            answer = words.answer(verdict.answer, lang)
            lines.append(f"    {words.say('answer', lang)}: {answer}: {verdict.answer.reason.value}")
            if verdict.answer.review_again:
                lines.append(f"    {words.say('review', lang)}")
        if verdict.is_result and verdict.claims:
            lines.append(f"    {words.say('source', lang)}: {', '.join(verdict.claims)}")
    lines.append("")
    if idle := words.idle_rules(report):
        lines.append("  " + words.say("idle", lang, rules=", ".join(v.rule.number for v in idle)))
    if judgement.unchecked:
        lines.append("  " + words.say("unchecked", lang, n=len(judgement.unchecked)))
        lines += ["    " + words.statement(s, file, lang) for s in judgement.unchecked]
    return [*lines, ""]


def _about(file: FileReport, verdict: Verdict, lang: str) -> str:
    """Name what a question is about: unlike other messages, it says "this"."""
    return f"{file.words.label(verdict.value or verdict.focus, lang)}: " if verdict.verdict == FOR_A_PERSON else ""
