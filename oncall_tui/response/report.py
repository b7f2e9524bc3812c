"""What an acknowledge came to, per alert, in words for the row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.domain.verb import Verb
from oncall_tui.journal import views
from oncall_tui.sources.actors import ActOutcome

if TYPE_CHECKING:
    from oncall_tui.domain.action import Action


class Outcome(StrEnum):
    """How an action ended for an alert."""

    CONFIRMED = ActOutcome.CONFIRMED.value
    """The vendor answered that it is done."""
    ALREADY = ActOutcome.ALREADY.value
    """It was so before."""
    GONE = ActOutcome.GONE.value
    """Resolved or unknown at the vendor: nothing was sent."""
    HERE_ONLY = views.HERE_ONLY
    """No vendor takes it for this alert: it is known to this journal only."""
    EXPIRED = "expired"
    """Left open by a crash and found too late to be sent again."""
    UNKNOWN = "unknown"
    """Left open by a crash, and not sent again: doing it twice may do harm."""
    WAITING = "waiting"
    """The vendor is out of reach, asks to wait or fails by itself. The outbox has it and sends it later; where an
    answer was lost, only once it has looked for it."""
    DROPPED = "dropped"
    """Taken out of the outbox by hand before anything was sent."""
    FAILED = ActOutcome.FAILED.value


@dataclass(frozen=True, slots=True)
class ActReport:
    """The outcome for one alert, over all of its records."""

    alert_id: AlertId
    title: str
    outcome: Outcome
    reason: str = ""
    """What went wrong or is worth knowing, and what to do; empty when there is nothing to add."""
    by: str | None = None
    """Who had done it before, when somebody had."""
    may_have_arrived: bool = False
    """An answer was lost: the vendor may have done it nevertheless."""
    verb: Verb = Verb.ACKNOWLEDGE
    made: str = ""
    """The id at the vendor of what was made by it."""
    taken_from: tuple[str, ...] = ()
    """Whose page was acknowledged, when it was that of others."""
    action: "Action | None" = None
    """What was done, of what is told later than it was asked for."""
    begun_at: datetime | None = None
    """When that was asked for."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How an action on one record ended."""

    source: SourceName
    outcome: Outcome
    reason: str = ""
    by: str | None = None
    may_have_arrived: bool = False
    made: str = ""
    """The id of what was made by it."""
    wait_s: float | None = None
    """Seconds that the vendor asked to wait, of what waits."""
    is_theirs: bool = False
    """Of what waits: the vendor is there and failed at this. It may take another one."""


_WORST_FIRST = (
    Outcome.FAILED,
    Outcome.UNKNOWN,
    Outcome.EXPIRED,
    Outcome.WAITING,
    Outcome.DROPPED,
    Outcome.CONFIRMED,
    Outcome.ALREADY,
    Outcome.GONE,
    Outcome.HERE_ONLY,
)
"""A failure is never hidden by a success beside it; of successes the one that was done now is told."""


def merged(alert_id: AlertId, title: str, verb: Verb, parts: Sequence[Settled]) -> ActReport:
    """One report out of those of the records of an alert; ``parts`` is not empty."""
    ordered = sorted(parts, key=lambda part: _WORST_FIRST.index(part.outcome))
    is_of_several = len(parts) > 1
    words = [_in_words(part) if is_of_several else part.reason for part in ordered]
    return ActReport(
        alert_id=alert_id,
        title=title,
        outcome=ordered[0].outcome,
        verb=verb,
        reason="; ".join(word for word in words if word),
        by=next((part.by for part in ordered if part.by), None),
        may_have_arrived=any(part.may_have_arrived for part in parts),
        made=next((part.made for part in parts if part.made), ""),
    )


def _in_words(part: Settled) -> str:
    return f"{part.source} {part.outcome}: {part.reason}" if part.reason else f"{part.source} {part.outcome}"


def with_holders(reports: Iterable[ActReport], alert_of: Callable[[AlertId], Alert | None]) -> list[ActReport]:
    """``reports``, with whose page it was where that of others was acknowledged: it is said, and stops nobody."""
    return [_with_holder(one, alert_of(one.alert_id)) for one in reports]


def _with_holder(report: ActReport, alert: Alert | None) -> ActReport:
    is_taken = report.verb is Verb.ACKNOWLEDGE and report.outcome is Outcome.CONFIRMED
    return replace(report, taken_from=alert.held_by_others) if is_taken and alert is not None else report
