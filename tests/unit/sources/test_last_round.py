"""What the last poll read is used again."""

from dataclasses import replace
from functools import partial

from oncall_tui.sources.last_round import LastRound, Unchanged
from tests.unit.builders import PAGERDUTY, record


def test_what_is_read_alike_is_made_once() -> None:
    made: list[str] = []

    def value_of(key: str) -> str:
        made.append(key)
        return f"value of {key}"

    known: LastRound[str, str] = LastRound()
    for round_ in (("a", "b"), ("b", "c"), ("a", "c")):
        known.begin()
        assert [known.get(key, partial(value_of, key)) for key in round_] == [f"value of {one}" for one in round_]
    assert made == ["a", "b", "c", "a"]


def test_what_is_alike_within_a_round_is_one_value() -> None:
    known: LastRound[str, list[str]] = LastRound()
    known.begin()
    first = known.get("a", list)
    assert known.get("a", list) is first
    assert known.get("b", list) is not first


def test_a_record_that_is_as_it_was_stays_the_same_object() -> None:
    first = [record(PAGERDUTY, "Q1"), record(PAGERDUTY, "Q2"), record(PAGERDUTY, "Q3")]
    unchanged = Unchanged()
    assert unchanged.of(first) == tuple(first)
    again = unchanged.of([replace(first[1], title="another"), replace(first[0])])
    assert again[1] is first[0]
    assert again[0].title == "another"
    assert unchanged.of([replace(first[2])])[0] is not first[2]
