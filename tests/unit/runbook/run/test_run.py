"""A run: what may start, what is written before and after, and what it leaves."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.options import Capture, CaptureKind
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.captured import CaptureError, captured
from oncall_tui.runbook.run.deciding import Refused, next_of
from oncall_tui.runbook.run.live import Verifying
from oncall_tui.runbook.run.picking import rows_left
from oncall_tui.runbook.run.plan import Floor
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.run.helpers import RUN, TEXT, Bench, confirmed, do, ok, runbook, table, value


async def _kinds(bench: Bench) -> list[str]:
    return [one.kind for one in await bench.journals[0].read(f"run:{RUN}")]


async def test_a_reading_step_runs_at_a_key_and_leaves_its_capture(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("describe", ok("4\n"))
    bench.script.says("cpu", value(91))
    await run.checks()
    plan = run.plan("count")
    assert (plan.floor, plan.danger, plan.blocked, plan.advice) == (
        Floor.KEY,
        Danger.READ,
        (),
        "recommended: cpu 91 > 80",
    )
    ended = await do(run, "count")
    assert ended.judged.state is State.DONE
    assert run.record.unit("count").state is State.DONE
    assert run.known().names()["count.desired"] == 4
    assert run.known().names()["target"] == 6
    assert bench.script.started[-1].values == {"service": "api"}


async def test_the_intent_is_written_before_and_the_result_after(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("cpu", value(91))
    bench.script.gate = asyncio.Event()
    plan = run.plan("queries")
    live = await run.start(plan, confirmed(plan))
    assert await _kinds(bench) == [words.OPENED, words.PARAM, words.INTENT]
    assert run.record.unit("queries").state is State.UNKNOWN
    assert run.state_of("queries") is State.RUNNING
    bench.script.gate.set()
    await live.ended()
    assert (await _kinds(bench))[-1] == words.RESULT
    assert run.state_of("queries") is State.FAILED  # A table was promised, and none came.


async def test_an_intent_says_all_that_was_confirmed(bench: Bench) -> None:
    run = await bench.opened()
    await do(run, "queries")
    intent = next(one for one in await bench.journals[0].read(f"run:{RUN}") if one.kind == words.INTENT)
    assert intent.actor == "user:ada"
    assert intent.payload["unit"] == "queries"
    assert intent.payload["body"] == "SELECT pid, started FROM pg_stat_activity\n"
    assert intent.payload["danger"] == {"author": "read", "classifier": "read", "effective": "read", "reason": ""}
    assert intent.payload["target"] == "api"
    assert (intent.payload["host"], intent.payload["pid"], intent.payload["session"]) == ("laptop", os.getpid(), "s1")
    digest = bench.script.started[-1].digest
    assert intent.payload["digest"] == digest
    assert intent.payload["confirmation"] == {"mode": "key", "shown": digest}


async def test_without_a_journal_nothing_starts(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    run = await bench.opened()
    plan = run.plan("queries")

    async def locked(*args: object, **kwargs: object) -> None:
        raise JournalError("the journal cannot be used: another process holds its lock")

    monkeypatch.setattr(bench.journals[0], "append", locked)
    with pytest.raises(JournalError, match="holds its lock"):
        await run.start(plan, confirmed(plan))
    assert bench.script.started == []
    assert run.state_of("queries") is State.PENDING


async def test_a_result_that_cannot_be_written_is_kept_and_nothing_starts_before_it_is(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("SELECT", table(("1", "2026-01-01")))
    bench.script.gate = asyncio.Event()
    plan = run.plan("queries")
    live = await run.start(plan, confirmed(plan))
    keeper = bench.journals[0]
    append, keeper.append = keeper.append, _failing  # type: ignore[method-assign,assignment]
    bench.script.gate.set()
    ended = await live.ended()
    assert "disk is full" in ended.unwritten
    assert run.pages.unwritten == 1
    with pytest.raises(JournalError):
        await do(run, "queries", again=True)
    assert len(bench.script.started) == 1
    keeper.append = append  # type: ignore[method-assign]
    await do(run, "queries", again=True)
    assert run.pages.unwritten == 0
    assert (await _kinds(bench))[2:] == [words.INTENT, words.RESULT, words.INTENT, words.RESULT]


async def _failing(*args: object, **kwargs: object) -> None:
    raise JournalError("the disk is full")


async def test_needs_guard_and_values_block_in_words(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("cpu", value(91))
    await run.checks()
    plan = run.plan("scale_out")
    assert plan.prepared is None
    assert any("target" in one for one in plan.blocked)
    assert "count has to be done first" in plan.blocked
    bench.script.says("describe", ok("19"))
    await do(run, "count")
    assert run.plan("scale_out").blocked == ("its guard target <= max_tasks is false: target 21 > max_tasks 20",)
    bench.script.says("describe", ok("4"))
    await do(run, "count")
    plan = run.plan("scale_out")
    assert (plan.blocked, plan.floor) == ((), Floor.DIALOG)
    bench.clock.advance(minutes=6)
    await run.checks()
    assert any("count" in one for one in run.plan("scale_out").blocked)


async def test_what_is_not_indicated_asks_for_a_reason_and_what_cannot_be_told_does_not(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("cpu", value(None))
    await run.checks()
    assert run.plan("count").advice == "cannot tell: cpu has no data"
    assert run.plan("count").can_start
    bench.script.says("cpu", value(41))
    await run.checks()
    plan = run.plan("count")
    assert plan.advice == "not indicated: cpu 41 <= 80"
    with pytest.raises(NotStarted, match="Give a reason"):
        await run.start(plan, confirmed(plan))
    with pytest.raises(Refused, match="reason"):
        await run.override("when:scale-out", "  ")
    await run.override("when:scale-out", "the dashboard says otherwise")
    assert run.plan("count").can_start


async def test_what_changed_since_it_was_shown_does_not_start(bench: Bench) -> None:
    run = await bench.opened()
    plan = run.plan("deploy")
    await run.give("service", "other", "typed")
    with pytest.raises(NotStarted, match="changed since it was shown"):
        await run.start(plan, confirmed(plan))
    assert bench.script.started == []


async def test_a_confirmation_that_is_too_weak_starts_nothing(bench: Bench) -> None:
    run = await bench.opened()
    plan = run.plan("deploy")
    with pytest.raises(NotStarted, match="not confirmed"):
        await run.start(plan, confirmed(plan, mode=Floor.KEY))
    assert bench.script.started == []


async def test_a_row_is_picked_as_a_whole_and_its_end_takes_a_typed_phrase(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("SELECT pid", table(("17", "2026-01-01 10:00:00"), ("18", "2026-01-01 11:00:00")))
    await do(run, "queries")
    await run.pick("queries", 1)
    bench.script.says("destroy", table(("18", "t"), columns=("pid", "ended")))
    plan = run.plan("terminate")
    assert (plan.floor, plan.phrase, plan.role) == (Floor.PHRASE, "terminate 18", "")
    assert {one.name: (one.shown, one.origin) for one in plan.values} == {
        "pid": ("18", "picked from queries"),
        "started": ("2026-01-01 11:00:00", "picked from queries"),
    }
    for typed in ("", "terminate 17", "terminate 18 "):
        with pytest.raises(NotStarted, match="what was typed"):
            await run.start(plan, confirmed(plan, typed=typed))
    ended = await (await run.start(plan, confirmed(plan))).ended()
    assert ended.judged.state is State.DONE


async def test_exit_0_is_not_success_where_something_else_is_expected(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("SELECT pid", table(("17", "2026-01-01 10:00:00")))
    await do(run, "queries")
    await run.pick("queries", 0)
    for answer in (table(("17", "f"), columns=("pid", "ended")), table(columns=("pid", "ended"))):
        bench.script.says("destroy", answer)
        ended = await do(run, "terminate", again=True)
        assert ended.judged.state is State.FAILED
        assert "expected rows == 1" in ended.judged.reason


async def test_a_row_that_is_old_cut_or_no_value_is_not_picked(bench: Bench) -> None:
    run = await bench.opened()
    with pytest.raises(Refused, match="run queries first"):
        await run.pick("queries", 0)
    bench.script.says("SELECT pid", table(("17; rm", "2026-01-01 10:00:00"), ("18", "2026-01-01 10:00:00")))
    await do(run, "queries")
    with pytest.raises(Refused, match="pid of this row"):
        await run.pick("queries", 0)
    assert "pid" not in run.record.params
    with pytest.raises(Refused, match="no such row"):
        await run.pick("queries", 2)
    bench.clock.advance(minutes=3)
    with pytest.raises(Refused, match="too old"):
        await run.pick("queries", 1)


async def test_a_row_is_picked_from_the_rows_that_were_seen(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("SELECT pid", table(("17", "2026-01-01 10:00:00")), table(("18", "2026-01-01 10:00:00")))
    await do(run, "queries")
    seen = rows_left(run.known(), "queries").table
    await do(run, "queries", again=True)
    with pytest.raises(Refused, match="other rows since these were shown"):
        await run.pick("queries", 0, seen)
    assert "pid" not in run.record.params
    await run.pick("queries", 0, rows_left(run.known(), "queries").table)
    assert run.record.params["pid"].value == "18"


async def test_a_change_is_done_when_the_metric_says_so(bench: Bench) -> None:
    run = await _scaled(bench, 91, 85, 60)
    seen: list[Verifying] = []
    assert run.record.unit("scale_out").state is State.UNVERIFIED
    state = await run.verify("scale_out", seen.append)
    assert state is not None
    assert [(one.answer, one.value) for one in seen] == [(False, 91), (False, 85), (True, 60)]
    assert bench.waits == [30, 30]
    assert run.record.unit("scale_out").state is State.DONE


@pytest.mark.parametrize("answer", [91.0, None])
async def test_a_change_that_does_not_show_is_unverified(bench: Bench, answer: float | None) -> None:
    run = await _scaled(bench, answer)
    state = await run.verify("scale_out")
    assert state is not None
    assert state.answer is (None if answer is None else False)
    assert state.tries == 5
    assert run.record.unit("scale_out").state is State.UNVERIFIED
    assert next_of(run.runbook, run.record) is None


async def test_the_list_of_changes_undoes_with_the_values_of_before(bench: Bench) -> None:
    run = await _scaled(bench, 91)
    bench.script.says("describe", ok("6"))
    await do(run, "count")
    assert run.known().names()["count.desired"] == 6
    (change,) = run.changes()
    assert (change.unit, change.step, change.undone_by) == ("scale_out", "scale_back", "")
    plan = run.plan_undo(change)
    assert {one.name: one.shown for one in plan.values} == {"service": "api", "count_desired": "4"}
    assert plan.can_start, plan.blocked
    await (await run.start(plan, confirmed(plan))).ended()
    assert bench.script.started[-1].values == {"service": "api", "count_desired": "4"}
    assert run.changes()[0].undone_by == "scale_back"


async def _scaled(bench: Bench, *cpu: float | None) -> Run:
    run = await bench.opened()
    bench.script.says("cpu", value(91))
    bench.script.says("describe", ok("4"))
    await run.checks()
    await do(run, "count")
    await do(run, "scale_out")
    bench.script.says("cpu", *map(value, cpu))
    return run


async def test_a_retry_computes_from_the_same_pinned_value(bench: Bench) -> None:
    run = await _scaled(bench, 91)
    await do(run, "scale_out", again=True)
    assert [one.values["target"] for one in bench.script.started if "target" in one.values] == ["6", "6"]
    assert len(run.changes()) == 2


async def test_cancel_says_that_effects_are_unknown_and_the_change_stays_in_the_list(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.gate = asyncio.Event()
    plan = run.plan("deploy")
    live = await run.start(plan, confirmed(plan))
    live.cancel()
    assert (await live.ended()).judged.state is State.CANCELLED
    assert run.record.unit("deploy").state is State.CANCELLED
    assert [one.unit for one in run.changes()] == ["deploy"]
    assert next_of(run.runbook, run.record) is None


async def test_what_never_started_is_no_change(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("change", Executed(Ending.FAILED_TO_START, "no bash"))
    await do(run, "deploy")
    assert run.changes() == ()
    assert run.record.unit("deploy").state is State.FAILED


async def test_the_end_of_the_program_ends_what_runs_and_writes_it_down(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.gate = asyncio.Event()
    plan = run.plan("deploy")
    await run.start(plan, confirmed(plan))
    await run.end()
    assert run.record.unit("deploy").state is State.CANCELLED
    assert run.running == {}


async def test_a_second_key_press_starts_nothing(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.gate = asyncio.Event()
    plan = run.plan("deploy")
    outcomes = await asyncio.gather(*(run.start(plan, confirmed(plan)) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(one, NotStarted) for one in outcomes) == 2
    assert len(bench.script.started) == 1
    with pytest.raises(NotStarted, match="runs already"):
        await run.start(run.plan("deploy", again=True), confirmed(plan))
    await run.end()


async def test_manual_steps_skips_and_notes_stand_in_the_record(bench: Bench) -> None:
    run = await bench.opened()
    manual = next(step.id for step in run.runbook.steps if not step.commands)
    await run.tick(manual, "slowest is /pay")
    await run.skip("deploy", "not now")
    await run.note("called the team")
    record = run.record
    assert (record.unit(manual).state, record.unit(manual).note) == (State.DONE, "slowest is /pay")
    assert (record.unit("deploy").state, record.unit("deploy").note) == (State.SKIPPED, "not now")
    assert record.notes[0][2] == "called the team"
    await run.tick(manual, done=False)
    assert run.record.unit(manual).state is State.PENDING


async def test_what_was_done_by_hand_gives_its_capture(bench: Bench) -> None:
    run = await bench.opened()
    with pytest.raises(Refused, match="desired cannot be taken"):
        await run.by_hand("count", pasted="four")
    await run.by_hand("count", "in the console", "4\n")
    assert run.record.unit("count").state is State.DONE
    assert run.known().names()["target"] == 6


async def test_a_rehearsal_runs_its_own_command_and_changes_nothing_of_the_state(bench: Bench) -> None:
    run = await bench.opened()
    plan = run.plan_dry("deploy")
    assert plan.prepared is not None
    assert plan.prepared.body == 'show "$service"'
    await (await run.start(plan, confirmed(plan))).ended()
    assert run.record.unit("deploy").state is State.PENDING
    assert run.changes() == ()
    bench.script.says("describe", ok("4"))
    await do(run, "count")
    dry = run.plan_dry("scale_out")
    assert not dry.can_start
    with pytest.raises(NotStarted, match="a dry run starts nothing"):
        await run.start(dry, confirmed(dry))


async def test_somebody_else_has_to_approve_where_the_runbook_says_so(bench: Bench) -> None:
    run = await bench.opened()
    await run.give("service", "prod", "typed")
    bench.script.says("SELECT pid", table(("17", "2026-01-01 10:00:00")))
    await do(run, "queries")
    await run.pick("queries", 0)
    plan = run.plan("terminate")
    assert plan.role == "dba"
    with pytest.raises(NotStarted, match="who is dba has to agree"):
        await run.start(plan, confirmed(plan, approval=""))
    await run.approve(plan)
    with pytest.raises(NotStarted, match="who is dba has to agree"):
        await run.start(plan, confirmed(plan, approval=""))  # One's own word does not count.
    other = (await bench.resumed()).run
    await other.approve(other.plan("terminate"))
    await run.pages.reload()
    live = await run.start(run.plan("terminate"), confirmed(plan, approval=""))
    await live.ended()


GUARDED = TEXT.replace(
    "---\n# API slow",
    "guards:\n  - {require: [kubectl]}\n"
    '  - {check: "whoami-in-the-cloud", equals: config.aws.account}\n---\n# API slow',
)


async def test_guards_hold_back_what_does_more_than_read(bench: Bench) -> None:
    run = await bench.opened(runbook(GUARDED))
    assert run.plan("queries").can_start
    assert "has not been asked" in run.plan("deploy").blocked[0]
    bench.script.says("whoami", ok("111\n"))
    assert not await run.ask_guards()
    reasons = "; ".join(run.plan("deploy").blocked)
    assert "not on the PATH: kubectl" in reasons
    assert "the configuration has no config.aws.account" in reasons
    bench.programs.add("kubectl")
    bench.config["aws.account"] = "222"
    assert not await run.ask_guards()
    assert "it says '111' and not '222'" in "; ".join(run.plan("deploy").blocked)
    bench.config["aws.account"] = "111"
    assert await run.ask_guards()
    assert run.plan("deploy").can_start
    bench.clock.advance(minutes=16)
    assert not run.plan("deploy").can_start


async def test_a_secret_reaches_the_step_and_no_event(bench: Bench) -> None:
    text = TEXT.replace("let:\n", "  key: {type: secret, from: env.KEY}\nlet:\n").replace(
        "change everything", 'change "$key"'
    )
    run = await bench.opened(runbook(text))
    assert "key: nobody has given it a value yet" in run.plan("deploy").blocked
    await run.give("key", "swordfish9", "env KEY")
    plan = run.plan("deploy")
    assert {one.name: one.shown for one in plan.values}["key"] == "‹secret:key›"
    await do(run, "deploy")
    assert bench.script.started[-1].values["key"] == "swordfish9"
    assert bench.script.started[-1].secrets == {"key"}
    assert "swordfish9" not in str([one.payload for one in await bench.journals[0].read(f"run:{RUN}")])


async def test_a_value_that_the_journal_may_not_hold_works_in_this_session_and_is_asked_for_in_the_next(
    bench: Bench,
) -> None:
    text = TEXT.replace("capture=desired:int", "capture=desired").replace("count.desired + 2", "count.desired")
    run = await bench.opened(runbook(text))
    bench.script.says("describe", ok("ada@example.com\n"))
    await do(run, "count")
    assert run.known().names()["count.desired"] == "ada@example.com"
    assert "ada@example.com" not in str([one.payload for one in await bench.journals[0].read(f"run:{RUN}")])
    resumed = (await bench.resumed(runbook(text))).run
    assert "count.desired" not in resumed.known().names()
    assert "since it was redacted. Run count again" in "; ".join(resumed.plan("scale_back").blocked)


async def test_imported_blocks_are_commands_of_their_own_and_carry_their_variables(bench: Bench) -> None:
    text = '# Fix\n\n```bash\n$ NS=prod\n$ show "$NS"\n```\n'
    made = runbook(text)
    run = await bench.opened(made)
    units = [command.id for step in made.steps for command in step.commands]
    assert units == ["s1a", "s1b"]
    bench.script.says("NS=prod", ok("", left_behind={"NS": "prod"}, left_cwd=bench.folder))
    await do(run, "s1a")
    await do(run, "s1b")
    last = bench.script.started[-1]
    assert (last.carried, last.cwd, last.is_strict) == ({"NS": "prod"}, bench.folder, False)
    assert last.timeout == timedelta(seconds=60)


async def test_a_closed_run_starts_nothing(bench: Bench) -> None:
    run = await bench.opened()
    await run.close("solved")
    with pytest.raises(NotStarted, match="closed"):
        await do(run, "queries")


async def test_a_value_that_is_no_value_is_not_given(bench: Bench) -> None:
    run = await bench.opened()
    for hostile in ("$(touch x)", "-rf", "a b", "A", ""):
        with pytest.raises(Refused):
            await run.give("service", hostile, "typed")
    assert run.record.params["service"].value == "api"


HTTP = (
    TEXT.replace("let:\n", '  base_url: {from: config.urls.api, pattern: "https://[a-z.]+"}\nlet:\n')
    + """
## Look

```http {#health danger=read}
GET {{base_url}}/health?s={{service}}
```
"""
)


async def test_a_request_goes_to_the_host_of_the_configuration_whatever_is_given(bench: Bench) -> None:
    bench.config["urls.api"] = "https://api.example"
    run = await bench.opened(runbook(HTTP))
    await run.give("base_url", "https://evil.example", "config urls.api")
    plan = run.plan("health")
    assert plan.prepared is None
    assert "does not begin with a name of the configuration" in plan.blocked[0]
    await run.give("base_url", "https://api.example", "config urls.api")
    prepared = run.plan("health").prepared
    assert prepared is not None
    assert prepared.body.strip() == "GET https://api.example/health?s=api"
    assert prepared.target == "https://api.example"


async def test_a_plan_of_another_prepared_step_is_altered(bench: Bench) -> None:
    run = await bench.opened()
    plan = run.plan("deploy")
    assert plan.prepared is not None
    forged = replace(plan, prepared=replace(plan.prepared, body="change worse"))
    with pytest.raises(NotStarted):
        await run.start(forged, confirmed(forged))
    assert bench.script.started == []


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [
        (("total",), (("37",),), 37),
        (("total",), (), None),
        (("total",), (("1",), ("2",)), None),
        (("total", "more"), (("1", "2"),), None),
        (("total",), (("many",),), None),
    ],
)
def test_a_value_from_sql_is_the_only_cell_of_one_row(
    columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], expected: int | None
) -> None:
    capture = Capture("total", CaptureKind.INT)
    executed = Executed(Ending.EXITED, exit=0, plain="total\n37\n", columns=columns, rows=rows, count=len(rows))
    if expected is None:
        with pytest.raises(CaptureError):
            captured(capture, executed)
    else:
        assert captured(capture, executed) == expected


async def test_two_changes_at_once_are_one_change_also_while_the_intent_is_written(bench: Bench) -> None:
    text = (
        TEXT
        + '\n<!-- oncall\nundo: {manual: "by hand"}\n-->\n```bash {#drain danger=change}\nchange all "$service"\n```\n'
    )
    run = await bench.opened(runbook(text))
    bench.script.gate = asyncio.Event()
    plans = [run.plan(unit) for unit in ("deploy", "drain")]
    both = await asyncio.gather(*(run.start(plan, confirmed(plan)) for plan in plans), return_exceptions=True)
    assert [type(one).__name__ for one in both] == ["LiveStep", "NotStarted"]
    assert "deploy is still running" in str(both[1])
    bench.script.gate.set()


async def test_a_value_that_bash_would_compute_blocks_the_step_that_computes(bench: Bench) -> None:
    text = TEXT.replace('pattern: "[a-z][a-z0-9-]{1,39}"', 'pattern: ".{1,80}"').replace(
        'change everything "$service"', "change everything $((service + 1))"
    )
    run = await bench.opened(runbook(text))
    await run.give("service", "a[$(touch f)]", "label service")
    assert any("bash would run what stands there" in one for one in run.plan("deploy").blocked)
    assert run.plan("deploy").prepared is None
    await run.give("service", "41", "typed")
    assert run.plan("deploy").blocked == ()


async def test_what_is_ticked_comes_after_what_runs_and_a_branch_can_be_passed_over(bench: Bench) -> None:
    run = await bench.opened()

    def passed(step: Step) -> bool:
        return run.runbook.section_of(step).slug == "scale-out"

    assert next_of(run.runbook, run.record) == "cpu"
    await run.checks()
    assert next_of(run.runbook, run.record) == "count"
    assert next_of(run.runbook, run.record, passed) == "queries"
    for unit in ("queries", "terminate", "deploy"):
        await run.skip(unit, "known")
    (box,) = (one.id for one in run.runbook.steps if not one.commands)
    assert next_of(run.runbook, run.record, passed) == box
    await run.tick(box)
    assert next_of(run.runbook, run.record, passed) is None
