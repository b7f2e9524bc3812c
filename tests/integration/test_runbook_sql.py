"""SQL steps against a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.runbook.execution import Altered, Ending, Executed, Kind, Prepared
from oncall_tui.runbook.executors.sql import Database, SqlExecutor
from tests.integration.servers import PostgreSQL, start_postgresql
from tests.unit.runbook.executors.steps import DEADLINE, Heard, begun, place, run

Rows = tuple[tuple[str, ...], ...]

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    with start_postgresql() as started:
        yield started


@pytest.fixture
def executor(server: PostgreSQL, tmp_path: Path) -> SqlExecutor:
    return SqlExecutor(place(tmp_path), {"api": database(server)})


@pytest.fixture(autouse=True)
async def _table(executor: SqlExecutor) -> AsyncIterator[None]:
    made = await run(
        executor, sql("DROP TABLE IF EXISTS kept; CREATE TABLE kept (a text); INSERT INTO kept VALUES ('x')")
    )
    assert made.exit == 0, made
    yield


def database(server: PostgreSQL) -> Database:
    return Database(server.host, server.database, server.user, server.port, lambda: server.password)


def sql(body: str, **changes: Any) -> Prepared:
    return Prepared(Kind.SQL, body, target="api", **{"timeout": timedelta(seconds=DEADLINE), **changes})


async def _asked(executor: SqlExecutor, body: str, **changes: Any) -> Executed:
    executed = await run(executor, sql(body, **changes))
    assert executed.exit == 0, executed
    return executed


def _effects(folder: Path) -> list[Path]:
    return list(folder.rglob("effect"))


async def _rows(executor: SqlExecutor, body: str, are_right: Callable[[Rows], bool]) -> Rows:
    """What the server says, as soon as that is right."""
    for _ in range(400):
        if are_right(rows := (await _asked(executor, body)).rows):
            return rows
        await asyncio.sleep(0.02)
    raise AssertionError(f"never came: {body}")


async def test_rows_come_with_the_names_of_their_columns(executor: SqlExecutor) -> None:
    executed = await _asked(
        executor, "SELECT 1 AS one, E'a,\"b\"\\nc' AS text, NULL AS nothing, '' AS empty UNION ALL SELECT 2, '', '', ''"
    )
    assert executed.columns == ("one", "text", "nothing", "empty")
    assert executed.rows == (("1", 'a,"b"\nc', "", ""), ("2", "", "", ""))
    assert executed.count == 2


async def test_no_row_is_a_table_without_rows(executor: SqlExecutor) -> None:
    executed = await _asked(executor, "SELECT 1 AS one WHERE false;")
    assert (executed.columns, executed.rows, executed.count) == (("one",), (), 0)


async def test_a_change_says_how_many_rows(executor: SqlExecutor) -> None:
    assert (await _asked(executor, "UPDATE kept SET a = 'y'")).count == 1
    assert (await _asked(executor, "INSERT INTO kept VALUES ('a'), ('b');")).count == 2


async def test_a_script_that_fails_stops_there_and_does_not_end_with_0(executor: SqlExecutor) -> None:
    executed = await run(executor, sql("SELECT nonsense; DROP TABLE kept;"))
    assert executed.exit == 3
    assert 'column "nonsense" does not exist' in executed.stderr
    assert (await _asked(executor, "SELECT a FROM kept")).rows == (("x",),)


async def test_a_value_is_quoted_by_psql(executor: SqlExecutor) -> None:
    value = "1'); DROP TABLE kept; SELECT ('2"
    executed = await _asked(executor, "SELECT :'v' AS v, 1 AS :\"n\"", values={"v": value, "n": 'a"b'})
    assert (executed.columns, executed.rows) == (("v", 'a"b'), ((value, "1"),))


async def test_reading_steps_are_held_to_it(executor: SqlExecutor) -> None:
    executed = await run(executor, sql("INSERT INTO kept VALUES ('z')", is_reading=True))
    assert executed.exit == 3
    assert "read-only transaction" in executed.stderr


async def test_it_is_known_on_the_server_and_limited_there(executor: SqlExecutor) -> None:
    said = await _asked(
        executor, "SELECT current_setting('application_name') AS name, current_setting('statement_timeout') AS t"
    )
    assert said.rows[0][0].startswith("oncall-tui ")
    assert said.rows[0][1] == f"{DEADLINE:.0f}s"
    executed = await run(executor, sql("SELECT pg_sleep(300)", timeout=timedelta(milliseconds=300)))
    assert "statement timeout" in executed.stderr
    assert executed.exit == 3


async def test_cancel_ends_the_query_on_the_server(executor: SqlExecutor) -> None:
    running = await begun(executor, sql("SELECT pg_sleep(300)"))
    asleep = "SELECT count(*) AS n FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(300)' AND state = 'active'"
    await _rows(executor, asleep, lambda rows: rows == (("1",),))
    running.cancel()
    executed = await running.ended()
    assert executed.ending is Ending.CANCELLED
    assert "canceling statement due to user request" in executed.stderr
    assert (await _asked(executor, asleep)).rows == (("0",),)


async def test_the_password_is_that_process_s_alone_and_seen_nowhere(server: PostgreSQL, tmp_path: Path) -> None:
    executor = SqlExecutor(place(tmp_path), {"api": database(server)})
    heard = Heard()
    prepared = sql(f"SELECT '{server.password}' AS p")
    executed = await run(executor, prepared, heard)
    assert executed.exit == 0
    assert executed.output_file is not None
    for seen in (heard.text, executed.stdout, repr(executed), executed.output_file.read_text()):
        assert server.password not in seen


async def test_a_wrong_password_is_told_and_asks_for_none(server: PostgreSQL, tmp_path: Path) -> None:
    wrong = Database(server.host, server.database, server.user, server.port, lambda: "wrong")
    executed = await run(SqlExecutor(place(tmp_path), {"api": wrong}), sql("SELECT 1"))
    assert executed.exit == 2
    assert "password authentication failed" in executed.stderr


async def test_the_operators_own_settings_of_psql_do_not_count(server: PostgreSQL, tmp_path: Path) -> None:
    (tmp_path / ".psqlrc").write_text("\\! touch effect\n")
    environ = {**place(tmp_path).environ, "PGOPTIONS": "-c search_path=evil", "PSQLRC": str(tmp_path / ".psqlrc")}
    executor = SqlExecutor(place(tmp_path, environ=environ), {"api": database(server)})
    assert (await _asked(executor, "SELECT count(*) AS n FROM kept")).rows == (("1",),)
    assert not (tmp_path / "effect").exists()


@pytest.mark.parametrize(
    "body", ["\\! touch effect", "SELECT 1; \\! touch effect", "SELECT :v", "SELECT 'a' \\o effect", "SELECT 'open"]
)
async def test_what_psql_takes_for_its_own_is_not_started(executor: SqlExecutor, tmp_path: Path, body: str) -> None:
    executed = await run(executor, sql(body, values={"v": "1); DROP TABLE kept; SELECT (2"}))
    assert executed.ending is Ending.FAILED_TO_START
    assert (await _asked(executor, "SELECT a FROM kept")).count == 1
    assert not _effects(tmp_path)


async def test_what_was_altered_after_the_dialog_does_not_start(executor: SqlExecutor) -> None:
    with pytest.raises(Altered):
        await executor.start(sql("DROP TABLE kept"), sql("SELECT 1").digest, Heard())
    assert (await _asked(executor, "SELECT a FROM kept")).count == 1


async def test_a_pinned_row_is_ended_and_a_reused_pid_is_not(executor: SqlExecutor) -> None:
    sleeper = await begun(executor, sql("SELECT pg_sleep(299)"))
    find = "SELECT pid, backend_start FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(299)' AND state = 'active'"
    (pid, backend_start), *_ = await _rows(executor, find, bool)
    end = (
        "SELECT pid, pg_terminate_backend(pid) AS terminated FROM pg_stat_activity "
        "WHERE pid = :'pid'::int AND backend_start = :'backend_start'::timestamptz"
    )
    other = await _asked(executor, end, values={"pid": pid, "backend_start": "2001-01-01 00:00:00+00"})
    assert other.rows == ()
    right = await _asked(executor, end, values={"pid": pid, "backend_start": backend_start})
    assert right.rows == ((pid, "t"),)
    executed = await sleeper.ended()
    assert (executed.ending, executed.exit) == (Ending.EXITED, 2)


async def test_a_database_that_nobody_configured_is_told(executor: SqlExecutor) -> None:
    executed = await run(executor, Prepared(Kind.SQL, "SELECT 1", target="nowhere"))
    assert executed.ending is Ending.FAILED_TO_START
    assert "'nowhere' (it has: api)" in executed.reason
