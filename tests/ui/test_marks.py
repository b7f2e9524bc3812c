"""Marks for an act on many: ranges, all that is shown, the others; they outlive filters and are always counted."""

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.severity import Severity
from tests.ui.desk import at_desk
from tests.unit.builders import PAGERDUTY, alert, before, record


def alerts(count: int, first: int = 0, severity: Severity = Severity.P3) -> list[Alert]:
    return [
        alert(record(PAGERDUTY, f"Q{n}", title=f"trouble {n}", severity=severity, since=before(100 - n)))
        for n in range(first, first + count)
    ]


def ids(*numbers: int) -> set[str]:
    return {f"pagerduty/Q{number}" for number in numbers}


async def test_a_range_goes_from_the_last_mark_to_the_cursor_either_way() -> None:
    async with at_desk(*alerts(9)) as desk:
        await desk.press("2", "j", "space", "j", "j", "V")
        assert desk.alerts.marked == ids(1, 2, 3, 4)
        assert "4 marked" in desk.text()
        await desk.press("G", "space", "k", "k", "V")
        assert desk.alerts.marked == ids(1, 2, 3, 4, 6, 7, 8)


async def test_a_range_goes_on_from_where_the_last_one_ended() -> None:
    async with at_desk(*alerts(9)) as desk:
        await desk.press("2", "space", "j", "V", "j", "j", "V")
        assert desk.alerts.marked == ids(0, 1, 2, 3, 4)


async def test_without_a_mark_to_begin_at_nothing_is_marked_and_it_says_so() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "V")
        assert desk.alerts.marked == frozenset()
        assert any("There is no mark to begin at: space sets one." in one for one in desk.toasts())
        await desk.press("space", "k", "space", "j", "V")
        assert desk.alerts.marked == frozenset(), "a mark that was taken away begins nothing"


async def test_a_range_begins_at_the_alert_that_was_marked_wherever_a_refresh_has_put_it() -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", "j", "space")
        await desk.show(*alerts(3, 100, Severity.P1), *alerts(5))
        await desk.press("G", "V")
        assert desk.alerts.marked == ids(1, 2, 3, 4)


async def test_a_range_from_what_the_filter_hides_is_refused() -> None:
    async with at_desk(*alerts(12)) as desk:
        await desk.press("2", "space", "slash", *"trouble 1", "enter", "G", "V")
        assert desk.alerts.marked == ids(0)
        assert any("There is no mark to begin at" in one for one in desk.toasts())


async def test_all_that_the_filter_shows_is_marked_beside_what_was_marked() -> None:
    async with at_desk(*alerts(12)) as desk:
        await desk.press("2", "space", "slash", *"trouble 1", "enter", "M")
        assert desk.alerts.marked == ids(0, 1, 10, 11)
        assert "4 marked, 1 hidden" in desk.text()
        await desk.press("M")
        assert desk.alerts.marked == ids(0), "those that are shown"


async def test_the_others_are_marked_instead() -> None:
    async with at_desk(*alerts(4)) as desk:
        await desk.press("2", "space", "space", "I")
        assert desk.alerts.marked == ids(2, 3)
        await desk.press("slash", *"id=q3", "enter", "I")
        assert desk.alerts.marked == ids(2), "what is hidden keeps its mark"


async def test_all_marks_are_taken_away_those_of_hidden_alerts_too() -> None:
    async with at_desk(*alerts(12)) as desk:
        await desk.press("2", "M", "slash", *"trouble 1", "enter", "U")
        assert desk.alerts.marked == frozenset()
        assert "marked" not in desk.text()
        await desk.press("U")
        assert any("Nothing is marked." in one for one in desk.toasts())


async def test_marks_of_hidden_alerts_go_when_the_alerts_do() -> None:
    rows = alerts(3)
    async with at_desk(*rows) as desk:
        await desk.press("2", "M", "slash", *"trouble 2", "enter")
        await desk.show(*rows[1:])
        assert desk.alerts.marked == ids(1, 2)
        assert "2 marked, 1 hidden" in desk.text()


async def test_what_is_done_is_not_marked_any_more_though_it_was_hidden() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "M", "slash", *"trouble 2", "enter", "a", "y")
        assert len(desk.rooms.ids_sent[0]) == 3
        assert desk.alerts.marked == frozenset()
