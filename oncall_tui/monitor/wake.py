"""Notices time that passed unseen: the machine slept, the program was stopped, the clock was set back.

Two clocks are compared: the one on the wall, and ``time.monotonic``, which stands still while a laptop sleeps (Linux:
``CLOCK_MONOTONIC``, macOS: ``mach_absolute_time``; Python documentation, "time.monotonic", and clock_gettime(2)).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall_tui.domain.situation import Unseen
from oncall_tui.sources.base import Clock

LOOK_EVERY_S = 2.0
"""Seconds between two looks at the clocks."""

SHORTEST_S = 30.0
"""What is shorter is no interruption: one poll is late, and a busy machine or a step of NTP would look the same."""

Monotonic = Callable[[], float]
"""Seconds that go on while the machine is awake (``time.monotonic``)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What both clocks said."""

    wall: datetime
    awake: float


@dataclass(frozen=True, slots=True)
class Jump:
    """What happened between two moments that were thought to be near each other."""

    lasted: timedelta
    cause: Unseen | None
    """None: the clock was set back by as much."""


class Clocks:
    """Both clocks. Without a monotonic one, as under a clock that a test moves by hand, nothing is ever noticed."""

    def __init__(self, wall: Clock, monotonic: Monotonic | None) -> None:
        self._wall = wall
        self._monotonic = monotonic

    def now(self) -> Moment:
        """The present moment."""
        return Moment(self._wall(), self._monotonic() if self._monotonic is not None else 0.0)

    def jump_since(self, before: Moment, at_most_s: float) -> Jump | None:
        """What happened since ``before``, after which at most so many seconds should have passed; None: nothing."""
        if self._monotonic is None:
            return None
        now = self.now()
        awake = now.awake - before.awake
        ahead = (now.wall - before.wall).total_seconds() - awake
        if ahead <= -SHORTEST_S:
            return Jump(timedelta(seconds=-ahead), None)  # exactly: moments are moved by it
        if ahead >= SHORTEST_S:
            return Jump(timedelta(seconds=round(ahead)), Unseen.SLEPT)
        if awake - at_most_s >= SHORTEST_S:
            return Jump(timedelta(seconds=round(awake - at_most_s)), Unseen.STOPPED)
        return None
