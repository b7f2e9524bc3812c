"""``oncall-tui ack``."""

from typing import TYPE_CHECKING

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import GAP, print_json, print_lines
from oncall_tui.cli.schema import ack_result
from oncall_tui.cli.session import Session
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.response.report import AckReport

DONE = frozenset({"confirmed", "already", "here only"})
"""Outcomes after which somebody is known to look at the alert."""


@click.command()
@click.argument("targets", metavar="ID...", nargs=-1, required=True)
@as_json_option
@click.pass_obj
def ack(session: Session, targets: tuple[str, ...], as_json: bool) -> None:
    """Acknowledge alerts.

    ID is that of an alert as `oncall-tui alerts` lists it, that of any record behind it, or the bare id at the
    vendor, e.g. of a PagerDuty incident. One result is printed for each; exit code 5 when any was not acknowledged.
    """
    wanted = tuple(dict.fromkeys(targets))
    reports = session.in_rooms(lambda rooms: rooms.acknowledge(wanted))
    results = list(zip(wanted, reports, strict=True))
    if as_json:
        print_json({"results": [ack_result(target, report) for target, report in results]})
    else:
        print_lines([line_of(target, report) for target, report in results])
    is_done = all(report.outcome in DONE for report in reports)
    click.get_current_context().exit(ExitCode.FINE if is_done else ExitCode.NOT_ACKNOWLEDGED)


def line_of(target: str, report: "AckReport") -> str:
    """One result in words: ``pagerduty/Q1: confirmed  Checkout is slow``."""
    title = report.title if report.title != target else ""
    by = f"by {report.by}" if report.by else ""
    lost = "the answer was lost, it may have arrived" if report.may_have_arrived else ""
    reason = "; ".join(part for part in (report.reason, lost) if part)
    told = " ".join(part for part in (report.outcome.value, by) if part)
    parts = (f"{target}: {told}", title, reason and f"({reason})")
    return GAP.join(clean_line(part, 1_000) for part in parts if part)
