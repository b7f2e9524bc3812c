"""Acknowledged and forgotten: somebody said that they look at it, and nothing has happened since. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from oncall_tui.domain.alert import Alert, Status

FORGOTTEN_AFTER = timedelta(minutes=30)


def is_forgotten(alert: Alert, now: datetime, after: timedelta) -> bool:
    """Whether nobody has done anything about an acknowledged alert for longer than ``after``.

    Not what the pager itself will page again for, as at the end of a snooze: it forgets nothing.
    """
    if alert.status is not Status.ACKNOWLEDGED or any(record.pages_again_at is not None for record in alert.records):
        return False
    at = alert.last_event_at
    return at is not None and now - at > after


def with_forgotten(alerts: Iterable[Alert], now: datetime, after: timedelta | None) -> tuple[Alert, ...]:
    """``alerts``, the forgotten ones marked; none is with no limit."""
    if after is None:
        return tuple(alerts)
    return tuple(replace(one, is_forgotten=True) if is_forgotten(one, now, after) else one for one in alerts)
