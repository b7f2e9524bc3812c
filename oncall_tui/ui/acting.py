"""From a key press to a confirmed row: targets captured, asked about when there are many, sent, and told in the end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from oncall_tui.domain.action import Acknowledge, Action
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import AlertId, SourceName, record_ref
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.unsent import Unsent
from oncall_tui.sources.errors import SourceError
from oncall_tui.ui import telling
from oncall_tui.ui.acts import Act, Acts, ActState, beside_pagers, refs_of, these
from oncall_tui.ui.knowing import Knowing
from oncall_tui.ui.marks import unmark
from oncall_tui.ui.present import dialogs
from oncall_tui.ui.present.working import Work, cut_off_in_words, unanswered_in_words
from oncall_tui.ui.rooms import Rooms
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.forms import Form
from oncall_tui.ui.sending import Sending
from oncall_tui.ui.waiting import Waiting

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

Send = Callable[[Rooms], Awaitable[Sequence[ActReport]]]
"""Does something, and tells how it ended by the ids of alerts; what is of no alert on the screen has any other id."""

_PAGERS = SourceName("")

Told = TypeVar("Told")


class Acting:
    """The acts of this screen. Targets are alerts as they were drawn at the key press, never places in a list."""

    def __init__(self, app: "OncallApp") -> None:
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()
        self._sendings: list[Sending] = []
        self.acts = Acts()
        self.waiting = Waiting(app, self)
        self.knowing = Knowing(app)
        self.has_recovered = False
        """Whether what the last session left has been looked at."""

    @property
    def rooms(self) -> Rooms | None:
        """Where acts are carried out; None before they are open."""
        return self._app.rooms

    @property
    def work(self) -> Work:
        """What the top line tells of: acts on several alerts that are being sent, and what waits."""
        parts = tuple(one.part for one in self._sendings if one.part.total > 1)
        entries = self.waiting.entries
        return Work(parts, len(entries), min((one.at for one in entries), default=None))

    def hear(self, situation: Situation) -> None:
        """The sources have told something new."""
        self.acts.settle(situation)
        self.waiting.hear(situation)

    async def acknowledge(self, alerts: Sequence[Alert], *, ask: bool) -> None:
        """Acknowledge ``alerts``; with ``ask`` only after one question that lists them."""
        ready = self.ready(alerts)
        targets = [one for one in ready if not self.waiting.holds(Verb.ACKNOWLEDGE, one)]
        if ready and not targets:
            self._app.say(self._app.keymap.fill("It waits to be sent already: {screen.outbox} shows why."))
        elif targets and not ask:
            self.start(Acknowledge(), targets)
        elif targets:
            body = dialogs.acknowledge(targets, self._app.now())
            question = Question(f"Acknowledge {these(targets)}?", body, "acknowledge", targets)
            await self._app.push_screen(question, lambda yes: self.start(Acknowledge(), targets) if yes else None)

    async def propose(self, alerts: Sequence[Alert], form_for: Callable[[Sequence[Alert]], Form]) -> None:
        """Ask what exactly is to be done to ``alerts``; nothing is done before an answer, and nothing without one."""
        targets = self.ready(alerts)
        if targets:
            await self._app.push_screen(
                form_for(targets), lambda action: self.start(action, targets) if action is not None else None
            )

    async def propose_after(
        self,
        alerts: Sequence[Alert],
        ask: Callable[[Rooms], Awaitable[Told]],
        form_for: Callable[[Sequence[Alert], Told], Form],
    ) -> None:
        """The same with a form that needs to know something of the vendor, who is asked first."""
        targets = self.ready(alerts)
        if targets and self.rooms is not None:
            try:
                told = await ask(self.rooms)
            except SourceError as error:
                self._app.say(f"{error} {error.hint}".strip(), title="Nothing was done", is_bad=True)
            else:
                await self.propose(targets, lambda ready: form_for(ready, told))

    def ready(self, alerts: Sequence[Alert]) -> list[Alert]:
        """Those of ``alerts`` that something can be done to now; when there are none that is said."""
        targets = [alert for alert in alerts if not self._is_pending(alert)]
        if not alerts:
            self._app.say("Select an alert first.")
        elif self.rooms is None:
            self._app.say("Not ready: the sources are still being opened.", is_bad=True)
        elif not targets:
            self._app.say("Already on its way: there is no answer yet.")
        return targets if self.rooms is not None else []

    @property
    def pending(self) -> int:
        """How many sendings have no answer yet."""
        return len(self._tasks)

    @property
    def words_at_the_end(self) -> str:
        """What to say of what is cut off by quitting now; empty when that is nothing."""
        parts, verbs = self.work.parts, [Verb(task.get_name()) for task in self._tasks]
        for one in parts:
            verbs.remove(one.verb)
        words = [*map(cut_off_in_words, parts), *filter(None, [unanswered_in_words(verbs)])]
        waiting = len(self.waiting.entries)
        if waiting:
            words.append(f"{waiting} waiting to be sent: the next start sends what is younger than 15 min by then.")
        return " ".join(words)

    async def hesitate(self, alerts: Sequence[Alert]) -> None:
        """Do nothing, and say why: the key was pressed as another row came under the cursor."""
        what = alerts[0].headline if alerts else "nothing"
        text = f"The row under the cursor has just changed to: {what}. Press again if you mean it."
        self._app.say(text, title="Nothing was done")

    async def recover(self) -> None:
        """Learn what only the journal knows; show what an earlier session left unsent, send what is still wanted."""
        if self.rooms is None:
            return
        try:
            await self.rooms.read_own_acknowledgements()
            await self._recover_in(self.rooms)
        except JournalError as error:
            self._app.say(f"{error} {error.hint}", title="Journal", is_bad=True)
        finally:
            self.has_recovered = True

    async def _recover_in(self, rooms: Rooms) -> None:
        unsent = await rooms.unsent()
        if unsent:
            await self._recover(rooms, unsent)
            await self.waiting.read()

    async def _recover(self, rooms: Rooms, unsent: Sequence[Unsent]) -> None:
        refs: dict[AlertId, list[str]] = {}
        for one in unsent:
            ref = record_ref(one.intent.source, one.intent.target)
            refs.setdefault(one.intent.alert_id, []).append(ref)
            state = ActState.WAITING if one.is_waiting else ActState.UNSENT
            self.acts.set([ref], Act(state, one.at, one.reason, one.intent.action.verb, one.intent.action))
        self._app.redraw_rows()
        reports = await rooms.recover()
        self.tell_of_late(reports, refs, "left unsent by the last session")

    def tell_of_late(self, reports: Sequence[ActReport], refs: Mapping[AlertId, Sequence[str]], what: str) -> None:
        """Show how acts of before have ended; ``refs`` are the records by alert."""
        for report in reports:
            self.acts.set(refs.get(report.alert_id, [report.alert_id]), telling.act_of(report, self._app.now()))
        self._tell(reports, what)
        if self.rooms is not None:
            self.rooms.refresh_pagers()

    def _is_pending(self, alert: Alert) -> bool:
        act = self.acts.of(alert)
        return act is not None and act.state is ActState.PENDING

    def start(self, action: Action, alerts: Sequence[Alert], begun_at: datetime | None = None) -> None:
        """Do it; the rows say how far it is. With ``begun_at`` it failed before, and is looked for first."""
        targets = tuple(alerts)
        sending = Sending(self._app, action, targets, self._show, begun_at or self._app.now())

        async def send(rooms: Rooms) -> Sequence[ActReport]:
            try:
                return await rooms.act_on(action, targets, sending, begun_at)
            finally:
                self._sendings.remove(sending)

        self._sendings.append(sending)
        self.begin(action.verb, targets, send, sending=sending)

    def stop(self) -> None:
        """Send nothing more of what is under way; every row says what became of it."""
        if self.rooms is not None and self.rooms.stop():
            self._app.say("What is on its way gets its answer; nothing more is sent.", title="Stopped")

    @property
    def can_stop(self) -> bool:
        """Whether an act on several alerts is being sent."""
        return any(one.part.total > 1 for one in self._sendings)

    def _show(self, sending: Sending, reports: Sequence[ActReport]) -> None:
        """Some alerts of several have their results."""
        for report in reports:
            act = telling.act_of(report, self._app.now(), sending.action, sending.begun_at)
            self.acts.set(refs_of(sending.alerts[report.alert_id]), act)
        unmark(self._app, [one.alert_id for one in reports if not telling.has_failed(one)])

    def begin(
        self,
        verb: Verb,
        alerts: Sequence[Alert],
        send: Send,
        *,
        what: str = "",
        at: SourceName = _PAGERS,
        sending: Sending | None = None,
    ) -> None:
        """Have ``send`` do it; the rows of ``alerts`` say how far it is.

        Args:
            what: is said with the result, which is told then even when one alert went as usual.
            at: the source that is asked anew once it is done; empty for the pagers.
            sending: of what can be sent again where it failed.
        """
        action = sending.action if sending is not None else None
        for alert in alerts:
            self.acts.set(refs_of(alert), Act(ActState.PENDING, self._app.now(), "", verb, action))
        self._app.redraw_rows()
        task = asyncio.create_task(self._send(verb, tuple(alerts), send, what, at, sending), name=str(verb))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(
        self, verb: Verb, alerts: Sequence[Alert], send: Send, what: str, at: SourceName, sending: Sending | None
    ) -> None:
        if self.rooms is None:
            return
        again = (sending.action, sending.begun_at) if sending is not None else (None, None)
        try:
            reports = await send(self.rooms)
        except Exception as error:
            # Not foreseen by any room: the rows must not wait for an answer that never comes.
            reason = f"{type(error).__name__} inside oncall-tui; look at the vendor before you try again"
            for alert in alerts:
                self.acts.set(refs_of(alert), Act(ActState.FAILED, self._app.now(), reason, verb, *again))
            self._app.redraw_rows()
            raise
        by_id = {report.alert_id: report for report in reports}
        for alert in alerts:
            report = by_id.get(alert.id)
            if report is not None:
                self.acts.set(refs_of(alert), telling.act_of(report, self._app.now(), *again))
        done = [alert.id for alert in alerts if alert.id in by_id and not telling.has_failed(by_id[alert.id])]
        unmark(self._app, done)
        self._tell(reports, what)
        if any(one.outcome is Outcome.WAITING for one in reports):
            self.waiting.look()
        if any(one.outcome is Outcome.HERE_ONLY for one in reports):
            await self._read_own(self.rooms)
        self.rooms.monitor.recompose()
        if at:
            self.rooms.monitor.refresh(at)
        else:
            self.rooms.refresh_pagers()
            for source in beside_pagers(verb, alerts):
                self.rooms.monitor.refresh(source)

    async def _read_own(self, rooms: Rooms) -> None:
        try:
            await rooms.read_own_acknowledgements()
        except JournalError as error:
            self._app.say(f"{error} {error.hint}", title="Journal", is_bad=True)

    def _tell(self, reports: Sequence[ActReport], what: str = "") -> None:
        """One message for the whole act: what was done, and every failure with its reason."""
        self._app.redraw_rows()
        for message in telling.messages(reports, what):
            self._app.say(message.text, title=message.title, is_bad=message.is_bad)
