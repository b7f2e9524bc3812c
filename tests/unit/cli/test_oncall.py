"""``oncall-tui oncall`` and ``oncall-tui history``: people and the past, as text and as JSON."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.domain.history import Ending, Firing, History, PastNote, SameBy
from oncall_tui.domain.pages import Notification, PageLog
from oncall_tui.domain.situation import OnCall, Policy, Situation
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.sources.errors import TimedOut
from tests.unit.cli.fakes import CHECKOUT, FAILED, NIGHT, NOW, FakeRooms, report, run

DAY = timedelta(days=1)
ANN = OnCall("Ann", "Pay", 1, NOW + DAY, "weekly", is_me=True, since=NOW - DAY, policy_id="P1")
BEN = OnCall("Ben", "Pay", 1, NOW + 2 * DAY, since=NOW + DAY, policy_id="P1")
STAFFED = replace(
    NIGHT,
    on_call=(ANN,),
    shifts=(ANN, BEN),
    policies=(Policy("P1", "Pay", 2), Policy("P2", "Data", 1)),
    unattended=("Data",),
    on_call_at=NOW,
)
LOG = PageLog(
    NOW - 20 * DAY,
    NOW,
    (Notification("A", NOW - DAY, "Ann", True), Notification("B", NOW - 2 * DAY + timedelta(hours=10), "Ben")),
)


def rooms(situation: Situation = STAFFED, **more: object) -> FakeRooms:
    made = FakeRooms(situation, page_log=LOG)
    for name, value in more.items():
        setattr(made, name, value)
    return made


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Days and nights are those of the machine."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class TestOnCall:
    def test_who_is_on_call_and_until_when(self) -> None:
        result = run(rooms(), "oncall")
        lines = result.stdout.splitlines()
        assert result.exit_code == 0
        assert lines[0] == "Nobody is on call for Data: its incidents page no one."
        assert lines[1].startswith("You are on call: Pay level 1 until Sun ")
        assert any(line.split()[:3] == ["Pay", "1", "Ann"] and "Ben from Sun" in line for line in lines)
        assert any(line.split()[:3] == ["Pay", "2", "nobody"] for line in lines)
        assert any(line.startswith("2 pages in 14 days, 0.2 a day, 1 at night (22-07), 1 yours") for line in lines)

    def test_json_has_the_same(self) -> None:
        told = json.loads(run(rooms(), "oncall", "--json").stdout)
        assert told["me"]["on_call"] is True
        assert told["me"]["now"][0]["until"] == "2026-11-22T02:14:09Z"
        assert [(one["name"], one["nobody"]) for one in told["policies"]] == [("Data", True), ("Pay", False)]
        first = told["policies"][1]["levels"][0]
        assert [one["user"] for one in first["next"]] == ["Ben"]
        assert (told["pages"]["total"], told["pages"]["mine"], told["pages"]["nights"]) == (2, 1, 1)
        assert len(told["pages"]["days"]) == 14

    def test_what_is_not_known_is_not_nobody_and_not_zero(self) -> None:
        bare = replace(NIGHT, freshness=FAILED)
        result = run(rooms(bare, past_error=TimedOut("pagerduty gave no answer", "VPN?")), "oncall")
        assert "It is not known who is on call." in result.stdout
        assert "pages in" not in result.stdout
        assert "Pages could not be counted: pagerduty gave no answer VPN?" in result.stderr
        assert result.exit_code == 4
        told = json.loads(run(rooms(bare, past_error=TimedOut("x")), "oncall", "--json").stdout)
        assert (told["read_at"], told["pages"]) == (None, None)

    def test_days_before_the_log_are_not_known(self) -> None:
        short = replace(LOG, since=NOW - 3 * DAY, trouble="the budget is spent", is_me_known=False)
        result = run(rooms(page_log=short), "oncall")
        assert "2 pages in 3 days" in result.stdout
        assert any(line.split()[1:] == ["?", "?", "?"] for line in result.stdout.splitlines())
        assert "Older pages are not known: the budget is spent" in result.stderr
        told = json.loads(run(rooms(page_log=short), "oncall", "--json").stdout)
        assert told["pages"]["mine"] is None
        assert told["pages"]["days"][0]["total"] is None


PAST = History(
    NOW - 30 * DAY,
    NOW,
    (
        Firing(
            "QOLD",
            "Checkout is slow",
            NOW - 2 * DAY,
            NOW - 2 * DAY + timedelta(minutes=14),
            Ending.BY_SOMEBODY,
            "Ann",
            PastNote("rolled\nback", "Ann", NOW),
            4711,
        ),
        Firing("QOPEN", "Checkout is slow", NOW - 3 * DAY, ending=Ending.OPEN),
    ),
    SameBy.TITLE,
    is_cut=True,
)


class TestHistory:
    def test_every_time_with_its_end_and_its_note(self) -> None:
        result = run(rooms(past=PAST), "history", "Q1")
        lines = result.stdout.splitlines()
        assert result.exit_code == 0
        assert lines[0] == (
            "Checkout is slow: fired at least 2 times in the 30 days before, 14 min at the median"
            " (the same title and service)"
        )
        assert lines[1].endswith("14 min        resolved by Ann")
        assert lines[2].strip() == "Ann: rolled back"
        assert lines[3].endswith("open          open")

    def test_json_has_the_same(self) -> None:
        told = json.loads(run(rooms(past=PAST), "history", CHECKOUT.id, "--json").stdout)
        assert (told["alert"], told["same_by"], told["cut"]) == (CHECKOUT.id, "title and service", True)
        first, second = told["firings"]
        assert (first["lasted_s"], first["by"], first["note"]["text"]) == (840.0, "Ann", "rolled\nback")
        assert (second["lasted_s"], second["ended_at"], second["by"], second["note"]) == (None, None, None, None)

    def test_the_first_time(self) -> None:
        assert run(rooms(), "history", "Q1").stdout == "Checkout is slow: not once in the 30 days before this time.\n"

    def test_an_id_that_names_nothing(self) -> None:
        result = run(rooms(), "history", "Q9")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Q9 names no active alert" in result.stderr
        silent = run(rooms(replace(NIGHT, alerts=(), freshness=FAILED)), "history", "Q9")
        assert silent.exit_code == 4, "it may be one of the pager that does not answer"
        assert "names no active alert" not in silent.stderr

    def test_a_pager_that_does_not_answer(self) -> None:
        result = run(rooms(past_error=TimedOut("pagerduty gave no answer in 10 s.", "VPN?")), "history", "Q1")
        assert (result.exit_code, result.stdout) == (4, "")
        assert "pagerduty gave no answer in 10 s. VPN?" in result.stderr


def test_acknowledging_the_page_of_another_is_said_and_done() -> None:
    taken = replace(report("Q1"), taken_from=("Ana Smith",))
    result = run(FakeRooms(reports=[taken]), "ack", "Q1")
    assert result.exit_code == 0
    assert result.stdout == "Q1: confirmed  Checkout is slow  (it was Ana Smith's page)\n"
    told = json.loads(run(FakeRooms(reports=[taken]), "ack", "Q1", "--json").stdout)
    assert told["results"][0]["taken_from"] == ["Ana Smith"]
    assert isinstance(taken, ActReport) and taken.outcome is Outcome.CONFIRMED


def test_a_forgotten_alert_says_so_in_the_list() -> None:
    forgotten = replace(NIGHT, alerts=(replace(CHECKOUT, is_forgotten=True),))
    assert "acknowledged by Alice Martin, forgotten" in run(FakeRooms(forgotten), "alerts").stdout
    (one,) = json.loads(run(FakeRooms(forgotten), "alerts", "--json").stdout)["alerts"]
    assert (one["forgotten"], one["last_event_at"]) == (True, "2026-11-21T02:09:09Z")
