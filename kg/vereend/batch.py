"""Many descriptions: judged in processes that may die, told as they come, and taken up again where they were left.

What came of each file stands in a journal beside the output until all is done; then the output is written in one go,
in the order of the files' names, so that an interruption leaves no trace in it. Verdicts are those of
`vereend validate`, without sentences and evidence: `vereend explain` tells these of one file and rule.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from vereend import content, engines, pools, readings
from vereend.closure import Shared
from vereend.errors import VereendError
from vereend.journal import Journal, Line
from vereend.reading import SUFFIXES, Description, decode, file_data, parse
from vereend.rules import rules as all_rules
from vereend.service import WORKER_MEMORY_BYTES
from vereend.terms import DEFAULT_PHASE, PHASES, Statement, iri
from vereend.validation import Brief, brief, choose_rules, parse_date, split
from vereend.verdicts import VIOLATED, StructureFinding, phase_of

JUDGED, NOT_JUDGED, UNREADABLE = "judged", "cannot be judged", "unreadable"
SIZE = 100  # files a process takes at a time: less costs more passing around, more is repeated when a process dies
_SHOWN = 20  # of the worst partnerships
_ERRORS = 100  # shown of what could not be judged; the output has all
_GRAVITY = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Order:
    """What is asked of each file. Sent to other processes."""

    phase: str | None
    on: str
    rules: tuple[str, ...] | None
    engine: str
    lang: str
    shared: tuple[str, ...]
    content: str  # digest of the rules and terms: each process must have the same


@dataclass(frozen=True)
class Worst:
    """A partnership with many breaches."""

    file: str
    partnership: str  # IRI
    breaches: tuple[int, ...]  # violated verdicts of each severity, gravest first


@dataclass
class Summary:
    """What came of all files together."""

    order: Order
    files: int = 0
    seconds: float = 0.0
    partnerships: int = 0
    conforming: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)  # files judged, not judged, unreadable
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)  # by rule number and verdict
    worst: list[Worst] = field(default_factory=list)  # gravest first, at most _SHOWN
    errors: list[tuple[str, str]] = field(default_factory=list)  # file, and where, problem and remedy; at most _ERRORS

    @property
    def conforms(self) -> bool:
        """Whether every file was judged and conforms."""
        return self.assessable and self.conforming == self.partnerships

    @property
    def assessable(self) -> bool:
        """Whether every file could be read and judged."""
        return self.outcomes[JUDGED] == self.files

    def total(self, verdict: str) -> int:
        """Give how often a verdict was given."""
        return sum(number for (_, name), number in self.verdicts.items() if name == verdict)

    def add(self, line: Line) -> None:
        """Count what came of one file."""
        self.files += 1
        self.outcomes[line["outcome"]] += 1
        for error in line.get("errors", ()):
            if len(self.errors) < _ERRORS:
                self.errors.append((line["file"], f"{error['where']}: {error['problem']}. {error['remedy']}"))
        for one in line.get("partnerships", ()):
            self.partnerships += 1
            self.verdicts.update((number, verdict) for number, verdict, *_ in one["verdicts"])
            self.conforming += one["conforms"]
            breaches = Counter(severity for _, verdict, severity, *_ in one["verdicts"] if verdict == VIOLATED)
            if breaches:
                counted = tuple(breaches[severity] for severity in _GRAVITY)
                self.worst.append(Worst(line["file"], one["iri"], counted))
        if len(self.worst) > 50 * _SHOWN:
            self.rank()

    def rank(self) -> None:
        """Keep the worst."""
        self.worst = sorted(self.worst, key=lambda w: ([-n for n in w.breaches], w.file, w.partnership))[:_SHOWN]


@dataclass(frozen=True)
class Progress:
    """How far the work is."""

    done: int  # files, those of earlier runs included
    total: int
    begun: int  # files that earlier runs had done
    seconds: float  # of this run

    @property
    def rate(self) -> float:
        """Files a second in this run; 0 before the first."""
        return (self.done - self.begun) / self.seconds if self.seconds > 0 else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds left at this rate; None before the first."""
        return (self.total - self.done) / self.rate if self.rate else None


def files_in(paths: Iterable[Path]) -> list[str]:
    """Give the descriptions in folders, and files as they are named; each once, by name.

    Raises:
        VereendError: there are none.
    """
    found: dict[Path, str] = {}
    for path in paths:
        inside = (
            (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and not p.name.endswith(content.ANSWERS))
            if path.is_dir()
            else (path,)
        )
        for one in inside:
            found.setdefault(one.resolve(), str(one))
    if not found:
        raise VereendError(
            ", ".join(map(str, paths)), "holds no description", f"Name files that end in {', '.join(SUFFIXES)}"
        )
    return sorted(found.values())


def batch(
    paths: Sequence[Path],
    out: Path,
    *,
    phase: str | None = None,
    on: str | None = None,
    rules: Iterable[str] | None = None,
    engine: str = "auto",
    lang: str = "en",
    shared: Sequence[Path] = (),
    workers: int | None = None,
    cluster: str | None = None,
    restart: bool = False,
    timeout_s: float = 60.0,
    progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Judge many descriptions, and write a table of all verdicts and a page that sums them up.

    Args:
        paths: files, and folders of files.
        out: of the table, ending in .csv or .parquet; the page stands beside it, as .html.
        phase: as for `validate`, and so are *on*, *rules* and *engine*. Without *on*, a run that is taken up again
            keeps the date it was begun at.
        lang: of the words in the table and the page.
        shared: files, and folders of files, with bodies that descriptions share; see vereend.closure.
        workers: processes on this machine; None is one for each processor.
        cluster: address of a Dask scheduler, to work there instead.
        restart: forget what an earlier, unfinished run has done.
        timeout_s: seconds one file may take on this machine.
        progress: told how far the work is, after each batch.
    Raises:
        VereendError: nothing to judge, a wrong option, shared bodies that cannot be read, an output that cannot be
            written, or an earlier run that was begun with other options. A bad file is none: it gets a line that says
            what is wrong with it.
    """
    import time

    from vereend.formats import batch as form

    if phase is not None and phase not in PHASES:
        raise VereendError(repr(phase), "is not a phase", f"Choose one of {', '.join(PHASES)}")
    form.check(out)
    chosen = choose_rules(rules)
    names = files_in(paths)
    bodies = tuple(files_in(shared)) if shared else ()
    Shared([Path(name) for name in bodies])  # what is wrong with them concerns every file: told at once
    begun_with: dict[str, Any] = {
        "vereend": content_digest(),
        "phase": phase,
        "on": parse_date(on),
        "rules": None if chosen is None else sorted(rule.number for rule in chosen),
        "engine": engines.choose(engine),
        "lang": lang,
        "shared": _digest_of(bodies) if bodies else None,
    }
    journal = Journal(out.with_name(out.name + ".journal"), begun_with, fresh=restart, open_ended=() if on else ("on",))
    done = False
    try:
        order = Order(
            phase,
            journal.begun_with["on"],
            None if chosen is None else tuple(rule.number for rule in chosen),
            begun_with["engine"],
            lang,
            bodies,
            begun_with["vereend"],
        )
        started = time.monotonic()
        todo = [name for name in names if not journal.has(name, partial(_digest, name))]
        begun = count = len(names) - len(todo)
        for lines in _work(order, todo, workers=workers, cluster=cluster, timeout_s=timeout_s):
            journal.add(lines)
            count += len(lines)
            if progress:
                progress(Progress(count, len(names), begun, time.monotonic() - started))
        summary = Summary(order, seconds=time.monotonic() - started)
        form.write(out, _counted(journal.lines(names), summary), lang)
        summary.rank()
        form.write_page(out.with_suffix(".html"), summary, lang)
        done = True
    finally:
        journal.close(done=done)
    return summary


def _counted(lines: Iterable[Line], summary: Summary) -> Iterator[Line]:
    for line in lines:
        summary.add(line)
        yield line


def _work(
    order: Order, names: Sequence[str], *, workers: int | None, cluster: str | None, timeout_s: float
) -> Iterator[list[Line]]:
    work = partial(judge_files, order)
    if cluster:
        return pools.on_cluster(work, names, _died, address=cluster, size=SIZE)
    number = workers or os.cpu_count() or 1
    # Few files: each process gets some.
    size = max(1, min(SIZE, -(-len(names) // number)))
    return pools.in_processes(
        work, names, _died, workers=number, size=size, timeout_s=timeout_s, memory_bytes=WORKER_MEMORY_BYTES
    )


def _died(name: str, seconds: float | None) -> Line:
    problem = (
        "ended the process that judged it" if seconds is None else f"took longer than {seconds:g} seconds to judge"
    )
    error = {"where": name, "problem": problem, "remedy": "Make it smaller, or judge it alone with vereend validate"}
    return {"file": name, "digest": _digest(name), "outcome": NOT_JUDGED, "errors": [error]}


def judge_files(order: Order, names: Sequence[str]) -> list[Line]:
    """Judge files, and give one line each, whatever is wrong with it.

    Raises:
        VereendError: this process has other rules than the one that asks.
    """
    if order.content != content_digest():
        raise VereendError("a worker", "has other rules or terms", "Install the same Vereend on every machine")
    return [_judge_file(order, name) for name in names]


def _judge_file(order: Order, name: str) -> Line:
    line: Line = {"file": name, "digest": ""}
    outcome = UNREADABLE
    try:
        description, line["digest"] = _read(name)
        outcome = NOT_JUDGED
        if order.shared:
            description = _shared(order.shared).complete(description)
        found = brief(description, order.phase, order.on, choose_rules(order.rules), order.engine)
        if found.findings:
            errors = [_finding(finding, description, order.lang) for finding in found.findings]
            return {**line, "outcome": NOT_JUDGED, "errors": errors}
        told = split(description.statements)
        partnerships = [_partnership(order, one, found, told[one]) for one in sorted(found.partnerships)]
        return {**line, "outcome": JUDGED, "partnerships": partnerships}
    except VereendError as error:
        problem = f"{error.problem} ({error.detail})" if error.detail else error.problem
        return {**line, "outcome": outcome, "errors": [_error(error.where, problem, error.remedy)]}
    except Exception as error:  # noqa: BLE001 - our own mistake, or too little memory: one file must not stop the rest
        problem = f"went wrong on our side ({type(error).__name__}: {error})"
        return {**line, "outcome": outcome, "errors": [_error(name, problem, "Report it, with the file")]}


def _error(where: str, problem: str, remedy: str) -> dict[str, str]:
    return {"where": where, "problem": problem, "remedy": remedy}


def _finding(finding: StructureFinding, description: Description, lang: str) -> dict[str, str]:
    place = description.position_of_judged(finding.focus, finding.value)
    where = f"{description.name}, line {place.line}" if place else description.name
    return _error(where, finding.message[lang], _REMEDY[lang])


_REMEDY = {"nl": "Vul dit aan of verbeter het, en beoordeel opnieuw", "en": "Complete or correct it, and judge again"}


def _partnership(order: Order, name: str, found: Brief, told: Iterable[Statement]) -> dict[str, Any]:
    phase = order.phase or phase_of(name, readings.at_date(told, order.on)) or DEFAULT_PHASE
    known = all_rules()
    verdicts = sorted(found.partnerships[name].items(), key=lambda item: (item[0][0], str(item[0])))
    return {
        "iri": iri(name),
        "phase": phase,
        "conforms": name in found.conforming,
        "verdicts": [
            [number, verdict, known[number].severity(phase), iri(focus), iri(value) if value else None]
            for (number, focus, value), verdict in verdicts
        ],
    }


def _read(name: str) -> tuple[Description, str]:
    """Read a description and the digest of its text from one reading of the file, so that they belong together."""
    data, format = file_data(Path(name))
    return parse(decode(data, name), name, format), hashlib.sha256(data).hexdigest()


def _digest(name: str) -> str:
    """Give the digest of a file; "" for one that cannot be read."""
    try:
        return hashlib.sha256(Path(name).read_bytes()).hexdigest()
    except OSError:
        return ""


def _digest_of(names: Iterable[str]) -> str:
    """Give one digest of several files, by what they hold."""
    return hashlib.sha256("".join(_digest(name) for name in names).encode()).hexdigest()


@cache
def content_digest() -> str:
    """Give a digest of what verdicts rest on beside a description: terms, law, rules."""
    files = [p for part in (("ontology",), ("kg", "law"), ("shapes", "rules")) for p in content.turtle_files(*part)]
    return _digest_of(map(str, files))


@cache
def _shared(names: tuple[str, ...]) -> Shared:
    return Shared([Path(name) for name in names])
