"""The guards of a runbook: programs that are there, and answers that show that this is the place that is meant."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Executed
from oncall_tui.runbook.options import Guard
from oncall_tui.runbook.run.plan import guard_name


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a guard said."""

    name: str
    holds: bool
    reason: str = ""


async def guarded(
    guard: Guard,
    find_program: Callable[[str], str | None],
    config: Callable[[str], str | None],
    run: Callable[[str], Awaitable[Executed]],
) -> Guarded:
    """Ask a guard. What cannot be told does not hold."""
    name = guard_name(guard.require, guard.check)
    missing = [one for one in guard.require if find_program(one) is None]
    if missing:
        return Guarded(name, False, f"not on the PATH: {', '.join(missing)}. Install it, or do the steps yourself")
    if not guard.check:
        return Guarded(name, True)
    expected: str | None = guard.equals
    if guard.equals.startswith("config."):
        expected = config(guard.equals.removeprefix("config."))
        if expected is None:
            return Guarded(name, False, f"the configuration has no {guard.equals}")
    executed = await run(guard.check)
    if executed.exit != 0 or executed.plain is None:
        said = clean_line(executed.stderr, 200) or executed.reason or f"exit {executed.exit}"
        return Guarded(name, False, f"it could not be asked: {said}")
    answer = executed.plain.strip()
    if answer != expected:
        return Guarded(name, False, f"it says {clean_line(answer, 100)!r} and not {clean_line(expected or '', 100)!r}")
    return Guarded(name, True)
