"""What a Prometheus server tells somebody who knows nothing of it yet: what it watches, and where its alerts go.

Source: "HTTP API" in the Prometheus documentation: instant queries, Alertmanagers, configuration, build information.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeVar

from oncall_tui.domain.text import clean_line
from oncall_tui.sources.errors import Malformed, SourceError
from oncall_tui.sources.http import HttpCaller
from oncall_tui.sources.prometheus.external import external_labels
from oncall_tui.sources.together import together
from oncall_tui.sources.values import WRONG_SHAPE, line, objects, web_address

SERVICE_LABELS = ("service", "app", "app_kubernetes_io_name", "application", "component")
"""Labels that name services, the usual one first; ``job`` is on every target and comes last of all."""
ENVIRONMENT_LABELS = ("env", "environment", "stage", "deployment_environment", "deployment_environment_name")
LATENCY = "http_request_duration_seconds"
"""The histogram that the client libraries' examples name, and most services therefore have."""

_NO_LABELS: Mapping[str, str] = {}
_NO_ADDRESSES: tuple[str, ...] = ()
_ALERTS_PATHS = ("/api/v2/alerts", "/api/v1/alerts")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class FoundService:
    """A service out of the ``up`` metric."""

    name: str
    targets: int
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Latency:
    """The latency histogram of the service that serves most requests."""

    service: str
    label: str
    """The label whose value is ``service``."""
    p95_ms: float | None = None
    """Milliseconds over the last five minutes; None where nothing was served."""


@dataclass(frozen=True, slots=True)
class PrometheusFinds:
    """What the server tells. Everything but the services is optional: compatible servers lack parts of the API."""

    version: str = ""
    targets: int = 0
    service_label: str = SERVICE_LABELS[0]
    environment_label: str = ENVIRONMENT_LABELS[0]
    services: tuple[FoundService, ...] = ()
    """By name."""
    environments: tuple[str, ...] = ()
    """Of the targets, by name."""
    environment: str = ""
    """The external label, for a server whose targets do not say: one server for each environment."""
    alertmanagers: tuple[str, ...] = ()
    """Base addresses, as the server reaches them."""
    latency: Latency | None = None


async def discover(caller: HttpCaller) -> PrometheusFinds:
    """Look around, in six small requests.

    Raises:
        SourceError: the server cannot be asked, or is no Prometheus.
    """
    groups = await _required(caller)
    service_label = _most_used(SERVICE_LABELS, groups)
    environment_label = _most_used(ENVIRONMENT_LABELS, groups)
    async with together() as group:
        version = group.create_task(_optional("", lambda: _version(caller)))
        external = group.create_task(_optional(_NO_LABELS, lambda: _external(caller)))
        alertmanagers = group.create_task(_optional(_NO_ADDRESSES, lambda: _alertmanagers(caller)))
        latency = group.create_task(_optional(None, lambda: _latency(caller, service_label)))
    services = _services(groups, service_label, environment_label)
    outside = external.result()
    return PrometheusFinds(
        version=version.result(),
        targets=sum(count for _, count in groups),
        service_label=service_label,
        environment_label=environment_label,
        services=services,
        environments=tuple(sorted({one for service in services for one in service.environments})),
        environment=next((clean_line(outside[one]) for one in ENVIRONMENT_LABELS if outside.get(one)), ""),
        alertmanagers=alertmanagers.result(),
        latency=latency.result(),
    )


_Group = tuple[Mapping[str, str], int]
"""Labels, and how many targets carry them."""


async def _required(caller: HttpCaller) -> list[_Group]:
    """The targets, counted where they cannot be told apart: a thousand instances of a service are one line."""
    wanted = ", ".join((*SERVICE_LABELS, *ENVIRONMENT_LABELS, "job"))
    try:
        return [(labels, int(value)) for labels, value in await _query(caller, f"count by ({wanted}) (up)")]
    except WRONG_SHAPE:
        name, host = caller.connection.name, caller.connection.host
        raise Malformed(f"{name}: {host} is not a Prometheus API.", "Look at the address.") from None


async def _optional(default: Result, read: Callable[[], Awaitable[Result]]) -> Result:
    """What a server may lack."""
    try:
        return await read()
    except (SourceError, *WRONG_SHAPE):
        return default


async def _query(caller: HttpCaller, query: str) -> list[tuple[Mapping[str, str], float]]:
    """Labels and value of every series of an instant query."""
    answer: Any = await caller.get_json("/api/v1/query", {"query": query})
    return [(dict(one["metric"]), float(one["value"][1])) for one in answer["data"]["result"]]


async def _version(caller: HttpCaller) -> str:
    answer: Any = await caller.get_json("/api/v1/status/buildinfo")
    return line(answer["data"]["version"], 60)


async def _external(caller: HttpCaller) -> Mapping[str, str]:
    return external_labels(await caller.get_bytes("/api/v1/status/config"))


async def _alertmanagers(caller: HttpCaller) -> tuple[str, ...]:
    """Base addresses: the API gives the address that alerts are posted to."""
    answer: Any = await caller.get_json("/api/v1/alertmanagers")
    found = (web_address(one.get("url")) for one in objects(answer["data"]["activeAlertmanagers"]))
    return tuple(dict.fromkeys(_base(url) for url in found if url and "@" not in url))


def _base(url: str) -> str:
    for path in _ALERTS_PATHS:
        url = url.removesuffix(path)
    return url.rstrip("/")


async def _latency(caller: HttpCaller, service_label: str) -> Latency | None:
    """The busiest service that has the usual histogram, and how long its slowest requests take now."""
    served = await _query(caller, f"sum by ({service_label}, job) (rate({LATENCY}_count[5m]))")
    named = [(_named_by(labels, service_label), value) for labels, value in served if isfinite(value)]
    usable = [(label, name, value) for (label, name), value in named if name and clean_line(name) == name]
    if not usable:
        return None
    label, service, _ = max(usable, key=lambda one: one[2])
    quantile = await _query(caller, f"1000 * {quantile_query(0.95, label, service)}")
    p95 = next((value for _, value in quantile if isfinite(value)), None)
    return Latency(service, label, p95)


def quantile_query(quantile: float, label: str, value: str, window: str = "5m") -> str:
    """PromQL for a quantile of a service's latency, in seconds. ``value`` is quoted as Go quotes it."""
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return f"histogram_quantile({quantile:.2f}, sum by (le) (rate({LATENCY}_bucket{{{label}={quoted}}}[{window}])))"


def _most_used(labels: tuple[str, ...], groups: Iterable[_Group]) -> str:
    """The label that most targets carry; of equals, and where none is there, the first."""
    counted = dict.fromkeys(labels, 0)
    for found, count in groups:
        for label in labels:
            counted[label] += count if found.get(label) else 0
    return max(labels, key=lambda label: counted[label])


def _named_by(labels: Mapping[str, str], service_label: str) -> tuple[str, str]:
    """The label that names the service, and its name as it stands there."""
    label = service_label if labels.get(service_label) else "job"
    return label, labels.get(label, "")


def _services(groups: Iterable[_Group], service_label: str, environment_label: str) -> tuple[FoundService, ...]:
    targets: dict[str, int] = {}
    environments: dict[str, set[str]] = {}
    for labels, count in groups:
        name = clean_line(_named_by(labels, service_label)[1])
        if name:
            targets[name] = targets.get(name, 0) + count
            places = environments.setdefault(name, set())
            places |= {clean_line(labels[environment_label])} if labels.get(environment_label) else set()
    return tuple(FoundService(name, targets[name], tuple(sorted(environments[name]))) for name in sorted(targets))
