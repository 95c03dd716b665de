"""The stored questions: each a SPARQL file whose first lines say in Dutch and English what it asks.

A file runs in any SPARQL tool as it stands. A line `VALUES ?power { vc:coercion }` may be announced as a parameter;
then another concept can be put between its braces without touching the query.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vereend import content
from vereend.errors import VereendError
from vereend.rules import Texts
from vereend.terms import BASE, prefixed, term
from vereend.vocabulary import nearest, vocabulary

# A group is a concept of this scheme: in ontology/concepts/questions.ttl.
GROUPS = "vc:question-groups"
# A stored question has an IRI under this, ending in its name.
QUERIES = BASE + "query/"
_PARAMETER = re.compile(r'@parameter \?(\w+) (vc:[\w-]+) "([^"]+)"@nl "([^"]+)"@en')


@dataclass(frozen=True)
class Parameter:
    """What may be filled in: one concept of a list."""

    name: str  # of the variable
    scheme: str  # IRI of the list, in N-Triples spelling
    label: Texts
    default: str  # prefixed name, as the query has it

    @property
    def choices(self) -> list[str]:
        """The concepts that may be filled in, as prefixed names."""
        known = vocabulary()
        return sorted(prefixed(concept) for concept, scheme in known.scheme_of.items() if scheme == self.scheme)


@dataclass(frozen=True)
class StoredQuery:
    """A question with its SPARQL."""

    name: str
    question: Texts
    note: Texts  # what a row stands for, and when a place in it is empty
    text: str
    group: str  # concept, in N-Triples spelling
    parameters: tuple[Parameter, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """Give the query with concepts put in place of those it came with.

        Args:
            values: prefixed names of concepts, by the name of the parameter.
        Raises:
            VereendError: a parameter this query does not have, or a concept that is not in its list.
        """
        text = self.text
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, value in values.items():
            if name not in known:
                raise VereendError(
                    f"{self.name}, {name!r}",
                    "is not a parameter of this question",
                    f"It has {', '.join(known) or 'none'}",
                )
            choices = known[name].choices
            if value not in choices:
                guess = nearest(value, choices)
                raise VereendError(
                    f"{self.name}, {value!r}",
                    f"is not a value of {name!r}",
                    f"The nearest is '{guess}'" if guess else f"Choose one of {', '.join(choices)}",
                )
            text = _values(name).sub(f"VALUES ?{name} {{ {value} }}", text)
        return text


def _values(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES \?{name} \{{ (vc:[\w-]+) \}}")


@cache
def queries() -> tuple[StoredQuery, ...]:
    """Give the stored queries by name.

    Raises:
        VereendError: a query file does not begin with its question in two languages, or names no group.
    """
    return tuple(read_query(path) for path in sorted((content.root() / "kg" / "queries").glob("*.rq")))


def _plain(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith("@")]


def read_query(path: Path) -> StoredQuery:
    """Read one stored query.

    Raises:
        VereendError: it does not begin with its question in two languages, names no group, announces a parameter
            that it does not have, or does not say in two languages what a row is.
    """
    text = path.read_text("utf-8")
    head = [line.lstrip("# ").rstrip() for line in re.match(r"(?:#[^\n]*\n)*", text)[0].splitlines()]  # type: ignore[index]
    if len(head) < 2 or not head[0].endswith("?") or not head[1].endswith("?"):
        raise VereendError(
            str(path),
            "does not begin with its question",
            "Write it in Dutch and in English, each on a line that begins with #",
        )
    known = vocabulary()
    groups = {prefixed(c) for c, scheme in known.scheme_of.items() if scheme == term(GROUPS) and known.broader.get(c)}
    group = next((line.removeprefix("@group ") for line in head if line.startswith("@group ")), "")
    if f"vc:{group}" not in groups:
        raise VereendError(
            str(path), "belongs to no group", f"Write # @group and one of {', '.join(sorted(g[3:] for g in groups))}"
        )
    parameters = []
    for line in head:
        if line.startswith("@parameter"):
            found = _PARAMETER.fullmatch(line)
            default = _values(found[1]).search(text) if found else None
            if found is None or default is None:
                raise VereendError(
                    f"{path}, {line!r}",
                    "announces no parameter of the query",
                    'Write # @parameter ?power vc:powers "welke"@nl "which"@en, and VALUES ?power { vc:… }',
                )
            parameters.append(Parameter(found[1], term(found[2]), {"nl": found[3], "en": found[4]}, default[1]))
    notes = [" ".join(note.split()) for note in re.split(r"\n{2,}", "\n".join(_plain(head[2:])).strip("\n")) if note]
    if len(notes) != 2:
        raise VereendError(
            str(path),
            "does not say in two languages what a row is",
            "Write it in Dutch and then in English, each a paragraph of comment after a line with # alone",
        )
    return StoredQuery(
        path.stem,
        {"nl": head[0], "en": head[1]},
        {"nl": notes[0], "en": notes[1]},
        text,
        term(f"vc:{group}"),
        tuple(parameters),
    )
