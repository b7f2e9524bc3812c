"""Deployments, those that several sources tell of merged, and the alerts they are suspected of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from oncall_tui.domain.alert import Alert, SourceKind, Suspect
from oncall_tui.domain.ids import DeploymentId, SourceName

SUSPECT_WINDOW = timedelta(hours=1)
"""How long before an alert a deployment may have ended to be suspected of it."""

_CLOCKS_APART = timedelta(seconds=60)
"""A deployment may be reported this much after the alert it caused: two vendors, two clocks."""

_SAME_DEPLOYMENT = timedelta(minutes=30)


class DeploymentStatus(StrEnum):
    """How far a deployment came."""

    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version of a service that reached an environment. All text is cleaned; times are UTC."""

    id: DeploymentId
    source: SourceName
    kind: SourceKind
    service: str
    version: str
    at: datetime
    """When it ended; when it started, while it runs."""
    environment: str = ""
    status: DeploymentStatus = DeploymentStatus.FINISHED
    author: str = ""
    summary: str = ""
    url: str | None = None
    started_at: datetime | None = None
    seen_by: tuple[SourceName, ...] = ()
    """Every source that tells of it, the leading one first."""

    @property
    def label(self) -> str:
        """Service and version."""
        return f"{self.service} {self.version}".strip()


def merge_deployments(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """Newest first; the same version of a service in an environment, told by several sources, once.

    Two reports are one deployment when service, version and environment agree (an empty environment agrees with
    any), they come from different sources and lie within thirty minutes of each other.
    """
    merged: list[Deployment] = []
    by_version: dict[tuple[str, str], list[int]] = {}
    for deployment in sorted(deployments, key=lambda one: (one.at, one.id), reverse=True):
        places = by_version.setdefault((deployment.service.lower(), _bare(deployment.version)), [])
        place = next((i for i in places if _is_same(merged[i], deployment)), None)
        if place is None:
            places.append(len(merged))
            merged.append(deployment if deployment.seen_by else replace(deployment, seen_by=(deployment.source,)))
        else:
            merged[place] = _joined(merged[place], deployment)
    return tuple(merged)


def suspects_of(
    alert: Alert, deployments: Sequence[Deployment], window: timedelta = SUSPECT_WINDOW
) -> tuple[Suspect, ...]:
    """Deployments on the alert's service that ended within ``window`` before it began, the nearest first."""
    if not alert.service:
        return ()
    service = alert.service.lower()
    found = [
        Suspect(one.id, one.label, max((alert.since - one.at).total_seconds(), 0.0))
        for one in deployments
        if one.service.lower() == service and -_CLOCKS_APART <= alert.since - one.at <= window
    ]
    return tuple(sorted(found, key=lambda suspect: suspect.seconds_before))


def _bare(version: str) -> str:
    """``v2.41.0`` and ``2.41.0`` are one version."""
    version = version.strip().lower()
    return version[1:] if version[:1] == "v" and version[1:2].isdigit() else version


def _is_same(one: Deployment, other: Deployment) -> bool:
    environments = {one.environment.lower(), other.environment.lower()} - {""}
    return other.source not in one.seen_by and len(environments) <= 1 and abs(one.at - other.at) <= _SAME_DEPLOYMENT


def _joined(newer: Deployment, older: Deployment) -> Deployment:
    """One deployment out of two reports: what the newer one does not say is taken from the older."""
    return replace(
        newer,
        environment=newer.environment or older.environment,
        author=newer.author or older.author,
        summary=newer.summary or older.summary,
        url=newer.url or older.url,
        started_at=newer.started_at or older.started_at,
        seen_by=(*newer.seen_by, older.source),
    )
