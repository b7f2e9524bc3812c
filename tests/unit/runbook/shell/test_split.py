"""Commands of a block, and what has to stay together."""

import pytest

from oncall_tui.runbook.shell.split import cut
from oncall_tui.runbook.shell.syntax import LONGEST, script_of
from oncall_tui.runbook.shell.tools import begins_with_tool


def commands(text: str) -> list[str]:
    lines = text.split("\n")
    return ["\n".join(lines[first : last + 1]) for first, last in cut(script_of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ls\npwd\n", ["ls", "pwd"]),
        ("# first\nls\n\n# second\npwd # why\n", ["ls", "pwd # why"]),
        ("a; b && c\nd | e\n", ["a; b && c", "d | e"]),
        ("kubectl get \\\n  pods |\n  grep x\nls", ["kubectl get \\\n  pods |\n  grep x", "ls"]),
        ("for i in 1 2; do\n  echo $i\ndone\nls", ["for i in 1 2; do\n  echo $i\ndone", "ls"]),
        ("cat <<EOF\na\n\nb\nEOF\nls", ["cat <<EOF\na\n\nb\nEOF", "ls"]),
        ("X=1\nexport Y=2\nls $X", ["X=1", "export Y=2", "ls $X"]),
        ("if true; then\n ls\nfi; pwd\ndate", ["if true; then\n ls\nfi; pwd", "date"]),
        ("echo 'a\nb'\nls", ["echo 'a\nb'", "ls"]),
        ("# nothing\n", []),
    ],
)
def test_each_command_by_whole_lines(text: str, expected: list[str]) -> None:
    assert commands(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "f() { ls; }\nf",
        "sleep 9 &\nwait",
        "set -e\nls",
        "trap x EXIT\nls",
        "alias k=kubectl\nk get x",
        "ls (\npwd",
        "ls '",
    ],
)
def test_what_needs_one_shell_or_does_not_parse_stays_one(text: str) -> None:
    assert commands(text) == [text]


@pytest.mark.parametrize("text", ["ls '", "if true", "cat <<EOF\na", "for i in 1; do", "ls \\", "a |", "$(", "(ls"])
def test_a_script_that_goes_on_is_not_whole(text: str) -> None:
    assert not script_of(text).is_whole


def test_a_script_beyond_reason_is_not_looked_at() -> None:
    assert not script_of("ls\n" * LONGEST).is_whole


@pytest.mark.parametrize(
    "line", ["kubectl get pods", "  ls -l", "A=b", "export A=b", "./run.sh x", "/usr/bin/env x", "for i in a"]
)
def test_lines_that_are_commands(line: str) -> None:
    assert begins_with_tool(line)


@pytest.mark.parametrize("line", ["", "Error: x", "The pods are", "- item", "NAME READY", "kubectls x", "A == b"])
def test_lines_that_are_not(line: str) -> None:
    assert not begins_with_tool(line)
