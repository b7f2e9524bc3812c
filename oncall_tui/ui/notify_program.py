"""Runs the user's program for notifications: without a shell, without input, in a session of its own, for so long."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic, sleep

_GRACE_S = 2.0
"""What is told to end gets so long before it is killed."""
_LOOK_EVERY_S = 0.02


class Program:
    """One process at a time, with whatever it starts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._group: int | None = None
        self._is_stopped = False

    def run(self, argv: Sequence[str], environ: Mapping[bytes, bytes], timeout: float) -> str:
        """Run to the end; what went wrong in words, empty when nothing did. Blocks.

        What it prints is dropped. It has no terminal: the screen is on that. What it leaves behind when it ends well is
        its own affair; after ``timeout`` seconds it is ended with everything that it has started.
        """
        try:
            with self._lock:  # Until its number is known nobody can end it: who wants to waits for that.
                process = subprocess.Popen(
                    argv,
                    env=dict(environ),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
                self._group = process.pid
        except (OSError, ValueError) as error:
            what = error.strerror if isinstance(error, OSError) else "its arguments cannot be passed on"
            return f"cannot be started: {what}"
        is_in_time = _ends_within(process.pid, timeout)
        if not is_in_time:
            self._end(process.pid)
        with self._lock:
            # Until here the process is not reaped: its number cannot be another's.
            if self._is_stopped:
                _signal(process.pid, signal.SIGKILL)
            self._group = None
            code = process.wait()
        if not is_in_time:
            return f"took longer than {timeout:g} s and was ended"
        return _in_words(code)

    def stop(self) -> None:
        """Tell what runs to end; what is deaf to that is killed after a grace. Does not wait for its end.

        The end of the interpreter waits for that: nobody would be left to do it.
        """
        with self._lock:
            self._is_stopped = True
            if self._group is None:
                return
            _signal(self._group, signal.SIGTERM)
            ending = threading.Thread(target=self._kill_later, args=(self._group,), name="notify-end")
        ending.start()

    def _kill_later(self, group: int) -> None:
        until = monotonic() + _GRACE_S
        while monotonic() < until:
            with self._lock:
                if self._group != group:
                    return
            sleep(_LOOK_EVERY_S)
        with self._lock:
            if self._group == group:
                _signal(group, signal.SIGKILL)

    def _end(self, group: int) -> None:
        _signal(group, signal.SIGTERM)
        _ends_within(group, _GRACE_S)
        _signal(group, signal.SIGKILL)


def _ends_within(pid: int, seconds: float) -> bool:
    """Whether a process ends in time. It is left to be reaped: its group can still be signalled then."""
    until = monotonic() + seconds
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if monotonic() >= until:
            return False
        sleep(_LOOK_EVERY_S)
    return True


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _in_words(code: int) -> str:
    if code < 0:
        return f"was ended by signal {-code}"
    return f"ended with exit code {code}" if code else ""
