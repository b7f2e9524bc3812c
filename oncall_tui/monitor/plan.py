"""When a source is asked next: its interval, longer while it fails, at once after the machine has slept. Pure."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall_tui.sources.base import Report
from oncall_tui.sources.retry import backoff_after

JITTER = 0.1
"""The share of the interval by which polls are spread, so that several laptops do not knock in step."""

AFTER_WAKING_S = (0.0, 2.0, 4.0, 8.0, 16.0)
"""Pauses after the first failures since the machine woke. At once, because a connection from before the sleep is dead;
then soon, because a network takes its time to come back and a VPN takes longer."""

_NOT_OF_THE_NETWORK = ("unauthorised", "no secret", "rate limited")


@dataclass(frozen=True, slots=True)
class Plan:
    """When a source is asked next."""

    pause_s: float
    at: datetime
    not_before: datetime | None = None
    """The vendor asked for no request before this moment."""


class Planner:
    """The pauses of one source."""

    def __init__(self, interval: timedelta, random: Callable[[], float]) -> None:
        self._interval_s = interval.total_seconds()
        self._random = random
        self._failures = 0
        self._hurried: deque[float] = deque()

    def hurry(self) -> None:
        """The machine has woken: the next failures are no reason to back off."""
        self._hurried = deque(AFTER_WAKING_S)
        self._failures = 0

    def after(self, report: Report, now: datetime) -> Plan:
        """The interval give or take the jitter; longer and longer while the source fails."""
        failure = report.failure
        if failure is None:
            self._failures = 0
            self._hurried.clear()
            return _plan(self._interval_s * (1 + JITTER * (2 * self._random() - 1)), now)
        if self._hurried and failure.retry_after is None and failure.kind not in _NOT_OF_THE_NETWORK:
            return _plan(self._hurried.popleft(), now)
        self._failures += 1
        wait = backoff_after(self._failures, failure, self._interval_s)
        asked = failure.retry_after
        not_before = None if asked is None else now + timedelta(seconds=min(asked, wait))
        return _plan(wait * (1 + JITTER * self._random()), now, not_before)


def _plan(pause_s: float, now: datetime, not_before: datetime | None = None) -> Plan:
    return Plan(pause_s, now + timedelta(seconds=pause_s), not_before)
