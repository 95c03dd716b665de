"""Many descriptions are judged like one, whatever happens to a file, to a process or to the machine."""

import csv
import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

import piecework
from manifests import EXAMPLE
from vereend import batch as batches
from vereend import pools
from vereend.batch import batch, files_in
from vereend.cli import main
from vereend.errors import VereendError
from vereend.formats import batch as form
from vereend.journal import Journal
from vereend.reading import read
from vereend.telling import progress_text
from vereend.terms import iri
from vereend.validation import outcomes

EXAMPLES = [EXAMPLE, EXAMPLE.with_name("veilig-plein-advies.ttl"), EXAMPLE.with_name("veilig-plein-betwist.ttl")]
BAD = {
    "empty.ttl": b"",
    "bytes.ttl": b"\0\1\2",
    "broken.yaml": b"a: [",
    "term.ttl": b"@prefix vrd: <https://w3id.org/vereend/ns#> . <a> a vrd:Partnershap .",
    "loose.ttl": b"@prefix vrd: <https://w3id.org/vereend/ns#> . <a> a vrd:Partnership ; vrd:hasPosition <b> .",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory):
    """A folder with good and bad files, judged by the command in two processes."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "in" / "deeper").mkdir(parents=True)
    for path in EXAMPLES:
        (folder / "in" / "deeper" / path.name).write_bytes(path.read_bytes())
    for name, data in BAD.items():
        (folder / "in" / name).write_bytes(data)
    out = folder / "verdicts.csv"
    arguments = ["batch", str(folder / "in"), str(folder / "absent.ttl"), "--out", str(out), "--lang", "en"]
    result = CliRunner().invoke(main, [*arguments, "--workers", "2"], catch_exceptions=False)
    return folder, result, rows(out)


def test_a_batch_gives_the_verdicts_of_each_file(judged):
    folder, _, table = judged
    for path in EXAMPLES:
        here = folder / "in" / "deeper" / path.name
        expected = {(r, iri(f), iri(v) if v else "", verdict) for (r, f, v), verdict in outcomes(read(here)).items()}
        found = [(r["rule"], r["focus"], r["value"], r["verdict"]) for r in table if r["file"] == str(here)]
        assert set(found) == expected
        assert len(found) == len(expected)


def test_a_bad_file_gets_a_line_that_says_where_what_and_what_to_do(judged):
    _, result, table = judged
    bad = {Path(r["file"]).name: r for r in table if r["outcome"] != "judged"}
    assert bad.keys() == {*BAD, "absent.ttl"}
    assert all(r["where"] and r["problem"] and r["remedy"] for r in bad.values())
    assert bad["term.ttl"]["where"].endswith("'vrd:Partnershap'")
    assert bad["loose.ttl"]["outcome"] == "cannot be judged"
    assert bad["absent.ttl"]["problem"] == "does not exist"
    assert result.exit_code == 2
    assert "absent.ttl: does not exist" in result.output


def test_the_summary_counts_what_the_table_has(judged):
    folder, result, table = judged
    page = (folder / "verdicts.html").read_text("utf-8")
    violated = sum(r["verdict"] == "violated" for r in table)
    assert f"<b>{violated}</b> violated" in page
    assert "<b>0</b>" not in page
    assert "What the rules say of 9 descriptions" in page
    assert "1 of 3 partnerships conform" in result.output
    assert "veilig-plein-advies" in result.output.partition("With the gravest breaches")[2]
    assert not (folder / "verdicts.csv.journal").exists()


def test_parquet_holds_the_same_rows(judged, tmp_path: Path):
    parquet = pytest.importorskip("pyarrow.parquet")
    _, _, table = judged
    line = {
        "file": "=a.ttl",
        "outcome": "judged",
        "partnerships": [
            {"iri": "urn:p", "phase": "initial", "verdicts": [["R01", "satisfied", "Warning", "urn:p", None]]}
        ],
    }
    for name in ("out.csv", "out.parquet"):
        form.write(tmp_path / name, [line], "nl")
    (row,) = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert row == {**rows(tmp_path / "out.csv")[0], "file": "=a.ttl"}  # a spreadsheet would run the name as a formula
    assert list(row) == list(table[0])


def test_parquet_without_what_writes_it_is_refused_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(form.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(VereendError, match=r"needs pyarrow.*pip install 'vereend\[scale\]'"):
        batch([EXAMPLE], tmp_path / "out.parquet")


@pytest.mark.parametrize(("out", "problem"), [("a.txt", "ending we do not write"), ("none/a.csv", "is no folder")])
def test_an_output_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path, out: str, problem: str):
    with pytest.raises(VereendError, match=problem):
        batch([EXAMPLE], tmp_path / out)


def test_a_folder_without_descriptions_is_an_error(tmp_path: Path):
    (tmp_path / "plein.answers.ttl").touch()
    with pytest.raises(VereendError, match="holds no description"):
        files_in([tmp_path])


def test_a_file_named_twice_is_judged_once(tmp_path: Path):
    (tmp_path / "a.ttl").touch()
    assert files_in([tmp_path, tmp_path / "a.ttl", tmp_path / ".." / tmp_path.name]) == [str(tmp_path / "a.ttl")]


# --- processes that die -----------------------------------------------------------------------------------------------


def test_a_file_that_kills_or_holds_its_process_is_named_and_the_rest_is_done(tmp_path: Path):
    names = [*(f"file-{n}" for n in range(12)), "kills", "hangs", *(f"later-{n}" for n in range(6))]
    lines = [
        line
        for some in pools.in_processes(
            partial(piecework.work, tmp_path / "log"),
            names,
            piecework.died,
            workers=2,
            size=4,
            timeout_s=0.5,
            memory_bytes=2_000_000_000,
        )
        for line in some
    ]
    assert Counter(line["file"] for line in lines) == Counter(names)
    outcome = {line["file"]: line["outcome"] for line in lines}
    assert outcome == dict.fromkeys(names, "judged") | {"kills": "died", "hangs": "late"}


def test_a_cluster_does_the_same_and_survives_the_death_of_a_worker(tmp_path: Path):
    dask = pytest.importorskip("dask")
    distributed = pytest.importorskip("distributed")
    names = [*(f"file-{n}" for n in range(40)), "kills"]
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        lines, killed = [], False
        for some in pools.on_cluster(
            partial(piecework.work, tmp_path / "log"),
            names,
            piecework.died,
            address=cluster.scheduler_address,
            size=5,
        ):
            lines += some
            if not killed:
                os.kill(some[0]["process"], signal.SIGKILL)
                killed = True
    assert Counter(line["file"] for line in lines) == Counter(names)
    assert {line["file"] for line in lines if line["outcome"] == "died"} == {"kills"}
    assert len({line["process"] for line in lines if "process" in line}) > 1


def test_a_cluster_that_does_not_answer_is_told_as_such():
    pytest.importorskip("distributed")
    with pytest.raises(VereendError, match="is no cluster that answers"):
        list(pools.on_cluster(piecework.work, ["a"], piecework.died, address="nowhere", size=1))


def test_a_worker_with_other_rules_stops_the_work():
    order = batches.Order(None, "2026-01-01", None, "fast", "en", (), "another digest")
    with pytest.raises(VereendError, match="has other rules"):
        batches.judge_files(order, [])


# --- an interruption at any moment ------------------------------------------------------------------------------------


def begin(folder: Path, log: Path, out: Path) -> multiprocessing.Process:
    """Begin a batch in a process group of its own, with light work in the place of judging."""

    def light(order: batches.Order, names: list[str], **_: object):
        work = partial(piecework.work, log)
        limits = {"timeout_s": 10.0, "memory_bytes": 2_000_000_000}
        return pools.in_processes(work, names, piecework.died, workers=2, size=3, **limits)

    def run() -> None:
        os.setsid()
        sys.modules["__main__"] = ModuleType("__main__")  # pytest, which each process would import
        batches._work = light
        batch([folder], out, on="2026-01-01")

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    return process


def test_killed_at_twenty_moments_a_batch_loses_nothing_and_does_nothing_twice(tmp_path: Path):
    chance, kills, rounds = random.Random(7), 0, 0
    folder, log, out = tmp_path / "in", tmp_path / "log", tmp_path / "out.csv"
    journal = tmp_path / "out.csv.journal"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.ttl").write_text(f"{number}", "utf-8")
    names = files_in([folder])
    while kills < 20:
        rounds += 1
        kept: set[str] = set()
        while not out.exists():
            log.unlink(missing_ok=True)
            process = begin(folder, log, out)
            some_more = (journal.stat().st_size if journal.exists() else 0) + chance.randrange(0, 6000)
            while process.is_alive() and kills < 20 and (not journal.exists() or journal.stat().st_size < some_more):
                time.sleep(0.001)
            if process.is_alive() and kills < 20:
                time.sleep(chance.random() * 0.02)
                os.killpg(process.pid, signal.SIGKILL)
                kills += 1
            process.join()
            assert kept.isdisjoint(piecework.done_by(log)), "what was kept is done again"
            if journal.exists():
                whole = journal.read_bytes().rpartition(b"\n")[0].decode()
                kept = {name for name in names if f'"file":"{name}"' in whole}
        assert [row["file"] for row in rows(out)] == names
        out.unlink()
    assert rounds > 1  # some runs came to their end, and began anew


# --- the journal ------------------------------------------------------------------------------------------------------


def line(name: str, digest: str = "d") -> dict[str, str]:
    return {"file": name, "digest": digest}


def test_a_line_that_was_cut_off_counts_for_nothing(tmp_path: Path):
    path = tmp_path / "journal"
    journal = Journal(path, {"on": "2026-01-01"})
    journal.add([line("a"), line("b")])
    journal.close()
    whole = path.read_bytes()
    head = whole.index(b"\n") + 1
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        journal = Journal(path, {"on": "2026-01-01"})
        left = [name for name in ("a", "b") if not journal.has(name, lambda: "d")]
        journal.add(map(line, left))
        assert list(journal.lines("ab")) == [line("a"), line("b")]
        assert len(left) == 2 - whole[:length].count(b"\n", head)
        journal.close()
        assert path.read_bytes() == whole


def test_what_has_changed_since_is_done_again(tmp_path: Path):
    journal = Journal(tmp_path / "journal", {})
    journal.add([line("a", "old")])
    assert journal.has("a", lambda: "old")
    assert not journal.has("a", lambda: "new")
    journal.add([line("a", "new")])
    assert list(journal.lines("a")) == [line("a", "new")]
    journal.close(done=True)
    assert not (tmp_path / "journal").exists()


def test_other_options_are_refused_unless_the_work_begins_anew(tmp_path: Path):
    path = tmp_path / "journal"
    Journal(path, {"phase": "initial", "on": "2026-01-01"}).close()
    with pytest.raises(VereendError, match=r"phase was initial, is None: was begun with something else.*--restart"):
        Journal(path, {"phase": None, "on": "2026-01-01"})
    again = Journal(path, {"phase": "initial", "on": "2026-06-01"}, open_ended=["on"])
    assert again.begun_with["on"] == "2026-01-01"  # one batch, one date, however many days it takes
    with pytest.raises(VereendError, match="is being written by another process"):
        Journal(path, {"phase": "initial", "on": "2026-01-01"})
    again.close()
    fresh = Journal(path, {"phase": None, "on": "2026-06-01"}, fresh=True)
    assert fresh.begun_with == {"phase": None, "on": "2026-06-01"}
    fresh.close()


def test_progress_tells_rate_and_time_left():
    progress = batches.Progress(done=150, total=1000, begun=50, seconds=10.0)
    assert progress_text(progress, "en") == "150 of 1000 descriptions, 10 a second, 1:25 left"
    assert progress_text(progress, "nl") == "150 van 1000 beschrijvingen, 10 per seconde, nog 1:25"
