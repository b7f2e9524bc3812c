"""A PagerDuty on which everything can be done: ``FakePagerDuty`` with the rest of what changes incidents.

Its bodies are those of PagerDuty's API reference; it shares no code with the client.
"""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.unit.sources.pagerduty_server import FakePagerDuty, acknowledged, incident

ANA = {"id": "PANA", "type": "user", "name": "Ana Smith", "summary": "Ana Smith", "email": "ana@acme.example"}
BOB = {"id": "PBOB", "type": "user", "name": "Bob Jones", "summary": "Bob Jones", "email": "bob@acme.example"}
EVE = {"id": "PEVE", "type": "user", "name": "Eve Stone", "summary": "Eve Stone", "email": "eve@acme.example"}
POLICY = {"id": "PPOL", "type": "escalation_policy_reference", "summary": "Production"}
PRIORITIES = [
    {"id": f"PPRIO{n}", "type": "priority", "name": f"P{n}", "summary": f"P{n}", "description": f"level {n}"}
    for n in (1, 2, 3)
]


def reference(user: dict[str, Any]) -> dict[str, Any]:
    """Somebody as PagerDuty nests them."""
    return {"id": user["id"], "type": "user_reference", "summary": user["name"]}


def held(vendor_id: str, *users: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A triggered incident that its policy gave to ``users``."""
    given = [{"at": "2026-11-20T02:30:00Z", "assignee": reference(user)} for user in users]
    fields = {"assignments": given, "assigned_via": "escalation_policy", "escalation_policy": POLICY}
    return incident(vendor_id, **(fields | changes))


def resolved(
    vendor_id: str, who: dict[str, Any] = BOB, at: str = "2026-11-20T02:45:00Z", **more: Any
) -> dict[str, Any]:
    """An incident that is over."""
    fields = {"last_status_change_by": reference(who), "last_status_change_at": at, "resolve_reason": None}
    return incident(vendor_id, status="resolved", **(fields | more))


def note(text: str, who: dict[str, Any] = ANA, at: str = "2026-11-20T03:00:00Z") -> dict[str, Any]:
    """A note as "List notes for an incident" gives it."""
    return {"id": "PNOTE", "user": reference(who), "content": text, "created_at": at}


@dataclass
class Desk(FakePagerDuty):
    """The account, and what was done to it."""

    me: dict[str, Any] | None = field(default_factory=lambda: dict(ANA))
    notes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    priorities: list[dict[str, Any]] = field(default_factory=lambda: list(PRIORITIES))
    levels: list[list[dict[str, Any]]] = field(default_factory=lambda: [[ANA], [BOB], [EVE, BOB]])
    """Who is on call at each level."""

    def application(self) -> web.Application:
        app = super().application()
        app.router.add_post("/incidents", self._create)
        app.router.add_post("/incidents/{id}/snooze", self._snooze)
        app.router.add_put("/incidents/{id}/merge", self._merge)
        app.router.add_get("/incidents/{id}/notes", self._list_notes)
        app.router.add_post("/incidents/{id}/notes", self._note)
        app.router.add_get("/priorities", self._priorities)
        app.router.add_get("/escalation_policies/{id}", self._policy)
        return app

    def _change(self, row: dict[str, Any]) -> None:
        one = self.incidents[row["id"]]
        if row.get("status") == "acknowledged":
            one = acknowledged(row["id"], "Ana Smith")
        if row.get("status") == "resolved":
            one = one | resolved(row["id"], ANA, "2026-11-20T03:00:00Z")
        if "priority" in row:
            wanted = row["priority"]
            known = {priority["id"]: priority for priority in self.priorities}
            one = one | {"priority": known[wanted["id"]] if wanted else None}
        if "assignments" in row:
            users = {user["id"]: user for user in (ANA, BOB, EVE)}
            given = [users[one["assignee"]["id"]] for one in row["assignments"]]
            one = held(row["id"], *given, assigned_via="direct_assignment")
        if "escalation_level" in row:
            one = held(row["id"], *self.levels[row["escalation_level"] - 1])
        self.incidents[row["id"]] = one

    async def _snooze(self, request: web.Request) -> web.Response:
        vendor_id = request.match_info["id"]
        if vendor_id not in self.incidents:
            return self._unknown()
        self.incidents[vendor_id] = acknowledged(vendor_id, "Ana Smith")
        return web.json_response({"incident": self.incidents[vendor_id]}, status=201)

    async def _merge(self, request: web.Request) -> web.Response:
        rows = self.requests[-1].body["source_incidents"]
        if any(row["id"] in self.stubborn for row in rows):
            error = {"message": "Invalid Input Provided", "code": 2001, "errors": ["Too many alerts"]}
            return web.json_response({"error": error}, status=400)
        into = request.match_info["id"]
        target = {"id": into, "type": "incident_reference", "summary": f"[#1234] Trouble {into}"}
        for row in rows:
            reason = {"type": "merge_resolve_reason", "incident": target}
            self.incidents[row["id"]] = resolved(row["id"], ANA, resolve_reason=reason)
        return web.json_response({"incident": target})

    async def _list_notes(self, request: web.Request) -> web.Response:
        vendor_id = request.match_info["id"]
        known = vendor_id in self.incidents
        return web.json_response({"notes": self.notes.get(vendor_id, [])}) if known else self._unknown()

    async def _note(self, request: web.Request) -> web.Response:
        vendor_id = request.match_info["id"]
        if vendor_id not in self.incidents:
            return self._unknown()
        made = note(self.requests[-1].body["note"]["content"])
        self.notes.setdefault(vendor_id, []).insert(0, made)
        return web.json_response({"note": made})

    async def _priorities(self, _: web.Request) -> web.Response:
        return web.json_response({"priorities": self.priorities, "more": False})

    async def _policy(self, request: web.Request) -> web.Response:
        if request.match_info["id"] != POLICY["id"]:
            return self._unknown()
        rules = [
            {"id": f"PRULE{n}", "escalation_delay_in_minutes": 30, "targets": [reference(user) for user in users]}
            for n, users in enumerate(self.levels)
        ]
        policy = {"id": "PPOL", "type": "escalation_policy", "name": "Production", "escalation_rules": rules}
        return web.json_response({"escalation_policy": policy})

    async def _oncalls(self, request: web.Request) -> web.Response:
        found = [
            {"escalation_policy": POLICY, "escalation_level": level, "user": user, "schedule": None}
            for level, users in enumerate(self.levels, start=1)
            for user in users
        ]
        return web.json_response({"oncalls": found, "more": False})

    async def _users(self, request: web.Request) -> web.Response:
        query = request.query.get("query", "").lower()
        found = [one for one in self.users or [ANA, BOB, EVE] if query in (one.get("name", "") + one["email"]).lower()]
        return web.json_response({"users": found, "more": False})

    async def _create(self, _: web.Request) -> web.Response:
        wanted = self.requests[-1].body["incident"]
        key = wanted["incident_key"]
        if any(one["incident_key"] == key and one["status"] != "resolved" for one in self.incidents.values()):
            said = "Open incident with matching dedup key already exists on this service"
            error = {"message": "Arguments Caused Error", "code": 2002, "errors": [said]}
            return web.json_response({"error": error}, status=400)
        made = incident(f"PNEW{len(self.incidents)}", title=wanted["title"], incident_key=key)
        self.incidents[made["id"]] = made | {"service": wanted["service"]}
        return web.json_response({"incident": made}, status=201)

    async def _incidents(self, request: web.Request) -> web.Response:
        key = request.query.get("incident_key")
        if key is None:
            return await super()._incidents(request)
        found = [one for one in self.incidents.values() if one["incident_key"] == key]
        return web.json_response({"incidents": found, "more": False})

    def _unknown(self) -> web.Response:
        return web.json_response({"error": {"message": "Not Found", "code": 2100}}, status=404)
