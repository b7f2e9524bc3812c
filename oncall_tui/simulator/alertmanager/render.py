"""Alerts as the API writes them: the `gettableAlert` of "Alertmanager API v2"."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..times import alertmanager_time
from .alerts import Alert
from .core import Suppression
from .routing import route_of

Heard = tuple[Alert, Suppression]
"""An alert with what keeps it quiet."""


def alert_json(alert: Alert, quiet: Suppression) -> dict[str, Any]:
    """One alert."""
    return {
        "annotations": dict(alert.annotations),
        "endsAt": alertmanager_time(alert.ends_at),
        "fingerprint": alert.fingerprint,
        "receivers": [{"name": route_of(alert.labels).receiver}],
        "startsAt": alertmanager_time(alert.starts_at),
        "status": {
            "inhibitedBy": list(quiet.inhibited_by),
            "mutedBy": [],
            "silencedBy": list(quiet.silenced_by),
            "state": "suppressed" if quiet.is_active else "active",
        },
        "updatedAt": alertmanager_time(alert.updated_at),
        "generatorURL": alert.generator_url,
        "labels": dict(sorted(alert.labels.items())),
    }


class WrittenAlerts:
    """Alerts as JSON text; one that is as it was last time is not written again."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[Alert, Suppression, bytes]] = {}

    def of(self, found: Iterable[Heard]) -> list[bytes]:
        """Each alert as JSON; what is not asked for is forgotten."""
        before, self._written = self._written, {}
        for alert, quiet in found:
            known = before.get(alert.fingerprint)
            if known is None or known[0] is not alert or known[1] != quiet:
                known = (alert, quiet, json.dumps(alert_json(alert, quiet)).encode())
            self._written[alert.fingerprint] = known
        return [text for _, _, text in self._written.values()]
