"""What one viewer holds: the knowledge it shows, the service that answers queries, and its limits.

Kept on the app, so that two apps in one process (as in tests) do not share them.
"""

import atexit
import shutil
import tempfile
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from vereend import store
from vereend.errors import VereendError
from vereend.knowledge import Knowledge, load
from vereend.store import GraphStore, Questions
from vereend_webui.assets import Assets
from vereend_webui.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vereend.form_reasoning import FormReport


class Busy(VereendError):
    """All judges are at work: an asker is told to come back."""


class Site:
    """The knowledge and the services of one viewer."""

    def __init__(self, data: Iterable[Path], settings: Settings, graph: GraphStore | None = None) -> None:
        self.data, self.settings, self.assets = tuple(data), settings, Assets()
        self.graph = graph
        if graph and self.data:
            raise VereendError("--data", "does not go with a store", "Load the description first, with vereend load")
        self._reading, self._starting = threading.Lock(), threading.Lock()
        self._knowledge: Knowledge | None = None
        self._service: Questions | None = None
        self._reasoner = ThreadPoolExecutor(1, "reasoner")
        self._forms: dict[str, Future[list[FormReport]]] = {}
        self._judges = threading.Semaphore(settings.judges)
        self.warm, self.stopping = threading.Event(), threading.Event()

    @property
    def knowledge(self) -> Knowledge:
        """Everything the project knows, with the descriptions this viewer was started with."""
        with self._reading:
            if self._knowledge is None:
                self._knowledge = Knowledge(self.data) if self.data else load()
            return self._knowledge

    @property
    def queries(self) -> Questions:
        """What answers queries, started when first asked."""
        knowledge = self.knowledge
        with self._starting:
            if self._service is None:
                if self.graph:
                    self._service = self.graph.questions(self.settings)
                    atexit.register(self._service.close)
                else:
                    from vereend.service import QueryService

                    folder = Path(tempfile.mkdtemp(prefix="vereend-"))
                    store.publish(folder / "store", knowledge.store)
                    self._service = QueryService(folder / "store", self.settings)
                    atexit.register(_end, self._service, folder)
            return self._service

    def forms(self, slug: str) -> "tuple[FormReport | None, str]":
        """Tell which forms follow from the features of a case, and what the reasoner objects to ("" when nothing).

        The reasoner takes seconds the first time and is remembered; who will not wait for it gets the quick classifier.
        """
        from vereend.form_reasoning import forms

        description = self.knowledge.case(slug).description
        with self._starting:
            if slug not in self._forms:
                self._forms[slug] = self._reasoner.submit(forms, description)
        try:
            return self._forms[slug].result(timeout=self.settings.reasoner_wait_s)[0], ""
        except TimeoutError:
            return forms(description, "sparql")[0], ""
        except VereendError as error:
            return None, str(error)

    def warm_up(self) -> None:
        """Do ahead what the first reader would wait for: the search, verdicts, workers for queries, the reasoner."""
        _ = self.knowledge.index
        for slug in self.knowledge.cases:
            self.knowledge.report(slug)
        _ = self.queries
        self.warm.set()
        for slug in self.knowledge.cases:
            if self.stopping.is_set():
                return
            self.forms(slug)

    @contextmanager
    def judging(self) -> "Iterator[None]":
        """Hold one of the places for judging.

        Raises:
            Busy: none came free in time.
        """
        if not self._judges.acquire(timeout=self.settings.judge_wait_s):
            raise Busy("this viewer", "is busy judging other descriptions", "Try again in a moment")
        try:
            yield
        finally:
            self._judges.release()


def _end(service: Questions, folder: Path) -> None:
    service.close()
    shutil.rmtree(folder, ignore_errors=True)


def site() -> Site:
    """Give the site of the app at work."""
    found = current_app.extensions["vereend"]
    assert isinstance(found, Site)
    return found


def knowledge() -> Knowledge:
    """Give the knowledge of the app at work."""
    return site().knowledge
