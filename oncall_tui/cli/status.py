"""``oncall-tui status``."""

from collections import Counter

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option, tell_failures
from oncall_tui.cli.output import print_json, print_lines
from oncall_tui.cli.schema import status_picture
from oncall_tui.cli.session import Session
from oncall_tui.domain.service import Health
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean_line

CODES = {
    Health.UP: ExitCode.STATUS_UP,
    Health.DEGRADED: ExitCode.STATUS_DEGRADED,
    Health.DOWN: ExitCode.STATUS_DOWN,
    Health.UNKNOWN: ExitCode.STATUS_UNKNOWN,
}


@click.command()
@as_json_option
@click.pass_obj
def status(session: Session, as_json: bool) -> None:
    """Say how everything is, in words and in the exit code.

    Exit codes: 0 UP, 1 DEGRADED, 2 DOWN, 3 UNKNOWN, as monitoring plugins use them. Here a bad option or
    configuration is 3 as well, so that it is never taken for DOWN.
    """
    situation = session.look()
    if as_json:
        print_json({**status_picture(situation)})
    else:
        print_lines(lines_of(situation))
    tell_failures(situation)
    click.get_current_context().exit(CODES[situation.verdict.health])


def lines_of(situation: Situation) -> list[str]:
    """The verdict, and what is counted."""
    alerts = Counter(alert.severity for alert in situation.alerts)
    services = Counter(service.health for service in situation.services)
    counted_alerts = ", ".join(f"{alerts[severity]} {severity.name}" for severity in Severity if alerts[severity])
    counted_services = ", ".join(f"{services[health]} {health.value}" for health in Health if services[health])
    return [
        f"{situation.verdict.health.name}  {clean_line(situation.verdict.reason)}",
        f"alerts: {counted_alerts or 'none'}",
        f"services: {counted_services or 'none known'}",
    ]
