"""The stream of a run as one operator writes it: nobody writes between, and nothing that was done is lost."""

from collections.abc import Callable, Sequence
from datetime import datetime

from oncall_tui.journal.errors import JournalError, SequenceTaken
from oncall_tui.journal.event import Event, Json, NewEvent, Payload
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.ports import Operator, RunJournal
from oncall_tui.runbook.run.record import Record
from oncall_tui.runbook.run.replay import applied, replayed

_ASIDE = (words.NOTE, words.APPROVED)
"""What anybody may write, driving or not."""


class NotDriving(Exception):
    """Somebody else drives this run. Nothing was written and nothing was started."""


class Pages:
    """Reads and writes the stream of one run.

    ``record`` is what the stream says, and only that. ``is_read_only`` once somebody else wrote to it.
    """

    def __init__(self, journal: RunJournal, record: Record, operator: Operator, clock: Callable[[], datetime]) -> None:
        self._journal = journal
        self._operator = operator
        self._clock = clock
        self._unwritten: list[NewEvent] = []
        self.record = record
        self.is_read_only = False

    @property
    def stream(self) -> str:
        """The name of the stream."""
        return words.stream_of(self.record.run_id)

    @property
    def unwritten(self) -> int:
        """Facts that the journal did not take yet. Before they are written nothing more is started."""
        return len(self._unwritten)

    def event(self, kind: str, payload: Payload) -> NewEvent:
        """An event of now."""
        return NewEvent(kind, self._operator.actor, self._clock(), payload, source="runbook")

    async def decide(self, kind: str, payload: Payload) -> None:
        """Write a decision: it counts only if nobody else has decided anything meanwhile. What others merely noted, or
        agreed to, takes the wheel from nobody.

        Raises:
            NotDriving: somebody else drives, or wrote.
            JournalError: it cannot be written; then nothing was decided.
        """
        if self.is_read_only:
            raise NotDriving(f"{self.record.driven_by} drives this run now. Take it over first; nothing was started.")
        await self._write_facts()
        while True:
            seen = self.record.seq
            try:
                return await self._append([self.event(kind, payload)])
            except SequenceTaken:
                if await self._drives_on(seen):
                    continue
                self.is_read_only = True
                raise NotDriving(
                    f"{self.record.driven_by} has gone on with this run meanwhile: nothing was started. Look at what "
                    "was done, and take it over if you want to drive."
                ) from None

    async def tell(self, kind: str, payload: Payload) -> None:
        """Write a fact, whoever drives: what was done was done.

        Raises:
            JournalError: not now; it is kept, and written before the next decision.
        """
        self._unwritten.append(self.event(kind, payload))
        await self._write_facts()

    async def claim(self) -> None:
        """Drive from here on.

        Raises:
            JournalError: it cannot be written.
        """
        await self.reload()
        was = self.record.driven_by
        payload: dict[str, Json] = {**_owner(self._operator), "from": was}
        await self._append([self.event(words.CLAIMED, payload)])
        self.is_read_only = False

    async def reload(self) -> None:
        """Read what others wrote.

        Raises:
            JournalError: it cannot be read.
        """
        await self._read()

    async def look(self) -> bool:
        """Read what others wrote if they wrote anything, which is asked with one number; whether they did.

        Raises:
            JournalError: it cannot be read.
        """
        if await self._journal.head(self.stream) == self.record.seq:
            return False
        await self.reload()
        return True

    async def leave(self) -> None:
        """The program of who drives ends. Written for those who look on, if there is anything to go on with.

        Raises:
            JournalError: it cannot be written; those on the same host see it all the same, the others do not.
        """
        record = self.record
        drives = record.driver == self._operator.session and not self.is_read_only
        if drives and record.is_begun and not record.closed:
            await self.tell(words.LEFT, {"session": self._operator.session})

    async def _read(self) -> tuple[Event, ...]:
        events = await self._journal.read(self.stream)
        if events and events[-1].seq >= self.record.seq:  # Else something was written while it was read.
            self.record = replayed(self.record.run_id, events)
        if self.record.driver and self.record.driver != self._operator.session:
            self.is_read_only = True
        return events

    async def _drives_on(self, seen: int) -> bool:
        """Whether others only added to the record since then, without deciding anything."""
        new = [one for one in await self._read() if one.seq > seen]
        return not self.is_read_only and all(one.kind in _ASIDE for one in new)

    async def _write_facts(self) -> None:
        while self._unwritten:
            batch = list(self._unwritten)
            try:
                await self._append(batch)
            except SequenceTaken:
                # Somebody took over while it ran. A fact needs no leave; reading on shows who drives.
                await self.reload()
                continue
            del self._unwritten[: len(batch)]

    async def _append(self, events: Sequence[NewEvent]) -> None:
        for event in await self._journal.append(self.stream, events, after=self.record.seq):
            if event.seq > self.record.seq:
                self.record = applied(self.record, event)


async def opened(
    journal: RunJournal, run_id: str, operator: Operator, clock: Callable[[], datetime], payload: Payload
) -> Pages:
    """The stream of a new run, with its first event written.

    Raises:
        JournalError: it cannot be written.
    """
    pages = Pages(journal, Record(run_id), operator, clock)
    await pages.decide(words.OPENED, {**payload, **_owner(operator)})
    return pages


async def continued(journal: RunJournal, run_id: str, operator: Operator, clock: Callable[[], datetime]) -> Pages:
    """The stream of a run that exists; read only until it is claimed, unless this very session began it.

    Raises:
        JournalError: it cannot be read, or there is none.
    """
    pages = Pages(journal, Record(run_id), operator, clock)
    await pages.reload()
    if not pages.record.seq:
        raise JournalError(f"The journal has no run {run_id}.", "Look the number up with `oncall-tui runbook list`.")
    return pages


def _owner(operator: Operator) -> dict[str, Json]:
    return {"session": operator.session, "host": operator.host, "pid": operator.pid}
