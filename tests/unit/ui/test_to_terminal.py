"""Bytes past the drawing: only to a terminal that is there to take them."""

from threading import Thread
from typing import Any

import pytest

from oncall_tui.ui.to_terminal import for_tmux, ring, send


class Driver:
    """What is asked of a Textual driver."""

    def __init__(self, writer: Thread | None) -> None:
        self._writer_thread = writer
        self.written: list[str] = []

    def write(self, data: str) -> None:
        self.written.append(data)

    def flush(self) -> None:
        return


class App:
    """What is asked of a Textual app."""

    def __init__(self, driver: Driver | None, *, is_headless: bool = False, is_web: bool = False) -> None:
        self._driver, self.is_headless, self.is_web = driver, is_headless, is_web
        self.rung = 0

    def bell(self) -> None:
        self.rung += 1


class Writer(Thread):
    """A writer thread that runs, or has ended."""

    def __init__(self, is_alive: bool) -> None:
        super().__init__()
        self._lives = is_alive

    def is_alive(self) -> bool:
        return self._lives


def outcome(app: Any) -> tuple[bool, int]:
    ring(app)
    return send(app, "\x1b]9;x\x1b\\"), app.rung


def test_a_running_screen_takes_them() -> None:
    driver = Driver(Writer(is_alive=True))
    assert outcome(App(driver)) == (True, 1)
    assert driver.written == ["\x1b]9;x\x1b\\"]


@pytest.mark.parametrize(
    ("app", "rung"),
    [
        (App(None), 1),
        (App(Driver(None), is_headless=True), 1),
        (App(Driver(None), is_web=True), 0),
        (App(Driver(Writer(is_alive=False))), 0),
    ],
    ids=["not started", "headless", "in a browser", "suspended"],
)
def test_where_there_is_no_terminal_nothing_is_written(app: App, rung: int) -> None:
    assert outcome(app) == (False, rung), "Textual's own bell knows of headless screens"
    assert app._driver is None or app._driver.written == []


def test_tmux_hands_on_what_is_wrapped_with_every_escape_doubled() -> None:
    assert for_tmux("\x1b]9;a\x1b\\") == "\x1bPtmux;\x1b\x1b]9;a\x1b\x1b\\\x1b\\"
