"""HTTP of the organization: authentication, rate limit headers, routes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from ..catalogue import DEMO_USER, ENVIRONMENT, ORGANIZATION, TEAMS
from .changes import team_json, update_all
from .core import Sentry
from .model import Issue, Json, Release
from .paging import cut
from .query import matches
from .render import (
    SCOPES,
    deploy_json,
    event_json,
    issue_json,
    organization_json,
    project_id,
    project_json,
    release_json,
    user_json,
)

RATE_LIMIT = 40
CONCURRENT_LIMIT = 25
BULK_LIMIT = 1_000
_PREFIX = "/api/0/organizations"
_SORT = {
    "date": lambda issue: issue.last_seen,
    "new": lambda issue: issue.first_seen,
    "freq": lambda issue: issue.count,
    "user": lambda issue: issue.users,
    "trends": lambda issue: issue.events_per_s,
    "inbox": lambda issue: issue.first_seen,
    "recommended": lambda issue: issue.last_seen,
}


class Denied(Exception):
    """An answer with `{"detail": ...}` and a status."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


def sentry_app(
    core: Sentry, token: str, per_second: int = RATE_LIMIT, scopes: Sequence[str] = SCOPES
) -> web.Application:
    """The web API; the token has the scopes."""
    window = {"second": 0, "spent": 0}

    def spend() -> Json:
        second = int(core.clock())
        if window["second"] != second:
            window.update(second=second, spent=0)
        window["spent"] += 1
        return {
            "X-Sentry-Rate-Limit-Limit": str(per_second),
            "X-Sentry-Rate-Limit-Remaining": str(max(0, per_second - window["spent"])),
            "X-Sentry-Rate-Limit-Reset": str(second + 1),
            "X-Sentry-Rate-Limit-ConcurrentLimit": str(CONCURRENT_LIMIT),
            "X-Sentry-Rate-Limit-ConcurrentRemaining": str(CONCURRENT_LIMIT - 1),
        }

    @web.middleware
    async def gate(request: web.Request, handler: Any) -> web.StreamResponse:
        headers = spend()
        try:
            if request.headers.get("Authorization") != f"Bearer {token}":
                raise Denied(401, "Invalid token")
            if window["spent"] > per_second:
                raise Denied(429, "You are attempting to use this endpoint too frequently.")
            if request.match_info.get("org", ORGANIZATION) != ORGANIZATION:
                raise Denied(404, "The requested resource does not exist")
            if request.method == "PUT" and not {"event:write", "event:admin"} & set(scopes):
                raise Denied(403, "You do not have permission to perform this action.")
            response: web.StreamResponse = await handler(request)
        except Denied as denied:
            response = web.json_response({"detail": str(denied)}, status=denied.status)
        except web.HTTPNotFound:
            response = web.json_response({"detail": "The requested resource does not exist"}, status=404)
        response.headers.update(headers)
        return response

    api = _Api(core, scopes)
    app = web.Application(middlewares=[gate])
    org = _PREFIX + "/{org}"
    app.add_routes(
        [
            web.get("/api/0/", api.index),
            web.get(f"{_PREFIX}/", api.organizations),
            web.get("/api/0/teams/{org}/{team}/", api.team),
            web.get(f"{org}/", api.organization),
            web.get(f"{org}/projects/", api.projects),
            web.get(f"{org}/environments/", api.environments),
            web.get(f"{org}/issues/", api.issues),
            web.put(f"{org}/issues/", api.update_issues),
            web.get(f"{org}/issues/{{id}}/", api.issue),
            web.put(f"{org}/issues/{{id}}/", api.update_issue),
            web.get(f"{org}/issues/{{id}}/events/{{event}}/", api.event),
            web.get(f"{org}/releases/", api.releases),
            web.get(f"{org}/releases/{{version}}/", api.release),
            web.get(f"{org}/releases/{{version}}/deploys/", api.deploys),
        ]
    )
    return app


class _Api:
    """The handlers."""

    def __init__(self, core: Sentry, scopes: Sequence[str]) -> None:
        self._core = core
        self._scopes = scopes

    async def index(self, _: web.Request) -> web.Response:
        """`GET /api/0/`: whose token it is and what it may do, as Sentry's own command line asks."""
        return web.json_response({"version": "0", "auth": {"scopes": list(self._scopes)}, "user": user_json(DEMO_USER)})

    async def environments(self, _: web.Request) -> web.Response:
        return web.json_response([{"id": "1", "name": ENVIRONMENT}])

    async def organizations(self, request: web.Request) -> web.Response:
        return _paged(request, [organization_json()])

    async def organization(self, _: web.Request) -> web.Response:
        return web.json_response(organization_json(in_full=True))

    async def team(self, request: web.Request) -> web.Response:
        if not {"team:read", "team:write", "team:admin"} & set(self._scopes):
            raise Denied(403, "You do not have permission to perform this action.")
        slug = request.match_info["team"]
        if slug not in TEAMS:
            raise Denied(404, "The requested resource does not exist")
        return web.json_response(team_json(slug))

    async def projects(self, request: web.Request) -> web.Response:
        return _paged(request, [project_json(project) for project in self._core.projects])

    async def issues(self, request: web.Request) -> web.Response:
        sort = request.query.get("sort", "date")
        if sort not in _SORT:
            raise Denied(400, f"Invalid sort parameter: {sort}")
        found = sorted(self._matching(request), key=_SORT[sort], reverse=True)
        rows, headers = _cut(request, found)
        expand, now = frozenset(request.query.getall("expand", [])), self._core.clock()
        return web.json_response([issue_json(issue, now, expand=expand) for issue in rows], headers=headers)

    async def issue(self, request: web.Request) -> web.Response:
        return web.json_response(issue_json(self._issue(request), self._core.clock(), in_full=True))

    async def event(self, request: web.Request) -> web.Response:
        issue = self._issue(request)
        body = event_json(issue)
        if request.match_info["event"] not in ("latest", "oldest", "recommended", body["eventID"]):
            raise Denied(404, "Event not found")
        return web.json_response(body)

    async def update_issue(self, request: web.Request) -> web.Response:
        issue = self._issue(request)
        self._update([issue], await _json(request))
        return web.json_response(issue_json(issue, self._core.clock(), in_full=True))

    async def update_issues(self, request: web.Request) -> web.Response:
        """Bulk: the ids given. Without any, and also when none of them is there, everything that matches the query.

        The second is in no description, but in the server that Sentry publishes (`update_groups_with_search_fn`).
        """
        wanted = _projects(request)
        named = [self._core.issues.get(one) for one in request.query.getall("id", [])]
        found = [issue for issue in named if issue is not None and _in_projects(issue.project, wanted)]
        found = found or self._matching(request)[:BULK_LIMIT]
        if not found:
            return web.Response(status=204)
        return web.json_response(self._update(found, await _json(request)))

    async def releases(self, request: web.Request) -> web.Response:
        wanted, prefix = _projects(request), request.query.get("query", "")
        found = [
            release
            for release in self._core.releases.values()
            if release.version.startswith(prefix) and _in_projects(release.project, wanted)
        ]
        rows, headers = _cut(request, sorted(found, key=_newest, reverse=True), "per_page")
        return web.json_response([self._release_json(release) for release in rows], headers=headers)

    async def release(self, request: web.Request) -> web.Response:
        return web.json_response(self._release_json(self._release(request)))

    async def deploys(self, request: web.Request) -> web.Response:
        return _paged(request, [deploy_json(deploy) for deploy in self._release(request).deploys])

    def _matching(self, request: web.Request) -> list[Issue]:
        query, wanted = request.query.get("query", "is:unresolved"), _projects(request)
        environments = request.query.getall("environment", [])
        if environments and ENVIRONMENT not in environments:
            return []
        try:
            return [
                issue
                for issue in self._core.issues.values()
                if _in_projects(issue.project, wanted) and matches(issue, query)
            ]
        except ValueError as error:
            raise Denied(400, str(error)) from None

    def _update(self, issues: list[Issue], body: Json) -> Json:
        try:
            return update_all(issues, body, self._core.clock())
        except ValueError as error:
            raise Denied(400, str(error)) from None

    def _issue(self, request: web.Request) -> Issue:
        key = request.match_info["id"]
        for issue in self._core.issues.values():
            if key in (issue.id, issue.short_id):
                return issue
        raise Denied(404, "The requested resource does not exist")

    def _release(self, request: web.Request) -> Release:
        release = self._core.releases.get(unquote(request.match_info["version"]))
        if release is None:
            raise Denied(404, "The requested resource does not exist")
        return release

    def _release_json(self, release: Release) -> Json:
        new_groups = sum(issue.first_release == release.version for issue in self._core.issues.values())
        return release_json(release, new_groups)


def _newest(release: Release) -> float:
    """By first deploy: bringing an old version back does not move it to the top of the list."""
    return release.deploys[-1].finished if release.deploys else release.created


def _projects(request: web.Request) -> list[str]:
    found = [*request.query.getall("project", []), *request.query.getall("projectSlug", [])]
    return [] if "-1" in found else found


def _in_projects(project: Any, wanted: list[str]) -> bool:
    return not wanted or project.name in wanted or project_id(project) in wanted


def _cut(request: web.Request, rows: list[Any], limit_name: str = "limit") -> tuple[Any, dict[str, str]]:
    try:
        return cut(request, rows, limit_name)
    except ValueError as error:
        raise Denied(400, str(error)) from None


def _paged(request: web.Request, rows: list[Json]) -> web.Response:
    found, headers = _cut(request, rows, "per_page")
    return web.json_response(found, headers=headers)


async def _json(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
    except json.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Denied(400, "JSON parse error")
    return body
