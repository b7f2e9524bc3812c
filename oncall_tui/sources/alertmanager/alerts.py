"""Alerts as records (API v2, ``GET /alerts``)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.alert import Record, SourceKind, Status
from oncall_tui.domain.ids import SourceName, record_ref
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.text import clean_line
from oncall_tui.sources import labels as reading
from oncall_tui.sources.alertmanager.silences import Holder
from oncall_tui.sources.annotations import Annotations, annotations_of
from oncall_tui.sources.base import Clock
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.fingerprint import join_keys
from oncall_tui.sources.json_text import decoded_as
from oncall_tui.sources.last_round import LastRound
from oncall_tui.sources.values import read_each, web_address


class _State(msgspec.Struct, gc=False):
    state: str
    silencedBy: list[str] | None = None
    inhibitedBy: list[str] | None = None


class Alert(msgspec.Struct, gc=False):
    """What is read of a ``gettableAlert``."""

    labels: msgspec.Raw
    fingerprint: str
    startsAt: str
    status: _State
    annotations: msgspec.Raw = msgspec.Raw(b"{}")
    generatorURL: str = ""


# Split first, then decoded one by one: see ``prometheus.alerts``.
_ALERTS = msgspec.json.Decoder(list[msgspec.Raw])
_ALERT = msgspec.json.Decoder(Alert)
_TEXTS = msgspec.json.Decoder(dict[str, str])

Holders = Mapping[str, Holder]
"""Silences by their ids."""


def read_alerts(connection: Connection, body: bytes) -> tuple[tuple[Alert, ...], int]:
    """The alerts of an answer, and how many of them could not be read."""
    rows: list[msgspec.Raw] = decoded_as(connection, _ALERTS, body)
    return read_each(rows, _ALERT.decode)


class RecordMaker:
    """Makes a record of each alert. Long for a long list: call it in a thread."""

    def __init__(
        self, name: SourceName, settings: AlertmanagerSettings, severities: SeverityMap, clock: Clock, url: str
    ) -> None:
        self._name = name
        self._settings = settings
        self._severities = severities
        self._clock = clock
        self._url = url
        self._known: LastRound[tuple[object, ...], Record] = LastRound()
        self._annotations: LastRound[bytes, Annotations] = LastRound()

    def of_poll(self, alerts: Sequence[Alert], holders: Holders) -> tuple[tuple[Record, ...], int]:
        """The records of a whole answer, and how many could not be read. What did not change is not made again."""
        self._known.begin()
        self._annotations.begin()
        return read_each(alerts, lambda one: self._known.get(_made_of(one, holders), partial(self.of, one, holders)))

    def of(self, alert: Alert, holders: Holders) -> Record:
        """One record."""
        labels, raw, settings = _TEXTS.decode(alert.labels), alert.annotations, self._settings
        annotations, uncleaned = self._annotations.get(bytes(raw), lambda: annotations_of(_TEXTS.decode(raw)))
        shown = reading.cleaned(labels)
        name = reading.name_of(labels)
        vendor_id = clean_line(alert.fingerprint)
        now = self._clock()
        by, until = _silenced(alert, holders, now)
        is_muted = alert.status.state == "suppressed"
        is_inhibited = is_muted and bool(alert.status.inhibitedBy)
        return Record(
            source=self._name,
            kind=SourceKind.ALERTMANAGER,
            id=vendor_id,
            ref=record_ref(self._name, vendor_id),
            title=reading.title_of(annotations, name),
            severity=self._severities.of_labels(labels),
            status=Status.SILENCED if is_muted else Status.FIRING,
            since=reading.moment_of(alert.startsAt, now),
            service=reading.service_of(labels, settings.service_label),
            environment=reading.environment_of(labels, settings.environment_label, settings.environment),
            name=name,
            url=web_address(alert.generatorURL) or f"{self._url}/#/alerts",
            summary=reading.summary_of(annotations),
            labels=shown,
            raw_labels=reading.uncleaned(labels, shown),
            annotations=annotations,
            raw_annotations=uncleaned,
            keys=join_keys([vendor_id]),
            runbook=reading.runbook_of(annotations),
            silenced_by=by,
            silenced_until=until,
            silence_ids=tuple(clean_line(one) for one in alert.status.silencedBy or ()),
            is_inhibited=is_inhibited,
            note="inhibited" if is_inhibited else "",
        )


def _made_of(alert: Alert, holders: Holders) -> tuple[object, ...]:
    """Everything that a record is made of, to know an unchanged alert by."""
    status = alert.status
    muted = tuple((one.id, one.createdBy, one.endsAt) for one in _holding(alert, holders))
    texts = (bytes(alert.labels), bytes(alert.annotations), alert.generatorURL)
    silenced_by = tuple(status.silencedBy or ())
    return (alert.fingerprint, alert.startsAt, status.state, bool(status.inhibitedBy), silenced_by, muted, *texts)


def _holding(alert: Alert, holders: Holders) -> list[Holder]:
    """The silences that mute an alert and are known."""
    return [holders[one] for one in alert.status.silencedBy or () if one in holders]


def _silenced(alert: Alert, holders: Holders, now: datetime) -> tuple[str | None, datetime | None]:
    """Who silenced an alert, and until when: of several silences the one that ends last."""
    holding = _holding(alert, holders)
    if not holding:
        return None, None
    ends, longest = max(
        ((reading.moment_of(silence.endsAt, now), silence) for silence in holding), key=lambda pair: pair[0]
    )
    return clean_line(longest.createdBy) or None, ends
