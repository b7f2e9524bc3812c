"""Releases and deploys as deployments. Pure.

Source: Sentry's API reference, "List an Organization's Releases", "List a Release's Deploys".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.deployment import Deployment, DeploymentStatus
from oncall_tui.domain.ids import DeploymentId, SourceName
from oncall_tui.sources.values import JsonObject, first_line, line, mapping, moment, number, objects, web_address
from oncall_tui.sources.versions import package_and_version


@dataclass(frozen=True, slots=True)
class ReleaseReading:
    """What a release is read with."""

    source: SourceName
    begin: datetime
    """What ended before is not told."""
    projects: frozenset[str] = frozenset()
    """Slugs; all when empty."""
    environments: frozenset[str] = frozenset()
    """Names; all when empty."""
    environment: str = ""
    """The configured one, for what does not say."""


@dataclass(frozen=True, slots=True)
class DeployMark:
    """What changes when a release is deployed once more: the number of its deploys and the last of them."""

    count: int
    last: str


def version_of(release: JsonObject) -> str:
    """The whole name of a release, as an address takes it.

    Raises:
        ValueError: it has none.
    """
    version = release.get("version")
    if not isinstance(version, str) or not version:
        raise ValueError("a release without a version")
    return version


def mark_of(release: JsonObject) -> DeployMark:
    """The state that the deploys of a release are read in."""
    last = mapping(release.get("lastDeploy"))
    count = number(release.get("deployCount"))
    known = count if count is not None else (1 if last else 0)
    return DeployMark(known, f"{last.get('id')} {last.get('dateFinished')}")


def is_recent(release: JsonObject, begin: datetime) -> bool:
    """Whether the release, or its last deploy, is not older than ``begin``: an old one may have been brought back."""
    last = mapping(release.get("lastDeploy"))
    times = (last.get("dateFinished"), last.get("dateStarted"), release.get("dateReleased"), release.get("dateCreated"))
    return any(at >= begin for at in map(moment, times) if at is not None)


def is_made_before(release: JsonObject, begin: datetime) -> bool:
    """Whether the release itself, by which the list is sorted, is older than ``begin``."""
    at = moment(release.get("dateReleased")) or moment(release.get("dateCreated"))
    return at is not None and at < begin


def deployments_of(
    release: JsonObject, deploys: Sequence[JsonObject], reading: ReleaseReading
) -> tuple[Deployment, ...]:
    """A deployment of each deploy, or of the release itself when it has none; for each project that shares it.

    Raises:
        ValueError: without a version it is no release.
    """
    version = version_of(release)
    package, short = package_and_version(line(version))
    told = list(_moments(release, deploys, reading))
    return tuple(
        Deployment(
            id=DeploymentId("/".join([reading.source, line(version), *one.suffix, *suffix])),
            source=reading.source,
            kind=SourceKind.SENTRY,
            service=service,
            version=short,
            at=one.at,
            environment=one.environment or reading.environment,
            status=one.status,
            author=_author(release),
            summary=_summary(release),
            url=one.url,
            started_at=one.started_at,
        )
        for one in told
        for service, suffix in _services(release, package, one.projects, reading.projects)
    )


@dataclass(frozen=True, slots=True)
class _Moment:
    """When and where a release arrived."""

    at: datetime
    suffix: tuple[str, ...] = ()
    environment: str = ""
    status: DeploymentStatus = DeploymentStatus.FINISHED
    url: str | None = None
    started_at: datetime | None = None
    projects: tuple[str, ...] = ()


def _moments(release: JsonObject, deploys: Iterable[JsonObject], reading: ReleaseReading) -> Iterable[_Moment]:
    """The arrivals within the window and the environments."""
    found = [one for one in map(_of_deploy, deploys) if one is not None]
    at = moment(release.get("dateReleased")) or moment(release.get("dateCreated"))
    if not found and not mark_of(release).count and at is not None:
        found = [_Moment(at, url=web_address(release.get("url")))]
    for one in found:
        is_wanted = not reading.environments or not one.environment or one.environment in reading.environments
        if one.at >= reading.begin and is_wanted:
            yield one


def _of_deploy(deploy: JsonObject) -> _Moment | None:
    """One deploy; None when it has no time at all."""
    started, finished = moment(deploy.get("dateStarted")), moment(deploy.get("dateFinished"))
    at = finished or started
    if at is None:
        return None
    return _Moment(
        at,
        suffix=(first_line(deploy.get("id"), at.isoformat()),),
        environment=line(deploy.get("environment")),
        status=DeploymentStatus.FINISHED if finished else DeploymentStatus.STARTED,
        url=web_address(deploy.get("url")),
        started_at=started,
        projects=_slugs(deploy.get("projects")),
    )


def _services(
    release: JsonObject, package: str, deployed: tuple[str, ...], wanted: frozenset[str]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Services with what makes their ids differ: the package in the version, else the projects."""
    if package:
        return [(package, ())]
    slugs = deployed or _slugs(release.get("projects"))
    kept = [slug for slug in slugs if not wanted or slug in wanted] or list(slugs)
    return [(slug, (slug,) if len(kept) > 1 else ()) for slug in kept] or [("", ())]


def _slugs(projects: object) -> tuple[str, ...]:
    """Slugs of projects, which come as objects or as plain texts."""
    if not isinstance(projects, list):
        return ()
    names = (
        first_line(one.get("slug"), one.get("name")) if isinstance(one, Mapping) else line(one) for one in projects
    )
    return tuple(dict.fromkeys(name for name in names if name))


def _author(release: JsonObject) -> str:
    """Who wrote it: the author of the last commit, else the authors of all."""
    last = mapping(mapping(release.get("lastCommit")).get("author"))
    names = [first_line(one.get("name"), one.get("email")) for one in objects(release.get("authors"))]
    return first_line(last.get("name"), last.get("email"), ", ".join(name for name in names if name))


def _summary(release: JsonObject) -> str:
    """The first line of the last commit, and what Sentry counts: ``Fix refunds (3 new issues)``."""
    message = mapping(release.get("lastCommit")).get("message")
    said = line(message.split("\n")[0]) if isinstance(message, str) else ""
    new = number(release.get("newGroups")) or 0
    counted = f"{new} new {'issue' if new == 1 else 'issues'}" if new else ""
    return f"{said} ({counted})" if said and counted else said or counted
