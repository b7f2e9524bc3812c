"""Services that a pager rings about."""

from collections.abc import Iterable
from datetime import datetime

from oncall_tui.domain.alert import STATUS_RANK, Alert, Status
from oncall_tui.domain.severity import Severity

LOUD = (Status.FIRING, Status.ACKNOWLEDGED)
"""What is neither muted nor may pass by itself."""


def shouting(alerts: Iterable[Alert]) -> dict[str, Alert]:
    """Services that a P1 or P2 is about, acknowledged or not, by name in small letters: each with its worst alert.

    Health is what is measured. A service without a check that fails is not fine for all that while its pager rings.
    """
    found: dict[str, Alert] = {}
    for alert in alerts:
        if alert.severity <= Severity.P2 and alert.status in LOUD and alert.service:
            known = found.get(alert.service.casefold())
            if known is None or urgency(alert) < urgency(known):
                found[alert.service.casefold()] = alert
    return found


def urgency(alert: Alert) -> tuple[Severity, int, datetime]:
    """Smaller for what is to be looked at first."""
    return alert.severity, STATUS_RANK[alert.status], alert.since
