"""The kinds of events in the stream of a run (``run:<ulid>``)."""

from typing import Final

STREAM: Final = "run:"
OPENED: Final = "run.opened"
PARAM: Final = "run.param"
"""A value was given to a parameter: typed, found or picked."""
CHECK: Final = "run.check"
"""A question to Prometheus, or a guard, was answered. It has no intent: it only reads."""
INTENT: Final = "run.intent"
"""Something is about to be started; committed before it is."""
RESULT: Final = "run.result"
MANUAL: Final = "run.manual"
"""Done by hand, or ticked off."""
SKIPPED: Final = "run.skipped"
OVERRIDDEN: Final = "run.overridden"
"""Somebody decided otherwise than the runbook, or said how an unknown step ended. Always with a reason."""
APPROVED: Final = "run.approved"
VERIFIED: Final = "run.verified"
UNDONE: Final = "run.undone"
NOTE: Final = "run.note"
CLAIMED: Final = "run.claimed"
"""Another operator drives from here on."""
LEFT: Final = "run.left"
"""Who drives has ended the program: nothing goes on any more, and somebody else may take it over."""
CLOSED: Final = "run.closed"

BEGINNINGS: Final = (INTENT, MANUAL, SKIPPED, OVERRIDDEN, APPROVED, UNDONE, NOTE)
"""What somebody did or decided. A run without any was only looked at: its checks answer by themselves."""


def stream_of(run_id: str) -> str:
    """The stream of a run."""
    return f"{STREAM}{run_id}"
