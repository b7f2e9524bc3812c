"""Why a list is empty: nothing there, nothing known yet, or nobody answers. The three are never drawn alike."""

from collections.abc import Collection

from textual.content import Content

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.situation import Situation, SourceState

_DOUBT = "$health-unknown"
_TELL_DEPLOYMENTS = (SourceKind.PAGERDUTY, SourceKind.SENTRY)


def no_alerts(situation: Situation, filter_text: str) -> Content:
    """In place of alerts."""
    if filter_text and situation.alerts:
        return Content.assemble(
            ("No alert matches ", "$dim"), (filter_text, "bold $foreground"), ("  esc clears", "$dim")
        )
    return (
        _unknown(situation)
        or _old(situation, "Nothing was shouting")
        or Content.styled("Nothing is shouting.", "$health-up")
    )


def no_deployments(situation: Situation) -> Content:
    """In place of deployments."""
    if situation.freshness and not any(one.kind in _TELL_DEPLOYMENTS for one in situation.freshness):
        return Content.styled("No source tells of deployments: PagerDuty and Sentry do.", "$dim")
    return (
        _unknown(situation)
        or _old(situation, "No deployment was known", _TELL_DEPLOYMENTS)
        or Content.styled("No deployment in the last days.", "$dim")
    )


def no_services(situation: Situation) -> Content:
    """In place of the service map."""
    if situation.freshness and not any(one.kind is SourceKind.PROMETHEUS for one in situation.freshness):
        return Content.styled("No source tells of services: Prometheus does.", "$dim")
    return _unknown(situation, (SourceKind.PROMETHEUS,)) or Content.styled(
        "No service known yet: they come from Prometheus's `up` metric.", "$dim"
    )


def no_on_call(situation: Situation) -> Content:
    """In place of who is on call."""
    pagers = [one for one in situation.freshness if one.kind is SourceKind.PAGERDUTY]
    if situation.freshness and not pagers:
        return Content.styled("No source tells who is on call: PagerDuty does.", "$dim")
    told = [warning for one in pagers for warning in one.warnings if "on-call" in warning]
    reason = Content.styled(f"Not known: {told[0]}", _DOUBT) if told else None
    return _unknown(situation, (SourceKind.PAGERDUTY,)) or reason or Content.styled("Being read …", "$dim")


def _old(situation: Situation, what: str, kinds: Collection[SourceKind] = tuple(SourceKind)) -> Content | None:
    """What was so when sources last answered that fail now, or whose data is old; None when none is."""
    old = [one for one in situation.freshness if one.kind in kinds and one.is_stale(situation.taken_at)]
    return Content.styled(f"{what} when {', '.join(one.source for one in old)} last answered.", _DOUBT) if old else None


def _unknown(situation: Situation, kinds: Collection[SourceKind] = tuple(SourceKind)) -> Content | None:
    """What is said while a source has not answered; None when all have."""
    silent = [one for one in situation.freshness if one.kind in kinds and one.fetched_at is None]
    failed = [one.source for one in silent if one.state is SourceState.FAILED]
    if failed:
        return Content.styled(f"Not known: {', '.join(failed)} never answered.", _DOUBT)
    waiting = [one.source for one in silent]
    if waiting:
        return Content.styled(f"Waiting for {', '.join(waiting)} …", "$dim")
    return None if situation.freshness else Content.styled("Opening the sources …", "$dim")
