"""What front ends ask PagerDuty before something is done; each answer is understood or an error in our words."""

from collections.abc import Awaitable, Sequence
from typing import TypeVar

from oncall_tui.domain.pager import EscalationPath, PageableService, Person, Priority
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.escalation import Escalation, policy_of
from oncall_tui.sources.pagerduty.pages import not_pagerduty
from oncall_tui.sources.pagerduty.priorities import Priorities
from oncall_tui.sources.pagerduty.roster import pageable_services, people
from oncall_tui.sources.pagerduty.states import States
from oncall_tui.sources.understood import understood

Result = TypeVar("Result")


class Asking:
    """Reads for an engineer who waits: with the threads of acts, not behind polls."""

    def __init__(self, calls: Calls, states: States, priorities: Priorities) -> None:
        self._calls = calls
        self._states = states
        self._priorities = priorities
        self._escalation = Escalation(calls)

    async def people(self, matching: str = "") -> Sequence[Person]:
        """Users who an incident can be assigned to. Raises ``SourceError``."""
        return await self._understood(people(self._calls, matching))

    async def priorities(self) -> Sequence[Priority]:
        """The priorities of the account, the worst first. Raises ``SourceError``."""
        return await self._understood(self._priorities.all())

    async def pageable_services(self) -> Sequence[PageableService]:
        """Services that an incident can be opened on. Raises ``SourceError``."""
        return await self._understood(pageable_services(self._calls))

    async def paged_for(self, service: PageableService) -> EscalationPath:
        """Who would be paged for an incident on this service. Raises ``SourceError``."""
        if not service.policy:
            raise not_pagerduty(self._calls, "the escalation policy of a service")
        return await self._understood(self._escalation.path(service.policy))

    async def escalation_of(self, vendor_id: str) -> EscalationPath:
        """Who is paged one after the other about an incident. Raises ``SourceError``."""
        return await self._understood(self._path(vendor_id))

    async def _path(self, vendor_id: str) -> EscalationPath:
        policy = policy_of(await self._states.one(vendor_id))
        if not policy:
            raise not_pagerduty(self._calls, "the escalation policy of an incident")
        return await self._escalation.path(policy)

    async def _understood(self, reading: Awaitable[Result]) -> Result:
        return await understood(self._calls.wire.connection.name, reading)
