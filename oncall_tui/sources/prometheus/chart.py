"""The lines of the overview's chart: a range query over a day and the value now, read every half minute at most.

The range ends on a whole step, which for a day is up to six minutes ago; the newest point comes from an instant query,
so that the end of a line is the present."""

from datetime import datetime, timedelta
from math import ceil, isfinite

from oncall_tui.config.model import ChartSettings, LineSettings
from oncall_tui.domain.situation import Trend
from oncall_tui.sources.base import Clock
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.errors import Malformed, RateLimited, SourceError
from oncall_tui.sources.prometheus.queries import Queries
from oncall_tui.sources.spans import span
from oncall_tui.sources.together import all_of
from oncall_tui.sources.values import WRONG_SHAPE

POINTS = 240
EVERY = timedelta(seconds=30)
"""The shortest time between two readings."""
REQUESTS = 2
"""Requests that one line costs."""


class Chart:
    """Reads the chart and keeps it: a line that cannot be read keeps its last samples."""

    def __init__(self, settings: ChartSettings | None, queries: Queries, budget: Budget, clock: Clock) -> None:
        self._settings = settings
        self._queries = queries
        self._budget = budget
        self._clock = clock
        self._trends: dict[str, Trend] = {}
        self._warnings: tuple[str, ...] = ()
        self._read_at: datetime | None = None

    async def read(self) -> tuple[tuple[Trend, ...], tuple[str, ...]]:
        """The trends as they are now known, and warnings.

        Raises:
            RateLimited: the server asks to wait.
        """
        if self._settings is None:
            return (), ()
        now = self._clock()
        is_due = self._read_at is None or not timedelta(0) <= now - self._read_at < EVERY
        cost = REQUESTS * len(self._settings.lines)
        if is_due and self._budget.try_take(cost) == cost:
            self._read_at = now
            warnings = await all_of(self._line(self._settings, line, now) for line in self._settings.lines)
            self._warnings = tuple(dict.fromkeys(one for many in warnings for one in many))
        known = (self._trends.get(line.name) for line in self._settings.lines)
        return tuple(trend for trend in known if trend is not None), self._warnings

    async def _line(self, chart: ChartSettings, line: LineSettings, now: datetime) -> tuple[str, ...]:
        """Read one line into the known trends; what is amiss is a warning."""
        length = span(chart.span)
        step = max(ceil(length.total_seconds() / (POINTS - 1)), 1)
        # Whole steps of the clock: the same moments are asked for again, which query caches (Thanos, Mimir) know.
        end = datetime.fromtimestamp(now.timestamp() // step * step, now.tzinfo)
        try:
            answer, present = await all_of(
                (self._queries.range(line.query, end - length, end, step), self._queries.instant(line.query))
            )
            if len(answer.lines) > 1:
                raise Malformed(f"the query gives {len(answer.lines)} lines instead of one: sum or max it")
        except RateLimited:
            raise
        except (SourceError, *WRONG_SHAPE) as error:
            words = str(error) if isinstance(error, SourceError) else "the answer has an unexpected shape"
            return (f"chart line {line.name}: {words}",)
        told = [one for found in (answer, present) if found.lines for one in found.lines[0].samples]
        # Ordered by time, each moment once: now may be the very end of the range.
        samples = tuple({one.at: one for one in sorted(told, key=lambda one: one.at) if isfinite(one.value)}.values())
        self._trends[line.name] = Trend(line.name, chart.service, chart.unit, samples, chart.limit)
        return answer.warnings
