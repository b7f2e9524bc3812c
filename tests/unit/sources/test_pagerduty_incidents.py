"""Every page of the incidents, and what their alerts say, read as far as the budget goes."""

from oncall_tui.domain.alert import JoinRule
from tests.unit.sources.pagerduty_polls import alert, records
from tests.unit.sources.pagerduty_server import FakePagerDuty, HandClock, incident, serving, source_of


async def test_every_page_is_read() -> None:
    """T11: more than one page, and the offset moves by what came."""
    async with serving(FakePagerDuty()) as fake:
        fake.add(*(incident(f"P{n:04}") for n in range(250)))
        async with source_of(fake, budget=2_000) as source:
            found = records(await source.poll())
            assert len({one.id for one in found.alerts}) == len(found.alerts) == 250
        assert [one.query["offset"] for one in fake.asked("GET", "/incidents")] == ["0", "100", "200"]
        assert {one.query["limit"] for one in fake.asked("GET", "/incidents")} == {"100"}


async def test_an_empty_page_ends_the_list_whatever_more_says() -> None:
    """T11: ``more`` true with an empty page."""
    async with serving(FakePagerDuty()) as fake:
        fake.fail("GET /incidents", 200, {"incidents": [], "more": True})
        async with source_of(fake) as source:
            assert records(await source.poll()).alerts == ()
        assert len(fake.asked("GET", "/incidents")) == 1


async def test_the_end_of_what_pagerduty_lists_is_a_warning() -> None:
    async with serving(FakePagerDuty()) as fake:
        page = {"incidents": [incident(f"P{n}") for n in range(100)], "more": True}
        fake.fail("GET /incidents", 200, page)
        async with source_of(fake, budget=10_000) as source:
            found = records(await source.poll())
        assert len(found.alerts) == 100, "the same incident on every page is one"
        assert len(fake.asked("GET", "/incidents")) == 100
        assert any("10,000" in warning for warning in found.warnings)


async def test_hundreds_of_users_are_split_over_requests() -> None:
    """T12: no address grows beyond what a server takes."""
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1", assignments=[{"assignee": {"id": "PUSER0007"}}, {"assignee": {"id": "PUSER0190"}}]))
        users = tuple(f"PUSER{n:04}" for n in range(200))
        async with source_of(fake, users=users) as source:
            found = records(await source.poll())
        assert [one.id for one in found.alerts] == ["P1"], "met in two slices, listed once"
        asked = fake.asked("GET", "/incidents")
        assert sorted(user for one in asked for user in one.query.getall("user_ids[]")) == sorted(users)
        assert max(len(one.query.getall("user_ids[]")) for one in asked) == 50


async def test_alerts_are_read_again_only_when_the_incident_changed() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"), incident("P2"))
        fake.alerts = {"P1": [alert("k1", "Old")], "P2": [alert("k2", "Other")]}
        async with source_of(fake) as source:
            await source.poll()
            await source.poll()
            assert len(fake.asked("GET", "/incidents/P1/alerts")) == 1
            fake.incidents["P1"]["alert_counts"] = {"all": 2, "triggered": 2, "resolved": 0}
            fake.alerts["P1"].append(alert("k3", "Old"))
            found = records(await source.poll())
        first = next(one for one in found.alerts if one.id == "P1")
        assert {key.value for key in first.keys if key.rule is JoinRule.DEDUP_KEY} == {"key-P1", "k1", "k3"}
        assert len(fake.asked("GET", "/incidents/P1/alerts")) == 2
        assert len(fake.asked("GET", "/incidents/P2/alerts")) == 1


async def test_a_storm_is_shown_at_once_and_joined_within_the_budget() -> None:
    """T10: 800 incidents appear; calls stay inside the budget, the newest are joined first."""
    async with serving(FakePagerDuty()) as fake:
        for n in range(800):
            minute, second = divmod(n, 60)
            fake.add(incident(f"P{n:04}", created_at=f"2026-11-20T02:{minute:02}:{second:02}Z"))
            fake.alerts[f"P{n:04}"] = [alert(f"k{n}", "Storm")]
        clock = HandClock()
        async with source_of(fake, clock, budget=100) as source:
            found = records(await source.poll())
            assert len(found.alerts) == 800
            joined = sorted(one.id for one in found.alerts if one.name == "Storm")
            assert 0 < len(joined) <= 60
            assert joined[-1] == "P0799"
            assert joined == [f"P{n:04}" for n in range(800 - len(joined), 800)]
            assert source.spending.sent == len(fake.requests) <= 100
            assert any(f"{800 - len(joined)} incidents are not read yet" in warning for warning in found.warnings)
            clock.forward(61)
            again = records(await source.poll())
            assert sum(one.name == "Storm" for one in again.alerts) > len(joined)


async def test_details_that_fail_cost_a_warning_and_never_keep_others_waiting() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1", created_at="2026-11-20T02:59:00Z"), incident("P2"))
        fake.alerts["P2"] = [alert("k", "Fine")]
        fake.fail("GET /incidents/P1/alerts", 500, {"error": {"message": "Oops"}})
        async with source_of(fake) as source:
            found = records(await source.poll())
            assert {one.id for one in found.alerts} == {"P1", "P2"}
            assert any("Oops" in warning for warning in found.warnings)
            assert [one.name for one in found.alerts if one.id == "P2"] == ["Fine"]


async def test_a_rate_limit_on_details_ends_them_for_this_poll() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(*(incident(f"P{n:02}") for n in range(40)))
        for n in range(40):
            fake.fail(f"GET /incidents/P{n:02}/alerts", 429, {}, headers={"ratelimit-reset": "9"})
        async with source_of(fake) as source:
            assert len(records(await source.poll()).alerts) == 40
        assert len([one for one in fake.requests if one.path.endswith("/alerts")]) <= 4
