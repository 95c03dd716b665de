"""How to cite what is here: a thing, a stored query, a rule or a verdict, as a sentence, BibTeX, RIS or CSL-JSON.

Who made Vereend and in which version stands in CITATION.cff. Every citation names a permanent IRI, the version, and the
day it was consulted; one of a verdict also says of which description, judged at which date and in which phase, so
that a reader can tell whether they look at the same.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from vereend import content
from vereend.errors import UnknownEntity, VereendError
from vereend.reading import Description
from vereend.rules import Texts
from vereend.stored_queries import QUERIES, queries
from vereend.terms import BASE, LANGUAGES, NAMESPACES, local_name
from vereend.verdicts import ORDER
from vereend.vocabulary import nearest, pick
from vereend.wording import VERDICT_NAMES, day

if TYPE_CHECKING:
    from vereend.knowledge import Knowledge

# Form -> media type. The names are also the endings of files.
MEDIA = {
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
}
_SAYS = {
    "nl": {"in": "in", "version": "versie", "seen": "geraadpleegd op", "undated": "z.d."},
    "en": {"in": "in", "version": "version", "seen": "accessed", "undated": "n.d."},
}
_ESCAPES = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


class Work(NamedTuple):
    """The work that everything here is part of."""

    title: str
    authors: tuple[str, ...]
    version: str
    released: str  # ISO 8601 date; "" for a version that has not been released


@dataclass(frozen=True)
class Cited:
    """What is cited."""

    iri: str  # permanent
    title: Texts
    kind: Texts  # what it is, as in "rule"
    key: str  # short name, letters, digits and hyphens
    note: Texts  # what else tells the very same from others; empty where the version does


@cache
def work() -> Work:
    """Read CITATION.cff.

    Source: Citation File Format 1.2.0.
    """
    told: dict[str, Any] = yaml.safe_load((content.root() / "CITATION.cff").read_text("utf-8"))
    authors = tuple(
        a.get("name") or ", ".join(filter(None, (a.get("family-names"), a.get("given-names")))) for a in told["authors"]
    )
    return Work(told["title"], authors, str(told["version"]), str(told.get("date-released", "")))


def description_digest(description: Description) -> str:
    """Give the SHA-256 of a description as text, as `sha256sum FILE` gives it; of its statements where it has none."""
    text = description.text or "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(description.statements))
    return hashlib.sha256(text.encode()).hexdigest()


def cite(knowledge: "Knowledge", name: str) -> Cited:
    """Say how a thing is cited.

    Args:
        name: an IRI, or what follows https://w3id.org/vereend/ in it; that of a stored query is query/ and its name.
    Raises:
        UnknownEntity: there is no such thing.
    """
    from vereend.knowledge import KIND_NAMES

    iri = name if ":" in name else NAMESPACES["vrd"] + name[3:] if name.startswith("ns/") else BASE + name
    if iri.startswith(QUERIES):
        known = {query.name: query for query in queries()}
        asked = iri.removeprefix(QUERIES)
        if asked not in known:
            guess = nearest(asked, known)
            raise UnknownEntity(
                repr(asked), "is not a stored question", f"The nearest is '{guess or next(iter(known))}'"
            )
        return Cited(iri, known[asked].question, KIND_NAMES["question"], _key(asked), {})
    kind = KIND_NAMES[knowledge.entity(iri).kind]
    title = dict(knowledge.texts(iri))
    short = local_name(iri)
    if iri.startswith((NAMESPACES["vr"], NAMESPACES["src"])):
        kind = {lang: f"{words} {short}" for lang, words in kind.items()}
    note: Texts = {}
    if claim := knowledge.claims.get(short) if iri.startswith(NAMESPACES["src"]) else None:
        title = dict(claim.paraphrase)
        lines = f"{claim.lines.first}–{claim.lines.last}" if claim.lines else ""
        note = {
            "nl": f"parafrase van “Met vereende krachten?” (samenvatting), p. {claim.page}, r. {lines}",
            "en": f"paraphrase of “Met vereende krachten?” (summary, in Dutch), p. {claim.page}, lines {lines}",
        }
    return Cited(iri, title, kind, _key(iri.removeprefix(BASE)), note)


def cite_result(query: Cited, digest: str, rows: int) -> Cited:
    """Say how the answer to a query is cited: by the query, and by what tells that the answer is still the same.

    Args:
        digest: SHA-256 of the answer.
    """
    note = {
        "nl": f"antwoord van {rows} rijen, SHA-256 {digest}",
        "en": f"answer of {rows} rows, SHA-256 {digest}",
    }
    return Cited(query.iri, query.title, query.kind, f"{query.key}-{digest[:8]}", note)


def cite_verdict(
    knowledge: "Knowledge", number: str, verdict: str, partnership: Mapping[str, str], digest: str, on: str, phase: str
) -> Cited:
    """Say how a verdict is cited: by its rule, and by all it depends on.

    Args:
        partnership: label by language.
        digest: of the description, as `description_digest` gives it.
        on: ISO 8601 date it was judged at.
        phase: short name.
    Raises:
        UnknownEntity: no rule has this number.
        VereendError: not a verdict.
    """
    rule = knowledge.rules.get(number)
    if rule is None:
        raise UnknownEntity(number, "is not in this graph", "Look it up by its label, or check the address")
    if verdict not in ORDER:
        raise VereendError(repr(verdict), "is not a verdict", f"Choose one of {', '.join(ORDER)}")
    names = {lang: found.value for lang in LANGUAGES if (found := pick(dict(partnership), lang))}
    phases = {lang: knowledge.label(NAMESPACES["vc"] + "phase-" + phase, lang).value for lang in LANGUAGES}
    title = {
        lang: f"{names.get(lang, '')}: {text} ({number}): {VERDICT_NAMES[verdict][lang]}"
        for lang, text in rule.label.items()
    }
    note = {
        "nl": f"beschrijving met SHA-256 {digest}, getoetst naar {day(on, 'nl')} in de fase {phases['nl']}",
        "en": f"description with SHA-256 {digest}, judged at {day(on, 'en')} in the phase {phases['en']}",
    }
    return Cited(
        rule.iri, title, {"nl": f"oordeel volgens regel {number}", "en": f"verdict by rule {number}"},
        _key(f"{number}-{digest[:8]}"), note,
    )  # fmt: skip


def _key(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


def _words(texts: Texts, lang: str) -> str:
    found = pick(texts, lang)
    return found.value if found else ""


def plain(cited: Cited, lang: str, on: str) -> str:
    """Write a citation as a sentence."""
    made, say = work(), _SAYS[lang]
    note = f", {_words(cited.note, lang)}" if cited.note else ""
    year = made.released[:4] or say["undated"]
    return (
        f"{'; '.join(made.authors)} ({year}). “{_words(cited.title, lang)}” ({_words(cited.kind, lang)}{note}), "
        f"{say['in']} {made.title}, {say['version']} {made.version}. {cited.iri} ({say['seen']} {day(on, lang)})."
    )


def bibtex(cited: Cited, lang: str, on: str) -> str:
    """Write a citation for BibTeX and BibLaTeX."""
    made, say = work(), _SAYS[lang]
    fields = {
        "author": " and ".join(f"{{{_tex(author)}}}" for author in made.authors),
        "title": f"{{{_tex(_words(cited.title, lang))}}}",
        "howpublished": _tex(f"{_words(cited.kind, lang)}, {say['in']} {made.title}"),
        "version": made.version,
        "year": made.released[:4],
        "note": _tex(_words(cited.note, lang)),
        "url": cited.iri,
        "urldate": on,
        "langid": {"nl": "dutch", "en": "english"}[lang],
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{vereend-{cited.key},", *lines, "}"])


def _tex(text: str) -> str:
    return "".join(_ESCAPES.get(c, c) for c in text)


def ris(cited: Cited, lang: str, on: str) -> str:
    """Write a citation in the form of Research Information Systems, with the line ends its readers expect."""
    made = work()
    fields = [
        ("TY", "ELEC"),
        *(("AU", author) for author in made.authors),
        ("TI", _words(cited.title, lang)),
        ("T2", made.title),
        ("M3", _words(cited.kind, lang)),
        ("ET", made.version),
        ("PY", made.released[:4]),
        ("N1", _words(cited.note, lang)),
        ("UR", cited.iri),
        ("Y2", on.replace("-", "/")),
        ("LA", lang),
    ]
    told = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*told, "ER  - ", ""])


def csl_json(cited: Cited, lang: str, on: str) -> str:
    """Write a citation as CSL-JSON, a list of one item."""
    made = work()
    item: dict[str, Any] = {
        "id": f"vereend-{cited.key}",
        "type": "webpage",
        "title": _words(cited.title, lang),
        "container-title": made.title,
        "genre": _words(cited.kind, lang),
        "author": [{"literal": author} for author in made.authors],
        "version": made.version,
        "URL": cited.iri,
        "accessed": {"date-parts": [[int(part) for part in on.split("-")]]},
        "language": lang,
    }
    if made.released:
        item["issued"] = {"date-parts": [[int(part) for part in made.released.split("-")]]}
    if cited.note:
        item["note"] = _words(cited.note, lang)
    return json.dumps([item], ensure_ascii=False, indent=2)


FORMS: dict[str, Callable[[Cited, str, str], str]] = {"txt": plain, "bib": bibtex, "ris": ris, "json": csl_json}


def write(cited: Cited, form: str, lang: str, on: str | None = None) -> str:
    """Write a citation.

    Args:
        form: one of FORMS.
        on: ISO 8601 date of access; None is today.
    """
    return FORMS[form](cited, lang, on or datetime.date.today().isoformat())
