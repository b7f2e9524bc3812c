"""Actions on a real journal and a real bash, in a folder of the test."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from oncall_tui.assembly.actions import ActionRun, Actions
from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.config.model import ActionSettings, Config, RunbooksSettings
from oncall_tui.domain.alert import Alert
from oncall_tui.journal.event import Event
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.runbook.run.live import Ended
from oncall_tui.runbook.run.plan import Confirmation
from tests.unit.builders import NOW, PROMETHEUS, alert, record

EVENTS = ("run.opened", "run.param", "run.intent", "run.result", "run.closed")


def alert_with(labels: Mapping[str, str]) -> Alert:
    """An alert whose vendor has these labels, exactly."""
    return alert(replace(record(PROMETHEUS, "f1", labels={}), raw_labels=tuple(labels.items())))


@dataclass
class Bench:
    """The door to actions, and what the journal says of them."""

    actions: Actions
    journal: JournalKeeper
    folder: Path

    async def begin(self, action: ActionSettings, on: Alert | None = None, **typed: str) -> ActionRun:
        return await self.actions.begin(action, on or alert(), typed)

    async def run(self, action: ActionSettings, on: Alert | None = None, **typed: str) -> Ended:
        """Run it to its end, confirmed as it has to be."""
        run = await self.begin(action, on, **typed)
        assert run.plan.blocked == ()
        await run.start(confirmed(run))
        return await run.ended()

    async def events(self) -> tuple[Event, ...]:
        """What was written of runs."""
        return await self.journal.read_kind(*EVENTS)


def confirmed(run: ActionRun) -> Confirmation:
    """The confirmation that the plan asks for."""
    return Confirmation(run.plan.floor, run.plan.digest, run.plan.phrase)


@asynccontextmanager
async def bench(
    folder: Path, config: Config | None = None, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Bench]:
    """Actions that begin in ``folder / "here"``."""
    here = folder / "here"
    here.mkdir()
    settings = config or Config(runbooks=RunbooksSettings(directory=here))
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), **(environ or {})}
    journal = JournalKeeper(folder / "journal.db", lambda: NOW)
    runbooks = Runbooks(settings, (), journal, environ=env, clock=lambda: NOW, actor="user:alice")
    actions = Actions(settings, runbooks)
    try:
        yield Bench(actions, journal, here)
    finally:
        await actions.close()
        runbooks.close()
        await journal.close()
