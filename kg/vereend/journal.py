"""A journal of long work: one line for each piece that is done, so that work cut off at any moment goes on from there.

JSON lines. The first says what the work was begun with; each other tells what came of one piece, by its name and a
digest of what it was made from. A line that was cut off, or whose piece has changed since, counts for nothing.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from vereend.errors import VereendError

Line = dict[str, Any]  # what came of one piece: "file", "digest", and what the work adds


class Journal:
    """The journal of one piece of work, open for writing; nobody else can open it meanwhile.

    Args:
        begun_with: what the outcome depends on, by name, as JSON would hold it.
        fresh: forget what an earlier run has written.
        open_ended: names in *begun_with* for which an earlier run's value goes before ours.
    Raises:
        VereendError: another process writes it, it cannot be written, or it was begun with something else.
    """

    def __init__(
        self, path: Path, begun_with: Mapping[str, Any], *, fresh: bool = False, open_ended: Iterable[str] = ()
    ) -> None:
        self.path = path
        self._places: dict[str, int] = {}  # where the line of each piece begins, in bytes
        self._digests: dict[str, str] = {}
        try:
            self._file = path.open("a+b")
        except OSError as error:
            raise VereendError(str(path), "cannot be written", "Choose another place", error.strerror or "") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise VereendError(
                str(path), "is being written by another process", "Wait for it, or write to another file"
            ) from None
        if fresh:
            self._file.truncate(0)
        self.begun_with = self._resume(begun_with, set(open_ended))

    def _resume(self, begun_with: Mapping[str, Any], open_ended: set[str]) -> Mapping[str, Any]:
        self._file.seek(0)
        head = _read(self._file.readline())
        if head is None:
            self._file.truncate(0)
            self._write([dict(begun_with)])
            return begun_with
        different = [
            f"{name} was {head.get(name)}, is {value}"
            for name, value in begun_with.items()
            if name not in open_ended and head.get(name) != value
        ]
        if different:
            self._file.close()
            raise VereendError(
                f"{self.path}, {'; '.join(different)}",
                "was begun with something else",
                "Repeat with what it was begun with, or add --restart to begin anew",
            )
        while True:
            place = self._file.tell()
            raw = self._file.readline()
            line = _read(raw)
            if line is None:
                if raw:  # cut off: what follows is written over it
                    self._file.truncate(place)
                return head
            self._note(line, place)

    def _note(self, line: Line, place: int) -> None:
        self._places[line["file"]] = place
        self._digests[line["file"]] = line["digest"]

    def has(self, name: str, digest: Callable[[], str]) -> bool:
        """Tell whether a piece is done, and still made from the same."""
        return name in self._digests and self._digests[name] == digest()

    def add(self, lines: Iterable[Line]) -> None:
        """Write what came of some pieces; it is on the disk when this returns."""
        self._write(list(lines))

    def _write(self, lines: list[Line]) -> None:
        place = self._file.seek(0, os.SEEK_END)
        spelled = [json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines]
        self._file.write(b"".join(spelled))
        self._file.flush()
        os.fsync(self._file.fileno())
        for line, raw in zip(lines, spelled, strict=True):
            if "file" in line:
                self._note(line, place)
            place += len(raw)

    def lines(self, names: Iterable[str]) -> Iterable[Line]:
        """Give what came of these pieces, in this order, each once; the last line of a piece counts."""
        for name in names:
            self._file.seek(self._places[name])
            line = _read(self._file.readline())
            assert line is not None
            yield line

    def close(self, *, done: bool = False) -> None:
        """Leave the journal to whoever goes on; remove it when the work is done."""
        if done:
            self.path.unlink(missing_ok=True)
        self._file.close()


def _read(raw: bytes) -> Line | None:
    """Read one line; None when it was cut off, or is none."""
    if not raw.endswith(b"\n"):
        return None
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
