"""The names of a large platform: further services, and what their alerts say."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from .catalogue import SERVICES, TEAMS, Service

_TRADES = (
    "cart", "ledger", "offer", "invoice", "search", "profile", "shipping", "refund", "loyalty", "fraud", "tax", "media",
    "review", "voucher", "stock", "pricing", "consent", "export", "session", "campaign", "geo", "label", "quota", "kyc",
)  # fmt: skip
_PARTS = ("api", "worker", "gateway", "cache", "index", "stream", "sync", "batch", "store", "edge", "proxy", "cron")
_PLACES = ("eu", "us", "ap", "sa")

RULES: tuple[tuple[str, str, str, str], ...] = (
    ("ContainerRestarting", "warning", "container restarts every few minutes", "pods"),
    ("HighMemory", "warning", "memory above 90 %", "pods"),
    ("SlowRequests", "warning", "P99 above 2 s", "http-further"),
    ("CertificateExpiring", "info", "certificate expires in 9 days", "certificates"),
    ("DiskFilling", "warning", "disk full within 24 h", "nodes"),
    ("ReplicaMissing", "critical", "one replica of three is missing", "pods"),
    ("ConsumerLag", "warning", "consumer lags by 12,000 messages", "streams"),
    ("ClockSkew", "info", "clock is 80 ms off", "nodes"),
)
"""Alert name, severity, what it says, group of rules."""

FOREIGN_ALERTS: tuple[tuple[str, str, str], ...] = (
    ("BackupLate", "warning", "last backup is 30 h old"),
    ("ProbeFailing", "warning", "blackbox probe fails from two places"),
    ("BudgetBurn", "info", "monthly error budget is spent by 80 %"),
)
"""Alerts that something else than this Prometheus posts to Alertmanager."""

PAGES: tuple[tuple[str, str], ...] = (
    ("Synthetic checkout fails", "P2"),
    ("Nightly reconciliation is late", "P4"),
    ("Partner feed delivers nothing", "P3"),
    ("Customer reports: slow statements", "P3"),
)
"""Title and priority of incidents that other tools opened in PagerDuty."""

ERRORS: tuple[tuple[str, str, str], ...] = (
    ("TypeError", "Cannot read properties of undefined (reading 'id')", "renderOffer"),
    ("TimeoutError", "upstream did not answer within 5000 ms", "HttpClient.get"),
    ("IntegrityError", "duplicate key value violates unique constraint", "Repository.save"),
    ("ValidationError", "amount must be positive", "POST /v1/transactions"),
)
"""Type, message and culprit of Sentry issues."""


def further_services(count: int) -> tuple[Service, ...]:
    """``count`` services beyond those of the catalogue: without traffic, each with a team and an id in PagerDuty."""
    pattern = SERVICES[-1]
    names = (f"{trade}-{part}-{place}" for place, part, trade in product(_PLACES, _PARTS, _TRADES))
    return tuple(
        replace(
            pattern,
            name=name,
            team=TEAMS[number % len(TEAMS)],
            port=20_000 + number,
            pagerduty_id=f"PX{number:05d}",
        )
        for number, name in zip(range(count), names, strict=False)
    )


MOST_SERVICES = len(SERVICES) + len(_TRADES) * len(_PARTS) * len(_PLACES)
