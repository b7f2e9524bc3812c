"""A run: the door that a screen and a command line use.

Nothing here starts by itself but checks, which only read. What is started was shown as a ``Plan``, confirmed with the
digest of that plan, and written to the journal before it began.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Chunk, Prepared, Running
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.run import payloads, words
from oncall_tui.runbook.run.approving import Agreed
from oncall_tui.runbook.run.asking import Asking
from oncall_tui.runbook.run.faults import started
from oncall_tui.runbook.run.live import Ended, LiveStep, result_written
from oncall_tui.runbook.run.pages import Pages
from oncall_tui.runbook.run.plan import Confirmation, Plan
from oncall_tui.runbook.run.planning import NotStarted
from oncall_tui.runbook.run.ports import Desk
from oncall_tui.runbook.run.presence import Presence, presence_of
from oncall_tui.runbook.run.scripts import altered
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.terminal import AtTerminal

__all__ = ["NotStarted", "Run"]

_LEAVES_WITHIN_S = 1.0


class Run(Asking):
    """One run of one runbook. Made by ``opening.open_run`` and ``opening.resume_run``.

    Args:
        on_change: hears that the record, or what runs, has changed.
    """

    def __init__(
        self, runbook: Runbook, desk: Desk, pages: Pages, on_change: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(runbook, desk, pages, on_change)
        self._live: dict[str, LiveStep] = {}

    @property
    def running(self) -> Mapping[str, LiveStep]:
        """What goes on right now, by unit."""
        return dict(self._live)

    def state_of(self, unit_id: str) -> State:
        """Where a unit stands; ``running`` for what this very process runs and, to somebody who looks on, for what the
        driver has begun and may still be at."""
        if unit_id in self._live or unit_id in self._verifying:
            return State.RUNNING
        unit = self.record.unit(unit_id)
        if unit.state is State.UNKNOWN and self.pages.is_read_only and unit.attempt is not None:
            is_drivers = unit.attempt.session == self.record.driver and not self.presence.gone
            return State.RUNNING if is_drivers else State.UNKNOWN
        return unit.state

    @property
    def presence(self) -> Presence:
        """Who drives it."""
        return presence_of(self.record, self.desk.operator)

    async def look(self) -> bool:
        """Read what others wrote; whether they did. Raises ``JournalError``."""
        was_read_only = self.pages.is_read_only
        has_more = await self.pages.look()
        if has_more or was_read_only != self.pages.is_read_only:
            self._on_change()
        return has_more

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
            lambda now, prepared: started(self.desk.executors[prepared.kind], prepared, confirmation.digest, hear),
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
        now = replace(self._anew(plan), scripts=plan.scripts)
        problem = self._ending or self._objection(now, confirmation) or self._in_the_way(now)
        if problem or now.prepared is None:
            raise NotStarted(problem or "a value is missing")
        agreed = self.agreed(now, confirmation.approval)
        given = agreed if isinstance(agreed, Agreed) else None
        payload = payloads.intent(now, now.prepared, confirmation, self.desk.operator, given)
        # Until the answer of the journal is there, a second key press must find it begun.
        self._starting[now.unit] = now.danger
        try:
            if changed := await altered(now.scripts, now.prepared):
                raise NotStarted(changed)
            await self.pages.decide(words.INTENT, payload)
            running = await begin(now, now.prepared)
        finally:
            self._starting.pop(now.unit, None)
        write = partial(result_written, self.pages, now, hidden=self._keep)
        live = LiveStep(now, running, write, lambda: self._over(now.unit))
        self._live[now.unit] = live
        if self._has_ended:
            live.cancel()
        self._on_change()
        return live

    async def end(self) -> None:
        """The program ends: everything that runs, or is asked, is ended, and its end written. Nothing begins after."""
        self._is_given_up = self._has_ended = True
        under_way = [*self._live.values(), *self._asked]
        for one in under_way:
            one.cancel()
        await asyncio.gather(*(one.ended() for one in under_way))
        # Without it those who look on are only told less: a journal that does not answer keeps nobody from leaving.
        with contextlib.suppress(JournalError, TimeoutError):
            async with asyncio.timeout(_LEAVES_WITHIN_S):
                await self.pages.leave()

    def _in_the_way(self, plan: Plan) -> str:
        """One thing is changed at a time: what comes next depends on what became of it."""
        if plan.unit in self._live:
            return "it runs already"
        others = [one.plan.unit for one in self._live.values() if one.plan.danger > Danger.READ]
        # Also what waits for the journal to take its intent.
        others += [unit for unit, danger in self._starting.items() if danger > Danger.READ]
        if others and plan.danger > Danger.READ:
            return f"{others[0]} is still running: wait for its end, or cancel it"
        return ""

    def _over(self, unit: str) -> None:
        self._live.pop(unit, None)
        self._on_change()
