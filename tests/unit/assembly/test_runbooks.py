"""The files of runbooks change under the screen: the catalogue follows at once, a run never does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.config.model import Config, RunbooksSettings
from oncall_tui.domain.situation import Situation
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.runbook.catalogue.find import Subject
from oncall_tui.runbook.execution import Chunk
from oncall_tui.runbook.run.plan import Confirmation
from oncall_tui.runbook.run.run import Run
from tests.unit.builders import NOW, PAGERDUTY, PROMETHEUS, alert, record

TEXT = """\
---
oncall: 1
title: Slow
owner: team
match: [{alertname: Slow}]
---
# Slow

```bash {#look danger=read}
echo before
```
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "team"
    folder.mkdir()
    (folder / "slow.md").write_text(TEXT)
    return folder / "slow.md"


@pytest.fixture
async def runbooks(tmp_path: Path, file: Path) -> AsyncIterator[Runbooks]:
    config = Config(runbooks=RunbooksSettings(paths=(file.parent,), shipped=False))
    journal = JournalKeeper(tmp_path / "journal.sqlite3", lambda: NOW)
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(tmp_path / "state")}
    environ |= {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    made = Runbooks(config, (), journal, environ=environ, clock=lambda: NOW, actor="user:a")
    yield made
    made.close()
    await journal.close()


def _write(file: Path, text: str) -> None:
    file.write_text(text)


def _delete(file: Path) -> None:
    file.unlink()


async def _begun(runbooks: Runbooks, file: Path) -> Run:
    return (await runbooks.begin(await runbooks.read(file), None, Situation(1, NOW))).run


async def _printed(run: Run) -> str:
    """What the step prints when it is run now."""
    plan = run.plan("look")
    heard: list[Chunk] = []
    await (await run.start(plan, Confirmation(plan.floor, plan.digest), heard.append)).ended()
    return "".join(one.text for one in heard)


async def test_a_run_keeps_the_text_that_it_was_begun_with_and_tells_that_the_file_is_another(
    runbooks: Runbooks, file: Path
) -> None:
    run = await _begun(runbooks, file)
    assert await runbooks.difference(run) is None
    shown = run.plan("look")
    _write(file, TEXT.replace("before", "behind"))
    assert await runbooks.difference(run) is not None
    assert run.plan("look").digest == shown.digest
    assert await _printed(run) == "before\n"
    assert await _printed(await _begun(runbooks, file)) == "behind\n"


async def test_a_run_that_is_taken_up_again_has_its_own_text(runbooks: Runbooks, file: Path) -> None:
    begun = await _begun(runbooks, file)
    await begun.note("looking at it")
    _write(file, TEXT.replace("before", "behind"))
    [past] = await runbooks.past()
    resumed = await runbooks.resume(past.run_id)
    assert await runbooks.difference(resumed.run) is not None
    assert resumed.run.plan("look").prepared == begun.plan("look").prepared


async def test_a_file_that_is_gone_is_told_and_one_that_came_back_is_not(runbooks: Runbooks, file: Path) -> None:
    run = await _begun(runbooks, file)
    _delete(file)
    assert await runbooks.difference(run) is not None
    assert await _printed(run) == "before\n"
    _write(file, TEXT)
    assert await runbooks.difference(run) is None


async def test_what_is_new_on_the_disk_is_found_at_once(runbooks: Runbooks, file: Path) -> None:
    assert not (await runbooks.fitting(Subject("Late"))).candidates
    _write(file.parent / "late.md", "# Late\n")
    [found] = (await runbooks.fitting(Subject("Late"))).candidates
    assert found.entry.relative == "late.md"
    _delete(file)
    assert [one.relative for one in (await runbooks.index()).entries] == ["late.md"]


async def test_only_runs_in_which_something_was_done_are_listed(runbooks: Runbooks, file: Path) -> None:
    looked_at, done = await _begun(runbooks, file), await _begun(runbooks, file)
    await looked_at.close("left")
    await _begun(runbooks, file)
    await _printed(done)
    assert [one.run_id for one in await runbooks.past()] == [done.record.run_id]
    assert [one.run_id for one in await runbooks.unfinished(str(file), "")] == [done.record.run_id]
    assert await runbooks.unfinished(str(file), "another alert") == ()


async def test_a_run_is_linked_to_the_alert_and_to_its_incident(runbooks: Runbooks, file: Path) -> None:
    prometheus, pagerduty = record(PROMETHEUS, "f1"), record(PAGERDUTY, "Q1")
    for records, incident in (((prometheus, pagerduty), "pagerduty/Q1"), ((prometheus,), "")):
        found = alert(*records)
        begun = await runbooks.begin(await runbooks.read(file), found, Situation(1, NOW))
        await begun.run.note("looking at it")
        [past] = [one for one in await runbooks.past() if one.run_id == begun.run.record.run_id]
        assert (past.alert, past.incident) == (found.id, incident)
