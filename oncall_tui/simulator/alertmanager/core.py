"""The state of the Alertmanager: alerts in, suppression, notifications out."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..catalogue import BY_NAME, SERVICES, Service
from ..times import Clock
from .alerts import Alert, fingerprint
from .inhibition import Inhibition
from .receiver import pagerduty_event
from .routing import (
    GROUP_INTERVAL_S,
    GROUP_WAIT_S,
    PAGERDUTY,
    Route,
    dedup_key,
    group_key,
    group_labels,
    route_of,
)
from .silences import Silences

RESOLVE_TIMEOUT_S = 300.0
_DEFAULT_ROUTING_KEY = BY_NAME["api"].routing_key


@dataclass(slots=True)
class _Group:
    """The alerts that travel in one notification, and what was last said about them."""

    route: Route
    labels: dict[str, str]
    key: str
    born_at: float
    alerts: dict[str, Alert] = field(default_factory=dict)
    notified_at: float | None = None
    notified: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suppression:
    """What keeps an alert quiet: ids of silences, fingerprints of inhibiting alerts."""

    silenced_by: tuple[str, ...]
    inhibited_by: tuple[str, ...]

    @property
    def is_active(self) -> bool:
        """Whether anything does."""
        return bool(self.silenced_by or self.inhibited_by)


class Alertmanager:
    """Receives alerts, groups them and tells PagerDuty.

    Args:
        clock: epoch seconds.
        rng: seeded, for the ids of silences.
        deliver: takes a PagerDuty event (Events API v2 body).
        external_url: base of the links it writes; set when the port is known.
        services: whose routing keys it knows.
    """

    def __init__(
        self,
        clock: Clock,
        rng: random.Random,
        deliver: Callable[[Mapping[str, Any]], None],
        external_url: str = "",
        services: Sequence[Service] = SERVICES,
    ) -> None:
        self.clock = clock
        self.started_at = clock()
        self.external_url = external_url
        self.silences = Silences(clock, rng)
        self._deliver = deliver
        self._services = {service.name: service for service in services}
        self._alerts: dict[str, Alert] = {}
        self._inhibition = Inhibition()
        self._groups: dict[str, _Group] = {}

    def receive(
        self,
        labels: Mapping[str, str],
        annotations: Mapping[str, str],
        starts_at: float | None = None,
        ends_at: float | None = None,
        generator_url: str = "",
    ) -> Alert:
        """Take one alert, new or known; the same as one element of `POST /api/v2/alerts`.

        Args:
            starts_at: epoch seconds; now when absent, and never later than a known start.
            ends_at: epoch seconds; the resolve timeout from now when absent.
        """
        now = self.clock()
        kept = {name: value for name, value in labels.items() if value}
        known = self._alerts.get(fingerprint(kept))
        if ends_at is None:
            ends_at = now + RESOLVE_TIMEOUT_S
        if starts_at is None:
            starts_at = min(now, ends_at)
        if known is not None and not known.is_resolved(now):
            starts_at = min(starts_at, known.starts_at)
        alert = Alert(kept, dict(annotations), starts_at, ends_at, now, generator_url)
        self._alerts[alert.fingerprint] = alert
        self._inhibition.forget()
        self._group_of(alert).alerts[alert.fingerprint] = alert
        return alert

    def alerts(self) -> list[Alert]:
        """What has not ended, by fingerprint."""
        now = self.clock()
        return sorted(
            (alert for alert in self._alerts.values() if not alert.is_resolved(now)),
            key=lambda alert: alert.fingerprint,
        )

    def suppression(self, alert: Alert) -> Suppression:
        """What keeps an alert quiet at this moment."""
        inhibitors = self._inhibition.inhibitors(alert, self._alerts.values(), self.clock())
        return Suppression(tuple(self.silences.muting(alert.labels)), inhibitors)

    def flush(self) -> None:
        """Send the notifications that are due; called on every tick of the world."""
        now = self.clock()
        for group in list(self._groups.values()):
            if group.route.receiver == PAGERDUTY:
                self._notify(group, now)
            self._forget(group, now)
        self._alerts = {key: alert for key, alert in self._alerts.items() if now - alert.ends_at < RESOLVE_TIMEOUT_S}

    def _group_of(self, alert: Alert) -> _Group:
        route = route_of(alert.labels)
        key = group_key(route, alert.labels)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(route, group_labels(alert.labels), key, self.clock())
        return group

    def _notify(self, group: _Group, now: float) -> None:
        heard = [alert for alert in group.alerts.values() if not self.suppression(alert).is_active]
        firing = [alert for alert in heard if not alert.is_resolved(now)]
        resolved = [alert for alert in heard if alert.is_resolved(now) and group.notified_at is not None]
        state = frozenset(alert.fingerprint for alert in firing)
        wait_until = group.born_at + GROUP_WAIT_S if group.notified_at is None else group.notified_at + GROUP_INTERVAL_S
        if state == group.notified or now < wait_until or not (firing or resolved):
            return
        service = self._services.get(group.labels.get("service", ""))
        self._deliver(
            pagerduty_event(
                routing_key=service.routing_key if service else _DEFAULT_ROUTING_KEY,
                dedup_key=dedup_key(group.key),
                group=group.labels,
                firing=firing,
                resolved=resolved,
                external_url=self.external_url,
                receiver=group.route.receiver,
            )
        )
        group.notified_at, group.notified = now, state

    def _forget(self, group: _Group, now: float) -> None:
        """Drop alerts whose end has been told (or needs no telling), and the group with the last of them."""
        for key, alert in list(group.alerts.items()):
            told = group.route.receiver != PAGERDUTY or key not in group.notified
            if alert.is_resolved(now) and told:
                del group.alerts[key]
        if not group.alerts:
            del self._groups[group.key]
