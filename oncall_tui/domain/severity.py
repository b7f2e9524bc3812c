"""Severity P1 to P5, and the vendors' words for it (requirements SEV-01 to SEV-05)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """How bad it is, ordered: P1 is the worst and the smallest, so that sorting puts it first."""

    P1 = 1
    """Critical: service unavailable, data lost, security compromised."""
    P2 = 2
    """High: major degradation, a key feature affected."""
    P3 = 3
    """Medium: minor degradation, limited user impact."""
    P4 = 4
    """Low: anomaly without user impact."""
    P5 = 5
    """Info: a trend to watch."""

    @property
    def title(self) -> str:
        """The level in one word."""
        return _TITLES[self]


_TITLES = {
    Severity.P1: "critical",
    Severity.P2: "high",
    Severity.P3: "medium",
    Severity.P4: "low",
    Severity.P5: "info",
}


def worst(severities: Iterable[Severity]) -> Severity | None:
    """The most severe of ``severities``, None when there is none."""
    return min(severities, default=None)


_ITSELF = {severity.name.lower(): severity for severity in Severity}

PROMETHEUS_LABELS: Mapping[str, Severity] = _ITSELF | {
    "page": Severity.P1,
    "critical": Severity.P1,
    "error": Severity.P2,
    "high": Severity.P2,
    "major": Severity.P2,
    "warning": Severity.P3,
    "warn": Severity.P3,
    "medium": Severity.P3,
    "minor": Severity.P4,
    "low": Severity.P4,
    "ticket": Severity.P4,
    "info": Severity.P5,
    "none": Severity.P5,
}
"""Values of the ``severity`` label as rule authors write them."""

PAGERDUTY_PRIORITIES: Mapping[str, Severity] = _ITSELF | {
    "sev-1": Severity.P1,
    "sev-2": Severity.P2,
    "sev-3": Severity.P3,
    "sev-4": Severity.P4,
    "sev-5": Severity.P5,
}
"""Names of PagerDuty priorities: P1 to P5 are its classic scheme, SEV-1 to SEV-5 its other one."""

PAGERDUTY_URGENCIES: Mapping[str, Severity] = {"high": Severity.P2, "low": Severity.P4}
"""An incident without a priority only has an urgency, which says who is woken, not how bad it is."""

SENTRY_PRIORITIES: Mapping[str, Severity] = {"high": Severity.P3, "medium": Severity.P4, "low": Severity.P5}
"""Issue priority: an error in code is not an outage, so even a high one starts at P3."""

SENTRY_LEVELS: Mapping[str, Severity] = {
    "fatal": Severity.P2,
    "error": Severity.P3,
    "warning": Severity.P4,
    "info": Severity.P5,
    "debug": Severity.P5,
    "sample": Severity.P5,
}


@dataclass(frozen=True, slots=True)
class SeverityMap:
    """The vendors' words, lower case, to severities. Words that are not in a table give ``unknown``."""

    prometheus: Mapping[str, Severity] = field(default_factory=lambda: PROMETHEUS_LABELS)
    pagerduty_priority: Mapping[str, Severity] = field(default_factory=lambda: PAGERDUTY_PRIORITIES)
    pagerduty_urgency: Mapping[str, Severity] = field(default_factory=lambda: PAGERDUTY_URGENCIES)
    sentry_priority: Mapping[str, Severity] = field(default_factory=lambda: SENTRY_PRIORITIES)
    sentry_level: Mapping[str, Severity] = field(default_factory=lambda: SENTRY_LEVELS)
    unknown: Severity = Severity.P3
    """What an unlabelled alert is taken for: somebody meant to be told, so it is never dropped below P3."""

    def of_labels(self, labels: Mapping[str, str]) -> Severity:
        """From the ``severity`` label of a Prometheus or Alertmanager alert; ``priority`` where that is absent."""
        word = labels.get("severity") or labels.get("priority") or ""
        return self.prometheus.get(word.strip().lower(), self.unknown)

    def of_pagerduty(self, priority: str | None, urgency: str | None) -> Severity:
        """From an incident's priority, else its urgency."""
        if priority is not None:
            found = self.pagerduty_priority.get(priority.strip().lower())
            if found is not None:
                return found
        return self.pagerduty_urgency.get((urgency or "").strip().lower(), self.unknown)

    def of_sentry(self, level: str | None, priority: str | None) -> Severity:
        """From an issue's priority and level: the worse of the two that are known."""
        known = [
            self.sentry_priority.get((priority or "").strip().lower()),
            self.sentry_level.get((level or "").strip().lower()),
        ]
        return worst(severity for severity in known if severity is not None) or self.unknown
