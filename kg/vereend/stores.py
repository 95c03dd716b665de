"""Which store is meant, what goes into it, and what it holds, in words."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from vereend.data_folder import DataFolder
from vereend.errors import VereendError
from vereend.reading import read
from vereend.remote import RemoteStore, endpoint
from vereend.service import Limits, from_environment
from vereend.store import CASE, UPLOAD, GraphStore, Status, Upload


def choose(folder: Path | None, url: str | None) -> GraphStore | None:
    """Give the store that is named: a folder, a server, or one in the environment; None where none is.

    Raises:
        VereendError: both are named, or the server's address is none.
    """
    if folder and url:
        raise VereendError("--store and --endpoint", "do not go together", "Name one place for the graph")
    if folder:
        return DataFolder(folder)
    server = endpoint(url)
    return RemoteStore(server) if server else None


def uploads(paths: Iterable[Path], name: str | None = None) -> Iterator[Upload]:
    """Read the descriptions in these files, each under its name without ending, or under the name given.

    Raises:
        VereendError: one cannot be read.
    """
    for path in paths:
        yield Upload(name or path.stem, read(path).statements)


_WORDS = {
    "nl": {
        "published": "gepubliceerd: versie {version}, {statements} uitspraken",
        "plain": "{statements} uitspraken",
        "old": "de eigen inhoud is van een andere versie van Vereend: vereend load werkt haar bij",
        "none": "een vraag die geen graaf noemt, ziet hier geen benoemde grafen: stel de server daarop in",
        "own": "eigen inhoud: {graphs} grafen, {statements} uitspraken",
        "cases": "casus: {graphs} grafen, {statements} uitspraken",
        "loaded": "geladen: {graphs} grafen, {statements} uitspraken",
        "kept": "bewaard: versie {version}, gemaakt {made}, {statements} uitspraken, {size} MB",
        "limits": "grenzen voor wie vragen stelt:",
    },
    "en": {
        "published": "published: version {version}, {statements} statements",
        "plain": "{statements} statements",
        "old": "the project's own content is of another version of Vereend: vereend load brings it up to date",
        "none": "a query that names no graph sees no named graphs here: set up the server to show them",
        "own": "own content: {graphs} graphs, {statements} statements",
        "cases": "cases: {graphs} graphs, {statements} statements",
        "loaded": "loaded: {graphs} graphs, {statements} statements",
        "kept": "kept: version {version}, made {made}, {statements} statements, {size} MB",
        "limits": "limits for those who ask:",
    },
}
# Loaded descriptions that are listed by name.
_LISTED = 50


def status_text(status: Status, lang: str) -> str:
    """Tell what a store holds, and within which limits it is asked."""
    words = _WORDS[lang]
    kinds: dict[str, list[int]] = {"own": [], "cases": [], "loaded": []}
    for name, number in status.graphs.items():
        kinds["loaded" if name.startswith(UPLOAD) else "cases" if name.startswith(CASE) else "own"].append(number)
    total = sum(status.graphs.values())
    lines = [status.place]
    lines.append(words["published" if status.published else "plain"].format(version=status.published, statements=total))
    lines += [words["old"]] if not status.current else []
    lines += [words["none"]] if not status.union else []
    lines += [words[kind].format(graphs=len(n), statements=sum(n)) for kind, n in kinds.items()]
    loaded = sorted(name for name in status.graphs if name.startswith(UPLOAD))
    lines += [f"  {name.removeprefix(UPLOAD)}: {status.graphs[name]}" for name in loaded[:_LISTED]]
    lines += ["  …"] if len(loaded) > _LISTED else []
    lines += [
        words["kept"].format(
            version=held.name, made=held.made, statements=held.statements, size=round(held.size / 1e6, 1)
        )
        for held in status.kept
    ]
    limits = from_environment(Limits)
    lines += [words["limits"], *(f"  {limits.named(name)}" for name in limits.__dataclass_fields__)]
    return "\n".join(lines)


def status_json(status: Status) -> dict[str, object]:
    """Tell the same as data."""
    limits = from_environment(Limits)
    return {
        **status._asdict(),
        "graphs": dict(status.graphs),
        "kept": [held._asdict() for held in status.kept],
        "limits": {name: getattr(limits, name) for name in limits.__dataclass_fields__},
    }
