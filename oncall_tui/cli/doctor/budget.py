"""What the polls of a source cost, held against its budget, its interval and what the vendor takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from oncall_tui.config.model import AnySource, ChartSettings, Config, PagerDutySettings, PrometheusSettings
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.sources.pagerduty.check import LIMIT_PER_MINUTE
from oncall_tui.sources.prometheus.chart import EVERY, REQUESTS
from oncall_tui.sources.prometheus.checks import planned
from oncall_tui.sources.registry import watched_by
from oncall_tui.sources.spans import seconds

CHECKS_SHARE, NEEDED_SHARE = 0.75, 0.9
"""What checks, and what everything else that is read may spend of the budget (``sources.budget``)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one poll costs."""

    requests: int
    """Of every poll."""
    now_and_then: int
    """Requests that are made about once a minute, whatever the interval."""
    took: float
    """Seconds."""

    def per_minute(self, interval: float) -> int:
        """Requests a minute when polled every ``interval`` seconds, rounded up."""
        return ceil(self.requests * 60 / interval + self.now_and_then)


def cost_of(name: str, settings: AnySource, config: Config, sent: Sequence[int], took: float) -> Cost:
    """What the polls of a source cost.

    Of Prometheus it follows from the settings: measured polls would stop at the budget. Of the others it is what the
    polls of this examination cost (``sent``); the first one reads what is then known for a while.
    """
    if not isinstance(settings, PrometheusSettings):
        first, *again = sent
        usual = again[-1] if again else first
        return Cost(usual, max(first - usual, 0), took)
    services, chart = watched_by(name, config)
    checks = sum(planned(service, one).cost for service, table in services.items() for one in table.checks)
    alerts = 1 if settings.alerts else 0
    return Cost(1 + alerts + checks, alerts + _chart(chart, seconds(settings.interval)), took)


def budget_findings(settings: AnySource, cost: Cost) -> list[Finding]:
    """Whether the polls fit."""
    interval = seconds(settings.interval)
    needed = cost.per_minute(interval)
    found: list[Finding] = []
    if cost.took >= interval:
        what = f"A poll took {cost.took:.1f} s, and its interval is {settings.interval}: it is always behind."
        found.append(Finding(CheckState.WARNING, what, f'Write `interval = "{_longer(cost.took)}s"`.', Topic.BUDGET))
    has_checks = isinstance(settings, PrometheusSettings)
    share = CHECKS_SHARE if has_checks else NEEDED_SHARE
    if needed > settings.budget * share:
        meaning = "checks take turns, and values are older than they look" if has_checks else "polls fail for a while"
        what = f"Its polls need about {needed:,} requests a minute, and `budget` is {settings.budget:,}: {meaning}."
        slower = ceil(interval * needed / (settings.budget * share))
        advice = f'Write `budget = {ceil(needed / share)}` or `interval = "{slower}s"`.'
        found.append(Finding(CheckState.WARNING, what, advice, Topic.BUDGET))
    if isinstance(settings, PagerDutySettings) and max(needed, settings.budget) > LIMIT_PER_MINUTE:
        what = (
            f"PagerDuty takes {LIMIT_PER_MINUTE} requests a minute from one token, and `budget` is {settings.budget:,}."
        )
        found.append(Finding(CheckState.WARNING, what, "Write a smaller `budget`.", Topic.BUDGET))
    if not found:
        what = f"A poll takes {max(cost.took, 0.1):.1f} s; about {needed:,} of {settings.budget:,} requests a minute."
        found.append(Finding(CheckState.OK, what, topic=Topic.BUDGET))
    return found


def _chart(chart: ChartSettings | None, interval: float) -> int:
    """Requests a minute for the chart, which is read with a poll, every half minute at most."""
    if chart is None:
        return 0
    return ceil(REQUESTS * len(chart.lines) * 60 / max(EVERY.total_seconds(), interval))


def _longer(took: float) -> int:
    """Seconds that leave room: twice what a poll takes, in steps of five."""
    return 5 * ceil(2 * took / 5)
