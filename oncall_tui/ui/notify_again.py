"""The worst alerts that nobody answers, and when they are told again: pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.verb import Verb
from oncall_tui.ui.acts import Act, ActState

_NO_ANSWER = (Verb.NOTE, Verb.PRIORITY)
"""What can be done to an alert without anybody looking at it."""


def is_answered(acts: Iterable[Act]) -> bool:
    """Whether somebody at this screen has begun to deal with an alert: to ring for it on would only disturb them."""
    return any(act.verb not in _NO_ANSWER and act.state is not ActState.FAILED for act in acts)


class Reminder:
    """When each P1 was told the last time. What is there at the start counts from when it was first seen."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._told: dict[str, datetime] = {}

    def due(self, situation: Situation, now: datetime, acts_of: Callable[[Alert], Iterable[Act]]) -> Sequence[Alert]:
        """Every unanswered P1 when it is time for one of them, so that several ring in one rhythm; else nothing.

        An alert is known by its records: another name because a pager picks it up does not begin a new count.
        """
        open_ones = [one for one in situation.alerts if one.severity is Severity.P1 and one.status is Status.FIRING]
        waiting = [one for one in open_ones if not is_answered(acts_of(one))]
        since = {one.id: min((self._told.get(held.ref, now) for held in one.records), default=now) for one in waiting}
        is_time = any(now - at >= self._every for at in since.values())
        # A moment in the future is from before the clock was set back.
        self._told = {held.ref: now if is_time else min(since[one.id], now) for one in waiting for held in one.records}
        return waiting if is_time else ()
