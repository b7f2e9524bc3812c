"""An incident that somebody declares. Source: "Create an Incident" of the REST API v2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..catalogue import Person, Service
from .changes import priority_name
from .core import PagerDuty
from .errors import Refusal, invalid
from .model import Incident


def declared(core: PagerDuty, body: Any, by: Person) -> Incident:
    """Open the incident of `POST /incidents`.

    Raises:
        Refusal: 400 for what is missing or unknown, and for the key of an incident that is open on the service.
    """
    row = body.get("incident") if isinstance(body, dict) else None
    if not isinstance(row, dict) or row.get("type") != "incident":
        raise invalid("Incident must be an object of type incident")
    title = row.get("title")
    if not isinstance(title, str) or not title.strip():
        raise invalid("Title cannot be empty")
    if row.get("urgency", "high") not in ("high", "low"):
        raise invalid("Urgency must be high or low")
    service = _service(core, row)
    key = str(row.get("incident_key") or "")
    if key and any(_is_the_same(one, service, key) for one in core.incidents.values()):
        raise Refusal(
            400, 2002, "Arguments Caused Error", "Open incident with matching dedup key already exists on this service"
        )
    return core.declare(
        title,
        service,
        by,
        key=key,
        priority=priority_name(core, row.get("priority")),
        urgency=row.get("urgency"),
        details=_details(row),
    )


def _service(core: PagerDuty, row: Mapping[str, Any]) -> Service:
    reference = row.get("service")
    found = core.directory.service(service_id=str(reference.get("id"))) if isinstance(reference, dict) else None
    if found is None:
        raise invalid("Service not found")
    return found


def _is_the_same(incident: Incident, service: Service, key: str) -> bool:
    return incident.is_open and incident.service is service and incident.key == key


def _details(row: Mapping[str, Any]) -> str:
    body = row.get("body")
    if body is None:
        return ""
    if not isinstance(body, dict) or body.get("type") != "incident_body":
        raise invalid("Body must be of type incident_body")
    return str(body.get("details") or "")
