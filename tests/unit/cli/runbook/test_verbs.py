"""list, find, show, lint and new: their words, their JSON, their exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from oncall_tui.cli import shapes_runbook
from tests.test_docs import check_shape
from tests.unit.cli.runbook.desk import Desk
from tests.unit.runbook.books import EXAMPLE

PLAIN = "# Pods crash\n\n## Diagnosis\n\n```\n$ kubectl logs <pod-name> -n $NAMESPACE\nout\n```\n"
BROKEN = "---\noncall: 1\ntitel: x\n---\n# A\n"


class TestList:
    def test_every_folder_with_the_state_of_each_file(self, desk: Desk) -> None:
        desk.put("a.md", EXAMPLE.read_text())
        desk.put("b.md", BROKEN)
        desk.put("c.md", PLAIN)
        result = desk.run("list")
        assert result.exit_code == 0
        states = [line.split("  ")[0] for line in result.stdout.splitlines()]
        assert states == ["TITLE", "API latency high", "A", "Pods crash"]
        assert "1 error" in result.stdout.splitlines()[2]

    def test_as_json(self, desk: Desk) -> None:
        path = desk.put("x/c.md", PLAIN)
        answer = desk.data("list")
        check_shape(answer, shapes_runbook.RunbooksAnswer, "list")
        (one,) = answer["runbooks"]
        assert (one["file"], one["folder"], one["mode"]) == (str(path), str(desk.team), "imported")

    def test_those_that_fit_an_alert(self, desk: Desk) -> None:
        desk.put("a.md", EXAMPLE.read_text())
        desk.put("c.md", PLAIN)
        (one,) = desk.data("list", "--alert", "APILatencyHigh")["runbooks"]
        assert (one["id"], one["rule"]) == ("api-latency-high", "match")
        assert one["why"] == "its match fits: alertname APILatencyHigh"
        header, row = desk.run("list", "--alert", "APILatencyHigh").stdout.splitlines()
        assert header.split()[:2] == ["TITLE", "BECAUSE"]
        assert "its match fits" in row
        assert {(one["rule"], one["why"]) for one in desk.data("list")["runbooks"]} == {(None, None)}
        assert desk.run("list", "--alert", "Nothing").stdout == "No runbook fits Nothing.\n"

    def test_without_any(self, desk: Desk) -> None:
        assert desk.run("list").stdout == "No runbook.\n"

    def test_the_shipped_ones_without_a_configuration(self, desk: Desk) -> None:
        result = desk.run("list", has_config=False)
        assert (result.exit_code, result.stderr) == (0, "")

    def test_a_folder_that_is_not_there_is_told(self, desk: Desk) -> None:
        desk.write_config('[runbooks]\npaths = ["gone"]\nshipped = false\n')
        assert "gone is not there" in desk.run("list").stderr


class TestFind:
    def test_the_file_and_the_rule(self, desk: Desk) -> None:
        path = desk.put("a.md", EXAMPLE.read_text())
        answer = desk.data("find", "--alertname", "APILatencyHigh")
        check_shape(answer, shapes_runbook.RunbookFindAnswer, "find")
        assert (answer["file"], answer["rule"]) == (str(path), "match")
        text = desk.run("find", "--alertname", "APILatencyHigh").stdout
        assert text == f"{path} (its match fits: alertname APILatencyHigh)\n"

    def test_labels_and_annotations_of_the_alert(self, desk: Desk) -> None:
        desk.put("a.md", "---\noncall: 1\nmatch: [{team: x=y}]\n---\n# A\n")
        path = desk.put("db/full.md", "# B\n## What to do\n")
        assert desk.data("find", "--alertname", "Z", "--label", "team=x=y")["rule"] == "match"
        answer = desk.data("find", "--alertname", "Z", "--annotation", "runbook_url=https://x/db/full.md#what-to-do")
        assert (answer["file"], answer["rule"], answer["anchor"]) == (str(path), "annotation", "what-to-do")

    def test_nothing_fits(self, desk: Desk) -> None:
        answer = desk.data("find", "--alertname", "Z", "--annotation", "runbook=../../etc/passwd")
        assert (answer["file"], answer["rule"], answer["search"]) == (None, "none", "Z")
        assert "leads out of the runbook folders" in answer["refused"][0]
        result = desk.run("find", "--alertname", "Z\x1b[1m", "--annotation", "runbook=../x")
        assert result.stdout == "No runbook fits Z\ufffd[1m.\n"
        assert "leads out" in result.stderr

    @pytest.mark.parametrize(
        "options",
        [
            (),
            ("--alertname", "A", "--label", "x"),
            ("--alertname", "A", "--label", "=x"),
            ("--alertname", "A", "--alert", "A"),
        ],
    )
    def test_bad_usage(self, desk: Desk, options: tuple[str, ...]) -> None:
        assert desk.run("find", *options).exit_code == 2


class TestShow:
    def test_exactly_these_keys(self, desk: Desk) -> None:
        answer = desk.data("show", str(desk.put("c.md", PLAIN)))
        check_shape(answer, shapes_runbook.RunbookShowAnswer, "show")
        assert list(answer) == ["mode", "title", "parameters", "errors", "steps"]
        assert answer["steps"] == [
            {
                "id": "s1",
                "kind": "shell",
                "lang": "",
                "body": "$ kubectl logs <pod-name> -n $NAMESPACE\nout\n",
                "commands": ['kubectl logs "${oc_pod}" -n $NAMESPACE'],
                "line": 5,
                "section": "Diagnosis",
                "phase": "diagnose",
                "danger": answer["steps"][0]["danger"],
                "author": None,
                "classifier": "read",
                "danger_reason": None,
                "runnable": False,
                "unresolved": ["pod", "namespace"],
            }
        ]
        assert [one["name"] for one in answer["parameters"]] == ["pod", "namespace"]

    def test_with_the_values_of_the_alert_and_typed_ones(self, desk: Desk) -> None:
        path = str(desk.put("c.md", PLAIN))
        answer = desk.data("show", path, "--label", "namespace=prod", "--param", "pod=p-1")
        assert (answer["steps"][0]["runnable"], answer["steps"][0]["unresolved"]) == (True, [])
        assert [(one["value"], one["origin"]) for one in answer["parameters"]] == [
            ("p-1", "typed"),
            ("prod", "label namespace"),
        ]
        hostile = desk.data("show", path, "--label", "namespace=$(touch x)")
        assert "is not used" in hostile["parameters"][1]["problem"]
        assert hostile["steps"][0]["runnable"] is False

    def test_values_of_the_configuration(self, desk: Desk) -> None:
        desk.put("a.md", EXAMPLE.read_text())
        desk.write_config(f'[runbooks]\npaths = ["{desk.team}"]\n[runbooks.values]\nredis.cache.host = "r1"\n')
        answer = desk.data("show", "api-latency-high")
        values = {one["name"]: one["value"] for one in answer["parameters"]}
        assert (values["redis_host"], values["max_tasks"], values["service"]) == ("r1", "20", None)
        assert answer["errors"] == []

    def test_by_id_by_name_and_not_at_all(self, desk: Desk) -> None:
        desk.put("x/pods.md", PLAIN)
        assert desk.data("show", "pods")["title"] == "Pods crash"
        assert desk.data("show", "x/pods.md")["title"] == "Pods crash"
        result = desk.run("show", "pod")
        assert (result.exit_code, 'Did you mean "pods"?' in result.stderr) == (2, True)
        desk.put("y/pods.md", PLAIN)
        assert "means 2 runbooks" in desk.run("show", "pods").stderr

    def test_as_text(self, desk: Desk) -> None:
        path = desk.put("c.md", PLAIN)
        text = desk.run("show", str(path), "--label", "pod=p").stdout
        assert "  pod = p  (label pod)\n  namespace: asked for\n" in text
        command = '      kubectl logs "${oc_pod}" -n $NAMESPACE\n'
        assert f"{command}    runs on this machine, in {path.parent}\n    waits for: namespace\n" in text

    def test_hostile_text_reaches_no_terminal(self, desk: Desk) -> None:
        path = desk.put("c.md", "# \x1b]0;x\x07\u202e\n```bash\necho \x1b[31m\n```\n- [ ] \x9b1m\n")
        for output in (desk.run("show", str(path)).stdout, desk.run("show", str(path), "--json").stdout):
            assert all(char.isprintable() or char == "\n" for char in output)

    def test_an_unknown_parameter_is_bad_usage(self, desk: Desk) -> None:
        result = desk.run("show", str(desk.put("c.md", PLAIN)), "--param", "x=1")
        assert (result.exit_code, "Known: pod, namespace." in result.stderr) == (2, True)


class TestLint:
    def test_an_error_is_told_with_its_place(self, desk: Desk) -> None:
        path = desk.put("b.md", BROKEN)
        result = desk.run("lint", str(path))
        assert result.exit_code == 1
        assert result.stdout.splitlines()[-2].startswith(f"{path}:3:1: error F2: unknown key `titel`")
        assert result.stdout.splitlines()[-1] == "1 error, 3 warnings in 1 file."

    def test_a_folder_and_warnings(self, desk: Desk) -> None:
        desk.put("a.md", "---\noncall: 1\nowner: me\nmatch: [{alertname: A}]\n---\n# A\n")
        desk.put("a_test.yml", "runbook: a.md\n")
        desk.put("c.md", PLAIN)
        assert desk.run("lint", str(desk.team)).stdout == "0 errors, 0 warnings in 2 files.\n"
        assert desk.run("lint", "--strict", str(desk.team)).exit_code == 0
        (desk.team / "a_test.yml").unlink()
        assert desk.run("lint", str(desk.team)).exit_code == 0
        assert desk.run("lint", "--strict", str(desk.team)).exit_code == 1

    def test_what_only_shows_beside_other_files(self, desk: Desk) -> None:
        text = "---\noncall: 1\nowner: me\nmatch: [{alertname: A}]\n---\n# A\n[gone](gone.md) [here](b.md) [web](https://x)\n"
        desk.put("a.md", text + "```bash {#x danger=read danger_reason=looks}\n./gone.sh\n```\n")
        desk.put("b.md", text.replace("[gone](gone.md) ", ""))
        for name in ("a", "b"):
            desk.put(f"{name}_test.yml", "")
        answer = json.loads(desk.run("lint", str(desk.team), "--json").stdout)
        check_shape(answer, shapes_runbook.RunbookLintAnswer, "lint")
        told = [(Path(one["file"]).name, one["rule"], one["line"]) for one in answer["findings"]]
        assert told == [("a.md", "X1", 4), ("a.md", "X2", 7), ("a.md", "X2", 9), ("b.md", "X1", 4)]

    @pytest.mark.parametrize("arguments", [(), ("/nowhere/x.md",)])
    def test_bad_usage(self, desk: Desk, arguments: tuple[str, ...]) -> None:
        assert desk.run("lint", *arguments).exit_code == 2


class TestNew:
    def test_the_skeleton_loads_and_is_found(self, desk: Desk) -> None:
        path = desk.team / "new.md"
        labels = ("--label", "namespace=prod", "--label", "severity=critical", "--label", "and=x", "--label", "a-b=x")
        answer = desk.data("new", "KubePodCrashLooping", *labels, "--output", str(path))
        assert answer == {"file": str(path), "id": "kube-pod-crash-looping"}
        shown = desk.data("show", str(path))
        assert (shown["mode"], shown["title"], shown["errors"]) == ("native", "Kube pod crash looping", [])
        assert [one["name"] for one in shown["parameters"]] == ["namespace"]
        assert "severity: P1" in path.read_text()
        assert desk.data("find", "--alertname", "KubePodCrashLooping")["rule"] == "match"

    def test_no_file_is_written_over(self, desk: Desk) -> None:
        path = desk.put("a.md", "mine")
        result = desk.run("new", "A", "--output", str(path))
        assert (result.exit_code, path.read_text()) == (2, "mine")

    @pytest.mark.parametrize("name", ["", "a b", "A\nmatch: []", '"}', "../x"])
    def test_a_name_that_is_none(self, desk: Desk, name: str) -> None:
        assert desk.run("new", name, "--output", str(desk.folder / "x.md")).exit_code == 2
        assert not (desk.folder / "x.md").exists()

    def test_it_is_written_into_this_folder(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(desk.folder)
        desk.run("new", "APILatencyHigh")
        assert (desk.folder / "api-latency-high.md").is_file()


def test_the_help_loads_no_parser() -> None:
    code = "import sys, oncall_tui.cli.runbook.command; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"markdown_it", "yaml", "tree_sitter", "msgspec"} & set(done.stdout.split())


def test_lint_looks_for_scripts_where_the_configuration_says_that_steps_run(desk: Desk) -> None:
    head = "---\noncall: 1\nowner: me\nmatch: [{alertname: A}]\n---\n"
    file = desk.put("a/b.md", f"{head}```bash {{#x danger=read danger_reason=looks}}\n./scripts/look.sh\n```\n")
    desk.put("a/b_test.yml", "")
    desk.write_config(f'[runbooks]\npaths = ["{desk.team}"]\ndirectory = "{desk.folder / "ops"}"\nshipped = false\n')
    assert desk.run("lint", "--strict", str(file)).exit_code == 1
    script = desk.folder / "ops" / "scripts" / "look.sh"
    script.parent.mkdir(parents=True)
    script.touch()
    result = desk.run("lint", "--strict", str(file))
    assert (result.exit_code, result.stdout) == (0, "0 errors, 0 warnings in 1 file.\n")


def test_the_shipped_runbooks_hold_to_the_strict_rules(desk: Desk) -> None:
    folder = Path(__file__).parents[4] / "runbooks"
    result = desk.run("lint", "--strict", str(folder))
    assert (result.exit_code, result.stdout.splitlines()[:-1]) == (0, []), result.stdout
