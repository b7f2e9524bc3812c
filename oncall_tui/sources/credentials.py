"""How a source proves who it is: a token that was resolved elsewhere, shown only to the header it is sent in.

A source never sees where its token comes from. ``config.secrets`` resolves the reference; whatever has ``reveal()``
fits here. A credential masks itself in ``repr`` and ``str``, so that neither a log nor a traceback holds the token.
"""

import base64
from collections.abc import Mapping
from typing import Protocol

from oncall_tui.sources.errors import Unauthorised

_MASK = "***"
_TELLING = ("auth", "token", "key", "secret", "cookie", "password")


class Revealable(Protocol):
    """A secret that is masked until it is asked for."""

    def reveal(self) -> str: ...


class Credential:
    """The value of one ``Authorization`` header."""

    def __init__(self, scheme: str, token: Revealable, username: str | None = None) -> None:
        self._scheme = scheme
        self._token = token
        self._username = username

    def __repr__(self) -> str:
        return f"Credential({self._scheme} {_MASK})"

    def header(self) -> str:
        """The value to send.

        Raises:
            Unauthorised: the token holds characters that no header can carry, a line break for example.
        """
        token = sendable(self._token.reveal())
        if self._username is None:
            return f"{self._scheme}{token}"
        pair = f"{self._username}:{token}".encode()
        return f"{self._scheme}{base64.b64encode(pair).decode('ascii')}"

    def secrets(self) -> tuple[str, ...]:
        """Every text that gives the secret away, the longest first: what must not stand in a message."""
        token = self._token.reveal().strip()
        return tuple(sorted({token, self.header().removeprefix(self._scheme)}, key=len, reverse=True))


def bearer(token: Revealable) -> Credential:
    """``Authorization: Bearer …`` (RFC 6750): Sentry, Prometheus behind a proxy."""
    return Credential("Bearer ", token)


def basic(username: str, password: Revealable) -> Credential:
    """``Authorization: Basic …`` (RFC 7617): Prometheus and Alertmanager with ``basic_auth_users``."""
    return Credential("Basic ", password, username)


def bearer_or_basic(username: str | None, token: Revealable | None) -> Credential | None:
    """What Prometheus and Alertmanager take: with a user name the token is the password."""
    if token is None:
        return None
    return bearer(token) if username is None else basic(username, token)


def sendable(token: str) -> str:
    """The token as a header can carry it.

    Raises:
        Unauthorised: it is empty, or holds a blank, a line break or a letter beyond ASCII.
    """
    stripped = token.strip()
    if not stripped or not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        what = "is empty" if not stripped else "holds characters that no request can carry"
        raise Unauthorised(f"The token {what}.", "Look at the file, variable or command that the token comes from.")
    return stripped


def is_telling(header: str) -> bool:
    """Whether a header of this name is likely to carry a secret."""
    return any(word in header.lower() for word in _TELLING)


def secret_headers(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The values of extra headers that must not stand in a message."""
    return tuple(value for name, value in headers.items() if is_telling(name) and value)


def scrub(text: str, secrets: tuple[str, ...]) -> str:
    """``text`` without any of ``secrets``: a proxy may send a request back inside its error page."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, _MASK)
    return text
