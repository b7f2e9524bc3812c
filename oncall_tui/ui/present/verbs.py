"""Verbs in words: while they are under way, and once they are done."""

from oncall_tui.domain.verb import Verb

DOING = {
    Verb.ACKNOWLEDGE: "acknowledging",
    Verb.RESOLVE: "resolving",
    Verb.SNOOZE: "snoozing",
    Verb.NOTE: "writing the note",
    Verb.PRIORITY: "changing the priority",
    Verb.ESCALATE: "escalating",
    Verb.REASSIGN: "reassigning",
    Verb.MERGE: "merging",
    Verb.SILENCE: "silencing",
    Verb.UNSILENCE: "ending the silence",
    Verb.ARCHIVE: "archiving",
    Verb.ASSIGN: "assigning",
    Verb.CREATE: "creating",
}
"""As on the row of an alert: ``snoozing …``."""

DONE = {
    Verb.ACKNOWLEDGE: "acknowledged",
    Verb.RESOLVE: "resolved",
    Verb.SNOOZE: "snoozed",
    Verb.NOTE: "noted",
    Verb.PRIORITY: "given a priority",
    Verb.ESCALATE: "escalated",
    Verb.REASSIGN: "reassigned",
    Verb.MERGE: "merged",
    Verb.SILENCE: "silenced",
    Verb.UNSILENCE: "unsilenced",
    Verb.ARCHIVE: "archived",
    Verb.ASSIGN: "assigned",
    Verb.CREATE: "created",
}
"""As in a message: ``3 alerts snoozed``, ``not snoozed: …``."""
