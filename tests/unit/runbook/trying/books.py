"""A runbook with a test file, and what trying it says."""

import asyncio
from pathlib import Path

from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.reading.read import read_file
from oncall_tui.runbook.trying.cases import CaseFile
from oncall_tui.runbook.trying.files import try_file
from oncall_tui.runbook.trying.reading import read_cases

SHIPPED = Path(__file__).parents[4] / "runbooks"

BOOK = """\
---
oncall: 1
id: busy
title: Busy
owner: team
match: [{alertname: Busy}]
params:
  service: {from: labels.service, pattern: "[a-z]{1,9}"}
  words: {default: "x", pattern: "(?s).*"}
  pid: {type: int, pick: sessions.pid}
let:
  target: "count.tasks + 2"
guards:
  - {check: "echo 1", equals: config.account}
---
# Busy

```promql {#cpu reduce=max}
cpu{service="{{service}}"}
```

## Scale
<!-- oncall
when: cpu.value > 80
-->

```bash {#count danger=read capture=tasks:int}
echo "$service" "$words"
```
<!-- oncall
needs: [count]
verify: {check: cpu, expect: "cpu.value < 80", every: 10s, within: 1m}
undo: {none: "it stays"}
-->
```bash {#scale danger=change}
touch "$target"
```

## End

- [ ] Ask the owner.

```sql {#sessions danger=read db=main capture=all:table}
SELECT pid FROM pg_stat_activity
```
<!-- oncall
confirm: {type: "end {pid}"}
expect: rows == 1
undo: {none: "it is gone"}
-->
```sql {#end danger=destroy db=main}
SELECT pg_terminate_backend(:'pid'::int)
```
"""


def written(folder: Path, cases: str, book: str = BOOK) -> CaseFile:
    """The test file that a text is."""
    (folder / "busy.md").write_text(book)
    path = folder / "busy_test.yml"
    path.write_text(cases)
    return read_cases(path, lambda one: read_file(one, judge))


def problems(folder: Path, case: str, book: str = BOOK) -> list[str]:
    """What trying one case says; ``case`` are the lines below its name."""
    lines = "\n".join(f"    {line}" for line in case.strip().splitlines())
    file = written(folder, f"runbook: busy.md\ncases:\n  - name: it\n{lines}\n", book)
    assert file.troubles == (), file.troubles
    (tried,) = asyncio.run(try_file(file))
    return list(tried.problems)
