"""``oncall-tui reassign``: a person by a few letters, or a list of those who may be meant."""

import json

import pytest

from oncall_tui.domain.action import Reassign
from oncall_tui.domain.pager import Person
from oncall_tui.response.report import Outcome
from tests.unit.cli.fakes import FakeRooms, report, run

MARIE = Person("PM", "Marie Lefort", "marie@w.example")
JULES = Person("PJ", "Jules Durand", "jules@w.example")
NOEL = Person("PN", "Noël Durand", "noel@w.example")


def rooms(*targets: str, outcome: Outcome = Outcome.CONFIRMED) -> FakeRooms:
    return FakeRooms(
        reports=[report(one, outcome) for one in targets], staff={one: [MARIE, JULES, NOEL] for one in targets}
    )


@pytest.mark.parametrize("who", ["PM", "marie@w.example", "lefort", "mar lef", "mlft"])
def test_a_person_is_found_by_a_few_letters(who: str) -> None:
    desk = rooms("Q1", "Q2")
    result = run(desk, "reassign", "--to", who, "Q1", "Q2")
    assert result.exit_code == 0, result.stderr
    assert desk.acted == [(Reassign(("PM",)), ["Q1", "Q2"])]
    assert result.stdout.splitlines()[0] == "Q1: confirmed  Checkout is slow"
    assert result.stderr == "To Marie Lefort, marie@w.example.\n"


def test_a_name_that_is_not_clear_is_listed_and_nothing_is_sent() -> None:
    desk = rooms("Q1")
    result = run(desk, "reassign", "--to", "durand", "Q1")
    assert (result.exit_code, desk.acted, result.stdout) == (2, [], "")
    assert "'durand' may mean any of these; write more of it, or an id:" in result.stderr
    assert "  PJ  Jules Durand  jules@w.example\n  PN  Noël Durand  noel@w.example" in result.stderr
    assert "Lefort" not in result.stderr


def test_a_long_list_is_counted() -> None:
    desk = FakeRooms(staff={"Q1": [Person(f"P{i}", f"Somebody {i}") for i in range(45)]})
    assert "and 25 more" in run(desk, "reassign", "--to", "some", "Q1").stderr


def test_nobody_is_said() -> None:
    result = run(rooms("Q1"), "reassign", "--to", "zz\x1b]0;x\x07", "Q1")
    assert result.exit_code == 2
    assert "is called 'zz\ufffd]0;x\ufffd'" in result.stderr


def test_one_account_that_is_not_clear_keeps_the_other_from_being_asked() -> None:
    desk = FakeRooms(staff={"Q1": [MARIE], "E1": [MARIE, Person("PO", "Marie Other")]})
    assert run(desk, "reassign", "--to", "marie", "Q1", "E1").exit_code == 2
    assert desk.acted == []


def test_each_account_has_its_own_id_of_a_person() -> None:
    desk = FakeRooms(reports=[report("a")], staff={"Q1": [MARIE], "E1": [Person("EM", "Marie Lefort")]})
    assert run(desk, "reassign", "--to", "lefort", "Q1", "E1").exit_code == 0
    assert desk.acted == [(Reassign(("PM",)), ["Q1"]), (Reassign(("EM",)), ["E1"])]


def test_what_nobody_can_take_has_its_reason_as_json() -> None:
    desk = FakeRooms(reports=[report("x", Outcome.GONE, "no active alert has this id")])
    result = run(desk, "reassign", "--json", "--to", "marie", "x")
    assert result.exit_code == 5
    assert desk.acted == [(Reassign(()), ["x"])]
    assert [one["outcome"] for one in json.loads(result.stdout)["results"]] == ["gone"]


@pytest.mark.parametrize("line", ["reassign Q1", "reassign --to marie"])
def test_what_is_missing_is_told(line: str) -> None:
    assert run(FakeRooms(), *line.split()).exit_code == 2


def test_read_only_refuses_it() -> None:
    desk = rooms("Q1")
    result = run(desk, "reassign", "--to", "PM", "Q1", options=["--read-only", "--prometheus", "http://localhost:9090"])
    assert (result.exit_code, desk.configs) == (2, [])
