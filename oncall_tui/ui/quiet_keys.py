"""Keys without polling: Textual's driver looks ten times a second at a keyboard that nobody touches all night.

Its thread does so to notice two things: that it is to end, and that an escape is no part of a longer key. For the first
there is a pipe here, and the second can only be so shortly after something was read.

It is also the first to notice that the terminal is gone. The kernel tells that by SIGHUP to whom it is the controlling
terminal, and to nobody else: a program that was started in a session of its own would run on unseen for ever.
"""

import contextlib
import errno
import os
import selectors
import signal
import termios
import threading
from codecs import getincrementaldecoder
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from oncall_tui.ui.output import Output

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

    is_cut_off = False
    """Whether the terminal is gone."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        self.exit_event: Bell = Bell()
        self._file: Any = Output(self._file)

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop.

        The kernel sends SIGCONT together with SIGHUP when the terminal is gone, and a stop from outside
        (``kill -STOP``) took nothing down that would have to be started again. A second thread for the keys would leave
        one of them waiting for the bell for ever, and the process alive when all else has ended.
        """
        is_gone = self.input_tty and not os.isatty(self.fileno)
        if is_gone or self._app._exit or self._key_thread is None or not self._auto_restart:
            return
        if self._key_thread.is_alive():
            # Not here: this handler may have interrupted the very queue that is to be emptied.
            self._loop.call_soon_threadsafe(self._begin_again, self._key_thread)
        else:
            self.resume_application_mode()
            self._loop.call_soon_threadsafe(self._draw_all)

    def _begin_again(self, keys: threading.Thread) -> None:
        """Set the terminal once more: the shell has had it meanwhile."""
        if self._app._exit or not keys.is_alive():
            return
        settings = self.attrs_before
        self.exit_event.set()
        keys.join()
        self.exit_event.clear()
        # Kitty's keys are counted, and would be asked for twice.
        self.write("\x1b[<u")
        self.close()
        self.resume_application_mode()
        # Not those that it was stopped with.
        self.attrs_before = settings
        self._draw_all()

    def _draw_all(self) -> None:
        if not self._app._exit:
            self._app.refresh(layout=True)

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
                    read = self._read()
                    if not read and self._ended_a_line():
                        continue
                    if not read:
                        # Nothing more will come. What was piped in may end: the screen goes on being looked at.
                        selector.unregister(self.fileno)
                        if self.is_cut_off:
                            self._hang_up()
                    elif text := decode(read):
                        for event in parser.feed(text):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with contextlib.suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _read(self) -> bytes:
        """What was typed; nothing at the end, which the kernel tells by EIO as well."""
        try:
            return os.read(self.fileno, _AT_ONCE)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return b""

    def _ended_a_line(self) -> bool:
        """Whether an end that was read is none: somebody else has set the terminal to lines, and ctrl+d was pressed.

        Tells a terminal that is gone from a pipe, which never was one, too.
        """
        try:
            termios.tcgetattr(self.fileno)
        except termios.error as error:
            self.is_cut_off = self.input_tty or error.args[0] != errno.ENOTTY
            return False
        return True

    def _hang_up(self) -> None:
        """Say that the terminal is gone as the kernel says it, and to the main thread, whose waiting it ends."""
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGHUP)


def wait_for_keys(app: "App[Any]") -> None:
    """Let an app that would poll the keyboard wait for it. Before it runs; other drivers stay as they are."""
    if app.driver_class is LinuxDriver:
        app.driver_class = QuietDriver
