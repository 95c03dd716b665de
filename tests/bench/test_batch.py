"""How long many descriptions take, beside plain pySHACL one by one, and whether time and memory grow with their number.

The sizes are those in VEREEND_BENCH_SIZES, as in 1000,10000,100000. Plain pySHACL is measured on a sample, and its time
for all is extrapolated: it would take hours.
"""

import csv
import math
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
import rdflib

from bench.measuring import ENVIRONMENT, ROOT, keep
from bench.scale import Written, write
from vereend.closure import Shared
from vereend.reading import read

pytestmark = pytest.mark.bench

SIZES = [int(size) for size in os.environ.get("VEREEND_BENCH_SIZES", "1000,10000").split(",")]
SAMPLE = 20  # for plain pySHACL
REFERENCE = 100  # for our use of pySHACL


class Run(NamedTuple):
    """One run of the command."""

    seconds: float
    processor_s: float
    largest_mb: float  # of its processes


def run(written: Written, out: Path, *options: str) -> Run:
    script = "import sys; from vereend.cli import main; sys.argv[0] = 'vereend'; main()"
    arguments = ["batch", str(written.descriptions), "--shared", str(written.shared), "--out", str(out), *options]
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments, "--workers", "2"],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 1)  # every file was judged
    return Run(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def found(out: Path) -> set[tuple[str, ...]]:
    with out.open(encoding="utf-8-sig", newline="") as file:
        return {
            (Path(row["file"]).name, row["rule"], row["focus"], row["value"], row["verdict"])
            for row in csv.DictReader(file)
            if row["verdict"] in ("violated", "not told")
        }


def known(written: Written) -> set[tuple[str, ...]]:
    with written.defects.open(encoding="utf-8", newline="") as file:
        return {tuple(row.values()) for row in csv.DictReader(file)}


def plain(written: Written) -> list[float]:
    """Give the seconds pySHACL takes for each of a sample: a fresh graph each, the shapes read beforehand."""
    shapes = rdflib.Graph()
    for path in sorted((ROOT / "shapes").glob("[0-9]*.ttl")):
        shapes.parse(path)
    background = (ROOT / "shapes" / "background.ttl").read_text("utf-8")
    shared, took = Shared([written.shared]), []
    for path in sorted(written.descriptions.iterdir())[:SAMPLE]:
        started = time.perf_counter()
        told = "".join(f"{s} {p} {o} .\n" for s, p, o in shared.complete(read(path)).statements)
        graph = rdflib.Graph().parse(data=background, format="turtle").parse(data=told, format="nt")
        pyshacl.validate(graph, shacl_graph=shapes, inference="none")
        took.append(time.perf_counter() - started)
    return took


def test_batch(tmp_path: Path):
    sets = {size: write(tmp_path / str(size), size) for size in sorted({REFERENCE, *SIZES})}
    one_by_one = plain(sets[SIZES[0]])
    each = statistics.median(one_by_one)
    reference = run(sets[REFERENCE], tmp_path / "reference.csv", "--engine", "pyshacl")
    measured: dict[str, object] = {
        "plain pySHACL, seconds each": round(each, 3),
        "plain pySHACL, sample": SAMPLE,
        f"reference engine, {REFERENCE}: seconds": round(reference.seconds, 1),
        "plain pySHACL / reference engine": round(each * REFERENCE / reference.seconds, 1),
    }
    runs = {}
    for size in sorted(SIZES):
        out = tmp_path / f"{size}.csv"
        runs[size] = run(sets[size], out)
        assert known(sets[size]) <= found(out)
        measured |= {
            f"{size}: seconds": round(runs[size].seconds, 1),
            f"{size}: processor seconds": round(runs[size].processor_s, 1),
            f"{size}: statements": sets[size].statements,
            f"{size}: largest process, MB": round(runs[size].largest_mb),
            f"{size}: plain pySHACL (extrapolated) / batch": round(each * size / runs[size].seconds, 1),
        }
    if len(SIZES) > 1:
        small, large = min(SIZES), max(SIZES)
        growth = math.log(runs[large].processor_s / runs[small].processor_s) / math.log(large / small)
        measured["growth exponent, processor time"] = round(growth, 3)
    measured["load, last 15 minutes"] = round(os.getloadavg()[2], 1)
    keep(
        "batch",
        "`vereend batch` of generated descriptions in two processes, beside plain pySHACL one by one with the portable "
        "shapes; what pySHACL takes for all is extrapolated from a sample",
        measured,
    )
