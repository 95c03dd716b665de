"""The graph on disk, for as many descriptions as one likes: one writer, published versions, readers left in peace.

    published              the number of the version that readers open
    versions/7/graph/      an Oxigraph database that nobody writes in any more
    versions/7/about.json  what it holds
    making/                a version in the making; left behind by a writer that was killed, and then of no use
    lock                   held while writing

A writer starts from a copy of the published version (its files are linked, so a copy costs milliseconds), changes it,
and publishes it by two renames: the version into its place, the number into `published`. Whatever kills the writer, and
whenever, readers find a whole version. A backup is a folder like `versions/7` with files of its own.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from vereend import __version__, store
from vereend.errors import VereendError
from vereend.service import Limits, QueryService
from vereend.store import UPLOAD, Held, Status, Upload
from vereend.terms import Statement

# Versions kept, the published one included: a reader may still be at work in the one before.
KEPT = 3
# From so many statements on they are loaded in bulk, past the transaction that would hold them in memory.
_BULK = 100_000
# A version of which more than this part is new is put in order, which makes reading quicker.
_DISORDER = 0.2


@dataclass(frozen=True)
class Version:
    """What one version holds."""

    number: int
    made: str  # ISO 8601, UTC
    vereend: str  # the version of the program that made it
    content: str  # digest of the project's own content in it
    graphs: Mapping[str, int] = field(default_factory=dict)  # statements by the name of the graph

    @property
    def statements(self) -> int:
        """How many there are, each counted in every graph it stands in."""
        return sum(self.graphs.values())


def default_folder() -> Path:
    """Give the folder that is used where none is named: VEREEND_STORE, else one among the user's own data."""
    if told := os.environ.get("VEREEND_STORE"):
        return Path(told)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "vereend" / "store"


@dataclass
class _Draft:
    """The next version, while it is made."""

    graph: ox.Store
    graphs: dict[str, int]  # statements by the name of the graph
    content: str


class DataFolder:
    """A folder with published versions of the graph."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer, self._versions, self._making = folder / "published", folder / "versions", folder / "making"

    # --- reading ------------------------------------------------------------------------------------------------------

    def published(self) -> Version | None:
        """Give the version that readers open; None where nothing has been published yet.

        Raises:
            VereendError: the folder is not what this program left there.
        """
        try:
            number = int(self._pointer.read_text("ascii"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise self._damaged(str(error)) from None
        return self._about(self._versions / str(number))

    def current(self) -> str:
        """Give the database that readers open; quick enough to be asked before each query.

        Raises:
            VereendError: nothing has been published here.
        """
        try:
            return str(self._versions / str(int(self._pointer.read_text("ascii"))) / "graph")
        except FileNotFoundError:
            raise VereendError(
                str(self.folder), "holds no graph yet", "Make one with vereend load --store, with or without files"
            ) from None
        except (OSError, ValueError) as error:
            raise self._damaged(str(error)) from None

    def versions(self) -> list[Version]:
        """Give the versions that are kept, the newest first."""
        return sorted((self._about(path) for path in self._kept()), key=lambda version: -version.number)

    def questions(self, limits: Limits) -> QueryService:
        """Start a service that answers each query about the version that is published at that moment."""
        return QueryService(self.current, limits)

    def status(self) -> Status:
        """Tell what is published, and what is kept.

        Raises:
            VereendError: nothing has been published here.
        """
        _ = self.current()
        found = self.published()
        assert found is not None
        held = [
            Held(str(version.number), version.made, version.statements, _bytes(self._versions / str(version.number)))
            for version in self.versions()
        ]
        return Status(
            str(self.folder),
            str(found.number),
            found.content == store.content_digest(),
            dict(found.graphs),
            tuple(held),
        )

    # --- writing ------------------------------------------------------------------------------------------------------

    def load(self, uploads: Iterable[Upload]) -> None:
        """Load descriptions, each into a graph of its own, and publish.

        A name that is there already gets the new description. The project's own layers and cases are brought up to
        date along the way; without descriptions that is all that happens.

        Raises:
            VereendError: another process is writing, the disk does not take it, or a name serves twice.
        """
        with self._next() as draft:
            _renew_content(draft)
            before = sum(draft.graphs.values())
            loaded = self._add(draft, uploads)
            if loaded > _DISORDER * (before + loaded):
                draft.graph.optimize()

    def unload(self, names: Iterable[str]) -> None:
        """Take descriptions out that were loaded, and publish.

        Raises:
            VereendError: no such description was loaded; nothing is taken out then.
        """
        with self._next() as draft:
            for name in names:
                if UPLOAD + name not in draft.graphs:
                    raise store.not_loaded(name, draft.graphs)
                draft.graph.remove_graph(store.graph_name(UPLOAD + name))
                del draft.graphs[UPLOAD + name]

    def backup(self, target: Path) -> Version:
        """Copy the published version to a new folder, with a digest of each file.

        Raises:
            VereendError: the folder is there already, or cannot be written.
        """
        graph = Path(self.current())
        if target.exists():
            raise VereendError(str(target), "is there already", "Name a new folder for the backup")
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            shutil.copytree(graph.parent, temporary)
            digests = {path.name: _digest(path) for path in sorted((temporary / "graph").iterdir())}
            _write(temporary / "digests.json", json.dumps(digests, indent=1))
            temporary.rename(target)
        except OSError as error:
            shutil.rmtree(temporary, ignore_errors=True)
            raise VereendError(
                str(target), "cannot be written", "Choose another place", error.strerror or str(error)
            ) from None
        return self._about(target)

    def restore(self, source: Path) -> Version:
        """Publish a backup as the newest version; the versions before it are kept as ever.

        Raises:
            VereendError: it is no backup, or not as it was made; what is published stays so.
        """
        try:
            digests = json.loads((source / "digests.json").read_text("utf-8"))
            found = {path.name: _digest(path) for path in sorted((source / "graph").iterdir())}
        except (OSError, ValueError) as error:
            raise VereendError(
                str(source), "is no backup", "Name a folder that vereend backup made", str(error)
            ) from None
        if found != digests:
            raise VereendError(str(source), "is not as it was made", "Use another backup: this one was damaged")
        about = self._about(source)
        with self._lock(), self._disk():
            self._clear()
            shutil.copytree(source / "graph", self._making / "graph")
            return self._publish(about)

    # --- within -------------------------------------------------------------------------------------------------------

    def _damaged(self, detail: str) -> VereendError:
        return VereendError(
            str(self.folder), "is not a folder of Vereend's", "Name another, or restore a backup", detail
        )

    def _kept(self) -> list[Path]:
        found = self._versions.iterdir() if self._versions.is_dir() else ()
        return [path for path in found if path.name.isdigit()]

    def _about(self, path: Path) -> Version:
        try:
            return Version(**json.loads((path / "about.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise self._damaged(str(error)) from None

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        import fcntl

        try:
            self._versions.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("w")
        except OSError as error:
            raise VereendError(
                str(self.folder), "cannot be written", "Choose another place", error.strerror or ""
            ) from None
        with lock:  # the system lets go of it when the process ends, however it ends
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise VereendError(
                    str(self.folder), "is being written by another process", "Try again when that is done"
                ) from None
            yield

    @contextlib.contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise VereendError(
                str(self.folder), "cannot be written", "Look at the space on the disk and at who may write", str(error)
            ) from None

    def _clear(self) -> None:
        shutil.rmtree(self._making, ignore_errors=True)
        self._making.mkdir()

    @contextlib.contextmanager
    def _next(self) -> Iterator[_Draft]:
        """Make the next version: from the published one, else from nothing."""
        with self._lock(), self._disk():
            before = self.published()
            self._clear()
            place = str(self._making / "graph")
            if before:
                ox.Store.read_only(self.current()).backup(place)
            draft = _Draft(ox.Store(place), dict(before.graphs) if before else {}, before.content if before else "")
            yield draft
            store.tell_graphs(draft.graph, draft.graphs)
            draft.graph.flush()
            del draft.graph
            self._publish(Version(0, "", "", draft.content, draft.graphs))

    def _publish(self, version: Version) -> Version:
        kept = sorted(int(path.name) for path in self._kept())
        done = replace(
            version,
            number=kept[-1] + 1 if kept else 1,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            vereend=__version__,
        )
        _write(self._making / "about.json", json.dumps(done.__dict__, ensure_ascii=False, indent=1))
        self._making.rename(self._versions / str(done.number))
        _settle(self._versions)
        pointer = self.folder / "published.new"
        _write(pointer, str(done.number))
        pointer.replace(self._pointer)
        _settle(self.folder)
        for number in kept[: -KEPT + 1]:
            shutil.rmtree(self._versions / str(number), ignore_errors=True)
        return done

    def _add(self, draft: _Draft, uploads: Iterable[Upload]) -> int:
        """Load descriptions; give how many statements these have."""
        path, number, lines = self._making / "new.nq", 0, 0
        seen: set[str] = set()
        with path.open("w", encoding="utf-8") as file:
            for upload in uploads:
                name = UPLOAD + store.upload_name(upload.name)
                if name in seen:
                    raise VereendError(upload.name, "is the name of two descriptions", "Give each a name of its own")
                seen.add(name)
                if name in draft.graphs:
                    draft.graph.remove_graph(store.graph_name(name))
                number += 1
                told = set(upload.statements)
                file.writelines(_line(statement, number, name) for statement in told)
                draft.graphs[name] = len(told)
                lines += len(told)
        (draft.graph.bulk_load if lines > _BULK else draft.graph.load)(path=path, format=ox.RdfFormat.N_QUADS)
        path.unlink()
        return lines


def _renew_content(draft: _Draft) -> None:
    """Put the project's own layers and cases in the place of those of another version of the project."""
    content = store.content_digest()
    if draft.content == content:
        return
    from vereend.knowledge import load

    for name in [name for name in draft.graphs if not name.startswith(UPLOAD)]:
        draft.graph.remove_graph(store.graph_name(name))
        del draft.graphs[name]
    draft.graph.remove_graph(store.graph_name("graphs"))
    store.copy(load().store, draft.graph)
    for name in store.graph_names(load().cases):
        draft.graphs[name] = sum(1 for _ in draft.graph.quads_for_pattern(None, None, None, store.graph_name(name)))
    draft.content = content


def _line(statement: Statement, number: int, graph: str) -> str:
    """Write a statement of one of the descriptions, by its number; a nameless thing of one is none of another's."""
    terms = [re.sub(r"^_:", f"_:d{number}", text) for text in statement]
    return f"{' '.join(terms)} {store.graph_name(graph)} .\n"


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have a rename outlive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
