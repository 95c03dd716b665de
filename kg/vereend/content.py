"""Where the content stands: ontology/, shapes/ and kg/, in a checkout or inside the installed package."""

from functools import cache
from pathlib import Path

ANSWERS = ".answers.ttl"  # ending of the file beside a description that keeps what people answered about it
_FOLDERS = ("ontology", "shapes", "kg")


@cache
def root() -> Path:
    """Give the folder that holds ontology/, shapes/ and kg/.

    Raises:
        FileNotFoundError: neither a checkout nor a complete installation surrounds this module.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "data", package.parent.parent):
        if all((candidate / folder).is_dir() for folder in _FOLDERS):
            return candidate
    raise FileNotFoundError("ontology/, shapes/ and kg/ stand neither in the package nor beside it")


def turtle_files(*parts: str) -> list[Path]:
    """Give the Turtle files of a content folder and its subfolders, by name; answers of people are no content."""
    return sorted(p for p in root().joinpath(*parts).rglob("*.ttl") if not p.name.endswith(ANSWERS))
