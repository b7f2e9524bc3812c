"""Services out of the ``up`` metric and the configuration: how many targets answer, and what the checks say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from oncall_tui.config.model import PrometheusSettings, ServiceSettings
from oncall_tui.domain.service import Service, Targets
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.threshold import Reading
from oncall_tui.sources.labels import environment_of
from oncall_tui.sources.prometheus.queries import Line

_Place = tuple[str, str]
"""Name and environment."""


@dataclass
class _Counted:
    up: int = 0
    total: int = 0
    readings: tuple[Reading, ...] = field(default=())


class ServiceMap:
    """Puts targets and readings together under the names of the configuration."""

    def __init__(self, settings: PrometheusSettings, services: Mapping[str, ServiceSettings]) -> None:
        self._settings = settings
        self._services = services
        self._names = {alias: name for name, table in services.items() for alias in (*table.aliases, name)}

    def services(self, up: Iterable[Line], readings: Mapping[str, tuple[Reading, ...]]) -> tuple[Service, ...]:
        """Every service, by name and environment. ``up`` are the series of the metric of that name."""
        counted: dict[_Place, _Counted] = {}
        for line in up:
            place = self._place(line.labels)
            if self._settings.discover or place[0] in self._services:
                targets = counted.setdefault(place, _Counted())
                targets.total += 1
                targets.up += bool(line.samples) and line.samples[-1].value >= 1
        for name in self._services:
            self._attach(name, readings.get(name, ()), counted)
        return tuple(self._service(place, counted[place]) for place in sorted(counted))

    def _place(self, labels: Mapping[str, str]) -> _Place:
        """Where a target belongs: its service label, else its job, else its instance."""
        raw = labels.get(self._settings.service_label) or labels.get("job") or labels.get("instance") or "unnamed"
        name = clean_line(raw)
        name = self._names.get(name, name)
        table = self._services.get(name)
        default = (table.environment if table else "") or self._settings.environment
        return name, environment_of(labels, self._settings.environment_label, default)

    def _attach(self, name: str, readings: tuple[Reading, ...], counted: dict[_Place, _Counted]) -> None:
        """Give the readings to the discovered service of this name, else to one without targets.

        A service that runs in several environments has its readings in the configured one.
        """
        places = [place for place in counted if place[0] == name]
        environment = self._services[name].environment or self._settings.environment
        fitting = [place for place in places if place[1] == environment]
        if not fitting and len(places) == 1 and not self._services[name].environment:
            fitting = places
        if not fitting and not readings:
            return
        counted.setdefault(fitting[0] if fitting else (name, environment), _Counted()).readings = readings

    def _service(self, place: _Place, counted: _Counted) -> Service:
        name, environment = place
        table = self._services.get(name)
        targets = Targets(counted.up, counted.total) if counted.total else None
        return Service(name, environment, targets, counted.readings, table.url if table else None)
