"""Identifiers of law: read, written, cited for people, and led to the official text.

Four standards name what a description or a provision rests on: JCI (Dutch legislation), ELI and CELEX (European Union),
ECLI (court decisions). Each is read into a frozen value that writes itself back as it was, so that what was read is
what is shown and linked. This module opens no files and no network.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, Protocol
from urllib.parse import quote

from vereend.errors import VereendError

# How the standard names the parts of an enactment, outermost first; "o" is an item of a list.
PARTS = (
    "boek",
    "deel",
    "hoofdstuk",
    "titel",
    "titeldeel",
    "afdeling",
    "paragraaf",
    "subparagraaf",
    "sub-paragraaf",
    "bijlage",
    "aanwijzing",
    "artikel",
    "lid",
    "onderdeel",
    "o",
)
# Which dates each kind of JCI may carry: one state of the text (c), or all states in a period (v).
DATES = {"c": ("z", "g"), "v": ("z", "s", "e")}

_JCI = re.compile(r"jci(1\.31?):([cv]):(BWB[RV]\d{7})((?:&[^&=]+=[^&=]*)*)", re.ASCII)
_VALUE = re.compile(r"[\w:.-](?:[\w:. -]*[\w:.-])?", re.ASCII)
_ELI = re.compile(
    r"http://data\.europa\.eu/eli/([a-z]+(?:_[a-z]+)*)/(\d{4})/(\d+)((?:/[a-z]{3}_\w+)*)(?:/(oj|\d{4}-\d\d-\d\d))?",
    re.ASCII,
)
_ELI_KINDS = tuple(kind + form for kind in ("reg", "dir", "dec") for form in ("", "_impl", "_del"))
_CELEX = re.compile(r"([0-9CE])(\d{4})([A-Z]{1,2})(\d{4})(\(\d\d\))?(?:-(\d{8}))?", re.ASCII)
_ECLI = re.compile(r"ECLI:([A-Z]{2}):([A-Z][A-Z0-9]{0,6}):(\d{4}):([A-Z0-9.]{1,25})", re.ASCII)
_EUR_LEX = "https://eur-lex.europa.eu/"


class Identifier(Protocol):
    """An identifier of a piece of law."""

    def __str__(self) -> str:
        """Write it as its standard does."""

    def link(self, lang: str, on: str | None = None) -> str:
        """Give the address of the official text, at a date (ISO 8601) where its publisher can show one."""

    def place(self, lang: str) -> str:
        """Give its place within the enactment as people cite it ("art. 53 lid 1"); empty for the whole."""


@dataclass(frozen=True)
class Jci:
    """A Dutch enactment or a part of it, by the standard of Juriconnect for legislation.

    Source: Juriconnect standaard BWB 1.3.1.
    """

    version: str  # "1.3" or "1.31"
    kind: str  # "c": one state of the text; "v": all states in a period
    bwb: str  # number in the national database; BWBR for legislation, BWBV for treaties
    parameters: tuple[tuple[str, str], ...] = ()  # names and values in the order written, dates included

    def __str__(self) -> str:
        return f"jci{self.version}:{self.kind}:{self.bwb}" + "".join(f"&{n}={v}" for n, v in self.parameters)

    @property
    def location(self) -> tuple[tuple[str, str], ...]:
        """The parts that lead to the place, outermost first."""
        return tuple((name, value) for name, value in self.parameters if name in PARTS)

    @property
    def dates(self) -> dict[str, str]:
        """ISO 8601 dates: z as seen on, g as in force on, s and e the period."""
        return {name: value for name, value in self.parameters if name in DATES[self.kind]}

    def link(self, lang: str, on: str | None = None) -> str:
        """Give the address at wetten.overheid.nl, which is in Dutch; a date in the JCI goes before the one asked."""
        dated = f"&z={on}&g={on}" if on and self.kind == "c" and not self.dates else ""
        return "https://wetten.overheid.nl/" + quote(str(self) + dated, safe=":&=")

    def place(self, lang: str) -> str:
        """Cite the article and what is within it; the division above an article is not cited in Dutch law."""
        cited = dict(self.location)
        return _place(cited.get("artikel"), cited.get("lid"), cited.get("onderdeel") or cited.get("o"), lang)


@dataclass(frozen=True)
class Eli:
    """An act of the European Union or a part of it, by the European Legislation Identifier."""

    kind: str  # one of reg, dir, dec, each also with _impl or _del
    year: int
    number: int
    subdivision: tuple[tuple[str, str], ...] = ()  # ("art", "6"), ("par", "1"), ("pnt", "e")
    version: str = ""  # "oj", an ISO 8601 date of a consolidated text, or none

    def __str__(self) -> str:
        return f"http://data.europa.eu/eli/{self._path}"

    @property
    def _path(self) -> str:
        parts = "".join(f"/{name}_{value}" for name, value in self.subdivision)
        return f"{self.kind}/{self.year:04}/{self.number}{parts}" + (f"/{self.version}" if self.version else "")

    def link(self, lang: str, on: str | None = None) -> str:
        """Give the address of the article at EUR-Lex: paragraphs and points have no address there."""
        articles = tuple(part for part in self.subdivision if part[0] == "art")
        whole = Eli(self.kind, self.year, self.number, articles, self.version or "oj")
        return f"{_EUR_LEX}eli/{whole._path}/{'nld' if lang == 'nl' else 'eng'}"

    def place(self, lang: str) -> str:
        """Cite the article and what is within it."""
        cited = dict(self.subdivision)
        return _place(cited.get("art"), cited.get("par"), cited.get("pnt"), lang)


@dataclass(frozen=True)
class Celex:
    """A document in the database of European Union law, by its number there."""

    sector: str  # "3" legislation, "6" case law, "0" consolidated texts, …
    year: int
    kind: str  # "R" regulation, "L" directive, "CJ" judgment of the Court of Justice, …
    number: int
    part: str = ""  # "(01)" where several documents share a number
    version: str = ""  # YYYYMMDD of a consolidated text

    def __str__(self) -> str:
        version = f"-{self.version}" if self.version else ""
        return f"{self.sector}{self.year:04}{self.kind}{self.number:04}{self.part}{version}"

    def link(self, lang: str, on: str | None = None) -> str:
        """Give the address at EUR-Lex."""
        return f"{_EUR_LEX}legal-content/{lang.upper()}/TXT/?uri=CELEX:{self}"

    def place(self, lang: str) -> str:
        """Give nothing: the number names a document as a whole."""
        return ""


@dataclass(frozen=True)
class Ecli:
    """A court decision, by the European Case Law Identifier.

    Source: annex to the conclusions of the Council of the European Union, OJ C 127 of 29 April 2011.
    """

    country: str  # two letters; "EU" for the courts of the Union
    court: str
    year: int
    number: str

    def __str__(self) -> str:
        return f"ECLI:{self.country}:{self.court}:{self.year:04}:{self.number}"

    def link(self, lang: str, on: str | None = None) -> str:
        """Give the address at the publisher: the Dutch judiciary, EUR-Lex, or else the European portal."""
        if self.country == "NL":
            return f"https://deeplink.rechtspraak.nl/uitspraak?id={self}"
        if self.country == "EU":
            return f"{_EUR_LEX}legal-content/{lang.upper()}/TXT/?uri=ecli:{self}"
        return f"https://e-justice.europa.eu/ecli/{self}"

    def place(self, lang: str) -> str:
        """Give nothing: it names a decision as a whole."""
        return ""


def _place(article: str | None, paragraph: str | None, item: str | None, lang: str) -> str:
    if article is None:
        return ""
    if lang == "nl":
        within = (f" lid {paragraph}" if paragraph else "") + (f" onder {item}" if item else "")
    else:
        within = "".join(f"({part})" for part in (paragraph, item) if part)
    return f"art. {article}{within}"


def _wrong(text: str, problem: str, remedy: str) -> NoReturn:
    raise VereendError(repr(text), problem, remedy)


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def parse_jci(text: str) -> Jci:
    """Read a JCI.

    Raises:
        VereendError: another form; a part or date the standard does not have, or has twice; a date that is none.
    """
    match = _JCI.fullmatch(text)
    if match is None:
        _wrong(text, "is no JCI", "Write it as in jci1.3:c:BWBR0001903&artikel=53&lid=1")
    version, kind, bwb, rest = match.groups()
    parameters = tuple((name, value) for name, _, value in (pair.partition("=") for pair in rest.split("&")[1:]))
    seen: set[str] = set()
    for name, value in parameters:
        if name not in (*PARTS, *DATES[kind]):
            known = ", ".join((*PARTS, *DATES[kind]))
            _wrong(f"{text}, '{name}'", "is no part of an enactment and no date of a JCI", f"Choose one of {known}")
        if name in seen:
            _wrong(f"{text}, '{name}'", "is told twice", "Keep one")
        seen.add(name)
        if name in DATES[kind] and not _is_date(value):
            _wrong(f"{text}, '{name}={value}'", "is not a date", "Write year, month, day, as in 2026-11-24")
        if not _VALUE.fullmatch(value):
            _wrong(f"{text}, '{name}={value}'", "is no number of a part", "Write it as in artikel=53 or hoofdstuk=II")
    return Jci(version, kind, bwb, parameters)


def parse_eli(text: str) -> Eli:
    """Read an ELI of the European Union.

    Raises:
        VereendError: another form, a kind of act we do not know, or a version that is no date.
    Source: URI templates of the Publications Office of the European Union.
    """
    match = _ELI.fullmatch(text)
    remedy = "Write it as in http://data.europa.eu/eli/reg/2016/679/art_6/oj"
    if match is None:
        _wrong(text, "is no ELI of the European Union", remedy)
    kind, year, number, parts, version = match.groups()
    if kind not in _ELI_KINDS:
        _wrong(f"{text}, '{kind}'", "is no kind of act of the European Union", f"Choose one of {', '.join(_ELI_KINDS)}")
    if number.startswith("0"):
        _wrong(f"{text}, '{number}'", "is no number of an act", "Write it without zeros in front")
    if version and version != "oj" and not _is_date(version):
        _wrong(f"{text}, '{version}'", "is not a date", "Write year, month, day, as in 2026-11-24")
    split = (part.partition("_") for part in parts.split("/")[1:])
    return Eli(kind, int(year), int(number), tuple((name, value) for name, _, value in split), version or "")


def parse_celex(text: str) -> Celex:
    """Read a CELEX number.

    Raises:
        VereendError: another form.
    """
    match = _CELEX.fullmatch(text)
    if match is None:
        _wrong(text, "is no CELEX number", "Write it as in 32016R0679")
    sector, year, kind, number, part, version = match.groups()
    return Celex(sector, int(year), kind, int(number), part or "", version or "")


def parse_ecli(text: str) -> Ecli:
    """Read an ECLI.

    Raises:
        VereendError: another form.
    """
    match = _ECLI.fullmatch(text)
    if match is None:
        _wrong(text, "is no ECLI", "Write it as in ECLI:NL:RBDHA:2024:14061")
    country, court, year, number = match.groups()
    return Ecli(country, court, int(year), number)


# property of a provision, act or decision -> what reads its value
PARSERS: dict[str, Callable[[str], Identifier]] = {
    "jci": parse_jci,
    "eli": parse_eli,
    "ecli": parse_ecli,
    "celex": parse_celex,
}


def parse(text: str) -> Identifier:
    """Read an identifier of any of the four standards, told apart by how it begins.

    Raises:
        VereendError: it is of none, or not well formed.
    """
    for start, name in (("jci", "jci"), ("http", "eli"), ("ECLI", "ecli")):
        if text.startswith(start):
            return PARSERS[name](text)
    return parse_celex(text)


def link(text: str, lang: str, on: str | None = None) -> str:
    """Give the address of the official text behind an identifier.

    Args:
        on: ISO 8601 date at which to show it, where the publisher can.
    """
    return parse(text).link(lang, on)


def cite(text: str, act: str, lang: str, prefix: str = "") -> str:
    """Cite a place in an enactment as lawyers do: "art. 53 lid 1 Sv", "art. 53(1) Code of Criminal Procedure".

    Args:
        act: the name or abbreviation of the enactment in this language.
        prefix: what the article's number begins with in citations and not in the identifier ("6:" for Book 6).
    """
    place = parse(text).place(lang)
    return f"{place.replace('art. ', f'art. {prefix}', 1)} {act}" if place else act
