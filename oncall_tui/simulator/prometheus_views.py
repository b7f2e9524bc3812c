"""The simulated Prometheus's view of its targets and rules, as JSON.

Source: "HTTP API" in the Prometheus documentation: targets, rules, alerts, build information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .prometheus_params import rfc3339
from .promql.format import format_exponent
from .rules import ActiveAlert, RuleEngine, RuleStatus

VERSION = "2.42.0"


@dataclass(frozen=True)
class Target:
    """One scrape target; times are unix seconds."""

    job: str
    instance: str
    labels: dict[str, str] = field(default_factory=dict)
    """Further labels besides job and instance."""
    up: bool = True
    last_scrape: float | None = None
    last_error: str = ""


def targets_data(targets: list[Target], state: str) -> dict[str, Any]:
    """Return the answer of ``/api/v1/targets``; *state* is active, dropped or any."""
    active = [] if state == "dropped" else [_target(target) for target in targets]
    return {"activeTargets": active, "droppedTargets": []}


def _target(target: Target) -> dict[str, Any]:
    url = f"http://{target.instance}/metrics"
    labels = {**target.labels, "instance": target.instance, "job": target.job}
    return {
        "discoveredLabels": {
            "__address__": target.instance,
            "__metrics_path__": "/metrics",
            "__scheme__": "http",
            "__scrape_interval__": "15s",
            "__scrape_timeout__": "10s",
            "job": target.job,
        },
        "labels": dict(sorted(labels.items())),
        "scrapePool": target.job,
        "scrapeUrl": url,
        "globalUrl": url,
        "lastError": target.last_error,
        "lastScrape": rfc3339(target.last_scrape),
        "lastScrapeDuration": 0.004,
        "health": "unknown" if target.last_scrape is None else "up" if target.up else "down",
        "scrapeInterval": "15s",
        "scrapeTimeout": "10s",
    }


def alerts_data(engine: RuleEngine) -> dict[str, Any]:
    """Return the answer of ``/api/v1/alerts``: pending and firing alerts."""
    return {"alerts": [_alert(alert) for alert in engine.active_alerts()]}


def rules_data(engine: RuleEngine, kind: str) -> dict[str, Any]:
    """Return the answer of ``/api/v1/rules``; *kind* is alert, record or empty for both."""
    groups: dict[str, list[RuleStatus]] = {}
    for status in engine.statuses:
        groups.setdefault(status.rule.group, []).append(status)
    return {"groups": [_group(engine, name, statuses, kind) for name, statuses in groups.items()]}


def _group(engine: RuleEngine, name: str, statuses: list[RuleStatus], kind: str) -> dict[str, Any]:
    return {
        "name": name,
        "file": f"/etc/prometheus/rules/{name}.yml",
        "rules": [] if kind == "record" else [_rule(status) for status in statuses],
        "interval": engine.interval_s,
        "limit": 0,
        "evaluationTime": 0.0005 * len(statuses),
        "lastEvaluation": rfc3339(statuses[0].last_evaluation),
    }


def _rule(status: RuleStatus) -> dict[str, Any]:
    body: dict[str, Any] = {
        "state": status.state,
        "name": status.rule.name,
        "query": status.rule.expr,
        "duration": status.rule.for_s,
        "keepFiringFor": status.rule.keep_firing_for_s,
        "labels": dict(status.rule.labels),
        "annotations": dict(status.rule.annotations),
        "alerts": [_alert(alert) for alert in status.active],
        "health": status.health,
        "evaluationTime": 0.0005,
        "lastEvaluation": rfc3339(status.last_evaluation),
        "type": "alerting",
    }
    if status.last_error:
        body["lastError"] = status.last_error
    return body


def _alert(alert: ActiveAlert) -> dict[str, Any]:
    body = {
        "labels": dict(alert.labels),
        "annotations": alert.annotations,
        "state": alert.state,
        "activeAt": rfc3339(alert.active_at),
        "value": format_exponent(alert.value),
    }
    if alert.keep_firing_since is not None:
        body["keepFiringSince"] = rfc3339(alert.keep_firing_since)
    return body


def alertmanagers_data(active: Sequence[str]) -> dict[str, Any]:
    """Return the answer of ``/api/v1/alertmanagers`` for base addresses: Prometheus tells where it posts alerts to."""
    return {"activeAlertmanagers": [{"url": f"{url}/api/v2/alerts"} for url in active], "droppedAlertmanagers": []}


def buildinfo_data() -> dict[str, str]:
    """Return the answer of ``/api/v1/status/buildinfo``."""
    return {
        "version": VERSION,
        "revision": "simulated",
        "branch": "HEAD",
        "buildUser": "simulator",
        "buildDate": "20230131-12:00:00",
        "goVersion": "go1.19.5",
    }
