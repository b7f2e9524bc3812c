"""The Alertmanager source: alerts for the screen, and silences."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.alert import Record, SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.silence import Matcher, Silence
from oncall_tui.sources.actors import ActResult
from oncall_tui.sources.alertmanager.alerts import Alert, Holders, RecordMaker, read_alerts
from oncall_tui.sources.alertmanager.matching import filter_of, objection_to
from oncall_tui.sources.alertmanager.silencer import SILENCES, AlertmanagerSilencer
from oncall_tui.sources.alertmanager.silences import read_holders
from oncall_tui.sources.base import Capability, Clock, Finding, Records
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import connection_of
from oncall_tui.sources.credentials import Revealable, bearer_or_basic
from oncall_tui.sources.errors import RateLimited, Refused, SourceError
from oncall_tui.sources.http import HttpCaller, Params
from oncall_tui.sources.polled import Polled
from oncall_tui.sources.retry import Retry
from oncall_tui.sources.understood import understood
from oncall_tui.sources.values import WRONG_SHAPE, not_shown, read_each
from oncall_tui.sources.wire import Wire
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    import httpx

_EVERY_STATE: Params = {"active": "true", "silenced": "true", "inhibited": "true"}


class Alertmanager(Polled):
    """One Alertmanager, or a cluster behind one address."""

    kind = SourceKind.ALERTMANAGER
    capabilities = frozenset({Capability.ALERTS})

    def __init__(
        self,
        name: SourceName,
        settings: AlertmanagerSettings,
        *,
        token: Revealable | None,
        headers: Mapping[str, str],
        severities: SeverityMap,
        clock: Clock,
        retry: Retry | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        connection = connection_of(name, settings, bearer_or_basic(settings.username, token), headers)
        wire, retry = Wire(connection, clock, transport=transport), retry or Retry()
        super().__init__(name, wire, Budget(settings.budget, clock), clock)
        self._settings = settings
        self._caller = HttpCaller(wire, self._budget, retry=retry)
        self._acts = HttpCaller(wire, self._budget, retry=retry, is_for_acts=True)
        self._reading = DaemonThreads(f"{name}-read", 1)
        self._records = RecordMaker(name, settings, severities, clock, connection.url)
        self._silencer = AlertmanagerSilencer(self._acts, clock, self._reading)

    async def check(self) -> Sequence[Finding]:
        """Reachability, credential, filters, version, state of the cluster and number of alerts."""
        from oncall_tui.sources.alertmanager.check import findings

        async def count() -> int:
            alerts, unreadable = await self._alerts(self._caller, self._shown())
            return len(alerts) + unreadable

        return await findings(self._caller, self._settings, count)

    async def silences(self) -> Sequence[Silence]:
        """Active and pending silences, the next to end first. Raises ``SourceError``."""
        return await self._silencer.silences()

    async def covered_by(self, matchers: Sequence[Matcher]) -> Sequence[Record]:
        """The active alerts that such a silence would cover now, as Alertmanager itself matches them.

        Neither ``receiver`` nor ``filters`` narrow them: a silence covers what the screen does not show, too.

        Raises:
            SourceError: the vendor could not be asked, or takes the matchers for wrong.
        """
        objection = objection_to(matchers)
        if objection:
            raise Refused(f"{self.name}: {objection}")
        try:
            return await understood(self.name, self._covered({**_EVERY_STATE, "filter": [*map(filter_of, matchers)]}))
        except Refused as error:
            if error.status != 400:
                raise
            raise Refused(str(error), "Mend the matchers.", error.status) from error

    async def silence(self, wanted: Silence) -> ActResult:
        """Create or replace a silence; see ``AlertmanagerSilencer``."""
        return await self._silencer.silence(wanted)

    async def expire(self, silence_id: str) -> ActResult:
        """End a silence now; see ``AlertmanagerSilencer``."""
        return await self._silencer.expire(silence_id)

    async def close(self) -> None:
        """Let go, at once."""
        self._reading.close()
        await self._caller.close()

    async def _fetch(self) -> Records:
        alerts, unreadable = await self._alerts(self._caller, self._shown())
        holders, said = await self._holders(self._caller, alerts)
        records, more = await self._reading.compute(lambda: self._records.of_poll(alerts, holders))
        return Records(alerts=records, warnings=(*not_shown(unreadable + more, "alerts"), *said))

    async def _covered(self, params: Params) -> tuple[Record, ...]:
        alerts, _ = await self._alerts(self._acts, params)
        holders, _ = await self._holders(self._acts, alerts)
        records, _ = await self._reading.run(lambda: read_each(alerts, lambda one: self._records.of(one, holders)))
        return records

    def _shown(self) -> Params:
        """Which alerts a poll asks for."""
        params: dict[str, str | Sequence[str]] = {}
        if self._settings.receiver:
            params["receiver"] = self._settings.receiver
        if self._settings.filters:
            params["filter"] = self._settings.filters
        return {**_EVERY_STATE, **params}

    async def _alerts(self, caller: HttpCaller, params: Params) -> tuple[tuple[Alert, ...], int]:
        """The alerts, and how many of them could not be read."""
        body = await caller.get_bytes("/api/v2/alerts", params)
        return await self._reading.compute(lambda: read_alerts(caller.connection, body))

    async def _holders(self, caller: HttpCaller, alerts: Sequence[Alert]) -> tuple[Holders, tuple[str, ...]]:
        """Who silenced what, and what keeps some of it unknown: no reason to hide the alerts.

        Raises:
            RateLimited: the server asks to wait.
        """
        if not any(alert.status.silencedBy for alert in alerts):
            return {}, ()
        try:
            body = await caller.get_bytes(SILENCES)
            holders, unreadable = await self._reading.run(lambda: read_holders(caller.connection, body))
        except RateLimited:
            raise
        except (SourceError, *WRONG_SHAPE) as error:
            why = str(error) if isinstance(error, SourceError) else "the answer has an unexpected shape."
            return {}, (f"Not known who silenced what: {why}",)
        said = (f"{unreadable} silences could not be read.",) if unreadable else ()
        return {one.id: one for one in holders}, said
