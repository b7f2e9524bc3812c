"""Commands that do more about an alert than acknowledge it: each opens a form, and does nothing before its answer.

What a form needs is loaded when it opens: this module is loaded before the first paint.
"""

from abc import abstractmethod
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.verb import Verb
from oncall_tui.ui.acts import these
from oncall_tui.ui.commands.about_alerts import AboutAlerts
from oncall_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from textual.content import Content

    from oncall_tui.domain.action import Assign, Note, Snooze
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.screens.forms import Form

_LONGEST_SNOOZE = timedelta(days=7)


class _Acts(AboutAlerts):
    """A command whose form needs to know nothing but the alerts."""

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None]:
        from oncall_tui.ui.present import dialogs

        # Not an async function: the targets are taken at the key press, not when the event loop comes to it.
        targets, others = self.targets(app)

        def form(ready: Sequence[Alert]) -> "Form":
            return self.form(ready, dialogs.targets(self.verb, ready, app.now(), others))

        return app.acting.propose(targets, form)

    @abstractmethod
    def form(self, targets: Sequence[Alert], body: "Content") -> "Form":
        """What is asked; ``body`` lists the targets."""


class ResolveAlert(_Acts):
    """Resolve: say that it is over, and what ended it.

    PagerDuty is told where it holds the alert, and the sentence is written as a note as well; Sentry otherwise.
    """

    id = "alert.resolve"
    key = "x"
    label = "resolve"
    palette = "alert: resolve"
    missing = "Only what PagerDuty or Sentry holds can be resolved."
    verb = Verb.RESOLVE

    def form(self, targets: Sequence[Alert], body: "Content") -> "Form":
        from oncall_tui.domain.action import Resolve
        from oncall_tui.ui.screens.forms import Field, Form

        is_of_sentry = all(one.kind is not SourceKind.PAGERDUTY for alert in targets for one in alert.records)
        later = [("until a later release shows it again", Resolve(in_next_release=True))] if is_of_sentry else []
        return Form(
            f"Resolve {these(targets)}?",
            body,
            "resolve",
            targets=targets,
            choices=[("for good", Resolve()), *later] if is_of_sentry else (),
            field=None if is_of_sentry else Field("what ended it (may be left empty)", Resolve),
        )


class SnoozeAlert(_Acts):
    """Snooze: acknowledge for a while; PagerDuty pages again after it."""

    id = "alert.snooze"
    key = "z"
    label = "snooze"
    palette = "alert: snooze"
    missing = "Only what PagerDuty holds can be snoozed."
    verb = Verb.SNOOZE

    def form(self, targets: Sequence[Alert], body: "Content") -> "Form":
        from oncall_tui.domain.action import Snooze
        from oncall_tui.domain.durations import DurationError, parse_duration
        from oncall_tui.ui.screens.forms import BadEntry, Field, Form

        def read(text: str) -> "Snooze":
            try:
                span = parse_duration(text)
            except DurationError:
                raise BadEntry("Write a span of time such as 45m, 2h or 1d12h.") from None
            if not timedelta(seconds=1) <= span <= _LONGEST_SNOOZE:
                raise BadEntry("PagerDuty snoozes for a second to seven days.")
            return Snooze(span)

        spans = (("15 minutes", 15), ("1 hour", 60), ("4 hours", 240), ("12 hours", 720))
        return Form(
            f"Snooze {these(targets)}?",
            body,
            "snooze",
            targets=targets,
            choices=[(words, Snooze(timedelta(minutes=minutes))) for words, minutes in spans],
            field=Field("or another time: 45m, 2h, 1d12h", read),
        )


class WriteNote(_Acts):
    """Write a note where the others read it.

    Without a pager it stays in the journal of this screen.
    """

    id = "alert.note"
    key = "n"
    label = "note"
    palette = "alert: write a note"
    missing = "Select an alert first."
    verb = Verb.NOTE

    def takes(self, alert: Alert) -> bool:
        return True

    def form(self, targets: Sequence[Alert], body: "Content") -> "Form":
        from oncall_tui.domain.action import Note
        from oncall_tui.ui.screens.forms import BadEntry, Field, Form

        def read(text: str) -> "Note":
            if not text:
                raise BadEntry("Write something, or leave with esc.")
            return Note(text)

        return Form(
            f"Note on {these(targets)}",
            body,
            "write",
            targets=targets,
            field=Field("what the others should know", read),
        )


class ArchiveIssue(_Acts):
    """Archive the Sentry issue until it escalates, or for a while."""

    id = "alert.archive"
    key = ""
    label = "archive"
    palette = "alert: archive the Sentry issue"
    missing = "Only a Sentry issue can be archived."
    verb = Verb.ARCHIVE

    def form(self, targets: Sequence[Alert], body: "Content") -> "Form":
        from oncall_tui.domain.action import Archive
        from oncall_tui.ui.screens.forms import Form

        spans = (("for 1 hour", 1), ("for a day", 24), ("for a week", 168))
        return Form(
            f"Archive {these(targets)}?",
            body,
            "archive",
            targets=targets,
            choices=[
                ("until it escalates", Archive()),
                *((words, Archive(timedelta(hours=hours))) for words, hours in spans),
            ],
        )


class AssignIssue(_Acts):
    """Give the Sentry issue to somebody."""

    id = "alert.assign"
    key = ""
    label = "assign"
    palette = "alert: assign the Sentry issue"
    missing = "Only a Sentry issue can be assigned."
    verb = Verb.ASSIGN

    def form(self, targets: Sequence[Alert], body: "Content") -> "Form":
        from oncall_tui.domain.action import Assign
        from oncall_tui.ui.screens.forms import BadEntry, Field, Form

        def read(text: str) -> "Assign":
            if not text:
                raise BadEntry("Write a user name, an e-mail address or team:slug.")
            return Assign(text)

        return Form(
            f"Assign {these(targets)}",
            body,
            "assign",
            targets=targets,
            field=Field("user name, e-mail or team:slug", read),
        )


VERB_COMMANDS: tuple[type[Command], ...] = (ResolveAlert, SnoozeAlert, WriteNote, ArchiveIssue, AssignIssue)
