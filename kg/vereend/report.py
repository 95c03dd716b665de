"""What came of a validation. How it is written down, for people and programs, stands in vereend.formats."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Any

from vereend.answers import Answer, latest
from vereend.errors import VereendError
from vereend.positions import Position
from vereend.reading import Description
from vereend.rules import Texts
from vereend.terms import default_language, iri
from vereend.verdicts import ORDER, Judgement, StructureFinding, Verdict
from vereend.wording import Words

Counts = dict[str, int]  # verdicts by name, in the order of verdicts.ORDER, zeros included


@dataclass(frozen=True)
class PartnershipReport:
    """What the rules say of one partnership."""

    label: Texts
    judgement: Judgement

    @property
    def iri(self) -> str:
        """The partnership's IRI."""
        return iri(self.judgement.partnership)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts, gravest first."""
        return self.judgement.verdicts

    @property
    def conforms(self) -> bool:
        """Whether SHACL reports no result."""
        return self.judgement.conforms

    @cached_property
    def counts(self) -> Counts:
        """How many verdicts of each kind."""
        return count(self.verdicts)

    @cached_property
    def themes(self) -> dict[str, list[Verdict]]:
        """The verdicts by theme concept IRI, themes in the order of their first rule."""
        found: dict[str, list[Verdict]] = {}
        for verdict in sorted(self.verdicts, key=lambda v: v.rule.number):
            found.setdefault(verdict.rule.theme, []).append(verdict)
        return found


def count(verdicts: tuple[Verdict, ...] | list[Verdict]) -> Counts:
    """Count verdicts by name."""
    found = Counter(v.verdict for v in verdicts)
    return {name: found.get(name, 0) for name in ORDER}


@dataclass(frozen=True)
class FileReport:
    """What came of one description: either findings on its structure, or verdicts."""

    description: Description
    structure: tuple[StructureFinding, ...]  # not empty: too incomplete to be judged, and no verdicts
    partnerships: tuple[PartnershipReport, ...]
    words: Words

    @property
    def name(self) -> str:
        """The file's name, or what the caller calls the text."""
        return self.description.name

    @property
    def conforms(self) -> bool:
        """Whether it could be judged and nothing was found."""
        return not self.structure and all(p.conforms for p in self.partnerships)

    @cached_property
    def loose_answers(self) -> tuple[Answer, ...]:
        """Answers to rules that were judged, but that no longer ask this: the thing is gone, or the verdict another."""
        verdicts = [v for one in self.partnerships for v in one.verdicts]
        judged, shown = {v.rule.number for v in verdicts}, {v.answer.key for v in verdicts if v.answer}
        return tuple(a for key, a in latest(self.description.answers).items() if a.rule in judged and key not in shown)

    def position(self, found: Verdict | StructureFinding) -> Position | None:
        """Give where what is judged stands in the text; None where the text does not show it."""
        return self.description.position_of_judged(found.focus, found.value)


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be read, and why."""

    path: str
    error: VereendError


@dataclass(frozen=True)
class Report:
    """What came of a validation."""

    engine: str
    date: str
    files: tuple[FileReport, ...]
    unreadable: tuple[Unreadable, ...] = ()
    inference: str = "none"  # what was inferred before the engine looked: a key of engines.INFERENCES

    def with_unreadable(self, found: Iterable[Unreadable]) -> "Report":
        """Add what could not be read, so that every form of the report tells of it."""
        return replace(self, unreadable=(*self.unreadable, *found))

    @property
    def conforms(self) -> bool:
        """Whether every description was read and conforms."""
        return not self.unreadable and all(file.conforms for file in self.files)

    @property
    def assessable(self) -> bool:
        """Whether every description could be read and judged."""
        return not self.unreadable and not any(file.structure for file in self.files)

    @property
    def verdicts(self) -> list[Verdict]:
        """All verdicts, file by file and partnership by partnership."""
        return [v for file in self.files for p in file.partnerships for v in p.verdicts]

    def to(self, format: str, lang: str) -> str:
        """Give the report in a form by its name.

        Args:
            format: one of formats.NAMES.
            lang: of what people read; keys and names for programs are the same in each.
        Raises:
            VereendError: no such form.
        """
        from vereend.formats import NAMES

        written: dict[str, Callable[[], str]] = {
            "text": lambda: self.to_text(lang),
            "json": self.to_json,
            "turtle": self.to_turtle,
            "jsonld": self.to_jsonld,
            "csv": lambda: self.to_csv(lang),
            "md": lambda: self.to_md(lang),
            "html": lambda: self.to_html(lang),
            "sarif": lambda: self.to_sarif(lang),
            "junit": lambda: self.to_junit(lang),
        }
        if format not in written:
            raise VereendError(repr(format), "is not a form of a report", f"Choose one of {', '.join(NAMES)}")
        return written[format]()

    def to_dict(self) -> dict[str, Any]:
        """Give the report as the JSON contract has it."""
        from vereend.formats import contract

        return contract.to_dict(self)

    def to_json(self) -> str:
        """Give the report as JSON."""
        from vereend.formats import contract

        return contract.write(self)

    def to_text(self, lang: str, styled: bool = False) -> str:
        """Give the report for people.

        Args:
            styled: mark verdicts with terminal colours; the words say the same without.
        """
        from vereend.formats import text

        return text.write(self, lang, styled)

    def to_turtle(self) -> str:
        """Give the W3C validation report, each result with its verdict."""
        from vereend.formats import shacl

        return shacl.turtle(self)

    def to_jsonld(self) -> str:
        """Give the graph of `to_turtle` as JSON-LD."""
        from vereend.formats import shacl

        return shacl.jsonld(self)

    def to_csv(self, lang: str) -> str:
        """Give a table with one row a verdict, safe to open in a spreadsheet."""
        from vereend.formats import spreadsheet

        return spreadsheet.write(self, lang)

    def to_md(self, lang: str) -> str:
        """Give the report as Markdown."""
        from vereend.formats import markdown

        return markdown.write(self, lang)

    def to_html(self, lang: str) -> str:
        """Give the report as one page that needs nothing beside it, to be read, printed or filed."""
        from vereend.formats import page

        return page.write(self, lang)

    def to_sarif(self, lang: str) -> str:
        """Give the report as SARIF 2.1.0, for editors and code hosts."""
        from vereend.formats import sarif

        return sarif.write(self, lang)

    def to_junit(self, lang: str) -> str:
        """Give the report as JUnit XML, for what shows test results."""
        from vereend.formats import junit

        return junit.write(self, lang)

    def _repr_html_(self) -> str:
        """Show the report in a notebook, in a frame, so that neither's style touches the other."""
        page = escape(self.to_html(default_language()))
        return f'<iframe title="Vereend" sandbox srcdoc="{page}" style="width:100%;height:40rem;border:0"></iframe>'
