"""What a description needs of what others tell: an actor described elsewhere, an overseer two partnerships share.

The rule. The closure of a partnership is what is told of it, of each thing these statements name, and so on, along
properties of the model, as far as it goes; but never on through another partnership. What merely points *to* a thing
is not part of what is told of it: a partnership says which positions, safeguards and flows are its own, an actor who
pays it and who appoints it, and rules read in that direction alone.

So a description with its closure in the shared bodies gets the verdicts it would get in one graph with all others, as
long as that graph can be judged. A flaw in one description keeps the merged graph from being judged at all; here it
keeps only those from being judged that lean on what is flawed. What belongs to one partnership (`vrd:belongsBy`) cannot
be shared: two claims on it are a flaw of the merged graph.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from vereend.reading import Description, read
from vereend.terms import NAMELESS, PARTNERSHIP, TYPE, Statement, is_vrd


class Bodies:
    """What is told of each thing, to take closures from."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.told: dict[str, list[Statement]] = defaultdict(list)
        self.partnerships: set[str] = set()
        for statement in statements:
            self.add(statement)

    def add(self, statement: Statement) -> None:
        """Take in one more statement."""
        self.told[statement.subject].append(statement)
        if statement.predicate == TYPE and statement.object == PARTNERSHIP:
            self.partnerships.add(statement.subject)

    def around(self, focus: Iterable[str]) -> frozenset[Statement]:
        """Give the closure of things, by name in N-Triples spelling; see the rule above.

        Args:
            focus: partnerships among these are gone through; others are not.
        """
        todo = list(focus)
        closed = self.partnerships - set(todo)
        seen: set[str] = set()
        found: set[Statement] = set()
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            for statement in self.told.get(name, ()):
                found.add(statement)
                if is_vrd(statement.predicate) and statement.object not in closed:
                    todo.append(statement.object)
        return frozenset(found)


def closure(graph: Iterable[Statement], focus: Iterable[str]) -> frozenset[Statement]:
    """Give what a graph tells of things and of all they lean on."""
    return Bodies(graph).around(focus)


class Shared:
    """Files with bodies that descriptions share. They are kept in memory: keep them apart from what is judged.

    Args:
        paths: files; a description that is judged may be among them.
    Raises:
        VereendError: one cannot be read, or uses a term that does not exist.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._bodies = Bodies(())
        self._of_file: dict[str, frozenset[Statement]] = {}
        for number, path in enumerate(paths):
            # Nameless things of two files are two things, though both are numbered from one.
            own = f"<{NAMELESS}shared-{number + 1}-"
            told = frozenset(
                Statement(*(text.replace(f"<{NAMELESS}", own) for text in statement))
                for statement in read(path, foreign=True).statements
            )
            self._of_file[str(path.resolve())] = told
            for statement in told:
                self._bodies.add(statement)

    def complete(self, description: Description) -> Description:
        """Give a description with its closure in the shared bodies."""
        own = {s.subject for s in description.statements if s.predicate == TYPE and s.object == PARTNERSHIP}
        others = self._bodies.partnerships - own
        names = {name for s in description.statements for name in (s.subject, s.object)} - others
        # What it tells itself is not taken from the shared files once more: its nameless things would double.
        again = self._of_file.get(str(Path(description.name).resolve()), frozenset())
        together = description.statements | (self._bodies.around(names) - again)
        # A link to a partnership that is described elsewhere says nothing of this one, and its kind is not told here.
        return replace(
            description,
            statements=frozenset(s for s in together if s.subject not in others and s.object not in others),
        )
