"""The banner in one sentence: how everything is, and why, from alerts, services and the state of the sources."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.service import Health, Service, health_of_severity, health_rank, worst_health
from oncall_tui.domain.situation import Freshness, SourceState, Verdict

_NAMED = 2


def verdict_of(
    alerts: Sequence[Alert], services: Sequence[Service], freshness: Iterable[Freshness], now: datetime
) -> Verdict:
    """UP, DEGRADED, DOWN or UNKNOWN with the reason in words (requirement D1-01).

    DOWN on a P1 alert or a service that is down, DEGRADED on P2 or P3. What is known to be bad is said even while a
    source fails; without anything bad, a source that failed, is stale or has not answered gives UNKNOWN.
    """
    loud = [alert for alert in alerts if alert.status in (Status.FIRING, Status.ACKNOWLEDGED)]
    healths = [health_of_severity(alert.severity) for alert in loud] + [service.health for service in services]
    silent = [one for one in freshness if one.state is SourceState.WAITING or one.is_stale(now)]
    health = worst_health(healths) if healths else Health.UP
    if silent and health is Health.UP:
        return Verdict(Health.UNKNOWN, _silence(silent))
    if not healths and not _measures_health(freshness):
        return Verdict(Health.UNKNOWN, "no source measures health yet")
    reason = _reason(health, loud, services)
    return Verdict(health, f"{reason}  {_silence(silent)}" if silent else reason)


def _measures_health(freshness: Iterable[Freshness]) -> bool:
    """Whether any source has answered at all: an empty screen of a source that works is good news."""
    return any(one.state in (SourceState.OK, SourceState.EMPTY) for one in freshness)


def _reason(health: Health, alerts: Sequence[Alert], services: Sequence[Service]) -> str:
    """What gives the verdict first: the alert when it is worse than any service, then the services, then the rest."""
    fine = sum(service.health is Health.UP for service in services)
    tail = f"{_count(fine, 'service')} {'is' if fine == 1 else 'are'} fine." if fine else ""
    if health is Health.UP:
        return tail or "Nothing is shouting."
    parts = [_worst_alert(health, alerts), _worst_services(services)]
    if any(service.health is health for service in services):
        parts.reverse()
    return "  ".join(part for part in (*parts, tail) if part)


def _worst_services(services: Sequence[Service]) -> str:
    """The worst services with what is wrong, the others counted."""
    bad = sorted((one for one in services if one.health is not Health.UP), key=lambda one: -health_rank(one.health))
    named = "  ".join(f"{one.name}: {' and '.join(one.troubles[:2]) or one.health.value}." for one in bad[:_NAMED])
    rest = len(bad) - _NAMED
    return f"{named}  {_count(rest, 'more service')} not well." if rest > 0 else named


def _worst_alert(health: Health, alerts: Sequence[Alert]) -> str:
    """The worst alert that by itself gives the verdict."""
    worst = [alert for alert in alerts if health_of_severity(alert.severity) is health]
    if not worst:
        return ""
    first = min(worst, key=lambda alert: (alert.severity, alert.since))
    where = f"{first.service}: " if first.service else ""
    return f"{first.severity.name} {where}{first.headline.rstrip('.')}."


def _silence(silent: Sequence[Freshness]) -> str:
    """Which sources do not tell, in words."""
    waiting = [one.source for one in silent if one.state is SourceState.WAITING]
    old = [one.source for one in silent if one.state is not SourceState.WAITING]
    parts = [f"{', '.join(old)} {'does' if len(old) == 1 else 'do'} not answer"] if old else []
    parts += [f"waiting for {', '.join(waiting)}"] if waiting else []
    return "; ".join(parts) + "."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
