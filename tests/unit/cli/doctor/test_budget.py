"""What polls cost against what they may."""

import pytest

from oncall_tui.cli.doctor.budget import Cost, budget_findings, cost_of
from oncall_tui.config.model import (
    AnySource,
    ChartSettings,
    CheckSettings,
    Config,
    DisplaySettings,
    LineSettings,
    PagerDutySettings,
    PrometheusSettings,
    ServiceSettings,
)
from tests.unit.cli.doctor.findings import OK, WARNING, only

PROMETHEUS = PrometheusSettings(url="https://p", interval="10s", budget=240)


def config(checks: int, *, lines: int = 0) -> Config:
    settings = tuple(CheckSettings(name=f"c{one}", query="up", maximum="up") for one in range(checks))
    chart = ChartSettings(title="t", lines=tuple(LineSettings(name=str(one), query="up") for one in range(lines)))
    return Config(
        sources={"prom": PROMETHEUS},
        services={"api": ServiceSettings(checks=settings)},
        display=DisplaySettings(chart=chart if lines else None),
    )


def test_the_cost_of_prometheus_follows_from_the_settings_and_not_from_a_budget_that_cut_it() -> None:
    cost = cost_of("prom", PROMETHEUS, config(10, lines=3), [3], 0.4)
    assert cost == Cost(requests=1 + 1 + 10 * 2, now_and_then=1 + 3 * 2 * 2, took=0.4)
    assert cost.per_minute(10) == 22 * 6 + 13


def test_the_cost_of_others_is_what_the_second_poll_took() -> None:
    settings = PagerDutySettings()
    assert cost_of("pd", settings, config(0), [25, 2], 0.4) == Cost(2, 23, 0.4)
    assert cost_of("pd", settings, config(0), [2], 0.4) == Cost(2, 0, 0.4)


def test_what_fits_is_told_with_its_figures() -> None:
    finding = only(budget_findings(PROMETHEUS, Cost(20, 13, 0.44)))
    assert (finding.state, finding.what) == (OK, "A poll takes 0.4 s; about 133 of 240 requests a minute.")


@pytest.mark.parametrize(
    ("settings", "cost", "word", "advice"),
    [
        (PROMETHEUS, Cost(40, 0, 0.4), "about 240 requests", '`budget = 320` or `interval = "14s"`'),
        (PagerDutySettings(budget=100), Cost(40, 15, 0.4), "about 95 requests", '`budget = 106` or `interval = "32s"`'),
        (PROMETHEUS, Cost(2, 0, 12.0), "12.0 s", 'interval = "25s"'),
        (PagerDutySettings(budget=2_000), Cost(2, 0, 0.4), "960", "smaller"),
    ],
)
def test_what_does_not_fit_says_what_to_write(settings: AnySource, cost: Cost, word: str, advice: str) -> None:
    finding = only(budget_findings(settings, cost))
    assert finding.state is WARNING
    assert word in finding.what
    assert advice in finding.advice


def test_what_is_advised_fits() -> None:
    cost = Cost(40, 0, 0.4)
    roomier = PrometheusSettings(url="https://p", interval="10s", budget=320)
    slower = PrometheusSettings(url="https://p", interval="14s", budget=240)
    assert [only(budget_findings(one, cost)).state for one in (roomier, slower)] == [OK, OK]
