"""The runbooks that ship, through the real engine, against a real PostgreSQL and a real PgBouncer."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from oncall_tui.config.model import DatabaseSettings
from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.model import StepKind
from oncall_tui.runbook.reading.read import read_file
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from tests.integration.pooler import start_pgbouncer
from tests.integration.servers import PostgreSQL, start_postgresql
from tests.integration.shipped_room import DEADLINE_S, SHIPPED, Room, ended, printed, room, until

pytestmark = pytest.mark.integration

TRIED = {
    *("active_queries", "cancel_query", "terminate_backend"),
    *("sessions", "idle_sessions", "idle_by_app", "idle_count", "end_idle", "pools"),
    *("key_space", "prefixes", "big_keys", "cache_keys", "unlink_cache", "redis_ping", "redis_room", "qr_ttl"),
}
"""The steps that speak to PostgreSQL, PgBouncer or Redis: every one is run, here or in test_shipped_redis.py."""
SLEEPS = "SELECT pg_sleep(600)"


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    with start_postgresql() as started:
        yield started


def psql(server: PostgreSQL, app: str) -> tuple[list[str], dict[str, str]]:
    """psql as a client of that name, and its environment."""
    command = ["psql", "-XAtq", "-h", server.host, "-p", str(server.port), "-U", server.user, "-d", server.database]
    return command, {"PATH": os.environ["PATH"], "PGPASSWORD": server.password, "PGAPPNAME": app}


async def asked(server: PostgreSQL, sql: str) -> str:
    """The answer of the server."""
    command, environ = psql(server, "test")
    return await printed(*command, "-c", sql, environ=environ)


@asynccontextmanager
async def client(
    server: PostgreSQL, app: str, statement: str, state: str = ""
) -> AsyncIterator[asyncio.subprocess.Process]:
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
        state = state or ("active" if statement == SLEEPS else "idle")
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
        await until(lambda: _is_gone(server, app))


async def _is_gone(server: PostgreSQL, app: str) -> bool:
    """End the sessions of a client that has gone, which sleep on, and tell whether there was none any more."""
    ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity"
    return await asked(server, f"{ended} WHERE application_name = '{app}'") == "0"


def settings_of(server: PostgreSQL, **other: object) -> DatabaseSettings:
    """The database as the configuration has it."""
    one = DatabaseSettings(
        host=server.host, database=server.database, user=server.user, port=server.port, password="env:PGSECRET"
    )
    return msgspec.structs.replace(one, **other)


def of_database(server: PostgreSQL, **other: object) -> dict[str, object]:
    """What the runbook of the connections takes from the configuration."""
    return {"database": {"name": server.database, "pooler_addresses": "192.0.2.6", **other}}


@pytest.fixture
async def database(postgresql: PostgreSQL, tmp_path: Path) -> AsyncIterator[Room]:
    one = settings_of(postgresql)
    async with room(tmp_path, of_database(postgresql), {"api": one, "main": one}) as made:
        yield made


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


def test_no_step_that_speaks_to_a_server_is_left_out() -> None:
    here = Path(__file__)
    texts = here.read_text(encoding="utf-8") + here.with_name("test_shipped_redis.py").read_text(encoding="utf-8")
    books = [read_file(path, judge) for path in SHIPPED.glob("*-*.md")]
    speaking = {
        step.id
        for book in books
        for step in book.steps
        if step.kind is StepKind.SQL or any(name in step.body for name in ("redis-cli", "psql"))
    }
    assert speaking == TRIED
    assert all(texts.count(f'"{one}"') >= 2 for one in TRIED), "named in the list and nowhere else"


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
        # Of the pooler, whose sessions bear the names of its clients.
        "CASE application_name WHEN 'pooled' THEN inet '192.0.2.6' END AS client_addr, "
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
        pooled = await stack.enter_async_context(client(postgresql, "pooled", "SELECT 1"))
        busy = await stack.enter_async_context(client(postgresql, "busy", SLEEPS))
        run = await database.begins("database-connections-exhausted")
        for unit in ("sessions", "idle_sessions"):
            assert (await ended(run, unit)).judged.state is State.DONE
        assert {row[2] for row in rows(run, "idle_sessions", "idle").rows} == {"api", "batch"}
        by_app = await ended(run, "idle_by_app")
        assert sorted(row[:3] for row in by_app.executed.rows) == [("api", "oncall", "1"), ("batch", "oncall", "1")]
        counted = await ended(run, "idle_count")
        assert counted.judged.captures == {"total": 2}, counted
        plan = run.plan("end_idle")
        assert plan.sentence == "2 sessions of app have been idle for more than 5 minutes."
        done = await ended(run, "end_idle")
        assert done.judged.state is State.DONE
        assert {row[1:] for row in done.executed.rows} == {("api", "t"), ("batch", "t")}

        async def are_gone() -> bool:
            count = "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE application_name IN ('api', 'batch')"
            return await asked(postgresql, count) == "0"

        await until(are_gone)
        names = "('pgbouncer', 'pooled', 'busy')"
        left = f"SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE application_name IN {names}"
        assert await asked(postgresql, left) == "3"
        assert (pooler.returncode, pooled.returncode, busy.returncode) == (None, None, None)


async def test_nothing_idle_leaves_nothing_to_end(database: Room) -> None:
    run = await database.begins("database-connections-exhausted")
    await ended(run, "idle_by_app")
    assert (await ended(run, "idle_count")).judged.captures == {"total": 0}
    with pytest.raises(NotStarted, match="guard"):
        await ended(run, "end_idle")


@pytest.mark.usefixtures("_older")
async def test_sessions_of_a_database_that_the_phrase_does_not_name_are_not_ended(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    """Connected to one database, and the configuration names another: one there is, one there is not."""
    one = settings_of(postgresql)
    async with client(postgresql, "api", "SELECT 1") as api:
        async with room(tmp_path, of_database(postgresql, name="postgres"), {"main": one}) as other:
            run = await other.begins("database-connections-exhausted")
            await ended(run, "idle_by_app")
            assert (await ended(run, "idle_count")).judged.captures == {"total": 0}
            assert run.plan("end_idle").phrase == "end idle sessions of postgres"
            assert not run.plan("end_idle").can_start
        async with room(tmp_path, of_database(postgresql, name="api"), {"main": one}) as wrong:
            run = await wrong.begins("database-connections-exhausted")
            await ended(run, "idle_by_app")
            counted = await ended(run, "idle_count")
            assert counted.judged.state is State.FAILED, "no such database is not the same as nothing idle"
            assert not run.plan("end_idle").can_start
        assert api.returncode is None


async def test_who_waits_for_whom_is_said(database: Room, postgresql: PostgreSQL) -> None:
    lock = "SELECT pg_advisory_xact_lock(4117)"
    held = f"BEGIN; {lock}; {SLEEPS}"
    async with client(postgresql, "holds", held, "active"), client(postgresql, "waits", lock, "active"):
        run = await database.begins("api-latency-high")
        await ended(run, "active_queries")
        table = rows(run, "active_queries", "queries")
        by_app = {row[table.columns.index("app")]: row for row in table.rows}
        blocked_by = table.columns.index("blocked_by")
        assert by_app["waits"][blocked_by] == by_app["holds"][table.columns.index("pid")]
        assert by_app["holds"][blocked_by] == ""


async def test_a_database_that_is_not_there_is_told_and_nothing_is_listed(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    async with room(tmp_path, {}, {"api": settings_of(postgresql, database="nowhere")}) as wrong:
        listed = await ended(await wrong.begins("api-latency-high"), "active_queries")
        assert listed.judged.state is State.FAILED
        assert 'database "nowhere" does not exist' in listed.executed.stderr


async def test_the_pooler_says_how_it_is(postgresql: PostgreSQL, tmp_path: Path) -> None:
    with start_pgbouncer(postgresql) as pooler:
        where = {"pooler_host": pooler.host, "pooler_port": pooler.port, "pooler_user": pooler.user}
        # It would refuse the PGOPTIONS of an operator.
        more = {"PGPASSWORD": postgresql.password, "PGOPTIONS": "-c statement_timeout=5s"}
        async with room(tmp_path, of_database(postgresql, **where), {}, **more) as made:
            run = await made.begins("database-connections-exhausted")
            told = await ended(run, "pools")
            assert told.judged.state is State.DONE, told
            assert "cl_waiting" in told.executed.stdout


@pytest.mark.parametrize(("ignored", "is_refused"), [("extra_float_digits", True), ("options", False)])
async def test_a_pooler_refuses_the_limits_of_our_steps_unless_it_is_told_not_to(
    postgresql: PostgreSQL, tmp_path: Path, ignored: str, is_refused: bool
) -> None:
    with start_pgbouncer(postgresql, ignored) as pooler:
        behind = settings_of(postgresql, host=pooler.host, port=pooler.port)
        async with room(tmp_path, {}, {"api": behind}) as made:
            listed = await ended(await made.begins("api-latency-high"), "active_queries")
            assert (listed.judged.state is State.FAILED) is is_refused
            assert ("unsupported startup parameter" in listed.executed.stderr) is is_refused
