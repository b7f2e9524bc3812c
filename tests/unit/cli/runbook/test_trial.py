"""``oncall-tui runbook test``: its words, its JSON, its exit codes."""

from oncall_tui.cli import shapes_run
from tests.test_docs import check_shape
from tests.unit.cli.runbook.desk import Desk
from tests.unit.runbook.trying.books import BOOK

CASES = """\
runbook: busy.md
cases:
  - name: nothing is done
    given: {labels: {service: api}, config: {account: "1"}}
    fixtures: {cpu: {value: 91}, guards: {stdout: "1"}}
    expect: {recommended: [scale]}
  - name: and nothing is known
    given: {labels: {service: api}}
    expect: {recommended: [RECOMMENDED]}
"""


def test_cases_that_pass(desk: Desk) -> None:
    desk.put("busy.md", BOOK)
    path = desk.put("busy_test.yml", CASES.replace("[RECOMMENDED]", "[]"))
    result = desk.run("test", str(desk.team))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"passed  {path}:3: nothing is done",
        f"passed  {path}:7: and nothing is known",
        "2 cases, 0 failed, in 1 file.",
    ]


def test_a_case_that_fails_says_why_and_ends_with_1(desk: Desk) -> None:
    book = desk.put("busy.md", BOOK)
    path = desk.put("busy_test.yml", CASES.replace("[RECOMMENDED]", "[scale]"))
    result = desk.run("test", str(book), has_config=False)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        f"failed  {path}:7: and nothing is known",
        "        expect.recommended: scale is not (cannot tell: cpu has no data)",
        "2 cases, 1 failed, in 1 file.",
    ]


def test_as_json(desk: Desk) -> None:
    desk.put("busy.md", BOOK)
    desk.put("busy_test.yml", CASES.replace("[RECOMMENDED]", "[]"))
    answer = desk.data("test", str(desk.team))
    check_shape(answer, shapes_run.RunbookTestAnswer, "test")
    assert (answer["files"], answer["failed"], [one["passed"] for one in answer["cases"]]) == (1, 0, [True, True])


def test_a_test_file_that_is_wrong_names_file_line_and_key(desk: Desk) -> None:
    desk.put("busy.md", BOOK)
    path = desk.put("busy_test.yml", CASES.replace("[RECOMMENDED]", "[scal]"))
    result = desk.run("test", str(path))
    assert result.exit_code == 1
    assert result.stderr == f"{path}:9: cases[2].expect.recommended: the runbook has no step scal\n"
    assert result.stdout == "0 cases, 0 failed, in 1 file.\n"


def test_a_folder_without_tests_is_bad_usage(desk: Desk) -> None:
    desk.put("busy.md", BOOK)
    assert desk.run("test", str(desk.team)).exit_code == 2
    assert desk.run("test", str(desk.team / "nothing")).exit_code == 2
