"""``oncall-tui silence``, ``unsilence`` and ``silences``: what Alertmanager mutes, until when, and which alerts."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.act import Duration, end, line_of
from oncall_tui.cli.agreeing import refuse_unasked
from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines, table, terminal_width
from oncall_tui.cli.schema_acts import act_result, silence_answer, silence_object
from oncall_tui.cli.session import Rooms, Session
from oncall_tui.cli.silence_alerts import compare, records_of, shared_by
from oncall_tui.domain.action import Silence, Unsilence
from oncall_tui.domain.clocks import age, clock
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.silence import BadMatcher, Matcher, read_matcher
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.sources.errors import Refused, SourceError

if TYPE_CHECKING:
    from oncall_tui.domain.alert import Record
    from oncall_tui.sources.actors import Silencer

_SHOWN = 20
"""So many alerts are named of those that a silence would cover; the rest is counted."""

source_option = click.option("--source", metavar="NAME", help="Which Alertmanager, where there are several.")


class Moment(click.ParamType[datetime]):
    """A moment with its zone, or by the clock of this machine: 2026-11-21T06:00, 2026-11-21T06:00+01:00."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.fromisoformat(str(value)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{clean_line(str(value))} is no moment such as 2026-11-21T06:00", param, ctx)


@click.command()
@click.argument("matchers", metavar="[MATCHER]...", nargs=-1)
@click.option(
    "--alert",
    "alerts",
    metavar="ID",
    multiple=True,
    help="The labels of this alert, as matchers beside those that are written; of several those that they share.",
)
@click.option("--for", "duration", type=Duration(), metavar="DURATION", help="For so long from now: 30m, 4h, 1d.")
@click.option("--until", type=Moment(), metavar="MOMENT", help="Until then: 2026-11-21T06:00.")
@click.option("-m", "--message", "comment", required=True, metavar="TEXT", help="Why; the others read it.")
@click.option("--replace", "replaced", default="", metavar="ID", help="Take the place of this silence, to extend it.")
@source_option
@click.option("--dry-run", is_flag=True, help="Only tell which alerts it would cover.")
@click.option("--yes", "is_agreed", is_flag=True, help="Make it without asking.")
@as_json_option
@click.pass_obj
def silence(
    session: Session,
    /,
    matchers: tuple[str, ...],
    alerts: tuple[str, ...],
    duration: timedelta | None,
    until: datetime | None,
    comment: str,
    replaced: str,
    source: str | None,
    dry_run: bool,
    is_agreed: bool,
    as_json: bool,
) -> None:
    """Mute alerts by their labels, after telling which ones: severity=~"warning|page", team=data, env!=staging.

    All matchers must hold. Alertmanager itself is asked which active alerts they cover now.
    """
    now = session.clock()
    written = _read(matchers)
    if not written and not alerts:
        raise click.UsageError("Give a MATCHER, or an alert with --alert.")
    if not (dry_run or is_agreed):
        refuse_unasked(session, as_json=as_json, otherwise="what it would cover")
    ends_at = _end_of(now, duration, until)

    async def work(rooms: Rooms) -> None:
        name = _silencer(rooms, source)
        meant = await records_of(rooms, alerts, name) if alerts else ()
        wanted = (*written, *shared_by(meant, is_all=not written))
        action = Silence(tuple(map(str, wanted)), now, ends_at, comment)
        covered = await _covered_by(rooms.silencers[name], wanted)
        if not as_json:
            print_lines(_preview(name, action, covered, now))
        compare(meant, covered)
        is_meant = is_agreed or (not dry_run and await asyncio.to_thread(click.confirm, "Silence them?", err=True))
        reports = [await rooms.silence(name, action, replaced)] if is_meant and not dry_run else []
        if as_json:
            print_json(silence_answer(action, covered, [act_result(name, report) for report in reports]))
        else:
            print_lines([line_of(name, report) for report in reports])
        end(reports)

    session.in_rooms(work, changes_something=not dry_run)


async def _covered_by(silencer: "Silencer", matchers: Sequence[Matcher]) -> "Sequence[Record]":
    """What the matchers cover now. Matchers that Alertmanager does not take are bad usage, not a source that failed."""
    try:
        return await silencer.covered_by(matchers)
    except Refused as error:
        if error.status not in (None, 400):
            raise
        raise click.BadParameter(clean(f"{error} {error.hint}".strip()), param_hint="MATCHER") from error


@click.command()
@click.argument("silence_ids", metavar="ID...", nargs=-1, required=True)
@source_option
@as_json_option
@click.pass_obj
def unsilence(session: Session, /, silence_ids: tuple[str, ...], source: str | None, as_json: bool) -> None:
    """End silences now; `oncall-tui silences` lists their ids."""

    async def work(rooms: Rooms) -> None:
        name = _silencer(rooms, source)
        reports = [await rooms.silence(name, Unsilence(), one) for one in dict.fromkeys(silence_ids)]
        if as_json:
            print_json({"results": [act_result(one.alert_id, one) for one in reports]})
        else:
            print_lines([line_of(one.alert_id, one) for one in reports])
        end(reports)

    session.in_rooms(work, changes_something=True)


@click.command()
@as_json_option
@click.pass_obj
def silences(session: Session, /, as_json: bool) -> None:
    """List active and pending silences.

    The next to end comes first.
    """
    now = session.clock()

    async def work(rooms: Rooms) -> ExitCode:
        found, code = await _standing(rooms)
        found.sort(key=lambda pair: (pair[1].ends_at, pair[1].id))
        if as_json:
            print_json({"silences": [silence_object(name, one) for name, one in found]})
        elif not found:
            print_lines(["No silence." if rooms.silencers else "No source has silences: Alertmanager does."])
        else:
            print_lines(_listed(found, now))
        return code

    click.get_current_context().exit(session.in_rooms(work))


async def _standing(rooms: Rooms) -> tuple[list[tuple[SourceName, Muting]], ExitCode]:
    """What every source has; one that does not answer is named on stderr."""
    found: list[tuple[SourceName, Muting]] = []
    code = ExitCode.FINE
    for name, silencer in rooms.silencers.items():
        try:
            found += [(name, one) for one in await silencer.silences()]
        except SourceError as error:
            complain(f"{name} is missing here: {error} {error.hint}")
            code = ExitCode.SOURCE_FAILED
    return found, code


def _listed(found: Sequence[tuple[SourceName, Muting]], now: datetime) -> list[str]:
    headers = ("ENDS IN", "STATE", "SOURCE", "MATCHERS", "BY", "COMMENT", "ID")
    rows = [
        (age(one.ends_at - now), one.state.value, name, _in_words(one.matchers), one.created_by, one.comment, one.id)
        for name, one in found
    ]
    return table(headers, rows, gives_way={5: 12, 3: 20, 4: 6}, width=terminal_width())


def _in_words(matchers: Sequence[Matcher]) -> str:
    return ", ".join(map(str, matchers))


def _read(matchers: Sequence[str]) -> tuple[Matcher, ...]:
    try:
        return tuple(map(read_matcher, matchers))
    except BadMatcher as error:
        raise click.BadParameter(f"{error}.", param_hint="MATCHER") from None


def _end_of(now: datetime, duration: timedelta | None, until: datetime | None) -> datetime:
    if (duration is None) == (until is None):
        raise click.UsageError("Say when it ends: either --for or --until.")
    return until if until is not None else now + (duration or timedelta())


def _silencer(rooms: Rooms, wanted: str | None) -> SourceName:
    """The Alertmanager that is meant."""
    names = list(rooms.silencers)
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return SourceName(wanted)
    if not names:
        raise click.UsageError("No source has silences: configure an Alertmanager.")
    raise click.UsageError(f"Name one of the sources that have silences by --source: {', '.join(names)}.")


def _preview(name: str, action: Silence, covered: "Sequence[Record]", now: datetime) -> list[str]:
    """What the silence would mute."""
    until = clock(action.ends_at.astimezone(), now.astimezone())
    count = "no active alert" if not covered else "1 alert" if len(covered) == 1 else f"{len(covered)} alerts"
    lines = [f"{name}: {', '.join(map(clean_line, action.matchers))} until {until} covers {count} now"]
    lines += [
        f"  {one.severity.name}  {clean_line(f'{one.service}: {one.title}' if one.service else one.title)}"
        for one in covered[:_SHOWN]
    ]
    if len(covered) > _SHOWN:
        lines.append(f"  and {len(covered) - _SHOWN} more")
    if not covered:
        complain("Nothing is muted by it now: look at the matchers once more.")
    return lines
