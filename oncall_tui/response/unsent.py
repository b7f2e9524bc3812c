"""An action that has no end yet: how old it is, what it waits for, and what is told when it is not sent. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall_tui.domain.action import Create, Note, Silence, Unsilence
from oncall_tui.domain.clocks import age_in_words
from oncall_tui.journal.views import OutboxEntry
from oncall_tui.response.intent import Intent, can_wait
from oncall_tui.response.report import Outcome, Settled

LIMIT = timedelta(minutes=15)
"""How old an acknowledge may be to be sent again: later somebody else may have taken over (response.md, 1.3)."""

LANDING = timedelta(seconds=30)
"""How long a vendor may take over a request that nobody waits for any more."""

ATTEMPTS = 2
"""The key press, and one repetition."""

_CLOCKS_APART = timedelta(minutes=1)
"""An intent may be dated this much after now, by the clock of another machine."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """An action of which it is not known whether it reached the vendor, or of which nothing was sent."""

    entry: OutboxEntry
    intent: Intent
    at: datetime
    """When the key was pressed."""
    is_too_old: bool
    """It will not be sent again, whatever it is."""

    @property
    def is_waiting(self) -> bool:
        """It is sent once its source is back: nothing of it was, or it is looked for before."""
        return self.entry.waits is not None

    @property
    def may_have_arrived(self) -> bool:
        """The answer to a request of it was lost."""
        return self.intent.may_have_arrived

    def is_under_way(self, now: datetime) -> bool:
        """Whether the vendor may be busy still with the request whose answer was lost: a note that is not there yet
        would be written twice. An acknowledge that comes twice is one."""
        if self.entry.waits is None or not self.may_have_arrived or not isinstance(self.intent.action, Note):
            return False
        return timedelta(0) <= now - self.entry.waits.occurred_at < LANDING

    @property
    def reason(self) -> str:
        """What it waits for, in words; empty for what does not wait."""
        return self.entry.waits.text("reason") if self.entry.waits is not None else ""

    @property
    def again(self) -> str:
        """Stands behind "not sent" in what is told: of what may have arrived, that it was not sent again."""
        return " again" if self.may_have_arrived else ""


def is_too_old(at: datetime, now: datetime) -> bool:
    """Beyond the limit, or dated in the future: a clock that was set back leaves its age unknown."""
    return not -_CLOCKS_APART <= now - at < LIMIT


def too_old_in_words(one: Unsent, now: datetime) -> str:
    """Why nobody knows any more whether it is still meant."""
    known = "it waited" if one.is_waiting else "no answer was recorded"
    if one.at > now:
        return f"{known}, and the clock was set back since the key was pressed, so its age is unknown"
    if one.is_waiting:
        return f"{known} for {age_in_words(now - one.at)}, and nobody knows whether it is still meant"
    return f"the key was pressed {age_in_words(now - one.at)} ago and {known}"


def at_next_start(one: Unsent) -> str:
    """What the next start of the screen does with an action that was cut off, in words."""
    source = one.intent.source
    if isinstance(one.intent.action, Create | Silence | Unsilence):
        return f"the next start of the screen looks in {source} whether it was done, and does not do it again"
    if not can_wait(one.intent.action):
        return f"it is not sent again: the next start of the screen says so; look in {source} whether it was done"
    if one.is_too_old:
        return f"too old to be sent again: the next start of the screen says so; look at it in {source}"
    if one.entry.attempts >= ATTEMPTS:
        return f"not sent a third time: the next start of the screen says so; look at it in {source}"
    return f"the next start of the screen looks in {source}, and sends it again if it is still wanted by then"


def dropped(one: Unsent) -> Settled:
    """The end of what is taken out by hand."""
    lost = "; it may have arrived all the same" if one.may_have_arrived else ""
    reason = f"taken out of the outbox by hand, and not sent any more{lost}"
    return Settled(one.intent.source, Outcome.DROPPED, reason, may_have_arrived=one.may_have_arrived)


def failed(one: Unsent, reason: str) -> Settled:
    """The end of what is given up."""
    return Settled(one.intent.source, Outcome.FAILED, reason.strip(), may_have_arrived=one.may_have_arrived)
