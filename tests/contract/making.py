"""How each fault is made: what the vendor answers, what the gate does, which name or certificate is wrong."""

import gzip
import json
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from tests.contract.gate import Script
from tests.contract.stage import ELSEWHERE, Stage
from tests.contract.vendor_server import NOW, Behaviour, redirect, status


def answered(behaviour: Behaviour) -> Callable[[Stage], Awaitable[None]]:
    """The vendor answers every request so."""

    async def begin(stage: Stage) -> None:
        stage.vendor.behaviour = behaviour
        await stage.gate.open()

    return begin


def like(change: Callable[[Any], Any]) -> Callable[[Stage], Awaitable[None]]:
    """The vendor answers as ever, with ``change`` made to its JSON."""

    async def begin(stage: Stage) -> None:
        stage.vendor.answers = {path: change(answer) for path, answer in stage.vendor.answers.items()}
        await stage.gate.open()

    return begin


def scripted(script: Script) -> Callable[[Stage], Awaitable[None]]:
    """The gate does this to every connection."""

    async def begin(stage: Stage) -> None:
        await stage.gate.open(script)

    return begin


def certified(name: str) -> Callable[[Stage], Awaitable[None]]:
    """The vendor shows this certificate."""

    async def begin(stage: Stage) -> None:
        await stage.gate.open(context=stage.certificates().context(name))

    return begin


async def refused(stage: Stage) -> None:
    await stage.gate.shut()


async def plain(stage: Stage) -> None:
    await stage.gate.open()


async def unknown_name(stage: Stage) -> None:
    real = socket.getaddrinfo

    def lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        if host in (ELSEWHERE, ELSEWHERE.encode()):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *arguments, **options)

    stage.patch.setattr(socket, "getaddrinfo", lookup)
    await stage.gate.open()


def known_name(patch: pytest.MonkeyPatch) -> None:
    """``ELSEWHERE`` is this machine."""
    real = socket.getaddrinfo

    def lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        return real("127.0.0.1" if host in (ELSEWHERE, ELSEWHERE.encode()) else host, *arguments, **options)

    patch.setattr(socket, "getaddrinfo", lookup)


async def led_away(stage: Stage) -> None:
    where = stage.thief.url.replace("127.0.0.1", "localhost") + "/take?next=api"
    stage.vendor.behaviour = redirect(where)
    await stage.gate.open()


def led_on(request: web.Request) -> web.StreamResponse | None:
    """To the same address with a parameter more, once."""
    if "hop" in request.query:
        return None
    return web.Response(status=307, headers={"Location": str(request.rel_url.update_query(hop="1"))})


def clock_off(hours: int) -> Callable[[Stage], Awaitable[None]]:
    async def begin(stage: Stage) -> None:
        stage.vendor.now = NOW + timedelta(hours=hours)
        await stage.gate.open()

    return begin


async def waits_with_clock_ahead(stage: Stage) -> None:
    """A moment to wait for, by a clock that is an hour ahead of ours."""
    stage.vendor.now = NOW + timedelta(hours=1)
    until = format_datetime(NOW + timedelta(hours=1, seconds=120), usegmt=True)
    stage.vendor.behaviour = status(429, {"Retry-After": until})
    await stage.gate.open()


def swapped(answer: Any) -> Any:
    """An object where a list is due, and the other way round."""
    return {"0": answer} if isinstance(answer, list) else [answer]


def retyped(answer: Any) -> Any:
    """Numbers where texts are due, texts where numbers are, inside of everything."""
    if isinstance(answer, dict):
        return {key: one if one == "success" else retyped(one) for key, one in answer.items()}
    if isinstance(answer, list):
        return [retyped(one) for one in answer]
    return 7 if isinstance(answer, str) else "seven"


def hollow(answer: Any) -> Any:
    """Null inside of everything that is no list or object."""
    if isinstance(answer, dict):
        return {key: one if one == "success" else hollow(one) for key, one in answer.items()}
    return [hollow(one) for one in answer] if isinstance(answer, list) else None


WORDS = ("state", "status", "severity", "urgency", "level", "substatus", "priority", "health", "type", "resultType")


def new_words(answer: Any, key: str = "") -> Any:
    """Words that the vendor invented yesterday, wherever it says a state, a severity or a kind."""
    if isinstance(answer, dict):
        return {name: new_words(one, name) for name, one in answer.items()}
    if isinstance(answer, list):
        return [new_words(one, key) for one in answer]
    return "brand-new" if key in WORDS and isinstance(answer, str) and answer != "success" else answer


async def cut_off(stage: Stage) -> None:
    """Half of every answer, as if that was all."""
    halves = {path: json.dumps(answer) for path, answer in stage.vendor.answers.items()}

    def answer(request: web.Request) -> web.StreamResponse | None:
        whole = halves.get(request.path, "")
        return web.Response(text=whole[: len(whole) // 2], content_type="application/json") if whole else None

    stage.vendor.behaviour = answer
    await stage.gate.open()


async def half_pairs(stage: Stage) -> None:
    """Lone halves of surrogate pairs, high and low, as escapes, in whatever people may write; whole pairs too."""
    broken = {
        path: json.dumps(answer).replace("TITLE", r"\ud83d|\udc00\ud83d\ude00")
        for path, answer in stage.answers("TITLE").items()
    }

    def answer(request: web.Request) -> web.StreamResponse | None:
        if request.path not in broken:
            return None
        return web.Response(text=broken[request.path], content_type="application/json")

    stage.vendor.behaviour = answer
    await stage.gate.open()


HTML = "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MIB = 1024 * 1024


def chunk(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


def bomb() -> bytes:
    """Fifty megabytes in fifty kilobytes."""
    packed = gzip.compress(b"[" + b" " * (50 * MIB) + b"]")
    assert len(packed) < MIB / 8
    return HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed


def stacked_bomb() -> bytes:
    packed = gzip.compress(gzip.compress(b" " * (8 * MIB)))
    return HEAD + f"Content-Encoding: gzip, gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed
