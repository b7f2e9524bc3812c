"""Which process an intent belongs to, so that none repeats what another is still doing."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from oncall_tui.domain.text import clean_line


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists on this host; one of another user counts."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass(frozen=True, slots=True)
class Owner:
    """One run of the program: what its intents are signed with."""

    host: str
    pid: int
    session: str
    """ULID of this run: in a container every run may have the same host and process id."""
    is_alive: Callable[[int], bool] = is_alive


def this_process(session: str) -> Owner:
    """The process that calls."""
    return Owner(clean_line(socket.gethostname()) or "localhost", os.getpid(), session)
