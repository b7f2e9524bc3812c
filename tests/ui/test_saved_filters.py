"""Filters of the configuration: a key, a palette entry and a line in the help each; the heading names what is used."""

import msgspec
import pytest
from textual.widgets import Input

from oncall_tui.config.model import Config, FilterSettings
from oncall_tui.domain.severity import Severity
from tests.ui.desk import at_desk, config_of
from tests.ui.palettes import searched
from tests.unit.builders import PAGERDUTY, alert, before, record

ROWS = [
    alert(record(PAGERDUTY, "Q1", title="queue above 100", service="worker", severity=Severity.P1, since=before(9))),
    alert(record(PAGERDUTY, "Q2", title="disk nearly full", service="redis", severity=Severity.P2, since=before(5))),
    alert(record(PAGERDUTY, "Q3", title="api latency", service="api", severity=Severity.P3, since=before(1))),
]
NIGHT = FilterSettings(name="night", filter="sev<=2", key="f2", sort="-age")
GROUPS = FilterSettings(name="by service", key="f3", group="service")


def config(*filters: FilterSettings) -> Config:
    return msgspec.structs.replace(config_of(), filters=filters or (NIGHT, GROUPS))


@pytest.mark.parametrize("view", ["1", "2", "5"])
async def test_its_key_goes_to_the_list_and_shows_there_what_it_finds(view: str) -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", view, "f2")
        assert desk.mode == "alerts"
        assert [one.id for one in desk.alerts.rows] == ["pagerduty/Q1", "pagerduty/Q2"], "the oldest first"
        assert "2 match  night  sev<=2   by age, reversed" in desk.text()


async def test_another_one_takes_its_place_and_leaves_what_it_says_nothing_of() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", "f2", "f3")
        assert len(desk.alerts.rows) == 3
        assert "3 match  by service " in desk.text()
        assert "by age, reversed, grouped by service" in desk.text()
        await desk.press("f2", "f3", "f2")
        assert "2 match  night  sev<=2" in desk.text()


async def test_escape_takes_it_away_with_its_name() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", "f2", "escape")
        assert len(desk.alerts.rows) == 3
        assert "night" not in desk.text()
        assert desk.mode == "alerts"


async def test_one_without_terms_is_left_by_escape_too() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", "f3", "escape")
        assert "3 match" not in desk.text()
        assert "grouped by service" in desk.text(), "order and groups stay"
        assert desk.mode == "alerts"


async def test_what_is_typed_after_it_has_its_name_no_more() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", "f2", "slash")
        assert desk.view.query_one("#filter", Input).value == "sev<=2"
        await desk.press(*" disk", "enter")
        assert [one.id for one in desk.alerts.rows] == ["pagerduty/Q2"]
        assert "night" not in desk.text()


async def test_its_key_in_the_field_of_the_filter_closes_that() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", "slash", *"api", "f2")
        assert [one.id for one in desk.alerts.rows] == ["pagerduty/Q1", "pagerduty/Q2"]
        assert desk.alerts.has_focus
        await desk.press("a")
        assert desk.rooms.ids_sent == [["pagerduty/Q1"]], "a letter is a command again"


async def test_cursor_and_marks_stay_and_what_it_hides_is_counted() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", "M", "j", "f2")
        assert desk.alerts.cursor_id == "pagerduty/Q2"
        assert "3 marked, 1 hidden" in desk.text()
        await desk.show(*ROWS[1:])
        assert "1 match  night  sev<=2" in desk.text()


async def test_the_palette_and_the_help_have_it() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", "question_mark")
        assert "YOUR FILTERS" in desk.text()
        assert "f2  night: sev<=2" in desk.text()
        assert "f3  by service: every alert" in desk.text()
        await desk.press("escape", "colon", *"night")
        await searched(desk)
        assert "filter: night" in desk.text()


@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]x[/]", "it's \\"])
async def test_brackets_and_quotes_in_a_name_and_a_filter_are_text(name: str) -> None:
    odd = FilterSettings(name=name, filter=f'-"{name}"', key="f2")
    async with at_desk(*ROWS, config=config(odd)) as desk:
        await desk.press("2", "f2")
        assert f" {name}  " in desk.text()
        assert len(desk.alerts.rows) == 3
        await desk.press("question_mark", "escape", "colon")
        await desk.settle()
        await desk.press(*"filter")
        await searched(desk)
        assert desk.app.is_running
        assert f"filter: {name}" in desk.text()


async def test_a_key_in_conflict_is_told_once_and_the_default_keys_hold() -> None:
    async with at_desk(*ROWS, config=config(NIGHT, FilterSettings(name="bad", filter="x", key="s"))) as desk:
        told = [one for one in desk.toasts() if "is not used" in one]
        assert len(told) == 1
        assert 'filters[1].key: "s" is a key that "list.sort" has' in told[0]
        await desk.press("2", "f2")
        assert len(desk.alerts.rows) == 3, "no filter has a key"
        await desk.press("s")
        assert "by status" in desk.text()


async def test_a_palette_that_is_left_before_it_is_there_does_not_end_the_screen() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        desk.app.action_command("screen.commands")
        desk.app.pop_screen()
        await desk.settle()
        assert desk.app.is_running
        await desk.press("colon", *"night")
        await searched(desk)
        await desk.press("enter", "enter")
        await desk.settle()
        assert desk.mode == "alerts"


async def test_before_anything_is_typed_the_palette_begins_with_what_is_likely() -> None:
    async with at_desk(*ROWS, config=config()) as desk:
        await desk.press("2", "colon")
        await searched(desk)
        offered = [line.split("▌")[1].strip() for line in desk.text().splitlines() if line.count("▌") and ": " in line]
        names = [one for one in offered if one.startswith(("filter:", "alert:", "list:", "view:", "sort:"))]
        assert names[:3] == ["filter: night   f2", "filter: by service   f3", "alert: acknowledge   a"]
        assert not any(one.startswith("sort:") for one in names)
