"""Change events as deployments. Pure. Source: PagerDuty's API reference, "List Change Events".

A change event has a summary for people and whatever its sender put into ``custom_details``; there is no field for a
version. The details are asked first, then the summary is read the way people write it.
"""

import re
from collections.abc import Mapping

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.deployment import Deployment, DeploymentStatus
from oncall_tui.domain.ids import DeploymentId, SourceName
from oncall_tui.sources.values import (
    JsonObject,
    block,
    first_line,
    identity,
    line,
    mapping,
    moment,
    objects,
    web_address,
)
from oncall_tui.sources.versions import package_and_version, version_in

_SERVICE = ("service", "service_name", "application", "app", "component", "project")
_VERSION = ("version", "release", "tag", "image_tag", "revision", "sha", "commit", "commit_sha", "build")
_ENVIRONMENT = ("environment", "env", "stage", "deployment_environment")
_AUTHOR = ("author", "deployed_by", "deployer", "triggered_by", "actor", "user", "sender")
_STATUS = ("status", "state", "result", "outcome", "build_state")
_STARTED_AT = ("started_at", "start_time", "date_started")

_SUCCEEDED = re.compile(r"\b(?:success(?:ful(?:ly)?)?|succeeded|finished|completed?|done|deployed)\b", re.IGNORECASE)
_FAILED = re.compile(r"\b(?:fail(?:ed|ure|s)?|error(?:ed)?|broken|aborted|cancel+ed)\b", re.IGNORECASE)
_STARTED = re.compile(
    r"\b(?:start(?:ed|ing)?|begin(?:s|ning)?|began|in[ _-]progress|running|pending|deploying)\b", re.IGNORECASE
)
_ABOUT_THE_DEPLOYMENT = re.compile(
    r"^\W*(?:failed|starting|started|deploying)\b"
    r"|\b(?:deploy\w*|build|release|rollout|pipeline|job)\b[^\n]{0,60}"
    r"\b(?:failed|failure|aborted|cancel+ed|start(?:ed|ing)|in[ _-]progress|running)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:to|on|in|into)\s+(?:the\s+)?"
    r"(prod(?:uction)?|pre-?prod(?:uction)?|staging|stage|dev(?:elopment)?|test(?:ing)?|qa|uat|canary)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bby\s+@?([\w][\w.@-]*\w)")


def deployments_of(event: JsonObject, source: SourceName, environment: str = "") -> tuple[Deployment, ...]:
    """The deployments that one change event tells of: one for each service that it names.

    Args:
        environment: the configured one, for events that do not say.

    Raises:
        ValueError: without an id or a timestamp it is no event.
    """
    vendor_id = identity(event.get("id"))
    at = moment(event.get("timestamp"))
    if at is None:
        raise ValueError("a change event without timestamp")
    details = {str(name).lower(): value for name, value in mapping(event.get("custom_details")).items()}
    summary = line(event.get("summary"))
    package, version = package_and_version(_said(details, _VERSION))
    services = _services(event, details) or ([package] if package else [""])
    return tuple(
        Deployment(
            id=DeploymentId(f"{source}/{vendor_id}" + (f"/{service}" if len(services) > 1 else "")),
            source=source,
            kind=SourceKind.PAGERDUTY,
            service=service,
            version=version or version_in(summary),
            at=at,
            environment=_said(details, _ENVIRONMENT) or _matched(_WHERE, summary) or environment,
            status=_status(details, summary),
            author=_said(details, _AUTHOR) or _matched(_WHO, summary),
            summary=block(event.get("summary")),
            url=_link(event, details),
            started_at=next((found for name in _STARTED_AT if (found := moment(details.get(name)))), None),
        )
        for service in services
    )


def _services(event: JsonObject, details: Mapping[str, object]) -> list[str]:
    """What the details call the service, else the PagerDuty services of the event."""
    named = _said(details, _SERVICE)
    if named:
        return [named]
    return list(dict.fromkeys(name for one in objects(event.get("services")) if (name := line(one.get("summary")))))


def _said(details: Mapping[str, object], names: tuple[str, ...]) -> str:
    """The first of ``names`` that the details answer; an object answers with its own name."""
    for name in names:
        value = details.get(name)
        text = first_line(value, mapping(value).get("name"), mapping(value).get("login"), mapping(value).get("email"))
        if text:
            return text
    return ""


def _status(details: Mapping[str, object], summary: str) -> DeploymentStatus:
    """How far it came; a change event is sent when something is done, so finished unless a word says otherwise."""
    said = _said(details, _STATUS)
    if not said:
        # A summary is often the title of a commit: "Fix failed retries" says nothing about the deployment.
        about = _ABOUT_THE_DEPLOYMENT.search(summary)
        said = about.group(0) if about and not _SUCCEEDED.search(about.group(0)) else ""
    if _FAILED.search(said):
        return DeploymentStatus.FAILED
    return DeploymentStatus.STARTED if _STARTED.search(said) else DeploymentStatus.FINISHED


def _link(event: JsonObject, details: Mapping[str, object]) -> str | None:
    """The first address that a browser may open."""
    linked = [one.get("href") for one in objects(event.get("links"))]
    found = [*linked, details.get("url"), details.get("build_url"), event.get("html_url")]
    return next((address for address in map(web_address, found) if address), None)


def _matched(pattern: re.Pattern[str], sentence: str) -> str:
    found = pattern.search(sentence)
    return found.group(1) if found else ""
