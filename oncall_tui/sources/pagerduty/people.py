"""Whose screen this is, as PagerDuty knows people.

Sources: PagerDuty's API reference, "Get the current user" (user tokens only), "List users".
"""

import asyncio
import contextlib

from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.read import Me, me_of
from oncall_tui.sources.values import JsonObject, mapping, objects, read_each


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
