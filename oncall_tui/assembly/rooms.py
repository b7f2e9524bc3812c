"""The rooms, held together while they live: what a front end asks for what is, and tells what to do."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from oncall_tui.config.model import Config, SourceSettings
from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.durations import parse_duration
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.monitor.board import Merging, Overlay
from oncall_tui.monitor.monitor import DEADLINE, Monitor
from oncall_tui.monitor.wake import Monotonic
from oncall_tui.sources.actors import Account, Actor, KnowsEscalation, KnowsPeople, KnowsPriorities, Silencer
from oncall_tui.sources.base import Clock, Source
from oncall_tui.sources.errors import Refused
from oncall_tui.sources.knowers import history_from, pages_from

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import Actions
    from oncall_tui.assembly.runbooks import Runbooks
    from oncall_tui.domain.action import Action, Create, Silence, Unsilence
    from oncall_tui.domain.history import History
    from oncall_tui.domain.pager import EscalationPath, Person, Priority
    from oncall_tui.domain.pages import PageLog
    from oncall_tui.journal.views import LocalAcknowledgement
    from oncall_tui.response.following import Following
    from oncall_tui.response.outbox import Outbox
    from oncall_tui.response.report import ActReport
    from oncall_tui.response.responder import Responder
    from oncall_tui.response.unsent import Unsent

_GOODBYE_S = 0.3
"""What a large act had not begun is written down in this time; what is on its way to a vendor is not waited for."""


class Rooms:
    """The open rooms: what a front end asks for what is, and tells what to do."""

    def __init__(
        self,
        config: Config,
        sources: Sequence[Source],
        journal: JournalKeeper,
        *,
        clock: Clock,
        actor: str,
        monotonic: Monotonic | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.config = config
        self._environ = os.environ if environ is None else environ
        self._actor = actor
        self.sources = tuple(sources)
        self.journal = journal
        self.journal_trouble: JournalError | None = None
        """Why the last ``look`` could not read the journal."""
        self._here_only: tuple[LocalAcknowledgement, ...] = ()
        self._silencers = {one.name: one for one in self.sources if isinstance(one, Silencer)}
        self._accounts = {one.name: one for one in self.sources if isinstance(one, Account)}
        self._clock = clock
        actors = (one for one in self.sources if isinstance(one, Actor))
        self._pagers = tuple(one.name for one in actors if Verb.ACKNOWLEDGE in one.verbs)
        self.monitor = Monitor(
            self.sources,
            {SourceName(name): parse_duration(one.interval) for name, one in config.sources.items()},
            _merging(config, self._with_own_acknowledgements),
            clock=clock,
            random=random.random,
            deadlines={SourceName(name): _deadline(one) for name, one in config.sources.items()},
            monotonic=monotonic,
        )

    @cached_property
    def responder(self) -> Responder:
        """What carries acts out. Loaded with its journal when something is first done: no first alert waits for it."""
        from oncall_tui.response.wiring import responder_of

        return responder_of(self.sources, self.journal, self._clock, self._actor)

    async def look(self) -> Situation:
        """Ask every source once and give the picture.

        A journal that cannot be read keeps nobody from seeing what is broken: the picture lacks what only it knows, and
        ``journal_trouble`` says why.
        """
        try:
            await self.read_own_acknowledgements()
        except JournalError as error:
            self.journal_trouble = error
        return await self.monitor.look()

    async def act(self, action: Action, targets: Sequence[str], following: Following | None = None) -> list[ActReport]:
        """Do something by id: of an alert, of any of its records, or the bare id at the vendor.

        Looks at the sources first. A target that is nowhere in the picture is gone if every source that could know
        it has answered; otherwise nothing is known of it, and it has failed. ``Merge.into`` is such an id as well.
        """
        from oncall_tui.response.report import with_holders
        from oncall_tui.response.targets import act_by_id

        situation = await self.look()
        return with_holders(await act_by_id(self.responder, situation, action, targets, following), situation.alert)

    async def escalation_of(self, alert: Alert) -> EscalationPath:
        """Who is paged one after the other for an alert. Raises ``SourceError``."""
        for record, source in self._holders(Verb.ESCALATE, alert):
            if isinstance(source, KnowsEscalation):
                return await source.escalation_of(record.id)
        raise Refused(f"Nobody is paged for {alert.id}.")

    async def people(self, alert: Alert) -> Sequence[Person]:
        """Those who an alert can be handed to. Raises ``SourceError``."""
        for _, source in self._holders(Verb.REASSIGN, alert):
            if isinstance(source, KnowsPeople):
                return await source.people()
        raise Refused(f"Nobody can be asked who could take {alert.id}.")

    async def priorities(self, alert: Alert) -> Sequence[Priority]:
        """The priorities that an alert can have, the worst first. Raises ``SourceError``."""
        for _, source in self._holders(Verb.PRIORITY, alert):
            if isinstance(source, KnowsPriorities):
                return await source.priorities()
        raise Refused(f"There are no priorities for {alert.id}.")

    async def history_of(self, alert: Alert) -> History:
        """When the same alert fired before, as its pager remembers. Raises ``SourceError``."""
        return await history_from(self.sources, alert)

    async def pages_since(self, since: datetime) -> PageLog:
        """Whom the pagers called since then. Raises ``SourceError`` when there is none, or one does not answer."""
        return await pages_from(self.sources, since)

    def _holders(self, verb: Verb, alert: Alert) -> list[tuple[Record, Source]]:
        """The records that the verb goes to, with their sources."""
        by_name = {one.name: one for one in self.sources}
        return [(one, by_name[one.source]) for one in self.responder.records_for(verb, alert)]

    async def people_for(self, targets: Sequence[str]) -> Mapping[str, Sequence[Person]]:
        """Those who what each id names can be handed to; nobody for what cannot be handed on. Raises ``SourceError``.

        Looks at the sources first, and asks each account once.
        """
        from oncall_tui.response.targets import alerts_named

        situation = await self.look()
        asked: dict[SourceName, Sequence[Person]] = {}
        found: dict[str, Sequence[Person]] = {}
        for target in targets:
            holders = [held for one in alerts_named(situation, target) for held in self._holders(Verb.REASSIGN, one)]
            able = next((source for _, source in holders if isinstance(source, KnowsPeople)), None)
            if able is not None and able.name not in asked:
                asked[able.name] = await able.people()
            found[target] = asked[able.name] if able is not None else ()
        return found

    @property
    def accounts(self) -> Mapping[SourceName, Account]:
        """The pagers that incidents can be declared at."""
        return self._accounts

    async def create(self, source: SourceName, action: Create) -> ActReport:
        """Declare an incident. Never raises for what others do."""
        return await self.responder.create(source, action)

    @property
    def silencers(self) -> Mapping[SourceName, Silencer]:
        """The sources that have silences: what stands there, and what a new one would cover."""
        return self._silencers

    async def silence(self, source: SourceName, action: Silence | Unsilence, silence_id: str = "") -> ActReport:
        """Make, replace or end a silence. Never raises for what others do."""
        return await self.responder.silence(source, action, silence_id)

    async def act_on(
        self,
        action: Action,
        alerts: Sequence[Alert],
        following: Following | None = None,
        begun_at: datetime | None = None,
    ) -> list[ActReport]:
        """Do something to alerts as they were drawn; one report each, in order. Never raises for what others do.

        With ``begun_at``, the beginning of an attempt that failed, it is looked for before it is sent again.
        """
        from oncall_tui.response.report import with_holders

        drawn = {one.id: one for one in alerts}
        return with_holders(await self.responder.act(action, alerts, following, begun_at), drawn.get)

    def stop(self) -> int:
        """Begin nothing more of what is being sent; how many acts that stops."""
        return self.responder.stop()

    @cached_property
    def runbooks(self) -> Runbooks:
        """The runbooks; loaded when one is first asked for."""
        from oncall_tui.assembly.runbooks import Runbooks

        return Runbooks(
            self.config, self.sources, self.journal, environ=self._environ, clock=self._clock, actor=self._actor
        )

    @cached_property
    def custom_actions(self) -> Actions:
        """The actions of the configuration; loaded when one is first run."""
        from oncall_tui.assembly.actions import Actions

        return Actions(self.config, self.runbooks)

    @property
    def outbox(self) -> Outbox:
        """What could not be sent yet."""
        return self.responder.outbox

    async def read_own_acknowledgements(self) -> None:
        """Learn from the journal what only it knows; news of it is a new picture. Raises ``JournalError``."""
        known = await self.responder.local_acknowledgements()
        if known != self._here_only:
            self._here_only = known
            self.monitor.recompose()

    async def unsent(self) -> tuple[Unsent, ...]:
        """What an earlier session left without an answer. Raises ``JournalError``."""
        if self.config.is_read_only:
            return ()
        return await self.responder.outbox.unsent(self._clock())

    async def recover(self) -> list[ActReport]:
        """Send what is still wanted of it, close the rest with its reason. Raises ``JournalError``."""
        if self.config.is_read_only:
            return []
        return await self.responder.outbox.recover()

    def refresh_pagers(self) -> None:
        """Ask the pagers now: something was sent to them."""
        for name in self._pagers:
            self.monitor.refresh(name)

    async def close(self) -> None:
        """Let go of connections and of the journal; no vendor is waited for longer than it takes to write that down."""
        if "responder" in vars(self):
            await self.responder.let_go_of(_GOODBYE_S)
        if "custom_actions" in vars(self):
            await self.custom_actions.close()
        if "runbooks" in vars(self):
            self.runbooks.close()
        ends = [source.close() for source in self.sources]
        await asyncio.gather(*ends, self.journal.close(), return_exceptions=True)

    def _with_own_acknowledgements(self, alerts: Sequence[Alert], now: datetime) -> Sequence[Alert]:
        if not self._here_only:
            return alerts
        from oncall_tui.response.local import with_local_acknowledgements

        return with_local_acknowledgements(alerts, self._here_only, now)


def _deadline(settings: SourceSettings) -> timedelta:
    """When a poll is cut: its own limits are two timeouts for a request, which is tried again and may have pages."""
    return max(DEADLINE, 6 * parse_duration(settings.timeout))


def _merging(config: Config, overlay: Overlay) -> Merging:
    """How the configuration wants reports merged."""
    aliases = {alias.casefold(): name for name, one in config.services.items() for alias in one.aliases}
    window: timedelta = parse_duration(config.display.suspect_window)
    return Merging(aliases, window, overlay, parse_duration(config.oncall.forgotten_after))
