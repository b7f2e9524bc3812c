"""The bodies of dialogs: keys, sources, what a bulk act is about to do."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import age_in_words, clock
from oncall_tui.domain.situation import Freshness, SourceState
from oncall_tui.ui.commands import Command
from oncall_tui.ui.keymap import Keymap
from oncall_tui.ui.present import words


def keys(commands: Iterable[tuple[Command, bool]], keymap: Keymap) -> Content:
    """Every command with its key, by group; what cannot be used now is dim."""
    lines: list[Content] = []
    group = None
    for command, is_available in commands:
        if command.group is not group:
            lines += [Content()] if lines else []
            lines.append(Content.styled(command.group.value.upper(), "bold $dim"))
            group = command.group
        key, text = ("bold $bright", "$foreground") if is_available else ("$dim", "$dim")
        lines.append(Content.assemble((f"{keymap.shown(command.id):>7}  ", key), (command.summary(), text)))
    return Content("\n").join(lines)


def sources(all_sources: Sequence[Freshness], now: datetime) -> Content:
    """Each source: state, age, cost against its budget, warnings, failure with what to do."""
    return Content("\n\n").join([_source(one, now) for one in all_sources])


def _source(one: Freshness, now: datetime) -> Content:
    style = {SourceState.FAILED: "$error", SourceState.WAITING: "$warning", SourceState.PAUSED: "$warning"}
    name = Content.assemble((one.source, "bold $bright"), (f"  {one.kind.value}  ", "$dim"))
    lines = [name + Content.styled(one.state.value, style.get(one.state, "$health-up"))]
    old = one.age(now)
    read = "no data yet"
    if one.fetched_at is not None and old is not None:
        read = f"data of {clock(one.fetched_at, now)}, {age_in_words(old)} old"
    cost = f"{one.requests_per_minute} of {one.budget_per_minute} requests in the last minute"
    lines.append(Content.styled(f"  {read}; polled every {age_in_words(one.interval)}", "$foreground"))
    lines.append(Content.styled(f"  {cost}", "$foreground"))
    lines += [Content.styled(f"  {warning}", "$warning") for warning in one.warnings]
    if one.failure is not None:
        since = f" for {age_in_words(now - one.failing_since)}" if one.failing_since else ""
        lines.append(Content.styled(f"  {one.failure.kind}{since}: {one.failure.message}", "$error"))
        if one.failure.hint:
            lines.append(Content.styled(f"  {one.failure.hint}", "$foreground"))
    return Content("\n").join(lines)


def acknowledge(alerts: Sequence[Alert], now: datetime) -> Content:
    """The rows that a bulk acknowledge is about, each with what would happen to it."""
    lines = [_target(alert, now) for alert in alerts]
    return Content("\n").join(lines)


def _target(alert: Alert, now: datetime) -> Content:
    told = ""
    if alert.acknowledged_by or alert.acknowledged_at:
        ago = f" {age_in_words(now - alert.acknowledged_at)} ago" if alert.acknowledged_at else ""
        told = f"  already acknowledged by {alert.acknowledged_by or 'somebody'}{ago}"
    service = f"  {alert.service:<12} "
    return Content.assemble(words.severity(alert.severity), service, (alert.headline, "$bright"), (told, "$warning"))
