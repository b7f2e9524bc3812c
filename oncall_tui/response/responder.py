"""Every verb: the intent is on the disk before the call, the result after it (response step 1, WF-01)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from oncall_tui.domain.action import Acknowledge, Action, Create, Note, Silence, Unsilence
from oncall_tui.domain.alert import Alert, Record, SourceKind
from oncall_tui.domain.ids import AlertId, SourceName, record_ref
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.views import LocalAcknowledgement
from oncall_tui.response import local
from oncall_tui.response.following import Following, Progress, Shielded, Unheard
from oncall_tui.response.intent import HERE, Intent, intent_at_vendor, intent_event, intent_here, result_event
from oncall_tui.response.outbox import Outbox
from oncall_tui.response.owner import Owner, this_process
from oncall_tui.response.report import ActReport, Outcome, Settled, merged
from oncall_tui.response.sender import Sender
from oncall_tui.sources.actors import Actor
from oncall_tui.sources.course import Waiting, wait_for_event


class Responder:
    """Carries out what the engineer decides about alerts.

    Args:
        journal: where intents and results are written. Without it nothing is sent.
        actors: the sources that can do something, by name.
        clock: the present moment, aware.
        actor: who acts: ``user:<PagerDuty id>`` or ``user:<login>``.
        new_id: makes ULIDs.
        owner: the process that intents are signed with; this one when absent.
        wait: how time is let pass in an act on many records, for tests.
    """

    def __init__(
        self,
        journal: JournalKeeper,
        actors: Mapping[SourceName, Actor],
        clock: Callable[[], datetime],
        actor: str,
        new_id: Callable[[], str],
        owner: Owner | None = None,
        wait: Waiting = wait_for_event,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._actor = clean_line(actor) or "user:unknown"
        self._new_id = new_id
        self._owner = owner or this_process(new_id())
        self._sender = Sender(journal, actors, clock, self._actor, wait)
        self.outbox = Outbox(journal, self._sender, clock, self._actor, self._owner)
        """What a crash left open, and its repair."""

    async def acknowledge(self, alerts: Sequence[Alert], following: Following | None = None) -> list[ActReport]:
        """Acknowledge ``alerts``: ``act`` with an ``Acknowledge``."""
        return await self.act(Acknowledge(), alerts, following)

    async def act(
        self,
        action: Action,
        alerts: Sequence[Alert],
        following: Following | None = None,
        begun_at: datetime | None = None,
    ) -> list[ActReport]:
        """Do ``action`` to ``alerts``; one report for each, in their order, whatever happened to the others.

        ``records_for`` says what is sent, in one bulk call per source. An alert without such a record is acknowledged,
        and gets its note, in the journal only; any other verb is refused for it. When the intents cannot be written
        nothing is sent, and every report says so. Never raises for what a vendor or the journal does, and what
        ``following`` raises only once everything has its result.

        Args:
            alerts: as they were at the key press.
            following: hears of each alert as soon as all of its records have an answer, and of pauses.
            begun_at: when the same was begun before and failed: it is looked for before it is sent again.
        """
        shielded = Shielded(following or Unheard())
        reports = await self._act(action, {alert.id: alert for alert in alerts}, shielded, begun_at)
        shielded.raise_fault()
        return reports

    async def _act(
        self, action: Action, unique: Mapping[AlertId, Alert], following: Following, begun_at: datetime | None
    ) -> list[ActReport]:
        intents = {alert.id: self._intents_of(action, alert, begun_at) for alert in unique.values()}
        progress = Progress(action.verb, unique, intents, following)
        progress.refuse({one: _refused(action.verb, unique[one]) for one, group in intents.items() if not group})
        everything = [intent for group in intents.values() for intent in group]
        with self._sender.busy_with(everything):
            try:
                await self._write_intents(everything, unique)
            except JournalError as error:
                reason = f"nothing was sent: {error} {error.hint}".strip()
                progress.hear({one.request_id: Settled(one.source, Outcome.FAILED, reason) for one in everything})
                return progress.reports()
            here = [one for one in everything if one.source == HERE]
            progress.hear({one.request_id: _here_only(action.verb, unique[one.alert_id]) for one in here})
            await self._sender.send([one for one in everything if one.source != HERE], progress.hear, following.rest)
            return progress.reports()

    async def silence(self, source: SourceName, action: Silence | Unsilence, silence_id: str = "") -> ActReport:
        """Make, replace or end a silence. Never raises for what a vendor or the journal does.

        Args:
            silence_id: the one that is ended, or whose place the new one takes.
        """
        title = clean_line(", ".join(action.matchers)) if isinstance(action, Silence) else silence_id
        return await self._alone(Intent(self._new_id(), action, AlertId(silence_id), title, source, silence_id))

    async def create(self, source: SourceName, action: Create) -> ActReport:
        """Declare an incident; ``made`` of the report is its id. Never raises for what a vendor or the journal does.

        The key by which it is found when its answer is lost is that of the intent.
        """
        key = self._new_id()
        report = await self._alone(Intent(key, action, AlertId(record_ref(source, key)), action.title, source, key))
        return replace(report, alert_id=AlertId(record_ref(source, report.made) if report.made else ""))

    async def _alone(self, intent: Intent) -> ActReport:
        """What is done at one source, and to no alert."""
        with self._sender.busy_with([intent]):
            try:
                await self._write_intents([intent], {})
                settled = (await self._sender.send([intent]))[intent.request_id]
            except JournalError as error:
                settled = Settled(intent.source, Outcome.FAILED, f"nothing was sent: {error} {error.hint}".strip())
        return merged(intent.alert_id, intent.title, intent.action.verb, [settled])

    async def local_acknowledgements(self) -> tuple[LocalAcknowledgement, ...]:
        """Every acknowledge that only the journal knows of, for ``local.with_local_acknowledgements``.

        Raises:
            JournalError: the journal cannot be read.
        """
        return await local.local_acknowledgements(self._journal, self._clock())

    def stop(self) -> int:
        """Begin nothing more of what is being sent; how many acts that stops. What is under way gets its answer."""
        return self._sender.stop()

    def let_go(self) -> None:
        """The program ends: what is under way and breaks off stays open for the next start."""
        self._sender.let_go()

    async def let_go_of(self, seconds: float) -> None:
        """``let_go``, and wait so long at most until what was not begun of large acts is written down as that."""
        self._sender.let_go()
        await self._sender.written(seconds)

    def can(self, source: SourceName, verb: Verb) -> bool:
        """Whether the source carries out the verb."""
        return self._sender.can(source, verb)

    def records_for(self, verb: Verb, alert: Alert) -> tuple[Record, ...]:
        """The records of ``alert`` that the verb goes to: every one that takes an acknowledge; for another verb those
        of the first kind of source that can do it, a pager before an error tracker."""
        able = [one for one in alert.records if self._sender.can(one.source, verb)]
        return tuple(one for one in able if verb is Verb.ACKNOWLEDGE or one.kind is able[0].kind)

    def _intents_of(self, action: Action, alert: Alert, begun_at: datetime | None) -> list[Intent]:
        """One intent for each record that it goes to; else one for the alert itself, or none where that is no use."""
        at_vendors = self.records_for(action.verb, alert)
        if at_vendors:
            return [intent_at_vendor(self._new_id(), action, alert, one, begun_at) for one in at_vendors]
        return [intent_here(self._new_id(), action, alert)] if isinstance(action, Acknowledge | Note) else []

    async def _write_intents(self, intents: Sequence[Intent], alerts: Mapping[AlertId, Alert]) -> None:
        """All intents in one transaction. What stays here has nothing to wait for: its result goes with it."""
        now = self._clock()
        events = [(one.stream, intent_event(one, self._actor, now, self._owner)) for one in intents]
        for one in intents:
            if one.source == HERE:
                settled = _here_only(one.action.verb, alerts[one.alert_id])
                events.append((one.stream, result_event(one, settled, self._actor, now)))
        await self._journal.append_all(events)


def _here_only(verb: Verb, alert: Alert) -> Settled:
    """Said plainly when a pager does hold the alert, and goes on paging, because we may not write to it."""
    pager = next((one.source for one in alert.records if one.kind is SourceKind.PAGERDUTY), None)
    reason = f"no pager holds it, only this journal knows of the {verb}"
    if pager is not None:
        reason = f"only this journal knows of it: {pager} takes no {verb} from here and goes on paging"
    return Settled(pager or HERE, Outcome.HERE_ONLY, reason)


def _refused(verb: Verb, alert: Alert) -> Settled:
    """Nobody is asked: no source that sees the alert can do it."""
    seen_by = ", ".join(dict.fromkeys(one.source for one in alert.records))
    return Settled(HERE, Outcome.FAILED, f"nothing was sent: there is no {verb} for an alert of {seen_by}")
