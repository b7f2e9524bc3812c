"""Gives the terminal back as it was, also when the screen is ended from outside.

Textual gives it back when the app ends by itself or breaks. A signal whose default is to end the process would leave
the alternate screen, a hidden cursor and a mouse that types into the shell: SIGTERM from a service manager, SIGHUP from
a window or an SSH connection that is closed, SIGINT from ``kill -INT``. Here they end the app as ``q`` does; when that
takes too long, or somebody sends another, the terminal is given back by force. A hang-up says no more when it is told
twice: the kernel, the shell, tmux and the thread that reads the keys all tell it.
"""

import asyncio
import contextlib
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_LIMIT_S = 3.0
"""How long the app may take to end; a terminal that is gone can hold up its writer for ever."""
GIVE_BACK = "".join(
    [
        *(f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1006, 1015, 1016)),  # the mouse
        "\x1b[?2004l\x1b[?2048l\x1b[?2026l\x1b[?7h",  # pasting, sizes, half a frame, wrapping
        "\x1b[<u\x1b[?1004l\x1b[0m",  # keys of kitty, focus, colours
        "\x1b[?1049l\x1b[?25h",  # the other screen, the cursor
    ]
)
"""What undoes all that Textual 8 sets (textual.drivers.linux_driver), in an order that terminals take at any moment."""


def run_to_the_end(app: "App[Any]") -> int:
    """Run the app until it ends; its exit code, which is 128 and the number of the signal when one ended it."""
    with ended_by_signals(app):
        app.run()
    return app.return_code or 0


@contextlib.contextmanager
def ended_by_signals(app: "App[Any]") -> Iterator[None]:
    """While the block runs, signals end the app. Handlers that were there before are there again after it."""
    ending = _Ending(app, _settings_of_terminal())
    before = {number: signal.signal(number, ending.on_signal) for number in SIGNALS}
    try:
        yield
    finally:
        ending.is_done()
        for number, handler in before.items():
            signal.signal(number, handler)


class _Ending:
    """What a signal sets going."""

    def __init__(self, app: "App[Any]", settings: "list[Any] | None") -> None:
        self._app = app
        self._settings = settings
        self._limit: threading.Timer | None = None

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """End the app in its own time; at once when it is not running, or was told before."""
        code = 128 + number
        if self._limit is not None:
            if number == signal.SIGHUP:
                return
            self._by_force(code)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise SystemExit(code) from None
        self._limit = threading.Timer(_LIMIT_S, self._by_force, [code])
        self._limit.daemon = True
        self._limit.start()
        loop.call_soon_threadsafe(self._leave(number, code))

    def _leave(self, number: int, code: int) -> Callable[[], None]:
        # Nobody reads a word after a hang-up, and writing it would fail.
        words = None if number == signal.SIGHUP else f"Ended by {signal.Signals(number).name}."
        return lambda: self._app.exit(return_code=code, message=words)

    def is_done(self) -> None:
        """The app has ended in time. A step that had the terminal may have ended after it, and set it last."""
        if self._limit is not None:
            self._limit.cancel()
        _set_terminal(self._settings)

    def _by_force(self, code: int) -> None:
        try:
            give_back(self._settings)
        finally:
            os._exit(code)


def give_back(settings: "list[Any] | None") -> None:
    """Undo everything at once, past Textual. Waits for nothing; a terminal that is gone needs nothing back."""
    screen = sys.__stderr__
    with contextlib.suppress(OSError, termios.error):
        if screen is not None and screen.isatty():
            _write_at_once(screen.fileno())
    _set_terminal(settings)


def _write_at_once(terminal: int) -> None:
    """Now or not at all: where Textual's writer hangs on a terminal that takes nothing, any other write would too."""
    os.set_blocking(terminal, False)
    try:
        os.write(terminal, GIVE_BACK.encode())
    finally:
        # The shell that comes after has the same open file.
        os.set_blocking(terminal, True)


def _set_terminal(settings: "list[Any] | None") -> None:
    with contextlib.suppress(OSError, ValueError, termios.error):
        if sys.__stdin__ is not None and settings is not None:
            termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, settings)


def _settings_of_terminal() -> "list[Any] | None":
    """How the terminal reads and echoes before the app changes it; None where there is none."""
    try:
        return termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ is not None else None
    except (OSError, ValueError, termios.error):
        return None
