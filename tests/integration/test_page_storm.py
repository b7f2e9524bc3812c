"""A page storm: 800 incidents in two minutes at a pager with a rate limit, acknowledged in one act on the screen."""

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from oncall_tui.assembly import open_rooms
from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.config.paths import shipped
from oncall_tui.journal.event import ACTION_RESULT
from oncall_tui.simulator.catalogue import BY_NAME
from oncall_tui.simulator.pagerduty import PagerDuty as Account
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.theming import load_themes
from tests.integration.screens import look_again, shows
from tests.integration.storm import Time
from tests.pace import longest_turn
from tests.unit.journal.helpers import opened

pytestmark = pytest.mark.integration

INCIDENTS = 800
PER_MINUTE = 300
"""The vendor's limit: fewer than a request for each incident."""

LONGEST_STALL_S = 1.5
"""Of the loop that the screen and the four vendors share here, beside whatever else this machine does."""


def per_minute(simulator: Simulator) -> Counter[int]:
    """Requests in each minute of the vendor's own log."""
    return Counter(int(one.at // 60) for one in simulator.wire.received("pagerduty"))


async def rain(pilot: Pilot[None], app: OncallApp, account: Account, time: Time) -> set[str]:
    """Open the incidents within two minutes, while the screen goes on looking."""
    ids: set[str] = set()
    for number in range(INCIDENTS):
        time.forward(120 / INCIDENTS)
        ids.add(account.open_incident(f"Host db-{number} is down", BY_NAME["api"], priority="P2").id)
        if number % 100 == 99:
            look_again(app)
            await pilot.pause(0.05)
    time.forward(30)
    return ids


def seen(app: OncallApp) -> set[str]:
    return {record.id for alert in app.situation.alerts for record in alert.records if record.source == "pagerduty"}


def is_drawn(app: OncallApp, ids: set[str]) -> bool:
    """Whether the screen has all of them; it looks again until it does."""
    look_again(app)
    table = app.view.alerts_table
    return ids <= seen(app) and table is not None and len(table.rows) >= INCIDENTS


async def test_eight_hundred_are_acknowledged_in_one_act_within_every_limit(tmp_path: Path) -> None:
    time, over = Time(), asyncio.Event()
    options = SimulatorOptions(
        time.seconds, is_quiet=True, is_ticking=False, history_s=3_600, pagerduty_limit=PER_MINUTE
    )
    async with running(options) as simulator:
        config = load(write_config(tmp_path, simulator.announcement()))
        themes = load_themes(shipped("themes").glob("*.toml")).themes
        rooms = partial(open_rooms, config, environ={}, clock=time.now, monotonic=None)
        app = OncallApp(config, rooms, clock=time.now, themes=themes)
        async with app.run_test(size=(120, 36), notifications=True) as pilot:
            await shows(pilot, lambda: all(one.fetched_at for one in app.situation.freshness), "four answers")
            ids = await rain(pilot, app, simulator.world.pagerduty, time)
            await pilot.press("2")
            await shows(pilot, lambda: is_drawn(app, ids), "800 incidents")
            turns = asyncio.create_task(longest_turn(over))
            await pilot.press("M", "a")
            await shows(pilot, lambda: isinstance(app.screen, Question), "the question that lists them")
            await pilot.press("y")
            account = simulator.world.pagerduty
            await shows(
                pilot, lambda: all(account.incidents[one].status == "acknowledged" for one in ids), "all acknowledged"
            )
            await pilot.press("j", "j", "k")
            await shows(pilot, lambda: app.acting.pending == 0, "an end of the act")
            over.set()
            assert app.view.alerts_table is not None
            assert not app.view.alerts_table.marked & {f"pagerduty/{one}" for one in ids}
        received = simulator.wire.received("pagerduty")
    assert not [one.path for one in received if one.status == 429]
    assert max(per_minute(simulator).values()) <= PER_MINUTE
    puts = [one for one in received if one.method == "PUT"]
    assert sum(one.body.count('"acknowledged"') for one in puts) == INCIDENTS, "each once"
    assert await turns < LONGEST_STALL_S
    with opened(tmp_path / "journal.sqlite3") as journal:
        results = [one for one in journal.read_kind(ACTION_RESULT) if one.text("target") in ids]
        assert Counter(one.text("outcome") for one in results) == {"confirmed": INCIDENTS}
        assert journal.verify() is None
