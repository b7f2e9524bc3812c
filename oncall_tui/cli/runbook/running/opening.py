"""Which run: begun for an alert and with values, or taken up again."""

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.runbook.files import unreadable, why_no_steps
from oncall_tui.cli.runbook.running.console import Console
from oncall_tui.cli.runbook.running.showing import values_of
from oncall_tui.cli.runbook.running.teller import Teller
from oncall_tui.cli.runbook.running.which import alert_of
from oncall_tui.clock import utc_now
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.values.check import objection

if TYPE_CHECKING:
    from oncall_tui.assembly import Rooms

_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    file: Path | None
    alert: str
    params: Mapping[str, str]
    labels: Mapping[str, str]
    steps: Sequence[str]
    resume: str


async def opened(rooms: "Rooms", wanted: Wanted, teller: Teller, console: Console | None) -> Run:
    """The run. Raises ``click.UsageError`` for what is not there, ``JournalError``, ``OSError``."""
    return await (_resumed if wanted.resume else _begun)(rooms, wanted, teller, console)


async def _begun(rooms: "Rooms", wanted: Wanted, teller: Teller, console: Console | None) -> Run:
    assert wanted.file is not None
    runbooks = rooms.runbooks
    try:
        book = await runbooks.read(wanted.file)
    except OSError as error:
        raise unreadable(wanted.file, error) from error
    if why := why_no_steps(book):
        raise click.UsageError(f"{wanted.file} cannot be run. {why}")
    if book.is_refused:
        raise click.UsageError(
            f"{wanted.file} has errors and is not run: {book.errors[0]} (`oncall-tui runbook lint` tells all)"
        )
    situation = await rooms.look() if wanted.alert else Situation(0, utc_now())
    alert = await alert_of(situation, wanted.alert, wanted.labels, teller, console) if wanted.alert else None
    values = runbooks.values_for(book, alert, situation, wanted.params, wanted.labels)
    for name in wanted.params:
        if name not in book.params:
            raise click.UsageError(f"The runbook has no parameter {name!r}; it has {', '.join(book.params) or 'none'}.")
        if values[name].problem:
            raise click.UsageError(f"--param {name}: {values[name].problem}")
    _check_steps(book, wanted)
    begun = await runbooks.begin(book, alert, situation, wanted.params, labels=wanted.labels)
    teller.say(f"{book.title}   {book.path}")
    teller.say(f"Run {begun.run.record.run_id}" + (f" for {clean_line(alert.title)} ({alert.id})" if alert else ""))
    teller.event("opened", text=str(book.path))
    if begun.values:
        teller.say("Values")
    for line in values_of(book, begun.values, can_ask=console is not None):
        teller.say(line)
    return begun.run


def _check_params(book: Runbook, wanted: Wanted) -> None:
    """Before a run is taken from whoever drives it."""
    for name, value in wanted.params.items():
        if (parameter := book.params.get(name)) is None:
            raise click.UsageError(f"The runbook has no parameter {name!r}; it has {', '.join(book.params) or 'none'}.")
        if problem := objection(parameter, value):
            raise click.UsageError(f"--param {name} is not taken: it {problem}")


def _check_steps(book: Runbook, wanted: Wanted) -> None:
    for one in wanted.steps:
        if book.step(one) is None:
            raise click.UsageError(f"The runbook has no step {one!r}: `oncall-tui runbook show` lists them.")


async def _resumed(rooms: "Rooms", wanted: Wanted, teller: Teller, console: Console | None) -> Run:
    resumed = await rooms.runbooks.resume(wanted.resume.upper())
    run, record = resumed.run, resumed.run.record
    if record.closed:
        raise click.UsageError(f"The run {record.run_id} is closed: {record.closed}. Begin a new one.")
    if wanted.file is not None and not _is_same(wanted.file, record.path):
        raise click.UsageError(f"The run {record.run_id} is one of {record.path}, not of {wanted.file}.")
    teller.say(f"{record.title}   {record.path}")
    teller.say(f"Run {record.run_id}, taken up again; {record.driven_by} drove it.")
    await _tell_differences(rooms, run, resumed.has_changed, teller)
    if record.driven_by != rooms.runbooks.actor:
        if console is None:
            raise click.UsageError(f"{record.driven_by} drives this run: it is taken over at a terminal only.")
        answer = await console.ask(f"{record.driven_by} drives this run. Take it over? y: ")
        if (answer or "").strip() != "y":
            raise click.UsageError(f"{record.driven_by} goes on driving it.")
    _check_params(run.runbook, wanted)
    _check_steps(run.runbook, wanted)
    await run.claim()
    teller.event("resumed", text=record.path)
    for name, value in wanted.params.items():
        try:
            await run.give(name, value, "typed")
        except Refused as error:
            raise click.UsageError(f"--param {name}: {error}") from error
    return run


def _is_same(file: Path, path: str) -> bool:
    return os.path.abspath(file) == os.path.abspath(path)


async def _tell_differences(rooms: "Rooms", run: Run, has_changed: bool, teller: Teller) -> None:
    if has_changed:
        teller.say("The text that it was begun with is not kept any more: it goes on with the file as it is now.")
        return
    try:
        now = await rooms.runbooks.read(run.runbook.path)
    except OSError as error:
        teller.say(f"Its file cannot be read any more ({error.strerror}); it goes on with the text it was begun with.")
        return
    if now.sha256 == run.runbook.sha256:
        return
    teller.say("The file has changed since; the run goes on with the text that it was begun with:")
    lines = difflib.unified_diff(
        run.runbook.source.splitlines(), now.source.splitlines(), "begun with", "now", lineterm="", n=1
    )
    for number, line in enumerate(lines):
        if number == _MOST_LINES:
            teller.say("  …")
            break
        teller.say(f"  {clean_line(line, 200)}")
