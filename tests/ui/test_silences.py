"""Silences from the screen: what one covers is seen before it is made, and which one ends before it ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.widgets import Input, Static, TextArea

from oncall_tui.config.model import read_only
from oncall_tui.domain.action import Silence, Unsilence
from oncall_tui.domain.alert import Alert, Record, Status
from oncall_tui.domain.ids import SourceName, record_ref
from oncall_tui.domain.silence import Matcher, SilenceState, read_matcher, read_matchers
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.domain.text import clean_line
from oncall_tui.response.report import Outcome
from oncall_tui.sources.errors import Unreachable
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.silence_end import SilenceEnd
from oncall_tui.ui.screens.silence_form import MatchersField, SilenceForm
from oncall_tui.ui.screens.silence_list import SilenceList
from tests.nasty.corpus import LONG, MARKUP, SEQUENCES
from tests.ui.desk import Desk, FakeRooms, FakeSilencer, at_desk, config_of
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, alert, before, freshness, record

LABELS = {"alertname": "HighErrorRate", "service": "api", "team": "core"}
WRITTEN = 'alertname="HighErrorRate" service="api" team="core"'
HELD = record(ALERTMANAGER, "f1", title="errors", labels=LABELS, since=before(9))
FIRING = alert(HELD, record(PAGERDUTY, "Q1", title="errors", since=before(9)))
PAGE = alert(record(PAGERDUTY, "Q2", title="page", since=before(8)))
MUTED = alert(
    replace(
        record(ALERTMANAGER, "f2", title="memory", status=Status.SILENCED, since=before(7)),
        silence_ids=("s1",),
        silenced_by="ops",
        silenced_until=before(-60),
    )
)
ROWS = (FIRING, PAGE, MUTED)

FIRST = Muting(
    (Matcher("alertname", "Memory"), Matcher("env", "prod|staging", is_regex=True)),
    before(30),
    before(-60),
    "the cluster is moved",
    "ops",
    "s1",
    SilenceState.ACTIVE,
)
SECOND = Muting((Matcher("team", "data"),), before(-30), before(-300), "nightly load", "Ann", "s2")


class Waiting:
    """Timers that ring when the test says so."""

    def __init__(self) -> None:
        self.set = 0
        self._ring: Callable[[], None] | None = None

    def install(self, monkeypatch: pytest.MonkeyPatch) -> "Waiting":
        waiting = self

        def after_rest(form: SilenceForm) -> Any:
            waiting.set += 1
            waiting._ring = form._ask_now
            return waiting

        monkeypatch.setattr(SilenceForm, "_after_rest", after_rest)
        return waiting

    def stop(self) -> None:
        self._ring = None

    def ring(self) -> None:
        """Let the time pass for which the form waits."""
        ring, self._ring = self._ring, None
        assert ring is not None, "nothing is waited for"
        ring()


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    return Waiting().install(monkeypatch)


def rooms_with(silencer: FakeSilencer) -> FakeRooms:
    rooms = FakeRooms()
    rooms.silencers = {ALERTMANAGER: silencer}
    return rooms


def desk_with(silencer: FakeSilencer, *alerts: Alert, **rest: Any) -> Any:
    return at_desk(*(alerts or ROWS), rooms=rooms_with(silencer), **rest)


async def heard(desk: Desk) -> None:
    """Let what a dialog asked of a vendor be drawn."""
    asked = [one for one in desk.app.workers if one.group in ("preview", "silences") and not one.is_finished]
    if asked:
        await desk.app.workers.wait_for_complete(asked)
    await desk.settle()


async def opened(desk: Desk, *, row: int = 0) -> None:
    """The form for the alert in that row."""
    await desk.press("2", "g", *["j"] * row, "S")
    await desk.settle()


def preview(desk: Desk) -> str:
    """All that the form says of what is covered, seen or not."""
    return str(desk.app.screen.query_one("#covered", Static).content)


def field(desk: Desk) -> TextArea:
    return desk.app.screen.query_one(MatchersField)


async def write(desk: Desk, text: str) -> None:
    """Write these matchers in the place of those that stand there."""
    field(desk).text = text
    await desk.settle()


# The form


MANY_LETTERS, BROKEN = "x" * 5_000, "first\nsecond\ttab \x1b[31m\u202eright"
RAW = replace(
    HELD,
    labels={"alertname": "Errors", "long": clean_line(MANY_LETTERS), "text": clean_line(BROKEN)},
    raw_labels=(("long", MANY_LETTERS), ("text", BROKEN)),
)


async def test_what_is_drawn_cleaned_is_asked_and_made_as_alertmanager_has_it(waiting: Waiting) -> None:
    exact = (Matcher("alertname", "Errors"), Matcher("long", MANY_LETTERS), Matcher("text", BROKEN))
    silencer = FakeSilencer(covered=[RAW])
    async with desk_with(silencer, alert(RAW)) as desk:
        await opened(desk)
        await heard(desk)
        written = field(desk).text
        assert "\x1b" not in written and "\u202e" not in written
        assert len(written) < 1_000
        assert silencer.asked == [exact]
        await desk.press("enter", "enter", *"known", "enter")
        await desk.settle()
        ((_, action, _),) = desk.rooms.silenced
        assert isinstance(action, Silence)
        assert tuple(map(read_matcher, action.matchers)) == exact


async def test_what_somebody_changes_in_it_is_asked_as_they_wrote_it(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[RAW])
    async with desk_with(silencer, alert(RAW)) as desk:
        await opened(desk)
        await heard(desk)
        await write(desk, field(desk).text.replace("…", "y"))
        waiting.ring()
        await heard(desk)
        assert [one.value for one in silencer.asked[-1]] == ["Errors", "x" * 399 + "y", BROKEN]


async def test_the_labels_of_the_alert_begin_it_and_what_they_cover_is_asked_at_once(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD, record(ALERTMANAGER, "f9", title="other", service="api")])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        assert field(desk).text == WRITTEN
        assert silencer.asked == [read_matchers(WRITTEN)]
        assert "covers 2 alerts now:" in desk.text()
        assert "other" in preview(desk)
        assert "→ 04:14, in 2 h" in desk.text()
        assert waiting.set == 0


@pytest.mark.parametrize("last", ["enter", "ctrl+s"])
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_enter_goes_from_field_to_field_and_the_last_one_makes_it(
    last: str, size: tuple[int, int], waiting: Waiting
) -> None:
    async with desk_with(FakeSilencer(covered=[HELD]), size=size) as desk:
        await opened(desk)
        await heard(desk)
        await desk.press("enter", *"45m", "enter", *"moved to eu-2", last)
        await desk.settle()
        wanted = Silence(
            ('alertname="HighErrorRate"', 'service="api"', 'team="core"'),
            NOW,
            NOW + timedelta(minutes=45),
            "moved to eu-2",
        )
        assert desk.rooms.silenced == [(ALERTMANAGER, wanted, "")]
        assert not isinstance(desk.app.screen, SilenceForm)
        assert desk.toasts() == ["Silenced: “errors” (until 02:59)."]
        assert "silenced" in desk.row("errors")
        assert desk.rooms.monitor.refreshed == 1, "Alertmanager is asked anew"
        assert desk.rooms.sent == []


async def test_an_end_may_be_a_moment(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        await opened(desk)
        await heard(desk)
        await desk.press("enter", *"06:00", "enter", *"why", "enter")
        (_, action, _), *_ = desk.rooms.silenced
        assert isinstance(action, Silence)
        assert action.ends_at == NOW.replace(hour=6, minute=0)


async def test_what_is_covered_is_asked_once_after_typing_has_come_to_rest(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        field(desk).move_cursor(field(desk).document.end)
        await desk.press(*" env=prod")
        assert "asking alertmanager" in preview(desk)
        assert len(silencer.asked) == 1, "the first one, of the labels"
        silencer.covered = []
        waiting.ring()
        await heard(desk)
        assert silencer.asked[1:] == [read_matchers(f"{WRITTEN} env=prod")]
        assert "covers no active alert now" in preview(desk)
        assert "is not covered: look at the matchers" in preview(desk)


async def test_blanks_change_nothing_and_cost_nothing(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        field(desk).move_cursor(field(desk).document.end)
        await desk.press("space", "comma", "space")
        assert waiting.set == 0
        assert "covers 1 alert now" in preview(desk)


async def test_nothing_is_made_before_what_it_covers_stands_there(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        await desk.press("tab", "tab", *"why")
        silencer.may_answer.clear()
        await write(desk, "team=core")
        desk.app.screen.query_one("#comment").focus()
        await desk.press("enter", "enter", "ctrl+s")
        assert desk.rooms.silenced == []
        assert silencer.asked[1:] == [read_matchers("team=core")], "it is asked at once, and only once"
        silencer.may_answer.set()
        await heard(desk)
        assert desk.rooms.silenced == [], "nobody has seen it yet"
        await desk.press("enter")
        assert [action.matchers for _, action, _ in desk.rooms.silenced if isinstance(action, Silence)] == [
            ('team="core"',)
        ]


async def test_an_answer_to_matchers_of_before_is_not_taken(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    silencer.may_answer.clear()
    async with desk_with(silencer) as desk:
        await opened(desk)
        await write(desk, "team=other")
        silencer.may_answer.set()
        await heard(desk)
        assert "asking alertmanager" in preview(desk)
        waiting.ring()
        await heard(desk)
        assert "covers 1 alert" in preview(desk)


@pytest.mark.parametrize(
    ("text", "words"),
    [("team=core nonsense", "At “nonsense”: a matcher is"), ("", "Write at least one"), ('a="x', "At “a=")],
)
async def test_matchers_that_cannot_be_read_are_said_while_typing(text: str, words: str, waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        await desk.press("tab", "tab", *"why")
        await write(desk, text)
        assert words in desk.text()
        assert "covers" not in preview(desk)
        await desk.press("ctrl+s")
        assert desk.rooms.silenced == []
        assert len(silencer.asked) == 1
        assert desk.app.screen.focused is field(desk)
        await write(desk, WRITTEN)
        assert words not in desk.text()


@pytest.mark.parametrize(
    ("end", "comment", "words", "focused"),
    [
        ("soon", "why", "Write a span such as 45m, 2h or 1d12h", "end"),
        ("2020-01-01", "why", "That is over already", "end"),
        ("2h", "", "Write why: the others read it.", "comment"),
        ("2h", "   ", "Write why: the others read it.", "comment"),
    ],
)
async def test_an_end_and_a_comment_are_needed(
    end: str, comment: str, words: str, focused: str, waiting: Waiting
) -> None:
    async with desk_with(FakeSilencer(covered=[HELD]), size=(80, 24)) as desk:
        await opened(desk)
        await heard(desk)
        desk.app.screen.query_one("#end", Input).value = end
        desk.app.screen.query_one("#comment", Input).value = comment
        await desk.press("ctrl+s")
        assert words in desk.text()
        assert desk.rooms.silenced == []
        assert desk.app.screen.focused is not None
        assert desk.app.screen.focused.id == focused


async def test_a_source_that_does_not_say_is_named_and_asked_again(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    silencer.error = Unreachable("alertmanager.example refuses the connection.", "Is the VPN up?")
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        assert "refuses the connection. Is the VPN up?" in preview(desk)
        await desk.press("tab", "tab", *"why", "enter")
        await heard(desk)
        assert desk.rooms.silenced == []
        assert len(silencer.asked) == 2
        silencer.error = None
        await desk.press("enter")
        await heard(desk)
        assert desk.rooms.silenced == []
        await desk.press("enter")
        assert len(desk.rooms.silenced) == 1


async def test_letters_typed_into_the_fields_are_text(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        await opened(desk)
        await write(desk, "")
        await desk.press(*"aqxzRSfj?:/1=x")
        assert field(desk).text == "aqxzRSfj?:/1=x"
        await desk.press("tab", "tab", *"qxynS:?")
        assert desk.app.screen.query_one("#comment", Input).value == "qxynS:?"
        assert desk.rooms.monitor.refreshed == 0
        await desk.press("escape")
        assert not isinstance(desk.app.screen, SilenceForm)
        assert (desk.rooms.sent, desk.rooms.silenced) == ([], [])


async def test_a_refresh_under_the_form_changes_nothing_about_the_target(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        await opened(desk)
        await heard(desk)
        newer = alert(record(ALERTMANAGER, "f0", title="newer", labels={"alertname": "Newer"}))
        await desk.show(newer, PAGE, sources=[freshness(ALERTMANAGER), freshness(PAGERDUTY)])
        assert "Meanwhile: “errors” is over" in desk.text()
        assert field(desk).text == WRITTEN
        await desk.press("tab", "tab", *"why", "enter")
        (_, action, _), *_ = desk.rooms.silenced
        assert isinstance(action, Silence)
        assert action.matchers == tuple(map(str, read_matchers(WRITTEN)))


async def test_it_is_of_the_cursors_alert_and_not_of_the_marks(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        await desk.press("2", "j", "space", "g", "S")
        assert field(desk).text == WRITTEN


async def test_what_alertmanager_does_not_hold_cannot_be_silenced() -> None:
    async with desk_with(FakeSilencer()) as desk:
        await desk.press("2", "j", "S")
        assert not isinstance(desk.app.screen, SilenceForm)
        assert desk.toasts() == ["Only what Alertmanager holds can be silenced."]


async def test_the_row_says_how_far_it_is_and_how_it_ended(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        desk.rooms.may_answer.clear()
        desk.rooms.silence_outcome, desk.rooms.silence_reason = Outcome.FAILED, "Alertmanager answered 500"
        await opened(desk)
        await heard(desk)
        await desk.press("tab", "tab", *"why", "enter")
        assert "silencing …" in desk.row("errors")
        await desk.press("S")
        assert any("Already on its way" in toast for toast in desk.toasts())
        await desk.answer()
        assert "not silenced: Alert" in desk.row("errors")
        assert any("Not silenced" in toast and "answered 500" in toast for toast in desk.toasts())


HOSTILE = {
    "markup": " ".join(MARKUP.values()),
    "sequences": " ".join(SEQUENCES.values()),
    "quotes": 'say "no" \\ [/red] {a="b"} \\n',
    "lines": "one\ntwo\tthree",
    "long": LONG["ten thousand wide"],
}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_labels_are_matchers_like_any_other(text: str, size: tuple[int, int], waiting: Waiting) -> None:
    told: Record = replace(HELD, labels={"alertname": clean_line(text), "raw": text[:10_000]}, title=clean_line(text))
    if set("\x1b\x07\x00") & set(text):
        told = replace(told, labels={"alertname": clean_line(text)})
    standing = replace(FIRST, matchers=(Matcher("a", text),), comment=text, created_by=clean_line(text))
    silencer = FakeSilencer(standing, covered=[told])
    async with desk_with(silencer, alert(told), size=size, config=config_of(production=True)) as desk:
        await opened(desk)
        await heard(desk)
        assert [(one.name, one.value) for one in silencer.asked[0]] == sorted(told.labels.items())
        assert "covers 1 alert now" in desk.text()
        assert "PROD rewapp" in desk.text()
        await desk.press("tab", "tab", *"why", "enter")
        await desk.settle()
        (_, action, _), *_ = desk.rooms.silenced
        assert isinstance(action, Silence)
        assert read_matchers(" ".join(action.matchers)) == silencer.asked[0]
        desk.app.action_command("screen.silences")
        await heard(desk)
        assert "1 h left" in desk.text()


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
