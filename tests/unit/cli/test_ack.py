"""``oncall-tui ack``."""

import json

import pytest

from oncall_tui.response.report import Outcome
from tests.unit.cli.fakes import FakeRooms, ack_report, run


def test_each_id_has_a_result_in_words() -> None:
    rooms = FakeRooms(reports=[ack_report("pagerduty/Q1"), ack_report("b", Outcome.ALREADY, by="Alice")])
    result = run(rooms, "ack", "Q1", "b")
    assert result.exit_code == 0
    assert rooms.acknowledged == ["Q1", "b"]
    assert result.stdout.splitlines() == ["Q1: confirmed  Checkout is slow", "b: already by Alice  Checkout is slow"]


def test_json_has_the_same() -> None:
    rooms = FakeRooms(reports=[ack_report("pagerduty/Q1", Outcome.FAILED, "the pager is unreachable")])
    result = run(rooms, "ack", "--json", "Q1")
    assert result.exit_code == 5
    assert json.loads(result.stdout) == {
        "results": [
            {
                "target": "Q1",
                "alert": "pagerduty/Q1",
                "title": "Checkout is slow",
                "outcome": "failed",
                "reason": "the pager is unreachable",
                "by": None,
                "may_have_arrived": False,
            }
        ]
    }


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.CONFIRMED, 0),
        (Outcome.ALREADY, 0),
        (Outcome.HERE_ONLY, 0),
        (Outcome.GONE, 5),
        (Outcome.FAILED, 5),
        (Outcome.EXPIRED, 5),
    ],
)
def test_the_code_says_whether_all_were_acknowledged(outcome: Outcome, code: int) -> None:
    rooms = FakeRooms(reports=[ack_report("a"), ack_report("b", outcome, "why")])
    result = run(rooms, "ack", "a", "b")
    assert result.exit_code == code
    assert f"b: {outcome.value}  Checkout is slow  (why)" in result.stdout


def test_an_answer_that_was_lost_is_told() -> None:
    from dataclasses import replace

    rooms = FakeRooms(reports=[replace(ack_report("a", Outcome.FAILED, "timed out"), may_have_arrived=True)])
    assert "(timed out; the answer was lost, it may have arrived)" in run(rooms, "ack", "a").stdout


def test_an_id_that_is_given_twice_is_sent_once() -> None:
    rooms = FakeRooms(reports=[ack_report("a")])
    assert run(rooms, "ack", "a", "a").exit_code == 0
    assert rooms.acknowledged == ["a"]


def test_an_id_is_needed() -> None:
    result = run(FakeRooms(), "ack")
    assert result.exit_code == 2
    assert "Missing argument 'ID...'" in result.stderr
