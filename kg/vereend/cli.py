"""The command `vereend`: one verb of the library each, and nothing of its own.

Answers go to standard output, everything else to standard error. Exit status: 0 conforms or done; 1 done, and something
does not conform; 2 it could not be done.
"""

import codecs
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from vereend import __version__
from vereend.engines import ENGINES, INFERENCES
from vereend.errors import QueryTimeout, VereendError
from vereend.formats import NAMES as REPORT_FORMS
from vereend.terms import PHASES, default_language
from vereend.writing import whole

_FILES = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


def _language(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--lang",
        type=click.Choice(["nl", "en"]),
        default=default_language,
        help="Language of the answer (default: VEREEND_LANG, else the system's).",
    )(command)


class _Group(click.Group):
    """Shows commands in the order they are written, and bad input as one line and status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except VereendError as error:
            click.echo(f"vereend: {error}", err=True)
            ctx.exit(2)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="vereend")
def main() -> None:
    """Actors, powers and safeguards in public-private partnerships for police tasks.

    Begin with:  vereend validate kg/examples/veilig-plein.ttl
    """


def _write(text: str | bytes, out: Path | None, encoding: str = "utf-8") -> None:
    """Print, or write a file that is either whole or absent."""
    if isinstance(text, str):
        if out is not None and not text.endswith("\n"):
            text += "\n"
        data = text.encode(encoding)
    else:
        data = text
    if out is None:
        assert isinstance(text, str)
        click.echo(text.rstrip("\n"))
        return
    with whole(out.resolve()) as temporary:  # a link keeps pointing to the file
        temporary.write_bytes(data)


def _listed(rules: str | None) -> list[str] | None:
    """Take a list of rules and themes apart."""
    return [name.strip() for name in rules.split(",") if name.strip()] if rules else None


def _read_all(paths: Sequence[Path], foreign: bool = False) -> tuple[list[Any], list[Any]]:
    """Read what can be read; the rest is told, and does not keep the others from being judged.

    Answers are read with the description they stand beside, and are none themselves: *.ttl names both.
    """
    from vereend.answers import file_beside
    from vereend.reading import read
    from vereend.report import Unreadable

    found, unreadable = [], []
    beside = {file_beside(path) for path in paths}
    for path in paths:
        if path in beside:
            continue
        try:
            found.append(read(path, foreign=foreign))
        except VereendError as error:
            unreadable.append(Unreadable(str(path), error))
    return found, unreadable


@main.command()
@_FILES
@click.option("--phase", type=click.Choice(PHASES), help="Judge as if in this phase (default: the one told).")
@click.option("--on", metavar="DATE", help="Judge at this date, as in 2026-11-24 (default: today).")
@click.option("--rules", metavar="LIST", help="Only these rules or themes, as in R13,oversight.")
@click.option("--engine", type=click.Choice(ENGINES), default="auto", help="SHACL engine.")
@click.option(
    "--inference",
    type=click.Choice(INFERENCES),
    default="none",
    show_default=True,
    help="What to infer first. It changes the answers: what follows may meet a demand, or fall under one.",
)
@click.option("--reading", "readings", multiple=True, metavar="NAME", help="Hold to this reading of a passage.")
@click.option(
    "--shapes", multiple=True, type=click.Path(path_type=Path), help="Judge by these SHACL shapes instead of our rules."
)
@click.option(
    "--timeout",
    "timeout_s",
    type=float,
    default=60.0,
    show_default=True,
    help="Seconds --shapes may take for one file.",
)
@click.option("--format", "format_", type=click.Choice(REPORT_FORMS), default="text", help="Form of the report.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file instead.")
@_language
def validate(
    paths: tuple[Path, ...],
    phase: str | None,
    on: str | None,
    rules: str | None,
    engine: str,
    inference: str,
    readings: tuple[str, ...],
    shapes: tuple[Path, ...],
    timeout_s: float,
    format_: str,
    out: Path | None,
    lang: str,
) -> None:
    """Judge descriptions of partnerships by the rules, or any RDF by anyone's SHACL shapes.

    Exit status: 0 all conform, 1 some do not, 2 something could not be read or judged.

    Example:  vereend validate kg/cases/*.ttl --rules oversight --lang en

    Example:  vereend validate kg/examples/*.ttl --format html --out report.html

    Example:  vereend validate data.ttl --shapes shapes.ttl
    """
    from vereend.foreign import read_shapes, validate_by
    from vereend.validation import validate as judge

    if shapes and (phase or on or rules or readings):
        raise VereendError(
            "--phase, --on, --rules and --reading",
            "do not go with --shapes",
            "Leave them out: shapes know only the file",
        )
    shape_graph = read_shapes(shapes) if shapes else None
    descriptions, unreadable = _read_all(paths, foreign=bool(shapes))
    progress = None
    if sys.stderr.isatty() and len(descriptions) > 3:
        bar = click.progressbar(length=len(descriptions), label="validate", file=sys.stderr)

        def progress(_: Any) -> None:
            bar.update(1)

    if shape_graph:
        report = validate_by(
            descriptions, shape_graph, engine=engine, inference=inference, timeout_s=timeout_s, progress=progress
        )
    else:
        report = judge(
            descriptions,
            phase=phase,
            on=on,
            rules=_listed(rules),
            engine=engine,
            inference=inference,
            readings=readings,
            progress=progress,
        )
    report = report.with_unreadable(unreadable)
    styled = format_ == "text" and out is None and sys.stdout.isatty()
    # Without the mark of UTF-8 in front, Excel reads a CSV file in an encoding of its own.
    encoding = "utf-8-sig" if format_ == "csv" else "utf-8"
    _write(report.to_text(lang, styled=True) if styled else report.to(format_, lang), out, encoding)
    for one in unreadable:
        click.echo(f"vereend: {one.error}", err=True)
    raise SystemExit(2 if not report.assessable else 0 if report.conforms else 1)


@main.command()
@_FILES
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The table of verdicts: .csv or .parquet.",
)
@click.option(
    "--shared",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="File or folder with bodies that descriptions share, such as actors.",
)
@click.option("--phase", type=click.Choice(PHASES), help="Judge as if in this phase (default: the one told).")
@click.option("--on", metavar="DATE", help="Judge at this date, as in 2026-11-24 (default: the day it was begun).")
@click.option("--rules", metavar="LIST", help="Only these rules or themes, as in R13,oversight.")
@click.option("--engine", type=click.Choice(ENGINES), default="auto", help="SHACL engine.")
@click.option("--workers", type=click.IntRange(1), help="Processes at work (default: one for each processor).")
@click.option("--cluster", metavar="ADDRESS", help="Work on this Dask cluster instead, as in tcp://host:8786.")
@click.option("--timeout", "timeout_s", type=float, default=60.0, show_default=True, help="Seconds one file may take.")
@click.option(
    "--resume/--restart", default=True, help="Go on with what an unfinished run left (default), or begin anew."
)
@_language
def batch(
    paths: tuple[Path, ...],
    out: Path,
    shared: tuple[Path, ...],
    phase: str | None,
    on: str | None,
    rules: str | None,
    engine: str,
    workers: int | None,
    cluster: str | None,
    timeout_s: float,
    resume: bool,
    lang: str,
) -> None:
    """Judge many descriptions: files, and folders of files. Writes a table of all verdicts, and a page beside it.

    A bad file gets a line that says what is wrong with it, and stops nothing. What is stopped, even with kill -9, goes
    on where it was when the same command is given again.

    Exit status: 0 all conform, 1 some do not, 2 some could not be read or judged.

    Example:  vereend batch kg/examples kg/cases --out verdicts.csv --lang en
    """
    from vereend.batch import batch as run
    from vereend.formats.batch import write_text
    from vereend.telling import Teller

    teller = Teller(lang)
    try:
        summary = run(
            paths,
            out,
            phase=phase,
            on=on,
            rules=_listed(rules),
            engine=engine,
            lang=lang,
            shared=shared,
            workers=workers,
            cluster=cluster,
            restart=not resume,
            timeout_s=timeout_s,
            progress=teller,
        )
    finally:
        teller.close()
    click.echo(write_text(summary, lang))
    raise SystemExit(2 if not summary.assessable else 0 if summary.conforms else 1)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("rule")
@click.option("--phase", type=click.Choice(PHASES))
@click.option("--on", metavar="DATE")
@_language
def explain(path: Path, rule: str, phase: str | None, on: str | None, lang: str) -> None:
    """Tell why a rule says what it says: evidence, sources, remedy.

    Example:  vereend explain kg/examples/veilig-plein.ttl R13 --lang en
    """
    from vereend.explanation import explain as tell
    from vereend.reading import read

    click.echo(tell(read(path), rule, lang, phase=phase, on=on))


@main.command()
@click.argument("path_a", type=click.Path(path_type=Path))
@click.argument("path_b", type=click.Path(path_type=Path))
@click.option("--phase", type=click.Choice(PHASES), help="Judge both as if in this phase (default: the one told).")
@click.option("--on", metavar="DATE", help="Judge at this date, as in 2026-11-24 (default: today).")
@click.option("--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text")
@_language
def compare(path_a: Path, path_b: Path, phase: str | None, on: str | None, format_: str, lang: str) -> None:
    """Set two partnerships side by side: actors, powers, safeguards, verdicts, and what differs.

    Example:  vereend compare kg/cases/shoplifting.ttl kg/examples/veilig-plein.ttl
    """
    import json

    from vereend.reading import read
    from vereend.side_by_side import as_csv, as_text, side_by_side
    from vereend.validation import validate as judge

    found = side_by_side(*judge([read(path_a), read(path_b)], phase=phase, on=on).files)
    if format_ == "json":
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
    else:
        click.echo((as_csv if format_ == "csv" else as_text)(found, lang).rstrip("\n"))


@main.command("matrix")
@_FILES
@click.option("--by", type=click.Choice(["safeguards", "rules"]), default="safeguards", show_default=True)
@click.option("--phase", type=click.Choice(PHASES), help="Judge all as if in this phase (default: the one told).")
@click.option("--on", metavar="DATE", help="Judge at this date, as in 2026-11-24 (default: today).")
@click.option("--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text")
@_language
def show_matrix(paths: tuple[Path, ...], by: str, phase: str | None, on: str | None, format_: str, lang: str) -> None:
    """Set partnerships beside each other by kinds of safeguard or by rules, with counts.

    Example:  vereend matrix kg/cases/*.ttl --by rules --format csv
    """
    import json

    from vereend.matrices import as_csv, as_text, matrix
    from vereend.validation import validate as judge

    found, unreadable = _read_all(paths)
    for one in unreadable:
        raise one.error
    table = matrix(judge(found, phase=phase, on=on).files, by)
    if format_ == "json":
        click.echo(json.dumps(table.to_dict(), ensure_ascii=False, indent=1))
    else:
        click.echo((as_csv if format_ == "csv" else as_text)(table, lang).rstrip("\n"))


@main.command("rules")
@click.option("--theme", default="", metavar="NAME", help="Only this theme, as in oversight.")
@click.option("--phase", default="", metavar="PHASE", help="Only what holds in this phase, as in initial.")
@click.option(
    "--severity", default="", metavar="NAME", help="Only this heavy (in the phase): violation, warning, info."
)
@click.option("--judge", default="", metavar="NAME", help="Only what the computer judges alone, or a person too.")
@click.option("--words", default="", metavar="TEXT", help="Only what holds all these words.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text")
@_language
def list_rules(theme: str, phase: str, severity: str, judge: str, words: str, format_: str, lang: str) -> None:
    """List the rules, with how heavy each weighs in which phase.

    Example:  vereend rules --theme oversight --phase initial --severity violation
    """
    import json

    from vereend.rule_index import Choice, as_csv, as_text, choose, rows
    from vereend.rules import rules

    found = choose(rules().values(), Choice(theme, phase, severity, judge, words))
    if format_ == "json":
        click.echo(json.dumps(rows(found, lang), ensure_ascii=False, indent=1))
    else:
        click.echo((as_csv if format_ == "csv" else as_text)(found, lang).rstrip("\n"))


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--remove", multiple=True, metavar="'S P O'", help="Leave this statement out. May be repeated.")
@click.option("--add", multiple=True, metavar="'S P O'", help="Tell this as well. May be repeated.")
@click.option("--without", multiple=True, metavar="NAME", help="Drop this thing with all that is said of it.")
@click.option("--phase", type=click.Choice(PHASES), help="Judge as if in this phase (default: the one told).")
@click.option("--on", metavar="DATE", help="Judge at this date, as in 2026-11-24 (default: today).")
@click.option("--rules", metavar="LIST", help="Only these rules or themes, as in R13,oversight.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@_language
def whatif(
    path: Path,
    remove: tuple[str, ...],
    add: tuple[str, ...],
    without: tuple[str, ...],
    phase: str | None,
    on: str | None,
    rules: str | None,
    format_: str,
    lang: str,
) -> None:
    """Tell which verdicts would be others if the description told something else. The file stays as it is.

    Statements are written as in Turtle, with the prefixes of the file and of the project.

    Exit status: 0 the changed description conforms, 1 it does not, 2 it could not be judged.

    Example:  vereend whatif kg/examples/veilig-plein.ttl --without kg:committee --lang en
    """
    from vereend.comparison import whatif as ask
    from vereend.reading import read

    found = ask(read(path), add=add, remove=remove, without=without, phase=phase, on=on, rules=_listed(rules))
    click.echo(found.to_json() if format_ == "json" else found.to_text(lang))
    raise SystemExit(0 if found.conforms else 1 if found.assessable[1] else 2)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--rules", metavar="LIST", help="Only these rules or themes, as in R13,oversight.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@_language
def history(path: Path, rules: str | None, format_: str, lang: str) -> None:
    """Tell which verdicts change on which day, from the dates in a description.

    Example:  vereend history kg/examples/veilig-plein.ttl --rules oversight --lang en
    """
    from vereend.history import history as tell
    from vereend.history import history_json, history_text
    from vereend.reading import read

    moments = tell(read(path), rules=_listed(rules))
    click.echo(history_json(moments) if format_ == "json" else history_text(moments, lang))


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("rule", required=False)
@click.option(
    "--focus", metavar="NAME", help="The partnership or thing the question is about, where there are several."
)
@click.option("--value", metavar="NAME", help="The part of it that is asked about, where there are several.")
@click.option("--yes/--no", "yes", default=None, help="The answer.")
@click.option("--reason", metavar="TEXT", help="Why, in the language of --lang.")
@click.option("--initials", metavar="AB", help="Of who answers. No name: it is not kept.")
@click.option("--date", metavar="DATE", help="Day of the answer, as in 2026-11-24 (default: today).")
@click.option("--phase", type=click.Choice(PHASES), help="Judge as if in this phase (default: the one told).")
@_language
def answer(
    path: Path,
    rule: str | None,
    focus: str | None,
    value: str | None,
    yes: bool | None,
    reason: str | None,
    initials: str | None,
    date: str | None,
    phase: str | None,
    lang: str,
) -> None:
    """Answer what a rule leaves to a person. Without an answer: list the questions, and what was answered before.

    The answer is kept beside the description, in NAME.answers.ttl, and shown when it is judged again. It never turns
    into "satisfied", and is marked for review once what it was given on has changed.

    Example:  vereend answer kg/examples/veilig-plein.ttl --lang en

    Example:  vereend answer plein.ttl R20 --value kg:pos-ban --yes --reason "three months, per shop" --initials AB
    """
    from vereend.answering import answer as give
    from vereend.answering import questions_text
    from vereend.reading import read

    if yes is None and (reason or initials):
        raise VereendError("answer", "is neither yes nor no", "Add --yes or --no")
    if yes is None:
        click.echo(questions_text(read(path), lang, rule=rule, on=date, phase=phase))
        return
    if rule is None or reason is None or initials is None:
        raise VereendError("answer", "is not complete", "Give PATH RULE --yes or --no, --reason TEXT and --initials AB")
    given = give(
        path, rule, yes=yes, reason=reason, initials=initials, lang=lang, focus=focus, value=value, on=date, phase=phase
    )
    click.echo(questions_text(read(path), lang, rule=given.rule, on=date, phase=phase))


@main.command()
@click.argument("report_a", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("report_b", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@_language
def diff(report_a: Path, report_b: Path, format_: str, lang: str) -> None:
    """Tell what has changed from one report to a later one: new, fixed, changed and same verdicts.

    Both are made with vereend validate --format json. Verdicts are matched by rule, focus and value; the file may have
    been moved or reordered, and things without a name are matched by what is said of them.

    Exit status: 0 nothing is newly violated, 1 something is, 2 something could not be read or judged.

    Example:  vereend diff monday.json tuesday.json --lang en
    """
    from vereend.differences import diff as compare
    from vereend.differences import read_report

    found = compare(read_report(report_a), read_report(report_b))
    click.echo(found.to_json() if format_ == "json" else found.to_text(lang))
    raise SystemExit(1 if found.newly_violated else 2 if found.unjudged else 0)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--phase", type=click.Choice(PHASES), help="Judge as if in this phase (default: the one told).")
@click.option("--on", metavar="DATE", help="Judge at this date, as in 2026-11-24 (default: today).")
@click.option("--rules", metavar="LIST", help="Only these rules or themes, as in R13,oversight.")
@click.option("--reading", "readings", multiple=True, metavar="NAME", help="Hold to this reading of a passage.")
@click.option("--apply", "apply_", is_flag=True, help="Write the repair into the file.")
@click.option("--agree", is_flag=True, help="With --apply: what is to be taken out is not so (any longer).")
@click.option(
    "--choose", "ways", multiple=True, metavar="STEP=WAY", help="Take another way of a step, as told with it."
)
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Fill in a blank. May be repeated.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="With --apply: write to this file.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "turtle"]), default="text")
@_language
def repair(
    path: Path,
    phase: str | None,
    on: str | None,
    rules: str | None,
    readings: tuple[str, ...],
    apply_: bool,
    agree: bool,
    ways: tuple[str, ...],
    values: tuple[str, ...],
    out: Path | None,
    format_: str,
    lang: str,
) -> None:
    """Find the smallest set of statements that makes a description conform, and write it into the file if asked.

    What only a person can know stays open, as ?name. A value for it is a thing of the description, a new name, a text
    between quotation marks, or none. What is told now is taken out only if you agree that it is not so: a breach is not
    mended by silence. The rest of the file stays as its author wrote it, comments too.

    Exit status: 0 it conforms, 1 it does not (yet), 2 it could not be done.

    Examples:  vereend repair kg/examples/veilig-plein-bekostigd.ttl --lang en
    vereend repair plein.ttl --apply --set fundedBy=kg:municipality --set 'limit="only in the centre"'
    vereend repair plein.ttl --choose 1=1
    """
    from vereend.reading import read
    from vereend.repairs import assigned, chosen_ways, repaired
    from vereend.repairs import repair as find

    description = read(path)
    options: dict[str, Any] = {"phase": phase, "on": on, "rules": _listed(rules), "readings": readings}
    found = find(description, **options, ways=chosen_ways(ways))
    if not apply_ or not found.steps:
        match format_:
            case "json":
                click.echo(found.to_json())
            case "turtle":
                click.echo(found.to_turtle().rstrip("\n"))
            case _:
                click.echo(found.to_text(lang))
        raise SystemExit(0 if found.complete and not found.steps else 1)
    if found.change.remove and not agree:
        raise VereendError(
            "; ".join(map(found.spell, sorted(found.change.remove))),
            "is told now and would be taken out",
            "Repeat with --agree if it is not so, or is so no longer",
        )
    mark = "\ufeff" if path.read_bytes().startswith(codecs.BOM_UTF8) else ""  # reading leaves it out
    _write(mark + repaired(found, assigned(values), out), out or path)
    from vereend.validation import validate as judge

    report = judge([read(out or path)], **options)
    told = report.to_text(lang)
    # Once all is well, the head says so: who, in which phase, how many of each verdict.
    click.echo(report.to_json() if format_ == "json" else told.partition("\n\n")[0] if report.conforms else told)
    raise SystemExit(0 if report.conforms else 1)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--phase", type=click.Choice(PHASES), help="Judge as if in this phase (default: the one told).")
@click.option("--on", metavar="DATE", help="Judge at this date, as in 2026-11-24 (default: today).")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@_language
def chain(path: Path, phase: str | None, on: str | None, format_: str, lang: str) -> None:
    """Follow each coercive power outside the police to who can stop it and who hears complaints.

    Exit status: 0 no link is broken, 1 some link is, 2 the description could not be read or judged.

    Example:  vereend chain kg/examples/veilig-plein-advies.ttl --lang en
    """
    import json

    from vereend.accountability import chain_dict, chains, chains_text
    from vereend.explanation import cannot_be_judged
    from vereend.reading import read
    from vereend.validation import validate as judge

    (file,) = judge([read(path)], phase=phase, on=on).files
    if file.structure:
        raise cannot_be_judged(file, lang)
    found = [one for partnership in file.partnerships for one in chains(file, partnership)]
    content = json.dumps([chain_dict(one) for one in found], ensure_ascii=False, indent=2)
    click.echo(content if format_ == "json" else chains_text(found, file.words, lang))
    raise SystemExit(1 if any(one.first_broken is not None for one in found) else 0)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--reasoner", type=click.Choice(["hermit", "pellet", "sparql"]), default="hermit")
@_language
def forms(path: Path, reasoner: str, lang: str) -> None:
    """Tell which forms are certain, excluded or open, and what to ask.

    Example:  vereend forms kg/examples/veilig-plein.ttl --lang en
    """
    from vereend.explanation import forms_text
    from vereend.form_reasoning import forms as reason
    from vereend.reading import read

    description = read(path)
    click.echo(forms_text(description, reason(description, reasoner), lang))


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise VereendError(repr(text), "is not NAME=VALUE", "Write it as in --set kind=vc:coercion")
    return name, value


_FOLDER = click.option(
    "--store",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="VEREEND_STORE",
    help="The folder with the graph (or VEREEND_STORE).",
)


def _store(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command be told where the graph stands."""
    server = click.option(
        "--endpoint", "url", metavar="URL", help="A SPARQL 1.1 server with the graph (or VEREEND_ENDPOINT_QUERY)."
    )
    return _FOLDER(server(command))


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-e", "--text", help="The query itself, instead of a file.")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Fill in a parameter of a stored question."
)
@click.option("--data", multiple=True, type=click.Path(path_type=Path), help="Add this description to the graph.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "xlsx", "turtle", "ntriples"]),
    default="table",
)
@click.option("--timeout", "timeout_s", type=float, default=60.0, show_default=True, help="Seconds the query may take.")
@click.option("--why", is_flag=True, help="Tell why there are no answers, instead of the answers.")
@_store
@_language
def query(
    file: Path | None,
    text: str | None,
    settings: tuple[str, ...],
    data: tuple[Path, ...],
    format_: str,
    timeout_s: float,
    why: bool,
    folder: Path | None,
    url: str | None,
    lang: str,
) -> None:
    """Ask the graph a question in SPARQL. Prefixes of the project need not be declared.

    Examples:  vereend query kg/queries/who-may-do-what.rq --set kind=vc:coercion

    vereend query -e "SELECT * { ?p a vrd:Partnership }" --store graph/

    vereend query kg/queries/who-may-do-what.rq --format xlsx > who-may-do-what.xlsx

    vereend query -e "SELECT * { ?position vrd:houder ?who }" --why
    """
    from vereend.questions import answer, ask, service, workbook
    from vereend.slow_queries import advice_text
    from vereend.stored_queries import read_query
    from vereend.stores import choose

    if (file is None) == (text is None):
        raise VereendError(
            "query", "needs either a file or -e TEXT", 'Write vereend query FILE, or vereend query -e "SELECT …"'
        )
    if settings:
        if file is None:
            raise VereendError("--set", "fills in a stored question, and none is named", "Name its file")
        text = read_query(file).filled(dict(_setting(setting) for setting in settings))
    elif file is not None:
        text = file.read_text("utf-8")
    source = choose(folder, url)
    if why:
        from vereend.why_empty import evaluator, why_empty
        from vereend.why_words import why_text

        with service(data, timeout_s, source) as asked:
            click.echo(why_text(why_empty(text or "", evaluator(asked)), lang))
        return
    try:
        if format_ == "xlsx":
            click.echo(workbook(text or "", answer(text or "", "", data, timeout_s, source), lang), nl=False)
        else:
            click.echo(ask(text or "", format_, lang, data, timeout_s, source).rstrip("\n"))
    except QueryTimeout:
        if slow := advice_text(text or "", lang):
            click.echo(slow, err=True)
        raise


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help="What to call the description (default: its file's name, without ending).")
@_store
@_language
def load(paths: tuple[Path, ...], name: str | None, folder: Path | None, url: str | None, lang: str) -> None:
    """Load descriptions into a graph that stays, each in a named graph of its own, and publish it.

    What is loaded under the same name before is replaced. Without files: only the project's own content is brought up
    to date. Killed half-way, it leaves what was published as it was.

    Example:  vereend load descriptions/*.ttl --store graph/
    """
    from vereend.stores import status_text, uploads

    if name and len(paths) != 1:
        raise VereendError("--name", "names one description", "Name one file with it")
    store = _chosen(folder, url)
    store.load(uploads(paths, name))
    click.echo(status_text(store.status(), lang))


@main.command()
@click.argument("names", nargs=-1, required=True)
@_store
@_language
def unload(names: tuple[str, ...], folder: Path | None, url: str | None, lang: str) -> None:
    """Take descriptions out of the graph that were loaded, by the names that vereend status lists.

    Example:  vereend unload plein --store graph/
    """
    from vereend.stores import status_text

    store = _chosen(folder, url)
    store.unload(names)
    click.echo(status_text(store.status(), lang))


@main.command()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@_store
@_language
def status(format_: str, folder: Path | None, url: str | None, lang: str) -> None:
    """Tell what a graph that stays holds: versions, named graphs, sizes, and the limits within which it is asked.

    Example:  vereend status --store graph/
    """
    import json

    from vereend.stores import status_json, status_text

    found = _chosen(folder, url).status()
    as_json = format_ == "json"
    click.echo(json.dumps(status_json(found), ensure_ascii=False, indent=1) if as_json else status_text(found, lang))


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@_FOLDER
def backup(target: Path, folder: Path | None) -> None:
    """Copy the published version of a graph to a new folder.

    Example:  vereend backup /media/disk/graph-2026-11 --store graph/
    """
    from vereend.data_folder import DataFolder, default_folder

    version = DataFolder(folder or default_folder()).backup(target)
    click.echo(f"{target}: {version.statements}")


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@_FOLDER
@_language
def restore(source: Path, folder: Path | None, lang: str) -> None:
    """Publish a backup again, after comparing each of its files with the digest made then.

    Example:  vereend restore /media/disk/graph-2026-11 --store graph/
    """
    from vereend.data_folder import DataFolder, default_folder
    from vereend.stores import status_text

    store = DataFolder(folder or default_folder())
    store.restore(source)
    click.echo(status_text(store.status(), lang))


def _chosen(folder: Path | None, url: str | None) -> Any:
    from vereend.data_folder import DataFolder, default_folder
    from vereend.stores import choose

    return choose(folder, url) or DataFolder(default_folder())


@main.command()
@click.argument("name")
@click.option("--format", "format_", type=click.Choice(["txt", "bib", "ris", "json"]), default="txt", help="Form.")
@_language
def cite(name: str, format_: str, lang: str) -> None:
    """Say how to cite a thing, a rule or a stored question: a sentence, BibTeX, RIS or CSL-JSON.

    NAME is an IRI, or what follows https://w3id.org/vereend/ in it.

    Examples:  vereend cite rule/R13 --format bib

    vereend cite query/who-may-do-what
    """
    from vereend.citing import cite as find
    from vereend.citing import write
    from vereend.knowledge import load

    click.echo(write(find(load(), name), format_, lang))


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", metavar="KIND", help="Only this kind, as in claim, rule, concept, law or question.")
@click.option("--case", metavar="NAME", help="Only what stands in, or is said of, this partnership.")
@click.option("--modality", metavar="NAME", help="Only claims meant so, as in finding or open-question.")
@click.option("--theme", metavar="NAME", help="Only rules of this theme, and what they rest on.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="The most things to show.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@_language
def search(
    words: tuple[str, ...],
    kind: str | None,
    case: str | None,
    modality: str | None,
    theme: str | None,
    limit: int,
    format_: str,
    lang: str,
) -> None:
    """Find things by words from their names, synonyms or texts, in either language; typing errors are forgiven.

    Example:  vereend search independent oversight --kind claim
    """
    import json

    from vereend.knowledge import load
    from vereend.search import found_dict, found_text

    facets = {"kind": kind or "", "case": case or "", "modality": modality or "", "theme": theme or ""}
    found = load().index.search(" ".join(words), facets, limit)
    click.echo(
        json.dumps(found_dict(found), ensure_ascii=False, indent=2) if format_ == "json" else found_text(found, lang)
    )


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv", "graphml", "gexf", "svg"]),
    default="table",
    help="Form; svg is drawn in layers, the same each time.",
)
@click.option("--path", "ends", nargs=2, metavar="A B", help="The shortest way between two things, in words.")
@click.option("--around", "centre", metavar="NAME", help="Only what lies around this thing.")
@click.option("--hops", type=click.IntRange(1, 9), default=1, show_default=True, help="With --around: how far.")
@click.option("--sign", "signs", multiple=True, metavar="NAME", help="Only these: police, private, power. Repeatable.")
@click.option("--role", default="", metavar="NAME", help="Of the actors only those in this role, as in overseer.")
@click.option("--power", default="", metavar="NAME", help="Of the powers only this kind, as in coercion.")
@click.option("--safeguard", default="", metavar="NAME", help="Of the safeguards only these, as in ComplaintRoute.")
@click.option("--measures", "with_measures", is_flag=True, help="How central each node is, with how to read it.")
@_language
def network(
    path: Path,
    format_: str,
    ends: tuple[str, str] | None,
    centre: str | None,
    hops: int,
    signs: tuple[str, ...],
    role: str,
    power: str,
    safeguard: str,
    with_measures: bool,
    lang: str,
) -> None:
    """Give the network of actors, powers, mandates and safeguards.

    Example:  vereend network kg/examples/veilig-plein.ttl --path "Beveiliging BV" gemeenteraad
    """
    from vereend.explanation import measures_text
    from vereend.network_walks import Choice, around, find, narrowed, way_text
    from vereend.networks import export
    from vereend.networks import network as build
    from vereend.reading import read

    graph = narrowed(build(read(path)), Choice(frozenset(signs), role, power, safeguard))
    if centre:
        graph = around(graph, find(graph, centre), hops)
    if ends:
        start, end = (find(graph, name) for name in ends)
        click.echo(way_text(graph, start, end, lang))
    else:
        text = measures_text(graph, lang) if with_measures else export(graph, format_, lang)
        click.echo(text.rstrip("\n"))


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--about", metavar="NAME", help="Only this thing and what hangs on it, as in kg:oversight.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@_language
def sentences(path: Path, about: str | None, format_: str, lang: str) -> None:
    """Read a description out as sentences. Every statement is in one of them, and nothing else.

    Example:  vereend sentences kg/examples/veilig-plein.ttl --about kg:oversight --lang en
    """
    import json

    from vereend.reading import read
    from vereend.sentences import read_out, to_dict, to_text

    passages = read_out(read(path), lang, about)
    content = json.dumps(to_dict(passages), ensure_ascii=False, indent=2)
    click.echo(content if format_ == "json" else to_text(passages))


@main.command()
@click.argument("template", required=False)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this new file instead.")
@_language
def new(template: str | None, out: Path | None, lang: str) -> None:
    """Begin a description from a template. Without a name: list the templates.

    A template is a pattern, not a fact, and says what it leaves open. The ending of --out tells the format (without
    it: YAML); a file that exists is never overwritten. With .xlsx it is a workbook, with a drop-down for each list.

    Example:  vereend new shopping-centre-ban --lang en

    Example:  vereend new shopping-centre-ban --out ban.xlsx --lang en
    """
    from vereend.conversion import format_of
    from vereend.reading import WORKBOOK
    from vereend.templates import listing, write
    from vereend.templates import template as chosen

    if template is None:
        click.echo(listing(lang), nl=False)
        return
    if out is not None and out.exists():
        raise VereendError(str(out), "exists already", "Choose another name: a description is never overwritten")
    if out is not None and out.suffix.lower() == WORKBOOK:
        from vereend.workbook import write_workbook

        _write(write_workbook(chosen(template).description, lang), out)
        return
    _write(write(template, format_of(out) if out else "yaml", lang), out)


@main.command()
@_language
def schema(lang: str) -> None:
    """Give a JSON Schema of descriptions in YAML, by which an editor completes and checks them.

    Example:  vereend schema --lang nl > vereend.schema.json
    """
    import json

    from vereend.contexts import schema as make

    click.echo(json.dumps(make(lang), ensure_ascii=False, indent=1))


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@_language
def convert(source: Path, target: Path, lang: str) -> None:
    """Write a description in another format: YAML, Turtle, JSON-LD, RDF/XML, N-Triples, a workbook (.xlsx).

    Example:  vereend convert kg/examples/veilig-plein.ttl plein.yaml --lang nl

    Example:  vereend convert kg/examples/veilig-plein.ttl plein.xlsx --lang en
    """
    from vereend.conversion import convert as write
    from vereend.conversion import format_of
    from vereend.reading import WORKBOOK, read

    if target.suffix.lower() == WORKBOOK:
        from vereend.workbook import write_workbook

        _write(write_workbook(read(source), lang), target)
        return
    format_ = format_of(target)
    _write(write(read(source), format_, lang), target)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to (default: NAME.zip).")
@click.option("--phase", type=click.Choice(PHASES), help="Judge as if in this phase (default: the one told).")
@click.option("--on", metavar="DATE", help="Judge at this date, as in 2026-11-24 (default: today).")
@click.option("--rules", metavar="LIST", help="Only these rules or themes, as in R13,oversight.")
@click.option("--engine", type=click.Choice(ENGINES), default="auto", help="SHACL engine.")
@click.option(
    "--query",
    "queries",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Answer this stored question as well. May be repeated.",
)
@_language
def pack(
    path: Path,
    out: Path | None,
    phase: str | None,
    on: str | None,
    rules: str | None,
    engine: str,
    queries: tuple[Path, ...],
    lang: str,
) -> None:
    """Pack a description with its verdicts, the rules and sources they lean on, and how to cite them, in one ZIP.

    Example:  vereend pack kg/examples/veilig-plein.ttl --out plein.zip --query kg/queries/who-may-do-what.rq
    """
    from vereend.packing import pack as write

    target = out or Path(f"{path.stem}.zip")
    write(path, target, lang=lang, phase=phase, on=on, rules=_listed(rules), engine=engine, queries=queries)
    click.echo(target)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@_language
def verify(path: Path, lang: str) -> None:
    """Check that a package is as it was packed, and that judging it anew gives the same verdicts.

    Exit status: 0 it is and they are, 1 something differs, 2 it could not be checked.

    Example:  vereend verify plein.zip
    """
    from vereend.packing import verify as check_package

    found = check_package(path)
    click.echo(found.to_text(lang))
    raise SystemExit(0 if found.same else 1)


@main.command("verify-sources")
@click.argument("file", type=click.Path(path_type=Path))
@_language
def verify_sources(file: Path, lang: str) -> None:
    """Check every claim's place against your own copy of the report's summary.

    Exit status: 0 all match, 1 some do not.
    """
    from vereend.reading import decode
    from vereend.sources import mismatches, mismatches_text

    if not file.is_file():
        raise VereendError(str(file), "is not a file", "Give the text of the summary")
    total, wrong = mismatches(decode(file.read_bytes(), str(file)))
    click.echo(mismatches_text(total, wrong, lang))
    raise SystemExit(1 if wrong else 0)


@main.command()
@click.option("--format", "format_", type=click.Choice(["text", "tsv"]), default="text")
@_language
def check(format_: str, lang: str) -> None:
    """Check the quality of ontology, shapes and graph.

    Exit status: 0 no errors, 1 some.

    Example:  vereend check --format tsv > findings.tsv
    """
    from vereend.quality import check as run
    from vereend.quality import to_tsv

    findings = run()
    if format_ == "tsv":
        click.echo(to_tsv(findings, lang), nl=False)
    else:
        for finding in findings:
            click.echo(finding.words(lang))
    errors = sum(f.level == "ERROR" for f in findings)
    summary = {
        "nl": f"{errors} fouten, {len(findings) - errors} waarschuwingen",
        "en": f"{errors} errors, {len(findings) - errors} warnings",
    }
    click.echo(summary[lang], err=True)
    raise SystemExit(1 if errors else 0)


@main.command()
def build() -> None:
    """Write the portable SHACL in shapes/ from the rules and the ontology."""
    from vereend.shapes import build as run

    for path in run():
        click.echo(path)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5099, show_default=True)
@click.option("--data", multiple=True, type=click.Path(path_type=Path), help="Show this description as well.")
@_store
@click.option("--open/--no-open", "open_", default=None, help="Open a browser (default: when there is a screen).")
def serve(
    host: str, port: int, data: tuple[Path, ...], folder: Path | None, url: str | None, open_: bool | None
) -> None:
    """Show the viewer in your browser.

    With --store or --endpoint, questions and /sparql ask that graph; what is loaded there later is seen at once. The
    pages show the project's own content.

    Example:  vereend serve --port 8080
    """
    from vereend.stores import choose

    try:
        from vereend_webui.serving import serve as run
    except ModuleNotFoundError as error:
        if error.name and not error.name.startswith("vereend"):
            raise VereendError(
                "serve", f"needs the package {error.name}", "Install vereend with its web viewer"
            ) from None
        raise
    run(host, port, list(data), open_, choose(folder, url))


if __name__ == "__main__":
    main()
