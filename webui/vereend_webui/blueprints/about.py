"""Pages about Vereend itself: how it judges, its data, its interface for programs, how it can be used by all."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from vereend import __version__
from vereend.changelog import Release, releases
from vereend.store import GRAPH
from vereend_webui.openapi import document
from vereend_webui.site import knowledge, site

bp = Blueprint("about", __name__)


@dataclass(frozen=True)
class MethodPage:
    """All that about/method.html may use."""

    version: str
    rules: int
    claims: int


@dataclass(frozen=True)
class Graph:
    """A named graph, and how many statements it holds."""

    name: str
    statements: int


@dataclass(frozen=True)
class DataPage:
    """All that about/data.html may use."""

    graphs: list[Graph]
    themes: list[tuple[str, str]]  # name of the file of shapes, a rule in it


@dataclass(frozen=True)
class Operation:
    """One thing a program may ask."""

    method: str
    path: str
    summary: str


@dataclass(frozen=True)
class ApiPage:
    """All that about/api.html may use."""

    operations: list[Operation]
    timeout_s: float
    max_rows: int
    upload_mb: int


@bp.get("/method")
def method() -> str:
    """Say how verdicts come about, and what they are worth."""
    kb = knowledge()
    return render_template("about/method.html", page=MethodPage(__version__, len(kb.rules), len(kb.claims)))


@bp.get("/data")
def data() -> str:
    """List the named graphs and the shapes, to be taken along."""
    kb = knowledge()
    graphs = []
    for name in kb.store.named_graphs():
        number = sum(1 for _ in kb.store.quads_for_pattern(None, None, None, name))
        graphs.append(Graph(str(name)[1:-1].removeprefix(GRAPH), number))
    themes = {rule.source.name: rule.number for rule in kb.rules.values()}
    page = DataPage(sorted(graphs, key=lambda g: g.name), sorted(themes.items()))
    return render_template("about/data.html", page=page)


@bp.get("/api")
def api() -> str:
    """List what a program may ask."""
    operations = [
        Operation(verb.upper(), path, operation["summary"])
        for path, verbs in document("")["paths"].items()
        for verb, operation in verbs.items()
    ]
    limits = site().settings
    page = ApiPage(operations, limits.query_timeout_s, limits.query_rows, limits.upload_bytes // 1_000_000)
    return render_template("about/api.html", page=page)


@dataclass(frozen=True)
class ChangesPage:
    """All that about/changes.html may use."""

    releases: tuple[Release, ...]


@bp.get("/changes")
def changes() -> str:
    """Tell what changed, version by version."""
    return render_template("about/changes.html", page=ChangesPage(releases()))


@bp.get("/accessibility")
def accessibility() -> str:
    """Say what was done so that all can use the pages, and what was not checked."""
    return render_template("about/accessibility.html")
