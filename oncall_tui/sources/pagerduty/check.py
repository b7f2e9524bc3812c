"""What the doctor asks PagerDuty: is the token good, whose is it, may it acknowledge, do the filters match."""

from collections.abc import Sequence
from functools import partial

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.counts import counted
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.sources.checkup import Question, all_asked
from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.incidents import filters_of, open_incidents
from oncall_tui.sources.pagerduty.pages import all_pages, not_pagerduty
from oncall_tui.sources.pagerduty.people import current_user, user_with_email
from oncall_tui.sources.pagerduty.read import Me
from oncall_tui.sources.values import first_line, line, mapping

LIMIT_PER_MINUTE = 960
"""Requests that PagerDuty takes from one token in a minute ("REST API Rate Limits")."""

_LOOKED_AT = 20
"""Ids of a filter that are looked up; each costs a request."""

_FILTERS = (("team", "teams"), ("service", "services"), ("user", "users"))
_NOBODYS_INCIDENT = "PDOCTOR0000000"
_MAY_WRITE = (400, 404)
"""How PagerDuty answers a write that it would have made, had the incident existed."""


async def findings(calls: Calls, settings: PagerDutySettings) -> Sequence[Finding]:
    """Everything worth telling. Never raises for what PagerDuty does: an error is a finding."""
    filters: list[Question] = [
        partial(_object, calls, noun, collection, vendor_id)
        for noun, collection in _FILTERS
        for vendor_id in getattr(settings, collection)[:_LOOKED_AT]
    ]
    return await all_asked(
        lambda: _incidents(calls, settings),
        lambda: _person(calls, settings.from_email),
        lambda: _writing(calls, settings.from_email),
        lambda: _teams(calls, settings),
        *filters,
        vendor="PagerDuty's REST API",
    )


async def service_names(calls: Calls) -> frozenset[str]:
    """The names of all services of the account.

    Raises:
        SourceError: PagerDuty could not be asked.
    """
    listing = await all_pages(calls, "/services", "services", ())
    return frozenset(first_line(one.get("name"), one.get("summary")) for one in listing.found) - {""}


async def _incidents(calls: Calls, settings: PagerDutySettings) -> list[Finding]:
    """What a poll would list now: the test of the token, and of the filters."""
    filters = filters_of(settings)
    try:
        listing = await open_incidents(calls, filters)
    except Refused as error:
        if error.status is None or error.status >= 500:
            raise
        advice = "Look at the filters of this source, and at `url`."
        return [Finding(CheckState.FAILED, str(error), advice, Topic.FILTERS)]
    verb = " passes" if len(listing.found) == 1 else " pass"
    through = f"{verb} the filters" if any(values for _, values in filters) else ""
    what = f"Answers and accepts the token; {counted(len(listing.found), 'open incident')}{through}."
    return [Finding(CheckState.OK, what, topic=Topic.CREDENTIAL)]


async def _person(calls: Calls, from_email: str | None) -> list[Finding]:
    """Whose token it is, and whether ``from_email`` is needed, set and known."""
    me = await current_user(calls)
    if me is not None:
        return [Finding(CheckState.OK, f"A user token of {_described(me)}.", topic=Topic.IDENTITY)]
    if not from_email:
        what = "An account-level token without `from_email`: PagerDuty refuses every acknowledge."
        advice = "Set `from_email` to the e-mail of a PagerDuty user."
        return [Finding(CheckState.WARNING, what, advice, Topic.IDENTITY)]
    user = await user_with_email(calls, from_email)
    if user is None:
        what = f"PagerDuty has no user with the e-mail {from_email}: every acknowledge will be refused."
        return [Finding(CheckState.FAILED, what, "Look at `from_email` of this source.", Topic.IDENTITY)]
    what = f"An account-level token; acknowledges are made as {_described(user)}."
    return [Finding(CheckState.OK, what, topic=Topic.IDENTITY)]


async def _writing(calls: Calls, from_email: str | None) -> list[Finding]:
    """Whether the token may acknowledge: an empty change of an incident that does not exist.

    PagerDuty refuses every write of a read-only key with 403 before it looks for what is to be changed.
    """
    body = {"incident": {"type": "incident_reference"}}
    try:
        await calls.put(f"/incidents/{_NOBODYS_INCIDENT}", body, from_email)
    except Unauthorised:
        advice = "Make one without “Read-only API Key”, or with the scope incidents.write; or live without `a`."
        what = "The token may only read: PagerDuty refuses every acknowledge."
        return [Finding(CheckState.WARNING, what, advice, Topic.SCOPES)]
    except SourceError as error:
        if isinstance(error, Refused) and error.status in _MAY_WRITE:
            return [Finding(CheckState.OK, "It may acknowledge.", topic=Topic.SCOPES)]
        what = f"Whether the token may acknowledge is not known: {error}"
        return [Finding(CheckState.WARNING, what, error.hint, Topic.SCOPES)]
    return []


async def _teams(calls: Calls, settings: PagerDutySettings) -> list[Finding]:
    """Whether the account has teams at all. A token with scopes may not be allowed to ask."""
    if not settings.teams:
        return []
    try:
        answer = await calls.get("/abilities")
    except (Unauthorised, Refused):
        return []
    abilities = answer.get("abilities")
    if not isinstance(abilities, list):
        raise not_pagerduty(calls, "/abilities")
    if "teams" in {line(one) for one in abilities}:
        return []
    what = "The account has no teams: the filter `teams` of this source cannot work."
    return [Finding(CheckState.FAILED, what, "Remove `teams`, or filter by `services`.", Topic.FILTERS)]


async def _object(calls: Calls, noun: str, collection: str, vendor_id: str) -> list[Finding]:
    """Whether the id in a filter exists: a wrong one hides every incident without a word."""
    try:
        answer = await calls.get(f"/{collection}/{segment(vendor_id)}")
    except Refused as error:
        if error.status != 404:
            raise
        what = f"PagerDuty has no {noun} {vendor_id}: the filter matches nothing."
        advice = f"Filters take ids such as P1ABCDE, as in the address of the {noun} in the browser."
        return [Finding(CheckState.FAILED, what, advice, Topic.FILTERS)]
    one = mapping(answer.get(noun))
    name = first_line(one.get("name"), one.get("summary"), vendor_id)
    return [Finding(CheckState.OK, f"{noun.capitalize()} {vendor_id} is {name}.", topic=Topic.FILTERS)]


def _described(user: Me) -> str:
    return f"{user.name} <{user.email}>" if user.email else user.name
