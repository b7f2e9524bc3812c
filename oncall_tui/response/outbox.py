"""What a crash left open: actions that were begun and whose end is not recorded.

A young acknowledge or note is sent again, once, by a client that reads the vendor's state first; an old one is told of
and left. Other verbs are never sent again by themselves: nobody knows whether they are still meant. No two processes
repeat the same action: the repetition is itself an intent, written only if the stream has not moved.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oncall_tui.domain.action import Acknowledge, Note
from oncall_tui.domain.clocks import age_in_words
from oncall_tui.domain.ids import AlertId
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError, SequenceTaken
from oncall_tui.journal.event import ACTION_INTENT, ACTION_RESULT
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.views import REMEMBERED, OutboxEntry, outbox
from oncall_tui.response.intent import Intent, intent_event, intent_of
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import ActReport, Outcome, Settled, merged
from oncall_tui.response.sender import Sender

LIMIT = timedelta(minutes=15)
"""How old an acknowledge may be to be sent again: later somebody else may have taken over (response.md, 1.3)."""

_CLOCKS_APART = timedelta(minutes=1)
"""An intent may be dated this much after now, by the clock of another machine."""

_ATTEMPTS = 2
"""The key press, and one repetition."""

_CLAIMS = 5
"""How often a repetition is claimed while others write to the same incident."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """An action of which it is not known whether it reached the vendor."""

    entry: OutboxEntry
    intent: Intent
    at: datetime
    """When the key was pressed, or when it was last sent again."""
    is_too_old: bool
    """It will not be sent again, whatever it is."""


class Outbox:
    """Finds and repairs what was left open. Raises ``JournalError`` when the journal cannot be read."""

    def __init__(
        self, journal: JournalKeeper, sender: Sender, clock: Callable[[], datetime], actor: str, owner: Owner
    ) -> None:
        self._journal = journal
        self._sender = sender
        self._clock = clock
        self._actor = actor
        self._owner = owner

    async def unsent(self, now: datetime) -> tuple[Unsent, ...]:
        """Actions without a result that no live process is busy with, the oldest first."""
        entries = outbox(await self._journal.read_kind(ACTION_INTENT, ACTION_RESULT, since=now - REMEMBERED))
        return tuple(
            Unsent(one, intent, one.intent.occurred_at, _is_too_old(one, now))
            for one in entries
            if (intent := intent_of(one.intent, one.attempts)) is not None and not self._is_elsewhere(one, now)
        )

    async def recover(self) -> list[ActReport]:
        """Send again what is young, close what is not, and report every one of them, with the reason."""
        now = self._clock()
        found = await self.unsent(now)
        with self._sender.busy_with([one.intent for one in found]):
            ended = [(one.intent, settled) for one in found if (settled := self._not_sent(one, now))]
            young = [one for one in found if self._not_sent(one, now) is None]
            claims = [(one.intent, await self._claimed(one, now)) for one in young]
            again = [claim for _, claim in claims if isinstance(claim, Intent)]
            closed = await self._sender.record(ended) if ended else {}
            answers = await self._sender.send(again)
        done = [(intent, closed[intent.request_id]) for intent, _ in ended]
        done += [(intent, claim) for intent, claim in claims if isinstance(claim, Settled)]
        done += [(intent, _sent_again(answers[intent.request_id])) for intent in again]
        return _reports(done)

    def _is_elsewhere(self, entry: OutboxEntry, now: datetime) -> bool:
        """Whether the action is in good hands: under way here, in a live process, or on another engineer's laptop.

        A call cannot last as long as the limit, so an old intent is nobody's, whoever has its process id by now.
        """
        if self._sender.is_in_flight(entry.request_id):
            return True
        if _is_too_old(entry, now):
            return False
        if entry.intent.text("host") != self._owner.host:
            return entry.intent.actor != self._actor
        pid = entry.intent.payload.get("pid")
        return isinstance(pid, int) and pid != self._owner.pid and self._owner.is_alive(pid)

    def _not_sent(self, one: Unsent, now: datetime) -> Settled | None:
        """The end of an action that must not be sent again, with the reason; None for one that may."""
        source, verb = one.intent.source, one.intent.action.verb
        if not isinstance(one.intent.action, Acknowledge | Note):
            reason = f"the program had ended before the answer to this {verb}; look in {source} whether it was done"
            return Settled(source, Outcome.UNKNOWN, reason, may_have_arrived=True)
        if one.is_too_old:
            reason = f"not sent again: {_too_old_in_words(one.at, now)}; look at it in {source}, and {verb} anew"
            return Settled(source, Outcome.EXPIRED, f"{reason} if it is still needed", may_have_arrived=True)
        if one.entry.attempts >= _ATTEMPTS:
            return _failed(one.intent, f"not sent a third time: no answer was recorded; look at it in {source}")
        if not self._sender.can(source, verb):
            return _failed(one.intent, f"not sent again: {source} is not configured, or takes no {verb} any more")
        return None

    async def _claimed(self, one: Unsent, now: datetime) -> Intent | Settled | None:
        """The repetition, written as an intent of this process; or why it cannot be written.

        None when another process has settled or claimed the action meanwhile: it is that one's to report.
        """
        intent = replace(one.intent, attempt=one.entry.attempts + 1)
        event = intent_event(intent, self._actor, now, self._owner)
        try:
            for _ in range(_CLAIMS):
                events = await self._journal.read(intent.stream)
                attempts = {entry.request_id: entry.attempts for entry in outbox(events)}
                if attempts.get(intent.request_id) != one.entry.attempts:
                    return None
                with contextlib.suppress(SequenceTaken):  # The stream grew: look whether the action is still open.
                    await self._journal.append(intent.stream, [event], after=events[-1].seq)
                    return intent
        except JournalError as error:
            return _failed(intent, f"not sent again: {error} {error.hint}")
        return _failed(intent, "not sent again: others keep writing to this incident; it is tried at the next start")


def _is_too_old(entry: OutboxEntry, now: datetime) -> bool:
    """Beyond the limit, or dated in the future: a clock that was set back leaves its age unknown."""
    return not -_CLOCKS_APART <= now - entry.intent.occurred_at < LIMIT


def _too_old_in_words(at: datetime, now: datetime) -> str:
    if at > now:
        return "no answer was recorded, and the clock was set back since the key was pressed, so its age is unknown"
    return f"the key was pressed {age_in_words(now - at)} ago and no answer was recorded"


def _failed(intent: Intent, reason: str) -> Settled:
    return Settled(intent.source, Outcome.FAILED, reason.strip(), may_have_arrived=True)


def _sent_again(settled: Settled) -> Settled:
    words = "sent again after the program had ended before the answer"
    reason = f"{words}: {settled.reason}" if settled.reason else words
    return Settled(settled.source, settled.outcome, reason, settled.by, settled.may_have_arrived)


def _reports(done: Sequence[tuple[Intent, Settled]]) -> list[ActReport]:
    """One report per alert and verb."""
    groups: dict[tuple[AlertId, Verb], list[tuple[Intent, Settled]]] = {}
    for intent, settled in done:
        groups.setdefault((intent.alert_id, intent.action.verb), []).append((intent, settled))
    return [
        merged(alert_id, pairs[0][0].title, verb, [settled for _, settled in pairs])
        for (alert_id, verb), pairs in groups.items()
    ]
