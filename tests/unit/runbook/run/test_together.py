"""Two operators on one journal: each sees what the other did, and only one drives."""

import pytest

from oncall_tui.runbook.run.approving import RECORDED, Agreed
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.run.helpers import Bench, confirmed, do, ok, table


@pytest.fixture
async def both(bench: Bench) -> tuple[Run, Run]:
    """Ada drives, bob looks on."""
    ada = await bench.opened()
    return ada, (await bench.resumed()).run


async def test_notes_of_each_are_seen_by_the_other(both: tuple[Run, Run]) -> None:
    ada, bob = both
    await bob.note("the deploy was at 02:00")
    await ada.note("rolling back")
    await bob.note("watching the queue")
    for run in both:
        await run.pages.reload()
    said = [(actor, text) for _, actor, text in ada.record.notes]
    assert said == [
        ("user:bob", "the deploy was at 02:00"),
        ("user:ada", "rolling back"),
        ("user:bob", "watching the queue"),
    ]
    assert bob.record == ada.record
    assert (ada.pages.is_read_only, bob.pages.is_read_only) == (False, True)


async def test_a_note_of_somebody_who_looks_on_takes_the_wheel_from_nobody(both: tuple[Run, Run]) -> None:
    ada, bob = both
    await bob.note("careful")
    await ada.skip("queries", "not needed")  # Ada has not read the note yet.
    assert not ada.pages.is_read_only
    assert [text for _, _, text in ada.record.notes] == ["careful"]
    assert (await do(ada, "deploy")).judged.state is State.DONE
    await bob.pages.reload()
    assert bob.state_of("queries") is State.SKIPPED
    assert bob.state_of("deploy") is State.DONE


async def test_an_approval_of_the_other_is_seen_even_by_who_has_not_looked(bench: Bench, both: tuple[Run, Run]) -> None:
    ada, bob = both
    await ada.give("service", "prod", "typed")
    bench.script.says("SELECT pid", table(("17", "2026-01-01 10:00:00")))
    bench.script.says("SELECT destroy", ok("", columns=("ended",), rows=(("t",),), count=1))
    await do(ada, "queries")
    await ada.pick("queries", 0)
    await bob.pages.reload()
    await bob.approve(bob.plan("terminate"))
    await ada.note("asking bob")
    assert ada.agreed(ada.plan("terminate")) == Agreed("dba", "user:bob", RECORDED)
    plan = ada.plan("terminate")
    ended = await (await ada.start(plan, confirmed(plan, approval=""))).ended()
    assert ended.judged.state is State.DONE


async def test_a_claim_is_seen_by_who_drove(both: tuple[Run, Run]) -> None:
    ada, bob = both
    await bob.claim()
    await ada.pages.reload()
    assert (ada.record.driven_by, ada.pages.is_read_only, bob.pages.is_read_only) == ("user:bob", True, False)
    with pytest.raises(NotDriving, match="user:bob drives this run now"):
        await ada.skip("queries", "x")
    await ada.note("yours")
    await bob.pages.reload()
    assert [text for _, _, text in bob.record.notes] == ["yours"]


async def test_a_claim_that_was_not_seen_refuses_the_next_decision(both: tuple[Run, Run]) -> None:
    ada, bob = both
    await bob.note("taking over")
    await bob.claim()
    with pytest.raises(NotDriving, match="user:bob has gone on"):
        await ada.skip("queries", "x")
    assert ada.pages.is_read_only
