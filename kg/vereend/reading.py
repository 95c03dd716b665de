"""From a file or a text to a description: its statements, and where in the text they stand.

Strict about the project's own names: a term that is nearly right would match nothing and make a rule fall silent, so it
is an error here, with its line and the nearest term that exists. Reading never opens the network.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from vereend.answers import Answer, file_beside, read_answers
from vereend.errors import VereendError
from vereend.positions import Places, Position, turtle_places
from vereend.terms import (
    COMPLETE_FOR,
    FROM,
    NAMELESS,
    NAMESPACES,
    PARTNERSHIP,
    TYPE,
    UNTIL,
    Statement,
    iri,
    is_vrd,
    local_name,
    prefixed,
    term,
)
from vereend.vocabulary import nearest, vocabulary

# Largest description read, in bytes. Raise it only for a machine that validates in batches of very large files.
MAX_DESCRIPTION_BYTES = 5_000_000
# Deepest nesting read. A description has some ten levels; parsers take minutes over thousands.
MAX_NESTING = 100

FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "yaml": ox.RdfFormat.JSON_LD,  # made of it: see vereend.yaml_ld
}
# The ending of a file's name, in lower case -> its format.
SUFFIXES = {
    ".ttl": "turtle",
    ".jsonld": "jsonld",
    ".json": "jsonld",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
    ".xml": "rdfxml",
    ".nt": "ntriples",
    ".yaml": "yaml",
    ".yml": "yaml",
}
WORKBOOK = ".xlsx"  # read as cells, not as text: see vereend.workbook
_PARSED_AT = "https://w3id.org/vereend/kg/"  # what relative names in a description are relative to
_DAY = re.compile(r'"\d{4}-\d{2}-\d{2}"\^\^<[^>]*#date>')
_BRACKET = "urn:x-opening-bracket"  # marks an opening bracket in a copy of the text; never leaves it
_WRITE = "Write a description in YAML (.yaml), Turtle (.ttl), JSON-LD (.jsonld), RDF/XML (.rdf) or a workbook (.xlsx)"


@dataclass(frozen=True)
class Description:
    """What a text tells: statements about one or more partnerships."""

    name: str  # the file's name, or what the caller calls the text
    statements: frozenset[Statement]
    text: str = ""
    format: str = "turtle"
    prefixes: dict[str, str] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()  # that people gave to questions about it, from the file beside it

    @cached_property
    def partnerships(self) -> list[str]:
        """The partnerships described, by IRI, in N-Triples spelling."""
        return sorted(s for s, p, o in self.statements if p == TYPE and o == PARTNERSHIP)

    @cached_property
    def places(self) -> Places:
        """Where each IRI stands in the text; empty where the format keeps no order of its own."""
        if self.format == "yaml":
            from vereend.yaml_ld import read_yaml

            return read_yaml(self.text, self.name).places
        return turtle_places(self.text) if self.format in ("turtle", "ntriples") else Places({}, {}, [])

    @cached_property
    def _nameless_places(self) -> dict[str, Position]:
        """Where each nameless thing begins, by the IRI it is given here.

        The text is read once more with a mark behind each opening bracket, which comes out as a statement of the thing
        that the bracket opens.
        """
        if self.format not in ("turtle", "ntriples"):
            return {}
        marked, end = "", 0
        for number, (offset, _) in enumerate(self.places.brackets):
            marked += f"{self.text[end : offset + 1]} <{_BRACKET}> {number} ;"
            end = offset + 1
        quads = list(ox.parse(marked + self.text[end:], format=FORMATS[self.format], base_iri=_PARSED_AT))
        opened = {
            str(q.subject): self.places.brackets[int(q.object.value)][1]
            for q in quads
            if q.predicate.value == _BRACKET and isinstance(q.object, ox.Literal)
        }
        plain = [q for q in quads if q.predicate.value != _BRACKET]
        names = {
            str(node): iri(spelled)
            for quad, statement in zip(plain, _statements(plain), strict=True)
            for node, spelled in ((quad.subject, statement.subject), (quad.object, statement.object))
        }
        labelled = {
            name: self.places.subjects.get(name, places)[0]
            for name, places in self.places.mentions.items()
            if name.startswith("_:")
        }
        return {names[node]: place for node, place in (labelled | opened).items() if node in names}

    def position_of(self, name: str) -> Position | None:
        """Give where a term is described, or else first mentioned; None when the text does not show it."""
        full = iri(name)
        if full.startswith(NAMELESS) and self.format != "yaml":
            return self._nameless_places.get(full)
        for found in (self.places.subjects, self.places.mentions):
            if full in found:
                return found[full][0]
        if self.format in ("jsonld", "rdfxml"):
            for number, line in enumerate(self.text.splitlines(), 1):
                for written in (full, prefixed(full), local_name(full)):
                    if re.search(rf"(?<![\w-]){re.escape(written)}(?![\w-])", line):
                        column = line.index(written) + 1
                        return Position(number, column, column + len(written))
        return None

    def line_of(self, name: str) -> int | None:
        """Give the line, from 1, where a term is described or first mentioned."""
        position = self.position_of(name)
        return position.line if position else None

    def line_of_statement(self, statement: Statement) -> int | None:
        """Give the line where the object is named as said of this subject; else where the subject is described."""
        position = self._named_after(statement.subject, statement.object)
        return position.line if position else None

    def position_of_judged(self, focus: str, value: str | None) -> Position | None:
        """Give where a value judged within a focus is described, else where it is named as said of the focus."""
        if value is None:
            return self.position_of(focus)
        described = self.places.subjects.get(iri(value))
        return described[0] if described else self._named_after(focus, value)

    def _named_after(self, subject: str, name: str) -> Position | None:
        start = self.position_of(subject)
        mentions = self.places.mentions.get(iri(name)) or [p for p in [self.position_of(name)] if p]
        return min((p for p in mentions if start and p >= start), default=start)

    def where(self, name: str) -> str:
        """Say where a term stands, for the head of a message."""
        line = self.line_of(name)
        return f"{self.name}, line {line}" if line else self.name


def read(path: str | Path, *, foreign: bool = False) -> Description:
    """Read a description from a file, with the answers beside it.

    Args:
        foreign: as in `parse`.
    Raises:
        VereendError: a missing file, a directory, an empty, binary or too large file, an unknown ending, or anything
            that `parse` refuses.
    """
    path = Path(path)
    if path.suffix.lower() == WORKBOOK and path.is_file():
        from vereend.workbook import read_workbook

        return replace(read_workbook(path), answers=read_answers(file_beside(path)))
    data, format = file_data(path)
    description = parse(decode(data, str(path)), str(path), format, foreign=foreign)
    return replace(description, answers=read_answers(file_beside(path)))


def file_data(path: Path) -> tuple[bytes, str]:
    """Give the bytes of a file and its format, a key of FORMATS.

    Raises:
        VereendError: a missing file, a directory, an unknown ending, or a file that is too large or cannot be read.
    """
    name = str(path)
    if path.is_dir():
        raise VereendError(name, "is a directory", f"Name the files in it, as in {name}/*.ttl")
    if not path.exists():
        raise VereendError(name, "does not exist", "Check the name")
    if path.suffix.lower() not in SUFFIXES:
        raise VereendError(f"{name}, {path.suffix!r}", "has an ending we do not read", _WRITE)
    if path.stat().st_size > MAX_DESCRIPTION_BYTES:
        raise too_large(name)
    try:
        return path.read_bytes(), SUFFIXES[path.suffix.lower()]
    except OSError as error:
        raise VereendError(name, "cannot be read", "Check who may read it", error.strerror or "") from None


def too_large(name: str) -> VereendError:
    """Make the error for a description over the limit."""
    return VereendError(
        name, f"is larger than {MAX_DESCRIPTION_BYTES // 1_000_000} MB", "Split it: one file per partnership"
    )


def decode(data: bytes, name: str) -> str:
    """Turn bytes into text.

    Raises:
        VereendError: the bytes are no UTF-8 text.
    """
    if b"\0" in data[:4096]:
        raise VereendError(name, "is not a text file", _WRITE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise VereendError(f"{name}, line {line}", "is not UTF-8 text", "Save it as UTF-8") from None


def guess_format(text: str) -> str:
    """Tell from its first characters in which format a pasted text is: YAML, JSON-LD, RDF/XML, or else Turtle."""
    # Line by line: a pattern that may share out blank lines in many ways would try them all.
    if re.match(r"([^\S\n]*(#[^\n]*)?\n)*[^\S\n]*(- )?(['\"]@context['\"]|[\w'-]+):(\s|$)", text):
        return "yaml"
    start = text.lstrip()[:1]
    if start in ("{", "["):
        # Turtle may begin with a blank node; only JSON goes on with a quote, a brace or a bracket.
        return "jsonld" if re.match(r"[{\[]\s*[\"{\[}\]]", text.lstrip()) else "turtle"
    return "rdfxml" if re.match(r"<(\?xml|rdf:RDF|!DOCTYPE|!--)", text.lstrip()) else "turtle"


def parse(text: str, name: str, format: str | None = None, *, foreign: bool = False) -> Description:
    """Read a description from a text.

    Args:
        name: what messages call this text, a file name or "your text".
        format: a key of FORMATS; None guesses it from the text.
        foreign: take any statements, for shapes of others and what these judge: no partnership is asked for.
    Raises:
        VereendError: an empty text, a syntax error (with line and column where the parser gives them), a reference
            outside the text, a term of the model that does not exist, or no partnership.
    """
    if len(text) > MAX_DESCRIPTION_BYTES:
        raise too_large(name)
    if not text.strip():
        raise VereendError(name, "is empty", "Write a description, or begin from kg/examples/veilig-plein.ttl")
    format = format or guess_format(text)
    if format not in FORMATS:
        raise VereendError(f"{name}, {format!r}", "is not a format we read", f"Choose one of {', '.join(FORMATS)}")
    if re.search(r"<!(DOCTYPE|ENTITY)", text) and format == "rdfxml":
        raise VereendError(name, "declares entities of its own", "Write the IRIs out; entity declarations are not read")
    if (deepest := _depth(text, format)) > MAX_NESTING:
        raise VereendError(
            f"{name}, {deepest} levels", "nests too deep", f"Write it flatter: at most {MAX_NESTING} levels"
        )
    source, prefixes = text, {}
    if format == "yaml":
        from vereend.yaml_ld import read_yaml

        source, _, base = read_yaml(text, name)
        prefixes = {
            "": base
        }  # a file in YAML has no prefixes: its own names may be written with nothing before the colon
    try:
        parser = ox.parse(source, format=FORMATS[format], base_iri=_PARSED_AT)
        statements = _statements(parser)
        prefixes = prefixes or dict(parser.prefixes)
    except SyntaxError as error:
        raise _syntax_error(error, source, name) from None
    description = Description(name, frozenset(statements), text, format, prefixes)
    refuse_unknown_terms(description, foreign)
    if not foreign and not description.partnerships:
        raise VereendError(
            name,
            "describes no partnership",
            "Give one thing the kind vrd:Partnership, as in kg/examples/veilig-plein.ttl",
        )
    if not foreign:
        _refuse_swapped_dates(description)
    return description


def _refuse_swapped_dates(description: Description) -> None:
    """Raise where something ends before it begins: at no date would anything be left of it to judge."""
    until = {s.subject: s.object for s in description.statements if s.predicate == UNTIL}
    for subject, predicate, start in sorted(description.statements):
        end = until.get(subject)
        if predicate == FROM and end and _DAY.fullmatch(start) and _DAY.fullmatch(end) and end < start:
            raise VereendError(
                f"{description.where(subject)}, {prefixed(subject)!r}",
                "ends before it begins",
                "Let vrd:from be the earlier day, and vrd:until the later one",
            )


# What is not closed runs to the end: looked for from each place anew, the end would be sought too often.
_STRING = r"\"(?:[^\"\\\n]|\\.)*\"?"
_BLOCK, _MARK = re.compile(r"( *)(?:[-?:] +)*"), re.compile(r"[-?:] +")
_NESTS = {
    "jsonld": re.compile(rf"{_STRING}|(?P<open>[{{\[])|(?P<close>[}}\]])"),
    "yaml": re.compile(rf"#[^\n]*|{_STRING}|(?P<open>[{{\[])|(?P<close>[}}\]])"),
    "rdfxml": re.compile(r"<!--.*?(?:-->|\Z)|<[^<>/!?][^<>]*/>|(?P<open><[^<>/!?])|(?P<close></)", re.DOTALL),
    "turtle": re.compile(
        r"#[^\n]*|<[^<>\s]*>|\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|"
        rf"{_STRING}|'(?:[^'\\\n]|\\.)*'?|(?P<open>[\[({{])|(?P<close>[\])}}])",
        re.DOTALL,
    ),
}


def _depth(text: str, format: str) -> int:
    """Count how deep a text nests. Parsers take a time that grows with its square, and more."""
    depth, deepest = 0, _indents(text) if format == "yaml" else 0
    for token in _NESTS[format].finditer(text) if format in _NESTS else ():
        if token["open"]:
            depth += 1
            deepest = max(deepest, depth)
        elif token["close"]:
            depth -= 1
    return deepest


def _indents(text: str) -> int:
    """Count how deep YAML nests by its indents, and by the marks of lists and keys in front of a line."""
    open_: list[int] = []
    deepest = 0
    for line in text.splitlines():
        start = _BLOCK.match(line)
        assert start is not None
        if line[start.end() :].startswith("#") or start.end() == len(line):
            continue
        columns = [start.end(1), *(mark.end() for mark in _MARK.finditer(line, start.end(1), start.end()))]
        while open_ and open_[-1] >= columns[0]:
            open_.pop()
        open_ += columns
        deepest = max(deepest, len(open_))
    return deepest


def _statements(quads: Iterable[ox.Quad]) -> list[Statement]:
    """Spell quads as statements; nameless things are numbered in reading order, so that reports are stable."""
    numbers: dict[str, str] = {}

    def spell(node: object) -> str:
        text = str(node)
        return numbers.setdefault(text, f"<{NAMELESS}{len(numbers) + 1}>") if isinstance(node, ox.BlankNode) else text

    return [Statement(spell(q.subject), spell(q.predicate), spell(q.object)) for q in quads]


def _syntax_error(error: SyntaxError, text: str, name: str) -> VereendError:
    message = str(error.msg or error)
    if "LoadDocumentCallback" in message:
        remote = re.search(r'"@(?:context|import)"\s*:\s*\[?\s*"([^"]+)"', text)
        context_line = text[: remote.start()].count("\n") + 1 if remote else 1
        return VereendError(
            f"{name}, line {context_line}",
            "names a context outside the text, and reading opens no network",
            "Put the context itself in the file",
        )
    line: int | None = error.lineno
    column: int | None = error.offset
    if line is None and (found := re.search(r"line (\d+) column (\d+)", message)):
        line, column = int(found[1]), int(found[2])
    detail = re.sub(r"^Parser error (at|between) .*?: (?=\D)", "", re.sub(r"\s*\(line \d+\)$", "", message))
    where = f"{name}, line {line}, column {column}" if line else name
    return VereendError(where, "is not well-formed", "Mend the text there and try again", detail.rstrip("."))


def refuse_unknown_terms(description: Description, foreign: bool = False) -> None:
    """Raise at the first term, in reading order, that uses one of our namespaces without existing there.

    Args:
        foreign: a list of others may be declared complete as well.
    """
    known = vocabulary()
    names = known.classes | known.properties | known.individuals | known.concepts | known.schemes
    unknown: list[tuple[int, str, set[str]]] = []
    for subject, predicate, obj in description.statements:
        roles = [(predicate, known.properties)] if is_vrd(predicate) else []
        if predicate == TYPE and is_vrd(obj):
            roles.append((obj, known.classes))
        elif predicate == COMPLETE_FOR and (is_vrd(obj) or not foreign):
            roles.append((obj, known.properties | {term("vrd:everything")}))
        elif is_vrd(obj):
            roles.append((obj, names))
        for name in (subject, obj):
            if name.startswith("<" + NAMESPACES["vc"]):
                roles.append((name, known.concepts))
        unknown += [(description.line_of(name) or 0, name, right) for name, right in roles if name not in right]
    if unknown:
        line, name, right = min(unknown)
        guess = nearest(prefixed(name), [prefixed(other) for other in right])
        raise VereendError(
            f"{description.name}, line {line}, '{prefixed(name)}'"
            if line
            else f"{description.name}, '{prefixed(name)}'",
            "is not a known term",
            f"The nearest is '{guess}'" if guess else "See the list of terms in the viewer, or in ontology/",
        )
