"""Steps to be executed, and what they told."""

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from oncall_tui.runbook.execution import Chunk, Executed, Executor, Kind, Prepared, Running
from oncall_tui.runbook.executors.place import Place
from oncall_tui.runbook.process.job import Patience

SHORT = Patience(interrupt=0.3, terminate=0.3, drain=0.3)
DEADLINE = 20.0
"""Seconds that an external process may take on a machine that others use as well."""


@dataclass
class Heard:
    """The output as the loop hears it."""

    chunks: list[Chunk] = field(default_factory=list)

    def __call__(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(one.text for one in self.chunks)

    async def until(self, words: str) -> None:
        """Wait until it has been heard."""
        await until(lambda: words in self.text)


async def until(is_so: Callable[[], bool], seconds: float = DEADLINE) -> None:
    """Wait for another process."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def place(folder: Path, **changes: Any) -> Place:
    """A place in a folder of the test."""
    given: dict[str, Any] = {
        "environ": {"PATH": os.environ["PATH"], "HOME": str(folder)},
        "outputs": folder / "outputs",
        "scratch": folder / "scratch",
        "patience": SHORT,
    }
    return Place(**{**given, **changes})


def shell(body: str, cwd: Path, **changes: Any) -> Prepared:
    """A step of the shell."""
    return Prepared(Kind.SHELL, body, cwd=cwd, **{"timeout": timedelta(seconds=DEADLINE), **changes})


async def begun(executor: Executor, prepared: Prepared, heard: Heard | None = None) -> Running:
    """The step, started as it was confirmed."""
    return await executor.start(prepared, prepared.digest, heard or Heard())


async def run(executor: Executor, prepared: Prepared, heard: Heard | None = None) -> Executed:
    """The step, from its start to its end."""
    return await (await begun(executor, prepared, heard)).ended()


def is_alive(pid: int) -> bool:
    """Whether a process is there and no corpse."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
