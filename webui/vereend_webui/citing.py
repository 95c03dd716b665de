"""How a page shows the way to cite something: as a sentence, and in the forms that programs for references read.

`box(cite(...))` makes what the macro `how_to_cite` of _macros/cite.html shows.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from flask import url_for

from vereend.citing import Cited, write
from vereend.report import PartnershipReport
from vereend.terms import BASE, LANGUAGES
from vereend.verdicts import Verdict
from vereend_webui.i18n import current

NAMES = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}


class Form(NamedTuple):
    """A citation in one form."""

    name: str
    ending: str
    text: str
    href: str  # to the file; "" where it has no address


class Box(NamedTuple):
    """All that how_to_cite shows."""

    sentence: str
    key: str
    forms: list[Form]


def box(cited: Cited, linked: bool = True) -> Box:
    """Lay out a citation in the language of the page; `linked` for a thing, not for a verdict or an answer."""
    path = "" if not linked or not cited.iri.startswith(BASE) else cited.iri.removeprefix(BASE).replace("#", "/")

    def href(form: str) -> str:
        return url_for("cite.download", path=path, form=form, lang=current()) if path else ""

    forms = [Form(name, form, write(cited, form, current()), href(form)) for form, name in NAMES.items()]
    return Box(write(cited, "txt", current()), cited.key, forms)


def verdict_query(digest: str, partnership: PartnershipReport, verdict: Verdict, on: str) -> str:
    """Put into one line all that a citation of a verdict names, for the page that shows it.

    Args:
        digest: of the description, as vereend.citing.description_digest gives it.
        on: ISO 8601 date it was judged at.
    """
    fields = {
        "rule": verdict.rule.number,
        "verdict": verdict.verdict,
        "digest": digest,
        "on": on,
        "phase": partnership.judgement.phase,
        **{f"label_{lang}": partnership.label[lang] for lang in LANGUAGES if lang in partnership.label},
    }
    return urlencode(fields)
