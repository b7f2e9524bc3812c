"""When the garbage collector may walk through everything: never while somebody types.

Ten thousand alerts are some 300,000 objects. A full collection walks through all of them and stops every thread for 60
to 130 ms, several times with each refresh, and finds nothing: a picture is made of records without cycles, which go by
themselves when the next one takes their place. So whatever lives is put out of its sight after each picture. What had a
cycle and died later, a dialog for instance, waits for a quiet minute.
"""

import gc
import sys
from collections.abc import Callable
from time import monotonic

QUIET_S = 60.0
"""Without a key for so long nobody notices a stall."""

EVERY_S = 600.0
"""Between two walks through everything."""

_THRESHOLDS = (2_000, 10, 100)
_SWITCH_S = 0.001
"""For how long a thread that computes keeps the interpreter from a key press; Python's own is 5 ms."""


class Collector:
    """The collector of this process, from the first paint to the end of the screen."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._touched_at = self._walked_at = clock()
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

    def touch(self) -> None:
        """Somebody is at the keys."""
        self._touched_at = self._clock()

    def tick(self) -> None:
        """Walk through everything, when it is time and nobody is at the keys."""
        now = self._clock()
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
