"""One suite for every executor: what is confirmed is what runs, it can be seen, it ends, and no value becomes code."""

import asyncio
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.runbook.execution import Altered, Ending
from oncall_tui.runbook.executors.sql import Database
from tests.contract.executor_kinds import (
    ExecutorKind,
    HttpKind,
    PromqlKind,
    ShellKind,
    SqlKind,
    SshKind,
    database,
)
from tests.contract.hostile_values import EFFECT, hostile_values
from tests.pace import longest_turn
from tests.unit.runbook.executors.steps import Heard, begun, run

_KINDS: dict[str, Callable[[Path], ExecutorKind]] = {
    "shell": ShellKind,
    "ssh": SshKind,
    "promql": PromqlKind,
    "http": HttpKind,
}


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Database]:
    with database() as started:
        yield started


@pytest.fixture(params=["shell", "ssh", pytest.param("sql", marks=pytest.mark.integration), "promql", "http"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> ExecutorKind:
    if request.param == "sql":
        return SqlKind(tmp_path, request.getfixturevalue("postgresql"))
    return _KINDS[request.param](tmp_path)


_CHANGED: dict[str, Any] = {
    "values": {"x": "other"},
    "carried": {"x": "other"},
    "target": "elsewhere",
    "cwd": Path("/"),
    "timeout": timedelta(hours=1),
    "is_strict": False,
    "is_reading": True,
    "body": "other",
}


@pytest.mark.parametrize("name", _CHANGED)
async def test_what_is_not_what_was_confirmed_starts_nothing(kind: ExecutorKind, tmp_path: Path, name: str) -> None:
    confirmed = kind.effect(tmp_path / "effect")
    altered = replace(confirmed, **{name: _CHANGED[name]})
    with pytest.raises(Altered):
        await kind.executor.start(altered, confirmed.digest, Heard())
    with pytest.raises(Altered):
        await kind.executor.start(confirmed, altered.digest, Heard())
    assert not kind.has_effect(tmp_path / "effect")


async def test_its_output_is_heard_and_told(kind: ExecutorKind) -> None:
    heard = Heard()
    executed = await run(kind.executor, kind.printing(20), heard)
    assert executed.ending is Ending.EXITED
    assert "line 1" in executed.stdout.splitlines()[0]
    assert "line 20" in executed.stdout.splitlines()[-1]
    assert heard.text == executed.stdout
    assert executed.output_bytes >= len(executed.stdout)
    assert len(executed.output_sha256) == 64
    assert not executed.is_truncated
    assert executed.took_s >= 0


async def test_a_flood_costs_neither_memory_nor_the_loop(kind: ExecutorKind) -> None:
    prepared = kind.printing(1_500_000 if not isinstance(kind, PromqlKind) else 20_000)
    stop = asyncio.Event()
    stall = asyncio.create_task(longest_turn(stop))
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    heard = 0

    def hear(chunk: Any) -> None:
        nonlocal heard
        heard += len(chunk.text)

    running = await kind.executor.start(prepared, prepared.digest, hear)
    executed = await running.ended()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    stop.set()
    assert executed.is_truncated
    assert executed.ending is Ending.EXITED
    assert len(executed.stdout) <= 1_400_000
    assert heard < 6_000_000
    assert most - before < 60_000_000
    assert await stall < 2.0


async def test_cancel_ends_it(kind: ExecutorKind) -> None:
    running = await begun(kind.executor, kind.waiting())
    await asyncio.sleep(0)
    running.cancel()
    executed = await asyncio.wait_for(running.ended(), 30)
    assert executed.ending is Ending.CANCELLED
    assert executed.reason


async def test_its_time_is_limited(kind: ExecutorKind) -> None:
    prepared = replace(kind.waiting(), timeout=timedelta(milliseconds=300))
    executed = await asyncio.wait_for(run(kind.executor, prepared), 30)
    # PostgreSQL ends what takes too long by itself, and psql then says so.
    assert executed.ending is Ending.TIMED_OUT or "statement timeout" in executed.stderr


async def test_several_may_wait_for_its_end(kind: ExecutorKind) -> None:
    running = await begun(kind.executor, kind.printing(3))
    first, second = await asyncio.gather(running.ended(), running.ended())
    assert first == second
    running.cancel()
    assert await running.ended() == first


def _is_unwritable(value: str) -> bool:
    return any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value)


def test_there_are_hostile_values_enough(tmp_path: Path) -> None:
    assert len(hostile_values(tmp_path / "effect")) >= 500


async def test_no_value_becomes_code(kind: ExecutorKind, tmp_path: Path) -> None:
    effect = tmp_path / "effect"
    values = hostile_values(effect)
    came = await kind.exchanged(values)
    assert [(value, one) for value, one in zip(values, came, strict=True) if one not in (value, None)] == []
    # What can be passed on is: only a byte 0 and halves of characters may be refused, by any kind.
    refused = [value for value, one in zip(values, came, strict=True) if one is None]
    assert [value for value in refused if not _is_unwritable(value)] == []
    assert [path for path in (effect, tmp_path / EFFECT, Path(EFFECT)) if path.exists()] == []
