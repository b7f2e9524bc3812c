"""The runbooks that ship, through the real engine, against a real PostgreSQL and a real Redis."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.clock import utc_now
from oncall_tui.config.model import Config, DatabaseSettings
from oncall_tui.domain.situation import Situation
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.live import Ended
from oncall_tui.runbook.run.plan import Confirmation
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from tests.integration.servers import PostgreSQL, Server, require_binary, start_postgresql, start_redis

pytestmark = pytest.mark.integration

SHIPPED = Path(__file__).parents[2] / "runbooks"
DEADLINE_S = 60.0
SLEEPS = "SELECT pg_sleep(600)"


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    with start_postgresql() as started:
        yield started


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    require_binary("redis-cli")
    with start_redis(tmp_path) as started:
        yield started


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a server."""
    deadline = time.monotonic() + DEADLINE_S
    for _ in range(10_000):
        if await is_so():
            return
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


async def printed(*command: str, environ: Mapping[str, str]) -> str:
    """What a program prints."""
    process = await asyncio.create_subprocess_exec(
        *command, env=environ, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    stdout, _ = await process.communicate()
    assert process.returncode == 0, command
    return stdout.decode().strip()


def psql(server: PostgreSQL, app: str) -> tuple[list[str], dict[str, str]]:
    """psql as a client of that name, and its environment."""
    command = ["psql", "-XAtq", "-h", server.host, "-p", str(server.port), "-U", server.user, "-d", server.database]
    return command, {"PATH": os.environ["PATH"], "PGPASSWORD": server.password, "PGAPPNAME": app}


async def asked(server: PostgreSQL, sql: str) -> str:
    """The answer of the server."""
    command, environ = psql(server, "test")
    return await printed(*command, "-c", sql, environ=environ)


@asynccontextmanager
async def client(server: PostgreSQL, app: str, statement: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A session that has begun a statement and stays."""
    command, environ = psql(server, app)
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environ,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(f"{statement};\n".encode())
    try:
        state = "active" if statement == SLEEPS else "idle"
        count = (
            f"SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE application_name = '{app}' AND state = '{state}'"
        )

        async def is_there() -> bool:
            return await asked(server, count) == "1"

        await until(is_there)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@dataclass(frozen=True)
class Room:
    """The runbook room with a configuration of these servers."""

    runbooks: Runbooks

    async def begins(self, name: str, **typed: str) -> Run:
        """A run of a runbook that ships, with its guards asked."""
        book = await self.runbooks.read(SHIPPED / f"{name}.md")
        assert not book.is_refused
        run = (await self.runbooks.begin(book, None, Situation(0, utc_now()), typed)).run
        assert await run.ask_guards()
        return run


async def ended(run: Run, unit: str) -> Ended:
    """Confirm a step as it asks for, and run it to its end."""
    plan = run.plan(unit)
    live = await run.start(plan, Confirmation(plan.floor, plan.digest, plan.phrase))
    return await live.ended()


@asynccontextmanager
async def room(
    folder: Path,
    values: Mapping[str, object],
    databases: Mapping[str, DatabaseSettings],
    path: str = "",
) -> AsyncIterator[Room]:
    environ = {"HOME": str(folder), "PATH": f"{path}{os.environ['PATH']}", "PGSECRET": PostgreSQL.password}
    settings = msgspec.structs.replace(Config().runbooks, values=dict(values), databases=dict(databases))
    config = msgspec.structs.replace(Config(), runbooks=settings)
    journal = JournalKeeper(folder / "journal.db", utc_now)
    runbooks = Runbooks(config, (), journal, environ=environ, clock=utc_now, actor="user:camille")
    try:
        yield Room(runbooks)
    finally:
        runbooks.close()
        await journal.close()


@pytest.fixture
async def database(postgresql: PostgreSQL, tmp_path: Path) -> AsyncIterator[Room]:
    one = DatabaseSettings(
        host=postgresql.host,
        database=postgresql.database,
        user=postgresql.user,
        port=postgresql.port,
        password="env:PGSECRET",
    )
    async with room(tmp_path, {}, {"api": one, "main": one}) as made:
        yield made


@pytest.fixture
async def cache(redis: Server, tmp_path: Path) -> AsyncIterator[Room]:
    address = urlsplit(redis.url)
    # The runbooks name no port: here redis-cli itself knows the one of the test's server.
    folder = tmp_path / "bin"
    folder.mkdir()
    real = require_binary("redis-cli")
    (folder / "redis-cli").write_text(f'#!/bin/sh\nexec {real} -p {address.port} "$@"\n')
    (folder / "redis-cli").chmod(0o755)
    values = {"redis": {"cache": {"host": "127.0.0.1", "prefix": "cache"}, "qr": {"host": "127.0.0.1"}}}
    async with room(tmp_path, values, {}, f"{folder}:") as made:
        yield made


async def said(redis: Server, *command: str) -> str:
    port = str(urlsplit(redis.url).port)
    return await printed("redis-cli", "-p", port, *command, environ={"PATH": os.environ["PATH"]})


def rows(run: Run, step: str, capture: str) -> Table:
    """The table that a step captured."""
    result = run.record.unit(step).result
    assert result is not None
    table = result.captures[capture]
    assert isinstance(table, Table)
    return table


def row_of(table: Table, app: str) -> int:
    """The place of the session of that client."""
    return next(at for at, row in enumerate(table.rows) if row[table.columns.index("app")] == app)


async def test_a_long_query_is_listed_and_the_picked_one_is_cancelled(database: Room, postgresql: PostgreSQL) -> None:
    async with client(postgresql, "slow", SLEEPS) as slow, client(postgresql, "other", SLEEPS) as other:
        run = await database.begins("api-latency-high")
        assert (await ended(run, "active_queries")).judged.state is State.DONE
        table = rows(run, "active_queries", "queries")
        assert {"slow", "other"} <= {row[2] for row in table.rows}
        await run.pick("active_queries", row_of(table, "slow"))
        done = await ended(run, "cancel_query")
        assert done.judged.state is State.DONE, done
        assert slow.stderr is not None
        assert b"canceling statement due to user request" in await asyncio.wait_for(slow.stderr.readline(), DEADLINE_S)
        assert slow.returncode is None, "its connection stays"
        assert other.returncode is None
        names = "SELECT string_agg(application_name, ',') FROM pg_stat_activity"
        active = await asked(postgresql, f"{names} WHERE query LIKE '{SLEEPS}%' AND state = 'active'")
        assert active == "other"


async def test_a_session_is_ended_by_number_and_start_and_never_by_number_alone(
    database: Room, postgresql: PostgreSQL
) -> None:
    async with client(postgresql, "slow", SLEEPS) as slow:
        run = await database.begins("api-latency-high")
        await ended(run, "active_queries")
        table = rows(run, "active_queries", "queries")
        await run.pick("active_queries", row_of(table, "slow"))
        right = run.record.params["backend_start"].value
        # A number that is used again belongs to a session that began at another time.
        await run.give("backend_start", "2020-01-01 00:00:00.000000+00", "typed")
        wrong = await ended(run, "terminate_backend")
        assert wrong.judged.state is State.FAILED
        assert (wrong.executed.count, wrong.executed.exit) == (0, 0)
        assert slow.returncode is None
        await run.give("backend_start", right, "typed")
        assert (await ended(run, "terminate_backend")).judged.state is State.DONE
        assert slow.stderr is not None
        assert b"terminating connection" in await asyncio.wait_for(slow.stderr.read(), DEADLINE_S)
        await asyncio.wait_for(slow.wait(), DEADLINE_S)


@pytest.fixture
async def _older(postgresql: PostgreSQL) -> AsyncIterator[None]:
    """Sessions that look ten minutes older than they are: nobody waits for that."""
    columns = "datname, pid, usename, application_name, backend_start, backend_type, state, query, query_start"
    await asked(
        postgresql,
        f"CREATE SCHEMA older; CREATE VIEW older.pg_stat_activity AS SELECT {columns}, "
        "state_change - interval '10 minutes' AS state_change FROM pg_catalog.pg_stat_activity; "
        f"ALTER ROLE {postgresql.user} SET search_path = older, pg_catalog",
    )
    yield
    await asked(postgresql, f"ALTER ROLE {postgresql.user} RESET search_path; DROP SCHEMA older CASCADE")


@pytest.mark.usefixtures("_older")
async def test_idle_sessions_are_counted_and_ended_and_the_pooler_s_are_spared(
    database: Room, postgresql: PostgreSQL
) -> None:
    async with AsyncExitStack() as stack:
        for name in ("api", "batch"):
            await stack.enter_async_context(client(postgresql, name, "SELECT 1"))
        pooler = await stack.enter_async_context(client(postgresql, "pgbouncer", "SELECT 1"))
        busy = await stack.enter_async_context(client(postgresql, "busy", SLEEPS))
        run = await database.begins("database-connections-exhausted")
        for unit in ("sessions", "idle_sessions"):
            assert (await ended(run, unit)).judged.state is State.DONE
        assert {row[2] for row in rows(run, "idle_sessions", "idle").rows} == {"api", "batch"}
        counted = await ended(run, "idle_count")
        assert counted.judged.captures == {"total": 2}, counted
        plan = run.plan("end_idle")
        assert plan.sentence == "2 sessions have been idle for more than 5 minutes."
        done = await ended(run, "end_idle")
        assert done.judged.state is State.DONE
        assert {row[1:] for row in done.executed.rows} == {("api", "t"), ("batch", "t")}

        async def are_gone() -> bool:
            count = "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE application_name IN ('api', 'batch')"
            return await asked(postgresql, count) == "0"

        await until(are_gone)
        left = "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE application_name IN ('pgbouncer', 'busy')"
        assert await asked(postgresql, left) == "2"
        assert (pooler.returncode, busy.returncode) == (None, None)


async def test_nothing_idle_leaves_nothing_to_end(database: Room) -> None:
    run = await database.begins("database-connections-exhausted")
    assert (await ended(run, "idle_count")).judged.captures == {"total": 0}
    with pytest.raises(NotStarted, match="guard"):
        await ended(run, "end_idle")


async def test_the_cache_is_emptied_by_its_prefix_and_nothing_else(cache: Room, redis: Server) -> None:
    await said(redis, "EVAL", "for i = 1, 250 do redis.call('SET', 'cache:' .. i, 'x') end", "0")
    for name in ("qr:1", "queue:jobs", "cachet:1", "cache"):
        await said(redis, "SET", name, "x")
    run = await cache.begins("api-latency-high")
    space = await ended(run, "key_space")
    assert "db0:keys=" in space.executed.stdout
    counted = await ended(run, "cache_keys")
    assert counted.judged.captures == {"count": 250}
    plan = run.plan("unlink_cache")
    assert (plan.phrase, plan.sentence) == ("unlink cache on 127.0.0.1", "250 keys of the cache will be deleted.")
    assert (await ended(run, "unlink_cache")).judged.state is State.DONE
    assert sorted((await said(redis, "KEYS", "*")).split()) == ["cache", "cachet:1", "qr:1", "queue:jobs"]


async def test_big_keys_are_found(cache: Room, redis: Server) -> None:
    await said(redis, "SET", "cache:large", "x" * 100_000)
    run = await cache.begins("api-latency-high")
    found = await ended(run, "big_keys")
    assert found.judged.state is State.DONE
    assert "cache:large" in found.executed.stdout and "100000 bytes" in found.executed.stdout


async def test_codes_say_when_they_run_out(cache: Room, redis: Server) -> None:
    await said(redis, "SET", "qr:runs-out", "x", "EX", "60")
    await said(redis, "SET", "other:1", "x", "EX", "500")
    await said(redis, "SET", "qr:stays", "x")
    run = await cache.begins("qr-code-failure")
    assert (await ended(run, "redis_ping")).judged.state is State.DONE
    assert "used_memory_human" in (await ended(run, "redis_room")).executed.stdout
    told = await ended(run, "qr_ttl")
    assert told.judged.state is State.DONE, told
    left = sorted(int(line) for line in told.executed.stdout.split())
    assert left[0] == -1, "one never runs out"
    assert len(left) == 2 and 0 < left[1] <= 60
    # More than are asked about: who lists them is cut off, and that is no failure.
    await said(redis, "EVAL", "for i = 1, 50000 do redis.call('SET', 'qr:' .. i, 'x') end", "0")
    many = await ended(run, "qr_ttl")
    assert many.judged.state is State.DONE, many
    assert len(many.executed.stdout.split()) == 20
