"""Lets a vendor's synchronous client speak over our wire.

The client runs in a daemon thread and believes that it has a connection of its own; each of its requests is made on
the event loop. So it inherits every bound of the wire: no thread of it can hang longer than a request may take.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from oncall_tui.sources.wire import Answer
from oncall_tui.threads import DaemonThreads

Result = TypeVar("Result")


class Bridge:
    """From the threads of one vendor client to the event loop and back."""

    def __init__(self) -> None:
        self._here = threading.local()

    async def run(self, threads: DaemonThreads, call: Callable[[], Result]) -> Result:
        """The result of ``call``, made in one of ``threads``, where it may use ``exchange``.

        When the awaiting task is cancelled, the read that ``call`` waits for is cancelled too.
        """
        errand = _Errand(asyncio.get_running_loop())

        def job() -> Result:
            self._here.errand = errand
            return call()

        try:
            return await threads.run(job)
        except asyncio.CancelledError:
            errand.give_up()
            raise

    def exchange(self, request: Callable[[], Coroutine[Any, Any, Answer]], *, is_action: bool = False) -> Answer:
        """The answer to ``request``, which runs on the event loop. Blocking: only inside a ``call``.

        An action is not cancelled with its caller: whether it arrived would not be known.
        """
        errand: _Errand = self._here.errand
        return errand.exchange(request, is_action=is_action)


class _Errand:
    """One call, which makes one request after the other."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._reading: Future[Answer] | None = None
        self._is_given_up = False

    def exchange(self, request: Callable[[], Coroutine[Any, Any, Answer]], *, is_action: bool) -> Answer:
        future = asyncio.run_coroutine_threadsafe(request(), self._loop)
        if not is_action:
            # In this order: it is cancelled by one thread or the other, whichever comes second.
            self._reading = future
            if self._is_given_up:
                future.cancel()
        return future.result()

    def give_up(self) -> None:
        self._is_given_up = True
        if self._reading is not None:
            self._reading.cancel()
