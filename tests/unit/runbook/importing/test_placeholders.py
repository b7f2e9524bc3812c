"""``<x>``: which it means, and the reference in the quotes that it stands in; never the value."""

import subprocess

import pytest

from oncall_tui.runbook.importing.placeholders import (
    neutral,
    parameter_name,
    parameter_of,
    placeholders_of,
    rewritten,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("namespace", "namespace"),
        ("NAMESPACE", "namespace"),
        ("my-namespace", "namespace"),
        ("your_cluster_name", "cluster"),
        ("the pod name", "pod"),
        ("pod-name", "pod"),
        ("POD_NAME", "pod"),
        ("name", "name"),
        ("value of namespace label from alert", "namespace"),
        ("value of `job_name` label from the alert", "job"),
        ("persistentvolumeclaim label of the alert", "persistentvolumeclaim"),
        ("insert node here", "node_here"),
        ("1st", "x_1st"),
        ("é", "x"),
        ("a" * 60, "a" * 40),
    ],
)
def test_the_name_of_a_parameter(written: str, name: str) -> None:
    assert parameter_name(written) == name


def test_it_is_looked_for_in_the_labels_under_every_name_it_may_have() -> None:
    assert parameter_of("<pvc>", 3).origins == ("labels.pvc", "labels.persistentvolumeclaim")
    assert parameter_of("$POD_NAME", 3, variable="POD_NAME").origins == ("labels.pod", "env.POD_NAME")


@pytest.mark.parametrize(
    "text",
    [
        "[redacted]",
        "kubectl get pod -o go-template='{{.metadata}}'",
        "{{name}}",
        "cat < file > other",
        "$(<file)",
        "cat <<EOF",
        "diff <(a) <(b)",
        "a 2>&1 <&3",
        "[ 1 -lt 2 ] && [ 3 -gt 2 ]",
        "<>",
        "< pod >",
        "a <- b -> c",
    ],
)
def test_what_is_no_placeholder(text: str) -> None:
    assert list(placeholders_of(text)) == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("oc get pods -n <namespace>", 'oc get pods -n "${oc_namespace}"'),
        ("NS='<value of namespace label from alert>'", "NS=''\"${oc_namespace}\"''"),
        ('echo "pod <my-pod-name>!"', 'echo "pod ${oc_pod}!"'),
        ("jq '.[\"<x>\"]'", "jq '.[\"'\"${oc_x}\"'\"]'"),
        ("NS=<ns> kubectl get pods", 'NS="${oc_ns}" kubectl get pods'),
        ("curl http://<host>:9090/<path/to>", 'curl http://"${oc_host}":9090/"${oc_path_to}"'),
        ("ls > <out-file>", 'ls > "${oc_out_file}"'),
        ("é <node>\nls <pod>", 'é "${oc_node}"\nls "${oc_pod}"'),
        ("kubectl exec <pod> -- df -h", 'kubectl exec "${oc_pod}" -- df -h'),
        ("ssh <host> uptime", 'ssh "${oc_host}" uptime'),
        ("ls # <x>", "ls # <x>"),
        ("echo $(kubectl get pod <pod>)", 'echo $(kubectl get pod "${oc_pod}")'),
        ("tool start <vm> keepme", 'tool start "${oc_vm}" keepme'),
    ],
)
def test_a_reference_takes_its_place_in_the_quotes_it_stands_in(text: str, result: str) -> None:
    found = rewritten(text)
    assert (found.text, found.refused) == (result, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("cat <<EOF\n<x>\nEOF", "here-document"),
        ("<tool> get pods", "name of the program"),
        ("<x>=3", "no value can"),
        ("echo ${<x>}", "no value can"),
        ("echo $((<n> + 1))", "no value can"),
        ("echo $'<x>'", "no value can"),
        ("bash -c 'ls <x>'", "program text by bash"),
        ('bash -c "ls <x>"', "program text by bash"),
        ("ssh host 'ls <x>'", "program text by ssh"),
        ("ssh host ls <x>", "program text by ssh"),
        ("eval ls <x>", "program text by eval"),
        ("kubectl exec pod -- sh -c 'ls <x>'", "program text by sh"),
        ("echo 'ls <x>' | bash", "program text by bash"),
        ("psql -c 'SELECT <x>'", "program text by psql"),
        ("awk '/<x>/'", "program text by awk"),
        ("sudo python3 -c 'print(<x>)'", "program text by python3"),
        ("bash <<< 'ls <x>'", "program text by bash"),
        ("kubectl get pods | (grep <x>", "does not parse"),
    ],
)
def test_where_a_value_would_be_code_or_cannot_stand_it_is_refused(text: str, why: str) -> None:
    found = rewritten(text)
    assert why in found.refused
    assert found.text == text


@pytest.mark.parametrize(
    "value", ["$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "'; touch pwned; '", "-rf", "a b\nc", "\\", "*"]
)
@pytest.mark.parametrize(
    "text", ["printf %s <x>", "printf %s '<x>'", 'printf %s "<x>"', 'v=<x>; printf %s "$v"', "printf %s a<x>b"]
)
def test_bash_hands_a_hostile_value_on_as_it_is(text: str, value: str, tmp_path: object) -> None:
    script = rewritten(text).text
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        env={"PATH": "/usr/bin:/bin", "oc_x": value},
        capture_output=True,
        text=True,
        check=True,
        cwd=str(tmp_path),
    )
    assert done.stdout in (value, f"a{value}b")
    assert subprocess.run(["ls", str(tmp_path)], capture_output=True, text=True, check=True).stdout == ""


def test_a_neutral_text_has_every_byte_in_its_place() -> None:
    text = "é <näme> x <pod>"
    assert len(neutral(text).encode()) == len(text.encode())
    assert "<" not in neutral(text)
