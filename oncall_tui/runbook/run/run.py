"""A run: the door that a screen and a command line use.

Nothing here starts by itself but checks, which only read. What is started was shown as a ``Plan``, confirmed with the
digest of that plan, and written to the journal before it began.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from oncall_tui.journal.event import Json
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Chunk, Ending, Executed, Kind, Prepared, Running
from oncall_tui.runbook.model import Mode, Runbook, Section, Step, StepKind
from oncall_tui.runbook.options import Verify
from oncall_tui.runbook.run import payloads, words
from oncall_tui.runbook.run.approving import Agreed
from oncall_tui.runbook.run.bound import directory_of
from oncall_tui.runbook.run.captured import Captured
from oncall_tui.runbook.run.guarding import guarded
from oncall_tui.runbook.run.known import last_unit
from oncall_tui.runbook.run.live import Ended, LiveStep, Progress, Verifying, started
from oncall_tui.runbook.run.outcome import judged
from oncall_tui.runbook.run.pages import Pages
from oncall_tui.runbook.run.plan import Confirmation, Plan
from oncall_tui.runbook.run.planning import NotStarted, Planning
from oncall_tui.runbook.run.ports import Desk
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.terminal import AtTerminal
from oncall_tui.runbook.run.undoing import step_of
from oncall_tui.runbook.run.verifying import verified

__all__ = ["NotStarted", "Run"]


class Run(Planning):
    """One run of one runbook. Made by ``opening.open_run`` and ``opening.resume_run``.

    Args:
        on_change: hears that the record, or what runs, has changed.
    """

    def __init__(
        self, runbook: Runbook, desk: Desk, pages: Pages, on_change: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(runbook, desk, pages)
        self._on_change = on_change
        self._live: dict[str, LiveStep] = {}
        self._verifying: set[str] = set()
        self._is_given_up = False

    @property
    def running(self) -> Mapping[str, LiveStep]:
        """What goes on right now, by unit."""
        return dict(self._live)

    def state_of(self, unit_id: str) -> State:
        """Where a unit stands; ``running`` only for what this very process runs."""
        if unit_id in self._live or unit_id in self._verifying:
            return State.RUNNING
        return self.record.unit(unit_id).state

    async def start(
        self, plan: Plan, confirmation: Confirmation, hear: Callable[[Chunk], None] = lambda chunk: None
    ) -> LiveStep:
        """Start what was shown and confirmed. The intent is on the disk before.

        Raises:
            NotStarted: something stands against it now, or the confirmation is too weak.
            NotDriving: somebody else drives the run.
            JournalError: the intent cannot be written.
        """
        if plan.needs_terminal:
            raise NotStarted("it needs a terminal of its own: it is started there, or done by hand")
        return await self._begun(
            plan,
            confirmation,
            lambda now, prepared: started(self.desk.executors[prepared.kind], now, confirmation.digest, hear),
        )

    async def start_in_terminal(self, plan: Plan, confirmation: Confirmation, typing: int, drawing: int) -> Ended:
        """Run what was shown and confirmed on the user's terminal, to its end. The intent is on the disk before, the
        result after; a program that dies between them leaves it *unknown*.

        Whoever draws on the terminal stops before and draws anew afterwards; ``verify`` is asked as after ``start``.

        Args:
            typing: the descriptor of the terminal that is read; raw meanwhile, and restored.
            drawing: the one that is written.

        Raises:
            NotStarted: something stands against it now, or the confirmation is too weak.
            NotDriving: somebody else drives the run.
            JournalError: the intent cannot be written.
        """
        in_terminal = self.desk.in_terminal
        if in_terminal is None or not plan.needs_terminal:
            raise NotStarted("; ".join(plan.blocked) or "it needs no terminal of its own: start it as any other step")

        async def sit_down(now: Plan, prepared: Prepared) -> Running:
            return AtTerminal(in_terminal, prepared, confirmation.digest, typing, drawing)

        return await (await self._begun(plan, confirmation, sit_down)).ended()

    async def _begun(
        self, plan: Plan, confirmation: Confirmation, begin: Callable[[Plan, Prepared], Awaitable[Running]]
    ) -> LiveStep:
        now = self._anew(plan)
        problem = self._objection(now, confirmation) or self._in_the_way(now)
        if problem or now.prepared is None:
            raise NotStarted(problem or "a value is missing")
        agreed = self.agreed(now, confirmation.approval)
        given = agreed if isinstance(agreed, Agreed) else None
        payload = payloads.intent(now, now.prepared, confirmation, self.desk.operator, given)
        # Until the answer of the journal is there, a second key press must find it begun.
        self._starting.add(now.unit)
        try:
            await self.pages.decide(words.INTENT, payload)
            running = await begin(now, now.prepared)
        finally:
            self._starting.discard(now.unit)
        live = LiveStep(now, running, self.pages, self._keep, lambda: self._over(now.unit))
        self._live[now.unit] = live
        self._on_change()
        return live

    async def check(self, step: Step, hear: Callable[[Chunk], None] = lambda chunk: None) -> Executed:
        """Ask a PromQL step. It only reads: it needs no confirmation and writes no intent.

        Raises:
            JournalError: the answer cannot be written; it is kept, and written before the next decision.
        """
        assert step.kind is StepKind.PROMQL
        executed, _ = await self._read(step, hear)
        return executed

    async def checks(self) -> None:
        """Ask every PromQL step of a native file, side by side; an imported one starts nothing by itself."""
        if self.runbook.mode is not Mode.NATIVE or self.pages.is_read_only:
            return
        steps = [step for step in self.runbook.steps if step.kind is StepKind.PROMQL and step.commands]
        ready = [step for step in steps if self.plan(step.commands[0].id, again=True).prepared is not None]
        await asyncio.gather(*(self.check(step) for step in ready), return_exceptions=True)
        self._on_change()

    async def ask_guards(self) -> bool:
        """Ask the guards of the runbook; whether all hold. Their answers stand in the record.

        Raises:
            NotDriving: somebody else drives the run.
            JournalError: the answers cannot be written.
        """
        holds = True
        for guard in self.runbook.guards:
            answer = await guarded(guard, self.desk.find_program, self.desk.config, self._run_guard)
            payload: dict[str, Json] = {"guard": answer.name, "holds": answer.holds, "reason": answer.reason}
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

    async def end(self) -> None:
        """The program ends: everything that runs is ended, and its end written."""
        self._is_given_up = True
        for live in self._live.values():
            live.cancel()
        await asyncio.gather(*(live.ended() for live in list(self._live.values())))

    async def _verify(self, unit_id: str, wanted: Verify, progress: Progress) -> Verifying:
        step = self.runbook.step(wanted.step)
        assert step is not None

        async def look() -> tuple[bool | None, Executed]:
            executed, _ = await self._read(step, lambda chunk: None)
            return self.known().ask(wanted.expect), executed

        self._is_given_up = False
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

    async def _read(self, step: Step, hear: Callable[[Chunk], None]) -> tuple[Executed, Mapping[str, Captured]]:
        """Run a reading step without an intent, and write what it said where that is new."""
        plan = self.plan(last_unit(step), again=True)
        if plan.prepared is None or plan.danger > Danger.READ:
            return Executed(Ending.FAILED_TO_START, "; ".join(plan.blocked) or "it does not only read"), {}
        executor = self.desk.executors[plan.prepared.kind]
        executed = await (await started(executor, plan, plan.digest, hear)).ended()
        outcome = judged(step, True, executed)
        payload = payloads.result(plan.unit, executed, outcome.state, outcome.reason, keeps_output=False)
        payload["captures"] = payloads.kept(outcome.captures)
        self._keep({f"{step.id}.{name}": one for name, one in outcome.captures.items()}, {})
        await self.pages.tell(words.CHECK, payload)
        return executed, outcome.captures

    async def _run_guard(self, body: str) -> Executed:
        prepared = Prepared(Kind.SHELL, body, cwd=directory_of(self.known()), is_reading=True)
        running = await self.desk.executors[Kind.SHELL].start(prepared, prepared.digest, lambda chunk: None)
        return await running.ended()

    def _in_the_way(self, plan: Plan) -> str:
        """One thing is changed at a time: what comes next depends on what became of it."""
        if plan.unit in self._live:
            return "it runs already"
        others = [one.plan.unit for one in self._live.values() if one.plan.danger > Danger.READ]
        if others and plan.danger > Danger.READ:
            return f"{others[0]} is still running: wait for its end, or cancel it"
        return ""

    def _over(self, unit: str) -> None:
        self._live.pop(unit, None)
        self._on_change()
