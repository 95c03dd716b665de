"""The search page: what was found, closest first, and by what it can be narrowed."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from vereend.knowledge import KIND_NAMES, Claim
from vereend.search import FACETS, Found, Hit, marked
from vereend.terms import CASES, NAMESPACES, Text, iri
from vereend_webui.i18n import current, pick
from vereend_webui.site import knowledge
from vereend_webui.things import Thing, thing

bp = Blueprint("search", __name__)
_SHOWN = 25  # hits on one page
_VALUES = 12  # values of a facet that are shown; the rest is rare


@dataclass(frozen=True)
class Marked:
    """Words in pieces: those that hold what was sought, and those between."""

    lang: str
    pieces: list[tuple[str, bool]]


@dataclass(frozen=True)
class Result:
    """One thing that was found."""

    thing: Thing
    kind: str
    values: Thing | None  # for a concept, the list it stands in
    number: str  # of a rule or claim; "" for others, and where it is the name
    name: Marked
    synonym: Marked | None  # the other name by which it was found
    note: Marked | None
    claim: Claim | None  # for a claim
    places: list[Thing]  # the same in these partnerships: each leads to it there


@dataclass(frozen=True)
class Choice:
    """A value by which what was found can be narrowed."""

    label: Text
    number: int
    href: str  # to the search with this value, or without it where it is chosen
    chosen: bool


@dataclass(frozen=True)
class SearchPage:
    """All that search/show.html may use."""

    words: str
    results: list[Result]
    total: int
    first: int  # number of the first result shown, from 1
    previous: str  # address of the results before these; "" where there are none
    following: str  # and of those after them
    facets: list[tuple[str, list[Choice]]]  # name of the facet; none without a choice
    corrected: list[tuple[str, str]]  # mistyped word, and what was sought
    partial: bool
    unnarrowed: str  # address of the same search without facets; "" where none is chosen


@bp.get("/search")
def show() -> str:
    """Find things by words; `kind`, `case`, `modality` and `theme` narrow, `page` leafs."""
    words = request.args.get("q", "").strip()[:200]
    chosen = {name: value for name in FACETS if (value := request.args.get(name, ""))}
    number = max(1, request.args.get("page", 1, type=int))
    found = knowledge().index.search(words, chosen, _SHOWN, (number - 1) * _SHOWN)
    more = found.total > number * _SHOWN
    page = SearchPage(
        words,
        [_result(hit, found) for hit in found.hits],
        found.total,
        (number - 1) * _SHOWN + 1,
        url_for(".show", q=words, **chosen, page=number - 1 if number > 2 else None) if number > 1 else "",
        url_for(".show", q=words, **chosen, page=number + 1) if more else "",
        [(name, choices) for name in FACETS if (choices := _choices(name, found, words, chosen))],
        list(found.corrected.items()),
        found.partial,
        url_for(".show", q=words) if chosen else "",
    )
    return render_template("search/show.html", page=page)


def _result(hit: Hit, found: Found) -> Result:
    named = thing(hit.iri)
    note = pick(hit.note)
    claim = knowledge().claims.get(hit.number) if hit.kind == "claim" else None
    synonym = pick(hit.synonyms)
    return Result(
        named,
        hit.kind,
        thing(iri(values)) if (values := knowledge().vocabulary.scheme_of.get(f"<{hit.iri}>")) else None,
        hit.number if hit.number != named.text.value else "",
        _marked(named.text, found),
        _marked(synonym, found) if synonym.value else None,
        _marked(note, found) if note.value not in ("", named.text.value, *KIND_NAMES[hit.kind].values()) else None,
        claim,
        _places(hit),
    )


def _places(hit: Hit) -> list[Thing]:
    """Name the partnerships in which a thing of these names stands; each leads to that thing."""
    kb = knowledge()
    found = []
    for name in (hit.iri, *hit.others):
        case = kb.cases.get(name.removeprefix(CASES).partition("/")[0]) if name.startswith(CASES) else None
        if case and case.iri != name:
            found.append(Thing(pick(kb.texts(case.iri)), "", thing(name).href))
    return found


def _marked(text: Text, found: Found) -> Marked:
    return Marked(text.lang, marked(text.value, found.words))


def _choices(name: str, found: Found, words: str, chosen: dict[str, str]) -> list[Choice]:
    choices = []
    for value, number in found.facets[name][:_VALUES]:
        is_chosen = chosen.get(name) == value
        others = {n: v for n, v in chosen.items() if n != name}
        href = url_for(".show", q=words, **(others if is_chosen else others | {name: value}))
        choices.append(Choice(_label(name, value), number, href, is_chosen))
    return choices


def _label(facet: str, value: str) -> Text:
    if facet == "kind":
        return pick(KIND_NAMES[value])
    if facet == "case":
        return pick(knowledge().texts(knowledge().case(value).iri))
    prefix = {"modality": "mod-", "theme": "theme-"}[facet]
    return knowledge().label(f"{NAMESPACES['vc']}{prefix}{value}", current())
