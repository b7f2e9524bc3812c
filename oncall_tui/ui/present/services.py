"""The service map: what is wrong gets a line each, what is fine shares lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.service import Health, Service
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.present.words import health, severity, status

_CELL = 16
_NOBODY: Mapping[str, Alert] = {}


def as_of(situation: Situation) -> datetime | None:
    """When the services were as they are shown, if that is too long ago to be believed; None while it is not."""
    told = (one for one in situation.freshness if one.kind is SourceKind.PROMETHEUS)
    return min((one.fetched_at for one in told if one.fetched_at and one.is_stale(situation.taken_at)), default=None)


def service_map(
    services: Sequence[Service], width: int, height: int, old: str = "", shouting: Mapping[str, Alert] = _NOBODY
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
    services: Sequence[Service], width: int, height: int, fine_word: str, shouting: Mapping[str, Alert]
) -> Content:
    measured = [one for one in services if one.health is not Health.UP]
    loud = [one for one in services if one.health is Health.UP and one.name.casefold() in shouting]
    fine = [one for one in services if one.health is Health.UP and one.name.casefold() not in shouting]
    room = max(height - (1 if fine else 0), 1)
    troubled = [*measured, *sorted(loud, key=lambda one: shouting[one.name.casefold()].severity)]
    lines = [_line(one, shouting.get(one.name.casefold()), width) for one in troubled[:room]]
    if len(troubled) > room:
        lines[-1] = Content.styled(f"and {len(troubled) - room + 1} more services are not well", "$health-degraded")
    return Content("\n").join(lines + _fine(fine, width, max(height - len(lines), 1), fine_word))


def _line(service: Service, alert: Alert | None, width: int) -> Content:
    """What is measured to be wrong; where nothing is, the alert that is about it."""
    if service.health is Health.UP and alert is not None:
        sign = status(alert.status, alert.severity)
        why = Content.assemble(severity(alert.severity), " ", (alert.headline, "$foreground"))
    else:
        sign = health(service.health)
        why = Content.styled("  ".join(service.troubles) or service.health.value, "$foreground")
    name = Content.styled(f" {service.name:<12} ", "bold $bright")
    return (sign + name + why).truncate(width, ellipsis=True)


def _fine(services: Sequence[Service], width: int, lines: int, word: str) -> list[Content]:
    """Services that are up: side by side, or a count where there is no room for their names."""
    if not services:
        return []
    per_line = max(width // _CELL, 1)
    if len(services) > per_line * lines or lines < 2:
        verb = ("is" if len(services) == 1 else "are") if word == "fine" else "was" if len(services) == 1 else "were"
        count = f"{len(services)} {'service' if len(services) == 1 else 'services'} {verb} {word}"
        return [Content.assemble(health(Health.UP), (f" {count}", "$dim"))]
    rows = [services[start : start + per_line] for start in range(0, len(services), per_line)]
    return [Content("").join([_cell(one) for one in row]) for row in rows]


def _cell(service: Service) -> Content:
    name = Content(service.name).truncate(_CELL - 3, ellipsis=True)
    return Content.assemble(health(Health.UP), " ", (f"{name!s:<{_CELL - 2}}", "$dim"))
