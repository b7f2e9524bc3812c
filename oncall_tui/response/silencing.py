"""Silences as actions, so that they take the one road of all: intent, call, result."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from oncall_tui.domain import silence
from oncall_tui.domain.action import Action, Silence, Unsilence
from oncall_tui.domain.verb import Verb
from oncall_tui.sources.actors import ActOutcome, ActResult, Course, Silencer


class ActsBySilencing:
    """Carries out silences at one source; an ``Actor`` whose ids are those of silences, empty for one to be made."""

    verbs = frozenset({Verb.SILENCE, Verb.UNSILENCE})

    def __init__(self, silencer: Silencer, author: str) -> None:
        self._silencer = silencer
        self._author = author

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        """One result for every id; that of a new silence says which id it has."""
        if isinstance(action, Silence):
            return {one: await self._silence(action, one) for one in ids}
        if isinstance(action, Unsilence):
            return {one: await self._silencer.expire(one) for one in ids}
        return {one: ActResult(one, ActOutcome.FAILED, f"nothing was sent: no {action.verb} here") for one in ids}

    async def _silence(self, action: Silence, replaced: str) -> ActResult:
        wanted = silence.Silence(
            matchers=tuple(silence.read_matcher(one) for one in action.matchers),
            starts_at=action.starts_at,
            ends_at=action.ends_at,
            comment=action.comment,
            created_by=self._author,
            id=replaced,
        )
        result = await self._silencer.silence(wanted)
        words = [f"silence {result.id}"] if result.id and result.id != replaced else []
        return replace(result, id=replaced, reason="; ".join(filter(None, [*words, result.reason])))
