"""How long the certificate of a server is still good: one more handshake, beside everything else."""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from oncall_tui.config.model import AnySource
from oncall_tui.domain.counts import counted
from oncall_tui.sources.base import CheckState, Clock, Finding, Topic
from oncall_tui.sources.errors import SourceError
from oncall_tui.sources.spans import seconds
from oncall_tui.sources.tls import Trust, tls_context
from oncall_tui.threads import DaemonThreads

SOON = timedelta(days=14)
_SHARE = 5
"""A certificate that lives for a week is renewed in its last day: what counts is a fifth of its life, if shorter."""


async def certificate_findings(settings: AnySource, clock: Clock) -> list[Finding]:
    """Until when the server's certificate is good; nothing where there is none, or a proxy stands before it.

    What is wrong with the connection is told by the check of the source, in its own words.
    """
    address = urlsplit(settings.url)
    host = address.hostname or ""
    if address.scheme != "https" or settings.proxy is not None or _is_proxied(host):
        return []
    trust = Trust(settings.ca_file, settings.client_certificate, settings.client_key)
    threads = DaemonThreads("doctor-tls", 1)
    certificate: Mapping[str, Any] = {}
    try:
        with suppress(OSError, TimeoutError, SourceError, ValueError):
            async with asyncio.timeout(seconds(settings.timeout)):
                context = await threads.run(lambda: tls_context(trust))
                certificate = await _certificate(host, address.port or 443, context)
    finally:
        threads.close()
    return judged(certificate, clock())


def judged(certificate: Mapping[str, Any], now: datetime) -> list[Finding]:
    """The finding for a certificate in the form of ``SSLSocket.getpeercert``."""
    begins, ends = (_moment(certificate, name) for name in ("notBefore", "notAfter"))
    if ends is None:
        return []
    left = ends - now
    limit = min(SOON, (ends - begins) / _SHARE) if begins is not None else SOON
    span = counted(left.days, "day") if left >= timedelta(days=2) else f"{left / timedelta(hours=1):.0f} hours"
    if left > limit:
        return [Finding(CheckState.OK, f"Its certificate is good for {span}.", topic=Topic.CERTIFICATE)]
    what = f"Its certificate is good for {span} only, until {ends:%Y-%m-%d %H:%M} UTC."
    advice = "Tell who runs it: after that the source fails."
    return [Finding(CheckState.WARNING, what, advice, Topic.CERTIFICATE)]


async def _certificate(host: str, port: int, context: ssl.SSLContext) -> Mapping[str, Any]:
    _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    try:
        found: Mapping[str, Any] = writer.get_extra_info("peercert") or {}
        return found
    finally:
        writer.transport.abort()


def _moment(certificate: Mapping[str, Any], name: str) -> datetime | None:
    text = certificate.get(name)
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC) if isinstance(text, str) else None


def _is_proxied(host: str) -> bool:
    return not getproxies().keys().isdisjoint(("https", "all")) and not proxy_bypass(host)
