"""``oncall-tui alerts``."""

import click

from oncall_tui.cli.listing import as_json_option, nothing, show
from oncall_tui.cli.output import is_colourful, table, terminal_width
from oncall_tui.cli.schema import alerts_picture
from oncall_tui.cli.session import Session
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import age
from oncall_tui.domain.environment import short_environment
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.query import Order, matching, ordered
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation

_COLOURS = {Severity.P1: "red", Severity.P2: "yellow", Severity.P3: "yellow", Severity.P4: "cyan", Severity.P5: None}
_HEADERS = ("SEV", "AGE", "STATUS", "SERVICE", "ALERT", "ID", "SEEN BY")
_WIDE = 150
"""From this width on there is room to name every source that sees an alert."""


@click.command()
@as_json_option
@click.option("--match", default="", metavar="FILTER", help="Only these: words, -words, sev<=2, service:api, age>10m.")
@click.option(
    "--sort",
    type=click.Choice([order.value for order in Order]),
    default=Order.SEVERITY.value,
    show_default=True,
    help="The order of the list.",
)
@click.pass_obj
def alerts(session: Session, as_json: bool, match: str, sort: str) -> None:
    """List the active alerts, the worst first.

    The same trouble seen by several tools is one line. Any id in the list is good for `oncall-tui ack`.
    """

    wanted = read_filter(match)
    if wanted.problems:
        raise click.BadParameter("; ".join(map(str, wanted.problems)), param_hint="--match")

    def chosen(situation: Situation) -> tuple[Alert, ...]:
        return ordered(matching(situation.alerts, wanted, situation.taken_at), Order(sort))

    show(
        session,
        as_json,
        lambda situation: {**alerts_picture(situation, chosen(situation))},
        lambda situation: lines_of(situation, chosen(situation)),
    )


def lines_of(situation: Situation, chosen: tuple[Alert, ...]) -> list[str]:
    """The alerts as a table."""
    if not chosen:
        words = f"None of {len(situation.alerts)} alerts matches" if situation.alerts else "No active alert"
        return [nothing(situation, words)]
    width = terminal_width()
    columns = [place for place, header in enumerate(_HEADERS) if header != "SEEN BY" or (width or _WIDE) >= _WIDE]
    rows = [_row(alert, situation) for alert in chosen]
    return table(
        [_HEADERS[place] for place in columns],
        [[row[place] for place in columns] for row in rows],
        gives_way={2: 12, 3: 10, 4: 8},
        width=width,
        colours=[_COLOURS[alert.severity] for alert in chosen] if is_colourful() else (),
    )


def _row(alert: Alert, situation: Situation) -> tuple[str, ...]:
    status = alert.status.value
    if alert.acknowledged_by:
        status = f"{status} by {alert.acknowledged_by}"
    suspect = f" (after {alert.suspects[0].label})" if alert.suspects else ""
    seen_by = ", ".join(dict.fromkeys(str(record.source) for record in alert.records))
    since = age(situation.taken_at - alert.since)
    where = short_environment(alert.environment) if situation.has_environments else ""
    service = f"{alert.service} {where}".strip()
    return (alert.severity.name, since, status, service, f"{alert.title}{suspect}", alert.id, seen_by)
