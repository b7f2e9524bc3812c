"""Jump mode: every place and row has a letter, which goes there and acts on nothing."""

import string

import msgspec
import pytest
from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.jump_screen import Jump
from oncall_tui.ui.marks import views
from oncall_tui.ui.widgets.deployment_table import DeploymentTable
from oncall_tui.ui.widgets.detail_pane import DetailPane
from oncall_tui.ui.widgets.lines import ServiceMap
from tests.ui.desk import SIZES, Desk, at_desk, config_of
from tests.unit.builders import PAGERDUTY, alert, before, deployment, record, service


def alerts(count: int, severity: Severity = Severity.P3, first: int = 0) -> list[Alert]:
    return [
        alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}", severity=severity, since=before(60 - i / 10)))
        for i in range(first, first + count)
    ]


def deployments(count: int = 3) -> list[Deployment]:
    return [deployment(id=f"d{i}", version=f"1.{i}") for i in range(count)]


def labels_of_rows(desk: Desk) -> dict[str, str]:
    """The labels that are drawn in front of rows, by the id of the row."""
    assert isinstance(desk.app.screen, Jump)
    found: dict[str, str] = {}
    for table in desk.app.screen._tables:
        found |= table._labels
    return found


def label_of_place(desk: Desk, kind: type[object]) -> str:
    assert isinstance(desk.app.screen, Jump)
    return next(label for label, place in desk.app.screen._spots if isinstance(place, kind))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_row_in_sight_has_a_label_that_goes_there(size: tuple[int, int]) -> None:
    async with at_desk(*alerts(40), deployments=deployments(), size=size) as desk:
        await desk.press("f")
        labelled = labels_of_rows(desk)
        assert set(labelled) == {one for table in desk.app.screen._tables for one in table.ids_in_sight}  # type: ignore[attr-defined]
        wanted = [one for one in labelled if one.startswith("pagerduty/Q")][-1]
        await desk.press(*labelled[wanted])
        assert not isinstance(desk.app.screen, Jump)
        assert desk.alerts.cursor_id == wanted
        assert desk.rooms.sent == []


async def test_labels_are_drawn_before_their_rows_and_gone_afterwards() -> None:
    async with at_desk(*alerts(3), deployments=deployments()) as desk:
        before_it = [strip.text for strip in map(desk.alerts.render_line, range(5))]
        await desk.press("f")
        label = labels_of_rows(desk)["pagerduty/Q1"]
        assert desk.alerts.render_line(2).text.startswith(f"{label} ")
        await desk.press("escape")
        assert [strip.text for strip in map(desk.alerts.render_line, range(5))] == before_it


async def test_a_label_goes_to_a_row_of_the_other_list() -> None:
    async with at_desk(*alerts(3), deployments=deployments()) as desk:
        await desk.press("f")
        await desk.press(labels_of_rows(desk)["pagerduty/d2"])
        table = desk.view.query_one(DeploymentTable)
        assert table.has_focus
        assert table.cursor_id == "pagerduty/d2"


@pytest.mark.parametrize("kind", [DeploymentTable, ServiceMap, DetailPane])
async def test_a_label_goes_to_a_place(kind: type[DeploymentTable]) -> None:
    async with at_desk(*alerts(3), deployments=deployments(), services=[service()], size=(180, 45)) as desk:
        await desk.press("f")
        await desk.press(label_of_place(desk, kind))
        assert isinstance(desk.app.focused, kind)


async def test_two_letters_where_one_is_not_enough() -> None:
    async with at_desk(*alerts(60), deployments=deployments(), size=(200, 60)) as desk:
        await desk.press("f")
        first, second = tuple(labels_of_rows(desk)["pagerduty/Q20"])
        await desk.press(first)
        left = labels_of_rows(desk)
        assert left["pagerduty/Q20"] == second
        assert 1 < len(left) < 30
        await desk.press(second)
        assert desk.alerts.cursor_id == "pagerduty/Q20"


async def test_a_label_means_its_row_whatever_comes_above_it() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "f")
        label = labels_of_rows(desk)["pagerduty/Q2"]
        await desk.show(*alerts(5, Severity.P1, first=100), *alerts(3))
        line = next(y for y in range(30) if "trouble 02" in desk.alerts.render_line(y).text)
        assert desk.alerts.render_line(line).text.startswith(label), "the label has moved with its row"
        await desk.press(label)
        assert desk.alerts.cursor_id == "pagerduty/Q2"


async def test_a_label_of_a_row_that_is_gone_goes_nowhere() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "f")
        label = labels_of_rows(desk)["pagerduty/Q2"]
        await desk.show(*alerts(2))
        await desk.press(label)
        assert desk.alerts.cursor_id == "pagerduty/Q0"


@pytest.mark.parametrize("key", [*string.ascii_letters, "enter", "space", "escape", "slash", "R", "P", "tab", "f9"])
async def test_no_key_acts_on_anything_in_jump_mode(key: str) -> None:
    async with at_desk(*alerts(12), deployments=deployments()) as desk:
        await desk.press("2", "f")
        await desk.press(key)
        assert desk.rooms.sent == []
        assert desk.rooms.monitor.refreshed == 0
        assert not desk.alerts.marked
        assert not desk.app.clipboard
        assert desk.mode == "alerts"
        assert desk.app.is_running
        assert not isinstance(desk.app.screen, Jump)


async def test_a_letter_typed_right_after_the_key_is_meant_for_the_labels() -> None:
    async with at_desk(*alerts(12)) as desk:
        await desk.press("2")
        await desk.pilot.press("f", "a")
        await desk.settle()
        assert desk.rooms.sent == []
        assert not isinstance(desk.app.screen, Jump)


@pytest.mark.parametrize(("key", "mode"), [("1", "overview"), ("4", "runbooks"), ("5", "deployments")])
async def test_the_keys_of_views_go_there(key: str, mode: str) -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "f")
        assert f"{key} {mode}" in str(desk.app.screen.query_one("#jump-line", Static).content)
        await desk.press(key)
        assert desk.mode == mode
        assert not labels_left(desk)


def labels_left(desk: Desk) -> bool:
    return any(table._labels for view in views(desk.app) for table in view.query(DeploymentTable))


async def test_another_size_leaves_jump_mode() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "f")
        await desk.pilot.resize_terminal(90, 30)
        await desk.settle()
        assert not isinstance(desk.app.screen, Jump)
        assert not desk.alerts._labels


async def test_no_label_is_a_key_that_works_in_jump_mode() -> None:
    config = msgspec.structs.replace(
        config_of(), keys={"screen.jump": "w", "view.overview": "a", "alert.acknowledge": "A"}
    )
    async with at_desk(*alerts(12), config=config) as desk:
        await desk.press("2", "w")
        assert isinstance(desk.app.screen, Jump)
        assert not {"a", "w"} & set("".join([*labels_of_rows(desk).values(), *desk.app.screen._targets]))
        await desk.press("a")
        assert desk.mode == "overview"


async def test_in_the_details_the_keys_of_lists_scroll_and_acts_mean_the_row_they_tell_of() -> None:
    labels = {f"label{i}": str(i) for i in range(30)}
    rows = [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i}", labels=labels)) for i in range(3)]
    async with at_desk(*rows, size=(80, 24)) as desk:
        await desk.press("2", "j", "f")
        await desk.press(label_of_place(desk, DetailPane))
        await desk.press("j", "j", "j")
        pane = desk.view.query_one(DetailPane)
        assert (pane.scroll_y, desk.alerts.cursor_id) == (3, "pagerduty/Q1")
        await desk.press("G", "a")
        assert pane.scroll_y == pane.max_scroll_y
        assert desk.rooms.ids_sent == [["pagerduty/Q1"]]


async def test_on_a_place_without_rows_no_row_is_acted_on() -> None:
    async with at_desk(*alerts(3), services=[service()]) as desk:
        await desk.press("f")
        await desk.press(label_of_place(desk, ServiceMap))
        assert "acknowledge" not in desk.text().splitlines()[-1]
        await desk.press("a", "space")
        assert desk.rooms.sent == []
        assert not desk.alerts.marked
        assert "No alert is selected" in "".join(desk.toasts())
