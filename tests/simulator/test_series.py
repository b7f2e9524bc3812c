"""Samples in memory: order, retention, selection, staleness."""

from __future__ import annotations

import math
import re

import pytest

from oncall_tui.simulator.labels import Labels, Matcher, MatchOp
from oncall_tui.simulator.series import STALE_NAN, Series, SeriesStore, is_stale

UP = {"__name__": "up", "job": "api", "instance": "a:80"}


def names(store: SeriesStore, *matchers: Matcher) -> list[str]:
    return [labels["instance"] for labels, _ in store.select(matchers, 0, 100)]


@pytest.fixture
def store() -> SeriesStore:
    store = SeriesStore()
    for instance in ("a:80", "b:80", "ab:80"):
        store.append({**UP, "instance": instance}, 10.0, 1.0)
    return store


def test_labels_are_a_sorted_hashable_mapping_without_empty_values() -> None:
    labels = Labels({"b": "2", "a": "1", "empty": ""})
    assert list(labels.items()) == [("a", "1"), ("b", "2")]
    assert labels == {"a": "1", "b": "2"}
    assert hash(labels) == hash(Labels({"a": "1", "b": "2"}))
    assert labels.updated({"a": "", "c": "3"}) == {"b": "2", "c": "3"}
    assert repr(Labels({"__name__": "up", "job": "x"})) == 'up{job="x"}'


def test_the_metric_name_is_dropped_once_and_for_all() -> None:
    labels = Labels(UP)
    assert labels.nameless() == {"job": "api", "instance": "a:80"}
    assert labels.nameless() is labels.nameless()
    assert labels.nameless().nameless() is labels.nameless()


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        (MatchOp.EQUAL, "a:80", ["a:80"]),
        (MatchOp.NOT_EQUAL, "a:80", ["b:80", "ab:80"]),
        (MatchOp.MATCHES, "a", []),
        (MatchOp.MATCHES, "a.*|b:80", ["a:80", "b:80", "ab:80"]),
        (MatchOp.NOT_MATCHES, "a.*", ["b:80"]),
        (MatchOp.NOT_MATCHES, "b", ["a:80", "b:80", "ab:80"]),
    ],
)
def test_matchers_are_anchored(store: SeriesStore, op: MatchOp, value: str, expected: list[str]) -> None:
    assert names(store, Matcher("__name__", MatchOp.EQUAL, "up"), Matcher("instance", op, value)) == expected


def test_a_missing_label_counts_as_empty(store: SeriesStore) -> None:
    assert len(names(store, Matcher("zone", MatchOp.EQUAL, ""))) == 3
    assert names(store, Matcher("zone", MatchOp.NOT_EQUAL, "")) == []
    assert len(names(store, Matcher("zone", MatchOp.MATCHES, ".*"))) == 3


def test_a_bad_regular_expression_is_refused() -> None:
    with pytest.raises(re.error):
        Matcher("job", MatchOp.MATCHES, "(")


def test_select_includes_both_ends_and_skips_empty_series(store: SeriesStore) -> None:
    series = store.series(UP)
    series.append(20.0, 2.0)
    series.append(30.0, 3.0)
    [(labels, samples)] = store.select([Matcher("job", MatchOp.EQUAL, "api")], 20.0, 30.0)
    assert labels == UP
    assert samples == [(20.0, 2.0), (30.0, 3.0)]


def test_the_same_labels_give_the_same_series(store: SeriesStore) -> None:
    before = store.generation
    assert store.series(UP) is store.series(Labels(UP))
    assert store.generation == before
    store.series({**UP, "instance": "new"})
    assert store.generation == before + 1


def test_a_series_needs_a_metric_name(store: SeriesStore) -> None:
    with pytest.raises(ValueError, match="__name__"):
        store.append({"job": "api"}, 1.0, 1.0)


def test_samples_come_in_order_and_a_repeated_time_replaces() -> None:
    series = Series(Labels(UP))
    series.append(10.0, 5.0)
    series.append(11.0, 3.0)
    series.append(11.0, 7.0)
    assert list(series.values) == [5.0, 7.0]
    assert series.drops(0, 2) == []
    with pytest.raises(ValueError, match="out of order"):
        series.append(10.5, 1.0)


def test_a_replaced_first_sample_is_fine() -> None:
    series = Series(Labels(UP))
    series.append(10.0, 5.0)
    series.append(10.0, 4.0)
    assert list(series.values) == [4.0]


def test_retention_forgets_old_samples_and_keeps_drops_right() -> None:
    series = Series(Labels(UP), retention_s=100.0)
    for t in range(1000):
        series.append(float(t), float(t % 10))
    assert 100 <= len(series) <= 112
    values = list(series.values)
    expected = [i for i in range(1, len(values)) if values[i] < values[i - 1]]
    assert series.drops(0, len(values)) == expected
    assert series.drops(expected[0], expected[2]) == expected[1:2]


def test_times_are_exact_milliseconds() -> None:
    series = Series(Labels(UP))
    series.append(1_700_000_000.123, 1.0)
    assert list(series.times_ms) == [1_700_000_000_123]


def test_a_stale_marker_is_told_from_an_ordinary_nan() -> None:
    series = Series(Labels(UP))
    series.append(1.0, math.nan)
    series.mark_stale(2.0)
    assert [is_stale(value) for value in series.values] == [False, True]
    assert is_stale(STALE_NAN)
    assert len(series.without_stale(0, 2)) == 1
