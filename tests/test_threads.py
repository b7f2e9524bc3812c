"""Awaitable daemon threads."""

import asyncio
import subprocess
import sys
import threading
from functools import partial
from importlib import import_module
from types import ModuleType
from weakref import ref

import pytest

from oncall_tui.clock import utc_now
from oncall_tui.config.model import SentrySettings
from oncall_tui.config.secrets import Secret
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources import registry
from oncall_tui.threads import IMPORTING, DaemonThreads, wait_for_no_lookup


async def test_a_call_runs_in_a_daemon_thread_of_the_given_name() -> None:
    threads = DaemonThreads("vendor")
    thread = await threads.run(threading.current_thread)
    assert thread.daemon
    assert thread.name == "vendor-0"
    threads.close()


async def test_what_a_call_raises_is_raised_where_it_is_awaited() -> None:
    def fail() -> None:
        raise LookupError("nobody there")

    threads = DaemonThreads("vendor")
    with pytest.raises(LookupError, match="nobody there"):
        await threads.run(fail)
    threads.close()


async def test_a_cancelled_call_that_has_not_begun_is_never_made() -> None:
    threads = DaemonThreads("vendor", size=1)
    gate, made = threading.Event(), threading.Event()
    first = asyncio.create_task(threads.run(gate.wait))
    second = asyncio.create_task(threads.run(made.set))
    await asyncio.sleep(0)
    second.cancel()
    gate.set()
    assert await first is True
    await threads.run(lambda: None)
    assert not made.is_set()
    threads.close()


def test_the_end_of_the_process_does_not_wait_for_a_call_that_hangs() -> None:
    program = """
import asyncio, threading
from oncall_tui.clock import utc_now
from oncall_tui.config.model import SentrySettings
from oncall_tui.config.secrets import Secret
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources import registry
from oncall_tui.threads import IMPORTING, DaemonThreads, wait_for_no_lookup

async def main():
    begun = threading.Event()
    task = asyncio.create_task(DaemonThreads("vendor").run(lambda: (begun.set(), threading.Event().wait(60))))
    while not begun.is_set():
        await asyncio.sleep(0)
    task.cancel()

asyncio.run(main())
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=50)


async def test_a_thread_that_waits_for_work_keeps_nothing_of_the_last() -> None:
    class Answer:
        """Something large that a call was made of."""

    threads = DaemonThreads("test")
    answer = Answer()
    gone = ref(answer)
    await threads.run(partial(id, answer))
    del answer
    # The thread lets go after it has delivered.
    async with asyncio.timeout(60):
        while gone() is not None:  # noqa: ASYNC110  # Nobody tells: that is what is tested.
            await asyncio.sleep(0)
    threads.close()


async def test_only_one_call_computes_at_a_time_whatever_thread_it_is_in() -> None:
    at_work, most = 0, 0

    def work() -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        threading.Event().wait(0.002)
        at_work -= 1

    pools = [DaemonThreads(name, 2) for name in ("one", "other")]
    await asyncio.gather(*(pool.compute(work) for pool in pools for _ in range(4)))
    assert most == 1
    for pool in pools:
        pool.close()


def test_the_end_of_an_event_loop_waits_for_no_lookup() -> None:
    gate, ended = threading.Event(), threading.Event()

    def look_up() -> None:
        gate.wait(20)
        ended.set()

    async def ask() -> object:
        wait_for_no_lookup()
        loop = asyncio.get_running_loop()
        hanging = loop.run_in_executor(None, look_up)
        assert await loop.run_in_executor(None, int, "7") == 7
        with pytest.raises(ValueError, match="seven"):
            await loop.run_in_executor(None, int, "seven")
        hanging.cancel()
        return (await loop.getaddrinfo("127.0.0.1", 80))[0][4][1]

    assert asyncio.run(ask()) == 80
    assert not ended.is_set()
    gate.set()
    assert ended.wait(20)


def test_a_source_is_imported_while_nothing_else_large_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found_free: list[bool] = []

    def import_noted(name: str) -> ModuleType:
        other = threading.Thread(target=lambda: found_free.append(IMPORTING.acquire(blocking=False)))
        other.start()
        other.join()
        return import_module(name)

    monkeypatch.setattr(registry, "import_module", import_noted)
    settings = SentrySettings(organization="shop")
    source = registry.build(
        "sentry", settings, severities=SeverityMap(), clock=utc_now, resolve_secret=lambda _: Secret("token")
    )
    assert source.name == "sentry"
    assert found_free == [False]
