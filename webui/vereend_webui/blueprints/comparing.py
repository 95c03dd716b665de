"""Partnerships beside each other: two of them row by row, or all of them by safeguards or by rules."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from vereend.knowledge import Case, Claim
from vereend.matrices import RULES, SAFEGUARDS, STATE_NAMES, STATES, TOLD, Column, Matrix, matrix
from vereend.report import FileReport
from vereend.side_by_side import ABSENT, PARTS, Side, SideBySide, side_by_side
from vereend.terms import Text
from vereend_webui.i18n import current, pick
from vereend_webui.site import knowledge
from vereend_webui.telling import namer
from vereend_webui.things import Namer, Thing, Told, thing

bp = Blueprint("comparing", __name__)
ALL, REPORT = "all", "report"  # which partnerships stand in the matrix


@dataclass(frozen=True)
class SideCell:
    """What one of two partnerships tells."""

    state: str  # told, none, not told or absent; for a rule its gravest verdict
    word: str
    things: list[Thing]
    number: int
    href: str | None  # to the verdicts, for a rule


@dataclass(frozen=True)
class ComparedRow:
    """One thing told of both."""

    label: Text
    number: str  # of a rule
    href: str | None
    a: SideCell
    b: SideCell
    differs: bool


@dataclass(frozen=True)
class ComparedGroup:
    """Rows under one heading; an empty heading for none."""

    label: Text
    rows: list[ComparedRow]


@dataclass(frozen=True)
class ComparedPart:
    """One part of the comparison."""

    name: str  # one of side_by_side.PARTS
    differ: int
    total: int
    groups: list[ComparedGroup]  # only what is shown


@dataclass(frozen=True)
class ComparePage:
    """All that comparing/two.html may use."""

    cases: list[tuple[str, Text]]
    a: Case
    b: Case
    names: tuple[Thing, Thing]
    everything: bool  # what is the same is shown as well
    judged: bool
    parts: list[ComparedPart]


@dataclass(frozen=True)
class MatrixCell:
    """What is told of one thing in one partnership."""

    state: str
    word: str
    number: int
    href: str | None  # to what it rests on; None where it rests on nothing
    chosen: bool


@dataclass(frozen=True)
class MatrixRow:
    """A kind of safeguard or a rule."""

    key: str
    name: Thing
    cells: list[MatrixCell]
    totals: dict[str, int]


@dataclass(frozen=True)
class Said:
    """One verdict behind a cell."""

    verdict: str
    message: Text


@dataclass(frozen=True)
class CellEvidence:
    """What a cell rests on."""

    row: Thing
    column: Thing
    slug: str
    word: str
    said: list[Said]
    evidence: list[Told]
    claims: list[Claim]


@dataclass(frozen=True)
class MatrixPage:
    """All that comparing/matrix.html may use."""

    by: str
    of: str  # ALL or REPORT
    columns: list[tuple[str, Thing]]
    rows: list[MatrixRow]
    totals: list[tuple[str, str, list[int]]]  # state, its word, how many in each partnership
    chosen: CellEvidence | None


def _file(slug: str) -> FileReport:
    return knowledge().report(slug).files[0]


@bp.get("/compare")
def two() -> str:
    """Show two partnerships side by side; the first two of the report where none are named."""
    kb = knowledge()
    order = sorted(kb.cases, key=lambda slug: kb.cases[slug].fictional)
    a = kb.case(request.args.get("a") or order[0])
    b = kb.case(request.args.get("b") or next((slug for slug in order if slug != a.slug), a.slug))
    everything = request.args.get("show") == "all"
    found, namers = side_by_side(_file(a.slug), _file(b.slug)), (namer(a), namer(b))
    page = ComparePage(
        [(c.slug, kb.label(c.iri, current())) for c in kb.cases.values()],
        a,
        b,
        (thing(a.iri), thing(b.iri)),
        everything,
        bool(found.a.partnerships and found.b.partnerships),
        [_part(found, name, (a, b), namers, everything) for name in PARTS],
    )
    return render_template("comparing/two.html", page=page)


def _part(
    found: SideBySide, name: str, cases: tuple[Case, Case], namers: tuple[Namer, Namer], everything: bool
) -> ComparedPart:
    groups: dict[str, ComparedGroup] = {}
    for row in found.part(name):
        if not (everything or row.differs):
            continue
        heading = pick(row.group)
        group = groups.setdefault(heading.value, ComparedGroup(heading, []))
        rule = knowledge().rules.get(row.key)
        group.rows.append(
            ComparedRow(
                pick(row.label),
                rule.number if rule else "",
                thing(rule.iri).href if rule else None,
                *(
                    _side(side, case, names, rule.number if rule else "")
                    for side, case, names in zip((row.a, row.b), cases, namers, strict=True)
                ),
                row.differs,
            )
        )
    return ComparedPart(name, *found.counts[name], list(groups.values()))


def _side(side: Side, case: Case, names: Namer, rule: str) -> SideCell:
    href = url_for("validation.show", example=case.slug) + f"#{rule}" if rule else None
    things = [names.thing(name) for name in side.names] if side.state == TOLD else []
    word = "" if side.state == ABSENT else STATE_NAMES[side.state][current()]
    return SideCell(side.state, word, things, side.number, href)


@bp.get("/matrix")
def all_of_them() -> str:
    """Show the partnerships by safeguards or by rules; `row` and `column` choose a cell to see what it rests on."""
    by, of = request.args.get("by") or SAFEGUARDS, request.args.get("of") or REPORT
    found = matrix([_file(slug) for slug in chosen_cases(of)], by)
    row, column = request.args.get("row", ""), request.args.get("column", "")
    page = MatrixPage(
        by,
        of,
        [(c.name, thing(c.iri)) for c in found.columns],
        _rows(found, of, row, column),
        [
            (state, STATE_NAMES[state][current()], numbers)
            for state in STATES[by]
            if any(numbers := [found.totals(place)[state] for place in range(len(found.columns))])
        ],
        _evidence(found, row, column) if row or column else None,
    )
    return render_template("comparing/matrix.html", page=page)


def chosen_cases(of: str) -> list[str]:
    """Give the short names of the partnerships a matrix is about: of the report, all, or those listed with commas."""
    kb = knowledge()
    if of in (ALL, REPORT):
        return [case.slug for case in kb.cases.values() if of == ALL or not case.fictional]
    return [kb.case(slug.strip()).slug for slug in of.split(",") if slug.strip()]


def _rows(found: Matrix, of: str, chosen_row: str, chosen_column: str) -> list[MatrixRow]:
    def cell(row_key: str, column: Column, state: str, number: int, rests: bool) -> MatrixCell:
        address = url_for("comparing.all_of_them", by=found.by, of=of, row=row_key, column=column.name)
        chosen = (row_key, column.name) == (chosen_row, chosen_column)
        return MatrixCell(state, STATE_NAMES[state][current()], number, f"{address}#cell" if rests else None, chosen)

    return [
        MatrixRow(
            row.key,
            Thing(pick(row.label), "rule" if found.by == RULES else "safeguard", thing(row.iri).href),
            [
                cell(row.key, column, one.state, one.number, bool(one.evidence or (one.counts and one.number)))
                for column, one in zip(found.columns, row.cells, strict=True)
            ],
            row.totals,
        )
        for row in found.rows
    ]


def _evidence(found: Matrix, row: str, column: str) -> CellEvidence:
    kb = knowledge()
    line, one, cell = found.cell(row, column)
    case = next(c for c in kb.cases.values() if c.iri == one.iri)
    verdicts = [v for v in kb.report(case.slug).verdicts if found.by == RULES and v.rule.number == row]
    return CellEvidence(
        Thing(pick(line.label), "rule" if found.by == RULES else "safeguard", thing(line.iri).href),
        thing(one.iri),
        case.slug,
        STATE_NAMES[cell.state][current()],
        [Said(v.verdict, pick(v.message)) for v in verdicts],
        [told._replace(line=None) for told in namer(case).told(cell.evidence)],
        [kb.claims[number] for number in cell.claims if number in kb.claims],
    )
