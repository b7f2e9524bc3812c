"""The account of a pager that is opened late: what is asked of it beforehand, and the declaring of an incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from oncall_tui.domain.situation import Failure
from oncall_tui.monitor.late import NO_SECRET, LateActor
from oncall_tui.sources.actors import (
    ActOutcome,
    ActResult,
    Creates,
    KnowsEscalation,
    KnowsPeople,
    KnowsPriorities,
)
from oncall_tui.sources.base import Source
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.knowers import KnowsHistory, KnowsPages

if TYPE_CHECKING:
    from oncall_tui.domain.history import History
    from oncall_tui.domain.pager import EscalationPath, NewIncident, PageableService, Person, Priority
    from oncall_tui.domain.pages import PageLog


class LateAccount(LateActor):
    """A late pager that can be asked whom it pages; opened by whatever comes first, a poll, a verb or a question."""

    async def people(self, matching: str = "") -> Sequence[Person]:
        """Those who an alert can be assigned to. Raises ``SourceError``."""
        opened = await self.opened()
        if isinstance(opened, KnowsPeople):
            return await opened.people(matching)
        raise self._unable(opened, "names no people")

    async def priorities(self) -> Sequence[Priority]:
        """The priorities of the account. Raises ``SourceError``."""
        opened = await self.opened()
        if isinstance(opened, KnowsPriorities):
            return await opened.priorities()
        raise self._unable(opened, "has no priorities")

    async def escalation_of(self, vendor_id: str) -> EscalationPath:
        """The escalation path of one alert. Raises ``SourceError``."""
        opened = await self.opened()
        if isinstance(opened, KnowsEscalation):
            return await opened.escalation_of(vendor_id)
        raise self._unable(opened, "pages nobody")

    async def pageable_services(self) -> Sequence[PageableService]:
        """What an incident can be opened on. Raises ``SourceError``."""
        opened = await self.opened()
        if isinstance(opened, Creates):
            return await opened.pageable_services()
        raise self._unable(opened, "opens no incidents")

    async def paged_for(self, service: PageableService) -> EscalationPath:
        """Who would be paged for an incident on this service. Raises ``SourceError``."""
        opened = await self.opened()
        if isinstance(opened, Creates):
            return await opened.paged_for(service)
        raise self._unable(opened, "opens no incidents")

    async def history_of(self, vendor_id: str, keys: Sequence[str] = ()) -> History:
        """When the same alert fired before. Raises ``SourceError``."""
        opened = await self.opened()
        if isinstance(opened, KnowsHistory):
            return await opened.history_of(vendor_id, keys)
        raise self._unable(opened, "remembers nothing")

    async def pages_since(self, since: datetime) -> PageLog:
        """Whom the pager called. Raises ``SourceError``."""
        opened = await self.opened()
        if isinstance(opened, KnowsPages):
            return await opened.pages_since(since)
        raise self._unable(opened, "calls nobody")

    async def create(self, wanted: NewIncident, begun_at: datetime | None = None) -> ActResult:
        """Open an incident; while the pager cannot be opened nothing is sent, and that is said."""
        opened = await self.opened()
        if isinstance(opened, Creates):
            return await opened.create(wanted, begun_at)
        error = self._unable(opened, "opens no incidents")
        return ActResult("", ActOutcome.FAILED, f"nothing was sent: {error} {error.hint}".strip())

    def _unable(self, opened: Source | Failure, what: str) -> SourceError:
        """Why it cannot be asked: it is not open, or it is none that could."""
        if not isinstance(opened, Failure):
            return Refused(f"{self.name} {what}.")
        kind = Unauthorised if opened.kind == NO_SECRET else Refused
        return kind(opened.message, opened.hint)
