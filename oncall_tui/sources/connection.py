"""How one source reaches its host: what ``config`` says about address, time, trust, proxy and headers, resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from oncall_tui.config.model import SourceSettings
from oncall_tui.config.rules.urls import is_loopback
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.credentials import Credential, is_telling, scrub, secret_headers, sendable
from oncall_tui.sources.errors import Malformed, Refused, Unauthorised
from oncall_tui.sources.spans import seconds
from oncall_tui.sources.tls import Trust

MAX_BODY = 32 * 1024 * 1024
"""Bytes of an answer, unpacked. What is longer is not read to its end."""


@dataclass(frozen=True)
class Connection:
    """One source's way to its host. Its ``repr`` shows no header and no credential."""

    name: SourceName
    url: str
    """Base address without a trailing slash."""
    timeout: float = 10.0
    """Seconds to connect, and again to answer."""
    credential: Credential | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    trust: Trust = field(default_factory=Trust)
    proxy: str | None = field(default=None, repr=False)
    allow_insecure: bool = False
    max_body: int = MAX_BODY

    @property
    def deadline(self) -> float:
        """Seconds for one request and its whole answer: a server that sends a byte now and then ends here."""
        return 2 * self.timeout

    @property
    def host(self) -> str:
        """The host as errors name it, with its port where the address has one."""
        try:
            parts = urlsplit(self.url)
            return f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or self.name
        except ValueError:
            return self.name

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine."""
        return is_loopback(urlsplit(self.url).hostname or "")

    def checked_headers(self) -> dict[str, str]:
        """The headers to send with every request.

        Raises:
            Refused: the address is not http(s), holds a password, or would carry a secret over plain http.
            Unauthorised: the token or a header holds characters that no request can carry.
        """
        self._check_address()
        try:
            headers = {name: self._sendable(name, value) for name, value in self.headers.items()}
            if self.credential is not None:
                headers["Authorization"] = self.credential.header()
        except Unauthorised as error:
            raise Unauthorised(f"{self.name}: {error}", error.hint) from None
        return headers

    def secrets(self) -> tuple[str, ...]:
        """Every text that must not stand in a message."""
        own = self.credential.secrets() if self.credential is not None else ()
        return own + secret_headers(self.headers)

    def scrubbed(self, text: str) -> str:
        """Foreign text without the secrets of this source: a proxy may echo a request in its error page."""
        return scrub(text, self.secrets())

    def _check_address(self) -> None:
        try:
            parts = urlsplit(self.url)
        except ValueError:
            raise Refused(f"{self.name}: `url` is not an address.", "Write it as https://host:port/path.") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(f"{self.name}: `url` is not an http address.", "Write it as https://host:port/path.")
        if parts.username is not None or parts.password is not None:
            hint = "Give the name as `username` and a reference to the password as `token`."
            raise Refused(f"{self.name}: `url` holds a user or a password.", hint)
        if parts.scheme == "http" and self._carries_secret() and not (self.is_loopback or self.allow_insecure):
            raise Refused(
                f"{self.name}: a token would travel to {self.host} over plain http, readable on the way.",
                "Use https, or say `allow_insecure = true` for this source.",
            )

    def _carries_secret(self) -> bool:
        return self.credential is not None or any(is_telling(name) for name in self.headers)

    def _sendable(self, name: str, value: str) -> str:
        if is_telling(name) and " " not in value.strip():
            return sendable(value)
        if not (name + value).isascii() or not (name + value).isprintable():
            raise Unauthorised(f"The header {name!a} holds characters that no request can carry.", "Look at `headers`.")
        return value.strip()


def connection_of(
    name: SourceName, settings: SourceSettings, credential: Credential | None, headers: Mapping[str, str]
) -> Connection:
    """The connection that the settings of a source describe; ``headers`` have their references resolved."""
    return Connection(
        name=name,
        url=settings.url.rstrip("/"),
        timeout=seconds(settings.timeout),
        credential=credential,
        headers=dict(headers),
        trust=Trust(settings.ca_file, settings.client_certificate, settings.client_key),
        proxy=settings.proxy,
        allow_insecure=settings.allow_insecure,
        max_body=settings.max_answer_mib * 1024 * 1024,
    )


def is_same_host(base: str, other: str) -> bool:
    """Same host and port; from http to https on the default ports is the same house, the way back is not."""
    try:
        here, there = urlsplit(base), urlsplit(other)
        ports = {"http": 80, "https": 443}
        if here.hostname != there.hostname or there.scheme not in ports or there.username is not None:
            return False
        same_port = (here.port or ports[here.scheme]) == (there.port or ports[there.scheme])
        upgraded = (here.scheme, there.scheme) == ("http", "https") and here.port in (None, 80)
        return (here.scheme == there.scheme and same_port) or (upgraded and there.port in (None, 443))
    except (ValueError, KeyError):
        return False


def segment(value: str) -> str:
    """A vendor's id as one segment of a path: it cannot climb out of it.

    Raises:
        Malformed: it is empty or made of dots, which no vendor gives.
    """
    if not value.strip("."):
        raise Malformed(f"The id {value!r} cannot be part of an address.")
    return quote(value, safe="")
