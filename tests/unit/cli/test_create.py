"""``oncall-tui create``: whom it pages is told before, and what is not clear is never guessed."""

import json
from collections.abc import Sequence

import pytest

from oncall_tui.domain.action import Create
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.pager import EscalationLevel, EscalationPath, PageableService, Person, Priority
from oncall_tui.response.report import Outcome
from oncall_tui.sources.errors import Unreachable
from tests.ui.desk import FakeAccount
from tests.unit.cli.fakes import PD, FakeRooms, run

API, PAY = PageableService("PS1", "Checkout API", "E1"), PageableService("PS2", "Payments API", "E1")
LEVELS = (
    EscalationLevel(1, people=(Person("PM", "Marie Lefort"),)),
    EscalationLevel(2),
    EscalationLevel(3, people=(Person("PJ", "Jules Durand"), Person("PN", "Noël"))),
)
PATH = EscalationPath("E1", "Core", LEVELS)
LINE = ["create", "--title", "It burns", "--service", "checkout"]
EU = SourceName("pagerduty-eu")


def account(services: Sequence[PageableService] = (API, PAY)) -> FakeAccount:
    return FakeAccount(*services, priorities=[Priority("1", "P1"), Priority("2", "P2")], path=PATH)


def rooms(outcome: Outcome = Outcome.CONFIRMED) -> FakeRooms:
    return FakeRooms(accounts={PD: account()}, create_outcome=outcome)


def test_it_is_created_and_says_whom_it_pages() -> None:
    desk = rooms()
    line = [*LINE, "--urgency", "low", "--priority", "p2", "-m", "since 03:00", "--yes"]
    result = run(desk, *line)
    assert result.exit_code == 0, result.stderr
    assert desk.created == [(PD, Create("It burns", "PS1", "low", "P2", "since 03:00"))]
    assert result.stdout.splitlines() == [
        "pagerduty: “It burns” on Checkout API",
        "  pages Marie Lefort, then nobody, then Jules Durand, Noël (Core)",
        "pagerduty/QNEW: confirmed  It burns",
    ]


def test_what_was_pasted_with_the_title_does_not_go_to_the_others() -> None:
    desk = rooms()
    run(desk, "create", "--title", " It\x1b[31m burns\nnow ", "--service", "checkout", "--yes")
    assert [action.title for _, action in desk.created] == ["It\ufffd[31m burns now"]


def test_json_has_the_same() -> None:
    result = run(rooms(), *LINE, "--yes", "--json")
    answer = json.loads(result.stdout)
    assert (answer["source"], answer["service"], answer["service_id"]) == ("pagerduty", "Checkout API", "PS1")
    assert answer["pages"][0] == {"level": 1, "people": ["Marie Lefort"]}
    (one,) = answer["results"]
    assert (one["outcome"], one["made"], one["alert"]) == ("confirmed", "QNEW", "pagerduty/QNEW")


def test_a_dry_run_only_tells() -> None:
    desk = rooms()
    result = run(desk, *LINE, "--dry-run", "--json")
    assert (result.exit_code, desk.created, json.loads(result.stdout)["results"]) == (0, [], [])


@pytest.mark.parametrize(("answer", "created"), [("y\n", 1), ("n\n", 0), ("\n", 0)])
def test_who_sits_there_is_asked(answer: str, created: int) -> None:
    desk = rooms()
    result = run(desk, *LINE, stdin=answer, is_terminal=True)
    assert (result.exit_code, len(desk.created)) == (0, created)
    assert "Create it?" in result.stderr


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_where_nobody_can_be_asked_nothing_is_begun(options: list[str]) -> None:
    desk = rooms()
    result = run(desk, *LINE, *options)
    assert (result.exit_code, desk.configs) == (2, [])
    assert "add --yes, or --dry-run" in result.stderr


def test_a_service_that_is_not_clear_is_listed_and_nothing_is_sent() -> None:
    desk = rooms()
    result = run(desk, "create", "--title", "x", "--service", "api", "--yes")
    assert (result.exit_code, desk.created) == (2, [])
    assert "  PS1  Checkout API\n  PS2  Payments API" in result.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--service", "zz", "--title", "x"], "nobody and nothing is called 'zz'"),
        (["--service", "checkout", "--title", " "], "The title is empty."),
        (["--service", "checkout", "--title", "x", "--priority", "P9"], "the account has P1, P2."),
        (["--service", "checkout", "--title", "x", "--urgency", "huge"], "huge"),
        (["--service", "checkout", "--title", "x", "--source", "other"], "Name one of the accounts by --source: page"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_sent(options: list[str], words: str) -> None:
    desk = rooms()
    result = run(desk, "create", "--yes", *options)
    assert (result.exit_code, desk.created) == (2, [])
    assert words in result.stderr


def test_of_several_accounts_one_must_be_named() -> None:
    desk = FakeRooms(accounts={PD: account(), EU: account()})
    assert "--source: pagerduty, pagerduty-eu" in run(desk, *LINE, "--yes").stderr
    assert run(desk, *LINE, "--yes", "--source", EU).exit_code == 0
    assert [source for source, _ in desk.created] == [EU]


def test_without_an_account_that_is_said() -> None:
    assert "configure a PagerDuty account" in run(FakeRooms(), *LINE, "--yes").stderr


def test_whom_it_pages_may_not_be_known() -> None:
    desk = rooms()
    account = desk.accounts[PD]
    assert isinstance(account, FakeAccount)
    account.path = Unreachable("pagerduty did not answer.", "Is the VPN up?")
    result = run(desk, *LINE, "--yes", "--json")
    assert (result.exit_code, json.loads(result.stdout)["pages"]) == (0, None)
    assert "It is not known whom Checkout API pages: pagerduty did not answer. Is the VPN up?" in result.stderr


def test_an_account_that_does_not_answer_is_exit_code_4() -> None:
    desk = rooms()
    account = desk.accounts[PD]
    assert isinstance(account, FakeAccount)
    account.error = Unreachable("pagerduty did not answer.", "Is the VPN up?")
    result = run(desk, *LINE, "--yes")
    assert (result.exit_code, desk.created) == (4, [])
    assert "pagerduty did not answer. Is the VPN up?" in result.stderr


def test_a_failure_is_exit_code_5() -> None:
    result = run(rooms(Outcome.FAILED), *LINE, "--yes")
    assert result.exit_code == 5
    assert "pagerduty: failed  It burns  (the pager is unreachable)" in result.stdout


def test_read_only_refuses_it_and_lets_one_look() -> None:
    desk, read_only = rooms(), ["--read-only", "--prometheus", "http://localhost:9090"]
    assert run(desk, *LINE, "--yes", options=read_only).exit_code == 2
    assert run(desk, *LINE, "--dry-run", options=read_only).exit_code == 0
    assert desk.created == []
