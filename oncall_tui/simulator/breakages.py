"""Answers that are spoilt on their way: each breakage gets the request and the real answer, and gives what is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

Breakage = Callable[[web.Request, web.Response], Awaitable[web.StreamResponse]]

HUGE_BYTES = 40 * 1024 * 1024
ELSEWHERE = "http://elsewhere.example/login"
NEW_WORD = "brand-new"
_ENUMERATED = ("status", "state", "severity", "level", "priority", "urgency", "health", "substatus", "type")
_BETWEEN_BYTES_S = 0.2


async def _reset(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """The connection breaks in the middle of the body."""
    body = _bytes_of(answer)
    half = await _begun(request, len(body) + 1)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return half


async def _empty(_: web.Request, __: web.Response) -> web.StreamResponse:
    """All is well, and nothing in it."""
    return web.Response(body=b"", content_type="application/json")


async def _truncated(_: web.Request, answer: web.Response) -> web.StreamResponse:
    """JSON that breaks off, in a body of the promised length."""
    body = _bytes_of(answer)
    return web.Response(body=body[: max(len(body) // 2, 1)], content_type="application/json")


async def _html(_: web.Request, __: web.Response) -> web.StreamResponse:
    """The page of a proxy that finds nobody behind it."""
    page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
    return web.Response(status=502, text=page, content_type="text/html")


async def _wrong_shape(_: web.Request, answer: web.Response) -> web.StreamResponse:
    """Good JSON with an object where a list belongs, and the other way round."""
    told = json.loads(_bytes_of(answer))
    return web.json_response(list(told.values()) if isinstance(told, dict) else {"items": told})


async def _unknown_words(_: web.Request, answer: web.Response) -> web.StreamResponse:
    """Every word of an enumeration is one that was added to the API yesterday."""
    told = json.loads(_bytes_of(answer))
    if isinstance(told, dict):
        return web.json_response({key: _renewed(value) for key, value in told.items()})
    return web.json_response(_renewed(told))


async def _redirect(_: web.Request, __: web.Response) -> web.StreamResponse:
    """To the login page of another host."""
    return web.Response(status=302, headers={"Location": ELSEWHERE})


async def _slow(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Byte by byte, each soon enough to look alive."""
    body = _bytes_of(answer)
    dripping = await _begun(request, len(body))
    for byte in body:
        await dripping.write(bytes([byte]))
        await asyncio.sleep(_BETWEEN_BYTES_S)
    return dripping


async def _huge(request: web.Request, _: web.Response) -> web.StreamResponse:
    """More than anybody should read."""
    flood = await _begun(request, HUGE_BYTES)
    chunk = b" " * (1024 * 1024)
    for _mebibyte in range(HUGE_BYTES // len(chunk)):
        await flood.write(chunk)
    return flood


BREAKAGES: Mapping[str, Breakage] = {
    "reset": _reset,
    "empty": _empty,
    "truncated": _truncated,
    "html": _html,
    "wrong shape": _wrong_shape,
    "unknown words": _unknown_words,
    "redirect": _redirect,
    "slow": _slow,
    "huge": _huge,
}
"""By the word that asks for them."""


def _bytes_of(answer: web.Response) -> bytes:
    return answer.body if isinstance(answer.body, bytes) else b""


async def _begun(request: web.Request, length: int) -> web.StreamResponse:
    """An answer of JSON whose head is sent."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = length
    await response.prepare(request)
    return response


def _renewed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renewed(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: NEW_WORD if key in _ENUMERATED and isinstance(one, str) else _renewed(one) for key, one in value.items()
    }
