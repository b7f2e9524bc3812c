"""People and the past for tests of the screen."""

from dataclasses import replace
from datetime import timedelta

from oncall_tui.domain.history import Ending, Firing, History, PastNote
from oncall_tui.domain.pages import Notification, PageLog
from oncall_tui.domain.situation import OnCall, Policy, Situation
from tests.unit.builders import NOW, PAGERDUTY, before, freshness

HOUR = timedelta(hours=1)


def shift(user: str, since: float, until: float, *, level: int = 1, policy: str = "Pay", is_me: bool = False) -> OnCall:
    """A shift in hours from now."""
    begin, end = NOW + since * HOUR, NOW + until * HOUR
    return OnCall(user, policy, level, end, since=begin, policy_id=policy, is_me=is_me)


SHIFTS = (
    shift("Me", -20, 6.75, is_me=True),
    shift("Ben", 6.75, 30),
    shift("Cy", -20, 31, level=2),
    shift("Dora", 4, 14, policy="Partners"),
)
POLICIES = (Policy("Pay", "Pay", 2), Policy("Partners", "Partners", 1), Policy("Old", "Old", 1, is_used=False))


def staffed(generation: int = 1) -> Situation:
    """Me until 09:00, then Ben; nobody for the partners until 06:14."""
    return replace(
        Situation(generation, NOW, freshness=(freshness(PAGERDUTY),)),
        on_call=tuple(one for one in SHIFTS if one.is_current(NOW)),
        shifts=SHIFTS,
        policies=POLICIES,
        my_next=shift("Me", 400, 500, is_me=True),
        unattended=("Partners",),
        on_call_at=before(3),
    )


def log(since_days: float = 20, *, trouble: str = "", is_me_known: bool = True) -> PageLog:
    """Three pages two days ago, one of them mine, at night and twice notified; one yesterday by day."""
    two, one = NOW - 48 * HOUR, NOW - 10 * HOUR
    calls = (
        Notification("A", two, "Me", is_me=True),
        Notification("A", two + HOUR, "Me", is_me=True),
        Notification("B", two + 8 * HOUR, "Ben"),
        Notification("C", two + 9 * HOUR, "Ben"),
        Notification("D", one, "Ben"),
    )
    return PageLog(NOW - since_days * 24 * HOUR, NOW, calls, trouble, is_me_known)


PAST = History(
    NOW - 720 * HOUR,
    NOW,
    (
        Firing(
            "Q1",
            "5xx above 1 %",
            NOW - 50 * HOUR,
            NOW - 50 * HOUR + timedelta(minutes=14),
            Ending.BY_SOMEBODY,
            "Ana",
            PastNote("rolled back v2.40.8", "Ana", NOW - 49 * HOUR),
            4711,
        ),
        Firing("Q0", "5xx above 1 %", NOW - 500 * HOUR, NOW - 499 * HOUR, Ending.BY_ITSELF, number=4702),
    ),
)
