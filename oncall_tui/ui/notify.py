"""Tells of new alerts beyond the screen: the terminal's bell, and a notification on the desktop behind it."""

from typing import TYPE_CHECKING

from oncall_tui.config.severities import parse_threshold
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.notify_rules import is_on_call, knows_me, new_alerts
from oncall_tui.ui.notify_text import in_words, protocol_for, sequence
from oncall_tui.ui.to_terminal import ring, send

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Notifier:
    """Rings and notifies for what is new and bad enough: once for all that one picture brings."""

    def __init__(self, app: "OncallApp") -> None:
        self._app = app
        self._settings = app.config.notify
        self._bell = parse_threshold(self._settings.bell)
        self._desktop = parse_threshold(self._settings.desktop)
        self._knows_me = False

    def announce(self, before: Situation, after: Situation) -> None:
        """Tell what ``after`` has that ``before`` had not."""
        thresholds = [one for one in (self._bell, self._desktop) if one is not None]
        if self._is_off_duty(after) or not thresholds:
            return
        news = new_alerts(before, after, max(thresholds))
        if self._bell is not None and any(one.severity <= self._bell for one in news):
            ring(self._app)
        if self._desktop is None:
            return
        shown = [one for one in news if one.severity <= self._desktop]
        protocol = protocol_for(self._settings.protocol, self._app.terminal)
        if shown and protocol is not None:
            send(self._app, sequence(protocol, in_words(shown), self._app.terminal, self._app.environment))

    def _is_off_duty(self, situation: Situation) -> bool:
        """Whether nobody wants to be told now. In doubt one is: a bell too many costs less than a missed page."""
        if not self._settings.only_on_call:
            return False
        self._knows_me = self._knows_me or knows_me(situation)
        return self._knows_me and is_on_call(situation) is False
