"""What is published on disk is whole, whatever kills the writer, and readers see the newest without starting anew."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from vereend import store
from vereend.cli import main
from vereend.content import root
from vereend.data_folder import KEPT, DataFolder
from vereend.errors import VereendError
from vereend.service import Limits
from vereend.store import UPLOAD, Upload
from vereend.terms import Statement

THREE = [Statement(f"<http://a/{n}>", "<http://a/is>", f'"{n}"') for n in range(3)]
EXAMPLE = root() / "kg" / "examples" / "veilig-plein.ttl"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the project's own content, to be copied: filling one takes a second."""
    folder = tmp_path_factory.mktemp("filled") / "store"
    DataFolder(folder).load([])
    return folder


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> DataFolder:
    DataFolder(filled).backup(tmp_path / "backup")
    found = DataFolder(tmp_path / "store")
    found.restore(tmp_path / "backup")
    return found


def told(data: DataFolder, name: str) -> int:
    graph = ox.Store.read_only(data.current())
    return sum(1 for _ in graph.quads_for_pattern(None, None, None, store.graph_name(UPLOAD + name)))


def test_each_layer_case_and_upload_is_a_graph_that_is_named_and_counted(data: DataFolder):
    data.load([Upload("plein", THREE)])

    graph = ox.Store.read_only(data.current())
    counted = {
        name.value.removeprefix(store.GRAPH): sum(1 for _ in graph.quads_for_pattern(None, None, None, name))
        for name in graph.named_graphs()
    }
    listed = counted.pop("graphs")
    assert dict(data.published().graphs) == counted
    assert listed == len(counted)
    assert counted.keys() >= {"ontology", "law", "inferred", "case/shoplifting", "upload/plein"}


def test_the_same_name_gets_the_new_description_and_nameless_things_stay_apart(data: DataFolder):
    data.load([Upload("plein", THREE)])
    nameless = [Statement("_:b1", "<http://a/is>", '"_:b1"')]
    data.load([Upload("plein", THREE[:1]), Upload("one", nameless), Upload("two", nameless)])

    assert told(data, "plein") == 1
    graph = ox.Store.read_only(data.current())
    assert len({str(q.subject) for q in graph if str(q.object) == '"_:b1"'}) == 2


def test_what_is_unloaded_is_gone_and_a_misspelt_name_takes_nothing_out(data: DataFolder):
    data.load([Upload("plein", THREE), Upload("markt", THREE)])
    before = data.published()
    with pytest.raises(VereendError, match="The nearest is 'markt'"):
        data.unload(["plein", "mark"])
    assert data.published() == before

    data.unload(["plein"])
    assert (told(data, "plein"), told(data, "markt")) == (0, 3)


def test_a_few_versions_are_kept_and_the_newest_is_published(data: DataFolder):
    for number in range(KEPT + 1):
        data.load([Upload("plein", THREE[:number])])

    status = data.status()
    assert status.kept[0].name == status.published
    assert len(status.kept) == KEPT
    assert status.current and all(held.size > 0 for held in status.kept)


def test_only_one_writes(data: DataFolder):
    with data._lock(), pytest.raises(VereendError, match="is being written by another process"):
        DataFolder(data.folder).load([])


def test_a_running_service_sees_what_is_published_later(data: DataFolder):
    service = data.questions(Limits(query_workers=1))
    try:
        asked = "ASK { <http://a/1> ?is ?one }"
        assert b"false" in service.query(asked).body
        data.load([Upload("plein", THREE)])
        assert b"true" in service.query(asked).body
    finally:
        service.close()


def test_a_name_that_serves_twice_publishes_nothing(data: DataFolder):
    before = data.published()
    with pytest.raises(VereendError, match="is the name of two descriptions"):
        data.load([Upload("plein", THREE), Upload("plein", THREE)])
    assert data.published() == before
    data.load([Upload("plein", THREE)])
    assert told(data, "plein") == 3


def test_older_content_of_the_project_is_brought_up_to_date(data: DataFolder, monkeypatch: pytest.MonkeyPatch):
    data.load([Upload("plein", THREE)])
    monkeypatch.setattr(store, "content_digest", lambda: "another")
    assert not data.status().current
    data.unload(["plein"])
    assert not data.status().current

    data.load([Upload("plein", THREE)])
    assert data.status().current
    assert data.published().graphs["rules"] > 1000


def test_a_damaged_backup_is_refused_and_what_is_published_stays(data: DataFolder, tmp_path: Path):
    data.load([Upload("plein", THREE)])
    data.backup(tmp_path / "good")
    victim = max((tmp_path / "good" / "graph").iterdir(), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")

    with pytest.raises(VereendError, match="is not as it was made"):
        data.restore(tmp_path / "good")
    assert told(data, "plein") == 3
    with pytest.raises(VereendError, match="is there already"):
        data.backup(tmp_path / "good")
    with pytest.raises(VereendError, match="is no backup"):
        data.restore(tmp_path)


def test_a_backup_has_files_of_its_own_and_comes_back(data: DataFolder, tmp_path: Path):
    data.load([Upload("plein", THREE)])
    data.backup(tmp_path / "kept")
    data.unload(["plein"])
    assert all(path.stat().st_nlink == 1 for path in (tmp_path / "kept" / "graph").iterdir())

    data.restore(tmp_path / "kept")
    assert told(data, "plein") == 3


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path):
    with pytest.raises(VereendError, match="holds no graph yet"):
        DataFolder(tmp_path).current()
    (tmp_path / "published").write_text("yes")
    with pytest.raises(VereendError, match="is not a folder of Vereend's"):
        DataFolder(tmp_path).current()


# A process that is killed at a moment of its own choosing: at the nth time it opens, renames, makes or removes
# something, or writes out what it wrote. Forked, so that a kill costs no new interpreter.
KILLED = """
import os, signal, sys
from pathlib import Path
from vereend.data_folder import DataFolder
from vereend.store import UPLOAD, Upload
from vereend.terms import Statement

folder = Path(sys.argv[1])

def run(moment):
    events = 0
    def count(*_):
        nonlocal events
        events += 1
        if events == moment:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(lambda name, _: count() if name in WATCHED else None)
    real = os.fsync
    os.fsync = lambda descriptor: (count(), real(descriptor), count())
    told = [Statement(f"<http://a/{moment}-{n}>", "<http://a/is>", f'"{n}"') for n in range(200)]
    DataFolder(folder).load([Upload("plein", told), Upload(f"other-{moment}", told)])
    return events

def whole():
    import pyoxigraph as ox
    from vereend import store
    data = DataFolder(folder)
    version, graph = data.published(), ox.Store.read_only(data.current())
    counted = {n: sum(1 for _ in graph.quads_for_pattern(None, None, None, store.graph_name(n)))
               for n in version.graphs if n.startswith(UPLOAD)}
    assert counted == {n: version.graphs[n] for n in counted}, counted
    assert set(counted.values()) == {200}, counted
    plein = store.graph_name("upload/plein")
    subjects = {q.subject.value.split("-")[0] for q in graph.quads_for_pattern(None, None, None, plein)}
    assert len(subjects) == 1, subjects
    assert sum(1 for _ in graph) == version.statements + len(version.graphs)

def forked(function, *arguments):
    child = os.fork()
    if not child:
        try:
            print(function(*arguments), flush=True)
            os._exit(0)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
    return os.waitpid(child, 0)[1]

WATCHED = {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "shutil.rmtree", "fcntl.flock"}
kind, *numbers = sys.argv[2:]
for number in map(int, numbers):
    status = forked(run, number)
    assert kind == "count" and status == 0 or status == signal.SIGKILL, (number, status)
    assert forked(whole) == 0, number
"""


def test_killed_at_twenty_points_a_load_leaves_what_was_published_whole(data: DataFolder):
    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(data.folder), *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    events = int(run("count", "0").split()[0])
    assert events > 20
    moments = sorted({round(1 + n * (events - 1) / 19) for n in range(20)})
    run("kill", *map(str, moments))
    assert len(moments) == 20

    data.load([Upload("after", THREE)])
    assert told(data, "after") == 3
    assert not (data.folder / "making").exists()


def test_the_commands_tell_what_they_did(filled: Path, tmp_path: Path):
    run = CliRunner().invoke
    place = ["--store", str(tmp_path / "store")]
    DataFolder(filled).backup(tmp_path / "start")
    assert run(main, ["restore", str(tmp_path / "start"), *place]).exit_code == 0

    loaded = run(main, ["load", str(EXAMPLE), "--name", "mijn plein", *place, "--lang", "en"])
    assert loaded.exit_code == 0, loaded.output
    assert "loaded: 1 graphs" in loaded.output and "mijn-plein" in loaded.output
    found = json.loads(run(main, ["status", "--format", "json", *place]).output)
    assert found["graphs"]["upload/mijn-plein"] > 100
    assert found["limits"]["query_timeout_s"] == 10
    asked = [
        "query",
        "-e",
        "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/vereend/graph/upload/mijn-plein> {?s ?p ?o} }",
    ]
    assert str(found["graphs"]["upload/mijn-plein"]) in run(main, [*asked, *place]).output
    assert run(main, ["backup", str(tmp_path / "kept"), *place]).exit_code == 0
    assert "geladen: 0 grafen" in run(main, ["unload", "mijn-plein", *place, "--lang", "nl"]).output
    refused = run(main, ["query", "-e", "ASK {}", "--data", str(EXAMPLE), *place])
    assert refused.exit_code == 2 and "does not go with a store" in refused.output
    both = run(main, ["status", "--endpoint", "http://127.0.0.1:9/", *place])
    assert both.exit_code == 2 and "do not go together" in both.output


def test_the_folder_is_named_by_the_environment_else_among_the_users_own(monkeypatch: pytest.MonkeyPatch):
    from vereend.data_folder import default_folder

    monkeypatch.setenv("VEREEND_STORE", "/somewhere")
    assert default_folder() == Path("/somewhere")
    monkeypatch.delenv("VEREEND_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_folder() == Path("/data/vereend/store")
    assert os.environ.get("VEREEND_STORE") is None
