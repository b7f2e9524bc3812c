"""The alerting rules of the platform.

Thresholds are those of its monitoring plan (P95 300/500 ms, 5xx 1 %, queue 100/500, Redis memory 70 %); `for` and
the windows are short, so that a demo shows in half a minute what takes five in production.
"""

from __future__ import annotations

from .rules import AlertRule

_BY = "service, team, env"
_RUNBOOKS = "https://runbooks.rewapp.example"
_P95 = f"histogram_quantile(0.95, sum by (le, {_BY}) (rate(http_request_duration_seconds_bucket[30s])))"
_QUEUE = f"max by ({_BY}, queue) (queue_jobs_waiting)"


def _rule(
    name: str, expr: str, for_s: float, severity: str, summary: str, description: str, runbook: str, group: str
) -> AlertRule:
    annotations = {"summary": summary, "description": description, "runbook_url": f"{_RUNBOOKS}/{runbook}"}
    return AlertRule(name, expr, for_s, {"severity": severity}, annotations, group)


def _latency(threshold: float, severity: str) -> AlertRule:
    return _rule(
        "HighLatencyP95",
        f"{_P95} > {threshold}",
        4.0,
        severity,
        "{{ $labels.service }}: P95 latency above " + f"{threshold * 1000:.0f} ms",
        "P95 of {{ $labels.service }} is {{ $value | humanizeDuration }}.",
        "api-latency-high",
        "http",
    )


def _backlog(threshold: int, for_s: float, severity: str) -> AlertRule:
    return _rule(
        "QueueBacklog",
        f"{_QUEUE} > {threshold}",
        for_s,
        severity,
        "{{ $labels.service }}: more than " + f"{threshold} jobs waiting in " + "{{ $labels.queue }}",
        "{{ $value }} jobs are waiting in {{ $labels.queue }}.",
        "queue-backlog",
        "queues",
    )


RULES: tuple[AlertRule, ...] = (
    _rule(
        "HighErrorRate",
        f'sum by ({_BY}) (rate(http_requests_total{{code=~"5.."}}[30s]))'
        f" / sum by ({_BY}) (rate(http_requests_total[30s])) > 0.01",
        4.0,
        "page",
        "{{ $labels.service }}: 5xx above 1 %",
        "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} fail.",
        "error-rate-high",
        "http",
    ),
    _latency(0.5, "critical"),
    _latency(0.3, "warning"),
    _backlog(100, 60.0, "warning"),
    _backlog(500, 60.0, "critical"),
    _rule(
        "RedisMemoryHigh",
        "redis_memory_used_bytes / redis_memory_max_bytes > 0.7",
        300.0,
        "warning",
        "{{ $labels.service }}: memory above 70 %",
        "{{ $value | humanizePercentage }} of the memory of {{ $labels.instance }} is in use.",
        "redis-memory-high",
        "infrastructure",
    ),
    _rule(
        "DatabaseConnectionsHigh",
        "database_connections / database_max_connections > 0.7",
        60.0,
        "warning",
        "{{ $labels.service }}: connections above 70 % of the maximum",
        "{{ $value | humanizePercentage }} of the connections are in use.",
        "database-connections-exhausted",
        "infrastructure",
    ),
    _rule(
        "HighCpu",
        "container_cpu_utilization_percent > 85",
        180.0,
        "critical",
        "{{ $labels.service }}: CPU above 85 %",
        "CPU of {{ $labels.instance }} is at {{ $value | humanize }} %.",
        "cpu-high",
        "infrastructure",
    ),
    _rule(
        "TargetDown",
        "up == 0",
        10.0,
        "page",
        "{{ $labels.service }}: cannot be scraped",
        "{{ $labels.instance }} of job {{ $labels.job }} does not answer.",
        "target-down",
        "targets",
    ),
)

OTHER_RULES: tuple[AlertRule, ...] = (
    _rule(
        "DatabaseConnectionsHigh",
        "database_connections / database_max_connections > 0.85",
        4.0,
        "critical",
        "{{ $labels.service }}: connections above 85 % of the maximum",
        "{{ $value | humanizePercentage }} of the connections are in use.",
        "database-connections-exhausted",
        "infrastructure",
    ),
    _rule(
        "QrCodeGenerationSlow",
        "qr_generation_latency_seconds > 0.5",
        4.0,
        "page",
        "{{ $labels.service }}: making a QR code takes longer than 500 ms",
        "Making a QR code takes {{ $value | humanizeDuration }}.",
        "qr-code-failure",
        "qr",
    ),
    _rule(
        "BruteForceDetected",
        "increase(brute_force_detected_total[30s]) > 1",
        4.0,
        "page",
        "{{ $labels.service }}: many wrong passwords from one address",
        "{{ $value | humanize }} attacks within half a minute.",
        "security-incident",
        "security",
    ),
)
"""Of the incidents that happen only where all of them are wanted."""
