"""When memory is tidied up: never while somebody types.

Ten thousand alerts are some 300,000 objects. A full collection walks through all of them and stops every thread for 60
to 130 ms, several times with each refresh, and finds nothing: a picture is made of records without cycles, which go by
themselves when the next one takes their place. So whatever lives is put out of its sight after each picture. What had a
cycle and died later, a dialog for instance, waits for a quiet minute.

And what a poll of 10,000 alerts needed for a moment is given back to the system: the C library keeps it. glibc takes
large blocks from the system one by one and gives them back at once, but only until it has seen some come and go; it is
told to go on so (``mallopt(3)``, "dynamic mmap threshold"), and answers of megabytes leave no holes of 25 MB behind.
"""

import contextlib
import gc
import sys
import threading
from collections.abc import Callable
from time import monotonic

QUIET_S = 60.0
"""Without a key for so long nobody notices a stall."""

EVERY_S = 600.0
"""Between two walks through everything."""

GIVEN_BACK_EVERY_S = 30.0
"""Between two times that free memory goes back to the system."""

_THRESHOLDS = (1_000, 2, 700)
"""What is young is looked at often and little at a time. Each look stops every thread: one at 20,000 objects for 4 to
11 ms of processor time, one at 3,000 for 1 to 3, and all together take no longer. Only after 2,000,000 new objects
without a picture would the collector by itself look at everything."""

_SWITCH_S = 0.001
"""For how long a thread that computes keeps the interpreter from a key press; Python's own is 5 ms."""


_MMAP_THRESHOLD, _LARGE = -3, 128 * 1024
"""``M_MMAP_THRESHOLD`` of ``malloc.h``, and what it is at the beginning."""


def _give_back() -> None:
    """Give free memory back to the system, where the C library can (glibc); in a thread, for it takes some ms."""
    threading.Thread(target=_trim, name="give back", daemon=True).start()


def return_large_blocks() -> None:
    """Let large blocks go back to the system when they are free, from now on; before the first large answer comes."""
    import ctypes

    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def _trim() -> None:
    import ctypes

    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


class Collector:
    """The collector of this process, from the first paint to the end of the screen."""

    def __init__(self, clock: Callable[[], float] = monotonic, give_back: Callable[[], None] = _give_back) -> None:
        self._clock = clock
        self._give_back = give_back
        self._touched_at = self._walked_at = clock()
        self._gave_at = self._touched_at - GIVEN_BACK_EVERY_S
        self._has_settled = False
        self._before: tuple[tuple[int, int, int], float] | None = None

    def begin(self) -> None:
        """The first paint is done: collect from now on, but not what is there."""
        self._before = (gc.get_threshold(), sys.getswitchinterval())
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        gc.enable()
        sys.setswitchinterval(_SWITCH_S)

    def settle(self) -> None:
        """A new picture is drawn."""
        if self._before is not None:
            gc.freeze()
            self._has_settled = True

    def touch(self) -> None:
        """Somebody is at the keys."""
        self._touched_at = self._clock()

    def tick(self) -> None:
        """Give back what is free, and walk through everything when nobody is at the keys; each when it is time."""
        now = self._clock()
        if self._has_settled and now - self._gave_at >= GIVEN_BACK_EVERY_S:
            self._gave_at, self._has_settled = now, False
            self._give_back()
        if self._before is None or now - self._touched_at < QUIET_S or now - self._walked_at < EVERY_S:
            return
        self._walked_at = now
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def end(self) -> None:
        """The screen is closed: everything as it was."""
        if self._before is not None:
            thresholds, switch_s = self._before
            self._before = None
            gc.unfreeze()
            gc.set_threshold(*thresholds)
            sys.setswitchinterval(switch_s)
