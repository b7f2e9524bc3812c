"""The whole product on the four simulated vendors: the incident appears, is acknowledged, and the pager knows of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from oncall_tui.assembly import open_rooms
from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.config.paths import shipped
from oncall_tui.domain.alert import Status
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.verb import Verb
from oncall_tui.response.report import Outcome
from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.theming import load_themes
from tests.integration.screens import shows, text_of
from tests.simulator.hand_clock import HandClock, walk

INCIDENT_S = 26


@dataclass(frozen=True)
class Stage:
    """The app, the vendors it looks at, and the clock of both."""

    simulator: Simulator
    clock: HandClock
    app: OncallApp
    pilot: Pilot[None]

    async def walk(self, seconds: int) -> None:
        """Let the world live on, then look at it."""
        for _ in range(seconds // 2):
            walk(self.simulator.world, self.clock, 2)
        await self.pilot.press("R")

    def fail(self, vendor: str, status: int) -> None:
        """Let ``vendor`` answer with ``status`` from now on."""
        fault = Fault.from_json({"vendor": vendor, "status": status, "for_s": 600}, self.clock())
        self.simulator.wire.faults[vendor] = fault

    def acknowledges(self) -> list[str]:
        """The bodies of the acknowledges that PagerDuty received."""
        received = self.simulator.wire.received("pagerduty")
        return [str(one.body) for one in received if one.method == "PUT"]


@asynccontextmanager
async def on_stage(folder: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Stage]:
    clock = HandClock()
    async with running(SimulatorOptions(clock, is_ticking=False, history_s=7_200)) as simulator:
        config = load(write_config(folder, simulator.announcement()))

        def now() -> datetime:
            return datetime.fromtimestamp(clock(), UTC)

        themes = load_themes(shipped("themes").glob("*.toml")).themes
        rooms = partial(open_rooms, config, environ={}, clock=now, monotonic=None)
        app = OncallApp(config, rooms, clock=now, timezone=UTC, themes=themes)
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            await shows(pilot, lambda: len(app.situation.freshness) == 4, "four sources")
            await shows(pilot, lambda: all(one.fetched_at for one in app.situation.freshness), "four answers")
            yield Stage(simulator, clock, app, pilot)


async def test_the_incident_appears_with_its_suspect_and_is_acknowledged(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        assert all(one.severity > Severity.P1 for one in stage.app.situation.alerts)
        await stage.walk(INCIDENT_S)

        def page() -> bool:
            alerts = stage.app.situation.alerts
            return any(one.severity is Severity.P1 and len(one.records) == 3 and one.suspects for one in alerts)

        await shows(stage.pilot, page, "one P1 alert of three records with its suspect")
        assert [one.severity for one in stage.app.situation.alerts].count(Severity.P1) == 1
        await stage.pilot.press("g")
        for words in ("5xx above 1 %", "api 2.41.0 just before"):
            await shows(stage.pilot, lambda words=words: words in text_of(stage.app), words)  # type: ignore[misc]

        first = stage.app.situation.alerts[0]
        await stage.pilot.press("a")
        await shows(stage.pilot, stage.acknowledges, "the acknowledge at PagerDuty")
        assert first.records[0].id in stage.acknowledges()[0]

        def confirmed() -> bool:
            alert = stage.app.situation.alert(first.id)
            return alert is not None and alert.status is Status.ACKNOWLEDGED

        await shows(stage.pilot, confirmed, "the acknowledge in the next picture")
        await shows(stage.pilot, lambda: "you, 0 s ago" in text_of(stage.app), "who holds it")
        assert len(stage.acknowledges()) == 1


async def test_a_pager_that_fails_is_said_with_the_reason_and_a_second_try_goes_through(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.walk(INCIDENT_S)
        await shows(stage.pilot, lambda: stage.app.situation.alerts[0].severity is Severity.P1, "the page")
        await stage.pilot.press("g")
        stage.fail("pagerduty", 501)
        await stage.pilot.press("a")
        await shows(stage.pilot, lambda: "not acknowledged:" in text_of(stage.app), "the failure on the row")
        assert stage.app.situation.alerts[0].status is Status.FIRING
        stage.simulator.wire.faults.clear()
        await stage.pilot.press("a")

        def confirmed() -> bool:
            return stage.app.situation.alerts[0].status is Status.ACKNOWLEDGED

        await shows(stage.pilot, lambda: "not acknowledged:" not in text_of(stage.app), "the row without the failure")
        await shows(stage.pilot, confirmed, "the acknowledge in the next picture")


async def test_a_source_that_goes_down_keeps_its_records_with_their_age(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        count = len(stage.app.situation.alerts)
        stage.fail("pagerduty", 503)
        await stage.walk(4)
        await shows(stage.pilot, lambda: "pagerduty failing" in text_of(stage.app), "which source fails")
        assert len(stage.app.situation.alerts) >= count
        stage.simulator.wire.faults.clear()
        await stage.pilot.press("R")
        await shows(stage.pilot, lambda: "failing" not in text_of(stage.app), "recovery by itself")


async def test_an_acknowledge_that_quitting_cut_off_is_sent_by_the_next_start(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.walk(INCIDENT_S)

        def page() -> bool:
            return any(one.severity is Severity.P1 and len(one.records) == 3 for one in stage.app.situation.alerts)

        await shows(stage.pilot, page, "the P1 alert")
        stage.simulator.wire.faults["pagerduty"] = Fault(delay_s=300)
        await stage.pilot.press("g", "a")
        await shows(stage.pilot, lambda: "acknowledging …" in text_of(stage.app), "an acknowledge under way")
        rooms = stage.app.acting.rooms
        assert rooms is not None
        await stage.pilot.press("q")
        await rooms.close()
        await asyncio.gather(*stage.app.acting._tasks)
        stage.simulator.wire.faults.clear()

        again = await open_rooms(stage.app.config, environ={}, clock=stage.app.now, monotonic=None)
        assert [one.intent.action.verb for one in await again.unsent()] == [Verb.ACKNOWLEDGE]
        (report,) = await again.recover()
        assert report.outcome is Outcome.CONFIRMED
        await again.close()
