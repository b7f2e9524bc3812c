"""How each vendor writes a moment: epoch seconds in, RFC 3339 text in UTC out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], float]
"""Epoch seconds, UTC. Every module of the simulator is handed one; none reads the system's."""


def moment(epoch_s: float) -> datetime:
    """The aware UTC datetime of an epoch."""
    return datetime.fromtimestamp(epoch_s, UTC)


def pagerduty_time(epoch_s: float) -> str:
    """Whole seconds with a Z, as PagerDuty's REST API v2 writes them: `2026-11-21T02:14:00Z`."""
    return moment(epoch_s).strftime("%Y-%m-%dT%H:%M:%SZ")


def alertmanager_time(epoch_s: float) -> str:
    """Milliseconds with a Z, as Alertmanager's API v2 writes them: `2026-11-21T02:14:00.250Z`."""
    stamp = moment(epoch_s)
    return f"{stamp:%Y-%m-%dT%H:%M:%S}.{stamp.microsecond // 1000:03d}Z"


def sentry_time(epoch_s: float) -> str:
    """Microseconds with a Z, as Sentry's web API writes them: `2026-11-21T02:14:00.250000Z`."""
    return moment(epoch_s).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: str) -> float:
    """Epoch seconds of an ISO 8601 text; a text without a zone is read as UTC.

    Raises:
        ValueError: the text is no ISO 8601 moment.
    """
    stamp = datetime.fromisoformat(text)
    return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp()


def is_utc(text: str) -> bool:
    """Whether an ISO 8601 text names UTC as its zone; PagerDuty refuses others on change events."""
    try:
        offset = datetime.fromisoformat(text).utcoffset()
    except ValueError:
        return False
    return offset == timedelta(0)


def next_monday_nine(epoch_s: float) -> float:
    """The coming Monday 09:00 UTC, strictly after the given moment: the hand-over of the rotation."""
    start = moment(epoch_s).replace(hour=9, minute=0, second=0, microsecond=0)
    ahead = (7 - start.weekday()) % 7
    handover = start + timedelta(days=ahead)
    return (handover if handover.timestamp() > epoch_s else handover + timedelta(days=7)).timestamp()


def last_at_hour(epoch_s: float, hour: int) -> float:
    """The last time that it was this hour in UTC, at the given moment or before it."""
    day = moment(epoch_s).replace(hour=hour, minute=0, second=0, microsecond=0)
    return (day if day.timestamp() <= epoch_s else day - timedelta(days=1)).timestamp()
