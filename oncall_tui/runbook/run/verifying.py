"""After a change: a reading step is asked again and again until what was expected is so, or the time is over."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from oncall_tui.runbook.execution import Executed
from oncall_tui.runbook.options import Verify
from oncall_tui.runbook.run.live import Progress, Verifying

Look = Callable[[], Awaitable[tuple[bool | None, Executed]]]
"""Asks the step once: whether it is as expected, and what it said."""


async def verified(
    unit: str,
    verify: Verify,
    look: Look,
    clock: Callable[[], datetime],
    wait: Callable[[float], Awaitable[None]],
    progress: Progress,
    is_given_up: Callable[[], bool],
) -> Verifying:
    """Ask until it is true; the last answer."""
    began = clock()
    tries = 0
    while True:
        answer, executed = await look()
        tries += 1
        elapsed = (clock() - began).total_seconds()
        within = verify.within.total_seconds()
        state = Verifying(
            unit, verify.step, verify.expect, tries, elapsed, within, answer, executed.value, executed.reason
        )
        progress(state)
        # The time that has passed decides, so that a clock that is set back does not ask for ever.
        is_over = elapsed >= within or tries > within / max(verify.every.total_seconds(), 1.0) + 1
        if answer is True or is_over or is_given_up():
            return state
        await wait(min(verify.every.total_seconds(), max(within - elapsed, 0.0)))
