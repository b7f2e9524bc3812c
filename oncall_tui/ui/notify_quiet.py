"""What quiet hours hold back, and the one summary of it when they let it through: pure."""

from collections.abc import Sequence

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean_line
from oncall_tui.ui.notify_text import in_words


class Held:
    """Alerts that nobody was told of."""

    def __init__(self) -> None:
        self._alerts: dict[str, Alert] = {}

    def hold(self, alerts: Sequence[Alert], least: Severity | None) -> None:
        """Keep those that this moment lets nobody hear of."""
        self._alerts |= {one.id: one for one in alerts if least is None or one.severity > least}

    def __bool__(self) -> bool:
        return bool(self._alerts)

    def released(self, least: Severity | None) -> Sequence[Alert]:
        """Those that may be told now, the worst first; they are held no more."""
        free = [one for one in self._alerts.values() if least is not None and one.severity <= least]
        for one in free:
            del self._alerts[one.id]
        return sorted(free, key=lambda one: one.severity)


def as_they_are(alerts: Sequence[Alert], situation: Situation) -> Sequence[Alert]:
    """The alerts as they are now, those that still fire first; one that is gone as it was."""
    now = [situation.alert(one.id) or one for one in alerts]
    return sorted(now, key=lambda one: (not fires(one, situation), one.severity))


def fires(alert: Alert, situation: Situation) -> bool:
    """Whether it is there still and nobody looks at it."""
    known = situation.alert(alert.id)
    return known is not None and known.status is Status.FIRING


def summary(alerts: Sequence[Alert], situation: Situation) -> str:
    """``3 alerts came in quiet hours, 2 still fire: P2 api: Checkout is slow and 2 more``; ``alerts`` are not none."""
    count, open_ones = len(alerts), sum(fires(one, situation) for one in alerts)
    if count == 1:
        state = "it still fires" if open_ones else "it fires no more"
    else:
        verb = "fires" if open_ones == 1 else "fire"
        state = f"{open_ones if open_ones < count else 'all'} still {verb}" if open_ones else "none fires any more"
    noun = "alert" if count == 1 else "alerts"
    return clean_line(f"{count} {noun} came in quiet hours, {state}: {in_words(as_they_are(alerts, situation))}", 400)
