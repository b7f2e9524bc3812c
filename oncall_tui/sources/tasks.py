"""Reads that run side by side and end together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group whose first error comes out as itself; the other tasks are cancelled.

    ``asyncio.TaskGroup`` wraps errors in a group, ``asyncio.gather`` leaves the other tasks running.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
