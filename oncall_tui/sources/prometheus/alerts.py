"""The alerts of the server's own rules as records, and rules that cannot be evaluated (HTTP API, "Alerts", "Rules")."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from sys import intern
from urllib.parse import quote

import msgspec

from oncall_tui.config.model import PrometheusSettings
from oncall_tui.domain.alert import Record, SourceKind, Status
from oncall_tui.domain.ids import SourceName, record_ref
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.text import clean_line
from oncall_tui.sources import labels as reading
from oncall_tui.sources.annotations import Annotations, annotations_of
from oncall_tui.sources.fingerprint import fingerprint, join_keys
from oncall_tui.sources.last_round import LastRound
from oncall_tui.sources.values import not_shown, read_each, web_address

_REPLICA_LABELS = frozenset({"replica", "prometheus_replica", "__replica__"})
"""External labels that a pair of Prometheus servers drops on the way to Alertmanager, so that it sees one alert."""

_STATUS = {"firing": Status.FIRING, "pending": Status.PENDING}
_OVER = ("inactive", "normal", "Normal")
"""What compatible servers call an alert that does not fire; Prometheus leaves it out."""

_NAMED_RULES = 3


class _Alert(msgspec.Struct, gc=False):
    labels: msgspec.Raw
    state: str
    annotations: msgspec.Raw = msgspec.Raw(b"{}")
    activeAt: str | None = None


class _Alerts(msgspec.Struct):
    alerts: list[msgspec.Raw]


class _AlertsAnswer(msgspec.Struct):
    data: _Alerts


class _Rule(msgspec.Struct):
    name: str = ""
    health: str = ""
    lastError: str = ""


class _Group(msgspec.Struct):
    rules: list[_Rule] = []


class _Groups(msgspec.Struct):
    groups: list[_Group]


class _RulesAnswer(msgspec.Struct):
    data: _Groups


# The list is split first and each alert decoded by itself: decoding holds the interpreter's lock, and one call over
# 10,000 alerts would stop the screen for as long as it takes.
_ALERTS = msgspec.json.Decoder(_AlertsAnswer)
_ALERT = msgspec.json.Decoder(_Alert)
_TEXTS = msgspec.json.Decoder(dict[str, str])
_RULES = msgspec.json.Decoder(_RulesAnswer)


class AlertReader:
    """Turns answers of one server into records."""

    def __init__(self, name: SourceName, settings: PrometheusSettings, severities: SeverityMap) -> None:
        self._name = name
        self._settings = settings
        self._severities = severities
        self._page = settings.url.rstrip("/") + "/alerts"
        self._known: LastRound[tuple[object, ...], Record] = LastRound()
        self._annotations: LastRound[bytes, Annotations] = LastRound()

    def records(
        self, body: bytes, external: Mapping[str, str], now: datetime
    ) -> tuple[tuple[Record, ...], tuple[str, ...]]:
        """Every active alert of ``/api/v1/alerts``, and warnings. Long for a long list: call it in a thread.

        ``external`` are the labels that the server adds on the way to Alertmanager; ``now`` dates an alert that has
        no beginning.

        Raises:
            ValueError: the answer, or every single alert in it, is not in the documented shape.
        """
        self._known.begin()
        self._annotations.begin()
        extra = tuple(sorted(external.items()))

        def read(raw: msgspec.Raw) -> Record | None:
            alert = _ALERT.decode(raw)
            if alert.state in _OVER:
                return None
            key = (bytes(alert.labels), bytes(alert.annotations), alert.state, alert.activeAt, extra)
            return self._known.get(key, partial(self._record, alert, external, now))

        found, unreadable = read_each(_ALERTS.decode(body).data.alerts, read)
        records: dict[str, Record] = {}
        for record in found:
            if record is not None:
                records.setdefault(record.id, record)
        return tuple(records.values()), not_shown(unreadable, "alerts")

    def _record(self, alert: _Alert, external: Mapping[str, str], now: datetime) -> Record:
        own = _TEXTS.decode(alert.labels)
        raw = alert.annotations
        annotations, uncleaned = self._annotations.get(bytes(raw), lambda: annotations_of(_TEXTS.decode(raw)))
        labels = {**external, **own}
        shown = reading.cleaned(labels)
        prints = _fingerprints(own, external)
        name = reading.name_of(labels)
        return Record(
            source=self._name,
            kind=SourceKind.PROMETHEUS,
            id=prints[0],
            ref=record_ref(self._name, prints[0]),
            title=reading.title_of(annotations, name),
            severity=self._severities.of_labels(labels),
            # A state that nobody knows is shown: hiding it would look like health.
            status=_STATUS.get(alert.state, Status.FIRING),
            since=reading.moment_of(alert.activeAt, now),
            service=reading.service_of(labels, self._settings.service_label),
            environment=reading.environment_of(labels, self._settings.environment_label, self._settings.environment),
            name=name,
            url=self._page_of(name),
            summary=reading.summary_of(annotations),
            labels=shown,
            raw_labels=reading.uncleaned(labels, shown),
            annotations=annotations,
            raw_annotations=uncleaned,
            keys=join_keys(prints),
            runbook=reading.runbook_of(annotations),
        )

    def _page_of(self, name: str) -> str:
        """Where the server shows the alerts of this name; all of them where the address would be longer than one is."""
        found = web_address(intern(f"{self._page}?search={quote(name, safe='')}")) if name else None
        return found or self._page


def broken_rules(body: bytes) -> tuple[str, ...]:
    """A warning when alert rules cannot be evaluated: what they watch is not watched.

    Raises:
        ValueError: the answer is not in the documented shape.
    """
    broken = [rule for group in _RULES.decode(body).data.groups for rule in group.rules if rule.health == "err"]
    if not broken:
        return ()
    named = "; ".join(f"{rule.name}: {rule.lastError}" for rule in broken[:_NAMED_RULES])
    return (clean_line(f"{len(broken)} alert rules cannot be evaluated: {named}"),)


def _fingerprints(labels: Mapping[str, str], external: Mapping[str, str]) -> Sequence[str]:
    """The fingerprint that Alertmanager computes, then the one it computes when replica labels are dropped."""
    sent = {name: value for name, value in {**external, **labels}.items() if value}
    dropped = [name for name in _REPLICA_LABELS if name in sent and name not in labels]
    if not dropped:
        return (fingerprint(sent),)
    return fingerprint(sent), fingerprint({name: value for name, value in sent.items() if name not in dropped})
