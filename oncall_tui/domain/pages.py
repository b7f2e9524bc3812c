"""Pages per day: how often people were called, nights apart from days. Pure.

A page is an incident that notified somebody, once however often it did (requirement KPI-05, decision D-32); one that
notified two people is one page for the team and one for each of them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from oncall_tui.domain.clocks import in_zone

_NIGHT = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?\s*[-–]\s*([0-9]{1,2})(?::([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Night:
    """The hours in which a page wakes somebody, in local time."""

    begin: time = time(22)
    end: time = time(7)

    def __contains__(self, at: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end

    def __str__(self) -> str:
        """As short as it is written: ``22-07``, ``22:30-06:45``."""
        form = "%H:%M" if self.begin.minute or self.end.minute else "%H"
        return f"{self.begin:{form}}-{self.end:{form}}"


def parse_night(text: str) -> Night:
    """The night that ``22-07`` or ``22:30-06:45`` says. Raises ``ValueError``."""
    found = _NIGHT.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a span of hours such as 22-07")
    hours = [(int(found[one]), int(found[one + 1] or 0)) for one in (1, 3)]
    if hours[0] == hours[1] or any(hour > 23 or minute > 59 for hour, minute in hours):
        raise ValueError("not a span of hours such as 22-07")
    begin, end = (time(*one) for one in hours)
    return Night(begin, end)


@dataclass(frozen=True, slots=True)
class Notification:
    """A pager called somebody about an incident."""

    incident: str
    at: datetime
    user: str = ""
    is_me: bool = False


@dataclass(frozen=True, slots=True)
class PageLog:
    """The notifications of a span of time; of what was before ``since`` nothing is known."""

    since: datetime
    until: datetime
    notifications: tuple[Notification, ...] = ()
    trouble: str = ""
    """Why it does not go as far back as was asked for."""
    is_me_known: bool = True
    """Whether the pager knows who sits before the screen: otherwise nobody's pages are mine."""


def joined(logs: Sequence[PageLog]) -> PageLog:
    """The logs of several pagers as one, which goes back as far as all of them do. ``logs`` is not empty."""
    return PageLog(
        max(one.since for one in logs),
        min(one.until for one in logs),
        tuple(notification for one in logs for notification in one.notifications),
        "; ".join(one.trouble for one in logs if one.trouble),
        all(one.is_me_known for one in logs),
    )


@dataclass(frozen=True, slots=True)
class PageCount:
    """Pages of one span."""

    total: int = 0
    nights: int = 0
    mine: int = 0
    my_nights: int = 0

    def __add__(self, other: "PageCount") -> "PageCount":
        return PageCount(
            self.total + other.total,
            self.nights + other.nights,
            self.mine + other.mine,
            self.my_nights + other.my_nights,
        )


@dataclass(frozen=True, slots=True)
class PageDay:
    """A calendar day of the screen's time zone."""

    day: date
    count: PageCount | None
    """None when it is not known: a day without a page is a zero."""
    is_whole: bool = True
    """Not so for today, which is not over."""


def pages_per_day(log: PageLog, days: int, now: datetime, night: Night) -> tuple[PageDay, ...]:
    """The last ``days`` days in the zone of ``now``, today last."""
    counts = _counts(log.notifications, now, night)
    today = now.date()
    return tuple(_day(today - timedelta(days=back), log, counts, now) for back in reversed(range(days)))


def in_total(days: Iterable[PageDay]) -> PageCount:
    """The pages of all days that are known."""
    return sum((one.count for one in days if one.count is not None), PageCount())


def a_day(days: Sequence[PageDay]) -> float | None:
    """The mean of the days that are known and over, days without a page among them; None when there is none."""
    known = [one.count.total for one in days if one.count is not None and one.is_whole]
    return sum(known) / len(known) if known else None


def worst_day(days: Sequence[PageDay]) -> PageDay | None:
    """The day with the most pages, the latest of several; None when there was no page."""
    paged = [one for one in days if one.count is not None and one.count.total]
    return max(paged, key=lambda one: (one.count.total if one.count else 0, one.day), default=None)


def _day(day: date, log: PageLog, counts: dict[date, PageCount], now: datetime) -> PageDay:
    # Aware once more, not moved: the midnight of that day, whose offset may be another than that of today.
    begin = datetime.combine(day, time(0), now.tzinfo)
    is_known = begin >= log.since
    return PageDay(day, counts.get(day, PageCount()) if is_known else None, is_whole=day != now.date())


def _counts(notifications: Iterable[Notification], now: datetime, night: Night) -> dict[date, PageCount]:
    counts: dict[date, PageCount] = {}
    paged: set[str] = set()
    paged_me: set[str] = set()
    for one in sorted(notifications, key=lambda one: one.at):
        local = in_zone(one.at, now.tzinfo)
        is_night = local.time() in night
        is_page, is_mine = one.incident not in paged, one.is_me and one.incident not in paged_me
        count = PageCount(int(is_page), int(is_page and is_night), int(is_mine), int(is_mine and is_night))
        counts[local.date()] = counts.get(local.date(), PageCount()) + count
        paged.add(one.incident)
        if one.is_me:
            paged_me.add(one.incident)
    return counts
