"""Every kind of executor as the contract suite sees it: how to make it print, wait and have an effect."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote

from oncall_tui.runbook.execution import Executed, Executor, Kind, Prepared
from oncall_tui.runbook.executors.http import HttpExecutor
from oncall_tui.runbook.executors.promql import PromqlExecutor
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.executors.sql import Database, SqlExecutor
from oncall_tui.runbook.executors.ssh import SshExecutor
from oncall_tui.runbook.ports import HttpAnswer, HttpRequest
from tests.integration.servers import start_postgresql
from tests.unit.runbook.executors.fakes import FakeMetrics, FakeWeb, series
from tests.unit.runbook.executors.steps import DEADLINE, place

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

    def echoing(self, value: str) -> Prepared:
        """Gives the value back."""
        ...

    def echoed(self, executed: Executed) -> str | None:
        """What came back; None when it was refused."""
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

    def echoing(self, value: str) -> Prepared:
        return replace(self._step("printf '<%s>' \"$v\""), values={"v": value})

    def echoed(self, executed: Executed) -> str | None:
        return None if executed.plain is None else executed.plain[1:-1]

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

    def echoing(self, value: str) -> Prepared:
        return replace(self._step("SELECT '<' || :'v' || '>' AS v"), values={"v": value})

    def echoed(self, executed: Executed) -> str | None:
        return executed.rows[0][0][1:-1] if executed.rows else None

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

    def echoing(self, value: str) -> Prepared:
        self.reader.asked.clear()
        return self._step(value)

    def echoed(self, executed: Executed) -> str | None:
        return self.reader.asked[0][0] if self.reader.asked else None

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

    def echoing(self, value: str) -> Prepared:
        self.web.asked.clear()
        # As the binding does; what has no encoding is left as it is, to be refused.
        encodable = value.encode("utf-8", "replace").decode() == value
        return self._step(f"GET {HOST}/x?v={quote(value, safe='') if encodable else value}")

    def echoed(self, executed: Executed) -> str | None:
        return unquote(self.web.asked[0].url.removeprefix(f"{HOST}/x?v=")) if self.web.asked else None

    def _step(self, body: str) -> Prepared:
        return Prepared(Kind.HTTP, body, target=HOST, timeout=timedelta(seconds=DEADLINE))


@contextmanager
def database() -> Iterator[Database]:
    """A PostgreSQL of its own."""
    with start_postgresql() as server:
        yield Database(server.host, server.database, server.user, server.port, lambda: server.password)


async def longest_stall(stop: asyncio.Event) -> float:
    """Seconds that the event loop did not turn at a stretch."""
    loop = asyncio.get_running_loop()
    longest = 0.0
    while not stop.is_set():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before - 0.005)
    return longest
