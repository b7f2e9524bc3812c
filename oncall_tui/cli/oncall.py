"""``oncall-tui oncall``."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option, tell_failures
from oncall_tui.cli.output import complain, print_json, print_lines, table, terminal_width
from oncall_tui.cli.schema_past import oncall_picture, pages_object
from oncall_tui.cli.session import Rooms, Session
from oncall_tui.cli.shapes_past import PagesObject
from oncall_tui.domain.clocks import clock
from oncall_tui.domain.pages import parse_night
from oncall_tui.domain.rota import LevelRota, PolicyRota, my_shifts, rota
from oncall_tui.domain.situation import OnCall, Situation
from oncall_tui.sources.errors import SourceError


@click.command()
@as_json_option
@click.pass_obj
def oncall(session: Session, as_json: bool) -> None:
    """Say who is on call now and next, your shifts, and pages per day.

    Pages are counted from PagerDuty's log, a request or more for each day.
    """
    config = session.config()
    zone = UTC if config.display.utc else None
    night, days = parse_night(config.oncall.night), config.oncall.pages_days

    async def asked(rooms: Rooms) -> tuple[Situation, PagesObject | None, str]:
        situation = await rooms.look()
        now = situation.taken_at.astimezone(zone)
        try:
            log = await rooms.pages_since(now - timedelta(days=days + 1))
        except SourceError as error:
            return situation, None, f"Pages could not be counted: {error} {error.hint}".strip()
        trouble = f"Older pages are not known: {log.trouble}" if log.trouble else ""
        return situation, pages_object(log, days, now, night), trouble

    situation, pages, trouble = session.in_rooms(asked)
    if as_json:
        print_json({**oncall_picture(situation, pages)})
    else:
        print_lines([*_people(situation, zone), *_pages(pages)])
    if trouble:
        complain(trouble)
    code = tell_failures(situation)
    click.get_current_context().exit(ExitCode.SOURCE_FAILED if pages is None else code)


def _people(situation: Situation, zone: tzinfo | None) -> list[str]:
    """Whether the reader is on call, and the table of policies and levels."""
    now = situation.taken_at.astimezone(zone)
    if situation.on_call_at is None:
        return ["It is not known who is on call."]
    rotas = rota(situation.shifts, situation.policies, now)
    headers = ("POLICY", "LEVEL", "NOW", "UNTIL", "THEN")
    rows = [_row(policy, level, now) for policy in rotas for level in policy.levels]
    warnings = [f"Nobody is on call for {name}: its incidents page no one." for name in situation.unattended]
    listed = table(headers, rows, gives_way={0: 12, 2: 12, 4: 16}, width=terminal_width()) if rows else []
    return [*warnings, *_mine(situation, now), "", *(listed or ["No escalation policy is known."])]


def _mine(situation: Situation, now: datetime) -> list[str]:
    current, coming = my_shifts(situation.shifts, now, situation.my_next)
    places = ", ".join(f"{one.policy} level {one.level}{_until(one, now)}" for one in current)
    lines = [f"You are on call: {places}." if current else "You are not on call now."]
    if coming is not None and coming.since is not None:
        begins = f"{coming.since.astimezone(now.tzinfo):%a %d %b %H:%M}"
        lines.append(f"Your next shift: {coming.policy} level {coming.level}, from {begins}.")
    return lines


def _until(one: OnCall, now: datetime) -> str:
    return "" if one.until is None else f" until {clock(one.until, now)}"


def _row(policy: PolicyRota, level: LevelRota, now: datetime) -> tuple[str, ...]:
    ends = [one.until for one in level.now if one.until is not None]
    until = clock(min(ends), now) if ends else "always" if level.now else ""
    return policy.name, str(level.number), _names(level.now) or "nobody", until, _then(level, now)


def _then(level: LevelRota, now: datetime) -> str:
    begins = level.next[0].since if level.next else None
    coming = f"{_names(level.next)} from {clock(begins, now)}" if begins is not None else ""
    if level.gap_from is None:
        return coming
    return f"nobody, then {coming}" if coming else "nobody"


def _names(people: Sequence[OnCall]) -> str:
    return ", ".join(f"{one.user} (you)" if one.is_me else one.user for one in people)


def _pages(pages: PagesObject | None) -> list[str]:
    """The pages of each day, and what they come to."""
    if pages is None:
        return []
    mean = "" if pages["per_day"] is None else f", {pages['per_day']:.1f} a day"
    mine = "" if pages["mine"] is None else f", {pages['mine']} yours"
    known = sum(one["total"] is not None for one in pages["days"])
    total = f"{pages['total']} pages in {known} days{mean}, {pages['nights']} at night ({pages['night']}){mine}"
    rows = [
        (one["day"], *(_number(one[key]) for key in ("total", "nights", "mine"))) for one in reversed(pages["days"])
    ]
    return ["", total, *table(("DAY", "PAGES", "NIGHT", "YOURS"), rows, gives_way={}, width=terminal_width())]


def _number(value: object) -> str:
    return "?" if value is None else str(value)
