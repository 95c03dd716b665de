"""A question and its answer as one HTML file: no script, nothing fetched, made to be read, printed, filed and cited."""

from typing import NamedTuple

from vereend import __version__
from vereend.citing import Cited, cite_result, write
from vereend.formats.page import style, template
from vereend.knowledge import Knowledge
from vereend.pinning import Pin
from vereend.questions import name_of
from vereend.results import Results, Value
from vereend.rules import Texts
from vereend.terms import Text
from vereend.vocabulary import pick

_SAYS = {
    "nl": {
        "asked": "gevraagd op",
        "version": "versie",
        "rows": "rijen",
        "more": "(er zijn er meer)",
        "answers": "Antwoord",
        "yes": "Ja",
        "no": "Nee",
        "none": "Geen antwoorden: niets in de graaf past bij de vraag. Dat bewijst niet dat er niets is.",
        "claims": "beweringen",
        "untold": "niet vermeld",
        "question": "De vraag in SPARQL",
        "cite": "Zo verwijs je hiernaar",
        "again": "Stel de vraag opnieuw en zie of het antwoord nog hetzelfde is",
    },
    "en": {
        "asked": "asked on",
        "version": "version",
        "rows": "rows",
        "more": "(there are more)",
        "answers": "Answer",
        "yes": "Yes",
        "no": "No",
        "none": "No answers: nothing in the graph fits the question. That does not prove that there is nothing.",
        "claims": "claims",
        "untold": "not told",
        "question": "The question in SPARQL",
        "cite": "How to cite this",
        "again": "Ask again, and see whether the answer is still the same",
    },
}


class Cell(NamedTuple):
    """A value as it is read, with its IRI where it is a thing."""

    text: str
    lang: str
    href: str


def answer_page(
    results: Results,
    yes: bool | None,
    truncated: bool,
    pinned: Pin,
    cited: Cited,
    query: str,
    note: Texts,
    link: str,
    on: str,
    lang: str,
    known: Knowledge,
) -> str:
    """Write a question and its answer as a page.

    Args:
        yes: what a yes-or-no question was answered; None for other questions.
        cited: the question, as it is cited.
        query: as it was put, with its prefixes.
        note: what a row stands for; empty where nobody told.
        link: where it can be asked again; "" where nowhere.
        on: ISO 8601 date.
    """
    columns = results.shown(lang)
    places = [results.variables.index(name) for name in columns]
    behind = [known.claims_behind(v.text for v in row if v and v.kind == "uri") for row in results.rows]

    def cell(value: Value | None) -> Cell | None:
        if value is None:
            return None
        # A query can make an IRI of any scheme, and this page is opened outside the viewer's policy.
        leads = value.kind == "uri" and value.text.startswith(("http://", "https://"))
        return Cell(name_of(value, lang, known), value.lang, value.text if leads else "")

    page: str = template("answers.html").render(
        lang=lang,
        version=__version__,
        title=pick(cited.title, lang) or Text("", ""),
        note=pick(note, lang) or Text("", ""),
        columns=columns,
        rows=[[cell(row[i]) for i in places] for row in results.rows],
        claims=behind if any(behind) else [],
        yes=yes,
        total=len(results.rows),
        truncated=truncated,
        query=query,
        citation=write(cite_result(cited, pinned.digest, pinned.rows), "txt", lang, on),
        digest=pinned.digest,
        link=link,
        on=on,
        say=_SAYS[lang],
        css=style(),
    )
    return page
