"""What is told of a runbook before it is run: three dangers, commands with their values, what they wait for."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.cli.fakes import DISK, NIGHT, FakeRooms
from tests.unit.cli.fakes import run as run_group
from tests.unit.cli.runbook.desk import Desk
from tests.unit.runbook.books import EXAMPLE

QUERY = """\
---
oncall: 1
owner: me
match: [{alertname: A}]
params:
  service: {from: labels.service, pattern: "[a-z/-]+"}
  spare: {required: false}
  base: {from: config.urls.api, pattern: "https://[a-z.]+"}
  key: {type: secret, from: env.KEY}
---
# A
```promql {#rate}
sum(rate(http_requests_total{service="{{service}}", zone=~"{{spare}}"}[5m]))
```
```http {#look danger=read}
GET {{base}}/health/{{service}}
```
```bash {#signed danger=read danger_reason="it only looks"}
./look.sh "$service" <<< "$key"
```
```bash {#quiet danger=read danger_reason="it only looks"}
./look.sh "$service"
```
<!-- oncall
undo: {none: nothing is changed}
-->
```bash {#loud danger=change}
uptime
```
"""


def steps(desk: Desk, *options: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in desk.data("show", str(desk.team / "a.md"), *options)["steps"]}


def test_promql_and_http_have_their_values_once_all_are_known(desk: Desk) -> None:
    desk.put("a.md", QUERY)
    desk.write_config(f'[runbooks]\npaths = ["{desk.team}"]\n[runbooks.values]\nurls.api = "https://api.example.com"\n')
    before = steps(desk)
    assert (before["rate"]["runnable"], before["rate"]["unresolved"]) == (False, ["service"])
    assert '"{{service}}"' in before["rate"]["commands"][0]
    after = steps(desk, "--label", "service=a-b/c")
    assert after["rate"]["commands"] == ['sum(rate(http_requests_total{service="a-b/c", zone=~""}[5m]))\n']
    assert after["look"]["commands"] == ["GET https://api.example.com/health/a-b%2Fc\n"]
    assert after["rate"]["runnable"]
    assert after["rate"]["body"] == before["rate"]["body"]
    text = desk.run("show", str(desk.team / "a.md"), "--label", "service=api").stdout
    assert '      sum(rate(http_requests_total{service="api", zone=~""}[5m]))\n' in text


def test_a_secret_is_in_no_command(desk: Desk) -> None:
    desk.put("a.md", QUERY)
    desk.write_config(f'[runbooks]\npaths = ["{desk.team}"]\n[runbooks.values]\nurls.api = "https://api.example.com"\n')
    result = desk.run("show", str(desk.team / "a.md"), "--json", environ={"KEY": "hunter2"})
    assert "hunter2" not in result.stdout
    found = steps(desk, "--label", "service=api")
    assert '"$key"' in found["signed"]["commands"][0]


def test_values_that_cannot_stand_where_they_are_named_keep_a_step_from_running(desk: Desk) -> None:
    desk.put("a.md", QUERY.replace("https://[a-z.]+", ".*"))
    desk.write_config(f'[runbooks]\npaths = ["{desk.team}"]\n[runbooks.values]\nurls.api = "no address"\n')
    assert not steps(desk, "--label", "service=api")["look"]["runnable"]
    text = desk.run("show", str(desk.team / "a.md"), "--label", "service=api").stdout
    assert "    cannot run with these values: " in text


def test_what_cannot_be_computed_yet_is_waited_for(desk: Desk) -> None:
    desk.put("a.md", EXAMPLE.read_text())
    desk.write_config(f'[runbooks]\npaths = ["{desk.team}"]\n[runbooks.values]\naws.account = "1"\n')
    found = steps(desk, "--label", "service=api", "--label", "env=prod")
    assert (found["scale_out"]["runnable"], found["scale_out"]["unresolved"]) == (False, ["target"])
    assert found["scale_back"]["unresolved"] == ["ecs_count.desired"]
    assert (found["ecs_count"]["runnable"], found["ecs_count"]["unresolved"]) == (True, [])
    text = desk.run("show", str(desk.team / "a.md"), "--label", "service=api").stdout
    assert "    waits for: target\n" in text


def test_three_dangers_are_told(desk: Desk) -> None:
    desk.put("a.md", QUERY)
    found = steps(desk)
    told = {
        name: (one["danger"], one["author"], one["classifier"], one["danger_reason"]) for name, one in found.items()
    }
    assert told["rate"] == ("read", None, "read", None)
    assert told["quiet"] == ("read", "read", "change", "it only looks")
    assert told["loud"] == ("change", "change", "read", None)
    lines = desk.run("show", str(desk.team / "a.md")).stdout.splitlines()
    assert any(line.startswith("  loud  shell  change (author change, classifier read)") for line in lines)
    assert any(line.startswith("  rate  promql  read (classifier read)") for line in lines)
    assert "    the author says less than the classifier: it only looks" in lines


class TestFindForAnActiveAlert:
    @pytest.fixture
    def rooms(self) -> FakeRooms:
        rooms = FakeRooms()
        record = replace(
            DISK.records[0],
            labels={"alertname": "DiskFull", "team": "storage"},
            annotations={"runbook_url": "https://x/full.md"},
        )
        rooms.situation = replace(NIGHT, alerts=(replace(DISK, records=(record,)),))
        return rooms

    def find(self, desk: Desk, rooms: FakeRooms, *options: str) -> dict[str, Any]:
        arguments = ("runbook", "find", *options, "--json")
        result = run_group(rooms, *arguments, environ=desk.environ, options=("--config", str(desk.config)))
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    @pytest.mark.parametrize("words", ["prometheus/beef", "DiskFull"])
    def test_by_its_id_or_its_name_with_what_the_sources_say(self, desk: Desk, rooms: FakeRooms, words: str) -> None:
        path = desk.put("full.md", "# F\n")
        found = self.find(desk, rooms, "--alert", words)
        assert (found["file"], found["rule"]) == (str(path), "annotation")
        assert rooms.closed == 1
        desk.put("m.md", "---\noncall: 1\nmatch: [{team: storage}]\n---\n# A\n")
        assert self.find(desk, rooms, "--alert", words)["rule"] == "match"

    def test_what_is_typed_stands_over_what_the_alert_says(self, desk: Desk, rooms: FakeRooms) -> None:
        path = desk.put("other.md", "# F\n")
        found = self.find(desk, rooms, "--alert", "DiskFull", "--annotation", "runbook_url=https://x/other.md")
        assert found["file"] == str(path)

    def test_an_alert_that_is_not_there(self, desk: Desk, rooms: FakeRooms) -> None:
        options = ("--config", str(desk.config))
        result = run_group(rooms, "runbook", "find", "--alert", "Nothing", environ=desk.environ, options=options)
        assert result.exit_code != 0
        assert "No alert" in result.stderr
        assert rooms.closed == 1
