"""The keyboard is waited for: nothing is lost, an escape is told from a longer key, the end comes at once."""

import os
import pty
import selectors
import signal
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from oncall_tui.config.load import zero_config
from oncall_tui.ui import quiet_keys
from oncall_tui.ui.quiet_keys import Bell, QuietDriver, wait_for_keys
from oncall_tui.ui.start import build_app

PATIENCE_S = 30.0


class Keyboard:
    """A driver on a pipe, its thread, what it heard and how often it looked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits: list[float | None] = []
        self.heard: list[str] = []
        self._news = threading.Condition()
        reader, self._keys = self.opened()
        driver: Any = object.__new__(QuietDriver)
        driver.fileno, driver.exit_event, driver._debug, driver.input_tty = reader, Bell(), False, False
        driver.process_message, driver._writer_thread = self._hear, None
        self.driver: QuietDriver = driver
        keyboard = self

        class Selector(selectors.SelectSelector):
            def select(self, timeout: float | None = None) -> Any:
                keyboard.note(timeout)
                return super().select(timeout)

        monkeypatch.setattr("oncall_tui.ui.quiet_keys.selectors.SelectSelector", Selector)
        self.start()

    def opened(self) -> tuple[int, int]:
        """What is read, and what is typed into."""
        return os.pipe()

    def start(self) -> None:
        self.waits.clear()
        self.thread = threading.Thread(target=self.driver.run_input_thread, daemon=True)
        self.thread.start()

    def note(self, timeout: float | None) -> None:
        with self._news:
            self.waits.append(timeout)
            self._news.notify_all()

    def _hear(self, message: Message) -> None:
        with self._news:
            if isinstance(message, events.Key):
                self.heard.append(message.character if message.is_printable and message.character else message.key)
            self._news.notify_all()

    def type(self, keys: bytes) -> None:
        os.write(self._keys, keys)

    def has_heard(self, *keys: str) -> bool:
        with self._news:
            return self._news.wait_for(lambda: self.heard == list(keys), PATIENCE_S)

    def sleeps(self) -> bool:
        """Whether it waits without an end, before long."""
        with self._news:
            return self._news.wait_for(lambda: self.waits[-1:] == [None], PATIENCE_S)

    def hang_up(self) -> None:
        os.close(self._keys)

    def end(self) -> None:
        self.driver.exit_event.set()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyboard]:
    monkeypatch.setattr(quiet_keys, "AWAKE_S", 0.2)
    made = Keyboard(monkeypatch)
    yield made
    made.end()


def test_nobody_at_the_keys_wakes_nobody(keyboard: Keyboard) -> None:
    assert keyboard.sleeps()
    looked = len(keyboard.waits)
    keyboard.type(b"a\xc3")
    keyboard.type(b"\xa4\x1b[A\xff")
    assert keyboard.has_heard("a", "ä", "up", "\ufffd"), keyboard.heard
    assert keyboard.sleeps()
    assert len(keyboard.waits) > looked


def test_an_escape_is_a_key_when_nothing_follows_it(keyboard: Keyboard) -> None:
    assert keyboard.sleeps()
    keyboard.type(b"\x1b")
    assert keyboard.has_heard("escape")


def test_it_ends_while_it_sleeps(keyboard: Keyboard) -> None:
    assert keyboard.sleeps()
    began = monotonic()
    keyboard.end()
    assert monotonic() - began < PATIENCE_S


def test_a_pipe_that_ends_is_not_read_again_and_again(keyboard: Keyboard) -> None:
    keyboard.hang_up()
    assert keyboard.sleeps()
    assert len(keyboard.waits) < 10


class Terminal(Keyboard):
    """A driver on a terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hung_up = threading.Event()
        monkeypatch.setattr(QuietDriver, "_hang_up", lambda driver: self.hung_up.set())
        super().__init__(monkeypatch)

    def opened(self) -> tuple[int, int]:
        keys, reader = pty.openpty()
        return reader, keys


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setattr(quiet_keys, "AWAKE_S", 0.2)
    made = Terminal(monkeypatch)
    yield made
    made.end()


def test_a_terminal_that_is_gone_is_noticed_and_not_read_again(terminal: Terminal) -> None:
    terminal.type(b"a\n")
    assert terminal.has_heard("a", "ctrl+j"), terminal.heard
    terminal.hang_up()
    assert terminal.hung_up.wait(PATIENCE_S)
    assert terminal.sleeps()
    assert len(terminal.waits) < 20


def test_a_line_that_ends_is_no_terminal_that_is_gone(terminal: Terminal) -> None:
    """Somebody else on it may have set it to lines: ctrl+d reads as its end then."""
    terminal.type(b"\x04")
    terminal.type(b"a\n")
    assert terminal.has_heard("a", "ctrl+j"), terminal.heard
    assert not terminal.hung_up.is_set()


class Restarting(Terminal):
    """A driver that is told to go on; what it then does to the terminal is counted, and its thread is begun anew."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(monkeypatch)
        self.begun, self.drawn, self.writers_ended = 0, 0, 0
        self.written, self.later = list[str](), list[Any]()
        driver: Any = self.driver
        driver.input_tty, driver._auto_restart, driver._key_thread = True, True, self.thread
        driver._app, driver._loop, driver.attrs_before = self, self, ["before"]
        driver.close, driver.resume_application_mode, driver.write = self._close, self._resume, self.written.append
        self._exit = False

    def call_soon_threadsafe(self, work: Any, *given: Any) -> None:
        self.later.append(lambda: work(*given))

    def turn(self) -> None:
        while self.later:
            self.later.pop(0)()

    def refresh(self, *, layout: bool) -> None:
        self.drawn += layout

    def _close(self) -> None:
        self.writers_ended += 1

    def _resume(self) -> None:
        self.begun += 1
        driver: Any = self.driver
        driver.attrs_before = ["after a stop"]
        self.start()
        driver._key_thread = self.thread


@pytest.fixture
def restarting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Restarting]:
    monkeypatch.setattr(quiet_keys, "AWAKE_S", 0.2)
    made = Restarting(monkeypatch)
    yield made
    made.end()


def test_after_a_stop_from_outside_one_thread_reads_and_all_is_drawn(restarting: Restarting) -> None:
    first = restarting.thread
    for _ in range(2):
        restarting.driver._sigcont_application()
    assert restarting.begun == 0, "not within the handler"
    restarting.turn()
    assert not first.is_alive()
    assert (restarting.begun, restarting.writers_ended, restarting.drawn) == (1, 1, 1)
    assert restarting.written == ["\x1b[<u"], "what is counted is asked for once"
    assert restarting.driver.attrs_before == ["before"], "given back at the end is what was there at the start"
    restarting.type(b"a\n")
    assert restarting.has_heard("a", "ctrl+j")


def test_after_ctrl_z_all_is_drawn(restarting: Restarting) -> None:
    restarting.end()
    restarting.driver.exit_event.clear()
    restarting.driver._sigcont_application()
    assert (restarting.begun, restarting.drawn) == (1, 0)
    restarting.turn()
    assert (restarting.begun, restarting.writers_ended, restarting.drawn) == (1, 0, 1)


@pytest.mark.parametrize("why", ["gone", "ending", "lent", "not begun"])
def test_there_is_nothing_to_go_on_with(restarting: Restarting, why: str) -> None:
    """The kernel sends SIGCONT behind SIGHUP: a second thread would be waited for at the end, for ever."""
    driver: Any = restarting.driver
    if why == "gone":
        restarting.hang_up()
        assert restarting.hung_up.wait(PATIENCE_S)
    restarting._exit = why == "ending"
    driver._auto_restart = why != "lent"
    if why == "not begun":
        driver._key_thread = None
    driver._sigcont_application()
    restarting.turn()
    assert (restarting.begun, restarting.drawn) == (0, 0)


def test_what_ends_meanwhile_does_not_go_on(restarting: Restarting) -> None:
    restarting.driver._sigcont_application()
    restarting._exit = True
    restarting.turn()
    assert (restarting.begun, restarting.drawn) == (0, 0)


def test_the_main_thread_is_told_as_the_kernel_tells_it() -> None:
    told: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _frame: told.append(number))
    try:
        driver: Any = object.__new__(QuietDriver)
        thread = threading.Thread(target=driver._hang_up)
        thread.start()
        thread.join()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert told == [signal.SIGHUP]


def test_it_goes_on_after_it_was_in_the_background(keyboard: Keyboard) -> None:
    keyboard.end()
    keyboard.driver.close()
    keyboard.driver.exit_event.clear()
    keyboard.start()
    assert keyboard.sleeps()
    keyboard.type(b"a")
    assert keyboard.has_heard("a")


def test_a_bell_rings_as_often_as_it_is_silenced() -> None:
    bell = Bell()
    for _ in range(2):
        bell.set()
        assert bell.is_set()
        bell.clear()
        assert not bell.is_set()


def test_the_product_waits_and_other_drivers_stay() -> None:
    assert build_app(zero_config("http://127.0.0.1:9"), {"TERM": "xterm"}).driver_class is QuietDriver

    class Other(LinuxDriver):
        """Somebody else's."""

    app: App[None] = App(driver_class=Other)
    wait_for_keys(app)
    assert app.driver_class is Other
