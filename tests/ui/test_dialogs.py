"""Help, palette, sources, questions: what they list is true, all of it can be reached, and production is seen."""

from dataclasses import replace

import pytest
from textual.command import CommandPalette, DiscoveryHit, Hit
from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.situation import Failure, SourceState
from oncall_tui.ui.commands import REGISTRY
from oncall_tui.ui.commands.palette import CommandsProvider
from oncall_tui.ui.screens.dialogs import Notice, Question
from tests.ui.desk import SIZES, Desk, at_desk, config_of
from tests.ui.palettes import searched
from tests.unit.builders import PAGERDUTY, PROMETHEUS, alert, before, freshness, record


def alerts(count: int) -> list[Alert]:
    return [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}", since=before(60))) for i in range(count)]


def body(desk: Desk) -> str:
    """All that the open dialog says, seen or not."""
    return str(desk.app.screen.query_one("#dialog-body Static", Static).content)


# Help


@pytest.mark.parametrize("leaving", ["escape", "q", "enter", "question_mark"])
async def test_help_is_left_by_the_usual_keys_and_the_app_stays(leaving: str) -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("question_mark", leaving)
        assert not isinstance(desk.app.screen, Notice)
        assert desk.app.is_running


async def test_keys_of_the_view_do_nothing_under_a_dialog() -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("2", "question_mark", "a", "space", "R", "5", "s", "slash")
        assert desk.rooms.sent == []
        assert desk.rooms.monitor.refreshed == 0
        assert desk.mode == "alerts"


async def test_the_key_line_names_only_keys_that_work_now() -> None:
    async with at_desk(*alerts(2), size=(200, 60)) as desk:
        await desk.press("2")
        line = desk.text().splitlines()[-1]
        assert "a acknowledge" in line
        await desk.show()
        line = desk.text().splitlines()[-1]
        assert "a acknowledge" not in line
        assert "q quit" in line


# Palette


async def offered(desk: Desk) -> list[str]:
    provider = CommandsProvider(desk.app.screen, None)
    return [str(hit.text) async for hit in provider.discover() if isinstance(hit, DiscoveryHit)]


async def test_the_palette_lists_what_is_available_and_nothing_else() -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("2")
        names = await offered(desk)
        assert set(names) == {one.palette for one in REGISTRY.values() if one.is_available(desk.app)}
        assert "alert: acknowledge" in names
        await desk.show()
        assert "alert: acknowledge" not in await offered(desk)


@pytest.mark.parametrize("opening", ["colon", "ctrl+p"])
async def test_the_palette_runs_the_command_that_was_found(opening: str) -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("2", "j", opening)
        assert isinstance(desk.app.screen, CommandPalette)
        await desk.pilot.press(*"acknowl")
        await searched(desk)
        await desk.press("enter")
        await desk.settle()
        assert desk.rooms.ids_sent == [["pagerduty/Q1"]]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("stop asking the", REGISTRY["screen.pause"].palette), ("HISTORY ", "alert: history of thirty days"), ("zzz", "")],
)
async def test_words_of_the_help_find_a_command_after_those_whose_name_has_them(typed: str, first: str) -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("2")
        hits = [one async for one in CommandsProvider(desk.app.screen, None).search(typed) if isinstance(one, Hit)]
        hits.sort(key=lambda one: one.score, reverse=True)
        assert [str(one.text) for one in hits[:1]] == ([first] if first else [])


async def test_escape_leaves_the_palette_and_runs_nothing() -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("2", "colon")
        await desk.pilot.press(*"ack")
        await desk.press("escape")
        await desk.settle()
        assert desk.rooms.sent == []
        assert not isinstance(desk.app.screen, CommandPalette)


# Sources, pause, refresh


async def test_the_dialog_of_sources_tells_state_age_cost_and_what_to_do() -> None:
    failed = replace(
        freshness(PAGERDUTY, SourceState.FAILED, fetched_at=before(4)),
        failing_since=before(3),
        failure=Failure("unauthorised", "pagerduty: 401", "Renew the token."),
        requests_per_minute=7,
        budget_per_minute=60,
    )
    warned = replace(freshness(PROMETHEUS), warnings=("partial response",))
    async with at_desk(*alerts(1), sources=[failed, warned]) as desk:
        await desk.press("b")
        text = body(desk)
        assert "7 of 60 requests in the last minute" in text
        assert "refusing our credential for 3 min, since 02:11" in text
        assert "  401" in text
        assert "Renew the token." in text
        assert "data of 02:10, 4 min old" in text
        assert "partial response" in text
        await desk.press("b")
        assert not isinstance(desk.app.screen, Notice)


async def test_a_failing_source_is_named_on_the_overview_with_reason_and_advice() -> None:
    failed = replace(
        freshness(PAGERDUTY, SourceState.FAILED, fetched_at=None),
        failing_since=before(3),
        failure=Failure("unreachable", "pagerduty: no route", "Is the VPN up?"),
    )
    async with at_desk(*alerts(1), sources=[failed]) as desk:
        text = desk.text()
        assert "pagerduty unreachable for 3 min, nothing to show yet" in text
        assert "Is the VPN up?" in text


async def test_capital_p_pauses_and_goes_on() -> None:
    async with at_desk(*alerts(1)) as desk:
        await desk.press("P")
        assert desk.rooms.monitor.is_paused
        await desk.press("P")
        assert not desk.rooms.monitor.is_paused


async def test_capital_r_asks_every_source() -> None:
    async with at_desk(*alerts(1)) as desk:
        await desk.press("R")
        assert desk.rooms.monitor.refreshed == 1


# Questions


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_a_question_about_40_rows_can_be_read_to_its_end_and_answered(size: tuple[int, int]) -> None:
    async with at_desk(*alerts(40), size=size) as desk:
        await desk.press("2", "M", "a")
        assert "Acknowledge these 40 alerts?" in desk.text()
        assert "y acknowledge" in desk.text(), "the answer is in sight before anything is scrolled"
        seen = set()
        for _ in range(40):
            seen |= {i for i in range(40) if f"trouble {i:02}" in desk.text()}
            await desk.press("j")
        assert seen == set(range(40))
        await desk.press("y")
        assert len(desk.rooms.sent[0]) == 40


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("production", [True, False], ids=["production", "staging"])
async def test_production_is_unmistakable_in_every_view_and_dialog(size: tuple[int, int], production: bool) -> None:
    config = config_of(production=production)
    async with at_desk(*alerts(3), size=size, config=config) as desk:
        for view in ("1", "2", "5"):
            await desk.press(view)
            assert desk.text().splitlines()[0].startswith(" PROD  rewapp") is production
        for keys in (["question_mark"], ["b"], ["2", "M", "a"]):
            await desk.press(*keys)
            assert desk.app.screen.query_one("#dialog").has_class("-production") is production
            assert ("PROD rewapp" in desk.text()) is production
            await desk.press("escape")


async def test_the_question_does_not_hang_over_an_app_that_has_gone_on() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "M", "a")
        await desk.show(*alerts(1))
        assert isinstance(desk.app.screen, Question)
        await desk.press("escape")
        assert len(desk.alerts.rows) == 1, "the view was drawn under the question"
