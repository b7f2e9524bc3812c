"""``oncall-tui status``: its exit codes are its answer."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from oncall_tui.domain.service import Health
from oncall_tui.domain.situation import Verdict
from tests.unit.cli.fakes import FAILED, NIGHT, QUIET, FakeRooms, run


@pytest.mark.parametrize(
    ("health", "code"), [(Health.UP, 0), (Health.DEGRADED, 1), (Health.DOWN, 2), (Health.UNKNOWN, 3)]
)
def test_the_code_is_the_health(health: Health, code: int) -> None:
    result = run(FakeRooms(replace(QUIET, verdict=Verdict(health, "because."))), "status")
    assert result.exit_code == code
    assert result.stdout.splitlines()[0] == f"{health.name}  because."


def test_the_counts_are_told() -> None:
    assert run(FakeRooms(), "status").stdout.splitlines()[1:] == ["alerts: 1 P1, 1 P3", "services: 1 up, 1 degraded"]
    assert run(FakeRooms(QUIET), "status").stdout.splitlines()[1:] == ["alerts: none", "services: none known"]


def test_json_has_the_verdict_and_the_counts() -> None:
    result = run(FakeRooms(), "status", "--json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert (found["health"], found["reason"]) == ("down", "P1 checkout: Checkout is slow.")
    assert found["alerts_by_severity"] == {"P1": 1, "P2": 0, "P3": 1, "P4": 0, "P5": 0}
    assert found["services_by_health"] == {"up": 1, "degraded": 1, "down": 0, "unknown": 0}
    assert [one["name"] for one in found["sources"]] == ["pagerduty", "prometheus"]


def test_a_failed_source_is_named_and_the_verdict_keeps_the_code() -> None:
    result = run(FakeRooms(replace(NIGHT, freshness=FAILED)), "status")
    assert result.exit_code == 2
    assert "pagerduty is missing here" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "--nonsense"],
        ["--nonsense", "status"],
        ["--prometheus", "ftp://nonsense", "status"],
        ["--config", "none.toml", "--prometheus", "http://h", "status"],
        ["--config", "none.toml", "status"],
        ["status"],
    ],
)
def test_what_keeps_it_from_an_answer_is_unknown_and_never_down(arguments: list[str], tmp_path: Path) -> None:
    result = run(FakeRooms(), *arguments, options=(), environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert result.exit_code == 3
    assert result.stderr
    assert result.stdout == ""


def test_a_fault_of_the_program_is_unknown_too() -> None:
    result = run(FakeRooms(error=ZeroDivisionError("a bug")), "status")
    assert result.exit_code == 3
    assert "ZeroDivisionError: a bug" in result.stderr
