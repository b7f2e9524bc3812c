"""Asking a vendor, for the wizard: one source is opened, looked around in and examined, and closed again."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from oncall_tui.config.model import AnySource
from oncall_tui.config.secrets import Secret
from oncall_tui.sources.base import CheckState, Finding, Source, Topic
from oncall_tui.sources.errors import SourceError, TimedOut, Unauthorised
from oncall_tui.threads import wait_for_no_lookup

DEADLINE_S = 30.0
"""However slow the vendor, whoever waits gets an answer."""

_KNOCK_S = 0.3

PLACE = "env:TYPED"
"""The reference in settings whose token was just typed: the resolver gives the token for it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a vendor told: its finds, or the error that took their place; and what the examination found."""

    finds: Any = None
    error: SourceError | None = None
    findings: tuple[Finding, ...] = ()


class Looking(Protocol):
    """Asks a vendor."""

    def listens(self, url: str) -> bool:
        """Whether anything takes connections at an address of this machine."""
        ...

    def around(self, name: str, settings: AnySource, secret: Secret | None) -> Seen:
        """What there is: the vendor's ``discover``."""
        ...

    def closely(self, name: str, settings: AnySource, secret: Secret | None) -> Seen:
        """Whether the settings work: the source's ``check``."""
        ...


class Eyes:
    """Asks over the network, one vendor at a time."""

    def listens(self, url: str) -> bool:
        """Tries to connect, for a third of a second."""
        parts = urlsplit(url)
        try:
            with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=_KNOCK_S):
                return True
        except OSError:
            return False

    def around(self, name: str, settings: AnySource, secret: Secret | None) -> Seen:
        """The finds of ``discover``; an Alertmanager has nothing to discover and is examined."""

        async def look(source: Any) -> Seen:
            if not hasattr(source, "discover"):
                return _examined(await source.check())
            return Seen(finds=await source.discover())

        return _asked(name, settings, secret, look)

    def closely(self, name: str, settings: AnySource, secret: Secret | None) -> Seen:
        """The findings of ``check``, of which the first failure is the error."""

        async def look(source: Source) -> Seen:
            return _examined(await source.check())

        return _asked(name, settings, secret, look)


def _examined(findings: Any) -> Seen:
    failed = next((one for one in findings if one.state is CheckState.FAILED), None)
    kind = Unauthorised if failed is not None and failed.topic is Topic.CREDENTIAL else SourceError
    error = None if failed is None else kind(failed.what, failed.advice)
    return Seen(error=error, findings=tuple(findings))


def _asked(name: str, settings: AnySource, secret: Secret | None, look: Callable[[Any], Any]) -> Seen:
    from oncall_tui.domain.severity import SeverityMap
    from oncall_tui.sources.registry import build

    def resolve(_: str) -> Secret:
        assert secret is not None, "settings that name a token come with it"
        return secret

    async def visit() -> Seen:
        wait_for_no_lookup()
        source = build(
            name, settings, severities=SeverityMap(), clock=lambda: datetime.now(UTC), resolve_secret=resolve
        )
        try:
            async with asyncio.timeout(DEADLINE_S):
                seen: Seen = await look(source)
                return seen
        except SourceError as error:
            return Seen(error=error)
        except TimeoutError:
            return Seen(error=TimedOut(f"{name} did not finish within {DEADLINE_S:.0f} s.", "Try again."))
        finally:
            await source.close()

    return asyncio.run(visit())
