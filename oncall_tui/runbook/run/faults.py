"""Faults of this program while a step runs: what nobody expected is an end like others, told in words."""

import asyncio
from collections.abc import Callable

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Altered, Chunk, Ending, Executed, Executor, Prepared, Running
from oncall_tui.runbook.executors.place import Refused, secrets_of
from oncall_tui.runbook.process.screening import redactor


async def started(executor: Executor, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
    """Start what was confirmed; what it would not be is a failure to start, and is written as such."""
    try:
        return await executor.start(prepared, digest, _heard_by(hear))
    except Altered as error:
        return Refused(str(error))
    except Exception as error:
        # Nobody knows how far it came.
        words = in_words(error, prepared)
        return Broken(f"it could not be started: {words}; whether it had an effect is unknown")


async def executed_of(running: Running, prepared: Prepared | None) -> Executed:
    """How it ended; a fault of its executor is an end with the effects unknown."""
    try:
        return await running.ended()
    except Exception as error:
        words = in_words(error, prepared)
        return Executed(Ending.FAULT, f"it could not be followed to its end: {words}; its effects are unknown")


def in_words(error: Exception, prepared: Prepared | None) -> str:
    """A fault in one line that may be shown and written: cleaned, and without secrets."""
    redact = redactor(secrets_of(prepared) if prepared is not None else ())
    text = clean_line(redact(str(error)), 300)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class Asked:
    """An execution that is only waited for. Its end is never an exception."""

    def __init__(self, running: Running, prepared: Prepared) -> None:
        self._running = running
        self._prepared = prepared

    async def ended(self) -> Executed:
        """Wait for its end."""
        return await executed_of(self._running, self._prepared)

    def cancel(self) -> None:
        """End it."""
        self._running.cancel()


class Broken:
    """``Running`` of what an executor failed at while it was to start it."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def ended(self) -> Executed:
        """At once."""
        return Executed(Ending.FAULT, self._reason)

    def cancel(self) -> None:
        """There is nothing that could be ended."""


def _heard_by(hear: Callable[[Chunk], None]) -> Callable[[Chunk], None]:
    """Who only looks on cannot make a step fail: what goes wrong there is told to the loop, as of any callback."""

    def heard(chunk: Chunk) -> None:
        try:
            hear(chunk)
        except Exception as error:
            context = {"message": "the output of a step could not be shown", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)

    return heard
