"""Groups of alerts: their lines, what is folded, and that no act ever hits what is not under the cursor."""

from datetime import timedelta

import pytest

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.widgets.detail_pane import DetailPane
from tests.ui.desk import Clock, Desk, at_desk
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, before, record


def one(number: int, service: str, severity: Severity = Severity.P3, status: Status = Status.FIRING) -> Alert:
    return alert(
        record(
            PAGERDUTY,
            f"Q{number}",
            title=f"trouble {number}",
            service=service,
            severity=severity,
            status=status,
            since=before(number),
            name=f"Rule{number % 2}",
            labels={"cluster": f"c{number % 3}"},
        )
    )


ROWS = [
    one(1, "api", Severity.P1),
    one(2, "redis", Severity.P2),
    one(3, "api"),
    one(4, "api", status=Status.ACKNOWLEDGED),
    one(5, "redis"),
]


def drawn(desk: Desk) -> list[str]:
    """The list as it is drawn: a row by its title, a group by its line."""
    region = desk.alerts.region
    lines = [line[region.x : region.right].strip("┃▌ ") for line in desk.text().splitlines()[region.y + 1 :]]
    shown = [line for line in lines[: region.height - 1] if line]
    return [f"trouble {line.split('trouble ')[1][0]}" if "trouble" in line else line for line in shown]


async def test_the_key_line_says_what_enter_does_on_the_line_of_a_group_and_names_one_key_for_it() -> None:
    async with at_desk(*ROWS, size=(160, 45)) as desk:
        await desk.press("2", "t", "g")
        assert "enter fold" in key_line(desk)
        assert key_line(desk).count("fold") == 1
        await desk.press("j")
        assert "enter open" in key_line(desk) and "c fold" in key_line(desk)
        await desk.press("k", "tab")
        assert isinstance(desk.view.focused, DetailPane)
        assert "enter open" in key_line(desk), "from the details of a group it gives them the room"


def key_line(desk: Desk) -> str:
    return desk.text().splitlines()[-1]


async def test_t_groups_and_each_line_tells_of_its_group() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t")
        assert drawn(desk) == [
            "P1 ▾ api  3: 1 P1, 2 P3  oldest 4m  2 not acknowledged",
            "trouble 1",
            "trouble 3",
            "trouble 4",
            "P2 ▾ redis  2: 1 P2, 1 P3  oldest 5m  2 not acknowledged",
            "trouble 2",
            "trouble 5",
        ]
        assert "grouped by service" in desk.text()


async def test_every_part_has_its_turn_and_then_there_are_no_groups() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2")
        told = []
        for _ in range(6):
            await desk.press("t")
            told.append((desk.alerts.grouping, sum("▾" in line for line in drawn(desk))))
        assert told == [("service", 2), ("alert", 2), ("cluster", 3), ("source", 1), ("env", 1), ("", 0)]


async def test_what_has_no_such_part_stands_together_and_says_so() -> None:
    async with at_desk(alert(record(PAGERDUTY, "Q1", service=""))) as desk:
        await desk.press("2", "t")
        assert "▾ without service" in desk.text()


@pytest.mark.parametrize("keys", [["c"], ["left"], ["enter"]], ids=str)
async def test_a_group_is_folded_and_unfolded_from_its_line(keys: list[str]) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "g", *keys)
        assert [line[:8] for line in drawn(desk)] == ["P1 ▸ api", "P2 ▾ red", "trouble ", "trouble "]
        assert desk.alerts.cursor_id is None
        await desk.press("right" if keys == ["left"] else keys[0])
        assert len(drawn(desk)) == 7


async def test_folding_from_a_row_puts_the_cursor_on_the_line_of_its_group() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "g", "j", "j", "c")
        section = desk.alerts.cursor_section
        assert section is not None
        assert (section.title, len(section.rows)) == ("api", 3)
        assert len(desk.alerts.rows) == 5, "what is folded is still in the list"


async def test_all_are_folded_and_unfolded() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "C")
        assert len(drawn(desk)) == 2
        await desk.show(*ROWS, one(6, "new"))
        assert len(drawn(desk)) == 3, "a group that comes is folded as the others are"
        await desk.press("g", "c", "C")
        assert len(drawn(desk)) == 3, "one was open, so all are folded"
        await desk.press("C")
        assert len(drawn(desk)) == 9


@pytest.mark.parametrize("key_pressed", ["a", "x", "z", "n", "e", "S", "y"])
async def test_no_act_is_done_on_the_line_of_a_group_and_the_way_out_is_told(key_pressed: str) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "g", key_pressed)
        assert desk.rooms.sent == []
        assert len(desk.app.screen_stack) == 1
        assert any("on a group of 3, not on an alert: space marks what is in it" in one for one in desk.toasts())


async def test_space_on_a_group_marks_what_is_in_it_and_an_act_lists_that() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "g", "c", "space")
        assert "3 marked" in drawn(desk)[0]
        await desk.press("a")
        assert "Acknowledge these 3 alerts?" in desk.text()
        assert "The filter hides" not in desk.text(), "folded is not hidden"
        await desk.press("y")
        assert desk.rooms.ids_sent == [["pagerduty/Q1", "pagerduty/Q3", "pagerduty/Q4"]]


async def test_space_again_takes_the_marks_of_the_group_away_and_of_no_other() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "G", "space", "g", "space", "space")
        assert desk.alerts.marked == {"pagerduty/Q5"}


async def test_a_range_takes_folded_groups_as_a_whole_and_open_ones_by_their_rows() -> None:
    rows = [*ROWS, one(6, "web")]
    async with at_desk(*rows) as desk:
        await desk.press("2", "t", "g", "j", "j", "space")
        await desk.press("j", "c", "j", "V")
        assert desk.alerts.marked == {"pagerduty/Q3", "pagerduty/Q4", "pagerduty/Q2", "pagerduty/Q5"}
        assert desk.alerts.cursor_section is not None, "an open group that the range ends on gives nothing"


async def test_cursor_and_fold_stay_through_a_refresh_and_a_filter_and_an_order() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "g", "c", "G")
        assert desk.alerts.cursor_id == "pagerduty/Q5"
        await desk.show(one(9, "first", Severity.P1), *ROWS)
        assert desk.alerts.cursor_id == "pagerduty/Q5"
        await desk.press("d")
        assert desk.alerts.cursor_id == "pagerduty/Q5"
        await desk.press("slash", *"trouble", "enter")
        assert desk.alerts.cursor_id == "pagerduty/Q5"
        assert [line[:8] for line in drawn(desk) if "▸" in line] == ["P1 ▸ api"]


async def test_a_row_that_comes_under_the_cursor_when_its_group_goes_is_not_acted_on_at_once() -> None:
    clock = Clock()
    rows = [one(1, "api", Severity.P1), one(2, "redis", Severity.P2), one(5, "redis")]
    async with at_desk(*rows, clock=clock) as desk:
        await desk.press("2", "t", "j", "j")
        section = desk.alerts.cursor_section
        assert section is not None
        assert section.title == "redis"
        await desk.show(rows[0], one(7, "api"))
        assert desk.alerts.cursor_id == "pagerduty/Q7"
        await desk.press("a")
        assert desk.rooms.sent == []
        clock.forward(timedelta(seconds=2))
        await desk.press("a")
        assert desk.rooms.ids_sent == [["pagerduty/Q7"]]


async def test_a_row_that_moves_into_a_folded_group_leaves_the_cursor_on_the_line_of_that() -> None:
    moving = alert(record(ALERTMANAGER, "f1", title="trouble 9", service="redis", severity=Severity.P1))
    async with at_desk(moving, *ROWS[:1], *ROWS[2:4]) as desk:
        await desk.press("2", "t", "G", "c", "g", "j")
        assert desk.alerts.cursor_id == "alertmanager/f1"
        moved = alert(record(ALERTMANAGER, "f1", title="trouble 9", service="api", severity=Severity.P1))
        await desk.show(*ROWS[:1], *ROWS[2:4], moved)
        section = desk.alerts.cursor_section
        assert section is not None
        assert section.title == "api"


async def test_to_open_an_alert_from_the_overview_unfolds_its_group() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "C", "1", "j", "enter")
        assert desk.mode == "alerts"
        assert desk.alerts.cursor_id == "pagerduty/Q2"


async def test_groups_on_the_overview_are_folded_by_enter_too() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("t", "g", "enter")
        assert desk.mode == "overview"
        assert "▸ api" in desk.text()


async def test_the_details_tell_of_the_group_under_the_cursor() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "g")
        assert "3 alerts with the same service" in desk.text()
        assert "space marks them all, enter folds the group or unfolds it." in desk.text()


async def test_jump_mode_goes_to_the_lines_of_groups_too() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "t", "f")
        labels = {key: label for key, label in desk.alerts._labels.items() if "redis" in key}
        assert len(labels) == 1
        await desk.press(*labels.popitem()[1])
        section = desk.alerts.cursor_section
        assert section is not None
        assert section.title == "redis"


async def test_without_groups_there_is_nothing_to_fold_and_it_says_so() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "c", "left", "right")
        assert any("There is no group here: t groups the alerts." in one for one in desk.toasts())
        assert len(drawn(desk)) == 5


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_chosen_order_and_groups_are_told_at_every_size(size: tuple[int, int]) -> None:
    async with at_desk(*ROWS, size=size) as desk:
        await desk.press("2", "t", "s", "s", "d")
        assert "by age, reversed, grouped by service" in desk.text()


async def test_a_heading_gives_up_its_counts_when_the_terminal_becomes_narrow() -> None:
    async with at_desk(*ROWS, size=(160, 45)) as desk:
        await desk.press("2", "t", "s", "s", "d", "slash", *"rou", "enter")
        assert "4 not acknowledged" in desk.text()
        await desk.pilot.resize_terminal(80, 24)
        await desk.settle()
        heading = desk.text().splitlines()[1]
        assert heading.split("  ")[-1].strip() == "by age, reversed, grouped by service"
        assert "not acknowledged" not in heading
