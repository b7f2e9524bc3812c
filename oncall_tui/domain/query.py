"""Filter and order of alerts, pure, for the screen and the command line alike."""

from collections.abc import Iterable
from enum import StrEnum

from oncall_tui.domain.alert import STATUS_RANK, Alert


class Order(StrEnum):
    """By what a list of alerts is sorted; the id breaks ties, so that equal rows keep their place."""

    SEVERITY = "severity"
    """The worst first; then what nobody looks at; then the oldest."""
    AGE = "age"
    """The newest first."""
    SERVICE = "service"
    STATUS = "status"
    """What nobody looks at first."""


def matching(alerts: Iterable[Alert], text: str) -> tuple[Alert, ...]:
    """Alerts that hold every word of ``text`` somewhere, in any case; a word with ``-`` before it must be absent."""
    wanted = [word for word in text.casefold().split() if not word.startswith("-")]
    unwanted = [word[1:] for word in text.casefold().split() if len(word) > 1 and word.startswith("-")]
    if not wanted and not unwanted:
        return tuple(alerts)
    return tuple(alert for alert in alerts if _holds(_haystack(alert), wanted, unwanted))


def ordered(alerts: Iterable[Alert], order: Order) -> tuple[Alert, ...]:
    """Alerts in ``order``."""
    rows = list(alerts)
    if order is Order.SEVERITY:
        rows.sort(key=lambda one: (one.severity, STATUS_RANK[one.status], one.since, one.id))
    elif order is Order.AGE:
        rows.sort(key=lambda one: (-one.since.timestamp(), one.severity, one.id))
    elif order is Order.SERVICE:
        rows.sort(key=lambda one: (one.service == "", one.service.casefold(), one.severity, one.since, one.id))
    else:
        rows.sort(key=lambda one: (STATUS_RANK[one.status], one.severity, one.since, one.id))
    return tuple(rows)


def _holds(haystack: str, wanted: list[str], unwanted: list[str]) -> bool:
    return all(word in haystack for word in wanted) and not any(word in haystack for word in unwanted)


def _haystack(alert: Alert) -> str:
    """Everything of an alert that a person may look for, on lines of its own: no word is found across two of them."""
    parts = [alert.title, alert.service, alert.severity.name, alert.status.value, alert.acknowledged_by or ""]
    for record in alert.records:
        parts += [record.source, record.kind.value, record.id, record.title, record.note, record.name]
        parts += [record.environment, record.silenced_by or "", *record.assigned_to]
        parts += [f"{name}={value}" for name, value in record.labels.items()]
    return "\n".join(parts).casefold()
