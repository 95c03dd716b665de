"""What is wrong with an input, told so that its writer can mend it.

Our own mistakes stay ordinary exceptions with their traceback.
"""


class VereendError(Exception):
    """Something in the input is wrong, and we can say where and what to do."""

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        super().__init__(where, problem, remedy)
        self.where, self.problem, self.remedy = where, problem, remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}. {self.remedy}."


class LocatorError(VereendError):
    """A locator that names no lines."""


class UnknownEntity(VereendError):
    """Nothing in the graph has this name: a page answers 404."""


class QueryRefused(VereendError):
    """A query that is not evaluated: malformed, not read-only, or too long."""


class QueryTimeout(VereendError):
    """A query that took longer, or more memory, than it may."""
