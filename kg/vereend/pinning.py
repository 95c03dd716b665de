"""Answers that can be cited: what a link has to carry to tell later whether a question still has the same answer.

A pin names the version and the graph asked, and holds a digest of all rows that does not depend on their order. As
long as there are not too many, it also holds a short mark of each row, by which those that came or went are told.
"""

import base64
import binascii
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from vereend import __version__, store
from vereend.errors import VereendError
from vereend.knowledge import Knowledge
from vereend.results import Results, Value

# Rows marked one by one. Each mark takes 8 characters of a link, and links beyond some 8,000 are cut off on the way.
MOST_MARKS = 400
# Bytes of a mark: two of 400 rows having the same by chance is less likely than one in a thousand million.
_MARK = 6


@dataclass(frozen=True)
class Pin:
    """An answer as it was when it was cited."""

    version: str  # of Vereend
    graph: str  # digest of what was asked
    digest: str  # of the answer: SHA-256, hexadecimal
    rows: int
    marks: tuple[bytes, ...]  # one a row in the order shown then; empty where there were too many


@dataclass(frozen=True)
class Compared:
    """An answer beside the one that was pinned."""

    same: bool  # the rows are the same, in whatever order
    same_graph: bool  # and so is all that was asked
    told: bool  # which rows changed is known
    came: frozenset[int]  # numbers, from 0, of the rows that are new
    went: tuple[int, ...]  # numbers, from 1, that the rows that are gone had then


@lru_cache(maxsize=8)
def graph_digest(known: Knowledge) -> str:
    """Give a digest of the graph a viewer asks: of the project's content, and of descriptions it was started with."""
    digest = hashlib.sha256(store.content_digest().encode())
    for case in sorted(known.cases.values(), key=lambda case: case.slug):
        digest.update("".join(sorted(f"{s} {p} {o}\n" for s, p, o in case.description.statements)).encode())
    return digest.hexdigest()[:16]


def spelled(variables: Sequence[str], row: Sequence[Value | None]) -> str:
    """Write a row so that the same values give the same text, whatever the order of the columns.

    Nameless things are all written alike: their names differ from one answer to the next.
    """
    cells = sorted(
        f"{name}={'_:' if value.kind == 'bnode' else value.spelled}"
        for name, value in zip(variables, row, strict=True)
        if value is not None
    )
    return "\x1f".join(cells)


def pin(results: Results, graph: str) -> Pin:
    """Pin an answer.

    Args:
        graph: digest of the graph asked.
    """
    rows = [spelled(results.variables, row) for row in results.rows]
    marks = tuple(_mark(row) for row in rows) if len(rows) <= MOST_MARKS else ()
    head = " ".join(sorted(results.variables))
    digest = hashlib.sha256("\x1e".join([head, *sorted(rows)]).encode()).hexdigest()
    return Pin(__version__, graph, digest, len(rows), marks)


def _mark(row: str) -> bytes:
    return hashlib.sha256(row.encode()).digest()[:_MARK]


def compare(then: Pin, results: Results, graph: str) -> Compared:
    """Set an answer beside the one that was pinned.

    A row that stands in an answer twice counts twice.
    """
    now = pin(results, graph)
    same_graph = (then.version, then.graph) == (now.version, now.graph)
    if then.digest == now.digest:
        return Compared(True, same_graph, True, frozenset(), ())
    if len(then.marks) != then.rows or len(results.rows) > MOST_MARKS * 25:
        return Compared(False, same_graph, False, frozenset(), ())
    marks = now.marks or tuple(_mark(spelled(results.variables, row)) for row in results.rows)
    left, came = Counter(then.marks), set()
    for i, mark in enumerate(marks):
        if left[mark]:
            left[mark] -= 1
        else:
            came.add(i)
    went = []
    # Of rows that were the same, the last ones are taken to be gone.
    for i in range(len(then.marks) - 1, -1, -1):
        if left[then.marks[i]]:
            left[then.marks[i]] -= 1
            went.append(i + 1)
    return Compared(False, same_graph, True, frozenset(came), tuple(reversed(went)))


def written(found: Pin) -> str:
    """Write a pin so that it can stand in a link."""
    marks = base64.urlsafe_b64encode(b"".join(found.marks)).decode()
    digest = base64.urlsafe_b64encode(bytes.fromhex(found.digest)).decode().rstrip("=")
    return "~".join([found.version, found.graph, str(found.rows), digest, marks])


def read_pin(text: str) -> Pin:
    """Read a pin out of a link.

    Raises:
        VereendError: it is not one, or not a whole one.
    """
    try:
        version, graph, rows, digest, marks = text.split("~")
        packed = base64.b64decode(marks, altchars=b"-_", validate=True)
        found = base64.b64decode(digest + "=", altchars=b"-_", validate=True)
        number = int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 8 else -1
        if len(found) != 32 or len(packed) not in (0, number * _MARK) or number < 0 or len(packed) > MOST_MARKS * _MARK:
            raise ValueError
    except (ValueError, binascii.Error):
        raise VereendError("pin", "is not a whole pin", "Copy the link as it was cited, to its last sign") from None
    pieces = tuple(packed[i : i + _MARK] for i in range(0, len(packed), _MARK))
    return Pin(version[:20], graph[:64], found.hex(), number, pieces)
