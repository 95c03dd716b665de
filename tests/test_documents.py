"""Documents are true: what they name exists, what they show runs, and they speak of the project alone."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from manifests import ROOT, entries
from vereend.cli import main
from vereend.rules import rules

DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not {"node_modules", ".venv", "dist", "build"} & set(path.relative_to(ROOT).parts)
    and not path.name.startswith(".")
)
COMMANDS = [
    line.strip()
    for path in DOCUMENTS
    for line in path.read_text("utf-8").splitlines()
    if re.match(r" {4}vereend (?!serve|verify-sources)[a-z-]+", line)
]


def test_every_place_the_map_names_exists():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for name in re.findall(r"`((?:kg|webui|tests|shapes|ontology)/[\w./-]*|[A-Z]+\.md|\.ci/run)`", text):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"`(\w+\.py)`", text):
        places = [ROOT / "kg" / "vereend", ROOT / "webui" / "vereend_webui", ROOT]
        assert any((place / name).exists() for place in places), name


def test_the_readme_counts_the_rules_and_their_tests():
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    themes = {rule.theme for rule in rules().values()}
    numbers = {15: "fifteen", 60: "Sixty"}
    assert f"**{numbers[len(rules())]} rules** in {numbers[len(themes)]} themes" in text
    assert f"tried on {len(entries())} invented descriptions" in text


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_shown_runs(command, tmp_path, monkeypatch: pytest.MonkeyPatch):
    # As a shell takes a line apart, and finds the files that a pattern names.
    arguments = shlex.split(command.split(" > ")[0])[1:]
    # What a command writes stays out of the checkout.
    for folder in ("kg", "shapes", "ontology"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    arguments = [name for one in arguments for name in (sorted(map(str, Path().glob(one))) if "*" in one else [one])]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code in (0, 1), result.output


def test_every_folder_says_what_it_is():
    for folder in ("ontology", "shapes", "kg", "webui", "tests"):
        assert (ROOT / folder / "README.md").read_text("utf-8").strip()


def test_the_portable_shapes_run_as_the_documents_show():
    """The plain pyshacl command says of a raw description what the verdicts say."""
    pyshacl = str(Path(sys.executable).with_name("pyshacl"))
    for name, says in (("veilig-plein", "Conforms: True"), ("veilig-plein-advies", "Conforms: False")):
        done = subprocess.run(
            [
                pyshacl,
                "--shapes",
                "shapes/30-oversight.ttl",
                f"kg/examples/{name}.ttl",
                "shapes/background.ttl",
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert says in done.stdout, done.stderr


def test_no_registry_or_machine_is_named_in_a_tracked_file():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is no git checkout")
    wrong = re.compile(r'"resolved"\s*:|--index-url|registry = "http|/root/|/home/\w')
    for name in done.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".woff2", ".png") or path.name == "test_documents.py" or not path.is_file():
            continue
        found = wrong.search(path.read_text("utf-8", errors="replace"))
        assert not found, f"{name}: {found}"
