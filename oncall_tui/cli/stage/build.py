"""Puts the stand-ins where a demo's runbooks look for programs: a folder for ``PATH``, and one with the site's scripts.

Nothing real is reached from there: ``aws``, ``psql`` and ``redis-cli`` are small programs of ours, the home is empty,
and ``PATH`` holds besides them only tools that read and print text.
"""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PROPS = Path(__file__).with_name("props.py")
PROGRAMS = ("aws", "psql", "redis-cli", "kubectl")
SCRIPTS = (
    "releases.sh",
    "rollback.sh",
    "circuit-breaker.sh",
    "disable-user.sh",
    "enable-user.sh",
    "release-blocked-points.sh",
)
"""What the shipped runbooks call in ``./scripts``."""
HARMLESS = (
    *("bash", "sh", "env", "cat", "head", "tail", "wc", "sort", "uniq", "tr", "cut", "grep", "sed", "xargs", "jq"),
    *("date", "sleep", "printf", "echo", "true", "false", "basename", "dirname", "seq"),
)
"""Tools of the machine that runbooks may use in the demo, where they are installed."""
_PRIVATE_FOLDER, _PRIVATE, _PROGRAM = 0o700, 0o600, 0o700


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the stand-ins are."""

    root: Path
    """The folder that holds ``scripts/``: where runbooks run."""
    environment: Mapping[str, str]
    """All that their commands get: a ``PATH`` of stand-ins, an empty home."""


def build_stage(folder: Path, control_url: str, control_token: str) -> Stage:
    """Make the folders below ``folder``, which is this function's alone: what an earlier call left is removed.

    What the stand-ins need to reach the simulated world is written beside them.

    Raises:
        OSError: the folder cannot be written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    root, programs, home = folder / "site", folder / "bin", folder / "home"
    for one in (root / "scripts", programs, home):
        one.mkdir(mode=_PRIVATE_FOLDER, parents=True)
    state = folder / "stage.json"
    _write(state, json.dumps({"control": {"url": control_url, "token": control_token}}), _PRIVATE)
    for place, names in ((programs, PROGRAMS), (root / "scripts", SCRIPTS)):
        for name in names:
            _write(place / name, _starter(name, state), _PROGRAM)
    for name in HARMLESS:
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    environment = {"PATH": str(programs), "HOME": str(home), "LANG": os.environ.get("LANG", "C.UTF-8")}
    return Stage(root, environment)


def _starter(name: str, state: Path) -> str:
    """A script that starts the stand-in: isolated, so that no variable of Python changes what it loads."""
    command = shlex.join([sys.executable, "-I", str(_PROPS), name, str(state)])
    return f'#!/bin/sh\nexec {command} "$@"\n'


def _write(path: Path, text: str, mode: int) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
