"""The runs that the journal knows: which are open, and how those of a runbook ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from oncall_tui.journal.event import Event
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.states import State

KINDS = (words.OPENED, words.CLAIMED, *words.BEGINNINGS, words.RESULT, words.VERIFIED, words.CLOSED)
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
    done: int = 0
    """Commands and steps by hand that ended well, as they stand now."""
    failed: int = 0
    """Those that failed, were ended, or did not show what they should change."""
    incident: str = ""
    """The incident that the alert is, where there is one."""
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
    tallies: dict[str, _Tally] = {}
    for event in events:
        run = runs.get(event.stream)
        if run is not None:
            tallies.setdefault(event.stream, _Tally()).take(event)
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
                incident=event.text("incident"),
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
    told = (tallies[stream].told(run) if stream in tallies else run for stream, run in runs.items())
    return tuple(sorted(told, key=lambda one: one.opened_at, reverse=True))


@dataclass(slots=True)
class _Tally:
    """Where the commands of a run stand, from the few events that say so; ``replay`` knows all of it."""

    states: dict[str, State] = field(default_factory=dict)
    rehearsed: set[str] = field(default_factory=set)
    """Units whose next result is that of a rehearsal, which leaves them where they are."""

    def take(self, event: Event) -> None:
        """One event more."""
        unit = event.text("unit")
        match event.kind:
            case words.INTENT if event.payload.get("is_dry") is True:
                self.rehearsed.add(unit)
            case words.INTENT:
                self.rehearsed.discard(unit)
                self.states[unit] = State.UNKNOWN
            case words.RESULT if unit in self.rehearsed:
                self.rehearsed.discard(unit)
            case words.RESULT | words.OVERRIDDEN if said := event.text("state"):
                self.states[unit] = State(said) if said in set(State) else State.UNKNOWN
            case words.MANUAL:
                self.states[unit] = State.PENDING if event.payload.get("done") is False else State.DONE
            case words.SKIPPED:
                self.states[unit] = State.SKIPPED
            case words.VERIFIED:
                self.states[unit] = State.DONE if event.payload.get("holds") is True else State.UNVERIFIED

    def told(self, run: PastRun) -> PastRun:
        """The run with what it came to; what is under way, or unknown, is neither done nor failed."""
        states = list(self.states.values())
        failed = sum(one.is_trouble and one is not State.UNKNOWN for one in states)
        return replace(run, done=states.count(State.DONE), failed=failed)
