"""A step on the user's own terminal: what goes on between its intent and its result."""

import asyncio

from oncall_tui.runbook.execution import Altered, Ending, Executed, Kind, Prepared
from oncall_tui.runbook.run.ports import InTerminal

YOURSELF = "do it yourself, and say what came of it"


def terminal_objection(prepared: Prepared | None, in_terminal: InTerminal | None) -> str:
    """Why a step that needs a terminal cannot have one here; empty when it can, or needs none."""
    if prepared is None or not prepared.needs_terminal:
        return ""
    if prepared.kind is not Kind.SHELL or prepared.target:
        place = f" on {prepared.target}" if prepared.target else ""
        return f"it needs a terminal of its own, which a {prepared.kind.value} step{place} does not get: {YOURSELF}"
    if in_terminal is None:
        return f"it needs a terminal of its own, and there is none here: {YOURSELF}"
    return ""


class AtTerminal:
    """``Running`` of a step on the user's terminal. Its output goes there and is recorded."""

    def __init__(self, in_terminal: InTerminal, prepared: Prepared, digest: str, typing: int, drawing: int) -> None:
        self._is_cancelled = False
        self._task = asyncio.ensure_future(in_terminal(prepared, digest, typing, drawing, lambda: self._is_cancelled))

    async def ended(self) -> Executed:
        """Wait for its end; as long as a person sits before it, there is no time limit."""
        try:
            return await asyncio.shield(self._task)
        except Altered as error:
            return Executed(Ending.FAILED_TO_START, str(error))

    def cancel(self) -> None:
        """End it and all that it started."""
        self._is_cancelled = True
