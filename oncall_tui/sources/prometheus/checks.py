"""The configured checks: each a query, held against its limits, within the request budget.

One check that cannot be read is UNKNOWN with the reason and a warning; the others go on. What does not fit the budget
keeps its reading for now and is served first by the next poll.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from oncall_tui.config.model import CheckSettings, ServiceSettings
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.threshold import Check, Direction, Level, Reading, Sample, Threshold, evaluate
from oncall_tui.sources.base import Clock
from oncall_tui.sources.budget import Budget, Rotation
from oncall_tui.sources.errors import Malformed, RateLimited, SourceError
from oncall_tui.sources.prometheus.queries import Answer, Queries
from oncall_tui.sources.spans import span
from oncall_tui.sources.together import all_of
from oncall_tui.sources.values import WRONG_SHAPE

KEPT = timedelta(minutes=5)
"""How long a reading stands that was not read again; then it is UNKNOWN."""

_POINTS = 120
_FINEST_STEP_S = 5


@dataclass(frozen=True, slots=True)
class Planned:
    """A check and how its value is read."""

    check: Check
    query: str
    maximum: float | str | None = None

    @property
    def cost(self) -> int:
        """Requests."""
        return 2 if isinstance(self.maximum, str) else 1


@dataclass(frozen=True, slots=True)
class Readings:
    """What one round gave: the readings of every service, in the order of the configuration, and what is amiss."""

    by_service: Mapping[str, tuple[Reading, ...]]
    warnings: tuple[str, ...] = ()


class Checks:
    """Reads all checks of one source."""

    def __init__(self, services: Mapping[str, ServiceSettings], queries: Queries, budget: Budget, clock: Clock) -> None:
        self._planned = tuple(planned(name, one) for name, table in services.items() for one in table.checks)
        self._queries = queries
        self._budget = budget
        self._clock = clock
        self._rotation: Rotation[int] = Rotation()
        self._known: dict[int, tuple[Reading, datetime]] = {}

    async def read(self) -> Readings:
        """One round.

        Raises:
            RateLimited: the server asks to wait; going on with the other checks would not.
        """
        turns = self._turns()
        outcomes = await all_of(self._reading(self._planned[turn]) for turn in turns)
        now = self._clock()
        warnings: list[str] = []
        for turn, (reading, said) in zip(turns, outcomes, strict=True):
            self._known[turn] = (reading, now)
            warnings += said
        waiting = len(self._planned) - len(turns)
        if waiting:
            allowed = self._budget.spending.allowed
            warnings.append(
                f"{waiting} of {len(self._planned)} checks wait for the budget of {allowed} requests a minute"
            )
        return Readings(self._all(now), tuple(dict.fromkeys(warnings)))

    def _turns(self) -> tuple[int, ...]:
        """Which checks are read now: all that fit the budget, those that wait longest first."""
        granted = self._budget.try_take(sum(one.cost for one in self._planned))
        waiting = self._rotation.order(range(len(self._planned)))
        turns: list[int] = []
        for turn in waiting:
            granted -= self._planned[turn].cost
            if granted < 0:
                break
            turns.append(turn)
        self._rotation.served(turns)
        return tuple(turns)

    async def _reading(self, planned: Planned) -> tuple[Reading, tuple[str, ...]]:
        """One check's reading, and warnings."""
        check = planned.check
        try:
            samples, now, warnings = await self._samples(planned)
            maximum, said = await self._maximum(planned)
        except RateLimited:
            raise
        except (SourceError, *WRONG_SHAPE) as error:
            reason = _reason(error)
            return Reading(check, Level.UNKNOWN, None, reason), (f"{check.service} {check.name}: {reason}",)
        return evaluate(check, samples, now, maximum=maximum), warnings + said

    async def _samples(self, planned: Planned) -> tuple[tuple[Sample, ...], datetime, tuple[str, ...]]:
        """The samples that the limits of a check need, the moment they are held against, and warnings."""
        window = planned.check.window
        if not window:
            answer = await self._queries.instant(planned.query)
            samples = _only_line(answer)
            # The value is stamped by the server's clock: a laptop's clock that is wrong makes nothing stale.
            return samples, samples[-1].at if samples else self._clock(), answer.warnings
        step = step_of(window)
        end = self._clock()
        start = end - ceil(window.total_seconds() / step) * timedelta(seconds=step)
        answer = await self._queries.range(planned.query, start, end, step)
        return after_last_gap(_only_line(answer), timedelta(seconds=2 * step)), end, answer.warnings

    async def _maximum(self, planned: Planned) -> tuple[float | None, tuple[str, ...]]:
        """The maximum of a check: a number of the configuration, or what its query gives now."""
        if not isinstance(planned.maximum, str):
            return planned.maximum, ()
        answer = await self._queries.instant(planned.maximum)
        samples = _only_line(answer)
        return (samples[-1].value if samples else None), answer.warnings

    def _all(self, now: datetime) -> dict[str, tuple[Reading, ...]]:
        """The readings of all checks by service; one that was never or long not read is UNKNOWN."""
        found: dict[str, list[Reading]] = {}
        for turn, planned in enumerate(self._planned):
            check = planned.check
            reading, at = self._known.get(turn, (None, now))
            if reading is None:
                reading = Reading(check, Level.UNKNOWN, None, "waits for the request budget")
            elif now - at > KEPT:
                reading = Reading(check, Level.UNKNOWN, None, f"last value at {at:%H:%M} UTC")
            found.setdefault(check.service, []).append(reading)
        return {service: tuple(readings) for service, readings in found.items()}


def planned(service: str, settings: CheckSettings) -> Planned:
    """The check that the settings describe, with a maximum that is written as a number read as one."""
    maximum = _number_or_query(settings.maximum)
    check = Check(
        name=settings.name,
        service=service,
        unit=settings.unit,
        warning=_limit(settings.warning, settings.warning_for or settings.for_),
        critical=_limit(settings.critical, settings.critical_for or settings.for_),
        direction=Direction(settings.direction),
        percent_of_maximum=maximum is not None,
        warning_severity=Severity[settings.warning_severity.strip().upper()],
        critical_severity=Severity[settings.critical_severity.strip().upper()],
    )
    return Planned(check, settings.query, maximum)


def step_of(window: timedelta) -> int:
    """Seconds between the samples of a window: at most 120 of them, none closer than five seconds."""
    return max(ceil(window.total_seconds() / _POINTS), _FINEST_STEP_S)


def after_last_gap(samples: tuple[Sample, ...], longest: timedelta) -> tuple[Sample, ...]:
    """The samples after the last gap that is longer than ``longest``: over a gap nothing is known to hold."""
    for index in range(len(samples) - 1, 0, -1):
        if samples[index].at - samples[index - 1].at > longest:
            return samples[index:]
    return samples


def _number_or_query(maximum: str | float | None) -> str | float | None:
    try:
        return None if maximum is None else float(maximum)
    except ValueError:
        return maximum


def _limit(value: float | None, for_: str | None) -> Threshold | None:
    return None if value is None else Threshold(value, span(for_) if for_ else timedelta(0))


def _only_line(answer: Answer) -> tuple[Sample, ...]:
    """The samples of a query that must give one value."""
    lines: Sequence[object] = answer.lines
    if len(lines) > 1:
        raise Malformed(f"the query gives {len(lines)} values instead of one: sum or max it")
    return answer.lines[0].samples if answer.lines else ()


def _reason(error: Exception) -> str:
    """Why a check has no value, short enough for its row."""
    if not isinstance(error, SourceError):
        return "the answer has an unexpected shape"
    words = str(error)
    # "prometheus: host answered 400: parse error: …": the row has room for the last part only.
    _, _, said = words.partition(" answered ")
    return clean_line(said or words, 160).rstrip(".")
