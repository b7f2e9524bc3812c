"""A window that is closed ends the screen, told as the kernel tells it: SIGHUP with SIGCONT to who leads the session.

The end must be the regular one: the screen may take as long as it likes here, where it would be forced after seconds.
"""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.clock import utc_now
from oncall_tui.journal.keeper import JournalKeeper
from tests.integration.pseudo_terminal import DEADLINE_S, ROOT, PseudoTerminal, left_on, pseudo_terminal
from tests.unit.runbook.executors.steps import until

pytestmark = pytest.mark.integration

_MAIN = (
    "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "from oncall_tui.ui import terminal_end; terminal_end._LIMIT_S = 3600.0\n"
    "from oncall_tui.cli.main import main; main()\n"
)
_BOOK = """\
---
oncall: 1
id: seat
title: Seated
owner: team
match: [{alertname: Seat}]
---
# Seated

```bash {#wait danger=read timeout=1h}
sleep 3600
```
"""


class Window:
    """The screen in a window that can be closed, and a source that takes its question and never answers."""

    def __init__(self, folder: Path, server: socket.socket) -> None:
        self.state = folder / "state" / "oncall-tui"
        self._server = server
        self._mark = f"HOME={folder}".encode()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """While the block runs a question is under way."""
        connection, _ = self._server.accept()
        with connection:
            yield

    def processes(self) -> list[str]:
        """What runs for it: the screen, and whatever it or its steps have started."""
        found: list[str] = []
        for one in Path("/proc").iterdir():
            try:
                if one.name.isdigit() and self._mark in (one / "environ").read_bytes().split(b"\0"):
                    found.append((one / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:  # It has ended, or is somebody else's.
                continue
        return [one for one in found if one]


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(DEADLINE_S)
        folder, books = tmp_path / "config" / "oncall-tui", tmp_path / "books"
        folder.mkdir(parents=True)
        books.mkdir()
        (books / "seat.md").write_text(_BOOK)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        (folder / "oncall.toml").write_text(
            f'[sources.mute]\nkind = "prometheus"\nurl = "{url}"\ntimeout = "60s"\n'
            f"[runbooks]\nshipped = false\npaths = [{json.dumps(str(books))}]\n"
        )
        yield Window(tmp_path, server)


def opened(folder: Path, size: tuple[int, int] = (100, 30)) -> AbstractContextManager[PseudoTerminal]:
    """The screen, as the one who leads a session on a terminal."""
    folders = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "CACHE", "STATE")}
    mine = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    ours = {"PYTHONPATH": str(ROOT), "TEXTUAL_ANIMATIONS": "none"}
    return pseudo_terminal([sys.executable, "-c", _MAIN], {**mine, **ours, **folders}, size)


async def runs(window: Window) -> list[dict[str, Any]]:
    """What the journal says of the step."""
    keeper = JournalKeeper(window.state / "journal.sqlite3", utc_now)
    events = await keeper.read_kind("run.intent", "run.result", streams="run:")
    await keeper.close()
    return [dict(one.payload) for one in events]


def at_rest(screen: PseudoTerminal) -> None:
    screen.read_until("DEPLOYMENTS")


def after_a_key(screen: PseudoTerminal) -> None:
    at_rest(screen)
    screen.does("2", "No alert under the cursor")


def after_a_dialog(screen: PseudoTerminal) -> None:
    at_rest(screen)
    screen.does("?", "Help")
    screen.does("\x1b[27u", "DEPLOYMENTS")


def in_a_dialog(screen: PseudoTerminal) -> None:
    at_rest(screen)
    screen.does(":", "Search")


def in_a_step(screen: PseudoTerminal) -> None:
    at_rest(screen)
    screen.does("4", "Seated")
    screen.does("\r", "Wait")
    screen.does("\r", "running", again_after=30.0)


@pytest.mark.parametrize("moment", [at_rest, after_a_key, after_a_dialog, in_a_dialog, in_a_step])
async def test_a_closed_window_ends_the_screen_in_its_own_time_and_leaves_nothing(
    window: Window, tmp_path: Path, moment: Callable[[PseudoTerminal], None]
) -> None:
    with opened(tmp_path) as screen:
        with window.asked():
            moment(screen)
            screen.settle()
            if moment is in_a_step:
                # What was forked to become it has another name for a moment.
                await until(lambda: "sleep 3600 " in window.processes(), DEADLINE_S)
            else:
                assert "sleep 3600 " not in window.processes()
            screen.vanish()
            assert screen.process.wait(DEADLINE_S) == 128 + signal.SIGHUP
        await until(lambda: window.processes() == [], DEADLINE_S)
    assert [one.name for one in window.state.glob("*-wal")] == [], "the journal was closed"
    if moment is in_a_step:
        assert [one.get("state") for one in await runs(window)] == [None, "cancelled"]


async def test_a_window_that_tells_no_size_can_be_worked_in_and_closed(window: Window, tmp_path: Path) -> None:
    with opened(tmp_path, (0, 0)) as screen:
        after_a_key(screen)
        screen.vanish()
        assert screen.process.wait(DEADLINE_S) == 128 + signal.SIGHUP


def test_after_a_stop_from_outside_all_is_drawn_and_heard_again(window: Window, tmp_path: Path) -> None:
    with opened(tmp_path) as screen:
        after_a_key(screen)
        screen.settle()
        screen.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, screen.process.pid, os.WSTOPPED | os.WNOWAIT)
        # As a shell does when it has the terminal back.
        screen.settings = screen.settings_before
        begun = len(screen.received)
        screen.process.send_signal(signal.SIGCONT)
        deadline = time.monotonic() + DEADLINE_S
        while b"ALERTS" not in screen.received[begun:]:
            assert time.monotonic() < deadline, screen.text[-2_000:]
            screen.read()
        screen.does("1", "DEPLOYMENTS")
        screen.press("q")
        assert screen.read_to_the_end() == 0
        assert screen.settings == screen.settings_before
        assert left_on(screen.text) == []
