"""A check: a value over time held against thresholds. What cannot be evaluated is UNKNOWN, never green, never 0."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import isfinite, isnan

from oncall_tui.domain.severity import Severity

_SLACK = timedelta(seconds=1)
"""What a run of samples may be short of its limit's ``for``: sources round moments to their step."""


class Direction(StrEnum):
    """On which side of a threshold the trouble lies."""

    ABOVE = "above"
    BELOW = "below"


class Level(StrEnum):
    """What a reading says."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit that counts once it has been crossed for ``for_`` without a break."""

    value: float
    for_: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Check:
    """One measured thing of one service and its limits (requirements THR-01 to THR-13, D-08, D-11)."""

    name: str
    service: str
    unit: str = ""
    """Of the value as it is queried: ``ms``, ``%``, ``connections``."""
    warning: Threshold | None = None
    critical: Threshold | None = None
    direction: Direction = Direction.ABOVE
    percent_of_maximum: bool = False
    """The limits are percents of a maximum that is read with the value; without one the check is UNKNOWN."""
    warning_severity: Severity = Severity.P3
    critical_severity: Severity = Severity.P2

    @property
    def window(self) -> timedelta:
        """How far back the samples must reach for both limits to be evaluated."""
        limits = [limit.for_ for limit in (self.warning, self.critical) if limit is not None]
        return max(limits, default=timedelta(0))


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured value at one moment (UTC)."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a check says now: the level, the newest value and why, in words."""

    check: Check
    level: Level
    value: float | None
    """None when there is none. In percent of the maximum where the check asks for it; as queried while UNKNOWN."""
    reason: str
    since: datetime | None = None
    """Since when the limit has been crossed, as far back as the samples show; one alone shows nothing."""

    @property
    def severity(self) -> Severity | None:
        """The severity that the level suggests; none for OK and UNKNOWN."""
        if self.level is Level.CRITICAL:
            return self.check.critical_severity
        return self.check.warning_severity if self.level is Level.WARNING else None


def evaluate(
    check: Check,
    samples: tuple[Sample, ...],
    now: datetime,
    *,
    maximum: float | None = None,
    stale_after: timedelta = timedelta(minutes=5),
) -> Reading:
    """Hold ``samples`` (oldest first) of a check against its limits at ``now``.

    A limit counts when every sample crosses it back to its ``for`` at least; a value exactly on a limit does not cross
    it. Samples that do not reach back that far prove nothing, and neither does a time without a finite value or
    longer than ``stale_after`` without any: what held before it may have ended in between.

    UNKNOWN with the reason when there is no sample, the newest is older than ``stale_after`` or not finite, or the
    check needs a maximum that is missing or not positive.
    """
    if not samples:
        return Reading(check, Level.UNKNOWN, None, "no data")
    newest = samples[-1]
    if not isfinite(newest.value):
        return Reading(check, Level.UNKNOWN, None, "not a number" if isnan(newest.value) else "infinite")
    if now - newest.at > stale_after:
        return Reading(check, Level.UNKNOWN, None, f"last value at {newest.at:%H:%M} UTC")
    if check.percent_of_maximum:
        if maximum is None or not isfinite(maximum) or maximum <= 0:
            return Reading(check, Level.UNKNOWN, newest.value, "no maximum: threshold not evaluated")
        # Multiplied first: 7 / 100 * 100 is more than 7, and would cross a limit of 7.
        samples = tuple(Sample(sample.at, sample.value * 100 / maximum) for sample in samples)
    return _judge(check, samples, stale_after)


def _judge(check: Check, samples: tuple[Sample, ...], longest_gap: timedelta) -> Reading:
    """The level of a check whose newest sample is good, in the unit of its limits."""
    value = samples[-1].value
    for level, limit in ((Level.CRITICAL, check.critical), (Level.WARNING, check.warning)):
        if limit is None or not _crossed(check, value, limit):
            continue
        since = _crossed_since(check, samples, limit, longest_gap)
        if samples[-1].at - since + _SLACK >= limit.for_:
            side = "over" if check.direction is Direction.ABOVE else "under"
            return Reading(check, level, value, f"{side} {limit.value:g}", since if len(samples) > 1 else None)
    return Reading(check, Level.OK, value, "")


def _crossed(check: Check, value: float, limit: Threshold) -> bool:
    if not isfinite(value):
        return False
    return value > limit.value if check.direction is Direction.ABOVE else value < limit.value


def _crossed_since(check: Check, samples: tuple[Sample, ...], limit: Threshold, longest_gap: timedelta) -> datetime:
    """The oldest sample of the unbroken run of crossed samples that ends with the newest."""
    since = samples[-1].at
    for sample in reversed(samples):
        if since - sample.at > longest_gap or not _crossed(check, sample.value, limit):
            break
        since = sample.at
    return since
