"""A package is whole or tells where it is not, and is judged anew to the same verdicts."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from manifests import EXAMPLE
from vereend import content
from vereend.answering import answer
from vereend.cli import main
from vereend.errors import VereendError
from vereend.packing import MANIFEST, pack, verify

QUERY = content.root() / "kg" / "queries" / "who-may-do-what.rq"
RULES = ["R13", "R20"]


@pytest.fixture(scope="module")
def plein(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    told = folder / "plein.ttl"
    told.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    answer(told, "R20", value="kg:pos-ban", yes=True, reason="three months", initials="AB", lang="en")
    pack(told, folder / "plein.zip", lang="en", rules=RULES, on="2026-11-01", queries=[QUERY])
    return folder / "plein.zip"


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def signed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Make the digests fit, as someone would who changes a package on purpose."""
    listed = {name: data for name, data in files.items() if name != MANIFEST}
    rows = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in listed.items()]
    return listed | {MANIFEST: "".join(rows).encode()}


def test_a_package_as_it_was_packed_is_the_same(plein: Path):
    found = verify(plein)

    assert found.same
    assert found.other_rules == ()
    assert found.to_text("en") == "Unchanged, and the verdicts are the same."


def test_one_changed_byte_is_found_in_whichever_file(plein: Path, tmp_path: Path):
    files = unzipped(plein)
    one_of_each = {(name.partition("/")[0], Path(name).suffix): name for name in files if name != MANIFEST}
    for name in one_of_each.values():
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        found = verify(zipped(files | {name: bytes(data)}, tmp_path / "changed.zip"))
        assert found.changed == (name,)
        assert not found.same


def test_a_byte_changed_in_the_zip_itself_is_found(plein: Path, tmp_path: Path):
    data = bytearray(plein.read_bytes())
    with zipfile.ZipFile(plein) as archive:
        start = archive.getinfo("description/plein.ttl").header_offset
    data[start + 200] ^= 1
    (tmp_path / "damaged.zip").write_bytes(data)

    assert "description/plein.ttl" in verify(tmp_path / "damaged.zip").changed


def test_what_is_gone_or_added_is_named(plein: Path, tmp_path: Path):
    files = unzipped(plein)
    del files["report/report.en.html"]
    found = verify(zipped(files | {"extra.txt": b"more"}, tmp_path / "other.zip"))

    assert (found.missing, found.added) == (("report/report.en.html",), ("extra.txt",))
    assert "extra.txt" in found.to_text("nl")


def test_another_description_with_fitting_digests_gives_other_verdicts(plein: Path, tmp_path: Path):
    files = unzipped(plein)
    told = files["description/plein.ttl"].replace(
        b"vrd:intervention vc:iv-advise , vc:iv-suspend", b"vrd:intervention vc:iv-advise"
    )
    found = verify(zipped(signed(files | {"description/plein.ttl": told}), tmp_path / "other.zip"))

    assert found.whole
    assert not found.same
    assert "R13" in found.to_text("en")


def test_other_rules_than_here_are_named(plein: Path, tmp_path: Path):
    files = unzipped(plein)
    files["content/shapes/30-oversight.ttl"] += b"# an older version\n"
    found = verify(zipped(signed(files), tmp_path / "older.zip"))

    assert found.other_rules == ("content/shapes/30-oversight.ttl",)
    assert "content/shapes/30-oversight.ttl" in found.to_text("en")


def test_programs_find_every_file_described(plein: Path):
    files = unzipped(plein)
    graph = {one["@id"]: one for one in json.loads(files["ro-crate-metadata.json"])["@graph"]}
    root = graph["./"]

    assert {part["@id"] for part in root["hasPart"]} == set(files) - {"ro-crate-metadata.json"}
    assert all(part["@id"] in graph for part in root["hasPart"])
    assert graph["report/report.json"]["sha256"] == hashlib.sha256(files["report/report.json"]).hexdigest()


def test_people_find_every_file_linked_and_nothing_fetched(plein: Path):
    files = unzipped(plein)
    index = files["index.html"].decode()

    assert all(
        f'href="{name}"' in index for name in files if name not in ("index.html", MANIFEST, "ro-crate-metadata.json")
    )
    assert "http" not in index.replace('http-equiv="Content-Security-Policy"', "")
    assert "three months" in files["report/report.en.html"].decode()
    assert files["queries/who-may-do-what.csv"].count(b"\n") > 3


def test_packing_twice_gives_the_same_bytes(plein: Path):
    pack(
        plein.with_name("plein.ttl"),
        plein.with_name("again.zip"),
        lang="en",
        rules=RULES,
        on="2026-11-01",
        queries=[QUERY],
    )

    assert plein.with_name("again.zip").read_bytes() == plein.read_bytes()


def test_a_package_is_never_overwritten(plein: Path):
    before = plein.read_bytes()
    with pytest.raises(VereendError, match="exists already"):
        pack(EXAMPLE, plein, lang="en")
    assert plein.read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 half"], ids=["empty", "text", "half"])
def test_what_is_no_package_is_refused(tmp_path: Path, data: bytes):
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(VereendError, match="is not a package"):
        verify(tmp_path / "x.zip")


def test_the_commands_pack_and_verify(tmp_path: Path):
    target = tmp_path / "plein.zip"
    run = CliRunner().invoke(main, ["pack", str(EXAMPLE), "--out", str(target), "--rules", "R13", "--lang", "nl"])
    assert run.exit_code == 0, run.output
    assert CliRunner().invoke(main, ["verify", str(target), "--lang", "nl"]).exit_code == 0
    assert CliRunner().invoke(main, ["verify", str(EXAMPLE)]).exit_code == 2
