"""Whom PagerDuty can page and on which services. Sources: PagerDuty's API reference, "List users", "List services"."""

from collections.abc import Sequence

from oncall_tui.domain.pager import PageableService, Person
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.outcomes import person
from oncall_tui.sources.pagerduty.pages import all_pages
from oncall_tui.sources.values import JsonObject, first_line, identity, line, mapping, read_each

PEOPLE_LIMIT = 3_000
"""People that are listed: thirty requests. Who has more of them narrows them down."""

_CANNOT_BE_PAGED = ("read_only_user", "read_only_limited_user")
"""Roles of stakeholders: PagerDuty refuses to assign anything to them."""


async def people(calls: Calls, matching: str = "") -> Sequence[Person]:
    """Users who an incident can be assigned to, by name; ``matching`` is PagerDuty's ``query``.

    Raises:
        SourceError: PagerDuty could not be asked.
    """
    query = clean_line(matching, 100)
    params = (("query", query),) if query else ()
    listing = await all_pages(calls, "/users", "users", params, PEOPLE_LIMIT)
    found, _ = read_each((one for one in listing.found if one.get("role") not in _CANNOT_BE_PAGED), person_of)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


async def pageable_services(calls: Calls) -> Sequence[PageableService]:
    """Every service that is not switched off, by name.

    Raises:
        SourceError: PagerDuty could not be asked.
    """
    listing = await all_pages(calls, "/services", "services", ())
    found, _ = read_each((one for one in listing.found if one.get("status") != "disabled"), _service)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def person_of(user: JsonObject) -> Person:
    """The user that PagerDuty tells of.

    Raises:
        ValueError: without an id it is no user.
    """
    vendor_id = identity(user.get("id"))
    return Person(vendor_id, person(user) or vendor_id, line(user.get("email")))


def _service(one: JsonObject) -> PageableService:
    vendor_id = identity(one.get("id"))
    policy = mapping(one.get("escalation_policy")).get("id")
    name = first_line(one.get("name"), one.get("summary"), vendor_id)
    return PageableService(vendor_id, name, policy if isinstance(policy, str) else "")
