"""The library's error messages in the language of the page.

The library speaks English, in fixed phrases with what was found in between. Each phrase is known here once; an
unknown one, and what a parser says, stays as it is and is marked as English.
"""

import re
from typing import NamedTuple

from flask_babel import gettext as _

from vereend.errors import VereendError
from vereend.terms import Text
from vereend_webui.i18n import current


def _n(text: str) -> str:
    """Mark a phrase for the catalogue."""
    return text


_DETAIL = 300  # characters of a parser's own words that are shown


class ErrorWords(NamedTuple):
    """An error as a page shows it."""

    where: str
    problem: Text
    detail: str  # the parser's own words, in English; "" when there are none
    remedy: Text


# Problems and remedies of the library. A place for what was found is %(a)s, %(b)s, … in the order it stands.
PHRASES = (
    _n("is not a verdict"),
    _n("Begin at the verdict you want to cite"),
    _n("Give one thing the kind vrd:Partnership"),
    _n("is not described here"),
    _n("Name a thing as the description does, as in kg:pps"),
    _n("is a directory"),
    _n("Name the files in it, as in %(a)s"),
    _n("does not exist"),
    _n("Check the name"),
    _n("has an ending we do not read"),
    _n("cannot be read"),
    _n("Check who may read it"),
    _n("is larger than %(a)s MB"),
    _n("Split it: one file per partnership"),
    _n("is not a text file"),
    _n("is not UTF-8 text"),
    _n("Save it as UTF-8"),
    _n("is empty"),
    _n("Write a description, or begin from kg/examples/veilig-plein.ttl"),
    _n("is not a form of a report"),
    _n("is not a format we read"),
    _n("Choose one of %(a)s"),
    _n("declares entities of its own"),
    _n("Write the IRIs out; entity declarations are not read"),
    _n("describes no partnership"),
    _n("Give one thing the kind vrd:Partnership, as in kg/examples/veilig-plein.ttl"),
    _n("names a context outside the text, and reading opens no network"),
    _n("Put the context itself in the file"),
    _n("is not well-formed"),
    _n("Mend the text there and try again"),
    _n("is not a known term"),
    _n("The nearest is '%(a)s'"),
    _n("See the list of terms in the viewer, or in ontology/"),
    _n("is not a phase"),
    _n("is not an inference"),
    _n("chooses nothing"),
    _n("Write STEP=WAY, as in 1=2"),
    _n("is no way of a step"),
    _n("Choose STEP=WAY, both as vereend repair tells them"),
    _n("is not a date"),
    _n("Write year, month, day, as in 2026-11-24"),
    _n("is neither a rule nor a theme"),
    _n("Name rules (%(a)s) or themes (%(b)s)"),
    _n("is longer than %(a)s characters"),
    _n("Shorten it, or split it in two"),
    _n("nests deeper than %(a)s levels"),
    _n("Write it flatter"),
    _n("uses SERVICE"),
    _n("This endpoint calls no other servers: query that server directly"),
    _n("is an update (%(a)s)"),
    _n("This endpoint only reads: write SELECT, ASK, CONSTRUCT or DESCRIBE"),
    _n("is not a whole pin"),
    _n("Copy the link as it was cited, to its last sign"),
    _n("has no rows to hold"),
    _n("Ask with SELECT, or take the answer as JSON"),
    _n("is no query"),
    _n("Begin with SELECT, ASK, CONSTRUCT or DESCRIBE"),
    _n("names no format this query can be answered in"),
    _n("Accept one of %(a)s"),
    _n("Declare the prefix at the top, as in PREFIX vrd: <https://w3id.org/vereend/ns#>"),
    _n("Mend the query there"),
    _n("cannot be answered"),
    _n("Simplify it"),
    _n("the query service did not start"),
    _n("all workers are busy"),
    _n("took longer than %(a)s seconds"),
    _n("Ask for less: name a case, add a LIMIT, or avoid joining everything to everything"),
    _n("needed more memory than it may use"),
    _n("Ask for less at a time"),
    _n("Try again in a moment"),
    _n("is busy judging other descriptions"),
    _n("is not in this graph"),
    _n("Look it up by its label, or check the address"),
    _n("is not a described partnership"),
    _n("is not a stored question"),
    _n("is not a template"),
    _n("is described twice"),
    _n("Give one of them another id, or name it there by its id alone"),
    _n("ends before it begins"),
    _n("Let vrd:from be the earlier day, and vrd:until the later one"),
    _n("Choose one from the list"),
    _n("Name a thing of the kind '%(a)s'"),
    _n("is neither yes nor no"),
    _n("Write yes or no"),
    _n("is not a language"),
    _n("Write nl, en, or another code of two letters"),
    _n("is not described yet"),
    _n("Describe it first, under '%(a)s'"),
    _n("is not on this list"),
    _n("is of another kind"),
    _n("is not an engine"),
    _n("cannot be judged: %(a)s"),
    _n("Complete it, then ask again"),
    _n("is not a kind of page"),
    _n("contradicts itself"),
    _n("Look for a feature with two values, or a thing of two kinds that exclude each other"),
    _n("is not here"),
    _n("Look it up by its label, or begin at the home page"),
    _n("cannot be asked this way"),
    _n("Use one of %(a)s"),
    _n("is not a request we understand"),
    _n("Check the address and what you sent"),
    _n("went wrong on our side"),
    _n("Try again; if it stays so, report it"),
    _n("are not named by IRIs"),
    _n("Write each out in full"),
    _n("is not a form of this protocol"),
    _n("Send application/sparql-query, or a form with the field query"),
    _n("is given more than once"),
    _n("Send one query at a time"),
    _n("is missing"),
    _n("Write a description in YAML (.yaml), Turtle (.ttl), JSON-LD (.jsonld) or RDF/XML (.rdf)"),
    _n("is no YAML"),
    _n("Look at indents, colons and quotes"),
    _n("uses an anchor or alias of YAML"),
    _n("Refer to a thing by its id"),
    _n("is not a description"),
    _n("Write key: value, one a line, as in naam: …"),
    _n("is no base for names"),
    _n("Write an address ending in / or #"),
    _n("is not one of ours, and reading opens no network"),
    _n("Write %(a)s or %(b)s"),
    _n("is nested too deep"),
    _n("Give things an id, and refer to it"),
    _n("stands here twice"),
    _n("Put both values in a list: [one, other]"),
    _n("does not stand here"),
    _n("It goes with a text, not with a thing"),
    _n("is not a known key"),
    _n("See the list of keys in ontology/keys.ttl"),
    _n("Name a key of the description"),
    _n("is not a known kind"),
    _n("See the kinds in ontology/"),
    _n("is not a value of %(a)s"),
    _n("is no name of a thing"),
    _n("Write the id of a thing in this file, without spaces"),
    _n("should be one word or text"),
    _n("Write it on the same line, without a list"),
    _n("Write a description, or begin from a template"),
    _n("is asserted by a reading, but is no statement"),
    _n("Give it rdf:subject, rdf:predicate and rdf:object, each once"),
    _n("is not a reading of this description"),
    _n("It records %(a)s"),
    _n("records readings that can be combined in %(a)s ways, more than the %(b)s we judge"),
    _n("Choose some with --reading NAME"),
    _n("is not a parameter of this question"),
    _n("It has %(a)s"),
    _n("Give it a name, as in kg:covenant"),
    _n("Leave it out"),
    _n("Leave one thing the kind vrd:Partnership"),
    _n("Look it up in the description"),
    _n("Name a thing in it: an actor, a mandate"),
    _n("Name what to add, to remove or to go without"),
    _n("Write one of %(a)s"),
    _n("Write subject, predicate and object as in Turtle: kg:committee vrd:fundedBy kg:municipality"),
    _n("Write subject, predicate and object, as in Turtle"),
    _n("describes no partnership any more"),
    _n("is already in the description"),
    _n("is not a statement"),
    _n("is not changed at all"),
    _n("is not in the description"),
    _n("is not named in the description"),
    _n("is the name of several things"),
    _n("is the partnership itself"),
    _n("speaks of something without a name"),
    _n("uses a prefix that is not declared"),
    _n("nests too deep"),
    _n("is not a choice among the rules"),
    _n("is not a number of lines"),
    _n("Write a number from 0 to %(a)s"),
    _n("is not in this network"),
    _n("Name a thing by its label or its IRI"),
    _n("is not a kind of matrix"),
    _n("is not a cell of this matrix"),
    _n("Choose a row and a partnership in it"),
    _n("Write it flatter: at most %(a)s levels"),
    _n("Add one of: %(a)s"),
    _n("Give the day of the answer"),
    _n("Say why, so that another can weigh it again"),
    _n("See the questions with vereend answer PATH"),
    _n("asks several things"),
    _n("has no name, so that an answer could not be found again"),
    _n("is a day to come"),
    _n("leaves nothing to a person here"),
    _n("Choose another place"),
    _n("Give one to six letters and no name, as in A.B. or AB"),
    _n("cannot be written"),
    _n("is not a set of initials"),
    _n("is not told once of an answer"),
    _n("Write answers with vereend answer, or mend this one"),
    _n("has an ending we do not write"),
    _n("is not a format we write"),
    _n("Make one with vereend validate PATH --format json --out FILE"),
    _n("is not a report"),
    _n("Write the result to another file, with --out FILE.ttl"),
    _n("cannot be changed in its own text"),
    _n("Fill in %(a)s"),
    _n("Fill in each field that is open"),
    _n("Give each a value: --set %(a)s=IRI, or a text between quotation marks"),
    _n("Hold to one with --reading: %(a)s"),
    _n("Name a thing by a prefixed name or an IRI"),
    _n("Name someone, something or some words"),
    _n("Write NAME=VALUE, as in fundedBy=kg:municipality"),
    _n("can be read in several ways"),
    _n("cannot be none"),
    _n("does not fit there"),
    _n("fills in nothing"),
    _n("is no blank of this repair"),
    _n("is still to be filled in"),
    _n("Choose one"),
    _n("takes out what is told now"),
    _n("is too long to be changed on a page"),
    _n("Use vereend repair --apply"),
    _n("Say that it is not so (any longer), or mend it otherwise"),
    _n("holds no graph yet"),
    _n("Make one with vereend load --store, with or without files"),
    _n("is not a folder of Vereend's"),
    _n("Name another, or restore a backup"),
    _n("does not go with a store"),
    _n("Load the description first, with vereend load"),
    _n("has a row of more than %(a)s bytes"),
    _n("Ask for shorter values"),
    _n("was ended by its asker"),
    _n("Ask it again"),
    _n("sends more than %(a)s bytes"),
    _n("Ask for less: add a LIMIT"),
    _n("cannot be reached"),
    _n("Check the address, and whether the server runs"),
    _n("ended its answer before it was whole"),
    _n("Ask for less: the server may have reached a limit of its own"),
    _n("is elsewhere"),
    _n("Name that address: %(a)s"),
    _n("does not let us in"),
    _n("Set VEREEND_ENDPOINT_USER and VEREEND_ENDPOINT_PASSWORD, or ask who runs it"),
    _n("could not answer"),
    _n("Ask for less, or try again in a moment"),
    _n("does not take this"),
    _n("Correct the query, or the address"),
    _n("gives one address %(a)s pages a minute"),
    _n("Wait a minute, then try again"),
)
# Words in *where* that a reader sees: what the library calls the reader's own text, and what it calls a place in it.
PLACES = (_n("line %(a)s"), _n("column %(a)s"), _n("your text"), _n("query"), _n("upload"), _n("this viewer"))


def _matchers(phrases: tuple[str, ...]) -> list[tuple[re.Pattern[str], str]]:
    found = []
    for phrase in phrases:
        pattern = re.sub(r"%\\\((\w)\\\)s", r"(?P<\1>.+?)", re.escape(phrase))
        found.append((re.compile(pattern, re.DOTALL), phrase))
    return found


_PHRASES, _PLACES = _matchers(PHRASES), _matchers(PLACES)


def translate(text: str, known: list[tuple[re.Pattern[str], str]] | None = None) -> Text | None:
    """Give a phrase in the language of the page; None when it is not known."""
    for pattern, phrase in known or _PHRASES:
        if match := pattern.fullmatch(text):
            return Text(_(phrase, **match.groupdict()), current())
    return None


def words(error: VereendError) -> ErrorWords:
    """Put an error into the language of the page."""
    where = ", ".join((translate(part, _PLACES) or Text(part, "")).value for part in error.where.split(", "))
    problem = translate(error.problem) or Text(error.problem, "en")
    remedy = translate(error.remedy) or Text(error.remedy, "en")
    return ErrorWords(where, problem, shortened(error.detail), remedy)


def shortened(detail: str) -> str:
    """Keep a parser from repeating a whole text: the beginning says enough."""
    return detail if len(detail) <= _DETAIL else detail[:_DETAIL] + " …"
