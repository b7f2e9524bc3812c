"""Whose screen this is, as PagerDuty knows people, and who is on call.

Sources: PagerDuty's API reference, "Get the current user" (user tokens only), "List users", "List all of the on-calls".
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.situation import OnCall
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.pages import all_slices
from oncall_tui.sources.pagerduty.read import Me, me_of, on_call_of, on_calls_in_order
from oncall_tui.sources.values import JsonObject, identity, mapping, objects, read_each

_ON_CALL_AGE = timedelta(seconds=60)
"""PagerDuty limits ``GET /oncalls`` on its own, and nobody's shift ends twice a minute."""
_POLICIES_AGE = timedelta(minutes=15)


async def current_user(calls: Calls) -> Me | None:
    """The owner of the token; None for an account-level token, which has none.

    Raises:
        SourceError: PagerDuty could not be asked.
    """
    user = await current_user_object(calls)
    return None if user is None else me_of(user)


async def current_user_object(calls: Calls) -> JsonObject | None:
    """The owner of the token as PagerDuty tells it, teams included; None for an account-level token.

    Raises:
        SourceError: PagerDuty could not be asked.
    """
    try:
        answer = await calls.get("/users/me")
    except Unauthorised:
        return None
    except Refused as error:
        if error.status is not None and error.status < 500:
            return None
        raise
    return mapping(answer.get("user"))


async def user_with_email(calls: Calls, email: str) -> Me | None:
    """The user with exactly this e-mail; None when PagerDuty has none.

    Raises:
        SourceError: PagerDuty could not be asked.
    """
    answer = await calls.get("/users", (("query", email), ("limit", "100")))
    users, _ = read_each(objects(answer.get("users")), me_of)
    return next((user for user in users if user.email.lower() == email.lower()), None)


class Identity:
    """Finds out once who sits before the screen."""

    def __init__(self, calls: Calls, from_email: str | None) -> None:
        self._calls = calls
        self._from_email = from_email
        self.is_known = False
        self._asking = asyncio.Lock()
        self.me: Me | None = None

    async def find(self) -> Me | None:
        """The user, or None: with an account-level token and no ``from_email`` nobody is.

        An answer is kept. When PagerDuty cannot be asked it is asked with the next poll again: an incident list
        without "mine" is worth more than none.
        """
        async with self._asking:
            if not self.is_known:
                with contextlib.suppress(SourceError):
                    self.me = await current_user(self._calls)
                    if self.me is None and self._from_email:
                        self.me = await user_with_email(self._calls, self._from_email)
                    self.is_known = True
        return self.me


class OnCallReader:
    """Who is on call, read about once a minute."""

    def __init__(self, calls: Calls, settings: PagerDutySettings, screen: Identity) -> None:
        self._calls = calls
        self._screen = screen
        self._teams = settings.teams
        self._users = settings.users
        self._on_call: tuple[OnCall, ...] = ()
        self._read_at: datetime | None = None
        self._policies: tuple[str, ...] = ()
        self._policies_at: datetime | None = None

    @property
    def last(self) -> tuple[OnCall, ...]:
        """What was read last."""
        return self._on_call

    async def read(self) -> tuple[str, ...]:
        """Bring ``last`` up to date: everyone on call for the policies of the configured teams, or for all.

        Returns:
            What limits the answer, in words.

        Raises:
            SourceError: PagerDuty could not be asked; ``last`` has what is known.
        """
        now = self._calls.clock()
        if self._read_at is not None and timedelta(0) <= now - self._read_at < _ON_CALL_AGE:
            return ()
        policies = await self._policies_of_teams(now)
        if self._teams and not policies:
            self._on_call, self._read_at = (), now
            return ()
        filters = (("escalation_policy_ids[]", policies), ("user_ids[]", self._users))
        params = (("earliest", "true"), ("include[]", "users"))
        listing = await all_slices(self._calls, "/oncalls", "oncalls", params, filters)
        me = await self._screen.find()
        found, unreadable = await self._calls.compute(lambda: read_each(listing.found, lambda one: on_call_of(one, me)))
        self._on_call, self._read_at = on_calls_in_order(found), now
        return (f"{unreadable} on-calls could not be read.",) if unreadable else ()

    async def _policies_of_teams(self, now: datetime) -> Sequence[str]:
        """Ids of the escalation policies of the configured teams: ``/oncalls`` knows no teams."""
        if not self._teams:
            return ()
        if self._policies_at is None or not timedelta(0) <= now - self._policies_at < _POLICIES_AGE:
            filters = (("team_ids[]", self._teams),)
            listing = await all_slices(self._calls, "/escalation_policies", "escalation_policies", (), filters)
            self._policies, _ = read_each(listing.found, lambda one: identity(one.get("id")))
            self._policies_at = now
        return self._policies
