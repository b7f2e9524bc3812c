"""Who looks on follows the run by itself, sees who drives since when, and whether anybody still does."""

from dataclasses import replace

import pytest

from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.ports import Operator
from oncall_tui.runbook.run.presence import presence_of
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.run.helpers import Bench, confirmed, do

BOB = Operator("user:bob", "laptop", 4712, "s2")


async def test_a_look_reads_only_what_is_new_and_tells_of_it(bench: Bench) -> None:
    ada = await bench.opened()
    bob = (await bench.resumed()).run
    reads: list[str] = []
    journal = bob.desk.journal
    plain = journal.read

    async def read(stream: str) -> object:
        reads.append(stream)
        return await plain(stream)

    journal.read = read  # type: ignore[method-assign,assignment]
    assert not await bob.look() and not reads
    await ada.skip("queries", "not needed")
    assert await bob.look() and len(reads) == 1
    assert bob.state_of("queries") is State.SKIPPED
    assert not await ada.look()


async def test_what_the_driver_has_begun_runs_for_who_looks_on_and_is_unknown_once_nobody_drives(bench: Bench) -> None:
    ada = await bench.opened()
    await ada.pages.decide(words.INTENT, {"unit": "deploy", "step": "deploy", "session": "s1"})
    bob = (await bench.resumed()).run
    assert bob.state_of("deploy") is State.RUNNING
    there = presence_of(bob.record, BOB, lambda pid: True)
    assert (there.actor, there.host, there.gone) == ("user:ada", "laptop", "")
    assert there.since == bob.record.opened_at and there.heard_at == bench.clock()
    assert presence_of(bob.record, BOB, lambda pid: False).gone == "is gone, its program has died"
    elsewhere = replace(BOB, host="desktop")
    assert presence_of(bob.record, elsewhere, lambda pid: False).gone == "", "of another host nobody can tell"
    await bob.claim()
    assert bob.state_of("deploy") is State.UNKNOWN


async def test_a_driver_that_ends_its_program_says_so_and_can_be_relieved(bench: Bench) -> None:
    ada = await bench.opened()
    bob = (await bench.resumed()).run
    await do(ada, "deploy")
    await ada.end()
    await bob.look()
    assert bob.presence.gone == "has ended the program" and bob.pages.is_read_only
    with pytest.raises(NotDriving):
        await bob.skip("queries", "it is not ours yet")
    bench.clock.advance(minutes=5)
    since = bench.clock.now
    await bob.claim()
    assert (bob.presence.actor, bob.presence.since, bob.presence.gone) == ("user:bob", since, "")
    plan = bob.plan("deploy", again=True)
    assert (await (await bob.start(plan, confirmed(plan))).ended()).judged.state is State.DONE


async def test_nobody_is_told_of_leaving_a_run_that_was_only_looked_at_or_is_closed(bench: Bench) -> None:
    ada = await bench.opened()
    await ada.end()
    assert ada.record.left_at is None
    await ada.note("seen")
    await ada.close("solved")
    await ada.end()
    assert ada.record.left_at is None


async def test_a_driver_that_was_relieved_learns_it_and_leaves_without_a_word(bench: Bench) -> None:
    ada = await bench.opened()
    await ada.note("going to bed")
    bob = (await bench.resumed()).run
    await bob.claim()
    heard: list[bool] = []
    ada._on_change = lambda: heard.append(ada.pages.is_read_only)
    assert await ada.look() and heard == [True]
    await ada.end()
    await bob.look()
    assert bob.record.left_at is None and not bob.pages.is_read_only
