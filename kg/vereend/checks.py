"""The checks of the content that SPARQL can say: shapes/checks/*.rq, run over the layers their profile names.

A check is content: it can be read, corrected and run elsewhere without Python. Each row it gives is something amiss, as
the thing, the property and the value. What SPARQL cannot say is in vereend.quality.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from vereend import content, store
from vereend.errors import VereendError
from vereend.rules import Texts
from vereend.terms import literal, prefixed

_HEADERS = {"nl": ("says", "nl"), "en": ("says", "en"), "waarom": ("why", "nl"), "why": ("why", "en")}
_HEADERS |= {"herstel": ("remedy", "nl"), "remedy": ("remedy", "en")}


class Finding(NamedTuple):
    """Something amiss in the content."""

    level: str  # "ERROR" or "WARN"
    check: str
    entity: str  # prefixed name, or the name of a file
    property: str  # prefixed name; "" where it is no single property
    value: str
    says: Texts
    remedy: Texts

    def words(self, lang: str) -> str:
        """Tell it in one line."""
        where = " ".join(filter(None, (self.entity, self.property, self.value)))
        return f"{self.level} {self.check}: {where}: {self.says[lang]}. {self.remedy[lang]}."


@dataclass(frozen=True)
class Check:
    """A query whose every answer is something amiss."""

    name: str  # of its file, number first
    level: str
    layers: tuple[str, ...]
    says: Texts
    why: Texts
    remedy: Texts
    text: str

    def findings(self, graph: ox.Store) -> list[Finding]:
        """Run the query over the layers of a graph.

        Raises:
            VereendError: it is no SPARQL.
        """
        try:
            solutions = graph.query(self.text, default_graph=[store.graph_name(layer) for layer in self.layers])
        except SyntaxError as error:
            raise VereendError(self.name, "is no SPARQL", "Correct the query", str(error)) from None
        assert isinstance(solutions, ox.QuerySolutions)
        found = []
        for row in solutions:
            entity, property_, value = (_shown(row[v]) for v in ("entity", "property", "value"))
            found.append(Finding(self.level, self.name, entity, property_, value, self.says, self.remedy))
        return found


def _shown(found: object) -> str:
    spelled = str(found)
    text = literal(spelled)
    return " ".join(text.value.split()) if text else prefixed(spelled)


def folder() -> Path:
    """Give the folder of the checks."""
    return content.root() / "shapes" / "checks"


def layer_files() -> dict[str, list[Path]]:
    """Give the files of each layer a check may look at."""
    shapes = content.root() / "shapes"
    return store.layer_files() | {
        "cases": content.turtle_files("kg", "cases"),
        "examples": content.turtle_files("kg", "examples"),
        "templates": content.turtle_files("kg", "templates"),
        "shapes": sorted(shapes.glob("*.ttl")),
    }


def graph(files: Mapping[str, Iterable[Path]] | None = None) -> ox.Store:
    """Load layers, each into a graph of its own; the project's own where none are given."""
    found = ox.Store()
    for layer, paths in (layer_files() if files is None else files).items():
        for path in paths:
            found.bulk_load(path=path, to_graph=store.graph_name(layer))
    return found


def checks() -> list[Check]:
    """Give the checks in the order of their numbers.

    Raises:
        VereendError: a file lacks one of the six sentences at its head, or a place in the profile.
    """
    with (folder() / "profile.tsv").open(encoding="utf-8", newline="") as file:
        profile = {row["check"]: row for row in csv.DictReader(file, delimiter="\t")}
    return [_read(path, profile) for path in sorted(folder().glob("*.rq"))]


def _read(path: Path, profile: Mapping[str, Mapping[str, str]]) -> Check:
    text = path.read_text("utf-8")
    said: dict[str, Texts] = {"says": {}, "why": {}, "remedy": {}}
    for key, sentence in re.findall(r"^# (\w+): (.+)$", text, re.MULTILINE):
        if key in _HEADERS:
            what, lang = _HEADERS[key]
            said[what][lang] = sentence.rstrip(".") if what != "why" else sentence
    missing = [key for key, (what, lang) in _HEADERS.items() if lang not in said[what]]
    if missing:
        raise VereendError(path.name, "does not say what it is for", f"Write a line that begins with # {missing[0]}:")
    if path.stem not in profile:
        raise VereendError(path.name, "is not in the profile", "Give it a line in shapes/checks/profile.tsv")
    row = profile[path.stem]
    return Check(path.stem, row["level"], tuple(row["layers"].split()), **said, text=text)
