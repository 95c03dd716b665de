"""Tell on standard error how far long work is, how fast it goes, and how long it will take."""

import sys
import time
from typing import TextIO

from vereend.batch import Progress

_EVERY_S = 30.0  # where nobody watches, as in a log file
_SAYS = {
    "nl": "{done} van {total} beschrijvingen, {rate} per seconde, nog {left}",
    "en": "{done} of {total} descriptions, {rate} a second, {left} left",
}


def progress_text(progress: Progress, lang: str) -> str:
    """Say how far the work is."""
    seconds = round(progress.left_s or 0)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    left = f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
    rate = f"{progress.rate:.0f}" if progress.rate >= 10 else f"{progress.rate:.1f}"
    if lang == "nl":
        rate = rate.replace(".", ",")
    return _SAYS[lang].format(done=progress.done, total=progress.total, rate=rate, left=left)


class Teller:
    """Rewrites one line on a terminal; elsewhere writes a line now and then."""

    def __init__(self, lang: str, stream: TextIO | None = None) -> None:
        self.lang, self.stream = lang, stream or sys.stderr
        self.live = self.stream.isatty()
        self.told = time.monotonic()
        self.open = False

    def __call__(self, progress: Progress) -> None:
        """Tell how far the work is, if it is time to."""
        now = time.monotonic()
        if self.live:
            self.stream.write(f"\r{progress_text(progress, self.lang)}\033[K")
            self.open = True
        elif now - self.told >= _EVERY_S:
            self.stream.write(progress_text(progress, self.lang) + "\n")
            self.told = now
        self.stream.flush()

    def close(self) -> None:
        """End the line."""
        if self.open:
            self.stream.write("\n")
