"""Ten thousand alerts, and what a poll changes of them. The same in every run: chance is seeded."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from oncall_tui.domain.alert import Alert, Record, SourceKind, Status
from oncall_tui.domain.ids import AlertId, SourceName, record_ref
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation

MANY = 10_000
CHANGED = 0.05
"""The share of alerts that one refresh changes."""

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
_SOURCES = (SourceKind.PAGERDUTY, SourceKind.ALERTMANAGER, SourceKind.PROMETHEUS, SourceKind.SENTRY)
_TITLES = ("5xx above 1 %", "P95 above 500 ms", "disk 92 % full", "queue grows", "certificate expires in 3 days")


def first_alerts(many: int = MANY) -> list[Alert]:
    """The alerts that are there when the screen opens."""
    return [_alert(number) for number in range(many)]


def changed(alerts: Sequence[Alert], seed: int, share: float = CHANGED) -> tuple[list[Alert], list[int]]:
    """The alerts after a refresh, and the places of those that changed: another title, acknowledged or firing again."""
    after = list(alerts)
    places = sorted(random.Random(seed).sample(range(len(after)), round(len(after) * share)))
    for place in places:
        alert = after[place]
        is_firing = alert.status is Status.FIRING
        after[place] = replace(
            alert,
            title=f"{_TITLES[(place + seed) % len(_TITLES)]} ({seed})",
            status=Status.ACKNOWLEDGED if is_firing else Status.FIRING,
            acknowledged_by="ana" if is_firing else None,
            acknowledged_at=NOW - timedelta(minutes=1) if is_firing else None,
        )
    return after, places


def situation_of(alerts: Sequence[Alert], generation: int) -> Situation:
    """A picture that holds nothing but these alerts."""
    return Situation(generation, NOW, alerts=tuple(alerts))


def _alert(number: int) -> Alert:
    kind = _SOURCES[number % len(_SOURCES)]
    source = SourceName(kind.value)
    severity, since = Severity(1 + number % 5), NOW - timedelta(minutes=number % 600)
    title = f"{_TITLES[number % len(_TITLES)]} on host-{number}"
    ref = record_ref(source, str(number))
    record = Record(source, kind, str(number), ref, title, severity, Status.FIRING, since, f"service-{number % 97}")
    return Alert(AlertId(ref), title, severity, Status.FIRING, record.service, since, (record,))
