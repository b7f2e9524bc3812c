"""Pictures of the screen as it is meant to look.

After a change of the look: ``pytest -m snapshot --snapshot-update``, and look at each before it is committed.
"""

import asyncio
import sys
from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual_plotext import PlotextPlot

from oncall_tui.config.model import ChartSettings
from oncall_tui.ui.app import OncallApp
from tests.ui.desk import SIZES, Desk, FakeRooms, build, config_of, opened
from tests.ui.rota import log, staffed
from tests.ui.scenes import night

pytestmark = [
    pytest.mark.snapshot,
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="pictures are compared on one Python only: 3.11"),
]

CHART = ChartSettings("latency api, 24 h", (), unit="ms", limit=500)

Compare = Callable[..., bool]


def of_the_night(*, production: bool = True, theme: str = "oncall-dark") -> OncallApp:
    """The screen, its rooms open and not yet spoken."""
    return build(config_of(production=production, theme=theme, chart=CHART), FakeRooms())


def after(*keys: str) -> Callable[[Pilot[None]], object]:
    """Publish the night, wait for the chart where there is one, and press keys."""

    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, OncallApp)
        await opened(app, pilot)
        rooms = app.acting.rooms
        assert isinstance(rooms, FakeRooms)
        desk = Desk(app, pilot, rooms)
        await desk.publish(night())
        async with asyncio.timeout(60):
            while pilot.app.size.width >= 110 and not app.view.query(PlotextPlot):
                await pilot.pause()
        await desk.press(*keys)

    return steps


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", ["oncall-dark", "oncall-light"])
def test_overview(snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(of_the_night(theme=theme), run_before=after(), terminal_size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_alerts(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(of_the_night(production=False), run_before=after("2", "j"), terminal_size=size)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_groups(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ("2", "t", "j", "j", "space", "G", "c", "s", "s", "d", "g")
    assert snap_compare(of_the_night(production=False), run_before=after(*keys), terminal_size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_question_on_production(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(of_the_night(), run_before=after("2", "M", "a"), terminal_size=size)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_help(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(of_the_night(production=False), run_before=after("2", "question_mark"), terminal_size=size)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_jump_mode(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(of_the_night(production=False), run_before=after("f"), terminal_size=size)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_on_call(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, OncallApp)
        await opened(app, pilot)
        rooms = app.acting.rooms
        assert isinstance(rooms, FakeRooms)
        rooms.page_log = log()
        desk = Desk(app, pilot, rooms)
        await desk.publish(staffed())
        await desk.press("7")
        await desk.settle()

    assert snap_compare(of_the_night(production=False), run_before=steps, terminal_size=size)
