"""Files that are no runbook, or hardly one: what is said of each, and how each verb ends."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.runbook.desk import Desk

HEAD = "---\noncall: 1\nowner: me\nmatch: [{alertname: A}]\n---\n# A\n\n"
NATIVE = f"{HEAD}```bash {{#look danger=read}}\necho hi\n```\n- [ ] do it\n"
BIG = b"# Big\n" + b"x" * 10_000_000


def put(desk: Desk, name: str, data: bytes) -> str:
    path = desk.put(name, "")
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "It is empty."),
        (b"  \n\n", "It is empty."),
        (b"# Only prose\n\nCall somebody.\n", "It holds no step: no fence with a command, no list item to do."),
        (b"\x7fELF\x00\x01```bash\ndate\n```\n", "It is no text but a program, a picture or an archive."),
        (
            "# A\n```bash\ndate\n```\n".encode("utf-16"),
            "It is written in UTF-16, of which nothing can be read: save it as",
        ),
    ],
)
def test_what_holds_nothing_to_run_is_shown_as_such_and_not_run(desk: Desk, data: bytes, why: str) -> None:
    path = put(desk, "a.md", data)
    shown = desk.run("show", path)
    assert (shown.exit_code, f"  {why}" in shown.stdout) == (0, True), shown.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_and_byte_order_marks_change_nothing(desk: Desk, encoding: str, ending: str) -> None:
    path = put(desk, "a.md", NATIVE.replace("\n", ending).encode(encoding))
    answer = desk.data("show", path)
    assert (answer["mode"], answer["title"], answer["errors"]) == ("native", "A", [])
    assert [(one["id"], one["kind"], one["commands"]) for one in answer["steps"]] == [
        ("look", "shell", ["echo hi\n"]),
        ("s2", "manual", []),
    ]


def test_another_encoding_is_named_with_what_to_do(desk: Desk) -> None:
    path = put(desk, "a.md", "# A\n```bash\necho grün\n```\n".encode("latin-1"))
    result = desk.run("show", path)
    reason = "column 8 holds the byte FC, which is no UTF-8: save the file as UTF-8"
    assert (result.exit_code, f"    cannot run: {reason}\n" in result.stdout) == (0, True)
    native = put(desk, "b.md", NATIVE.replace("hi", "grün").encode("latin-1"))
    (told,) = [one for one in json.loads(desk.run("lint", native, "--json").stdout)["findings"] if one["rule"] == "F4"]
    assert told["problem"] == "it holds the byte FC, which is no UTF-8: save the file as UTF-8"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('---\noncall: 1\ntitle: "x\n---\n# A\n', "the front matter is no YAML: found unexpected end of stream"),
        ("---\noncall: 1\ntitle: [a\nfoo: bar\n---\n", "the front matter is no YAML: did not find expected ',' or ']'"),
    ],
)
def test_broken_front_matter_is_shown_and_found(desk: Desk, text: str, problem: str) -> None:
    path = str(desk.put("a.md", text))
    assert problem in desk.run("show", path).stdout
    found = desk.run("lint", path)
    assert (found.exit_code, f"error F1: {problem}" in found.stdout) == (1, True)


def test_one_file_that_cannot_be_read_keeps_no_other_from_being_examined(desk: Desk) -> None:
    put(desk, "a.md", BIG)
    desk.put("b.md", "---\noncall: 1\ntitel: x\n---\n# B\n")
    put(desk, "c.md", b"\x00\x01")
    answer = json.loads(desk.run("lint", str(desk.team), "--json").stdout)
    told = {(Path(one["file"]).name, one["rule"], one["level"]): one["problem"] for one in answer["findings"]}
    assert told["a.md", "F1", "error"] == "it cannot be read: larger than 2,000,000 bytes: this is no runbook"
    assert told["b.md", "F2", "error"].startswith("unknown key `titel`")
    assert told["c.md", "F1", "warn"] == "it is no text but a program, a picture or an archive"
    assert answer["files"] == 3


def test_a_huge_file_is_told_and_not_read(desk: Desk) -> None:
    path = put(desk, "a.md", BIG)
    result = desk.run("show", path)
    assert (result.exit_code, result.stdout) == (1, "")
    said = f"Error: {path} cannot be read: larger than 2,000,000 bytes: this is no runbook. Nothing of it is known"
    assert result.stderr.startswith(said)


def test_what_is_closed_to_us_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.put("a.md", NATIVE)

    opened = Path.open

    def closed(file: Path, *arguments: Any, **options: Any) -> Any:
        if file.parent == desk.team:
            raise PermissionError(13, "Permission denied", str(file))
        return opened(file, *arguments, **options)

    monkeypatch.setattr(Path, "open", closed)
    for verb in ("show", "lint", "new"):
        arguments = ("X", "--output", str(desk.team / "x.md")) if verb == "new" else (str(path),)
        result = desk.run(verb, *arguments)
        assert (result.exit_code, "Permission denied" in result.output) == (1, True), result.output
        assert "Traceback" not in result.output
    assert "was written. Name a file" in desk.run("new", "X", "--output", str(desk.team / "x.md")).stderr


def test_no_file_at_all(desk: Desk) -> None:
    (desk.team / "link.md").symlink_to(desk.folder / "gone.md")
    os.mkfifo(desk.team / "pipe.md")
    for name, said in (
        (str(desk.team), "is a folder: name a file in it. `oncall-tui runbook lint` takes folders."),
        (str(desk.team / "link.md"), "is a link to a file that is not there"),
        (str(desk.team / "pipe.md"), "is no ordinary file"),
        (str(desk.team / "gone.md"), f"is no file and no runbook. Looked for in {desk.team}."),
        ("gone", "is no file and no runbook. `oncall-tui runbook list` names the runbooks that are known."),
    ):
        result = desk.run("show", name)
        assert (result.exit_code, said in result.stderr) == (2, True), result.output


def test_lint_of_nothing_is_bad_usage(desk: Desk) -> None:
    result = desk.run("lint", str(desk.team))
    assert (result.exit_code, "There is no runbook in it" in result.stderr) == (2, True)


def test_a_test_file_without_an_end_is_not_read_to_it(desk: Desk) -> None:
    book = desk.put("a.md", NATIVE)
    put(desk, "a_test.yml", b"#" * 2_000_001)
    desk.put("b_test.yml", "runbook: a.md\ncases: [{name: x, expect: {}}]\n")
    result = desk.run("test", str(book.parent))
    assert result.exit_code == 1
    assert "a_test.yml:1: file: cannot be read: larger than 2,000,000 bytes" in result.stderr
    assert "passed" in result.stdout, "the other one is tried"


def test_where_it_was_looked_is_said_when_nothing_is_found(desk: Desk) -> None:
    for arguments in (("list",), ("list", "--alert", "X"), ("find", "--alertname", "X")):
        result = desk.run(*arguments)
        assert result.stderr == f"Looked in {desk.team}; `paths` under [runbooks] of the configuration adds others.\n"


def test_show_knows_what_the_configuration_forbids(desk: Desk) -> None:
    path = desk.put("a.md", "# A\n```bash\nredis-cli flushall\n```\n")
    assert "forbid" in desk.run("show", str(path)).stdout
