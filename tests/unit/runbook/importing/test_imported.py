"""Plain markdown as a runbook: which steps, what they would run, and why some cannot."""

import pytest

from oncall_tui.runbook.danger import Danger, Judgement
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.model import Mode, Phase, StepKind
from oncall_tui.runbook.reading.judge import cautious
from tests.unit.runbook.books import book, fenced, only, texts, told


def kinds(text: str) -> list[tuple[str, StepKind]]:
    return [(one.id, one.kind) for one in book(text).steps]


class TestSteps:
    def test_a_fence_is_a_step_and_each_of_its_commands_a_part(self) -> None:
        step = only(book("# A\n\n" + fenced("# look\nkubectl get pods\nkubectl get nodes | \\\n  grep x")))
        assert step.id == "s1"
        assert step.body == "# look\nkubectl get pods\nkubectl get nodes | \\\n  grep x\n"
        assert [(one.id, one.text, one.line) for one in step.commands] == [
            ("s1a", "kubectl get pods", 5),
            ("s1b", "kubectl get nodes | \\\n  grep x", 6),
        ]

    def test_one_command_has_the_id_of_its_step(self) -> None:
        assert [one.id for one in only(book(fenced("ls"))).commands] == ["s1"]

    def test_more_commands_than_letters(self) -> None:
        step = only(book(fenced("\n".join(["ls"] * 30))))
        assert [one.id for one in step.commands][24:29] == ["s1y", "s1z", "s1aa", "s1ab", "s1ac"]

    def test_every_block_that_is_something_to_do_in_the_order_of_the_file(self) -> None:
        text = "1. Ask the DBA.\n2. Run:\n   ```\n   kubectl get pods\n   ```\n- [ ] Tick `me`\n- no step\n\n"
        text += "Try `kubectl describe pod x` or `foo bar` or `ls`.\n\n```yaml\na: b\n```\n\n    some output\n"
        assert kinds(text) == [
            ("s1", StepKind.MANUAL),
            ("s2", StepKind.SHELL),
            ("s3", StepKind.MANUAL),
            ("s4", StepKind.SHELL),
            ("s5", StepKind.TEXT),
        ]

    def test_words_of_manual_steps(self) -> None:
        found = book("1. Ask **the** [DBA](http://x)\n   and wait\n2) Then `x`.\n- [x] done \x1b[1m\n")
        assert [one.body for one in found.steps] == ["Ask the DBA and wait", "Then x.", "done \ufffd[1m"]

    def test_a_table_of_contents_is_nothing_to_do(self) -> None:
        assert book("1. [Meaning](#meaning)\n2. [Impact](#impact)\n").steps == ()

    def test_inline_commands_are_offered_with_their_line(self) -> None:
        found = book("# A\n\nFirst\n`kubectl get pod <pod>`\nthen `ls -l`.\n")
        assert [(one.line, one.is_inline, one.unresolved) for one in found.steps] == [
            (4, True, ("pod",)),
            (5, True, ()),
        ]

    def test_code_by_indentation_counts_when_it_is_commands(self) -> None:
        step = only(book("Run\n\n    kubectl get pods\n    ls\n"))
        assert texts(step) == ["kubectl get pods", "ls"]
        assert step.commands[1].line == 4

    def test_prompts_and_output_go(self) -> None:
        step = only(book(fenced("$ kubectl get pods\nNAME  READY\nfoo   1/1\n$ ls", "console")))
        assert [(one.text, one.line) for one in step.commands] == [("kubectl get pods", 2), ("ls", 5)]

    def test_line_ends_of_windows_stay_in_the_body_and_not_in_the_command(self) -> None:
        step = only(book("```bash\r\nls \\\r\n  -l\r\npwd\r\n```\r\n"))
        assert step.body == "ls \\\r\n  -l\r\npwd\r\n"
        assert texts(step) == ["ls \\\n  -l", "pwd"]

    def test_headings_give_phases_and_those_below_inherit_them(self) -> None:
        text = "# X\n## Diagnosis\n### Pods\n" + fenced("ls") + "## Mitigation steps\n" + fenced("ls") + "## Notes\n"
        found = book(text)
        assert [found.section_of(one).phase for one in found.steps] == [Phase.DIAGNOSE, Phase.MITIGATE]
        assert [one.phase for one in found.sections] == [
            *(Phase.NONE, Phase.NONE, Phase.DIAGNOSE, Phase.DIAGNOSE, Phase.MITIGATE, Phase.NONE),
        ]

    def test_anchors_are_those_of_code_hosts_or_own_ones(self) -> None:
        found = book("# Kube: Pod's `x` down!\n# A\n# A\n# B {#own-one}\n")
        assert [one.slug for one in found.sections[1:]] == ["kube-pods-x-down", "a", "a-1", "own-one"]

    def test_directives_and_attributes_of_native_files_say_nothing_here(self) -> None:
        step = only(book("text\n<!-- oncall\ndanger: read\n-->\n" + fenced("ls", "bash {#x danger=read}")))
        assert (step.id, step.author) == ("s1", None)


class TestPlaceholders:
    def test_a_block_with_one_cannot_run(self) -> None:
        found = book(fenced("oc get pod <my-pod> -n <namespace>"))
        step = only(found)
        assert not step.is_runnable
        assert step.unresolved == ("pod", "namespace")
        assert dict(step.uses) == {"oc_pod": "pod", "oc_namespace": "namespace"}
        assert texts(step) == ['oc get pod "${oc_pod}" -n "${oc_namespace}"']
        assert found.params["namespace"].origins == ("labels.namespace",)
        assert found.params["pod"].written == "<my-pod>"

    def test_a_label_that_the_text_names(self) -> None:
        found = book(fenced("NAMESPACE='<value of namespace label from alert>'") + fenced("oc get pods -n $NAMESPACE"))
        assert [one.unresolved for one in found.steps] == [("namespace",), ()]

    def test_a_variable_that_nothing_sets_is_asked_for(self) -> None:
        found = book(fenced("oc logs $POD") + fenced("X=$(date)\noc get $X $HOME ${Y:-z} $LD_PRELOAD"))
        assert [one.unresolved for one in found.steps] == [("pod",), ()]
        assert dict(found.steps[0].uses) == {"POD": "pod"}

    def test_a_variable_counts_as_set_only_behind_its_block(self) -> None:
        found = book(fenced("oc logs $POD") + fenced("POD=x") + fenced("oc logs $POD"))
        assert [one.unresolved for one in found.steps] == [("pod",), (), ()]

    @pytest.mark.parametrize("body", ["cat <<EOF\n<x>\nEOF", "ssh host 'ls <x>'", "<x> get pods", "grep <x> ("])
    def test_where_no_reference_can_stand_the_step_says_why(self, body: str) -> None:
        found = book(fenced(body))
        step = only(found)
        assert step.blocked
        assert step.unresolved == ("x",)
        assert texts(step) == [body]
        assert told(found) == [("S3", 2)]
        assert found.errors[0].step == "s1"

    def test_a_variable_that_would_be_program_text(self) -> None:
        found = book(fenced('ls\nbash -c "ls $POD"'))
        assert told(found) == [("S2", 3)]
        assert only(found).blocked == ("$POD would be read as program text by bash",)

    def test_a_value_is_followed_into_the_variables_it_is_copied_to(self) -> None:
        text = fenced("A=<ns>\nB=$A\nC=1") + fenced('ssh host "ls $C"') + fenced('ssh host "ls $B"')
        found = book(text)
        assert [one.blocked for one in found.steps] == [(), (), ("$B would be read as program text by ssh",)]

    def test_prose_and_templates_are_none(self) -> None:
        step = only(book(fenced("oc get pod -o go-template='{{.metadata.name}}' [redacted]")))
        assert step.is_runnable

    def test_in_promql_it_becomes_a_name_inside_quotes(self) -> None:
        step = only(book(fenced('up{job="<job>"} == 0', "promql")))
        assert texts(step) == ['up{job="{{job}}"} == 0']
        assert dict(step.uses) == {"job": "job"}

    @pytest.mark.parametrize("body", ["sum(<x>)", "rate(x[$__interval])", 'up{a="{{b}}"}', "sum(", "up{a='<x>'}"])
    def test_promql_that_cannot_be_asked(self, body: str) -> None:
        found = book(fenced(body, "promql"))
        assert not only(found).is_runnable
        assert told(found) == [("P1", 2)]

    def test_several_queries_of_a_block(self) -> None:
        step = only(book(fenced("# two\nrate(a[5m])\nrate(b[5m])", "promql")))
        assert [(one.text, one.line) for one in step.commands] == [("rate(a[5m])", 3), ("rate(b[5m])", 4)]


class TestWhatCannotRun:
    @pytest.mark.parametrize(
        ("text", "rule"),
        [
            (fenced("if true"), "S3"),
            (fenced("# only a comment"), "S3"),
            (fenced(""), "S3"),
            ("```bash\nls\n\nprose that follows\n", "F1"),
            (fenced("ls \u202e"), "F4"),
            (fenced("ls \x1b[1m"), "F4"),
            (fenced("sleep 100", "bash { background=true }"), "S6"),
        ],
    )
    def test_the_reason_is_a_finding_of_the_step(self, text: str, rule: str) -> None:
        found = book(text)
        assert rule in [one.rule for one in found.errors]
        assert only(found).blocked
        assert not only(found).is_runnable
        assert not found.is_refused

    def test_what_a_page_types_into_another_shell_does_not_run_here(self) -> None:
        found = book(fenced("$ oc rsh pod-1\nsh-4.4$ df -h\n", "console"))
        assert only(found).blocked == ("what follows `oc` is typed into the shell that it opens, not here",)
        assert told(found) == [("S6", 3)]
        assert only(book(fenced("ssh node-1"))).blocked == ()

    @pytest.mark.parametrize(("lang", "body"), [("sql", "SELECT 1;"), ("http", "GET https://x/y")])
    def test_what_needs_a_target_that_plain_markdown_cannot_name(self, lang: str, body: str) -> None:
        step = only(book(fenced(body, lang)))
        assert len(step.blocked) == 1
        assert "native step" in step.blocked[0]

    def test_bytes_that_are_no_text(self) -> None:
        step = only(book(b"```bash\nls \xff\n```\n"))
        assert step.body == "ls \udcff\n"
        assert not step.is_runnable

    def test_other_interpreters_are_text(self) -> None:
        assert kinds(fenced("print()", "sh { interpreter=python3 }")) == [("s1", StepKind.TEXT)]
        assert kinds(fenced("ls", "sh { interpreter=bash name=x }")) == [("s1", StepKind.SHELL)]

    def test_attributes_of_runme(self) -> None:
        step = only(book(fenced("ls", 'sh {"name":"x","cwd":"/srv","interactive":"true","excludeFromRunAll":"true"}')))
        assert (step.options.cwd, step.options.has_terminal, step.is_runnable) == ("/srv", True, True)

    @pytest.mark.parametrize("info", ["bash title=x", "{.bash #x}", "bash,editable", "Bash", "bash {broken"])
    def test_tags_of_other_tools(self, info: str) -> None:
        assert only(book(fenced("ls", info))).is_runnable

    def test_a_tag_that_lies_is_told(self) -> None:
        found = book(fenced("sum(rate(x[5m]))"))
        assert only(found).kind is StepKind.PROMQL
        assert only(found).lang == "bash"
        assert [(one.rule, one.level.value) for one in found.findings] == [("F5", "warn")]


class TestJudging:
    def test_each_command_is_judged_as_it_would_run(self) -> None:
        asked = []

        def judge(kind: Kind, body: str, carried: frozenset[str] = frozenset()) -> Judgement:
            asked.append((kind, body))
            return Judgement(Danger.DESTROY if "rm" in body else Danger.READ, needs_terminal="edit" in body)

        found = book(fenced("ls <x>\nrm y") + fenced("oc edit x") + fenced("up", "promql"), judge)
        assert asked == [
            (Kind.SHELL, 'ls "${oc_x}"'),
            (Kind.SHELL, "rm y"),
            (Kind.SHELL, "oc edit x"),
            (Kind.PROMQL, "up"),
        ]
        assert [one.danger for one in found.steps] == [Danger.DESTROY, Danger.READ, Danger.READ]
        assert [one.options.has_terminal for one in found.steps] == [False, True, False]

    def test_without_a_classifier_nothing_but_queries_reads(self) -> None:
        found = book(fenced("ls") + fenced("up", "promql") + fenced("GET /x", "http"), cautious)
        assert found.mode is Mode.IMPORTED
        assert [one.danger for one in found.steps] == [Danger.CHANGE, Danger.READ, Danger.READ]

    def test_the_classifier_judges_when_nobody_else_is_named(self) -> None:
        found = book(fenced("kubectl get pods") + fenced("kubectl delete pod x") + fenced("frobnicate"))
        assert [one.danger for one in found.steps] == [Danger.READ, Danger.DESTROY, Danger.CHANGE]

    def test_the_classifier_is_told_what_earlier_blocks_have_set(self) -> None:
        heard = []

        def judge(kind: Kind, body: str, carried: frozenset[str] = frozenset()) -> Judgement:
            heard.append(carried)
            return Judgement(Danger.READ)

        book(fenced("A=1") + fenced("B=2") + fenced("ls"), judge)
        assert heard == [frozenset(), {"A"}, {"A", "B"}]
