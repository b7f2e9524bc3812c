"""Somebody else has to agree: who, and what counts."""

from dataclasses import replace

import pytest

from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.approving import RECORDED, STATED, Agreed, Approvals, Lacking
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.run import NotStarted, Run
from tests.unit.runbook.run.helpers import RUN, Bench, confirmed, table


async def _at_terminate(bench: Bench) -> Run:
    """A run that has come to a step that a dba has to agree to."""
    run = await bench.opened()
    await run.give("service", "prod", "typed")
    bench.script.says("SELECT pid", table(("17", "2026-01-01 10:00:00")))
    plan = run.plan("queries")
    await (await run.start(plan, confirmed(plan))).ended()
    await run.pick("queries", 0)
    return run


async def _start(run: Run, stated: str = "") -> None:
    plan = run.plan("terminate")
    await (await run.start(plan, confirmed(plan, approval=stated))).ended()


async def _approval(bench: Bench) -> object:
    events = await bench.journals[0].read(f"run:{RUN}")
    return next(one for one in reversed(events) if one.kind == words.INTENT).payload.get("approval")


async def test_an_approval_by_somebody_without_the_role_does_not_count(bench: Bench) -> None:
    run = await _at_terminate(bench)
    mallory = (await bench.resumed(desk=bench.desk("s3", "user:mallory"))).run
    with pytest.raises(Refused, match="user:mallory is not dba"):
        await mallory.approve(mallory.plan("terminate"))
    plan = run.plan("terminate")
    # A session with another configuration let her.
    await mallory.pages.tell(words.APPROVED, {"unit": plan.unit, "role": plan.role, "digest": plan.digest})
    await run.pages.reload()
    with pytest.raises(NotStarted, match="user:mallory agreed, who is not dba: that does not count"):
        await _start(run)
    assert len(bench.script.started) == 1


async def test_who_has_the_role_agrees_in_an_own_session_and_the_intent_says_so(bench: Bench) -> None:
    bench.approvals = Approvals({"dba": ("bob",)}, is_shared=True)
    run = await _at_terminate(bench)
    bob = (await bench.resumed()).run
    await bob.approve(bob.plan("terminate"))
    with pytest.raises(NotStarted, match="has to agree first"):
        await _start(run)
    await run.pages.reload()
    assert run.agreed(run.plan("terminate")) == Agreed("dba", "user:bob", RECORDED)
    await _start(run)
    assert await _approval(bench) == {"role": "dba", "by": "user:bob", "how": RECORDED}


async def test_one_agrees_to_what_would_run_and_to_nothing_else(bench: Bench) -> None:
    run = await _at_terminate(bench)
    bob = (await bench.resumed()).run
    await bob.approve(bob.plan("terminate"))
    await run.pages.reload()
    bench.script.says("SELECT pid", table(("18", "2026-01-01 10:00:00")))
    plan = run.plan("queries")
    await (await run.start(plan, confirmed(plan))).ended()
    await run.pick("queries", 0)
    with pytest.raises(NotStarted, match="has to agree first"):
        await _start(run)


async def test_what_the_operator_states_is_journaled_as_that(bench: Bench) -> None:
    run = await _at_terminate(bench)
    await _start(run, "bob")
    assert await _approval(bench) == {"role": "dba", "by": "bob", "how": STATED}


@pytest.mark.parametrize(
    ("approvals", "stated", "told"),
    [
        (Approvals({"dba": ("bob",)}), "eve", "eve is not dba: that does not count"),
        (Approvals({"dba": ("ada", "bob")}), "ada", "one's own word does not count"),
        (Approvals({"dba": ("bob",)}, is_shared=True), "bob", "does not count where the journal is shared"),
        (Approvals(), "", "names nobody for dba"),
    ],
)
async def test_what_is_stated_and_does_not_count_says_why(
    bench: Bench, approvals: Approvals, stated: str, told: str
) -> None:
    bench.approvals = approvals
    run = await _at_terminate(bench)
    with pytest.raises(NotStarted, match=told):
        await _start(run, stated)


async def test_without_roles_a_statement_is_all_there_is(bench: Bench) -> None:
    bench.approvals = Approvals()
    run = await _at_terminate(bench)
    await _start(run, "Bob of the DBAs")
    assert await _approval(bench) == {"role": "dba", "by": "Bob of the DBAs", "how": STATED}


async def test_only_what_has_to_be_approved_and_can_be_told_is(bench: Bench) -> None:
    run = await bench.opened()
    await run.give("service", "prod", "typed")
    with pytest.raises(Refused, match="a value is missing"):
        await run.approve(run.plan("terminate"))
    with pytest.raises(Refused, match="nobody has to agree"):
        await run.approve(run.plan("deploy"))
    assert run.agreed(run.plan("deploy")) is None
    plan = replace(run.plan("deploy"), role="dba")
    assert isinstance(run.agreed(plan), Lacking)
