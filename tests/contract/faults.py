"""Everything that a vendor, or what lies between, may do wrong: one row each, with what the engineer must be told.

``docs/guarantees.md`` has a row for every one of them.
"""

import gzip
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from tests.contract.certificates import Certificates
from tests.contract.gate import Gate, Script, answering, flooding, silent, trickling
from tests.contract.vendor_server import NOW, Answers, Behaviour, VendorServer, page, redirect, status

SHORT_S = 0.25
"""``timeout`` where a test waits for it to pass; a whole request may take twice as long."""

ELSEWHERE = "vendor.invalid"
"""A name that nobody knows, until the fault is mended."""


@dataclass
class Stage:
    """What a fault may touch."""

    vendor: VendorServer
    gate: Gate
    thief: VendorServer
    """Another host, to which nothing may be sent."""
    certificates: Callable[[], Certificates]
    patch: pytest.MonkeyPatch
    answers: Callable[[str], Answers]
    """What the vendor answers with this text in whatever people may write."""


@dataclass(frozen=True)
class Fault:
    """One fault. Without ``kind`` the records come all the same, and ``says`` stands in a warning (if anywhere)."""

    name: str
    begin: Callable[[Stage], Awaitable[None]]
    kind: str | None = None
    says: tuple[str, ...] = ()
    advises: tuple[str, ...] = ()
    shows: str = ""
    """What the title of an alert then holds."""
    retry_after: float | None = None
    is_tls: bool = False
    host: str = "127.0.0.1"
    is_timed: bool = False
    """It is told by a time limit, which the test sets to ``SHORT_S``."""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def _answered(behaviour: Behaviour) -> Callable[[Stage], Awaitable[None]]:
    """The vendor answers every request so."""

    async def begin(stage: Stage) -> None:
        stage.vendor.behaviour = behaviour
        await stage.gate.open()

    return begin


def _like(change: Callable[[Any], Any]) -> Callable[[Stage], Awaitable[None]]:
    """The vendor answers as ever, with ``change`` made to its JSON."""

    async def begin(stage: Stage) -> None:
        stage.vendor.answers = {path: change(answer) for path, answer in stage.vendor.answers.items()}
        await stage.gate.open()

    return begin


def _scripted(script: Script) -> Callable[[Stage], Awaitable[None]]:
    """The gate does this to every connection."""

    async def begin(stage: Stage) -> None:
        await stage.gate.open(script)

    return begin


def _certified(name: str) -> Callable[[Stage], Awaitable[None]]:
    """The vendor shows this certificate."""

    async def begin(stage: Stage) -> None:
        await stage.gate.open(context=stage.certificates().context(name))

    return begin


async def _refused(stage: Stage) -> None:
    await stage.gate.shut()


async def _plain(stage: Stage) -> None:
    await stage.gate.open()


async def _unknown_name(stage: Stage) -> None:
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


async def _led_away(stage: Stage) -> None:
    where = stage.thief.url.replace("127.0.0.1", "localhost") + "/take?next=api"
    stage.vendor.behaviour = redirect(where)
    await stage.gate.open()


def _led_on(request: web.Request) -> web.StreamResponse | None:
    """To the same address with a parameter more, once."""
    if "hop" in request.query:
        return None
    return web.Response(status=307, headers={"Location": str(request.rel_url.update_query(hop="1"))})


def _clock_off(hours: int) -> Callable[[Stage], Awaitable[None]]:
    async def begin(stage: Stage) -> None:
        stage.vendor.now = NOW + timedelta(hours=hours)
        await stage.gate.open()

    return begin


async def _waits_with_clock_ahead(stage: Stage) -> None:
    """A moment to wait for, by a clock that is an hour ahead of ours."""
    stage.vendor.now = NOW + timedelta(hours=1)
    until = format_datetime(NOW + timedelta(hours=1, seconds=120), usegmt=True)
    stage.vendor.behaviour = status(429, {"Retry-After": until})
    await stage.gate.open()


def _swapped(answer: Any) -> Any:
    """An object where a list is due, and the other way round."""
    return {"0": answer} if isinstance(answer, list) else [answer]


def _retyped(answer: Any) -> Any:
    """Numbers where texts are due, texts where numbers are, inside of everything."""
    if isinstance(answer, dict):
        return {key: one if one == "success" else _retyped(one) for key, one in answer.items()}
    if isinstance(answer, list):
        return [_retyped(one) for one in answer]
    return 7 if isinstance(answer, str) else "seven"


def _hollow(answer: Any) -> Any:
    """Null inside of everything that is no list or object."""
    if isinstance(answer, dict):
        return {key: one if one == "success" else _hollow(one) for key, one in answer.items()}
    return [_hollow(one) for one in answer] if isinstance(answer, list) else None


_WORDS = ("state", "status", "severity", "urgency", "level", "substatus", "priority", "health", "type", "resultType")


def _new_words(answer: Any, key: str = "") -> Any:
    """Words that the vendor invented yesterday, wherever it says a state, a severity or a kind."""
    if isinstance(answer, dict):
        return {name: _new_words(one, name) for name, one in answer.items()}
    if isinstance(answer, list):
        return [_new_words(one, key) for one in answer]
    return "brand-new" if key in _WORDS and isinstance(answer, str) and answer != "success" else answer


async def _cut_off(stage: Stage) -> None:
    """Half of every answer, as if that was all."""
    halves = {path: json.dumps(answer) for path, answer in stage.vendor.answers.items()}

    def answer(request: web.Request) -> web.StreamResponse | None:
        whole = halves.get(request.path, "")
        return web.Response(text=whole[: len(whole) // 2], content_type="application/json") if whole else None

    stage.vendor.behaviour = answer
    await stage.gate.open()


async def _half_pairs(stage: Stage) -> None:
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


_HTML = "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_MIB = 1024 * 1024


def _chunk(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


def _bomb() -> bytes:
    """Fifty megabytes in fifty kilobytes."""
    packed = gzip.compress(b"[" + b" " * (50 * _MIB) + b"]")
    assert len(packed) < _MIB / 8
    return _HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed


def _stacked_bomb() -> bytes:
    packed = gzip.compress(gzip.compress(b" " * (8 * _MIB)))
    return _HEAD + f"Content-Encoding: gzip, gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed


_SHAPE = ("malformed", (), ("url",))
_WAIT_37 = {"Retry-After": "37"}
_WAIT_DATE = {"Retry-After": format_datetime(NOW + timedelta(seconds=120), usegmt=True)}
_LONG = 50 * _MIB

NETWORK = (
    Fault("refused", _refused, "unreachable", ("refuses the connection",), ("VPN", "`url`")),
    Fault(
        "unknown-name",
        _unknown_name,
        "unreachable",
        ("nobody knows the name",),
        ("VPN", "`url`"),
        host=ELSEWHERE,
        settings={"allow_insecure": True},
    ),
    Fault("reset", _scripted(answering(is_reset=True)), "unreachable", ("broke off",), ("asked again by itself",)),
    Fault(
        "reset-half-way",
        _scripted(answering(_HEAD + b'Content-Length: 9000\r\n\r\n{"status": "succ', is_reset=True)),
        "unreachable",
        ("broke off",),
        ("asked again by itself",),
    ),
    Fault("no-answer", _scripted(answering()), "unreachable", ("broke off",), ("asked again by itself",)),
    Fault(
        "closed-half-way",
        _scripted(answering(_HEAD + b'Content-Length: 9000\r\n\r\n{"status": "succ')),
        "unreachable",
        ("broke off",),
        ("asked again by itself",),
    ),
    Fault(
        "not-http",
        _scripted(answering(b"-ERR unknown command 'GET'\r\n\r\n")),
        "malformed",
        ("not HTTP",),
        ("port", "`url`"),
    ),
    Fault("silent", _scripted(silent), "timed out", ("did not answer within 0.25 s",), ("`timeout`",), is_timed=True),
    Fault(
        "one-byte-a-second",
        _scripted(trickling(_HEAD + b"Content-Length: 9000\r\n\r\n", SHORT_S / 10)),
        "timed out",
        ("did not finish its answer within 0.5 s",),
        ("`timeout`",),
        is_timed=True,
    ),
    Fault(
        "one-byte-of-the-head-a-second",
        _scripted(trickling(b"HTTP/1.1 200 OK\r\nX-Slow: ", SHORT_S / 10)),
        "timed out",
        ("did not finish its answer within 0.5 s",),
        ("`timeout`",),
        is_timed=True,
    ),
)

TLS = (
    Fault("self-signed", _certified("self-signed"), "unreachable", ("TLS", "self-signed"), ("`ca_file`",), is_tls=True),
    Fault(
        "wrong-host", _certified("for another host"), "unreachable", ("TLS", "mismatch"), ("another host",), is_tls=True
    ),
    Fault("expired", _certified("expired"), "unreachable", ("TLS", "expired"), ("renew", "clock"), is_tls=True),
    Fault("not-yet-valid", _certified("not yet valid"), "unreachable", ("TLS", "not yet valid"), ("NTP",), is_tls=True),
    Fault("plain-http", _plain, "unreachable", ("TLS",), ("plain http", "`url`"), is_tls=True),
)

STATUSES = (
    Fault("401", _answered(status(401)), "unauthorised", ("does not accept the credential (401)",), ("`token`",)),
    Fault("403", _answered(status(403)), "unauthorised", ("does not allow this (403)",), ("scope",)),
    Fault("404", _answered(status(404)), "refused", ("answered 404",), ("`url`",)),
    Fault("429", _answered(status(429)), "rate limited", ("asks to wait (429)",), ("`interval`",)),
    Fault(
        "429-seconds",
        _answered(status(429, _WAIT_37)),
        "rate limited",
        ("asks to wait for 37 s",),
        ("`interval`",),
        retry_after=37,
    ),
    Fault(
        "429-date",
        _answered(status(429, _WAIT_DATE)),
        "rate limited",
        ("asks to wait for 120 s",),
        ("`interval`",),
        retry_after=120,
    ),
    Fault("429-date-clock-ahead", _waits_with_clock_ahead, "rate limited", ("wait for 120 s",), retry_after=120),
    Fault("500", _answered(status(500)), "refused", ("answered 500",), ("fault of its own",)),
    Fault("502-html", _answered(status(502, body=_HTML)), "refused", ("answered 502.",), ("proxy",)),
    Fault(
        "500-fifty-megabytes",
        _scripted(flooding(b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", _chunk(b"oh no " * 200_000), 45)),
        "refused",
        ("answered 500",),
        ("fault of its own",),
    ),
    Fault("503", _answered(status(503, _WAIT_37)), "refused", ("answered 503",), ("overloaded",), retry_after=37),
)

BODIES = (
    Fault("login-page", _answered(page()), "malformed", ("web page instead of data",), ("login", "`url`")),
    Fault("empty-body", _answered(status(200, body="")), "malformed", ("answered with nothing",), ("`url`",)),
    Fault("truncated-json", _cut_off, "malformed", ("not JSON",), ("cut off",)),
    Fault("deep-json", _answered(status(200, body="[" * 200_000)), *_SHAPE),
    Fault("another-shape", _like(_swapped), *_SHAPE),
    Fault("null", _like(lambda answer: None), *_SHAPE),
    Fault("a-number", _like(lambda answer: 7), *_SHAPE),
    Fault("wrong-types-inside", _like(_retyped), *_SHAPE),
    Fault("null-inside", _like(_hollow), *_SHAPE),
    Fault("unknown-words", _like(_new_words)),
    Fault("half-surrogates", _half_pairs, shows="\ufffd|\ufffd\U0001f600"),
    Fault(
        "fifty-megabytes",
        _scripted(flooding(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", _chunk(b"[1," + b"1," * 500_000), 50)),
        "malformed",
        ("longer than 32 MiB",),
        ("Narrow",),
    ),
    Fault(
        "fifty-megabytes-announced",
        _scripted(flooding(_HEAD + f"Content-Length: {_LONG}\r\n\r\n".encode(), b"[1," + b"1," * 500_000, 50)),
        "malformed",
        ("longer than 32 MiB",),
        ("Narrow",),
    ),
    Fault("bomb", _scripted(answering(_bomb())), "malformed", ("longer than 32 MiB",), ("Narrow",)),
    Fault("bomb-in-a-bomb", _scripted(answering(_stacked_bomb())), "malformed", ("packed",), ("proxy",)),
    Fault(
        "broken-packing",
        _scripted(answering(_HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello")),
        "malformed",
        ("cannot be unpacked",),
        ("damaged",),
    ),
)

ELSEWISE = (
    Fault("led-away", _led_away, "refused", ("sends us to localhost; the token stays here",), ("login", "`url`")),
    Fault("led-on", _answered(_led_on)),
    Fault("led-in-circles", _answered(redirect("/round")), "refused", ("round in circles",), ("`url`",)),
    Fault("clock-ahead", _clock_off(1), says=("60 min ahead of", "wrong by as much", "NTP")),
    Fault("clock-behind", _clock_off(-1), says=("60 min behind", "wrong by as much", "NTP")),
)

FAULTS = NETWORK + TLS + STATUSES + BODIES + ELSEWISE
