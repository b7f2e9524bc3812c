"""``oncall-tui ack``, ``resolve``, ``snooze`` … : every verb on alerts, by their ids."""

import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import GAP, complain, print_json, print_lines
from oncall_tui.cli.progress import Progress
from oncall_tui.cli.schema_acts import act_result
from oncall_tui.cli.session import Session
from oncall_tui.domain import action
from oncall_tui.domain.durations import DurationError, parse_duration
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.whose import page_of

if TYPE_CHECKING:
    from oncall_tui.response.report import ActReport

DONE = frozenset({"confirmed", "already", "here only"})
"""Outcomes after which it is as it was asked for."""

WAITING = "waiting"
"""The outcome of what is in the journal and not yet at the vendor."""

_WAITS = (
    "What is waiting is in the journal. The next start of the screen sends it, or one that is open, if it is younger "
    "than 15 minutes then; so does `oncall-tui outbox --send`."
)

targets_argument = click.argument("targets", metavar="ID...", nargs=-1, required=True)


class Duration(click.ParamType[timedelta]):
    """A span of time such as 30m, 4h or 1d12h."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            return parse_duration(value)
        except DurationError as error:
            self.fail(f"{clean_line(value)} is {error}", param, ctx)


def on_alerts(run: Callable[..., action.Action]) -> click.Command:
    """The verb that makes an action of its own options and has it done to the alerts named by ID."""

    @click.pass_obj
    def verb(session: Session, /, targets: tuple[str, ...], as_json: bool, **options: Any) -> None:
        carry_out(session, run(**options), targets, as_json)

    verb.__doc__ = run.__doc__
    verb.__click_params__ = getattr(run, "__click_params__", [])  # type: ignore[attr-defined]
    return click.command(run.__name__.rstrip("_"))(targets_argument(as_json_option(verb)))


def carry_out(session: Session, wanted: action.Action, targets: tuple[str, ...], as_json: bool) -> None:
    """Do it, print one result for each target, and end with exit code 5 when any was not done, 7 when it waits."""
    unique = tuple(dict.fromkeys(targets))
    reports = session.in_rooms(lambda rooms: rooms.act(wanted, unique, Progress(len(unique))), changes_something=True)
    results = list(zip(unique, reports, strict=True))
    if as_json:
        print_json({"results": [act_result(target, report) for target, report in results]})
    else:
        print_lines([line_of(target, report) for target, report in results])
    if any(report.outcome.value == WAITING for report in reports):
        complain(_WAITS)
    end(reports)


def end(reports: "Iterable[ActReport]") -> NoReturn:
    """End with exit code 5 when anything was not done, with 7 when all that was not done waits to be sent."""
    left = {report.outcome.value for report in reports} - DONE
    waits = left == {WAITING}
    click.get_current_context().exit(ExitCode.FINE if not left else ExitCode.WAITS if waits else ExitCode.NOT_DONE)


def line_of(target: str, report: "ActReport") -> str:
    """One result in words: ``pagerduty/Q1: confirmed  Checkout is slow``."""
    title = report.title if report.title != target else ""
    by = f"by {report.by}" if report.by else ""
    lost = "the answer was lost, it may have arrived" if report.may_have_arrived else ""
    whose = f"it was {page_of(report.taken_from)}" if report.taken_from else ""
    parts_of_reason = [part for part in (report.reason, whose, lost) if part]
    reason = "; ".join([*(part.rstrip(".") for part in parts_of_reason[:-1]), *parts_of_reason[-1:]])
    told = " ".join(part for part in (report.outcome.value, by) if part)
    parts = (f"{target}: {told}", title, reason and f"({reason})")
    return GAP.join(clean_line(part, 1_000) for part in parts if part)


@on_alerts
def ack() -> action.Action:
    """Acknowledge alerts.

    ID is that of an alert as `oncall-tui alerts` lists it, that of any record behind it, or the bare id at the
    vendor, e.g. of a PagerDuty incident. One result is printed for each; exit code 5 when any was not acknowledged,
    7 when it waits in the journal because the pager is out of reach.
    """
    return action.Acknowledge()


@on_alerts
@click.option("-m", "--message", "resolution", default="", metavar="TEXT", help="What ended it.")
@click.option("--next-release", "in_next_release", is_flag=True, help="Sentry: until a later release shows it again.")
def resolve(resolution: str, in_next_release: bool) -> action.Action:
    """Resolve alerts at the pager, or at Sentry where no pager holds them."""
    return action.Resolve(resolution, in_next_release)


@on_alerts
@click.option("--for", "duration", type=Duration(), required=True, metavar="DURATION", help="For example 30m or 4h.")
def snooze(duration: timedelta) -> action.Action:
    """Acknowledge alerts for a while: the pager pages again after it."""
    return action.Snooze(duration)


@on_alerts
@click.option("-m", "--message", "text", required=True, metavar="TEXT", help="What to write; - reads it from stdin.")
def note(text: str) -> action.Action:
    """Write a note on alerts."""
    written = sys.stdin.read() if text == "-" else text
    if not written.strip():
        raise click.UsageError("The note is empty.")
    return action.Note(written.strip())


@on_alerts
@click.option("--name", required=True, metavar="NAME", help="As the pager calls it, e.g. P2; none takes it away.")
def priority(name: str) -> action.Action:
    """Give alerts a priority."""
    return action.SetPriority("" if name.casefold() == "none" else name)


@on_alerts
@click.option("--level", type=click.IntRange(1), required=True, help="Of the incident's own escalation policy.")
def escalate(level: int) -> action.Action:
    """Page the people of another level; the policy stays."""
    return action.Escalate(level)


@on_alerts
@click.option("--into", required=True, metavar="ID", help="The incident that stays open.")
def merge(into: str) -> action.Action:
    """Make incidents part of another one; they are resolved by it."""
    return action.Merge(into)


@on_alerts
@click.option("--to", required=True, metavar="WHO", help="A user name, an e-mail address, team:SLUG, or none.")
def assign(to: str) -> action.Action:
    """Give Sentry issues to somebody."""
    return action.Assign("" if to.casefold() == "none" else to)


@on_alerts
@click.option("--for", "duration", type=Duration(), metavar="DURATION", help="For so long, not until it escalates.")
def archive(duration: timedelta | None) -> action.Action:
    """Put Sentry issues aside until they escalate."""
    return action.Archive(duration)
