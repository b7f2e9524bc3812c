"""The runbooks that ship, through the real engine, against a real Redis: a port, a database, a password, TLS."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from oncall_tui.runbook.run.states import State
from tests.contract.certificates import make
from tests.integration.servers import Server, free_port, require_binary, start_redis
from tests.integration.shipped_room import Room, ended, printed, room

pytestmark = pytest.mark.integration


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    require_binary("redis-cli")
    with start_redis(tmp_path) as started:
        yield started


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
