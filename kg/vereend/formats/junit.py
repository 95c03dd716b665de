"""The report as JUnit XML: a case for each rule and thing judged, for what shows test results.

What SHACL reports, a breach or silence, is a failure; what asks for a person, or found nothing to judge, is skipped;
what could not be read or judged is an error.
"""

import re
from xml.etree import ElementTree as Xml

from vereend.formats import words
from vereend.positions import Position
from vereend.report import FileReport, PartnershipReport, Report, Unreadable
from vereend.verdicts import SATISFIED, Verdict
from vereend.wording import VERDICT_NAMES

# What XML 1.0 cannot hold, not even escaped (section 2.2).
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, lang: str) -> str:
    """Write the report: a suite for each partnership, and for each file that was not judged."""
    root = Xml.Element("testsuites", name="Vereend")
    settings = {"engine": report.engine, "inference": report.inference}
    for file in report.files:
        if file.structure:
            suite = _suite(root, file.name)
            for finding in file.structure:
                case = _case(suite, file.name, finding.message[lang], file, file.position(finding))
                _outcome(case, "error", words.say("structure", lang), finding.message[lang])
        for one in file.partnerships:
            _partnership(root, file, one, lang)
    for unread in report.unreadable:
        _unreadable(root, unread, lang)
    for suite in root:
        properties = Xml.Element("properties")
        suite.insert(0, properties)
        for name, value in settings.items():
            Xml.SubElement(properties, "property", name=name, value=value)
    for suite in [*root, root]:
        cases = list(suite.iter("testcase"))
        suite.set("tests", str(len(cases)))
        for name, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            suite.set(plural, str(sum(case.find(name) is not None for case in cases)))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode")


def _partnership(root: Xml.Element, file: FileReport, report: PartnershipReport, lang: str) -> None:
    suite = _suite(root, f"{file.name}: {report.label[lang]}")
    for verdict in report.verdicts:
        about = words.about(verdict, file, lang)
        name = f"{words.title(verdict.rule, lang)}: {about.value or about.focus}"
        case = _case(
            suite, f"{verdict.rule.theme_slug}.{verdict.rule.number}".lstrip("."), name, file, file.position(verdict)
        )
        if verdict.verdict != SATISFIED:
            kind = "failure" if verdict.is_result else "skipped"
            _outcome(case, kind, VERDICT_NAMES[verdict.verdict][lang], _told(verdict, lang))


def _told(verdict: Verdict, lang: str) -> str:
    if verdict.answer:
        again = f" {words.say('review', lang)}" if verdict.answer.review_again else ""
        answer = f"{words.answer(verdict.answer, lang)}: {verdict.answer.reason.value}{again}"
        return f"{verdict.message[lang]} {words.say('answer', lang)}: {answer}"
    remedy = f"\n{words.say('remedy', lang)}: {verdict.remedy[lang]}" if verdict.remedy else ""
    source = f"\n{words.say('source', lang)}: {', '.join(verdict.claims)}" if verdict.claims else ""
    return f"{verdict.message[lang]}{remedy}{source}"


def _unreadable(root: Xml.Element, unread: Unreadable, lang: str) -> None:
    suite = _suite(root, unread.path)
    case = Xml.SubElement(suite, "testcase", classname="read", name=_clean(unread.path), file=_clean(unread.path))
    if unread.error.place:
        case.set("line", str(unread.error.place[0]))
    _outcome(case, "error", words.say("unreadable", lang), str(unread.error))


def _suite(root: Xml.Element, name: str) -> Xml.Element:
    return Xml.SubElement(root, "testsuite", name=_clean(name))


def _case(suite: Xml.Element, group: str, name: str, file: FileReport, position: Position | None) -> Xml.Element:
    case = Xml.SubElement(suite, "testcase", classname=_clean(group), name=_clean(name), file=_clean(file.name))
    if position:
        case.set("line", str(position.line))
    return case


def _outcome(case: Xml.Element, kind: str, name: str, text: str) -> None:
    # Only this attribute of a skipped case is shown; of others the first line will do.
    found = Xml.SubElement(case, kind, message=_clean(text if kind == "skipped" else text.splitlines()[0]))
    if kind != "skipped":
        found.set("type", _clean(name))
        found.text = _clean(text)


def _clean(text: str) -> str:
    return _NO_XML.sub("�", text)
