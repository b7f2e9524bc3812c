"""The result that each id of an act gets."""

from dataclasses import dataclass
from enum import StrEnum


class ActOutcome(StrEnum):
    """How an action on one record ended at its vendor."""

    CONFIRMED = "confirmed"
    """The vendor answered that it is done."""
    ALREADY = "already"
    """It was so before; ``ActResult.by`` names by whom, where that is known."""
    GONE = "gone"
    """Resolved or unknown at the vendor: nothing was sent, because it would have reopened."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ActResult:
    """The outcome for one id. ``reason`` says in words why it failed or was not sent."""

    id: str
    outcome: ActOutcome
    reason: str = ""
    by: str | None = None
    may_have_arrived: bool = False
    """The answer was lost: the vendor may have done it."""
    held_by: str = ""
    """What kept it from being done, where that passes: the vendor is out of reach, asks to wait or fails by itself, or
    its answer was lost. Nothing was declined, and later the very same may be sent, once it was looked for."""
    wait_s: float | None = None
    """Seconds that the vendor asked to wait."""
    is_theirs: bool = False
    """Of what is held: the vendor is there and failed at this. It may take another one."""

    @property
    def may_wait(self) -> bool:
        """Whether the very same may be sent later."""
        return bool(self.held_by)
