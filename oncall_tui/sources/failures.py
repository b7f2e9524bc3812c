"""What went wrong on the wire, in words: exceptions and answers of any HTTP client to the ``SourceError`` tree.

Shared by httpx and by the vendor clients that bring their own (requests, httpx2): all wrap the same errors of the
operating system, which are found by walking what an exception was raised from.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TYPE_CHECKING

import msgspec

from oncall_tui.domain.text import clean_line
from oncall_tui.sources.errors import Malformed, RateLimited, Refused, SourceError, Unauthorised, Unreachable
from oncall_tui.sources.skew import told_by

if TYPE_CHECKING:
    from oncall_tui.sources.connection import Connection

_EPOCH_FROM = 1_000_000_000
_LONGEST_WAIT_S = 86_400.0
_REASON_LIMIT = 200
_HTML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
_REASON_KEYS = ("error", "detail", "message", "errors", "error_description")


def unreachable(source: str, host: str, error: BaseException) -> Unreachable:
    """The words for a connection that was not made, or broke: refused, DNS, TLS, reset."""
    told = tuple(causes(error))
    if any(isinstance(one, ssl.SSLError) for one in told):
        return _tls(source, host, next(one for one in told if isinstance(one, ssl.SSLError)))
    if any(isinstance(one, socket.gaierror) for one in told) or "NameResolution" in repr(told):
        return Unreachable(f"{source}: nobody knows the name {host}.", "VPN down? Else look at `url` of this source.")
    if any(isinstance(one, ConnectionRefusedError) for one in told):
        return Unreachable(
            f"{source}: {host} refuses the connection.",
            "VPN down? Else the server is down, or `url` names a wrong port.",
        )
    if any(isinstance(one, ConnectionError) for one in told):
        return Unreachable(
            f"{source}: {host} broke off the connection.",
            "It restarts, or something in between cuts long answers. It is asked again by itself.",
        )
    system = next((one.strerror for one in told if isinstance(one, OSError) and one.strerror), "")
    words = f" ({clean_line(str(system), 80)})" if system else ""
    return Unreachable(f"{source}: no connection to {host}{words}.", "VPN down? Is there a network?")


def _tls(source: str, host: str, error: ssl.SSLError) -> Unreachable:
    """TLS that failed: whose certificate is not trusted, and which setting helps."""
    reason = (getattr(error, "reason", None) or "").replace("_", " ").lower()
    why = getattr(error, "verify_message", "") or reason or "handshake failed"
    hint = "A private authority? Give its certificate as `ca_file` of this source."
    if "expired" in why:
        hint = "Whoever runs it must renew the certificate; if others reach it, the clock of this machine is wrong."
    elif "not yet valid" in why:
        hint = "The clock of this machine is behind (NTP), or the certificate was made for later."
    elif "wrong version number" in why or "record layer" in why:
        hint = "The port may speak plain http: look at `url` of this source."
    elif "certificate required" in why or "handshake failure" in why:
        hint = "It may ask for `client_certificate` and `client_key` of this source."
    elif "hostname" in why.lower() or "ip address" in why.lower():
        hint = "`url` of this source names another host than the certificate does."
    return Unreachable(f"{source}: TLS with {host} failed: {clean_line(why, 120).rstrip('.')}.", hint)


def refusal(
    connection: "Connection", status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> SourceError:
    """The error for an answer of ``connection`` that is not 2xx, with the vendor's own words where it has any."""
    source, host = connection.name, connection.host
    said = reason_of(body, connection.scrubbed)
    words = f": {said}" if said else ""
    wait = retry_after(headers, now)
    if status == 401:
        hint = "The token is wrong, expired or withdrawn: renew `token` of this source."
        return Unauthorised(f"{source}: {host} does not accept the credential (401){words}.", hint)
    if status == 403:
        return Unauthorised(
            f"{source}: {host} does not allow this (403){words}.", "The token lacks a scope, or a proxy is in the way."
        )
    if status == 407:
        return Refused(f"{source}: the proxy wants to know who asks (407).", "Look at `proxy` of this source.", status)
    if status == 429:
        until = f" for {wait:.0f} s" if wait is not None else ""
        hint = "Too many requests: it is asked again after that. If it lasts, raise `interval` of this source."
        return RateLimited(f"{source}: {host} asks to wait{until} (429).", hint, wait)
    hint = _HINTS.get(status, "The server has a fault of its own: look there." if status >= 500 else "")
    error = Refused(f"{source}: {host} answered {status}{words}.", hint, status)
    error.retry_after = wait if status >= 500 else None
    return error


_HINTS = {
    400: "The request is wrong for this server: look at the settings of this source.",
    404: "Nothing is there: look at `url` of this source (a path too much or too little?), or the object is gone.",
    502: "A proxy in front of the server finds nobody behind it.",
    503: "The server is starting, overloaded or in maintenance.",
    504: "A proxy in front of the server gave up waiting.",
}


def not_json(source: str, host: str, body: bytes) -> Malformed:
    """The error for a 2xx answer that is not JSON: a web page, nothing, or JSON that breaks off."""
    if is_html(body):
        return Malformed(
            f"{source}: {host} answered with a web page instead of data.",
            "A login page in between, or `url` of this source leads past the API.",
        )
    if not body.strip():
        return Malformed(
            f"{source}: {host} answered with nothing.",
            "It restarts, or `url` of this source leads to something else. It is asked again by itself.",
        )
    hint = "It was cut off, or `url` of this source leads to something else."
    return Malformed(f"{source}: {host} answered with something that is not JSON.", hint)


def is_html(body: bytes) -> bool:
    """Whether the body is a page for people."""
    return _HTML.match(body[:256]) is not None


def reason_of(body: bytes, scrubbed: Callable[[str], str] = str) -> str:
    """The vendor's explanation in an error's body, cleaned, on one line; empty when there is none for us.

    A proxy may echo the request: ``scrubbed`` takes the token out of words. Only here, for JSON may have escaped it.
    """
    if is_html(body):
        return ""
    try:
        answer: object = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        answer = body.decode("utf-8", "replace")
    return clean_line(scrubbed(_words(answer)), _REASON_LIMIT).rstrip(".")


def _words(answer: object, depth: int = 0) -> str:
    if isinstance(answer, str):
        return answer
    if depth > 3:
        return ""
    if isinstance(answer, Mapping):
        parts = [_words(answer[key], depth + 1) for key in _REASON_KEYS if answer.get(key)]
        return ": ".join(part for part in parts if part)
    if isinstance(answer, list):
        return "; ".join(part for part in (_words(one, depth + 1) for one in answer[:3]) if part)
    return ""


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the answer asks to wait; None when it does not say.

    ``Retry-After`` as seconds or an HTTP date (RFC 9110), ``ratelimit-reset`` in seconds (PagerDuty), the epoch of
    ``X-Sentry-Rate-Limit-Reset``. Moments are held against the answer's own ``Date``, since our clock may be another;
    without one against ``now``. ``headers`` has its names in lower case or compares them without case.
    """
    now = told_by(headers) or now
    for name in ("retry-after", "ratelimit-reset", "x-sentry-rate-limit-reset"):
        value = headers.get(name)
        wait = _seconds(value.strip(), now) if value else None
        if wait is not None:
            return min(max(wait, 0.0), _LONGEST_WAIT_S)
    return None


def _seconds(value: str, now: datetime) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return _seconds_until(value, now)
    if not isfinite(number):
        return None
    return number - now.timestamp() if number >= _EPOCH_FROM else number


def _seconds_until(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and everything it was raised from, in groups and in the ``reason`` of urllib3 too, each once."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None)]
        waiting += [*getattr(one, "exceptions", ()), *one.args]
