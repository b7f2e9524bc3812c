"""The outbox as the screen has it: looked at now and then, sent when its source is back, told of when it ends."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import AlertId, SourceName, record_ref
from oncall_tui.domain.situation import Situation, SourceState
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError
from oncall_tui.response.report import ActReport
from oncall_tui.response.unsent import Unsent
from oncall_tui.ui.acts import Act, ActState

if TYPE_CHECKING:
    from oncall_tui.ui.acting import Acting
    from oncall_tui.ui.app import OncallApp

_LOOK_EVERY = timedelta(seconds=30)
"""How often the journal is asked for what other programs, such as the command line, have left in it."""

_TRY_EVERY = timedelta(seconds=5)
"""How often what waits is looked at; the outbox itself knows which source is due."""

WHAT = "waited in the outbox"


class Waiting:
    """What waits, the oldest first. Nothing is looked at while the screen is read-only."""

    def __init__(self, app: "OncallApp", acting: "Acting") -> None:
        self.entries: tuple[Unsent, ...] = ()
        self._app = app
        self._acting = acting
        self._looked_at: datetime | None = None
        self._heard: dict[SourceName, datetime] = {}
        self._has_news = False
        self._task: asyncio.Task[None] | None = None
        self._told_of_journal = False

    def holds(self, verb: Verb, alert: Alert) -> bool:
        """Whether the verb waits for a record of ``alert``."""
        refs = {record.ref for record in alert.records}
        return any(one.intent.action.verb is verb and _ref(one) in refs for one in self.entries)

    def hear(self, situation: Situation) -> None:
        """A source that answers again is told what waits for it."""
        heard = {
            one.source: one.fetched_at
            for one in situation.freshness
            if one.fetched_at is not None and one.state is SourceState.OK
        }
        sources = {one.intent.source for one in self.entries}
        self._has_news = self._has_news or any(heard.get(one) != self._heard.get(one) for one in sources & heard.keys())
        self._heard = heard
        self.tick()

    def tick(self) -> None:
        """A second has passed: look at the journal, or try to send, when it is time."""
        now = self._app.now()
        every = _TRY_EVERY if self.entries else _LOOK_EVERY
        is_time = self._looked_at is None or not timedelta(0) <= now - self._looked_at < every
        if self._has_news or is_time:
            self.look()

    def look(self) -> None:
        """Look now, and send what may be sent."""
        is_ready = self._acting.rooms is not None and self._acting.has_recovered and not self._app.config.is_read_only
        if is_ready and (self._task is None or self._task.done()):
            self._looked_at, self._has_news = self._app.now(), False
            self._task = asyncio.create_task(self._look(), name="outbox")

    async def try_now(self) -> None:
        """Send what waits, whether its time has come or not."""
        if self._task is not None:
            await asyncio.wait([self._task])
        await self._look(is_urgent=True)

    async def drop(self, entry: Unsent) -> None:
        """Take one out by hand."""
        if self._acting.rooms is None:
            return
        try:
            report = await self._acting.rooms.outbox.drop(entry.intent.request_id)
        except JournalError as error:
            self._app.say(f"{error} {error.hint}", title="Journal", is_bad=True)
            return
        if report is None:
            self._app.say("It is just being sent, or does not wait any more.", title="Nothing was dropped")
        else:
            self._acting.acts.forget([_ref(entry)], _act(entry).key)
            self._app.say(f"“{report.title}”: the {report.verb} is not sent any more.", title="Dropped")
        await self.read()

    async def read(self) -> None:
        """Learn what waits, and show it on the rows."""
        rooms = self._acting.rooms
        if rooms is None or self._app.config.is_read_only:
            return
        known = {(_ref(one), _act(one).key) for one in self.entries}
        self.entries = tuple(await rooms.outbox.waiting(self._app.now(), self._oldest))
        for one in self.entries:
            self._acting.acts.set([_ref(one)], _act(one))
        for ref, key in known - {(_ref(one), _act(one).key) for one in self.entries}:
            self._acting.acts.forget([ref], key, ActState.WAITING)
        self._app.redraw_rows()

    async def cut_off(self) -> Sequence[Unsent]:
        """What another program was doing when it ended; none while the journal cannot be read, which is said."""
        rooms = self._acting.rooms
        try:
            return [one for one in await rooms.unsent() if not one.is_waiting] if rooms is not None else ()
        except JournalError as error:
            self._app.say(f"{error} {error.hint}", title="Journal", is_bad=True)
            return ()

    @property
    def _oldest(self) -> datetime | None:
        return min((one.at for one in self.entries), default=None)

    async def _look(self, *, is_urgent: bool = False) -> None:
        rooms = self._acting.rooms
        if rooms is None:
            return
        try:
            reports: Sequence[ActReport] = ()
            refs = self._refs()
            if self.entries:
                reports = await rooms.outbox.flush(None if is_urgent else self._heard, self._oldest)
            await self.read()
            if reports:
                self._acting.tell_of_late(reports, refs, WHAT)
        except JournalError as error:
            if not self._told_of_journal:
                self._app.say(f"{error} {error.hint}", title="Journal", is_bad=True)
            self._told_of_journal = True
        else:
            self._told_of_journal = False

    def _refs(self) -> dict[AlertId, list[str]]:
        refs: dict[AlertId, list[str]] = {}
        for one in self.entries:
            refs.setdefault(one.intent.alert_id, []).append(_ref(one))
        return refs


def _act(one: Unsent) -> Act:
    return Act(ActState.WAITING, one.at, one.reason, one.intent.action.verb, one.intent.action)


def _ref(one: Unsent) -> str:
    return record_ref(one.intent.source, one.intent.target)
