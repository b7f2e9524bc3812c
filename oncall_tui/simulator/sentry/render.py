"""Issues, events, releases and deploys as the web API writes them."""

from __future__ import annotations

import hashlib
from typing import Any

from ..catalogue import APPLICATIONS, ENVIRONMENT, ORGANIZATION, PEOPLE, TEAMS, Person, Service
from ..times import sentry_time
from .model import Deploy, Frame, Issue, Json, Release

BASE = f"https://{ORGANIZATION}.sentry.io"
SCOPES = ("org:read", "project:read", "team:read", "event:write")


def organization_json(in_full: bool = False) -> Json:
    """The organization."""
    body: Json = {
        "id": "4501",
        "slug": ORGANIZATION,
        "name": "REWAPP",
        "status": {"id": "active", "name": "active"},
        "dateCreated": "2023-01-09T08:00:00.000000Z",
        "isEarlyAdopter": False,
        "require2FA": True,
        "links": {"organizationUrl": BASE, "regionUrl": BASE},
        "features": [],
    }
    return {**body, "role": "member", "access": list(SCOPES)} if in_full else body


def user_json(person: Person) -> Json:
    """A user, as Sentry shows users their own account."""
    return {
        "id": str(1 + PEOPLE.index(person)),
        "name": person.name,
        "username": person.email,
        "email": person.email,
        "isActive": True,
    }


def project_json(project: Service) -> Json:
    """A project in a list."""
    return {
        **project_reference(project),
        "isMember": True,
        "environments": [ENVIRONMENT],
        "status": "active",
        "dateCreated": "2023-01-10T08:00:00.000000Z",
        "teams": [{"id": str(TEAMS.index(project.team) + 1), "slug": project.team, "name": project.team}],
    }


def project_reference(project: Service) -> Json:
    """A project as issues and releases nest it."""
    return {
        "id": project_id(project),
        "name": project.name,
        "slug": project.name,
        "platform": project.platform,
    }


def project_id(project: Service) -> str:
    """Numeric id of a project, as text."""
    return str(700 + APPLICATIONS.index(project))


def issue_json(issue: Issue, now: float, *, expand: frozenset[str] = frozenset(), in_full: bool = False) -> Json:
    """An issue; `count` is text. `firstRelease` and the like come with the details of one issue only."""
    body: Json = {
        "id": issue.id,
        "shareId": None,
        "shortId": issue.short_id,
        "title": issue.title,
        "culprit": issue.culprit,
        "permalink": f"{BASE}/issues/{issue.id}/",
        "logger": None,
        "level": issue.level,
        "status": issue.status,
        "statusDetails": dict(issue.status_details),
        "substatus": issue.substatus,
        "isPublic": False,
        "platform": issue.project.platform,
        "project": project_reference(issue.project),
        "type": "error",
        "metadata": {
            "type": issue.kind,
            "value": issue.value,
            "filename": issue.frames[-1][0],
            "function": issue.frames[-1][1],
        },
        "numComments": 0,
        "assignedTo": issue.assigned_to,
        "isBookmarked": False,
        "isSubscribed": False,
        "subscriptionDetails": None,
        "hasSeen": issue.has_seen,
        "annotations": [],
        "issueType": "error",
        "issueCategory": "error",
        "priority": issue.priority,
        "priorityLockedAt": None,
        "isUnhandled": True,
        "count": str(int(issue.count)),
        "userCount": int(issue.users),
        "firstSeen": sentry_time(issue.first_seen),
        "lastSeen": sentry_time(issue.last_seen),
        "stats": {"24h": _stats(issue, now)},
    }
    if "inbox" in expand:
        body["inbox"] = {"reason": 0, "date_added": sentry_time(issue.first_seen), "reason_details": None}
    if "owners" in expand:
        body["owners"] = None
    if in_full:
        body |= {
            "firstRelease": {"version": issue.first_release, "shortVersion": issue.first_release.partition("@")[2]},
            "lastRelease": {"version": issue.first_release, "shortVersion": issue.first_release.partition("@")[2]},
            "activity": [],
            "seenBy": [],
            "participants": [],
            "pluginIssues": [],
            "pluginActions": [],
            "pluginContexts": [],
            "userReportCount": 0,
            "tags": [],
        }
    return body


def event_json(issue: Issue) -> Json:
    """The latest event of an issue, with its stack trace; frames run from the outermost to the innermost."""
    event_id = hashlib.md5(f"{issue.id}:{int(issue.count)}".encode(), usedforsecurity=False).hexdigest()
    frames = [_frame(frame, issue.project.platform) for frame in issue.frames]
    exception = {
        "type": issue.kind,
        "value": issue.value,
        "module": None,
        "threadId": None,
        "mechanism": {"type": "generic", "handled": False},
        "stacktrace": {"frames": frames, "framesOmitted": None, "registers": None, "hasSystemFrames": False},
        "rawStacktrace": None,
    }
    return {
        "id": event_id,
        "eventID": event_id,
        "groupID": issue.id,
        "projectID": project_id(issue.project),
        "title": issue.title,
        "message": "",
        "type": "error",
        "platform": issue.project.platform,
        "culprit": issue.culprit,
        "location": issue.frames[-1][0],
        "metadata": {"type": issue.kind, "value": issue.value},
        "dateCreated": sentry_time(issue.last_seen),
        "dateReceived": sentry_time(issue.last_seen),
        "user": None,
        "tags": [
            {"key": "environment", "value": ENVIRONMENT},
            {"key": "level", "value": issue.level},
            {"key": "release", "value": issue.first_release},
            {"key": "server_name", "value": issue.project.instance},
        ],
        "entries": [
            {"type": "exception", "data": {"values": [exception], "excOmitted": None, "hasSystemFrames": False}},
            {"type": "request", "data": {"method": "GET", "url": f"https://api.rewapp.example/{issue.project.name}"}},
        ],
        "contexts": {},
        "errors": [],
        "sdk": {"name": "sentry.javascript.node", "version": "9.40.0"},
        "release": {"version": issue.first_release},
        "nextEventID": None,
        "previousEventID": None,
    }


def release_json(release: Release, new_groups: int) -> Json:
    """A release; `dateReleased` is its first deploy, `lastDeploy` its newest."""
    package, _, version = release.version.partition("@")
    last = release.deploys[0] if release.deploys else None
    first = release.deploys[-1] if release.deploys else None
    project = {**project_reference(release.project), "id": int(project_id(release.project)), "newGroups": new_groups}
    return {
        "id": release.id,
        "version": release.version,
        "shortVersion": version,
        "status": "open",
        "versionInfo": _version_info(package, version),
        "ref": release.commit,
        "url": None,
        "dateReleased": None if first is None else sentry_time(first.finished),
        "dateCreated": sentry_time(release.created),
        "data": {},
        "newGroups": new_groups,
        "owner": None,
        "commitCount": 1,
        "lastCommit": {
            "id": release.commit,
            "message": release.message,
            "dateCreated": sentry_time(release.created),
            "author": author_json(release.author),
        },
        "deployCount": len(release.deploys),
        "lastDeploy": None if last is None else deploy_json(last),
        "authors": [author_json(release.author)],
        "projects": [project],
        "firstEvent": None,
        "lastEvent": None,
        "currentProjectMeta": {},
        "userAgent": None,
    }


def deploy_json(deploy: Deploy) -> Json:
    """A deploy."""
    return {
        "id": deploy.id,
        "environment": deploy.environment,
        "dateStarted": sentry_time(deploy.started),
        "dateFinished": sentry_time(deploy.finished),
        "name": deploy.name,
        "url": deploy.url,
    }


def author_json(author: Person) -> Json:
    """The author of a commit."""
    return {"id": author.id, "name": author.name, "email": author.email, "username": author.email}


def _version_info(package: str, version: str) -> Json:
    major, minor, patch = (int(part) for part in version.split("."))
    return {
        "package": package,
        "version": {
            "raw": version,
            "major": major,
            "minor": minor,
            "patch": patch,
            "pre": None,
            "buildCode": None,
            "components": 3,
        },
        "description": version,
        "buildHash": None,
    }


def _frame(frame: Frame, platform: str) -> Json:
    filename, function, line, source = frame
    return {
        "filename": filename,
        "absPath": f"/app/{filename}",
        "module": filename.rpartition(".")[0].replace("/", "."),
        "function": function,
        "lineNo": line,
        "colNo": None,
        "context": [[line, source]],
        "inApp": not filename.startswith("node_modules"),
        "platform": platform,
        "vars": None,
        "package": None,
        "errors": None,
    }


def _stats(issue: Issue, now: float) -> list[list[Any]]:
    """Events per hour over 24 h; the count is spread evenly over the hours since it was first seen."""
    last_hour = int(now // 3600) * 3600
    hours = [last_hour - 3600 * back for back in range(23, -1, -1)]
    seen = [hour for hour in hours if hour + 3600 > issue.first_seen]
    share = int(issue.count / max(1.0, (now - issue.first_seen) / 3600)) if seen else 0
    return [[hour, min(share, int(issue.count)) if hour in seen else 0] for hour in hours]
