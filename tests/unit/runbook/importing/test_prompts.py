"""Terminals in a block: prompts, what goes on over lines, output."""

import pytest

from oncall_tui.runbook.importing.prompts import is_foreign_session, pieces_of


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("$ kubectl get pods\nNAME  READY\nfoo   1/1\n$ pwd\n/root\n", ["kubectl get pods", "pwd"]),
        ("$ ls \\\n    -l \\\n    /tmp\ntotal 0\n", ["ls \\\n    -l \\\n    /tmp"]),
        ("$ jq '\n.a\n' x\nout\n", ["jq '\n.a\n' x"]),
        ("$ cat <<EOF\na\nEOF\nout\n", ["cat <<EOF\na\nEOF"]),
        ("$ for i in 1 2\n> do\n>   echo $i\n> done\n1\n2\n", ["for i in 1 2\ndo\n  echo $i\ndone"]),
        ("$ ls \\\n> -l\n", ["ls \\\n-l"]),
        ("$ echo 'never closed\noutput\n$ ls\n", ["echo 'never closed", "ls"]),
        ("[root@node1 ~]# df -h\nFilesystem\nme@host:~/x$ ls\n", ["df -h", "ls"]),
        ("sh-4.4# ps\n  PID\n", ["ps"]),
        ("% uptime\n up 3 days\n", ["uptime"]),
        ("$ kubectl get pod <pod>\nfoo\n", ["kubectl get pod <pod>"]),
        ("  $ ls\n  a\n", ["ls"]),
        ("intro of output\n$ ls\n", ["ls"]),
        ("$ echo $HOME\n$HOME is no prompt\n", ["echo $HOME"]),
    ],
)
def test_a_terminal_gives_its_commands(text: str, commands: list[str]) -> None:
    found = pieces_of(text)
    assert found.has_prompts
    assert [one.text for one in found.pieces] == commands


def test_each_command_knows_its_line_and_output_is_counted() -> None:
    found = pieces_of("# a comment\n$ ls\na\nb\n\n$ pwd\n")
    assert [one.line for one in found.pieces] == [1, 5]
    assert found.dropped == 3


@pytest.mark.parametrize("text", ["kubectl get pods\n# comment\nls\n", "$POD --x\n", "a=$(ls)\n", "echo a # $ b\n"])
def test_without_prompts_the_block_stays_whole(text: str) -> None:
    found = pieces_of(text)
    assert (found.has_prompts, found.dropped) == (False, 0)
    assert [one.text for one in found.pieces] == [text.rstrip("\n")]


def test_a_table_that_a_program_printed_is_no_command() -> None:
    found = pieces_of("kubectl get pods\nNAME    READY   STATUS\nfoo-1   1/1     Running\nkubectl get nodes\n")
    assert [one.text for one in found.pieces] == ["kubectl get pods\n\n\nkubectl get nodes"]
    assert found.dropped == 2


@pytest.mark.parametrize(
    "line",
    [
        "pod/api-1 deleted",
        "deployment.apps/api scaled",
        'pod "api-1" deleted',
        "node/n1 condition met",
        "No resources found in default namespace.",
        "Error from server (NotFound): pods not found",
        "error: the server could not find it",
        "2026-11-21T02:14:09Z connection refused",
        "...",
        "[...]",
        "(3 rows)",
        "-----",
        "INFO starting",
    ],
)
def test_a_line_that_only_programs_print_is_dropped(line: str) -> None:
    found = pieces_of(f"kubectl get pods\n{line}\nls\n")
    assert [one.text for one in found.pieces] == ["kubectl get pods\n\nls"]
    assert found.dropped == 1


@pytest.mark.parametrize(
    "line", ["./deploy/run created", "info x", "ERROR=1", "kubectl delete pod/x", "errors=1", "date -d 2026-11-21"]
)
def test_a_command_that_looks_like_output_stays(line: str) -> None:
    assert pieces_of(line).dropped == 0


def test_a_table_alone_leaves_nothing() -> None:
    assert pieces_of("NAME\tREADY\tLAST SEEN\nfoo\t1\t2m\n").pieces == ()


def test_a_hash_is_the_prompt_of_root_only_in_a_session_and_before_a_program() -> None:
    text = "# systemctl restart x\n# then wait a little\n"
    assert [one.text for one in pieces_of(text, is_session=True).pieces] == ["systemctl restart x"]
    assert not pieces_of(text).has_prompts


@pytest.mark.parametrize(
    "line",
    [
        "postgres=# SELECT 1;",
        "mydb=> \\dt",
        "mysql> show tables;",
        "127.0.0.1:6379> INFO",
        ">>> import os",
        "irb(main)> x",
    ],
)
def test_prompts_of_other_programs(line: str) -> None:
    assert is_foreign_session([line])


@pytest.mark.parametrize(
    "line", ["$ ls", "me@host:~$ ls", "kubectl get pods > x", "echo a >b", "# mysql> is typed next"]
)
def test_prompts_of_a_shell_are_not_those(line: str) -> None:
    assert not is_foreign_session([line])


@pytest.mark.parametrize("line", ["A" + "\t\t" * 2_000, "A" + " A" * 3_000, "a" * 5_000 + "@", "[" + "x" * 5_000])
def test_a_line_made_to_be_slow_is_read_like_any_other(line: str) -> None:
    assert len(pieces_of(f"{line}\nls\n").pieces) == 1
