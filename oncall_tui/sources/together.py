"""Reads at the same time, with one outcome: all results, or the one failure that says most, the others cancelled."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from oncall_tui.sources.errors import RateLimited, SourceError

Result = TypeVar("Result")


@asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group that raises what one task raised, not a group of exceptions."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as failures:
        raise _foremost(failures) from None


async def all_of(reads: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results of ``reads`` in their order."""
    async with together() as group:
        tasks = [group.create_task(read) for read in reads]
    return [task.result() for task in tasks]


def _foremost(failures: ExceptionGroup[Exception]) -> Exception:
    """Of several failures: a request to wait, which must be obeyed, then one of ours, then a wrong shape."""
    flat = [_foremost(one) if isinstance(one, ExceptionGroup) else one for one in failures.exceptions]
    return min(flat, key=lambda one: (not isinstance(one, RateLimited), not isinstance(one, SourceError)))
