"""Who repeats or closes an action: whoever has written its next event to a stream that nobody else has touched."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from oncall_tui.journal.errors import JournalError, SequenceTaken
from oncall_tui.journal.event import NewEvent
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.views import outbox
from oncall_tui.response.intent import Intent, intent_event, result_event
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import Settled
from oncall_tui.response.sender import with_warning
from oncall_tui.response.unsent import Unsent, failed

_TRIES = 5
"""How often a repetition is claimed while others write to the same incident."""


class Claims:
    """Claims repetitions for this process."""

    def __init__(self, journal: JournalKeeper, actor: str, owner: Owner) -> None:
        self._journal = journal
        self._actor = actor
        self._owner = owner

    async def take(self, found: Sequence[Unsent], now: datetime) -> tuple[list[Intent], list[tuple[Intent, Settled]]]:
        """The repetitions that are ours now, and why others cannot be written.

        What another process has settled or claimed meanwhile is in neither: it is that one's to report.
        """
        intents = {one.intent.request_id: self._next(one) for one in found}
        events = {one: intent_event(intent, self._actor, now, self._owner) for one, intent in intents.items()}
        if len(found) > 1 and await self._write_all([(one, events[one.intent.request_id]) for one in found]):
            return list(intents.values()), []
        ours: list[Intent] = []
        refused: list[tuple[Intent, Settled]] = []
        for one in found:
            intent = intents[one.intent.request_id]
            try:
                if await self.write(one, events[one.intent.request_id]):
                    ours.append(intent)
            except SequenceTaken:
                reason = "others keep writing to this incident; it is tried at the next start"
                refused.append((intent, failed(one, f"not sent{one.again}: {reason}")))
            except JournalError as error:
                refused.append((intent, failed(one, f"not sent{one.again}: {error} {error.hint}")))
        return ours, refused

    async def close(self, ended: Sequence[tuple[Unsent, Settled]], now: datetime) -> list[tuple[Intent, Settled]]:
        """Write the ends of actions; those that are ours to tell of.

        What another process has closed or claimed meanwhile is not among them: it is that one's to report. One that
        cannot be written stays true and carries the warning in its reason.
        """
        events = {one.intent.request_id: result_event(one.intent, end, self._actor, now) for one, end in ended}
        if len(ended) > 1 and await self._write_all([(one, events[one.intent.request_id]) for one, _ in ended]):
            return [(one.intent, end) for one, end in ended]
        ours: list[tuple[Intent, Settled]] = []
        for one, end in ended:
            try:
                if await self.write(one, events[one.intent.request_id]):
                    ours.append((one.intent, end))
            except JournalError as error:
                ours.append((one.intent, with_warning(end, error)))
        return ours

    async def write(self, one: Unsent, event: NewEvent) -> bool:
        """Write ``event`` while the action is as open as it was; False when another process was faster.

        Raises:
            SequenceTaken: others kept writing to the stream.
        """
        stream = one.entry.intent.stream
        for _ in range(_TRIES):
            events = await self._journal.read(stream)
            same = next((entry for entry in outbox(events) if entry.request_id == one.intent.request_id), None)
            if same is None or same.intent.seq != one.entry.intent.seq:
                return False
            with contextlib.suppress(SequenceTaken):  # The stream grew: look whether the action is still open.
                await self._journal.append(stream, [event], after=events[-1].seq)
                return True
        raise SequenceTaken(f"Others keep writing to {stream}.", "Try again.")

    async def _write_all(self, written: Sequence[tuple[Unsent, NewEvent]]) -> bool:
        """All of them in one transaction, where nothing else was written to their streams."""
        newest = {one.entry.intent.stream: (one.entry.waits or one.entry.intent).seq for one, _ in written}
        if len(newest) < len(written):
            return False
        with contextlib.suppress(JournalError):
            await self._journal.append_all([(one.entry.intent.stream, event) for one, event in written], newest)
            return True
        return False

    @staticmethod
    def _next(one: Unsent) -> Intent:
        return replace(one.intent, attempt=one.entry.attempts + 1)
