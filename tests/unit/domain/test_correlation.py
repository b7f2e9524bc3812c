"""Round after round the alerts are those of a correlation from the beginning, and what did not change stays itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.alert import Alert, JoinRule, Record, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.correlation import Correlation
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, PROMETHEUS, SENTRY, before, key, record
from tests.unit.domain.test_correlate import MANY


@given(st.lists(MANY, max_size=5), st.randoms(use_true_random=False))
def test_whatever_comes_and_goes_it_is_what_correlate_gives(rounds: list[list[Record]], random: Random) -> None:
    correlation, told = Correlation(), dict[str, Record]()
    for news in rounds:
        # Some go, some change what ties them, some come.
        told = {ref: one for ref, one in told.items() if random.random() < 0.7}
        for ref, one in tuple(told.items()):
            if random.random() < 0.3:
                told[ref] = replace(
                    one, keys=frozenset({key(random.choice("abcdef"))}), name=random.choice(["", "Down"])
                )
        told |= {one.ref: one for one in news}
        assert correlation.of(told.values()) == correlate(told.values())


def test_alerts_whose_records_did_not_change_are_the_same_objects() -> None:
    correlation = Correlation()
    quiet, loud = record(PROMETHEUS, "1", name="A"), record(PROMETHEUS, "2", name="B")
    (first, second) = _by_id(correlation.of([quiet, loud]))
    (third, fourth) = _by_id(correlation.of([quiet, replace(loud, status=Status.SILENCED)]))
    assert third is first
    assert fourth is not second
    assert fourth.status is Status.SILENCED


def test_a_record_that_is_told_anew_in_the_same_words_changes_nothing() -> None:
    correlation = Correlation()
    before_it = correlation.of([record(PROMETHEUS, "1")])
    (alert,) = before_it
    after_it = correlation.of([record(PROMETHEUS, "1")])
    assert after_it is before_it
    assert after_it[0].records[0] is alert.records[0]


def test_what_comes_between_two_alerts_makes_one_of_them_and_its_going_two_again() -> None:
    correlation = Correlation()
    page = record(PAGERDUTY, "Q1", service="", keys=(key("a", JoinRule.RECEIVER_LABELS), key("b", JoinRule.DEDUP_KEY)))
    one = record(ALERTMANAGER, "1", keys=(key("a", JoinRule.RECEIVER_LABELS),), service="api")
    other = record(SENTRY, "2", keys=(key("b", JoinRule.DEDUP_KEY),), service="web")
    assert len(correlation.of([one, other])) == 2
    assert len(correlation.of([one, page, other])) == 1
    assert len(correlation.of([one, other])) == 2


def test_a_change_far_down_a_chain_is_seen_at_its_other_end() -> None:
    """The third was kept from the second by the first, which saw the same source: without it they are one."""
    correlation = Correlation()
    first = record(PROMETHEUS, "1", name="Down", since=before(9), keys=(key("a"),))
    second = record(ALERTMANAGER, "2", name="Other", since=before(8), keys=(key("a"),))
    third = record(PROMETHEUS, "3", name="Other", since=before(7))
    assert len(correlation.of([first, second, third])) == 2
    rest = [second, third]
    assert correlation.of(rest) == correlate(rest)
    assert len(correlation.of(rest)) == 1


def test_what_is_listed_twice_counts_as_it_was_told_last() -> None:
    told = [record(PROMETHEUS, "1", title="before"), record(PROMETHEUS, "1", title="after")]
    assert [one.title for one in Correlation().of(told)] == ["after"]


def test_a_round_that_broke_leaves_nothing_behind() -> None:
    correlation = Correlation()
    fine = record(PROMETHEUS, "1")
    correlation.of([fine])
    broken = [replace(record(PROMETHEUS, one), since=None) for one in "23"]  # type: ignore[arg-type]  # a fault of ours
    with pytest.raises(TypeError):
        correlation.of([fine, *broken])
    after = record(PROMETHEUS, "4", title="after")
    assert correlation.of([fine, after]) == correlate([fine, after])


def test_a_round_in_which_few_change_is_much_shorter_than_a_whole_one() -> None:
    many = [record(PROMETHEUS, str(number), name=f"n{number}", service=f"s{number % 500}") for number in range(5_000)]
    few = [replace(one, status=Status.PENDING) if number % 50 == 0 else one for number, one in enumerate(many)]
    correlation = Correlation()
    correlation.of(many)
    assert _took(lambda: correlation.of(few)) < _took(lambda: correlate(few)) / 2


def _by_id(alerts: Sequence[Alert]) -> Iterator[Alert]:
    return iter(sorted(alerts, key=lambda one: one.id))


def _took(work: Callable[[], object]) -> float:
    began = thread_time()
    work()
    return thread_time() - began
