"""What a fence holds, whatever its tag says."""

import pytest

from oncall_tui.runbook.importing.tags import content_of, is_promql
from oncall_tui.runbook.model import StepKind


@pytest.mark.parametrize(
    ("lang", "body", "kind"),
    [
        ("bash", "mycmd --foo\n", StepKind.SHELL),
        ("Shell", "ls\n", StepKind.SHELL),
        ("console", "$ ls\nout\n", StepKind.SHELL),
        ("shell-session", "$ ls\n", StepKind.SHELL),
        ("sh", "foo() { ls; }\nfoo\n", StepKind.SHELL),
        ("bash", "[ -f x ] && rm x\n", StepKind.SHELL),
        ("sql", "SELECT 1;\n", StepKind.SQL),
        ("promql", "up\n", StepKind.PROMQL),
        ("http", "GET https://x/\n", StepKind.HTTP),
        ("http", "HTTP/1.1 200 OK\n", StepKind.TEXT),
        ("yaml", "a: b\n", StepKind.TEXT),
        ("text", "kubectl get pods\n", StepKind.TEXT),
        ("python", "print()\n", StepKind.TEXT),
        ("", "kubectl get pods\noc get nodes\n", StepKind.SHELL),
        ("", "# list them\nkubectl get pods \\\n  -n x\n", StepKind.SHELL),
        ("", "$ anything at all\noutput\n", StepKind.SHELL),
        ("", "for i in a b; do\n  kubectl get $i\ndone\n", StepKind.SHELL),
        ("", "kubectl get pods\nNo resources found\n", StepKind.TEXT),
        ("", "Error: connection refused\n", StepKind.TEXT),
        ("", "", StepKind.TEXT),
        ("", "up == 0\n", StepKind.TEXT),
        ("", "kubectl get pod <pod>\n", StepKind.SHELL),
    ],
)
def test_what_is_believed(lang: str, body: str, kind: StepKind) -> None:
    found = content_of(lang, body)
    assert (found.kind, found.contradiction) == (kind, "")


@pytest.mark.parametrize(
    ("body", "kind", "what"),
    [
        ("sum by (job) (rate(errors_total[5m]))\n", StepKind.PROMQL, "PromQL"),
        ('up{job="<job>"} == 0\n', StepKind.PROMQL, "PromQL"),
        ("apiVersion: v1\nkind: Pod\n", StepKind.TEXT, "YAML"),
        ('{\n  "a": 1\n}\n', StepKind.TEXT, "JSON"),
        ("SELECT * FROM pg_stat_activity;\n", StepKind.SQL, "SQL"),
        ("mysql> show tables;\n", StepKind.TEXT, "prompt of another program"),
        ("NAME   READY\nfoo    1/1\n", StepKind.TEXT, "output"),
    ],
)
def test_a_shell_tag_that_lies(body: str, kind: StepKind, what: str) -> None:
    found = content_of("bash", body)
    assert found.kind is kind
    assert what in found.contradiction


@pytest.mark.parametrize(
    "text", ["up", "ls", "a - b", "kubectl get pods", "foo(){ ls; }", "", "rate(x[5m]", "cat {a,b}"]
)
def test_what_could_be_something_else_is_no_promql(text: str) -> None:
    assert not is_promql(text)
