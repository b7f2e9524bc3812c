"""The runs that the journal knows: which are open, and how those of a runbook ended."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oncall_tui.journal.event import Event
from oncall_tui.runbook.run import words

KINDS = (words.OPENED, words.CLAIMED, *words.BEGINNINGS, words.CLOSED)
"""The kinds of events that ``told_by`` reads."""
LOOKED_AT = timedelta(minutes=30)
"""So long somebody who opened a runbook and has done nothing yet is held to be reading it."""


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run in a few words."""

    run_id: str
    runbook: str
    path: str
    title: str
    opened_at: datetime
    actor: str
    alert: str = ""
    driven_by: str = ""
    started: int = 0
    """Commands that were started in it."""
    closed: str = ""
    """How it was closed; empty while it is open."""
    closed_at: datetime | None = None
    is_begun: bool = False
    """Whether anything was done or decided in it; else somebody only looked, and it is listed nowhere."""

    @property
    def is_open(self) -> bool:
        """Whether it can be taken up again."""
        return not self.closed

    def is_offered(self, actor: str, now: datetime) -> bool:
        """Whether ``actor`` is asked to go on with it: something was done in it, or somebody else reads it just now."""
        is_read = self.driven_by != actor and now - self.opened_at < LOOKED_AT
        return self.is_open and (self.is_begun or is_read)


def told_by(events: Iterable[Event]) -> tuple[PastRun, ...]:
    """The runs that these events of ``KINDS`` tell of, the newest first."""
    runs: dict[str, PastRun] = {}
    for event in events:
        run = runs.get(event.stream)
        if event.kind == words.OPENED:
            runs[event.stream] = PastRun(
                event.stream.removeprefix(words.STREAM),
                event.text("runbook"),
                event.text("path"),
                event.text("title"),
                event.occurred_at,
                event.actor,
                event.text("alert"),
                event.actor,
            )
        elif run is None:
            continue
        elif event.kind in words.BEGINNINGS:
            started = run.started + (event.kind == words.INTENT)
            runs[event.stream] = replace(run, started=started, is_begun=True)
        elif event.kind == words.CLAIMED:
            runs[event.stream] = replace(run, driven_by=event.actor)
        elif event.kind == words.CLOSED:
            outcome = event.text("outcome") or "closed"
            runs[event.stream] = replace(run, closed=outcome, closed_at=event.occurred_at)
    return tuple(sorted(runs.values(), key=lambda one: one.opened_at, reverse=True))
