"""The filter is text while it is typed, and the list shows what it says; sorting keeps the cursor on its alert."""

import threading

import pytest
from textual.content import Content
from textual.geometry import Region
from textual.visual import VisualType
from textual.widgets import Input, Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.query import Order
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.widgets.alert_table import AlertTable
from oncall_tui.ui.widgets.detail_pane import DetailPane
from oncall_tui.ui.widgets.lines import Heading
from tests.ui.desk import at_desk
from tests.unit.builders import PAGERDUTY, alert, before, record

ROWS = [
    alert(record(PAGERDUTY, "Q1", title="queue above 100", service="worker", severity=Severity.P1, since=before(9))),
    alert(record(PAGERDUTY, "Q2", title="disk nearly full", service="redis", severity=Severity.P2, since=before(5))),
    alert(record(PAGERDUTY, "Q3", title="api latency", service="api", severity=Severity.P3, since=before(1))),
]


@pytest.mark.parametrize("view", ["1", "2"])
async def test_letters_typed_into_the_filter_are_text_and_not_commands(view: str) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", view, "slash", *"aeqjMsRPbT", "space", "1", "slash", "question_mark", "colon")
        field = desk.view.query_one("#filter", Input)
        assert field.value == "aeqjMsRPbT 1/?:"
        assert desk.rooms.sent == []
        assert desk.app.is_running
        assert desk.rooms.monitor.refreshed == 0
        assert len(desk.app.screen_stack) == 1


async def test_the_list_follows_while_it_is_typed() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"disk")
        assert [one.id for one in desk.alerts.rows] == ["pagerduty/Q2"]
        assert desk.alerts.cursor_id == "pagerduty/Q2"
        assert "1 match disk" in desk.text()


async def test_a_heading_that_says_something_else_lays_nothing_out_anew() -> None:
    async with at_desk(*ROWS) as desk:
        heading = desk.view.query_one("#alerts-heading", Heading)
        laid_out: list[bool] = []
        refresh = heading.refresh

        def noting(*regions: Region, layout: bool = False, **options: bool) -> Heading:
            laid_out.append(layout)
            return refresh(*regions, layout=layout, **options)

        heading.refresh = noting  # type: ignore[method-assign]
        heading.tell(Content("two of them"))
        heading.tell(Content("two of them"))
        await desk.settle()
        assert laid_out == [False]
        assert "two of them" in desk.text()


async def test_details_that_stay_are_not_laid_out_with_every_letter() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"dis")
        told = desk.view.query_one(DetailPane).query_one(Static)
        updated: list[object] = []
        update = told.update

        def noting(content: VisualType = "", *, layout: bool = True) -> None:
            updated.append(content)
            update(content, layout=layout)

        told.update = noting  # type: ignore[method-assign]
        await desk.press("k")
        assert desk.alerts.cursor_id == "pagerduty/Q2"
        assert updated == []
        await desk.press(*["backspace"] * 4, *"queue")
        assert desk.alerts.cursor_id == "pagerduty/Q1"
        assert updated != []
        assert "queue above 100" in str(told.content)


async def test_fields_narrow_the_list() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"sev<=2 -service:worker age>2m")
        assert [one.id for one in desk.alerts.rows] == ["pagerduty/Q2"]


async def test_environments_are_told_apart_when_there_are_several_and_only_then() -> None:
    def at(number: int, environment: str) -> Alert:
        return alert(record(PAGERDUTY, f"Q{number}", title=f"slow {number}", environment=environment))

    async with at_desk(at(1, "production"), at(2, "prod")) as desk:
        await desk.press("2")
        assert "prod" not in desk.row("slow 1")
        await desk.show(at(1, "production"), at(2, "staging"), at(3, ""))
        desk.view.redraw_rows()
        await desk.settle()
        assert "prod slow 1" in desk.row("slow 1")
        assert "stg slow 2" in desk.row("slow 2")
        assert "prod" not in desk.row("slow 3")
        await desk.press("slash", *"service:api env:prod")
        assert [one.id for one in desk.alerts.rows] == ["pagerduty/Q1"]


async def test_what_makes_no_sense_is_told_while_it_is_typed_and_hides_nothing() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"sev:9")
        assert "sev:9: severities are 1 to 5, or P1 to P5" in desk.text()
        assert len(desk.alerts.rows) == 3
        await desk.press("backspace", "1")
        assert "1 match sev:1" in desk.text()


async def test_enter_keeps_the_filter_and_gives_the_keys_back() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"api", "enter")
        assert not desk.view.query_one("#filter").display
        await desk.press("a")
        assert desk.rooms.ids_sent == [["pagerduty/Q3"]]
        assert desk.alerts.filter_text == "api"


async def test_escape_in_the_filter_clears_it() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"api", "escape")
        assert len(desk.alerts.rows) == 3
        assert desk.alerts.has_focus
        assert desk.mode == "alerts"


async def test_escape_after_enter_clears_it_and_only_then_leaves() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"api", "enter", "escape")
        assert (len(desk.alerts.rows), desk.mode) == (3, "alerts")
        await desk.press("escape")
        assert desk.mode == "overview"


async def test_a_filter_without_a_match_says_so_and_nothing_can_be_acted_on() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"zzz", "enter", "a", "space", "o", "y", "M")
        assert "No alert matches zzz" in desk.text()
        assert desk.rooms.sent == []


async def test_a_filter_holds_over_a_refresh() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "G", "slash", *"api", "enter")
        another = alert(record(PAGERDUTY, "Q9", title="api errors", severity=Severity.P1))
        await desk.show(another, *ROWS)
        assert [one.id for one in desk.alerts.rows] == ["pagerduty/Q9", "pagerduty/Q3"]
        assert desk.alerts.cursor_id == "pagerduty/Q3"


async def test_what_the_filter_hides_stays_marked_and_every_question_says_so() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "M", "slash", *"api", "enter")
        assert "3 marked, 2 hidden" in desk.text()
        await desk.press("a")
        assert "Acknowledge these 3 alerts?" in desk.text()
        assert "The filter hides 2 of these alerts." in desk.text()
        assert all(title in desk.text() for title in ("queue above 100", "disk nearly full", "api latency"))
        await desk.press("y")
        assert desk.rooms.ids_sent == [["pagerduty/Q3", "pagerduty/Q1", "pagerduty/Q2"]], "the shown ones first"


@pytest.mark.parametrize("key_pressed", ["x", "z", "n"])
async def test_a_form_says_which_of_its_alerts_are_hidden_too(key_pressed: str) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "M", "slash", *"api", "enter", "M", key_pressed)
        assert "The filter hides 2 of these alerts." in desk.text()
        await desk.press("escape", "U", key_pressed)
        assert "The filter hides" not in desk.text()


async def test_mark_all_marks_what_the_filter_shows() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", "minus", *"api", "enter", "M")
        assert desk.alerts.marked == {"pagerduty/Q1", "pagerduty/Q2"}


async def test_slash_on_the_overview_filters_in_the_list_of_alerts() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("slash", *"disk", "enter")
        assert desk.mode == "alerts"
        assert [one.id for one in desk.alerts.rows] == ["pagerduty/Q2"]


@pytest.mark.parametrize("brackets", ["[", "[/", "[bold]x", "[@click=app.quit]x[/]"])
async def test_brackets_in_the_filter_are_text(brackets: str) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash")
        desk.view.query_one("#filter", Input).value = brackets
        await desk.settle()
        assert f"No alert matches {brackets}" in desk.text()


async def test_s_sorts_by_the_next_order_and_the_cursor_stays() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "j")
        orders = []
        for _ in range(7):
            await desk.press("s")
            orders.append((desk.alerts.order, "".join(one.id[-1] for one in desk.alerts.rows)))
            assert desk.alerts.cursor_id == "pagerduty/Q2"
        assert orders == [
            ("status", "123"),
            ("age", "321"),
            ("service", "321"),
            ("title", "321"),
            ("source", "123"),
            ("remark", "123"),
            ("severity", "123"),
        ]


async def test_d_turns_the_order_round_and_the_next_order_is_the_usual_way_again() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "d")
        assert "by severity, reversed" in desk.text()
        assert [one.id[-1] for one in desk.alerts.rows] == ["3", "2", "1"]
        await desk.press("s", "s")
        assert "by age" in desk.text()
        assert "reversed" not in desk.text()


async def test_a_click_on_a_heading_sorts_and_another_one_turns_the_order_round() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2")
        for words, arrow, ids in (("by service", "↓service", "321"), ("by service, reversed", "↑service", "123")):
            line = desk.text().splitlines()[desk.alerts.region.y]
            await desk.pilot.click(AlertTable, offset=(line.index("service"), 0))
            await desk.settle()
            assert words in desk.text()
            assert arrow in desk.text()
            assert "".join(one.id[-1] for one in desk.alerts.rows) == ids
        assert desk.alerts.cursor_id == "pagerduty/Q1", "nothing but the order"


@pytest.mark.parametrize("order", list(Order))
async def test_every_order_is_offered_by_the_palette(order: Order) -> None:
    async with at_desk(*ROWS) as desk:
        desk.app.action_command(f"sort.{order.value}")
        await desk.settle()
        assert desk.alerts.order == order


async def test_the_order_is_told_when_it_is_not_the_usual_one() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2")
        assert "by severity" not in desk.text()
        for order in ("status", "age", "service", "title"):
            await desk.press("s")
            assert f"by {order}" in desk.text()


@pytest.mark.parametrize(("key_pressed", "words"), [("slash", "can be filtered"), ("s", "can be sorted")])
async def test_deployments_are_neither_filtered_nor_sorted_and_it_says_so(key_pressed: str, words: str) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("5", key_pressed)
        assert desk.mode == "deployments"
        assert any(words in toast for toast in desk.toasts())


async def test_the_thread_that_reads_for_the_filter_ends_with_the_screen() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "slash", *"disk")
        reading = [one for one in threading.enumerate() if one.name.startswith("filter-")]
        assert reading
    for one in reading:
        one.join(10)
    assert not any(one.is_alive() for one in reading)
