"""Answers to the requests of runbooks: no more is read or unpacked than is wanted."""

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from oncall_tui.assembly.answer_head import AnswerHead, Packed
from oncall_tui.assembly.http_caller import PlainHttp
from oncall_tui.runbook.ports import HttpAnswer, HttpRequest, PortError

MIB = 1024 * 1024
TEXT = b"one line of an answer\n" * 1_000
_MIB_OF_NOTHING = bytes(MIB)


def _bomb() -> bytes:
    """Ten gigabytes in ten megabytes, as gzip packs them: one full block after the other."""
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(_MIB_OF_NOTHING) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(_MIB_OF_NOTHING) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * 10_239


def _read(data: bytes, packing: str, longest: int = MIB, piece: int = 65_536) -> AnswerHead:
    head = AnswerHead(packing, longest)
    for at in range(0, len(data), piece):
        head.feed(data[at : at + piece])
        if head.is_cut:
            break
    return head


@pytest.mark.parametrize("piece", [1, 1_000, 65_536])
@pytest.mark.parametrize(
    ("data", "packing"),
    [
        (TEXT, ""),
        (TEXT, "Identity"),
        (gzip.compress(TEXT, mtime=0), " GZIP"),
        (gzip.compress(TEXT, mtime=0), "x-gzip"),
        (zlib.compress(TEXT), "deflate"),
        (zlib.compress(TEXT, wbits=-15), "deflate"),
        (gzip.compress(TEXT, mtime=0) + b"behind its end", "gzip"),
    ],
)
def test_what_was_packed_comes_out_whole(data: bytes, packing: str, piece: int) -> None:
    head = _read(data, packing, piece=piece)
    assert (head.body, head.is_cut) == (TEXT, False)


@pytest.mark.parametrize("packing", ["", "gzip"])
@pytest.mark.parametrize(("longest", "is_cut"), [(len(TEXT), False), (len(TEXT) - 1, True), (100, True)])
def test_the_border_is_exact(packing: str, longest: int, is_cut: bool) -> None:
    head = _read(gzip.compress(TEXT, mtime=0) if packing else TEXT, packing, longest)
    assert (head.body, head.is_cut) == (TEXT[:longest], is_cut)


def test_ten_megabytes_that_unpack_to_ten_gigabytes_take_no_memory() -> None:
    bomb = _bomb()
    assert 9 * MIB < len(bomb) < 12 * MIB
    tracemalloc.start()
    try:
        head = _read(bomb, "gzip", piece=len(bomb))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(head.body), head.is_cut) == (MIB, True)
    # Two copies of what came in one piece, and what is wanted of it.
    assert peak < 2 * len(bomb) + 5 * MIB


def test_what_comes_without_end_and_unpacks_to_nothing_is_cut_too() -> None:
    packer = zlib.compressobj(wbits=31)
    empty = packer.compress(b"x") + packer.flush(zlib.Z_SYNC_FLUSH)
    blocks = packer.flush(zlib.Z_FULL_FLUSH) + b"\x00\x00\x00\xff\xff" * MIB
    head = _read(empty + blocks, "gzip")
    assert (head.body, head.is_cut) == (b"x", True)


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "compress"])
def test_what_nobody_asked_for_is_refused(packing: str) -> None:
    with pytest.raises(Packed, match="not asked for"):
        _read(b"x", packing)
    assert _read(b"", packing).body == b""


def test_what_is_damaged_is_refused() -> None:
    with pytest.raises(Packed, match="cannot be unpacked"):
        _read(b"\x1f\x8b" + b"x" * 100, "gzip")


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async def bomb(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Encoding": "gzip"})
        await answer.prepare(request)
        try:
            await answer.write(_bomb())
        except (ConnectionError, asyncio.CancelledError):
            raise ConnectionResetError from None
        return answer

    async def packing(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["Accept-Encoding"])

    async def broken(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.StreamResponse()

    async def strange(request: web.Request) -> web.Response:
        return web.Response(body=b"x", headers={"Content-Encoding": "br"})

    app = web.Application()
    app.router.add_get("/bomb", bomb)
    app.router.add_post("/broken", broken)
    app.router.add_get("/packing", packing)
    app.router.add_get("/strange", strange)
    made = TestServer(app)
    async with made:
        yield made


async def _get(server: TestServer, path: str, method: str = "GET", **headers: str) -> HttpAnswer:
    return await PlainHttp().call(HttpRequest(method, str(server.make_url(path)), headers, b"", 30.0, MIB))


async def test_a_bomb_from_a_server_is_cut(server: TestServer) -> None:
    answer = await _get(server, "/bomb")
    assert (answer.status, len(answer.body), answer.is_cut) == (200, MIB, True)


async def test_only_what_is_unpacked_here_is_asked_for(server: TestServer) -> None:
    headers = {"accept-encoding": "br"}
    assert (await _get(server, "/packing", **headers)).body == b"gzip, deflate"
    assert (await _get(server, "/strange", "HEAD")).body == b""
    with pytest.raises(PortError, match="the answer was not read: it is packed in a way that was not asked for"):
        await _get(server, "/strange")


async def test_what_was_sent_and_not_answered_may_have_had_its_effect(server: TestServer) -> None:
    with pytest.raises(PortError, match="no answer") as met:
        await _get(server, "/broken", "POST")
    assert met.value.is_sent
    with pytest.raises(PortError, match="no answer") as met:
        await PlainHttp().call(HttpRequest("POST", "http://127.0.0.1:1/", {}, b"", 2.0, 1_000))
    assert not met.value.is_sent
