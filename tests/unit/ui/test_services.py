"""The map of services and the sparklines of trends."""

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.alert import SourceKind, Status
from oncall_tui.domain.service import Service, Targets
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.shouting import shouting
from oncall_tui.domain.situation import (
    Trend,
)
from oncall_tui.domain.threshold import Level, Sample
from oncall_tui.ui.present import headings, services, sparkline
from oncall_tui.ui.present.services import service_map
from tests.unit.builders import (
    NOW,
    alert,
    before,
    reading,
    record,
    service,
)
from tests.unit.ui.pictures import FAILING, FINE, OUTDATED, situation


@given(st.integers(0, 30), st.integers(0, 30), st.integers(40, 200), st.integers(1, 20))
def test_the_map_of_services_counts_whom_it_cannot_name(bad: int, good: int, width: int, height: int) -> None:
    services = [service(f"bad{i}", 3, 3, reading()) for i in range(bad)] + [service(f"good{i}") for i in range(good)]
    lines = service_map(services, width, height).split("\n", allow_blank=True)
    assert len(lines) <= max(height, 2)
    if not services:
        return
    assert all(line.cell_length <= width for line in lines)
    text = "\n".join(line.plain for line in lines)
    named = sum(f" bad{i} " in text for i in range(bad))
    counted = [int(line.plain.split()[1]) for line in lines if "more services are not well" in line.plain]
    assert named + sum(counted) == bad, text
    assert all(f" good{i} " in text for i in range(good)) or f"{good} service" in text


def test_what_is_not_known_is_not_among_the_fine() -> None:
    told = service_map([service("api", 3, 3, reading(Level.UNKNOWN)), service("web")], 80, 4).plain
    assert "?" in told.splitlines()[0]
    assert "api" in told.splitlines()[0]


@pytest.mark.parametrize(
    ("status", "sign"), [(Status.FIRING, "●"), (Status.ACKNOWLEDGED, "✓"), (Status.SILENCED, None)]
)
def test_a_service_that_measures_well_stands_with_the_alert_that_is_about_it(status: Status, sign: str | None) -> None:
    loud = alert(record(title="api: Down", service="API", severity=Severity.P1, status=status))
    minor = alert(record(title="slow", service="web", severity=Severity.P3))
    bad = service("qr", 3, 3, reading())
    told = service_map(
        [bad, service("api"), service("web")],
        80,
        4,
        shouting=shouting([loud, minor], [bad, service("api"), service("web")]),
    ).plain
    lines = [line.split() for line in told.splitlines()]
    assert lines[0][:2] == ["▲", "qr"]
    assert lines[1:] == ([[sign, "api", "P1", "Down"], ["·", "web"]] if sign else [["·", "api", "·", "web"]])


def test_environments_are_told_apart_when_there_are_several_and_only_then() -> None:
    fine = [Service(name, "production", Targets(3, 3)) for name in ("api", "web")]
    bad = Service("api", "staging", Targets(0, 3))
    assert service_map([bad, *fine], 80, 4).plain.splitlines() == [
        "■ api staging  3 of 3 targets down",
        "· api prod      · web prod      ",
    ]
    alone = service_map([replace(bad, environment="prod"), *fine], 80, 4).plain.splitlines()
    assert alone == ["■ api          3 of 3 targets down", "· api           · web           "]
    long = [Service("checkout-payments", one, Targets(1, 1)) for one in ("production-eu", "production-us")]
    assert "checkout-payments prod-eu" in service_map(long, 80, 4).plain


def test_old_services_are_dated_and_have_no_colour() -> None:
    fresh, old = situation(*FINE), situation(*OUTDATED)
    assert services.as_of(fresh) is None
    assert services.as_of(old) == NOW
    assert services.as_of(situation(FINE[0], FAILING)) is None, "they are told by Prometheus"
    assert services.as_of(situation(replace(FAILING, kind=SourceKind.PROMETHEUS))) == before(4)
    assert headings.services([service()], "02:10").plain == "SERVICES  1  as of 02:10"
    shown = service_map([service("api", 3, 3, reading()), service("web")], 80, 2, "02:10")
    assert {str(span.style) for span in shown.spans} == {"$dim"}
    assert shown.plain.splitlines()[1] == "· 1 service was fine (02:10)"
    assert "2 services were fine (02:10)" in service_map([service("web"), service("qr")], 80, 1, "02:10").plain


def trend(*values: float, limit: float | None = None) -> Trend:
    return Trend("p95", "api", "ms", tuple(Sample(before(len(values) - i), v) for i, v in enumerate(values)), limit)


@given(st.lists(st.floats(), max_size=50), st.integers(-1, 60))
def test_a_sparkline_is_as_wide_as_it_is_told(values: list[float], width: int) -> None:
    assert len(sparkline.spark(values, width)) == (width if values and width > 0 else 0)


def test_a_sparkline_shows_peaks_and_leaves_holes() -> None:
    assert sparkline.spark([0, 1, 2, 7], 4) == "▁▂▃█"
    assert sparkline.spark([0, nan, inf, 7], 4) == "▁  █"
    assert sparkline.spark([5, 5], 2) == "▁▁"
    assert sparkline.spark([1.7e308, -1.7e308], 2) == "█▁"
    assert sparkline.spark([0, 9, 0, 0], 2) == "█▁"


@given(st.lists(st.floats(allow_nan=False), max_size=20), st.integers(1, 200), st.integers(0, 3))
def test_the_line_of_trends_fits(values: list[float], width: int, count: int) -> None:
    assert sparkline.trend_line([trend(*values)] * count, width).cell_length <= width


def test_the_newest_value_is_told_and_its_limit_when_it_is_over() -> None:
    assert sparkline.newest(trend(1, 640, limit=500)).plain == "640 ms >500"
    assert sparkline.newest(trend(1, 88, limit=500)).plain == "88 ms"
    assert sparkline.newest(trend()).plain == "no data"
