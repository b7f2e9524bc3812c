"""PagerDuty's own client over our wire: it never sleeps, never retries, never logs, never sees a refusal.

Imported only inside the thread that makes the first call, because the package costs 80 ms. Left to itself the client
sleeps 3, 6, 12 … seconds without end after a 429, puts the last characters of the token into the error for a 401, and
takes in an answer of any length. The wire raises our errors before any of that begins.
"""

import logging
from typing import Any

import httpx2
from pagerduty import Error, RestApiV2Client

from oncall_tui.sources.bridge import Bridge
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Refused, Unauthorised
from oncall_tui.sources.pagerduty.exchange import Params, Question
from oncall_tui.sources.wire import Wire

_PASSED_ON = ("accept", "authorization", "content-type", "from", "user-agent")


class _Transport(httpx2.BaseTransport):
    """Under the client: every request goes over the wire."""

    def __init__(self, wire: Wire, bridge: Bridge) -> None:
        self._wire = wire
        self._bridge = bridge

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The 2xx answer. Raises from the ``SourceError`` tree, which the client lets pass."""
        method, url, content = request.method, str(request.url), request.read()
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        if method == "GET":
            answer = self._bridge.exchange(lambda: self._wire.get(url, None, headers))
        else:
            answer = self._bridge.exchange(lambda: self._wire.send(method, url, None, content, headers), is_action=True)
        return httpx2.Response(answer.status, content=answer.body, request=request)


class VendorClient(RestApiV2Client):
    """``RestApiV2Client`` that also speaks plain http to this machine, or where the settings allow it."""

    def __init__(
        self, connection: Connection, transport: _Transport, authorization: str, from_email: str | None
    ) -> None:
        self._may_be_plain = connection.is_loopback or connection.allow_insecure
        super().__init__(
            authorization,
            default_from=from_email,
            auth_type="header_passthru",
            base_url=connection.url,
            transport=transport,
            trust_env=False,
        )
        self.log = logging.getLogger("oncall_tui.sources.pagerduty.vendor.client")
        self.log.disabled = True

    @property
    def url(self) -> str:
        """The base address: https, or plain http to this machine, or to any where the settings allow it."""
        return str(self._url)

    @url.setter
    def url(self, new_base_url: str) -> None:
        if not new_base_url.startswith("https://") and not self._may_be_plain:
            hint = "Use https, or say `allow_insecure = true` for this source."
            raise Refused("PagerDuty is spoken to over https only: a token would be readable on the way.", hint)
        self._url = new_base_url

    def postprocess(self, response: httpx2.Response, suffix: str | None = None) -> None:
        """Keep no statistics: the vendor's grow with every address that was ever asked for."""


def build(wire: Wire, bridge: Bridge, from_email: str | None) -> VendorClient:
    """A client that speaks over ``wire``.

    Raises:
        Unauthorised: there is no token, or the e-mail cannot be a header.
        Refused: the address is unusable.
    """
    connection = wire.connection
    if connection.credential is None:
        raise Unauthorised(
            f"{connection.name}: there is no token for PagerDuty.",
            'Set `token = "env:PAGERDUTY_TOKEN"` (or keyring:, file:, command:) for this source.',
        )
    authorization = connection.checked_headers()["Authorization"]
    sender = from_email and _email(connection, from_email)
    return VendorClient(connection, _Transport(wire, bridge), authorization, sender)


def call(client: VendorClient, connection: Connection, question: Question) -> bytes:
    """The body of a 2xx answer. Blocking, for at most the time that the connection allows.

    Raises:
        SourceError: there was none.
    """
    extra: dict[str, Any] = {} if question.body is None else {"json": question.body}
    if question.sender is not None:
        extra["headers"] = {"From": _email(connection, question.sender)}
    try:
        response = client.request(question.method, question.path, params=_by_name(question.params), **extra)
    except (Error, httpx2.HTTPError, httpx2.InvalidURL, UnicodeError):
        # Nothing was sent. The words are dropped: they may quote a header.
        words = f"{connection.name}: a request cannot be written for {connection.host}."
        raise Refused(words, "Look at `url` and `headers` of this source.") from None
    return bytes(response.content)


def _email(connection: Connection, email: str) -> str:
    """An e-mail as a header can carry it."""
    if not (email.isascii() and email.isprintable()):
        hint = "Set `from_email` to one without accents."
        raise Unauthorised(f"{connection.name}: the e-mail holds characters that no request can carry.", hint)
    return email


def _by_name(params: Params) -> dict[str, str | list[str]]:
    """Parameters as the client takes them: a list is repeated, and would add ``[]`` to a plain name."""
    named: dict[str, str | list[str]] = {}
    for name, value in params:
        known = named.get(name)
        if isinstance(known, list):
            known.append(value)
        else:
            named[name] = [value] if name.endswith("[]") else value
    return named
