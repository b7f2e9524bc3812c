"""An execution that is a question to somebody else: a task of the event loop with a time limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.ports import PortError


class Asking:
    """``Running`` of an awaitable. Cancel gives the answer up; what was sent may have had its effect."""

    def __init__(
        self, ask: Callable[[], Awaitable[Executed]], timeout_s: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._timeout_s = timeout_s
        self._monotonic = monotonic
        self._task = asyncio.create_task(self._asked())

    async def ended(self) -> Executed:
        """Wait for its end."""
        await asyncio.wait([self._task])
        if self._task.cancelled():
            return Executed(Ending.CANCELLED, "the answer was not waited for; its effects are unknown")
        return self._task.result()

    def cancel(self) -> None:
        """Wait for no answer."""
        self._task.cancel()

    async def _asked(self) -> Executed:
        began = self._monotonic()
        try:
            async with asyncio.timeout(self._timeout_s):
                executed = await self._ask()
        except TimeoutError:
            limit = f"{self._timeout_s:g} s"
            executed = Executed(Ending.TIMED_OUT, f"no answer within {limit}; whether it had an effect is unknown")
        except PortError as error:
            executed = Executed(Ending.FAILED_TO_START, str(error))
            if error.is_sent:
                executed = Executed(Ending.FAULT, f"{error} It was sent: whether it had an effect is unknown")
        return replace(executed, took_s=self._monotonic() - began)
