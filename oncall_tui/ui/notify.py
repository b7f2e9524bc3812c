"""Tells of alerts beyond the screen: the terminal's bell, the desktop behind it, and a program of the user's."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from oncall_tui.config.severities import parse_threshold
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.durations import parse_duration
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.notify_rules import is_on_call, knows_me, new_alerts
from oncall_tui.ui.notify_text import in_words, protocol_for, sequence
from oncall_tui.ui.to_terminal import ring, send

if TYPE_CHECKING:
    from oncall_tui.config.quiet import QuietHours
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.notify_again import Reminder
    from oncall_tui.ui.notify_hook import Hook
    from oncall_tui.ui.notify_quiet import Held


class Notifier:
    """Tells what is new and bad enough, once for all that a picture brings; and of a P1 again until it is answered."""

    def __init__(self, app: "OncallApp", hook: "Hook | None" = None) -> None:
        self._app = app
        self._hook = hook
        self._settings = settings = app.config.notify
        self._bell = parse_threshold(settings.bell)
        self._desktop = parse_threshold(settings.desktop)
        thresholds = (self._bell, self._desktop, hook.severity if hook is not None else None)
        self._widest = max((one for one in thresholds if one is not None), default=None)
        self._knows_me = False

    def announce(self, before: Situation, after: Situation) -> None:
        """Tell what ``after`` has that ``before`` had not."""
        if self._widest is not None and not self._is_off_duty(after):
            self._tell(new_alerts(before, after, self._widest))

    def tick(self) -> None:
        """Tell again of what nobody answers, when it is time, and of what quiet hours held back once they are over."""
        app = self._app
        if self._settings.quiet and self._held:
            self._tell_of_quiet_hours(app.now())
        due = self._reminder.due(app.situation, app.now(), app.acting.acts.all_of) if self._reminder is not None else ()
        if due and not self._is_off_duty(app.situation):
            self._tell(due, is_again=True)

    def close(self) -> None:
        """The screen is closed."""
        if self._hook is not None:
            self._hook.close()

    def _tell(self, alerts: Sequence[Alert], *, is_again: bool = False) -> None:
        least = self._least_severity(self._app.now()) if alerts else None
        if self._settings.quiet and not is_again:
            self._held.hold(alerts, least)
        if _at_least(alerts, self._bell, least):
            ring(self._app)
        if shown := _at_least(alerts, self._desktop, least):
            self._show(shown, is_again)
        if self._hook is not None and (told := _at_least(alerts, self._hook.severity, least)):
            self._hook.tell(told, self._fail, environment=self._app.environment, is_again=is_again)

    def _tell_of_quiet_hours(self, now: datetime) -> None:
        """One summary by every way; whoever is off duty by then reads it on the screen only."""
        from oncall_tui.ui.notify_quiet import summary

        app, situation = self._app, self._app.situation
        held = self._held.released(self._least_severity(now))
        if not held:
            return
        app.say(summary(held, situation), title="Quiet hours")
        if self._is_off_duty(situation):
            return
        if _at_least(held, self._bell, Severity.P5):
            ring(app)
        if shown := _at_least(held, self._desktop, Severity.P5):
            self._send(summary(shown, situation))
        if self._hook is not None and (told := _at_least(held, self._hook.severity, Severity.P5)):
            self._hook.tell_of_quiet_hours(told, situation, self._fail, environment=app.environment)

    def _show(self, alerts: Sequence[Alert], is_again: bool) -> None:
        self._send(in_words(alerts, is_again=is_again))

    def _send(self, words: str) -> None:
        protocol = protocol_for(self._settings.protocol, self._app.terminal)
        if protocol is not None:
            send(self._app, sequence(protocol, words, self._app.terminal, self._app.environment))

    def _fail(self, words: str) -> None:
        self._app.say(words, title="notify.command", is_bad=True)

    # What few configurations ask for is loaded when it is first needed: every module costs the first paint.

    @cached_property
    def _quiet(self) -> "tuple[QuietHours, ...]":
        from oncall_tui.config.quiet import quiet_hours

        return quiet_hours(self._settings.quiet)

    @cached_property
    def _held(self) -> "Held":
        from oncall_tui.ui.notify_quiet import Held

        return Held()

    @cached_property
    def _reminder(self) -> "Reminder | None":
        if self._settings.repeat is None:
            return None
        from oncall_tui.ui.notify_again import Reminder

        return Reminder(parse_duration(self._settings.repeat))

    def _least_severity(self, now: datetime) -> Severity | None:
        if not self._settings.quiet:
            return Severity.P5
        from oncall_tui.config.quiet import least_severity

        return least_severity(self._quiet, now)

    def _is_off_duty(self, situation: Situation) -> bool:
        """Whether nobody wants to be told now. In doubt one is: a bell too many costs less than a missed page."""
        if not self._settings.only_on_call:
            return False
        self._knows_me = self._knows_me or knows_me(situation)
        return self._knows_me and is_on_call(situation) is False


def _at_least(alerts: Sequence[Alert], threshold: Severity | None, least: Severity | None) -> Sequence[Alert]:
    """Those that are severe enough for both; none when either lets nothing through."""
    if threshold is None or least is None:
        return ()
    return [one for one in alerts if one.severity <= min(threshold, least)]
