"""What rows show of acts: found by any record, forgotten when the sources tell it themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.domain.action import Acknowledge, Note
from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.verb import Verb
from oncall_tui.ui.acts import Act, Acts, ActState, Failed, refs_of
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, alert, freshness, key, record

LATER = NOW + timedelta(seconds=20)


def picture(*alerts: Alert, seconds: float = 20) -> Situation:
    at = NOW + timedelta(seconds=seconds)
    return Situation(1, at, alerts=alerts, freshness=(freshness(PAGERDUTY, fetched_at=at),))


def acts_of(one: Alert, state: ActState) -> Acts:
    acts = Acts()
    acts.set(refs_of(one), Act(state, NOW))
    return acts


def test_an_act_is_found_under_every_record_and_name() -> None:
    fired = record(ALERTMANAGER, "f1", keys=(key("f1"),))
    acts = acts_of(alert(fired), ActState.PENDING)
    (renamed,) = correlate([fired, record(PAGERDUTY, "Q1", keys=(key("f1"),))])
    assert renamed.id == "pagerduty/Q1"
    assert acts.of(renamed) == Act(ActState.PENDING, NOW)
    assert acts.of(alert(record(PAGERDUTY, "other"))) is None
    assert Acts().of(renamed) is None


@pytest.mark.parametrize(
    ("state", "is_kept"),
    [(ActState.PENDING, True), (ActState.CONFIRMED, False), (ActState.FAILED, False), (ActState.UNSENT, False)],
)
def test_what_the_source_tells_itself_is_forgotten(state: ActState, is_kept: bool) -> None:
    one = alert(record(PAGERDUTY))
    acts = acts_of(one, state)
    acts.settle(picture(replace(one, status=Status.ACKNOWLEDGED)))
    assert (acts.of(one) is not None) is is_kept


@pytest.mark.parametrize("state", ActState)
def test_what_still_fires_keeps_its_act(state: ActState) -> None:
    one = alert(record(PAGERDUTY))
    acts = acts_of(one, state)
    acts.settle(picture(one))
    assert acts.of(one) is not None


@pytest.mark.parametrize("state", ActState)
def test_what_is_gone_by_the_word_of_its_source_is_forgotten(state: ActState) -> None:
    one = alert(record(PAGERDUTY))
    acts = acts_of(one, state)
    acts.settle(picture(seconds=-5))
    assert acts.of(one) is not None, "its source has not spoken since"
    acts.settle(Situation(1, LATER))
    assert acts.of(one) is not None, "its source has not spoken at all"
    acts.settle(picture())
    assert (acts.of(one) is not None) is (state in (ActState.PENDING, ActState.WAITING))


def test_a_yes_that_no_poll_confirms_is_not_believed_for_ever() -> None:
    one = alert(record(PAGERDUTY))
    acts = acts_of(one, ActState.CONFIRMED)
    acts.settle(picture(one, seconds=119))
    assert acts.of(one) is not None
    acts.settle(picture(one, seconds=121))
    assert acts.of(one) is None


def test_a_failure_is_not_forgotten_by_waiting() -> None:
    one = alert(record(PAGERDUTY))
    acts = acts_of(one, ActState.FAILED)
    acts.settle(picture(one, seconds=9_999))
    assert acts.of(one) is not None


def failed_acknowledge() -> Act:
    return Act(ActState.FAILED, NOW, "answered 403", Verb.ACKNOWLEDGE, Acknowledge(), NOW)


def done(action: Note | Acknowledge, state: ActState = ActState.CONFIRMED) -> Act:
    return Act(state, NOW, "", action.verb, action)


def test_what_failed_stays_though_another_verb_goes_well() -> None:
    one, acts = alert(record(PAGERDUTY)), Acts()
    acts.set(refs_of(one), failed_acknowledge())
    acts.set(refs_of(one), done(Note("on it"), ActState.PENDING))
    assert acts.of(one) == done(Note("on it"), ActState.PENDING), "what is under way has the sign"
    acts.set(refs_of(one), done(Note("on it")))
    assert acts.of(one) == failed_acknowledge()
    assert acts.all_of(one) == [done(Note("on it")), failed_acknowledge()]
    acts.settle(picture(one))
    assert acts.all_of(one) == [failed_acknowledge()], "the sources tell of the note themselves"
    assert acts.failed([one]) == acts.all_failed(picture(one)) == [Failed(one, failed_acknowledge())]
    assert acts.all_failed(picture()) == []


def test_the_same_verb_makes_it_moot_and_so_does_a_picture_that_shows_it_done() -> None:
    one, acts = alert(record(PAGERDUTY), record(ALERTMANAGER, "f1")), Acts()
    acts.set(refs_of(one), failed_acknowledge())
    acts.set(refs_of(one), done(Acknowledge()))
    assert acts.failed([one]) == []
    acts.set(refs_of(one), failed_acknowledge())
    acts.set(refs_of(one), done(Note("on it")))
    acts.settle(picture(replace(one, status=Status.ACKNOWLEDGED)))
    assert not acts.all_of(one)


def test_a_note_of_another_text_is_another_note() -> None:
    one, acts = alert(record(PAGERDUTY)), Acts()
    acts.set(refs_of(one), done(Note("first"), ActState.FAILED))
    acts.set(refs_of(one), done(Note("second")))
    assert acts.failed([one]) == [Failed(one, done(Note("first"), ActState.FAILED))]
    acts.set(refs_of(one), done(Note("first")))
    assert acts.failed([one]) == []


@pytest.mark.parametrize("ending", [ActState.CONFIRMED, None])
def test_what_waited_is_over_on_every_record_once_the_outbox_tells_of_that_at_the_pager(
    ending: ActState | None,
) -> None:
    one, acts = alert(record(PAGERDUTY, "Q1"), record(ALERTMANAGER, "f1")), Acts()
    waits = done(Acknowledge(), ActState.WAITING)
    acts.set(refs_of(one), waits)
    acts.set(["pagerduty/Q1"], waits)
    if ending is None:
        acts.forget(["pagerduty/Q1"], waits.key, ActState.WAITING)
    else:
        acts.set(["pagerduty/Q1"], done(Acknowledge(), ending))
        acts.settle(picture(replace(one, status=Status.ACKNOWLEDGED)))
    assert not acts.all_of(one)


def test_what_failed_on_one_record_is_not_the_act_of_another_alert_later() -> None:
    pager, other, acts = record(PAGERDUTY, "Q1"), record(ALERTMANAGER, "f1"), Acts()
    acts.set(refs_of(alert(pager, other)), failed_acknowledge())
    acts.set(["alertmanager/f1"], done(Acknowledge()))
    assert acts.of(alert(pager)) == failed_acknowledge()


def test_one_act_is_forgotten_and_the_others_stay() -> None:
    one, acts = alert(record(PAGERDUTY)), Acts()
    acts.set(refs_of(one), failed_acknowledge())
    acts.set(refs_of(one), done(Note("on it")))
    acts.forget(refs_of(one), failed_acknowledge().key, ActState.WAITING)
    assert len(acts.all_of(one)) == 2
    acts.forget(refs_of(one), failed_acknowledge().key, ActState.FAILED)
    acts.forget(["pagerduty/other"], failed_acknowledge().key)
    assert acts.all_of(one) == [done(Note("on it"))]


def test_a_yes_is_not_believed_longer_because_the_clock_was_set_back() -> None:
    shouting = alert(record(PAGERDUTY, "Q1"))
    acts = acts_of(shouting, ActState.CONFIRMED)
    acts.settle(picture(shouting, seconds=-3_600))
    assert acts.of(shouting) is not None
    acts.settle(picture(shouting, seconds=-3_600 + 121))
    assert acts.of(shouting) is None


def test_a_picture_that_was_begun_before_the_act_changes_nothing_of_it() -> None:
    shouting = alert(record(PAGERDUTY, "Q1"))
    acts = acts_of(shouting, ActState.CONFIRMED)
    acts.settle(picture(shouting, seconds=-1))
    assert acts.of(shouting) == Act(ActState.CONFIRMED, NOW)
