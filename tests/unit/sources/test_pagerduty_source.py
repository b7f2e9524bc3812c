"""The PagerDuty source against a real server on loopback: polls, pages, budgets, failures, quitting."""

import asyncio
import threading
import time
from typing import Any

import pytest
from aiohttp import web

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.alert import JoinRule
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.actors import Actor
from oncall_tui.sources.base import Source
from oncall_tui.sources.pagerduty import PagerDuty
from oncall_tui.sources.retry import Retry
from tests.unit.sources.pagerduty_polls import ANA, alert, records
from tests.unit.sources.pagerduty_server import (
    TOKEN,
    FakePagerDuty,
    HandClock,
    Secret,
    acknowledged,
    incident,
    serving,
    source_of,
)


async def test_it_is_a_source_that_acknowledges() -> None:
    async with source_of(FakePagerDuty(url="https://api.pagerduty.com")) as source:
        assert isinstance(source, Source)
        assert isinstance(source, Actor)
        assert "SECRET" not in repr(vars(source))


async def test_a_poll_gives_incidents_on_calls_and_deployments() -> None:
    async with serving(FakePagerDuty(me=ANA)) as fake:
        mine = [{"assignee": {"id": "PANA", "summary": "Ana Smith"}}]
        fake.add(incident("P1", assignments=mine), acknowledged("P2"), incident("P3", status="resolved"))
        fake.alerts["P1"] = [alert("dedup", "HighErrorRate")]
        fake.oncalls = [{"user": ANA, "escalation_policy": {"id": "PP", "summary": "Pay"}, "escalation_level": 1}]
        fake.change_events = [
            {"id": "C1", "timestamp": "2026-11-20T02:00:00Z", "summary": "checkout 1.0.1", "services": []},
            {"id": "C2", "timestamp": "2026-11-10T02:00:00Z", "summary": "too old", "services": []},
        ]
        async with source_of(fake) as source:
            found = records(await source.poll())
            assert sorted(one.id for one in found.alerts) == ["P1", "P2"]
            first = next(one for one in found.alerts if one.id == "P1")
            assert (first.name, first.is_mine, first.service) == ("HighErrorRate", True, "checkout")
            assert {key.rule for key in first.keys} == {JoinRule.DEDUP_KEY, JoinRule.RECEIVER_LABELS}
            assert [(one.user, one.is_me) for one in found.on_call] == [("Ana Smith", True)]
            assert [one.version for one in found.deployments] == ["1.0.1"]
            assert found.warnings == ()
            assert source.spending.sent == len(fake.requests)


async def test_what_is_asked_is_what_the_reference_says() -> None:
    async with serving(FakePagerDuty()) as fake:
        settings: dict[str, Any] = {"teams": ("PT1",), "services": ("PS1", "PS2"), "urgencies": ("high",)}
        async with source_of(fake, from_email="ana@acme.example", headers={"X-Team": "pay"}, **settings) as source:
            records(await source.poll())
        (asked,) = fake.asked("GET", "/incidents")
        assert asked.query.getall("statuses[]") == ["triggered", "acknowledged"]
        assert asked.query["date_range"] == "all"
        assert asked.query.getall("team_ids[]") == ["PT1"]
        assert asked.query.getall("service_ids[]") == ["PS1", "PS2"]
        assert asked.query.getall("urgencies[]") == ["high"]
        assert asked.query.getall("include[]") == ["acknowledgers", "assignees", "priorities"]
        assert asked.headers["Authorization"] == f"Token token={TOKEN}"
        assert asked.headers["From"] == "ana@acme.example"
        assert asked.headers["X-Team"] == "pay"
        (changes,) = fake.asked("GET", "/change_events")
        assert changes.query["since"] == "2026-11-18T03:00:00Z"
        assert fake.asked("GET", "/oncalls") == [], "a team without escalation policies has nobody on call"


async def test_a_rate_limit_is_a_failure_that_says_how_long_and_nobody_sleeps() -> None:
    """T10: ``ratelimit-reset`` is handed to who waits; the vendor's client would sleep 3, 6, 12 … seconds."""
    async with serving(FakePagerDuty()) as fake:
        fake.fail(
            "GET /incidents", 429, {"error": {"message": "Rate Limit Exceeded"}}, headers={"ratelimit-reset": "37"}
        )
        async with source_of(fake) as source:
            began = time.monotonic()
            failure = (await source.poll()).failure
            assert time.monotonic() - began < 8.0, "two of its pauses"
        assert failure is not None
        assert (failure.kind, failure.retry_after) == ("rate limited", 37.0)
        assert len(fake.asked("GET", "/incidents")) == 1


async def test_a_passing_fault_is_tried_again_with_a_pause_of_ours() -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        fake.fail("GET /incidents", 503, "busy", times=1)
        async with source_of(fake, retry=Retry(2, sleep=pause, jitter=lambda: 0.0)) as source:
            assert len(records(await source.poll()).alerts) == 1
        assert pauses == [0.25]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"error": {"message": "Bad token"}}, "unauthorised"),
        (403, {}, "unauthorised"),
        (500, {}, "refused"),
        (302, "", "refused"),
        (200, "<html>Log in</html>", "malformed"),
        (200, "[]", "malformed"),
        (200, '{"incidents": null}', "malformed"),
        (200, '{"incidents": [{"id": 7}]}', "malformed"),
        (200, "", "malformed"),
    ],
)
async def test_every_answer_that_is_none_is_a_failure_without_the_token(status: int, body: Any, kind: str) -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.fail("GET /incidents", status, body, headers={"Location": "https://evil.example/login"})
        async with source_of(fake) as source:
            report = await source.poll()
    assert report.records is None
    assert report.failure is not None
    assert report.failure.kind == kind
    assert TOKEN not in str(report.failure) and TOKEN[-4:] not in str(report.failure)


async def test_one_strange_incident_does_not_hide_the_others() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"), incident("P2", created_at=None))
        async with source_of(fake) as source:
            found = records(await source.poll())
    assert [one.id for one in found.alerts] == ["P1"]
    assert any(warning.startswith("1 of the incidents") for warning in found.warnings)


async def test_an_incident_that_was_resolved_meanwhile_is_not_shown() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.fail(
            "GET /incidents", 200, {"incidents": [incident("P1"), incident("P2", status="resolved")], "more": False}
        )
        async with source_of(fake) as source:
            assert [one.id for one in records(await source.poll()).alerts] == ["P1"]


async def test_on_calls_and_changes_that_fail_are_warnings_and_keep_what_is_known() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        fake.oncalls = [{"user": ANA, "escalation_policy": {"id": "PP", "summary": "Pay"}, "escalation_level": 1}]
        fake.change_events = [{"id": "C1", "timestamp": "2026-11-20T02:59:00Z", "summary": "x 1.0.1", "services": []}]
        clock = HandClock()
        async with source_of(fake, clock) as source:
            await source.poll()
            fake.fail("GET /oncalls", 403, {"error": "no scope"})
            fake.fail("GET /change_events", 500)
            clock.forward(301)
            found = records(await source.poll())
    assert len(found.warnings) == 2
    assert len(found.on_call) == len(found.deployments) == len(found.alerts) == 1


async def test_change_events_are_read_on_from_where_the_last_read_ended() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.change_events = [{"id": "C1", "timestamp": "2026-11-18T03:00:10Z", "summary": "x 1.0.1", "services": []}]
        clock = HandClock()
        async with source_of(fake, clock) as source:
            assert len(records(await source.poll()).deployments) == 1
            clock.forward(30)
            assert records(await source.poll()).deployments == (), "it left the window"
        first, second = fake.asked("GET", "/change_events")
        assert first.query["since"] == "2026-11-18T03:00:00Z"
        assert second.query["since"] == "2026-11-20T02:00:00Z"
        assert len(fake.asked("GET", "/oncalls")) == 1, "on-calls are read every five minutes"


async def test_change_events_of_other_services_are_left_out() -> None:
    async with serving(FakePagerDuty()) as fake:
        event = {"timestamp": "2026-11-20T02:59:00Z", "summary": "x 1.0.1"}
        fake.change_events = [
            event | {"id": "C1", "services": [{"id": "PS1", "summary": "A"}]},
            event | {"id": "C2", "services": [{"id": "PS2", "summary": "B"}]},
        ]
        async with source_of(fake, services=("PS2",)) as source:
            assert [one.service for one in records(await source.poll()).deployments] == ["B"]


async def test_quitting_does_not_wait_for_a_vendor_that_sleeps() -> None:
    """T16: a poll is cancelled while the call hangs; source and loop go on at once."""
    fake = FakePagerDuty()
    hung = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        hung.set()
        return await fake.hang(request)

    fake._incidents = hang  # type: ignore[method-assign]
    async with serving(fake), source_of(fake, timeout="30s") as source:
        poll = asyncio.create_task(source.poll())
        await asyncio.wait_for(hung.wait(), 30)
        began = time.monotonic()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        await source.close()
        assert time.monotonic() - began < 10.0
        threads = [thread for thread in threading.enumerate() if thread.name.startswith("pagerduty-read")]
        assert all(thread.daemon for thread in threads)


async def test_a_server_that_does_not_answer_is_a_timeout() -> None:
    fake = FakePagerDuty()
    fake._incidents = fake.hang  # type: ignore[method-assign, assignment]
    async with serving(fake), source_of(fake, timeout="1s") as source:
        failure = (await source.poll()).failure
    assert failure is not None
    assert failure.kind == "timed out"
    assert "within 1 s" in failure.message


async def test_nobody_listens_is_unreachable() -> None:
    async with serving(FakePagerDuty()) as fake:
        pass
    async with source_of(fake) as source:
        failure = (await source.poll()).failure
    assert failure is not None
    assert failure.kind == "unreachable"


async def test_without_a_token_nothing_is_sent() -> None:
    async with serving(FakePagerDuty()) as fake, source_of(fake, token=None) as source:
        failure = (await source.poll()).failure
        assert fake.requests == []
    assert failure is not None
    assert (failure.kind, "token = " in failure.hint) == ("unauthorised", True)


async def test_a_token_never_travels_over_plain_http_to_another_machine() -> None:
    async with source_of(FakePagerDuty(url="http://pagerduty.example")) as source:
        failure = (await source.poll()).failure
    assert failure is not None
    assert (failure.kind, "plain http" in failure.message) == ("refused", True)


@pytest.mark.parametrize(("token", "header"), [("pdus+_0XBP", "Bearer pdus+_0XBP"), ("u+abc", "Token token=u+abc")])
async def test_oauth_tokens_are_told_from_api_keys(token: str, header: str) -> None:
    async with serving(FakePagerDuty()) as fake, source_of(fake, token=token) as source:
        await source.poll()
        assert fake.requests[0].headers["Authorization"] == header


async def test_an_address_of_a_proxy_that_is_none_is_not_quoted() -> None:
    settings = PagerDutySettings(proxy="nonsense://user:pa55word@host")
    source = PagerDuty(
        SourceName("pd"), settings, token=Secret(), headers={}, severities=SeverityMap(), clock=HandClock()
    )
    failure = (await source.poll()).failure
    await source.close()
    assert failure is not None
    assert "`proxy`" in failure.message
    assert "pa55word" not in str(failure)


async def test_slow_on_calls_do_not_keep_an_incident_from_the_screen() -> None:
    fake = FakePagerDuty()
    fake.add(incident("P1"))
    fake._oncalls = fake.hang  # type: ignore[method-assign, assignment]
    async with serving(fake), source_of(fake, timeout="30s") as source:
        began = time.monotonic()
        found = records(await source.poll())
        assert time.monotonic() - began < 20.0
    assert [one.id for one in found.alerts] == ["P1"]
    assert found.warnings == ("The on-calls are slow to come; what is shown of them is older.",)
