"""The evaluator on its own; agreement with Prometheus is checked in the integration tests."""

from __future__ import annotations

import math

import pytest

from oncall_tui.simulator.promql import (
    MatrixResult,
    QueryError,
    ScalarResult,
    StringResult,
    VectorResult,
    compile_query,
    compile_selector,
    format_value,
    instant_query,
    range_query,
)
from oncall_tui.simulator.series import SeriesStore

T0 = 1_700_000_000.0


@pytest.fixture
def store() -> SeriesStore:
    """Ten minutes of samples every 15 s: two counters, one with a reset, and buckets."""
    store = SeriesStore()
    for i in range(41):
        t = T0 + 15 * i
        store.append({"__name__": "requests_total", "svc": "a", "code": "200"}, t, 30.0 * i)
        store.append({"__name__": "requests_total", "svc": "a", "code": "500"}, t, 3.0 * i)
        store.append({"__name__": "requests_total", "svc": "b", "code": "200"}, t, 60.0 * (i % 20))
        store.append({"__name__": "load", "svc": "a"}, t, float(i))
        for le, share in (("0.1", 0.5), ("1", 0.9), ("+Inf", 1.0)):
            store.append({"__name__": "latency_bucket", "svc": "a", "le": le}, t, 10.0 * i * share)
    return store


def vector(store: SeriesStore, query: str, t: float = T0 + 600) -> dict[str, float]:
    """Return the values by the text of their labels."""
    result = instant_query(store, query, t)
    assert isinstance(result, VectorResult)
    return {repr(labels): value for labels, value in result.samples}


def test_rate_reaches_the_ends_of_its_range(store: SeriesStore) -> None:
    assert vector(store, 'rate(requests_total{svc="a"}[1m])') == {
        '{code="200", svc="a"}': pytest.approx(2.0),
        '{code="500", svc="a"}': pytest.approx(0.2),
    }


def test_increase_survives_a_counter_reset(store: SeriesStore) -> None:
    [value] = vector(store, 'increase(requests_total{svc="b"}[10m])').values()
    assert value == pytest.approx(60.0 * 38, rel=0.01)


def test_increase_is_not_extrapolated_below_zero() -> None:
    store = SeriesStore()
    for i in range(5):
        store.append({"__name__": "c"}, T0 + 60 + 10 * i, 1.0 + 10 * i)
    [value] = vector(store, "increase(c[100s])", T0 + 100).values()
    assert value == pytest.approx(41.0)


def test_one_sample_has_no_rate() -> None:
    store = SeriesStore()
    store.append({"__name__": "c"}, T0, 1.0)
    for function in ("rate", "irate", "increase", "delta", "idelta", "deriv"):
        assert vector(store, f"{function}(c[5m])", T0) == {}


def test_a_sample_is_seen_for_five_minutes(store: SeriesStore) -> None:
    assert vector(store, "load", T0 + 900) == {'load{svc="a"}': 40.0}
    assert vector(store, "load", T0 + 900.001) == {}


def test_a_stale_series_is_gone_at_once(store: SeriesStore) -> None:
    store.series({"__name__": "load", "svc": "a"}).mark_stale(T0 + 610)
    assert vector(store, "load", T0 + 609) != {}
    assert vector(store, "load", T0 + 611) == {}
    assert vector(store, "count_over_time(load[1m])", T0 + 630) == {'{svc="a"}': 3.0}
    assert vector(store, "count_over_time(load[15s])", T0 + 620) == {}


def test_histogram_quantile_interpolates(store: SeriesStore) -> None:
    query = "histogram_quantile(0.7, sum by (le) (rate(latency_bucket[5m])))"
    assert vector(store, query) == {"{}": pytest.approx(0.1 + 0.9 * 0.5)}


def test_a_ratio_by_service(store: SeriesStore) -> None:
    query = 'sum by (svc) (rate(requests_total{code=~"5.."}[5m])) / sum by (svc) (rate(requests_total[5m]))'
    assert vector(store, query) == {'{svc="a"}': pytest.approx(1 / 11)}


def test_the_kinds_of_result(store: SeriesStore) -> None:
    assert instant_query(store, "1 + 2", T0) == ScalarResult(int(T0 * 1000), 3.0)
    assert instant_query(store, '"text"', T0) == StringResult(int(T0 * 1000), "text")
    assert isinstance(instant_query(store, "load[1m]", T0), MatrixResult)


def test_a_range_query_leaves_gaps_where_there_is_nothing(store: SeriesStore) -> None:
    result = range_query(store, "load > 20", T0, T0 + 600, 60)
    [(labels, times, values)] = result.series
    assert labels == {"__name__": "load", "svc": "a"}
    assert list(values) == [24.0, 28.0, 32.0, 36.0, 40.0]
    assert times[0] == (T0 + 360) * 1000


def test_a_series_added_after_compiling_is_seen() -> None:
    store = SeriesStore()
    node = compile_query("load")
    assert instant_query(store, node, T0) == VectorResult(int(T0 * 1000), [])
    store.append({"__name__": "load"}, T0, 1.0)
    result = instant_query(store, node, T0)
    assert isinstance(result, VectorResult)
    assert len(result.samples) == 1


def test_a_subquery_shares_points_between_steps_and_agrees_with_instant_queries(store: SeriesStore) -> None:
    query = "max_over_time(rate(requests_total[1m])[3m:30s])"
    result = range_query(store, query, T0 + 200, T0 + 600, 50)
    for labels, times, values in result.series:
        for t_ms, value in zip(times, values, strict=True):
            assert vector(store, query, t_ms / 1000)[repr(labels)] == value


@pytest.mark.parametrize(
    ("query", "error_type", "words"),
    [
        ("sum(", "bad_data", "parse error"),
        ("", "bad_data", "no expression"),
        ("nope(load)", "bad_data", "unknown function with name 'nope'"),
        ('load{svc=~"("}', "bad_data", "parse error"),
        ('load{svc=~"a(?P<>)"}', "bad_data", "parse error"),
        ('{a="b" or c="d"}', "bad_data", "parse error"),
        ("limitk(1, load)", "bad_data", "limitk"),
        ("load * on () requests_total", "execution", "many-to-many matching not allowed"),
        ("requests_total * on () load", "execution", "many-to-one matching must be explicit"),
        ('label_replace(load, "x", "y", "svc", "(")', "execution", "regular expression"),
    ],
)
def test_errors_name_their_type(store: SeriesStore, query: str, error_type: str, words: str) -> None:
    with pytest.raises(QueryError) as refusal:
        instant_query(store, query, T0 + 600)
    assert refusal.value.error_type == error_type
    assert words in refusal.value.message


OVERFLOWING = {
    "brackets": "(" * 1000 + "1" + ")" * 1000,
    "sums": "1" + "+1" * 2000,
    "signs": "-" * 4000 + "load",
    "digits": "1" * 6000,
}


@pytest.mark.parametrize("query", OVERFLOWING.values(), ids=OVERFLOWING)
def test_a_query_that_would_overflow_the_stack_is_refused(store: SeriesStore, query: str) -> None:
    with pytest.raises(QueryError, match="parse error"):
        instant_query(store, query, T0)


def test_hostile_numbers_give_numbers() -> None:
    """Python raises where IEEE arithmetic has an answer: overflow, domain, years beyond 9999."""
    store = SeriesStore()
    for i in range(20):
        for kind, value in (("huge", 1.7e308 * (-1) ** i), ("inf", math.inf), ("tiny", 5e-324 * i)):
            store.append({"__name__": "m", "kind": kind}, T0 + i, value)
    for query in (
        *(f"{name}(m)" for name in ("exp", "sinh", "sqrt", "year", "hour", "round", "acosh", "avg", "stddev")),
        *(f"{name}(m[1m])" for name in ("deriv", "rate", "delta", "avg_over_time", "stddev_over_time")),
        "predict_linear(m[1m], 1e308)",
        "m ^ m",
        "m % 0",
        "(-8) ^ (1 / 3)",
        "round(m, 1e-300)",
        "topk(1e300, m)",
        'm{kind=~"[[:alpha:]]+"}',
    ):
        instant_query(store, query, T0 + 20)


def test_too_many_points_are_refused(store: SeriesStore) -> None:
    assert range_query(store, "1", T0, T0 + 11_000, 1).series[0][1][-1] == (T0 + 11_000) * 1000
    with pytest.raises(QueryError, match="exceeded maximum resolution of 11,000 points"):
        range_query(store, "load", T0, T0 + 11_001, 1)


def test_a_range_vector_has_no_range_query(store: SeriesStore) -> None:
    with pytest.raises(QueryError, match='invalid expression type "range vector"'):
        range_query(store, "load[5m]", T0, T0 + 10, 1)


def test_a_selector_is_not_an_expression() -> None:
    assert [matcher.value for matcher in compile_selector('up{job="x"}')] == ["up", "x"]
    with pytest.raises(QueryError):
        compile_selector("sum(up)")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (-0.0, "-0"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e-5, "0.000015"),
        (1e-7, "1e-07"),
        (1.2345678901234566e17, "123456789012345660"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
        (math.nan, "NaN"),
    ],
)
def test_values_look_as_go_prints_them(value: float, text: str) -> None:
    assert format_value(value) == text
    assert math.isnan(value) or float(text) == value
