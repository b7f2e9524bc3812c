"""What became of an action on one incident, in words. Pure."""

from dataclasses import replace

from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.errors import (
    Malformed,
    RateLimited,
    Refused,
    SourceError,
    Stopped,
    TimedOut,
    Unauthorised,
    Unreachable,
)
from oncall_tui.sources.values import JsonObject, first_line, mapping, objects

Results = dict[str, ActResult]

OUT_OF_REACH = (RateLimited, TimedOut, Unreachable, Stopped)
"""Errors that are not about one incident: others would meet them too, and later nobody may."""

UNKNOWN = "PagerDuty does not know this incident any more."
_FROM_HINT = "An account-level token needs `from_email`, the e-mail of a PagerDuty user, for this source."
_LOOK_HINT = "It may have been done all the same: look at the row after the next poll."
_OF_POLLS = "It is asked again by itself."
_WAIT_HINT = "Nothing is repeated by itself: send it again after that."


def failed(vendor_id: str, error: SourceError, *, was_sent: bool, hint: str | None = None) -> ActResult:
    """The result of an error; ``was_sent`` when it came as the answer to a change."""
    hint = _hint(error, was_sent=was_sent) if hint is None else hint
    reason = f"{error} {hint}".strip()
    is_lost = was_sent and error.may_have_arrived
    is_out = isinstance(error, OUT_OF_REACH)
    # What cannot be read is no word about the incident: a page to log in at, a proxy, a vendor that is being mended.
    passes = is_lost or is_out or error.is_fault_of_theirs or isinstance(error, Malformed)
    held_by, is_theirs = str(error) if passes else "", passes and not is_out
    return ActResult(vendor_id, ActOutcome.FAILED, reason, None, is_lost, held_by, error.retry_after, is_theirs)


def unread(vendor_id: str, error: SourceError) -> ActResult:
    """The result for an incident whose state could not be read: nothing was sent."""
    return gone(vendor_id) if _is_unknown(error) else failed(vendor_id, error, was_sent=False)


def refused(vendor_id: str, error: SourceError, sender: str | None) -> ActResult:
    """The result of a change that failed; without an e-mail that is the first thing to look at."""
    is_declined = isinstance(error, Unauthorised) or (isinstance(error, Refused) and error.status == 400)
    return failed(vendor_id, error, was_sent=True, hint=_FROM_HINT if is_declined and not sender else None)


def refused_alone(vendor_id: str, error: SourceError, sender: str | None) -> ActResult:
    """The same for a change of this incident alone, whose 404 can only mean that there is none."""
    return unread(vendor_id, error) if _is_unknown(error) else refused(vendor_id, error, sender)


def skipped(vendor_id: str, error: SourceError) -> ActResult:
    """The result for what was not sent after ``error``, which would have met all of it."""
    if isinstance(error, Stopped):
        return failed(vendor_id, error, was_sent=False)
    then = _WAIT_HINT if isinstance(error, RateLimited) else "Send it again when PagerDuty answers."
    reason = f"Not sent, because of the one before: {error} {then}"
    return ActResult(vendor_id, ActOutcome.FAILED, reason, held_by=str(error), wait_s=error.retry_after)


def left_out(vendor_id: str, held: ActResult) -> ActResult:
    """The result for what was not begun, because nothing was done of the one before, which ``held`` is of."""
    if not held.may_have_arrived:
        return replace(held, id=vendor_id)
    reason = f"Not sent, because of the one before: {held.held_by} Send it again when PagerDuty answers."
    return replace(held, id=vendor_id, reason=reason, may_have_arrived=False)


def gone(vendor_id: str, reason: str = UNKNOWN) -> ActResult:
    """The result for what is over: nothing was sent."""
    return ActResult(vendor_id, ActOutcome.GONE, reason)


def declined(vendor_id: str, reason: str) -> ActResult:
    """The result for what was not sent, because it makes no sense."""
    return ActResult(vendor_id, ActOutcome.FAILED, reason)


def already(vendor_id: str, reason: str, by: str | None = None) -> ActResult:
    """The result for what was so before: nothing was sent."""
    return ActResult(vendor_id, ActOutcome.ALREADY, reason, by)


def unconfirmed(vendor_id: str) -> ActResult:
    """The result of an answer that does not say that it is done."""
    said = "PagerDuty did not confirm it."
    reason = f"{said} Look at the row after the next poll."
    return ActResult(vendor_id, ActOutcome.FAILED, reason, may_have_arrived=True, held_by=said, is_theirs=True)


def person(reference: object) -> str:
    """What PagerDuty calls somebody, or a service; empty when it does not say."""
    one = mapping(reference)
    return first_line(one.get("name"), one.get("summary"), one.get("email"))


def assignees(incident: JsonObject) -> dict[str, str]:
    """Names of those who have an incident, by id."""
    found = (mapping(one.get("assignee")) for one in objects(incident.get("assignments")))
    return {str(one.get("id")): person(one) or "somebody" for one in found}


def _hint(error: SourceError, *, was_sent: bool) -> str:
    """What to do. The hints of reads speak of settings and of asking again, which is not what happens to an action."""
    if isinstance(error, RateLimited):
        return _WAIT_HINT
    if was_sent and error.may_have_arrived:
        return _LOOK_HINT
    is_told = was_sent and isinstance(error, Refused) and error.status in (400, 422)
    return "" if is_told else error.hint.removesuffix(_OF_POLLS).rstrip()


def _is_unknown(error: SourceError) -> bool:
    return isinstance(error, Refused) and error.status == 404
