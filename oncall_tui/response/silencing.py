"""Silences as actions, so that they take the one road of all: intent, call, result."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from oncall_tui.domain import silence
from oncall_tui.domain.action import Action, Silence, Unsilence
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.domain.verb import Verb
from oncall_tui.sources.actors import ActOutcome, ActResult, Course, Silencer

_MILLISECOND = timedelta(milliseconds=1)
"""What Alertmanager keeps of a time."""


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

    async def find(self, action: Action, vendor_id: str) -> ActResult | None:
        """A silence stands as it was asked for, or it does not. Raises ``SourceError``."""
        if isinstance(action, Silence):
            wanted = self._wanted(action, vendor_id)
            found = next((one for one in await self._silencer.silences() if _is_same(one, wanted)), None)
            if found is not None:
                return ActResult(found.id, ActOutcome.CONFIRMED, f"silence {found.id}")
            reason = "it was not changed" if vendor_id else "there is no such silence"
            return ActResult(vendor_id, ActOutcome.FAILED, f"{reason}: do it anew if it is still needed")
        if isinstance(action, Unsilence):
            if all(one.id != vendor_id for one in await self._silencer.silences()):
                return ActResult(vendor_id, ActOutcome.CONFIRMED)
            return ActResult(vendor_id, ActOutcome.FAILED, "it goes on: end it anew if that is still wanted")
        return None

    async def _silence(self, action: Silence, replaced: str) -> ActResult:
        result = await self._silencer.silence(self._wanted(action, replaced))
        words = [f"silence {result.id}"] if result.id and result.id != replaced else []
        return replace(result, id=replaced, reason="; ".join(filter(None, [*words, result.reason])))

    def _wanted(self, action: Silence, replaced: str) -> silence.Silence:
        return silence.Silence(
            matchers=tuple(silence.read_matcher(one) for one in action.matchers),
            starts_at=action.starts_at,
            ends_at=action.ends_at,
            comment=action.comment,
            created_by=self._author,
            id=replaced,
        )


def _is_same(found: silence.Silence, wanted: silence.Silence) -> bool:
    """Whether it is the one that was asked for; when it begins does not count: what was to begin before begins now."""
    if abs(found.ends_at - wanted.ends_at) > _MILLISECOND or set(found.matchers) != set(wanted.matchers):
        return False
    said = (clean(wanted.comment).strip(), clean_line(wanted.created_by))
    return (found.comment, found.created_by) == said
