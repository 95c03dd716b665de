"""Files that are either whole or absent, whatever happens while they are written."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from vereend.errors import VereendError


@contextlib.contextmanager
def whole(out: Path) -> Iterator[Path]:
    """Give a place beside a file to write to; what stands there takes the file's place once all went well.

    A file that existed keeps its mode.

    Raises:
        VereendError: the file cannot be written.
    """
    temporary = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        yield temporary
        if out.exists():
            shutil.copymode(out, temporary)
        temporary.replace(out)
    except OSError as error:
        raise VereendError(str(out), "cannot be written", "Choose another place", error.strerror or "") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
