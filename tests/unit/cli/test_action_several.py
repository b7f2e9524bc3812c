"""``oncall-tui action`` on several alerts: one question, one run for each, a result for each."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.cli import shapes_actions
from oncall_tui.domain.ids import AlertId
from oncall_tui.journal.errors import JournalError
from tests.test_docs import check_shape
from tests.unit.cli.fakes import CHECKOUT, DISK, FAILED, NIGHT
from tests.unit.cli.test_action import Line

TEXT = """
[sources.prometheus]
kind = "prometheus"
url = "http://localhost:9090"
[runbooks]
directory = "."
[[actions]]
name = "Look"
script = 'echo -n "$ONCALL_ALERT_SERVICE"; [ "$ONCALL_ALERT_SERVICE" != db ]'
[[actions]]
name = "Grave"
script = "echo $ONCALL_ALERT_SERVICE"
on = "sev<=2"
[[actions]]
name = "Touch"
script = 'touch "made-$ONCALL_ALERT_SERVICE-$tag"'
[[actions.inputs]]
name = "tag"
default = "x"
[[actions]]
name = "Wipe"
script = 'rm -rf "./made-$ONCALL_ALERT_SERVICE"'
[[actions]]
name = "Ask"
script = 'echo "$word"'
[[actions.inputs]]
name = "word"
"""
API = replace(CHECKOUT, id=AlertId("pagerduty/Q7"), title="Api is slow", service="api", records=())


@pytest.fixture
def line(tmp_path: Path) -> Line:
    made = Line(tmp_path)
    made.file.write_text(TEXT)
    made.rooms.situation = replace(NIGHT, alerts=(CHECKOUT, DISK, API))
    return made


def made(line: Line) -> list[str]:
    return sorted(one.name for one in line.folder.glob("made*"))


def test_each_has_its_output_and_its_result_and_the_worst_is_the_code(line: Line) -> None:
    result = line("Look", "Q1", "beef", "pagerduty/Q7")
    assert result.stdout.splitlines() == [
        "── pagerduty/Q1  Checkout is slow",
        "checkout",
        "pagerduty/Q1: done  Checkout is slow",
        "── prometheus/beef  Disk of db-1 is filling 磁盘",
        "db",
        "prometheus/beef: failed  Disk of db-1 is filling 磁盘  (exit 1)",
        "── pagerduty/Q7  Api is slow",
        "api",
        "pagerduty/Q7: done  Api is slow",
    ]
    assert result.exit_code == 5
    assert line("Look", "Q1", "pagerduty/Q7").exit_code == 0


def test_one_that_is_no_target_keeps_no_other_from_its_run(line: Line) -> None:
    result = line("Grave", "Q1", "nowhere", "prometheus/beef")
    assert result.exit_code == 5
    assert result.stdout.splitlines()[:3] == [
        "── pagerduty/Q1  Checkout is slow",
        "checkout",
        "pagerduty/Q1: done  Checkout is slow",
    ]
    assert "nowhere: not started  (no active alert has the id nowhere" in result.stdout
    assert "prometheus/beef: not started  Disk" in result.stdout and "its filter is sev<=2" in result.stdout
    assert line.rooms.kinds == ["run.intent", "run.result", "run.closed"]


def test_an_alert_that_is_named_twice_gets_one_run(line: Line) -> None:
    result = line("Touch", "Q1", "pagerduty/Q1", "prometheus/f00d", stdin="y\n")
    assert result.exit_code == 0, result.stderr
    assert line.rooms.kinds == ["run.intent", "run.result", "run.closed"]


def test_all_is_shown_and_asked_about_once(line: Line) -> None:
    result = line("Touch", "Q1", "beef", "gone", "--input", "tag=t1", stdin="y\n")
    assert made(line) == ["made-checkout-t1", "made-db-t1"]
    assert result.exit_code == 5, "one of the three is no alert"
    told = result.stderr
    assert told.count("Run it on 2 alerts?") == 1
    assert told.count('  touch "made-$ONCALL_ALERT_SERVICE-$tag"\n') == 1
    shared, _, each = told.partition("on 2 alerts, one run for each, one after the other:\n")
    assert "  ONCALL_INPUT_TAG=t1  (typed)\n" in shared
    first, second, third = (part for part in each.partition("Run it")[0].split("\n\n") if part.strip())
    assert first.strip("\n").splitlines()[0] == "  pagerduty/Q1  Checkout is slow"
    assert "    ONCALL_ALERT_SERVICE=checkout  (alert)" in first
    assert "    ONCALL_ALERT_SERVICE=db  (alert)" in second and "checkout" not in second
    assert third.splitlines()[0] == "  gone" and "is left out: no active alert has the id gone" in third


def test_no_is_no_for_all(line: Line) -> None:
    result = line("Touch", "Q1", "beef", stdin="n\n")
    assert result.exit_code == 5
    assert made(line) == []
    assert result.stdout.count("not started") == result.stdout.count("(it was not confirmed)") == 2
    assert line.rooms.kinds == ["run.closed", "run.closed"]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("destroy checkout\ndestroy db\n", []),
        ("destroy checkout\ny\n", ["made-checkout", "made-db"]),
        ("destroy db\n", ["made-checkout", "made-db"]),
        ("\n", ["made-checkout", "made-db"]),
    ],
)
def test_what_destroys_wants_the_phrase_of_each_before_the_first_is_started(
    line: Line, typed: str, left: list[str]
) -> None:
    for name in ("checkout", "db"):
        (line.folder / f"made-{name}").touch()
    result = line("Wipe", "Q1", "beef", stdin=typed)
    assert made(line) == left
    assert result.exit_code == (5 if left else 0), result.stderr
    assert "Type “destroy checkout” to run it (1 of 2)" in result.stderr


def test_without_a_terminal_nothing_runs_that_does_not_only_read(line: Line) -> None:
    result = line("Touch", "Q1", "beef")
    assert (result.exit_code, made(line)) == (2, [])
    assert "Nobody can be asked here" in result.stderr


def test_an_input_is_asked_for_once_and_one_that_is_missing_stops_all(line: Line) -> None:
    result = line("Ask", "Q1", "beef", stdin="hello\n")
    assert (result.stdout.count("\nhello\n"), result.exit_code) == (2, 0)
    refused = line("Ask", "Q1", "beef")
    assert refused.exit_code == 5
    assert refused.stdout.count("the input word has no value: write --input word=VALUE") == 2
    assert line.rooms.kinds == ["run.intent", "run.result", "run.closed"] * 2


def test_as_json(line: Line) -> None:
    result = line("Look", "Q1", "beef", "gone", "--json")
    told: dict[str, Any] = json.loads(result.stdout)
    check_shape(told, shapes_actions.ActionResultsAnswer, "action")
    assert [(one["alert"], one["state"], one["stdout"], one["exit"]) for one in told["results"]] == [
        ("pagerduty/Q1", "done", "checkout", 0),
        ("prometheus/beef", "failed", "db", 1),
        ("gone", "not started", "", None),
    ]
    assert (result.exit_code, result.stderr) == (5, "")


def test_a_silent_source_may_know_the_alert(line: Line) -> None:
    line.rooms.situation = replace(NIGHT, freshness=FAILED)
    result = line("Look", "Q1", "elsewhere")
    assert "elsewhere: not started  (elsewhere is not known now, it may be active: pagerduty" in result.stdout


def test_a_journal_that_breaks_stops_the_rest_and_tells_what_was_done(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oncall_tui.assembly.actions import ActionRun

    started: list[str] = []
    start = ActionRun.start

    async def breaking(run: ActionRun, *arguments: Any) -> None:
        if started:
            raise JournalError("The journal is full.", "Make room.")
        started.append(run.run_id)
        await start(run, *arguments)

    monkeypatch.setattr(ActionRun, "start", breaking)
    result = line("Touch", "Q1", "beef", "pagerduty/Q7", "--json", stdin="y\n")
    assert result.exit_code == 1
    assert "The journal is full. Make room. Nothing is run without the journal." in result.stderr
    states = [(one["state"], one["reason"]) for one in json.loads(result.stdout)["results"]]
    why = "the journal cannot be written, and nothing is run without it"
    assert states == [("done", ""), ("not started", why), ("not started", why)]
    assert made(line) == ["made-checkout-x"]
