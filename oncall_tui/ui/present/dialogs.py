"""The bodies of dialogs: sources, what a bulk act is about to do."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import age_in_words, clock
from oncall_tui.domain.situation import Freshness, SourceState
from oncall_tui.domain.skew import TOLERATED_S, clock_trouble
from oncall_tui.domain.verb import VERBS, Verb
from oncall_tui.domain.whose import page_of
from oncall_tui.ui.present import troubles, words


def sources(all_sources: Sequence[Freshness], now: datetime, width: int = 0) -> Content:
    """Clocks that disagree; then each source, those that fail first: what is wrong, what to do, age, next try, cost.

    What is said of a source stands below its name; on ``width`` cells its longer lines go on there too.
    """
    notes = [Content.styled(one, "$warning") for one in troubles.clocks(clock_trouble(all_sources))]
    worst_first = sorted(all_sources, key=lambda one: (one.state is not SourceState.FAILED, not one.is_stale(now)))
    return Content("\n\n").join([*notes, *(_indented(_source(one, now), width) for one in worst_first)])


_INDENT = 2


def _indented(lines: Sequence[Content], width: int) -> Content:
    """The first line as it is, the others below it, wrapped to ``width`` cells unless that is 0."""
    name, *said = lines
    room = max(width - _INDENT, 20)
    wrapped = [part for line in said for part in (line.wrap(room) if width else [line])]
    return Content("\n").join([name, *(part.pad_left(_INDENT) for part in wrapped)])


def _source(one: Freshness, now: datetime) -> list[Content]:
    """Its name and state; then line by line what is to say of it."""
    style = {SourceState.FAILED: "$error", SourceState.WAITING: "$warning", SourceState.PAUSED: "$warning"}
    kind = "" if one.source == one.kind.value else f"  {one.kind.value}"
    name = Content.assemble((one.source, "bold $bright"), (f"{kind}  ", "$dim"))
    is_old = one.is_stale(now) and one.state in (SourceState.OK, SourceState.EMPTY)
    state = (
        ("outdated" if one.is_outdated else "old", "$warning")
        if is_old
        else (one.state.value, style.get(one.state, "$health-up"))
    )
    lines = [name + Content.styled(*state)]
    if one.failure is not None:
        since = f", since {clock(one.failing_since, now)}" if one.failing_since is not None else ""
        lines.append(Content.styled(f"{troubles.failing(one, now)}{since}", "$error"))
        lines += [Content.styled(text, "$foreground") for text in (troubles.reason(one), one.failure.hint) if text]
    lines.append(Content.assemble(_data(one, now), (f"; polled every {age_in_words(one.interval)}", "$dim")))
    plan = troubles.next_try(one, now)
    cost = f"{one.requests_per_minute} of {one.budget_per_minute} requests in the last minute"
    is_late = one.state is SourceState.FAILED or one.is_outdated
    lines.append(words.joined([Content.styled(plan, "$bright" if is_late else "$foreground"), _dim(cost)]))
    lines += [Content.styled(warning, "$warning") for warning in one.warnings]
    if one.skew is not None and _NOTABLE_S <= abs(one.skew) <= TOLERATED_S:
        side = "ahead of" if one.skew > 0 else "behind"
        lines.append(_dim(f"its clock is {abs(one.skew):.0f} s {side} ours"))
    return lines


_NOTABLE_S = 5.0
"""Seconds from which it is told how far a clock is off; from a minute on it is a warning of the source."""


def _data(one: Freshness, now: datetime) -> Content:
    old = one.age(now)
    if one.fetched_at is None or old is None:
        return Content.styled("no data yet", "$foreground")
    style = "$warning" if one.is_stale(now) else "$foreground"
    return Content.styled(f"data of {clock(one.fetched_at, now)}, {age_in_words(old)} old", style)


def _dim(text: str) -> Content:
    return Content.styled(text, "$dim")


def acknowledge(alerts: Sequence[Alert], now: datetime) -> Content:
    """The rows that a bulk acknowledge is about, under the pager that is told of them; last those nobody is told of.

    Of more rows than fit on a screen all of that is said first.
    """
    by_pager: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_pager.setdefault(_sources_asked(Verb.ACKNOWLEDGE, alert), []).append(alert)
    groups = [
        (_told_of(names, len(rows)), rows)
        for names, rows in sorted(by_pager.items(), key=lambda one: (not one[0], one[0]))
    ]
    parts = [Content("\n").join([told, *(_target(alert, now) for alert in rows)]) for told, rows in groups]
    if len(groups) > 1 and len(alerts) > _IN_SIGHT:
        parts.insert(0, Content("\n").join([told for told, _ in groups]))
    return Content("\n\n").join(parts)


_IN_SIGHT = 8
"""Rows of a question on a small terminal."""


def _told_of(names: str, count: int) -> Content:
    """The pagers that are told of some alerts, or that nobody is."""
    alerts = "1 alert" if count == 1 else f"{count} alerts"
    if names:
        return Content.assemble((f"→ {names}", "bold $bright"), (f"  {alerts}", "$dim"))
    reaches, it = ("reaches", "it") if count == 1 else ("reach", "them")
    return Content.styled(f"→ here only  {alerts} {reaches} nobody: no pager holds {it}", "$warning")


def targets(verb: Verb, alerts: Sequence[Alert], now: datetime, others: int = 0) -> Content:
    """The rows that an act is about, each with the sources that would be asked; ``others`` cannot be acted on so."""
    lines = [_target(alert, now) + _asked(verb, alert) for alert in alerts]
    if others:
        left = "1 marked alert is" if others == 1 else f"{others} marked alerts are"
        lines.append(Content.styled(f"{left} left alone: it cannot be done there.", "$warning"))
    return Content("\n").join(lines)


def _asked(verb: Verb, alert: Alert) -> Content:
    return Content.styled(f"  → {_sources_asked(verb, alert) or 'the journal only'}", "$dim")


def _sources_asked(verb: Verb, alert: Alert) -> str:
    """Where it would be done: the first kind of source that can (``response.responder``); empty without one."""
    able = [one for one in alert.records if verb in VERBS.get(one.kind, ())]
    return ", ".join(dict.fromkeys(one.source for one in able if one.kind is able[0].kind))


def _target(alert: Alert, now: datetime) -> Content:
    told = ""
    if alert.acknowledged_by or alert.acknowledged_at:
        ago = f" {age_in_words(now - alert.acknowledged_at)} ago" if alert.acknowledged_at else ""
        told = f"  already acknowledged by {alert.acknowledged_by or 'somebody'}{ago}"
    elif alert.held_by_others:
        told = f"  {page_of(alert.held_by_others)}"
    service = f"  {alert.service:<12} "
    return Content.assemble(words.severity(alert.severity), service, (alert.headline, "$bright"), (told, "$warning"))
