"""The lists: incidents, their alerts and history, change events."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from ..times import is_utc
from .changes import found_incident
from .core import PagerDuty
from .directory import team_id
from .errors import invalid, not_found
from .model import ChangeEvent, Incident, LogEntry
from .paging import page, sorted_by, values, window
from .render import alert_json, change_event_json, incident_json, log_entry_json, note_json

Json = dict[str, Any]
MONTH_S = 31 * 86_400.0
RELATED_S = 24 * 3600.0
_SORT = {
    "incident_number": lambda incident: incident.number,
    "created_at": lambda incident: incident.created_at,
    "resolved_at": lambda incident: incident.resolved_at or 0.0,
    "urgency": lambda incident: incident.urgency == "high",
}


class Lists:
    """The handlers that read incidents and changes."""

    def __init__(self, core: PagerDuty) -> None:
        self._core = core

    async def incidents(self, request: web.Request) -> web.Response:
        """`GET /incidents`."""
        include = values(request, "include")
        is_wanted = _Wanted(request)
        found = [incident for incident in self._core.incidents.values() if is_wanted(incident)]
        if request.query.get("date_range") != "all":
            since, until = window(request, self._core.clock(), MONTH_S)
            found = [incident for incident in found if since <= incident.created_at < until]
        rows = sorted_by(request, found, _SORT, "created_at:asc")
        return page(request, "incidents", rows, lambda row: incident_json(row, self._core.directory, include))

    async def incident(self, request: web.Request) -> web.Response:
        """`GET /incidents/{id}`."""
        incident = found_incident(self._core, request.match_info["id"])
        return web.json_response(
            {"incident": incident_json(incident, self._core.directory, values(request, "include"))}
        )

    async def alerts(self, request: web.Request) -> web.Response:
        """`GET /incidents/{id}/alerts`."""
        incident = found_incident(self._core, request.match_info["id"])
        statuses, keys = values(request, "statuses"), request.query.get("alert_key")
        rows = [
            alert
            for alert in incident.alerts
            if (not statuses or alert.status in statuses) and (not keys or alert.alert_key == keys)
        ]
        return page(request, "alerts", rows, lambda row: alert_json(row, incident))

    async def alert(self, request: web.Request) -> web.Response:
        """`GET /incidents/{id}/alerts/{alert_id}`."""
        incident = found_incident(self._core, request.match_info["id"])
        for alert in incident.alerts:
            if alert.id == request.match_info["alert_id"]:
                return web.json_response({"alert": alert_json(alert, incident)})
        raise not_found()

    async def incident_log(self, request: web.Request) -> web.Response:
        """`GET /incidents/{id}/log_entries`, newest first."""
        incident = found_incident(self._core, request.match_info["id"])
        return self._log_page(request, [(entry, incident) for entry in incident.log], default_s=None)

    async def log(self, request: web.Request) -> web.Response:
        """`GET /log_entries`: everybody's, newest first."""
        teams = values(request, "team_ids")
        rows = [
            (entry, incident)
            for incident in self._core.incidents.values()
            if not teams or team_id(incident.service.team) in teams
            for entry in incident.log
        ]
        return self._log_page(request, rows, default_s=MONTH_S)

    async def notes(self, request: web.Request) -> web.Response:
        """`GET /incidents/{id}/notes`, newest first, not paged."""
        incident = found_incident(self._core, request.match_info["id"])
        return web.json_response({"notes": [note_json(note) for note in reversed(incident.notes)]})

    async def changes(self, request: web.Request) -> web.Response:
        """`GET /change_events`, newest first."""
        return self._changes_page(request, self._core.changes)

    async def service_changes(self, request: web.Request) -> web.Response:
        """`GET /services/{id}/change_events`."""
        service = self._core.directory.service(service_id=request.match_info["id"])
        if service is None:
            raise not_found()
        return self._changes_page(request, [one for one in self._core.changes if one.service is service])

    async def related_changes(self, request: web.Request) -> web.Response:
        """`GET /incidents/{id}/related_change_events`: of the service, in the day before, with the reason."""
        incident = found_incident(self._core, request.match_info["id"])
        found = [
            change
            for change in self._core.changes
            if change.service is incident.service and 0 <= incident.created_at - change.at <= RELATED_S
        ]
        rows = [
            {
                **change_event_json(change),
                "correlation_reason": {"reason": "most_recent" if index == 0 else "related_service"},
            }
            for index, change in enumerate(sorted(found, key=lambda change: -change.at))
        ]
        return web.json_response({"change_events": rows})

    def _log_page(
        self, request: web.Request, rows: list[tuple[LogEntry, Incident]], default_s: float | None
    ) -> web.Response:
        include = values(request, "include")
        if default_s is not None or "since" in request.query or "until" in request.query:
            since, until = window(request, self._core.clock(), default_s or MONTH_S)
            rows = [row for row in rows if since <= row[0].at < until]
        if request.query.get("is_overview") == "true":
            rows = [row for row in rows if row[0].kind != "notify"]
        rows = sorted(reversed(rows), key=lambda row: -row[0].at)
        return page(request, "log_entries", rows, lambda row: log_entry_json(row[0], row[1], include))

    def _changes_page(self, request: web.Request, changes: list[ChangeEvent]) -> web.Response:
        for name in ("since", "until"):
            if name in request.query and not is_utc(request.query[name]):
                raise invalid(f"{name} must be in UTC")
        since, until = window(request, self._core.clock(), MONTH_S)
        rows = sorted((one for one in changes if since <= one.at < until), key=lambda one: -one.at)
        return page(request, "change_events", rows, change_event_json)


class _Wanted:
    """The filters of `GET /incidents`."""

    def __init__(self, request: web.Request) -> None:
        self._statuses = values(request, "statuses")
        self._urgencies = values(request, "urgencies")
        self._services = values(request, "service_ids")
        self._teams = values(request, "team_ids")
        self._users = values(request, "user_ids")
        self._key = request.query.get("incident_key")

    def __call__(self, incident: Incident) -> bool:
        return (
            (not self._statuses or incident.status in self._statuses)
            and (not self._urgencies or incident.urgency in self._urgencies)
            and (not self._services or incident.service.pagerduty_id in self._services)
            and (not self._teams or team_id(incident.service.team) in self._teams)
            and (not self._users or any(person.id in self._users for _, person in incident.assignees))
            and (not self._key or incident.key == self._key or any(a.alert_key == self._key for a in incident.alerts))
        )
