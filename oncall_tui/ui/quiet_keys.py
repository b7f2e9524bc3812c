"""Keys without polling: Textual's driver looks ten times a second at a keyboard that nobody touches all night.

Its thread does so to notice two things: that it is to end, and that an escape is no part of a longer key. For the first
there is a pipe here, and the second can only be so shortly after something was read.
"""

import contextlib
import os
import selectors
import threading
from codecs import getincrementaldecoder
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

AWAKE_S = 1.0
"""After something was read the parser is asked again and again for so long: it waits 0.1 s for the rest of a key."""

_TICK_S = 0.1
_AT_ONCE = 4_096


class Bell(threading.Event):
    """An event that a selector can wait for. Its pipe lives as long as the process: a screen that is put into the
    background closes its driver and goes on with it later."""

    def __init__(self) -> None:
        super().__init__()
        self.fileno, self._rope = os.pipe()
        os.set_blocking(self.fileno, False)

    def set(self) -> None:
        """Ring. What waits for keys wakes up."""
        super().set()
        os.write(self._rope, b".")

    def clear(self) -> None:
        """Be silent, until it is rung again."""
        super().clear()
        with contextlib.suppress(BlockingIOError):
            os.read(self.fileno, _AT_ONCE)


class QuietDriver(LinuxDriver):
    """Textual's driver for Linux and macOS; its thread sleeps until a key is pressed."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        self.exit_event: Bell = Bell()

    def run_input_thread(self) -> None:
        """Read keys until ``exit_event`` is set."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        awake_until = monotonic() + AWAKE_S
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self.exit_event.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                found = selector.select(_TICK_S if monotonic() < awake_until else None)
                if any(key.fd == self.fileno for key, _ in found):
                    awake_until = monotonic() + AWAKE_S
                    read = os.read(self.fileno, _AT_ONCE)
                    if not read:
                        # The end of what was piped in: nothing more will come.
                        selector.unregister(self.fileno)
                    elif text := decode(read):
                        for event in parser.feed(text):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with contextlib.suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass


def wait_for_keys(app: "App[Any]") -> None:
    """Let an app that would poll the keyboard wait for it. Before it runs; other drivers stay as they are."""
    if app.driver_class is LinuxDriver:
        app.driver_class = QuietDriver
