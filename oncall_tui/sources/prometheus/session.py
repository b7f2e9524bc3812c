"""The ``requests`` session under ``prometheus-api-client``, made as careful as our own HTTP caller.

The library hands out only ``data.result`` and turns a refusal into an exception with the raw body. So a hook looks at
every answer first: it bounds its size and its time, raises our errors, and keeps the ``warnings`` of a partial answer.
Blocking, and used from several threads at once.
"""

import ssl
import threading
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec

from oncall_tui.domain.text import clean_line
from oncall_tui.sources.base import Clock
from oncall_tui.sources.connection import Connection, is_same_host
from oncall_tui.sources.errors import Malformed, Refused, SourceError, TimedOut
from oncall_tui.sources.failures import for_status, not_json, unreachable
from oncall_tui.sources.http import MAX_BODY
from oncall_tui.sources.skew import Skew
from oncall_tui.sources.tls import tls_context

if TYPE_CHECKING:
    import requests
    from prometheus_api_client import PrometheusConnect

_CHUNK = 64 * 1024
_REDIRECTS = 3


class _Envelope(msgspec.Struct):
    """What stands around ``data`` (HTTP API, "Format overview")."""

    status: str
    warnings: list[str] = []


_ENVELOPE = msgspec.json.Decoder(_Envelope)


class Guard:
    """Looks at every answer of one source. The warnings are kept per thread, since each thread makes one call."""

    def __init__(self, connection: Connection, clock: Clock, skew: Skew, max_body: int = MAX_BODY) -> None:
        self._connection = connection
        self._clock = clock
        self._skew = skew
        self._max_body = max_body
        self._here = threading.local()

    def begin(self) -> None:
        """Before a call: no warnings yet, and so long to answer."""
        self._here.warnings = ()
        self._here.asked_at = self._skew.now()
        self._here.deadline = monotonic() + 2 * self._connection.timeout

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the answer to this thread's call said about itself."""
        warnings: tuple[str, ...] = getattr(self._here, "warnings", ())
        return warnings

    def look(self, response: "requests.Response", *_: object, **__: object) -> None:
        """The response hook. Raises from the ``SourceError`` tree."""
        self._skew.hear(response.headers, self._here.asked_at)
        if response.is_redirect:
            return
        body = self._read(response)
        # The documented way to read a body early is private in requests; ``content`` finds it read.
        response._content, response._content_consumed = body, True  # type: ignore[attr-defined]
        name, host = self._connection.name, self._connection.host
        if response.status_code != 200:
            said = self._connection.scrubbed(body[:_CHUNK].decode("utf-8", "replace")).encode()
            headers = {key.lower(): value for key, value in response.headers.items()}
            raise for_status(name, host, response.status_code, headers, said, self._clock())
        try:
            envelope = _ENVELOPE.decode(body)
        except msgspec.ValidationError:
            raise Malformed(f"{name}: {host} is not a Prometheus API.", "Look at `url` of this source.") from None
        except (ValueError, RecursionError):
            raise not_json(name, host, body) from None
        self._here.warnings = tuple(clean_line(warning) for warning in envelope.warnings[:5])

    def call(self, request: Callable[[], Any]) -> Any:
        """What ``request`` gives; everything it raises is from the ``SourceError`` tree, or means a wrong shape."""
        import requests

        name, host, limit = self._connection.name, self._connection.host, self._connection.timeout
        self.begin()
        try:
            return request()
        except SourceError:
            raise
        except requests.exceptions.ConnectTimeout:
            error: SourceError = TimedOut(f"{name}: no connection to {host} within {limit:g} s.", "VPN down?")
        except requests.exceptions.Timeout:
            error = TimedOut(f"{name}: {host} did not answer within {limit:g} s.", "Overloaded? Or raise `timeout`.")
        except requests.exceptions.ProxyError:
            error = unreachable(name, f"the proxy on the way to {host}", ConnectionRefusedError())
        except requests.exceptions.ContentDecodingError:
            error = Malformed(f"{name}: an answer of {host} cannot be unpacked.", "It was damaged on the way.")
        except requests.exceptions.TooManyRedirects:
            error = Refused(f"{name}: {host} sends us round in circles.", "Look at `url` of this source.")
        except requests.exceptions.ConnectionError as problem:
            # requests takes a read that times out inside a chunk for a lost connection.
            is_slow = "Read timed out" in str(problem)
            error = self._slow() if is_slow else unreachable(name, host, problem)
        except requests.exceptions.RequestException as problem:
            error = unreachable(name, host, problem)
        raise error from None

    def _read(self, response: "requests.Response") -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > self._max_body:
                response.close()
                host, size = self._connection.host, self._max_body / 1024 / 1024
                message = f"{self._connection.name}: an answer of {host} is longer than {size:.0f} MiB."
                raise Malformed(message, "Make the query sum over fewer labels.")
            if monotonic() > self._here.deadline:
                response.close()
                raise self._slow()
        return bytes(body)

    def _slow(self) -> TimedOut:
        limit = self._connection.timeout
        message = f"{self._connection.name}: {self._connection.host} did not answer within {limit:g} s."
        return TimedOut(message, "Overloaded? Or raise `timeout`.")


def connect(connection: Connection, guard: Guard, threads: int) -> "PrometheusConnect":
    """The vendor client with its own retries off and our trust, proxy and headers. Imports it: call it in a thread.

    Raises:
        SourceError: the address, a header or a certificate cannot be used.
    """
    from prometheus_api_client import PrometheusConnect
    from urllib3 import Retry

    headers = connection.checked_headers()
    session = _session(connection, guard)
    client = PrometheusConnect(
        url=connection.url,
        headers=headers,
        retry=Retry(0),
        session=session,
        timeout=(connection.timeout, connection.timeout),
    )
    # The constructor has mounted an adapter of its own on the address.
    session.mount(connection.url, _adapter(tls_context(connection.trust), threads))
    return client


def _session(connection: Connection, guard: Guard) -> "requests.Session":
    import requests

    class Session(requests.Session):
        """Redirects stay at home, and ``~/.netrc`` does not replace the credential."""

        def get_redirect_target(self, resp: "requests.Response") -> str | None:
            target = super().get_redirect_target(resp)
            if target and target.startswith(("http://", "https://", "//")) and not is_same_host(connection.url, target):
                resp.close()
                message = f"{connection.name}: {connection.host} sends us elsewhere; the token stays here."
                raise Refused(message, "A login page in between, or `url` of this source is an old address.")
            return target

        def rebuild_auth(self, prepared_request: "requests.PreparedRequest", response: "requests.Response") -> None:
            """Keep the headers: the redirect is on the same host."""

    session = Session()
    session.auth = lambda request: request
    session.max_redirects = _REDIRECTS
    session.hooks["response"].append(guard.look)
    if connection.proxy is not None:
        session.proxies = {"http": connection.proxy, "https": connection.proxy}
    session.trust_env = connection.proxy is None and not connection.is_loopback
    return session


def _adapter(context: ssl.SSLContext, threads: int) -> "requests.adapters.HTTPAdapter":
    from requests.adapters import HTTPAdapter
    from urllib3 import Retry

    class Adapter(HTTPAdapter):
        """Our TLS context and nothing beside it: requests would add its own authorities to it."""

        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options, ssl_context=context)

        def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
            return super().proxy_manager_for(proxy, **options, ssl_context=context)

        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
            conn.cert_reqs = "CERT_REQUIRED"
            conn.ca_certs = conn.ca_cert_dir = None

    return Adapter(pool_connections=1, pool_maxsize=threads, max_retries=Retry(0))
