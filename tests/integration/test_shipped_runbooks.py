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
from tests.contract.certificates import make
from tests.integration.pooler import start_pgbouncer
from tests.integration.servers import PostgreSQL, Server, free_port, require_binary, start_postgresql, start_redis

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
    **more: str,
) -> AsyncIterator[Room]:
    environ = {"HOME": str(folder), "PATH": os.environ["PATH"], "PGSECRET": PostgreSQL.password, **more}
    settings = msgspec.structs.replace(Config().runbooks, values=dict(values), databases=dict(databases))
    config = msgspec.structs.replace(Config(), runbooks=settings)
    journal = JournalKeeper(folder / "journal.db", utc_now)
    runbooks = Runbooks(config, (), journal, environ=environ, clock=utc_now, actor="user:camille")
    try:
        yield Room(runbooks)
    finally:
        runbooks.close()
        await journal.close()


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


CACHE_DB = 3


def of_redis(port: int, **other: object) -> dict[str, object]:
    """What the runbooks take from the configuration: no default port, and no default database."""
    where = {"host": "127.0.0.1", "port": port, "db": CACHE_DB, **other}
    return {"redis": {"cache": {**where, "prefix": "cache"}, "qr": where}}


def port_of(redis: Server) -> int:
    port = urlsplit(redis.url).port
    assert port is not None
    return port


@pytest.fixture
async def cache(redis: Server, tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, of_redis(port_of(redis)), {}) as made:
        yield made


async def said(redis: Server, *command: str, db: int = CACHE_DB) -> str:
    where = ("-p", str(port_of(redis)), "-n", str(db))
    return await printed("redis-cli", *where, *command, environ={"PATH": os.environ["PATH"]})


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


async def test_the_cache_is_emptied_by_its_prefix_and_nothing_else(cache: Room, redis: Server) -> None:
    await said(redis, "EVAL", "for i = 1, 250 do redis.call('SET', 'cache:' .. i, 'x') end", "0")
    for name in ("qr:1", "queue:jobs", "cachet:1", "cache"):
        await said(redis, "SET", name, "x")
    await said(redis, "SET", "cache:1", "x", db=0)
    run = await cache.begins("api-latency-high")
    space = await ended(run, "key_space")
    assert "db0:keys=1,expires=0" in space.executed.stdout and "db3:keys=254," in space.executed.stdout
    prefixes = await ended(run, "prefixes")
    assert prefixes.judged.state is State.DONE
    assert prefixes.executed.stdout.splitlines()[-1].split() == ["251", "cache"]
    counted = await ended(run, "cache_keys")
    assert counted.judged.captures == {"count": 250}
    plan = run.plan("unlink_cache")
    assert (plan.phrase, plan.sentence) == ("unlink cache on 127.0.0.1/3", "250 keys of the cache will be deleted.")
    assert (await ended(run, "unlink_cache")).judged.state is State.DONE
    assert sorted((await said(redis, "KEYS", "*")).split()) == ["cache", "cachet:1", "qr:1", "queue:jobs"]
    assert await said(redis, "KEYS", "*", db=0) == "cache:1", "another database"


async def test_a_name_with_blanks_quotes_or_lines_in_it_takes_no_other_key_along(cache: Room, redis: Server) -> None:
    for name in ("cache:a qr:1", "cache:it's", 'cache:"', "cache:x\nqr:1", "cache:\\", "qr:1", "a"):
        await said(redis, "SET", name, "x")
    run = await cache.begins("api-latency-high")
    await ended(run, "cache_keys")
    done = await ended(run, "unlink_cache")
    assert done.judged.state is State.DONE, done
    # One name in two lines stays: half of it is no name.
    left = await said(redis, "--raw", "KEYS", "*")
    assert sorted(left.split("\n")) == ["a", "cache:x", "qr:1", "qr:1"]
    assert (await said(redis, "EXISTS", "qr:1"), await said(redis, "DBSIZE")) == ("1", "3")


async def test_a_redis_that_is_not_there_is_told_and_nothing_can_be_deleted(redis: Server, tmp_path: Path) -> None:
    await said(redis, "SET", "cache:1", "x")
    async with room(tmp_path, of_redis(free_port()), {}) as wrong:
        run = await wrong.begins("api-latency-high")
        for unit in ("key_space", "prefixes", "big_keys", "cache_keys"):
            told = await ended(run, unit)
            assert told.judged.state is State.FAILED, unit
            assert "Connection refused" in told.executed.stderr + told.executed.stdout
        assert not run.plan("unlink_cache").can_start
        assert (await ended(await wrong.begins("qr-code-failure"), "redis_ping")).judged.state is State.FAILED
    assert await said(redis, "KEYS", "*") == "cache:1"


async def test_a_replica_keeps_its_keys(cache: Room, redis: Server, tmp_path: Path) -> None:
    await said(redis, "SET", "cache:1", "x")
    await said(redis, "REPLICAOF", "127.0.0.1", "1")
    run = await cache.begins("api-latency-high")
    await ended(run, "cache_keys")
    refused = await ended(run, "unlink_cache")
    assert refused.judged.state is State.FAILED
    assert "READONLY" in refused.executed.stderr + refused.executed.stdout
    assert await said(redis, "KEYS", "*") == "cache:1"


async def test_the_password_comes_from_the_environment_and_stands_on_no_command_line(
    redis: Server, tmp_path: Path
) -> None:
    await said(redis, "SET", "cache:1", "x")
    await said(redis, "CONFIG", "SET", "requirepass", "correct-horse-7")
    async with room(tmp_path / "with", of_redis(port_of(redis)), {}, REDISCLI_AUTH="correct-horse-7") as made:
        run = await made.begins("api-latency-high")
        counted = await ended(run, "cache_keys")
        assert counted.judged.captures == {"count": 1}
        assert "correct-horse-7" not in "".join(step.body for step in run.runbook.steps)
    async with room(tmp_path / "without", of_redis(port_of(redis)), {}) as made:
        refused = await ended(await made.begins("api-latency-high"), "cache_keys")
        assert refused.judged.state is State.FAILED, "no password is not the same as no key"


async def test_tls_is_spoken_where_the_configuration_says_so(redis: Server, tmp_path: Path) -> None:
    (folder := tmp_path / "certificates").mkdir()
    certificates, port = make(folder), free_port()
    await said(redis, "SET", "cache:1", "x")
    files = ("tls-cert-file", str(folder / "good.pem"), "tls-key-file", str(folder / "key.pem"))
    trust = ("tls-ca-cert-file", str(certificates.authority), "tls-auth-clients", "no", "tls-port", str(port))
    assert await said(redis, "CONFIG", "SET", *files, *trust) == "OK"
    async with room(tmp_path, of_redis(port, scheme="rediss"), {}, SSL_CERT_FILE=str(certificates.authority)) as made:
        told = await ended(await made.begins("api-latency-high"), "cache_keys")
        assert told.judged.captures == {"count": 1}, told
    async with room(tmp_path / "untrusted", of_redis(port, scheme="rediss"), {}) as made:
        refused = await ended(await made.begins("api-latency-high"), "cache_keys")
        assert refused.judged.state is State.FAILED
        assert "certificate verify failed" in refused.executed.stderr + refused.executed.stdout


async def test_big_keys_are_found(cache: Room, redis: Server) -> None:
    await said(redis, "SET", "cache:large", "x" * 100_000)
    run = await cache.begins("api-latency-high")
    found = await ended(run, "big_keys")
    assert found.judged.state is State.DONE
    assert "cache:large" in found.executed.stdout and "100000 bytes" in found.executed.stdout


async def test_codes_say_when_they_run_out(cache: Room, redis: Server) -> None:
    await said(redis, "SET", "qr:runs-out", "x", "EX", "60")
    await said(redis, "SET", "other:1", "x", "EX", "500")
    await said(redis, "SET", "qr:it's here", "x")
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
