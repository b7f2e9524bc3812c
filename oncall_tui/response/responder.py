"""Acknowledge: the intent is on the disk before the call, the result after it (response step 1, WF-01)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.domain.text import clean_line
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.views import LocalAcknowledgement
from oncall_tui.response import local
from oncall_tui.response.intent import HERE, Intent, intent_at_vendor, intent_event, intent_here, result_event
from oncall_tui.response.outbox import Outbox
from oncall_tui.response.owner import Owner, this_process
from oncall_tui.response.report import AckReport, Outcome, Settled, merged
from oncall_tui.response.sender import Sender
from oncall_tui.sources.actors import Acknowledger

OnProgress = Callable[[AckReport], None]

_HERE_ONLY = "no pager holds this alert: only this journal knows of the acknowledge"


class Responder:
    """Carries out what the engineer decides about alerts.

    Args:
        journal: where intents and results are written. Without it nothing is sent.
        acknowledgers: the sources that take an acknowledge, by name.
        clock: the present moment, aware.
        actor: who acts: ``user:<PagerDuty id>`` or ``user:<login>``.
        new_id: makes ULIDs.
        owner: the process that intents are signed with; this one when absent.
    """

    def __init__(
        self,
        journal: JournalKeeper,
        acknowledgers: Mapping[SourceName, Acknowledger],
        clock: Callable[[], datetime],
        actor: str,
        new_id: Callable[[], str],
        owner: Owner | None = None,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._actor = clean_line(actor) or "user:unknown"
        self._new_id = new_id
        self._owner = owner or this_process(new_id())
        self._sender = Sender(journal, acknowledgers, clock, self._actor)
        self.outbox = Outbox(journal, self._sender, clock, self._actor, self._owner)
        """What a crash left open, and its repair."""

    async def acknowledge(self, alerts: Sequence[Alert], on_progress: OnProgress | None = None) -> list[AckReport]:
        """Acknowledge ``alerts``; one report for each, in their order, whatever happened to the others.

        Records at a pager are sent, one bulk call per source; an alert without one is acknowledged in the journal
        only. When the intents cannot be written nothing is sent, and every report says so. Never raises for what a
        vendor or the journal does.

        Args:
            alerts: as they were at the key press.
            on_progress: hears of each alert as soon as all of its records have an answer.
        """
        unique = {alert.id: alert for alert in alerts}
        intents = {alert.id: self._intents_of(alert) for alert in unique.values()}
        progress = _Progress(unique, intents, on_progress)
        everything = [intent for group in intents.values() for intent in group]
        with self._sender.busy_with(everything):
            try:
                await self._write_intents(everything, unique)
            except JournalError as error:
                reason = f"nothing was sent: {error} {error.hint}".strip()
                progress.hear({one.request_id: Settled(one.source, Outcome.FAILED, reason) for one in everything})
                return progress.reports()
            here = [one for one in everything if one.source == HERE]
            progress.hear({one.request_id: self._here_only(unique[one.alert_id]) for one in here})
            await self._sender.send([one for one in everything if one.source != HERE], progress.hear)
            return progress.reports()

    async def local_acknowledgements(self) -> tuple[LocalAcknowledgement, ...]:
        """Every acknowledge that only the journal knows of, for ``local.with_local_acknowledgements``.

        Raises:
            JournalError: the journal cannot be read.
        """
        return await local.local_acknowledgements(self._journal, self._clock())

    def _intents_of(self, alert: Alert) -> list[Intent]:
        """One intent for each record at a pager; else one for the alert itself."""
        at_vendors = [one for one in alert.records if self._sender.can_send_to(one.source)]
        if at_vendors:
            return [intent_at_vendor(self._new_id(), alert, one) for one in at_vendors]
        return [intent_here(self._new_id(), alert)]

    async def _write_intents(self, intents: Sequence[Intent], alerts: Mapping[AlertId, Alert]) -> None:
        """All intents in one transaction. What stays here has nothing to wait for: its result goes with it."""
        now = self._clock()
        events = [(one.stream, intent_event(one, self._actor, now, self._owner)) for one in intents]
        for one in intents:
            if one.source == HERE:
                settled = self._here_only(alerts[one.alert_id])
                events.append((one.stream, result_event(one, settled, self._actor, now)))
        await self._journal.append_all(events)

    def _here_only(self, alert: Alert) -> Settled:
        """Said plainly when a pager does hold the alert, and goes on paging, because we may not write to it."""
        pager = next((one.source for one in alert.records if one.kind is SourceKind.PAGERDUTY), None)
        reason = _HERE_ONLY
        if pager is not None:
            reason = f"only this journal knows of it: {pager} takes no acknowledge from here and goes on paging"
        return Settled(pager or HERE, Outcome.HERE_ONLY, reason)


class _Progress:
    """Collects the outcomes of records until an alert has all of its own."""

    def __init__(
        self,
        alerts: Mapping[AlertId, Alert],
        intents: Mapping[AlertId, Sequence[Intent]],
        on_progress: OnProgress | None,
    ) -> None:
        self._alerts = alerts
        self._intents = intents
        self._on_progress = on_progress
        self._settled: dict[str, Settled] = {}
        self._reports: dict[AlertId, AckReport] = {}

    def hear(self, news: Mapping[str, Settled]) -> None:
        """Take outcomes by request id, and tell of every alert that is complete with them."""
        self._settled.update(news)
        for alert_id, intents in self._intents.items():
            parts = [self._settled[one.request_id] for one in intents if one.request_id in self._settled]
            if alert_id not in self._reports and len(parts) == len(intents):
                alert = self._alerts[alert_id]
                self._reports[alert_id] = merged(alert.id, alert.title, parts)
                if self._on_progress is not None:
                    self._on_progress(self._reports[alert_id])

    def reports(self) -> list[AckReport]:
        """The reports in the order of the alerts."""
        return [self._reports[alert_id] for alert_id in self._alerts]
