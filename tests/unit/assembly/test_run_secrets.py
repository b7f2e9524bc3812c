"""Secrets of runs: read where nobody else waits, read again when a run is taken up, and never told."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oncall_tui.assembly import run_secrets
from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.config.model import Config, RunbooksSettings
from oncall_tui.config.secrets import Secret
from oncall_tui.domain.situation import Situation
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.runbook.run.plan import Confirmation, Floor
from oncall_tui.runbook.run.run import Run
from tests.unit.builders import NOW

SECRET = "hunter2-and-more"
TEXT = """\
---
oncall: 1
title: Slow
owner: team
match: [{alertname: Slow}]
params:
  repair: {type: secret, from: env.REPAIR_TOKEN}
---
# Slow

```bash {#look danger=read}
echo "$repair"
```
"""


class Desk:
    """Runbooks as one process after the other opens them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "team" / "slow.md"
        self.file.parent.mkdir()
        self.file.write_text(TEXT)
        self.journal = JournalKeeper(folder / "journal.sqlite3", lambda: NOW)
        self.opened: list[Runbooks] = []

    def process(self, **environ: str) -> Runbooks:
        """The room, in a new process with these variables."""
        own = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(self.folder / "state")}
        own |= {"XDG_CONFIG_HOME": str(self.folder / "config"), "XDG_CACHE_HOME": str(self.folder / "cache")}
        config = Config(runbooks=RunbooksSettings(paths=(self.file.parent,), shipped=False))
        made = Runbooks(config, (), self.journal, environ={**own, **environ}, clock=lambda: NOW, actor="user:a")
        self.opened.append(made)
        return made

    async def begun(self, room: Runbooks, **typed: str) -> str:
        """A run that has begun in one process; its id."""
        run = (await room.begin(await room.read(self.file), None, Situation(1, NOW), typed)).run
        return run.record.run_id


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    yield made
    for one in made.opened:
        one.close()
    await made.journal.close()


async def _printed(run: Run) -> str:
    await run.claim()
    plan = run.plan("look")
    assert plan.blocked == ()
    ended = await (await run.start(plan, Confirmation(Floor.PHRASE, plan.digest))).ended()
    return ended.executed.stdout


async def test_a_run_that_is_taken_up_has_its_secret_again_and_hides_it(desk: Desk) -> None:
    run_id = await desk.begun(desk.process(REPAIR_TOKEN=SECRET))
    resumed = await desk.process(REPAIR_TOKEN=SECRET).resume(run_id)
    assert (resumed.values["repair"].problem, resumed.values["repair"].shown) == ("", "‹secret:repair›")
    assert await _printed(resumed.run) == "[redacted secret]\n"
    assert all(SECRET not in str(one.payload) for one in await desk.journal.read(f"run:{run_id}"))


async def test_a_secret_that_is_gone_blocks_its_step_and_says_why(desk: Desk) -> None:
    run_id = await desk.begun(desk.process(REPAIR_TOKEN=SECRET))
    resumed = await desk.process().resume(run_id)
    words = "repair: it came from environment variable REPAIR_TOKEN, and no journal holds a secret: give it again"
    assert resumed.run.plan("look").blocked == (words,)
    await resumed.run.claim()
    await resumed.run.give("repair", SECRET, "typed")
    assert await _printed(resumed.run) == "[redacted secret]\n"


async def test_a_secret_that_was_typed_is_not_taken_from_elsewhere(desk: Desk) -> None:
    run_id = await desk.begun(desk.process(), repair="typed-by-hand")
    run = (await desk.process(REPAIR_TOKEN=SECRET).resume(run_id)).run
    assert run.plan("look").blocked == ("repair: it came from typed, and no journal holds a secret: give it again",)


async def test_what_was_closed_reads_no_secret(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    room = desk.process(REPAIR_TOKEN=SECRET)
    run_id = await desk.begun(room)
    await (await room.resume(run_id)).run.close("done")
    monkeypatch.setattr(run_secrets, "resolve", lambda *_, **__: pytest.fail("it was read"))
    assert (await room.resume(run_id)).values == {}


async def test_a_keyring_that_waits_for_its_password_holds_up_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answered = threading.Event(), threading.Event()

    def slow(reference: str, **_: object) -> Secret:
        asked.set()
        answered.wait(30)
        return Secret(SECRET)

    monkeypatch.setattr(run_secrets, "resolve", slow)
    room = desk.process(REPAIR_TOKEN=SECRET)
    waiting = asyncio.create_task(desk.begun(room))
    await asyncio.to_thread(asked.wait, 30)
    index = await asyncio.wait_for(room.index(), 30)
    assert [one.title for one in index.entries] == ["Slow"]
    assert not waiting.done()
    answered.set()
    await waiting
