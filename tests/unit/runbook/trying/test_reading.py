"""A test file that is wrong says where: by line and key."""

from pathlib import Path

import pytest

from oncall_tui.runbook.trying.cases import Deed, Fixture, Verb
from oncall_tui.runbook.trying.files import case_files
from tests.unit.runbook.trying.books import written

GOOD = """\
runbook: busy.md
cases:
  - name: it
    given: {labels: {service: api}, config: {account: "1", redis: {host: r}}, params: {pid: 7}}
    fixtures: {cpu: [{value: 91}, {value: null}, {value: [1, 2]}], count: {stdout: "4\\n", exit: 1, stderr: no}}
    do: [run count, confirm scale, skip end, pick sessions 2]
    expect: {recommended: [scale], env: {scale.target: "6"}, state: {scale: done}, blocked: [end]}
    fuzz: [service]
"""


def test_everything_that_a_case_says(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    assert file.troubles == ()
    (case,) = file.cases
    assert (case.name, case.line) == ("it", 3)
    assert case.config == {"account": "1", "redis.host": "r"}
    assert [one.values for one in case.fixtures["cpu"]] == [(91.0,), (), (1.0, 2.0)]
    assert case.fixtures["count"] == (Fixture("4\n", "no", 1),)
    assert case.deeds[3] == Deed(Verb.PICK, "sessions", 1)
    assert case.expected.env == {("scale", "target"): "6"}


@pytest.mark.parametrize(
    ("was", "now", "line", "key", "problem"),
    [
        ("given:", "gven:", 4, "cases[1].gven", "is no key; there are name, given"),
        ("labels:", "label:", 4, "cases[1].given.label", "is no key"),
        ("{pid: 7}", "{pit: 7}", 4, "cases[1].given.params.pit", "no such parameter"),
        ("cpu: [", "gpu: [", 5, "cases[1].fixtures.gpu", "no step gpu"),
        ("value: 91", "value: many", 5, "cases[1].fixtures.cpu.value", "'many' is no number"),
        ("exit: 1", "exit: x", 5, "cases[1].fixtures.count.exit", "no whole number"),
        ("exit: 1", "exits: 1", 5, "cases[1].fixtures.count.exits", "is no key"),
        ("run count", "start count", 6, "cases[1].do", "has to be `run STEP`"),
        ("run count", "run nothing", 6, "cases[1].do", "no step nothing"),
        ("pick sessions 2", "pick sessions 0", 6, "cases[1].do", "counted from 1"),
        ("scale.target", "scale.nothing", 7, "cases[1].expect.env.scale.nothing", "scale names no nothing"),
        ("scale: done", "scale: fine", 7, "cases[1].expect.state.scale", "'fine' is no state"),
        ("blocked: [end]", "blocked: end", 7, "cases[1].expect.blocked", "has to be a list"),
        ("fuzz: [service]", "fuzz: [servic]", 8, "cases[1].fuzz", "no parameter servic"),
        ("runbook: busy.md", "runbook: other.md", 1, "runbook", "other.md cannot be read"),
        ("runbook: busy.md", "runbook: ../busy.md", 1, "runbook", "in the same folder"),
        ("runbook: busy.md\n", "", 1, "runbook", "is missing"),
        ("    fuzz: [service]", "    fuzz: [service", 9, "YAML", ""),
    ],
)
def test_a_mistake_is_told_by_line_and_key(
    tmp_path: Path, was: str, now: str, line: int, key: str, problem: str
) -> None:
    assert was in GOOD
    file = written(tmp_path, GOOD.replace(was, now, 1))
    first = file.troubles[0]
    assert (first.line, first.key) == (line, key), file.troubles
    assert problem in first.problem


def test_a_file_without_cases_tests_nothing_and_says_so(tmp_path: Path) -> None:
    assert "nothing would be tested" in written(tmp_path, "runbook: busy.md\n").troubles[0].problem


def test_a_refused_runbook_is_not_tried(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD, "---\noncall: 1\ntitel: x\n---\n# x\n")
    assert file.runbook is None
    assert "is refused" in file.troubles[0].problem


def test_test_files_are_found_in_folders_and_beside_runbooks(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    assert case_files([tmp_path, tmp_path / "busy.md"]) == (tmp_path / "busy_test.yml",)
    assert case_files([tmp_path / "none.md"]) == ()
