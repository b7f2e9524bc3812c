"""SIGKILL in the middle of an acknowledge: what was confirmed is not lost, and nothing is done twice."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.integration.acknowledging_process import (
    BEFORE_ANSWER,
    BEFORE_INTENT,
    BEFORE_REQUEST,
    BEFORE_RESULT,
    NOWHERE,
)
from tests.unit.journal.helpers import opened

pytestmark = pytest.mark.integration

DEADLINE_S = 30.0


@dataclass
class Vendor:
    """What the server knows, in the vendor's own words."""

    port: int = 0
    states: dict[str, str] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    """Every acknowledge that arrived: what was sent, and what it found."""
    answers: threading.Event = field(default_factory=threading.Event)
    """While it is cleared, an acknowledge is carried out and not answered."""
    arrived: threading.Event = field(default_factory=threading.Event)

    def sent(self, one: str) -> int:
        return sum(name == one for name, _ in self.log)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    known = Vendor()
    known.answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({one: known.states.get(one, "triggered") for one in self._ids()})

        def do_PUT(self) -> None:
            for one in self._ids():
                known.log.append((one, known.states.get(one, "triggered")))
                known.states[one] = "acknowledged"
            known.arrived.set()
            known.answers.wait(DEADLINE_S)
            self._answer({})

        def _ids(self) -> list[str]:
            return self.path.removeprefix("/").split(",")

        def _answer(self, content: dict[str, str]) -> None:
            body = json.dumps(content).encode()
            try:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # The client was killed meanwhile.

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield known
    known.answers.set()
    server.shutdown()
    thread.join()
    server.server_close()


def begin(journal: Path, vendor: Vendor, stop_at: str, verb: str, *ids: str) -> subprocess.Popen[str]:
    module = "tests.integration.acknowledging_process"
    return subprocess.Popen(
        [sys.executable, "-m", module, str(journal), str(vendor.port), stop_at, verb, *ids],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


def run(journal: Path, vendor: Vendor, verb: str, *ids: str) -> Any:
    """What a process that is left alone says."""
    process = begin(journal, vendor, NOWHERE, verb, *ids)
    try:
        output, _ = process.communicate(timeout=DEADLINE_S)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    return json.loads(output)


def run_and_kill(journal: Path, vendor: Vendor, stop_at: str, verb: str, *ids: str) -> None:
    """A process that is killed at the point ``stop_at``."""
    vendor.arrived.clear()
    if stop_at == BEFORE_ANSWER:
        vendor.answers.clear()
    process = begin(journal, vendor, stop_at, verb, *ids)
    watchdog = threading.Timer(DEADLINE_S, process.kill)
    watchdog.start()
    try:
        if stop_at == BEFORE_ANSWER:
            assert vendor.arrived.wait(DEADLINE_S)
        else:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline()) == "stopped"
        assert process.poll() is None, "it ended by itself"
    finally:
        process.kill()
        process.communicate()
        watchdog.cancel()
        vendor.answers.set()


@pytest.mark.parametrize(
    ("stop_at", "unsent", "recovered", "sent_before"),
    [
        (BEFORE_INTENT, [], {}, 0),
        (BEFORE_REQUEST, ["Q1", "Q2"], {"Q1": "confirmed", "Q2": "confirmed"}, 0),
        (BEFORE_ANSWER, ["Q1", "Q2"], {"Q1": "already", "Q2": "already"}, 1),
        (BEFORE_RESULT, ["Q1", "Q2"], {"Q1": "already", "Q2": "already"}, 1),
    ],
)
def test_a_killed_acknowledge(
    tmp_path: Path, vendor: Vendor, stop_at: str, unsent: list[str], recovered: dict[str, str], sent_before: int
) -> None:
    path = tmp_path / "journal.db"
    assert run(path, vendor, "acknowledge", "Q0") == {"Q0": "confirmed"}
    run_and_kill(path, vendor, stop_at, "acknowledge", "Q1", "Q2")
    assert [vendor.sent("Q1"), vendor.sent("Q2")] == [sent_before, sent_before]

    assert run(path, vendor, "unsent") == unsent
    assert run(path, vendor, "recover") == recovered
    assert run(path, vendor, "unsent") == []
    assert run(path, vendor, "recover") == {}

    sent = [(name, "triggered") for name in ("Q0", *unsent)]
    assert vendor.log == sent, "each once, and none that was acknowledged already"
    assert vendor.states == {name: "acknowledged" for name, _ in sent}
    outcomes = {"Q0": "confirmed", **recovered}
    with opened(path) as journal:
        assert journal.verify() is None
        for name, outcome in outcomes.items():
            assert journal.read(f"incident:vendor:{name}")[-1].payload["outcome"] == outcome
        if stop_at == BEFORE_INTENT:
            assert journal.read("incident:vendor:Q1") == (), "nothing was promised, nothing was done"


@pytest.mark.parametrize("stop_at", [BEFORE_REQUEST, BEFORE_ANSWER])
def test_a_recovery_that_is_killed_as_well_is_told_of_and_not_repeated(
    tmp_path: Path, vendor: Vendor, stop_at: str
) -> None:
    path = tmp_path / "journal.db"
    run_and_kill(path, vendor, BEFORE_REQUEST, "acknowledge", "Q1")
    run_and_kill(path, vendor, stop_at, "recover")
    assert run(path, vendor, "unsent") == ["Q1"]
    assert run(path, vendor, "recover") == {"Q1": "failed"}
    assert vendor.sent("Q1") == (1 if stop_at == BEFORE_ANSWER else 0)
    assert run(path, vendor, "acknowledge", "Q1") == {"Q1": "already" if stop_at == BEFORE_ANSWER else "confirmed"}
    assert vendor.sent("Q1") == 1
