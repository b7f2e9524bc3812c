"""The Prometheus source: one poll reads services, checks, alerts and the chart at the same time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from oncall_tui.config.model import ChartSettings, PrometheusSettings, ServiceSettings
from oncall_tui.domain.alert import Record, SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.base import AlertRule, Capability, Clock, Finding, Records
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import connection_of
from oncall_tui.sources.credentials import Revealable, bearer_or_basic
from oncall_tui.sources.errors import RateLimited, Refused, SourceError
from oncall_tui.sources.http import HttpCaller
from oncall_tui.sources.json_text import told
from oncall_tui.sources.polled import Polled
from oncall_tui.sources.prometheus.alerts import AlertReader, broken_rules
from oncall_tui.sources.prometheus.chart import Chart
from oncall_tui.sources.prometheus.checks import Checks
from oncall_tui.sources.prometheus.external import external_labels
from oncall_tui.sources.prometheus.queries import Answer, Queries
from oncall_tui.sources.prometheus.services import ServiceMap
from oncall_tui.sources.retry import Retry, is_passing
from oncall_tui.sources.together import together
from oncall_tui.sources.understood import understood
from oncall_tui.sources.wire import Wire
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    import httpx

    from oncall_tui.sources.prometheus.discover import PrometheusFinds

Result = TypeVar("Result")

_RULES_EVERY = timedelta(minutes=1)
_EXTERNAL_EVERY = timedelta(hours=1)
_AGAIN = timedelta(minutes=1)
_NOT_SERVED = (404, 405, 501)


class Prometheus(Polled):
    """One server. ``services`` and ``chart`` are what the configuration has it watch (``registry.watched_by``)."""

    kind = SourceKind.PROMETHEUS

    def __init__(
        self,
        name: SourceName,
        settings: PrometheusSettings,
        *,
        token: Revealable | None,
        headers: Mapping[str, str],
        severities: SeverityMap,
        clock: Clock,
        services: Mapping[str, ServiceSettings] | None = None,
        chart: ChartSettings | None = None,
        retry: Retry | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        connection = connection_of(name, settings, bearer_or_basic(settings.username, token), headers)
        wire = Wire(connection, clock, transport=transport)
        super().__init__(name, wire, Budget(settings.budget, clock), clock)
        self._settings = settings
        self._retry = retry or Retry()
        self._caller = HttpCaller(wire, self._budget, retry=self._retry)
        self._queries = Queries(connection, wire.skew)
        self._checks = Checks(services or {}, self._queries, self._budget, clock)
        self._chart = Chart(chart, self._queries, self._budget, clock)
        self._map = ServiceMap(settings, services or {})
        self._reader = AlertReader(name, settings, severities)
        self._reading = DaemonThreads(f"{name}-read", 1)
        self._rules: _Occasional[tuple[str, ...]] = _Occasional((), _RULES_EVERY, clock)
        self._external: _Occasional[Mapping[str, str]] = _Occasional({}, _EXTERNAL_EVERY, clock)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Services and trends; alerts unless they are switched off."""
        alerts = {Capability.ALERTS} if self._settings.alerts else set()
        return frozenset({Capability.SERVICES, Capability.TRENDS} | alerts)

    async def check(self) -> Sequence[Finding]:
        """Reachability, version, credential, rules and targets."""
        from oncall_tui.sources.prometheus.doctor import findings

        return await findings(self._caller, self._queries, self._settings)

    async def service_names(self) -> frozenset[str]:
        """Every name that a target or an alert rule gives a service."""
        from oncall_tui.sources.prometheus.doctor import service_names

        return await service_names(self._caller, self._queries, self._settings)

    async def alert_rules(self) -> Sequence[AlertRule]:
        """Its alert rules, those of ``alerts = false`` aside."""
        from oncall_tui.sources.prometheus.doctor import alert_rules

        return await alert_rules(self._caller) if self._settings.alerts else ()

    async def discover(self) -> "PrometheusFinds":
        """What a newcomer may learn: services, environments, Alertmanagers. Raises ``SourceError``."""
        from oncall_tui.sources.prometheus.discover import discover

        return await understood(self.name, discover(self._caller))

    async def instant(self, query: str) -> Answer:
        """The newest value of every series of a query that somebody asks, within the budget. Asked once.

        Raises:
            SourceError: no answer, a query that is refused, or a budget that is spent.
        """
        self._budget.take()
        return await understood(self.name, self._queries.instant(query))

    async def close(self) -> None:
        """Let go, at once."""
        self._queries.close()
        self._reading.close()
        await self._caller.close()

    async def _fetch(self) -> Records:
        async with together() as group:
            up = group.create_task(self._up())
            alerts = group.create_task(self._alerts())
            checks = group.create_task(self._checks.read())
            chart = group.create_task(self._chart.read())
        answer, readings, (trends, chart_said) = up.result(), checks.result(), chart.result()
        records, alerts_said = alerts.result()
        said = (*answer.warnings, *readings.warnings, *chart_said, *alerts_said)
        return Records(
            alerts=records,
            services=self._map.services(answer.lines, readings.by_service),
            trends=trends,
            warnings=tuple(dict.fromkeys(said)),
        )

    async def _up(self) -> Answer:
        """The ``up`` metric, which every scraped target has."""

        async def once() -> Answer:
            self._budget.take()
            return await self._queries.instant("up")

        return await self._retry.read(once)

    async def _alerts(self) -> tuple[tuple[Record, ...], tuple[str, ...]]:
        """The records of the server's alerts, and warnings about its rules."""
        if not self._settings.alerts:
            return (), ()
        async with together() as group:
            alerts = group.create_task(self._served("/api/v1/alerts"))
            labels = group.create_task(self._external.get(self._read_external))
            rules = group.create_task(self._rules.get(self._read_rules))
        body, external = alerts.result(), labels.result()
        if body is None:
            return (), ("this server has no alerts of its own; say `alerts = false` for this source",)
        now = self._clock()

        def read() -> tuple[tuple[Record, ...], tuple[str, ...]]:
            with told(self._caller.connection, body):
                return self._reader.records(body, external, now)

        records, unreadable = await self._reading.compute(read)
        return records, (*rules.result(), *unreadable)

    async def _served(self, path: str) -> bytes | None:
        """The answer of a part of the API that a compatible server may lack; None when it does."""
        try:
            return await self._caller.get_bytes(path)
        except Refused as error:
            if error.status in _NOT_SERVED:
                return None
            raise

    async def _read_rules(self) -> tuple[str, ...]:
        body = await self._caller.get_bytes("/api/v1/rules", {"type": "alert"})
        return await self._reading.run(lambda: broken_rules(body))

    async def _read_external(self) -> Mapping[str, str]:
        body = await self._caller.get_bytes("/api/v1/status/config")
        return await self._reading.run(lambda: external_labels(body))


class _Occasional(Generic[Result]):
    """Something read now and then that the screen can do without: when it cannot be read, the last known holds.

    After a passing fault it is read again a minute later, and with the next poll when it was cut off: without the
    external labels no alert is joined with what other tools know of it.
    """

    def __init__(self, at_first: Result, every: timedelta, clock: Clock) -> None:
        self._known = at_first
        self._every = every
        self._clock = clock
        self._wait = every
        self._read_at: datetime | None = None

    async def get(self, read: Callable[[], Awaitable[Result]]) -> Result:
        """What is known, read again when it is due.

        Raises:
            RateLimited: the server asks to wait.
        """
        now = self._clock()
        if self._read_at is not None and timedelta(0) <= now - self._read_at < self._wait:
            return self._known
        wait = self._every
        try:
            self._known = await read()
        except RateLimited:
            raise
        except (SourceError, ValueError) as error:
            if isinstance(error, SourceError) and is_passing(error):
                wait = min(wait, _AGAIN)
        self._read_at, self._wait = now, wait
        return self._known
