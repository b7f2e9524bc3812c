"""Every key of a run, and what stands in the line of keys: what each asks, what it tells, and what becomes of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from textual.widgets import Static

from oncall_tui.runbook.run.approving import RECORDED, Agreed, Approvals, Lacking
from oncall_tui.runbook.run.opening import open_run, resume_run
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.screens.asking import Ask, Choose
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.dialogs import Notice, Question
from oncall_tui.ui.screens.pasting import PasteLines
from oncall_tui.ui.screens.run import RunScreen
from tests.ui.run_desk import AtRun, FakeRunbooks, at_run
from tests.unit.runbook.run.helpers import Bench, ok, runbook, value

TEXT = """\
---
oncall: 1
id: api-slow
title: API slow
owner: team
match: [{alertname: ApiSlow}]
escalate:
  - {to: P1, when: "cpu.value > 90"}
params:
  service: {from: labels.service, pattern: "[a-z][a-z0-9-]{1,39}"}
  env: {choices: [staging, prod], help: "where it is deployed"}
  tasks: {type: int, min: 1, max: 20}
  version: {pattern: "v[0-9]+"}
---
# API slow

```promql {#cpu unit=% warn=70 crit=80}
cpu{service="{{service}}"}
```

- [ ] Look at the traces.

## Change it

```bash {#count danger=read capture=desired:int}
describe "$service"
```
<!-- oncall
undo: scale_back
-->
```bash {#scale_out danger=change}
change "$service" "$tasks"
```
```bash {#scale_back danger=change undo_only needs=count}
change "$service" "$count_desired"
```
<!-- oncall
approve: {role: dba, when: "env == 'prod'"}
undo: {manual: "deploy the version of before"}
dry_run: show "$version"
-->
```bash {#deploy danger=change}
change everything "$version" "$env"
```

## Done when
<!-- oncall
verify: {check: cpu, expect: "cpu.value < 70", every: 30s, within: 2m}
-->

- [ ] It is quiet.
"""


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


def bodies(bench: Bench) -> list[str]:
    """What was started, checks apart."""
    return [one.body.strip() for one in bench.script.started if "cpu" not in one.body]


def footer(at: AtRun) -> str:
    return at.text().splitlines()[-1]


def objection(at: AtRun) -> str:
    """Why a text is not taken, on however many lines."""
    return str(at.desk.app.screen.query_one("#entry-problem", Static).content)


async def shows(at: AtRun, screen: type) -> None:
    await at.until(lambda: isinstance(at.desk.app.screen, screen))


async def is_state(at: AtRun, unit: str, state: State) -> None:
    await at.until(lambda: at.drive.run.record.unit(unit).state is state)


async def given(at: AtRun) -> None:
    """Every value that is asked for, so that nothing is."""
    for name, text in (("env", "staging"), ("tasks", "6"), ("version", "v7")):
        await at.drive.run.give(name, text, "typed")


async def changed(at: AtRun, unit: str) -> None:
    """Run a change, with everything that is asked on the way."""
    await at.go_to(unit)
    await at.press("enter")
    await shows(at, ConfirmStep)
    await at.press("y")
    await is_state(at, unit, State.DONE)


async def test_the_line_of_keys_names_what_works_on_the_row(bench: Bench) -> None:
    async with at_run(bench, text=TEXT) as at:
        await at.press("g")
        assert footer(at).startswith(" enter ask   s skip   d dry run   m do it myself   ? keys   esc leave")
        await at.press("j")
        assert footer(at).startswith(" enter tick   s skip   ? keys")
        await at.press("enter")
        assert "☑ Look at the traces." in at.text()
        await at.press("enter")
        assert "☐ Look at the traces." in at.text(), "the same key takes it away"
        await at.go_to("section:done-when")
        assert footer(at).startswith(" enter verify   ? keys   esc leave   v values   n next   x end the run")
        await at.press("n")
        assert at.screen.page.cursor == "count"
        await at.press("question_mark")
        await shows(at, Notice)
        assert "Keys of a run" in at.text() and "cancel what runs" in at.text()
        await at.press("question_mark")
        await shows(at, RunScreen)
        assert bodies(bench) == []


async def test_skipping_takes_a_reason_and_ending_says_how(bench: Bench) -> None:
    async with at_run(bench, text=TEXT) as at:
        await at.go_to("count")
        await at.press("s")
        await shows(at, Ask)
        await at.press("enter")
        assert "write something, or leave with esc" in at.text()
        await at.press("escape")
        assert at.drive.run.record.unit("count").state is State.PENDING
        await at.press("s")
        await at.type(*"known", "enter")
        await is_state(at, "count", State.SKIPPED)
        assert "» Count" in at.text() and "skipped: known" in at.text()
        await at.press("n")
        assert at.screen.page.cursor != "count", "what was skipped does not come next"
        await at.press("x")
        await shows(at, Ask)
        await at.type(*"fixed", "enter")
        await at.until(lambda: "This run is over: fixed." in at.text())
        assert "x end" not in footer(at) and "enter" not in footer(at)
        await at.go_to("deploy")
        for key in ("enter", "s", "d", "m", "x"):
            await at.press(key)
            assert isinstance(at.desk.app.screen, RunScreen), key
        assert "nothing more is started in it" in at.desk.toasts()[-1]
        assert bodies(bench) == []


async def test_a_dry_run_is_its_own_rehearsal_or_shows_what_would_run(bench: Bench) -> None:
    async with at_run(bench, text=TEXT) as at:
        await at.go_to("scale_out")
        await at.press("d")
        await shows(at, Notice)
        assert "What it would run" in at.text() and "‹tasks: told at run time›" in at.text()
        await at.press("escape")
        assert bodies(bench) == []
        await at.drive.run.give("version", "v7", "typed")
        await at.go_to("deploy")
        await at.press("d")
        if isinstance(at.desk.app.screen, ConfirmStep):
            assert "Rehearse this step?" in at.text()
            await at.press("y")
        await at.until(lambda: bodies(bench) == ['show "$version"'])
        assert at.drive.run.record.unit("deploy").state is not State.DONE, "a rehearsal does nothing"
        assert at.drive.run.changes() == ()


async def test_what_is_done_by_hand_is_copied_ticked_and_its_result_used(
    bench: Bench, given: list[tuple[str, bytes]]
) -> None:
    async with at_run(bench, text=TEXT) as at:
        await at.go_to("count")
        await at.press("m")
        await shows(at, Question)
        assert "export service=api" in at.text() and 'describe "$service"' in at.text()
        await at.press("y")
        await shows(at, PasteLines)
        assert "other steps use count.desired" in at.text()
        await at.type(*"many", "ctrl+s")
        await at.until(lambda: "Not taken: desired cannot be taken from that" in at.text())
        assert at.drive.run.record.unit("count").state is not State.DONE, "that is no number"
        await at.type(*["backspace"] * 4, "5", "ctrl+s")
        await is_state(at, "count", State.DONE)
        assert "desired  5" in at.text()
        assert bodies(bench) == []


async def test_a_wrong_value_is_told_why_and_a_choice_is_chosen(bench: Bench) -> None:
    async with at_run(bench, text=TEXT) as at:
        await at.press("v")
        await shows(at, Choose)
        assert "to be typed" in at.text() and "label service" in at.text()
        await at.press("j", "enter")
        await shows(at, Choose)
        assert "where it is deployed" in at.text()
        await at.press("j", "enter")
        await at.until(lambda: "env       prod      typed" in at.text())
        await at.press("j", "enter")
        await shows(at, Ask)
        assert "int, at least 1, at most 20" in at.text()
        for text, why in (("x", "It is no whole number."), ("0", "It is less than 1."), ("21", "It is more than 20.")):
            await at.type(*text, "enter")
            assert why in at.text()
            await at.type("backspace", "backspace")
            assert why not in at.text()
        await at.type("6", "enter")
        await at.until(lambda: "tasks     6         typed" in at.text())
        await at.press("j", "enter")
        await at.type(*"7", "enter")
        assert "It does not fit the pattern v[0-9]+." in at.text()
        await at.press("escape")
        await at.until(lambda: "version   not set" in at.text())
        await at.press("escape")
        await shows(at, RunScreen)
        assert {name: one.value for name, one in at.drive.run.record.params.items()} == {
            "service": "api",
            "env": "prod",
            "tasks": "6",
        }


async def test_what_a_role_has_to_agree_to_names_who_has_it(bench: Bench) -> None:
    async with at_run(bench, text=TEXT) as at:
        await at.go_to("deploy")
        await at.press("enter")
        await at.until(lambda: "Value of version" in at.text())
        await at.type(*"v7", "enter")
        await at.until(lambda: "Value of env" in at.text())
        await at.press("j", "enter")
        await shows(at, Ask)
        assert "Somebody who is dba has to agree first" in at.text()
        await at.type(*"eve", "enter")
        assert "eve is not dba: that does not count" in objection(at)
        await at.type(*["backspace"] * 3, *"ada", "enter")
        assert "one's own word does not count" in objection(at)
        await at.type(*["backspace"] * 3, *"bob", "enter")
        await shows(at, ConfirmStep)
        await at.press("y")
        await is_state(at, "deploy", State.DONE)


async def test_who_agreed_in_a_session_of_theirs_is_not_asked_for(bench: Bench) -> None:
    bench.approvals = Approvals({"dba": ("user:bob",)}, is_shared=True)
    async with at_run(bench, text=TEXT) as at:
        await given(at)
        await at.drive.run.give("env", "prod", "typed")
        await at.go_to("deploy")
        await at.press("enter")
        assert "They open this run where they are, and press a on this step." in at.desk.toasts()[-1]
        await at.press("a")
        assert "One's own word does not count" in at.desk.toasts()[-1]
        bob = (await resume_run(runbook(TEXT), bench.desk("s2", "user:bob"), at.drive.run.record.run_id)).run
        await bob.approve(bob.plan("deploy"))
        await at.press("enter")
        await shows(at, ConfirmStep)
        await at.press("y")
        await is_state(at, "deploy", State.DONE)


async def test_whoever_looks_on_agrees_to_what_is_shown_whole(bench: Bench) -> None:
    room = FakeRunbooks(bench, {"/nowhere/api-slow.md": TEXT})
    other = await open_run(runbook(TEXT), bench.desk("gone", "user:eve"), "01JD0000000000000000000099", {})
    for name, text in (("service", "api"), ("env", "prod"), ("version", "v7")):
        await other.give(name, text, "typed")
    await other.note("begun")
    async with at_run(bench, room=room, opens=False) as at:
        await at.press("4")
        await at.until(lambda: "open run" in at.text())
        await at.press("g", "enter")
        await shows(at, RunScreen)
        await at.go_to("count")
        assert footer(at).startswith(" w take over")
        await at.press("a")
        assert "Nobody has to agree to this step." in at.desk.toasts()[-1]
        await at.go_to("deploy")
        assert footer(at).startswith(" a agree as dba   w take over")
        await at.press("a")
        await shows(at, Question)
        assert 'change everything "$version" "$env"' in at.text() and "prod" in at.text()
        await at.press("escape")
        assert isinstance(other.agreed(other.plan("deploy")), Lacking)
        await at.press("a", "y")
        await other.pages.reload()
        assert other.agreed(other.plan("deploy")) == Agreed("dba", "user:ada", RECORDED)
        assert bodies(bench) == []


async def test_an_escalation_is_proposed_once_its_facts_are_so(bench: Bench) -> None:
    bench.script.says("cpu", value(84), value(95))
    async with at_run(bench, text=TEXT) as at:
        await is_state(at, "cpu", State.DONE)
        assert "P1 is indicated" not in at.text()
        await at.press("g", "enter")
        await at.until(lambda: "P1 is indicated: cpu 95 > 90" in at.text())


async def test_what_a_section_promises_is_asked_until_it_is_so(bench: Bench) -> None:
    async with at_run(bench, text=TEXT) as at:
        await is_state(at, "cpu", State.DONE)
        bench.script.says("cpu", value(84), value(75), value(60))
        await at.go_to("section:done-when")
        await at.press("enter")
        await at.until(lambda: "verified" in at.text())
        assert "84 % → 75 % → 60 %" in at.text()
        assert bench.waits[-2:] == [30.0, 30.0]
        assert bodies(bench) == []


async def test_changes_are_taken_back_from_a_list_with_the_newest_first(bench: Bench) -> None:
    bench.script.says("describe", ok("4\n"))
    async with at_run(bench, text=TEXT) as at:
        await at.press("u")
        assert "Nothing was changed in this run yet." in at.desk.toasts()[-1]
        await given(at)
        await at.go_to("count")
        await at.press("enter")
        await is_state(at, "count", State.DONE)
        await changed(at, "scale_out")
        await changed(at, "deploy")
        await at.press("u")
        await shows(at, Choose)
        lines = at.text().splitlines()
        ways = ("by hand: deploy the version of before", "undone by scale_back")
        newest, oldest = (next(n for n, line in enumerate(lines) if way in line) for way in ways)
        assert (oldest - newest, "Deploy" in lines[newest], "Scale out" in lines[oldest]) == (1, True, True)
        await at.press("enter")
        await shows(at, Ask)
        await at.type(*"v6", "enter")
        await at.until(lambda: bool(at.drive.run.record.unit("deploy").undone_by))
        await at.press("u", "j", "enter")
        await shows(at, ConfirmStep)
        await at.press("y")
        await at.until(lambda: bool(at.drive.run.record.unit("scale_out").undone_by))
        assert bench.script.started[-1].values["count_desired"] == "4"
        await at.press("u", "enter")
        assert "It was taken back already" in at.desk.toasts()[-1]


@pytest.mark.parametrize("answer", ["escape", "y"])
async def test_leaving_the_program_over_a_running_step_asks_first(answer: str, bench: Bench) -> None:
    bench.script.gate = asyncio.Event()
    async with at_run(bench, text=TEXT) as at:
        await given(at)
        await at.go_to("deploy")
        await at.press("enter", "y")
        await at.until(lambda: "deploy" in at.drive.run.running)
        assert "ctrl+c cancel" in footer(at) and "x end" not in footer(at)
        await at.press("x")
        assert "deploy goes on still: wait for its end" in at.desk.toasts()[-1]
        await at.press("ctrl+q")
        await shows(at, Question)
        assert "API slow: deploy" in at.text() and "Leaving cancels it" in at.text()
        run = at.drive.run
        await at.desk.pilot.press(answer)
        if answer == "escape":
            await shows(at, RunScreen)
            assert "deploy" in run.running
            await at.press("q", "r")
            await at.until(lambda: "unfinished run" in at.text())
            await at.press("enter")
            await shows(at, RunScreen)
            await at.press("c")
            await at.until(lambda: run.record.unit("deploy").state is State.CANCELLED)
    assert run.record.unit("deploy").state is State.CANCELLED, "and the journal knows"
