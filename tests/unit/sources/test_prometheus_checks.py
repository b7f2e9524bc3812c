"""Services and their checks as Prometheus tells them: whose they are, what they cost, when they are old."""

from datetime import timedelta

import pytest

from oncall_tui.config.model import CheckSettings, PrometheusSettings, ServiceSettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Targets
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.threshold import Level, Sample
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.prometheus.checks import Checks, after_last_gap, planned, step_of
from oncall_tui.sources.prometheus.queries import Line, Queries
from oncall_tui.sources.prometheus.services import ServiceMap
from oncall_tui.sources.skew import Skew
from tests.contract.vendor_server import vendor_server
from tests.unit.sources.prometheus_server import NOW, FakePrometheus, HandClock, records_of, source_of, vector


def _up(up: float, **labels: str) -> Line:
    return Line(labels, (Sample(NOW, up),))


def test_targets_are_grouped_by_service_label_else_job_else_instance() -> None:
    lines = [
        _up(1, service="api", env="prod", job="node"),
        _up(0, service="api", env="prod", job="node"),
        _up(1, service="api", env="staging"),
        _up(1, job="redis"),
        _up(1, instance="10.0.0.1:9100"),
        _up(0),
        Line({"job": "stale"}, ()),
    ]
    services = ServiceMap(PrometheusSettings(environment="home"), {}).services(lines, {})
    found = {(one.name, one.environment): one.targets for one in services}
    assert found == {
        ("api", "prod"): Targets(1, 2),
        ("api", "staging"): Targets(1, 1),
        ("redis", "home"): Targets(1, 1),
        ("10.0.0.1:9100", "home"): Targets(1, 1),
        ("unnamed", "home"): Targets(0, 1),
        ("stale", "home"): Targets(0, 1),
    }


def test_an_alias_is_the_service_and_without_discovery_only_configured_ones_show() -> None:
    settings = PrometheusSettings(discover=False)
    table = {"payments": ServiceSettings(aliases=("pay-svc",), url="https://dash", environment="prod")}
    services = ServiceMap(settings, table).services([_up(1, job="pay-svc"), _up(1, job="other")], {})
    assert [(one.name, one.environment, one.targets, one.url) for one in services] == [
        ("payments", "prod", Targets(1, 1), "https://dash")
    ]


async def test_checks_belong_to_the_configured_environment_of_a_service() -> None:
    fake = FakePrometheus()
    fake.values = {
        "up": [*vector(1, service="api", env="prod"), *vector(1, service="api", env="staging")],
        "q": vector(3),
    }
    services = {"api": ServiceSettings(environment="prod", checks=(CheckSettings(name="c", query="q", warning=2.0),))}
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, services=services)
        records = await records_of(source)
        await source.close()
    readings = {service.environment: service.readings for service in records.services}
    assert [reading.level for reading in readings["prod"]] == [Level.WARNING]
    assert readings["staging"] == ()


async def test_one_refused_check_is_unknown_with_a_warning_and_the_others_go_on() -> None:
    fake = FakePrometheus()
    fake.values |= {"good": vector(1), "bad": "parse error: unexpected end", "two": vector(1) * 2, "odd": [{"x": 1}]}
    checks = tuple(CheckSettings(name=name, query=name, warning=5.0) for name in ("good", "bad", "two", "odd", "none"))
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, services={"api": ServiceSettings(checks=checks)})
        records = await records_of(source)
        await source.close()
    (service,) = records.services
    assert [(reading.level, reading.reason) for reading in service.readings] == [
        (Level.OK, ""),
        (Level.UNKNOWN, "400: parse error: unexpected end"),
        (Level.UNKNOWN, "the query gives 2 values instead of one: sum or max it"),
        (Level.UNKNOWN, "the answer has an unexpected shape"),
        (Level.UNKNOWN, "no data"),
    ]
    assert "api bad: 400: parse error: unexpected end" in records.warnings


async def test_checks_that_do_not_fit_the_budget_take_turns_and_keep_their_reading() -> None:
    fake, clock = FakePrometheus(), HandClock()
    names = [f"c{number}" for number in range(12)]
    fake.values |= {name: vector(number) for number, name in enumerate(names)}
    checks = tuple(CheckSettings(name=name, query=name, warning=100.0) for name in names)
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, clock, budget=16, alerts=False, services={"api": ServiceSettings(checks=checks)})
        first = await records_of(source)
        clock.move(61)
        fake.values |= {name: vector(50) for name in names}
        second = await records_of(source)
        await source.close()
    read_first = [reading.check.name for reading in first.services[0].readings if reading.value is not None]
    assert len(read_first) == 11
    missing = next(reading for reading in first.services[0].readings if reading.value is None)
    assert (missing.level, missing.reason) == (Level.UNKNOWN, "waits for the request budget")
    assert any("1 of 12 checks wait" in warning for warning in first.warnings)
    now = {reading.check.name: reading.value for reading in second.services[0].readings}
    assert now[missing.check.name] == 50
    assert sorted(value for value in now.values() if value is not None and value < 50) == [10]


async def test_a_reading_that_is_not_read_again_becomes_unknown() -> None:
    fake, clock = FakePrometheus(), HandClock()
    fake.values["a"] = vector(1)
    budget = Budget(8, clock)
    async with vendor_server(fake.answers()) as server:
        queries = Queries(Connection(SourceName("prom"), server.url), Skew(clock))
        services = {"api": ServiceSettings(checks=(CheckSettings(name="a", query="a", warning=100.0),))}
        checks = Checks(services, queries, budget, clock)
        levels = []
        for seconds in (240, 61):
            (reading,) = (await checks.read()).by_service["api"]
            levels.append(reading.level)
            clock.move(seconds)
            for _ in range(8):
                budget.take_for_act()
        (reading,) = (await checks.read()).by_service["api"]
        queries.close()
    assert levels == [Level.OK, Level.OK]
    assert (reading.level, reading.value, reading.reason) == (Level.UNKNOWN, None, "last value at 03:00 UTC")


async def test_a_maximum_is_a_number_or_a_query_and_without_one_nothing_is_green() -> None:
    fake = FakePrometheus()
    fake.values |= {"used": vector(45), "max": vector(50)}
    checks = (
        CheckSettings(name="query", query="used", maximum="max", warning=80.0),
        CheckSettings(name="text", query="used", maximum="50", warning=80.0),
        CheckSettings(name="number", query="used", maximum=100, warning=80.0),
        CheckSettings(name="absent", query="used", maximum="nothing", warning=80.0),
    )
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, services={"db": ServiceSettings(checks=checks)})
        records = await records_of(source)
        await source.close()
    levels = {reading.check.name: reading.level for reading in records.services[0].readings}
    assert levels == {"query": Level.WARNING, "text": Level.WARNING, "number": Level.OK, "absent": Level.UNKNOWN}


def test_settings_become_a_check() -> None:
    settings = CheckSettings(
        name="p95", query="q", unit="ms", warning=300.0, critical=500.0, for_="5m", critical_for="1m",
        direction="below", warning_severity="p4", critical_severity="P1",
    )  # fmt: skip
    check = planned("api", settings).check
    assert check.warning is not None
    assert check.critical is not None
    assert (check.warning.for_, check.critical.for_) == (timedelta(minutes=5), timedelta(minutes=1))
    assert (check.warning_severity, check.critical_severity) == (Severity.P4, Severity.P1)
    assert not check.percent_of_maximum
    assert check.window == timedelta(minutes=5)


@pytest.mark.parametrize(("window", "step"), [("10s", 5), ("5m", 5), ("1h", 30), ("2d", 1440)])
def test_a_window_has_at_most_120_points(window: str, step: int) -> None:
    length = {"10s": 10, "5m": 300, "1h": 3600, "2d": 172_800}[window]
    assert step_of(timedelta(seconds=length)) == step


def test_what_lies_before_a_gap_does_not_count() -> None:
    samples = tuple(Sample(NOW + timedelta(seconds=second), 1.0) for second in (0, 5, 10, 60, 65))
    assert after_last_gap(samples, timedelta(seconds=10)) == samples[3:]
    assert after_last_gap(samples[:3], timedelta(seconds=10)) == samples[:3]
    assert after_last_gap((), timedelta(seconds=10)) == ()
