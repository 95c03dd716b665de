"""How long a command takes, from pressing Enter. Nothing here fails for being slow."""

from pathlib import Path

import pytest

from bench.measuring import ROOT, by_turns, command, keep, processor_ratio, ratio, vereend

pytestmark = pytest.mark.bench

EXAMPLE = ROOT / "kg" / "examples" / "veilig-plein.ttl"


def test_help():
    import sys

    started = vereend("--help")
    assert "Usage" in started().stdout

    timed = by_turns(10, help=started, interpreter=command(sys.executable, "-c", "pass"))

    keep(
        "help",
        "`vereend --help`, beside a Python that does nothing",
        {"vereend --help": timed["help"].summary(), "python -c pass": timed["interpreter"].summary()},
    )


def test_validate_beside_the_command_of_pyshacl(tmp_path: Path):
    """The same description: ours in two readings and with explanations, pySHACL's with the portable shapes."""
    import sys

    merged = tmp_path / "shapes.ttl"
    merged.write_text("\n".join(p.read_text("utf-8") for p in sorted((ROOT / "shapes").glob("[0-9]*.ttl"))), "utf-8")
    plain = command(
        Path(sys.executable).with_name("pyshacl"), "-s", merged, EXAMPLE, ROOT / "shapes" / "background.ttl"
    )
    ours = vereend("validate", EXAMPLE)
    ours_on_pyshacl = vereend("validate", EXAMPLE, "--engine", "pyshacl")
    # Both find that it conforms: they do the same work.
    assert "Conforms: True" in plain().stdout
    assert (ours().returncode, ours_on_pyshacl().returncode) == (0, 0)

    timed = by_turns(7, ours=ours, plain=plain, ours_on_pyshacl=ours_on_pyshacl)

    keep(
        "validate",
        "`vereend validate kg/examples/veilig-plein.ttl` beside `pyshacl` with the portable shapes in one file",
        {
            "vereend validate": timed["ours"].summary(),
            "vereend validate --engine pyshacl": timed["ours_on_pyshacl"].summary(),
            "pyshacl": timed["plain"].summary(),
            "pyshacl / vereend": ratio(timed["plain"], timed["ours"]),
            "pyshacl / vereend, processor time": processor_ratio(timed["plain"], timed["ours"]),
        },
    )


PREVIEWS = {
    # one statement taken out; one replaced by a breach; three taken out
    "one untold": "kg:committee vrd:fundedBy kg:municipality .",
    "one loose": "kg:pps vrd:hasPosition kg:pos-ban .",
    "three untold": "kg:committee vrd:fundedBy kg:municipality . kg:covenant vrd:covers vc:location-ban . "
    "kg:pps vrd:phenomenon vc:shoplifting .",
}


def test_judging_by_all_rules():
    """Bare verdicts: the structure layer, then every rule, in this process; with each engine."""
    from vereend import read
    from vereend.engines import ENGINES
    from vereend.validation import outcomes, parse_date
    from vereend.verdicts import outcomes as by_the_rules
    from vereend.vocabulary import vocabulary
    from vereend.wording import Words

    plein = read(EXAMPLE)
    (partnership,) = plein.partnerships
    words, date = Words(plein.statements, vocabulary()), parse_date(None)

    def rules_alone(engine: str) -> object:
        return by_the_rules(partnership, plein.statements, words, date=date, engine=engine)

    assert len({str(sorted(outcomes(plein, engine=name).items(), key=str)) for name in ENGINES}) == 1

    timed = by_turns(
        15,
        **{f"{name}: all rules": lambda name=name: rules_alone(name) for name in ENGINES[1:]},
        **{f"{name}: structure and all rules": lambda name=name: outcomes(plein, engine=name) for name in ENGINES[1:]},
    )

    keep(
        "judging",
        f"bare verdicts by all rules on Veilig Plein ({len(plein.statements)} statements), in this process",
        {name: timing.summary() for name, timing in timed.items()},
    )


def test_previews_beside_a_validation():
    """A page asks for a repair and for what-if while someone waits: 300 ms is what they may take."""
    from dataclasses import replace

    from manifests import patched
    from vereend import read
    from vereend.comparison import whatif
    from vereend.repairs import repair
    from vereend.validation import validate

    plein = read(EXAMPLE)
    broken = {name: replace(plein, statements=patched(gone)) for name, gone in PREVIEWS.items()}
    assert all(repair(description).steps for description in broken.values())

    timed = by_turns(
        15,
        validate=lambda: validate([plein]),
        whatif=lambda: whatif(plein, without=["kg:committee"]),
        **{f"repair: {name}": lambda d=d: repair(d) for name, d in broken.items()},
    )

    keep(
        "previews",
        "a repair and a what-if of the example in this process, beside its validation with all explanations",
        {name: timing.summary() for name, timing in timed.items()}
        | {
            f"{name} / validate": ratio(timing, timed["validate"])
            for name, timing in timed.items()
            if name != "validate"
        },
    )
