"""What is wrong with the view itself, in words: a source that fails, a time nobody saw, clocks that disagree."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from oncall_tui.domain.clocks import age_in_words, clock, span_in_words
from oncall_tui.domain.situation import Freshness, Interruption, Situation, SourceState, Unseen
from oncall_tui.domain.skew import ClockTrouble

_STATES = {
    "unreachable": "unreachable",
    "timed out": "without an answer",
    "unauthorised": "refusing our credential",
    "rate limited": "limiting our requests",
    "refused": "answering with errors",
    "malformed": "unreadable",
    "no secret": "without its secret",
}
"""The kinds of ``Failure`` as what a source has been since it fails."""


def failing(one: Freshness, now: datetime) -> str:
    """``unreachable for 4 min``."""
    state = _STATES.get(one.failure.kind, "failing") if one.failure is not None else "failing"
    return f"{state} for {age_in_words(now - one.failing_since)}" if one.failing_since is not None else state


def reason(one: Freshness) -> str:
    """What happened, without the name of the source, which stands in front of it."""
    return one.failure.message.removeprefix(f"{one.source}: ") if one.failure is not None else ""


def next_try(one: Freshness, now: datetime) -> str:
    """When it is asked next: ``next try in 40 s``, for one that answers ``next poll in 12 s``, ``asked to wait until
    02:14``; empty while nothing is planned."""
    if one.asked_to_wait_until is not None and one.asked_to_wait_until > now:
        left = age_in_words(one.asked_to_wait_until - now)
        return f"asked to wait until {clock(one.asked_to_wait_until, now)}, {left} from now"
    if one.next_poll_at is None:
        return "being asked now" if one.is_outdated and one.state is not SourceState.PAUSED else ""
    what = "next try" if one.state is SourceState.FAILED else "next poll"
    return f"{what} in {age_in_words(one.next_poll_at - now)}" if one.next_poll_at > now else "being asked now"


def slept(one: Interruption) -> str:
    """``The laptop slept for 7 h 12 min``."""
    who = "The laptop slept" if one.cause is Unseen.SLEPT else "oncall-tui was stopped"
    return f"{who} for {span_in_words(one.lasted)}"


def interruption(situation: Situation) -> Iterator[str]:
    """What nobody saw, and how many have answered since."""
    if situation.interruption is None:
        return
    if any(one.state is SourceState.PAUSED for one in situation.freshness):
        yield f"↻ {slept(situation.interruption)}; polling is paused, so what is shown is from before."
        return
    answered = sum(one.fetched_at is not None and not one.is_outdated for one in situation.freshness)
    count = f"{answered} of {len(situation.freshness)} answered"
    yield f"↻ {slept(situation.interruption)}; everything is asked again. {count}."


def unattended(policies: Sequence[str]) -> Iterator[str]:
    """That nobody is on call, in one line however many policies it is true of."""
    if len(policies) == 1:
        yield f"! Nobody is on call for {policies[0]}: its incidents page no one."
    elif policies:
        yield f"! Nobody is on call for {policies[0]} and {len(policies) - 1} more: their incidents page no one."


def clocks(trouble: ClockTrouble) -> Iterator[str]:
    """Whose clock is wrong, and what that means."""
    ours = trouble.ours_is_behind_by
    if ours is not None:
        side = "behind" if ours > 0 else "ahead of"
        yield f"! This machine's clock is {_by(ours)} {side} that of every source: ages are wrong. Set it right."
    if trouble.is_undecided:
        for source, seconds in trouble.theirs:
            yield f"! The clocks of {source} and of this machine are {_by(seconds)} apart: ages are wrong."
        return
    for source, seconds in trouble.theirs:
        side = "ahead" if seconds > 0 else "behind"
        yield f"! The clock of {source} is {_by(seconds)} {side}: the ages of what it tells are wrong."


def _by(seconds: float) -> str:
    return span_in_words(timedelta(seconds=abs(seconds)))
