"""The PagerDuty source: what the screen polls, acts through and asks for its health."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.action import Action
from oncall_tui.domain.alert import Record, SourceKind
from oncall_tui.domain.history import History
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.pager import EscalationPath, NewIncident, PageableService, Person, Priority
from oncall_tui.domain.pages import PageLog
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.verb import VERBS
from oncall_tui.sources.actors import ActResult
from oncall_tui.sources.base import Capability, Clock, Finding, Records
from oncall_tui.sources.beside import Beside
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import connection_of
from oncall_tui.sources.course import Course
from oncall_tui.sources.credentials import Credential, Revealable
from oncall_tui.sources.last_round import LastRound
from oncall_tui.sources.pagerduty.activity import ActivityReader
from oncall_tui.sources.pagerduty.actor import IncidentActor
from oncall_tui.sources.pagerduty.asking import Asking
from oncall_tui.sources.pagerduty.check import findings, service_names
from oncall_tui.sources.pagerduty.client import Calls, Vendor
from oncall_tui.sources.pagerduty.create import Creating
from oncall_tui.sources.pagerduty.deployments import ChangesReader
from oncall_tui.sources.pagerduty.details import IncidentDetails
from oncall_tui.sources.pagerduty.discover import PagerDutyFinds, discover
from oncall_tui.sources.pagerduty.history import HistoryReader
from oncall_tui.sources.pagerduty.incidents import CUT, DetailsReader, filters_of, short_incidents
from oncall_tui.sources.pagerduty.oncalls import OnCallReader
from oncall_tui.sources.pagerduty.pagelog import PageLogReader
from oncall_tui.sources.pagerduty.pages import Listing
from oncall_tui.sources.pagerduty.people import Identity
from oncall_tui.sources.pagerduty.priorities import Priorities
from oncall_tui.sources.pagerduty.read import Reading, record_of
from oncall_tui.sources.pagerduty.sending import Sender
from oncall_tui.sources.pagerduty.short import RAW, whole
from oncall_tui.sources.pagerduty.states import States
from oncall_tui.sources.polled import Polled
from oncall_tui.sources.retry import Retry
from oncall_tui.sources.understood import understood
from oncall_tui.sources.values import JsonObject, not_shown, read_each
from oncall_tui.sources.wire import Wire
from oncall_tui.threads import DaemonThreads

_READERS = 5
"""Requests at the same time: as many as the first poll begins with, so that incidents wait for none of the others."""
_ACTORS = 2

_NO_DETAILS = IncidentDetails()


class PagerDuty(Polled):
    """One PagerDuty account. Acts have threads of their own: an acknowledge never waits behind a poll."""

    kind = SourceKind.PAGERDUTY
    capabilities = frozenset({Capability.ALERTS, Capability.DEPLOYMENTS, Capability.ON_CALL, Capability.ACKNOWLEDGE})
    verbs = VERBS[SourceKind.PAGERDUTY]

    def __init__(
        self,
        name: SourceName,
        settings: PagerDutySettings,
        *,
        token: Revealable | None,
        headers: Mapping[str, str],
        severities: SeverityMap,
        clock: Clock,
        retry: Retry | None = None,
    ) -> None:
        connection = connection_of(name, settings, _credential(token), headers)
        wire = Wire(connection, clock, at_once=_READERS + _ACTORS)
        super().__init__(name, wire, Budget(settings.budget, clock), clock)
        self._settings = settings
        self._severities = severities
        self._readers = DaemonThreads(f"{name}-read", _READERS)
        self._actors = DaemonThreads(f"{name}-act", _ACTORS)
        vendor = Vendor(wire, settings.from_email)
        calls = Calls(vendor, self._readers, asyncio.Semaphore(_READERS), clock, self._budget.take, retry or Retry())
        self._calls = calls
        acts = Calls(vendor, self._actors, asyncio.Semaphore(_ACTORS), clock, self._budget.take_for_act)
        self._beside = Beside()
        self._known: LastRound[tuple[object, ...], Record] = LastRound()
        self._filters = filters_of(settings)
        self._identity = Identity(calls, settings.from_email)
        self._details = DetailsReader(calls, self._budget)
        self._on_call = OnCallReader(calls, settings, self._identity)
        self._activity = ActivityReader(calls, self._budget, settings)
        self._history = HistoryReader(calls)
        self._page_log = PageLogReader(calls, settings, self._identity)
        self._changes = ChangesReader(calls, name, settings)
        asks = replace(acts, retry=retry or Retry())
        states, priorities = States(acts, self._filters), Priorities(asks)
        sender = Sender(acts, self._identity, settings.from_email)
        self._actor = IncidentActor(acts, self._filters, self._identity, settings.from_email, priorities, self._budget)
        self._creating = Creating(acts, sender, priorities)
        self._asking = Asking(asks, states, priorities)

    async def check(self) -> Sequence[Finding]:
        """Token, user, whether it may acknowledge, and whether each filter matches something."""
        return await findings(self._calls, self._settings)

    async def service_names(self) -> frozenset[str]:
        """The names of all services of the account."""
        return await service_names(self._calls)

    async def discover(self) -> PagerDutyFinds:
        """What a newcomer may learn: whose token it is, teams, services. Raises ``SourceError``."""
        return await understood(self.name, discover(self._calls, self._settings.from_email))

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        """Do ``action`` to incidents; see ``IncidentActor``."""
        return await self._actor.act(action, ids, begun_at, course)

    async def people(self, matching: str = "") -> Sequence[Person]:
        """Users who an incident can be assigned to, by name. Raises ``SourceError``."""
        return await self._asking.people(matching)

    async def priorities(self) -> Sequence[Priority]:
        """The priorities of the account, the worst first. Raises ``SourceError``."""
        return await self._asking.priorities()

    async def escalation_of(self, vendor_id: str) -> EscalationPath:
        """Who is paged one after the other about an incident. Raises ``SourceError``."""
        return await self._asking.escalation_of(vendor_id)

    async def pageable_services(self) -> Sequence[PageableService]:
        """Services that an incident can be opened on, by name. Raises ``SourceError``."""
        return await self._asking.pageable_services()

    async def paged_for(self, service: PageableService) -> EscalationPath:
        """Who would be paged for an incident on this service. Raises ``SourceError``."""
        return await self._asking.paged_for(service)

    async def create(self, wanted: NewIncident, begun_at: datetime | None = None) -> ActResult:
        """Open an incident; see ``Creating``."""
        return await self._creating.create(wanted, begun_at)

    async def opened(self, wanted: NewIncident) -> str:
        """The incident that was declared with this key; see ``Creating``."""
        return await self._creating.opened(wanted)

    async def history_of(self, vendor_id: str, keys: Sequence[str] = ()) -> History:
        """When the same alert fired before; see ``HistoryReader``. Raises ``SourceError``."""
        return await understood(self.name, self._history.read(vendor_id, keys))

    async def pages_since(self, since: datetime) -> PageLog:
        """Whom it called since then; see ``PageLogReader``. Raises ``SourceError``."""
        return await understood(self.name, self._page_log.read(since))

    async def close(self) -> None:
        """Let go of the connections, at once."""
        self._beside.cancel()
        self._readers.close()
        self._actors.close()
        await self._wire.close()

    async def _fetch(self) -> Records:
        self._beside.start("on-calls", self._on_call.read)
        self._beside.start("change events", self._changes.read)
        self._beside.start("names", self._who)
        (listing, warnings), beside = await self._beside.alongside(self._incidents())
        reading = Reading(self.name, self._severities, self._settings.environment, self._identity.me)
        details = self._details.known()
        records, unreadable = await self._calls.compute(partial(self._records, listing, details, reading))
        return Records(
            alerts=records,
            deployments=self._changes.last,
            on_call=self._on_call.last,
            policies=self._on_call.policies,
            my_next=self._on_call.my_next,
            on_call_at=self._on_call.read_at,
            warnings=(*warnings, *not_shown(unreadable, "incidents"), *beside),
        )

    async def _incidents(self) -> tuple[Listing, tuple[str, ...]]:
        """The open incidents, with the details that the budget allows read beside them."""
        listing = await short_incidents(self._calls, self._filters)
        self._beside.start("events of incidents", partial(self._activity.read, listing.found))
        warnings = await self._details.read(listing.found)
        return listing, (CUT, *warnings) if listing.is_cut else warnings

    def _records(
        self, listing: Listing, details: Mapping[str, IncidentDetails], reading: Reading
    ) -> tuple[tuple[Record, ...], int]:
        """Every incident as a record, and how many could not be read. What was resolved while we read is none."""
        found = (one for one in listing.found if one.get("status") != "resolved")
        self._known.begin()

        def read(short: JsonObject) -> Record:
            of_alerts = details.get(str(short.get("id")), _NO_DETAILS)
            # What was read of its alerts lives for as long as the incident is listed: no other is at its address.
            key = (bytes(short[RAW]), id(of_alerts), reading.me)
            record = self._known.get(key, lambda: record_of(whole(short), of_alerts, reading))
            return self._activity.told(record, short)

        return read_each(found, read)

    async def _who(self) -> tuple[str, ...]:
        """Find out who sits before the screen; not knowing is no reason for a warning."""
        await self._identity.find()
        return ()


def _credential(token: Revealable | None) -> Credential | None:
    """``Token token=…`` for API keys, ``Bearer …`` for OAuth tokens, which begin with their region (``pdus+``)."""
    if token is None:
        return None
    text = token.reveal().strip()
    return Credential("Bearer " if text.startswith(("pdus+", "pdeu+")) else "Token token=", token)
