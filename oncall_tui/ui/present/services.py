"""The service map: what is wrong gets a line each, what is fine shares lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.environment import are_several, short_environment
from oncall_tui.domain.service import Health, Service, ServiceId, called
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.present.words import health, severity, status

_CELL = 16
_NOBODY: Mapping[ServiceId, Alert] = {}


def as_of(situation: Situation) -> datetime | None:
    """When the services were as they are shown, if that is too long ago to be believed; None while it is not."""
    told = (one for one in situation.freshness if one.kind is SourceKind.PROMETHEUS)
    return min((one.fetched_at for one in told if one.fetched_at and one.is_stale(situation.taken_at)), default=None)


def service_map(
    services: Sequence[Service], width: int, height: int, old: str = "", shouting: Mapping[ServiceId, Alert] = _NOBODY
) -> Content:
    """The services on ``height`` lines of ``width`` cells, the worst first; those that do not fit are counted.

    Of no services nothing is drawn: ``emptiness.no_services`` says why there are none.

    ``shouting`` are alerts by the service they are about (``Situation.shouting``): one that measures well stands
    there with its alert, and is not called fine. ``old`` is the clock time of which they are, when that is too long
    ago. Then nothing has a colour: a green that nobody vouches for is worse than none.
    """
    drawn = _service_map(services, width, height, f"fine ({old})" if old else "fine", shouting)
    return Content.styled(drawn.plain, "$dim") if old else drawn


def _service_map(
    services: Sequence[Service], width: int, height: int, fine_word: str, shouting: Mapping[ServiceId, Alert]
) -> Content:
    measured = [one for one in services if one.health is not Health.UP]
    loud = [one for one in services if one.health is Health.UP and one.id in shouting]
    fine = [one for one in services if one.health is Health.UP and one.id not in shouting]
    room = max(height - (1 if fine else 0), 1)
    troubled = [*measured, *sorted(loud, key=lambda one: shouting[one.id].severity)]
    is_told = are_several(one.environment for one in services)
    lines = [_line(one, shouting.get(one.id), width, is_told) for one in troubled[:room]]
    if len(troubled) > room:
        lines[-1] = Content.styled(f"and {len(troubled) - room + 1} more services are not well", "$health-degraded")
    return Content("\n").join(lines + _fine(fine, width, max(height - len(lines), 1), fine_word, is_told))


def _line(service: Service, alert: Alert | None, width: int, is_told: bool) -> Content:
    """What is measured to be wrong; where nothing is, the alert that is about it."""
    if service.health is Health.UP and alert is not None:
        sign = status(alert.status, alert.severity)
        why = Content.assemble(severity(alert.severity), " ", (alert.headline, "$foreground"))
    else:
        sign = health(service.health)
        why = Content.styled("  ".join(service.troubles) or service.health.value, "$foreground")
    name = Content.styled(f" {called(service, with_environment=is_told):<12} ", "bold $bright")
    return (sign + name + why).truncate(width, ellipsis=True)


def _fine(services: Sequence[Service], width: int, lines: int, word: str, is_told: bool) -> list[Content]:
    """Services that are up: side by side, or a count where there is no room for their names."""
    if not services:
        return []
    cell = _CELL if not is_told else max(_CELL, 3 + max(len(_short(one)) for one in services))
    per_line = max(width // cell, 1)
    if len(services) > per_line * lines or lines < 2:
        verb = ("is" if len(services) == 1 else "are") if word == "fine" else "was" if len(services) == 1 else "were"
        count = f"{len(services)} {'service' if len(services) == 1 else 'services'} {verb} {word}"
        return [Content.assemble(health(Health.UP), (f" {count}", "$dim"))]
    rows = [services[start : start + per_line] for start in range(0, len(services), per_line)]
    return [Content("").join([_cell(_short(one) if is_told else one.name, cell) for one in row]) for row in rows]


def _short(service: Service) -> str:
    """``api prod``: where fine services stand side by side there is no room for more."""
    return f"{service.name} {short_environment(service.environment)}".strip()


def _cell(text: str, width: int) -> Content:
    name = Content(text).truncate(width - 3, ellipsis=True)
    return Content.assemble(health(Health.UP), " ", (f"{name!s:<{width - 2}}", "$dim"))
