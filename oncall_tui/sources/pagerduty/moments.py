"""Moments as PagerDuty takes them: change events refuse any zone but UTC, so that all are written in it."""

from datetime import UTC, datetime


def stamp(at: datetime) -> str:
    """``2026-11-20T02:30:00Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
