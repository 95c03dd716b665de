"""Statements to be added to a description and taken out of it: read from Turtle, checked, and laid on the description.

A change that would do nothing is an error: who asks what becomes of a description without a statement must not be told
"nothing" because of a typing mistake.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import pyoxigraph as ox

from vereend.errors import VereendError
from vereend.reading import Description, refuse_unknown_terms
from vereend.terms import NAMESPACES, PARTNERSHIP, TYPE, Statement, iri, local_name
from vereend.vocabulary import nearest, vocabulary


class Change(NamedTuple):
    """What is added to a description and what is taken out of it."""

    add: frozenset[Statement] = frozenset()
    remove: frozenset[Statement] = frozenset()

    def __or__(self, other: "Change") -> "Change":
        """Give both changes together; what the second takes back of the first is gone."""
        return Change((self.add - other.remove) | other.add, (self.remove - other.add) | other.remove)

    def on(self, statements: frozenset[Statement]) -> frozenset[Statement]:
        """Lay the change on statements."""
        return (statements - self.remove) | self.add


def prefixes_for(description: Description) -> dict[str, str]:
    """Give the prefixes a reader of this description may use: the project's, and the description's own before these."""
    return NAMESPACES | description.prefixes


def spelled(name: str, description: Description) -> str:
    """Spell a term as the author of a description would: with a prefix where one fits."""
    return shortened(name, prefixes_for(description))


def shortened(name: str, prefixes: Mapping[str, str]) -> str:
    """Spell a term in Turtle, with one of these prefixes where one fits."""
    if not name.startswith("<"):
        datatype = re.search(r"\^\^(<[^>]*>)$", name)
        return name[: datatype.start()] + "^^" + shortened(datatype[1], prefixes) if datatype else name
    full = iri(name)
    for prefix, namespace in sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0])):
        if namespace and full.startswith(namespace) and re.fullmatch(r"\w(?:[\w-]*\w)?", full[len(namespace) :]):
            return f"{prefix}:{full[len(namespace) :]}"
    return name


def spelled_statement(statement: Statement, description: Description) -> str:
    """Spell a statement as the author of a description would, without the full stop."""
    subject, predicate, obj = (spelled(part, description) for part in statement)
    return f"{subject} {'a' if statement.predicate == TYPE else predicate} {obj}"


def read_statements(text: str, description: Description) -> set[Statement]:
    """Read statements in Turtle spelling, with the prefixes of the description and of the project.

    Raises:
        VereendError: broken syntax, an undeclared prefix, a thing without a name, or a term that does not exist.
    """
    where = repr(text)
    head = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in prefixes_for(description).items())
    body = text.strip().removesuffix(".") + " ."
    try:
        quads = list(ox.parse(head + body, format=ox.RdfFormat.TURTLE, base_iri="https://w3id.org/vereend/kg/"))
    except SyntaxError as error:
        message = str(error.msg or error)
        if missing := re.search(r"prefix (\S*:) has not been declared", message):
            raise VereendError(
                f"{where}, '{missing[1]}'",
                "uses a prefix that is not declared",
                f"Use one of {', '.join(sorted({'vrd:', 'vc:'} | {n + ':' for n in description.prefixes}))}, "
                "or write the IRI in full",
            ) from None
        raise VereendError(
            where,
            "is not a statement",
            "Write subject, predicate and object as in Turtle: kg:committee vrd:fundedBy kg:municipality",
            re.sub(r"^Parser error at .*?: ?(?=\D)|^Parser error at line \d+ column \d+: ", "", message),
        ) from None
    if not quads:
        raise VereendError(where, "is empty", "Write subject, predicate and object, as in Turtle")
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            raise VereendError(where, "speaks of something without a name", "Give it a name, as in kg:covenant")
    found = {Statement(str(q.subject), str(q.predicate), str(q.object)) for q in quads}
    refuse_unknown_terms(Description(where, frozenset(found)))
    return found


def _ask_for(statement: Statement, description: Description) -> str:
    """Say what is there instead of a statement that is not."""
    subject, predicate, _ = statement
    alike = sorted(s for s in description.statements if s[:2] == (subject, predicate))
    if alike:
        return f"There is: {'; '.join(spelled_statement(s, description) for s in alike[:3])}"
    by_spelling = {spelled_statement(s, description): s for s in description.statements if s.subject == subject}
    by_spelling = by_spelling or {spelled_statement(s, description): s for s in description.statements}
    guess = nearest(spelled_statement(statement, description), by_spelling)
    return f"Did you mean '{guess}'" if guess else "Look it up in the description"


def find_thing(name: str, description: Description) -> str:
    """Find a thing of a description by prefixed name, IRI, or the last part of its name.

    Raises:
        VereendError: nothing, or more than one thing, has this name.
    """
    things = {x for s in description.statements for x in (s.subject, s.object) if x.startswith("<")}
    things = {x for x in things if not any(x.startswith("<" + NAMESPACES[n]) for n in ("vrd", "vc"))}
    wanted = name.strip("<>")
    found = sorted(x for x in things if wanted in (iri(x), spelled(x, description))) or sorted(
        x for x in things if wanted == local_name(x)
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise VereendError(
            repr(name),
            "is the name of several things",
            f"Write one of {', '.join(spelled(x, description) for x in found)}",
        )
    guess = nearest(wanted, [spelled(x, description) for x in things] + [local_name(x) for x in things])
    raise VereendError(
        repr(name),
        "is not named in the description",
        f"The nearest is '{guess}'" if guess else "Look it up in the description",
    )


def dropped(name: str, description: Description) -> tuple[set[Statement], list[str]]:
    """Give what goes when a thing goes: all that is said of it and every link to it.

    Along with it go the things that cannot do without it, as a participation without its participant.

    Returns:
        The statements, and the things that go along, sorted.
    Raises:
        VereendError: the thing is a partnership.
    """
    known = vocabulary()
    kinds: dict[str, set[str]] = defaultdict(set)
    for s in description.statements:
        if s.predicate == TYPE:
            kinds[s.subject] |= known.kinds(s.object)
    gone = {name}
    if PARTNERSHIP in kinds[name]:
        raise VereendError(
            repr(spelled(name, description)), "is the partnership itself", "Name a thing in it: an actor, a mandate"
        )
    while True:
        loose = {
            s.subject
            for s in description.statements
            if s.object in gone
            and s.subject not in gone
            and PARTNERSHIP not in kinds[s.subject]
            and any((kind, s.predicate) in known.needs for kind in kinds[s.subject])
            and not any(o.object not in gone for o in description.statements if o[:2] == s[:2])
        }
        if not loose:
            break
        gone |= loose
    return {s for s in description.statements if s.subject in gone or s.object in gone}, sorted(gone - {name})


def read_change(
    description: Description, add: Iterable[str] = (), remove: Iterable[str] = (), without: Iterable[str] = ()
) -> Change:
    """Read a change from texts, and check that it can be laid on a description.

    Args:
        add, remove: statements in Turtle spelling.
        without: names of things to drop with everything said of them.
    Raises:
        VereendError: a statement to remove that is not there, one to add that is, nothing to do at all, or anything
            that `read_statements` and `find_thing` refuse.
    """
    new: set[Statement] = set()
    gone: set[Statement] = set()
    for text in remove:
        for statement in sorted(read_statements(text, description)):
            if statement not in description.statements:
                raise VereendError(
                    repr(spelled_statement(statement, description)),
                    "is not in the description",
                    _ask_for(statement, description),
                )
            gone.add(statement)
    for name in without:
        gone |= dropped(find_thing(name, description), description)[0]
    for text in add:
        for statement in sorted(read_statements(text, description)):
            if statement in description.statements - gone:
                raise VereendError(
                    repr(spelled_statement(statement, description)), "is already in the description", "Leave it out"
                )
            new.add(statement)
    if not new and not gone:
        raise VereendError(description.name, "is not changed at all", "Name what to add, to remove or to go without")
    return Change(frozenset(new), frozenset(gone))


def changed(description: Description, change: Change) -> Description:
    """Give the description as it would be; its text stays that of the original, so that lines can still be named.

    Raises:
        VereendError: no partnership is left.
    """
    statements = change.on(description.statements)
    found = replace(description, statements=statements)
    if not found.partnerships:
        raise VereendError(
            description.name, "describes no partnership any more", "Leave one thing the kind vrd:Partnership"
        )
    return found
