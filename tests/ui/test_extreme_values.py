"""A query may give any number and a vendor any moment: none ends the screen."""

from dataclasses import replace
from datetime import UTC, datetime
from math import inf, nan
from zoneinfo import ZoneInfo

import pytest

from oncall_tui.config.model import ChartSettings, LineSettings
from oncall_tui.domain.situation import OnCall, Trend
from oncall_tui.domain.threshold import Sample
from tests.ui.desk import at_desk, config_of
from tests.ui.scenes import night
from tests.unit.builders import PAGERDUTY, alert, before, deployment, record

VALUES = (
    [1.7e308, -1.7e308],
    [-1e308, 1e308, 5.0],
    [1e300] * 3,
    [1e100, -1e100],
    [inf, -inf],
    [nan, nan],
    [5.0, inf, nan, 7.0],
    [5e-324, 0.0],
    [0.0] * 3,
    [-5.0, -6.0],
)
LIMITS = (None, 500.0, 1.7e308, -5.0, inf, nan)
SIZES = ((80, 24), (120, 36))
FIRST_AND_LAST = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_no_value_and_no_limit_ends_the_screen(size: tuple[int, int]) -> None:
    chart = ChartSettings(title="Latency", lines=(LineSettings(name="p95", query="up"),))
    async with at_desk(size=size, config=config_of(chart=chart)) as desk:
        for generation, values in enumerate(VALUES, 1):
            for number, limit in enumerate(LIMITS):
                samples = tuple(Sample(before(len(values) - i), value) for i, value in enumerate(values))
                trends = tuple(Trend(name, "api", "ms", samples, limit) for name in ("p50", "p95"))
                await desk.publish(replace(night(10 * generation + number), trends=trends))
                assert "5xx above 1 %" in desk.text(), (values, limit)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("moment", FIRST_AND_LAST, ids=["first", "last"])
async def test_no_moment_ends_the_screen(moment: datetime, zone: str) -> None:
    one = replace(alert(record(PAGERDUTY, "Q1", since=moment)), acknowledged_by="Bob", acknowledged_at=moment)
    me = OnCall("Ann", "primary", 1, moment, is_me=True)
    async with at_desk(config=config_of()) as desk:
        desk.app.timezone = ZoneInfo(zone)
        await desk.show(one, deployments=[deployment(at=moment)], on_call=[me])
        for key in ("2", "enter", "5", "1", "b"):
            await desk.press(key)
        assert "Sources" in desk.text()
