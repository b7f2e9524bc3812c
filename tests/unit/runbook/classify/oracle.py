"""Bash itself as the judge of the judge: runs a body with stand-ins for every program and tells what was started.

The stand-ins write their arguments down and do nothing. ``PATH`` holds only them, so a body that the classifier calls
``read`` can start nothing else; what it started must be ``read`` when it is judged by itself, word for word.
"""

import contextlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMES = [
    "ls",
    "cat",
    "grep",
    "sort",
    "head",
    "find",
    "kubectl",
    "echo_",
    "canary",
    "rm",
    "touch",
    "env",
    "sudo",
    "xargs",
    "sed",
    "awk",
    "curl",
    "git",
    "docker",
    "date",
    "id",
    "wc",
]
_STAND_IN = """#!/bin/bash --norc
printf '%s\\0' "${0##*/}" "$@" > "$ONCALL_LOG/$$"
"""
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Happened:
    """What a body did."""

    started: tuple[tuple[str, ...], ...]
    """Name and arguments of every stand-in that was started."""
    left: frozenset[str]
    """Files that stand in its folder afterwards."""


class Oracle:
    """Runs bodies in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._programs = folder / "programs"
        self._programs.mkdir(parents=True)
        self._folder = folder
        self._runs = 0
        for name in NAMES:
            program = self._programs / name
            program.write_text(_STAND_IN, "utf-8")
            program.chmod(0o755)

    def ran(self, body: str) -> Happened:
        """Run a body that was judged to read, with ``set -u`` as steps have it, and tell what happened."""
        self._runs += 1  # What is left running in the background writes to its own folder.
        work, log = self._folder / f"work{self._runs}", self._folder / f"log{self._runs}"
        work.mkdir()
        log.mkdir()
        script = self._programs.parent / "body"
        script.write_text(body, "utf-8")
        environment = {"PATH": str(self._programs), "ONCALL_LOG": str(log), "HOME": str(work), "x": "value"}
        # A loop that reads for ever is still one that reads: what it started is in the log.
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                ["/bin/bash", "--noprofile", "--norc", "-u", str(script)],
                cwd=work,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
        left = frozenset(path.name for path in work.iterdir())
        calls = tuple(path.read_bytes().decode("utf-8", "replace") for path in log.iterdir())
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(log, ignore_errors=True)
        return Happened(tuple(tuple(call.split("\0")[:-1]) for call in calls), left)
