"""What has changed between two reports: which problems are new, which are fixed, which verdicts changed otherwise.

Verdicts are matched by partnership, rule, focus and value, never by file or place, so that a file may be moved and
rewritten. A thing without a name goes by what the report says of it, since its number says nothing.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vereend.errors import VereendError
from vereend.nameless import is_nameless, signs
from vereend.report import Report
from vereend.terms import LANGUAGES, local_name
from vereend.verdicts import CONTESTED, NOT_APPLICABLE, NOT_TOLD, ORDER, VIOLATED
from vereend.vocabulary import pick
from vereend.wording import SEVERITY_NAMES, VERDICT_NAMES

KINDS = ("new", "fixed", "changed", "same", "lost")
_PROBLEMS = (VIOLATED, CONTESTED, NOT_TOLD)
Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Judged:
    """A verdict in a saved report, with where it stands there."""

    path: str
    partnership: str  # IRI; the label of one without a name
    partnership_label: Mapping[str, str]
    verdict: Mapping[str, Any]  # as the JSON contract has it
    tokens: tuple[str, str]  # focus and value: an IRI, or a signature of what is said of a thing without a name
    content: frozenset[Triple] = frozenset()  # what is said of the nameless among them

    @property
    def name(self) -> str:
        """The verdict's name."""
        return str(self.verdict["verdict"])

    @property
    def rule(self) -> str:
        """The rule's number."""
        return str(self.verdict["rule"])

    @property
    def loose(self) -> tuple[str, str, str, str]:
        """What must be equal even where a nameless thing was rewritten."""
        focus, value = (token if not is_nameless(token) else "" for token in self.tokens)
        return self.partnership, self.rule, focus, value

    def label(self, lang: str) -> str:
        """Name what is judged."""
        which = "value" if self.verdict.get("value") else "focus"
        found = pick(self.verdict.get(f"{which}Label") or {}, lang)
        return found.value if found else local_name(str(self.verdict[which]))


@dataclass(frozen=True)
class Difference:
    """One rule and thing in two reports; None where a report has no verdict on it."""

    kind: str  # one of KINDS
    before: Judged | None
    after: Judged | None

    @property
    def judged(self) -> Judged:
        """The newer of the two."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def newly_violated(self) -> bool:
        """Whether a breach is there that was not there before."""
        return bool(self.after and self.after.name == VIOLATED and not (self.before and self.before.name == VIOLATED))


@dataclass(frozen=True)
class Differences:
    """What has changed between two reports."""

    differences: tuple[Difference, ...]  # gravest outcome first
    unjudged: tuple[str, ...]  # files of the second report that could not be read or judged
    settings: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # what differs in how they were made

    def of(self, kind: str) -> list[Difference]:
        """Give the differences of a kind."""
        return [d for d in self.differences if d.kind == kind]

    @property
    def newly_violated(self) -> bool:
        """Whether a breach is there that was not there before."""
        return any(d.newly_violated for d in self.differences)

    def to_dict(self) -> dict[str, Any]:
        """Give the differences for programs. Keys are added, never renamed or removed."""
        return {
            "newlyViolated": self.newly_violated,
            "counts": {kind: len(self.of(kind)) for kind in KINDS},
            "settings": {name: list(values) for name, values in self.settings.items()},
            "unjudged": list(self.unjudged),
            **{kind: [_difference(d) for d in self.of(kind)] for kind in KINDS},
        }

    def to_json(self) -> str:
        """Give the differences as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_text(self, lang: str) -> str:
        """Give the differences for people."""
        return "\n".join(_text(self, lang))


def read_report(path: str | Path) -> dict[str, Any]:
    """Read a report that was saved as JSON.

    Raises:
        VereendError: a file that is missing, or holds something else.
    """
    name = str(path)
    try:
        content = json.loads(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise VereendError(name, "cannot be read", "Check the name", error.strerror or "") from None
    except ValueError as error:
        raise _no_report(name, str(error)) from None
    if not _is_report(content):
        raise _no_report(name)
    return dict(content)


def diff(before: Report | Mapping[str, Any], after: Report | Mapping[str, Any]) -> Differences:
    """Compare two reports, each as `validate` gives it or as its JSON has it.

    Raises:
        VereendError: a mapping that is no report.
    """
    old, new = (one.to_dict() if isinstance(one, Report) else one for one in (before, after))
    for name, one in (("before", old), ("after", new)):
        if not _is_report(one):
            raise _no_report(name)
    was, is_ = _verdicts(old), _verdicts(new)
    # A rule that does not hold in the phase has no severity, and has looked at nothing.
    looked = {(j.partnership, j.rule) for j in is_ if j.name != NOT_APPLICABLE or j.verdict.get("severity")}
    found = [_classified(b, a, looked) for b, a in _matched(was, is_)]
    # A rule with nothing left to judge is told by what vanished, not by a line of its own.
    kept = [d for d in found if (d.before and d.after) or d.judged.name != NOT_APPLICABLE]
    kept.sort(key=lambda d: (ORDER.index(d.judged.name), d.judged.rule, d.judged.tokens, d.judged.path))
    unjudged = tuple(str(f["path"]) for f in new["files"] if not f.get("readable", True) or f.get("structure"))
    return Differences(tuple(kept), unjudged, _settings(old, new))


def _no_report(where: str, detail: str = "") -> VereendError:
    return VereendError(
        where, "is not a report", "Make one with vereend validate PATH --format json --out FILE", detail
    )


def _is_report(content: object) -> bool:
    """Tell whether a value has the parts of the JSON contract that are needed here."""

    def all_have(rows: object, **types: type) -> bool:
        return isinstance(rows, Sequence) and all(
            isinstance(row, Mapping) and all(isinstance(row.get(name), kind) for name, kind in types.items())
            for row in rows
        )

    if not isinstance(content, Mapping) or not all_have(content.get("files"), path=str, partnerships=list):
        return False
    partnerships = [p for file in content["files"] for p in file["partnerships"]]
    if not all_have(partnerships, iri=str, label=dict, verdicts=list, unchecked=list):
        return False
    if not all(_are_words(p["label"]) and isinstance(p.get("phase", ""), str) for p in partnerships):
        return False
    verdicts = [v for p in partnerships for v in p["verdicts"]]
    triples = [t for p in partnerships for t in p["unchecked"]]
    if not all_have(verdicts, rule=str, verdict=str, focus=str, message=dict, evidence=list):
        return False
    for verdict in verdicts:
        if not all(_are_words(verdict.get(name)) for name in ("message", "focusLabel", "valueLabel")):
            return False
        if not all(isinstance(verdict.get(name), str | None) for name in ("value", "severity")):
            return False
    triples += [t for v in verdicts for t in v["evidence"]]
    return all(v["verdict"] in ORDER for v in verdicts) and all(
        isinstance(t, Sequence) and len(t) == 3 and all(isinstance(part, str) for part in t) for t in triples
    )


def _are_words(texts: object) -> bool:
    """Tell whether a value is nothing, or texts by language."""
    return texts is None or (isinstance(texts, Mapping) and all(isinstance(text, str) for text in texts.values()))


def outline(report: Report) -> dict[str, Any]:
    """Give of a report as much as a later one can be compared with: a twentieth of it, for who must carry it along."""

    def of_verdict(verdict: Mapping[str, Any]) -> dict[str, Any]:
        names = ("rule", "verdict", "severity", "focus", "focusLabel", "value", "valueLabel")
        return {n: verdict[n] for n in names} | {"message": {}, "evidence": unnamed(verdict["evidence"])}

    def unnamed(triples: Iterable[Sequence[str]]) -> list[Sequence[str]]:
        return [triple for triple in triples if any(map(is_nameless, triple))]

    def of_partnership(one: Mapping[str, Any]) -> dict[str, Any]:
        told = {"verdicts": list(map(of_verdict, one["verdicts"])), "unchecked": unnamed(one["unchecked"])}
        return {name: one[name] for name in ("iri", "label", "phase")} | told

    full = report.to_dict()
    return {name: full[name] for name in ("vereend", "on")} | {
        "files": [
            {"path": f["path"], "partnerships": list(map(of_partnership, f["partnerships"]))} for f in full["files"]
        ]
    }


def _settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    pairs = {name: (str(old.get(name, "")), str(new.get(name, ""))) for name in ("on", "vereend")}
    phases = [{p["iri"]: p.get("phase", "") for f in r["files"] for p in f["partnerships"]} for r in (old, new)]
    for name in sorted(phases[0].keys() & phases[1].keys()):
        if phases[0][name] != phases[1][name]:
            pairs["phase"] = (phases[0][name], phases[1][name])
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# --- matching ---------------------------------------------------------------------------------------------------------


def _verdicts(report: Mapping[str, Any]) -> list[Judged]:
    found = []
    for file in report["files"]:
        for one in file["partnerships"]:
            triples = {(s, p, o) for v in one["verdicts"] for s, p, o in v["evidence"]}
            triples |= {(s, p, o) for s, p, o in one["unchecked"]}
            sign = signs(triples, {str(v[k]) for v in one["verdicts"] for k in ("focus", "value") if v.get(k)})
            label = pick(one["label"], LANGUAGES[0])
            name = one["iri"] if not is_nameless(one["iri"]) or label is None else label.value
            for verdict in one["verdicts"]:
                names = (str(verdict["focus"]), str(verdict.get("value") or ""))
                unnamed = {name for name in names if is_nameless(name)}
                plain = {name: "itself" if name in unnamed else "another" for name in sign}
                content = frozenset((plain.get(s, s), p, plain.get(o, o)) for s, p, o in triples if unnamed & {s, o})
                tokens = (sign.get(names[0], names[0]), sign.get(names[1], names[1]))
                found.append(Judged(file["path"], name, one["label"], verdict, tokens, content))
    return found


def _matched(was: Iterable[Judged], is_: Iterable[Judged]) -> list[tuple[Judged | None, Judged | None]]:
    """Pair verdicts: the same things in the same file, then in any file, then nameless things that are most alike."""
    left, right, pairs = list(was), list(is_), []
    for same in (lambda j: (j.loose, j.tokens, j.path), lambda j: (j.loose, j.tokens)):
        waiting: dict[Any, list[Judged]] = defaultdict(list)
        for judged in right:
            waiting[same(judged)].append(judged)
        unpaired = []
        for judged in left:
            others = waiting[same(judged)]
            if others:
                pairs.append((judged, others.pop(0)))
            else:
                unpaired.append(judged)
        left, right = unpaired, [judged for others in waiting.values() for judged in others]
    alike = sorted(
        ((_likeness(b, a), i, j) for i, b in enumerate(left) for j, a in enumerate(right) if b.loose == a.loose),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    taken: tuple[set[int], set[int]] = (set(), set())
    for likeness, i, j in alike:
        if likeness > 0 and i not in taken[0] and j not in taken[1]:
            pairs.append((left[i], right[j]))
            taken[0].add(i)
            taken[1].add(j)
    rest: list[tuple[Judged | None, Judged | None]] = [*pairs]
    rest += [(judged, None) for i, judged in enumerate(left) if i not in taken[0]]
    rest += [(None, judged) for j, judged in enumerate(right) if j not in taken[1]]
    return rest


def _likeness(before: Judged, after: Judged) -> float:
    """Give the share of what is said of two nameless things that is said of both: 0 to 1."""
    union = before.content | after.content
    return len(before.content & after.content) / len(union) if union else 0.0


def _classified(before: Judged | None, after: Judged | None, looked: set[tuple[str, str]]) -> Difference:
    def problem(judged: Judged | None) -> bool:
        return judged is not None and judged.name in _PROBLEMS

    if after is None and before is not None and (before.partnership, before.rule) not in looked:
        kind = "lost"  # the rule, the partnership or the file was not judged again: nothing says that it is mended
    elif problem(after) and not problem(before):
        kind = "new"
    elif problem(before) and not problem(after):
        kind = "fixed"
    elif before and after and all(before.verdict.get(k) == after.verdict.get(k) for k in ("verdict", "severity")):
        kind = "same"
    else:
        kind = "changed"
    return Difference(kind, before, after)


def _difference(found: Difference) -> dict[str, Any]:
    judged = found.judged
    return {
        "partnership": judged.partnership,
        "rule": judged.rule,
        "focus": judged.verdict["focus"],
        "value": judged.verdict.get("value"),
        "from": found.before.name if found.before else None,
        "to": found.after.name if found.after else None,
        "severity": judged.verdict.get("severity"),
        "message": judged.verdict["message"],
        "pathBefore": found.before.path if found.before else None,
        "path": found.after.path if found.after else None,
    }


# --- for people -------------------------------------------------------------------------------------------------------

_SAYS = {
    "new": {"nl": "Nieuw", "en": "New"},
    "fixed": {"nl": "Verholpen", "en": "Fixed"},
    "changed": {"nl": "Anders", "en": "Changed"},
    "same": {"nl": "Gelijk", "en": "Same"},
    "lost": {"nl": "Niet opnieuw beoordeeld", "en": "Not judged again"},
    "absent": {"nl": "niet beoordeeld", "en": "not judged"},
    "unjudged": {"nl": "Kan nu niet worden gelezen of beoordeeld", "en": "Cannot be read or judged now"},
    "on": {"nl": "Een andere datum", "en": "Another date"},
    "vereend": {"nl": "Een andere versie van Vereend", "en": "Another version of Vereend"},
    "phase": {"nl": "Een andere fase", "en": "Another phase"},
    "none": {"nl": "Geen enkel oordeel verschilt.", "en": "No verdict differs."},
}


def _text(found: Differences, lang: str) -> list[str]:
    counts = Counter(d.kind for d in found.differences)
    lines = [" · ".join(f"{_SAYS[kind][lang]}: {counts[kind]}" for kind in KINDS)]
    lines += [f"{_SAYS[name][lang]}: {was} → {is_}" for name, (was, is_) in found.settings.items()]
    lines += [f"{_SAYS['unjudged'][lang]}: {path}" for path in found.unjudged]
    shown = [d for d in found.differences if d.kind != "same"]
    if not shown:
        return [*lines, _SAYS["none"][lang]]
    for kind in KINDS:
        listed = [d for d in shown if d.kind == kind]
        if listed:
            lines += ["", f"{_SAYS[kind][lang]} ({len(listed)})"]
            lines += [line for d in listed for line in _difference_text(d, lang)]
    return lines


def _difference_text(found: Difference, lang: str) -> list[str]:
    judged = found.judged
    was, is_ = (_verdict_name(one, lang) for one in (found.before, found.after))
    partnership = pick(judged.partnership_label, lang)
    message = pick(judged.verdict["message"], lang)
    return [
        f"  {judged.rule} {judged.label(lang)}: {was} → {is_} ({partnership.value if partnership else ''})",
        *([f"    {message.value}"] if message and found.after else []),
    ]


def _verdict_name(judged: Judged | None, lang: str) -> str:
    if judged is None:
        return _SAYS["absent"][lang]
    severity = judged.verdict.get("severity")
    shown = f" ({SEVERITY_NAMES[severity][lang]})" if judged.name in _PROBLEMS and severity in SEVERITY_NAMES else ""
    return VERDICT_NAMES[judged.name][lang] + shown
