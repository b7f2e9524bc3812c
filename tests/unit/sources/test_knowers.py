"""Which source is asked about the past of an alert, and whom all of them called."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import pytest

from oncall_tui.domain.alert import JoinRule
from oncall_tui.domain.history import History
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.pages import Notification, PageLog
from oncall_tui.sources.base import Source
from oncall_tui.sources.errors import Refused
from oncall_tui.sources.knowers import KnowsHistory, KnowsPages, history_from, pages_from
from tests.unit.builders import NOW, PAGERDUTY, PROMETHEUS, alert, key, record


class Pager:
    """One that remembers."""

    def __init__(self, name: str = "pagerduty", days: int = 20) -> None:
        self.name = SourceName(name)
        self.log = PageLog(NOW - timedelta(days=days), NOW, (Notification(name, NOW),))
        self.asked: list[tuple[str, Sequence[str]]] = []

    async def history_of(self, vendor_id: str, keys: Sequence[str] = ()) -> History:
        self.asked.append((vendor_id, keys))
        return History(NOW, NOW)

    async def pages_since(self, since: datetime) -> PageLog:
        return self.log


class Deaf:
    name = PROMETHEUS


def sources(*given: object) -> list[Source]:
    return cast("list[Source]", list(given))


async def test_the_pager_that_holds_the_alert_is_asked_with_its_keys() -> None:
    keys = (key("b", JoinRule.DEDUP_KEY), key("a", JoinRule.DEDUP_KEY), key("f"))
    one = alert(record(PROMETHEUS, "m"), record(PAGERDUTY, "Q1", keys=keys))
    pager, other = Pager(), Pager("pagerduty-eu")
    assert isinstance(pager, KnowsHistory) and isinstance(pager, KnowsPages)
    await history_from(sources(Deaf(), other, pager), one)
    assert (pager.asked, other.asked) == ([("Q1", ["a", "b"])], [])


async def test_what_no_pager_holds_has_no_history() -> None:
    with pytest.raises(Refused, match="No pager holds this alert"):
        await history_from(sources(Deaf(), Pager()), alert(record(PROMETHEUS, "m")))


async def test_the_pages_of_all_pagers_are_counted_together() -> None:
    log = await pages_from(sources(Pager(), Deaf(), Pager("pagerduty-eu", days=3)), NOW)
    assert [one.incident for one in log.notifications] == ["pagerduty", "pagerduty-eu"]
    assert log.since == NOW - timedelta(days=3)
    with pytest.raises(Refused, match="no such source is configured"):
        await pages_from(sources(Deaf()), NOW)
