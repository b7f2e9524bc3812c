"""``prometheus-api-client`` over our wire.

The library hands out only ``data.result``. So what lies under it looks at every answer first: it raises our errors,
and keeps the ``warnings`` of a partial answer. Blocking, and used from several threads at once.
"""

import io
import threading
from typing import TYPE_CHECKING, Any

import msgspec

from oncall_tui.domain.text import clean_line
from oncall_tui.sources.bridge import Bridge
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed
from oncall_tui.sources.json_text import decoded_as
from oncall_tui.sources.wire import Wire

if TYPE_CHECKING:
    import requests
    from prometheus_api_client import PrometheusConnect

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


def connect(wire: Wire, bridge: Bridge, remarks: Remarks) -> "PrometheusConnect":
    """The vendor client, which speaks over ``wire``. Imports it: call it in a thread."""
    import requests
    from prometheus_api_client import PrometheusConnect

    session = requests.Session()
    # Trust, proxy, headers and credential are the wire's business: ~/.netrc and the environment have no say.
    session.trust_env = False
    client = PrometheusConnect(url=wire.connection.url, session=session)
    # The constructor has mounted an adapter of its own on the address.
    session.mount(wire.connection.url, _adapter(wire, bridge, remarks))
    return client


def _adapter(wire: Wire, bridge: Bridge, remarks: Remarks) -> "requests.adapters.HTTPAdapter":
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPResponse

    class Adapter(HTTPAdapter):
        """Under the session: every request goes over the wire, and every answer is looked at."""

        def send(self, request: "requests.PreparedRequest", *_: Any, **__: Any) -> "requests.Response":
            url = request.url or ""
            answer = bridge.exchange(lambda: wire.get(url))
            remarks.read(answer.body)
            kind = {"content-type": "application/json; charset=utf-8"}
            raw = HTTPResponse(io.BytesIO(answer.body), kind, answer.status, preload_content=False)
            return self.build_response(request, raw)

    return Adapter()
