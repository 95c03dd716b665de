"""Run one function in a process that can be killed: work of strangers may take long, need much, or call others.

A program of its own, and not multiprocessing, which would run the caller's script anew.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from vereend.errors import QueryTimeout, VereendError
from vereend.service import WORKER_MEMORY_BYTES, limit


def confined(
    function: Callable[..., Any], *arguments: Any, seconds: float, memory_bytes: int = WORKER_MEMORY_BYTES
) -> Any:
    """Call a function in a process of its own, and give what it returns.

    Args:
        function: one that another process can import; its arguments and its answer must be picklable.
        seconds: how long it may take, the start of the process included.
    Raises:
        QueryTimeout: it took longer, or more memory.
        VereendError: what the function raised.
    """
    paths = os.pathsep.join(filter(None, sys.path))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "vereend.confined", str(memory_bytes)],
            input=pickle.dumps((function, arguments)),
            capture_output=True,
            timeout=seconds,
            env={**os.environ, "PYTHONPATH": paths},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryTimeout(
            "the engine", f"took longer than {seconds:g} seconds", "Ask for less, or raise --timeout"
        ) from None
    if done.returncode:
        raise QueryTimeout("the engine", "needed more memory than it may use", "Ask for less at a time")
    held, found = pickle.loads(done.stdout)
    if not held:
        raise found
    return found


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, function(*arguments)
    except VereendError as error:
        return False, error
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a stranger's shapes make an engine raise is told to their owner
        return False, VereendError("the engine", "gave up", "Simplify what it is given", str(error)[:500])


def _main() -> None:
    import socket

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError("no network is opened here")

    limit(int(sys.argv[1]))
    # Where the system has no network namespaces to give away, Python at least opens nothing.
    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what an engine prints is no answer
    with answers:
        answers.write(pickle.dumps(_answer(*pickle.load(sys.stdin.buffer))))


if __name__ == "__main__":
    _main()
