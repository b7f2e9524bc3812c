"""A new incident as an action, so that it takes the one road of all: intent, call, result."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from oncall_tui.domain.action import Action, Create
from oncall_tui.domain.pager import NewIncident
from oncall_tui.domain.verb import Verb
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult, Course, Creates, KnowsOpened


class ActsByDeclaring:
    """An ``Actor`` that declares incidents too: the id of one that is not there yet is the key that it is found by."""

    def __init__(self, actor: Actor, creator: Creates) -> None:
        self._actor = actor
        self._creator = creator

    @property
    def verbs(self) -> frozenset[Verb]:
        """What the account itself can do, and one more."""
        return self._actor.verbs | {Verb.CREATE}

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        """One result for every id; that of a new incident has the incident's own id, where there is one."""
        if isinstance(action, Create):
            return {key: await self._create(action, key, begun_at) for key in ids}
        return await self._actor.act(action, ids, begun_at, course)

    async def find(self, action: Action, vendor_id: str) -> ActResult | None:
        """An incident that was declared is there under its key, or nobody was paged. Raises ``SourceError``."""
        if not isinstance(action, Create) or not isinstance(self._creator, KnowsOpened):
            return None
        made = await self._creator.opened(_wanted(action, vendor_id))
        if made:
            return ActResult(made, ActOutcome.CONFIRMED)
        reason = "it was not declared, and nobody was paged: declare it anew if it is still needed"
        return ActResult(vendor_id, ActOutcome.FAILED, reason)

    async def _create(self, action: Create, key: str, begun_at: datetime | None) -> ActResult:
        result = await self._creator.create(_wanted(action, key), begun_at)
        # Without an id nobody can say which incident that is.
        is_lost = result.outcome is ActOutcome.CONFIRMED and not result.id
        return replace(result, may_have_arrived=True, outcome=ActOutcome.FAILED) if is_lost else result


def _wanted(action: Create, key: str) -> NewIncident:
    return NewIncident(action.title, action.service, key, action.urgency, action.priority, action.details)
