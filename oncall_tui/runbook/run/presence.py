"""Who drives a run, as those see it who only look on: since when, and whether anybody still does."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.runbook.run.ports import Operator
from oncall_tui.runbook.run.record import Record


@dataclass(frozen=True, slots=True)
class Presence:
    """Whoever drives a run, or did last."""

    actor: str
    host: str
    since: datetime | None
    heard_at: datetime | None
    """When it wrote last."""
    gone: str = ""
    """Why nobody drives any more; empty while somebody may."""


def presence_of(record: Record, operator: Operator, is_alive: Callable[[int], bool] | None = None) -> Presence:
    """Who drives.

    That a program has died is known of this host alone; of another one only that it said so when it ended.

    Args:
        is_alive: whether a process of this host is there.
    """
    gone = ""
    if record.left_at is not None:
        gone = "has ended the program"
    elif record.driver_pid and record.driver_host == operator.host and record.driver != operator.session:
        gone = "" if (is_alive or _is_alive)(record.driver_pid) else "is gone, its program has died"
    return Presence(record.driven_by, record.driver_host, record.driven_since, record.heard_at, gone)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # Somebody else's process: it is there.
    return True
