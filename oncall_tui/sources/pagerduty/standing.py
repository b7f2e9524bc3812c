"""What the state of an incident says about an action: before it, that nothing is to be sent; after it, that it is done.

Pure. Each function before an action gives None when the action is to be sent. Sources: PagerDuty's API reference,
"Get an incident", "Manage incidents" (200: "All of the updates succeeded").
"""

from collections.abc import Callable

from oncall_tui.domain.pager import EscalationLevel
from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.pagerduty.outcomes import already, assignees, declined, gone, person, unconfirmed
from oncall_tui.sources.pagerduty.read import acknowledgement_of
from oncall_tui.sources.values import JsonObject, first_line, mapping

Before = Callable[[str, JsonObject], ActResult | None]
After = Callable[[str, JsonObject | None], ActResult]

_OPEN = ("triggered", "acknowledged")
_IN_BETWEEN = "It was resolved in the same moment."
_UNCLEAR = "PagerDuty did not say how this incident stands."


def unless_over(vendor_id: str, incident: JsonObject, what: str) -> ActResult | None:
    """For actions on open incidents; ``what`` would open a resolved one again ("a snooze")."""
    status = incident.get("status")
    if status == "resolved":
        return gone(vendor_id, f"It is resolved; {what} would open it again.")
    return None if status in _OPEN else declined(vendor_id, _UNCLEAR)


def before_acknowledge(vendor_id: str, incident: JsonObject) -> ActResult | None:
    """An incident that somebody looks at is left to them."""
    over = unless_over(vendor_id, incident, "an acknowledge")
    acknowledged = acknowledgement_of(incident)
    if over is not None or acknowledged is None:
        return over
    return already(vendor_id, f"Acknowledged by {acknowledged.by} before.", acknowledged.by)


def after_acknowledge(vendor_id: str, incident: JsonObject | None) -> ActResult:
    """It is acknowledged now."""
    acknowledged = acknowledgement_of(mapping(incident))
    by = acknowledged.by if acknowledged is not None else None
    return _done(vendor_id, incident, is_done=acknowledged is not None, by=by)


def before_resolve(vendor_id: str, incident: JsonObject) -> ActResult | None:
    """What is resolved stays so."""
    status = incident.get("status")
    if status == "resolved":
        by = person(incident.get("last_status_change_by"))
        return already(vendor_id, f"Resolved by {by or 'somebody'} before.", by or None)
    return None if status in _OPEN else declined(vendor_id, _UNCLEAR)


def after_resolve(vendor_id: str, incident: JsonObject | None) -> ActResult:
    """It is resolved now."""
    if mapping(incident).get("status") != "resolved":
        return unconfirmed(vendor_id)
    by = person(mapping(incident).get("last_status_change_by"))
    return ActResult(vendor_id, ActOutcome.CONFIRMED, by=by or None)


def before_priority(vendor_id: str, incident: JsonObject, priority: str | None) -> ActResult | None:
    """``priority`` is an id; None takes it away."""
    if incident.get("status") == "resolved":
        return gone(vendor_id, "It is resolved; its priority is left as it is.")
    over = unless_over(vendor_id, incident, "a priority")
    if over is not None or _priority(incident) != priority:
        return over
    name = first_line(mapping(incident.get("priority")).get("name"), mapping(incident.get("priority")).get("summary"))
    return already(vendor_id, f"It is {name} already." if priority else "It has no priority.")


def after_priority(vendor_id: str, incident: JsonObject | None, priority: str | None) -> ActResult:
    """It has this priority now."""
    return _done(vendor_id, incident, is_done="priority" in mapping(incident) and _priority(incident) == priority)


def before_reassign(vendor_id: str, incident: JsonObject, users: frozenset[str]) -> ActResult | None:
    """``users`` are ids."""
    over = unless_over(vendor_id, incident, "another assignment")
    held_by = assignees(incident)
    if over is not None or held_by.keys() != users:
        return over
    names = " and ".join(held_by.values())
    return already(vendor_id, f"{names} had it before.", names)


def after_reassign(vendor_id: str, incident: JsonObject | None, users: frozenset[str]) -> ActResult:
    """They have it now."""
    return _done(vendor_id, incident, is_done=users <= assignees(mapping(incident)).keys())


def before_escalate(vendor_id: str, incident: JsonObject) -> ActResult | None:
    """What is over is not escalated."""
    return unless_over(vendor_id, incident, "an escalation")


def at_level(vendor_id: str, incident: JsonObject, level: EscalationLevel) -> ActResult | None:
    """An incident whose path led it to all the people of this level is there; PagerDuty does not tell the level."""
    held_by = assignees(incident)
    is_there = bool(held_by) and held_by.keys() == {one.id for one in level.people}
    if not is_there or incident.get("assigned_via") == "direct_assignment":
        return None
    names = " and ".join(held_by.values())
    return already(vendor_id, f"It is at level {level.number}: {names} had it before.", names)


def after_escalate(vendor_id: str, incident: JsonObject | None) -> ActResult:
    """PagerDuty answers with the incident and without its level: that it is open must do."""
    return _done(vendor_id, incident, is_done=mapping(incident).get("status") in _OPEN)


def after_snooze(vendor_id: str, incident: JsonObject | None) -> ActResult:
    """It sleeps now, which looks like an acknowledge; the one who acknowledged it may be another than we."""
    return _done(vendor_id, incident, is_done=mapping(incident).get("status") == "acknowledged")


def before_merge(vendor_id: str, incident: JsonObject, into: str) -> ActResult | None:
    """What is over is not merged, unless it is over because it was merged."""
    if incident.get("status") != "resolved":
        return unless_over(vendor_id, incident, "a merge")
    reason = mapping(incident.get("resolve_reason"))
    if mapping(reason.get("incident")).get("id") == into:
        by = person(incident.get("last_status_change_by"))
        return already(vendor_id, f"Merged into it by {by or 'somebody'} before.", by or None)
    return gone(vendor_id, "It is resolved, and stays as it is.")


def _done(vendor_id: str, incident: JsonObject | None, *, is_done: bool, by: str | None = None) -> ActResult:
    """What PagerDuty's answer to a change of an open incident says."""
    if mapping(incident).get("status") == "resolved":
        return gone(vendor_id, _IN_BETWEEN)
    if incident is None or not is_done:
        return unconfirmed(vendor_id)
    return ActResult(vendor_id, ActOutcome.CONFIRMED, by=by)


def _priority(incident: JsonObject | None) -> str | None:
    """The id of an incident's priority; None when it has none."""
    vendor_id = mapping(mapping(incident).get("priority")).get("id")
    return str(vendor_id) if vendor_id else None
