"""A clock that stands still until it is moved, chance that repeats itself, and journals in a folder of the test."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from oncall_tui.journal.event import Json, NewEvent
from oncall_tui.journal.store import Journal

NIGHT = datetime(2026, 11, 3, 3, 14, 5, 678901, tzinfo=UTC)


class FakeClock:
    """Gives the same moment until ``advance``."""

    def __init__(self, now: datetime = NIGHT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def seeded(seed: int = 7) -> Callable[[int], bytes]:
    """Random bytes that are the same in every run."""
    return random.Random(seed).randbytes


def note(text: str = "looked at the graphs", at: datetime = NIGHT, **payload: Json) -> NewEvent:
    """An event to write."""
    return NewEvent("note", "user:alice", at, {"text": text, **payload})


@contextmanager
def opened(path: Path, clock: Callable[[], datetime] | None = None, busy_timeout: float = 5.0) -> Iterator[Journal]:
    """A journal for the length of a block."""
    journal = Journal.open(path, clock or FakeClock(), seeded(), busy_timeout)
    try:
        yield journal
    finally:
        journal.close()
