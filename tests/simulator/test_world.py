"""The story, walked through on a clock of its own."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from oncall_tui.simulator import story
from oncall_tui.simulator.catalogue import DEMO_USER, SERVICES
from oncall_tui.simulator.promql import VectorResult, compile_query, instant_query
from oncall_tui.simulator.times import next_monday_nine
from oncall_tui.simulator.world import MAX_STEPS, World

from .hand_clock import START, HandClock, walk

HISTORY_S = 2 * 3600.0
"""Enough for most tests; a whole day takes half a second to write."""


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def world(clock: HandClock) -> World:
    return World(clock, history_s=HISTORY_S)


def value_of(world: World, expression: str) -> float:
    result = instant_query(world.store, compile_query(expression), world.now())
    assert isinstance(result, VectorResult)
    assert len(result.samples) == 1, result.samples
    return result.samples[0][1]


def states(world: World) -> dict[tuple[str, str, str], str]:
    return {
        (alert.labels["alertname"], alert.labels["service"], alert.labels["severity"]): alert.state
        for alert in world.engine.active_alerts()
    }


def moment_of(world: World, clock: HandClock, happened: Callable[[], bool], limit_s: float = 60.0) -> float:
    """Seconds from now until something has happened, walked tick by tick."""
    begun = clock.now
    while not happened():
        assert clock.now - begun < limit_s, "it never happened"
        walk(world, clock, world.tick_s)
    return clock.now - begun


def test_the_screen_is_alive_at_the_start(world: World) -> None:
    assert 400 < world.store.generation < 600
    assert states(world) == {
        ("QueueBacklog", "points", "warning"): "firing",
        ("RedisMemoryHigh", "redis-cache", "warning"): "firing",
    }
    assert value_of(world, "sum(up)") == len(SERVICES)
    assert value_of(world, 'queue_jobs_waiting{service="points"}') > 100
    assert value_of(world, "redis_memory_used_bytes / on () redis_memory_max_bytes") > 0.7


@pytest.mark.parametrize("window", ["30s", "1m", "5m", "1h"])
def test_api_is_well_at_the_start_in_every_window(world: World, window: str) -> None:
    buckets = f'sum by (le) (rate(http_request_duration_seconds_bucket{{service="api"}}[{window}]))'
    assert 0.06 < value_of(world, f"histogram_quantile(0.5, {buckets})") < 0.12
    assert 0.13 < value_of(world, f"histogram_quantile(0.95, {buckets})") < 0.25
    errors = f'sum(rate(http_requests_total{{service="api", code=~"5.."}}[{window}]))'
    assert value_of(world, f'{errors} / sum(rate(http_requests_total{{service="api"}}[{window}]))') < 0.005


def test_a_day_of_history_has_the_shape_of_a_day(clock: HandClock) -> None:
    world = World(clock)
    rates = [
        value_of(world, f'sum(rate(http_requests_total{{service="api"}}[5m] offset {hours}h))')
        for hours in range(1, 24)
    ]
    assert max(rates) > 2 * min(rates)


def test_points_was_acknowledged_by_the_demo_user_25_minutes_ago(world: World) -> None:
    (incident,) = world.pagerduty.incidents.values()
    assert incident.service.name == "points"
    assert incident.status == "acknowledged"
    assert incident.priority == "P2"
    ((acknowledged_at, by),) = incident.acknowledgements
    assert by == DEMO_USER
    assert START - acknowledged_at == pytest.approx(25 * 60, abs=5)
    assert incident.created_at < acknowledged_at
    assert [entry.kind for entry in incident.log] == ["trigger", "assign", "notify", "acknowledge"]


def test_redis_is_silenced_by_ops_for_four_hours(world: World) -> None:
    (alert,) = (one for one in world.alertmanager.alerts() if one.labels["alertname"] == "RedisMemoryHigh")
    (silence_id,) = world.alertmanager.suppression(alert).silenced_by
    silence = world.alertmanager.silences.get(silence_id)
    assert silence is not None
    assert silence.created_by == "ops"
    assert silence.ends_at == START + 4 * 3600


def test_webhook_has_a_new_issue(world: World) -> None:
    (issue,) = (one for one in world.sentry.issues.values() if one.substatus == "new")
    assert (issue.title, int(issue.count), int(issue.users)) == ("KeyError: 'iban'", 214, 88)


def test_both_vendors_tell_of_the_same_deployments(world: World, clock: HandClock) -> None:
    walk(world, clock, 10)
    changes = {
        (
            change.service.name,
            change.details["version"],
            change.details["environment"],
            change.details["author"],
            change.at,
        )
        for change in world.pagerduty.changes
    }
    deploys = {
        (release.project.name, deploy.name.removeprefix("v"), deploy.environment, release.author.name, deploy.finished)
        for release in world.sentry.releases.values()
        for deploy in release.deploys
    }
    assert changes == deploys
    assert len(changes) == len(story.HISTORY) + 1


def test_the_incident_unfolds_before_thirty_seconds(world: World, clock: HandClock) -> None:
    page = ("HighErrorRate", "api", "page")
    deployed = moment_of(world, clock, lambda: "api@2.41.0" in world.sentry.releases)
    assert deployed == pytest.approx(8, abs=2)
    pending = deployed + moment_of(world, clock, lambda: states(world).get(page) == "pending")
    firing = pending + moment_of(world, clock, lambda: states(world).get(page) == "firing")
    assert 10 < pending < firing == pytest.approx(16, abs=2)
    assert page[0] in {alert.labels["alertname"] for alert in world.alertmanager.alerts()}
    paged = firing + moment_of(world, clock, lambda: len(world.pagerduty.incidents) == 3)
    assert paged == pytest.approx(18, abs=2)
    walk(world, clock, 30 - paged)
    assert {
        (one.service.name, one.priority) for one in world.pagerduty.incidents.values() if one.status == "triggered"
    } == {
        ("api", "P1"),
        ("api", "P2"),
    }
    (issue,) = (one for one in world.sentry.issues.values() if one.first_release == "api@2.41.0")
    assert issue.first_seen > world.started_at
    assert value_of(world, 'queue_jobs_waiting{service="points"}') > 134


def test_the_page_is_the_one_the_pagerduty_receiver_writes(world: World, clock: HandClock) -> None:
    walk(world, clock, 30)
    incident = next(one for one in world.pagerduty.incidents.values() if one.priority == "P1")
    assert incident.title == "[FIRING:1] HighErrorRate api (production page platform)"
    payload = incident.alerts[0].event["payload"]
    firing = payload["custom_details"]["firing"]
    assert firing.startswith(
        "Labels:\n - alertname = HighErrorRate\n - env = production\n - service = api\n - severity = page\n"
        " - team = platform\nAnnotations:\n - description = "
    )
    assert " - runbook_url = https://runbooks.rewapp.example/error-rate-high\n" in firing
    assert firing.splitlines()[-1].startswith("Source: http://prometheus.example:9090/graph?g0.expr=")
    assert payload["custom_details"]["num_firing"] == "1"
    assert payload["custom_details"]["resolved"] == ""
    assert (payload["source"], payload["severity"]) == ("Alertmanager", "error")
    assert len(incident.key) == 64


def test_it_stays_until_rolled_back_and_then_recovers(world: World, clock: HandClock) -> None:
    walk(world, clock, 600)
    pages = [one for one in world.pagerduty.incidents.values() if one.service.name == "api"]
    assert all(one.status == "triggered" for one in pages)
    world.rollback("api")
    recovered = moment_of(world, clock, lambda: all(one.status == "resolved" for one in pages), 90)
    assert 15 < recovered < 60
    walk(world, clock, 60)
    assert set(states(world)) == {("QueueBacklog", "points", "warning"), ("RedisMemoryHigh", "redis-cache", "warning")}
    assert pages[0].log[-1].kind == "resolve"
    last = world.pagerduty.changes[-1].details
    assert (last["version"], last["kind"]) == ("2.40.9", "rollback")
    assert len(world.sentry.releases["api@2.40.9"].deploys) == 2


def test_points_can_be_rolled_back_too(clock: HandClock) -> None:
    world = World(clock, with_incident=False, history_s=HISTORY_S)
    world.rollback("points")
    walk(world, clock, 40)
    assert ("QueueBacklog", "points", "warning") not in states(world)
    assert [one.status for one in world.pagerduty.incidents.values()] == ["resolved"]
    with pytest.raises(KeyError):
        world.rollback("nothing")


def test_a_quiet_world_stays_quiet(clock: HandClock) -> None:
    world = World(clock, with_incident=False, history_s=HISTORY_S)
    walk(world, clock, 900)
    assert len(world.pagerduty.incidents) == 1
    assert "api@2.41.0" not in world.sentry.releases
    assert len(states(world)) == 2


def test_a_service_that_cannot_be_scraped_pages(clock: HandClock) -> None:
    world = World(clock, with_incident=False, history_s=HISTORY_S)
    world.down.add("qr")
    walk(world, clock, 20)
    assert states(world)[("TargetDown", "qr", "page")] == "firing"
    world.down.clear()
    walk(world, clock, 20)
    assert next(one for one in world.pagerduty.incidents.values() if one.service.name == "qr").status == "resolved"


def test_the_same_seed_gives_the_same_world() -> None:
    def picture(seed: int) -> tuple[float, list[str]]:
        clock = HandClock()
        world = World(clock, seed=seed, history_s=HISTORY_S)
        walk(world, clock, 30)
        return value_of(world, 'container_cpu_utilization_percent{service="api"}'), list(world.pagerduty.incidents)

    assert picture(7) == picture(7)
    assert picture(7) != picture(8)


def test_a_laptop_that_slept_is_caught_up_in_few_steps(world: World, clock: HandClock) -> None:
    series = world.store.series({"__name__": "up", **SERVICES[0].labels})
    before = len(series)
    walk(world, clock, 6 * 3600)
    assert len(series) - before <= MAX_STEPS + 1
    assert not math.isnan(value_of(world, 'up{service="api"}'))
    walk(world, clock, -10)


def test_old_incidents_fill_pagerduty(clock: HandClock) -> None:
    world = World(clock, old_incidents=50, history_s=HISTORY_S)
    assert len(world.pagerduty.incidents) == 51
    assert all(one.is_open for one in world.pagerduty.incidents.values())


def test_the_rotation_hands_over_on_monday_at_nine() -> None:
    assert next_monday_nine(START) == START + (9 * 3600 - (START % 86_400))
    assert next_monday_nine(next_monday_nine(START)) == next_monday_nine(START) + 7 * 86_400
