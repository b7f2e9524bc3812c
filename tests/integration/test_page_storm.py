"""A page storm: 800 incidents in two minutes at a pager with a rate limit, acknowledged in one act on the screen."""

import asyncio
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from textual import events
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
from tests.integration.screens import DEADLINE_S, look_again, shows
from tests.integration.storm import Time
from tests.pace import longest_turn, pace
from tests.unit.journal.helpers import opened

pytestmark = pytest.mark.integration

INCIDENTS = 800
PER_MINUTE = 300
"""The vendor's limit: fewer than a request for each incident."""

LONGEST_STALL_S = 0.5
"""Of the loop that the screen and the four vendors share here, in processor time; some 0.1 s."""

USUAL_KEY_S, SLOWEST_KEY_S = 0.5, 1.0
"""From a key to the row that it leads to, drawn, in processor time: of the screen, of the journal's thread and of the
four vendors, who do all their work in this process; some 0.1 s to 0.2 s, and 0.3 s."""

FEWEST_KEYS = 8
"""On a fast machine the act is over before so many were pressed; the others meet its results and the next polls."""


def per_minute(simulator: Simulator) -> Counter[int]:
    """Requests in each minute of the vendor's own log."""
    return Counter(int(one.at // 60) for one in simulator.wire.received("pagerduty"))


async def rain(pilot: Pilot[None], app: OncallApp, account: Account, clock: Time) -> set[str]:
    """Open the incidents within two minutes, while the screen goes on looking."""
    ids: set[str] = set()
    for number in range(INCIDENTS):
        clock.forward(120 / INCIDENTS)
        ids.add(account.open_incident(f"Host db-{number} is down", BY_NAME["api"], priority="P2").id)
        if number % 100 == 99:
            look_again(app)
            await pilot.pause(0.05)
    clock.forward(30)
    return ids


async def keys_meanwhile(app: OncallApp, over: asyncio.Event) -> list[float]:
    """Press keys as long as the act goes on, one by one; the seconds of processor time until each is drawn."""
    took: list[float] = []
    driver, table = app._driver, app.view.alerts_table
    assert driver is not None and table is not None
    while not over.is_set() or len(took) < FEWEST_KEYS:
        key, row = ("j" if table.cursor_index < 5 else "k"), table.cursor_id
        began = time.process_time()
        driver.send_message(events.Key(key, key))
        async with asyncio.timeout(DEADLINE_S):
            while table.cursor_id == row or app.screen._dirty_widgets:  # noqa: ASYNC110  # It tells nobody.
                await asyncio.sleep(0.001)
        took.append(time.process_time() - began)
        await asyncio.sleep(0.02)
    return took


def seen(app: OncallApp) -> set[str]:
    return {record.id for alert in app.situation.alerts for record in alert.records if record.source == "pagerduty"}


def is_drawn(app: OncallApp, ids: set[str]) -> bool:
    """Whether the screen has all of them; it looks again until it does."""
    look_again(app)
    table = app.view.alerts_table
    return ids <= seen(app) and table is not None and len(table.rows) >= INCIDENTS


async def test_eight_hundred_are_acknowledged_in_one_act_within_every_limit(tmp_path: Path) -> None:
    clock, over = Time(), asyncio.Event()
    options = SimulatorOptions(
        clock.seconds, is_quiet=True, is_ticking=False, history_s=3_600, pagerduty_limit=PER_MINUTE
    )
    async with running(options) as simulator:
        config = load(write_config(tmp_path, simulator.announcement()))
        themes = load_themes(shipped("themes").glob("*.toml")).themes
        rooms = partial(open_rooms, config, environ={}, clock=clock.now, monotonic=None)
        app = OncallApp(config, rooms, clock=clock.now, themes=themes)
        async with app.run_test(size=(120, 36), notifications=True) as pilot:
            await shows(pilot, lambda: all(one.fetched_at for one in app.situation.freshness), "four answers")
            ids = await rain(pilot, app, simulator.world.pagerduty, clock)
            await pilot.press("2")
            await shows(pilot, lambda: is_drawn(app, ids), "800 incidents")
            turns = asyncio.create_task(longest_turn(over))
            await pilot.press("M", "a")
            await shows(pilot, lambda: isinstance(app.screen, Question), "the question that lists them")
            await pilot.press("y")
            account = simulator.world.pagerduty
            keys = asyncio.create_task(keys_meanwhile(app, over))
            await shows(
                pilot, lambda: all(account.incidents[one].status == "acknowledged" for one in ids), "all acknowledged"
            )
            await shows(pilot, lambda: app.acting.pending == 0, "an end of the act")
            over.set()
            took = sorted(await keys)
            assert app.view.alerts_table is not None
            assert not app.view.alerts_table.marked & {f"pagerduty/{one}" for one in ids}
        received = simulator.wire.received("pagerduty")
    assert not [one.path for one in received if one.status == 429]
    assert max(per_minute(simulator).values()) <= PER_MINUTE
    puts = [one for one in received if one.method == "PUT"]
    assert sum(one.body.count('"acknowledged"') for one in puts) == INCIDENTS, "each once"
    slower = pace()
    told = f"{len(took)} keys, the middle one {took[len(took) // 2]:.3f} s, the last {took[-1]:.3f} s, {slower:.2f} x"
    assert took[len(took) // 2] < USUAL_KEY_S * slower, told
    assert took[-1] < SLOWEST_KEY_S * slower, told
    assert await turns < LONGEST_STALL_S * slower
    with opened(tmp_path / "journal.sqlite3") as journal:
        results = [one for one in journal.read_kind(ACTION_RESULT) if one.text("target") in ids]
        assert Counter(one.text("outcome") for one in results) == {"confirmed": INCIDENTS}
        assert journal.verify() is None
