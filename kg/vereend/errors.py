"""What is wrong with an input, told so that its writer can mend it.

Our own mistakes stay ordinary exceptions with their traceback.
"""

import re


class VereendError(Exception):
    """Something in the input is wrong, and we can say where and what to do.

    Args:
        where: the place and what was found there.
        problem: what is wrong, a fixed phrase, so that it can be translated and counted.
        remedy: what to do, an order without a full stop.
        detail: words of a parser or of the system, added to the problem as they are.
    """

    def __init__(self, where: str, problem: str, remedy: str, detail: str = "") -> None:
        super().__init__(where, problem, remedy, detail)
        self.where, self.problem, self.remedy, self.detail = where, problem, remedy, detail

    @property
    def place(self) -> tuple[int, int | None] | None:
        """The line and, where it is known, the column that *where* names; both from 1."""
        found = re.search(r", line (\d+)(?:, column (\d+))?", self.where)
        return (int(found[1]), int(found[2]) if found[2] else None) if found else None

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.where}: {self.problem}{detail}. {self.remedy}."


class LocatorError(VereendError):
    """A locator that names no lines."""


class UnknownEntity(VereendError):
    """Nothing in the graph has this name: a page answers 404."""


class QueryRefused(VereendError):
    """A query that is not evaluated: malformed, not read-only, or too long."""


class QueryTimeout(VereendError):
    """A query that took longer, or more memory, than it may."""


class QueryCancelled(QueryTimeout):
    """A query whose asker has left."""
