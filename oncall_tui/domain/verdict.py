"""The banner in one sentence: how everything is, and why, from alerts, services and the state of the sources."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.counts import counted
from oncall_tui.domain.environment import are_several
from oncall_tui.domain.service import Health, Service, called, health_of_severity, health_rank, worst_health
from oncall_tui.domain.shouting import LOUD, shouting, urgency
from oncall_tui.domain.situation import Freshness, SourceState, Verdict

_NAMED = 2
_HEARD = ("unauthorised", "rate limited", "refused", "malformed", "no secret")
"""The kinds of ``Failure`` in which the vendor answered, or was not asked."""


def verdict_of(
    alerts: Sequence[Alert], services: Sequence[Service], freshness: Iterable[Freshness], now: datetime
) -> Verdict:
    """UP, DEGRADED, DOWN or UNKNOWN with the reason in words (requirement D1-01).

    DOWN on a P1 alert or a service that is down, DEGRADED on P2 or P3; an alert that is silenced or pending does not
    count. What is known to be bad is said even while a source fails; without anything bad, a source that failed, is
    stale or has not answered gives UNKNOWN, and so does having no source at all. Services are called fine only while
    every source that measures them is heard, and never one that a P1 or P2 is about.
    """
    told = tuple(freshness)
    loud = [alert for alert in alerts if alert.status in LOUD]
    health = worst_health([Health.UP, *(health_of_severity(one.severity) for one in loud), *_healths(services)])
    silent = [one for one in told if one.fetched_at is None or one.is_stale(now)]
    if not told and health is Health.UP:
        return Verdict(Health.UNKNOWN, "no source measures health yet")
    if silent and health is Health.UP:
        return Verdict(Health.UNKNOWN, _silence(silent))
    reason = _reason(health, loud, services, is_measured=all(one.kind is not SourceKind.PROMETHEUS for one in silent))
    return Verdict(health, f"{reason}  {_silence(silent)}" if silent else reason)


def _healths(services: Iterable[Service]) -> Iterable[Health]:
    return (service.health for service in services)


def _reason(health: Health, alerts: Sequence[Alert], services: Sequence[Service], *, is_measured: bool) -> str:
    """What gives the verdict first: the alert when it is worse than any service, then the services, then the rest."""
    loud = shouting(alerts, services)
    up = [service for service in services if service.health is Health.UP and service.id not in loud]
    fine = len(up) if is_measured else 0
    tail = f"{counted(fine, 'service')} {_is(fine)} fine." if fine else ""
    if health is Health.UP:
        minor = f"{counted(len(alerts), 'alert')} below P3." if alerts else ""
        return "  ".join(part for part in (tail, minor) if part) or "Nothing is shouting."
    parts = [_worst_alert(health, alerts, services), _worst_services(services)]
    if any(service.health is health for service in services):
        parts.reverse()
    return "  ".join(part for part in (*parts, tail) if part)


def _worst_services(services: Sequence[Service]) -> str:
    """The worst services with what is wrong, the others counted."""
    bad = sorted((one for one in services if one.health is not Health.UP), key=lambda one: -health_rank(one.health))
    is_told = are_several(one.environment for one in services)
    named = "  ".join(
        f"{called(one, with_environment=is_told)}: {' and '.join(one.troubles[:2]) or one.health.value}."
        for one in bad[:_NAMED]
    )
    rest = len(bad) - _NAMED
    return f"{named}  {counted(rest, 'more service')} {_is(rest)} not well." if rest > 0 else named


def _worst_alert(health: Health, alerts: Sequence[Alert], services: Sequence[Service]) -> str:
    """Of the alerts that by themselves give the verdict the first of the list; empty when it is not theirs."""
    worst = [alert for alert in alerts if health_of_severity(alert.severity) is health]
    if not worst:
        return ""
    first = min(worst, key=urgency)
    # Only where it is of use: the environments of all alerts are too many to look through once more.
    is_told = are_several((*(one.environment for one in worst), *(one.environment for one in services)))
    place = f"{first.service} {first.environment}".strip() if is_told else first.service
    where = f"{place}: " if place else ""
    return f"{first.severity.name} {where}{first.headline.rstrip('.')}."


def _silence(silent: Sequence[Freshness]) -> str:
    """Which sources do not tell, and why, in words."""
    names = {state: [one.source for one in silent if one.state is state] for state in SourceState}
    failed, waiting, paused = (names[one] for one in (SourceState.FAILED, SourceState.WAITING, SourceState.PAUSED))
    old = names[SourceState.OK] + names[SourceState.EMPTY]
    is_heard = any(one.failure is not None and one.failure.kind in _HEARD for one in silent)
    parts = [_failing(failed, is_heard)] if failed else []
    parts += [f"the data of {_and(old)} is old"] if old else []
    parts += [f"waiting for {_and(waiting)}"] if waiting else []
    parts += ["polling is paused"] if paused else []
    return "; ".join(parts) + "."


def _failing(names: Sequence[str], is_heard: bool) -> str:
    """Who refuses our token has answered."""
    do, fail = ("does", "fails") if len(names) == 1 else ("do", "fail")
    return f"{_and(names)} {fail if is_heard else f'{do} not answer'}"


def _and(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
