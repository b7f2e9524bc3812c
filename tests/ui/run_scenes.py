"""A runbook as it is used in the night of the pictures, and what its steps say there."""

from collections.abc import Sequence
from pathlib import Path

from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import Candidate, Finding, Rule, Subject
from oncall_tui.runbook.model import Mode, Runbook
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.history import PastRun
from tests.ui.run_desk import FakeRunbooks
from tests.unit.builders import before
from tests.unit.runbook.run.helpers import Bench, judge, ok, table, value

LATENCY = """\
---
oncall: 1
id: api-latency-high
title: API latency high
owner: team-platform
match: [{alertname: APILatencyHigh}]
escalate:
  - {to: P1, when: "p99.value > 2"}
params:
  service: {from: labels.service, pattern: "[a-z][a-z0-9-]{1,39}"}
  cluster: {default: main, pattern: "[A-Za-z0-9_-]{1,64}"}
  max_tasks: {type: int, default: 20}
  pid: {type: int, pick: queries.pid}
  backend_start: {pick: queries.backend_start, pattern: "[0-9: -]{19}"}
let:
  target: "tasks.desired + 2"
---
# API latency high

## Diagnosis

```promql {#p99 unit=s warn=0.5 crit=2}
p99{service="{{service}}"}
```
```promql {#cpu unit=% warn=70 crit=80}
cpu{service="{{service}}"}
```
```promql {#db_conn unit=% warn=70 crit=90}
connections
```

- [ ] Look at the traces of the slowest endpoint and note it in the incident.

## If CPU is high: scale out
<!-- oncall
when: cpu.value > 80
-->

```bash {#tasks danger=read capture=desired:int max_age=5m}
aws ecs describe-services --cluster "$cluster" --services "$service" \\
  --query 'services[0].desiredCount' --output text
```
<!-- oncall
needs: [tasks]
guard: target <= max_tasks
verify: {check: cpu, expect: "cpu.value < 70", every: 30s, within: 10m}
undo: scale_back
-->
```bash {#scale_out danger=change timeout=15m}
aws ecs update-service --cluster "$cluster" --service "$service" \\
  --desired-count "$target" --query 'service.desiredCount' --output text  # change
```
```bash {#scale_back danger=change undo_only needs=tasks}
aws ecs update-service --service "$service" --desired-count "$tasks_desired"  # change
```

## If the database is saturated: end the query
<!-- oncall
when: db_conn.value > 60
-->

```sql {#queries danger=read db=api capture=rows:table max_age=2m}
SELECT pid, backend_start, state, runtime, query FROM active_queries
```
<!-- oncall
needs: [queries]
confirm: {type: "terminate {pid}", show: "the session of pid {pid} and its open transaction end"}
expect: rows == 1 and first.terminated == 't'
verify: {check: db_conn, expect: "db_conn.value < 60", every: 15s, within: 3m}
undo: {none: "the open transaction is rolled back and cannot be restored"}
-->
```sql {#terminate danger=destroy db=api}
SELECT pid, destroy(pid) AS terminated
FROM pg_stat_activity
WHERE pid = :'pid'::int AND backend_start = :'backend_start'::timestamptz;
```

## If Redis is saturated
<!-- oncall
when: db_conn.value > 95
-->

```bash {#bigkeys danger=read}
redis-cli --bigkeys -i 0.1
```
"""

QUERIES = table(
    ("4211", "2026-11-21 02:01:07", "active", "00:12:53", "SELECT * FROM points JOIN ledger ON ledger.user_id = …"),
    ("4187", "2026-11-21 02:09:40", "active", "00:04:20", "UPDATE balances SET amount = amount + 1 WHERE …"),
    columns=("pid", "backend_start", "state", "runtime", "query"),
)


def scripted(bench: Bench) -> Bench:
    """What the steps say at 02:14."""
    bench.clock.now = before(0)
    bench.script.says("p99{", value(1.21))
    bench.script.says("cpu{", value(91))
    bench.script.says("connections", value(64))
    bench.script.says("describe-services", ok("6\n", took_s=0.8))
    bench.script.says("active_queries", QUERIES)
    return bench


def entry_of(name: str, title: str, mode: Mode = Mode.NATIVE) -> Entry:
    """A file of the catalogue that is like no other."""
    sha = f"{sum(map(ord, name)):064}"
    return Entry(
        path=f"/books/{name}.md", root="team", relative=f"{name}.md", mode=mode, id=name, title=title, sha256=sha
    )


FILES = (
    entry_of("api-latency-high", "API latency high"),
    entry_of("database-connections-exhausted", "Database connections exhausted"),
    entry_of("error-rate-high", "Error rate high"),
    entry_of("KubePodCrashLooping", "KubePodCrashLooping", Mode.IMPORTED),
    entry_of("node-disk-full", "Node disk full", Mode.IMPORTED),
    entry_of("redis-memory-high", "Redis memory high"),
)
BROKEN = "---\noncall: 1\ntitel: Redis memory high\n---\n# Redis memory high\n\nText.\n"


class Library(FakeRunbooks):
    """A catalogue of several files, some of which were used before."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench, {"/books/api-latency-high.md": LATENCY}, FILES)

    async def fitting(self, subject: Subject) -> Finding:
        words = subject.alertname.lower()
        fits: Sequence[Entry] = ()
        if "p95" in words or "slow" in words:
            fits = FILES[:1]
        elif "5xx" in words or "error" in words:
            fits = FILES[2:3]
        found = tuple(Candidate(one, f"its match fits: alertname {subject.alertname}") for one in fits)
        return Finding(Rule.MATCH if found else Rule.NONE, found, search=subject.alertname)

    async def read(self, path: Path) -> Runbook:
        if str(path) in self.texts:
            return await super().read(path)
        text = BROKEN if path.stem.startswith("redis") else f"# {path.stem}\n\nText.\n"
        return read(text.encode(), path, judge)

    async def past(self) -> tuple[PastRun, ...]:
        def used(name: str, minutes: float, how: str) -> PastRun:
            path, at = f"/books/{name}.md", before(minutes)
            return PastRun(
                f"01JD{minutes:022.0f}",
                name,
                path,
                name,
                at,
                "user:ben",
                started=4,
                done=3,
                failed=how == "failed",
                closed=how,
            )

        return (*await super().past(), used("error-rate-high", 3_000, "resolved"), used("node-disk-full", 90, "failed"))
