"""Finding things by words: names, synonyms and texts in both languages, with typing errors forgiven.

The index is SQLite's full-text search (FTS5), held in memory and made from `Knowledge`: one table by words for
beginnings, one by trigrams for the parts of Dutch compounds, and one of all words for those that were mistyped. What is
typed is taken apart into words first and reaches SQLite only as a bound parameter, so that nothing is a syntax error.
"""

import re
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

from vereend.errors import VereendError
from vereend.knowledge import KIND_NAMES, sort_key
from vereend.rules import Texts
from vereend.stored_queries import QUERIES, queries
from vereend.terms import CASES, NAMESPACES, iri, literal, local_name, prefixed, term
from vereend.vocabulary import nearest, pick

if TYPE_CHECKING:
    from vereend.knowledge import Knowledge

FACETS = ("kind", "case", "modality", "theme")
MAX_WORDS = 12  # of one search; the rest is left out
_WORD = re.compile(r"[^\W_]+")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LABELS = {term("skos:prefLabel"), term("rdfs:label")}
_SYNONYMS = {term("skos:altLabel"), term("skos:hiddenLabel")}
# How much more a word in a name counts than one in a text, and one in the middle of a word than at its beginning.
_NAME, _SYNONYM, _TEXT, _INSIDE = 12.0, 9.0, 1.0, 8.0
# What a thing gains when all that was typed is its number, its name, a synonym, or the beginning of one of these.
_IS_NUMBER, _IS_NAME, _IS_SYNONYM, _BEGINS = 60.0, 30.0, 25.0, 10.0
# Terms of the model serve those who write descriptions; things with the same words come first.
_MODEL = 12.0
# A word is taken for a mistyped one from this likeness on (0 to 1), and those that are nearly as like come along.
_LIKENESS, _TIE = 0.75, 0.03


class Hit(NamedTuple):
    """A thing that was found."""

    iri: str
    others: tuple[str, ...]  # IRIs of things of the same kind with the very same names, in other descriptions
    kind: str  # as in Knowledge.kind, or "question" for a stored query
    labels: Texts
    note: Texts  # what it is or says, to tell it from others
    number: str  # of a rule or a claim; "" for others
    synonyms: Texts  # the other names by which it was found; empty where its own name did


@dataclass(frozen=True)
class Found:
    """What came of a search, closest first."""

    hits: tuple[Hit, ...]
    total: int  # of what fits the facets, of which `hits` is a part
    facets: dict[str, list[tuple[str, int]]]  # by facet: value and how many it would leave, most first
    corrected: dict[str, str]  # words that nothing holds -> what was sought in their place
    words: tuple[str, ...]  # that were sought, folded
    partial: bool  # nothing holds all words, so what holds some of them is given


class _Place(NamedTuple):
    """One thing among those that go by the same names."""

    iri: str
    facets: dict[str, set[str]]


@dataclass
class _Document:
    """What goes by the same names and is of one kind: in four descriptions there may be "police"."""

    hit: Hit
    synonyms: list[tuple[str, str]]  # text and language
    texts: list[str]
    places: list[_Place]
    names: list[tuple[str, ...]] = field(default_factory=list)  # folded

    def __post_init__(self) -> None:
        self.names = [tuple(fold(label)) for label in self.hit.labels.values()]

    def fitting(self, chosen: Mapping[str, str], except_for: str = "") -> list[_Place]:
        """Give the things that fit the facets, but for one."""
        wanted = [(name, value) for name, value in chosen.items() if name != except_for]
        return [p for p in self.places if all(value in p.facets.get(name, ()) for name, value in wanted)]


def fold(text: str) -> list[str]:
    """Take a text apart into words, without case and accents, as the index holds them."""
    return _WORD.findall(sort_key(text))


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """Cut a text into pieces that do and do not hold the words that were sought, in order; joined they are the text."""
    wanted = tuple(words)
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in _WORD.finditer(text):
        folded = sort_key(match[0])
        if any(folded.startswith(word) or (len(word) > 2 and word in folded) for word in wanted):
            if match.start() > end:
                pieces.append((text[end : match.start()], False))
            pieces.append((match[0], True))
            end = match.end()
    if end < len(text) or not pieces:
        pieces.append((text[end:], False))
    return pieces


class Index:
    """Everything that can be found, of one `Knowledge`. Threads may share it."""

    def __init__(self, knowledge: "Knowledge") -> None:
        self._documents = _documents(knowledge)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.executescript(
            """
            CREATE VIRTUAL TABLE words USING fts5(name, synonym, body, tokenize = 'unicode61', prefix = '1 2 3');
            CREATE VIRTUAL TABLE parts USING fts5(name, tokenize = 'trigram');
            CREATE VIRTUAL TABLE known USING fts5vocab(words, 'row');
            CREATE VIRTUAL TABLE spelling USING fts5(word, tokenize = 'trigram');
            """
        )
        for row, document in enumerate(self._documents):
            names = " ".join(w for label in document.hit.labels.values() for w in fold(label))
            names += " " + " ".join(fold(local_name(document.hit.iri)))
            synonyms = " ".join(w for text, _ in document.synonyms for w in fold(text))
            body = " ".join(w for text in document.texts for w in fold(text))
            self._base.execute(
                "INSERT INTO words(rowid, name, synonym, body) VALUES (?, ?, ?, ?)", (row, names, synonyms, body)
            )
            self._base.execute("INSERT INTO parts(rowid, name) VALUES (?, ?)", (row, f"{names} {synonyms}"))
        self._base.execute("INSERT INTO spelling(word) SELECT term FROM known WHERE length(term) > 2")

    def search(self, words: str, facets: Mapping[str, str] | None = None, limit: int = 20, start: int = 0) -> Found:
        """Find what holds all these words, each as the beginning of a word or within a name; closest first.

        Where nothing holds a word, the likest known words are sought instead; where nothing holds all words, what
        holds most of them is given. No words find nothing.

        Args:
            facets: values by name, of FACETS: a kind, or the short name of a case, a modality or a theme.
            limit: the most hits to give, from the one numbered `start`, the first being 0.
        Raises:
            VereendError: a value that no thing has.
        """
        chosen = {name: value for name, value in (facets or {}).items() if value}
        for name, value in chosen.items():
            known = {v for document in self._documents for p in document.places for v in p.facets.get(name, ())}
            if value not in known:
                guess = nearest(value, known)
                remedy = f"The nearest is '{guess}'" if guess else f"Choose one of {', '.join(sorted(known))}"
                raise VereendError(repr(value), f"is not a value of {name!r}", remedy)
        asked = list(dict.fromkeys(fold(words)))[:MAX_WORDS]
        with self._lock:
            scores, corrected = self._scores(asked)
        sought = tuple(v for word in asked for v in corrected.get(word, [word]))
        typed = tuple(corrected.get(word, [word])[0] for word in asked)
        number = Counter(row for scored in scores for row in scored)
        most = max(number.values(), default=0)
        # A question in words has little words that count for nothing: half of what can be held will do then.
        enough = most if most == len(asked) else most / 2
        ranked = sorted(
            (row for row, count in number.items() if count >= enough),
            key=lambda row: (
                sum(s.get(row, 0.0) for s in scores) - self._closeness(row, typed),
                sum(map(len, self._documents[row].names)),
                self._documents[row].hit.iri,
            ),
        )
        kept = [row for row in ranked if self._documents[row].fitting(chosen)]
        return Found(
            tuple(self._hit(row, sought, chosen) for row in kept[start : start + limit]),
            len(kept),
            {name: self._counts(ranked, name, chosen) for name in FACETS},
            {word: found[0] for word, found in corrected.items()},
            sought,
            bool(asked) and most < len(asked),
        )

    def _scores(self, asked: Iterable[str]) -> tuple[list[dict[int, float]], dict[str, list[str]]]:
        """Give for each word how well each document holds it (less is better), and what mistyped ones became."""
        scores, corrected = [], {}
        for word in asked:
            found = self._holding(word)
            if not found and (meant := self._meant(word)):
                corrected[word] = meant
                for one in meant:
                    for row, score in self._holding(one).items():
                        found[row] = min(score, found.get(row, 0.0))
            scores.append(found)
        return scores, corrected

    def _holding(self, word: str) -> dict[int, float]:
        found: dict[int, float] = {}
        if len(word) > 2:
            inside = self._base.execute("SELECT rowid FROM parts(?)", (f'"{word}"',))
            found = dict.fromkeys((row for (row,) in inside), -_INSIDE)
        ranked = f"SELECT rowid, bm25(words, {_NAME}, {_SYNONYM}, {_TEXT}) FROM words(?)"
        return found | dict(self._base.execute(ranked, (f'"{word}"*',)).fetchall())

    def _meant(self, word: str) -> list[str]:
        """Give the known words that a word nothing holds most resembles, likest first; empty when none does."""
        if len(word) < 4:
            return []
        trigrams = " OR ".join(f'"{word[i : i + 3]}"' for i in range(len(word) - 2))
        near = self._base.execute("SELECT word FROM spelling(?) ORDER BY rank LIMIT 200", (trigrams,)).fetchall()
        likely = sorted(((_likeness(word, known), known) for (known,) in near), key=lambda pair: (-pair[0], pair[1]))
        best = likely[0][0] if likely else 0.0
        return [known for like, known in likely if like >= max(_LIKENESS, best - _TIE)][:3]

    def _closeness(self, row: int, typed: tuple[str, ...]) -> float:
        """Give what a document gains when what was typed is its very number or name, or the beginning of it."""
        document = self._documents[row]
        hit, whole = document.hit, "".join(typed)
        less = _MODEL if hit.kind in ("term", "thing") else 0.0
        if whole == hit.number.casefold() or whole == "".join(fold(local_name(hit.iri))):
            return _IS_NUMBER - less
        synonyms = [tuple(fold(text)) for text, _ in document.synonyms]
        if typed in document.names:
            return _IS_NAME - less
        if typed in synonyms:
            return _IS_SYNONYM - less
        begins = any(name[: len(typed)] == typed for name in (*document.names, *synonyms))
        return (_BEGINS if begins else 0.0) - less

    def _counts(self, rows: Iterable[int], facet: str, chosen: Mapping[str, str]) -> list[tuple[str, int]]:
        """Count the values of a facet in what fits the other facets, most first."""
        counted: Counter[str] = Counter()
        for row in rows:
            places = self._documents[row].fitting(chosen, facet)
            counted.update({value for place in places for value in place.facets.get(facet, ())})
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

    def _hit(self, row: int, sought: tuple[str, ...], chosen: Mapping[str, str]) -> Hit:
        document = self._documents[row]
        first, *others = (place.iri for place in document.fitting(chosen))
        hit = document.hit._replace(iri=first, others=tuple(others))
        if any(cut for label in hit.labels.values() for _, cut in marked(label, sought)):
            return hit
        synonyms: Texts = {}
        for text, lang in document.synonyms:
            if lang not in synonyms and any(cut for _, cut in marked(text, sought)):
                synonyms[lang] = text
        return hit._replace(synonyms=synonyms)


def _likeness(typed: str, known: str) -> float:
    """Tell how like a word is to one that is known, or to the beginning of it, from 0 to 1."""
    whole = SequenceMatcher(None, typed, known, autojunk=False).ratio()
    if len(known) <= len(typed) + 1:
        return whole
    # A beginning is worth a little less: "mandaten" is meant before "mandatenregister".
    return max(whole, SequenceMatcher(None, typed, known[: len(typed) + 1], autojunk=False).ratio() - 0.02)


def _documents(knowledge: "Knowledge") -> list[_Document]:
    """Lay out everything that can be found: what has a name of its own, and the stored queries."""
    themes: dict[str, set[str]] = defaultdict(set)
    for one in knowledge.rules.values():
        for name in (*(NAMESPACES["src"] + number for number in one.claims), *one.provisions):
            themes[name].add(one.theme_slug)
    case_of = {case.iri: slug for slug, case in knowledge.cases.items()}
    # Real partnerships before the invented ones that share their words.
    order = {slug: (case.fictional, len(slug), slug) for slug, case in knowledge.cases.items()}
    found: dict[object, _Document] = {}
    for spelled in knowledge.subjects():
        name, kind = iri(spelled), knowledge.kind(spelled)
        told = [(s.predicate, s.object) for s, _ in knowledge.statements_of(name)]
        if kind == "thing" and not any(predicate in _LABELS for predicate, _ in told):
            continue
        rule = knowledge.rules.get(local_name(spelled)) if kind == "rule" else None
        claim = knowledge.claims.get(local_name(spelled)) if kind == "claim" else None
        synonyms, texts = [], []
        for predicate, value in told:
            words = literal(value)
            if words is None or predicate in _LABELS or _DIGEST.fullmatch(words.value):
                continue
            if predicate in _SYNONYMS:
                synonyms.append((words.value, words.lang))
            elif words.lang or kind == "law":
                texts.append(words.value)
        note = knowledge.note(spelled)
        if rule:
            note = rule.rationale
        elif kind == "law":
            note = knowledge.provision(name).effect or note
        number = rule.number if rule else claim.number if claim else ""
        hit = Hit(name, (), kind, knowledge.texts(spelled), note, number, {})
        concerned = {case_of[iri(v)] for p, v in told if p == term("vrd:concerns") and iri(v) in case_of}
        facets = {
            "kind": {kind},
            "case": concerned
            | ({name.removeprefix(CASES).partition("/")[0]} & set(order) if name.startswith(CASES) else set()),
            "modality": {local_name(claim.modality).removeprefix("mod-")} if claim else set(),
            "theme": {rule.theme_slug} if rule else themes.get(name, set()),
        }
        alike = (kind, *sorted(hit.labels.items()), *sorted(note.items())) if name.startswith(CASES) else name
        if alike in found:
            found[alike].places.append(_Place(name, facets))
            found[alike].texts += texts
        else:
            found[alike] = _Document(hit, synonyms, texts, [_Place(name, facets)])
    for document in found.values():
        document.places.sort(key=lambda place: min((order[s] for s in place.facets["case"]), default=(False, 0, "")))
    for query in queries():
        hit = Hit(QUERIES + query.name, (), "question", query.question, knowledge.texts(query.group), "", {})
        found[hit.iri] = _Document(hit, [], [*query.note.values()], [_Place(hit.iri, {"kind": {"question"}})])
    return list(found.values())


def found_dict(found: Found) -> dict[str, Any]:
    """Lay out what was found for programs."""
    return {
        "total": found.total,
        "partial": found.partial,
        "corrected": found.corrected,
        "facets": {name: [{"value": v, "count": n} for v, n in values] for name, values in found.facets.items()},
        "results": [
            {
                "iri": hit.iri,
                "others": list(hit.others),
                "kind": hit.kind,
                "number": hit.number,
                "label": hit.labels,
                "synonym": hit.synonyms,
                "note": hit.note,
            }
            for hit in found.hits
        ],
    }


def found_text(found: Found, lang: str) -> str:
    """Write what was found for people, one thing in two or three lines."""
    lines = [
        f"{typed}: niet gevonden, gezocht op {meant}" if lang == "nl" else f"{typed}: not found, sought {meant} instead"
        for typed, meant in found.corrected.items()
    ]
    if found.partial and found.hits:
        lines.append("Niets heeft al deze woorden." if lang == "nl" else "Nothing holds all these words.")
    for hit in found.hits:
        label, note, synonym = pick(hit.labels, lang), pick(hit.note, lang), pick(hit.synonyms, lang)
        name = f"{label.value} ({synonym.value})" if label and synonym else label.value if label else hit.number
        more = f" (+{len(hit.others)})" if hit.others else ""
        number = f"{hit.number} " if hit.number and hit.number != name else ""
        lines.append(f"{number}{name}  [{KIND_NAMES[hit.kind][lang]}]  {prefixed(hit.iri)}{more}")
        if note and note.value != name:
            lines.append(f"    {note.value}")
    shown = len(found.hits)
    if lang == "nl":
        lines.append(f"{shown} van {found.total} gevonden" if found.total else "Niets gevonden.")
    else:
        lines.append(f"{shown} of {found.total} found" if found.total else "Nothing found.")
    return "\n".join(lines)
