"""PromQL steps: what is a value and what is none."""

from datetime import timedelta
from math import inf, nan

import pytest

from oncall_tui.runbook.execution import Ending, Kind, Prepared
from oncall_tui.runbook.executors.promql import PromqlExecutor
from tests.unit.runbook.executors.fakes import FakeMetrics, series
from tests.unit.runbook.executors.steps import Heard, begun, run


def _query(reduce: str = "", timeout_s: float = 5.0) -> Prepared:
    return Prepared(Kind.PROMQL, "up > 5", target="eu", reduce=reduce, timeout=timedelta(seconds=timeout_s))


async def test_one_series_is_a_value() -> None:
    metrics, heard = FakeMetrics(series(0.25)), Heard()
    executed = await run(PromqlExecutor(metrics), _query(), heard)
    assert (executed.value, executed.count, executed.exit) == (0.25, 1, 0)
    assert heard.text == executed.stdout == 'up{job="j0"} 0.25\n'
    assert metrics.asked == [("up > 5", "eu")]


@pytest.mark.parametrize(("reduce", "value"), [("max", 7.0), ("min", 2.0), ("sum", 12.0), ("avg", 4.0)])
async def test_several_series_become_one_value_as_the_step_says(reduce: str, value: float) -> None:
    executed = await run(PromqlExecutor(FakeMetrics(series(3, 7, 2))), _query(reduce))
    assert (executed.value, executed.count, executed.values) == (value, 3, (3, 7, 2))


@pytest.mark.parametrize(
    ("values", "reduce", "reason"),
    [
        ((), "", "no data"),
        ((), "max", "no data"),
        ((nan,), "", "not a number"),
        ((1.0, nan), "max", "not a number"),
        ((nan, 1.0), "min", "not a number"),
        ((inf,), "", "not a number"),
        ((1.0, 2.0), "", "2 series and no `reduce`"),
    ],
)
async def test_what_cannot_be_told_is_no_value(values: tuple[float, ...], reduce: str, reason: str) -> None:
    executed = await run(PromqlExecutor(FakeMetrics(series(*values))), _query(reduce))
    assert executed.ending is Ending.EXITED
    assert executed.value is None
    assert executed.count == len(values)
    assert reason in executed.reason


async def test_what_the_server_says_against_a_query_is_told() -> None:
    executed = await run(PromqlExecutor(FakeMetrics(error="parse error at char 4\x1b[2J")), _query())
    assert (executed.exit, executed.value) == (1, None)
    assert "parse error at char 4" in executed.reason
    assert "\x1b" not in executed.reason + executed.stderr


async def test_a_server_that_does_not_answer_is_given_up() -> None:
    executed = await run(PromqlExecutor(FakeMetrics(hangs=True)), _query(timeout_s=0.05))
    assert executed.ending is Ending.TIMED_OUT


async def test_cancel_gives_the_answer_up() -> None:
    running = await begun(PromqlExecutor(FakeMetrics(hangs=True)), _query())
    running.cancel()
    assert (await running.ended()).ending is Ending.CANCELLED


async def test_labels_of_others_are_drawn_clean_and_many_series_are_cut() -> None:
    many = series(*range(500))
    executed = await run(PromqlExecutor(FakeMetrics(many)), _query("max"))
    assert executed.stdout.endswith("… and 300 more series\n")
    assert executed.is_truncated
    assert executed.value == 499
