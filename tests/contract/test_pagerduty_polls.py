"""What a poll asks PagerDuty for: each parameter with its values, held to the public API description."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.contract.pagerduty_reference import EMAIL, PAGES, held_to_its_page, is_taken
from tests.unit.sources.pagerduty_desk import ANA, Desk, held
from tests.unit.sources.pagerduty_server import acknowledged, serving, source_of

FIRST = {"limit": ["100"], "offset": ["0"]}
OPEN = FIRST | {
    "statuses[]": ["triggered", "acknowledged"],
    "date_range": ["all"],
    "sort_by": ["created_at:desc"],
    "include[]": ["acknowledgers", "assignees", "priorities"],
}
TWO_DAYS = FIRST | {"since": ["2026-11-18T03:00:00Z"], "until": ["2026-11-20T03:01:00Z"]}
FOUR_HOURS = FIRST | {"since": ["2026-11-19T23:00:00Z"], "until": ["2026-11-20T03:02:00Z"]}
TEAMS = {"team_ids[]": ["PTEAM", "PTWO"]}
ON_CALL = [
    FIRST | {"since": ["2026-11-20T03:00:00Z"], "until": ["2026-11-28T03:00:00Z"], "include[]": ["users"]},
    FIRST | {"since": ["2026-11-20T03:00:00Z"], "until": ["2027-02-17T03:00:00Z"], "user_ids[]": ["PANA"]},
]
"""Everybody for a week, and the owner of the token for a quarter."""

Values = Mapping[str, Sequence[str]]
POLLS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Sequence[Values]]]] = {
    "everything": (
        {},
        {
            "Get the current user": [{}],
            "List incidents": [OPEN],
            "List alerts for an incident": [FIRST],
            "List Change Events": [TWO_DAYS],
            "List log entries": [FOUR_HOURS],
            "List escalation policies": [FIRST],
            "List all of the on-calls": ON_CALL,
        },
    ),
    "of two teams": (
        {"teams": ("PTEAM", "PTWO")},
        {
            "Get the current user": [{}],
            "List incidents": [OPEN | TEAMS],
            "List alerts for an incident": [FIRST],
            "List Change Events": [TWO_DAYS | TEAMS],
            "List log entries": [FOUR_HOURS | TEAMS],
            # The teams have no policy: there is nobody to ask for.
            "List escalation policies": [FIRST | TEAMS],
        },
    ),
    "of a service, a person and high urgency": (
        {"services": ("PSERV",), "users": ("PANA",), "urgencies": ("high",), "changes_window": "1d"},
        {
            "Get the current user": [{}],
            "List incidents": [OPEN | {"service_ids[]": ["PSERV"], "user_ids[]": ["PANA"], "urgencies[]": ["high"]}],
            "List alerts for an incident": [FIRST],
            "List Change Events": [TWO_DAYS | {"since": ["2026-11-19T03:00:00Z"]}],
            "List escalation policies": [FIRST],
            "List all of the on-calls": ON_CALL,
        },
    ),
}


@pytest.mark.parametrize("row", POLLS)
async def test_a_poll_asks_with_values_that_the_reference_takes(row: str) -> None:
    settings, expected = POLLS[row]
    vendor = Desk(services=["web"])
    vendor.add(held("P1", ANA), acknowledged("PACK"))
    async with serving(vendor), source_of(vendor, from_email=EMAIL, **settings) as source:
        report = await source.poll()
    assert report.records is not None and report.records.warnings == ()
    asked: dict[str, list[Mapping[str, Sequence[str]]]] = {}
    for one in vendor.requests:
        values = {name: one.query.getall(name) for name in one.query}
        told = asked.setdefault(held_to_its_page(one), [])
        told += [values] if values not in told else []
    assert asked == expected


@pytest.mark.parametrize(
    ("title", "name", "value"),
    [
        ("List incidents", "statuses[]", "open"),
        ("List incidents", "sort_by", "created_on:desc"),
        ("List incidents", "date_range", "7d"),
        ("List incidents", "limit", "101"),
        ("List incidents", "include[]", "users,teams"),
        ("List log entries", "since", "2026-11-20"),
        ("List all of the on-calls", "earliest", "1"),
        ("List alerts for an incident", "since", "2026-11-20T03:00:00Z"),
    ],
)
def test_the_table_tells_a_wrong_value(title: str, name: str, value: str) -> None:
    assert not is_taken(PAGES[title], name, value)


def test_the_table_tells_a_span_that_is_too_long() -> None:
    half_a_year = {"since": "2026-05-24T03:00:00Z", "until": "2026-11-20T03:00:00Z"}
    assert PAGES["List incidents"].takes_span(half_a_year)
    assert not PAGES["List all of the on-calls"].takes_span(half_a_year)
