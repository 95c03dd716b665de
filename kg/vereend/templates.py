"""Descriptions to begin with: patterns of typical partnerships, each with what it leaves open.

A template is a file of kg/templates/: what it is stands under its own name, the rest is an ordinary description. What
is handed out says of itself that it is a pattern and no fact, in whichever form it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox

from vereend import content
from vereend.conversion import convert
from vereend.errors import VereendError
from vereend.reading import Description, read
from vereend.terms import BASE, Statement, local_name, term
from vereend.vocabulary import add_text, nearest

_SPACE = f"<{BASE}template/"
_SAYS = {
    "nl": "Sjabloon: een patroon, geen feit. Laat open: {open}. Haal deze tekst en ‘verzonnen’ weg als je een "
    "bestaande samenwerking beschrijft.",
    "en": "Template: a pattern, not a fact. Leaves open: {open}. Remove this text and ‘fictional’ when you describe "
    "an existing partnership.",
}
_HEAD = {
    "nl": (
        "Sjabloon: {title}. Een patroon om mee te beginnen: niets hierin is een feit.",
        "Nog open:",
        "Vul in wat je weet en laat de rest weg: wat er niet staat, heet “niet verteld”. Kijk na met vereend validate.",
    ),
    "en": (
        "Template: {title}. A pattern to begin with: nothing in it is a fact.",
        "Still open:",
        "Fill in what you know and leave out the rest: what is not there is called “not told”. "
        "Check with vereend validate.",
    ),
}


@dataclass(frozen=True)
class Template:
    """A pattern of a typical partnership."""

    name: str  # "shopping-centre-ban"
    title: dict[str, str]  # texts by language
    about: dict[str, str]
    leaves_open: dict[str, tuple[str, ...]]
    claims: tuple[str, ...]  # "C144"; empty: the pattern is not one of the report's
    description: Description  # as it is handed out


@cache
def templates() -> Mapping[str, Template]:
    """Give all templates by name, in alphabetical order."""
    return {path.stem: _template(read(path), path.stem) for path in content.turtle_files("kg", "templates")}


def template(name: str) -> Template:
    """Give a template.

    Raises:
        VereendError: there is none of this name.
    """
    found = templates().get(name)
    if found is None:
        guess = nearest(name, templates())
        listed = f"The nearest is '{guess}'" if guess else f"Choose one of {', '.join(templates())}"
        raise VereendError(repr(name), "is not a template", listed)
    return found


def write(name: str, format: str, lang: str) -> str:
    """Write a template out as a description to fill in.

    Args:
        format: a key of reading.FORMATS; what has comments (YAML, Turtle) says at its head what is still open.
        lang: of that head, and of the words in YAML.
    Raises:
        VereendError: no such template or format.
    """
    chosen = template(name)
    text = convert(chosen.description, format, lang)
    if format not in ("yaml", "turtle"):
        return text
    first, still_open, last = _HEAD[lang]
    lines = [
        first.format(title=chosen.title[lang]),
        still_open,
        *(f"- {one}" for one in chosen.leaves_open[lang]),
        last,
    ]
    return "".join(f"# {line}\n" for line in lines) + text


def listing(lang: str) -> str:
    """List the templates, one a line with what it is about."""
    width = max(map(len, templates()))
    return "".join(f"{name:{width}}  {one.title[lang]}: {one.about[lang]}\n" for name, one in templates().items())


def _template(description: Description, name: str) -> Template:
    head = [s for s in description.statements if s.subject == f"{_SPACE}{name}>"]

    def texts(predicate: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for statement in head:
            if statement.predicate == term(predicate):
                add_text(found, statement.object)
        return found

    leaves_open = {lang: tuple(text.splitlines()) for lang, text in texts("skos:note").items()}
    said = {
        Statement(
            partnership,
            term("rdfs:comment"),
            str(ox.Literal(text.format(open="; ".join(leaves_open[lang])), language=lang)),
        )
        for partnership in description.partnerships
        for lang, text in _SAYS.items()
    }
    given = replace(
        description,
        name=name,
        statements=description.statements.difference(head) | said,
        text="",
        prefixes={"my": description.prefixes["my"]},
    )
    claims = sorted(local_name(s.object) for s in head if s.predicate == term("dct:source"))
    return Template(name, texts("dct:title"), texts("dct:description"), leaves_open, tuple(claims), given)
