"""The Sentry source: pages, rate limits, what is asked for piece by piece, failures, its check."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx

from oncall_tui.sources.base import CheckState, Source
from tests.unit.sources.sentry_api import BASE, NOW, TOKEN, HandClock, paged, records, source_of
from tests.unit.sources.test_sentry_issues import issue
from tests.unit.sources.test_sentry_releases import deploy, release


async def test_a_poll_gives_issues_and_deployments(sentry: respx.MockRouter) -> None:
    sentry["issues"].respond(json=[issue(), issue(id="2", status="resolved")])
    sentry["releases"].respond(json=[release(deployCount=1, lastDeploy=deploy("1", "2026-11-20T02:10:00Z"))])
    async with source_of() as source:
        assert isinstance(source, Source)
        found = records(await source.poll())
        assert source.spending.sent == 2, "a single deploy is in the list already"
    assert [one.id for one in found.alerts] == ["4711"]
    assert [(one.label, one.environment) for one in found.deployments] == [("api 2.41.0", "production")]
    assert found.warnings == ()


async def test_what_is_asked_is_what_the_settings_say(sentry: respx.MockRouter) -> None:
    settings: dict[str, Any] = {"projects": ("api", "web"), "environments": ("production",), "issues_window": "1h30m"}
    async with source_of(**settings) as source:
        records(await source.poll())
    asked = sentry["issues"].calls.last.request
    assert asked.url.params.get_list("project") == ["api", "web"]
    assert asked.url.params.get_list("environment") == ["production"]
    assert asked.url.params["query"] == "is:unresolved issue.priority:[high, medium]"
    assert asked.url.params["statsPeriod"] == "90m"
    assert asked.url.params["limit"] == "100"
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert sentry["releases"].calls.last.request.url.params.get_list("project") == ["api", "web"]


async def test_every_page_is_read_and_only_the_cursor_of_the_link_is_used(sentry: respx.MockRouter) -> None:
    """T11: pages to the end; the token follows no address out of an answer."""
    sentry["issues"].mock(side_effect=paged([issue(id=str(n)) for n in range(250)], 100))
    async with source_of() as source:
        found = records(await source.poll())
    assert len({one.id for one in found.alerts}) == 250
    assert [call.request.url.host for call in sentry["issues"].calls] == ["us.sentry.io"] * 3


async def test_an_empty_page_ends_the_list_whatever_the_link_says(sentry: respx.MockRouter) -> None:
    """T11: ``results="true"`` on an empty page."""
    link = '<x>; rel="next"; results="true"; cursor="0:100:0"'
    sentry["issues"].respond(json=[], headers={"Link": link})
    async with source_of() as source:
        assert records(await source.poll()).alerts == ()
    assert sentry["issues"].call_count == 1


async def test_a_cursor_that_comes_back_ends_the_list(sentry: respx.MockRouter) -> None:
    link = '<x>; rel="next"; results="true"; cursor="0:100:0"'
    sentry["issues"].respond(json=[issue()], headers={"Link": link})
    async with source_of() as source:
        assert len(records(await source.poll()).alerts) == 1
    assert sentry["issues"].call_count == 2


async def test_a_thousand_issues_are_enough_and_the_rest_is_a_warning(sentry: respx.MockRouter) -> None:
    """T10: calls are bounded however many there are."""
    sentry["issues"].mock(side_effect=paged([issue(id=str(n)) for n in range(1_500)], 100))
    async with source_of() as source:
        found = records(await source.poll())
    assert len(found.alerts) == 1_000
    assert sentry["issues"].call_count == 10
    assert any("1,000 issues" in warning for warning in found.warnings)


async def test_releases_are_read_until_they_are_older_than_the_window(sentry: respx.MockRouter) -> None:
    rows = [release(f"api@1.0.{n}", id=n, dateCreated=(NOW - timedelta(hours=n)).isoformat()) for n in range(300)]
    sentry["releases"].mock(side_effect=paged(rows, 100))
    async with source_of(releases_window="5d") as source:
        found = records(await source.poll())
    assert len(found.deployments) == 121
    assert [one.at for one in found.deployments] == sorted((one.at for one in found.deployments), reverse=True)
    assert sentry["releases"].call_count == 2


async def test_deploys_are_asked_for_once_for_each_state_of_a_release(sentry: respx.MockRouter) -> None:
    two = [deploy("2", "2026-11-20T02:10:00Z"), deploy("1", "2026-11-20T01:00:00Z", "staging")]
    one = release("shop/api@2.41.0", deployCount=2, lastDeploy=two[0])
    sentry["releases"].respond(json=[one])
    deploys = sentry.get(BASE + "releases/shop%2Fapi%402.41.0/deploys/").respond(json=two)
    async with source_of() as source:
        assert len(records(await source.poll()).deployments) == 2
        assert len(records(await source.poll()).deployments) == 2
        assert deploys.call_count == 1
        third = deploy("3", "2026-11-20T02:50:00Z")
        sentry["releases"].respond(json=[one | {"deployCount": 3, "lastDeploy": third}])
        deploys.respond(json=[third, *two])
        assert len(records(await source.poll()).deployments) == 3
        assert deploys.call_count == 2


async def test_deploys_that_fail_leave_the_last_one_and_a_warning(sentry: respx.MockRouter) -> None:
    sentry["releases"].respond(json=[release(deployCount=2, lastDeploy=deploy("2", "2026-11-20T02:10:00Z"))])
    sentry.get(BASE + "releases/api%402.41.0/deploys/").respond(500)
    async with source_of() as source:
        found = records(await source.poll())
    assert len(found.deployments) == 1
    assert any("deploys" in warning for warning in found.warnings)


async def test_many_releases_stay_within_the_budget(sentry: respx.MockRouter) -> None:
    """T10: the newest are asked for first, the rest with later polls."""
    last = deploy("2", "2026-11-20T02:10:00Z")
    sentry["releases"].respond(json=[release(f"api@1.0.{n}", id=n, deployCount=2, lastDeploy=last) for n in range(90)])
    deploys = sentry.get(url__regex=r".*/deploys/").respond(json=[last, deploy("1", "2026-11-20T01:00:00Z")])
    clock = HandClock()
    async with source_of(clock, budget=40) as source:
        found = records(await source.poll())
        assert source.spending.sent <= 40
        assert 0 < deploys.call_count <= 30
        assert len(found.deployments) == 90 + deploys.call_count
        first = deploys.call_count
        clock.now += timedelta(seconds=61)
        await source.poll()
        assert deploys.call_count > first


async def test_the_moment_of_a_regression_is_asked_for_once(sentry: respx.MockRouter) -> None:
    back = {"type": "set_regression", "dateCreated": "2026-11-20T02:45:00Z", "data": {"version": "api@2.41.0"}}
    sentry["issues"].respond(json=[issue(substatus="regressed")])
    details = sentry.get(BASE + "issues/4711/").respond(json=issue() | {"activity": [back]})
    async with source_of() as source:
        for _ in range(2):
            (record,) = records(await source.poll()).alerts
            assert record.since == datetime(2026, 11, 20, 2, 45, tzinfo=UTC)
            assert record.note.startswith("regressed in 2.41.0")
        assert details.call_count == 1


async def test_an_unknown_moment_of_regression_costs_a_warning_only(sentry: respx.MockRouter) -> None:
    sentry["issues"].respond(json=[issue(substatus="regressed")])
    sentry.get(BASE + "issues/4711/").respond(404)
    async with source_of() as source:
        found = records(await source.poll())
    assert found.alerts[0].since == datetime(2026, 11, 20, 2, 59, tzinfo=UTC)
    assert len(found.warnings) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401, json={"detail": "Invalid token"}), "unauthorised"),
        (httpx.Response(403), "unauthorised"),
        (httpx.Response(404), "refused"),
        (httpx.Response(500), "refused"),
        (httpx.Response(302, headers={"Location": "https://evil.example/"}), "refused"),
        (httpx.Response(200, text="<html></html>"), "malformed"),
        (httpx.Response(200, json={"detail": "?"}), "malformed"),
        (httpx.Response(200, json=[1]), "malformed"),
        (httpx.Response(200, json=[{"title": "no id"}]), "malformed"),
    ],
)
async def test_issues_that_cannot_be_read_are_a_failure(
    sentry: respx.MockRouter, answer: httpx.Response, kind: str
) -> None:
    sentry["issues"].mock(return_value=answer)
    async with source_of() as source:
        report = await source.poll()
    assert report.records is None
    assert report.failure is not None
    assert report.failure.kind == kind
    assert TOKEN not in str(report)


async def test_releases_that_cannot_be_read_are_a_warning_and_keep_what_is_known(sentry: respx.MockRouter) -> None:
    sentry["issues"].respond(json=[issue()])
    sentry["releases"].respond(json=[release()])
    async with source_of() as source:
        await source.poll()
        sentry["releases"].respond(403)
        found = records(await source.poll())
    assert len(found.alerts) == len(found.deployments) == len(found.warnings) == 1


async def test_one_strange_issue_does_not_hide_the_others(sentry: respx.MockRouter) -> None:
    sentry["issues"].respond(json=[issue(), {"id": "x"}])
    async with source_of() as source:
        found = records(await source.poll())
    assert len(found.alerts) == len(found.warnings) == 1


@pytest.mark.parametrize("url", ["https://tools.acme.example/sentry", "https://tools.acme.example/sentry/api/0/"])
async def test_a_server_of_ones_own_may_live_below_a_path(url: str) -> None:
    base = "https://tools.acme.example/sentry/api/0/organizations/acme/"
    with respx.mock as mock:
        mock.get(base + "issues/").respond(json=[issue()])
        mock.get(base + "releases/").respond(json=[])
        async with source_of(url=url) as source:
            assert len(records(await source.poll()).alerts) == 1


@pytest.mark.parametrize(("settings", "word"), [({"organization": ""}, "organization"), ({}, "token")])
async def test_what_is_not_configured_is_named_and_nothing_is_sent(
    sentry: respx.MockRouter, settings: dict[str, Any], word: str
) -> None:
    async with source_of(has_token="organization" in settings, **settings) as source:
        failure = (await source.poll()).failure
        (finding,) = await source.check()
    assert failure is not None
    assert f"{word} = " in failure.hint
    assert (finding.state, finding.advice) == (CheckState.FAILED, failure.hint)
    assert sentry.calls.call_count == 0


async def test_an_organization_cannot_climb_out_of_its_path(sentry: respx.MockRouter) -> None:
    evil = sentry.get("https://us.sentry.io/api/0/organizations/..%2F..%2Fusers/issues/").respond(404)
    sentry.get("https://us.sentry.io/api/0/organizations/..%2F..%2Fusers/releases/").respond(404)
    async with source_of(organization="../../users") as source:
        assert (await source.poll()).failure is not None
    assert evil.called


async def test_a_poll_is_cancelled_at_once(sentry: respx.MockRouter) -> None:
    arrived = asyncio.Event()

    async def hang(_: httpx.Request) -> httpx.Response:
        arrived.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody ends this wait")

    sentry["issues"].mock(side_effect=hang)
    async with source_of() as source:
        poll = asyncio.create_task(source.poll())
        await asyncio.wait_for(arrived.wait(), 30)
        began = time.monotonic()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        await source.close()
        assert time.monotonic() - began < 5.0
