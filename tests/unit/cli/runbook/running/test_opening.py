"""Which run: begun for an alert and with values, or taken up again, on a real journal and real files."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import click
import pytest

from oncall_tui.assembly import Rooms
from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.cli.runbook.files import Unreadable
from oncall_tui.cli.runbook.running.opening import Wanted, opened
from oncall_tui.config.model import Config, RunbooksSettings
from oncall_tui.domain.situation import Situation
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.runbook.run.run import Run
from tests.unit.cli.fakes import CHECKOUT, NIGHT, NOW
from tests.unit.cli.runbook.running.scene import Answers, Told

TEXT = """\
---
oncall: 1
title: Slow
owner: team
match: [{alertname: Slow}]
params:
  service: {from: labels.service, pattern: "[a-z]{1,9}"}
  pod: {from: labels.pod, help: the one that hangs}
  row: {pick: rows.name}
  key: {type: secret, from: env.KEY}
  size: {type: int, default: 3}
---
# Slow

```bash {#rows danger=read capture=all:tsv columns="name,age"}
printf 'a\\t1\\n'
```
```bash {#look danger=read}
echo "$service" "$pod" "$row" "$size"
```
"""
ALERT = replace(CHECKOUT, records=tuple(replace(one, labels={"service": "api"}) for one in CHECKOUT.records))


@dataclass
class House:
    """A file, a journal, and whoever sits there."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "slow.md"

    @asynccontextmanager
    async def rooms(self, actor: str = "user:ada") -> AsyncIterator[Rooms]:
        journal = JournalKeeper(self.folder / "journal.sqlite3", lambda: NOW)
        environ = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "KEY": "hush"}
        environ |= {f"XDG_{kind}_HOME": str(self.folder / kind) for kind in ("CONFIG", "CACHE", "STATE")}
        config = Config(runbooks=RunbooksSettings(paths=(self.folder,), shipped=False))
        runbooks = Runbooks(config, (), journal, environ=environ, clock=lambda: NOW, actor=actor)

        async def look() -> Situation:
            return replace(NIGHT, alerts=(ALERT,))

        yield cast("Rooms", SimpleNamespace(runbooks=runbooks, look=look))
        runbooks.close()
        await journal.close()

    def wanted(self, **changes: Any) -> Wanted:
        return replace(Wanted(self.file, "", {}, {}, (), ""), **changes)

    async def open(
        self, told: Told | None = None, console: Answers | None = None, actor: str = "user:ada", **changes: Any
    ) -> tuple[Run, str]:
        told = told or Told()
        async with self.rooms(actor) as rooms:
            run = await opened(rooms, self.wanted(**changes), told, console)
            await run.end()
        return run, told.text

    async def begun(self, **changes: Any) -> str:
        """The id of a run that has begun."""
        return (await self.open(**changes))[0].record.run_id


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "slow.md").write_text(TEXT)
    return House(tmp_path)


async def test_values_come_first_with_where_each_is_from(house: House) -> None:
    run, told = await house.open(console=Answers(), alert="pagerduty/Q1", params={"size": "7"})
    assert told.splitlines() == [
        f"Slow   {house.file}",
        f"Run {run.record.run_id} for Checkout is slow (pagerduty/Q1)",
        "Values",
        "  service = api   (label service)",
        "  pod: nobody has said; the one that hangs",
        "  row: to be picked from the rows of rows",
        "  key = ‹secret:key›   (environment variable KEY)",
        "  size = 7   (typed)",
    ]
    assert "hush" not in told and "hush" not in repr(run.record)


async def test_without_a_terminal_it_says_how_a_value_is_given(house: House) -> None:
    house.file.write_text(TEXT.replace(", help: the one that hangs", ""))
    assert "  pod: nobody has said; --param pod=VALUE says\n" in (await house.open())[1]
    assert "  pod: nobody has said; it is asked for when a step needs it\n" in (await house.open(console=Answers()))[1]


async def test_labels_stand_for_an_alert_and_hostile_ones_are_told_and_not_used(house: House) -> None:
    run, told = await house.open(labels={"service": "api", "pod": "$(touch x)"})
    assert "  service = api   (label service)\n  pod: label pod = $(touch x) is not used: it" in told
    assert set(run.record.params) == {"service", "key"}


@pytest.mark.parametrize(
    ("text", "changes", "said"),
    [
        (TEXT, {"params": {"nothing": "1"}}, "The runbook has no parameter 'nothing'; it has service, pod, row"),
        (TEXT, {"params": {"size": "many"}}, "--param size: typed = many is not used: it is no whole number"),
        (TEXT, {"steps": ("nothing",)}, "The runbook has no step 'nothing': `oncall-tui runbook show` lists them."),
        (TEXT, {"alert": "Nothing"}, "No alert is called 'Nothing' now"),
        (TEXT.replace("title", "titel"), {}, "has errors and is not run: 3:1: error F2: unknown key `titel`"),
        ("", {}, "cannot be run. It is empty."),
        ("# Prose\n", {}, "cannot be run. It holds no step"),
    ],
)
async def test_what_is_not_there_is_told_before_a_run_begins(
    house: House, text: str, changes: Mapping[str, Any], said: str
) -> None:
    house.file.write_text(text)
    with pytest.raises(click.UsageError) as error:
        await house.open(**changes)
    assert said in error.value.message
    assert await _past(house) == 0


async def test_a_file_that_cannot_be_read_says_what_to_do(house: House) -> None:
    house.file.unlink()
    with pytest.raises(
        Unreadable, match=r"slow\.md cannot be read: No such file or directory\. Nothing of it"
    ) as error:
        await house.open()
    assert error.value.exit_code == 1


async def test_a_run_is_taken_up_again_as_it_was(house: House) -> None:
    run_id = await house.begun(labels={"service": "api"})
    run, told = await house.open(resume=run_id.lower(), file=None)
    assert told.splitlines() == [f"Slow   {house.file}", f"Run {run_id}, taken up again; user:ada drove it."]
    assert run.record.params["service"].value == "api"


async def test_a_file_that_has_changed_is_shown_with_what_is_other(house: House) -> None:
    run_id = await house.begun()
    house.file.write_text(TEXT.replace('echo "$service"', 'echo \x1b[2J "$service"').replace("title: Slow", "title: S"))
    told = Told()
    run, text = await house.open(told, resume=run_id)
    lines = text.splitlines()
    at = lines.index("The file has changed since; the run goes on with the text that it was begun with:")
    assert lines[at + 1 : at + 3] == ["  --- begun with", "  +++ now"]
    assert '  -echo "$service" "$pod" "$row" "$size"' in lines
    assert '  +echo \ufffd[2J "$service" "$pod" "$row" "$size"' in lines
    assert "  -title: Slow" in lines and "  +title: S" in lines
    assert run.runbook.title == "Slow"


async def test_a_long_difference_is_cut(house: House) -> None:
    run_id = await house.begun()
    house.file.write_text("\n".join(f"line {one}" for one in range(200)))
    lines = (await house.open(resume=run_id))[1].splitlines()
    assert lines[-1] == "  …"
    assert len(lines) < 70


async def test_a_file_that_is_gone_keeps_the_run(house: House) -> None:
    run_id = await house.begun()
    house.file.unlink()
    run, told = await house.open(resume=run_id)
    assert "Its file cannot be read any more (No such file or directory); it goes on with the text it was" in told
    assert [one.id for one in run.runbook.steps] == ["rows", "look"]


async def test_a_text_that_is_not_kept_any_more_is_told(house: House) -> None:
    run_id = await house.begun()
    house.file.write_text(TEXT + "\n- [ ] one more\n")
    for kept in (house.folder / "STATE").rglob("*"):
        if kept.is_file():
            kept.unlink()
    told = (await house.open(resume=run_id))[1]
    assert "The text that it was begun with is not kept any more: it goes on with the file as it is now." in told


async def test_a_run_of_somebody_else_is_taken_over_only_when_that_is_said(house: House) -> None:
    run_id = await house.begun()
    with pytest.raises(click.UsageError, match=r"user:ada drives this run: it is taken over at a terminal only\."):
        await house.open(actor="user:bob", resume=run_id)
    for answer in (Answers("n"), Answers("yes"), Answers()):
        with pytest.raises(click.UsageError, match=r"user:ada goes on driving it\."):
            await house.open(actor="user:bob", console=answer, resume=run_id)
    console = Answers("y")
    run, _ = await house.open(actor="user:bob", console=console, resume=run_id)
    assert run.record.driven_by == "user:bob"
    assert console.prompts == ["user:ada drives this run. Take it over? y:"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"params": {"nothing": "1"}}, "The runbook has no parameter 'nothing'"),
        ({"params": {"size": "many"}}, "--param size is not taken: it is no whole number"),
        ({"steps": ("nothing",)}, "The runbook has no step 'nothing'"),
    ],
)
async def test_what_is_wrong_takes_no_run_from_its_driver(house: House, changes: Mapping[str, Any], said: str) -> None:
    run_id = await house.begun()
    with pytest.raises(click.UsageError) as error:
        await house.open(actor="user:bob", console=Answers("y"), resume=run_id, **changes)
    assert said in error.value.message
    run, _ = await house.open(resume=run_id, params={"size": "9"})
    assert (run.record.driven_by, run.record.params["size"].value) == ("user:ada", "9")


async def test_a_closed_run_and_one_of_another_file_are_not_taken_up(house: House) -> None:
    run_id = await house.begun()
    other = house.folder / "other.md"
    other.write_text(TEXT)
    with pytest.raises(click.UsageError, match=r"is one of .*slow\.md, not of .*other\.md\."):
        await house.open(resume=run_id, file=other)
    async with house.rooms() as rooms:
        run = await opened(rooms, house.wanted(resume=run_id), Told(), None)
        await run.close("mended")
    with pytest.raises(click.UsageError, match=r"is closed: mended\. Begin a new one\."):
        await house.open(resume=run_id)


async def _past(house: House) -> int:
    async with house.rooms() as rooms:
        return len(await rooms.runbooks.past())
