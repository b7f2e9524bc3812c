"""When a P1 that nobody answers is told again."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.verb import Verb
from oncall_tui.ui.acts import Act, ActState
from oncall_tui.ui.notify_again import Reminder, is_answered
from tests.ui.desk import situation_of
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, alert, key, record

EVERY = timedelta(minutes=5)


def one(name: str = "Q1", severity: Severity = Severity.P1, status: Status = Status.FIRING) -> Alert:
    return alert(record(PAGERDUTY, name, severity=severity, status=status))


class Night:
    """A reminder that is asked minute by minute."""

    def __init__(self) -> None:
        self.reminder = Reminder(EVERY)
        self.acts: Mapping[str, Act] = {}

    def due(self, minute: float, *alerts: Alert) -> list[str]:
        now = NOW + timedelta(minutes=minute)
        told = self.reminder.due(
            situation_of(*alerts), now, lambda held: [one for id_, one in self.acts.items() if id_ == held.id]
        )
        return [held.id for held in told]


def test_it_is_told_every_five_minutes_until_it_is_acknowledged() -> None:
    night = Night()
    told = [minute for minute in range(18) if night.due(minute, one())]
    assert told == [5, 10, 15]
    assert not any(night.due(minute, one(status=Status.ACKNOWLEDGED)) for minute in range(18, 40))


@pytest.mark.parametrize("quiet", [one(severity=Severity.P2), one(status=Status.SILENCED), one(status=Status.PENDING)])
def test_only_a_p1_that_fires_is_told_again(quiet: Alert) -> None:
    night = Night()
    assert not any(night.due(minute, quiet) for minute in range(20))


def test_several_ring_in_one_rhythm() -> None:
    night = Night()
    night.due(0, one("Q1"))
    night.due(4, one("Q1"), one("Q2"))
    assert night.due(5, one("Q1"), one("Q2")) == ["pagerduty/Q1", "pagerduty/Q2"]
    assert not any(night.due(minute, one("Q1"), one("Q2")) for minute in (6, 7, 8, 9))
    assert len(night.due(10, one("Q1"), one("Q2"))) == 2


def test_another_name_does_not_begin_a_new_count() -> None:
    night = Night()
    fired = record(ALERTMANAGER, "f1", severity=Severity.P1, keys=(key("f1"),))
    night.due(0, alert(fired))
    (paged,) = correlate([fired, record(PAGERDUTY, "Q1", severity=Severity.P1, keys=(key("f1"),))])
    assert paged.id != alert(fired).id
    assert night.due(5, paged)


def test_what_went_and_came_again_counts_anew() -> None:
    night = Night()
    night.due(0, one())
    night.due(3)
    night.due(4, one())
    assert not night.due(5, one())
    assert night.due(9, one())


def test_a_clock_that_is_set_back_does_not_silence_it() -> None:
    night = Night()
    night.due(600, one())
    night.due(0, one())
    assert night.due(5, one())


def test_a_sleep_is_made_up_for_once() -> None:
    night = Night()
    night.due(0, one())
    assert night.due(480, one())
    assert not night.due(481, one())


def act(verb: Verb, state: ActState) -> Act:
    return Act(state, datetime.fromisoformat("2026-11-21T02:14+00:00"), verb=verb)


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        (None, False),
        (act(Verb.ACKNOWLEDGE, ActState.PENDING), True),
        (act(Verb.ACKNOWLEDGE, ActState.CONFIRMED), True),
        (act(Verb.ACKNOWLEDGE, ActState.UNSENT), True),
        (act(Verb.ACKNOWLEDGE, ActState.FAILED), False),
        (act(Verb.RESOLVE, ActState.PENDING), True),
        (act(Verb.NOTE, ActState.PENDING), False),
        (act(Verb.PRIORITY, ActState.CONFIRMED), False),
    ],
)
def test_who_waits_for_the_answer_to_an_acknowledge_is_not_rung_for(given: Act | None, answered: bool) -> None:
    assert is_answered(() if given is None else (given,)) is answered
    night = Night()
    night.acts = {} if given is None else {"pagerduty/Q1": given}
    assert any(night.due(minute, one()) for minute in range(12)) is not answered


def test_a_failed_acknowledge_is_told_of_again() -> None:
    night = Night()
    night.acts = {"pagerduty/Q1": act(Verb.ACKNOWLEDGE, ActState.PENDING)}
    night.due(0, one())
    night.acts = {"pagerduty/Q1": act(Verb.ACKNOWLEDGE, ActState.FAILED)}
    night.due(1, one())
    assert night.due(6, one())
