"""A scene for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.unit.cli.runbook.running.scene import Scene
from tests.unit.runbook.run.helpers import Bench, ok, table, value


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = Scene(Bench(tmp_path))
    says = made.bench.script.says
    says("cpu", value(91.0), value(40.0))
    says("describe", ok("4\n"))
    says("pg_stat_activity", table(("7", "2026-01-01 00:00:00"), ("8", "2026-01-02 00:00:00")))
    says("destroy", table(("t",), columns=("ended",)))
    yield made
    await made.bench.close()
