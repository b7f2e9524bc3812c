"""The verbs: what an engineer does about alerts, and which kind of source can do it."""

from collections.abc import Mapping
from enum import StrEnum

from oncall_tui.domain.alert import SourceKind


class Verb(StrEnum):
    """The verbs, as journals and command lines name them."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    SNOOZE = "snooze"
    NOTE = "note"
    PRIORITY = "priority"
    ESCALATE = "escalate"
    REASSIGN = "reassign"
    MERGE = "merge"
    SILENCE = "silence"
    UNSILENCE = "unsilence"
    ARCHIVE = "archive"
    ASSIGN = "assign"
    CREATE = "create"
    """Of an incident that is not there yet: no alert can be its target."""


VERBS: Mapping[SourceKind, frozenset[Verb]] = {
    SourceKind.PAGERDUTY: frozenset(
        {Verb.ACKNOWLEDGE, Verb.RESOLVE, Verb.SNOOZE, Verb.NOTE, Verb.PRIORITY, Verb.ESCALATE}
        | {Verb.REASSIGN, Verb.MERGE}
    ),
    SourceKind.SENTRY: frozenset({Verb.RESOLVE, Verb.ARCHIVE, Verb.ASSIGN}),
    SourceKind.ALERTMANAGER: frozenset({Verb.SILENCE, Verb.UNSILENCE}),
}
"""What sources of each kind can do: known before one is open."""
