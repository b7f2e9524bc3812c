"""Deployments, those that several sources tell of merged, and the alerts they are suspected of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from oncall_tui.domain.alert import Alert, SourceKind, Suspect
from oncall_tui.domain.environment import are_apart, may_be_one_environment
from oncall_tui.domain.ids import DeploymentId, SourceName

SUSPECT_WINDOW = timedelta(hours=1)
"""How long before an alert a deployment may have ended to be suspected of it."""

_CLOCKS_APART = timedelta(seconds=60)
"""A deployment may be reported this much after the alert it caused: two vendors, two clocks."""

_SAME_DEPLOYMENT = timedelta(minutes=30)
"""How far apart two sources may report one deployment: one tells its start, the other its end."""


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

    Two reports are one deployment when service, version and environment agree (an environment that is not told
    agrees with any), they come from different sources and lie within thirty minutes of each other. What one source
    lists twice under one id, as a page that shifted does, counts once.
    """
    listed = {one.id: one for one in deployments}
    merged: list[Deployment] = []
    by_version: dict[tuple[str, str], list[int]] = {}
    for deployment in sorted(listed.values(), key=lambda one: (one.at, one.id), reverse=True):
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
    """Deployments on the alert's service that ended within ``window`` before it began, the nearest first.

    What surely reached another environment (staging, or ``prod-us``, for an alert in ``prod-eu``) is none.
    """
    if not alert.service:
        return ()
    service, environment = alert.service.lower(), alert.environment
    found = [
        Suspect(one.id, one.label, max((alert.since - one.at).total_seconds(), 0.0))
        for one in deployments
        if one.service.lower() == service
        and -_CLOCKS_APART <= alert.since - one.at <= window
        and not are_apart(one.environment, environment)
    ]
    return tuple(sorted(found, key=lambda suspect: suspect.seconds_before))


def _bare(version: str) -> str:
    """``v2.41.0`` and ``2.41.0`` are one version."""
    version = version.strip().lower()
    return version[1:] if version[:1] == "v" and version[1:2].isdigit() else version


def _is_same(one: Deployment, other: Deployment) -> bool:
    if other.source in one.seen_by or abs(one.at - other.at) > _SAME_DEPLOYMENT:
        return False
    return may_be_one_environment(one.environment, other.environment)


def _joined(newer: Deployment, older: Deployment) -> Deployment:
    """One deployment out of two reports: what the newer one does not say is taken from the older."""
    is_older_the_start = older.status is DeploymentStatus.STARTED and newer.status is not DeploymentStatus.STARTED
    return replace(
        newer,
        environment=newer.environment or older.environment,
        author=newer.author or older.author,
        summary=newer.summary or older.summary,
        url=newer.url or older.url,
        started_at=newer.started_at or older.started_at or (older.at if is_older_the_start else None),
        seen_by=(*newer.seen_by, older.source),
    )
