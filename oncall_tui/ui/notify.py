"""Tells of new alerts beyond the screen: the terminal's bell."""

from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Notifier:
    """Rings for what is new and bad."""

    def __init__(self, app: "OncallApp") -> None:
        self._app = app

    def announce(self, before: Situation, after: Situation) -> None:
        """Ring for a P1 or P2 alert of ``after`` that was not there in ``before``."""
        if self._app.config.display.bell and is_worth_a_bell(before, after):
            self._app.bell()


def is_worth_a_bell(before: Situation, after: Situation) -> bool:
    """Whether ``after`` has a firing P1 or P2 alert that is new since ``before``.

    What a source tells with its first answer was there before the screen was: it does not ring. An alert that another
    source picks up is not new either.
    """
    return any(_is_loud(alert) and _is_new(alert, before) for alert in after.alerts)


def _is_loud(alert: Alert) -> bool:
    return alert.status is Status.FIRING and alert.severity <= Severity.P2


def _is_new(alert: Alert, before: Situation) -> bool:
    if any(before.alert(record.ref) is not None for record in alert.records):
        return False
    told = (before.source(record.source) for record in alert.records)
    return any(one is not None and one.fetched_at is not None for one in told)
