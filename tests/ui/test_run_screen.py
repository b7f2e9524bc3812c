"""The screen of a run: opened by a key, drawn as a page, its steps run after what their danger demands."""

import asyncio
import contextvars
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from textual import events

from oncall_tui.config.model import read_only
from oncall_tui.runbook.catalogue.find import Candidate
from oncall_tui.runbook.execution import Chunk, Stream
from oncall_tui.runbook.run.states import State
from oncall_tui.ui import later
from oncall_tui.ui.present.runbook.scene import Output
from oncall_tui.ui.screens.asking import Ask, Choose
from oncall_tui.ui.screens.confirm_step import ConfirmStep, PhraseField
from oncall_tui.ui.screens.find_runbook import FindRunbook
from oncall_tui.ui.screens.run import RunScreen
from oncall_tui.ui.typed_ahead import UNSEEN
from tests.ui.desk import config_of
from tests.ui.run_desk import AtRun, FakeRunbooks, at_run, entry
from tests.unit.runbook.run.helpers import TEXT, Bench, table, value


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


async def test_the_key_opens_the_runbook_with_its_checks_answered(bench: Bench) -> None:
    async with at_run(bench) as at:
        await at.until(lambda: at.drive.run.record.unit("cpu").state is State.DONE)
        await at.settle()
        text = at.text()
        assert "API slow" in text and "its match fits: alertname ApiSlow" in text
        assert "■ Cpu" in text and "91 %" in text and "crit 80 %" in text
        assert "recommended: cpu 91 > 80" in text
        assert "☐ Look at the traces." in text
        assert "needs count" in text


async def test_a_reading_step_runs_at_once_and_shows_what_it_printed(bench: Bench) -> None:
    async with at_run(bench) as at:
        await at.go_to("count")
        await at.press("enter")
        await at.until(lambda: at.drive.run.record.unit("count").state is State.DONE)
        await at.settle()
        assert "✓ Count" in at.text()
        assert isinstance(at.desk.app.screen, RunScreen)


async def test_output_that_comes_in_stays_in_sight(bench: Bench) -> None:
    rows = [(str(4_100 + number), "2026-11-21 12:00:00") for number in range(12)]
    bench.script.says("SELECT", table(*rows))
    text = TEXT.replace("```sql {#queries", "One.\n\nTwo.\n\nThree.\n\n```sql {#queries")
    async with at_run(bench, size=(80, 24), text=text) as at:
        page = at.screen.page
        await at.go_to("queries")
        entry_ = page._laid.entry_of("queries")
        assert entry_ is not None
        page.scroll_to(y=entry_.top + entry_.height - page.size.height, animate=False)
        await at.settle()
        height = entry_.height
        await _rows(at)
        await at.settle()
        grown = page._laid.entry_of("queries")
        assert grown is not None and grown.height > height
        assert grown.top + grown.height <= round(page.scroll_y) + page.size.height


async def test_output_is_drawn_wherever_it_is_told_from_and_once_for_many_pieces(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[float] = []
    draw = RunScreen.draw

    def counted(screen: RunScreen) -> None:
        drawn.append(asyncio.get_running_loop().time())
        draw(screen)

    async with at_run(bench) as at:
        await at.until(lambda: at.drive.run.record.unit("cpu").state is State.DONE)
        monkeypatch.setattr(RunScreen, "draw", counted)
        output = at.drive.outputs["count"] = Output()

        def tell() -> None:
            for number in range(1_000):
                output.hear(Chunk(Stream.OUT, f"line {number}\n"))
                at.drive.changed()

        # The transports of a child process call where nothing of the screen is known: no app, no message under way.
        asyncio.get_running_loop().call_soon(tell, context=contextvars.Context())
        await at.until(lambda: "line 999" in at.text())
        assert "… 996 more above" in at.text()
        assert len(drawn) == 1
        await at.press("escape")
        at.drive.changed()
        await at.settle()
        assert len(drawn) == 1, "a run that nobody looks at is not drawn"


async def test_a_change_is_asked_about_and_verified(bench: Bench) -> None:
    async with at_run(bench) as at:
        await at.go_to("count")
        await at.press("enter")
        await at.until(lambda: at.drive.run.record.unit("count").state is State.DONE)
        bench.script.says("cpu", value(84), value(60))
        await at.go_to("scale_out")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        text = at.text()
        assert 'change "$service" "$target"' in text
        assert "count.desired + 2" in text and "undone by scale_back" in text
        await at.press("enter")
        assert isinstance(at.desk.app.screen, ConfirmStep), "enter does not answer"
        await at.press("y")
        await at.until(lambda: at.drive.run.record.unit("scale_out").state is State.DONE)
        await at.settle()
        text = at.text()
        assert "84 % → 60 %   wanted cpu < 70 %" in text and "verified" in text
        asked = at.drive.run.record.unit("cpu").result
        assert asked is not None and asked.value == 60, "asked anew once the change shows"
        assert "not indicated: cpu 60 <= 80" in text


async def _rows(at: AtRun) -> None:
    await at.go_to("queries")
    await at.press("enter")
    await at.until(lambda: at.drive.run.record.unit("queries").state is State.DONE)


async def test_a_row_is_picked_and_destroying_takes_a_typed_phrase(bench: Bench) -> None:
    bench.script.says("destroy", table(("41", "t"), columns=("pid", "ended")))
    async with at_run(bench) as at:
        await at.go_to("count")
        await at.press("enter")
        await at.until(lambda: at.drive.run.record.unit("count").state is State.DONE)
        await _rows(at)
        await at.go_to("terminate")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))
        assert "2026-11-21 12:01:00" in at.text()
        await at.press("down", "enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        assert at.drive.run.record.params["pid"].value == "42"
        assert "terminate 42" in at.text() and "4 tasks are there" in at.text()
        at.desk.app.screen.query_one(PhraseField).post_message(events.Paste("terminate 42"))
        await at.settle()
        assert at.desk.app.screen.query_one(PhraseField).value == ""
        await at.type(*"terminate", "space", *"41", "enter")
        assert isinstance(at.desk.app.screen, ConfirmStep), "another phrase"
        await at.press("backspace", "2", "enter")
        await at.until(lambda: at.drive.run.record.unit("terminate").state is State.DONE)
        assert [one.values.get("pid") for one in bench.script.started if "destroy" in one.body] == ["42"]
        assert "picked 42, 2026-11-21 12:01:00" in at.text(), "beside the step that the row is from"


async def test_a_long_command_has_to_be_seen_whole_before_y_counts(bench: Bench) -> None:
    long = "\n".join(f"change {number}" for number in range(45))
    text = TEXT.replace('change everything "$service"', long)
    async with at_run(bench, size=(80, 24), text=text) as at:
        await at.go_to("deploy")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await at.press("y")
        assert isinstance(at.desk.app.screen, ConfirmStep)
        assert "show the rest of the command first" in at.text()
        await at.press("G", "y")
        assert isinstance(at.desk.app.screen, ConfirmStep), "a jump shows nothing of what is between"
        await at.press("g")
        await at.type(*["j"] * 30)
        await at.press("y")
        await at.until(lambda: at.drive.run.record.unit("deploy").state is State.DONE)


async def test_keys_that_come_too_early_are_not_heard_and_that_is_told_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    async with at_run(bench, settle_s=3_600.0) as at:
        await at.go_to("deploy")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        monkeypatch.setattr(at.desk.app, "say", lambda text, **_: said.append(text))
        await at.press("enter", "j")
        assert said == [], "of what means nothing to it nothing is said"
        await at.press("y", "escape")
        assert isinstance(at.desk.app.screen, ConfirmStep)
        assert said == [UNSEEN]
        assert not bench.script.started or all("everything" not in one.body for one in bench.script.started)


async def test_what_changed_meanwhile_is_shown_again(bench: Bench) -> None:
    async with at_run(bench) as at:
        await at.go_to("deploy")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await at.drive.run.give("service", "other", "typed")
        await at.press("y")
        await at.until(lambda: "Something has changed since you saw it" in at.text())
        assert all("everything" not in one.body for one in bench.script.started)
        await at.press("y")
        await at.until(lambda: at.drive.run.record.unit("deploy").state is State.DONE)
        assert [one.values["service"] for one in bench.script.started if "everything" in one.body] == ["other"]


async def test_a_read_only_screen_reads_and_starts_no_change(bench: Bench) -> None:
    config = read_only(config_of())
    async with at_run(bench, config=config) as at:
        await at.go_to("count")
        await at.press("enter")
        await at.until(lambda: at.drive.run.record.unit("count").state is State.DONE)
        await at.go_to("deploy")
        await at.press("enter")
        assert any("read-only" in one for one in at.desk.toasts())
        assert all("everything" not in one.body for one in bench.script.started)


async def test_a_branch_that_is_not_indicated_is_folded_and_running_in_it_takes_a_reason(bench: Bench) -> None:
    bench.script.says("cpu", value(41))
    async with at_run(bench) as at:
        await at.until(lambda: "not indicated: cpu 41 <= 80" in at.text())
        assert "Count" not in at.text()
        await at.go_to("section:scale-out")
        await at.press("enter")
        assert "Count" in at.text()
        await at.go_to("count")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, Ask))
        await at.type(*"peak", "enter")
        await at.until(lambda: at.drive.run.record.unit("count").state is State.DONE)
        assert at.drive.run.record.overridden == {"when:scale-out": "peak"}


async def test_the_cursor_stays_at_the_branch_that_it_opens_and_can_fold_it_again(bench: Bench) -> None:
    bench.script.says("cpu", value(41))
    async with at_run(bench) as at:
        await at.until(lambda: "not indicated: cpu 41 <= 80" in at.text())
        await at.go_to("section:scale-out")
        for is_open, word in ((True, " fold "), (False, " open "), (True, " fold ")):
            await at.press("enter")
            assert ("Count" in at.text(), at.screen.page.cursor) == (is_open, "section:scale-out")
            assert f"enter{word}" in at.text()
        await at.press("j")
        assert at.screen.page.cursor == "count"
        await at.press("k")
        assert at.screen.page.cursor == "section:scale-out"


async def test_a_branch_does_not_fold_around_the_cursor(bench: Bench) -> None:
    bench.script.says("cpu", value(None))
    async with at_run(bench) as at:
        await at.until(lambda: "cannot tell: cpu has no data" in at.text())
        await at.go_to("count")
        bench.script.says("cpu", value(41))
        await at.drive.run.checks()
        await at.until(lambda: "not indicated: cpu 41 <= 80" in at.text())
        assert ("Count" in at.text(), at.screen.page.cursor) == (True, "count")
        await at.press("k")
        assert at.screen.page.cursor == "s2", "the step before, and not the top of the page"
        assert "Count" not in at.text()


async def test_what_comes_next_is_in_no_branch_that_is_not_indicated_and_runs_only_in_sight(bench: Bench) -> None:
    bench.script.says("cpu", value(41))
    long = TEXT.replace("## End the query", "## End the query\n" + "\nMuch to read.\n" * 30)
    async with at_run(bench, size=(80, 24), text=long) as at:
        await at.until(lambda: "not indicated: cpu 41 <= 80" in at.text())
        await at.press("n")
        assert at.screen.page.cursor == "queries"
        at.screen.page.scroll_to(y=0, animate=False)
        await at.settle()
        assert "Queries" not in at.text()
        await at.press("enter")
        assert at.drive.run.record.unit("queries").state is State.PENDING, "it was out of sight"
        assert "▸ ○ Queries" in at.text()
        await at.press("enter")
        await at.until(lambda: at.drive.run.record.unit("queries").state is State.DONE)


async def test_leaving_goes_on_and_the_key_offers_the_run_again(bench: Bench) -> None:
    bench.script.gate = asyncio.Event()
    async with at_run(bench) as at:
        await at.go_to("deploy")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await at.press("y")
        await at.until(lambda: "deploy" in at.drive.run.running)
        assert "leave running" in at.text()
        await at.press("escape")
        assert not isinstance(at.desk.app.screen, RunScreen)
        await at.press("r")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))
        assert "unfinished run" in at.text()
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
        await at.press("ctrl+c")
        await at.until(lambda: at.drive.run.record.unit("deploy").state is State.CANCELLED)
        await at.settle()
        assert "cancelled, effects unknown" in at.text()
        bench.script.gate.set()


async def test_a_run_that_was_only_looked_at_is_shown_again_without_a_question(bench: Bench) -> None:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    found = Candidate(msgspec.structs.replace(entry(), sha256=digest), "its match fits")
    async with at_run(bench, room=FakeRunbooks(bench, candidates=(found,))) as at:
        first = at.drive
        await at.press("escape", "r")
        await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
        assert at.drive is first and len(later.runs(at.desk.app).drives) == 1
        await first.run.skip("deploy", "not needed")
        await at.press("escape", "r")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))


async def test_without_a_runbook_it_is_searched(bench: Bench) -> None:
    room = FakeRunbooks(bench, candidates=())
    async with at_run(bench, room=room, opens=False) as at:
        await at.press("r")
        await at.until(lambda: isinstance(at.desk.app.screen, FindRunbook))
        await at.until(lambda: "all runbooks" in at.text())
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
        assert "API slow" in at.text()


async def test_several_that_fit_are_listed_with_the_rule(bench: Bench) -> None:
    two = tuple(Candidate(entry(name), "a heading has the name of the alert") for name in ("api-slow", "api-down"))
    async with at_run(bench, room=FakeRunbooks(bench, candidates=two), opens=False) as at:
        await at.press("r")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))
        assert at.text().count("a heading has the name of the alert") == 2
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))


async def test_a_runbook_that_cannot_be_read_is_told(bench: Bench) -> None:
    async with at_run(bench, room=FakeRunbooks(bench, failure=OSError("the disk is gone")), opens=False) as at:
        await at.press("r")
        await at.until(lambda: any("the disk is gone" in one for one in at.desk.toasts()))
