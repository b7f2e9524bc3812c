"""The crowd beside the story: as many services and alerts as asked for, living, and told by all four vendors."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

import aiohttp
import pytest

from oncall_tui.simulator.crowd import CHANGED_PER_MINUTE, MOST_ISSUES, Shares
from oncall_tui.simulator.crowd_names import MOST_SERVICES, further_services
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.simulator.world import World

from .hand_clock import HandClock, walk

SERVICES, ALERTS = 100, 1_000
HISTORY_S = 2 * 3600.0


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def world(clock: HandClock) -> World:
    return World(clock, history_s=HISTORY_S, with_incident=False, services=SERVICES, alerts=ALERTS)


def firing_of(world: World) -> dict[str, set[str]]:
    """What is active at each vendor, by something that names it and tells of its state."""
    return {
        "rules": {str(one.labels) for one in world.engine.active_alerts() if "pod" in one.labels},
        "foreign": {one.fingerprint for one in world.alertmanager.alerts() if "check" in one.labels},
        "incidents": {f"{one.id} {one.status}" for one in world.pagerduty.incidents.values() if not one.alerts},
        "issues": {f"{one.id} {int(one.count)}" for one in world.sentry.issues.values() if "(case" in one.value},
    }


def test_the_shares_add_up() -> None:
    for alerts in (0, 1, 7, 1_000, 10_000):
        shares = Shares.of(alerts)
        assert shares.rules + shares.foreign + shares.incidents + shares.issues == alerts
        assert min(shares.rules, shares.foreign, shares.incidents, shares.issues) >= 0
    assert Shares.of(100_000).issues == MOST_ISSUES


def test_services_have_names_ids_and_keys_of_their_own() -> None:
    services = further_services(MOST_SERVICES)
    assert len({one.name for one in services}) == len({one.routing_key for one in services}) == len(services)
    with pytest.raises(ValueError, match="no more than"):
        World(HandClock(), history_s=HISTORY_S, services=MOST_SERVICES + 1)


def test_every_vendor_holds_its_share(world: World) -> None:
    shares = Shares.of(ALERTS)
    found = {vendor: len(active) for vendor, active in firing_of(world).items()}
    assert found == {
        "rules": shares.rules,
        "foreign": shares.foreign,
        "incidents": shares.incidents,
        "issues": shares.issues,
    }
    assert len(world.services) == SERVICES


def test_one_in_twenty_changes_in_a_minute_and_none_is_lost(world: World, clock: HandClock) -> None:
    before = firing_of(world)
    for _ in range(30):
        walk(world, clock, 2.0)
    after = firing_of(world)
    assert {vendor: len(active) for vendor, active in before.items()} == {
        vendor: len(active) for vendor, active in after.items()
    }
    changed = sum(len(before[vendor] - after[vendor]) for vendor in before)
    wanted = ALERTS * CHANGED_PER_MINUTE
    # A few change twice within the minute.
    assert 0.8 * wanted <= changed <= wanted
    assert all(before[vendor] != after[vendor] for vendor in before)


def test_alertmanager_keeps_hearing_of_what_fires(world: World, clock: HandClock) -> None:
    for _ in range(40):
        walk(world, clock, 10.0)
    rules = {str(one.labels) for one in world.engine.active_alerts()}
    heard = {f"{{{_pairs(one.labels)}}}" for one in world.alertmanager.alerts() if "pod" in one.labels}
    assert heard == {one for one in rules if "pod=" in one}


def test_some_services_are_down_and_page(world: World, clock: HandClock) -> None:
    large = World(clock, history_s=HISTORY_S, with_incident=False, services=1_000)
    walk(large, clock, 30.0)
    down = [one.labels["service"] for one in large.engine.active_alerts() if one.labels["alertname"] == "TargetDown"]
    assert len(down) == 5
    assert all(large.is_down(name) for name in down)
    paged = {one.service.name for one in large.pagerduty.incidents.values() if "TargetDown" in one.title}
    assert paged == set(down)
    assert not any("TargetDown" in one.title for one in world.pagerduty.incidents.values())


async def test_all_of_it_can_be_read() -> None:
    options = SimulatorOptions(time.time, history_s=HISTORY_S, is_ticking=False, services=SERVICES, alerts=ALERTS)
    shares = Shares.of(ALERTS)
    async with running(options) as simulator, aiohttp.ClientSession() as session:
        told = await get(simulator, session, "prometheus", "/api/v1/alerts")
        rules = Counter(one["labels"]["alertname"] for one in told["data"]["alerts"] if "pod" in one["labels"])
        assert rules.total() == shares.rules
        groups = (await get(simulator, session, "prometheus", "/api/v1/rules"))["data"]["groups"]
        listed = {rule["name"]: len(rule["alerts"]) for group in groups for rule in group["rules"]}
        assert {name: listed[name] for name in rules} == rules
        told = await get(simulator, session, "alertmanager", "/api/v2/alerts")
        assert sum("pod" in one["labels"] or "check" in one["labels"] for one in told) == shares.rules + shares.foreign
        assert await get(simulator, session, "alertmanager", "/api/v2/alerts") == told
        up = await get(simulator, session, "prometheus", "/api/v1/query?query=up")
        assert len(up["data"]["result"]) == SERVICES
        targets = await get(simulator, session, "prometheus", "/api/v1/targets")
        assert len(targets["data"]["activeTargets"]) == SERVICES
        page = await get(simulator, session, "pagerduty", "/incidents?date_range=all&limit=100&offset=200&total=true")
        assert (len(page["incidents"]), page["total"] >= shares.incidents) == (100, True)


async def get(simulator: Simulator, session: aiohttp.ClientSession, vendor: str, path: str) -> Any:
    endpoint = simulator.endpoints[vendor]
    scheme = "Token token=" if vendor == "pagerduty" else "Bearer "
    async with session.get(endpoint.url + path, headers={"Authorization": scheme + endpoint.token}) as answer:
        assert answer.status == 200
        return json.loads(await answer.read())


def _pairs(labels: Any) -> str:
    return ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
