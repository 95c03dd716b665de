"""The report as Markdown (CommonMark with tables), for a dossier, an issue or a note."""

import re

from vereend import __version__
from vereend.formats import words
from vereend.positions import Position
from vereend.report import FileReport, PartnershipReport, Report
from vereend.verdicts import Verdict
from vereend.wording import VERDICT_NAMES


def write(report: Report, lang: str) -> str:
    """Write the report; a part that is empty says so."""
    out = [f"# {words.say('report', lang)}", ""]
    out += [
        f"- {words.say('date', lang)} {report.date}",
        f"- {words.say('engine', lang)}: {report.engine}",
        f"- {words.say('inference', lang)}: {words.inference(report, lang)}",
        f"- {words.say('version', lang)}: {__version__}",
        "",
        escaped(words.say("reach", lang)),
        "",
    ]
    for file in report.files:
        if file.structure:
            out += [f"## {escaped(file.name)}: {words.say('structure', lang)}", ""]
            out += [_placed(file.position(f), f.message[lang], lang) for f in file.structure]
            out.append("")
        for one in file.partnerships:
            out += _partnership(file, one, report.date, lang)
        if file.loose_answers:
            out += [f"## {words.say('loose', lang)}", ""]
            out += [*(f"- {escaped(words.loose(answer, file, lang))}" for answer in file.loose_answers), ""]
    for unread in report.unreadable:
        out += [f"## {escaped(unread.path)}", "", escaped(words.refusal(unread, lang)), ""]
    if not report.files and not report.unreadable:
        out += [words.say("nothing read", lang), ""]
    return "\n".join(out)


def escaped(text: str) -> str:
    """Keep a text from being read as markup, and on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", " ".join(text.split()))


def _placed(position: Position | None, text: str, lang: str) -> str:
    place = words.place(position, lang)
    return f"- {place + ': ' if place else ''}{escaped(text)}"


def _partnership(file: FileReport, report: PartnershipReport, date: str, lang: str) -> list[str]:
    out = [
        f"## {escaped(report.label[lang])} {words.outcome(report, lang)}",
        "",
        f"{escaped(words.phase(report, file, lang))} · {words.say('file', lang)} {escaped(file.name)} · <{report.iri}>",
        "",
        f"| {words.say('verdict', lang)} | {words.say('number', lang)} |",
        "|---|---:|",
        *(f"| {VERDICT_NAMES[name][lang]} | {number} |" for name, number in report.counts.items()),
        "",
    ]
    for provision in report.judgement.out_of_force:
        out += [escaped(provision.message[lang]), ""]
    for verdict in words.spoken(report):
        out += _verdict(file, verdict, date, lang)
    idle = words.idle_rules(report)
    out += [f"### {words.say('idle head', lang)}", ""]
    out += [f"- {escaped(words.title(v.rule, lang))}" for v in idle] or [words.say("idle none", lang)]
    out += ["", f"### {words.say('unchecked head', lang)}", ""]
    unchecked = report.judgement.unchecked
    out += [f"- {escaped(words.statement(s, file, lang))}" for s in unchecked] or [words.none_unchecked(report, lang)]
    return [*out, ""]


def _verdict(file: FileReport, verdict: Verdict, date: str, lang: str) -> list[str]:
    about = words.about(verdict, file, lang)
    rule = verdict.rule
    out = [
        f"### {escaped(words.title(rule, lang))}: {VERDICT_NAMES[verdict.verdict][lang]}",
        "",
        f"*{escaped(about.value or about.focus)}*",
        "",
        escaped(verdict.message[lang]),
        "",
    ]
    position = words.place(file.position(verdict), lang)
    rows = [(words.say("place", lang), position)]
    if verdict.severity and verdict.is_result:
        rows.append((words.say("severity", lang), words.severity(verdict, lang)))
    rows.append((words.say("question", lang), verdict.question.get(lang, "")))
    if verdict.answer:
        answer = verdict.answer
        again = f" {words.say('review', lang)}" if answer.review_again else ""
        rows.append((words.say("answer", lang), f"{words.answer(answer, lang)}: {answer.reason.value}{again}"))
    rows.append((words.say("remedy", lang), verdict.remedy.get(lang, "")))
    out += [f"- **{name}:** {escaped(text)}" for name, text in rows if text]
    out.append(
        f"- **{words.say('rests', lang)}:**{'' if verdict.evidence else ' ' + words.say('rests on nothing', lang)}"
    )
    out += [f"  - {escaped(words.statement(s, file, lang))}" for s in verdict.evidence]
    if provisions := words.provisions(verdict):
        out.append(f"- **{words.say('law', lang)}:**")
        for provision in provisions:
            doubt, link = words.doubt(provision, lang), provision.link(lang, date)
            name = escaped(words.words(provision.label, lang))
            out.append(
                f"  - {f'[{name}](<{link}>)' if link else name}{f' ({doubt})' if doubt else ''}"
                f"{': ' + escaped(words.words(provision.effect, lang)) if provision.effect else ''}"
            )
    if claims := words.claims(verdict):
        out.append(f"- **{words.say('source', lang)}:**")
        out += [
            f"  - {c.number} ({words.modality(c, lang)}, {words.claim_place(c, lang)}): "
            f"{escaped(words.words(c.paraphrase, lang))}"
            for c in claims
        ]
    return [*out, ""]
