"""One action on one alert or on several: begun for each, confirmed once, run one after the other."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.action_told import lines_before, lines_before_several
from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.counts import counted
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.query import matching
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun
    from oncall_tui.cli.session import Rooms
    from oncall_tui.runbook.actions.definition import Action
    from oncall_tui.runbook.execution import Chunk
    from oncall_tui.runbook.run.live import Ended
    from oncall_tui.runbook.run.plan import Confirmation


@dataclass(slots=True)
class Item:
    """The action on one of the alerts that were named."""

    target: str
    """As it was written."""
    alert: Alert | None = None
    reason: str = ""
    """Why nothing was started; empty while it may be, and when it was."""
    run: "ActionRun | None" = None
    is_started: bool = False
    ended: "Ended | None" = None

    @property
    def name(self) -> str:
        """The id of the alert; what was written where there is none."""
        return self.alert.id if self.alert is not None else clean_line(self.target, 200)

    @property
    def title(self) -> str:
        """Of the alert; empty where there is none."""
        return self.alert.title if self.alert is not None else ""

    @property
    def is_done(self) -> bool:
        """Whether it was run and did what it should."""
        return self.ended is not None and self.ended.judged.state.value == "done"

    @property
    def waits(self) -> "ActionRun | None":
        """Its run, while it can be started."""
        return self.run if not self.reason and self.ended is None else None


def items_for(situation: Situation, wanted: "Action", targets: Sequence[str]) -> list[Item]:
    """What was named, each alert once."""
    items: dict[str, Item] = {}
    for target in targets:
        item = _item(situation, wanted, target)
        items.setdefault(item.name, item)
    return list(items.values())


def _item(situation: Situation, wanted: "Action", target: str) -> Item:
    from oncall_tui.response.targets import alerts_named

    named = alerts_named(situation, target)
    if len(named) == 1:
        on = wanted.settings.on
        if matching(named, read_filter(on), situation.taken_at):
            return Item(target, named[0])
        return Item(target, named[0], f"the action is not for this alert: its filter is {clean_line(on, 200)}")
    if named:
        ids = ", ".join(one.id for one in named)
        return Item(target, None, f"{len(named)} alerts have a record of this id; name one of {ids}")
    shown = clean_line(target, 80)
    silent = [one for one in situation.freshness if one.failure is not None]
    if silent:
        why = " ".join(f"{one.source} did not answer: {one.failure.message}" for one in silent if one.failure)
        told = f"{shown} is not known now, it may be active: {clean_line(why, 600)} Then try again."
        return Item(target, None, told)
    return Item(target, None, f"no active alert has the id {shown}; `oncall-tui alerts` lists them")


async def begin(rooms: "Rooms", wanted: "Action", items: Sequence[Item], values: Mapping[str, str]) -> None:
    """Begin a run for each alert, ready to be looked at. Raises ``JournalError``."""
    from oncall_tui.runbook.run.run import NotStarted

    for item in items:
        if item.alert is None or item.reason:
            continue
        try:
            item.run = await rooms.custom_actions.begin(wanted.settings, item.alert, values)
            item.reason = "; ".join(item.run.plan.blocked)
        except NotStarted as error:
            item.reason = str(error)


async def confirm(items: Sequence[Item]) -> "Mapping[str, Confirmation]":
    """What somebody did to confirm it, by run; a run that is not in it was not confirmed.

    All is shown before the first question, and nothing is started before the last answer.
    """
    from oncall_tui.runbook.run.plan import Confirmation, Floor

    runs = [run for item in items if (run := item.waits) is not None]
    floor = max((run.plan.floor for run in runs), default=Floor.KEY)
    if floor is Floor.KEY:
        return {run.run_id: Confirmation(Floor.KEY, run.plan.digest) for run in runs}
    is_alone = len(items) == 1
    shown = lines_before(runs[0], _alert(items[0])) if is_alone else lines_before_several(_told(items))
    for line in shown:
        click.echo(line, err=True)
    if floor is Floor.DIALOG:
        question = "Run it?" if is_alone else f"Run it on {counted(len(runs), 'alert')}?"
        is_meant = await asyncio.to_thread(click.confirm, question, err=True)
        return {run.run_id: Confirmation(Floor.DIALOG, run.plan.digest) for run in runs} if is_meant else {}
    phrases = list(dict.fromkeys(run.plan.phrase for run in runs if run.plan.phrase))
    for number, phrase in enumerate(phrases, start=1):
        place = f" ({number} of {len(phrases)})" if len(phrases) > 1 else ""
        typed = await asyncio.to_thread(click.prompt, f"Type “{phrase}” to run it{place}", default="", err=True)
        if typed.strip() != phrase:
            return {}
    return {run.run_id: Confirmation(Floor.PHRASE, run.plan.digest, run.plan.phrase) for run in runs}


async def run_all(
    items: Sequence[Item],
    confirmed: "Mapping[str, Confirmation]",
    hear: "Callable[[Chunk], None]",
    before: Callable[[Item], None],
    after: Callable[[Item], None],
) -> None:
    """Run what was confirmed, one after the other; one that fails keeps no other from its run.

    Args:
        before, after: told of each that is started; ``after`` of those as well that are not.

    Raises:
        JournalError: the journal cannot be written: nothing more is started.
    """
    from oncall_tui.runbook.run.pages import NotDriving
    from oncall_tui.runbook.run.run import NotStarted

    for item in items:
        run = item.waits
        confirmation = confirmed.get(run.run_id) if run is not None else None
        if run is not None and confirmation is None:
            item.reason = "it was not confirmed"
        if run is not None and confirmation is not None:
            before(item)
            try:
                await run.start(confirmation, hear)
                item.is_started = True
                item.ended = await run.ended()
            except (NotStarted, NotDriving) as error:
                item.reason = str(error)
        after(item)


async def leave(items: Sequence[Item]) -> None:
    """Close the runs of those that nobody started."""
    from oncall_tui.journal.errors import JournalError
    from oncall_tui.runbook.run.pages import NotDriving

    for item in items:
        if item.run is not None and not item.is_started:
            # That a run was begun and not closed says nothing wrong: nothing was started in it.
            with contextlib.suppress(JournalError, NotDriving):
                await item.run.leave()


def worst(items: Sequence[Item]) -> ExitCode:
    """How the process ends."""
    return ExitCode.FINE if all(item.is_done for item in items) else ExitCode.NOT_DONE


def _alert(item: Item) -> Alert:
    assert item.alert is not None
    return item.alert


def _told(items: Sequence[Item]) -> "list[tuple[str, ActionRun | None, str]]":
    """Each in one line, with the run that waits or the reason why none does."""
    return [(f"{one.name}  {clean_line(one.title, 200)}".rstrip(), one.waits, one.reason) for one in items]
