"""A time limit for a whole request, in a library that has one for each read only.

A server that sends one byte a second begins the time for a read anew with each of them. So each read is given what is
left of the whole, down where the bytes come out of the socket.
"""

import io
import socket
import threading
from collections.abc import Callable
from http.client import HTTPResponse
from time import monotonic
from typing import Any


class Deadline:
    """Until when the request of the calling thread must be answered; each thread makes one at a time."""

    def __init__(self, whole: float, each: float, clock: Callable[[], float] = monotonic) -> None:
        """``whole`` seconds for a request, ``each`` for a read in it."""
        self._clock = clock
        self._whole = whole
        self._each = each
        self._here = threading.local()

    def begin(self) -> None:
        """A request begins."""
        self._here.ends = self._clock() + self._whole

    @property
    def left(self) -> float:
        """Seconds that are left for the next read.

        Raises:
            TimeoutError: none.
        """
        left: float = self._here.ends - self._clock()
        if left <= 0:
            raise TimeoutError("the time for the whole answer is over")
        return min(left, self._each)

    @property
    def is_over(self) -> bool:
        """Whether the time for the whole request has passed."""
        return self._clock() >= float(self._here.ends)


def timed_response(deadline: Deadline) -> type[HTTPResponse]:
    """The class of responses whose every read is bounded by ``deadline``, for ``HTTPConnection.response_class``."""

    class TimedResponse(HTTPResponse):
        def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
            super().__init__(sock, *arguments, **options)
            self.fp.close()
            self.fp = io.BufferedReader(_TimedReads(sock, deadline))

    return TimedResponse


def timed_pools(deadline: Deadline) -> dict[str, type]:
    """The pools of urllib3 by scheme, with ``timed_response`` in their connections."""
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection

    response = timed_response(deadline)

    class Plain(HTTPConnection):
        response_class = response

    class Secure(HTTPSConnection):
        response_class = response

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _TimedReads(io.RawIOBase):
    """The bytes of a socket, each read in what is left of the time."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._bytes = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        self._sock.settimeout(self._deadline.left)
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._bytes.close()
        super().close()
