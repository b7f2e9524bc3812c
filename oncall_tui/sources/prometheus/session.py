"""The ``requests`` session under ``prometheus-api-client``, made as careful as our own wire.

The library hands out only ``data.result`` and turns a refusal into an exception with the raw body. So the adapter looks
at every answer first: it bounds its length and its time, raises our errors, and keeps the ``warnings`` of a partial
answer. Blocking, and used from many threads at once, where it costs a quarter of what the event loop would pay.
"""

import contextlib
import io
import ssl
import threading
from typing import TYPE_CHECKING, Any

import msgspec

from oncall_tui.domain.text import clean_line
from oncall_tui.sources.body import ACCEPT_ENCODING, REASON_READ, Body
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed
from oncall_tui.sources.failures import refusal
from oncall_tui.sources.json_text import decoded_as, whole
from oncall_tui.sources.prometheus.deadline import Deadline, timed_pools
from oncall_tui.sources.prometheus.requests_errors import translated
from oncall_tui.sources.redirects import MOST, home_address, in_circles, is_redirect
from oncall_tui.sources.skew import Skew
from oncall_tui.sources.tls import tls_context
from oncall_tui.threads import IMPORTING

if TYPE_CHECKING:
    import requests
    from prometheus_api_client import PrometheusConnect

_PIECE = 64 * 1024
_JSON = {"content-type": "application/json; charset=utf-8"}
_WARNINGS_KEPT = 5


class _Envelope(msgspec.Struct):
    """What stands around ``data`` (HTTP API, "Format overview")."""

    status: str
    warnings: list[str] | None = None


_ENVELOPE = msgspec.json.Decoder(_Envelope)


class Remarks:
    """What the answers of one server say about themselves, kept per thread, since each thread makes one call."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._here = threading.local()

    def begin(self) -> None:
        """Before a call: nothing is said yet."""
        self._here.warnings = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the answer to this thread's call said about itself."""
        warnings: tuple[str, ...] = getattr(self._here, "warnings", ())
        return warnings

    def read(self, body: bytes) -> None:
        """Look at an answer.

        Raises:
            Malformed: no Prometheus API gives it.
        """
        name, host = self._connection.name, self._connection.host
        try:
            envelope = decoded_as(self._connection, _ENVELOPE, body)
        except msgspec.ValidationError:
            hint = "Look at `url` of this source: host, port, and the path (Mimir's API is below /prometheus)."
            raise Malformed(f"{name}: {host} is not a Prometheus API.", hint) from None
        self._here.warnings = tuple(clean_line(warning) for warning in (envelope.warnings or ())[:_WARNINGS_KEPT])


def connect(connection: Connection, skew: Skew, remarks: Remarks, threads: int) -> "PrometheusConnect":
    """The vendor client with our trust, proxy, headers and bounds. Imports it: call it in a thread.

    Raises:
        SourceError: the address, a header or a certificate cannot be used.
    """
    with IMPORTING:
        import requests
        from prometheus_api_client import PrometheusConnect

    session = requests.Session()
    # Without a function of our own ~/.netrc would replace the credential.
    session.auth = lambda request: request
    session.trust_env = connection.proxy is None and not connection.is_loopback
    if connection.proxy is not None:
        session.proxies = {"http": connection.proxy, "https": connection.proxy}
    headers = connection.checked_headers() | {"Accept-Encoding": ACCEPT_ENCODING}
    client = PrometheusConnect(url=connection.url, headers=headers, session=session)
    # The constructor has mounted an adapter of its own on the address.
    session.mount(connection.url, _adapter(connection, skew, remarks, threads))
    return client


def _trusting(context: ssl.SSLContext, pools: dict[str, type]) -> "type[requests.adapters.HTTPAdapter]":
    """An adapter with our TLS context and pools; requests would add its own authorities to the context."""
    from requests.adapters import HTTPAdapter

    class Trusting(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options, ssl_context=context)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
            manager = super().proxy_manager_for(proxy, **options, ssl_context=context)
            manager.pool_classes_by_scheme = pools
            return manager

        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
            conn.cert_reqs = "CERT_REQUIRED"
            conn.ca_certs = conn.ca_cert_dir = None

    return Trusting


def _adapter(connection: Connection, skew: Skew, remarks: Remarks, threads: int) -> "requests.adapters.HTTPAdapter":
    from urllib3 import HTTPResponse

    deadline = Deadline(connection.deadline, connection.timeout)
    trusting: Any = _trusting(tls_context(connection.trust), timed_pools(deadline))

    class Adapter(trusting):  # type: ignore[misc]  # a class that is made where requests is imported
        """One request and its whole answer, with the redirects that stay at home."""

        def send(self, request: "requests.PreparedRequest", *_: Any, **options: Any) -> "requests.Response":
            limits, proxies = (connection.timeout, connection.timeout), options.get("proxies")
            for _turn in range(MOST + 1):
                deadline.begin()
                with translated(connection, deadline):
                    asked_at = skew.now()
                    answer = super().send(request, stream=True, timeout=limits, proxies=proxies)
                    skew.hear(answer.headers, asked_at)
                    body = whole(_read(connection, answer))
                if not is_redirect(answer.status_code):
                    remarks.read(_accepted(connection, skew, answer, body))
                    raw = HTTPResponse(io.BytesIO(body), dict(_JSON), answer.status_code, preload_content=False)
                    found: requests.Response = self.build_response(request, raw)
                    return found
                request = request.copy()
                request.url = home_address(connection, answer.url, answer.headers.get("location", ""))
            raise in_circles(connection)

    adapter: requests.adapters.HTTPAdapter = Adapter(pool_connections=1, pool_maxsize=threads, max_retries=0)
    return adapter


def _accepted(connection: Connection, skew: Skew, answer: "requests.Response", body: bytes) -> bytes:
    """The body of a 2xx answer; the others are errors."""
    if 200 <= answer.status_code < 300:
        return body
    headers = {name.lower(): value for name, value in answer.headers.items()}
    raise refusal(connection, answer.status_code, headers, body, skew.now())


def _read(connection: Connection, answer: "requests.Response") -> bytes:
    """The body; of a refusal the beginning. A connection that is not read to the end is closed."""
    pieces = answer.raw.stream(_PIECE, decode_content=False)
    is_whole = False
    try:
        if answer.status_code < 300:
            body = Body(connection, answer.headers)
            for piece in pieces:
                body.feed(piece)
            is_whole = True
            return body.finished()
        with contextlib.suppress(Malformed):
            body = Body(connection, answer.headers)
            for piece in pieces:
                body.feed(piece)
                if body.size >= REASON_READ:
                    return body.taken[:REASON_READ]
            is_whole = True
            return body.taken
        return b""
    finally:
        if not is_whole:
            answer.raw.close()
        answer.raw.release_conn()
