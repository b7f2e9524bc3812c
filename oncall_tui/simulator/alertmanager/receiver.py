"""The event that Alertmanager's PagerDuty receiver sends when `pagerduty_configs` is left at its defaults.

Source: notify/pagerduty, template/default.tmpl (`__subject`, `__text_alert_list`) and "Configuration"
(`pagerduty_config`) of Alertmanager; "Send an Event to PagerDuty" of the Events API v2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

from .alerts import Alert

CLIENT = "Alertmanager"
_MAX_SUMMARY = 1024


def text_alert_list(alerts: Sequence[Alert]) -> str:
    """Labels, annotations and source of each alert: the template `__text_alert_list`."""
    return "".join(
        "Labels:\n"
        + _pairs(alert.labels)
        + "Annotations:\n"
        + _pairs(alert.annotations)
        + f"Source: {alert.generator_url}\n"
        for alert in alerts
    )


def subject(group: Mapping[str, str], firing: Sequence[Alert], resolved: Sequence[Alert]) -> str:
    """The template `__subject`: `[FIRING:1] HighErrorRate api (production page platform)`."""
    common = common_labels([*firing, *resolved])
    status = f"[FIRING:{len(firing)}]" if firing else "[RESOLVED]"
    values = " ".join(group[name] for name in _sorted_names(group))
    rest = [common[name] for name in _sorted_names(common) if name not in group]
    extra = f"({' '.join(rest)})" if len(common) > len(group) else ""
    return f"{status} {values} {extra}"


def pagerduty_event(
    *,
    routing_key: str,
    dedup_key: str,
    group: Mapping[str, str],
    firing: Sequence[Alert],
    resolved: Sequence[Alert],
    external_url: str,
    receiver: str,
) -> dict[str, Any]:
    """The body POSTed to `/v2/enqueue`; it resolves once nothing of the group fires."""
    summary = subject(group, firing, resolved)
    return {
        "routing_key": routing_key,
        "event_action": "trigger" if firing else "resolve",
        "dedup_key": dedup_key,
        "client": CLIENT,
        "client_url": f"{external_url}/#/alerts?receiver={quote_plus(receiver)}",
        "payload": {
            "summary": summary if len(summary) <= _MAX_SUMMARY else summary[: _MAX_SUMMARY - 1] + "…",
            "source": CLIENT,
            "severity": "error",
            "custom_details": {
                "firing": text_alert_list(firing),
                "num_firing": str(len(firing)),
                "num_resolved": str(len(resolved)),
                "resolved": text_alert_list(resolved),
            },
        },
    }


def common_labels(alerts: Sequence[Alert]) -> dict[str, str]:
    """Labels with the same value on every alert."""
    if not alerts:
        return {}
    first, *others = alerts
    return {
        name: value for name, value in first.labels.items() if all(other.labels.get(name) == value for other in others)
    }


def _pairs(values: Mapping[str, str]) -> str:
    return "".join(f" - {name} = {values[name]}\n" for name in _sorted_names(values))


def _sorted_names(values: Mapping[str, str]) -> list[str]:
    """Sorted, `alertname` first: the order of `KV.SortedPairs`."""
    return sorted(values, key=lambda name: (name != "alertname", name))
