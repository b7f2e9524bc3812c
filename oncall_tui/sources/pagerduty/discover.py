"""What PagerDuty tells somebody with a token: who that is, which teams and services there are.

Sources: PagerDuty's API reference, "Get the current user", "List teams", "List services", "List users".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from oncall_tui.sources.errors import Refused, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.pages import all_pages
from oncall_tui.sources.pagerduty.people import current_user_object, user_with_email
from oncall_tui.sources.pagerduty.read import Me, me_of
from oncall_tui.sources.values import JsonObject, first_line, identity, objects, read_each, web_address

LIMIT = 1_000
"""Teams, and services, that are read: ten pages of each. Nobody chooses from more."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team of the account."""

    id: str
    name: str
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class PagedService:
    """A service of the account, with the ids of its teams."""

    id: str
    name: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PagerDutyFinds:
    """What the account tells."""

    me: Me | None = None
    """None for an account-level token, unless ``from_email`` names a user."""
    is_user_token: bool = True
    account: str = ""
    """The host of the account's web pages, ``acme.pagerduty.com``; empty where nothing tells."""
    teams: tuple[Team, ...] = ()
    """The user's own first, then by name."""
    services: tuple[PagedService, ...] = ()
    """By name."""
    is_cut: bool = False
    """There are more than ``LIMIT`` teams or services."""


async def discover(calls: Calls, from_email: str | None = None) -> PagerDutyFinds:
    """Look around.

    Raises:
        SourceError: PagerDuty cannot be asked, or does not accept the token.
    """
    services = await all_pages(calls, "/services", "services", (), LIMIT)
    found, _ = read_each(services.found, _service)
    user = await current_user_object(calls)
    mine = frozenset(str(one.get("id")) for one in objects(user.get("teams"))) if user is not None else frozenset()
    teams, are_cut = await _teams(calls, mine)
    me = me_of(user) if user is not None else None
    if me is None and from_email:
        me = await user_with_email(calls, from_email)
    return PagerDutyFinds(
        me=me,
        is_user_token=user is not None,
        account=_account(user, services.found),
        teams=teams,
        services=tuple(sorted(found, key=lambda one: one.name.casefold())),
        is_cut=services.is_cut or are_cut,
    )


async def _teams(calls: Calls, mine: frozenset[str]) -> tuple[tuple[Team, ...], bool]:
    """The teams; none where the account's plan has no teams or the token may not list them."""
    try:
        listing = await all_pages(calls, "/teams", "teams", (), LIMIT)
    except Unauthorised:
        return (), False
    except Refused as error:
        if error.status is None or error.status >= 500:
            raise
        return (), False
    teams, _ = read_each(listing.found, lambda one: _team(one, mine))
    return tuple(sorted(teams, key=lambda one: (not one.is_mine, one.name.casefold()))), listing.is_cut


def _team(one: JsonObject, mine: frozenset[str]) -> Team:
    vendor_id = identity(one.get("id"))
    return Team(vendor_id, _name(one), vendor_id in mine)


def _service(one: JsonObject) -> PagedService:
    teams = tuple(identity(team.get("id")) for team in objects(one.get("teams")))
    return PagedService(identity(one.get("id")), _name(one), teams)


def _name(one: JsonObject) -> str:
    return first_line(one.get("name"), one.get("summary"), one.get("id"))


def _account(user: JsonObject | None, services: Sequence[JsonObject]) -> str:
    """The host that pages of this account are on."""
    for one in (*([user] if user is not None else []), *services[:1]):
        url = web_address(one.get("html_url"))
        if url is not None:
            return urlsplit(url).hostname or ""
    return ""
