"""``oncall-tui action``: on real bash and a real journal, in rooms of a test."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from oncall_tui.assembly.actions import Actions
from oncall_tui.assembly.runbooks import Runbooks
from oncall_tui.cli.main import group
from oncall_tui.cli.session import Session
from oncall_tui.config.model import Config
from oncall_tui.journal.keeper import JournalKeeper
from tests.unit.cli.fakes import FAILED, NIGHT, NOW, FakeRooms

TEXT = """
[sources.prometheus]
kind = "prometheus"
url = "http://localhost:9090"
[runbooks]
directory = "."
[[actions]]
name = "Look"
script = "echo $size $ONCALL_ALERT_SERVICE; echo trouble >&2"
on = "sev<=2"
[[actions.inputs]]
name = "size"
type = "int"
default = 3
[[actions]]
name = "Touch it"
key = "f6"
run = ["touch", "made"]
[[actions]]
name = "Wipe"
script = "rm -rf ./made"
[[actions.inputs]]
name = "why"
help = "for the record"
[[actions]]
name = "Fails"
script = "exit 3"
"""


class Rooms(FakeRooms):
    """With the actions of the configuration."""

    async def open(self, config: Config, environ: Mapping[str, str]) -> FakeRooms:
        self.journal = JournalKeeper(Path(environ["HOME"]) / "journal.db", lambda: NOW)
        runbooks = Runbooks(config, (), self.journal, environ=environ, clock=lambda: NOW, actor="user:alice")
        self.custom_actions = Actions(config, runbooks)
        return await super().open(config, environ)

    async def close(self) -> None:
        self.kinds = [one.kind for one in await self.journal.read_kind("run.intent", "run.result", "run.closed")]
        await self.custom_actions.close()
        await self.journal.close()
        await super().close()


class Line:
    """The command line in a folder with the configuration above."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rooms = Rooms()
        self.file = folder / "oncall.toml"
        self.file.write_text(TEXT)

    def __call__(self, *arguments: str, stdin: str | None = None, options: tuple[str, ...] = ()) -> Result:
        session = Session(
            environ={"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(self.folder / "state")},
            open_rooms=self.rooms.open,
            is_terminal=lambda: stdin is not None,
            clock=lambda: NOW,
        )
        words = ["--config", str(self.file), *options, "action", *arguments]
        return CliRunner().invoke(group, words, input=stdin, obj=session, prog_name="oncall-tui")

    @property
    def is_made(self) -> bool:
        return (self.folder / "made").exists()


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


def test_what_reads_runs_without_a_terminal_and_prints_what_it_says(line: Line) -> None:
    result = line("look", "Q1")
    assert result.exit_code == 0, result.stderr
    assert (result.stdout, result.stderr) == ("3 checkout\n", "trouble\n")
    assert line.rooms.kinds == ["run.intent", "run.result", "run.closed"]


def test_json_tells_all_of_it(line: Line) -> None:
    result = line("Look", "pagerduty/Q1", "--input", "size=7", "--json")
    told: dict[str, Any] = json.loads(result.stdout)
    assert told.pop("run").isalnum()
    assert told.pop("took_s") >= 0
    assert told == {
        "action": "Look",
        "alert": "pagerduty/Q1",
        "title": "Checkout is slow",
        "danger": "read",
        "state": "done",
        "reason": "",
        "exit": 0,
        "stdout": "7 checkout\n",
        "stderr": "trouble\n",
        "truncated": False,
    }


@pytest.mark.parametrize("arguments", [("Touch it", "Q1"), ("action.touch_it", "Q1", "--json"), ("Wipe", "Q1")])
def test_without_a_terminal_nothing_runs_that_does_not_only_read(line: Line, arguments: tuple[str, ...]) -> None:
    result = line(*arguments)
    assert result.exit_code == 2
    assert "Nobody can be asked here" in result.stderr
    assert not line.is_made
    assert line.rooms.configs == []


def test_what_changes_is_shown_and_asked_about(line: Line) -> None:
    result = line("Touch it", "Q1", stdin="y\n")
    assert result.exit_code == 0, result.stderr
    assert line.is_made
    for part in ("touch made", "change", "ONCALL_ALERT_ID=pagerduty/Q1  (alert)", "Checkout is slow", "Run it?"):
        assert part in result.stderr


def test_no_is_no(line: Line) -> None:
    result = line("Touch it", "Q1", stdin="n\n")
    assert result.exit_code == 5
    assert "Nothing was started: it was not confirmed" in result.stderr
    assert not line.is_made
    assert line.rooms.kinds == ["run.closed"]


@pytest.mark.parametrize(("phrase", "code"), [("destroy checkout", 0), ("destroy", 5), ("y", 5), ("", 5)])
def test_what_destroys_wants_its_phrase(line: Line, phrase: str, code: int) -> None:
    (line.folder / "made").touch()
    result = line("Wipe", "Q1", stdin=f"because\n{phrase}\n")
    assert result.exit_code == code, result.stderr
    assert line.is_made is (code != 0)
    assert "why (for the record)" in result.stderr
    assert "Type “destroy checkout” to run it" in result.stderr


@pytest.mark.parametrize("arguments", [("Touch it", "Q1"), ("Wipe", "Q1", "--input", "why=x")])
def test_read_only_refuses_what_does_not_only_read(line: Line, arguments: tuple[str, ...]) -> None:
    result = line(*arguments, stdin="y\n", options=("--read-only",))
    assert result.exit_code == 2
    assert "Read-only" in result.stderr
    assert line("Look", "Q1", options=("--read-only",)).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("Nothing", "Q1"), "The configuration has no action Nothing: it has Look, Touch it, Wipe, Fails.", 2),
        (("Look",), "Name an action and an alert", 2),
        (("Look", "Q1", "--input", "size"), "write NAME=VALUE.", 2),
        (("Look", "nowhere"), "no active alert has the id nowhere", 5),
        (("Look", "prometheus/beef"), "the action is not for this alert: its filter is sev<=2", 5),
        (("Look", "Q1", "--input", "size=x"), "the input size is no whole number", 5),
        (("Look", "Q1", "--input", "sice=1"), "it has no input sice; there is: size", 5),
    ],
)
def test_what_cannot_be_is_said_and_nothing_runs(line: Line, arguments: tuple[str, ...], said: str, code: int) -> None:
    result = line(*arguments)
    assert said in result.stderr
    assert (result.exit_code, result.stdout) == (code, "")


def test_an_alert_is_not_called_gone_while_a_source_is_silent(line: Line) -> None:
    line.rooms.situation = replace(NIGHT, alerts=(), freshness=FAILED)
    result = line("Look", "Q1")
    assert "Q1 is not known now, it may be active: pagerduty did not answer: pagerduty refuses" in result.stderr
    assert result.exit_code == 5


def test_a_failure_is_told_with_exit_code_5(line: Line) -> None:
    result = line("Fails", "Q1")
    assert result.exit_code == 5
    assert "failed" in result.stderr
    assert "3" in result.stderr


def test_a_failure_before_the_start_is_json_too(line: Line) -> None:
    result = line("Look", "nowhere", "--json")
    told = json.loads(result.stdout)
    assert (told["state"], told["run"], told["alert"]) == ("not started", None, "nowhere")
    assert told["reason"].startswith("no active alert")
    assert result.exit_code == 5


def test_the_list_tells_every_action_with_its_danger(line: Line) -> None:
    result = line("--list")
    assert [row.split()[0] for row in result.stdout.splitlines()] == ["ACTION", "Look", "Touch", "Wipe", "Fails"]
    told = json.loads(line("--list", "--json").stdout)["actions"]
    assert [one["danger"] for one in told] == ["read", "change", "destroy", "read"]
    assert told[1] == {
        "name": "Touch it",
        "id": "action.touch_it",
        "key": "f6",
        "danger": "change",
        "on": "",
        "command": "touch made",
        "inputs": [],
    }
    assert line.rooms.configs == [], "no source is asked"


def test_config_check_tells_of_keys_and_defaults(line: Line) -> None:
    line.file.write_text(TEXT.replace("default = 3", 'default = "x"').replace('"f6"', '"s"'))
    words = ["--config", str(line.file), "config", "check", "--json"]
    result = CliRunner().invoke(group, words, obj=Session(environ={"HOME": str(line.folder)}))
    told = {one["key"]: one["problem"] for one in json.loads(result.stdout)["problems"]}
    assert told == {
        "actions[0].inputs[0].default": "is no whole number",
        "actions[1].key": '"s" is a key that "list.sort" has',
    }
