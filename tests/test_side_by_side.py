"""Two partnerships beside each other differ where what they tell differs, and nowhere else."""

import csv
import io

import pytest

from vereend.knowledge import load
from vereend.side_by_side import PARTS, as_csv, as_text, side_by_side

KB = load()


def file(slug: str):
    return KB.report(slug).files[0]


@pytest.mark.parametrize("slug", ["shoplifting", "veilig-plein"])
def test_a_partnership_does_not_differ_from_itself(slug: str):
    found = side_by_side(file(slug), file(slug))
    assert not [row for row in found.rows if row.differs]
    assert {row.part for row in found.rows} == set(PARTS)


def test_a_variant_differs_in_what_was_changed():
    found = side_by_side(file("veilig-plein"), file("veilig-plein-advies"))
    differing = {(row.part, row.key.rpartition(" ")[2]) for row in found.rows if row.differs}
    assert differing == {("powers", "interventions"), ("verdicts", "R13"), ("verdicts", "R15")}


def test_the_order_of_the_two_does_not_matter():
    one = side_by_side(file("shoplifting"), file("veilig-plein"))
    other = side_by_side(file("veilig-plein"), file("shoplifting"))
    assert [(r.key, r.a, r.b, r.differs) for r in one.rows] == [(r.key, r.b, r.a, r.differs) for r in other.rows]


def test_what_is_of_a_narrower_kind_is_not_said_to_be_absent():
    found = side_by_side(file("shoplifting"), file("veilig-plein"))
    private = next(row for row in found.part("actors") if row.label["en"] == "private actor")
    assert private.b.number == 2
    assert private.b.state == "told"


def test_a_power_one_of_them_lacks_has_nothing_to_compare():
    found = side_by_side(file("shoplifting"), file("veilig-plein"))
    absent = [row for row in found.part("powers") if "absent" in (row.a.state, row.b.state)]
    assert absent
    assert not any(row.differs for row in absent)


def test_the_table_holds_every_row_and_the_text_every_difference():
    found = side_by_side(file("shoplifting"), file("veilig-plein-advies"))
    table = list(csv.DictReader(io.StringIO(as_csv(found, "nl"))))
    assert len(table) == len(found.rows)
    for part in PARTS:
        assert sum(row["part"] == part and row["differs"] == "yes" for row in table) == found.counts[part][0]
    text = as_text(found, "nl")
    assert text.count("\n    a  ") == sum(row.differs for row in found.rows)
