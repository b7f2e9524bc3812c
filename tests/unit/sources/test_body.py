"""The body of an answer: how long it may be, packed and unpacked."""

import gzip
import tracemalloc
import zlib

import pytest

from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.body import Body
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed

_MIB = 1024 * 1024
_TEXT = b'{"status": "success"} ' * 1_000


def _connection(max_body: int = _MIB) -> Connection:
    return Connection(SourceName("prom"), "http://prom:9090", max_body=max_body)


def _read(body: bytes, packing: str = "", *, piece: int = 100, max_body: int = _MIB) -> bytes:
    found = Body(_connection(max_body), {"content-encoding": packing} if packing else {})
    for start in range(0, len(body), piece):
        found.feed(body[start : start + piece])
    return found.finished()


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize("piece", [1, 100, 1_000_000])
@pytest.mark.parametrize(
    ("body", "packing"),
    [
        (_TEXT, ""),
        (_TEXT, "identity"),
        (gzip.compress(_TEXT, mtime=0), "gzip"),
        (gzip.compress(_TEXT, mtime=0), " GZip"),
        (gzip.compress(_TEXT, mtime=0), "x-gzip"),
        (zlib.compress(_TEXT), "deflate"),
        (_raw_deflate(_TEXT), "deflate"),
    ],
)
def test_what_was_packed_comes_out_whole(body: bytes, packing: str, piece: int) -> None:
    assert _read(body, packing, piece=piece) == _TEXT


@pytest.mark.parametrize("size", [_MIB - 1, _MIB, _MIB + 1, 2 * _MIB, 3 * _MIB + 7])
@pytest.mark.parametrize("piece", [1, 1_000, 1_000_000])
def test_much_out_of_little_comes_out_whole(size: int, piece: int) -> None:
    body = b" " * size
    assert _read(zlib.compress(body), "deflate", piece=piece, max_body=size) == body


@pytest.mark.parametrize("packing", ["", "gzip", "deflate"])
def test_nothing_is_nothing_however_it_is_packed(packing: str) -> None:
    assert _read(b"", packing) == b""


@pytest.mark.parametrize(
    ("body", "packing"),
    [(_TEXT, ""), (gzip.compress(_TEXT, mtime=0), "gzip"), (zlib.compress(_TEXT), "deflate")],
)
def test_it_may_be_as_long_as_the_limit_and_not_a_byte_longer(body: bytes, packing: str) -> None:
    assert _read(body, packing, max_body=len(_TEXT)) == _TEXT
    with pytest.raises(Malformed, match="prom:9090 is longer than"):
        _read(body, packing, max_body=len(_TEXT) - 1)


@pytest.mark.parametrize("length", ["1048577", "9" * 19])
def test_what_is_announced_as_too_long_is_not_begun(length: str) -> None:
    with pytest.raises(Malformed, match="longer than 1 MiB"):
        Body(_connection(), {"content-length": length})


@pytest.mark.parametrize("length", ["", "-1", "many", "1048576", "\u0661"])
def test_another_length_is_not_believed(length: str) -> None:
    body = Body(_connection(), {"content-length": length})
    body.feed(b"{}")
    assert body.finished() == b"{}"


def test_a_bomb_takes_no_more_memory_than_the_limit() -> None:
    packed = zlib.compress(b" " * (200 * _MIB))
    tracemalloc.start()
    try:
        with pytest.raises(Malformed, match="longer than 16 MiB"):
            _read(packed, "deflate", piece=len(packed), max_body=16 * _MIB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 24 * _MIB


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "compress"])
def test_a_packing_that_nobody_asked_for_is_refused(packing: str) -> None:
    with pytest.raises(Malformed, match="not asked for"):
        Body(_connection(), {"content-encoding": packing})


@pytest.mark.parametrize(
    ("body", "packing"),
    [
        (gzip.compress(_TEXT, mtime=0)[:-20], "gzip"),
        (gzip.compress(_TEXT, mtime=0)[:5], "gzip"),
        (b"hello", "gzip"),
        (zlib.compress(_TEXT)[:-6], "deflate"),
        (b"x" + zlib.compress(_TEXT)[1:30] + b"\xff" * 50, "deflate"),
    ],
)
def test_what_broke_on_the_way_is_told(body: bytes, packing: str) -> None:
    with pytest.raises(Malformed, match="cannot be unpacked"):
        _read(body, packing)
