"""Runs are begun and taken up again."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oncall_tui.runbook.checkout import checkout_of
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.run import payloads
from oncall_tui.runbook.run.pages import continued, opened
from oncall_tui.runbook.run.ports import Desk
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.words import STREAM
from oncall_tui.runbook.values.resolve import Value


@dataclass(frozen=True, slots=True)
class Resumed:
    """A run that was taken up again."""

    run: Run
    has_changed: bool
    """Whether the file is another one than was begun with: show the difference, and run the text that was."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """Its secrets, by parameter, as they were read again, or why they were not."""


async def open_run(
    runbook: Runbook, desk: Desk, run_id: str, links: Mapping[str, str], on_change: Callable[[], None] = lambda: None
) -> Run:
    """Begin a run.

    Args:
        run_id: a new ULID.
        links: ``alert`` and ``incident``, where there are any.

    Raises:
        JournalError: it cannot be written. Nothing is run without a journal.
    """
    name = await asyncio.to_thread(_kept, runbook, desk.texts) if desk.texts is not None else ""
    checkout = await checkout_of(runbook.path, desk.find_program("git"))
    payload = payloads.opened(runbook, links, name, checkout)
    if desk.directory is not None:
        payload["directory"] = str(desk.directory.absolute())
    return Run(runbook, desk, await opened(desk.journal, run_id, desk.operator, desk.clock, payload), on_change)


async def resume_run(
    runbook: Runbook, desk: Desk, run_id: str, on_change: Callable[[], None] = lambda: None
) -> Resumed:
    """Take a run up again, as the journal has it. It can be read, and driven once it is claimed.

    Args:
        runbook: the text that the run was begun with (``kept_text``), or the file as it is now.

    Raises:
        JournalError: it cannot be read, or there is no such run.
    """
    pages = await continued(desk.journal, run_id, desk.operator, desk.clock)
    return Resumed(Run(runbook, desk, pages, on_change), pages.record.sha256 != runbook.sha256)


def kept_text(folder: Path, sha256: str) -> bytes | None:
    """The text that a run was begun with; none when it is not there or is not what the hash says. Blocks."""
    if not sha256.isalnum():
        return None
    try:
        data = (folder / f"{sha256}.md").read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def run_id_of(stream: str) -> str:
    """The run that a stream belongs to."""
    return stream.removeprefix(STREAM)


def _kept(runbook: Runbook, folder: Path) -> str:
    """The text of the file, kept privately. A disk that is full must not keep anybody from running."""
    name = f"{runbook.sha256}.md"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / name).exists():
            descriptor = os.open(folder / f".{name}.{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(runbook.source.encode("utf-8", "surrogateescape"))
            (folder / f".{name}.{os.getpid()}").replace(folder / name)
    return name
