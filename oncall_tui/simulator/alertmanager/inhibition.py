"""Which alerts mute others, looked up instead of searched for: ten thousand alerts are asked about at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

from .alerts import Alert
from .routing import INHIBIT_RULES, InhibitRule

_Equal = tuple[str | None, ...]
"""The values of the labels that source and target must share."""


class Inhibition:
    """The alerts that are a source of an inhibition rule, by rule and shared labels."""

    def __init__(self) -> None:
        self._until = -inf
        self._sources: list[dict[_Equal, list[Alert]]] = []

    def forget(self) -> None:
        """The alerts have changed."""
        self._until = -inf

    def inhibitors(self, alert: Alert, alerts: Iterable[Alert], now: float) -> tuple[str, ...]:
        """Fingerprints of the alerts that mute ``alert``; ``alerts`` are all there are."""
        if now >= self._until:
            active = [one for one in alerts if not one.is_resolved(now)]
            self._sources = [_by_equal(rule, active) for rule in INHIBIT_RULES]
            self._until = min((one.ends_at for one in active), default=inf)
        return tuple(
            source.fingerprint
            for rule, sources in zip(INHIBIT_RULES, self._sources, strict=True)
            if rule.target.matches(alert.labels)
            for source in sources.get(_equal(rule, alert.labels), ())
            if source is not alert
        )


def _by_equal(rule: InhibitRule, alerts: Iterable[Alert]) -> dict[_Equal, list[Alert]]:
    found: dict[_Equal, list[Alert]] = {}
    for alert in sorted((one for one in alerts if rule.source.matches(one.labels)), key=lambda one: one.fingerprint):
        found.setdefault(_equal(rule, alert.labels), []).append(alert)
    return found


def _equal(rule: InhibitRule, labels: Mapping[str, str]) -> _Equal:
    return tuple(labels.get(name) for name in rule.equal)
