"""Sources that are fine or fail, and pictures of them."""

from dataclasses import replace

from oncall_tui.domain.situation import (
    Failure,
    Freshness,
    OnCall,
    Situation,
    SourceState,
)
from tests.unit.builders import (
    ALERTMANAGER,
    NOW,
    PAGERDUTY,
    PROMETHEUS,
    SENTRY,
    before,
    freshness,
)

FAILING = replace(
    freshness(SENTRY, SourceState.FAILED, fetched_at=before(4)),
    failing_since=before(3),
    failure=Failure("unreachable", "sentry: no route", "Is the VPN up?"),
)
FINE = tuple(freshness(name) for name in (PROMETHEUS, ALERTMANAGER, PAGERDUTY))
OUTDATED = tuple(replace(one, is_outdated=True) for one in FINE)
ME = OnCall("Ann", "primary", 1, before(-60), is_me=True)


def situation(*sources: Freshness, **rest: object) -> Situation:
    return replace(Situation(1, NOW, freshness=sources), **rest)  # type: ignore[arg-type]
