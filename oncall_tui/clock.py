"""The present moment: the one clock that is not injected, for the two front ends to inject."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
