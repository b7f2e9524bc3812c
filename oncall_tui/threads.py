"""Awaitable daemon threads: blocking calls off the event loop, and never waited for when the process ends.

``asyncio.to_thread`` keeps a process alive until its thread is done: a vendor client that sleeps through a rate limit
held up quitting for nine seconds where a daemon thread took half a second. Used by ``sources`` for synchronous vendor
clients, by ``journal`` for the database and by ``monitor`` for large merges.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Result = TypeVar("Result")
Given = ParamSpec("Given")
_Job = Callable[[], None]
_COMPUTING = threading.Lock()

IMPORTING = threading.RLock()
"""Held by a thread while it imports something large. Side by side all of it would be there late, and the event loop,
which has requests to send meanwhile, would get one turn in five instead of one in two."""


class DaemonThreads:
    """A few daemon threads that run one call each at a time, started when first needed."""

    def __init__(self, name: str, size: int = 1) -> None:
        self._name = name
        self._size = size
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    async def run(self, call: Callable[[], Result]) -> Result:
        """The result of ``call``, made in one of the threads; what it raises is raised here.

        When the awaiting task is cancelled the call is skipped if it has not begun; one that runs is left to end by
        itself and its result is dropped.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()

        def job() -> None:
            if future.cancelled():
                return
            try:
                result = call()
            except BaseException as error:
                _deliver(loop, future, None, error)
            else:
                _deliver(loop, future, result, None)

        self._start()
        self._jobs.put(job)
        return await future

    async def compute(self, call: Callable[[], Result]) -> Result:
        """``run`` for what computes and does not wait: one such call at a time in the whole process.

        Threads do not compute side by side, they only take turns, and each of them would take one from the screen.
        """

        def in_turn() -> Result:
            with _COMPUTING:
                return call()

        return await self.run(in_turn)

    def close(self) -> None:
        """Let idle threads end; a busy one ends after its call. Returns at once."""
        for _ in self._threads:
            self._jobs.put(None)
        self._threads.clear()

    def _start(self) -> None:
        if len(self._threads) < self._size:
            name = f"{self._name}-{len(self._threads)}"
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            # Until the next call comes the name would hold all that this one was made of: 40 MB of decoded answers.
            del job


def _deliver(
    loop: asyncio.AbstractEventLoop,
    future: "asyncio.Future[Result]",
    result: Result | None,
    error: BaseException | None,
) -> None:
    """Hand an outcome to the loop that waits for it; a loop that is closed waits for nothing."""

    def settle() -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]  # no error: the result is there
        else:
            future.set_exception(error)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        return


def wait_for_no_lookup() -> None:
    """Let the running event loop look up the names of hosts in daemon threads.

    asyncio asks the system for an address in its default executor and waits for that at its end: without a network
    (the VPN is down) a lookup takes as long as it pleases, and kept a screen that was quit for 39 seconds.
    """
    asyncio.get_running_loop().set_default_executor(_Unawaited())


class _Unawaited(ThreadPoolExecutor):
    """A daemon thread for each call, however many hang: they are names that nobody answers for, and few."""

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> "Future[Result]":
        future: Future[Result] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        threading.Thread(target=job, name="lookup", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing is waited for."""
