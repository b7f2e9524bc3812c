"""The git checkout that a runbook stands in: which commit, and whether something differs from it.

The commit is read from the files of ``.git``. Only whether something differs is asked of ``git`` itself, with no
configuration but that of the checkout, none of its hooks and monitors, and a time limit; a checkout whose configuration
names programs (filters, includes) is not asked. Everything here blocks: it belongs into a thread.
"""

import asyncio
import re
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.threads import DaemonThreads

LIMIT_S = 2.0
"""How long the beginning of a run waits for all of it."""
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"refs/[A-Za-z0-9._/@+#=-]{1,400}")
_RUNS_PROGRAMS = re.compile(r"^\s*\[\s*(?:filter|include|includeif)\b", re.IGNORECASE | re.MULTILINE)
_LONGEST = 8 * 1024 * 1024
_SAFE = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false", "core.pager=cat")


@dataclass(frozen=True, slots=True)
class Checkout:
    """What a file was taken from."""

    commit: str = ""
    """Of ``HEAD``; empty where there is no checkout, or no commit in it yet."""
    is_dirty: bool | None = None
    """Whether the file, or anything tracked, differs from the commit; None when it cannot be told."""


async def checkout_of(file: Path, git: str | None, limit_s: float = LIMIT_S) -> Checkout:
    """The checkout of a file, in a thread of its own. Never raises, and never takes much longer than the limit.

    Args:
        git: the program; without one nobody can tell whether something differs.
    """
    found = Checkout()
    threads = DaemonThreads("checkout")
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            found = Checkout(await threads.run(lambda: commit_of(file)))
            if found.commit and git is not None and Path(git).is_absolute():
                found = Checkout(found.commit, await threads.run(lambda: differs(file, git, limit_s)))
    threads.close()
    return found


def commit_of(file: Path) -> str:
    """The commit that ``HEAD`` stands for above a file; empty when there is none."""
    with suppress(OSError, UnicodeDecodeError):
        if (folder := _git_folder(file)) is not None:
            return _resolved(folder, _text(folder / "HEAD").strip())
    return ""


def differs(file: Path, git: str, limit_s: float) -> bool | None:
    """Whether something tracked, or the file itself, is not as in the commit; None when it cannot be told."""
    with suppress(OSError, UnicodeDecodeError, subprocess.SubprocessError):
        folder = _git_folder(file)
        if folder is None or any(_RUNS_PROGRAMS.search(one) for one in _settings(folder)):
            return None
        everything = _asked(file, git, limit_s, "--untracked-files=no")
        return everything or _asked(file, git, limit_s, "--untracked-files=all", "--", file.name)
    return None


def _asked(file: Path, git: str, limit_s: float, *arguments: str) -> bool:
    options = [word for one in _SAFE for word in ("-c", one)]
    command = [git, "--no-optional-locks", "--literal-pathspecs", *options, "status", "--porcelain=v1"]
    answer = subprocess.run(
        [*command, "--ignore-submodules=all", *arguments],
        cwd=file.absolute().parent,
        env=_environment(git),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=limit_s,
        check=True,
    )
    return bool(answer.stdout.strip())


def _environment(git: str) -> Mapping[str, str]:
    return {
        "PATH": str(Path(git).parent),
        "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _git_folder(file: Path) -> Path | None:
    """``.git`` above a file: a folder, or the file that a worktree has for it."""
    for parent in file.absolute().parents:
        place = parent / ".git"
        if place.is_dir():
            return place
        if place.is_file():
            word, _, path = _text(place).partition(":")
            return parent / path.strip() if word == "gitdir" and path.strip() else None
    return None


def _resolved(folder: Path, head: str) -> str:
    """The commit behind the text of ``HEAD``."""
    word, _, name = head.partition(":")
    if word != "ref":
        return head if _HASH.fullmatch(head) else ""
    name = name.strip()
    if not _REF.fullmatch(name) or ".." in name:
        return ""
    for place in (folder, _common(folder)):
        with suppress(OSError):
            found = _text(place / name).strip()
            return found if _HASH.fullmatch(found) else ""
    for line in _text(_common(folder) / "packed-refs").splitlines():
        commit, _, packed = line.partition(" ")
        if packed == name and _HASH.fullmatch(commit):
            return commit
    return ""


def _common(folder: Path) -> Path:
    """Where a worktree has what it shares."""
    with suppress(OSError):
        return folder / _text(folder / "commondir").strip()
    return folder


def _settings(folder: Path) -> list[str]:
    found = []
    for path in (_common(folder) / "config", folder / "config.worktree"):
        if path.exists():
            found.append(_text(path))
    return found


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_LONGEST).decode("utf-8")
