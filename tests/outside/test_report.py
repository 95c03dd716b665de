"""Each claim stands where it says in the summary of the report, read in a copy of one's own; and nothing is copied."""

import re
import shutil
import subprocess
from bisect import bisect_right
from collections.abc import Iterator

import pytest

from outside.suites import ROOT, SUMMARY, absent
from vereend.knowledge import load
from vereend.locators import digest
from vereend.sources import mismatches

pytestmark = [pytest.mark.outside, absent(SUMMARY)]

# So many words in a row make a copy.
RUN = 6


@pytest.fixture(scope="module")
def summary() -> str:
    return SUMMARY.read_text("utf-8")


def test_every_claim_stands_on_the_lines_it_names(summary: str):
    total, wrong = mismatches(summary)

    assert total > 200
    assert [claim.number for claim in wrong] == []


def test_a_claim_on_a_changed_line_is_found(summary: str):  # the near miss: one word more
    claim = next(c for c in load().claims.values() if c.lines)
    lines = summary.splitlines()
    lines[claim.lines.first - 1] += " niet"

    _, wrong = mismatches("\n".join(lines))

    assert claim in wrong
    assert all(c.lines and c.lines.first <= claim.lines.first <= c.lines.last for c in wrong)


def test_another_layout_of_the_same_lines_has_the_same_digest(summary: str):
    for claim in load().claims.values():
        lines = summary.splitlines()
        passage = "\n".join(line.strip() for line in lines[claim.lines.first - 1 : claim.lines.last])
        whole = type(claim.lines)(1, claim.lines.last - claim.lines.first + 1)
        assert digest(passage, whole) == digest(summary, claim.lines)


def words(text: str) -> Iterator[tuple[str, int]]:
    """Give the words, in small letters, without hyphens and apostrophes, and where each begins."""
    text = re.sub(r'(?<=")@(nl|en)\b', lambda match: " " * len(match[0]), text)  # Turtle's language tags are no words
    for match in re.finditer(r"[^\W_]+(?:(?:['’]|-(?:\n[ ]*)?)[^\W_]+)*", text):
        yield re.sub(r"[\W_]", "", match[0]).casefold(), match.start()


def runs_of(text: str) -> set[tuple[str, ...]]:
    found = [word for word, _ in words(text)]
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def copies(text: str, runs: set[tuple[str, ...]]) -> list[tuple[int, str]]:
    """Give each line where a run begins, with the run."""
    found = list(words(text))
    breaks = [m.start() for m in re.finditer("\n", text)]
    return [
        (bisect_right(breaks, found[i][1]) + 1, " ".join(run))
        for i in range(len(found) - RUN + 1)
        if (run := tuple(word for word, _ in found[i : i + RUN])) in runs
    ]


def headings() -> set[str]:
    """Give the headings by which claims name the section they stand in."""
    return {claim.section for claim in load().claims.values() if claim.section}


def test_headings_are_no_sentences():
    for heading in headings():
        assert "." not in heading
        assert len(heading) < 120


@pytest.mark.skipif(not shutil.which("git") or not (ROOT / ".git").exists(), reason="not a git checkout")
def test_no_file_holds_six_words_in_a_row_of_the_summary(summary: str):
    """Headings are left out: a place is named by them."""
    runs = runs_of(summary) - {run for heading in headings() for run in runs_of(heading)}
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    read, found = 0, []
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" in data:
            continue  # a picture or a font, or a file that is being moved
        read += 1
        found += [f"{name}:{line}: {run}" for line, run in copies(data.decode("utf-8", "replace"), runs)]

    assert read > 50
    assert not found, "\n" + "\n".join(found)


def test_a_copy_is_found_whatever_its_layout():
    runs = {("de", "politieagent", "heeft", "zijn", "pet", "verloren")}

    assert copies("Kop\nDe politie-\nagent heeft (zijn) 'pet' verloren.", runs) == [
        (2, "de politieagent heeft zijn pet verloren")
    ]
    assert copies('"De politie-agent heeft"@nl , "zijn pet verloren"@nl', runs)
    assert not copies("De politieagent heeft haar pet verloren.", runs)  # the near miss: five of the six
