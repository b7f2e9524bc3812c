"""``oncall-tui history``."""

from datetime import UTC, datetime

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option, tell_failures
from oncall_tui.cli.output import print_json, print_lines
from oncall_tui.cli.schema_past import history_answer
from oncall_tui.cli.session import Rooms, Session
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import span_in_words
from oncall_tui.domain.history import Ending, Firing, History
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean_line


@click.command()
@click.argument("target", metavar="ID")
@as_json_option
@click.pass_obj
def history(session: Session, target: str, as_json: bool) -> None:
    """Say when an alert fired before, how long, and how it ended.

    The same alert is that of the same dedup key, else of the same title and service, within 30 days. PagerDuty is
    asked: ID names an alert that it holds.
    """
    zone = UTC if session.config().display.utc else None

    async def asked(rooms: Rooms) -> tuple[Situation, Alert | None, History | None]:
        from oncall_tui.response.targets import alerts_named

        situation = await rooms.look()
        found = alerts_named(situation, target)
        if len(found) > 1:
            ids = ", ".join(one.id for one in found)
            raise click.UsageError(f"{clean_line(target)} names {len(found)} alerts: name one of {ids}.")
        return (situation, found[0], await rooms.history_of(found[0])) if found else (situation, None, None)

    situation, alert, told = session.in_rooms(asked)
    code = tell_failures(situation)
    if alert is None or told is None:
        if code is not ExitCode.FINE:
            click.get_current_context().exit(code)
        raise click.UsageError(f"{clean_line(target)} names no active alert; `oncall-tui alerts` lists them.")
    if as_json:
        print_json({**history_answer(alert, told)})
    else:
        print_lines(lines_of(alert, told, situation.taken_at.astimezone(zone)))
    click.get_current_context().exit(code)


def lines_of(alert: Alert, told: History, now: datetime) -> list[str]:
    """How often, then every time with its last note."""
    title = clean_line(alert.title)
    span = f"{(told.until - told.since).days} days"
    if not told.firings:
        return [f"{title}: not once in the {span} before this time."]
    least = "at least " if told.is_cut else ""
    typical = f", {span_in_words(told.typical)} at the median" if told.typical is not None else ""
    times = "once" if len(told.firings) == 1 else f"{len(told.firings)} times"
    head = f"{title}: fired {least}{times} in the {span} before{typical} (the same {told.same_by.value})"
    return [head, *(line for one in told.firings for line in _lines(one, now))]


def _lines(one: Firing, now: datetime) -> list[str]:
    lasted = span_in_words(one.lasted) if one.lasted is not None else "open"
    ending = f"resolved by {one.by}" if one.ending is Ending.BY_SOMEBODY and one.by else one.ending.value
    began = one.began_at.astimezone(now.tzinfo)
    lines = [f"  {began:%Y-%m-%d %H:%M}  {lasted:<12}  {clean_line(ending)}"]
    if one.note is not None:
        by = f"{one.note.by}: " if one.note.by else ""
        lines.append(f"      {clean_line(by + one.note.text, 1_000)}")
    return lines
