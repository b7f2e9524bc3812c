"""Which alerts are news, and whether the engineer is on call: pure, from two pictures."""

from collections.abc import Sequence

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation


def new_alerts(before: Situation, after: Situation, least: Severity) -> Sequence[Alert]:
    """The firing alerts of ``after`` of at least this severity that are news since ``before``, in their order.

    News is what nobody told before, what has become worse, and what fires now but was pending, silenced or acknowledged
    before. What a source tells with its first answer is none: it was there before the screen was. Neither is an alert
    that another source picks up.
    """
    loud = (one for one in after.alerts if one.status is Status.FIRING and one.severity <= least)
    answered = {one.source for one in before.freshness if one.fetched_at is not None}
    return [one for one in loud if _is_news(one, before, answered)]


def _is_news(alert: Alert, before: Situation, answered: set[SourceName]) -> bool:
    if before.alert(alert.id) is alert:
        return False  # The same alert, nothing of which has changed: so it is with nearly all of ten thousand.
    was = [known for record in alert.records if (known := before.alert(record.ref)) is not None]
    if not was:
        return any(record.source in answered for record in alert.records)
    if any(record.source not in answered for record in alert.records if before.alert(record.ref) is None):
        return False
    return not any(one.status is Status.FIRING and one.severity <= alert.severity for one in was)


def knows_me(situation: Situation) -> bool:
    """Whether the picture shows that the sources know whose screen this is: a shift or an alert that is theirs."""
    return any(one.is_me for one in situation.on_call) or any(one.is_mine for one in situation.alerts)


def is_on_call(situation: Situation) -> bool | None:
    """Whether the user of this screen is on call; None when nobody tells who is, or what was told is old."""
    now = situation.taken_at
    told = [one for one in situation.on_call if one.until is None or one.until > now]
    pagers = [one for one in situation.freshness if one.kind.value == "pagerduty"]
    if not told or any(one.is_stale(now) for one in pagers):
        return None
    return any(one.is_me for one in told)
