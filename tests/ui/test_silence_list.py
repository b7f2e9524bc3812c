"""Silences are listed, and named before they end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from oncall_tui.config.model import read_only
from oncall_tui.domain.action import Silence, Unsilence
from oncall_tui.domain.ids import SourceName, record_ref
from oncall_tui.sources.errors import Unreachable
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.silence_end import SilenceEnd
from oncall_tui.ui.screens.silence_form import SilenceForm
from oncall_tui.ui.screens.silence_list import SilenceList
from tests.ui.desk import Desk, FakeRooms, FakeSilencer, at_desk, config_of
from tests.ui.silence_desk import FIRING, FIRST, MUTED, ROWS, SECOND, desk_with, heard
from tests.unit.builders import ALERTMANAGER, alert, before

# Ending what mutes an alert


async def asked_to_end(desk: Desk) -> None:
    await desk.press("2", "G")
    desk.app.action_command("alert.unsilence")
    await desk.settle()


async def test_the_silences_of_an_alert_are_named_before_they_end() -> None:
    silencer = FakeSilencer(FIRST, SECOND)
    other = alert(replace(MUTED.records[0], id="f3", ref=record_ref(ALERTMANAGER, "f3"), since=before(8)))
    async with desk_with(silencer, FIRING, other, MUTED, size=(80, 24)) as desk:
        await asked_to_end(desk)
        await heard(desk)
        assert isinstance(desk.app.screen, SilenceEnd)
        for words in ("until 03:14, 1 h left", "by ops", "the cluster is moved", 'env=~"prod|staging"'):
            assert words in desk.text()
        assert "nightly load" not in desk.text()
        assert "1 other alert is muted by this as well" in desk.text()
        await desk.press("y")
        await desk.settle()
        assert desk.rooms.silenced == [(ALERTMANAGER, Unsilence(), "s1")]
        assert desk.toasts() == ["Unsilenced: “memory” (at alertmanager)."]


@pytest.mark.parametrize("key", ["escape", "n", "q"])
async def test_it_stays_when_the_answer_is_no(key: str) -> None:
    async with desk_with(FakeSilencer(FIRST)) as desk:
        await asked_to_end(desk)
        await heard(desk)
        await desk.press(key)
        assert not isinstance(desk.app.screen, SilenceEnd)
        assert desk.rooms.silenced == []


async def test_nothing_ends_before_it_is_named() -> None:
    silencer = FakeSilencer(FIRST)
    silencer.may_answer.clear()
    async with desk_with(silencer) as desk:
        await asked_to_end(desk)
        await desk.press("y")
        assert desk.rooms.silenced == []
        silencer.may_answer.set()
        await heard(desk)
        assert desk.rooms.silenced == []
        await desk.press("y")
        assert len(desk.rooms.silenced) == 1


async def test_what_cannot_be_asked_or_is_over_does_not_end() -> None:
    silencer = FakeSilencer(SECOND)
    async with desk_with(silencer) as desk:
        await asked_to_end(desk)
        await heard(desk)
        assert "alertmanager knows none of them any more" in desk.text()
        silencer.error = Unreachable("alertmanager.example refuses the connection.", "Is the VPN up?")
        await desk.press("y", "escape")
        await asked_to_end(desk)
        await heard(desk)
        assert "refuses the connection" in desk.text()
        await desk.press("y")
        assert desk.rooms.silenced == []


async def test_without_a_silence_there_is_none_to_end() -> None:
    async with desk_with(FakeSilencer(FIRST)) as desk:
        await desk.press("2", "g")
        desk.app.action_command("alert.unsilence")
        await desk.settle()
        assert desk.toasts() == ["No silence is known of this alert."]


# The list


async def listed(desk: Desk) -> None:
    desk.app.action_command("screen.silences")
    await desk.settle()
    await heard(desk)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_list_says_until_when_by_whom_why_and_what(size: tuple[int, int]) -> None:
    async with desk_with(FakeSilencer(SECOND, FIRST), size=size) as desk:
        await listed(desk)
        text = desk.text()
        for words in ("until 03:14, 1 h left", "active, at alertmanager, by ops", "the cluster is moved", "team="):
            assert words in text
        assert "from 02:44 until 07:14" in text
        assert text.index("until 03:14") < text.index("from 02:44"), "the next to end comes first"


async def test_plus_makes_it_last_an_hour_longer_in_its_own_place() -> None:
    silencer = FakeSilencer(FIRST, SECOND)
    async with desk_with(silencer) as desk:
        await listed(desk)
        await desk.press("j", "plus")
        await heard(desk)
        longer = Silence(('team="data"',), SECOND.starts_at, SECOND.ends_at + timedelta(hours=1), "nightly load")
        assert desk.rooms.silenced == [(ALERTMANAGER, longer, "s2")]
        assert silencer.listed == 2, "what stands is another now"
        assert isinstance(desk.app.screen, SilenceList)


async def test_the_cursor_stays_on_its_silence_when_the_list_is_another() -> None:
    silencer = FakeSilencer(FIRST, SECOND)
    async with desk_with(silencer) as desk:
        await listed(desk)
        await desk.press("j")
        silencer.standing = [replace(SECOND, ends_at=before(-10)), FIRST, replace(FIRST, id="s3")]
        await desk.press("r")
        await heard(desk)
        await desk.press("plus")
        assert [silence_id for _, _, silence_id in desk.rooms.silenced] == ["s2"]


@pytest.mark.parametrize(("answer", "count"), [("y", 1), ("escape", 0), ("n", 0)])
async def test_one_is_ended_from_the_list_after_a_question(answer: str, count: int) -> None:
    silencer = FakeSilencer(FIRST, SECOND)
    async with desk_with(silencer) as desk:
        await listed(desk)
        await desk.press("x")
        await desk.settle()
        assert isinstance(desk.app.screen, Question)
        assert "the cluster is moved" in desk.text()
        assert desk.rooms.silenced == []
        await desk.press(answer)
        await heard(desk)
        assert desk.rooms.silenced == [(ALERTMANAGER, Unsilence(), "s1")] * count
        assert isinstance(desk.app.screen, SilenceList)
        await desk.press("escape")
        assert not isinstance(desk.app.screen, SilenceList)


async def test_a_source_that_does_not_answer_is_named_beside_the_others() -> None:
    broken, fine = FakeSilencer(), FakeSilencer(FIRST)
    broken.error = Unreachable("am-us.example refuses the connection.", "Is the VPN up?")
    rooms = FakeRooms()
    rooms.silencers = {SourceName("alertmanager-us"): broken, ALERTMANAGER: fine}
    async with at_desk(*ROWS, rooms=rooms) as desk:
        await listed(desk)
        assert "alertmanager-us is missing here: am-us.example refuses the connection. Is the VPN up?" in desk.text()
        assert "the cluster is moved" in desk.text()


@pytest.mark.parametrize(
    ("silencers", "words"),
    [({ALERTMANAGER: FakeSilencer()}, "No silence: nothing is muted."), ({}, "No source has silences")],
)
async def test_an_empty_list_says_why(silencers: dict[Any, FakeSilencer], words: str) -> None:
    rooms = FakeRooms()
    rooms.silencers = silencers
    async with at_desk(*ROWS, rooms=rooms) as desk:
        await listed(desk)
        assert words in desk.text()
        await desk.press("plus", "x", "j")
        assert desk.rooms.silenced == []


async def test_read_only_lists_and_offers_nothing() -> None:
    async with desk_with(FakeSilencer(FIRST), config=read_only(config_of())) as desk:
        await desk.press("2", "S")
        assert not isinstance(desk.app.screen, SilenceForm)
        await listed(desk)
        assert "the cluster is moved" in desk.text()
        assert "1 h longer" not in desk.text()
        await desk.press("plus", "x", "y")
        assert desk.rooms.silenced == []


async def test_forty_silences_can_be_read_to_their_end() -> None:
    many = [replace(FIRST, id=f"s{i}", comment=f"reason {i:02}", ends_at=before(-60 - i)) for i in range(40)]
    async with desk_with(FakeSilencer(*many), size=(80, 24)) as desk:
        await listed(desk)
        assert "reason 39" not in desk.text()
        await desk.press("G")
        assert "reason 39" in desk.text()
        assert "x end" in desk.text()
