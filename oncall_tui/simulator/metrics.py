"""The metrics of the platform, written sample by sample into the series store.

Every series carries the target labels `job`, `instance`, `service`, `team` and `env`. Counters hold fractions: at
0.5 requests/s whole numbers would make a ratio over 30 s jump between 0 and several percent.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from typing import Protocol

from .catalogue import APPLICATIONS, BY_NAME, SERVICES, Service
from .curves import daily
from .effects import Effects
from .infrastructure import COUNTERS, GAUGES
from .latency import LE, LatencyModel

Append = Callable[[int, float], None]
"""Adds a sample to one series: epoch milliseconds, value."""

_DRIFT_S = 1800.0
"""Latency wanders by some 7 % over half an hour, at any step width."""


class SeriesHandle(Protocol):
    """One series, open for appending."""

    def append_ms(self, t_ms: int, v: float, /) -> None:
        """Add a sample: epoch milliseconds, value."""


class Store(Protocol):
    """What of the series store the metrics need."""

    def series(self, labels: Mapping[str, str], /) -> SeriesHandle:
        """The series with exactly these labels, `__name__` included."""


def opener(store: Store, base: Mapping[str, str]) -> Callable[..., Append]:
    """A function that opens a series of one target: `open(name, route="/x")` gives its `append_ms`."""

    def open_series(name: str, **labels: str) -> Append:
        return store.series({"__name__": name, **base, **labels}).append_ms

    return open_series


class HttpMetrics:
    """Requests, errors and latency of one service."""

    def __init__(self, store: Store, service: Service) -> None:
        self._service = service
        self._drift = 0.0
        series = opener(store, service.labels)
        self._routes = [
            _RouteMetrics(
                series, route.path, route.share, LatencyModel(service.median_s * route.weight, service.spread)
            )
            for route in service.routes
        ]
        self._errors = {kind: series("http_request_errors_total", type=kind) for kind in ("4xx", "5xx")}
        self._error_counts = {"4xx": 0.0, "5xx": 0.0}
        self._connections = series("active_connections")

    def write(self, t_ms: int, dt: float, load: float, noise: float, effects: Effects) -> None:
        """One step: `load` is traffic relative to the day's mean, `noise` around 1."""
        service = self._service
        is_api = service.name == "api"
        requests = service.requests_per_s * load * noise * dt
        errors_5xx = service.server_errors * noise + (effects.server_errors if is_api else 0.0)
        errors_4xx = service.client_errors * noise
        slow = effects.slow_share if is_api else 0.0
        kept = math.exp(-dt / _DRIFT_S)
        self._drift = kept * self._drift + math.sqrt(1.0 - kept * kept) * (noise - 1.0)
        slowness = 0.76 + 0.24 * load + 1.4 * self._drift
        for route in self._routes:
            shape = route.model.shape(slowness, slow, effects.slow_factor)
            route.write(t_ms, requests * route.share, errors_4xx, errors_5xx, shape)
        for kind, ratio in (("4xx", errors_4xx), ("5xx", errors_5xx)):
            self._error_counts[kind] += requests * ratio
            self._errors[kind](t_ms, self._error_counts[kind])
        mean_latency = service.median_s * (1.0 + slow * effects.slow_factor)
        self._connections(t_ms, round(4.0 + 40.0 * requests / dt * mean_latency))


class _RouteMetrics:
    """Counters of one route."""

    def __init__(self, series: Callable[..., Append], path: str, share: float, model: LatencyModel) -> None:
        self.share = share
        self.model = model
        name = "http_request_duration_seconds"
        self._codes = [series("http_requests_total", route=path, code=code) for code in ("200", "404", "500", "503")]
        self._code_counts = [0.0] * 4
        self._buckets = [series(f"{name}_bucket", route=path, le=le) for le in LE]
        self._bucket_counts = [0.0] * len(LE)
        self._sum, self._count = series(f"{name}_sum", route=path), series(f"{name}_count", route=path)
        self._total = 0.0

    def write(
        self, t_ms: int, requests: float, errors_4xx: float, errors_5xx: float, shape: tuple[tuple[float, ...], float]
    ) -> None:
        shares, mean = shape
        counts = self._code_counts
        ratios = (1.0 - errors_4xx - errors_5xx, errors_4xx, 0.7 * errors_5xx, 0.3 * errors_5xx)
        for index, ratio in enumerate(ratios):
            counts[index] += requests * ratio
            self._codes[index](t_ms, counts[index])
        buckets = self._bucket_counts
        for index, append in enumerate(self._buckets):
            buckets[index] += requests * shares[index]
            append(t_ms, buckets[index])
        self._total += requests * mean
        self._sum(t_ms, self._total)
        self._count(t_ms, buckets[-1])


class MachineMetrics:
    """Health, containers and machine of one service."""

    def __init__(self, store: Store, service: Service) -> None:
        self._service = service
        series = opener(store, service.labels)
        self._up = series("up")
        self._cpu = series("container_cpu_utilization_percent")
        self._memory = series("container_memory_utilization_percent")
        self._disk = series("disk_used_percent")
        self._tasks = [series(f"ecs_{word}_task_count") for word in ("running", "desired", "pending")]
        self._queue = series("queue_jobs_waiting", queue=service.queue) if service.queue else None
        self._failed = series("queue_jobs_failed_total", queue=service.queue) if service.queue else None
        self._failed_count = 0.0

    def write(self, t_ms: int, dt: float, load: float, noise: float, effects: Effects, is_up: bool) -> None:
        """One step; see HttpMetrics.write."""
        service = self._service
        added = effects.api_cpu if service.name == "api" else 0.0
        self._up(t_ms, 1.0 if is_up else 0.0)
        self._cpu(t_ms, min(100.0, service.cpu * (0.62 + 0.38 * load) * noise + added))
        self._memory(t_ms, min(100.0, service.memory * (0.97 + 0.03 * noise)))
        self._disk(t_ms, service.disk + 0.2 * noise)
        running = float(service.tasks) if is_up else 0.0
        for append, value in zip(self._tasks, (running, float(service.tasks), 0.0), strict=True):
            append(t_ms, value)
        if self._queue is not None and self._failed is not None:
            waiting = effects.points_queue if service.name == "points" else 9.0 * load
            self._queue(t_ms, round(waiting * (0.9 + 0.1 * noise)))
            self._failed_count += dt * 0.00012 * load
            self._failed(t_ms, self._failed_count)


class PlatformMetrics:
    """Gauges and counters of database, cache, load balancer, business and security, from the tables."""

    def __init__(self, store: Store) -> None:
        self._gauges = [
            (spec, opener(store, BY_NAME[spec.service].labels)(spec.name, **spec.labels)) for spec in GAUGES
        ]
        self._counters = [
            (spec, opener(store, BY_NAME[spec.service].labels)(spec.name, **spec.labels)) for spec in COUNTERS
        ]
        self._totals = [0.0] * len(COUNTERS)

    def write(self, t_ms: int, dt: float, load: float, noise: float, effects: Effects) -> None:
        """One step; see HttpMetrics.write."""
        for spec, append in self._gauges:
            added = getattr(effects, spec.effect) * spec.effect_scale if spec.effect else 0.0
            append(t_ms, spec.base + spec.swing * (load - 1.0) + spec.jitter * (noise - 1.0) + added)
        for index, (counter, append) in enumerate(self._counters):
            added = getattr(effects, counter.effect) * counter.effect_scale if counter.effect else 0.0
            self._totals[index] += (counter.per_s * load * noise + added) * dt
            append(t_ms, self._totals[index])


class Metrics:
    """All series of the platform.

    Args:
        store: where samples go.
        rng: seeded; the same seed gives the same samples.
    """

    def __init__(self, store: Store, rng: random.Random) -> None:
        self._rng = rng
        self._machines = [MachineMetrics(store, service) for service in SERVICES]
        self._http = [HttpMetrics(store, service) for service in APPLICATIONS]
        self._platform = PlatformMetrics(store)

    def write(self, t: float, dt: float, effects: Effects, down: frozenset[str] = frozenset()) -> None:
        """Append one sample to every series.

        Args:
            t: epoch seconds.
            dt: seconds since the previous samples; counters grow by it.
            effects: what is wrong at that moment.
            down: services that cannot be scraped: `up` is 0 and their other counters stand still.
        """
        t_ms = round(t * 1000)
        load = daily(t)
        gauss = self._rng.gauss
        for machine, service in zip(self._machines, SERVICES, strict=True):
            machine.write(t_ms, dt, load, gauss(1.0, 0.04), effects, service.name not in down)
        for http, service in zip(self._http, APPLICATIONS, strict=True):
            if service.name not in down:
                http.write(t_ms, dt, load, gauss(1.0, 0.05), effects)
        self._platform.write(t_ms, dt, load, gauss(1.0, 0.03), effects)
