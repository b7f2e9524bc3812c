"""``oncall-tui runbook runs``."""

import asyncio
from typing import TYPE_CHECKING, cast

import click

from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import print_json, print_lines, table, terminal_width
from oncall_tui.cli.runbook.library import settings
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_run import RunbookPastObject, RunbookRunsAnswer

if TYPE_CHECKING:
    from oncall_tui.assembly import Rooms
    from oncall_tui.runbook.run.history import PastRun


@click.command()
@as_json_option
@click.pass_obj
def runs(session: Session, as_json: bool) -> None:
    """List the runs of the last 90 days in which anything was done: open ones first, then the newest."""
    found = sorted(asyncio.run(_past(session)), key=lambda one: not one.is_open)
    if as_json:
        print_json(dict(RunbookRunsAnswer(runs=[_object(one) for one in found])))
    elif not found:
        print_lines(["No run. Those in which nothing was done are not listed."])
    else:
        rows = [
            (
                one.closed or "open",
                one.title,
                f"{one.opened_at:%Y-%m-%d %H:%M}",
                one.driven_by.removeprefix("user:"),
                str(one.started),
                str(one.done),
                str(one.failed),
                one.run_id,
            )
            for one in found
        ]
        headers = ("STATE", "TITLE", "OPENED (UTC)", "DRIVEN BY", "STARTED", "DONE", "FAILED", "RUN")
        print_lines(table(headers, rows, gives_way={1: 16, 0: 10}, width=terminal_width()))


async def _past(session: Session) -> "tuple[PastRun, ...]":
    rooms = cast("Rooms", await session.open_rooms(settings(session), session.environ))
    try:
        return await rooms.runbooks.past()
    finally:
        await rooms.close()


def _object(one: "PastRun") -> RunbookPastObject:
    return {
        "run": one.run_id,
        "runbook": one.runbook,
        "file": one.path,
        "title": one.title,
        "opened_at": one.opened_at.isoformat(),
        "actor": one.actor,
        "alert": one.alert or None,
        "driven_by": one.driven_by,
        "incident": one.incident or None,
        "started": one.started,
        "done": one.done,
        "failed": one.failed,
        "open": one.is_open,
        "outcome": one.closed or None,
        "closed_at": one.closed_at.isoformat() if one.closed_at is not None else None,
    }
