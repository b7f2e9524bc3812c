"""Services that a pager rings about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from oncall_tui.domain.alert import STATUS_RANK, Alert, Status
from oncall_tui.domain.environment import are_apart
from oncall_tui.domain.service import Service, ServiceId, service_id
from oncall_tui.domain.severity import Severity

LOUD = (Status.FIRING, Status.ACKNOWLEDGED)
"""What is neither muted nor may pass by itself."""


def shouting(alerts: Iterable[Alert], services: Iterable[Service]) -> Mapping[ServiceId, Alert]:
    """Services that a P1 or P2 is about, acknowledged or not: each with its worst alert.

    Health is what is measured. A service without a check that fails is not fine for all that while its pager rings.
    An alert is about the service of its name in its environment. Where none is called so there, it may be about each of
    that name that is not surely elsewhere: a pager often does not say which.
    """
    by_name: dict[str, list[Service]] = {}
    for service in services:
        by_name.setdefault(service.id.name, []).append(service)
    found: dict[ServiceId, Alert] = {}
    for alert in alerts:
        if alert.severity <= Severity.P2 and alert.status in LOUD and alert.service:
            for service in _about(alert, by_name.get(alert.service.casefold(), ())):
                known = found.get(service.id)
                if known is None or urgency(alert) < urgency(known):
                    found[service.id] = alert
    return found


def _about(alert: Alert, namesakes: Sequence[Service]) -> Sequence[Service]:
    if not namesakes:
        return ()
    environment = alert.environment
    exact = [one for one in namesakes if one.id == service_id(alert.service, environment)] if environment else []
    return exact or [one for one in namesakes if not are_apart(one.environment, environment)]


def urgency(alert: Alert) -> tuple[Severity, int, datetime]:
    """Smaller for what is to be looked at first."""
    return alert.severity, STATUS_RANK[alert.status], alert.since
