"""Who is on call now and next. Sources: PagerDuty's "List all of the on-calls", "List escalation policies".

``/oncalls`` gives every shift that overlaps its range, with its true begin and end, so that a hand-over is known before
it happens. The endpoint has a rate limit of its own: it is asked seldom.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.durations import parse_duration
from oncall_tui.domain.situation import OnCall, Policy
from oncall_tui.sources.errors import Refused, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.exchange import Params
from oncall_tui.sources.pagerduty.moments import stamp
from oncall_tui.sources.pagerduty.pages import Filters, all_pages, all_slices
from oncall_tui.sources.pagerduty.people import Identity
from oncall_tui.sources.pagerduty.read import Me, on_call_of, on_calls_in_order, policy_of
from oncall_tui.sources.together import together
from oncall_tui.sources.values import not_shown, read_each

AHEAD = timedelta(days=8)
"""How far ahead shifts are read: the next hand-over of a weekly rotation is always among them."""

FAR_AHEAD = timedelta(days=89)
"""How far ahead the next shift of the user is looked for: PagerDuty computes 90 days."""

_POLICIES_AGE = timedelta(minutes=15)
_Shifts = tuple[Sequence[OnCall], Me | None, tuple[str, ...]]
"""Shifts, whose screen this is, and what limits them."""
CUT = "PagerDuty lists no more than 10,000 shifts; some are missing. Filter by team."


class OnCallReader:
    """The shifts and the policies that they are for, as of the last time that they were asked for."""

    def __init__(self, calls: Calls, settings: PagerDutySettings, screen: Identity) -> None:
        self._calls = calls
        self._screen = screen
        self._teams = settings.teams
        self._interval = parse_duration(settings.oncall_interval)
        self._policies_at: datetime | None = None
        self._warnings: tuple[str, ...] = ()
        self.last: tuple[OnCall, ...] = ()
        self._known: tuple[Policy, ...] = ()
        self._is_whole = True
        self.my_next: OnCall | None = None
        self.read_at: datetime | None = None

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies; none while a shift is missing, which would be told as nobody on call."""
        return self._known if self._is_whole else ()

    async def read(self) -> tuple[str, ...]:
        """Bring everything up to date: for the policies of the configured teams, or for all.

        Returns:
            What limits the answer, in words.

        Raises:
            SourceError: PagerDuty could not be asked; what was known stays.
        """
        now = self._calls.clock()
        if self.read_at is not None and timedelta(0) <= now - self.read_at < self._interval:
            return self._warnings
        self._warnings = await self._read(now)
        return self._warnings

    async def _read(self, now: datetime) -> tuple[str, ...]:
        if not self._teams:
            # Neither needs the other, and one after the other they would keep the first incidents from the screen.
            async with together() as group:
                policies = group.create_task(self._read_policies(now))
                shifts = group.create_task(self._shifts(_range(now, AHEAD), ()))
            return await self._keep(now, policies.result(), shifts.result(), ())
        warnings = await self._read_policies(now)
        if not self._known:
            self.last, self.my_next, self.read_at = (), None, now
            return warnings
        only = (("escalation_policy_ids[]", tuple(one.id for one in self._known)),)
        return await self._keep(now, warnings, await self._shifts(_range(now, AHEAD), only), only)

    async def _keep(self, now: datetime, warnings: tuple[str, ...], shifts: _Shifts, only: Filters) -> tuple[str, ...]:
        found, me, more = shifts
        self.last, self.read_at = on_calls_in_order(found), now
        self._is_whole = not more
        self.my_next = await self._my_next(now, only, me)
        return (*warnings, *more)

    async def _shifts(self, span: Params, only: Filters) -> _Shifts:
        params = (*span, ("include[]", "users"))
        listing = await all_slices(self._calls, "/oncalls", "oncalls", params, only)
        me = await self._screen.find()
        found, unreadable = await self._calls.compute(lambda: read_each(listing.found, lambda one: on_call_of(one, me)))
        return found, me, (*((CUT,) if listing.is_cut else ()), *not_shown(unreadable, "on-calls"))

    async def _my_next(self, now: datetime, only: Filters, me: Me | None) -> OnCall | None:
        """The next shift of the user; asked for only when none is among those that are known."""
        coming = [one for one in self.last if one.is_me and one.since is not None and one.since > now]
        if me is not None and not coming:
            # Not with ``earliest``: of somebody who is on call now that is the shift that has begun.
            span = (*_range(now, FAR_AHEAD), ("user_ids[]", me.id))
            listing = await all_pages(self._calls, "/oncalls", "oncalls", span, limit=100)
            found, _ = read_each(listing.found, lambda one: on_call_of(one, me))
            policies = {one.id for one in self._known} if only else None
            meant = [one for one in found if policies is None or one.policy_id in policies]
            coming = [one for one in meant if one.since is not None and one.since > now]
        return min(coming, key=lambda one: (one.since or now, one.level), default=None)

    async def _read_policies(self, now: datetime) -> tuple[str, ...]:
        """Learn which policies there are, those among them for which nobody is on call; of the configured teams."""
        if self._policies_at is not None and timedelta(0) <= now - self._policies_at < _POLICIES_AGE:
            return ()
        filters = (("team_ids[]", self._teams),)
        try:
            listing = await all_slices(self._calls, "/escalation_policies", "escalation_policies", (), filters)
        except (Refused, Unauthorised) as error:
            if self._teams:
                raise
            # Who is on call is told all the same; of a policy with nobody on call at all nothing is known.
            return (f"The escalation policies could not be read, so one that pages nobody is not noticed: {error}",)
        self._known, unreadable = read_each(listing.found, policy_of)
        self._policies_at = now
        return not_shown(unreadable, "escalation policies")


def _range(now: datetime, ahead: timedelta) -> Params:
    return (("since", stamp(now)), ("until", stamp(now + ahead)))
