"""How changes travel to PagerDuty: in whose name, how many at once, and what one refusal means for the others.

Nothing here is repeated by itself, a request that was refused for the pace of a large act apart (``pacing``). When
nobody answers, or waiting has no end, what is left is not sent.
"""

import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from oncall_tui.sources.actors import ActResult
from oncall_tui.sources.course import OnResult, unheard
from oncall_tui.sources.errors import Refused, SourceError
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.outcomes import OUT_OF_REACH, Results, skipped
from oncall_tui.sources.pagerduty.people import Identity, current_user, user_with_email
from oncall_tui.sources.pagerduty.read import Me
from oncall_tui.sources.together import together

PER_REQUEST = 250
"""PagerDuty answers 413 to more."""

AT_ONCE = 2
"""Requests of one action beside each other: a storm of them stays under PagerDuty's 960 a minute."""

_DIVISIBLE = (400, 404, 413, 422)
"""Answers to a whole slice that may be the fault of a single incident in it."""

_IN_VAIN = 16
"""So many refusals one after the other: it is not the fault of single incidents, and 250 are not asked one by one."""

Result = TypeVar("Result")


class Sender:
    """In whose name changes are made."""

    def __init__(self, calls: Calls, screen: Identity, from_email: str | None) -> None:
        self._calls = calls
        self._screen = screen
        self._from_email = from_email

    async def email(self) -> str | None:
        """The e-mail that PagerDuty wants to see as ``From``; the owner's where the token has one."""
        if self._from_email or self._screen.is_known:
            return self._from_email or (self._screen.me.email if self._screen.me is not None else None)
        # Not by way of ``Identity.find``, which a poll that hangs may hold.
        with contextlib.suppress(SourceError, ValueError):
            me = await current_user(self._calls)
            return me.email if me is not None else None
        return None

    async def ids(self) -> frozenset[str]:
        """The users as whom a change of ours may stand in PagerDuty; none when that is not known.

        Raises:
            SourceError: PagerDuty could not be asked.
        """
        found: list[Me | None] = []
        with contextlib.suppress(ValueError):
            found.append(self._screen.me if self._screen.is_known else await current_user(self._calls))
        email = (self._from_email or "").lower()
        if email and not any(one is not None and one.email.lower() == email for one in found):
            with contextlib.suppress(ValueError):
                found.append(await user_with_email(self._calls, email))
        return frozenset(one.id for one in found if one is not None)


async def each(
    ids: Sequence[str],
    do: Callable[[str], Awaitable[Result]],
    told: Callable[[str, SourceError], Result],
    left_out: Callable[[str, SourceError], Result],
    on_result: Callable[[Result], None] = unheard,
) -> dict[str, Result]:
    """What ``do`` gives for every id, a few at a time.

    Args:
        told: what an error of ``do`` means for its id.
        left_out: what it means for those not begun, when it would meet them all.
        on_result: hears of each as it comes.
    """
    found: dict[str, Result] = {}
    waiting = deque(ids)
    ended_by: list[SourceError] = []

    async def lane() -> None:
        while waiting and not ended_by:
            one = waiting.popleft()
            try:
                found[one] = await do(one)
            except SourceError as error:
                found[one] = told(one, error)
                if isinstance(error, OUT_OF_REACH):
                    ended_by.append(error)
            on_result(found[one])

    async with together() as tasks:
        for _ in range(min(AT_ONCE, len(ids))):
            tasks.create_task(lane())
    return found | {one: left_out(one, ended_by[0]) for one in waiting}


async def in_slices(
    ids: Sequence[str],
    send: Callable[[Sequence[str]], Awaitable[Results]],
    told: Callable[[str, SourceError], ActResult],
    on_result: OnResult = unheard,
) -> Results:
    """The results of ``send`` for slices that PagerDuty takes; when one is refused as a whole its halves are tried.

    ``on_result`` hears of those of each slice as soon as it is answered.
    """
    results: Results = {}

    def hear(found: Results) -> None:
        results.update(found)
        for one in found.values():
            on_result(one)

    waiting = deque(ids[start : start + PER_REQUEST] for start in range(0, len(ids), PER_REQUEST))
    in_vain = 0
    while waiting:
        part = waiting.popleft()
        try:
            hear(await send(part))
            in_vain = 0
        except SourceError as error:
            in_vain += 1
            if len(part) > 1 and in_vain < _IN_VAIN and _is_divisible(error):
                middle = len(part) // 2
                waiting.extendleft((part[middle:], part[:middle]))
                continue
            hear({one: told(one, error) for one in part})
            if isinstance(error, OUT_OF_REACH):
                hear({one: skipped(one, error) for rest in waiting for one in rest})
                break
    return results


def _is_divisible(error: SourceError) -> bool:
    return isinstance(error, Refused) and error.status in _DIVISIBLE
