"""Whatever a vendor does, the screen stays usable, says who fails and since when, keeps the last data, and recovers.

The real app with its real clients on the simulated vendors: few starts, each of which goes through all faults.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from oncall_tui.assembly import open_rooms
from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.config.paths import shipped
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Freshness, SourceState
from oncall_tui.monitor.wake import Monotonic
from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.sources import retry
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.theming import load_themes
from tests.integration.screens import shows, text_of
from tests.simulator.hand_clock import HandClock, walk

NIGHT_S = 7 * 3_600 + 12 * 60
AGAIN_S = 8.0
VENDORS = ("prometheus", "alertmanager", "pagerduty", "sentry")

FAULTS: dict[str, dict[str, object]] = {
    "connection dropped": {"off": True},
    "503 with Retry-After": {"status": 503, "retry_after_s": 30},
    "429": {"status": 429, "retry_after_s": 30},
    "401": {"status": 401},
    "reset half-way": {"answer": "reset"},
    "empty body": {"answer": "empty"},
    "truncated JSON": {"answer": "truncated"},
    "HTML 502": {"answer": "html"},
    "wrong shape": {"answer": "wrong shape"},
    "redirect to another host": {"answer": "redirect"},
    "bytes one by one": {"answer": "slow"},
    "huge body": {"answer": "huge"},
}
"""Faults that no source can get an answer through."""


@dataclass(frozen=True)
class Stage:
    """The app, the vendors it looks at, and the clock of both."""

    simulator: Simulator
    clock: HandClock
    app: OncallApp
    pilot: Pilot[None]

    def break_vendor(self, vendor: str, **fault: object) -> None:
        self.simulator.wire.faults[vendor] = Fault.from_json(fault, self.clock())

    def source(self, vendor: str) -> Freshness:
        found = self.app.situation.source(SourceName(vendor))
        assert found is not None
        return found

    def kept_of(self, vendor: str) -> int:
        """How much of what is shown comes from a vendor."""
        situation = self.app.situation
        alerts = sum(record.source == vendor for alert in situation.alerts for record in alert.records)
        return alerts + (len(situation.services) if vendor == "prometheus" else 0)

    def give_token(self, vendor: str, folder: Path) -> None:
        """Put the token where the configuration says that it is."""
        token = folder / f"{vendor}.token"
        token.touch(mode=0o600)
        token.write_text(self.simulator.endpoints[vendor].token)

    def live(self, minutes: int) -> None:
        """Let the world live on."""
        for _ in range(minutes):
            walk(self.simulator.world, self.clock, 60)

    async def ask(self) -> None:
        """A minute later, look again."""
        self.live(1)
        await self.pilot.press("R")

    async def asks_until(self, holds: Callable[[], object], what: str) -> None:
        """Look until it is so: a machine that stands still for a moment keeps good answers from coming in time, too."""
        await self.ask()

        async def again() -> None:
            while True:
                await asyncio.sleep(AGAIN_S)
                await self.pilot.press("R")

        asking = asyncio.create_task(again())
        try:
            await shows(self.pilot, holds, what)
        finally:
            asking.cancel()

    async def shows_text(self, *texts: str) -> None:
        """Wait until every one of these stands on the screen."""
        for text in texts:
            await shows(self.pilot, lambda text=text: text in text_of(self.app), text)  # type: ignore[misc]

    async def views_open(self) -> None:
        """Keys lead to another view and back."""
        for key, mode in (("2", "alerts"), ("1", "overview")):
            await self.pilot.press(key)
            await shows(self.pilot, lambda mode=mode: self.app.current_mode == mode, mode)  # type: ignore[misc]

    async def sources_tell(self, *texts: str) -> None:
        """The list of sources opens, says this, and closes again."""
        await self.pilot.press("b")
        await self.shows_text("Sources", *texts)
        await self.pilot.press("escape")
        await shows(self.pilot, lambda: isinstance(self.app.screen, View), "the view under the dialog")


@asynccontextmanager
async def on_stage(
    folder: Path,
    *,
    size: tuple[int, int] = (120, 36),
    interval: str = "1h",
    monotonic: Monotonic | None = None,
    without_token_of: str = "",
) -> AsyncIterator[Stage]:
    clock = HandClock()
    async with running(SimulatorOptions(clock, is_ticking=False, history_s=7_200, tick_s=15)) as simulator:
        walk(simulator.world, clock, 60)
        path = write_config(folder, simulator.announcement())
        path.write_text(re.sub(r'interval = "\d+s"', f'interval = "{interval}"\ntimeout = "4s"', path.read_text()))
        if without_token_of:
            (folder / f"{without_token_of}.token").unlink()
        config = load(path)

        def now() -> datetime:
            return datetime.fromtimestamp(clock(), UTC)

        themes = load_themes(shipped("themes").glob("*.toml")).themes
        rooms = partial(open_rooms, config, environ={}, clock=now, monotonic=monotonic)
        app = OncallApp(config, rooms, clock=now, timezone=UTC, themes=themes, tick_every=0.2)
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            await shows(pilot, lambda: len(app.situation.freshness) == 4, "four sources")
            await shows(
                pilot, lambda: all(one.fetched_at or one.failure for one in app.situation.freshness), "outcomes"
            )
            stage = Stage(simulator, clock, app, pilot)
            wanted = [one for one in VENDORS if one != without_token_of]
            if any(stage.source(one).failure for one in wanted):
                await stage.asks_until(lambda: not any(stage.source(one).failure for one in wanted), "answers")
            yield stage


@pytest.fixture(autouse=True)
def no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried again within a poll: a fault that lasts would only be met three times."""
    monkeypatch.setattr(retry.Retry.__init__, "__defaults__", (0,))


async def fail(stage: Stage, faults: Mapping[str, str]) -> None:
    """While faults last, each source is named with its since-when, and what it told last stays with its age."""
    before = {vendor: (stage.source(vendor).fetched_at, stage.kept_of(vendor)) for vendor in faults}
    for vendor, name in faults.items():
        stage.break_vendor(vendor, **FAULTS[name])
    await stage.asks_until(lambda: {one for one in VENDORS if stage.source(one).failure} == set(faults), str(faults))
    stage.live(4)
    for vendor, (last, kept) in before.items():
        assert last is not None
        assert kept > 0
        await stage.shows_text(f"✗ {vendor} failing 4m")
        # Two parts of the screen tell of it, and one of them may be drawn first.
        await shows(
            stage.pilot,
            lambda told=(f"✗ {vendor} ", f" for 4 min, showing {last:%H:%M}."): _line_with(stage, *told),  # type: ignore[misc]
            f"the age of what {vendor} told",
        )
        assert (stage.source(vendor).fetched_at, stage.kept_of(vendor)) == (last, kept), faults


def _line_with(stage: Stage, name: str, words: str) -> bool:
    """Whether the one line below the first that has a name has these words, too."""
    lines = [one for one in text_of(stage.app).splitlines()[1:] if name in one]
    return len(lines) == 1 and words in lines[0]


async def recover(stage: Stage) -> None:
    """With the faults everything said about them is gone."""
    stage.simulator.wire.faults.clear()
    await stage.asks_until(lambda: not any(stage.source(one).failure for one in VENDORS), "recovery")
    await shows(stage.pilot, lambda: "✗" not in text_of(stage.app).splitlines()[0], "a calm top line")


@pytest.mark.parametrize("pair", [("prometheus", "pagerduty"), ("alertmanager", "sentry")], ids="+".join)
async def test_every_fault_is_named_survived_and_recovered_from(pair: tuple[str, str], tmp_path: Path) -> None:
    names = list(FAULTS)
    async with on_stage(tmp_path) as stage:
        for number, name in enumerate(names):
            # Two sources go through all faults together, each through another one.
            await fail(stage, dict(zip(pair, (name, names[number - len(names) // 2]), strict=True)))
            if number % 2:
                await stage.views_open()
            else:
                await stage.sources_tell("next try in")
            await recover(stage)


async def test_words_that_nobody_knows_fail_no_source_or_name_it(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        before = {vendor: stage.kept_of(vendor) for vendor in VENDORS}
        for vendor in VENDORS:
            stage.break_vendor(vendor, answer="unknown words")
        asked_at = stage.clock()
        await stage.ask()

        def heard() -> bool:
            told = [stage.source(vendor) for vendor in VENDORS]
            return all(one.failure or (one.fetched_at and one.fetched_at.timestamp() > asked_at) for one in told)

        await shows(stage.pilot, heard, "an outcome of every source")
        assert all(stage.kept_of(vendor) > 0 for vendor in before)
        await stage.views_open()


async def test_a_vendor_that_asks_to_wait_is_not_asked_and_that_is_told(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.break_vendor("sentry", status=429, retry_after_s=5_400)
        await stage.ask()
        await shows(stage.pilot, lambda: stage.source("sentry").state is SourceState.FAILED, "the failure")
        until = stage.source("sentry").asked_to_wait_until
        assert until is not None
        await stage.sources_tell(f"asked to wait until {until:%H:%M}")


async def test_the_clock_that_is_wrong_is_named(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.break_vendor("sentry", clock_ahead_s=3_600)
        await stage.ask()
        await stage.shows_text("The clock of sentry is 1 h ahead")
        for vendor in VENDORS:
            stage.break_vendor(vendor, clock_ahead_s=-3_600)
        await stage.ask()
        await stage.shows_text("This machine's clock is 1 h ahead of that of every source")
        stage.simulator.wire.faults.clear()
        await stage.asks_until(lambda: "clock" not in text_of(stage.app), "no word of clocks")


async def test_when_all_fail_everything_is_kept_and_comes_back_by_itself(tmp_path: Path) -> None:
    async with on_stage(tmp_path, size=(80, 24), interval="5s") as stage:
        kept = len(stage.app.situation.alerts)
        for vendor in VENDORS:
            stage.break_vendor(vendor, status=503)
        await stage.ask()
        await shows(stage.pilot, lambda: all(stage.source(one).failure for one in VENDORS), "four failures")
        await stage.shows_text("2 more sources fail: b tells all")
        assert len(stage.app.situation.alerts) == kept > 0
        await stage.views_open()
        stage.simulator.wire.faults.clear()
        await shows(stage.pilot, lambda: not any(stage.source(one).failure for one in VENDORS), "four answers")
        await shows(stage.pilot, lambda: "✗" not in text_of(stage.app), "no word of failures")


async def test_a_laptop_that_slept_says_so_and_asks_everybody_at_once(tmp_path: Path) -> None:
    async with on_stage(tmp_path, monotonic=lambda: 0.0) as stage:
        stage.break_vendor("sentry", delay_s=30)
        stage.clock.now += NIGHT_S
        await stage.shows_text("The laptop slept for 7 h 12 min; everything is asked again.")
        others = [one for one in VENDORS if one != "sentry"]
        await shows(
            stage.pilot, lambda: not any(stage.source(one).is_outdated for one in others), "three fresh answers"
        )
        await stage.shows_text("3 of 4 answered.")
        assert stage.source("sentry").is_outdated
        stage.simulator.wire.faults.clear()
        await shows(stage.pilot, lambda: not stage.source("sentry").is_outdated, "the fourth answer")
        await shows(stage.pilot, lambda: "of 4 answered" not in text_of(stage.app), "no word of the sleep")


async def test_without_a_secret_the_screen_starts_names_the_key_and_finds_it_later(tmp_path: Path) -> None:
    async with on_stage(tmp_path, without_token_of="sentry") as stage:
        await stage.shows_text("✗ sentry without its secret", "nothing to show yet", "sources.sentry.token")
        assert stage.app.situation.alerts
        stage.give_token("sentry", tmp_path)
        await stage.ask()
        await shows(stage.pilot, lambda: stage.source("sentry").state is SourceState.OK, "the answer of sentry")
