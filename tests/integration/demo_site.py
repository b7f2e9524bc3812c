"""The demo's world and the runbook room before it, for tests that go through runbooks step by step."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from oncall_tui.assembly import open_rooms
from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.situation import Situation
from oncall_tui.runbook.catalogue.find import Rule, subject_of
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Step, StepKind
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.live import Ended
from oncall_tui.runbook.run.plan import Confirmation
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.states import State
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from tests.integration.pseudo_terminal import ROOT
from tests.simulator.hand_clock import HandClock, walk

INCIDENT_AFTER_S = 40
FIVE = (
    "api-latency-high",
    "database-connections-exhausted",
    "error-rate-high",
    "qr-code-failure",
    "security-incident",
)
"""Those that act."""
TEN = sorted({one.stem for one in (ROOT / "runbooks").glob("*-*.md")} - set(FIVE))
"""Those that only look."""
TYPED = {
    "service": "api",
    "env": "production",
    "dependency": "bank",
    "suspected_user": "u-4711",
    "user": "u-4711",
    "source_ip": "198.51.100.7",
}
"""What somebody who opens a file without an alert types, where it is asked for."""
NEEDS_AN_OLD_ROW = {"releases": 1}
"""Rows to pick: the first release is the one that runs."""


@dataclass(frozen=True)
class Walk:
    """One runbook, step by step, and what went wrong."""

    run: Run
    wrong: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    async def through(self, least: Danger) -> None:
        """Run every step of that danger that was not run yet, and is not there to undo another."""
        for step in self.run.runbook.steps:
            if step.kind is StepKind.MANUAL or step.danger is not least or step.options.is_undo_only:
                continue
            ended = None if step.id in self.done else await self.step(step)
            if ended is not None and ended.judged.state is State.DONE:
                await self._pick(step, ended)

    async def step(self, step: Step) -> Ended | None:
        """Run one, and note what is wrong about it."""
        plan = self.run.plan(step.commands[0].id)
        if plan.advice.startswith(("not indicated", "cannot tell")):
            await self.run.override(f"when:{plan.unit}", "to see what it does")
            plan = self.run.plan(plan.unit)
        if not plan.can_start:
            self.wrong.append(f"{step.id} is blocked: {'; '.join(plan.blocked)}")
            return None
        live = await self.run.start(plan, Confirmation(plan.floor, plan.digest, plan.phrase))
        ended = await live.ended()
        if ended.judged.state is not State.DONE or ended.executed.stderr:
            said = ended.executed.stderr or ended.judged.reason
            self.wrong.append(f"{step.id} is {ended.judged.state.value}: {said}")
        self.done.append(step.id)
        return ended

    async def _pick(self, step: Step, ended: Ended) -> None:
        wanted = {one.pick.step for one in self.run.runbook.params.values() if one.pick is not None}
        if step.id in wanted:
            [table] = [one for one in ended.judged.captures.values() if isinstance(one, Table)]
            assert table.rows
            await self.run.pick(step.id, NEEDS_AN_OLD_ROW.get(step.id, 0))


@dataclass(frozen=True)
class Demo:
    """The world in trouble, and its runbooks."""

    simulator: Simulator
    runbooks: Runbooks
    situation: Situation

    async def alert_of(self, name: str) -> Alert:
        """The alert that leads to the runbook of that name, by what the runbook says of itself."""
        found = [(one, await self.runbooks.fitting(subject_of(one))) for one in self.situation.alerts]
        led = [one for one, fits in found if fits.rule is Rule.MATCH and fits.candidates[0].entry.id == name]
        assert led, f"no alert leads to {name}"
        return led[0]

    async def opens(self, name: str, alert: Alert | None = None) -> Walk:
        """The file as somebody opens it: its checks and guards asked."""
        runbook = await self.runbooks.read(ROOT / "runbooks" / f"{name}.md")
        typed = {one: value for one, value in TYPED.items() if one in runbook.params}
        if name.startswith("queue-"):
            typed["service"] = "points"
        run = (await self.runbooks.begin(runbook, alert, self.situation, typed)).run
        await run.checks()
        assert await run.ask_guards()
        return Walk(run)


@asynccontextmanager
async def demo(folder: Path, with_all: bool = False) -> AsyncIterator[Demo]:
    """The demo in its incident, or in all of them, whose time goes on when somebody waits."""
    clock = HandClock()
    options = SimulatorOptions(clock=clock, is_ticking=False, history_s=4000, with_all=with_all)
    async with running(options) as simulator:
        walk(simulator.world, clock, INCIDENT_AFTER_S)

        async def wait(seconds: float) -> None:
            walk(simulator.world, clock, seconds)
            await asyncio.sleep(0)

        async with before(simulator, folder, simulator.announcement(), clock, wait) as site:
            yield site


@asynccontextmanager
async def before(
    simulator: Simulator,
    folder: Path,
    announcement: Mapping[str, Mapping[str, str]],
    clock: Callable[[], float] = time.time,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Demo]:
    """The rooms of the demo's configuration, with what was announced."""
    config = load(write_config(folder, announcement))
    environ = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(folder / "state")}

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), UTC)

    who = "user:camille"
    rooms = await open_rooms(config, environ=environ, clock=now, monotonic=None, actor=who)
    try:
        parts = (config, rooms.sources, rooms.journal)
        runbooks = Runbooks(*parts, environ=environ, clock=now, actor=who, wait=wait)
        rooms.__dict__["runbooks"] = runbooks
        yield Demo(simulator, runbooks, await rooms.look())
    finally:
        await rooms.close()


def checked(run: Run) -> Sequence[str]:
    """The checks without a value, each with what Prometheus said."""
    units = [(one.id, run.record.unit(one.id).result) for one in run.runbook.steps if one.kind is StepKind.PROMQL]
    return [f"{name}: {result and result.reason}" for name, result in units if result is None or result.value is None]
