"""What is open: actions of which a crash left no end, and those that wait because nothing could be sent of them.

A young acknowledge or note is sent again by a client that reads the vendor's state first: once after a crash, and as
often as it takes while its source is out of reach or fails by itself. An old one is told of and left.
Other verbs are never sent again by themselves: nobody knows whether they are still meant. No two processes repeat the
same action: the repetition is itself an intent, written only if the stream has not moved (``claims``).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from oncall_tui.domain.action import Action, Note
from oncall_tui.domain.clocks import age_in_words
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.text import clean_line
from oncall_tui.journal.errors import SequenceTaken
from oncall_tui.journal.event import ACTION_INTENT, ACTION_RESULT, ACTION_WAITS
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.views import REMEMBERED, OutboxEntry, outbox
from oncall_tui.response.claims import Claims
from oncall_tui.response.intent import Intent, can_wait, intent_of, result_event
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import ActReport, Outcome, Settled, merged
from oncall_tui.response.sender import Sender
from oncall_tui.response.turns import Turns
from oncall_tui.response.unsent import ATTEMPTS, Unsent, dropped, failed, is_too_old, too_old_in_words

_LOOKED_BACK = timedelta(minutes=20)
"""What waits is younger, or known to whoever asks: the others are found by the next start."""

Pair = tuple[Intent, Settled]


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
        self._claims = Claims(journal, actor, owner)
        self._turns = Turns()

    async def unsent(self, now: datetime, since: datetime | None = None) -> tuple[Unsent, ...]:
        """Actions without a result that no live process is busy with, the oldest first.

        Args:
            since: only those begun at or after this moment; everything that is remembered when absent.
        """
        from_then = since if since is not None else now - REMEMBERED
        events = await self._journal.read_kind(ACTION_INTENT, ACTION_RESULT, ACTION_WAITS, since=from_then)
        return tuple(
            Unsent(one, intent, one.begun_at, is_too_old(one.begun_at, now))
            for one in outbox(events)
            if (intent := _intent_of(one)) is not None and not self._is_elsewhere(one, now)
        )

    async def waiting(self, now: datetime, known_since: datetime | None = None) -> tuple[Unsent, ...]:
        """What waits to be sent, the oldest first.

        Args:
            known_since: when the oldest one that is known was begun: the journal is read from there, and not wholly.
        """
        since = min(now - _LOOKED_BACK, known_since or now)
        return tuple(one for one in await self.unsent(now, since) if one.is_waiting)

    async def recover(self) -> list[ActReport]:
        """Send again what is young, close what is not, and report every one of them that has an end, with the reason.

        What cannot be sent yet goes on waiting, and is told of by ``waiting`` only.
        """
        now = self._clock()
        found = await self.unsent(now)
        with self._sender.busy_with([one.intent for one in found]):
            done = await self._ended(found, now)
            crashed = [one for one in found if not one.is_waiting and self._not_sent(one, now) is None]
            again, refused = await self._claims.take(crashed, now)
            answers = await self._sender.send(again)
            done += refused + [(one, _sent_again(answers[one.request_id])) for one in again]
            done += await self._in_turn([one for one in found if one.is_waiting], now)
        return _reports([pair for pair in done if pair[1].outcome is not Outcome.WAITING])

    async def flush(
        self, heard: Mapping[SourceName, datetime] | None = None, known_since: datetime | None = None
    ) -> list[ActReport]:
        """Send what waits and may be sent now, drop what is no longer wanted; the reports of those that have an end.

        Args:
            heard: when each source has last answered a poll. One that has answered since it was tried is tried at
                once, another one when its time has come. Absent: all are tried.
            known_since: see ``waiting``.
        """
        now = self._clock()
        found = await self.waiting(now, known_since)
        with self._sender.busy_with([one.intent for one in found]):
            done = await self._ended(found, now)
            due = [one for one in found if heard is None or self._turns.is_due(one.intent.source, now, heard)]
            done += await self._in_turn(due, now)
        return _reports([pair for pair in done if pair[1].outcome is not Outcome.WAITING])

    async def drop(self, request_id: str) -> ActReport | None:
        """Take what waits out of the outbox; None when nothing of this id waits, or it is just being sent."""
        now = self._clock()
        waiting = (one for one in await self.unsent(now) if one.is_waiting)
        found = next((one for one in waiting if one.intent.request_id == request_id), None)
        if found is None:
            return None
        settled = dropped(found)
        event = result_event(found.intent, settled, self._actor, now)
        try:
            written = await self._claims.write(found, event)
        except SequenceTaken:
            written = False
        return _reports([(found.intent, settled)])[0] if written else None

    async def _ended(self, found: Sequence[Unsent], now: datetime) -> list[Pair]:
        """Close what must not be sent any more."""
        ended = [(one, settled) for one in found if (settled := self._not_sent(one, now)) is not None]
        return await self._claims.close([(one, await self._looked_up(one, settled)) for one, settled in ended], now)

    async def _looked_up(self, one: Unsent, settled: Settled) -> Settled:
        """What became of it, where its vendor can tell: a silence and a declared incident can be looked for."""
        if settled.outcome is not Outcome.UNKNOWN or (found := await self._sender.find(one.intent)) is None:
            return settled
        words = "the program had ended before the answer"
        made = found.id if found.id != one.intent.target else ""
        return Settled(
            settled.source,
            Outcome(found.outcome.value),
            "; ".join(filter(None, [words, clean_line(found.reason)])),
            made=made,
        )

    async def _in_turn(self, found: Sequence[Unsent], now: datetime) -> list[Pair]:
        """Send what waits, for each source in the order of the key presses, until one has to wait again."""
        wanted = [one for one in _in_order(found, now) if self._not_sent(one, now) is None]
        done: list[Pair] = []
        for source in dict.fromkeys(one.intent.source for one in wanted):
            done += await self._turn_of(source, [one for one in wanted if one.intent.source == source], now)
        return done

    async def _turn_of(self, source: SourceName, queue: Sequence[Unsent], now: datetime) -> list[Pair]:
        """What waits for one source: as long as it takes anything.

        What it fails at may be one incident that it cannot cope with: it is over when it fails at a second one.
        """
        done: list[Pair] = []
        left, failed_at = list(queue), set[str]()
        while left:
            # The first one alone: while the vendor is out of reach, each try costs one entry and not all.
            is_alone = not done or bool(failed_at)
            part = left[:1] if is_alone else next(list(group) for _, group in groupby(left, _kind))
            pairs = await self._send_waiting(part, now)
            done += pairs
            held = [(intent, settled) for intent, settled in pairs if settled.outcome is Outcome.WAITING]
            self._turns.tried(source, now, held[0][1].wait_s if held else None, has_failed=bool(held))
            failed_at = (failed_at | {intent.stream for intent, _ in held}) if held else set()
            if len(failed_at) > 1 or not all(settled.is_theirs for _, settled in held):
                break
            stuck = {intent.stream for intent, _ in held if isinstance(intent.action, Note)}
            left = _behind(stuck, left[len(part) :])
        return done

    async def _send_waiting(self, part: Sequence[Unsent], now: datetime) -> list[Pair]:
        again, refused = await self._claims.take(part, now)
        answers = await self._sender.send(again) if again else {}
        return refused + [(one, _sent_late(one, answers[one.request_id], self._clock())) for one in again]

    def _is_elsewhere(self, entry: OutboxEntry, now: datetime) -> bool:
        """Whether the action is in good hands: under way here, in a live process, or on another engineer's laptop.

        A call cannot last as long as the limit, so an old intent is nobody's, whoever has its process id by now. What
        waits is nobody's in particular: any program of the same engineer may send it.
        """
        if self._sender.is_in_flight(entry.request_id):
            return True
        if is_too_old(entry.intent.occurred_at, now):
            return False
        if entry.waits is not None or entry.intent.text("host") != self._owner.host:
            return entry.intent.actor != self._actor
        pid = entry.intent.payload.get("pid")
        return isinstance(pid, int) and pid != self._owner.pid and self._owner.is_alive(pid)

    def _not_sent(self, one: Unsent, now: datetime) -> Settled | None:
        """The end of an action that must not be sent again, with the reason; None for one that may."""
        source, verb = one.intent.source, one.intent.action.verb
        if not can_wait(one.intent.action):
            reason = f"the program had ended before the answer to this {verb}; look in {source} whether it was done"
            return Settled(source, Outcome.UNKNOWN, reason, may_have_arrived=True)
        if one.is_too_old:
            why = f"{too_old_in_words(one, now)}; look at it in {source}, and {verb} anew if it is still needed"
            words = f"not sent{one.again}: {why}"
            return Settled(source, Outcome.EXPIRED, words, may_have_arrived=one.may_have_arrived)
        if one.entry.attempts >= ATTEMPTS:
            return failed(one, f"not sent a third time: no answer was recorded; look at it in {source}")
        if not self._sender.can(source, verb):
            return failed(one, f"not sent{one.again}: {source} is not configured, or takes no {verb} any more")
        return None


def _in_order(found: Sequence[Unsent], now: datetime) -> list[Unsent]:
    """What may be sent now, the oldest first: behind a note that may be on its way still, none of the same incident."""
    return _behind({one.intent.stream for one in found if one.is_under_way(now)}, found)


def _behind(stuck: Collection[str], queue: Sequence[Unsent]) -> list[Unsent]:
    """What may be sent though the notes of these incidents may not: notes keep their order."""
    return [one for one in queue if not (isinstance(one.intent.action, Note) and one.intent.stream in stuck)]


def _kind(one: Unsent) -> object:
    """What goes in one call with its neighbours in the queue. A note is looked for from its own beginning on."""
    action = one.intent.action
    return (action, one.intent.begun_at) if isinstance(action, Note) else action


def _intent_of(entry: OutboxEntry) -> Intent | None:
    is_lost = entry.waits is None or entry.waits.payload.get("may_have_arrived") is True
    return intent_of(entry.intent, entry.attempts, entry.begun_at, may_have_arrived=is_lost)


def _sent_again(settled: Settled) -> Settled:
    words = "sent again after the program had ended before the answer"
    return _with_words(settled, words)


def _sent_late(intent: Intent, settled: Settled, now: datetime) -> Settled:
    """The result of what waited: dropped with the reason where somebody else was faster."""
    waited = age_in_words(now - intent.begun_at) if intent.begun_at is not None else "a while"
    if settled.outcome is Outcome.WAITING:
        return settled
    if settled.outcome is Outcome.ALREADY and (intent.may_have_arrived or isinstance(intent.action, Note)):
        return _with_words(settled, f"looked for after {waited} and found done, so it was not sent again")
    if settled.outcome in (Outcome.ALREADY, Outcome.GONE):
        return _with_words(settled, f"no longer needed after {waited}, so nothing was sent")
    return _with_words(settled, f"it had waited for {waited}")


def _with_words(settled: Settled, words: str) -> Settled:
    return replace(settled, reason=f"{words}: {settled.reason}" if settled.reason else words)


def _reports(done: Collection[Pair]) -> list[ActReport]:
    """One report per alert and action; one for each act that is done to no alert."""
    groups: dict[tuple[str, Action], list[Pair]] = {}
    for intent, settled in done:
        groups.setdefault((intent.alert_id or intent.request_id, intent.action), []).append((intent, settled))
    return [_report(action, pairs) for (_, action), pairs in groups.items()]


def _report(action: Action, pairs: Sequence[Pair]) -> ActReport:
    first = pairs[0][0]
    told = merged(first.alert_id, first.title, action.verb, [settled for _, settled in pairs])
    return replace(told, action=action, begun_at=first.begun_at)
