"""Lends the terminal to a program that needs it, and takes it back. The event loop goes on meanwhile: sources are
polled, the journal is written, and views are drawn into nothing.

``App.suspend`` alone does not do for that. It ends the driver's writer thread, whose queue takes 30 frames and then
holds up whoever puts the next one there: the event loop itself. It comes back only from a block that did not raise.
And it gives the terminal back with ctrl+c as a signal to this program, which would end by it.
"""

import asyncio
import contextlib
import os
import termios
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from oncall_tui.ui.to_terminal import is_suspended

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

_ENTERS = (b"\r", b"\n", b"\x1b[13", b"\x03", b"\x04")
"""Enter, also as kitty's protocol has it; and what is pressed by whoever wants to get out."""


class NotLent(Exception):
    """There is no terminal here that a program could have. The text says why."""


class Nobody:
    """Takes the place of the driver's writer meanwhile: what is drawn goes nowhere, and nobody waits for it."""

    def write(self, text: str) -> None:
        """Drop it: everything is drawn anew afterwards."""

    def flush(self) -> None:
        """Nothing is kept."""

    def stop(self) -> None:
        """It never ran."""

    def is_alive(self) -> bool:
        """The sign by which ``is_suspended`` knows."""
        return False


class Lent:
    """The terminal while it is lent.

    Attributes:
        typing: the descriptor that is read.
        drawing: the one that is written.
    """

    def __init__(self, typing: int, drawing: int) -> None:
        self.typing = typing
        self.drawing = drawing

    def say(self, text: str) -> None:
        """Write lines of ours."""
        data = text.encode("utf-8", "replace")
        with contextlib.suppress(OSError):  # Nobody reads it on a terminal that is gone.
            while data:
                data = data[os.write(self.drawing, data) :]

    async def enter(self) -> None:
        """Wait until Enter is pressed, or the terminal is gone."""
        loop = asyncio.get_running_loop()
        pressed = asyncio.Event()

        def look() -> None:
            data = _read(self.typing)
            if not data or any(one in data for one in _ENTERS):
                pressed.set()

        loop.add_reader(self.typing, look)
        try:
            await pressed.wait()
        finally:
            loop.remove_reader(self.typing)


def objection(app: "OncallApp") -> str:
    """Why the terminal cannot be lent; empty when it can."""
    driver = app._driver
    if app.is_web:
        return "a browser has no terminal that a program could have"
    if app.is_headless or driver is None or not driver.can_suspend or not hasattr(driver, "attrs_before"):
        return "this screen has no terminal that a program could have"
    return "a program has the terminal already" if is_suspended(app) else ""


@contextlib.contextmanager
def lent(app: "OncallApp") -> Iterator[Lent]:
    """The terminal as the program before us left it, but that ctrl+c, ctrl+z and ctrl+\\ are keys. Whatever happens
    in the block, the screen is there again after it, unless the app is ending or the terminal is gone.

    Raises:
        NotLent: there is none.
    """
    if why := objection(app):
        raise NotLent(why)
    driver: Any = app._driver
    settings = driver.attrs_before
    app.app_suspend_signal.publish(app)
    # Given back as keys-only at once: a ctrl+c between two settings would end us.
    driver.attrs_before = _keys_only(settings)
    try:
        driver.suspend_application_mode()
    finally:
        driver.attrs_before = settings
    driver._writer_thread = Nobody()
    with driver.no_automatic_restart():
        try:
            yield Lent(driver.fileno, driver._file.fileno())
        finally:
            _take_back(app, driver, settings)


def _take_back(app: "OncallApp", driver: Any, settings: list[Any] | None) -> None:
    if app._exit or not os.isatty(driver.fileno):
        return  # The end of the app gives the terminal back, once what runs there has ended.
    driver.resume_application_mode()
    driver.attrs_before = settings
    app.app_resume_signal.publish(app)
    app.refresh(layout=True)


def _keys_only(settings: list[Any] | None) -> list[Any] | None:
    if settings is None:
        return None
    changed = [*settings[:6], [*settings[6]]]
    changed[3] &= ~(termios.ISIG | termios.ICANON | termios.ECHO)
    changed[6][termios.VMIN], changed[6][termios.VTIME] = 1, 0
    return changed


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""
