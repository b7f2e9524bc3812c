"""``oncall-tui ack`` and its sisters."""

import json
from datetime import timedelta

import pytest

from oncall_tui.domain.action import (
    Acknowledge,
    Action,
    Archive,
    Assign,
    Escalate,
    Merge,
    Note,
    Resolve,
    SetPriority,
    Snooze,
)
from oncall_tui.response.report import Outcome
from tests.unit.cli.fakes import FakeRooms, report, run


def test_each_id_has_a_result_in_words() -> None:
    rooms = FakeRooms(reports=[report("pagerduty/Q1"), report("b", Outcome.ALREADY, by="Alice")])
    result = run(rooms, "ack", "Q1", "b")
    assert result.exit_code == 0
    assert rooms.acted == [(Acknowledge(), ["Q1", "b"])]
    assert result.stdout.splitlines() == ["Q1: confirmed  Checkout is slow", "b: already by Alice  Checkout is slow"]


def test_json_has_the_same() -> None:
    rooms = FakeRooms(reports=[report("pagerduty/Q1", Outcome.FAILED, "the pager is unreachable")])
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
                "made": None,
                "taken_from": [],
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
    rooms = FakeRooms(reports=[report("a"), report("b", outcome, "why")])
    result = run(rooms, "ack", "a", "b")
    assert result.exit_code == code
    assert f"b: {outcome.value}  Checkout is slow  (why)" in result.stdout


def test_an_answer_that_was_lost_is_told() -> None:
    from dataclasses import replace

    rooms = FakeRooms(reports=[replace(report("a", Outcome.FAILED, "timed out"), may_have_arrived=True)])
    assert "(timed out; the answer was lost, it may have arrived)" in run(rooms, "ack", "a").stdout


def test_reasons_are_one_sentence_after_the_other() -> None:
    from dataclasses import replace

    rooms = FakeRooms(reports=[replace(report("a", Outcome.FAILED, "Look at the row."), may_have_arrived=True)])
    assert "(Look at the row; the answer was lost" in run(rooms, "ack", "a").stdout


def test_an_id_that_is_given_twice_is_sent_once() -> None:
    rooms = FakeRooms(reports=[report("a")])
    assert run(rooms, "ack", "a", "a").exit_code == 0
    assert rooms.acted == [(Acknowledge(), ["a"])]


def test_an_id_is_needed() -> None:
    result = run(FakeRooms(), "ack")
    assert result.exit_code == 2
    assert "Missing argument 'ID...'" in result.stderr


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("resolve", Resolve()),
        ("resolve -m rolled-back", Resolve("rolled-back")),
        ("resolve --next-release", Resolve(in_next_release=True)),
        ("snooze --for 1h30m", Snooze(timedelta(minutes=90))),
        ("note -m seen", Note("seen")),
        ("priority --name P2", SetPriority("P2")),
        ("priority --name none", SetPriority("")),
        ("escalate --level 2", Escalate(2)),
        ("merge --into Q9", Merge("Q9")),
        ("assign --to team:core", Assign("team:core")),
        ("assign --to none", Assign("")),
        ("archive", Archive()),
        ("archive --for 2d", Archive(timedelta(days=2))),
    ],
)
def test_every_verb_makes_its_action(line: str, action: Action) -> None:
    rooms = FakeRooms(reports=[report("a"), report("b", Outcome.GONE, "resolved before")])
    result = run(rooms, *line.split(), "a", "b")
    assert rooms.acted == [(action, ["a", "b"])]
    assert result.exit_code == 5
    assert result.stdout.splitlines()[0] == "a: confirmed  Checkout is slow"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("snooze a", "--for"),
        ("snooze --for soon a", "soon is not a span of time such as 30s, 5m, 1h or 2d"),
        ("note a", "-m"),
        ("escalate --level 0 a", "0 is not in the range x>=1"),
        ("escalate --level second a", "second"),
        ("merge a", "--into"),
        ("resolve", "ID..."),
    ],
)
def test_what_is_missing_or_wrong_is_told_before_anything_is_asked(line: str, words: str) -> None:
    rooms = FakeRooms()
    result = run(rooms, *line.split())
    assert result.exit_code == 2
    assert words in result.stderr
    assert rooms.configs == []


def test_a_note_can_come_from_a_pipe_and_is_never_empty() -> None:
    rooms = FakeRooms(reports=[report("a")])
    assert run(rooms, "note", "-m", "-", "a", stdin="first line\nsecond line\n").exit_code == 0
    assert rooms.acted == [(Note("first line\nsecond line"), ["a"])]
    assert "The note is empty." in run(rooms, "note", "-m", " ", "a").stderr


@pytest.mark.parametrize("verb", ["ack", "resolve", "note -m x", "escalate --level 2", "archive"])
def test_read_only_refuses_every_verb_before_a_room_is_opened(verb: str) -> None:
    rooms = FakeRooms()
    result = run(rooms, *verb.split(), "Q1", options=["--read-only", "--prometheus", "http://localhost:9090"])
    assert result.exit_code == 2
    assert "Read-only: nothing is sent from here." in result.stderr
    assert (rooms.acted, rooms.configs) == ([], [])


def test_read_only_lists_as_ever() -> None:
    result = run(FakeRooms(), "alerts", options=["--read-only", "--prometheus", "http://localhost:9090"])
    assert result.exit_code == 0
