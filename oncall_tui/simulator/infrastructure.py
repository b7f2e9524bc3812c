"""Metrics that need no code of their own: database, cache, load balancer, QR codes, business, security.

The names follow the metric names of the platform's monitoring plan in Prometheus style (`_total` on counters, the
unit in the name).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

GIB = 1024.0**3


@dataclass(frozen=True, slots=True)
class Gauge:
    """A gauge: `base + swing * (load - 1) + jitter * noise + effect`, where load is traffic over its daily mean.

    Attributes:
        effect: attribute of Effects that is added, times `effect_scale`; empty for none.
    """

    name: str
    service: str
    base: float
    swing: float = 0.0
    jitter: float = 0.0
    effect: str = ""
    effect_scale: float = 1.0
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter that grows by `per_s` per second at mean traffic, and by what goes wrong.

    Attributes:
        effect: attribute of Effects, per second, that is added, times `effect_scale`; empty for none.
    """

    name: str
    service: str
    per_s: float
    labels: Mapping[str, str] = field(default_factory=dict)
    effect: str = ""
    effect_scale: float = 1.0


GAUGES: tuple[Gauge, ...] = (
    Gauge("database_connections", "postgres", 83, 24, 20, "connections"),
    Gauge("database_max_connections", "postgres", 200),
    Gauge("database_cpu_utilization_percent", "postgres", 35, 11, 12, "api_cpu", 0.8),
    Gauge("database_freeable_memory_bytes", "postgres", 5.6 * GIB, -0.3 * GIB),
    Gauge("database_free_storage_bytes", "postgres", 96 * GIB, 0, 0.2 * GIB),
    Gauge("database_allocated_storage_bytes", "postgres", 200 * GIB),
    Gauge("database_replica_lag_seconds", "postgres", 0.03, 0.01, 0.02),
    Gauge("database_read_latency_seconds", "postgres", 0.0011, 0.0003, 0.0004),
    Gauge("database_write_latency_seconds", "postgres", 0.0024, 0.0005, 0.0006),
    Gauge("redis_memory_used_bytes", "redis-cache", 0, 0, 0.01 * GIB, "redis_memory", 4 * GIB),
    Gauge("redis_memory_max_bytes", "redis-cache", 4 * GIB),
    Gauge("redis_cpu_utilization_percent", "redis-cache", 18, 7, 8),
    Gauge("redis_connected_clients", "redis-cache", 61, 14, 6),
    Gauge("redis_replication_lag_seconds", "redis-cache", 0.01),
    Gauge("alb_target_response_time_seconds", "api", 0.11, 0.02, 0.03, "slow_share", 0.6),
    Gauge("alb_healthy_hosts", "api", 6),
    Gauge("alb_unhealthy_hosts", "api", 0),
    Gauge("transactions_processing_time_seconds", "webhook", 1.3, 0.3, 0.4),
    Gauge("card_linking_success_rate_percent", "banking", 98.4, 0, 1.5),
    Gauge("qr_generation_latency_seconds", "qr", 0.14, 0.03, 0.05, "qr_slowness"),
    Gauge("qr_validation_latency_seconds", "qr", 0.07, 0.02, 0.03, "slow_share", 0.06),
    Gauge("qr_blocked_points_timeout", "qr", 0),
    Gauge("daily_active_users", "api", 18_400, 900, 120),
    Gauge("conversion_rate_qr_percent", "points", 37.5, 1.0, 2.0),
    Gauge("premium_subscriptions", "api", 2_310),
    Gauge("certificate_expiry_days", "site", 61, labels={"domain": "rewapp.example"}),
    Gauge("certificate_expiry_days", "api", 74, labels={"domain": "api.rewapp.example"}),
    Gauge("certificate_expiry_days", "admin", 118, labels={"domain": "admin.rewapp.example"}),
)

COUNTERS: tuple[Counter, ...] = (
    Counter("redis_evictions_total", "redis-cache", 0.35),
    Counter("redis_keyspace_hits_total", "redis-cache", 410),
    Counter("redis_keyspace_misses_total", "redis-cache", 27),
    Counter("alb_requests_total", "api", 165),
    Counter("alb_elb_5xx_total", "api", 0.004),
    Counter("auth_login_attempts_total", "auth", 0.9),
    Counter("auth_2fa_validations_total", "auth", 0.3),
    Counter("transactions_detected_total", "webhook", 2.2),
    Counter("points_credited_total", "points", 41),
    Counter("qr_codes_generated_total", "qr", 1.9),
    Counter("qr_codes_scanned_total", "qr", 1.6),
    Counter("qr_expired_attempts_total", "qr", 0.02),
    Counter("qr_replay_attempts_total", "qr", 0.0),
    Counter("withdrawals_initiated_total", "banking", 0.05),
    Counter("transactions_volume_euros_total", "api", 61),
    Counter("cashback_distributed_euros_total", "points", 2.4),
    Counter("merchant_scan_volume_total", "partner", 0.6, {"merchant": "bakery-12"}),
    Counter("merchant_scan_volume_total", "partner", 0.4, {"merchant": "grocer-3"}),
    Counter("merchant_scan_volume_total", "partner", 0.3, {"merchant": "books-7"}),
    Counter("withdrawal_requests_total", "banking", 0.06),
    Counter("new_registrations_total", "auth", 0.03),
    Counter("failed_login_attempts_total", "auth", 0.04, effect="wrong_passwords"),
    Counter("brute_force_detected_total", "auth", 0.0, effect="wrong_passwords", effect_scale=0.1),
    Counter("api_rate_limit_exceeded_total", "api", 0.2),
    Counter("unauthorized_access_attempts_total", "api", 0.0),
    Counter("sql_injection_attempts_total", "api", 0.0),
    Counter("xss_attempts_total", "site", 0.0),
)
