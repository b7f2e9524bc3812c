"""PagerDuty's own client, tamed: it never sleeps, never retries, never logs to the terminal, never shows the token.

Imported only inside the thread that makes the first call, because the package costs 80 ms. What is switched off, and
why: with a 429 the client sleeps 3, 6, 12 … seconds without end and ignores ``ratelimit-reset``; with a 401 it raises
an error that holds the last characters of the token; it insists on https, which a simulator on this machine has not.
"""

import logging
from typing import Any

import httpx2
from pagerduty import Error, RestApiV2Client

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Refused, SourceError, TimedOut, Unauthorised
from oncall_tui.sources.failures import unreachable
from oncall_tui.sources.pagerduty.exchange import Answer, Params, Question
from oncall_tui.sources.tls import tls_context

_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
_CONNECTIONS = 8


class VendorClient(RestApiV2Client):
    """``RestApiV2Client`` that makes each call once and hands back every answer."""

    max_network_attempts = 0
    # The client sleeps before it retries, and for 429 it insists on one retry: with fewer than no attempts allowed it
    # returns the answer instead.
    max_http_attempts = -1

    def __init__(self, connection: Connection, authorization: str, from_email: str | None) -> None:
        self._may_be_plain = connection.is_loopback or connection.allow_insecure
        super().__init__(
            authorization,
            default_from=from_email,
            auth_type="header_passthru",
            base_url=connection.url,
            verify=tls_context(connection.trust),
            proxy=connection.proxy,
            # The environment's proxy is for the world outside, not for a tunnel on this machine.
            trust_env=connection.proxy is None and not connection.is_loopback,
            limits=httpx2.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        )
        self.retry = {429: 1}
        self.timeout = connection.timeout  # type: ignore[assignment]  # httpx2 takes seconds as any number
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


def build(connection: Connection, from_email: str | None) -> VendorClient:
    """A client for ``connection``. Blocking: it may load the authorities.

    Raises:
        Unauthorised: there is no token, or the e-mail cannot be a header.
        Refused, Unreachable: the address or the certificates are unusable.
    """
    if connection.credential is None:
        raise Unauthorised(
            f"{connection.name}: there is no token for PagerDuty.",
            'Set `token = "env:PAGERDUTY_TOKEN"` (or keyring:, file:, command:) for this source.',
        )
    headers = connection.checked_headers()
    authorization = headers.pop("Authorization")
    try:
        client = VendorClient(connection, authorization, from_email and _email(connection, from_email))
    except ValueError:
        # The words of httpx2 would quote the address of the proxy, with the password in it.
        raise Refused(f"{connection.name}: `proxy` is not an address.", "Write it as http://host:port.") from None
    client.headers.update(headers)
    return client


def call(client: VendorClient, connection: Connection, question: Question) -> Answer:
    """One request. Blocking, for at most the time that the connection allows.

    Raises:
        SourceError: there was no answer. ``may_have_arrived`` says whether the request was on its way.
    """
    extra: dict[str, Any] = {} if question.body is None else {"json": question.body}
    if question.sender is not None:
        extra["headers"] = {"From": _email(connection, question.sender)}
    try:
        response = client.request(question.method, question.path, params=_by_name(question.params), **extra)
    except Error as error:
        if error.response is not None:
            # A 401 or a redirect. The words of the error are dropped: they hold the last characters of the token.
            return _answer(error.response)
        raise _failure(connection, error) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, UnicodeError, OSError) as error:
        raise _failure(connection, error) from None
    return _answer(response)


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


def _answer(response: httpx2.Response) -> Answer:
    return Answer(
        response.status_code, {name.lower(): value for name, value in response.headers.items()}, response.content
    )


def _failure(connection: Connection, error: Exception) -> SourceError:
    """The words for a request that got no answer."""
    cause = error.__cause__ if isinstance(error, Error) and error.__cause__ is not None else error
    failure: SourceError
    if isinstance(cause, httpx2.TimeoutException):
        seconds = f"{connection.timeout:g} s"
        failure = TimedOut(
            f"{connection.name}: {connection.host} did not answer within {seconds}.",
            "Slow network or a slow PagerDuty; `timeout` of this source sets how long is waited.",
        )
    else:
        failure = unreachable(connection.name, connection.host, cause)
    failure.may_have_arrived = not isinstance(cause, _NEVER_SENT)
    return failure
