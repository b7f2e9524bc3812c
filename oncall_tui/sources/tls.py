"""TLS contexts, each built once: loading the authorities costs 20 ms, so it happens in a thread and is shared.

httpx obeys ``SSL_CERT_FILE`` and requests obeys ``REQUESTS_CA_BUNDLE``, neither the other's. Both get a context from
here, so that one ``ca_file`` and one variable (``SSL_CERT_FILE``) hold for every source.
"""

import contextlib
import os
import ssl
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oncall_tui.sources.errors import Unreachable

_BUILDING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a source trusts, and which certificate it shows. Equal ones share a context."""

    ca_file: Path | None = None
    """PEM with the authorities to trust instead of the public ones."""
    client_certificate: Path | None = None
    client_key: Path | None = None


def tls_context(trust: Trust) -> ssl.SSLContext:
    """The shared context for ``trust``. Blocking: call it in a thread.

    Raises:
        Unreachable: a file is missing or not what it should be; the message names it.
    """
    with _BUILDING:
        return _built(trust)


def warm_up() -> None:
    """Begin to load the public authorities beside whatever else is done: OpenSSL needs no interpreter for it."""
    threading.Thread(target=_try, name="authorities", daemon=True).start()


def _try() -> None:
    # A source that needs them tries again, and says what is wrong.
    with contextlib.suppress(Unreachable, OSError):
        tls_context(Trust())


@cache
def _built(trust: Trust) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trust.ca_file is not None:
        _load_authorities(context, trust.ca_file)
    else:
        _load_public_authorities(context)
    if trust.client_certificate is not None:
        _load_client_certificate(context, trust.client_certificate, trust.client_key)
    return context


def _load_public_authorities(context: ssl.SSLContext) -> None:
    """The system's store and certifi's, so that it works where the system has none; a variable replaces both."""
    context.load_default_certs()
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        import certifi

        context.load_verify_locations(certifi.where())


def _load_authorities(context: ssl.SSLContext, file: Path) -> None:
    try:
        context.load_verify_locations(file.expanduser())
    except (OSError, ssl.SSLError) as error:
        raise _unusable("ca_file", file, error) from None


def _load_client_certificate(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    try:
        # Without a password function OpenSSL would ask on the terminal, underneath the screen.
        context.load_cert_chain(certificate.expanduser(), key.expanduser() if key else None, password=lambda: "")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise _unusable("client_certificate", certificate, error) from None


def _unusable(setting: str, file: Path, error: Exception) -> Unreachable:
    why = error.strerror if isinstance(error, FileNotFoundError | PermissionError) else "it holds no usable PEM"
    hint = "It must be PEM; a key must have no passphrase."
    return Unreachable(f"`{setting}` {file} cannot be used: {why}.", hint)
