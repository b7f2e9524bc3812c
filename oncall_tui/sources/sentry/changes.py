"""What each verb asks of Sentry, when it is so already, and which answer confirms it. Pure.

Source: Sentry's API reference, "Bulk Mutate an Organization's Issues", "Update an Issue".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall_tui.domain.action import Archive, Assign, Resolve
from oncall_tui.sources.actors import ActOutcome
from oncall_tui.sources.values import JsonObject, first_line, line, mapping, moment

_RESOLVED = ("resolved", "resolvedInNextRelease")
_ARCHIVED = ("ignored", "muted")
_MINUTE = timedelta(minutes=1)
"""What Sentry counts an archive's time in."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An issue that needs no request, and why."""

    outcome: ActOutcome
    reason: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One verb as Sentry takes it."""

    body: JsonObject
    settled: Callable[[JsonObject], Settled | None]
    """What an issue's state says before anything is sent; None when the change is to be made."""
    is_confirmed: Callable[[JsonObject], bool]
    """Whether Sentry's answer, the fields that it changed, says that it was done."""
    missing: str = ""
    """What was asked for and Sentry has no place for, in words; empty when nothing is left out."""


def resolving(action: Resolve) -> Change:
    """A change to resolved, at once or with the next release."""

    def settled(issue: JsonObject) -> Settled | None:
        if not _is_resolved(issue):
            return None
        return Settled(ActOutcome.ALREADY, "It was resolved before.", _by(issue))

    status = "resolvedInNextRelease" if action.in_next_release else "resolved"
    missing = "Sentry keeps no word on what ended it: the message was not sent." if action.resolution.strip() else ""
    return Change({"status": status}, settled, _is_resolved, missing)


def archiving(action: Archive, since: datetime) -> Change:
    """A change to archived: for a time that began at ``since``, else until the issue escalates."""

    def settled(issue: JsonObject) -> Settled | None:
        if _is_resolved(issue):
            return Settled(ActOutcome.GONE, "It is resolved; to archive it would open it again.", _by(issue))
        if issue.get("status") not in _ARCHIVED:
            return None
        until = moment(mapping(issue.get("statusDetails")).get("ignoreUntil"))
        if until is None:
            return Settled(ActOutcome.ALREADY, "It was archived before.", _by(issue))
        if action.duration is not None and until >= since + action.duration - _MINUTE:
            return Settled(ActOutcome.ALREADY, f"It was archived before, until {until:%d %B %H:%M} UTC.", _by(issue))
        return None

    body: dict[str, object] = {"status": "ignored", "substatus": "archived_until_escalating"}
    if action.duration is not None:
        # At least the time that was asked for: Sentry takes whole minutes.
        minutes = -(-action.duration // _MINUTE)
        body = {
            "status": "ignored",
            "statusDetails": {"ignoreDuration": minutes},
            "substatus": "archived_until_condition_met",
        }
    return Change(body, settled, lambda answer: answer.get("status") in _ARCHIVED)


def assigning(action: Assign, to: str) -> Change:
    """A change of who has it. ``to`` is what Sentry takes: ``team:<id>`` where the engineer names a slug."""

    def settled(issue: JsonObject) -> Settled | None:
        if _is_resolved(issue):
            return Settled(ActOutcome.GONE, "It is resolved.", _by(issue))
        assigned = mapping(issue.get("assignedTo"))
        if not to:
            return None if assigned else Settled(ActOutcome.ALREADY, "Nobody has it.")
        if not _is_certainly(assigned, to):
            return None
        name = first_line(assigned.get("name"), assigned.get("email"), to)
        return Settled(ActOutcome.ALREADY, f"{name} has it already.")

    def is_confirmed(answer: JsonObject) -> bool:
        assigned = mapping(answer.get("assignedTo"))
        if not to:
            return "assignedTo" in answer and not assigned
        # Who is behind a name or an e-mail address is Sentry's to say.
        return _is_certainly(assigned, to) if _id_of(to) else assigned.get("type") == "user"

    return Change({"assignedTo": to}, settled, is_confirmed)


def _is_resolved(issue: JsonObject) -> bool:
    return issue.get("status") in _RESOLVED


def _by(issue: JsonObject) -> str | None:
    """Who set the status, where Sentry tells."""
    actor = mapping(mapping(issue.get("statusDetails")).get("actor"))
    return first_line(actor.get("name"), actor.get("email")) or None


def _id_of(to: str) -> tuple[str, str] | None:
    """Kind and id of ``user:7``, ``team:7`` and ``7``; None for a name or an e-mail address."""
    kind, _, number = to.rpartition(":")
    is_id = kind in ("", "user", "team") and number.isascii() and number.isdigit()
    return (kind or "user", number) if is_id else None


def _is_certainly(assigned: JsonObject, to: str) -> bool:
    """Whether the actor is the one that ``to`` names, as far as the actor tells."""
    wanted = _id_of(to)
    if wanted is not None:
        return (assigned.get("type"), str(assigned.get("id"))) == wanted
    named = (line(assigned.get("email")), line(assigned.get("username")))
    return assigned.get("type") == "user" and to.casefold() in [one.casefold() for one in named if one]
