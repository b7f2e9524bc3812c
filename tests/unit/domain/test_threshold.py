"""A check is held against its limits: never green, never 0, never longer than what the samples show."""

from datetime import timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.threshold import Check, Direction, Level, Reading, Sample, Threshold, evaluate
from tests.unit.builders import NOW

MINUTE = timedelta(minutes=1)


def _samples(*values: float, step: timedelta = MINUTE) -> tuple[Sample, ...]:
    """The newest last, at ``NOW``."""
    return tuple(Sample(NOW - step * age, value) for age, value in zip(range(len(values))[::-1], values, strict=True))


def _check(
    warning: float | None = None,
    critical: float | None = None,
    *,
    warning_for: timedelta = timedelta(0),
    critical_for: timedelta = timedelta(0),
    direction: Direction = Direction.ABOVE,
    percent_of_maximum: bool = False,
) -> Check:
    return Check(
        "cpu",
        "api",
        "%",
        warning=None if warning is None else Threshold(warning, warning_for),
        critical=None if critical is None else Threshold(critical, critical_for),
        direction=direction,
        percent_of_maximum=percent_of_maximum,
    )


CPU = _check(70, 85, warning_for=5 * MINUTE, critical_for=3 * MINUTE)


def _now(check: Check, *values: float) -> Reading:
    return evaluate(check, _samples(*values), NOW)


@pytest.mark.parametrize(
    ("value", "level"),
    [(69.9, Level.OK), (70, Level.OK), (70.1, Level.WARNING), (85, Level.WARNING), (85.1, Level.CRITICAL)],
)
def test_a_value_exactly_on_a_limit_does_not_cross_it(value: float, level: Level) -> None:
    assert _now(_check(70, 85), value).level is level


@pytest.mark.parametrize(
    ("value", "level"),
    [(20.1, Level.OK), (20, Level.OK), (19.9, Level.WARNING), (10, Level.WARNING), (9.9, Level.CRITICAL)],
)
def test_below(value: float, level: Level) -> None:
    found = _now(_check(20, 10, direction=Direction.BELOW), value)
    assert found.level is level
    assert found.reason == {Level.OK: "", Level.WARNING: "under 20", Level.CRITICAL: "under 10"}[level]


def test_a_limit_counts_once_it_was_crossed_for_as_long_as_it_asks() -> None:
    assert _now(CPU, 71, 71, 71, 71, 71).level is Level.OK
    found = _now(CPU, 60, 71, 71, 71, 71, 71, 71)
    assert (found.level, found.reason, found.value) == (Level.WARNING, "over 70", 71)
    assert found.since == NOW - 5 * MINUTE


def test_the_shorter_wait_of_the_worse_limit_is_its_own() -> None:
    assert _now(CPU, 60, 90, 90, 90).level is Level.OK
    assert _now(CPU, 60, 90, 90, 90, 90).level is Level.CRITICAL
    assert _now(CPU, 71, 71, 71, 71, 71, 90).level is Level.WARNING


def test_a_limit_without_a_wait_needs_one_sample() -> None:
    reading = _now(_check(critical=500), 501)
    assert reading.level is Level.CRITICAL
    assert reading.since is None, "one sample does not show since when"


def test_samples_that_do_not_reach_back_far_enough_prove_nothing() -> None:
    assert _now(CPU, 99, 99, 99).level is Level.OK
    assert _now(CPU, 99).level is Level.OK


def test_a_dip_starts_the_wait_anew() -> None:
    assert _now(CPU, 71, 71, 71, 69, 71, 71, 71).level is Level.OK


@pytest.mark.parametrize("unknown", [nan, inf, -inf])
def test_a_value_that_is_no_number_starts_the_wait_anew(unknown: float) -> None:
    assert _now(CPU, 71, 71, 71, unknown, 71, 71, 71).level is Level.OK


def test_nothing_is_known_to_hold_over_a_gap_longer_than_stale() -> None:
    early = Sample(NOW - 20 * MINUTE, 99)
    check = _check(critical=85, critical_for=10 * MINUTE)
    assert evaluate(check, (early, *_samples(99, 99)), NOW).level is Level.OK
    bridged = (early, Sample(NOW - 15 * MINUTE, 99), Sample(NOW - 10 * MINUTE, 99), *_samples(99, step=MINUTE))
    assert evaluate(check, bridged, NOW, stale_after=10 * MINUTE).since == early.at


def test_a_step_rounded_by_the_source_does_not_cost_the_limit() -> None:
    late = (Sample(NOW - 3 * MINUTE + timedelta(milliseconds=800), 90), Sample(NOW, 90))
    assert evaluate(CPU, late, NOW).level is Level.CRITICAL


@pytest.mark.parametrize(("value", "reason"), [(nan, "not a number"), (inf, "infinite"), (-inf, "infinite")])
def test_a_newest_value_that_is_no_number_is_unknown(value: float, reason: str) -> None:
    found = _now(_check(70, 85), 99, value)
    assert (found.level, found.value, found.reason) == (Level.UNKNOWN, None, reason)


def test_no_sample_is_unknown() -> None:
    assert _now(CPU).level is Level.UNKNOWN
    assert _now(CPU).reason == "no data"


def test_an_old_sample_is_unknown_and_says_its_time() -> None:
    old = (Sample(NOW - 5 * MINUTE - timedelta(seconds=1), 10),)
    found = evaluate(_check(70), old, NOW)
    assert (found.level, found.value, found.reason) == (Level.UNKNOWN, None, "last value at 02:08 UTC")
    assert evaluate(_check(70), old, NOW, stale_after=6 * MINUTE).level is Level.OK


def test_a_sample_exactly_as_old_as_allowed_counts() -> None:
    assert evaluate(_check(70), (Sample(NOW - 5 * MINUTE, 71),), NOW).level is Level.WARNING


def test_percent_of_a_maximum() -> None:
    found = evaluate(_check(70, 85, percent_of_maximum=True), _samples(180), NOW, maximum=200)
    assert (found.level, found.value) == (Level.CRITICAL, 90)


@given(st.integers(1, 99), st.integers(1, 10_000).map(lambda number: number * 100))
def test_a_percentage_exactly_on_its_limit_does_not_cross_it(limit: int, maximum: int) -> None:
    check = _check(limit, percent_of_maximum=True)
    assert evaluate(check, _samples(limit * maximum // 100), NOW, maximum=maximum).level is Level.OK


@pytest.mark.parametrize("maximum", [None, 0, -5, nan, inf])
def test_without_a_usable_maximum_nothing_is_claimed(maximum: float | None) -> None:
    found = evaluate(_check(70, percent_of_maximum=True), _samples(180), NOW, maximum=maximum)
    assert (found.level, found.value) == (Level.UNKNOWN, 180)
    assert "no maximum" in found.reason


def test_a_check_without_limits_is_only_a_value() -> None:
    assert _now(_check(), 12_345).level is Level.OK


def test_the_severity_follows_the_level() -> None:
    assert _now(_check(70, 85), 71).severity is CPU.warning_severity
    assert _now(_check(70, 85), 86).severity is CPU.critical_severity
    assert _now(_check(70, 85), 1).severity is None
    assert _now(CPU).severity is None


def test_the_window_is_the_longest_wait() -> None:
    assert CPU.window == 5 * MINUTE
    assert _check().window == timedelta(0)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12))
def test_since_is_never_before_a_sample_that_did_not_cross(values: list[float]) -> None:
    samples = _samples(*values)
    found = evaluate(CPU, samples, NOW)
    if found.since is not None:
        limit = 85 if found.level is Level.CRITICAL else 70
        assert all(sample.value > limit for sample in samples if sample.at >= found.since)
        assert found.since in {sample.at for sample in samples}
