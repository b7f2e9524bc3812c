"""From a key press to a confirmed row: targets captured, asked about when there are many, sent, and told in the end."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import AlertId, record_ref
from oncall_tui.journal.errors import JournalError
from oncall_tui.response.outbox import Unsent
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.ui.acts import Act, Acts, ActState, refs_of
from oncall_tui.ui.marks import unmark
from oncall_tui.ui.present import dialogs
from oncall_tui.ui.rooms import Rooms
from oncall_tui.ui.screens.dialogs import Question

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Acting:
    """The acts of this screen. Targets are alerts as they were drawn at the key press, never places in a list."""

    def __init__(self, app: "OncallApp") -> None:
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()
        self.acts = Acts()
        self.rooms: Rooms | None = None

    async def acknowledge(self, alerts: Sequence[Alert], *, ask: bool) -> None:
        """Acknowledge ``alerts``; with ``ask`` only after one question that lists them.

        What is already on its way is not sent twice.
        """
        targets = [alert for alert in alerts if not self._is_pending(alert)]
        if not alerts:
            self._app.say("Select an alert first.")
        elif self.rooms is None:
            self._app.say("Not ready: the sources are still being opened.", is_bad=True)
        elif not targets:
            self._app.say("Already on its way: the pager has not answered yet.")
        elif not ask:
            self._start(targets)
        else:
            count = "this alert" if len(targets) == 1 else f"these {len(targets)} alerts"
            body = dialogs.acknowledge(targets, self._app.now())
            question = Question(f"Acknowledge {count}?", body, "acknowledge")
            await self._app.push_screen(question, lambda answer: self._start(targets) if answer else None)

    @property
    def pending(self) -> int:
        """How many sendings have no answer yet."""
        return len(self._tasks)

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
            unsent = await self.rooms.unsent()
            if unsent:
                await self._recover(self.rooms, unsent)
        except JournalError as error:
            self._app.say(f"{error} {error.hint}", title="Journal", is_bad=True)

    async def _recover(self, rooms: Rooms, unsent: Sequence[Unsent]) -> None:
        refs: dict[AlertId, list[str]] = {}
        for one in unsent:
            refs.setdefault(one.intent.alert_id, []).append(record_ref(one.intent.source, one.intent.target))
        for of_alert in refs.values():
            self.acts.set(of_alert, Act(ActState.UNSENT, self._app.now()))
        self._app.redraw_rows()
        reports = await rooms.recover()
        for report in reports:
            self.acts.set(refs.get(report.alert_id, [report.alert_id]), self._act_of(report))
        self._tell(reports, "left unsent by the last session")
        rooms.refresh_pagers()

    def _is_pending(self, alert: Alert) -> bool:
        act = self.acts.of(alert)
        return act is not None and act.state is ActState.PENDING

    def _start(self, alerts: Sequence[Alert]) -> None:
        for alert in alerts:
            self.acts.set(refs_of(alert), Act(ActState.PENDING, self._app.now()))
        self._app.redraw_rows()
        task = asyncio.create_task(self._send(tuple(alerts)), name="acknowledge")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, alerts: Sequence[Alert]) -> None:
        if self.rooms is None:
            return
        try:
            reports = await self.rooms.acknowledge_alerts(alerts)
        except Exception as error:
            # Not foreseen by any room: the rows must not wait for an answer that never comes.
            reason = f"{type(error).__name__} inside oncall-tui; look at the pager before you try again"
            for alert in alerts:
                self.acts.set(refs_of(alert), Act(ActState.FAILED, self._app.now(), reason))
            self._app.redraw_rows()
            raise
        by_id = {report.alert_id: report for report in reports}
        for alert in alerts:
            report = by_id.get(alert.id)
            if report is not None:
                self.acts.set(refs_of(alert), self._act_of(report))
        done = [alert.id for alert in alerts if alert.id in by_id and not _has_failed(by_id[alert.id])]
        unmark(self._app, done)
        self._tell(reports)
        if any(one.outcome is Outcome.HERE_ONLY for one in reports):
            await self._read_own(self.rooms)
        self.rooms.monitor.recompose()
        self.rooms.refresh_pagers()

    async def _read_own(self, rooms: Rooms) -> None:
        try:
            await rooms.read_own_acknowledgements()
        except JournalError as error:
            self._app.say(f"{error} {error.hint}", title="Journal", is_bad=True)

    def _act_of(self, report: ActReport) -> Act:
        if _has_failed(report):
            return Act(ActState.FAILED, self._app.now(), report.reason)
        words = "" if report.outcome is Outcome.CONFIRMED else _words(report)
        return Act(ActState.CONFIRMED, self._app.now(), words)

    def _tell(self, reports: Sequence[ActReport], what: str = "") -> None:
        """One message for the whole act: what was done, and every failure with its reason."""
        self._app.redraw_rows()
        failed = [one for one in reports if _has_failed(one)]
        notable = [one for one in reports if not _has_failed(one) and one.outcome is not Outcome.CONFIRMED]
        tail = f" ({what})" if what else ""
        if failed:
            count = f"{len(failed)} of {len(reports)} not acknowledged" if len(reports) > 1 else "Not acknowledged"
            self._app.say(_listed(failed, lambda one: one.reason), title=f"{count}{tail}", is_bad=True)
        if notable:
            done = len(reports) - len(failed) - len(notable)
            first = f"{done} acknowledged\n" if done else ""
            self._app.say(first + _listed(notable, _words), title=what.capitalize())
        elif reports and not failed and (what or len(reports) > 1):
            count = f"“{reports[0].title}”" if len(reports) == 1 else f"{len(reports)} alerts"
            self._app.say(f"Acknowledged: {count}{tail}.")


_NAMED = 3
"""So many alerts of one reason, and so many reasons, have a line of their own in a message: it stands over the rows."""


def _listed(reports: Sequence[ActReport], say: Callable[[ActReport], str]) -> str:
    """A line for each alert with what is to say of it; many of which the same is to say share one."""
    by_words: dict[str, list[ActReport]] = {}
    for report in reports:
        by_words.setdefault(say(report), []).append(report)
    lines: list[str] = []
    for text, told in list(by_words.items())[:_NAMED]:
        lines.append(f"{_titles(told)}: {text}")
    rest = sum(len(told) for told in list(by_words.values())[_NAMED:])
    return "\n".join([*lines, *([f"and {rest} more: their rows say why"] if rest else [])])


def _titles(reports: Sequence[ActReport]) -> str:
    """Up to three titles; of more only how many they are."""
    if len(reports) > _NAMED:
        return f"{len(reports)} alerts"
    return ", ".join(f"“{one.title}”" for one in reports)


def _words(report: ActReport) -> str:
    """What is worth saying of an acknowledge that went well in another way than usual."""
    if report.outcome is Outcome.HERE_ONLY:
        return f"acknowledged here only: {report.reason}" if report.reason else "acknowledged here only"
    if report.outcome is Outcome.ALREADY:
        return f"already acknowledged by {report.by or 'somebody'}"
    return report.reason or f"{report.outcome.value}: nothing was sent"


def _has_failed(report: ActReport) -> bool:
    """Whether the engineer must know that it was not done."""
    return report.outcome in (Outcome.FAILED, Outcome.EXPIRED)
