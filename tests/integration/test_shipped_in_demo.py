"""Every step of every runbook that ships, in the demo: its checks, its stand-ins, and the pages that it asks for."""

from pathlib import Path

import pytest

from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import StepKind
from oncall_tui.runbook.run.plan import Confirmation
from oncall_tui.runbook.run.states import State
from tests.integration.demo_site import FIVE, TEN, Walk, checked, demo

pytestmark = pytest.mark.integration


def left_out(walked: Walk) -> set[str]:
    """The steps that were not run, but for what is done by hand and what only undoes."""
    steps = walked.run.runbook.steps
    return {one.id for one in steps if one.kind is not StepKind.MANUAL and not one.options.is_undo_only} - {
        *walked.done
    }


@pytest.mark.parametrize("name", FIVE[1:])
async def test_every_step_has_an_answer(name: str, tmp_path: Path) -> None:
    async with demo(tmp_path) as site:
        walked = await site.opens(name)
        assert checked(walked.run) == []
        for danger in (Danger.READ, Danger.CHANGE, Danger.DESTROY):
            await walked.through(danger)
        assert (walked.wrong, left_out(walked)) == ([], set())


async def test_the_latency_runbook_goes_from_the_alert_to_its_end_and_every_step_of_it_has_an_answer(
    tmp_path: Path,
) -> None:
    async with demo(tmp_path) as site:
        walked = await site.opens(FIVE[0], await site.alert_of(FIVE[0]))
        run = walked.run
        assert checked(run) == []
        assert run.plan("rollback").advice.startswith("recommended: released is '2.41.0'")
        await walked.through(Danger.READ)
        assert walked.wrong == []
        rollback = run.runbook.step("rollback")
        assert rollback is not None and await walked.step(rollback) is not None
        verified = await run.verify("rollback")
        assert verified is not None and verified.answer is True
        last = run.runbook.sections[-1]
        assert (done := await run.verify_section(last)) is not None and done.answer is True
        for danger in (Danger.CHANGE, Danger.DESTROY):
            await walked.through(danger)
        assert (walked.wrong, left_out(walked)) == ([], set())


async def test_the_checks_of_the_ten_small_ones_have_values(tmp_path: Path) -> None:
    async with demo(tmp_path) as site:
        assert len(TEN) == 10
        for name in TEN:
            walked = await site.opens(name)
            assert checked(walked.run) == [], name
            await walked.through(Danger.READ)
            assert walked.wrong == [], name


HELPS = {
    "database-connections-exhausted": (["idle_by_app", "idle_count"], "end_idle"),
    "qr-code-failure": (["account", "task_count"], "scale_out"),
    "security-incident": (["blocked_now"], "block_ip"),
}
"""What has to be read first, and the step that mends it."""


async def test_with_all_incidents_each_of_the_five_has_its_alert_and_mends_what_it_is_about(tmp_path: Path) -> None:
    async with demo(tmp_path, with_all=True) as site:
        alerts = {name: await site.alert_of(name) for name in FIVE}
        for name, (first, then) in HELPS.items():
            run = (await site.opens(name, alerts[name])).run
            [check, *_] = [one for one in run.runbook.steps if one.kind is StepKind.PROMQL]
            assert run.record.unit(check.id).result is not None
            assert not run.plan(then).advice.startswith("not indicated"), name
            for unit in (*first, then):
                plan = run.plan(unit)
                live = await run.start(plan, Confirmation(plan.floor, plan.digest, plan.phrase))
                assert (await live.ended()).judged.state is State.DONE, unit
            verified = await run.verify(then)
            assert verified is not None and verified.answer is True, name


async def test_without_them_only_two_of_the_five_have_one(tmp_path: Path) -> None:
    async with demo(tmp_path) as site:
        for name in HELPS:
            with pytest.raises(AssertionError, match="no alert leads to"):
                await site.alert_of(name)
