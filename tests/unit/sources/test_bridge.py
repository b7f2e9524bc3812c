"""A vendor's synchronous client over our wire."""

import asyncio
import threading

import pytest

from oncall_tui.sources.bridge import Bridge
from oncall_tui.sources.errors import Refused
from oncall_tui.sources.wire import Answer
from oncall_tui.threads import DaemonThreads

_ANSWER = Answer(200, {}, {}, b"{}")


class _Request:
    """A request on the event loop that ends when the test says so."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.go_on = asyncio.Event()
        self.ended = asyncio.Event()
        self.outcome = ""
        self.thread: threading.Thread | None = None

    async def __call__(self) -> Answer:
        self.thread = threading.current_thread()
        self.began.set()
        try:
            await self.go_on.wait()
            self.outcome = "answered"
        except asyncio.CancelledError:
            self.outcome = "cancelled"
            raise
        finally:
            self.ended.set()
        return _ANSWER


async def test_a_request_is_made_on_the_loop_and_answered_in_the_thread() -> None:
    bridge, threads, request = Bridge(), DaemonThreads("bridge"), _Request()
    request.go_on.set()
    seen: list[threading.Thread] = []

    def call() -> bytes:
        seen.append(threading.current_thread())
        return bridge.exchange(request).body + bridge.exchange(request).body

    assert await bridge.run(threads, call) == b"{}{}"
    assert request.thread is threading.current_thread()
    assert seen != [threading.current_thread()]
    threads.close()


async def test_what_the_request_raises_is_raised_through_the_client() -> None:
    bridge, threads = Bridge(), DaemonThreads("bridge")

    async def request() -> Answer:
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        await bridge.run(threads, lambda: bridge.exchange(request))
    threads.close()


@pytest.mark.parametrize(("is_action", "outcome"), [(False, "cancelled"), (True, "answered")])
async def test_a_read_that_is_given_up_ends_and_an_action_goes_on(is_action: bool, outcome: str) -> None:
    bridge, threads, request = Bridge(), DaemonThreads("bridge"), _Request()
    task = asyncio.create_task(bridge.run(threads, lambda: bridge.exchange(request, is_action=is_action)))
    await request.began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    if is_action:
        request.go_on.set()
    await asyncio.wait_for(request.ended.wait(), 30)
    assert request.outcome == outcome
    assert await asyncio.wait_for(bridge.run(threads, lambda: "free again"), 30) == "free again"
    threads.close()
