"""Ctrl+C: the first ends what runs, the next leaves."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator


class Interrupts:
    """What the signals of a terminal do to a run.

    Args:
        say: tells what a press did.
        leave: ends the program in order; what still runs is ended with it.
    """

    def __init__(self, say: Callable[[str], None], leave: Callable[[], object]) -> None:
        self._say = say
        self._leave = leave
        self._ways_to_end: list[Callable[[], object]] = []
        self._has_pressed = False

    @contextlib.contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """While this lasts, the first press calls ``end``."""
        self._has_pressed = False
        self._ways_to_end.append(end)
        try:
            yield
        finally:
            self._ways_to_end.pop()

    def press(self) -> None:
        """Ctrl+C was pressed."""
        if self._ways_to_end and not self._has_pressed:
            self._has_pressed = True
            self._say("Ctrl+C: it is being ended, with all that it started. Press it again to leave.")
            self._ways_to_end[-1]()
        else:
            self._leave()

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Signals come here; a terminal that is gone and a request to end leave at once."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self.press)
        for one in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(one, self._leave)
        try:
            yield
        finally:
            for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.remove_signal_handler(one)
