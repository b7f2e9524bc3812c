"""Can the journal be read and written, is its chain whole, how large is it? Nothing is made and nothing is added."""

import asyncio
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from oncall_tui.domain.counts import counted
from oncall_tui.journal.errors import JournalError
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.threads import DaemonThreads

PATIENCE_S = 15.0
"""A network file system may hang for ever."""

FREE_MB = 100
"""With less than this the journal may soon have no room, and without a journal nothing is acknowledged."""

_MB = 1_000_000


async def journal_findings(path: Path, clock: Callable[[], datetime], *, patience: float = PATIENCE_S) -> list[Finding]:
    """What is to be said about the journal at ``path``."""
    threads = DaemonThreads("doctor-journal", 1)
    try:
        async with asyncio.timeout(patience):
            return await threads.run(lambda: _look(path.expanduser(), clock))
    except TimeoutError:
        what = f"It has not answered for {patience:g} s."
        return [_finding(CheckState.FAILED, what, "Look at the disk it is on, or set `path` of [journal].")]
    except JournalError as error:
        return [_finding(CheckState.FAILED, str(error), error.hint)]
    except OSError as error:
        what = f"It cannot be looked at: {error.strerror or type(error).__name__}."
        return [_finding(CheckState.FAILED, what, "Look at the owner and the mode of its folder.")]
    finally:
        threads.close()


def _look(path: Path, clock: Callable[[], datetime]) -> list[Finding]:
    """Blocking."""
    if not path.exists():
        return _not_yet(path)
    from oncall_tui.journal.store import Journal

    journal = Journal.open(path, clock)
    try:
        broken = journal.verify()
    finally:
        journal.close()
    found = [_finding(CheckState.OK, f"Readable and writable, {_size(path.stat().st_size)}.")]
    if broken is not None:
        what = f"Its chain is broken: row {broken.seq} of {broken.stream} ({broken.reason})."
        advice = "Keep the file for whoever looks into it, and move it away to begin a new one."
        found.append(_finding(CheckState.FAILED, what, advice))
    else:
        found.append(_finding(CheckState.OK, "Its chain is whole."))
    return found + _room(path.parent)


def _not_yet(path: Path) -> list[Finding]:
    """A journal that will be made with the first acknowledge: can it be?"""
    folder = next((one for one in path.parents if one.exists()), path.parent)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        what = f"It is not there yet and cannot be made: {folder} may not be written to."
        return [_finding(CheckState.FAILED, what, "Make the folder writable for you, or set `path` of [journal].")]
    return [_finding(CheckState.OK, "Not there yet; the first start makes it."), *_room(folder)]


def _room(folder: Path) -> list[Finding]:
    free = shutil.disk_usage(folder).free
    if free >= FREE_MB * _MB:
        return []
    what = (
        f"Its disk has {counted(free // _MB, 'MB').removesuffix('s')} left: without a journal nothing is acknowledged."
    )
    return [_finding(CheckState.WARNING, what, "Free some space there.")]


def _size(octets: int) -> str:
    return f"{octets / 1_000:,.0f} kB" if octets < _MB else f"{octets / _MB:,.0f} MB"


def _finding(state: CheckState, what: str, advice: str = "") -> Finding:
    return Finding(state, what, advice, Topic.JOURNAL)
