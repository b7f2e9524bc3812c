"""``oncall-tui deployments``."""

import click

from oncall_tui.cli.listing import as_json_option, nothing, show
from oncall_tui.cli.output import table, terminal_width
from oncall_tui.cli.schema import deployments_picture
from oncall_tui.cli.session import Session
from oncall_tui.domain.clocks import age
from oncall_tui.domain.situation import Situation


@click.command()
@as_json_option
@click.pass_obj
def deployments(session: Session, as_json: bool) -> None:
    """List recent deployments, the newest first.

    A deployment that several sources tell of is one line.
    """
    show(session, as_json, lambda situation: {**deployments_picture(situation)}, lines_of)


def lines_of(situation: Situation) -> list[str]:
    """The deployments as a table."""
    if not situation.deployments:
        return [nothing(situation, "No recent deployment")]
    rows = [
        (
            age(situation.taken_at - one.at),
            one.service,
            one.version,
            one.environment,
            one.status.value,
            one.author,
            one.summary,
        )
        for one in situation.deployments
    ]
    headers = ("AGE", "SERVICE", "VERSION", "ENVIRONMENT", "STATUS", "AUTHOR", "SUMMARY")
    return table(headers, rows, gives_way={6: 16, 5: 10, 3: 10, 2: 10, 1: 10}, width=terminal_width())
