"""What came of many descriptions: a table with a row a verdict, as CSV or Parquet, and a summary as text and as a page.

Both tables are written as the lines come, whatever their number.
"""

import csv
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from vereend import __version__
from vereend.errors import VereendError
from vereend.formats.page import CODES, style, template
from vereend.formats.spreadsheet import guarded
from vereend.rules import rules
from vereend.verdicts import NOT_APPLICABLE, ORDER
from vereend.wording import SEVERITY_NAMES, VERDICT_NAMES
from vereend.writing import whole

if TYPE_CHECKING:
    from vereend.batch import Summary

Row = dict[str, str]
COLUMNS = (
    "file",
    "outcome",  # judged, cannot be judged, unreadable
    "partnership",
    "phase",
    "rule",
    "theme",
    "verdict",
    "verdictLabel",
    "severity",
    "focus",
    "value",
    "where",  # of what cannot be judged or read, as are the next two
    "problem",
    "remedy",
)
_ROWS = 20_000  # written to Parquet at a time; more takes more memory
_SAYS = {
    "title": {
        "nl": "Wat de regels zeggen van {files} beschrijvingen",
        "en": "What the rules say of {files} descriptions",
    },
    "judged": {"nl": "beoordeeld", "en": "judged"},
    "cannot be judged": {"nl": "niet te beoordelen", "en": "cannot be judged"},
    "unreadable": {"nl": "niet te lezen", "en": "cannot be read"},
    "outcomes": {"nl": "Bestanden", "en": "Files"},
    "conforming": {
        "nl": "{conforming} van {partnerships} samenwerkingen voldoen.",
        "en": "{conforming} of {partnerships} partnerships conform.",
    },
    "date": {"nl": "Beoordeeld naar de stand op", "en": "Judged as of"},
    "engine": {"nl": "SHACL-engine", "en": "SHACL engine"},
    "version": {"nl": "Versie van Vereend", "en": "Version of Vereend"},
    "verdicts": {"nl": "Oordelen", "en": "Verdicts"},
    "rules": {"nl": "Per regel", "en": "By rule"},
    "rule": {"nl": "Regel", "en": "Rule"},
    "worst": {"nl": "Met de zwaarste schendingen", "en": "With the gravest breaches"},
    "worst none": {"nl": "Geen enkele regel is geschonden.", "en": "No rule is violated."},
    "partnership": {"nl": "Samenwerking", "en": "Partnership"},
    "file": {"nl": "Bestand", "en": "File"},
    "errors": {"nl": "Niet beoordeeld", "en": "Not judged"},
    "errors none": {"nl": "Elk bestand is gelezen en beoordeeld.", "en": "Every file was read and judged."},
    "errors more": {
        "nl": "De tabel heeft ze alle; hier staan de eerste {shown}.",
        "en": "The table has them all; here are the first {shown}.",
    },
    "why": {
        "nl": "Waarom een regel van een beschrijving zegt wat hij zegt, vertelt vereend explain BESTAND REGEL.",
        "en": "Why a rule says what it says of a description is told by vereend explain FILE RULE.",
    },
    "reach": {
        "nl": "Dit overzicht beoordeelt beschrijvingen, niet de samenwerkingen zelf, en is geen juridisch advies. "
        "“Niet verteld” is een vraag, geen bevinding.",
        "en": "This summary judges descriptions, not the partnerships themselves, and is no legal advice. "
        "“Not told” is a question, not a finding.",
    },
}


def say(key: str, lang: str, **found: object) -> str:
    """Give a word or sentence of the summary in a language."""
    return _SAYS[key][lang].format(**found)


def number(value: int, lang: str) -> str:
    """Write a number as its readers do."""
    return f"{value:,}".replace(",", "." if lang == "nl" else ",")


# --- the table --------------------------------------------------------------------------------------------------------


def check(out: Path) -> None:
    """Refuse an output that could not be written, before any work is done.

    Raises:
        VereendError: another ending than .csv or .parquet, no such folder, or Parquet without what writes it.
    """
    if out.suffix not in (".csv", ".parquet"):
        raise VereendError(str(out), "has an ending we do not write", "End it in .csv or .parquet")
    if not out.parent.is_dir():
        raise VereendError(str(out.parent), "is no folder", "Make it first, or choose another")
    if out.suffix == ".parquet" and importlib.util.find_spec("pyarrow") is None:
        raise VereendError(
            str(out), "needs pyarrow to be written", "Install it (pip install 'vereend[scale]'), or end it in .csv"
        )


def write(out: Path, lines: Iterable[dict[str, Any]], lang: str) -> None:
    """Write the table of what came of each file; it is whole, or not there.

    Args:
        lines: as the journal has them.
    """
    rows = (row for line in lines for row in _rows(line, lang))
    with whole(out) as temporary:
        (_write_parquet if out.suffix == ".parquet" else _write_csv)(temporary, rows)


def _rows(line: dict[str, Any], lang: str) -> Iterator[Row]:
    head = {"file": line["file"], "outcome": line["outcome"]}
    for error in line.get("errors", ()):
        yield head | {name: error[name] for name in ("where", "problem", "remedy")}
    for one in line.get("partnerships", ()):
        about = head | {"partnership": one["iri"], "phase": one["phase"]}
        if not one["verdicts"]:
            yield about
        for rule, verdict, severity, focus, value in one["verdicts"]:
            yield about | {
                "rule": rule,
                "theme": rules()[rule].theme_slug,
                "verdict": verdict,
                "verdictLabel": VERDICT_NAMES[verdict][lang],
                "severity": SEVERITY_NAMES[severity][lang],
                "focus": focus,
                "value": value or "",
            }


def _write_csv(out: Path, rows: Iterable[Row]) -> None:
    # Without the mark of UTF-8 in front, Excel reads a CSV file in an encoding of its own.
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, restval="")
        table.writeheader()
        for row in rows:
            table.writerow({name: guarded(cell) for name, cell in row.items()})


def _write_parquet(out: Path, rows: Iterable[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    held: list[Row] = []
    with pq.ParquetWriter(out, schema, compression="zstd") as table:

        def flush() -> None:
            table.write_table(pa.table({name: [row.get(name, "") for row in held] for name in COLUMNS}, schema))
            held.clear()

        for row in rows:
            held.append(row)
            if len(held) == _ROWS:
                flush()
        if held:
            flush()


# --- the summary ------------------------------------------------------------------------------------------------------


class RuleRow(NamedTuple):
    """How often a rule gave each verdict."""

    number: str
    label: str
    counts: list[int]  # in the order of `spoken`


def spoken(summary: "Summary") -> list[str]:
    """Give the verdicts that were given, gravest first."""
    return [verdict for verdict in ORDER if verdict != NOT_APPLICABLE and summary.total(verdict)]


def by_rule(summary: "Summary", lang: str) -> list[RuleRow]:
    """Count verdicts by rule, for each rule that spoke."""
    columns = spoken(summary)
    rows = [
        RuleRow(rule.number, rule.label[lang], [summary.verdicts[rule.number, verdict] for verdict in columns])
        for rule in rules().values()
    ]
    return [row for row in rows if any(row.counts)]


def write_text(summary: "Summary", lang: str) -> str:
    """Write the summary for a terminal."""

    def count(value: int) -> str:
        return number(value, lang)

    out = [say("title", lang, files=count(summary.files))]
    out += [
        f"  {count(summary.outcomes[key]):>9} {say(key, lang)}"
        for key in ("judged", "cannot be judged", "unreadable")
        if summary.outcomes[key]
    ]
    out.append(_conforming(summary, lang))
    columns = spoken(summary)
    if columns:
        names = [VERDICT_NAMES[verdict][lang] for verdict in columns]
        out += ["", "".join([f"{say('rule', lang):<7}", *(f"{name:>15}" for name in names)])]
        out += [
            "".join([f"{row.number:<7}", *(f"{count(value) if value else '·':>15}" for value in row.counts)])
            for row in by_rule(summary, lang)
        ]
    out += ["", say("worst", lang) if summary.worst else say("worst none", lang)]
    out += [f"  {_breaches(one.breaches, lang)}: {one.file} <{one.partnership}>" for one in summary.worst]
    out += ["", f"{say('errors', lang)}:" if summary.errors else say("errors none", lang)]
    out += [f"  {_error(file, told)}" for file, told in summary.errors]
    if len(summary.errors) < summary.files - summary.outcomes["judged"]:
        out.append(say("errors more", lang, shown=len(summary.errors)))
    return "\n".join([*out, "", say("why", lang)])


def _conforming(summary: "Summary", lang: str) -> str:
    return say(
        "conforming",
        lang,
        conforming=number(summary.conforming, lang),
        partnerships=number(summary.partnerships, lang),
    )


def _breaches(counts: Iterable[int], lang: str) -> str:
    severities = zip(counts, SEVERITY_NAMES, strict=True)
    return ", ".join(f"{value} × {SEVERITY_NAMES[severity][lang]}" for value, severity in severities if value)


def _error(file: str, told: str) -> str:
    return told if told.startswith(file) else f"{file}: {told}"


def write_page(out: Path, summary: "Summary", lang: str) -> None:
    """Write the summary as one HTML page that needs nothing beside it."""

    def told(key: str, **found: object) -> str:
        return say(key, lang, **found)

    def counted(value: int) -> str:
        return number(value, lang)

    text = template("batch.html").render(
        lang=lang,
        say=told,
        number=counted,
        version=__version__,
        summary=summary,
        conforming=_conforming(summary, lang),
        verdicts=[(CODES[v], VERDICT_NAMES[v][lang], summary.total(v)) for v in spoken(summary)],
        rows=by_rule(summary, lang),
        worst=[(_breaches(one.breaches, lang), one) for one in summary.worst],
        errors=[_error(file, told_) for file, told_ in summary.errors],
        css=style(),
    )
    with whole(out) as temporary:
        temporary.write_text(text, "utf-8")
