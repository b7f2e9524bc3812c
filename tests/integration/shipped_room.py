"""The runbook room with the runbooks that ship, on a configuration of real servers."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.clock import utc_now
from oncall_tui.config.model import Config, DatabaseSettings
from oncall_tui.domain.situation import Situation
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.runbook.run.live import Ended
from oncall_tui.runbook.run.plan import Confirmation
from oncall_tui.runbook.run.run import Run
from tests.integration.servers import PostgreSQL

SHIPPED = Path(__file__).parents[2] / "runbooks"
DEADLINE_S = 60.0


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a server."""
    deadline = time.monotonic() + DEADLINE_S
    for _ in range(10_000):
        if await is_so():
            return
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


async def printed(*command: str, environ: Mapping[str, str]) -> str:
    """What a program prints."""
    process = await asyncio.create_subprocess_exec(
        *command, env=environ, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    stdout, _ = await process.communicate()
    assert process.returncode == 0, command
    return stdout.decode().strip()


@dataclass(frozen=True)
class Room:
    """The runbook room with a configuration of these servers."""

    runbooks: Runbooks

    async def begins(self, name: str, **typed: str) -> Run:
        """A run of a runbook that ships, with its guards asked."""
        book = await self.runbooks.read(SHIPPED / f"{name}.md")
        assert not book.is_refused
        run = (await self.runbooks.begin(book, None, Situation(0, utc_now()), typed)).run
        assert await run.ask_guards()
        return run


async def ended(run: Run, unit: str) -> Ended:
    """Confirm a step as it asks for, and run it to its end."""
    plan = run.plan(unit)
    live = await run.start(plan, Confirmation(plan.floor, plan.digest, plan.phrase))
    return await live.ended()


@asynccontextmanager
async def room(
    folder: Path,
    values: Mapping[str, object],
    databases: Mapping[str, DatabaseSettings],
    **more: str,
) -> AsyncIterator[Room]:
    environ = {"HOME": str(folder), "PATH": os.environ["PATH"], "PGSECRET": PostgreSQL.password, **more}
    settings = msgspec.structs.replace(Config().runbooks, values=dict(values), databases=dict(databases))
    config = msgspec.structs.replace(Config(), runbooks=settings)
    journal = JournalKeeper(folder / "journal.db", utc_now)
    runbooks = Runbooks(config, (), journal, environ=environ, clock=utc_now, actor="user:camille")
    try:
        yield Room(runbooks)
    finally:
        runbooks.close()
        await journal.close()
