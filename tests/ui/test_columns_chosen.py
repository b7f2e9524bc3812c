"""Columns that the configuration names, and those that are as wide as their content, on small and large screens."""

import msgspec
import pytest

from oncall_tui.config.model import Config
from oncall_tui.domain.alert import Alert
from tests.ui.desk import Desk, at_desk, config_of
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, before, record


def one(number: int, service: str = "api", **labels: str) -> Alert:
    return alert(
        record(PAGERDUTY, f"Q{number}", title=f"trouble {number}", service=service, since=before(number)),
        record(ALERTMANAGER, f"f{number}", name="Rule", environment="prod", labels=labels),
    )


def config(*columns: str) -> Config:
    usual = config_of()
    return msgspec.structs.replace(usual, display=msgspec.structs.replace(usual.display, columns=columns))


def heading(desk: Desk) -> str:
    region = desk.alerts.region
    return desk.text().splitlines()[region.y][region.x : region.right].rstrip()


@pytest.mark.parametrize("view", ["1", "2"])
async def test_they_are_shown_in_their_order_with_labels_among_them(view: str) -> None:
    rows = [one(1, cluster="eu", team="core"), one(2)]
    async with at_desk(*rows, config=config("age", "label:team", "cluster", "env", "alert", "title")) as desk:
        await desk.press("2", view)
        assert heading(desk).split() == ["age", "team", "cluster", "env", "rule", "alert"]
        assert desk.row("trouble 1").split()[-7:] == ["1m", "core", "eu", "prod", "Rule", "trouble", "1"]
        assert desk.row("trouble 2").split()[-7:] == ["2m", "–", "–", "prod", "Rule", "trouble", "2"]


@pytest.mark.parametrize(("size", "shown"), [((80, 24), False), ((120, 36), True)])
async def test_a_column_with_a_width_is_shown_from_there_on(size: tuple[int, int], shown: bool) -> None:
    async with at_desk(one(1, team="core"), size=size, config=config("age", "label:team@100", "title")) as desk:
        await desk.press("2")
        assert ("core" in desk.row("trouble 1")) is shown


async def test_where_not_all_find_room_the_title_keeps_its_own() -> None:
    labels = {f"l{number}": f"{number}" * 20 for number in range(9)}
    columns = ("severity", *(f"label:{name}" for name in labels), "title", "remark")
    async with at_desk(one(1, **labels), size=(80, 24), config=config(*columns)) as desk:
        await desk.press("2")
        assert "trouble 1" in desk.row("trouble 1")


@pytest.mark.parametrize(
    ("service", "drawn"),
    [
        ("api", "  api       "),
        ("points-service", "  points-service  "),
        ("a-very-long-name-of-a-service", "  a-very-long-na…  "),
        ("支払いサービス", "  支払いサービス  "),
    ],
)
async def test_services_have_the_room_that_their_names_need_within_bounds(service: str, drawn: str) -> None:
    async with at_desk(one(1, service), size=(80, 24)) as desk:
        await desk.press("2")
        assert drawn in desk.row("trouble 1")


async def test_columns_do_not_jump_with_every_letter_of_a_filter() -> None:
    async with at_desk(one(1, "points-service"), one(2, "api")) as desk:
        await desk.press("2")
        before_it = heading(desk)
        await desk.press("slash", *"id=q2", "enter")
        assert "points-service" not in desk.row("trouble 2")
        assert heading(desk) == before_it


async def test_the_list_is_sorted_by_a_label_that_has_a_column() -> None:
    rows = [one(1, team="web"), one(2, team="core"), one(3)]
    async with at_desk(*rows, config=config("severity", "label:team", "title")) as desk:
        await desk.press("2", "s")
        assert "by team" in desk.text()
        assert "↓team" in heading(desk)
        assert [alert.id[-1] for alert in desk.alerts.rows] == ["2", "1", "3"]
