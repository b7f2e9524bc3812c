"""Native files: the full example, where directives belong, ids, and every error with its place."""

from datetime import timedelta

import pytest

from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.finding import RULES
from oncall_tui.runbook.model import Mode, Phase, StepKind
from oncall_tui.runbook.options import (
    Approve,
    Capture,
    CaptureKind,
    Confirm,
    Escalation,
    Guard,
    Match,
    OnFail,
    Parameter,
    Pick,
    Reduce,
    Type,
    Undo,
    Verify,
)
from tests.unit.runbook.books import EXAMPLE, book, fenced, native, only, told

SECONDS = timedelta(seconds=1)


class TestTheExample:
    example = book(EXAMPLE.read_bytes())

    def test_it_loads_without_an_error(self) -> None:
        assert self.example.mode is Mode.NATIVE
        assert self.example.errors == ()
        assert not self.example.is_refused

    def test_the_front_matter(self) -> None:
        one = self.example
        assert (one.id, one.title, one.owner, one.severity) == (
            "api-latency-high",
            "API latency high",
            "team-platform",
            "P2",
        )
        assert one.escalate == (Escalation("P1", "p99.value > 2", 8),)
        assert [entry.labels for entry in one.match] == [
            {"alertname": "APILatencyHigh"},
            {"alertname": "~HighRequestLatency|APILatency.*", "team": "platform"},
        ]
        assert one.lets == {"target": "ecs_count.desired + 2"}
        assert one.guards[0] == Guard(require=("aws", "psql", "redis-cli"), line=26)
        assert one.guards[1].equals == "config.aws.account"

    def test_the_parameters(self) -> None:
        params = self.example.params
        assert list(params)[:4] == ["service", "env", "cluster", "max_tasks"]
        assert params["max_tasks"] == Parameter(
            "max_tasks", Type.INT, default="20", min=1, max=200, line=params["max_tasks"].line
        )
        assert params["env"].choices == ("prod", "staging")
        assert params["cluster"].origins == ("labels.cluster",)
        assert params["pid"].pick == Pick("active_queries", "pid")
        assert params["previous_version"].pattern == r"v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?"

    def test_the_steps_in_their_order(self) -> None:
        assert [one.id for one in self.example.steps] == [
            *("p99", "cpu", "db_conn", "redis_mem", "deploy_age", "s6", "ecs_count", "scale_out", "scale_back"),
            *("active_queries", "cancel_query", "terminate_backend", "bigkeys", "dbsize", "flushdb"),
            *("releases", "rollback", "health", "s19", "s20"),
        ]

    def test_what_a_step_says(self) -> None:
        flush = self.example.step("flushdb")
        assert flush is not None
        assert flush.author is Danger.DESTROY
        assert flush.options.needs == ("dbsize",)
        assert flush.options.confirm == Confirm("flush {redis_host}/{redis_db}", "{dbsize.keys} keys will be deleted")
        assert flush.options.approve == Approve("incident-commander", "env == 'prod'")
        assert flush.options.verify == Verify("dbsize", "dbsize.keys < 1000", 5 * SECONDS, 60 * SECONDS)
        assert flush.options.undo == Undo(none="keys are gone; the cache refills from the database")
        assert flush.options.timeout == 30 * SECONDS
        assert flush.body == 'redis-cli -e -h "$redis_host" -n "$redis_db" FLUSHDB ASYNC\n'
        assert (flush.line, flush.lang, flush.kind) == (139, "bash", StepKind.SHELL)
        assert flush.commands[0].id == "flushdb"

    def test_captures_and_checks(self) -> None:
        options = {one.id: one.options for one in self.example.steps}
        assert options["releases"].capture == Capture("list", CaptureKind.TSV, ("version", "finished_at", "author"))
        assert options["ecs_count"].capture == Capture("desired", CaptureKind.INT)
        assert (options["cpu"].reduce, options["cpu"].unit, options["cpu"].warn) == (Reduce.MAX, "%", 70)
        assert options["scale_back"].is_undo_only
        assert options["scale_out"].undo == Undo(step="scale_back")

    def test_what_a_step_uses_and_what_is_open(self) -> None:
        step = self.example.step("scale_back")
        assert step is not None
        assert dict(step.uses) == {
            "cluster": "cluster",
            "service": "service",
            "ecs_count_desired": "ecs_count.desired",
        }
        assert step.unresolved == ("service",)
        cancel = self.example.step("cancel_query")
        assert cancel is not None
        assert cancel.unresolved == ("pid", "backend_start")

    def test_sections_have_their_condition_phase_and_anchor(self) -> None:
        sections = {one.slug: one for one in self.example.sections}
        assert sections["if-cpu-is-high-scale-out"].when == "cpu.value > 80"
        assert sections["diagnosis"].phase is Phase.DIAGNOSE
        assert sections["done-when"].verify == Verify("p99", "p99.value < 0.5", 30 * SECONDS, 600 * SECONDS)

    def test_a_reason_lowers_what_the_classifier_thinks(self) -> None:
        releases = self.example.step("releases")
        assert releases is not None
        assert (releases.judged, releases.danger) == (Danger.CHANGE, Danger.READ)
        assert releases.danger_reason == "the script only reads the release registry"


class TestDirectives:
    def test_right_under_a_heading_it_is_the_sections_and_a_second_one_the_fences(self) -> None:
        text = "## A\n\n<!-- oncall\nwhen: x.value > 1\n-->\n<!-- oncall\non_fail: continue\n-->\n"
        found = native(text + fenced("up", "promql {#x}"))
        assert found.sections[1].when == "x.value > 1"
        assert only(found).options.on_fail is OnFail.CONTINUE

    def test_after_text_it_is_the_fences(self) -> None:
        found = native("## A\ntext\n<!-- oncall\nunit: s\n-->\nmore text\n\n" + fenced("sum(up)", "promql {#x}"))
        assert only(found).options.unit == "s"
        assert found.findings == ()

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a\n<!-- oncall\ndb: x\n-->\n# next\n", 5),
            ("a\n<!-- oncall\ndb: x\n-->\n", 5),
            ("a\n\n<!-- oncall\ndb: x\n-->\n<!-- oncall\ndb: y\n-->\n" + fenced("up", "promql"), 6),
            ("a\n\n<!-- oncall\ndb: x\n-->\n```yaml\na: b\n```\n", 6),
            ("text <!-- oncall db: x -->\n", 4),
            ("<!-- note <!-- oncall db: x -->\n", 4),
            ("- <!-- oncall db: x --> <!-- oncall db: y -->\n" + fenced("up", "promql"), 4),
        ],
    )
    def test_where_it_says_nothing_it_is_an_error(self, text: str, line: int) -> None:
        assert ("F3", line) in told(native(text))

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ("<!-- oncall\na: [\n-->\n", 6, "no YAML"),
            ("<!-- oncall -->\n", 4, "holds no keys"),
            ("<!-- oncall\na: b\n", 4, "not closed by -->"),
            ("<!-- oncall\ntimeout: &a 5s\n-->\n", 5, "anchors"),
        ],
    )
    def test_what_is_broken_is_told_with_its_line(self, text: str, line: int, words: str) -> None:
        first = native(text + fenced("up", "promql")).errors[0]
        assert (first.rule, first.line) == ("F1", line)
        assert words in first.problem

    def test_an_ordinary_comment_is_nothing(self) -> None:
        found = native("# A\n<!-- a note -->\n<!-- oncall when: x.value > 1 -->\n" + fenced("up", "promql {#x}"))
        assert found.sections[1].when == "x.value > 1"


class TestErrors:
    @pytest.mark.parametrize(
        ("info", "rule", "words"),
        [
            ("bash {#x dangr=read}", "F2", "unknown key `dangr`"),
            ("bash {#x danger=none}", "F1", "one of read, change, destroy"),
            ("bash {#a-b}", "F1", "`a-b` is no id"),
            ("bash {#x timeout=5}", "F1", "a span of time"),
            ("bash {#x timeout=0s}", "F1", "a span of time"),
            ("bash {#x danger=read danger=change}", "F3", "`danger` is given twice"),
            ("bash {#x capture=a:blob}", "F1", "no `name` or `name:kind`"),
            ("bash {#x capture=a:tsv}", "F1", "need `columns`"),
            ("bash {#x columns=a}", "F1", "belongs to `capture="),
            ('bash {#x capture=a:lines columns="a,,b"}', "F1", "empty entry"),
            ("promql {#x warn=high}", "F1", "a number"),
            ("promql {#x reduce=median}", "F1", "one of max, min, sum, avg"),
            ("bash {#x tty=yes}", "F1", "true or false"),
            ("bash {#x on_fail=ignore}", "F1", "one of stop, continue"),
            ("bash {#x needs=a-b}", "F1", "no id of a step"),
            ("bash title=x", "F1", "no attribute list"),
        ],
    )
    def test_a_fence_with_a_wrong_key(self, info: str, rule: str, words: str) -> None:
        found = native("text\n\n" + fenced("echo a", info))
        assert [(one.rule, one.line) for one in found.errors] == [(rule, 6)]
        assert words in found.errors[0].problem

    @pytest.mark.parametrize(
        ("keys", "words"),
        [
            ("verify: {check: a, step: b, expect: a.value > 1, every: 5s, within: 1m}", "exactly one"),
            ("verify: {check: a, expect: a.value > 1}", "needs `expect`, `every` and `within`"),
            ("verify: {check: a, expect: a.value > 1, every: 5m, within: 1m}", "shorter than"),
            ("verify: soon", "has to be a table"),
            ("undo: {manual: a, none: b}", "is a step, or"),
            ("undo: {}", "is a step, or"),
            ("approve: {when: a}", "needs a `role`"),
            ("env: x", "a table of names"),
            ("env: {a-b: x}", "a name of letters"),
            ("guard: ''", "is empty"),
            ("guard: [a]", "has to be a text"),
            ("needs: {a: b}", "a list of texts"),
        ],
    )
    def test_a_directive_with_a_wrong_value(self, keys: str, words: str) -> None:
        found = native(f"text\n<!-- oncall\n{keys}\n-->\n" + fenced("echo a", "bash {#x}"))
        assert [(one.rule, one.line) for one in found.errors] == [("F1", 6)]
        assert words in found.errors[0].problem

    def test_the_nearest_known_key_is_named(self) -> None:
        found = native(fenced("echo a", "bash {#x timout=5s}"))
        assert found.errors[0].advice == 'did you mean "timeout"?'
        assert found.errors[0].column == 13

    def test_an_id_given_twice_names_the_first_line(self) -> None:
        found = native(fenced("echo a", "bash {#x}") + fenced("echo b", "bash {#x}"))
        assert told(found) == [("F1", 7)]
        assert "line 4" in found.errors[0].problem

    def test_an_id_like_a_number_of_the_file_collides(self) -> None:
        found = native(fenced("echo a", "bash {#s2}") + fenced("echo b"))
        assert told(found) == [("F1", 7)]

    @pytest.mark.parametrize(
        ("text", "line", "column"),
        [("# a\u202eb\n", 4, 4), ("a\n" + fenced("ls \u200b"), 6, 4), ("a\x07\n", 4, 2)],
    )
    def test_hidden_characters_anywhere(self, text: str, line: int, column: int) -> None:
        first = native(text).errors[0]
        assert (first.rule, first.line, first.column) == ("F4", line, column)

    @pytest.mark.parametrize("body", ["sum(rate(x[5m]))", "kind: Pod\nmetadata: x", '{"a": 1}', "mysql> show tables;"])
    def test_a_shell_tag_on_something_else(self, body: str) -> None:
        assert told(native(fenced(body, "bash {#x}")))[0] == ("F5", 4)

    def test_a_fence_that_is_no_step_and_says_it_is_one(self) -> None:
        assert told(native(fenced("a: b", "yaml {#x danger=read}"))) == [("F3", 4)]
        assert told(native(fenced("a: b", "yaml {linenos=table}"))) == []

    def test_an_empty_or_open_fence(self) -> None:
        assert told(native("```bash {#x}\n```\n")) == [("F1", 4)]
        assert told(native("```bash {#x}\nls\n")) == [("F1", 4)]

    def test_any_error_refuses_the_whole_file(self) -> None:
        found = native(fenced("up", "promql {#x}") + fenced("echo a", "bash {#y foo=1}"))
        assert found.is_refused
        assert [one.is_runnable for one in found.steps] == [False, False]

    def test_every_rule_has_a_description(self) -> None:
        assert all(RULES[rule] for rule, _ in told(native("# a\u202e\n```bash {#A}\n```\n")))


class TestNames:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            (fenced('echo "$nobody"', "bash {#x}"), 5),
            (fenced('up{a="{{nobody}}"}', "promql {#x}"), 5),
            (fenced("SELECT\n:'nobody'", "sql {#x}"), 6),
            (fenced("GET {{nobody}}/x", "http {#x}"), 5),
        ],
    )
    def test_what_nothing_defines_is_told(self, text: str, line: int) -> None:
        found = native(text)
        assert told(found) == [("N1", line)]
        assert found.errors[0].step == "x"

    def test_variables_of_the_environment_and_of_earlier_steps_are_no_parameters(self) -> None:
        text = fenced("pod=$(hostname)", "bash {#a}") + fenced('echo "$pod" "$HOME" "$AWS_PROFILE" "$1"', "bash {#b}")
        assert native(text).findings == ()

    def test_a_name_may_have_one_meaning_only(self) -> None:
        found = native(fenced("up", "promql {#x}"), "params: {x: {default: a}, y: {default: b}}\nlet: {y: 1 + 1}\n")
        assert [one.rule for one in found.errors] == ["N3", "N3"]

    def test_a_capture_and_a_parameter_of_one_name(self) -> None:
        found = native(fenced("date", "bash {#a capture=b}"), "params: {a_b: {default: x}}\n")
        assert [one.rule for one in found.errors] == ["N3"]

    def test_a_match_knows_its_line(self) -> None:
        found = native("", "match:\n  - alertname: A\n  - {alertname: B, team: ~x}\n")
        assert found.match == (Match({"alertname": "A"}, 4), Match({"alertname": "B", "team": "~x"}, 5))
