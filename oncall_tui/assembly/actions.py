"""The actions of a configuration: shown with all that they get, confirmed and journalled as steps of runbooks are."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.config.model import ActionSettings, Config
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean_line
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.actions.book import STEP, book_of
from oncall_tui.runbook.actions.definition import INPUT, Action, action_of
from oncall_tui.runbook.actions.environment import ALERT, LABEL, Told, told_by
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Chunk, Kind
from oncall_tui.runbook.executors.program import ProgramExecutor
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.forbidding import without_forbidden
from oncall_tui.runbook.run.live import Ended, LiveStep
from oncall_tui.runbook.run.opening import open_run
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.plan import Confirmation, Plan
from oncall_tui.runbook.run.ports import Desk
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.values.check import objection

LEFT = "left without being started"
"""How a run is closed that nobody confirmed."""
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A variable as it is shown before anything is started."""

    name: str
    value: str
    """Cleaned; ‹secret:name› for a secret."""
    origin: str


class ActionRun:
    """One action on one alert: looked at, confirmed, run."""

    def __init__(self, action: Action, told: Told, run: Run, keep: Callable[["asyncio.Task[Ended]"], None]) -> None:
        self.action = action
        self.plan: Plan = run.plan(STEP)
        """What would be started: its ``floor`` is the least that has to be done before."""
        self.left_out = told.left_out
        self._told = told
        self._run = run
        self._keep = keep
        self._live: LiveStep | None = None
        self._end: asyncio.Task[Ended] | None = None

    @property
    def run_id(self) -> str:
        """What the journal calls it."""
        return self._run.record.run_id

    @property
    def given(self) -> tuple[Shown, ...]:
        """What it gets: the inputs, what its text names, then the rest that the alert tells, less what says nothing."""
        inputs = [Shown(one.name, one.shown, one.origin) for one in self.plan.values if one.name.startswith(INPUT)]
        body = self.action.body
        told = [one for one in self._told.variables if one.value or one.name in body]
        told.sort(key=lambda one: (one.name not in body, not one.label))
        return (*inputs, *(Shown(one.name, clean_line(one.value, _SHOWN), clean_line(one.origin)) for one in told))

    async def start(self, confirmation: Confirmation, hear: Callable[[Chunk], None] = lambda chunk: None) -> None:
        """Start what was shown and confirmed; the intent is in the journal before.

        Raises:
            NotStarted: something stands against it, or the confirmation is too weak.
            NotDriving, JournalError: the intent cannot be written.
        """
        self._live = await self._run.start(self.plan, confirmation, hear)
        self._end = asyncio.create_task(self._until_closed(self._live))
        self._keep(self._end)

    def cancel(self) -> None:
        """End it and all that it started."""
        if self._live is not None:
            self._live.cancel()

    async def ended(self) -> Ended:
        """Wait for its end, which is in the journal then. Never raises for what it does."""
        assert self._end is not None
        return await asyncio.shield(self._end)

    async def leave(self) -> None:
        """Nobody confirmed it. Raises ``JournalError``."""
        await self._run.close(LEFT)

    async def _until_closed(self, live: LiveStep) -> Ended:
        ended = await live.ended()
        try:
            await self._run.close(ended.judged.state.value)
        except (JournalError, NotDriving) as error:
            return replace(ended, unwritten=ended.unwritten or clean_line(str(error)))
        return ended


class Actions:
    """The door to actions for both front ends."""

    def __init__(self, config: Config, runbooks: Runbooks) -> None:
        self._config = config
        self._runbooks = runbooks
        self._running: dict[asyncio.Task[Ended], ActionRun] = {}

    async def begin(self, settings: ActionSettings, alert: Alert, typed: Mapping[str, str]) -> ActionRun:
        """An action on an alert, ready to be looked at and confirmed.

        Args:
            typed: values of inputs; the others have their defaults.

        Raises:
            NotStarted: an input is not taken or unknown, or nothing may be changed from here.
            JournalError: the journal cannot be written. Nothing is run without it.
        """
        action = action_of(settings)
        self._refuse(action, typed)
        told = told_by(alert)
        book = without_forbidden(book_of(action, told, alert.service or alert.id), self._config.runbooks.forbid)
        links = {"alert": alert.id, "alert_title": alert.title, "action": settings.name}
        links |= {one.name: clean_line(one.value, _SHOWN) for one in told.variables}
        run = await open_run(book, self._desk(action), self._runbooks.new_run_id(), links)
        for name in action.parameters:
            if name in typed:
                await run.give(name, typed[name], "typed")
        begun: ActionRun

        def keep(end: "asyncio.Task[Ended]") -> None:
            self._running[end] = begun
            end.add_done_callback(self._running.pop)

        begun = ActionRun(action, told, run, keep)
        return begun

    async def close(self) -> None:
        """End what still runs; its end is written."""
        for one in list(self._running.values()):
            one.cancel()
        await asyncio.gather(*list(self._running), return_exceptions=True)

    def _refuse(self, action: Action, typed: Mapping[str, str]) -> None:
        if self._config.is_read_only and action.danger > Danger.READ:
            raise NotStarted("read-only: nothing is changed from here")
        for name, value in typed.items():
            parameter = action.parameters.get(name)
            if parameter is None:
                known = ", ".join(action.parameters) or "none"
                raise NotStarted(f"it has no input {clean_line(name, 40)}; there is: {known}")
            if problem := objection(parameter, value):
                raise NotStarted(f"the input {name} {problem}")

    def _desk(self, action: Action) -> Desk:
        desk, place = self._runbooks.desk, self._runbooks.place
        # What another alert left in the environment that this program was started from must not be taken for this one.
        own = {name: one for name, one in place.environ.items() if not name.startswith((ALERT, LABEL, INPUT))}
        place = replace(place, environ=own)
        shell = ProgramExecutor(place) if action.is_program else ShellExecutor(place)
        # An action has no file: without a folder of the configuration it begins where oncall-tui does.
        return replace(desk, executors={Kind.SHELL: shell}, directory=desk.directory or Path.cwd())
