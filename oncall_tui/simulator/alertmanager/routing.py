"""Routes, groups and inhibition: the part of alertmanager.yml the world uses, as data.

Source: "Configuration" (`route`, `inhibit_rule`) in the Prometheus documentation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from .matchers import Matcher, all_match

GROUP_BY = ("alertname", "service")
GROUP_WAIT_S = 2.0
GROUP_INTERVAL_S = 6.0


@dataclass(frozen=True, slots=True)
class Route:
    """A child of the root route; the first that matches takes the alert."""

    receiver: str
    matchers: tuple[Matcher, ...] = ()

    @property
    def key(self) -> str:
        """The route's part of a group key, as Alertmanager writes it: `{}/{severity="page"}`."""
        inner = ",".join(
            f'{matcher.name}{"=" if matcher.is_equal else "!"}{"~" if matcher.is_regex else ""}"{matcher.value}"'
            for matcher in self.matchers
        )
        return f"{{}}/{{{inner}}}" if self.matchers else "{}"


PAGERDUTY = "pagerduty"
SLACK = "slack-warning"

ROUTES: tuple[Route, ...] = (
    Route(PAGERDUTY, (Matcher("severity", "page|critical", is_regex=True),)),
    Route(PAGERDUTY, (Matcher("alertname", "QueueBacklog"),)),
    Route(SLACK),
)
"""The last one is the root route, which takes what is left."""


@dataclass(frozen=True, slots=True)
class InhibitRule:
    """An alert that matches `source` mutes those that match `target` with the same `equal` labels."""

    source: Matcher
    target: Matcher
    equal: tuple[str, ...]


INHIBIT_RULES = (InhibitRule(Matcher("severity", "critical"), Matcher("severity", "warning"), GROUP_BY),)


def route_of(labels: Mapping[str, str]) -> Route:
    """The route that takes an alert."""
    return next(route for route in ROUTES if all_match(route.matchers, labels))


def group_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels an alert is grouped by; absent ones are left out."""
    return {name: labels[name] for name in GROUP_BY if name in labels}


def group_key(route: Route, labels: Mapping[str, str]) -> str:
    """The key of an alert's group: `{}/{severity="page"}:{alertname="X", service="api"}`."""
    inner = ", ".join(f'{name}="{value}"' for name, value in sorted(group_labels(labels).items()))
    return f"{route.key}:{{{inner}}}"


def dedup_key(key: str) -> str:
    """PagerDuty's dedup key of a group: SHA-256 of the group key, hex (Alertmanager's `Key.Hash`)."""
    return hashlib.sha256(key.encode()).hexdigest()


CONFIGURATION = """\
route:
  receiver: slack-warning
  group_by: [alertname, service]
  group_wait: 2s
  group_interval: 6s
  repeat_interval: 4h
  routes:
    - receiver: pagerduty
      matchers: ['severity=~"page|critical"']
    - receiver: pagerduty
      matchers: ['alertname="QueueBacklog"']
inhibit_rules:
  - source_matchers: ['severity="critical"']
    target_matchers: ['severity="warning"']
    equal: [alertname, service]
receivers:
  - name: slack-warning
  - name: pagerduty
    pagerduty_configs:
      - routing_key: <secret>
"""
"""The same as YAML: what `/api/v2/status` shows as the original configuration."""
