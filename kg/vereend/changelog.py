"""What changed, version by version, as CHANGELOG.md tells it. It is kept in English."""

import re
from functools import cache
from typing import NamedTuple

from vereend import content


class Release(NamedTuple):
    """One version."""

    title: str  # "0.1.0 (not yet released)"
    sections: tuple[tuple[str, tuple[str, ...]], ...]  # heading and its changes


@cache
def releases() -> tuple[Release, ...]:
    """Give the versions, newest first."""
    text = (content.root() / "CHANGELOG.md").read_text("utf-8")
    return tuple(
        Release(
            title.strip(),
            tuple(
                (
                    heading.strip(),
                    tuple(" ".join(item.replace("`", "").split()) for item in re.split(r"^- ", body, flags=re.M)[1:]),
                )
                for heading, _, body in (part.partition("\n") for part in re.split(r"^### ", rest, flags=re.M)[1:])
            ),
        )
        for title, _, rest in (part.partition("\n") for part in re.split(r"^## ", text, flags=re.M)[1:])
    )
