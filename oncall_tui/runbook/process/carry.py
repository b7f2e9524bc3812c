"""What a shell step leaves to the next: the variables it exported and the folder it ended in, after success only.

A trap on EXIT writes them into the private folder, with builtins alone: the ``PATH`` of a step may hold no ``env``. It
stands on the first line of the script, before the text itself, so that bash names the lines as the runbook has them.
A step that sets a trap on EXIT of its own leaves nothing.
"""

import os
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.runbook.process.environment import is_name
from oncall_tui.runbook.steering import is_steering

MOST = 256
"""Variables that are carried."""
LONGEST = 128 * 1024
"""Characters of all of them: the kernel takes no longer single one, and nobody means to hand on more."""

_TRAP = (
    "oncall_code=$?; "
    "if [[ $oncall_code == 0 ]]; then "
    "set +aeu +x; IFS=$' \\t\\n'; "
    "{{ builtin printf 'PWD=%s\\0' \"$PWD\"; "
    "for oncall_name in $(builtin compgen -e); do "
    'builtin printf \'%s=%s\\0\' "$oncall_name" "${{!oncall_name}}"; done; }} 2>/dev/null >|{place}; '
    "fi; exit $oncall_code"
)


@dataclass(frozen=True, slots=True)
class Left:
    """What was left, after everything that must not go on was taken out."""

    variables: Mapping[str, str]
    cwd: str = ""


def prologue(place: Path, is_exporting: bool) -> str:
    """What stands before a script, on its first line.

    Args:
        is_exporting: whether every variable that is set is exported. Not as an option of bash itself, which would
            export what bash sets at its start.
    """
    trap = f"trap {shlex.quote(_TRAP.format(place=shlex.quote(str(place))))} EXIT; "
    return f"{trap}set -a; " if is_exporting else trap


def read_left(place: Path, given: Mapping[str, str], values: Collection[str], secrets: Collection[str]) -> Left:
    """What the trap wrote.

    Args:
        given: the environment that the step began with; what is as it was is not carried.
        values: names of parameters and captures: they are bound anew for each step.
        secrets: what must not stand in anything that is carried.
    """
    try:
        data = place.read_bytes()
    except OSError:
        return Left({})  # It did not succeed, or had a trap of its own.
    pairs = [os.fsdecode(one).partition("=") for one in data.split(b"\0") if one]
    cwd = next((value for name, _, value in pairs if name == "PWD"), "")
    variables: dict[str, str] = {}
    length = 0
    for name, _, value in sorted(pairs):
        if not is_name(name) or is_steering(name) or name in values or given.get(name) == value:
            continue
        if any(secret in value for secret in secrets if secret):
            continue
        length += len(name) + len(value)
        if len(variables) >= MOST or length > LONGEST:
            break
        variables[name] = value
    return Left(variables, cwd)
