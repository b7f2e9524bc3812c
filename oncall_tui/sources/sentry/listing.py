"""Which issues are listed, as the settings say (Sentry's API reference, "List an Organization's Issues")."""

from typing import Any

from oncall_tui.config.model import SentrySettings
from oncall_tui.sources.sentry.api import PAGE_SIZE
from oncall_tui.sources.spans import seconds

ISSUES_LIMIT = 1_000


def issue_params(settings: SentrySettings, limit: int = PAGE_SIZE) -> dict[str, Any]:
    """The parameters of "List an Organization's Issues"; a list repeats its name."""
    params: dict[str, Any] = {
        "query": settings.query,
        "statsPeriod": _stats_period(settings.issues_window),
        "sort": "date",
        "limit": limit,
    }
    if settings.projects:
        params["project"] = settings.projects
    if settings.environments:
        params["environment"] = settings.environments
    return params


def _stats_period(window: str) -> str:
    """A span as Sentry writes it: one number and one unit."""
    total = int(seconds(window))
    size, unit = next(
        (size, unit) for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")) if total % size == 0
    )
    return f"{total // size}{unit}"
