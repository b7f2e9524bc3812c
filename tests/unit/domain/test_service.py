"""The health of a service, and its readings in words."""

from dataclasses import replace

import pytest

from oncall_tui.domain.service import (
    Health,
    Service,
    describe,
    format_value,
    health_of_severity,
    service_id,
    worst_health,
)
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.threshold import Check, Level, Reading
from tests.unit.builders import reading, service


def test_unknown_is_worse_than_up_and_better_than_trouble() -> None:
    assert worst_health([Health.UP, Health.UNKNOWN]) is Health.UNKNOWN
    assert worst_health([Health.UNKNOWN, Health.DEGRADED]) is Health.DEGRADED
    assert worst_health([Health.DEGRADED, Health.DOWN, Health.UP]) is Health.DOWN
    assert worst_health([]) is Health.UNKNOWN


@pytest.mark.parametrize(
    ("severity", "health"),
    [
        (Severity.P1, Health.DOWN),
        (Severity.P2, Health.DEGRADED),
        (Severity.P3, Health.DEGRADED),
        (Severity.P4, Health.UP),
        (Severity.P5, Health.UP),
        (None, Health.UP),
    ],
)
def test_health_of_a_severity(severity: Severity | None, health: Health) -> None:
    assert health_of_severity(severity) is health


@pytest.mark.parametrize(
    ("up", "total", "health"),
    [(3, 3, Health.UP), (2, 3, Health.DEGRADED), (0, 3, Health.DOWN), (0, 0, Health.UNKNOWN)],
)
def test_health_of_targets(up: int, total: int, health: Health) -> None:
    assert service("api", up, total).health is health


def test_a_service_is_known_by_its_name_there_whatever_else_is_told_of_it() -> None:
    api = Service("API", "prod")
    assert api.id == Service("api", "Production", url="https://api.example/").id == service_id("Api", "PROD")
    assert replace(api, environment="staging").id == ("api", "staging")


def test_a_service_that_nobody_measures_is_unknown() -> None:
    assert Service("api").health is Health.UNKNOWN
    assert Service("api").troubles == ()


def test_a_check_that_cannot_be_read_makes_a_service_unknown_but_hides_no_trouble() -> None:
    assert service("api", 3, 3, reading(Level.UNKNOWN)).health is Health.UNKNOWN
    assert service("api", 3, 3, reading(Level.UNKNOWN), reading()).health is Health.DEGRADED
    assert service("api", 0, 3, reading(Level.UNKNOWN)).health is Health.DOWN


def test_the_worst_severity_of_the_readings() -> None:
    assert service("api", 3, 3, reading(), reading(severity=Severity.P1)).severity is Severity.P1
    assert service("api", 3, 3, reading(Level.OK)).severity is None


def test_troubles_say_targets_first_then_the_worst_reading() -> None:
    known = service("api", 1, 3, reading(Level.UNKNOWN), reading(Level.OK), reading(Level.WARNING), reading())
    assert known.troubles == (
        "2 of 3 targets down",
        "p95 640 ms (over 500)",
        "p95 640 ms (over 500)",
        "p95: no data",
    )


def _connections(level: Level, value: float, reason: str) -> str:
    check = Check("db", "api", "connections", percent_of_maximum=True)
    return describe(Reading(check, level, value, reason))


def test_a_percentage_is_printed_as_one_and_an_absolute_value_is_not() -> None:
    assert _connections(Level.CRITICAL, 90, "over 85") == "db 90 % (over 85)"
    assert _connections(Level.UNKNOWN, 180, "no maximum") == "db 180 connections (no maximum)"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "%", "0 %"),
        (0.0004, "%", "0.0004 %"),
        (1.3, "%", "1.3 %"),
        (1.256, "s", "1.26 s"),
        (61, "%", "61 %"),
        (99.96, "", "100"),
        (640.4, "ms", "640 ms"),
        (12345, "", "12 345"),
        (-3.14159, "", "-3.14"),
    ],
)
def test_values_in_few_characters(value: float, unit: str, text: str) -> None:
    assert format_value(value, unit) == text
