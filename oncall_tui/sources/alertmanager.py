"""Alertmanager 0.22 and later: alerts with who silenced them until when (API v2, ``/alerts`` and ``/silences``)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.alert import Record, SourceKind, Status
from oncall_tui.domain.ids import SourceName, record_ref
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.text import clean_line
from oncall_tui.sources import labels as reading
from oncall_tui.sources.base import Capability, Clock, Finding, Records, Report, Spending
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import connection_of
from oncall_tui.sources.credentials import Revealable, bearer_or_basic
from oncall_tui.sources.errors import RateLimited, SourceError
from oncall_tui.sources.fingerprint import join_keys
from oncall_tui.sources.http import HttpCaller, Params
from oncall_tui.sources.json_text import decoded_as
from oncall_tui.sources.last_round import LastRound
from oncall_tui.sources.reporting import reported
from oncall_tui.sources.retry import Retry
from oncall_tui.sources.values import WRONG_SHAPE, not_shown, read_each, web_address
from oncall_tui.sources.wire import Wire
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    import httpx


class _State(msgspec.Struct, gc=False):
    state: str
    silencedBy: list[str] | None = None
    inhibitedBy: list[str] | None = None


class _Alert(msgspec.Struct, gc=False):
    labels: msgspec.Raw
    fingerprint: str
    startsAt: str
    status: _State
    annotations: msgspec.Raw = msgspec.Raw(b"{}")
    generatorURL: str = ""


class _Silence(msgspec.Struct):
    id: str
    createdBy: str = ""
    endsAt: str = ""


# Split first, then decoded one by one: see ``prometheus.alerts``.
_ALERTS = msgspec.json.Decoder(list[msgspec.Raw])
_ALERT = msgspec.json.Decoder(_Alert)
_TEXTS = msgspec.json.Decoder(dict[str, str])
_SILENCES = msgspec.json.Decoder(list[msgspec.Raw])
_SILENCE = msgspec.json.Decoder(_Silence)

_Silences = Mapping[str, _Silence]


class Alertmanager:
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
        self.name = name
        self._settings = settings
        self._severities = severities
        self._clock = clock
        self._budget = Budget(settings.budget, clock)
        self._caller = HttpCaller(Wire(connection, clock, transport=transport), self._budget, retry=retry or Retry())
        self._reading = DaemonThreads(f"{name}-read", 1)
        self._known: LastRound[tuple[object, ...], Record] = LastRound()

    @property
    def spending(self) -> Spending:
        """What the polls cost: one request, and one more while something is silenced."""
        return self._budget.spending

    @property
    def clock_skew(self) -> float | None:
        """Seconds that its clock is ahead of ours, by its last answer."""
        return self._caller.skew.seconds

    async def poll(self) -> Report:
        """Every active alert, silenced and inhibited ones too."""
        return await reported(self._caller.connection, self.kind, self._clock, self._caller.skew, self._fetch)

    async def check(self) -> Sequence[Finding]:
        """Reachability, credential, filters, version, state of the cluster and number of alerts."""
        from oncall_tui.sources.alertmanager_check import findings

        async def count() -> int:
            alerts, unreadable = await self._alerts()
            return len(alerts) + unreadable

        return await findings(self._caller, self._settings, count)

    async def close(self) -> None:
        """Let go, at once."""
        self._reading.close()
        await self._caller.close()

    async def _fetch(self) -> Records:
        alerts, unreadable = await self._alerts()
        is_silenced = any(alert.status.silencedBy for alert in alerts)
        silences, said = await self._silences() if is_silenced else ({}, ())
        records, more = await self._reading.compute(lambda: self._records(alerts, silences))
        return Records(alerts=records, warnings=(*not_shown(unreadable + more, "alerts"), *said))

    async def _alerts(self) -> tuple[tuple[_Alert, ...], int]:
        """The alerts, and how many of them could not be read."""
        params: dict[str, str | Sequence[str]] = {"active": "true", "silenced": "true", "inhibited": "true"}
        if self._settings.receiver:
            params["receiver"] = self._settings.receiver
        if self._settings.filters:
            params["filter"] = self._settings.filters
        wanted: Params = params
        body = await self._caller.get_bytes("/api/v2/alerts", wanted)
        connection = self._caller.connection

        def read() -> tuple[tuple[_Alert, ...], int]:
            rows = decoded_as(connection, _ALERTS, body)
            return read_each(rows, _ALERT.decode)

        return await self._reading.compute(read)

    async def _silences(self) -> tuple[_Silences, tuple[str, ...]]:
        """The silences by id, and what keeps some of them unknown: no reason to hide the alerts.

        Raises:
            RateLimited: the server asks to wait.
        """
        try:
            body = await self._caller.get_bytes("/api/v2/silences")
            silences, unreadable = await self._reading.run(lambda: read_each(_SILENCES.decode(body), _SILENCE.decode))
        except RateLimited:
            raise
        except (SourceError, *WRONG_SHAPE) as error:
            why = str(error) if isinstance(error, SourceError) else "the answer has an unexpected shape."
            return {}, (f"Not known who silenced what: {why}",)
        said = (f"{unreadable} silences could not be read.",) if unreadable else ()
        return {silence.id: silence for silence in silences}, said

    def _records(self, alerts: Sequence[_Alert], silences: _Silences) -> tuple[tuple[Record, ...], int]:
        """The records of a whole answer, and how many could not be read. Long for a long list: it runs in a thread."""
        self._known.begin()
        return read_each(
            alerts, lambda one: self._known.get(_made_of(one, silences), partial(self._record, one, silences))
        )

    def _record(self, alert: _Alert, silences: _Silences) -> Record:
        labels, annotations, settings = _TEXTS.decode(alert.labels), _TEXTS.decode(alert.annotations), self._settings
        name = reading.name_of(labels)
        vendor_id = clean_line(alert.fingerprint)
        now = self._clock()
        by, until = _silenced(alert, silences, now)
        is_muted = alert.status.state == "suppressed"
        return Record(
            source=self.name,
            kind=self.kind,
            id=vendor_id,
            ref=record_ref(self.name, vendor_id),
            title=reading.title_of(annotations, name),
            severity=self._severities.of_labels(labels),
            status=Status.SILENCED if is_muted else Status.FIRING,
            since=reading.moment_of(alert.startsAt, now),
            service=reading.service_of(labels, settings.service_label),
            environment=reading.environment_of(labels, settings.environment_label, settings.environment),
            name=name,
            url=web_address(alert.generatorURL) or f"{self._caller.connection.url}/#/alerts",
            summary=reading.summary_of(annotations),
            labels=reading.cleaned(labels),
            keys=join_keys([vendor_id]),
            runbook=reading.runbook_of(annotations),
            silenced_by=by,
            silenced_until=until,
            note="inhibited" if is_muted and alert.status.inhibitedBy else "",
        )


def _made_of(alert: _Alert, silences: _Silences) -> tuple[object, ...]:
    """Everything that a record is made of, to know an unchanged alert by."""
    status = alert.status
    muted = tuple((one.id, one.createdBy, one.endsAt) for one in _holding(alert, silences))
    texts = (bytes(alert.labels), bytes(alert.annotations), alert.generatorURL)
    return (alert.fingerprint, alert.startsAt, status.state, bool(status.inhibitedBy), muted, *texts)


def _holding(alert: _Alert, silences: _Silences) -> list[_Silence]:
    """The silences that mute an alert and are known."""
    return [silences[one] for one in alert.status.silencedBy or () if one in silences]


def _silenced(alert: _Alert, silences: _Silences, now: datetime) -> tuple[str | None, datetime | None]:
    """Who silenced an alert, and until when: of several silences the one that ends last."""
    holding = _holding(alert, silences)
    if not holding:
        return None, None
    ends, longest = max(
        ((reading.moment_of(silence.endsAt, now), silence) for silence in holding), key=lambda pair: pair[0]
    )
    return clean_line(longest.createdBy) or None, ends
