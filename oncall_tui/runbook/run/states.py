"""The states of what a run starts."""

from enum import StrEnum


class State(StrEnum):
    """Where a command, or a step, stands."""

    PENDING = "pending"
    BLOCKED = "blocked"
    """It cannot be started now; its plan says why. Never in the journal: it is told anew each time."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Ended by hand: its effects are unknown."""
    TIMED_OUT = "timed_out"
    UNVERIFIED = "unverified"
    """It succeeded, and what it should have changed did not change in time."""
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    """It was begun, and nobody recorded how it ended: a crash, or another operator who still runs it."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is expected of it."""
        return self in (State.DONE, State.SKIPPED)

    @property
    def is_trouble(self) -> bool:
        """Whether somebody has to look at it."""
        return self in (State.FAILED, State.CANCELLED, State.TIMED_OUT, State.UNVERIFIED, State.UNKNOWN)


def together(states: tuple[State, ...]) -> State:
    """The state of a step, from those of its commands: the first that is not over, the worst of what is."""
    for state in (State.UNKNOWN, State.RUNNING, State.FAILED, State.TIMED_OUT, State.CANCELLED, State.UNVERIFIED):
        if state in states:
            return state
    if all(state is State.SKIPPED for state in states) and states:
        return State.SKIPPED
    return State.DONE if states and all(state.is_settled for state in states) else State.PENDING
