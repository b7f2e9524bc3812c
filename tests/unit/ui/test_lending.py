"""The terminal is lent and taken back: a driver like Textual's on a PTY, and an app that only notes what it hears."""

import asyncio
import os
import pty
import select
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from textual.drivers._writer_thread import WriterThread

from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.lending import NotLent, lent, objection
from oncall_tui.ui.to_terminal import is_suspended
from tests.unit.runbook.executors.steps import until


class Driver:
    """As Textual's for Linux: it sets the terminal, and draws through a thread whose queue is short."""

    can_suspend = True

    def __init__(self, keyboard: int, terminal: int) -> None:
        self.keyboard = keyboard
        self.fileno = terminal
        self._file = os.fdopen(os.dup(terminal), "w")
        self.attrs_before: list[Any] | None = None
        self.is_restarting = True
        self._writer_thread: Any = None
        self.resume_application_mode()

    def resume_application_mode(self) -> None:
        self.attrs_before = termios.tcgetattr(self.fileno)
        raw = termios.tcgetattr(self.fileno)
        raw[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)
        termios.tcsetattr(self.fileno, termios.TCSANOW, raw)
        self._writer_thread = WriterThread(self._file)
        self._writer_thread.start()
        self.write("on ")

    def suspend_application_mode(self) -> None:
        assert self.attrs_before is not None
        termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        self.write("off ")
        self._writer_thread.stop()

    def write(self, text: str) -> None:
        self._writer_thread.write(text)

    @contextmanager
    def no_automatic_restart(self) -> Iterator[None]:
        self.is_restarting = False
        yield
        self.is_restarting = True


class Signal:
    def __init__(self, name: str, heard: list[str]) -> None:
        self._name, self._heard = name, heard

    def publish(self, _app: object) -> None:
        self._heard.append(self._name)


class App:
    """What lending asks of the app."""

    def __init__(self, driver: Driver | None) -> None:
        self.heard: list[str] = []
        self._driver = driver
        self._exit = False
        self.is_web = self.is_headless = False
        self.app_suspend_signal = Signal("suspend", self.heard)
        self.app_resume_signal = Signal("resume", self.heard)

    def refresh(self, *, layout: bool) -> None:
        self.heard.append(f"refresh layout={layout}")

    @property
    def real(self) -> OncallApp:
        return cast(OncallApp, self)


@pytest.fixture
def driver() -> Iterator[Driver]:
    keyboard, terminal = pty.openpty()
    made = Driver(keyboard, terminal)
    yield made
    made._writer_thread.stop()
    made._file.close()
    for one in {made.keyboard, terminal} - {-1}:
        os.close(one)


def drawn(driver: Driver, wanted: str) -> str:
    """What the terminal has got, once nothing more comes behind what is wanted: a thread of its own writes it."""
    data, deadline = b"", time.monotonic() + 60
    while select.select([driver.keyboard], [], [], 0.05)[0] or (
        len(data) < len(wanted) and time.monotonic() < deadline
    ):
        if select.select([driver.keyboard], [], [], 0)[0]:
            data += os.read(driver.keyboard, 65_536)
    return data.decode()


def is_keys_only(driver: Driver) -> bool:
    return not termios.tcgetattr(driver.fileno)[3] & (termios.ISIG | termios.ICANON | termios.ECHO)


def test_the_screen_makes_room_draws_into_nothing_and_comes_back(driver: Driver) -> None:
    app, before, restarts = App(driver), driver.attrs_before, []
    with lent(app.real) as terminal:
        restarts.append(driver.is_restarting)
        assert is_suspended(app.real) and "already" in objection(app.real)
        assert is_keys_only(driver), "ctrl+c would end oncall-tui"
        assert driver.attrs_before == before, "an app that ends now gives the terminal back as it was"
        for _ in range(100):  # The queue of a writer that has ended takes 30, and holds up the event loop then.
            driver.write("frame")
        terminal.say("ours\n")
        wanted = "on off ours\r\n"
        assert drawn(driver, wanted) == wanted
    assert not is_suspended(app.real)
    assert app.heard == ["suspend", "resume", "refresh layout=True"]
    assert driver.attrs_before == before
    assert [*restarts, driver.is_restarting] == [False, True]
    driver.write("frame")
    assert drawn(driver, "on frame") == "on frame"


@pytest.mark.parametrize("error", [OSError("no such program"), asyncio.CancelledError()])
def test_whatever_happens_the_screen_comes_back(driver: Driver, error: BaseException) -> None:
    app, before = App(driver), driver.attrs_before
    with pytest.raises(type(error)), lent(app.real):
        raise error
    assert not is_suspended(app.real)
    assert app.heard[-1] == "refresh layout=True"
    assert driver.attrs_before == before


def test_an_app_that_ends_meanwhile_does_not_come_back(driver: Driver) -> None:
    app = App(driver)
    with pytest.raises(asyncio.CancelledError), lent(app.real):
        app._exit = True
        raise asyncio.CancelledError
    assert is_suspended(app.real)
    driver.write("frame")
    assert drawn(driver, "on off ") == "on off "


def test_a_terminal_that_is_gone_is_not_drawn_on(driver: Driver) -> None:
    app = App(driver)
    with lent(app.real) as terminal:
        os.close(driver.keyboard)
        driver.keyboard = -1
        terminal.say("nobody reads this")
    assert app.heard == ["suspend"]
    assert is_suspended(app.real)


@pytest.mark.parametrize(
    ("keys", "leaves"),
    [("\r", True), ("\n", True), ("\x03", True), ("\x1b[13u", True), ("q", False), ("\x1a", False), ("\x1b[A", False)],
)
async def test_enter_goes_back(driver: Driver, keys: str, leaves: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[bytes] = []

    def read(descriptor: int) -> bytes:
        came.append(os.read(descriptor, 4096))
        return came[-1]

    monkeypatch.setattr("oncall_tui.ui.lending._read", read)
    with lent(App(driver).real) as terminal:
        waiting = asyncio.create_task(terminal.enter())
        await asyncio.sleep(0)
        os.write(driver.keyboard, keys.encode())
        await until(lambda: bool(came))
        for _ in range(3):
            await asyncio.sleep(0)
        assert waiting.done() is leaves
        os.write(driver.keyboard, b"\r")
        await asyncio.wait_for(waiting, 30)


async def test_nobody_is_waited_for_at_a_terminal_that_is_gone(driver: Driver) -> None:
    with lent(App(driver).real) as terminal:
        os.close(driver.keyboard)
        driver.keyboard = -1
        await asyncio.wait_for(terminal.enter(), 30)


def test_where_there_is_no_terminal_nothing_is_lent(driver: Driver) -> None:
    web, headless, none, never = App(driver), App(driver), App(None), App(driver)
    web.is_web = headless.is_headless = True
    never._driver = cast(Driver, type("WebDriver", (), {"can_suspend": False})())
    for app, words in ((web, "browser"), (headless, "no terminal"), (none, "no terminal"), (never, "no terminal")):
        with pytest.raises(NotLent, match=words), lent(app.real):
            pytest.fail("it was lent")
        assert app.heard == []
