"""What goes on right now: one started command, from its intent to its result."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.event import Json
from oncall_tui.runbook.execution import Ending, Executed, Running
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.run import payloads, words
from oncall_tui.runbook.run.captured import Captured
from oncall_tui.runbook.run.faults import executed_of, in_words
from oncall_tui.runbook.run.known import last_unit
from oncall_tui.runbook.run.outcome import Judged, judged
from oncall_tui.runbook.run.pages import Pages
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.states import State


@dataclass(frozen=True, slots=True)
class Ended:
    """How a started command ended."""

    executed: Executed
    judged: Judged
    unwritten: str = ""
    """Why the journal does not hold it yet; empty when it does."""


Hidden = Callable[[Mapping[str, Captured], Mapping[str, str]], None]
"""Hears of captures and of variables that the journal does not hold."""
Write = Callable[[Executed, Judged], Awaitable[str]]
"""Writes how something ended; why it could not be written, empty when it was."""


class LiveStep:
    """A command that runs. Its result is written whether somebody waits for it or not.

    The one place where a fault of an executor, of ``expect`` or of the writing itself becomes a failed result with
    words: nothing of it is silent, and none of it reaches whoever waits.
    """

    def __init__(self, plan: Plan, running: Running, write: Write, then: Callable[[], None]) -> None:
        self.plan = plan
        self._running = running
        self._write = write
        self._task = asyncio.create_task(self._until_written())
        self._task.add_done_callback(lambda _: then())

    @property
    def is_over(self) -> bool:
        """Whether its end is written, or waits to be."""
        return self._task.done()

    def cancel(self) -> None:
        """End it and all that it started. ``ended`` tells the rest."""
        self._running.cancel()

    async def ended(self) -> Ended:
        """Wait for its end. Never raises for what the command, its executor or the journal does."""
        return await asyncio.shield(self._task)

    async def _until_written(self) -> Ended:
        step, prepared = self.plan.step, self.plan.prepared
        executed = await executed_of(self._running, prepared)
        # A rehearsal is held to no `expect`: it says what would be.
        is_last = not self.plan.is_dry and self.plan.unit == last_unit(step)
        try:
            outcome = judged(step, is_last, executed)
        except Exception as error:
            outcome = Judged(
                State.FAILED, f"it ended, but what that means could not be told: {in_words(error, prepared)}"
            )
        try:
            unwritten = await self._write(executed, outcome)
        except Exception as error:
            unwritten = f"its end could not be written: {in_words(error, prepared)}"
        return Ended(executed, outcome, unwritten)


async def result_written(pages: Pages, plan: Plan, executed: Executed, outcome: Judged, hidden: Hidden) -> str:
    """Write a result; why it could not be, empty when it was."""
    keeps = plan.command.judgement.keeps_output
    state = state_written(plan.step, plan, outcome)
    payload = payloads.result(plan.unit, executed, state, outcome.reason, keeps)
    left = dict(executed.left_behind) if outcome.state is State.DONE and not plan.is_dry else {}
    payload["captures"] = payloads.kept(outcome.captures)
    payload["left"] = payloads.kept_texts(left)
    if executed.left_cwd is not None and left is not None and not plan.is_dry:
        payload["cwd"] = str(executed.left_cwd)
    if executed.ending is Ending.FAILED_TO_START:
        payload["started"] = False
    hidden({f"{plan.step.id}.{name}": value for name, value in outcome.captures.items()}, left)
    return await _told(pages, words.RESULT, payload)


async def answer_written(pages: Pages, plan: Plan, executed: Executed, outcome: Judged, hidden: Hidden) -> str:
    """Write what a step said that was only asked, without an intent; why it could not be, empty when it was."""
    payload = payloads.result(plan.unit, executed, outcome.state, outcome.reason, keeps_output=False)
    payload["captures"] = payloads.kept(outcome.captures)
    hidden({f"{plan.step.id}.{name}": value for name, value in outcome.captures.items()}, {})
    return await _told(pages, words.CHECK, payload)


async def _told(pages: Pages, kind: str, payload: dict[str, Json]) -> str:
    try:
        await pages.tell(kind, payload)
    except JournalError as error:
        return f"{error} {error.hint}".strip()
    return ""


def state_written(step: Step, plan: Plan, outcome: Judged) -> State:
    """A change that has still to be verified is not done yet: a crash meanwhile must not make it so."""
    waits = outcome.state is State.DONE and step.options.verify is not None and plan.unit == last_unit(step)
    if plan.is_dry:
        # A rehearsal changes nothing of where the step stands; what it says is in the event.
        return State.PENDING
    return State.UNVERIFIED if waits else outcome.state


Progress = Callable[["Verifying"], None]


@dataclass(frozen=True, slots=True)
class Verifying:
    """How far the verification of a change is."""

    unit: str
    step: str
    """The reading step that is asked."""
    expect: str
    tries: int
    elapsed_s: float
    within_s: float
    answer: bool | None
    """None: it cannot be told."""
    value: float | None = None
    reason: str = ""
