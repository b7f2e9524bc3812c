"""Going about: views, rows, and a cursor that stays on its trouble whatever the refresh brings."""

from dataclasses import replace

import pytest

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.widgets.deployment_table import DeploymentTable
from tests.ui.desk import FakeRooms, at_desk
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, before, deployment, key, record


def alerts(count: int, severity: Severity = Severity.P3, first: int = 0) -> list[Alert]:
    """Alerts called ``trouble 0`` and so on, each older than the next."""
    return [
        alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i}", severity=severity, since=before(60 - i / 10)))
        for i in range(first, first + count)
    ]


@pytest.mark.parametrize(("key_pressed", "mode"), [("1", "overview"), ("2", "alerts"), ("5", "deployments")])
async def test_digits_go_to_views(key_pressed: str, mode: str) -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2" if mode == "overview" else "1", key_pressed)
        assert desk.mode == mode


async def test_escape_leads_back_to_the_overview_and_stays_there() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("5", "escape")
        assert desk.mode == "overview"
        await desk.press("escape")
        assert desk.mode == "overview"


async def test_every_view_draws_what_was_published_while_another_was_shown() -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("2", "1")
        await desk.show(*alerts(3), deployments=[deployment(version="9.9.9")])
        await desk.press("2")
        assert "trouble 2" in desk.text()
        await desk.press("5")
        assert "9.9.9" in desk.text()


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (["j"], 1),
        (["down", "down"], 2),
        (["G"], 4),
        (["end", "k"], 3),
        (["end", "up", "g"], 0),
        (["end", "home"], 0),
        (["k"], 0),
        (["G", "j"], 4),
        (["pagedown"], 4),
        (["pagedown", "pageup"], 0),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], place: int) -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", *keys)
        assert desk.alerts.cursor_id == f"pagerduty/Q{place}"
        assert "▌" in desk.text()


async def test_the_cursor_is_always_in_sight() -> None:
    async with at_desk(*alerts(200), size=(80, 24)) as desk:
        await desk.press("2")
        for keys in (["G"], ["pageup"], ["k"] * 3, ["g"], ["pagedown", "pagedown"]):
            await desk.press(*keys)
            row = desk.alerts.cursor_row
            assert row is not None
            assert "▌" in desk.text()
            assert row.title in next(line for line in desk.text().splitlines() if "▌" in line)


async def test_the_cursor_stays_on_its_alert_when_others_come_above() -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", "j", "j")
        await desk.show(*alerts(50, Severity.P1, first=100), *alerts(5))
        assert desk.alerts.cursor_id == "pagerduty/Q2"
        line = next(line for line in desk.text().splitlines() if "▌" in line)
        assert "trouble 2" in line, "the cursor may not be pushed out of sight"


async def test_marks_stay_on_their_alerts_when_others_come_above() -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", "space", "j", "space")
        await desk.show(*alerts(2, Severity.P1, first=100), *alerts(5))
        assert desk.alerts.marked == {"pagerduty/Q0", "pagerduty/Q2"}
        assert "┃" in desk.row("trouble 2")
        assert "┃" not in desk.row("trouble 1 ")


async def test_cursor_and_mark_stay_when_a_pager_picks_the_alert_up() -> None:
    fired = record(ALERTMANAGER, "f1", title="latency", keys=(key("f1"),))
    other = alert(record(ALERTMANAGER, "f0", title="disk", severity=Severity.P1))
    async with at_desk(other, alert(fired)) as desk:
        await desk.press("2", "j", "space")
        assert desk.alerts.marked == {"alertmanager/f1"}
        paged = record(PAGERDUTY, "Q7", title="latency", keys=(key("f1"),))
        (picked_up,) = correlate([fired, paged])
        assert picked_up.id == "pagerduty/Q7"
        await desk.show(other, picked_up)
        assert desk.alerts.cursor_id == "pagerduty/Q7"
        assert desk.alerts.marked == {"pagerduty/Q7"}


async def test_when_the_alert_under_the_cursor_goes_the_next_takes_its_place() -> None:
    rows = alerts(5)
    left: list[tuple[list[Alert], str | None]] = [
        ([*rows[:2], *rows[3:]], "pagerduty/Q3"),
        (rows[:2], "pagerduty/Q1"),
        ([], None),
    ]
    async with at_desk(*rows) as desk:
        await desk.press("2", "j", "j")
        for remaining, expected in left:
            await desk.show(*remaining)
            assert desk.alerts.cursor_id == expected
        assert desk.alerts.cursor_row is None


async def test_a_mark_goes_with_its_alert() -> None:
    rows = alerts(3)
    async with at_desk(*rows) as desk:
        await desk.press("2", "space")
        await desk.show(*rows[1:])
        assert desk.alerts.marked == frozenset()
        await desk.show(*rows)
        assert desk.alerts.marked == frozenset(), "what comes back was not marked by anybody"


async def test_space_marks_and_goes_on_and_takes_away() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "space", "space", "k", "space")
        assert desk.alerts.marked == {"pagerduty/Q0"}
        assert "1 marked" in desk.text()


async def test_capital_m_marks_all_and_none() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "M")
        assert len(desk.alerts.marked) == 3
        await desk.press("M")
        assert desk.alerts.marked == frozenset()


async def test_escape_takes_the_marks_away_before_it_leaves_the_view() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "M", "escape")
        assert (desk.alerts.marked, desk.mode) == (frozenset(), "alerts")
        await desk.press("escape")
        assert desk.mode == "overview"


async def test_a_click_moves_the_cursor_and_acts_on_nothing() -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2")
        await desk.pilot.click("#alerts", offset=(10, 3))
        await desk.settle()
        assert desk.alerts.cursor_id == "pagerduty/Q2"
        await desk.pilot.click("#alerts", offset=(10, 3), times=2)
        await desk.settle()
        assert desk.rooms.sent == []


async def test_a_click_below_the_rows_moves_nothing() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2")
        await desk.pilot.click("#alerts", offset=(10, 6))
        await desk.settle()
        assert desk.alerts.cursor_id == "pagerduty/Q0"


async def test_tab_goes_from_alerts_to_deployments_and_j_moves_there() -> None:
    deployments = [deployment(id=f"d{i}", version=f"1.{i}") for i in range(3)]
    async with at_desk(*alerts(3), deployments=deployments) as desk:
        await desk.press("tab", "j")
        assert desk.view.query_one(DeploymentTable).cursor_id == "pagerduty/d1"
        assert desk.alerts.cursor_id == "pagerduty/Q0"


async def test_enter_on_the_overview_opens_the_alert_under_the_cursor() -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("j", "j", "enter")
        assert desk.mode == "alerts"
        assert desk.alerts.cursor_id == "pagerduty/Q2"


async def test_enter_on_a_deployment_opens_it_among_the_deployments() -> None:
    deployments = [deployment(id=f"d{i}", version=f"1.{i}") for i in range(3)]
    async with at_desk(*alerts(3), deployments=deployments) as desk:
        await desk.press("tab", "j", "enter")
        assert desk.mode == "deployments"
        assert desk.view.query_one(DeploymentTable).cursor_id == "pagerduty/d1"


async def test_o_opens_what_is_under_the_cursor_not_what_is_marked(opened: list[str]) -> None:
    rows = [alert(replace(record(PAGERDUTY, f"Q{i}"), url=f"https://pd.example/{i}")) for i in range(3)]
    async with at_desk(*rows) as desk:
        await desk.press("2", "space", "j", "o")
        assert opened == ["https://pd.example/2"]


async def test_a_cursor_that_nobody_has_moved_stays_on_the_worst() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2")
        await desk.show(*alerts(1, Severity.P1, first=100), *alerts(3))
        assert desk.alerts.cursor_id == "pagerduty/Q100"


async def test_enter_on_an_alert_that_the_filter_hides_takes_the_filter_away() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "slash", *"zzz", "enter", "1", "j", "enter")
        assert desk.alerts.cursor_id == "pagerduty/Q1"
        assert desk.alerts.filter_text == ""


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "ssh://host", "-oProxy"])
async def test_only_web_addresses_are_ever_opened(address: str, opened: list[str]) -> None:
    async with at_desk(alert(replace(record(PAGERDUTY), url=address))) as desk:
        await desk.press("2", "o")
        assert opened == []
        assert address in "".join(desk.toasts())


async def test_before_the_first_answer_every_key_is_harmless() -> None:
    rooms = FakeRooms()
    async with at_desk(rooms=rooms) as desk:
        await desk.press(
            "a", "space", "M", "j", "k", "g", "G", "enter", "o", "y", "s", "1", "2", "5", "escape", "R", "P"
        )
        assert rooms.sent == []
        assert desk.app.is_running
