"""Clicks that come too late: on what is drawn still and is gone already."""

import pytest
from textual.events import MouseDown
from textual.widgets._toast import Toast

from tests.ui.desk import at_desk


@pytest.mark.parametrize("keys", [[], ["2"], ["f"], ["b"], ["question_mark"], ["T"], ["colon"]], ids=str)
async def test_a_message_that_is_clicked_as_it_goes_does_not_end_the_screen(keys: list[str]) -> None:
    async with at_desk() as desk:
        await desk.press(*keys)
        desk.app.say("Something was done.")
        await desk.settle()
        toast = desk.app.screen.query_one(Toast)
        place = toast.region.offset
        await toast.remove()
        desk.app.screen._forward_event(
            MouseDown(toast, place.x, place.y, 0, 0, 1, False, False, False, place.x, place.y)
        )
        await desk.settle()
        assert desk.app.is_running
