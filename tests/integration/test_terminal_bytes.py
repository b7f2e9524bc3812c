"""What really reaches a terminal, read from the other side of it, and in what state it is left at the end."""

import base64
import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.loud_screen import LOUD_TITLE, QUIET_TITLE
from tests.integration.pseudo_terminal import (
    DEADLINE_S,
    ROOT,
    PseudoTerminal,
    bells_in,
    left_on,
    pseudo_terminal,
    strings_in,
)

pytestmark = pytest.mark.integration

TARGET = "https://pd.example/incidents/Q1?a=b;c&d=%C3%A9"
COPIED = f"P1 checkout: {LOUD_TITLE}\nhttps://pd.example/incidents/Q1?a=b;c&d=é"
OSC9 = f"9;oncall-tui rewapp: P1 checkout: {LOUD_TITLE} and 2 more"
OSC777 = f"777;notify;oncall-tui rewapp;P1 checkout: {LOUD_TITLE.replace(';', ',')} and 2 more"
OSC52 = f"52;c;{base64.b64encode(COPIED.encode()).decode()}"
KITTY = {"TERM": "xterm-kitty"}
XTERM = {"TERM": "xterm-256color"}
TMUX = {"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a", "TMUX": "/nowhere,1,0"}
SCREEN = {"TERM": "screen-256color", "STY": "1.pts"}

_OF_TERMINALS = (
    "TERM",
    "COLORTERM",
    "TMUX",
    "STY",
    "ZELLIJ",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "SSH_",
    "VTE_",
    "LC_TERMINAL",
)


def environ(**of_terminal: str) -> dict[str, str]:
    """An environment that tells of this terminal and of no other."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(_OF_TERMINALS)}
    return mine | {"TEXTUAL_ANIMATIONS": "none", "PYTHONPATH": str(ROOT), "COLORTERM": "truecolor"} | of_terminal


def screen_of(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.integration.loud_screen", *arguments]


def walk(screen: PseudoTerminal, said: str) -> None:
    """New alerts come, their details are read, one is copied; then leave."""
    screen.read_until(QUIET_TITLE)
    screen.press("R")
    screen.read_until("p95 above")
    screen.press("2")
    screen.read_until("LINKS")
    screen.press("y")
    screen.read_until(said)
    screen.press("q")


def without_links(strings: list[str]) -> list[str]:
    return [one for one in strings if not one.startswith("8;")]


@pytest.mark.parametrize(
    ("protocol", "where", "said", "told"),
    [
        ("auto", KITTY, "Sent to the terminal", [OSC9, OSC52]),
        ("auto", XTERM, "Sent to the terminal", [OSC777, OSC52]),
        ("osc9", XTERM, "Sent to the terminal", [OSC9, OSC52]),
        ("osc777", KITTY, "Sent to the terminal", [OSC777, OSC52]),
        ("off", KITTY, "Sent to the terminal", [OSC52]),
        ("auto", KITTY | {"NO_COLOR": "1"}, "Sent to the terminal", [OSC9, OSC52]),
        ("auto", TMUX, "Sent to the terminal", [f"tmux:\x1b]{OSC777}\x1b\\", OSC52]),
        ("osc9", TMUX, "Sent to the terminal", [f"tmux:\x1b]{OSC9}\x1b\\", OSC52]),
        ("auto", SCREEN, "Not copied: screen keeps it", []),
        ("auto", {"TERM": "linux"}, "Not copied: there is no clipboard", []),
    ],
)
def test_what_is_sent_is_what_was_meant_and_nothing_else(
    protocol: str, where: dict[str, str], said: str, told: list[str]
) -> None:
    with pseudo_terminal(screen_of(protocol), environ(**where)) as screen:
        walk(screen, said)
        assert screen.read_to_the_end() == 0
        assert without_links(strings_in(screen.text)) == told
        assert bells_in(screen.text) == 1


@pytest.mark.parametrize(
    ("where", "has_links"),
    [(KITTY, True), (XTERM, True), (KITTY | {"NO_COLOR": "1"}, True), (TMUX, False), (SCREEN, False)],
)
def test_addresses_are_links_where_the_terminal_may_know_them(where: dict[str, str], has_links: bool) -> None:
    # Large enough for the links, which are the last thing that is told of an alert.
    with pseudo_terminal(screen_of("off"), environ(**where), (160, 50)) as screen:
        screen.read_until(QUIET_TITLE)
        screen.press("2")
        screen.read_until("https://pd.example")
        screen.press("q")
        screen.read_to_the_end()
        links = [one for one in strings_in(screen.text) if one.startswith("8;")]
        assert bool(links) is has_links
        assert {one.split(";", 2)[2] for one in links[::2]} <= {TARGET}
        assert set(links[1::2]) <= {"8;;"}


@pytest.mark.skipif(shutil.which("script") is None, reason="script is not installed")
def test_within_a_recording_the_bytes_are_the_same(tmp_path: Path) -> None:
    command = " ".join(screen_of("auto"))
    recording = ["script", "-q", "-e", "-c", command, str(tmp_path / "typescript")]
    with pseudo_terminal(recording, environ(**KITTY)) as screen:
        walk(screen, "Sent to the terminal")
        assert screen.read_to_the_end() == 0
        assert without_links(strings_in(screen.text)) == [OSC9, OSC52]
        assert left_on(screen.text) == []


# tmux

_NUMBERS = itertools.count()


@pytest.fixture
def socket() -> Iterator[str]:
    """The name of a tmux server of our own, ended at the end. Each has another one: the last may not be quite gone."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    name = f"oncall-tui-{os.getpid()}-{next(_NUMBERS)}"
    yield name
    subprocess.run(["tmux", "-L", name, "kill-server"], capture_output=True, check=False)


def client_of(socket: str, kind: str, passthrough: str, tmp_path: Path) -> list[str]:
    """The command of a tmux client whose one pane shows the screen."""
    settings = tmp_path / "tmux.conf"
    settings.write_text(f'set -g default-terminal "{kind}"\nset -g allow-passthrough {passthrough}\n')
    return ["tmux", "-L", socket, "-f", str(settings), "new-session", " ".join(screen_of("auto"))]


@pytest.mark.parametrize("kind", ["screen-256color", "tmux-256color"])
@pytest.mark.parametrize("passthrough", ["on", "off"])
def test_within_tmux(kind: str, passthrough: str, socket: str, tmp_path: Path) -> None:
    with pseudo_terminal(client_of(socket, kind, passthrough, tmp_path), environ(**XTERM)) as client:
        walk(client, "Copied to tmux")
        assert client.read_to_the_end() == 0
        strings = [one for one in strings_in(client.text) if one.startswith(("9", "777", "52", "tmux"))]
        from_tmux = f"52;;{OSC52.removeprefix('52;c;')}"
        assert strings == ([OSC777, from_tmux] if passthrough == "on" else [from_tmux])
        assert bells_in(client.text) == 1
        assert left_on(client.text) == []


# The end


def start(screen: PseudoTerminal) -> None:
    screen.read_until(QUIET_TITLE)
    assert "the other screen" in left_on(screen.text)


def assert_given_back(screen: PseudoTerminal) -> None:
    assert left_on(screen.text) == []
    assert screen.settings == screen.settings_before, "echo and line editing are as they were"


@pytest.mark.parametrize(
    ("number", "words"),
    [(signal.SIGTERM, "Ended by SIGTERM."), (signal.SIGINT, "Ended by SIGINT."), (signal.SIGHUP, "")],
)
def test_a_signal_ends_the_screen_and_gives_the_terminal_back(number: signal.Signals, words: str) -> None:
    with pseudo_terminal(screen_of("auto"), environ(**XTERM)) as screen:
        start(screen)
        screen.process.send_signal(number)
        assert screen.read_to_the_end() == 128 + number
        assert_given_back(screen)
        assert words in screen.text


def test_q_gives_the_terminal_back_and_ctrl_c_does_not_end_the_screen() -> None:
    with pseudo_terminal(screen_of("auto"), environ(**XTERM)) as screen:
        start(screen)
        screen.press("\x03")
        screen.press("2")
        screen.read_until("LINKS")
        screen.press("q")
        assert screen.read_to_the_end() == 0
        assert_given_back(screen)


def test_a_screen_that_breaks_gives_the_terminal_back_and_says_why() -> None:
    with pseudo_terminal(screen_of("auto", "broken"), environ(**XTERM)) as screen:
        start(screen)
        screen.press("R")
        assert screen.read_to_the_end() == 1
        assert_given_back(screen)
        assert "broken on purpose" in screen.text


def test_a_window_that_is_closed_ends_the_screen() -> None:
    with pseudo_terminal(screen_of("auto"), environ(**XTERM)) as screen:
        start(screen)
        screen.hang_up()
        assert screen.process.wait(DEADLINE_S) == 128 + signal.SIGHUP


@pytest.mark.skipif(not Path("/proc/self/wchan").exists(), reason="only Linux tells what a thread waits for")
def test_a_terminal_that_takes_nothing_any_more_does_not_keep_the_screen_alive() -> None:
    with pseudo_terminal(screen_of("auto"), environ(**XTERM)) as screen:
        start(screen)
        screen.fill()
        screen.process.send_signal(signal.SIGTERM)
        assert screen.process.wait(DEADLINE_S) == 128 + signal.SIGTERM
        assert screen.settings == screen.settings_before
