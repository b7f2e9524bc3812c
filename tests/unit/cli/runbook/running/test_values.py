"""Rows that are picked and values that are asked for at a step."""

from pathlib import Path

import pytest

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.runbook.running.showing import values_of
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.values.resolve import Value
from tests.unit.cli.runbook.running.scene import Answers, Scene
from tests.unit.runbook.run.helpers import do, judge, runbook, table

CHOICES = """\
---
oncall: 1
owner: me
match: [{alertname: A}]
params:
  env: {choices: [prod, test]}
  count: {type: int, min: 1, max: 9}
  wait: {type: duration, help: how long}
  key: {type: secret, from: env.KEY}
  spare: {required: false}
---
# A

```bash {#look danger=read}
describe "$env" "$count" "$wait" "$spare"
```
"""


@pytest.mark.parametrize("typed", [("0", "3", "x", "²", "1"), ("1",)])
async def test_a_row_is_picked_by_its_number_and_nothing_else(scene: Scene, typed: tuple[str, ...]) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "s no", "s no", "", *typed, "q"))
    assert (run.record.params["pid"].value, run.record.params["started"].value) == ("7", "2026-01-01 00:00:00")
    assert run.record.params["pid"].origin == "picked from queries"
    assert [one["text"] for one in scene.told.events if one["event"] == "picked"] == ["1"]


async def test_who_leaves_the_rows_is_asked_again_where_they_are_needed(scene: Scene) -> None:
    run = await scene.bench.opened()
    console = Answers("", "s no", "s no", "", "", "2", "q")
    await scene.drive(run, console)
    assert console.prompts.count("Which row? Its number, or Enter to leave it:") == 2
    assert run.record.params["pid"].value == "8"


async def test_another_row_is_picked_with_p(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "s no", "s no", "", "1", "p 2", "p", "1", "p 9", "", "q"))
    assert run.record.params["pid"].value == "7"
    assert "has no such row" in scene.told.text


async def test_rows_that_are_too_old_are_asked_for_again_before_one_is_picked(scene: Scene) -> None:
    run = await scene.bench.opened()
    await do(run, "queries")
    scene.bench.clock.advance(seconds=121)
    query = table(("8", "2026-01-02 00:00:00"), ("9", "2026-01-03 00:00:00"))
    scene.bench.script.says("pg_stat_activity", query)
    console = Answers("no", "p 1", "no", "", "2", "q")
    await scene.drive(run, console, named=["terminate"])
    assert scene.told.lines.count("   The rows of queries are older than 2 min: it is run again first.") == 3
    assert scene.started() == ["SELECT pid, started FROM pg_stat_activity"] * 2, "once for each Enter"
    assert run.record.params["pid"].value == "9", "the number was given for rows that nobody had seen"


async def test_rows_that_grow_old_before_one_is_picked_are_asked_for_again(scene: Scene) -> None:
    run = await scene.bench.opened()
    await do(run, "queries")

    class Slow(Answers):
        async def ask(self, prompt: str) -> str | None:
            if prompt.strip().startswith("Which row?") and len(self.lines) == 4:
                scene.bench.clock.advance(seconds=121)
            return await super().ask(prompt)

    await scene.drive(run, Slow("1", "", "2", "q"), named=["terminate"])
    assert "   run queries first, or again: its rows are not there, or too old" in scene.told.lines
    assert run.record.params["pid"].value == "8"


async def test_rows_that_nobody_has_asked_for_are_not_asked_for_by_themselves(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("p 1", "q"), named=["terminate"])
    assert "   run queries first: its rows are not there" in scene.told.lines
    assert scene.started() == []


async def test_a_long_table_shows_its_first_rows(scene: Scene) -> None:
    scene.bench.script.says("pg_stat_activity", table(*((str(one), "2026-01-01 00:00:00") for one in range(1, 61))))
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "s no", "s no", "", "", "q"))
    assert "     and 10 more" in scene.told.lines
    assert any(one.startswith("  50 50") for one in scene.told.lines)
    assert not any(one.startswith("  51 51") for one in scene.told.lines)


async def test_values_are_asked_for_with_what_they_may_be(scene: Scene) -> None:
    run = await scene.bench.opened(runbook(CHOICES))
    console = Answers("stage", "prod", "12", "many", "3", "soon", "5m", "q")
    await scene.drive(run, console)
    assert {name: one.value for name, one in run.record.params.items()} == {"env": "prod", "count": "3", "wait": "5m"}
    asked = list(dict.fromkeys(console.prompts))
    assert asked[:3] == [
        "env (prod, test; Enter leaves it):",
        "count (int; Enter leaves it):",
        "wait (how long; Enter leaves it):",
    ]
    assert scene.told.text.count("   the value of ") == 4
    assert [one["text"] for one in scene.told.events if one["event"] == "value"] == ["env", "count", "wait"]


async def test_a_value_that_is_left_blocks_its_step_and_is_asked_for_again(scene: Scene) -> None:
    run = await scene.bench.opened(runbook(CHOICES))
    console = Answers("", "", "", "", "prod", "1", "1m", "")
    assert await scene.drive(run, console, named=["look"]) is ExitCode.FINE
    assert "   blocked: env: nobody has given it a value yet" in scene.told.lines
    assert scene.started() == ['describe "$env" "$count" "$wait" "$spare"']


async def test_v_changes_a_value_and_refuses_what_is_none(scene: Scene) -> None:
    run = await scene.bench.opened(runbook(CHOICES))
    await scene.drive(run, Answers("prod", "1", "1m", "v env=test", "v env=x", "v nothing=1", "v", "q"))
    assert run.record.params["env"].value == "test"
    for told in ("   the value of env", "no parameter nothing", "no parameter"):
        assert told in scene.told.text


async def test_a_placeholder_is_asked_for_as_the_file_writes_it(scene: Scene) -> None:
    text = b"# A\n\n```\nkubectl describe pod <pod-name>\n```\n"
    run = await scene.bench.opened(read(text, Path("/nowhere/a.md"), judge))
    console = Answers("../x", "web-1", "")
    await scene.drive(run, console)
    assert console.prompts[0] == "pod (<pod-name> in the file, letters, digits and . _ -; Enter leaves it):"
    assert scene.started() == ['kubectl describe pod "${oc_pod}"']
    assert scene.bench.script.started[0].values == {"oc_pod": "web-1"}


async def test_a_row_is_picked_at_the_step_that_holds_them_too(scene: Scene) -> None:
    run = await scene.bench.opened()
    console = Answers("", "s no", "s no", "", "", "g queries", "p 2", "g queries", "p", "p 1", "q")
    await scene.drive(run, console)
    assert [one["text"] for one in scene.told.events if one["event"] == "picked"] == ["2", "1"]
    assert run.record.params["pid"].value == "7"


async def test_what_is_no_number_of_a_row_is_said(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("p 1", "", "s no", "s no", "", "second", "p 2", "q"))
    assert scene.told.lines.count("   That is no number of a row: they are counted from 1 to 2.") == 1
    assert scene.told.lines.count("   Nothing is picked from rows here.") == 1
    assert run.record.params["pid"].value == "8"


BASE = """\
---
oncall: 1
owner: me
match: [{alertname: A}]
params:
  base: {from: config.urls.api, pattern: "https://[a-z.]+"}
---
# A

```http {#look danger=read}
GET {{base}}/health
```
"""


async def test_the_host_of_an_address_is_not_asked_for_but_where_to_write_it(scene: Scene) -> None:
    run = await scene.bench.opened(runbook(BASE))
    console = Answers("q")
    await scene.drive(run, console)
    assert len(console.prompts) == 1
    told = 'it begins an address, and comes from the configuration alone: put urls.api = "…" under [runbooks.values]'
    assert f"   base: {told}" in scene.told.lines
    for can_ask in (True, False):
        assert list(values_of(run.runbook, {"base": Value("base")}, can_ask=can_ask)) == [f"  base: {told}"]
