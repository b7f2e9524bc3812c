"""HTTP steps: one request as it is written in the runbook, redirects within the same host alone.

The body of the step is ``METHOD URL``, then headers, then after an empty line the body of the request. ``target`` is
the scheme, host and port that the configuration gave: a request to any other is refused, whatever the values were.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.execution import Chunk, Ending, Executed, Prepared, Running, Stream
from oncall_tui.runbook.executors.asking import Asking
from oncall_tui.runbook.executors.place import Refused, refuse_altered
from oncall_tui.runbook.ports import HttpAnswer, HttpCaller, HttpRequest
from oncall_tui.runbook.process.keeping import HEAD
from oncall_tui.runbook.process.screening import redactor

LONGEST = 1024 * 1024
"""Bytes of an answer that are read."""
_REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PORTS = {"http": 80, "https": 443}
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e]*)")
_URL = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A request as the runbook writes it."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


class Unwritten(Exception):
    """What stands there is no request that may be sent."""


class HttpExecutor:
    """Sends requests."""

    def __init__(self, caller: HttpCaller) -> None:
        self._caller = caller

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        refuse_altered(prepared, digest)
        try:
            written = written_in(prepared.body)
            if origin_of(written.url) != origin_of(prepared.target):
                raise Unwritten(
                    f"{_shown(written.url)} is not on {_shown(prepared.target)}, which the configuration gave"
                )
        except Unwritten as error:
            return Refused(f"nothing was sent: {error}")
        timeout_s = prepared.timeout.total_seconds()
        redact = redactor(prepared.values[name] for name in prepared.secrets if name in prepared.values)

        async def ask() -> Executed:
            executed = told(await self._answer(written, timeout_s), redact)
            hear(Chunk(Stream.OUT, executed.stdout))
            return executed

        return Asking(ask, timeout_s)

    async def _answer(self, written: Written, timeout_s: float) -> HttpAnswer:
        """Follows what moved within the host, for requests that only read."""
        url = written.url
        for _ in range(_REDIRECTS):
            request = HttpRequest(written.method, url, written.headers, written.body, timeout_s, LONGEST)
            answer = await self._caller.call(request)
            place = answer.headers.get("location", "")
            if answer.status not in _MOVED or not place or written.method not in ("GET", "HEAD"):
                return answer
            new = urljoin(url, place)
            if not _URL.fullmatch(new) or origin_of(new) != origin_of(url):
                note = f"it moved to {_shown(new)}, which is another host and was not followed\n"
                return replace(answer, body=note.encode() + answer.body)
            url = new
        return answer


def written_in(body: str) -> Written:
    """The request in the text of a step.

    Raises:
        Unwritten: it is none.
    """
    head, _, content = body.strip("\n").replace("\r\n", "\n").partition("\n\n")
    first, *lines = head.split("\n")
    method, _, url = first.rstrip(" ").partition(" ")
    if method not in _METHODS:
        raise Unwritten(
            f"{clean_line(method)!r} is no method; the first line is METHOD URL, as in GET https://host/path"
        )
    if not _URL.fullmatch(url) or not origin_of(url):
        raise Unwritten(f"{_shown(url)} is no address that begins with http:// or https:// and has no user in it")
    headers = {}
    for line in lines:
        match = _HEADER.fullmatch(line)
        if match is None:
            raise Unwritten(f"{clean_line(line)!r} is no header; write Name: value")
        headers[match[1]] = match[2]
    return Written(method, url, headers, content.encode("utf-8", "replace"))


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what has none, or a user before the host."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or "\\" in url:
        return None
    return parts.scheme, parts.hostname, port


def told(answer: HttpAnswer, redact: Callable[[str], str]) -> Executed:
    """What is left of an answer."""
    plain = answer.body.decode("utf-8", "replace")
    text = redact(plain)
    shown = clean(text[:HEAD], HEAD + 1)
    return Executed(
        Ending.EXITED,
        "the answer was longer than 1 MiB: the rest was not read" if answer.is_cut else "",
        status=answer.status,
        stdout=shown,
        plain=None if answer.is_cut else plain,
        is_truncated=answer.is_cut or len(text) > HEAD,
        output_bytes=len(answer.body),
        output_sha256=hashlib.sha256(answer.body).hexdigest(),
    )


def _shown(url: str) -> str:
    return clean_line(url, 200) or "an empty address"
