"""``oncall-tui outbox``: what waits in the journal because its pager is out of reach; sent or dropped from here."""

import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.act import line_of
from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import fitted, print_json, print_lines, table, terminal_width
from oncall_tui.cli.schema_acts import act_result, outbox_answer
from oncall_tui.cli.session import Rooms, Session
from oncall_tui.domain.clocks import age
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.response.unsent import Unsent


@click.command()
@click.option("--send", "is_sent", is_flag=True, help="Try to send it now.")
@click.option("--drop", "dropped", metavar="ID", multiple=True, help="Take this entry out; nothing of it is sent.")
@as_json_option
@click.pass_obj
def outbox(session: Session, /, is_sent: bool, dropped: tuple[str, ...], as_json: bool) -> None:
    """List what waits to be sent, and what was cut off before an answer came, the oldest first.

    An acknowledge or a note waits here while its pager is out of reach, for 15 minutes at most. The screen sends it.
    What was cut off when a program ended the next start of the screen looks at.
    """
    if is_sent and dropped:
        raise click.UsageError("--send and --drop cannot be combined.")
    now = session.clock()

    async def work(rooms: Rooms) -> ExitCode:
        if dropped:
            return await _drop(rooms, tuple(dict.fromkeys(dropped)), as_json)
        if is_sent:
            return await _send(rooms, now, as_json)
        found = await rooms.outbox.unsent(now)
        waiting = [one for one in found if one.is_waiting]
        cut_off = [one for one in found if not one.is_waiting]
        if as_json:
            print_json(outbox_answer(waiting, cut_off))
        else:
            lines = _listed(waiting, now) if waiting else ["Nothing waits to be sent."]
            print_lines([*lines, *(["", "Cut off before an answer:", *_told_of(cut_off, now)] if cut_off else [])])
        return ExitCode.FINE

    click.get_current_context().exit(session.in_rooms(work, changes_something=is_sent or bool(dropped)))


async def _send(rooms: Rooms, now: datetime, as_json: bool) -> ExitCode:
    reports = await rooms.outbox.flush()
    waiting = await rooms.outbox.waiting(now)
    if as_json:
        print_json({"results": [act_result(one.alert_id, one) for one in reports]})
    else:
        still = _listed(waiting, now) if waiting else []
        told = [line_of(one.alert_id, one) for one in reports]
        print_lines([*told, *still] or ["Nothing waits to be sent."])
    return ExitCode.WAITS if waiting else ExitCode.FINE


async def _drop(rooms: Rooms, ids: Sequence[str], as_json: bool) -> ExitCode:
    from oncall_tui.domain.ids import AlertId
    from oncall_tui.response.report import ActReport, Outcome

    results: list[tuple[str, ActReport]] = []
    for one in ids:
        found = await rooms.outbox.drop(one)
        reason = "no entry of this id waits, or it is just being sent; `oncall-tui outbox` lists them"
        results.append((one, found or ActReport(AlertId(one), one, Outcome.FAILED, reason)))
    if as_json:
        print_json({"results": [act_result(*pair) for pair in results]})
    else:
        print_lines([line_of(*pair) for pair in results])
    return ExitCode.FINE if all(one.outcome is Outcome.DROPPED for _, one in results) else ExitCode.NOT_DONE


def _told_of(cut_off: "Sequence[Unsent]", now: datetime) -> list[str]:
    from oncall_tui.response.unsent import at_next_start

    lines: list[str] = []
    width = terminal_width()
    for one in cut_off:
        verb, where = one.intent.action.verb, clean_line(one.intent.title) or one.intent.source
        line = f"{age(now - one.at)}  {verb}  {one.intent.alert_id or one.intent.source}  {where}"
        becomes = at_next_start(one)
        if width is not None:
            line = fitted(line, width).rstrip()
            becomes = "\n    ".join(textwrap.wrap(becomes, max(width - 4, 20)))
        lines += [line, f"    {becomes}"]
    return lines


def _listed(waiting: "Sequence[Unsent]", now: datetime) -> list[str]:
    headers = ("AGE", "VERB", "SOURCE", "ALERT", "TITLE", "REASON", "ID")
    rows = [
        (
            age(now - one.at),
            str(one.intent.action.verb),
            one.intent.source,
            one.intent.alert_id,
            clean_line(one.intent.title),
            one.reason,
            one.intent.request_id,
        )
        for one in waiting
    ]
    # The id stays whole on 80 columns: it is what `--drop` asks for.
    return table(headers, rows, gives_way={5: 8, 4: 8, 3: 6, 2: 6}, width=terminal_width())
