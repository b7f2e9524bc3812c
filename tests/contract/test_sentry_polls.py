"""What a poll asks Sentry for, held to its public API reference (docs.sentry.io/api): path, method, headers, values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import respx

from oncall_tui.config.model import SentrySettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.retry import NO_RETRY
from oncall_tui.sources.sentry import Sentry
from tests.contract.kinds import TOKEN, KnownToken
from tests.contract.vendor_server import NOW

PLACE = "/sentry/api/0/organizations/acme/"
CURSOR = r"\d+:\d+:[01]"
"""Page "Paginating Results"; there also: no page has more than a hundred."""
PER_PAGE = r"[1-9]\d?|100"
PROJECT = r"-1|[a-z0-9_-]+"


@dataclass(frozen=True)
class Page:
    """What one page of the reference says: a pattern of the path, and of the value of each parameter."""

    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)


PAGES = {
    "List an Organization's Issues": Page(
        "issues/",
        {
            "query": ".*",
            "statsPeriod": r"\d+[smhdw]",
            "sort": "date|freq|inbox|new|recommended|trends|user",
            "limit": PER_PAGE,
            "project": PROJECT,
            "environment": r"[^\n/]+",
            "cursor": CURSOR,
        },
    ),
    "Retrieve an Issue": Page(r"issues/\d+/"),
    "List an Organization's Releases": Page(
        # The page has `query` alone; the others are those of all lists of an organization.
        "releases/",
        {"query": ".+", "per_page": PER_PAGE, "project": PROJECT, "cursor": CURSOR},
    ),
    "List a Release's Deploys": Page(r"releases/[^/]+/deploys/", {"per_page": PER_PAGE, "cursor": CURSOR}),
}

ISSUE: Mapping[str, Any] = {
    "id": "4711",
    "shortId": "API-1",
    "title": "KeyError: 'iban'",
    "status": "unresolved",
    "substatus": "regressed",
    "level": "error",
    "priority": "high",
    "firstSeen": "2026-11-20T03:00:00Z",
    "lastSeen": "2026-11-21T02:59:00Z",
    "project": {"id": "7", "slug": "api", "name": "api"},
}
RELEASE: Mapping[str, Any] = {
    "version": "api@2.41.0+build/7",
    "dateCreated": "2026-11-21T02:00:00Z",
    "projects": [{"slug": "api", "name": "api"}],
    "deployCount": 2,
    "lastDeploy": {"id": "9", "environment": "production", "dateFinished": "2026-11-21T02:30:00Z"},
}


def two_pages(rows: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> Any:
    """Answers with a second page, as Sentry tells of it: in the header ``Link``."""

    def answer(request: httpx.Request) -> httpx.Response:
        is_second = "cursor" in request.url.params
        link = f'<{request.url}>; rel="next"; results="{str(not is_second).lower()}"; cursor="0:100:0"'
        return httpx.Response(200, json=list(other if is_second else rows), headers={"Link": link})

    return answer


Values = Mapping[str, Sequence[str]]
ISSUES = {"query": ["is:unresolved issue.priority:[high, medium]"], "sort": ["date"], "limit": ["100"]}
NEXT = {"cursor": ["0:100:0"]}
HUNDRED = {"per_page": ["100"]}
OF_WEB = {"project": ["web", "api"]}

POLLS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Sequence[Values]]]] = {
    "everything": (
        {},
        {
            "List an Organization's Issues": [
                ISSUES | {"statsPeriod": ["1d"]},
                ISSUES | {"statsPeriod": ["1d"]} | NEXT,
            ],
            "Retrieve an Issue": [{}],
            "List an Organization's Releases": [HUNDRED, HUNDRED | NEXT],
            "List a Release's Deploys": [HUNDRED],
        },
    ),
    "two projects, two environments, a search and a window of their own": (
        {
            "projects": ("web", "api"),
            "environments": ("production", "eu west"),
            "query": "is:unresolved level:fatal",
            "issues_window": "36h",
        },
        {
            "List an Organization's Issues": [
                ISSUES
                | {"query": ["is:unresolved level:fatal"], "statsPeriod": ["36h"]}
                | OF_WEB
                | {"environment": ["production", "eu west"]}
                | more
                for more in ({}, NEXT)
            ],
            "Retrieve an Issue": [{}],
            "List an Organization's Releases": [HUNDRED | OF_WEB, HUNDRED | OF_WEB | NEXT],
            "List a Release's Deploys": [HUNDRED],
        },
    ),
}


def held_to_its_page(request: httpx.Request) -> str:
    """Check a request against the page that describes it; its title."""
    raw = request.url.raw_path.decode().partition("?")[0]
    assert raw.startswith(PLACE), raw
    titles = [title for title, page in PAGES.items() if re.fullmatch(page.path, raw.removeprefix(PLACE))]
    assert len(titles) == 1, (raw, titles)
    assert (request.method, request.content) == ("GET", b"")
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert "application/json" in request.headers["Accept"]
    assert request.headers["User-Agent"]
    for name, value in request.url.params.multi_items():
        assert is_taken(titles[0], name, value), (titles[0], name, value)
    return titles[0]


def is_taken(title: str, name: str, value: str) -> bool:
    """Whether the reference knows the parameter, and takes this value."""
    parameters = PAGES[title].parameters
    return name in parameters and re.fullmatch(parameters[name], value) is not None


@pytest.mark.parametrize("row", POLLS)
@respx.mock
async def test_a_poll_asks_with_values_that_the_reference_takes(row: str) -> None:
    settings, expected = POLLS[row]
    version = "api%402.41.0%2Bbuild%2F7"
    respx.get(path=f"{PLACE}issues/").mock(
        side_effect=two_pages([ISSUE], [{**ISSUE, "id": "4712", "substatus": "new"}])
    )
    respx.get(path=f"{PLACE}issues/4711/").respond(json={**ISSUE, "activity": []})
    respx.get(path=f"{PLACE}releases/").mock(
        side_effect=two_pages([RELEASE], [{**RELEASE, "version": "api@2.40.0", "deployCount": 1}])
    )
    deploys = respx.get(url__regex=r".*/releases/.*/deploys/.*").respond(json=[RELEASE["lastDeploy"]])
    source = Sentry(
        SourceName("sentry"),
        SentrySettings(url="https://tools.example.com/sentry", organization="acme", **settings),
        token=KnownToken(),
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
        retry=NO_RETRY,
    )
    report = await source.poll()
    await source.close()
    assert report.records is not None and report.records.warnings == (), report
    assert len(report.records.alerts) == 2
    asked: dict[str, list[Mapping[str, Sequence[str]]]] = {}
    for call in respx.calls:
        params = call.request.url.params
        asked.setdefault(held_to_its_page(call.request), []).append({one: params.get_list(one) for one in params})
    assert asked == expected
    # A version is one segment of the path, whatever stands in it.
    assert f"/releases/{version}/deploys/" in deploys.calls.last.request.url.raw_path.decode()


@pytest.mark.parametrize(
    ("title", "name", "value"),
    [
        ("List an Organization's Issues", "statsPeriod", "1d12h"),
        ("List an Organization's Issues", "sort", "priority"),
        ("List an Organization's Issues", "limit", "1000"),
        ("List an Organization's Issues", "cursor", "https://evil.example/"),
        ("List an Organization's Releases", "statsPeriod", "1d"),
        ("List a Release's Deploys", "per_page", "0"),
        ("Retrieve an Issue", "project", "7"),
    ],
)
def test_the_table_tells_a_wrong_value(title: str, name: str, value: str) -> None:
    assert not is_taken(title, name, value)
