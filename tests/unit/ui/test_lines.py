"""The lines of a view: they fit their width, and what is wrong is the last thing to go."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.alert import SourceKind, Status
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.query import Order
from oncall_tui.domain.service import Health
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import (
    Failure,
    Freshness,
    Interruption,
    OnCall,
    Situation,
    SourceState,
    Trend,
    Unseen,
    Verdict,
)
from oncall_tui.domain.threshold import Level, Sample
from oncall_tui.domain.verdict import shouting
from oncall_tui.ui.present import banner, dialogs, emptiness, headings, services, sparkline, top_line
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

CALM = top_line.environment("rewapp", is_production=False)
LOUD = top_line.environment("rewapp", is_production=True)


def situation(*sources: Freshness, **rest: object) -> Situation:
    return replace(Situation(1, NOW, freshness=sources), **rest)  # type: ignore[arg-type]


# The top line


@pytest.mark.parametrize("width", range(20, 201))
@pytest.mark.parametrize("name", ["rewapp", "", "an-environment-with-a-name-that-has-no-end-at-all-and-goes-on"])
def test_the_top_line_fits_and_never_hides_what_fails(width: int, name: str) -> None:
    for is_production in (True, False):
        told = top_line.fits(
            situation(*FINE, FAILING, on_call=(ME,)),
            top_line.environment(name, is_production=is_production),
            NOW,
            width,
        )
        assert told.cell_length <= width
        assert "✗" in told.plain
        assert "sentry" in told.plain[:width] or width < 24
        if is_production:
            assert told.plain.startswith(" PROD")


@pytest.mark.parametrize("width", range(20, 201))
def test_the_top_line_fits_with_any_number_of_sources(width: int) -> None:
    for count in range(8):
        sources = [replace(FINE[0], source=SourceName(f"prometheus-{i}")) for i in range(count)]
        assert top_line.fits(situation(*sources, on_call=(ME,)), LOUD, NOW, width).cell_length <= width


def test_what_does_not_fit_is_counted_and_not_cut() -> None:
    told = top_line.fits(situation(*FINE, FAILING), LOUD, NOW, 60)
    assert told.plain.endswith(" ✗ sentry failing 3m  3 fine 0s")
    assert told.cell_length == 60


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (100, "✗ prometheus-0 failing 3m  ✗ prometheus-1 failing 3m  3 more failing  3 fine 0s"),
        (79, "✗ prometheus-0 failing 3m  4 more failing  3 fine 0s"),
        (52, "✗ prometheus-0 failing 3m  4 more failing"),
        (36, "✗ 5 failing  3 fine 0s"),
        (21, "✗ 5 failing"),
    ],
)
def test_many_that_fail_are_named_as_far_as_they_fit_and_the_rest_is_counted(width: int, told: str) -> None:
    failing = [replace(FAILING, source=SourceName(f"prometheus-{i}")) for i in range(5)]
    line = top_line.fits(situation(*FINE, *failing), CALM, NOW, width).plain
    assert line.removeprefix(" rewapp ").lstrip() == told


def test_every_state_is_counted_under_its_word() -> None:
    long = "a-source-with-a-name-that-takes-all-the-room-there-is"
    sources = [
        replace(FINE[0], source=SourceName(f"{long}-{word}"), **change)
        for word, change in (
            ("old", {"fetched_at": before(9)}),
            ("paused", {"state": SourceState.PAUSED}),
            ("waiting", {"state": SourceState.WAITING, "fetched_at": None}),
        )
    ]
    line = top_line.fits(situation(*FINE, *sources), CALM, NOW, 120).plain
    assert line.endswith(f"{long}-old 9m  1 more paused  1 more waiting  3 fine 0s")
    assert top_line.fits(situation(*FINE), CALM, NOW, 30).plain.endswith("  3 fine 0s")


def test_one_name_hides_neither_what_else_fails_nor_what_is_old() -> None:
    other = replace(FAILING, source=SourceName("pagerduty"))
    old = replace(FINE[0], fetched_at=before(1), interval=timedelta(seconds=5))
    line = top_line.fits(
        situation(FINE[1], FAILING, other, old), top_line.environment("production", is_production=True), NOW, 72
    ).plain
    assert line.endswith("✗ sentry failing 3m  1 more failing  1 more old")


def test_a_wide_top_line_has_everything() -> None:
    told = top_line.fits(situation(*FINE, on_call=(ME,)), LOUD, NOW, 160).plain
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
    told = banner.failures([*FINE, FAILING], NOW, 120, "b").plain
    assert told == "✗ sentry unreachable for 3 min, showing 02:10.  no route  Is the VPN up?"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("timed out", "without an answer for 3 min"),
        ("unauthorised", "refusing our credential for 3 min"),
        ("rate limited", "limiting our requests for 3 min"),
        ("refused", "answering with errors for 3 min"),
        ("malformed", "unreadable for 3 min"),
        ("no secret", "without its secret for 3 min"),
        ("failed", "failing for 3 min"),
    ],
)
def test_a_failure_is_told_in_words_and_not_by_its_code(kind: str, words: str) -> None:
    one = replace(FAILING, failure=Failure(kind, "sentry: why"))
    assert f"✗ sentry {words}, showing 02:10.  why" in banner.failures([one], NOW, 120, "b").plain


def test_many_failures_have_a_line_each_and_the_rest_is_counted() -> None:
    failing = [replace(FAILING, source=SourceName(f"s{i}")) for i in range(9)]
    lines = banner.failures(failing, NOW, 60, "b").plain.splitlines()
    assert [line[:4] for line in lines[:2]] == ["✗ s0", "✗ s1"]
    assert lines[2] == "✗ and 7 more sources fail: b tells all"
    assert all(len(line) <= 60 for line in lines)
    assert banner.failures(failing, NOW, 60, "", listed=1).plain == "✗ 9 sources fail"


def test_nothing_that_fails_is_no_line() -> None:
    assert not banner.failures(FINE, NOW, 120, "b")
    assert not banner.view_troubles(situation(*FINE), NOW, 120, "b")


NIGHT = Interruption(Unseen.SLEPT, timedelta(hours=7, minutes=12), NOW)
OUTDATED = tuple(replace(one, is_outdated=True) for one in FINE)


def test_a_sleep_is_told_with_how_many_have_answered_since() -> None:
    told = banner.view_troubles(situation(FINE[0], *OUTDATED[1:], interruption=NIGHT), NOW, 120, "b").plain
    slept = "↻ The laptop slept for 7 h 12 min; everything is asked again."
    assert told == f"{slept} 1 of 3 answered."


def test_a_stop_of_the_program_is_not_called_a_sleep() -> None:
    stopped = replace(NIGHT, cause=Unseen.STOPPED)
    told = banner.view_troubles(situation(*OUTDATED, interruption=stopped), NOW, 120, "b").plain
    assert told.startswith("↻ oncall-tui was stopped for 7 h 12 min; everything is asked again.")


def test_while_paused_nothing_is_said_to_be_asked() -> None:
    paused = [replace(one, state=SourceState.PAUSED) for one in OUTDATED]
    told = banner.view_troubles(situation(*paused, interruption=NIGHT), NOW, 120, "b").plain
    assert "polling is paused" in told
    assert "asked again" not in told


def skewed(*skews: float) -> list[Freshness]:
    return [replace(one, skew=skew) for one, skew in zip(FINE, skews, strict=False)]


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (skewed(720.0, 721.0, 719.0), "! This machine's clock is 12 min behind that of every source: ages are wrong."),
        (skewed(-3_600.0, -3_600.0), "! This machine's clock is 1 h ahead of that of every source: ages are wrong."),
        (skewed(0.0, 3_600.0, 0.0), "! The clock of alertmanager is 1 h ahead: the ages of what it tells are wrong."),
        (skewed(0.0, -90.0, 0.0), "! The clock of alertmanager is 1 min behind: the ages of what it tells are wrong."),
        (skewed(3_600.0), "! The clocks of prometheus and of this machine are 1 h apart: ages are wrong."),
    ],
)
def test_the_clock_that_is_wrong_is_named(sources: list[Freshness], words: str) -> None:
    assert banner.view_troubles(situation(*sources), NOW, 120, "b").plain.startswith(words)
    assert words in dialogs.sources(sources, NOW).plain


def test_troubles_of_the_view_leave_room_for_one_another() -> None:
    failing = [replace(FAILING, source=SourceName(f"s{i}")) for i in range(9)]
    told = banner.view_troubles(situation(*skewed(720.0, 720.0), *failing, interruption=NIGHT), NOW, 78, "b").plain
    lines = told.splitlines()
    assert [line[:3] for line in lines] == ["↻ T", "! T", "✗ 9"]
    assert all(len(line) <= 78 for line in lines)


# The list of sources


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"next_poll_at": before(-40 / 60)}, "next try in 40 s"),
        ({"next_poll_at": before(0.1)}, "being asked now"),
        ({"next_poll_at": before(-5), "asked_to_wait_until": before(-5)}, "asked to wait until 02:19, 5 min from now"),
    ],
)
def test_the_list_of_sources_tells_when_the_next_try_is(change: dict[str, datetime], words: str) -> None:
    told = dialogs.sources([replace(FAILING, **change)], NOW).plain  # type: ignore[arg-type]
    assert words in told


def test_the_list_of_sources_tells_what_is_from_before_a_sleep() -> None:
    told = dialogs.sources([OUTDATED[0], FINE[1]], NOW).plain
    assert told.splitlines()[0].endswith(" outdated")
    assert told.count("being asked now") == 1, "and nothing is promised that is not planned"


@pytest.mark.parametrize("width", [40, 66, 120])
def test_what_is_said_of_a_source_stands_below_its_name_on_every_line(width: int) -> None:
    hint = "Overloaded, or a slow network? Look there, or raise `timeout` of this source. " * 3
    told = dialogs.sources([replace(FAILING, failure=Failure("slow", "slow", hint))], NOW, width).plain.splitlines()
    assert told[0].startswith("sentry  failed"), "a kind that is its name is not repeated"
    assert all(line.startswith("  ") and line[2] != " " and len(line) <= width for line in told[1:])
    assert len(told) > 5


def test_the_list_of_sources_begins_with_what_is_wrong() -> None:
    told = dialogs.sources([FINE[0], OUTDATED[1], FAILING], NOW).plain.splitlines()
    assert [line.split()[0] for line in told if line[:1].strip()] == ["sentry", "alertmanager", "prometheus"]
    assert told[1:4] == ["  unreachable for 3 min, since 02:11", "  no route", "  Is the VPN up?"]


def test_a_clock_that_is_a_little_off_is_a_fact_and_no_trouble() -> None:
    assert "  its clock is 12 s ahead of ours" in dialogs.sources(skewed(12.0, 0.0), NOW).plain
    assert "clock" not in dialogs.sources(skewed(1.0, -2.0), NOW).plain


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


@pytest.mark.parametrize(
    ("status", "sign"), [(Status.FIRING, "●"), (Status.ACKNOWLEDGED, "✓"), (Status.SILENCED, None)]
)
def test_a_service_that_measures_well_stands_with_the_alert_that_is_about_it(status: Status, sign: str | None) -> None:
    loud = alert(record(title="api: Down", service="API", severity=Severity.P1, status=status))
    minor = alert(record(title="slow", service="web", severity=Severity.P3))
    bad = service("qr", 3, 3, reading())
    told = service_map([bad, service("api"), service("web")], 80, 4, shouting=shouting([loud, minor])).plain
    lines = [line.split() for line in told.splitlines()]
    assert lines[0][:2] == ["▲", "qr"]
    assert lines[1:] == ([[sign, "api", "P1", "Down"], ["·", "web"]] if sign else [["·", "api", "·", "web"]])


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
    assert sparkline.spark([1.7e308, -1.7e308], 2) == "█▁"
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
        ([FINE[0], OUTDATED[1]], "Nothing was shouting when alertmanager last answered."),
        ([replace(FINE[0], fetched_at=before(9))], "Nothing was shouting when prometheus last answered."),
    ],
)
def test_nothing_not_known_and_failed_are_never_drawn_alike(sources: list[Freshness], words: str) -> None:
    assert emptiness.no_alerts(situation(*sources), "").plain == words


def test_a_filter_without_a_match_names_itself() -> None:
    told = emptiness.no_alerts(situation(*FINE, alerts=(alert(),)), "zzz").plain
    assert told == "No alert matches zzz  esc clears"


def test_no_deployments_says_when_nobody_could_tell_of_any() -> None:
    assert "No source tells" in emptiness.no_deployments(situation(freshness(PROMETHEUS))).plain
    assert emptiness.no_deployments(situation(*FINE)).plain == "No deployment in the last days."
    old = emptiness.no_deployments(situation(*OUTDATED)).plain
    assert old == "No deployment was known when pagerduty last answered."


def test_headings_count() -> None:
    rows = [alert(record(PAGERDUTY)), alert(replace(record(PAGERDUTY, "2"), is_mine=True))]
    assert headings.alerts(rows, 2).plain == "ALERTS  2 active, 1 yours, 2 not acknowledged"
    assert headings.alerts(rows, 1, read_filter("api"), Order.AGE).plain.endswith("   1 match api   by age")
    unfinished = headings.alerts(rows, 2, read_filter("api sev:9")).plain
    assert unfinished == "ALERTS  2 match   sev:9: severities are 1 to 5, or P1 to P5"
    assert headings.deployments([deployment()], 1).plain == "DEPLOYMENTS  1 recent  1 suspected"
    assert headings.services([service()]).plain == "SERVICES  1"


def test_an_empty_list_is_not_counted_since_it_may_be_unknown() -> None:
    assert headings.alerts([], 0).plain.strip() == "ALERTS"
    assert headings.deployments([], 0).plain == "DEPLOYMENTS"


# Dialogs


def test_a_target_that_is_held_already_is_named_so() -> None:
    one = replace(alert(record(severity=Severity.P1)), acknowledged_by="Ann", acknowledged_at=before(3))
    assert dialogs.acknowledge([one], NOW).plain.endswith("already acknowledged by Ann 3 min ago")
    assert "already" not in dialogs.acknowledge([alert()], NOW).plain
