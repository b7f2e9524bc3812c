"""Acknowledged and forgotten."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.forgotten import is_forgotten, with_forgotten
from oncall_tui.domain.query import matching
from oncall_tui.domain.situation import Situation
from oncall_tui.monitor.board import Merging, compose, empty_board, received
from oncall_tui.sources.base import Records, Spending
from tests.unit.builders import NOW, PAGERDUTY, SENTRY, alert, before, freshness, record, report

AFTER = timedelta(minutes=30)


def held(
    minutes: float = 40,
    event: datetime | None = None,
    status: Status = Status.ACKNOWLEDGED,
    again: datetime | None = None,
) -> Alert:
    one = replace(record(PAGERDUTY, "Q1", status=status), last_event_at=event, pages_again_at=again)
    return replace(alert(one), acknowledged_at=before(minutes), acknowledged_by="Ana")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (held(), True),
        (held(30), False),
        (held(30.1), True),
        (held(90, event=before(29)), False),
        (held(90, event=before(31)), True),
        (held(90, again=before(-60)), False),
        (held(90, status=Status.FIRING), False),
        (held(90, status=Status.SILENCED), False),
        (replace(held(), acknowledged_at=None), False),
    ],
)
def test_is_it_forgotten(one: Alert, expected: bool) -> None:
    assert is_forgotten(one, NOW, AFTER) is expected


def test_the_last_event_is_the_newest_that_any_record_tells() -> None:
    assert held(90, event=before(20)).last_event_at == before(20)
    assert held(10, event=before(20)).last_event_at == before(10)
    assert alert().last_event_at is None


def test_a_limit_that_is_none_forgets_nothing() -> None:
    assert not any(one.is_forgotten for one in with_forgotten([held()], NOW, None))


def test_the_board_marks_them_and_a_filter_finds_them() -> None:
    forgotten = replace(record(PAGERDUTY, "Q1", status=Status.ACKNOWLEDGED), acknowledged_at=before(40))
    board = empty_board([freshness(PAGERDUTY)])
    told = report(PAGERDUTY, records=Records(alerts=(forgotten, record(PAGERDUTY, "Q2", title="other"))))
    situation = compose(received(board, told, Spending(1, 2)), 1, NOW, Merging(forgotten_after=AFTER))
    assert [one.id for one in situation.forgotten] == ["pagerduty/Q1"]
    assert matching(situation.alerts, read_filter("is:forgotten"), NOW) == situation.forgotten
    later = compose(received(board, told, Spending(1, 2)), 1, NOW, Merging(forgotten_after=2 * AFTER))
    assert later.forgotten == ()
    assert Situation(0, NOW).forgotten == ()


def test_whose_page_it_is() -> None:
    mine = replace(record(PAGERDUTY, "Q1"), assigned_to=("Ana", "Me"), is_mine=True)
    theirs = replace(record(PAGERDUTY, "Q2"), assigned_to=("Ana", "Ben"))
    assert alert(mine).held_by_others == ()
    assert alert(theirs, replace(theirs, assigned_to=("Ben", "Cy"))).held_by_others == ("Ana", "Ben", "Cy")
    assert alert().held_by_others == ()


def test_who_has_an_issue_was_not_paged() -> None:
    issue = replace(record(SENTRY, "1"), assigned_to=("Me",))
    theirs = replace(record(PAGERDUTY, "Q2"), assigned_to=("Ana",))
    assert alert(issue).held_by_others == ()
    assert alert(theirs, issue).held_by_others == ("Ana",)
