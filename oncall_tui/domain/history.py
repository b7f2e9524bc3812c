"""How often the same alert fired before, and how it ended. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Ending(StrEnum):
    """How an incident ended."""

    OPEN = "open"
    """It has not: it is another one that is open now."""
    BY_SOMEBODY = "resolved by somebody"
    BY_ITSELF = "resolved by itself"
    """The tool that raised it, or a time limit, took it back."""
    MERGED = "merged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PastNote:
    """A note that somebody wrote on an incident. All text is cleaned."""

    text: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """One time that the alert fired."""

    id: str
    """At the pager."""
    title: str
    began_at: datetime
    ended_at: datetime | None = None
    ending: Ending = Ending.UNKNOWN
    by: str = ""
    """Who resolved it."""
    note: PastNote | None = None
    """The last note: how it was resolved, where somebody wrote that down."""
    number: int | None = None
    url: str | None = None

    @property
    def lasted(self) -> timedelta | None:
        """From its begin to its end; None while it is open."""
        return None if self.ended_at is None else max(self.ended_at - self.began_at, timedelta(0))


class SameBy(StrEnum):
    """By what an incident counts as the same alert."""

    KEY = "dedup key"
    TITLE = "title and service"


@dataclass(frozen=True, slots=True)
class History:
    """The times that the same alert fired within a span, the newest first; the one that fires now is not among them."""

    since: datetime
    until: datetime
    firings: tuple[Firing, ...] = ()
    same_by: SameBy = SameBy.KEY
    is_cut: bool = False
    """There were too many incidents to look through all of them: it fired so often at least."""

    @property
    def last(self) -> Firing | None:
        """The time before this one."""
        return next(iter(self.firings), None)

    @property
    def last_noted(self) -> Firing | None:
        """The newest one that has a note."""
        return next((one for one in self.firings if one.note is not None), None)

    @property
    def typical(self) -> timedelta | None:
        """The median of how long it lasted; None when none has ended."""
        return _median([one.lasted for one in self.firings if one.lasted is not None])


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    ordered = sorted(spans)
    half = len(ordered) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
