"""Steps of runbooks that have the user's own terminal, on the screen and in a plain terminal, as processes."""

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.clock import utc_now
from oncall_tui.journal.keeper import JournalKeeper
from tests.integration.pseudo_terminal import DEADLINE_S, ROOT, PseudoTerminal, left_on, pseudo_terminal
from tests.unit.runbook.executors.steps import is_alive, until

pytestmark = pytest.mark.integration

BOOK = """\
---
oncall: 1
id: seat
title: Seated
owner: team
match: [{{alertname: Seat}}]
---
# Seated

By hand.

<!-- oncall
undo: {{manual: "by hand"}}
-->
```bash {{#ask danger=change tty}}
exec {python} "$HOME/ask.py"
```

After it.

```bash {{#last danger=read}}
echo the end
```
"""
ASK = """\
import os, signal, sys, termios

terminal = open("/dev/tty", "r+b", buffering=0)
is_mine = os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
flags = termios.tcgetattr(terminal)[3]
is_plain = all(flags & one for one in (termios.ISIG, termios.ICANON, termios.ECHO))
open("pid", "w").write(str(os.getpid()))

def interrupted(*_):
    os.write(1, b"heard ctrl+c")
    sys.exit(9)

signal.signal(signal.SIGINT, interrupted)
signal.signal(signal.SIGWINCH, lambda *_: os.write(1, f"now {os.get_terminal_size().columns} wide".encode()))
terminal.write(f"foreground {is_mine}, plain {is_plain}. sure? ".encode())
answer = terminal.readline().decode().strip().lstrip("y")  # Those were for the dialog before.
print("said", answer, flush=True)
if answer != "sure":
    signal.pause()
"""
_CONTROLLED = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)
"""Makes the terminal the controlling one, as a shell's is: ctrl+c typed there is a signal to whoever lets it be one."""
BEGUN, PROMPT = "foreground True, plain True. sure? ", "press Enter to go back"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "config" / "oncall-tui"
    folder.mkdir(parents=True)
    books = tmp_path / "books"
    books.mkdir()
    (books / "seat.md").write_text(BOOK.format(python=sys.executable))
    (tmp_path / "ask.py").write_text(ASK)
    (folder / "oncall.toml").write_text(
        '[sources.nobody]\nkind = "prometheus"\nurl = "http://127.0.0.1:9"\n'
        f"[runbooks]\nshipped = false\npaths = [{json.dumps(str(books))}]\n"
    )
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "CACHE", "STATE")}
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "TEXTUAL_ANIMATIONS": "none",
        **folders,
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", _CONTROLLED, sys.executable, "-m", "oncall_tui", *arguments]


@pytest.fixture
def screen(environ: dict[str, str]) -> Iterator[PseudoTerminal]:
    """The screen, with the program before us on its terminal."""
    with pseudo_terminal(command(), environ, (100, 30)) as terminal:
        terminal.read_until("DEPLOYMENTS")
        terminal.does("4", "Seated")
        terminal.does("\r", "Ask")
        begins(terminal)
        yield terminal


def begins(screen: PseudoTerminal) -> None:
    """Confirm the step; it has the terminal then."""
    screen.does("\r", "Run this step?")
    # It hears nothing in its first moment.
    screen.does("y", BEGUN, again_after=0.5)


def comes(screen: PseudoTerminal, sign: str, since: int) -> str:
    """Wait until a sign has come behind what had come before; all that did."""
    deadline = time.monotonic() + DEADLINE_S
    while sign not in screen.text[since:]:
        assert time.monotonic() < deadline, f"{sign!r} did not come: {screen.text[-2_000:]!r}"
        screen.read()
    return screen.text[since:]


async def told(environ: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """What the journal says of the step."""
    keeper = JournalKeeper(Path(environ["XDG_STATE_HOME"]) / "oncall-tui" / "journal.sqlite3", utc_now)
    events = await keeper.read_kind("run.intent", "run.result", streams="run:")
    await keeper.close()
    return [(one.kind, dict(one.payload)) for one in events if one.payload["unit"] == "ask"]


async def test_the_screen_makes_room_and_comes_back_whatever_becomes_of_the_program(
    screen: PseudoTerminal, environ: dict[str, str], tmp_path: Path
) -> None:
    answered_in_another_size(screen)
    begun = len(screen.text)
    begins(screen)
    screen.does("no\r", "said no", again_after=30.0)
    screen.does("\x03", "heard ctrl+c", again_after=30.0)
    assert "ask ended with exit code 9" in comes(screen, PROMPT, begun)
    screen.does("\r", "failed: exit 9", again_after=30.0)
    begun = len(screen.text)
    begins(screen)
    os.kill(int((tmp_path / "books" / "pid").read_text()), signal.SIGKILL)
    assert "ask was ended by SIGKILL" in comes(screen, PROMPT, begun)
    screen.does("\r", "failed: signal 9", again_after=30.0)
    screen.does("\x1b[27u", "RUNBOOKS")
    screen.press("q")
    assert screen.read_to_the_end() == 0
    assert left_on(screen.text) == []
    assert screen.settings == screen.settings_before
    events = await told(environ)
    assert [kind for kind, _ in events] == ["run.intent", "run.result"] * 3
    results = [payload for kind, payload in events if kind == "run.result"]
    assert [(one["state"], one["exit"], one["signal"]) for one in results] == [
        ("done", 0, None),
        ("failed", 9, None),
        ("failed", None, 9),
    ]
    assert "said sure" in results[0]["stdout"], "what it drew is recorded"


def answered_in_another_size(screen: PseudoTerminal) -> None:
    """Nothing is drawn over the program; then everything is, in the size that the terminal has by then."""
    begun = len(screen.text)
    assert left_on(screen.text) == [], "the mouse, the other screen and the cursor are as in a shell"
    screen.resize(90, 26)
    screen.read_until("now 90 wide")
    screen.does("sure\r", "said sure", again_after=30.0)
    assert "ask ended with exit code 0" in comes(screen, PROMPT, begun)
    meanwhile = screen.text[begun:]
    assert re.findall(r"\x1b\[[0-9;?]*[A-HJKhl]", meanwhile) == [], "nothing was drawn over it"
    screen.does("\r", "it had the terminal, exit code 0", again_after=30.0)
    deadline = time.monotonic() + DEADLINE_S
    while _drawn_in(screen.text[begun + len(meanwhile) :], 26) != set(range(1, 27)):
        assert time.monotonic() < deadline, "not all of it is drawn, in the size that it has now"
        screen.read()
    screen.settle()
    drawn = _drawn_in(screen.text[begun + len(meanwhile) :], 26)
    assert drawn == set(range(1, 27)), "all of it is drawn, in the size that it has now"


def _drawn_in(text: str, height: int) -> set[int]:
    """The rows that are drawn once the height is known: the first frame may be begun before."""
    rows = [int(one) for one in re.findall(r"\x1b\[(\d+);\d+H", text)]
    known = max((at for at, row in enumerate(rows) if row > height), default=-1) + 1
    return set(rows[known:])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_screen_that_is_ended_meanwhile_ends_the_program_and_gives_the_terminal_back(
    screen: PseudoTerminal, environ: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    pid = int((tmp_path / "books" / "pid").read_text())
    if number is signal.SIGHUP:
        screen.hang_up()
        screen.process.wait(60)
    else:
        screen.process.send_signal(number)
        assert screen.read_to_the_end() == 128 + number
        assert left_on(screen.text) == []
        assert screen.settings == screen.settings_before
    await until(lambda: not is_alive(pid), 60)
    events = await told(environ)
    assert events[0][0] == "run.intent"
    assert all(payload["state"] == "cancelled" for kind, payload in events if kind == "run.result")


async def test_in_a_plain_terminal_it_has_the_terminal_too(environ: dict[str, str], tmp_path: Path) -> None:
    arguments = command("runbook", "run", str(tmp_path / "books" / "seat.md"))
    with pseudo_terminal(arguments, environ, (100, 30)) as terminal:
        terminal.read_until("y runs it")
        terminal.does("y\r", BEGUN, again_after=30.0)
        begun = len(terminal.text)
        terminal.does("no\r", "said no", again_after=30.0)
        terminal.does("\x03", "heard ctrl+c", again_after=30.0)
        said = comes(terminal, "y runs it", begun)
        assert "ask failed after" in said and "(exit 9)" in said
        assert terminal.settings == terminal.settings_before
        terminal.does("y\r", BEGUN, again_after=30.0)
        begun = len(terminal.text)
        terminal.does("sure\r", "said sure", again_after=30.0)
        assert "ask done after" in comes(terminal, "Enter runs it", begun)
        terminal.press("q\r")
        assert terminal.read_to_the_end() == 0
        assert terminal.settings == terminal.settings_before
    states = [payload["state"] for kind, payload in await told(environ) if kind == "run.result"]
    assert states == ["failed", "done"]


async def test_a_run_that_is_ended_meanwhile_ends_the_program_first(environ: dict[str, str], tmp_path: Path) -> None:
    arguments = command("runbook", "run", str(tmp_path / "books" / "seat.md"))
    with pseudo_terminal(arguments, environ, (100, 30)) as terminal:
        terminal.read_until("y runs it")
        terminal.does("y\r", BEGUN, again_after=30.0)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.read_to_the_end() == 130
        assert terminal.text.index("heard ctrl+c") < terminal.text.index("The run stays open")
        assert terminal.settings == terminal.settings_before
    assert [payload.get("state") for _, payload in await told(environ)] == [None, "cancelled"]
