"""Merge: the incident that stays is chosen among those of the same account, and the others become part of it."""

from oncall_tui.domain.action import Merge
from tests.ui.desk import FakeRooms, at_desk
from tests.ui.test_paging import by_palette, choices
from tests.unit.builders import PAGERDUTY, PROMETHEUS, alert, before, record

PAGED = alert(record(PAGERDUTY, "Q1", title="[b]paged[/]", since=before(9)))
OTHER = alert(record(PAGERDUTY, "Q2", title="other", since=before(8)), record(PROMETHEUS, "f2"))
THIRD = alert(record(PAGERDUTY, "Q3", title="third", since=before(7)))
RULE = alert(record(PROMETHEUS, "f1", title="rule", since=before(6)))


async def test_what_is_marked_becomes_part_of_the_one_that_is_chosen() -> None:
    async with at_desk(PAGED, OTHER, THIRD, RULE, rooms=FakeRooms()) as desk:
        await desk.press("2", "M")
        await by_palette(desk, "merge")
        told = desk.text()
        assert "Merge these 3 alerts into" in told
        assert "esc cancel   ↑ ↓ pgup pgdn move" in told
        assert "PagerDuty cannot undo that" in told
        assert "1 marked alert is left alone" in told
        assert [one.rpartition("  ")[2] for one in choices(desk)] == ["Q1", "Q2", "Q3"]
        assert "[b]paged[/]" in choices(desk)[0]
        await desk.press(*"third", "enter")
        await desk.answer()
        assert desk.rooms.actions == [Merge("Q3")]
        assert desk.rooms.ids_sent == [[PAGED.id, OTHER.id]], "the one that stays is not merged into itself"
        assert [one.id for one in desk.view.selected_alerts()] == [RULE.id], "what could not be done stays marked"


async def test_alone_it_is_offered_every_other_and_without_one_says_so() -> None:
    async with at_desk(PAGED, OTHER, RULE, rooms=FakeRooms()) as desk:
        await desk.press("2")
        await by_palette(desk, "merge")
        assert [one.rpartition("  ")[2] for one in choices(desk)] == ["Q2"]
        await desk.press("escape")
        assert desk.rooms.actions == []
        await desk.show(PAGED, RULE)
        await by_palette(desk, "merge")
        assert "There is no other incident of the same account that is open." in desk.toasts()[-1]
