"""From the ids that somebody has written to the alerts and records that are meant."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from oncall_tui.domain.action import Action, Merge
from oncall_tui.domain.alert import Alert, Record, Status
from oncall_tui.domain.ids import AlertId, record_ref
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Failure, Freshness, Situation, SourceState
from oncall_tui.domain.verb import Verb
from oncall_tui.response.following import Following
from oncall_tui.response.intent import can_wait
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.responder import Responder
from oncall_tui.sources.errors import RateLimited, TimedOut, Unreachable

OUT_OF_REACH = frozenset(error.kind for error in (RateLimited, TimedOut, Unreachable))
"""Failures of a poll that pass by themselves."""


async def act_by_id(
    responder: Responder,
    situation: Situation,
    action: Action,
    targets: Sequence[str],
    following: Following | None = None,
) -> list[ActReport]:
    """Have ``action`` done to what ``targets`` name in ``situation``; one report for each, in their order.

    ``following`` hears of those that are sent as they have their results.
    """
    named = {
        target: alerts_named(situation, target) or _unseen(responder, situation, action, target) for target in targets
    }
    groups: dict[AlertId, list[str]] = {}
    for target, alerts in named.items():
        if len(alerts) == 1:
            groups.setdefault(alerts[0].id, []).append(target)
    found = [_narrowed(responder, action.verb, named[group[0]][0], group) for group in groups.values()]
    if isinstance(action, Merge):
        reports = await _merge(responder, situation, action, found, following)
    else:
        reports = await responder.act(action, found, following)
    by_id = {one.alert_id: one for one in reports}
    return [
        by_id[alerts[0].id] if len(alerts) == 1 else _not_sent(situation, action.verb, target, alerts)
        for target, alerts in named.items()
    ]


async def _merge(
    responder: Responder, situation: Situation, action: Merge, alerts: Sequence[Alert], following: Following | None
) -> list[ActReport]:
    """Merge into the incident that ``action.into`` names; only incidents of the same account can be."""
    into = alerts_named(situation, action.into)
    held = responder.records_for(Verb.MERGE, into[0]) if len(into) == 1 else ()
    if not held:
        reason = f"nothing was sent: {action.into} names no incident that others can be merged into"
        return [ActReport(one.id, one.title, Outcome.FAILED, reason, verb=Verb.MERGE) for one in alerts]
    target = next((one for one in held if action.into in (one.ref, one.id)), held[0])
    movable, reports = [], []
    for alert in alerts:
        records = tuple(one for one in alert.records if one.source == target.source and one.ref != target.ref)
        if records:
            movable.append(replace(alert, records=records))
        else:
            reason = f"nothing was sent: it is no other incident of {target.source}, where {target.id} is"
            reports.append(ActReport(alert.id, alert.title, Outcome.FAILED, reason, verb=Verb.MERGE))
    return [*reports, *await responder.act(Merge(target.id), movable, following)]


def _unseen(responder: Responder, situation: Situation, action: Action, target: str) -> tuple[Alert, ...]:
    """The alert that ``target`` names at a pager that is out of reach: what can wait is written down for it.

    A bare id is that of the only source which could know it. That it exists is found out when it is sent.
    """
    if not can_wait(action):
        return ()
    pagers = [one for one in situation.freshness if responder.can(one.source, action.verb)]
    named = [one for one in pagers if target.startswith(f"{one.source}/")] or pagers
    if len(named) != 1 or not _will_pass(named[0].failure):
        return ()
    source, now = named[0], situation.taken_at
    vendor_id = target.removeprefix(f"{source.source}/")
    if "/" in vendor_id:
        return ()
    ref = record_ref(source.source, vendor_id)
    record = Record(source.source, source.kind, vendor_id, ref, target, Severity.P3, Status.FIRING, now)
    return (Alert(AlertId(ref), target, Severity.P3, Status.FIRING, "", now, (record,)),)


def _will_pass(failure: Failure | None) -> bool:
    return failure is not None and (failure.kind in OUT_OF_REACH or failure.is_fault_of_theirs)


def alerts_named(situation: Situation, target: str) -> tuple[Alert, ...]:
    """The alerts that ``target`` names: by id, by the ref of a record, or by the id of a record at its vendor.

    Two accounts of one vendor may hold the same bare id.
    """
    known = situation.alert(target)
    if known is not None:
        return (known,)
    return tuple(alert for alert in situation.alerts if any(record.id == target for record in alert.records))


def _narrowed(responder: Responder, verb: Verb, alert: Alert, targets: Iterable[str]) -> Alert:
    """``alert`` with only the records that ``targets`` name, when each names one that can do what is asked for.

    Who names the Sentry issue of an alert does not mean its page.
    """
    able = [one for one in alert.records if responder.can(one.source, verb)]
    named = [[one for one in able if target in (one.ref, one.id) and target != alert.id] for target in targets]
    if verb is Verb.ACKNOWLEDGE or not all(named):
        return alert
    meant = {one.ref for records in named for one in records}
    return replace(alert, records=tuple(one for one in able if one.ref in meant))


def _not_sent(situation: Situation, verb: Verb, target: str, alerts: Sequence[Alert]) -> ActReport:
    """Why nothing was sent for ``target``, which names no alert, or more than one."""
    if not alerts:
        return _not_found(situation, verb, target)
    ids = ", ".join(alert.id for alert in alerts)
    reason = f"nothing was sent: {len(alerts)} alerts have a record of this id; name one of {ids}"
    return ActReport(AlertId(target), target, Outcome.FAILED, reason, verb=verb)


def _not_found(situation: Situation, verb: Verb, target: str) -> ActReport:
    """Gone, unless a source is silent that may hold it: a pager that does not answer may be paging for it."""
    owner = next((one for one in situation.freshness if target.startswith(f"{one.source}/")), None)
    may_know = situation.freshness if owner is None else (owner,)
    silent = [one for one in may_know if one.state in (SourceState.FAILED, SourceState.WAITING)]
    if not silent:
        reason = "no active alert has this id; `oncall-tui alerts` lists them"
        return ActReport(AlertId(target), target, Outcome.GONE, reason, verb=verb)
    said = " ".join(_silence(one) for one in silent)
    again = "Then try again, or do it at the vendor itself."
    reason = f"nothing was sent, the alert may be active: {said} {again}"
    return ActReport(AlertId(target), target, Outcome.FAILED, reason, verb=verb)


def _silence(source: Freshness) -> str:
    """Why a source tells nothing, and what to do about it."""
    if source.failure is None:
        return f"{source.source} has not answered yet."
    return f"{source.source} did not answer: {source.failure.message} {source.failure.hint}".strip()
