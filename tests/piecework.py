"""Work for processes that may die: light, and told to a log, so that a test can see what was done how often."""

import hashlib
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def done_by(log: Path) -> list[str]:
    """Give the names that were worked on, as often as they were."""
    return log.read_text("utf-8").split() if log.exists() else []


def work(log: Path, names: Sequence[str]) -> list[dict[str, Any]]:
    """Give a line for each name. Some names do to their process what a bad file could do."""
    lines = []
    for name in names:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
        if "kills" in name:
            os.kill(os.getpid(), signal.SIGKILL)
        while "hangs" in name:
            time.sleep(1)
        time.sleep(0.002)
        lines.append({"file": name, "digest": digest(name), "outcome": "judged", "process": os.getpid()})
        lines[-1]["partnerships"] = [{"iri": f"urn:{name}", "phase": "initial", "conforms": True, "verdicts": []}]
    return lines


def digest(name: str) -> str:
    """Give the digest of a file, where there is one."""
    return hashlib.sha256(Path(name).read_bytes()).hexdigest() if Path(name).exists() else ""


def died(name: str, seconds: float | None) -> dict[str, Any]:
    """Give the line of a file that killed its process, or took too long."""
    return {"file": name, "outcome": "late" if seconds else "died"}
