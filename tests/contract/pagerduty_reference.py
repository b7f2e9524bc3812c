"""What PagerDuty's public API description ("REST API v2", openapiv3.json) says of the requests that are sent.

``PAGES`` writes its pages down: path, parameters with the values that each takes, and the body.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.unit.sources.pagerduty_server import TOKEN, Asked

EMAIL = "ana.from@acme.example"
ACCEPT = "application/vnd.pagerduty+json;version=2"

REFERENCE = {"id": str, "type": str}
ROW = {
    "id": str,
    "type": "incident|incident_reference",
    "status": "resolved|acknowledged",
    "resolution": str,
    "title": str,
    # The description has no word for taking a priority away; null is what PagerDuty itself answers where there is none.
    "priority": (REFERENCE | {"type": "priority_reference"}, None),
    "escalation_level": int,
    "assignments": [{"assignee": REFERENCE | {"type": "user_reference"}}],
    "escalation_policy": REFERENCE | {"type": "escalation_policy_reference"},
}
NEW = {
    "type": "incident",
    "title": str,
    "service": REFERENCE | {"type": "service_reference"},
    "priority": REFERENCE | {"type": "priority_reference"},
    "urgency": "high|low",
    "body": {"type": "incident_body", "details": str},
    "incident_key": str,
}


Parameters = Mapping[str, str]
"""By name: a pattern of what the reference takes."""


@dataclass(frozen=True)
class Page:
    """What one page of the reference says of a request."""

    method: str
    path: str
    """A pattern."""
    parameters: Parameters = field(default_factory=dict)
    body: Any = None
    required: Sequence[str] = ()
    """Fields that the body, or each row of it, must have."""
    longest: timedelta = timedelta.max
    """Between ``since`` and ``until``."""

    def takes_span(self, query: Mapping[str, str]) -> bool:
        """Whether what is asked for is not longer than it may be."""
        if "since" not in query or "until" not in query:
            return True
        since, until = (datetime.fromisoformat(query[one]) for one in ("since", "until"))
        return timedelta() < until - since <= self.longest


ID = "[A-Z0-9]+"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"
FLAG = "true|false"
# No more than a hundred in a page, and no further than the ten thousandth.
PAGING = {"limit": r"[1-9]\d?|100", "offset": r"\d{1,4}", "total": FLAG}
SPAN = {"since": MOMENT, "until": MOMENT, "time_zone": r"[\w/+-]+"}
OF_INCIDENT = (
    "acknowledgers|agents|assignees|conference_bridge|escalation_policies|first_trigger_log_entries|priorities|"
    "services|teams|users"
)
OF_USER = "contact_methods|notification_rules|subdomains|teams"
OF_POLICY = "services|targets|teams"
SORTED = "(incident_number|created_at|resolved_at|urgency):(asc|desc)"
PAGES = {
    "List incidents": Page(
        "GET",
        "/incidents",
        PAGING
        | SPAN
        | {"date_range": "all", "incident_key": ".+", "include[]": OF_INCIDENT, "service_ids[]": ID}
        | {"sort_by": f"{SORTED}(,{SORTED})?", "statuses[]": "triggered|acknowledged|resolved", "team_ids[]": ID}
        | {"urgencies[]": "high|low", "user_ids[]": ID},
        longest=timedelta(days=180),
    ),
    "Get an incident": Page("GET", f"/incidents/{ID}", {"include[]": OF_INCIDENT}),
    "Manage incidents": Page("PUT", "/incidents", PAGING, {"incidents": [ROW]}, ("id", "type")),
    "Create an Incident": Page("POST", "/incidents", {}, {"incident": NEW}, ("type", "title", "service")),
    "Merge incidents": Page(
        "PUT",
        f"/incidents/{ID}/merge",
        {},
        {"source_incidents": [REFERENCE | {"type": "incident_reference"}]},
        ("id", "type"),
    ),
    "Snooze an incident": Page("POST", f"/incidents/{ID}/snooze", {}, {"duration": range(1, 604_801)}, ("duration",)),
    "List notes for an incident": Page("GET", f"/incidents/{ID}/notes"),
    "Create a note on an incident": Page(
        "POST", f"/incidents/{ID}/notes", {}, {"note": {"content": str}}, ("content",)
    ),
    "List priorities": Page("GET", "/priorities", PAGING),
    "List users": Page("GET", "/users", PAGING | {"query": ".+", "team_ids[]": ID, "include[]": OF_USER}),
    "Get the current user": Page("GET", "/users/me", {"include[]": OF_USER}),
    "List services": Page(
        "GET",
        "/services",
        PAGING
        | {"query": ".+", "team_ids[]": ID, "time_zone": r"[\w/+-]+", "sort_by": "name(:asc|:desc)?", "name": ".+"}
        | {"include[]": "auto_pause_notifications_parameters|escalation_policies|integrations|teams"},
    ),
    "Get an escalation policy": Page("GET", f"/escalation_policies/{ID}", {"include[]": OF_POLICY}),
    "List escalation policies": Page(
        "GET",
        "/escalation_policies",
        PAGING
        | {"query": ".+", "user_ids[]": ID, "team_ids[]": ID, "include[]": OF_POLICY}
        | {"sort_by": "name(:asc|:desc)?"},
    ),
    "List log entries": Page(
        "GET",
        "/log_entries",
        PAGING | SPAN | {"is_overview": FLAG, "include[]": "channels|incidents|services|teams", "team_ids[]": ID},
    ),
    "List alerts for an incident": Page(
        "GET",
        f"/incidents/{ID}/alerts",
        PAGING
        | {"alert_key": ".+", "statuses[]": "triggered|resolved", "sort_by": "(created_at|resolved_at)(:asc|:desc)?"}
        | {"include[]": "first_trigger_log_entries|incidents|services"},
    ),
    "List Change Events": Page(
        "GET", "/change_events", PAGING | {"team_ids[]": ID, "integration_ids[]": ID, "since": MOMENT, "until": MOMENT}
    ),
    "List all of the on-calls": Page(
        "GET",
        "/oncalls",
        PAGING
        | SPAN
        | {"include[]": "escalation_policies|schedules|users", "user_ids[]": ID, "escalation_policy_ids[]": ID}
        | {"schedule_ids[]": ID, "earliest": FLAG},
        longest=timedelta(days=90),
    ),
}


def fits(value: Any, shape: Any) -> bool:
    """Whether a body is of this shape: types, words in a text, a range, nested."""
    if isinstance(shape, type):
        return isinstance(value, shape) and not (shape is int and isinstance(value, bool))
    if isinstance(shape, str):
        return isinstance(value, str) and value in shape.split("|")
    if isinstance(shape, tuple):
        return any(value is None if one is None else fits(value, one) for one in shape)
    if isinstance(shape, range):
        return fits(value, int) and value in shape
    if isinstance(shape, list):
        return isinstance(value, list) and bool(value) and all(fits(one, shape[0]) for one in value)
    assert isinstance(shape, Mapping)
    return isinstance(value, Mapping) and all(key in shape and fits(one, shape[key]) for key, one in value.items())


def has(body: Any, required: Sequence[str]) -> bool:
    """Whether the object in the middle of a body has its required fields."""
    while isinstance(body, Mapping) and len(body) == 1 and not set(required) & body.keys():
        body = next(iter(body.values()))
    rows = body if isinstance(body, list) else [body]
    return all(set(required) <= row.keys() for row in rows)


def page_of(asked: Asked) -> str:
    """The title of the page that describes a request; what no page describes fails the test."""
    titles = [
        title for title, page in PAGES.items() if page.method == asked.method and re.fullmatch(page.path, asked.path)
    ]
    assert len(titles) == 1, (asked.method, asked.path, titles)
    return titles[0]


def is_taken(page: Page, name: str, value: str) -> bool:
    """Whether the reference knows the parameter, and takes this value."""
    return name in page.parameters and re.fullmatch(page.parameters[name], value) is not None


def held_to_its_page(asked: Asked) -> str:
    """Check a request against its page; its title."""
    title = page_of(asked)
    page = PAGES[title]
    for name, value in asked.query.items():
        assert is_taken(page, name, value), (title, name, value)
    assert page.takes_span(asked.query), (title, dict(asked.query))
    assert asked.headers["Accept"] == ACCEPT
    assert asked.headers["Authorization"] == f"Token token={TOKEN}"
    assert asked.headers["User-Agent"]
    if page.body is None:
        assert asked.body is None
    else:
        assert asked.headers["From"] == EMAIL, "required on every page of a change"
        assert asked.headers["Content-Type"] == "application/json"
        assert fits(asked.body, page.body), (title, asked.body)
        assert has(asked.body, page.required), (title, asked.body)
    return title
