"""A viewer for others keeps to its limits, tells no secrets in its log, and ends without cutting anyone off."""

import http.client
import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from manifests import ROOT
from vereend_webui import Settings, create_app
from vereend_webui.operating import JsonLines

DEPLOY = ROOT / "webui" / "deploy"


def alive(group: int) -> bool:
    """Tell whether a process group has a process that runs; one that has ended and was not asked about counts not."""
    told = subprocess.run(["ps", "-e", "-o", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    return any(line.split()[0] == str(group) and line.split()[1][0] != "Z" for line in told.splitlines())


def limited(**settings: int):
    return create_app(settings=Settings(query_workers=0, **settings)).test_client()


def test_who_asks_too_often_is_told_so_in_either_language_and_may_go_on_in_a_minute():
    client = limited(asks_per_minute=2)
    assert [client.get("/nl/").status_code for _ in range(3)] == [200, 200, 429]
    dutch, english = (client.get(f"/{lang}/") for lang in ("nl", "en"))
    assert dutch.headers["Retry-After"] == "60"
    assert "geeft één adres 2 pagina" in dutch.get_data(as_text=True)
    assert "Wait a minute, then try again" in english.get_data(as_text=True)
    told = client.get("/api/search?q=politie")
    assert (told.status_code, told.get_json()["error"]["remedy"]) == (429, "Wait a minute, then try again")
    assert client.get("/healthz").status_code == 200  # whoever watches over the viewer


def test_another_address_has_its_own_share_and_a_forged_one_does_not_count():
    direct = limited(asks_per_minute=1)
    behind = limited(asks_per_minute=1, proxies=1)
    for client, expected in ((direct, [200, 429]), (behind, [200, 200])):
        found = [client.get("/nl/", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in (1, 2)]
        assert found == expected


def test_the_log_tells_what_kind_of_page_was_asked_for_and_not_what_was_asked(caplog: pytest.LogCaptureFixture):
    client = limited(log_requests=1)
    caplog.set_level(logging.INFO, "vereend.requests")
    client.get("/nl/?q=geheim", headers={"User-Agent": "geheim", "Referer": "http://geheim/"})
    client.get("/geheim")
    client.post("/api/validate", data="geheim", content_type="text/turtle")
    lines = [JsonLines().format(record) for record in caplog.records]
    assert not any("geheim" in line or "127.0.0.1" in line for line in lines)
    told = [json.loads(line) for line in lines]
    assert [(one["method"], one["route"], one["status"]) for one in told] == [
        ("GET", "/<any(nl, en):lang>/", 200),
        ("GET", None, 404),
        ("POST", "/api/validate", 400),
    ]


def test_an_exception_is_logged_by_kind_and_place_without_its_words():
    try:
        raise ValueError("geheim")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "on %s", ("/geheim",), sys.exc_info())
    line = JsonLines().format(record)
    assert "geheim" not in line
    assert json.loads(line)["exception"] == "ValueError"
    assert "test_operating.py" in json.loads(line)["at"][0]


def test_ready_is_another_thing_than_alive():
    app = create_app(settings=Settings(query_workers=0))
    site, client = app.extensions["vereend"], app.test_client()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    site.warm.set()
    assert client.get("/readyz").get_json() == {"status": "ready"}
    site.stopping.set()
    assert client.get("/readyz").get_json() == {"status": "stopping"}


def test_told_to_stop_a_server_answers_what_it_was_asked_and_ends_with_its_workers():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'kg'}{os.pathsep}{ROOT / 'webui'}", "VEREEND_LOG_REQUESTS": "1"}
    script = "from vereend.cli import main; main()"
    server = subprocess.Popen(
        [sys.executable, "-c", script, "serve", "--no-open", "--port", str(port)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{address}/readyz", timeout=5)
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        text = (ROOT / "kg" / "examples" / "veilig-plein.ttl").read_text("utf-8")
        body = json.dumps({"files": [{"name": f"{number}.ttl", "text": text} for number in range(4)]})
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        asked.request("POST", "/api/validate", body, {"Content-Type": "application/json"})
        urllib.request.urlopen(f"{address}/healthz", timeout=60)  # answered later: the server has the other one
        server.terminate()
        answer = json.load(asked.getresponse())
        _, log = server.communicate(timeout=60)
    finally:
        server.kill()
    assert [file["readable"] for file in answer["files"]] == [True] * 4
    assert server.returncode == 0
    assert [line for line in log.splitlines() if '"/api/validate"' in line]
    assert "Traceback" not in log
    until = time.monotonic() + 10  # what keeps the books of the processes ends just after them
    while time.monotonic() < until and alive(server.pid):
        time.sleep(0.1)
    assert not alive(server.pid), "some of its processes are left"


def test_the_files_to_deploy_with_name_settings_that_exist():
    known = {f"VEREEND_{name.upper()}" for name in Settings.__dataclass_fields__} | {"VEREEND_STORE"}
    texts = {path.name: path.read_text("utf-8") for path in sorted(DEPLOY.iterdir()) if path.suffix != ".md"}
    assert texts.keys() == {"Containerfile", "vereend.service"}
    for text in texts.values():
        assert set(re.findall(r"VEREEND_[A-Z_]+", text)) <= known
    assert re.search(r"^USER (?!root)", texts["Containerfile"], re.MULTILINE)
    assert "/readyz" in texts["Containerfile"]
    assert "KillSignal=SIGTERM" in texts["vereend.service"]
