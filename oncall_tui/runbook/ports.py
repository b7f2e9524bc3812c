"""What the room is handed in from outside, since it may reach no vendor by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an instant query."""

    labels: Mapping[str, str]
    value: float
    """NaN where the server says so."""


class PortError(Exception):
    """What was asked could not be answered: why, in words for the engineer, cleaned, without any token."""

    def __init__(self, message: str, is_sent: bool = False) -> None:
        super().__init__(message)
        self.is_sent = is_sent
        """Whether it may have reached the other side, and had its effect there."""


class MetricReader(Protocol):
    """Asks a Prometheus server, within its request budget."""

    async def query(self, query: str, source: str, timeout_s: float) -> Sequence[Series]:
        """The series of an instant query; a scalar is one series without labels, no data none at all.

        Args:
            source: the name of a source of the configuration; empty for the first one.

        Raises:
            PortError: it did not answer, or refused the query.
        """
        ...


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request, as it goes out."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    timeout_s: float
    longest: int
    """Bytes of the answer, unpacked, after which no more is read."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One answer, whatever its status."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """By names in lower case."""
    body: bytes = b""
    is_cut: bool = False
    """Whether it was longer."""


class HttpCaller(Protocol):
    """Sends one request with the proxies and certificates of the configuration, and no credentials of any source."""

    async def call(self, request: HttpRequest) -> HttpAnswer:
        """Send it once. Redirects are not followed.

        Raises:
            PortError: there was no answer.
        """
        ...
