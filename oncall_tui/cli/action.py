"""``oncall-tui action``: what the configuration lets one do on an alert, with the confirmation of runbook steps."""

import asyncio
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.action_told import actions_answer, answer_of, lines_before, lines_of_list, refused_answer
from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines
from oncall_tui.cli.session import Rooms, Session
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.query import matching
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun
    from oncall_tui.config.model import ActionSettings, Config
    from oncall_tui.runbook.actions.definition import Action
    from oncall_tui.runbook.execution import Chunk
    from oncall_tui.runbook.run.plan import Confirmation


class _Not(Exception):
    """Nothing was started: why, in words."""


@click.command()
@click.argument("name", required=False)
@click.argument("target", metavar="ALERT", required=False)
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="The value of an input; again for more.")
@click.option("--list", "is_listing", is_flag=True, help="List the actions of the configuration.")
@as_json_option
@click.pass_obj
def action(
    session: Session, /, name: str | None, target: str | None, inputs: tuple[str, ...], is_listing: bool, as_json: bool
) -> None:
    """Run an action of the configuration on an alert.

    ALERT is an id as in `oncall-tui ack`. What changes anything is shown first, and asked about: without a terminal
    only what reads is run. Exit code 5 when it was not started, or did not succeed.
    """
    config = session.config()
    if is_listing:
        if as_json:
            print_json(actions_answer(config.actions))
        else:
            print_lines(lines_of_list(config.actions))
        return
    if name is None or target is None:
        raise click.UsageError("Name an action and an alert, or write --list.")
    _run(session, config, name, target, _read(inputs), as_json)


def _run(session: Session, config: "Config", name: str, target: str, typed: dict[str, str], as_json: bool) -> None:
    from oncall_tui.journal.errors import JournalError
    from oncall_tui.runbook.actions.definition import action_of
    from oncall_tui.runbook.danger import Danger
    from oncall_tui.runbook.run.pages import NotDriving
    from oncall_tui.runbook.run.run import NotStarted

    wanted = action_of(_found(config, name))
    if wanted.danger > Danger.READ and not session.is_terminal() and not config.is_read_only:
        raise click.UsageError("Nobody can be asked here, and this action does not only read: run it in a terminal.")

    async def work(rooms: Rooms) -> None:
        alert = None
        try:
            situation = await rooms.look()
            alert = _alert(situation, wanted, target)
            values = {**typed, **await _asked(session, wanted, typed)}
            run = await rooms.custom_actions.begin(wanted.settings, alert, values)
            code = await _carry_out(run, alert, as_json)
        except (_Not, NotStarted, NotDriving) as error:
            complain(f"Nothing was started: {error}")
            if as_json:
                print_json(refused_answer(wanted, target, alert, str(error)))
            code = ExitCode.NOT_DONE
        except JournalError as error:
            complain(f"{error} {error.hint} Nothing is run without the journal.")
            code = ExitCode.FAILED
        click.get_current_context().exit(code)

    session.in_rooms(work, changes_something=wanted.danger > Danger.READ)


async def _carry_out(run: "ActionRun", alert: Alert, as_json: bool) -> ExitCode:
    from oncall_tui.runbook.run.states import State

    confirmation = await _confirmed(run, alert)
    if confirmation is None:
        await run.leave()
        raise _Not("it was not confirmed" if not run.plan.blocked else "; ".join(run.plan.blocked))

    def hear(chunk: "Chunk") -> None:
        if not as_json:
            click.echo(chunk.text, nl=False, err=chunk.stream.value == "stderr")

    await run.start(confirmation, hear)
    ended = await run.ended()
    if as_json:
        print_json(answer_of(run, alert, ended))
    elif ended.judged.state is not State.DONE:
        complain(f"{ended.judged.state.value}: {ended.judged.reason or ended.executed.reason}")
    if ended.unwritten:
        complain(f"The journal does not hold its end: {ended.unwritten}")
    return ExitCode.FINE if ended.judged.state is State.DONE else ExitCode.NOT_DONE


async def _confirmed(run: "ActionRun", alert: Alert) -> "Confirmation | None":
    """What somebody did to confirm it; None when nobody did, or when it cannot be started at all."""
    from oncall_tui.runbook.run.plan import Confirmation, Floor

    plan = run.plan
    if plan.blocked:
        return None
    if plan.floor is Floor.KEY:
        return Confirmation(Floor.KEY, plan.digest)
    for line in lines_before(run, alert):
        click.echo(line, err=True)
    if plan.floor is Floor.DIALOG:
        is_meant = await asyncio.to_thread(click.confirm, "Run it?", err=True)
        return Confirmation(Floor.DIALOG, plan.digest) if is_meant else None
    typed = await asyncio.to_thread(click.prompt, f"Type “{plan.phrase}” to run it", default="", err=True)
    return Confirmation(Floor.PHRASE, plan.digest, typed) if typed.strip() == plan.phrase else None


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


def _alert(situation: Situation, wanted: "Action", target: str) -> Alert:
    """The alert that is meant; only one, and one that the action is for."""
    from oncall_tui.response.targets import alerts_named

    named = alerts_named(situation, target)
    silent = [one for one in situation.freshness if one.failure is not None]
    if not named and silent:
        why = " ".join(f"{one.source} did not answer: {one.failure.message}" for one in silent if one.failure)
        raise _Not(
            f"{clean_line(target, 80)} is not known now, it may be active: {clean_line(why, 600)} Then try again."
        )
    if not named:
        raise _Not(f"no active alert has the id {clean_line(target, 80)}; `oncall-tui alerts` lists them")
    if len(named) > 1:
        raise _Not(f"{len(named)} alerts have a record of this id; name one of {', '.join(one.id for one in named)}")
    on = wanted.settings.on
    if not matching(named, read_filter(on), situation.taken_at):
        raise _Not(f"the action is not for this alert: its filter is {clean_line(on, 200)}")
    return named[0]
