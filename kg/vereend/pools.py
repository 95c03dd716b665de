"""Work on many files in processes that may die: here, or on a cluster.

A batch of files goes to a process at a time. When a process dies, the batches at work are repeated file by file in a
process of its own: a file that kills that one too is named, and the rest goes on.
"""

import importlib
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any

from vereend.errors import VereendError

Names = tuple[str, ...]
Work = Callable[[Names], list[dict[str, Any]]]  # one line a file, in the same order
Died = Callable[[str, float | None], dict[str, Any]]  # the line of a file that killed its process, or took so long
_TRIES = 2  # processes a file must kill alone before it is blamed: a process may be killed for other reasons


def batches(names: Sequence[str], size: int) -> deque[Names]:
    """Cut names into batches."""
    return deque(tuple(names[start : start + size]) for start in range(0, len(names), size))


def in_processes(
    work: Work,
    names: Sequence[str],
    died: Died,
    *,
    workers: int,
    size: int,
    timeout_s: float,
    memory_bytes: int,
) -> Iterator[list[dict[str, Any]]]:
    """Do work on files in processes of this machine, and give the lines batch by batch, as they come.

    Args:
        work: one that another process can import; what it raises ends all work.
        timeout_s: seconds one file may take; its process is killed then.
        memory_bytes: what one process may use.
    """
    todo = batches(names, size)

    def pool(number: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(number, get_context("spawn"), _begin, (memory_bytes,))

    while todo:
        running: dict[Future[list[dict[str, Any]]], Names] = {}
        try:
            with pool(min(workers, len(todo))) as processes:
                try:
                    while todo or running:
                        while todo and len(running) < 2 * workers:
                            running[processes.submit(_each, work, todo[0], timeout_s)] = todo[0]
                            todo.popleft()
                        done, _ = wait(running, return_when=FIRST_COMPLETED)
                        for future in done:
                            lines = future.result()
                            del running[future]
                            yield lines
                finally:
                    processes.shutdown(wait=False, cancel_futures=True)
        except BrokenProcessPool:
            suspects: list[str] = []
            for future, files in running.items():
                if future.done() and not future.cancelled() and future.exception() is None:
                    yield future.result()
                else:
                    suspects += files
            yield from _alone(work, suspects, died, pool, timeout_s)


def _alone(
    work: Work, names: Sequence[str], died: Died, pool: Callable[[int], ProcessPoolExecutor], timeout_s: float
) -> Iterator[list[dict[str, Any]]]:
    todo, deaths = deque(names), 0
    while todo:
        try:
            with pool(1) as process:
                while todo:
                    process.submit(_ready).result()  # the time of a file does not count the start of its process
                    started = time.monotonic()
                    yield process.submit(_each, work, (todo[0],), timeout_s).result()
                    todo.popleft()
                    deaths = 0
        except BrokenProcessPool:
            took = time.monotonic() - started
            deaths += 1
            if late := took >= timeout_s:
                deaths = _TRIES
            if deaths == _TRIES:
                yield [died(todo.popleft(), timeout_s if late else None)]
                deaths = 0


def _begin(memory_bytes: int) -> None:
    """Bound a new process, and let it end with the one it works for, also when that is killed."""
    from vereend.service import limit

    limit(memory_bytes)
    parent = parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()


def _ready() -> None:
    """Do nothing, in a process that has started."""


def _each(work: Work, names: Names, timeout_s: float) -> list[dict[str, Any]]:
    """Do the work file by file, each with a timer that ends the process: nothing else stops an engine at work."""
    lines = []
    for name in names:
        signal.setitimer(signal.ITIMER_REAL, timeout_s)
        lines += work((name,))
    signal.setitimer(signal.ITIMER_REAL, 0)
    return lines


def on_cluster(
    work: Work, names: Sequence[str], died: Died, *, address: str, size: int
) -> Iterator[list[dict[str, Any]]]:
    """Do the same on a Dask cluster, whose workers see the files under the same names.

    Args:
        address: of its scheduler, as in tcp://10.0.0.5:8786.
    Raises:
        VereendError: Dask is not installed, or nothing answers at this address.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ModuleNotFoundError:
        raise VereendError("--cluster", "needs Dask", "Install it: pip install 'vereend[scale]'") from None
    try:
        client = distributed.Client(address, timeout=15)
    except (OSError, ValueError) as error:
        raise VereendError(address, "is no cluster that answers", "Check the address", str(error)) from None
    with client:
        todo = batches(names, size)
        slots = 2 * max(1, sum(client.nthreads().values()))
        running: dict[Any, Names] = {}

        def submit() -> Any:
            files = todo.popleft()
            future = client.submit(work, files, pure=False)
            running[future] = files
            return future

        at_work = distributed.as_completed([submit() for _ in range(min(slots, len(todo)))])
        for future in at_work:
            files = running.pop(future)
            try:
                yield future.result()
            except distributed.KilledWorker:
                if len(files) == 1:
                    yield [died(files[0], None)]
                else:
                    todo.extendleft((name,) for name in reversed(files))
            while todo and len(running) < slots:
                at_work.add(submit())
