"""What the doctor asks PagerDuty: is the token good, whose is it, what may the account do, do the filters match."""

from collections.abc import Sequence

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.base import CheckState, Finding
from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.incidents import filters_of, open_incidents
from oncall_tui.sources.pagerduty.pages import not_pagerduty
from oncall_tui.sources.pagerduty.people import current_user, user_with_email
from oncall_tui.sources.pagerduty.read import Me
from oncall_tui.sources.values import first_line, line, mapping

_LOOKED_AT = 20
"""Ids of a filter that are looked up; each costs a request."""

_FILTERS = (("team", "teams"), ("service", "services"), ("user", "users"))


async def findings(calls: Calls, settings: PagerDutySettings) -> Sequence[Finding]:
    """Everything worth telling. Never raises for what PagerDuty does: the first error ends it with a finding."""
    found: list[Finding] = []
    try:
        found.append(await _incidents(calls, settings))
        found += await _abilities(calls, settings)
        found += await _person(calls, settings.from_email)
        for noun, collection in _FILTERS:
            for vendor_id in getattr(settings, collection)[:_LOOKED_AT]:
                found.append(await _object(calls, noun, collection, vendor_id))
    except SourceError as error:
        found.append(Finding(CheckState.FAILED, str(error), error.hint))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        what = clean_line(f"PagerDuty answered in a shape nobody expected: {error!r}")
        found.append(Finding(CheckState.FAILED, what, "Is `url` the address of PagerDuty's REST API?"))
    return tuple(found)


async def _incidents(calls: Calls, settings: PagerDutySettings) -> Finding:
    """What a poll would list now: the test of the token, and of the filters."""
    filters = filters_of(settings)
    try:
        listing = await open_incidents(calls, filters)
    except Refused as error:
        if error.status is None or error.status >= 500:
            raise
        return Finding(CheckState.FAILED, str(error), "Look at the filters of this source, and at `url`.")
    through = " pass the filters" if any(values for _, values in filters) else ""
    count = f"{len(listing.found)} open {'incident' if len(listing.found) == 1 else 'incidents'}"
    return Finding(CheckState.OK, f"{calls.wire.connection.host} accepts the token; {count}{through}.")


async def _abilities(calls: Calls, settings: PagerDutySettings) -> list[Finding]:
    """What the account may do. A token with scopes may not be allowed to ask, and nothing depends on it."""
    try:
        answer = await calls.get("/abilities")
    except (Unauthorised, Refused):
        return []
    abilities = answer.get("abilities")
    if not isinstance(abilities, list):
        raise not_pagerduty(calls, "/abilities")
    names = {line(one) for one in abilities}
    if settings.teams and "teams" not in names:
        what = "The account has no teams: the filter `teams` of this source cannot work."
        return [Finding(CheckState.FAILED, what, "Remove `teams`, or filter by `services`.")]
    return [Finding(CheckState.OK, f"The account has {len(names)} abilities.")]


async def _person(calls: Calls, from_email: str | None) -> list[Finding]:
    """Whose token it is, and whether ``from_email`` is needed, set and known."""
    me = await current_user(calls)
    if me is not None:
        return [Finding(CheckState.OK, f"A user token of {_described(me)}; `from_email` is not needed.")]
    if not from_email:
        what = "An account-level token without `from_email`: PagerDuty refuses every acknowledge."
        return [Finding(CheckState.WARNING, what, "Set `from_email` to the e-mail of a PagerDuty user.")]
    user = await user_with_email(calls, from_email)
    if user is None:
        what = f"PagerDuty has no user with the e-mail {from_email}: every acknowledge will be refused."
        return [Finding(CheckState.FAILED, what, "Look at `from_email` of this source.")]
    return [Finding(CheckState.OK, f"An account-level token; acknowledges are made as {_described(user)}.")]


async def _object(calls: Calls, noun: str, collection: str, vendor_id: str) -> Finding:
    """Whether the id in a filter exists: a wrong one hides every incident without a word."""
    try:
        answer = await calls.get(f"/{collection}/{segment(vendor_id)}")
    except Refused as error:
        if error.status != 404:
            raise
        advice = f"Filters take ids such as P1ABCDE, as in the address of the {noun} in the browser."
        return Finding(CheckState.FAILED, f"PagerDuty has no {noun} {vendor_id}: the filter matches nothing.", advice)
    one = mapping(answer.get(noun))
    return Finding(
        CheckState.OK, f"{noun} {vendor_id} is {first_line(one.get('name'), one.get('summary'), vendor_id)}."
    )


def _described(user: Me) -> str:
    return f"{user.name} <{user.email}>" if user.email else user.name
