"""Sentry's web API."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from oncall_tui.simulator.catalogue import APPLICATIONS, BY_NAME, DEMO_USER, PEOPLE, TEAMS
from oncall_tui.simulator.sentry import Sentry, sentry_app
from oncall_tui.simulator.sentry.changes import update
from oncall_tui.simulator.sentry.model import Issue
from oncall_tui.simulator.sentry.render import project_id

from .hand_clock import START, HandClock

Client = TestClient[web.Request, web.Application]
TOKEN = "sntryu_secret"
ORG = "/api/0/organizations/rewapp"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def core(clock: HandClock) -> Sentry:
    return Sentry(clock, random.Random(1))


@pytest.fixture
async def client(core: Sentry) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with TestClient(TestServer(sentry_app(core, TOKEN, per_second=500)), headers=headers) as client:
        yield client


def add(core: Sentry, project: str = "webhook", substatus: str = "new", **changes: Any) -> Issue:
    values: dict[str, Any] = {
        "kind": "KeyError",
        "value": "'iban'",
        "culprit": "parse_transfer",
        "level": "error",
        "priority": "high",
        "events": 214,
        "users": 88,
        "first_seen": START - 3600,
        "last_seen": START - 4,
        "first_release": f"{project}@2.7.1",
        "frames": (("app.py", "outer", 1, "call()"), ("bank.py", "parse_transfer", 118, 'payload["iban"]')),
        **changes,
    }
    return core.add_issue(BY_NAME[project], substatus=substatus, **values)


async def listed(client: Client, path: str = "/issues/", **query: Any) -> list[Any]:
    response = await client.get(ORG + path, params=query)
    assert response.status == 200, await response.text()
    rows: list[Any] = await response.json()
    return rows


async def test_a_wrong_token_is_refused_in_sentrys_words(client: Client) -> None:
    response = await client.get(f"{ORG}/issues/", headers={"Authorization": "Bearer no"})
    assert response.status == 401
    assert await response.json() == {"detail": "Invalid token"}


async def test_an_issue_has_what_a_list_shows(core: Sentry, client: Client) -> None:
    add(core)
    (issue,) = await listed(client)
    assert issue["count"] == "214"
    assert issue["userCount"] == 88
    assert issue["shortId"] == "WEBHOOK-1"
    assert issue["title"] == "KeyError: 'iban'"
    assert issue["firstSeen"] == "2026-11-23T01:13:20.000000Z"
    assert issue["project"] == {"id": "704", "name": "webhook", "slug": "webhook", "platform": "python"}
    assert (issue["level"], issue["priority"], issue["status"], issue["substatus"]) == (
        "error",
        "high",
        "unresolved",
        "new",
    )
    assert issue["metadata"] == {
        "type": "KeyError",
        "value": "'iban'",
        "filename": "bank.py",
        "function": "parse_transfer",
    }
    assert len(issue["stats"]["24h"]) == 24
    assert "firstRelease" not in issue


async def test_the_search_narrows_the_list(core: Sentry, client: Client) -> None:
    add(core)
    add(core, "auth", "ongoing", level="warning", kind="TokenExpiredError")
    add(core, "api", "escalating", first_release="api@2.41.0")
    update(add(core, "site", "ongoing"), {"status": "resolved"}, START)

    async def slugs(query: str, **more: Any) -> set[str]:
        return {row["project"]["slug"] for row in await listed(client, query=query, **more)}

    assert {row["project"]["slug"] for row in await listed(client)} == {"webhook", "auth", "api"}
    assert await slugs("") == {"webhook", "auth", "api", "site"}
    assert await slugs("is:unresolved is:new") == {"webhook"}
    assert await slugs("is:escalating") == {"api"}
    assert await slugs("is:resolved") == {"site"}
    assert await slugs("is:unresolved level:[warning,fatal]") == {"auth"}
    assert await slugs("is:unresolved !level:warning") == {"webhook", "api"}
    assert await slugs('firstRelease:"api@2.41.0"') == {"api"}
    assert await slugs("tokenexpired") == {"auth"}
    assert await slugs("is:unresolved", project="api") == {"api"}
    assert await slugs("is:unresolved", project="704") == {"webhook"}
    assert await slugs("is:unresolved", project="-1") == {"webhook", "auth", "api"}
    assert await slugs("is:unresolved", environment="staging") == set()
    assert await slugs("is:unresolved", environment="production") == {"webhook", "auth", "api"}


LIST_KEYS = ("level", "project", "project.name", "firstRelease", "first-release", "release", "error.type", "issue")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("issue.priority:[high, medium]", {"api", "auth"}),
        ("is:unresolved issue.priority:[high, medium] level:error", {"api"}),
        ("issue.priority:[ high ,medium ]  is:unresolved", {"api", "auth"}),
        ("!issue.priority:[high, medium]", {"site"}),
        ('issue.priority:["high", low]', {"api", "site"}),
        ('error.type:["Out of stock, again", "None \\"left\\""]', {"auth", "site"}),
        ('error.type:"Out of stock, again"', {"auth"}),
        ("environment:[staging, production]", {"api", "auth", "site"}),
        ("environment:[staging, test]", set()),
        ('is:unresolved "key error"', set()),
        ('"out of stock"', {"auth"}),
        ('!"out of stock"', {"api", "site"}),
        ("   ", {"api", "auth", "site"}),
        *((f"{key}:[none, nothing]", set()) for key in LIST_KEYS),
    ],
)
async def test_a_list_means_any_of_its_values(core: Sentry, client: Client, query: str, found: set[str]) -> None:
    add(core, "api", priority="high")
    add(core, "auth", priority="medium", level="warning", kind="Out of stock, again")
    add(core, "site", priority="low", level="warning", kind='None "left"')
    assert {row["project"]["slug"] for row in await listed(client, query=query)} == found


@pytest.mark.parametrize(
    "bad",
    [
        *("is:[new,regressed]", "is:[unresolved]", "is:purple", "colour:red", "colour:[red, blue]", 'level:"error'),
        *(
            "level:[error",
            "level:[error, fatal",
            "level:[]",
            "level:[error,]",
            'level:["error]',
            "level:",
            "level:[a]b",
        ),
    ],
)
async def test_a_search_that_sentry_would_not_read_is_refused(core: Sentry, client: Client, bad: str) -> None:
    add(core)
    response = await client.get(f"{ORG}/issues/", params={"query": bad})
    assert response.status == 400
    assert "detail" in await response.json()


async def test_the_list_is_sorted(core: Sentry, client: Client) -> None:
    add(core, "api", events=5, first_seen=START - 10, last_seen=START - 9)
    add(core, "auth", events=50, first_seen=START - 99, last_seen=START - 1)
    for sort, first in (("date", "auth"), ("new", "api"), ("freq", "auth")):
        assert (await listed(client, sort=sort))[0]["project"]["slug"] == first
    assert (await client.get(f"{ORG}/issues/", params={"sort": "mood"})).status == 400


async def test_the_link_header_leads_through_all_pages(core: Sentry, client: Client) -> None:
    for number in range(5):
        add(core, value=str(number), last_seen=START - number)
    seen, url = [], str(client.make_url(f"{ORG}/issues/?limit=2&query=is:unresolved"))
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as session:
        for _ in range(9):
            response = await session.get(url)
            seen += [row["metadata"]["value"] for row in response.json()]
            links = response.links
            assert set(links) == {"previous", "next"}
            if links["next"]["results"] == "false":
                break
            url = links["next"]["url"]
    assert seen == ["0", "1", "2", "3", "4"]
    assert links["next"]["cursor"] == "0:6:0"
    assert links["previous"]["results"] == "true"
    for bad in ({"limit": "101"}, {"limit": "x"}, {"cursor": "7"}):
        assert (await client.get(f"{ORG}/issues/", params=bad)).status == 400


async def test_one_issue_tells_its_release_and_its_stack(core: Sentry, client: Client) -> None:
    issue = add(core)
    for key in (issue.id, issue.short_id):
        body = await (await client.get(f"{ORG}/issues/{key}/")).json()
        assert body["firstRelease"]["version"] == "webhook@2.7.1"
    event = await (await client.get(f"{ORG}/issues/{issue.id}/events/latest/")).json()
    assert event["groupID"] == issue.id
    assert {"key": "release", "value": "webhook@2.7.1"} in event["tags"]
    exception = next(entry for entry in event["entries"] if entry["type"] == "exception")["data"]["values"][0]
    assert exception["type"] == "KeyError"
    frame = exception["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["lineNo"], frame["context"]) == (
        "parse_transfer",
        118,
        [[118, 'payload["iban"]']],
    )
    assert (await client.get(f"{ORG}/issues/{issue.id}/events/zzz/")).status == 404
    assert (await client.get(f"{ORG}/issues/99/")).status == 404


async def test_issues_are_resolved_archived_and_assigned(core: Sentry, client: Client) -> None:
    first, second, third = add(core), add(core, "auth"), add(core, "api")
    response = await client.put(f"{ORG}/issues/?id={first.id}&id={second.id}", json={"status": "resolved"})
    assert (await response.json())["status"] == "resolved"
    assert (first.status, first.substatus, second.status, third.status) == ("resolved", None, "resolved", "unresolved")
    archive = {"status": "ignored", "substatus": "archived_until_escalating"}
    body = await (await client.put(f"{ORG}/issues/{third.id}/", json=archive)).json()
    assert (body["status"], body["substatus"]) == ("ignored", "archived_until_escalating")
    body = await (await client.put(f"{ORG}/issues/{third.id}/", json={"assignedTo": PEOPLE[1].email})).json()
    assert body["assignedTo"]["name"] == PEOPLE[1].name
    body = await (await client.put(f"{ORG}/issues/{third.id}/", json={"assignedTo": "team:1"})).json()
    assert body["assignedTo"]["type"] == "team"
    refused: list[Any] = [{"status": "gone"}, {"assignedTo": "user:99"}, {"priority": "urgent"}, []]
    for bad in refused:
        assert (await client.put(f"{ORG}/issues/{third.id}/", json=bad)).status == 400


async def test_a_bulk_update_without_ids_that_are_there_hits_everything_that_matches(
    core: Sentry, client: Client
) -> None:
    first, second = add(core), add(core, "auth", "ongoing")
    resolved = {"status": "resolved"}
    assert (await client.put(f"{ORG}/issues/?id=404&query=timesSeen:<0", json=resolved)).status == 204
    assert (first.status, second.status) == ("unresolved", "unresolved")
    other = f"{ORG}/issues/?id={first.id}&project={project_id(second.project)}&query=timesSeen:<0"
    assert (await client.put(other, json=resolved)).status == 204
    assert (await client.put(f"{ORG}/issues/?id=404&query=is:resolved", json=resolved)).status == 204
    await client.put(f"{ORG}/issues/?query=is:new", json=resolved)
    assert (first.status, second.status) == ("resolved", "unresolved")
    await client.put(f"{ORG}/issues/?id=404", json=resolved)
    assert second.status == "resolved"


async def test_a_change_answers_with_its_fields_as_sentry_writes_them(core: Sentry, client: Client) -> None:
    first, second = add(core), add(core, "auth")

    async def changed(issue: Issue, **body: Any) -> Any:
        response = await client.put(f"{ORG}/issues/?id={issue.id}", json=body)
        assert response.status == 200, await response.text()
        return await response.json()

    told = await changed(first, status="resolvedInNextRelease")
    assert (told["status"], told["statusDetails"]["inNextRelease"]) == ("resolved", True)
    both = f"{ORG}/issues/?id={first.id}&id={second.id}"
    assert (await client.put(both, json={"status": "resolvedInNextRelease"})).status == 400
    assert (await changed(first, status="ignored"))["statusDetails"] == {"ignoreUntilEscalating": True}
    assert (await changed(second, assignedTo="team:2"))["assignedTo"]["type"] == "team"
    assert (await changed(second, assignedTo=""))["assignedTo"] is None
    for bad in ({"assignedTo": "team:99"}, {"assignedTo": "team:platform"}, {"status": "ignored", "substatus": "x"}):
        assert (await client.put(both, json=bad)).status == 400


async def test_what_is_archived_for_a_time_comes_back(core: Sentry, client: Client, clock: HandClock) -> None:
    issue = add(core)
    body = {"status": "ignored", "statusDetails": {"ignoreDuration": 30}}
    told = await (await client.put(f"{ORG}/issues/?id={issue.id}", json=body)).json()
    assert told["statusDetails"]["ignoreUntil"] == "2026-11-23T02:43:20.000000Z"
    for minutes, status in ((29, "ignored"), (31, "unresolved")):
        clock.now = START + 60 * minutes
        core.grow(1.0, frozenset())
        assert issue.status == status
    bad = {"status": "ignored", "statusDetails": {"ignoreDuration": "soon"}}
    assert (await client.put(f"{ORG}/issues/?id={issue.id}", json=bad)).status == 400


async def test_a_token_without_the_scope_changes_nothing(core: Sentry) -> None:
    issue = add(core)
    app = sentry_app(core, TOKEN, per_second=500, scopes=("event:read",))
    async with TestClient(TestServer(app), headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        assert (await client.put(f"{ORG}/issues/?id={issue.id}", json={"status": "resolved"})).status == 403
        assert (await client.get("/api/0/teams/rewapp/platform/")).status == 403
        assert (await (await client.get("/api/0/")).json())["auth"]["scopes"] == ["event:read"]
    assert issue.status == "unresolved"


async def test_a_team_is_found_by_its_slug(client: Client) -> None:
    assert (await (await client.get("/api/0/teams/rewapp/platform/")).json())["id"] == str(TEAMS.index("platform") + 1)
    assert (await client.get("/api/0/teams/rewapp/nobody/")).status == 404


@pytest.mark.parametrize(
    ("query", "is_found"), [("timesSeen:<0", False), ("timesSeen:>=1", True), ("timesSeen:0", False)]
)
async def test_issues_are_found_by_how_often_they_were_seen(
    core: Sentry, client: Client, query: str, is_found: bool
) -> None:
    add(core)
    assert bool(await listed(client, query=query)) is is_found
    assert (await client.get(f"{ORG}/issues/", params={"query": "timesSeen:many"})).status == 400


async def test_releases_tell_their_deploys(core: Sentry, client: Client) -> None:
    core.add_deploy(BY_NAME["api"], "2.40.9", PEOPLE[1], "Cache offers", START - 900, START - 800)
    core.add_deploy(BY_NAME["api"], "2.41.0", PEOPLE[1], "One query", START - 200, START - 100)
    core.add_deploy(BY_NAME["api"], "2.40.9", PEOPLE[0], "Roll back", START - 10, START)
    add(core, "api", first_release="api@2.41.0")
    new, old = await listed(client, "/releases/", per_page="10")
    assert (new["version"], new["newGroups"], new["shortVersion"]) == ("api@2.41.0", 1, "2.41.0")
    assert new["versionInfo"]["package"] == "api"
    assert new["authors"][0]["name"] == PEOPLE[1].name
    assert new["lastDeploy"]["dateFinished"] == "2026-11-23T02:11:40.000000Z"
    assert (old["deployCount"], old["lastDeploy"]["dateFinished"]) == (2, "2026-11-23T02:13:20.000000Z")
    deploys = await listed(client, "/releases/api%402.40.9/deploys/")
    assert [one["environment"] for one in deploys] == ["production", "production"]
    assert deploys[0]["name"] == "v2.40.9"
    assert await listed(client, "/releases/", project="auth") == []
    assert (await client.get(f"{ORG}/releases/api@9/deploys/")).status == 404


async def test_a_token_is_told_whose_it_is_and_what_it_may_do(client: Client) -> None:
    answer = await (await client.get("/api/0/")).json()
    assert (answer["user"]["name"], answer["version"]) == (DEMO_USER.name, "0")
    assert "project:read" in answer["auth"]["scopes"]


async def test_environments_are_listed(client: Client) -> None:
    assert [one["name"] for one in await listed(client, "/environments/")] == ["production"]


async def test_the_organization_and_its_projects(client: Client) -> None:
    organizations = await (await client.get("/api/0/organizations/")).json()
    assert [one["slug"] for one in organizations] == ["rewapp"]
    assert (await (await client.get(f"{ORG}/")).json())["slug"] == "rewapp"
    assert {one["slug"] for one in await listed(client, "/projects/")} == {one.name for one in APPLICATIONS}
    response = await client.get("/api/0/organizations/other/issues/")
    assert (response.status, await response.json()) == (404, {"detail": "The requested resource does not exist"})


async def test_the_rate_limit_is_told_and_kept(core: Sentry, clock: HandClock) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with TestClient(TestServer(sentry_app(core, TOKEN, per_second=1)), headers=headers) as client:
        first = await client.get(f"{ORG}/")
        assert first.headers["X-Sentry-Rate-Limit-Remaining"] == "0"
        assert first.headers["X-Sentry-Rate-Limit-Reset"] == str(int(START) + 1)
        assert (await client.get(f"{ORG}/")).status == 429
        clock.now += 1
        assert (await client.get(f"{ORG}/")).status == 200


def test_unresolved_issues_grow(core: Sentry, clock: HandClock) -> None:
    issue, calm = add(core, events_per_s=2.0), add(core, "api", events_per_s=2.0)
    clock.now += 10
    core.grow(10.0, frozenset({"api"}))
    assert (int(issue.count), issue.last_seen) == (234, clock.now)
    assert int(calm.count) == 214
