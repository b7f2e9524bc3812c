"""A gate before a vendor on loopback: it lets connections through, or does to them what networks do.

Everything goes over one port, so that the same source meets the fault first and the mended vendor then.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable

from tests.contract.vendor_server import accept_no_more

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter, asyncio.Event], Awaitable[None]]
"""What happens to one connection; the event is set at the end of the test."""

_PIECE = 65_536
_TURNS = 10


class Gate:
    """The port in front of a vendor. Closed at first: a connection to it is refused."""

    def __init__(self, vendor_port: int) -> None:
        self._vendor_port = vendor_port
        self._ended = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._listening: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._held: socket.socket | None = socket.socket()
        self._held.bind(("127.0.0.1", 0))
        self.port: int = self._held.getsockname()[1]

    async def open(self, script: Script | None = None, context: ssl.SSLContext | None = None) -> None:
        """Listen; hand every connection to ``script``, or through to the vendor."""
        await self.shut()

        async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            self._writers.append(writer)
            try:
                # Cancelled is what ``shut`` does; a stream's callback would complain about it.
                with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                    if context is not None:
                        await writer.start_tls(context)
                    await (script or self._through)(reader, writer, self._ended)
            finally:
                self._tasks.discard(task)
                writer.close()

        if self._held is not None:
            self._held.close()
            self._held = None
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._server = await asyncio.start_server(each, sock=self._listening)

    async def shut(self) -> None:
        """Listen no more, and cut every connection."""
        if self._server is not None and self._listening is not None:
            await accept_no_more(self._listening)
            self._server.close()
            self._server = self._listening = None
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # TLS would wait for a goodbye, and a socket is let go of some turns of the loop later.
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def end(self) -> None:
        """The test is over."""
        self._ended.set()
        await self.shut()
        if self._held is not None:
            self._held.close()

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: asyncio.Event) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._vendor_port)
        self._writers.append(back)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(reader, back))
                group.create_task(_pump(there, writer))
        except* ConnectionError:
            pass
        finally:
            back.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(_PIECE):
        writer.write(piece)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


@contextlib.asynccontextmanager
async def gate_before(vendor_port: int) -> AsyncIterator[Gate]:
    """A gate for one test."""
    gate = Gate(vendor_port)
    try:
        yield gate
    finally:
        await gate.end()


async def _asked(reader: asyncio.StreamReader) -> None:
    """Wait for the whole head of a request."""
    await reader.readuntil(b"\r\n\r\n")


def answering(*pieces: bytes, is_reset: bool = False) -> Script:
    """Send ``pieces`` after a request, then close; ``is_reset`` slams the door (RST)."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: asyncio.Event) -> None:
        await _asked(reader)
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        if is_reset:
            sock: socket.socket = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    return script


def flooding(head: bytes, piece: bytes, times: int) -> Script:
    """Send ``head``, then ``piece`` so many times, as fast as it is read."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ended: asyncio.Event) -> None:
        await _asked(reader)
        writer.write(head)
        for _ in range(times):
            writer.write(piece)
            await writer.drain()

    return script


def trickling(head: bytes, every: float) -> Script:
    """Send ``head``, then one byte every so many seconds, without end."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ended: asyncio.Event) -> None:
        await _asked(reader)
        writer.write(head)
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(every):
                    await ended.wait()
            writer.write(b"x")
            await writer.drain()

    return script


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ended: asyncio.Event) -> None:
    """Take the request and say nothing."""
    await _asked(reader)
    await ended.wait()
