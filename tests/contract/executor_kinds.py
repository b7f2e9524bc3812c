"""Every kind of executor as the contract suite sees it: how to make it print, wait and have an effect."""

import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote

from oncall_tui.runbook.execution import Executor, Kind, Prepared
from oncall_tui.runbook.executors.http import HttpExecutor
from oncall_tui.runbook.executors.promql import PromqlExecutor
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.executors.sql import Database, SqlExecutor
from oncall_tui.runbook.executors.ssh import SshExecutor
from oncall_tui.runbook.ports import HttpAnswer, HttpRequest
from tests.integration.servers import start_postgresql
from tests.unit.runbook.executors.fakes import FakeMetrics, FakeWeb, series
from tests.unit.runbook.executors.steps import DEADLINE, place, run

HOST = "https://api.example"


class ExecutorKind(Protocol):
    """One kind, in a folder of the test."""

    executor: Executor

    def printing(self, lines: int) -> Prepared:
        """Prints that many lines, the first is ``line 1``."""
        ...

    def waiting(self) -> Prepared:
        """Prints ``up`` if it can and goes on for minutes."""
        ...

    def effect(self, path: Path) -> Prepared:
        """Leaves a trace that ``has_effect`` sees."""
        ...

    def has_effect(self, path: Path) -> bool:
        """Whether anything reached the other side."""
        ...

    async def exchanged(self, values: Sequence[str]) -> list[str | None]:
        """What came back of each value that was given to a step; None for one that was refused."""
        ...


@dataclass
class ShellKind:
    """bash on this machine."""

    folder: Path

    def __post_init__(self) -> None:
        self.executor: Executor = ShellExecutor(place(self.folder, output_limit=4 * 1024 * 1024))

    def printing(self, lines: int) -> Prepared:
        return self._step(f"seq -f 'line %.0f' {lines}")

    def waiting(self) -> Prepared:
        return self._step("echo up; sleep 300")

    def effect(self, path: Path) -> Prepared:
        return self._step(f"touch '{path}'")

    def has_effect(self, path: Path) -> bool:
        return path.exists()

    async def exchanged(self, values: Sequence[str]) -> list[str | None]:
        return await _in_batches(values, self._exchanged)

    async def _exchanged(self, values: Mapping[str, str]) -> list[str] | None:
        body = "; ".join(f"printf '%s\\0' \"${name}\"" for name in values)
        executed = await run(self.executor, replace(self._step(body), values=values))
        return None if executed.plain is None else executed.plain.split("\0")[:-1]

    def _step(self, body: str) -> Prepared:
        return Prepared(Kind.SHELL, body, cwd=self.folder, timeout=timedelta(seconds=DEADLINE))


class SshKind(ShellKind):
    """bash on a machine that a stand-in for ssh pretends to reach."""

    def __post_init__(self) -> None:
        folder = self.folder / "bin"
        folder.mkdir()
        (folder / "ssh").write_text('#!/bin/bash\nwhile [[ $1 != -- ]]; do shift; done\nshift 2\nexec bash -c "$*"\n')
        (folder / "ssh").chmod(0o755)
        environ = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(self.folder)}
        self.executor = SshExecutor(place(self.folder, environ=environ, output_limit=4 * 1024 * 1024))

    def _step(self, body: str) -> Prepared:
        return replace(super()._step(body), target="ssh:db1")


@dataclass
class SqlKind:
    """psql and a real server."""

    folder: Path
    database: Database

    def __post_init__(self) -> None:
        self.executor: Executor = SqlExecutor(place(self.folder, output_limit=4 * 1024 * 1024), {"api": self.database})

    def printing(self, lines: int) -> Prepared:
        return self._step(f"SELECT 'line ' || n AS \"line 1\" FROM generate_series(2, {lines}) AS n")

    def waiting(self) -> Prepared:
        return self._step("SELECT 'up' AS up; SELECT pg_sleep(300)")

    def effect(self, path: Path) -> Prepared:
        return self._step(f"COPY (SELECT 1) TO PROGRAM 'touch {path}'")

    def has_effect(self, path: Path) -> bool:
        return path.exists()

    async def exchanged(self, values: Sequence[str]) -> list[str | None]:
        return await _in_batches(values, self._exchanged)

    async def _exchanged(self, values: Mapping[str, str]) -> list[str] | None:
        body = "SELECT " + ", ".join(f"'<' || :'{name}' || '>' AS {name}" for name in values)
        executed = await run(self.executor, replace(self._step(body), values=values))
        return [cell[1:-1] for cell in executed.rows[0]] if executed.rows else None

    def _step(self, body: str) -> Prepared:
        return Prepared(Kind.SQL, body, target="api", timeout=timedelta(seconds=DEADLINE))


@dataclass
class PromqlKind:
    """A reader of metrics that remembers what it was asked."""

    folder: Path

    def __post_init__(self) -> None:
        self.reader = FakeMetrics(series(1.0))
        self.executor: Executor = PromqlExecutor(self.reader)

    def printing(self, lines: int) -> Prepared:
        self.reader.series = [
            replace(one, labels={"__name__": f"line {at}"}) for at, one in enumerate(series(*range(lines)), 1)
        ]
        return self._step("up")

    def waiting(self) -> Prepared:
        self.reader.hangs = True
        return self._step("up")

    def effect(self, path: Path) -> Prepared:
        return self._step("up")

    def has_effect(self, path: Path) -> bool:
        return bool(self.reader.asked) or path.exists()

    async def exchanged(self, values: Sequence[str]) -> list[str | None]:
        # It is the binding that puts values into a query; the executor hands on what it is given.
        for value in values:
            await run(self.executor, self._step(value))
        return [query for query, _ in self.reader.asked]

    def _step(self, body: str) -> Prepared:
        return Prepared(Kind.PROMQL, body, timeout=timedelta(seconds=DEADLINE))


class _Echo(FakeWeb):
    """Sends back the path and the query that it was asked for."""

    lines = 0

    async def call(self, request: HttpRequest) -> HttpAnswer:
        await super().call(request)
        most = min(self.lines, request.longest // len("line 1\n"))
        body = "".join(f"line {number}\n" for number in range(1, most + 1)).encode()[: request.longest]
        return HttpAnswer(200, {}, body, is_cut=len(body) == request.longest)


@dataclass
class HttpKind:
    """A caller that remembers what it sent."""

    folder: Path

    def __post_init__(self) -> None:
        self.web = _Echo()
        self.executor: Executor = HttpExecutor(self.web)

    def printing(self, lines: int) -> Prepared:
        self.web.lines = lines
        return self._step(f"GET {HOST}/lines")

    def waiting(self) -> Prepared:
        self.web.hangs = True
        return self._step(f"GET {HOST}/slow")

    def effect(self, path: Path) -> Prepared:
        return self._step(f"POST {HOST}/effect")

    def has_effect(self, path: Path) -> bool:
        return bool(self.web.asked) or path.exists()

    async def exchanged(self, values: Sequence[str]) -> list[str | None]:
        return [await self._exchanged(value) for value in values]

    async def _exchanged(self, value: str) -> str | None:
        self.web.asked.clear()
        # As the binding does; what has no encoding is left as it is, to be refused.
        encodable = value.encode("utf-8", "replace").decode() == value
        await run(self.executor, self._step(f"GET {HOST}/x?v={quote(value, safe='') if encodable else value}"))
        return unquote(self.web.asked[0].url.removeprefix(f"{HOST}/x?v=")) if self.web.asked else None

    def _step(self, body: str) -> Prepared:
        return Prepared(Kind.HTTP, body, target=HOST, timeout=timedelta(seconds=DEADLINE))


async def _in_batches(
    values: Sequence[str], exchange: Callable[[Mapping[str, str]], Awaitable[list[str] | None]]
) -> list[str | None]:
    """Many values for one process, and each of those that may be refused for one of its own."""
    found: dict[int, str | None] = {}
    may_be_refused = [at for at, value in enumerate(values) if "\0" in value or not value.isprintable()]
    others = sorted(set(range(len(values))) - set(may_be_refused))
    batches = [[at] for at in may_be_refused] + [others[start : start + 50] for start in range(0, len(others), 50)]
    for batch in batches:
        came = await exchange({f"v{at}": values[at] for at in batch})
        found |= dict(zip(batch, came if came is not None else [None] * len(batch), strict=True))
    return [found[at] for at in range(len(values))]


@contextmanager
def database() -> Iterator[Database]:
    """A PostgreSQL of its own."""
    with start_postgresql() as server:
        yield Database(server.host, server.database, server.user, server.port, lambda: server.password)
