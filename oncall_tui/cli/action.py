"""``oncall-tui action``: what the configuration lets one do on an alert, with the confirmation of runbook steps."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.action_result import Told
from oncall_tui.cli.action_runs import Item, begin, confirm, items_for, leave, run_all, worst
from oncall_tui.cli.action_told import actions_answer, lines_of_list
from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines
from oncall_tui.cli.session import Rooms, Session
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.config.model import ActionSettings, Config
    from oncall_tui.runbook.actions.definition import Action


class _Not(Exception):
    """Nothing is started at all: why, in words."""


@click.command()
@click.argument("name", required=False)
@click.argument("targets", metavar="ALERT...", nargs=-1)
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="The value of an input; again for more.")
@click.option("--list", "is_listing", is_flag=True, help="List the actions of the configuration.")
@as_json_option
@click.pass_obj
def action(
    session: Session,
    /,
    name: str | None,
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    is_listing: bool,
    as_json: bool,
) -> None:
    """Run an action of the configuration on alerts.

    ALERT is an id as in `oncall-tui ack`. What changes anything is shown first, and asked about: without a terminal
    only what reads is run. On several alerts it is asked about once and run for each, one after the other. Exit code 5
    when it was not started on any of them, or did not succeed.
    """
    config = session.config()
    if is_listing:
        if as_json:
            print_json(actions_answer(config.actions))
        else:
            print_lines(lines_of_list(config.actions))
        return
    if name is None or not targets:
        raise click.UsageError("Name an action and an alert, or write --list.")
    _run(session, config, name, targets, _read(inputs), as_json)


def _run(
    session: Session, config: "Config", name: str, targets: Sequence[str], typed: dict[str, str], as_json: bool
) -> None:
    from oncall_tui.runbook.actions.definition import action_of
    from oncall_tui.runbook.danger import Danger

    wanted = action_of(_found(config, name))
    if wanted.danger > Danger.READ and not session.is_terminal() and not config.is_read_only:
        raise click.UsageError("Nobody can be asked here, and this action does not only read: run it in a terminal.")

    async def work(rooms: Rooms) -> None:
        from oncall_tui.journal.errors import JournalError

        items = items_for(await rooms.look(), wanted, targets)
        code = None
        try:
            await _carry_out(session, rooms, wanted, items, typed, as_json)
        except JournalError as error:
            complain(f"{error} {error.hint} Nothing is run without the journal.")
            code = ExitCode.FAILED
        finally:
            await leave(items)
        click.get_current_context().exit(worst(items) if code is None else code)

    session.in_rooms(work, changes_something=wanted.danger > Danger.READ)


async def _carry_out(
    session: Session, rooms: Rooms, wanted: "Action", items: Sequence[Item], typed: dict[str, str], as_json: bool
) -> None:
    from oncall_tui.journal.errors import JournalError

    told = Told(is_alone=len(items) == 1, as_json=as_json)
    try:
        if any(not item.reason for item in items):
            values = {**typed, **await _asked(session, wanted, typed)}
            await begin(rooms, wanted, items, values)
        confirmed = await confirm(items)
    except _Not as error:
        confirmed = {}
        for item in items:
            item.reason = item.reason or str(error)
    try:
        await run_all(items, confirmed, told.hear, told.before, told.after)
    except JournalError:
        for item in items:
            if item.ended is None:
                item.reason = item.reason or "the journal cannot be written, and nothing is run without it"
        told.end(wanted, items)
        raise
    told.end(wanted, items)


async def _asked(session: Session, wanted: "Action", typed: dict[str, str]) -> dict[str, str]:
    """The inputs that have no value yet, from who sits there."""
    from oncall_tui.runbook.values.check import objection

    found: dict[str, str] = {}
    for name, parameter in wanted.parameters.items():
        if name in typed or parameter.default is not None:
            continue
        if not session.is_terminal():
            raise _Not(f"the input {name} has no value: write --input {name}=VALUE")
        words = f"{name} ({clean_line(parameter.help)})" if parameter.help else name
        value = await asyncio.to_thread(click.prompt, words, hide_input=parameter.is_secret, err=True)
        if problem := objection(parameter, str(value)):
            raise _Not(f"the input {name} {problem}")
        found[name] = str(value)
    return found


def _read(inputs: tuple[str, ...]) -> dict[str, str]:
    parts = [one.partition("=") for one in inputs]
    if any(not sign for _, sign, _ in parts):
        raise click.BadParameter("write NAME=VALUE.", param_hint="--input")
    return {name: value for name, _, value in parts}


def _found(config: "Config", name: str) -> "ActionSettings":
    """The action of that name, or of that id."""
    meant = name.strip().casefold()
    found = next((one for one in config.actions if meant in (one.name.casefold(), one.id)), None)
    if found is None:
        known = ", ".join(clean_line(one.name, 40) for one in config.actions) or "none"
        raise click.UsageError(f"The configuration has no action {clean_line(name, 40)}: it has {known}.")
    return found
