"""Where in a source text a claim stands.

A claim names the lines it rests on with an RFC 5147 locator ("line=47,48")
and keeps a digest of them, never the words. This module reads the one and
makes the other. It opens no files: callers hand it the reader's own text, so
command line, pages and tests agree.
"""

import hashlib
import re
from typing import NamedTuple

from vereend.errors import LocatorError

_LOCATOR = re.compile(r"line=(\d+),(\d+)")
_LAYOUT = re.compile(r"-\n|\s+")


class Lines(NamedTuple):
    """A run of whole lines, both ends included, the first line being 1."""

    first: int
    last: int


def parse_locator(locator: str) -> Lines:
    """Turn an RFC 5147 line range into the lines a reader would count.

    Args:
        locator: "line=START,END", positions between lines, the first being 0.
    Returns:
        1-based and inclusive: "line=47,49" gives Lines(48, 49).
    Raises:
        LocatorError: another form, or END does not come after START.
    Source: RFC 5147, section 2.2.
    """
    match = _LOCATOR.fullmatch(locator)
    if match is None:
        raise LocatorError(repr(locator), "not a line range", "Write line=START,END, as in line=47,48")
    start, end = int(match[1]), int(match[2])
    if end <= start:
        raise LocatorError(repr(locator), "holds no line", "END must be greater than START, as in line=47,48")
    return Lines(start + 1, end)


def digest(text: str, lines: Lines) -> str:
    """Give the SHA-256, in hexadecimal, of the words on these lines."""
    passage = "\n".join(text.splitlines()[lines.first - 1 : lines.last])
    # Copies of a text differ in line breaks, and in the hyphens these bring.
    return hashlib.sha256(_LAYOUT.sub("", passage).encode()).hexdigest()
