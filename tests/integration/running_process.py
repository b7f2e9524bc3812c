"""A process that is meant to be killed: starts one step of a runbook in each folder it is given, in a fork of its own.

Prints ``INTENT PID`` as soon as the intent is on the disk, before anything is started; the step itself never ends.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from oncall_tui.clock import utc_now
from oncall_tui.journal.event import Event, NewEvent
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.opening import open_run
from oncall_tui.runbook.run.ports import Desk, Operator
from oncall_tui.runbook.run.run import Run
from tests.unit.runbook.executors.steps import place
from tests.unit.runbook.run.helpers import RUN, confirmed, runbook

TEXT = "# Fix\n\n```bash\nchange >>effects; echo once >>effects; until [[ -e gate ]]; do sleep 0.05; done\n```\n"


class TellingJournal(JournalKeeper):
    """Says when an intent is on the disk."""

    async def append(self, stream: str, events: Sequence[NewEvent], after: int | None = None) -> tuple[Event, ...]:
        written = await super().append(stream, events, after)
        if any(one.kind == words.INTENT for one in written):
            print("INTENT", os.getpid(), flush=True)
        return written


def desk(folder: Path, session: str) -> Desk:
    """Of one process, in a folder."""
    return Desk(
        journal=TellingJournal(folder / "journal.db", utc_now),
        executors={Kind.SHELL: ShellExecutor(place(folder))},
        clock=utc_now,
        wait=asyncio.sleep,
        operator=Operator("user:ada", "laptop", os.getpid(), session),
        find_program=lambda name: name,
    )


async def begin(folder: Path) -> Run:
    """Start the step."""
    run = await open_run(runbook(TEXT, folder), desk(folder, "first"), RUN, {})
    plan = run.plan("s1")
    live = await run.start(plan, confirmed(plan))
    await live.ended()
    return run


def main() -> None:
    """One fork for each folder, one after the other."""
    for folder in sys.argv[1:]:
        pid = os.fork()
        if pid == 0:
            asyncio.run(begin(Path(folder)))
            os._exit(0)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
