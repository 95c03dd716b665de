"""Timing things by turns, and keeping what was measured.

The figures are rough: other work shares the machine. So each is a median with its spread; what is compared runs by
turns, and a ratio is the median of the ratios of each turn. Processor time suffers less. It counts child processes that
have ended, but not the workers of a query service.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).parent / "results.json"
PACKAGES = ("pyoxigraph", "pyshacl", "rdflib", "shacl")
# Parts of `vereend` need these, whether or not it is installed.
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in ("kg", "webui"))}


@dataclass
class Timing:
    """How long each run of a piece of work took, in seconds: by the clock, and of processor time."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float | int]:
        """Give the median and the spread, in milliseconds."""
        low, middle, high = (round(1000 * f(self.clock), 2) for f in (min, statistics.median, max))
        processor = round(1000 * statistics.median(self.processor), 2)
        return {"median_ms": middle, "min_ms": low, "max_ms": high, "processor_ms": processor, "runs": len(self.clock)}


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def by_turns(times: int, **work: Callable[[], object]) -> dict[str, Timing]:
    """Do each piece of work so many times, by turns, after once unmeasured."""
    found = {name: Timing() for name in work}
    for do in work.values():
        do()
    for _ in range(times):
        for name, do in work.items():
            clock, processor = time.perf_counter(), _processor()
            do()
            found[name].clock.append(time.perf_counter() - clock)
            found[name].processor.append(_processor() - processor)
    return found


def ratio(slow: Timing, quick: Timing) -> dict[str, float]:
    """Say how many times as long the first takes: of each turn, the median and the spread."""
    each = [a / b for a, b in zip(slow.clock, quick.clock, strict=True)]
    low, middle, high = (round(f(each), 2) for f in (min, statistics.median, max))
    return {"median": middle, "min": low, "max": high}


def processor_ratio(slow: Timing, quick: Timing) -> float:
    """Say how many times as much processor time the first takes, by medians."""
    return round(statistics.median(slow.processor) / statistics.median(quick.processor), 2)


def command(*parts: str | Path) -> Callable[[], subprocess.CompletedProcess[str]]:
    """Make a command that is run whole, the start of its interpreter included."""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*map(str, parts)], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False
        )

    return run


def vereend(*arguments: str | Path) -> Callable[[], subprocess.CompletedProcess[str]]:
    """Make a run of the command `vereend`, as its installed script would start it."""
    script = "import sys; from vereend.cli import main; sys.argv[0] = 'vereend'; main()"
    return command(sys.executable, "-c", script, *arguments)


def machine() -> dict[str, Any]:
    """Tell on what was measured."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "packages": found,
    }


def keep(name: str, what: str, measured: dict[str, Any]) -> None:
    """Write a measurement beside those of the other benches, and print it."""
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    kept[name] = {"what": what, **measured, "machine": machine()}
    RESULTS.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n", "utf-8")
    print(f"\n{name}: {what}")
    for key, value in measured.items():
        if isinstance(value, dict) and "median_ms" in value:
            value = (
                "{median_ms:9.2f} ms ({min_ms:.2f} to {max_ms:.2f}; processor {processor_ms:.2f}; {runs} runs)".format(
                    **value
                )
            )
        elif isinstance(value, dict):
            value = "{median:9.2f} times ({min:.2f} to {max:.2f})".format(**value)
        print(f"  {key:<36} {value}")
