"""The part of a run that only asks: checks, guards, and what is asked until a change shows."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.event import Json
from oncall_tui.runbook.binding.computing import computed
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Chunk, Ending, Executed, Kind, Prepared
from oncall_tui.runbook.model import Mode, Runbook, Section, Step, StepKind
from oncall_tui.runbook.options import Verify
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.faults import Asked, started
from oncall_tui.runbook.run.guarding import guarded
from oncall_tui.runbook.run.known import last_unit
from oncall_tui.runbook.run.live import LiveStep, Progress, Verifying, answer_written
from oncall_tui.runbook.run.pages import Pages
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.planning import Planning
from oncall_tui.runbook.run.ports import Desk
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.surroundings import Surroundings, around_guard
from oncall_tui.runbook.run.undoing import step_of
from oncall_tui.runbook.run.verifying import verified

Outcome = TypeVar("Outcome")
_Told = TypeVar("_Told", covariant=True)


class _UnderWay(Protocol[_Told]):
    """What was begun and can be ended."""

    def cancel(self) -> None: ...

    async def ended(self) -> _Told: ...


class Asking(Planning):
    """Asks; nothing here changes anything.

    Args:
        on_change: hears that the record, or what runs, has changed.
    """

    def __init__(self, runbook: Runbook, desk: Desk, pages: Pages, on_change: Callable[[], None]) -> None:
        super().__init__(runbook, desk, pages)
        self._on_change = on_change
        self._verifying: set[str] = set()
        self._asked: set[_UnderWay[Any]] = set()
        self._is_given_up = False
        self._has_ended = False

    async def check(self, step: Step, hear: Callable[[Chunk], None] = lambda chunk: None) -> Executed:
        """Ask a PromQL step. It only reads: it needs no confirmation and writes no intent.

        Raises:
            JournalError: the answer cannot be written; it is kept, and written before the next decision.
        """
        assert step.kind is StepKind.PROMQL
        return await self._read(step, hear)

    async def checks(self) -> None:
        """Ask every PromQL step of a native file, side by side; an imported one starts nothing by itself.

        Raises:
            JournalError: an answer cannot be written, once all have come; as in ``check``.
        """
        if self.runbook.mode is not Mode.NATIVE or self.pages.is_read_only:
            return
        steps = [step for step in self.runbook.steps if step.kind is StepKind.PROMQL and step.commands]
        ready = [step for step in steps if self.plan(step.commands[0].id, again=True).prepared is not None]
        answers = await asyncio.gather(*(self.check(step) for step in ready), return_exceptions=True)
        self._on_change()
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer

    async def ask_guards(self, plan: Plan | None = None) -> bool:
        """Ask the guards of the runbook; whether all hold. Their answers stand in the record.

        Args:
            plan: what is about to be started: they are asked on its host, with its environment and in its folder, and
                their answers count for what has the same; nothing is asked while the host is not known. Without one
                they are asked where the run is by now.

        Raises:
            NotDriving: somebody else drives the run.
            JournalError: the answers cannot be written.
        """
        holds = True
        known = self._known_to(plan)
        step, prepared = (plan.step, plan.prepared) if plan is not None else (None, None)
        for guard in self.runbook.guards:
            around = around_guard(known, guard, step, prepared)
            if around is None:
                holds = False
                continue
            run = partial(self._run_guard, around)
            answer = await guarded(guard, self.desk.find_program, self.desk.config, run)
            payload: dict[str, Json] = {"guard": answer.name, "holds": answer.holds, "reason": answer.reason}
            payload |= {"where": around.digest, "target": around.target}
            await self.pages.decide(words.CHECK, payload)
            holds = holds and answer.holds
        self._on_change()
        return holds

    async def verify(self, unit_id: str, progress: Progress = lambda state: None) -> Verifying | None:
        """Ask until the change of a unit shows. Sets it done, or leaves it unverified; None where nothing is asked.

        Raises:
            JournalError: the answer cannot be written; it is kept, and written before the next decision.
        """
        step = step_of(self.runbook, unit_id)
        wanted = step.options.verify if step is not None else None
        if wanted is None or self.record.unit(unit_id).state is not State.UNVERIFIED:
            return None
        return await self._verify(unit_id, wanted, progress)

    async def verify_section(self, section: Section, progress: Progress = lambda state: None) -> Verifying | None:
        """Ask until what a section promises is so, e.g. "done when"."""
        return await self._verify(section.slug, section.verify, progress) if section.verify is not None else None

    def give_up_waiting(self) -> None:
        """End every verification under way with its next answer."""
        self._is_given_up = True

    async def _verify(self, unit_id: str, wanted: Verify, progress: Progress) -> Verifying:
        step = self.runbook.step(wanted.step)
        assert step is not None

        async def look() -> tuple[bool | None, Executed]:
            executed = await self._read(step, lambda chunk: None)
            # What was not asked now must not be answered by what was said before.
            is_answered = executed.ending is Ending.EXITED
            return self.known().ask(wanted.expect) if is_answered else None, executed

        self._is_given_up = self._has_ended
        self._verifying.add(unit_id)
        self._on_change()
        try:
            state = await verified(
                unit_id, wanted, look, self.desk.clock, self.desk.wait, progress, lambda: self._is_given_up
            )
        finally:
            self._verifying.discard(unit_id)
        word = {True: "is so", False: "is not so", None: "cannot be told"}[state.answer]
        payload: dict[str, Json] = {
            "unit": unit_id,
            "holds": state.answer is True,
            "expect": wanted.expect,
            "value": state.value,
            "tries": state.tries,
            "took_s": state.elapsed_s,
            "reason": f"{wanted.expect} {word} after {state.elapsed_s:.0f} s",
        }
        await self.pages.tell(words.VERIFIED, payload)
        self._on_change()
        return state

    async def _read(self, step: Step, hear: Callable[[Chunk], None]) -> Executed:
        """Run a reading step without an intent, and write what it said where that is new."""
        plan = self.plan(last_unit(step), again=True)
        if problem := self._not_asked(plan):
            return Executed(Ending.FAILED_TO_START, problem)
        assert plan.prepared is not None
        running = await started(self.desk.executors[plan.prepared.kind], plan.prepared, plan.digest, hear)
        live = LiveStep(plan, running, partial(answer_written, self.pages, plan, hidden=self._keep), lambda: None)
        ended = await self._waited_for(live)
        if ended.unwritten:
            raise JournalError(ended.unwritten)
        return ended.executed

    async def _run_guard(self, around: Surroundings, body: str) -> Executed:
        prepared = Prepared(
            Kind.SHELL, body, carried=around.environment, cwd=around.cwd, target=around.target, is_reading=True
        )
        if problem := self._ending or computed(body, around.environment):
            return Executed(Ending.FAILED_TO_START, problem)
        running = await started(self.desk.executors[Kind.SHELL], prepared, prepared.digest, lambda chunk: None)
        return await self._waited_for(Asked(running, prepared))

    async def _waited_for(self, asked: "_UnderWay[Outcome]") -> Outcome:
        """Its end; ``end`` of the run knows of it meanwhile."""
        self._asked.add(asked)
        if self._ending:
            asked.cancel()
        try:
            return await asked.ended()
        finally:
            self._asked.discard(asked)

    @property
    def _ending(self) -> str:
        """Why nothing begins any more; empty as long as it may."""
        return "the program ends: nothing begins any more" if self._has_ended else ""

    def _not_asked(self, plan: Plan) -> str:
        """Why a step that only reads is not asked; empty when it is."""
        if self._ending:
            return self._ending
        if plan.prepared is None or plan.step.blocked or self.runbook.is_refused:
            return "; ".join(plan.blocked) or "a value is missing"
        return "it does not only read" if plan.danger > Danger.READ else ""
