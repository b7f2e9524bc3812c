"""Every step of every runbook that ships, in the demo: its checks, its stand-ins, and the pages that it asks for."""

from pathlib import Path

import pytest

from oncall_tui.runbook.catalogue.find import Rule, subject_of
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import StepKind
from oncall_tui.runbook.run.plan import Confirmation
from oncall_tui.runbook.run.states import State
from tests.integration.demo_site import FIVE, TEN, checked, demo

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("name", FIVE)
async def test_every_step_has_an_answer(name: str, tmp_path: Path) -> None:
    async with demo(tmp_path) as site:
        walked = await site.opens(name)
        assert checked(walked.run) == []
        for danger in (Danger.READ, Danger.CHANGE, Danger.DESTROY):
            await walked.through(danger)
        assert walked.wrong == []
        kinds = {step.id for step in walked.run.runbook.steps if step.kind is not StepKind.MANUAL}
        undoing = {step.id for step in walked.run.runbook.steps if step.options.is_undo_only}
        assert set(walked.done) == kinds - undoing


async def test_the_checks_of_the_ten_small_ones_have_values(tmp_path: Path) -> None:
    async with demo(tmp_path) as site:
        assert len(TEN) == 10
        for name in TEN:
            walked = await site.opens(name)
            assert checked(walked.run) == [], name
            await walked.through(Danger.READ)
            assert walked.wrong == [], name


async def test_the_latency_runbook_goes_from_the_alert_to_its_end(tmp_path: Path) -> None:
    async with demo(tmp_path) as site:
        alert = next(one for one in site.situation.alerts if "P95" in one.title and one.service == "api")
        found = await site.runbooks.fitting(subject_of(alert))
        assert (found.rule, found.candidates[0].entry.id) == (Rule.MATCH, "api-latency-high")
        walked = await site.opens("api-latency-high", alert)
        run = walked.run
        assert run.plan("rollback").advice.startswith("recommended: released '2.41.0'")
        await walked.through(Danger.READ)
        assert walked.wrong == []
        rollback = run.plan("rollback")
        ended = await (await run.start(rollback, Confirmation(rollback.floor, rollback.digest))).ended()
        assert ended.judged.state is State.DONE
        verified = await run.verify("rollback")
        assert verified is not None and verified.answer is True
        last = run.runbook.sections[-1]
        assert (done := await run.verify_section(last)) is not None and done.answer is True
