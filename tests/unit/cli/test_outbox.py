"""``oncall-tui outbox``, and verbs while a pager is out of reach."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.cli.output import cells_of
from oncall_tui.domain.action import Acknowledge, Action, Note, Resolve, Unsilence
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.journal.event import ACTION_INTENT, ACTION_WAITS, Event, Payload
from oncall_tui.journal.views import OutboxEntry
from oncall_tui.response.intent import Intent
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.unsent import Unsent
from tests.unit.cli.fakes import NOW, FakeRooms, report, run

OFFLINE = "pagerduty: api.pagerduty.com refuses the connection."


def waiting(number: int = 1) -> Unsent:
    pd, at = SourceName("pagerduty"), NOW - timedelta(minutes=3)
    intent = Intent(f"R{number}", Acknowledge(), AlertId(f"pagerduty/Q{number}"), "Checkout is slow", pd, f"Q{number}")
    payload: Payload = {"request_id": f"R{number}", "reason": OFFLINE}
    begun = Event("E1", intent.stream, 1, at, at, "user:ann", "human", None, ACTION_INTENT, payload, "", "")
    waits = Event("E2", intent.stream, 2, at, at, "user:ann", "human", None, ACTION_WAITS, payload, "", "")
    return Unsent(OutboxEntry(begun, 0, at, waits), intent, at, is_too_old=False)


def cut_off(number: int, action: Action, attempts: int = 1, *, is_too_old: bool = False) -> Unsent:
    one = waiting(number)
    entry = replace(one.entry, waits=None, attempts=attempts)
    return Unsent(entry, replace(one.intent, action=action), one.at, is_too_old)


def held(*entries: Unsent) -> FakeRooms:
    rooms = FakeRooms()
    rooms.held.entries = list(entries)
    return rooms


def test_it_lists_what_waits_with_age_and_reason() -> None:
    result = run(held(waiting()), "outbox", environ={"COLUMNS": "200"})
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()[1:]
    assert line.split()[:4] == ["3m", "acknowledge", "pagerduty", "pagerduty/Q1"]
    assert "R1" in line


def test_json_has_every_entry() -> None:
    result = run(held(waiting(1), waiting(2)), "outbox", "--json")
    first, second = json.loads(result.stdout)["waiting"]
    assert first == {
        "id": "R1",
        "verb": "acknowledge",
        "alert": "pagerduty/Q1",
        "title": "Checkout is slow",
        "source": "pagerduty",
        "target": "Q1",
        "since": first["since"],
        "reason": OFFLINE,
    }
    assert second["id"] == "R2"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (cut_off(1, Acknowledge()), "looks in pagerduty, and sends it again if it is still wanted by then"),
        (cut_off(1, Note("seen"), is_too_old=True), "too old to be sent again"),
        (cut_off(1, Note("seen"), attempts=2), "not sent a third time"),
        (cut_off(1, Resolve()), "it is not sent again"),
        (cut_off(1, Unsilence()), "looks in pagerduty whether it was done, and does not do it again"),
    ],
)
def test_what_was_cut_off_says_what_becomes_of_it(entry: Unsent, words: str) -> None:
    result = run(held(waiting(2), entry), "outbox", environ={"COLUMNS": "200"})
    assert result.stdout.splitlines()[3] == "Cut off before an answer:"
    assert "Checkout is slow" in result.stdout.splitlines()[4]
    assert words in result.stdout.splitlines()[5]
    answer = json.loads(run(held(entry), "outbox", "--json").stdout)
    assert (answer["waiting"], [one["id"] for one in answer["cut_off"]]) == ([], ["R1"])
    assert words in answer["cut_off"][0]["reason"]


def test_no_line_is_wider_than_the_terminal_and_every_id_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    key, title, alert = "01JBR3GDK9V0Q1W2E3R4T5Y6U7", "界" * 300, AlertId("pagerduty/" + "Q" * 300)
    source = SourceName("a long source")
    first, second = (
        replace(one, intent=replace(one.intent, request_id=key, title=title, alert_id=alert, source=source))
        for one in (waiting(1), cut_off(2, Acknowledge()))
    )
    lines = run(held(first, second), "outbox").stdout.splitlines()
    assert [line for line in lines if cells_of(line) > 80] == []
    assert lines[1].endswith(key)
    assert "sends it again if it is still wanted by then" in " ".join(" ".join(lines).split()), "sentences are wrapped"


def test_an_empty_one_says_so() -> None:
    result = run(held(), "outbox")
    assert (result.exit_code, result.stdout) == (0, "Nothing waits to be sent.\n")


def test_an_entry_is_dropped_by_its_id() -> None:
    rooms = held(waiting(1), waiting(2))
    result = run(rooms, "outbox", "--drop", "R1", "--drop", "R9")
    assert result.exit_code == 5
    assert "R1: dropped" in result.stdout
    assert "R9: failed" in result.stdout
    assert [one.intent.request_id for one in rooms.held.entries] == ["R2"]
    assert run(rooms, "outbox", "--drop", "R2", "--json").exit_code == 0


def test_it_is_sent_on_request_and_what_still_waits_is_told() -> None:
    rooms = held(waiting(1), waiting(2))
    rooms.held.ending = [ActReport(AlertId("pagerduty/Q1"), "Checkout is slow", Outcome.CONFIRMED)]
    result = run(rooms, "outbox", "--send", environ={"COLUMNS": "200"})
    assert result.exit_code == 7
    assert "pagerduty/Q1: confirmed" in result.stdout
    assert "pagerduty/Q2" in result.stdout
    rooms.held.entries = []
    assert run(rooms, "outbox", "--send", "--json").exit_code == 0


def test_read_only_lists_and_changes_nothing() -> None:
    rooms, options = held(waiting()), ("--prometheus", "http://localhost:9090", "--read-only")
    assert run(rooms, "outbox", options=options).exit_code == 0
    for change in (("--send",), ("--drop", "R1")):
        assert run(rooms, "outbox", *change, options=options).exit_code == 2
    assert len(rooms.held.entries) == 1


def test_two_things_at_once_are_refused() -> None:
    assert run(held(), "outbox", "--send", "--drop", "R1").exit_code == 2


def test_what_waits_has_an_exit_code_of_its_own_and_says_who_sends_it() -> None:
    rooms = FakeRooms(reports=[report("pagerduty/Q1", Outcome.WAITING, OFFLINE)])
    result = run(rooms, "ack", "pagerduty/Q1")
    assert result.exit_code == 7
    assert f"pagerduty/Q1: waiting  Checkout is slow  ({OFFLINE})" in result.stdout
    assert "The next start of the screen sends it" in result.stderr
    rooms.reports = [report("pagerduty/Q1", Outcome.WAITING), report("pagerduty/Q2", Outcome.FAILED)]
    assert run(rooms, "ack", "pagerduty/Q1", "pagerduty/Q2").exit_code == 5
