"""Hostile text in every place of a runbook, of its run and of the catalogue: drawn as it is, obeyed by nothing."""

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from textual.events import Paste

from oncall_tui.assembly.runbooks import Begun
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.catalogue.entry import Entry, entry_of
from oncall_tui.runbook.catalogue.find import Candidate
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.values.known import Known, Told
from oncall_tui.runbook.values.resolve import resolve
from oncall_tui.ui.screens.asking import Ask, Choose
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.run import RunScreen
from tests.nasty.corpus import LONG, MARKUP, SEQUENCES, UNICODE
from tests.ui.desk import config_of
from tests.ui.run_desk import AtRun, FakeRunbooks, at_run
from tests.ui.test_hostile import FORBIDDEN, assert_harmless
from tests.unit.runbook.run.helpers import Bench, confirmed, judge, ok, table, value

TEXTS = {
    **MARKUP,
    **SEQUENCES,
    **UNICODE,
    "long": LONG["ten thousand"][:2_000],
    "wide": LONG["ten thousand wide"][:2_000],
}

PLAIN = """\
## {0}

{0} `{0}` **{0}**

- {0}
- [ ] {0}

> {0}

| a | {0} |
|---|---|
| {0} | b |

```bash
$ kubectl get pods {0}
{0}
```

```{0}
ls <{0}>
```

"""

NATIVE = """\
---
oncall: 1
id: hostile
title: {0}
owner: {0}
match: [{{alertname: ApiSlow}}]
params:
  free: {{from: labels.free, pattern: "(?s).*", help: {0}}}
  strict: {{from: labels.strict, pattern: "[a-z]{{1,9}}", help: {0}}}
  one: {{choices: [a, {0}], help: {0}}}
  pid: {{pick: rows.pid, pattern: "[0-9]"}}
---
# {1}

```promql {{#cpu unit=% warn=70 crit=80}}
cpu
```

- [ ] {1}

```sql {{#rows danger=read db=api capture=rows:table}}
SELECT rows
```
```bash {{#count danger=read capture=text:string}}
describe "$free"
```
<!-- oncall
danger_reason: {0}
undo: {{manual: {0}}}
-->
```bash {{#deploy danger=change}}
change everything "$free" "$one" # [@click=app.quit]x[/] [bold red
```
<!-- oncall
needs: [rows]
confirm: {{type: "end {{pid}}", show: {2}}}
undo: {{none: {0}}}
-->
```bash {{#terminate danger=destroy}}
destroy "$pid"
```
"""


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


class Hostile(FakeRunbooks):
    """A catalogue of one file, read as files are, for an alert whose labels mean harm too."""

    def __init__(self, bench: Bench, text: str, said: str, name: str = "hostile") -> None:
        self._data = text.encode("utf-8", "surrogatepass")
        self._path = Path(f"/nowhere/{name}.md")
        self._said = said
        entry = entry_of(self._data, self._path, "team", f"{clean_line(said, 60)}.md")
        twice = tuple(Candidate(entry, clean_line(f"its match fits: {said}")) for _ in range(2))
        super().__init__(bench, entries=(entry,), candidates=twice)

    @property
    def entry(self) -> Entry:
        return self.entries[0]

    async def read(self, path: Path) -> Runbook:
        return read(self._data, self._path, judge)

    async def begin(
        self,
        runbook: Runbook,
        alert: Alert | None,
        situation: Situation,
        typed: Mapping[str, str] | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> Begun:
        begun = await super().begin(runbook, alert, situation, typed, on_change)
        labels = dict.fromkeys(("free", "strict"), clean_line(self._said))
        values = resolve(runbook.params, Known((Told(clean_line(self._said, 30), labels),)))
        for name, found in values.items():
            if found.text is not None:
                await begun.run.give(name, found.text, found.origin)
        return Begun(begun.run, values)


async def opened(at: AtRun) -> None:
    """The run of the first of the two files that fit."""
    await at.press("r")
    await at.until(lambda: isinstance(at.desk.app.screen, Choose))
    assert_harmless(at.desk, "choosing")
    await at.press("enter")
    await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))


def assert_no_button(at: AtRun) -> None:
    """Nothing that is drawn is an action to be clicked on."""
    for y, strip in enumerate(at.desk.app.screen._compositor.render_strips()):
        for segment in strip:
            assert segment.style is None or "@click" not in segment.style.meta, (y, segment.text)


async def test_any_page_with_it_is_drawn_to_its_end(bench: Bench) -> None:
    text = "---\ntitle: 'x'\n---\n# All\n\n" + "".join(PLAIN.replace("{0}", one) for one in TEXTS.values())
    async with at_run(bench, room=Hostile(bench, text, "calm"), opens=False) as at:
        await opened(at)
        page = at.screen.page
        at.drive.expanded.update(page.targets)
        at.screen.draw()
        lines = [page._laid.line(number, 115)[0] for number in range(page._laid.height)]
        drawn = "\n".join(line.plain for line in lines)
        assert not FORBIDDEN & set(drawn)
        assert not any("click" in str(span.style) for line in lines for span in line.spans)
        for name in ("brackets", "a button", "a closing tag", "a variable"):
            assert drawn.count(MARKUP[name]) >= 5, name
        for part in range(9):
            page.scroll_to(y=page.max_scroll_y * part / 8, animate=False, force=True)
            await at.desk.pilot.pause()
            assert_harmless(at.desk, f"line {page.scroll_y}")
            assert_no_button(at)
        assert bench.script.started == []


GROUPS = {
    "markup": " ".join(MARKUP.values()),
    "bytes": " ".join(
        one[:50] for name, one in {**SEQUENCES, **UNICODE}.items() if "half" not in name and "wrong" not in name
    ),
}


def native(said: str) -> str:
    """Every key of a native file says it, in the escapes of YAML; its markdown says what may stand there."""
    prose = clean_line(said, 300).replace("`", "'").replace("<!--", "<--")
    shown = said.replace("{", "(").replace("}", ")")  # What stands in braces there is a name to be filled in.
    return NATIVE.format(quoted(said), prose, quoted(shown))


def quoted(said: str) -> str:
    """As a text of YAML, every character as an escape that could be anything else."""

    def written(one: str) -> str:
        code = ord(one)
        return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"

    return '"' + "".join(one if one == " " or (one.isascii() and one.isalnum()) else written(one) for one in said) + '"'


async def is_state(at: AtRun, unit: str, *states: State) -> None:
    await at.until(lambda: at.drive.run.record.unit(unit).state in states)
    assert_harmless(at.desk, unit)


async def pressed(at: AtRun, *keys: str) -> None:
    """Press keys; nothing that is drawn after any of them does harm."""
    for key in keys:
        await at.press(key)
        assert_harmless(at.desk, key)


@pytest.mark.parametrize("said", GROUPS.values(), ids=GROUPS)
async def test_a_run_with_it_is_gone_through_dialog_by_dialog(said: str, bench: Bench) -> None:
    line = clean_line(said)
    bench.script.says("cpu", value(91))
    bench.script.says("SELECT rows", table(("1", said), (said, said), columns=("pid", line)))
    bench.script.says("describe", ok(clean(said), plain=said))
    bench.script.says("change", ok(clean(said), plain=said, exit=3, reason=line))
    room = Hostile(bench, native(said), said)
    async with at_run(bench, room=room, opens=False, size=(80, 24), config=config_of(production=True)) as at:
        await opened(at)
        assert not at.drive.run.runbook.is_refused, at.drive.run.runbook.errors
        for unit in ("rows", "count"):
            await at.go_to(unit)
            await pressed(at, "enter")
            if isinstance(at.desk.app.screen, Ask):
                assert unit == "count", "its label is refused, and it is said why"
                await at.type(*"free", "enter")
            await is_state(at, unit, State.DONE, State.FAILED)
        await at.go_to("count")
        for key in ("v", "m"):
            await pressed(at, key)
            assert_no_button(at)
            await pressed(at, "escape")
            await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
        await at.go_to("rows")
        await pressed(at, "p")
        assert isinstance(at.desk.app.screen, Choose)
        assert_no_button(at)
        await pressed(at, "escape")
        await a_change_is_run(at, said)
        await at.go_to("terminate")
        await pressed(at, "enter", "j", "enter")
        await at.until(lambda: isinstance(at.desk.app.screen, (RunScreen, Choose)))
        assert "pid" not in at.drive.run.record.params, "the second row does not fit its pattern"
        await pressed(at, "escape") if isinstance(at.desk.app.screen, Choose) else None
        await pressed(at, "enter", "enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        assert_no_button(at)
        await pressed(at, "escape", "escape", "4")
        await at.until(lambda: "open run" in at.text())
        assert_harmless(at.desk, "the catalogue")
        assert_no_button(at)
        assert at.desk.rooms.sent == []


async def a_change_is_run(at: AtRun, said: str) -> None:
    """Every value chosen, a reason pasted, and its end told."""
    await at.drive.run.give("one", "a", "typed")
    await at.go_to("deploy")
    await pressed(at, "s")
    at.desk.app.post_message(Paste(said))
    await at.settle()
    assert isinstance(at.desk.app.screen, Ask)
    assert_harmless(at.desk, "a reason")
    await pressed(at, "escape", "enter")
    await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
    assert_no_button(at)
    await pressed(at, "pagedown")
    at.desk.app.screen.dismiss(None)
    await at.settle()
    plan = at.drive.run.plan("deploy")
    at.desk.app.run_worker(at.drive.start(plan, confirmed(plan)), group="runbook", exit_on_error=False)
    await is_state(at, "deploy", State.FAILED, State.DONE)
    await pressed(at, "u", "enter", "escape")
