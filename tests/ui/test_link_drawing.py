"""Addresses are drawn as links: in details and dialogs, whole also where they are broken over lines."""

from dataclasses import replace

import pytest
from textual.content import Content

from oncall_tui.terminal import Terminal, terminal_of
from oncall_tui.terminal.here import NOWHERE
from oncall_tui.ui.screens.dialogs import Question
from tests.ui.desk import SIZES, Desk, at_desk
from tests.unit.builders import PAGERDUTY, alert, deployment, record

LONG = "https://runbooks.example/api/latency?" + "&".join(f"parameter{number}=value" for number in range(12))
ROW = alert(replace(record(PAGERDUTY), url="https://pd.example/1", runbook=LONG, summary="See https://w.example/a."))
KITTY = terminal_of({"TERM": "xterm-kitty"}, is_tty=True, size=(120, 36), encoding="utf-8")


def links(desk: Desk) -> dict[str, str]:
    """What is drawn of every link, its pieces put together, by where it leads."""
    drawn: dict[str, str] = {}
    for strip in desk.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if style is not None and style.link:
                drawn[style.link] = drawn.get(style.link, "") + text.strip()
    return drawn


@pytest.mark.parametrize("size", SIZES)
async def test_addresses_in_details_lead_where_they_say(size: tuple[int, int]) -> None:
    async with at_desk(ROW, size=size, terminal=KITTY) as desk:
        await desk.press("2")
        detail = desk.view.query_one("#detail")
        found: dict[str, str] = {}
        for y in range(int(detail.max_scroll_y) + 1):
            detail.scroll_to(y=y, animate=False)
            await desk.settle()
            found |= links(desk)
        assert set(found) == {"https://pd.example/1", "https://w.example/a", LONG}
        assert found["https://w.example/a"] == "https://w.example/a"
        assert found["https://pd.example/1"] == "https://pd.example/1"


async def test_a_long_address_is_one_link_over_all_its_lines() -> None:
    async with at_desk(ROW, size=(80, 60), terminal=KITTY) as desk:
        await desk.press("2")
        desk.view.query_one("#detail").scroll_end(animate=False)
        await desk.settle()
        assert links(desk)[LONG] == LONG


async def test_deployments_and_dialogs_have_links_too() -> None:
    told = replace(deployment(), url="https://ci.example/d1")
    async with at_desk(ROW, deployments=[told], terminal=KITTY) as desk:
        await desk.press("5")
        assert "https://ci.example/d1" in links(desk)
        desk.app.push_screen(Question("Ask", Content("Read https://w.example/b first."), "go"))
        await desk.settle()
        assert links(desk)["https://w.example/b"] == "https://w.example/b"


@pytest.mark.parametrize(
    "where", [NOWHERE, terminal_of({"TERM": "linux"}, is_tty=True, size=(80, 24), encoding="utf-8")]
)
async def test_where_links_are_of_no_use_the_text_is_plain(where: Terminal) -> None:
    async with at_desk(ROW, terminal=where) as desk:
        await desk.press("2")
        assert "https://w.example/a" in desk.text()
        assert links(desk) == {}
