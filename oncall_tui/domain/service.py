"""A service, its health, and the worst of many healths."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from oncall_tui.domain.environment import canonical_environment
from oncall_tui.domain.severity import Severity, worst
from oncall_tui.domain.threshold import Level, Reading


class Health(StrEnum):
    """Four states. UNKNOWN is a state of its own: it never counts as UP."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


_RANK = {Health.UP: 0, Health.UNKNOWN: 1, Health.DEGRADED: 2, Health.DOWN: 3}


def worst_health(healths: Iterable[Health]) -> Health:
    """The one that must be shown: DOWN, then DEGRADED, then UNKNOWN, then UP. Of nothing: UNKNOWN."""
    return max(healths, key=_RANK.__getitem__, default=Health.UNKNOWN)


def health_rank(health: Health) -> int:
    """The place of a health in the order UP 0, UNKNOWN 1, DEGRADED 2, DOWN 3."""
    return _RANK[health]


def health_of_severity(severity: Severity | None) -> Health:
    """P1 is DOWN, P2 and P3 are DEGRADED, the rest does not touch health (requirement D1-01)."""
    if severity is None or severity >= Severity.P4:
        return Health.UP
    return Health.DOWN if severity is Severity.P1 else Health.DEGRADED


class ServiceId(NamedTuple):
    """Which service, wherever names are spelled in another way: ``api`` in production is not ``api`` in staging."""

    name: str
    """In small letters."""
    environment: str
    """As ``canonical_environment`` has it; empty where nobody says."""


def service_id(name: str, environment: str = "") -> ServiceId:
    """The id of the service that is called so, there."""
    return ServiceId(name.casefold(), canonical_environment(environment))


@dataclass(frozen=True, slots=True)
class Targets:
    """How many scrape targets of a service answer, from Prometheus's ``up`` metric."""

    up: int
    total: int


@dataclass(frozen=True, slots=True)
class Service:
    """One service as the sources see it: its targets and the readings of its checks."""

    name: str
    environment: str = ""
    targets: Targets | None = None
    readings: tuple[Reading, ...] = ()
    url: str | None = None
    health: Health = field(init=False, repr=False, compare=False)
    """The worst of the targets and of the readings; with neither, UNKNOWN."""
    id: ServiceId = field(init=False, repr=False, compare=False)
    """Name and environment in one spelling."""

    def __post_init__(self) -> None:
        healths = [_health_of_reading(reading) for reading in self.readings]
        if self.targets is not None:
            healths.append(_health_of_targets(self.targets))
        # Once: with every picture both are asked for eight times, by the banner, the map, the headings and the alerts.
        object.__setattr__(self, "health", worst_health(healths))
        object.__setattr__(self, "id", service_id(self.name, self.environment))

    @property
    def severity(self) -> Severity | None:
        """The worst severity that a reading suggests."""
        return worst(reading.severity for reading in self.readings if reading.severity is not None)

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is wrong or not known, in words, the worst first; empty when the service is fine."""
        words: list[str] = []
        if self.targets is not None and self.targets.up < self.targets.total:
            words.append(f"{self.targets.total - self.targets.up} of {self.targets.total} targets down")
        for level in (Level.CRITICAL, Level.WARNING, Level.UNKNOWN):
            words += [describe(reading) for reading in self.readings if reading.level is level]
        return tuple(words)


def describe(reading: Reading) -> str:
    """A reading in words: ``p95 640 ms (over 500)``, or its reason when it has no value."""
    check = reading.check
    if reading.value is None:
        return f"{check.name}: {reading.reason}"
    is_percentage = check.percent_of_maximum and reading.level is not Level.UNKNOWN
    value = f"{check.name} {format_value(reading.value, '%' if is_percentage else check.unit)}"
    return f"{value} ({reading.reason})" if reading.reason else value


def format_value(value: float, unit: str) -> str:
    """A value and its unit in few characters: whole from 100 up (``12 345``), below that three significant digits.

    What is not zero is never written as zero: ``0.0004``.
    """
    text = f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.3g}"
    return f"{text} {unit}" if unit else text


def _health_of_reading(reading: Reading) -> Health:
    if reading.level is Level.UNKNOWN:
        return Health.UNKNOWN
    return health_of_severity(reading.severity)


def _health_of_targets(targets: Targets) -> Health:
    if targets.total == 0:
        return Health.UNKNOWN
    if targets.up == 0:
        return Health.DOWN
    return Health.UP if targets.up == targets.total else Health.DEGRADED


def called(service: Service, *, with_environment: bool = False) -> str:
    """A service by its name; with its environment where there are several: ``api staging``."""
    return f"{service.name} {service.environment}".strip() if with_environment else service.name
