"""``oncall-tui services``."""

import click

from oncall_tui.cli.listing import as_json_option, nothing, show
from oncall_tui.cli.output import is_colourful, table, terminal_width
from oncall_tui.cli.schema import services_picture
from oncall_tui.cli.session import Session
from oncall_tui.domain.service import Health, Service, health_rank
from oncall_tui.domain.situation import Situation

_COLOURS = {Health.UP: "green", Health.UNKNOWN: "magenta", Health.DEGRADED: "yellow", Health.DOWN: "red"}


@click.command()
@as_json_option
@click.pass_obj
def services(session: Session, as_json: bool) -> None:
    """List the services and what is wrong with them.

    The worst come first. A service whose checks cannot be evaluated is unknown, never up.
    """
    show(session, as_json, lambda situation: {**services_picture(situation)}, lines_of)


def lines_of(situation: Situation) -> list[str]:
    """The services as a table, the worst first."""
    if not situation.services:
        return [nothing(situation, "No service is known")]
    found = sorted(situation.services, key=lambda one: (-health_rank(one.health), one.name, one.environment))
    return table(
        ("HEALTH", "SERVICE", "ENVIRONMENT", "TARGETS", "TROUBLE"),
        [_row(service) for service in found],
        gives_way={4: 20, 2: 10, 1: 12, 3: 4},
        width=terminal_width(),
        colours=[_COLOURS[service.health] for service in found] if is_colourful() else (),
    )


def _row(service: Service) -> tuple[str, ...]:
    targets = f"{service.targets.up}/{service.targets.total}" if service.targets else ""
    return (service.health.value, service.name, service.environment, targets, "; ".join(service.troubles))
