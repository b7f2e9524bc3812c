"""Shell steps on another machine, over the user's own ``ssh``: the script and its values go over standard input.

Nothing of them is in the command line that the login shell over there reads, which is a constant. Every byte of a
value that is no plain letter is written as ``\\xHH`` in a ``$'…'`` of bash, so that it is data whatever it holds. Over
there a watcher reads the same input: when our side ends, it ends what runs.
"""

import re

from oncall_tui.runbook.execution import Prepared
from oncall_tui.runbook.process.environment import refused_names

PREFIX = "ssh:"
COMMAND = "bash --noprofile --norc -s"
"""What the login shell of the other side gets; the same for every step."""
OPTIONS = ("-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15")
_LONGEST = 100_000
"""Bytes of a script: it becomes one argument over there, of which Linux takes no longer one than 128 KiB."""
_HOST = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9_][A-Za-z0-9_.-]*")
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:,+@%-")

_FRAME = """{{
{exports}
cd -- {cwd} || exit 120
unset BASH_ENV ENV
set -m
bash --noprofile --norc {options} -c {script} oncall-step </dev/null &
oncall_job=$!
{{
while read -r _; do :; done
trap '' TERM
kill -INT -- "-$oncall_job"; sleep {interrupt}
kill -TERM -- "-$oncall_job"; sleep {terminate}
kill -KILL -- "-$oncall_job"
}} >/dev/null 2>&1 &
oncall_watcher=$!
wait "$oncall_job"
oncall_code=$?
kill -TERM -- "-$oncall_watcher" 2>/dev/null
exit "$oncall_code"
}}
"""
"""In braces, so that bash has read all of it before the watcher reads on. A watcher that has begun to end things goes
on to the last signal, though the script itself may have ended with the first: what it started may be more stubborn."""


class Unsendable(Exception):
    """Something that the other side could not get as it is: what, in words."""


def host_of(target: str) -> str:
    """The destination of a step.

    Raises:
        Unsendable: it is none that ssh would take for a host alone.
    """
    host = target.removeprefix(PREFIX)
    if _HOST.fullmatch(host) is None:
        raise Unsendable(f"{host!r} is no host; write ssh:host or ssh:user@host")
    return host


def script_for(prepared: Prepared, interrupt_s: float, terminate_s: float) -> bytes:
    """What goes over standard input.

    Raises:
        Unsendable: a value or the script cannot be passed as it is.
    """
    values = {**prepared.carried, **prepared.values}
    if problem := refused_names(values):
        raise Unsendable(problem)
    body = prepared.body.encode("utf-8", "surrogatepass")
    if len(body) > _LONGEST:
        raise Unsendable(f"the script is longer than {_LONGEST} bytes")
    prologue = "" if prepared.is_strict else "set -a; "
    frame = _FRAME.format(
        exports="\n".join(f"export {name}={quoted(value)}" for name, value in values.items()),
        cwd=quoted(str(prepared.cwd)) if prepared.cwd.parts else '"$HOME"',
        options="-euo pipefail" if prepared.is_strict else "-u",
        script=quoted(prologue + prepared.body),
        interrupt=f"{interrupt_s:g}",
        terminate=f"{terminate_s:g}",
    )
    return frame.encode("ascii")


def quoted(text: str) -> str:
    """A text as bash reads it back, byte for byte, and as nothing else.

    Raises:
        Unsendable: it holds a byte 0, or is no valid Unicode text.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise Unsendable("a value is no valid Unicode text, which cannot be passed on as it is") from None
    if 0 in data:
        raise Unsendable("a value holds a byte 0, which no shell can hold")
    return "$'" + "".join(chr(byte) if byte in _PLAIN else f"\\x{byte:02x}" for byte in data) + "'"
