"""The lines of a view: they fit their width, and what is wrong is the last thing to go."""

from dataclasses import replace
from datetime import timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.query import Order
from oncall_tui.domain.service import Health
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Failure, Freshness, OnCall, Situation, SourceState, Trend, Verdict
from oncall_tui.domain.threshold import Level, Sample
from oncall_tui.ui.commands import REGISTRY
from oncall_tui.ui.keymap import read_keymap
from oncall_tui.ui.present import banner, dialogs, emptiness, headings, sparkline, top_line
from oncall_tui.ui.present.services import service_map
from tests.unit.builders import (
    ALERTMANAGER,
    NOW,
    PAGERDUTY,
    PROMETHEUS,
    SENTRY,
    alert,
    before,
    deployment,
    freshness,
    reading,
    record,
    service,
)

FAILING = replace(
    freshness(SENTRY, SourceState.FAILED, fetched_at=before(4)),
    failing_since=before(3),
    failure=Failure("unreachable", "sentry: no route", "Is the VPN up?"),
)
FINE = tuple(freshness(name) for name in (PROMETHEUS, ALERTMANAGER, PAGERDUTY))
ME = OnCall("Ann", "primary", 1, before(-60), is_me=True)


def situation(*sources: Freshness, **rest: object) -> Situation:
    return replace(Situation(1, NOW, freshness=sources), **rest)  # type: ignore[arg-type]


# The top line


@pytest.mark.parametrize("width", range(20, 201))
@pytest.mark.parametrize("name", ["rewapp", "", "an-environment-with-a-name-that-has-no-end-at-all-and-goes-on"])
def test_the_top_line_fits_and_never_hides_what_fails(width: int, name: str) -> None:
    for is_production in (True, False):
        told = top_line.fits(situation(*FINE, FAILING, on_call=(ME,)), name, is_production, NOW, width)
        assert told.cell_length <= width
        assert "✗" in told.plain
        assert "sentry" in told.plain[:width] or width < 24
        if is_production:
            assert told.plain.startswith(" PROD")


@pytest.mark.parametrize("width", range(20, 201))
def test_the_top_line_fits_with_any_number_of_sources(width: int) -> None:
    for count in range(8):
        sources = [replace(FINE[0], source=SourceName(f"prometheus-{i}")) for i in range(count)]
        assert top_line.fits(situation(*sources, on_call=(ME,)), "rewapp", True, NOW, width).cell_length <= width


def test_a_wide_top_line_has_everything() -> None:
    told = top_line.fits(situation(*FINE, on_call=(ME,)), "rewapp", True, NOW, 160).plain
    for words in ("PROD  rewapp", "on call: you until 03:14", "prometheus 0s", "pagerduty 0s"):
        assert words in told


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (FAILING, "✗ sentry failing 3m"),
        (replace(FINE[0], state=SourceState.PAUSED), "prometheus paused 0s"),
        (replace(FINE[0], fetched_at=NOW - timedelta(minutes=9)), "prometheus 9m"),
        (replace(FINE[0], state=SourceState.WAITING, fetched_at=None), "prometheus …"),
    ],
)
def test_every_source_has_its_age_or_what_is_wrong(one: Freshness, words: str) -> None:
    assert words in top_line.freshness([one], NOW).plain


def test_who_is_on_call_is_the_user_first_and_only_the_first_level() -> None:
    others = (OnCall("Bob", "primary", 1), OnCall("Cid", "primary", 2), ME)
    assert top_line.on_call(others, NOW).plain == "on call: you until 03:14"
    assert top_line.on_call(others[:2], NOW).plain == "on call: Bob"
    assert not top_line.on_call(others[1:2], NOW)


# The banner


@pytest.mark.parametrize("health", Health)
def test_the_banner_says_the_health_as_a_word(health: Health) -> None:
    assert banner.verdict(Verdict(health, "why")).plain == f" {health.value.upper()}   why"


def test_a_failure_is_told_with_reason_age_and_advice() -> None:
    told = banner.failures([*FINE, FAILING], NOW, 120).plain
    assert told == "✗ sentry unreachable for 3 min, showing 02:10.  sentry: no route  Is the VPN up?"


def test_many_failures_have_a_line_each_and_the_rest_is_counted() -> None:
    lines = banner.failures(
        [replace(FAILING, source=SourceName(f"s{i}")) for i in range(9)], NOW, 60
    ).plain.splitlines()
    assert [line[:4] for line in lines[:2]] == ["✗ s0", "✗ s1"]
    assert lines[2].startswith("✗ and 7 more sources fail")
    assert all(len(line) <= 60 for line in lines)


def test_nothing_that_fails_is_no_line() -> None:
    assert not banner.failures(FINE, NOW, 120)


# Services


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


# Sparklines


def trend(*values: float, limit: float | None = None) -> Trend:
    return Trend("p95", "api", "ms", tuple(Sample(before(len(values) - i), v) for i, v in enumerate(values)), limit)


@given(st.lists(st.floats(), max_size=50), st.integers(-1, 60))
def test_a_sparkline_is_as_wide_as_it_is_told(values: list[float], width: int) -> None:
    assert len(sparkline.spark(values, width)) == (width if values and width > 0 else 0)


def test_a_sparkline_shows_peaks_and_leaves_holes() -> None:
    assert sparkline.spark([0, 1, 2, 7], 4) == "▁▂▃█"
    assert sparkline.spark([0, nan, inf, 7], 4) == "▁  █"
    assert sparkline.spark([5, 5], 2) == "▁▁"
    assert sparkline.spark([0, 9, 0, 0], 2) == "█▁"


@given(st.lists(st.floats(allow_nan=False), max_size=20), st.integers(1, 200), st.integers(0, 3))
def test_the_line_of_trends_fits(values: list[float], width: int, count: int) -> None:
    assert sparkline.trend_line([trend(*values)] * count, width).cell_length <= width


def test_the_newest_value_is_told_and_its_limit_when_it_is_over() -> None:
    assert sparkline.newest(trend(1, 640, limit=500)).plain == "640 ms >500"
    assert sparkline.newest(trend(1, 88, limit=500)).plain == "88 ms"
    assert sparkline.newest(trend()).plain == "no data"


# Empty lists and headings


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ([], "Opening the sources …"),
        ([freshness(state=SourceState.WAITING, fetched_at=None)], "Waiting for prometheus …"),
        ([replace(FAILING, fetched_at=None)], "Not known: sentry never answered."),
        ([FAILING], "Nothing was shouting when sentry last answered."),
        ([*FINE], "Nothing is shouting."),
    ],
)
def test_nothing_not_known_and_failed_are_never_drawn_alike(sources: list[Freshness], words: str) -> None:
    assert emptiness.no_alerts(situation(*sources), "").plain == words


def test_a_filter_without_a_match_names_itself() -> None:
    told = emptiness.no_alerts(situation(*FINE, alerts=(alert(),)), "zzz").plain
    assert told == "No alert matches zzz  esc clears"


def test_no_deployments_says_when_nobody_could_tell_of_any() -> None:
    assert "No source tells" in emptiness.no_deployments(situation(freshness(PROMETHEUS))).plain
    assert "No deployment" in emptiness.no_deployments(situation(*FINE)).plain


def test_headings_count() -> None:
    rows = [alert(record(PAGERDUTY)), alert(replace(record(PAGERDUTY, "2"), is_mine=True))]
    assert headings.alerts(rows, 2).plain == "ALERTS  2 active, 1 yours, 2 not acknowledged"
    assert headings.alerts(rows, 1, "api", Order.AGE).plain.endswith("   1 match api   by age")
    assert headings.deployments([deployment()], 1).plain == "DEPLOYMENTS  1 recent  1 suspected"
    assert headings.services([service()]).plain == "SERVICES  1"


# Dialogs


def test_the_list_of_keys_has_every_command_under_its_group() -> None:
    keymap = read_keymap({})
    told = dialogs.keys(((one, True) for one in REGISTRY.values()), keymap).plain
    for one in REGISTRY.values():
        assert f"{keymap.shown(one.id):>7}  {one.summary()}" in told
        assert one.group.value.upper() in told


def test_a_target_that_is_held_already_is_named_so() -> None:
    one = replace(alert(record(severity=Severity.P1)), acknowledged_by="Ann", acknowledged_at=before(3))
    assert dialogs.acknowledge([one], NOW).plain.endswith("already acknowledged by Ann 3 min ago")
    assert "already" not in dialogs.acknowledge([alert()], NOW).plain
