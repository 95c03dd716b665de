"""No provision of the table the law was taken from is lost, or says something else, where the table is at hand."""

import csv

import pytest

from outside.suites import SHARED, absent
from vereend.knowledge import load
from vereend.law import PARSERS
from vereend.terms import literal, term

TABLE = SHARED / "law.csv"
pytestmark = [pytest.mark.outside, absent(TABLE)]


def test_no_provision_of_the_table_is_lost():
    rows = list(csv.DictReader(TABLE.open(encoding="utf-8")))
    law = load().vocabulary.law_of

    assert len(rows) == 75
    for row in rows:
        told = {s.predicate: s.object for s in law[term(f"law:{row['id']}")]}
        identifiers = {literal(told[p]).value for n in PARSERS if (p := term(f"vrd:{n}")) in told}
        assert identifiers == {x for x in (row["jci_or_eli"], row["ecli"]) if x}, row["id"]
        assert told[term("vrd:confidence")] == term(f"vc:conf-{row['confidence']}"), row["id"]
        assert told[term("vrd:effectKind")] == term(f"vc:eff-{row['power_or_safeguard']}"), row["id"]
