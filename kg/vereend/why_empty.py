"""Why a query has no answers: which part of it nothing fits, and what its writer may have meant.

Parts are left out and the rest asked again, through whatever evaluates queries, so that its limits hold here too. The
part named is the one without which there are answers; where several are, the one for which something was found to put
in its place.
"""

import difflib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from vereend.errors import QueryRefused, QueryTimeout
from vereend.knowledge import sort_key
from vereend.query_parts import Part, Query, Unreadable, take_apart
from vereend.questions import with_prefixes
from vereend.results import Results, Value, read_results
from vereend.rules import Texts
from vereend.store import Questions
from vereend.terms import LANGUAGES, iri, local_name, prefixed
from vereend.vocabulary import vocabulary

# Gives the rows of a SELECT query; may refuse, or take too long, as the service does.
Evaluate = Callable[[str], Results]

# Queries put to find one reason. More are needed only by a query of dozens of parts.
MOST_QUERIES = 120
# Values read to find a near one; labels run into the thousands.
_VALUES_READ = 5000
_TOLD = 5
_FINDING = ("pattern", "group")
_XSD_STRING = re.compile(r"""^(?:\"\"\"|'''|["'])(.*?)(?:\"\"\"|'''|["'])""", re.DOTALL)


class TooMany(Exception):
    """The search would take more queries, or more time, than it may."""


@dataclass(frozen=True)
class Passage:
    """A piece of the query and where it begins, both from 1."""

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Suggestion:
    """What may have been meant."""

    kind: str  # term, direction, language, literal, variable or value
    instead_of: str
    proposed: str  # as it would be written
    label: Texts
    query: str  # the whole query with it in place
    works: bool  # the query then has answers


@dataclass(frozen=True)
class Why:
    """Why there are no answers.

    `kind` is that of the part named (pattern, filter, values, minus, bind, group); "after" where what follows the parts
    leaves no row; "answered" where there are rows after all; "several" where leaving out no one part helps; "unknown"
    where it could not be found out.
    """

    kind: str
    culprit: Passage | None
    alone: bool  # nothing fits the part even by itself
    clashes: tuple[Passage, ...]  # parts that, together with it, nothing fits; empty when it is empty alone
    also: tuple[Passage, ...]  # other parts that nothing fits by themselves
    unknown: tuple[str, ...]  # names in the part that are nowhere in the graph, as written
    suggestions: tuple[Suggestion, ...]  # only those that give answers, where any does


_UNKNOWN = Why("unknown", None, False, (), (), (), ())


def why_empty(text: str, evaluate: Evaluate) -> Why:
    """Find out why a query has no answers; prefixes of the project need not be declared in it."""
    try:
        return _Search(take_apart(text), evaluate).why()
    except (Unreadable, IndexError, TooMany, QueryRefused, QueryTimeout):
        return _UNKNOWN


def evaluator(service: Questions, seconds: float = 4.0) -> Evaluate:
    """Evaluate by a query service, within its limits.

    Args:
        seconds: for all queries together; a search that takes longer ends without a reason.
    """
    deadline = time.monotonic() + seconds

    def evaluate(text: str) -> Results:
        if time.monotonic() > deadline:
            raise TooMany
        return read_results(service.query(text, ["application/sparql-results+json"]).body)

    return evaluate


class _Search:
    def __init__(self, query: Query, evaluate: Evaluate) -> None:
        self.query, self.evaluate, self.asked = query, evaluate, 0

    def rows(self, parts: Sequence[Part], what: str = "(1 AS ?why_1)", more: str = "", most: int = 1) -> Results:
        self.asked += 1
        if self.asked > MOST_QUERIES:
            raise TooMany
        return self.evaluate(with_prefixes(f"{self.query.select(parts, what, more)} LIMIT {most}"))

    def any(self, parts: Sequence[Part]) -> bool:
        return bool(self.rows(parts).rows)

    def passage(self, part: Part) -> Passage:
        return Passage(self.query.text[part.start : part.end], *self.query.place(part))

    def why(self) -> Why:
        parts = list(self.query.parts)
        required = [p for p in parts if p.kind != "optional"]
        if self.any(parts):
            # What the rows are made into is asked of SELECT alone: the other forms have an answer of another shape.
            empty = self.query.form == "SELECT" and not self.evaluate(with_prefixes(self.query.text)).rows
            return (
                replace(_UNKNOWN, kind="after", culprit=self._after()) if empty else replace(_UNKNOWN, kind="answered")
            )
        if not self.any(required):
            parts = required
        dead = [p for p in parts if p.kind in _FINDING and not self.any([p])]
        if dead:
            found = [self._told(part, parts, alone=True) for part in dead]
            best = max(range(len(dead)), key=lambda i: _worth(found[i]))
            others = tuple(self.passage(part) for i, part in enumerate(dead) if i != best)
            return replace(found[best], also=others)
        # With nothing left that finds things, one row without values would remain.
        spared = [p for p in required if any(o.kind in _FINDING for o in parts if o is not p)]
        spared = [p for p in spared if self.any(_without(parts, p))]
        if spared:
            told = [self._told(part, parts) for part in spared]
            return max(told, key=_worth)
        return self._first(parts)

    def _after(self) -> Passage | None:
        rest = self.query.after
        at = self.query.text.rfind(rest)
        if not rest or at < 0:
            return None
        before = self.query.text[:at]
        return Passage(rest, before.count("\n") + 1, at - before.rfind("\n"))

    def _first(self, parts: list[Part]) -> Why:
        """Name the part from which on there are no answers, where leaving out no one part helps."""
        for i in range(1, len(parts) + 1):
            if not self.any(parts[:i]):
                told = self._told(parts[i - 1], parts[:i])
                return replace(told, kind="several")
        return _UNKNOWN

    def _told(self, part: Part, parts: list[Part], alone: bool = False) -> Why:
        """Tell of a part what it clashes with, and what could stand in its place."""
        others = _without(parts, part)
        clashes: list[Part] = []
        if not alone:
            clashes = list(others)
            for other in others:
                if other in clashes and not self.any(
                    [p for p in parts if p is part or (p in clashes and p is not other)]
                ):
                    clashes.remove(other)
        unknown = self._unknown(part)
        found = [*self._terms(part, unknown), *self._variables(part, others)]
        if not unknown:
            found += [*self._direction(part), *self._in_filter(part, others), *self._in_place(part, others, alone)]
        seen: dict[str, Suggestion] = {}
        for suggestion in found:
            seen.setdefault(suggestion.query, suggestion)
        # Where something helps, what does not is noise.
        order = [s for s in seen.values() if s.works] or list(seen.values())
        told = [self.passage(p) for p in clashes]
        return Why(part.kind, self.passage(part), alone, tuple(told), (), tuple(unknown), tuple(order[:_TOLD]))

    def _mended(self, kind: str, start: int, end: int, proposed: str, label: Texts | None = None) -> Suggestion:
        text = self.query.text
        mended = text[:start] + proposed + text[end:]
        try:
            again = take_apart(mended)
            self.asked += 1
            works = bool(self.evaluate(with_prefixes(f"{again.select(again.parts)} LIMIT 1")).rows)
        except (Unreadable, QueryRefused):
            works = False
        return Suggestion(kind, text[start:end], proposed, label or {}, mended, works)

    # --- names that are not there -------------------------------------------------------------------------------------

    def _unknown(self, part: Part) -> dict[str, tuple[int, int]]:
        """Give the names in a part that stand nowhere in the graph, as written, each with its place."""
        found = {}
        for token in part.tokens:
            name = self.query.iri(token.text) if token.kind in ("iri", "pname") else ""
            if name and token.text not in found:
                places = (f"<{name}> ?why_2 ?why_3", f"?why_2 <{name}> ?why_3", f"?why_2 ?why_3 <{name}>")
                everywhere = " UNION ".join(f"{{ {place} }}" for place in places)
                if not self.rows((), more=everywhere).rows:
                    found[token.text] = (token.start, token.end)
        return found

    def _terms(self, part: Part, unknown: dict[str, tuple[int, int]]) -> Iterable[Suggestion]:
        known = vocabulary()
        for written, (start, end) in unknown.items():
            verb = part.spans and part.spans[1][0] <= start < part.spans[1][1]
            typed = part.triple is not None and part.triple[1] in ("a", "rdf:type") and not verb
            sorts = (known.properties,) if verb else (known.classes,) if typed else (known.concepts, known.classes)
            for name in _nearest(self.query.iri(written), [n for names in sorts for n in names]):
                label = {lang: text.value for lang in LANGUAGES if (text := known.label(name, lang))}
                yield self._mended("term", start, end, self._written(name), label)

    def _written(self, spelled: str) -> str:
        short = prefixed(spelled)
        return f"<{iri(spelled)}>" if short == spelled else short

    # --- the other ways to be wrong -----------------------------------------------------------------------------------

    def _variables(self, part: Part, others: list[Part]) -> Iterable[Suggestion]:
        """Find variables of a condition that no other part gives a value."""
        if part.kind not in ("filter", "bind"):
            return
        given = set().union(*(other.variables for other in others)) if others else set()
        inner = "EXISTS" in part.text.upper()
        for token in part.tokens:
            name = "?" + token.text[1:] if token.kind == "var" else ""
            if name and name not in given and not inner:
                for near in difflib.get_close_matches(name, sorted(given), 1, 0.6):
                    yield self._mended("variable", token.start, token.end, near)

    def _direction(self, part: Part) -> Iterable[Suggestion]:
        """Read a pattern the other way round."""
        if part.triple is None or part.triple[1][0] in "?$" or part.triple[1] == "a":
            return
        verb = part.triple[1]
        turned = (
            verb[1:] if re.fullmatch(r"\^[^/|]+", verb) else f"^({verb})" if re.search(r"[/|]", verb) else f"^{verb}"
        )
        found = self._mended("direction", *part.spans[1], turned)
        if found.works:
            yield found

    def _in_filter(self, part: Part, others: list[Part]) -> Iterable[Suggestion]:
        """Compare the words of a condition with the values its variables do have."""
        given = sorted(part.variables & set().union(set(), *(other.variables for other in others)))
        texts = [token for token in part.tokens if token.kind == "string"]
        if part.kind != "filter" or not texts or not given:
            return
        values = [v for name in given for v in self._values(others, name)]
        for token in texts:
            written = _bare(token.text)
            after = self.query.text[token.end : token.end + 1]
            asks_language = re.search(r"\blang(matches)?\s*\(", part.text, re.IGNORECASE)
            known = {v.lang for v in values if v.lang} if asks_language else {v.text for v in values}
            if not asks_language and written in known and after != "@":
                # The words are right, so it is the language that keeps them from being the same.
                for tag in sorted({v.lang for v in values if v.text == written and v.lang}):
                    yield self._mended("language", token.start, token.end, f'"{written}"@{tag}')
                continue
            for near in _alike(written, known, 2 if not asks_language else 5, 0.0 if asks_language else 0.6):
                yield self._mended("language" if asks_language else "literal", token.start, token.end, _quoted(near))

    def _in_place(self, part: Part, others: list[Part], alone: bool) -> Iterable[Suggestion]:
        """Find what does stand where a pattern has a constant, with the rest of the query, else in the graph."""
        if part.triple is None:
            return
        for at in (2, 0, 1):
            term = part.triple[at]
            if term[0] in "?$[(_" or (at == 1 and not re.fullmatch(r"[\w.-]*:[\w.-]+|<[^>]*>", term)):
                continue
            statement = " ".join("?why_2" if i == at else piece for i, piece in enumerate(part.triple)) + " ."
            values = list(self._values(others, "?why_2", statement)) or list(self._values((), "?why_2", statement))
            if at == 2 and term[0] in "\"'":
                yield from self._literal(part.spans[at], term, values)
                continue
            known = [v for v in values if v.kind == "uri"]
            near = _alike(local_name(self.query.iri(term) or term), {local_name(v.text) for v in known}, _TOLD, 0.0)
            known.sort(key=lambda v: near.index(local_name(v.text)) if local_name(v.text) in near else _TOLD)
            for value in known[:3]:
                yield self._mended("value", *part.spans[at], self._written(f"<{value.text}>"), _labels(value))

    def _literal(self, span: tuple[int, int], term: str, values: list[Value]) -> Iterable[Suggestion]:
        written = _bare(term)
        for value in [v for v in values if v.text == written]:
            yield self._mended("language", *span, value.spelled)
        near = _alike(written, {v.text for v in values if v.text != written}, 2, 0.5)
        for value in [v for text in near for v in values if v.text == text]:
            yield self._mended("literal", *span, value.spelled)

    def _values(self, parts: Sequence[Part], name: str, more: str = "") -> list[Value]:
        found = self.rows(parts, f"DISTINCT {name}", more, _VALUES_READ)
        return [row[0] for row in found.rows if row[0] is not None]


def why_dict(why: Why) -> dict[str, object]:
    """Give the reason as JSON values: the fields of Why under their own names."""
    return asdict(why)


def _without(parts: Sequence[Part], part: Part) -> list[Part]:
    return [other for other in parts if other is not part]


def _worth(why: Why) -> tuple[bool, bool, bool]:
    """Rank reasons: where something was found to put in its place, that is likely the mistake."""
    works = any(s.works for s in why.suggestions)
    return bool(why.unknown), works and any(s.works and s.kind != "value" for s in why.suggestions), works


def _bare(literal: str) -> str:
    found = _XSD_STRING.match(literal)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else literal


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _alike(word: str, known: Iterable[str], most: int, cutoff: float) -> list[str]:
    folded: dict[str, str] = {}
    for other in sorted(known):
        folded.setdefault(sort_key(other), other)
    return [folded[key] for key in difflib.get_close_matches(sort_key(word), list(folded), most, cutoff)]


def _nearest(name: str, terms: Iterable[str]) -> list[str]:
    """Give the terms called most like a name, by their own name or by a label in either language."""
    known = vocabulary()
    keys: dict[str, str] = {}
    for spelled in sorted(terms):
        own = sort_key(local_name(spelled))
        labels = (re.sub(r"\W", "", sort_key(text)) for text in known.labels.get(spelled, {}).values())
        for key in (own, *labels):
            keys.setdefault(key, spelled)
    wanted = sort_key(local_name(name))
    close = [wanted] if wanted in keys else difflib.get_close_matches(wanted, list(keys), 3, 0.6)
    return list(dict.fromkeys(keys[key] for key in close))


def _labels(value: Value) -> Texts:
    known = vocabulary()
    return {lang: text.value for lang in LANGUAGES if (text := known.label(f"<{value.text}>", lang))}
