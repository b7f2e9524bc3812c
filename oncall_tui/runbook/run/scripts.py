"""The scripts beside a runbook that a step runs: what they hold when it is confirmed is what they hold when it starts.

Only their names are in the text that is shown, so that their hashes go with the confirmation. What such a script calls
itself, and what a step over ssh finds on its host, is not seen.
"""

import asyncio
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Kind, Prepared
from oncall_tui.runbook.shell.files import Named, files_in

_SHOWN = 12
"""Digits of a hash that are shown."""


async def hashes_of(prepared: Prepared | None) -> Mapping[str, str]:
    """SHA-256 of every script that it names, by its path; empty text for one that is not there or cannot be read."""
    if prepared is None or prepared.kind is not Kind.SHELL or prepared.target:
        return {}
    named = files_in(prepared.body)
    return await asyncio.to_thread(_hashes, prepared.cwd, named) if named else {}


async def altered(shown: Mapping[str, str], prepared: Prepared) -> str:
    """What is another one than when it was shown, and what to do; empty when nothing is.

    Args:
        shown: what ``hashes_of`` said then.
    """
    if not shown:
        return ""
    now = await asyncio.to_thread(_hashes, prepared.cwd, tuple(Named(path, True) for path in shown))
    told = [f"{clean_line(path, 200)} {_difference(then, now[path])}" for path, then in shown.items()]
    changed = [one for path, one in zip(shown, told, strict=True) if now[path] != shown[path]]
    if not changed:
        return ""
    return f"{'; '.join(changed)}. Look at what is in it now, and confirm the step again"


def scripts_told(hashes: Mapping[str, str]) -> list[str]:
    """The scripts with the beginning of their hashes, for whoever confirms them."""
    return [f"{clean_line(path, 200)}  sha256 {digest[:_SHOWN]}" for path, digest in hashes.items() if digest]


def _difference(then: str, now: str) -> str:
    if not now:
        return "is gone, or cannot be read any more, since it was shown"
    if not then:
        return "was not there when the step was shown, and is now"
    return f"has changed since it was shown (sha256 {then[:_SHOWN]} then, {now[:_SHOWN]} now)"


def _hashes(folder: Path, named: tuple[Named, ...]) -> dict[str, str]:
    found = {}
    for path, is_run in named:
        file = folder / path
        # An argument that nothing says to be a script counts where it could be run: data that grows may grow.
        if is_run or (file.is_file() and os.access(file, os.X_OK)):
            found[path] = _hash(file)
    return found


def _hash(file: Path) -> str:
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""
