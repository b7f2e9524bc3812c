"""What has become of alerts since somebody began to decide about them."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.situation import Situation, SourceState

_NAMED = 2
"""So many changes have a line of their own: what is asked must stay in sight."""


def since_then(targets: Sequence[Alert], situation: Situation) -> Content:
    """What is another than it was at the key press; empty when all alerts are as they were."""
    lines = [f"“{alert.headline}” {text}" for alert in targets for text in _changes(alert, situation)]
    if len(lines) > _NAMED:
        lines = [*lines[:_NAMED], f"and {len(lines) - _NAMED} more changes"]
    return Content("\n").join([Content.assemble(("Meanwhile: ", "bold $warning"), (one, "$warning")) for one in lines])


def _changes(before: Alert, situation: Situation) -> Iterator[str]:
    now = situation.alert(before.id)
    if now is None:
        if _could_tell(before, situation):
            yield "is over: nobody tells of it any more"
        return
    if now.status is not before.status or now.acknowledged_by != before.acknowledged_by:
        by = {Status.ACKNOWLEDGED: now.acknowledged_by, Status.SILENCED: _muted_by(now)}.get(now.status)
        yield f"is {now.status.value} now{f' by {by}' if by else ''}"
    elif _is_muted(now) and not _is_muted(before):
        # A pager's word on an alert rules over that of Alertmanager: its state stays what it was.
        yield f"is silenced now{f' by {_muted_by(now)}' if _muted_by(now) else ''}"
    elif _is_muted(before) and not _is_muted(now):
        yield "is silenced no more"
    if now.severity is not before.severity:
        yield f"is {now.severity.name} now"


def _is_muted(alert: Alert) -> bool:
    return any(one.silence_ids for one in alert.records)


def _muted_by(alert: Alert) -> str | None:
    """Who silenced it, where it is silenced and that is known."""
    return next((one.silenced_by for one in alert.records if one.silence_ids and one.silenced_by), None)


def _could_tell(alert: Alert, situation: Situation) -> bool:
    """Whether the sources that told of it answer: one that fails says nothing about what is over."""
    answering = {one.source for one in situation.freshness if one.state in (SourceState.OK, SourceState.EMPTY)}
    return all(record.source in answering for record in alert.records)
