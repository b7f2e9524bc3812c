"""Issues as records. Pure. Source: Sentry's API reference, "List an Organization's Issues", "Retrieve an Issue"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.domain.alert import JoinKey, JoinRule, Record, SourceKind, Status
from oncall_tui.domain.counts import counted
from oncall_tui.domain.ids import SourceName, record_ref
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.values import (
    JsonObject,
    first_line,
    identity,
    line,
    mapping,
    moment,
    number,
    objects,
    web_address,
)
from oncall_tui.sources.versions import package_and_version

_TOLD_SUBSTATUSES = ("new", "regressed", "escalating")


@dataclass(frozen=True, slots=True)
class Regression:
    """When a resolved issue came back, and in which release where Sentry knows."""

    at: datetime
    release: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an issue is read with."""

    source: SourceName
    severities: SeverityMap
    environment: str = ""
    """The configured one: an issue gathers events of all environments."""


def is_open(issue: JsonObject) -> bool:
    """Whether the issue is a trouble now; a query may ask for resolved ones too."""
    return issue.get("status") != "resolved"


def is_regressed(issue: JsonObject) -> bool:
    """Whether the issue was resolved and came back."""
    return issue.get("substatus") == "regressed"


def record_of(issue: JsonObject, regression: Regression | None, reading: Reading) -> Record:
    """One issue as a record.

    Raises:
        ValueError: without an id or any time it is no issue.
    """
    vendor_id = identity(issue.get("id"))
    since = _since(issue, regression)
    project = mapping(issue.get("project"))
    level, details = line(issue.get("level")), mapping(issue.get("statusDetails"))
    is_muted = issue.get("status") in ("ignored", "muted")
    assigned = mapping(issue.get("assignedTo"))
    return Record(
        source=reading.source,
        kind=SourceKind.SENTRY,
        id=vendor_id,
        ref=record_ref(reading.source, vendor_id),
        title=_title(issue) or f"Sentry issue {vendor_id}",
        severity=reading.severities.of_sentry(level, line(issue.get("priority"))),
        status=Status.SILENCED if is_muted else Status.FIRING,
        since=since,
        service=first_line(project.get("slug"), project.get("name")),
        environment=reading.environment,
        url=web_address(issue.get("permalink")),
        summary=first_line(mapping(issue.get("metadata")).get("value"), issue.get("culprit")),
        labels=_labels(issue, project, level),
        keys=frozenset({JoinKey(JoinRule.REFERENCE, f"sentry:{vendor_id}")}),
        assigned_to=tuple(name for name in [first_line(assigned.get("name"), assigned.get("email"))] if name),
        silenced_until=moment(details.get("ignoreUntil")) if is_muted else None,
        note=_note(issue, regression),
    )


def regression_of(issue: JsonObject) -> Regression | None:
    """The newest regression in the activity of "Retrieve an Issue"; None when it tells of none."""
    found = [
        Regression(at, line(mapping(one.get("data")).get("version")))
        for one in objects(issue.get("activity"))
        if one.get("type") == "set_regression" and (at := moment(one.get("dateCreated"))) is not None
    ]
    return max(found, key=lambda one: one.at, default=None)


def _since(issue: JsonObject, regression: Regression | None) -> datetime:
    """The moment of regression, else the last event for a regressed issue, else the first event ever.

    In a list ``firstSeen`` may be the first event of the asked period; ``lifetime`` holds the true one.
    """
    if regression is not None:
        return regression.at
    names = ("lastSeen", "firstSeen") if is_regressed(issue) else ("firstSeen", "lastSeen")
    for one in (mapping(issue.get("lifetime")), issue):
        found = next((at for name in names if (at := moment(one.get(name))) is not None), None)
        if found is not None:
            return found
    raise ValueError("an issue without firstSeen and lastSeen")


def _title(issue: JsonObject) -> str:
    """Sentry's title: the type of the error and what it said."""
    metadata = mapping(issue.get("metadata"))
    told = ": ".join(part for part in (line(metadata.get("type")), line(metadata.get("value"))) if part)
    return first_line(issue.get("title"), metadata.get("title"), told)


def _labels(issue: JsonObject, project: JsonObject, level: str) -> Mapping[str, str]:
    """What is worth filtering by."""
    release = mapping(issue.get("lastRelease") or issue.get("firstRelease"))
    labels = {
        "project": first_line(project.get("slug"), project.get("name")),
        "culprit": line(issue.get("culprit")),
        "level": level,
        "release": line(release.get("version")),
        "issue": line(issue.get("shortId")),
    }
    return {name: value for name, value in labels.items() if value}


def _note(issue: JsonObject, regression: Regression | None) -> str:
    """``new, 214 events, 88 users``; ``regressed in 2.41.0, 3 events``."""
    substatus = issue.get("substatus")
    parts = [str(substatus)] if substatus in _TOLD_SUBSTATUSES else []
    if parts and regression is not None and regression.release:
        parts = [f"{substatus} in {package_and_version(regression.release)[1]}"]
    for field, noun in (("count", "event"), ("userCount", "user")):
        count = number(issue.get(field))
        if count:
            parts.append(counted(count, noun))
    return ", ".join(parts)
