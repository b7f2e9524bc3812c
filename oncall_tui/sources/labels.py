"""What the labels and annotations of an alert say, read the same way for Prometheus and for Alertmanager."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from sys import intern

from oncall_tui.domain.text import clean, clean_line
from oncall_tui.sources.values import web_address

_SUMMARIES = ("summary", "title")
_DESCRIPTIONS = ("description", "message")
_RUNBOOKS = ("runbook_url", "runbook")
_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.\-]*:")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def cleaned(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels safe to keep and to draw. Equal ones are one text: thousands of alerts say the same team and severity."""
    return {intern(clean_line(name)): intern(clean_line(value)) for name, value in labels.items()}


def uncleaned(labels: Mapping[str, str], clean_ones: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The labels that ``cleaned`` made another text of, as they came: few, and mostly none."""
    return tuple((name, value) for name, value in labels.items() if clean_ones.get(name) != value)


def name_of(labels: Mapping[str, str]) -> str:
    """The alert name; labels of an alert that somebody posted by hand may lack it."""
    return intern(clean_line(labels.get("alertname", "")))


def service_of(labels: Mapping[str, str], label: str) -> str:
    """The service: the label that is configured for it, else the job."""
    return intern(clean_line(labels.get(label) or labels.get("job") or ""))


def environment_of(labels: Mapping[str, str], label: str, default: str) -> str:
    """The environment: the label that is configured for it, else what the source is configured with."""
    return intern(clean_line(labels.get(label) or default))


def title_of(annotations: Mapping[str, str], name: str) -> str:
    """What the row says: the summary, else the alert name."""
    return clean_line(_first(annotations, _SUMMARIES)) or name or "alert without a name"


def summary_of(annotations: Mapping[str, str]) -> str:
    """What the detail pane says."""
    return clean(_first(annotations, _DESCRIPTIONS))


def runbook_of(annotations: Mapping[str, str]) -> str | None:
    """The address of a runbook, or its plain name; None where there is none, or it has a scheme nobody may open."""
    text = clean_line(_first(annotations, _RUNBOOKS))
    # Each once: it is the rule's, and the same for every alert of it.
    return web_address(intern(text)) or (intern(text) if text and not _SCHEME.match(text) else None)


def moment_of(text: str | None, default: datetime) -> datetime:
    """An RFC 3339 time; ``default`` when there is none, or it is Go's zero time.

    Raises:
        ValueError: it is something else.
    """
    if not text:
        return default
    moment = datetime.fromisoformat(text)
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware if aware >= _EARLIEST else default


def _first(annotations: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((annotations[name] for name in names if annotations.get(name)), "")
