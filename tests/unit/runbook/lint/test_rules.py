"""Each rule on a step that breaks it and on one that does not."""

from pathlib import Path

import pytest

from oncall_tui.runbook.finding import Level
from oncall_tui.runbook.reading.read import read_file
from tests.unit.runbook.books import EXAMPLE, book, fenced, native

SAFE = "undo_only"
"""An attribute that asks for neither undo nor verify."""
PARAMS = "params: {pod: {from: labels.pod}, n: {type: int, default: 3}, t: {type: secret, from: env.T}}\n"
PARAMS = PARAMS.replace("t: {type", "flag: {type: bool, default: true}, u: {from: config.url}, t: {type")
UNDO = '<!-- oncall\nundo: {none: "it comes back"}\nverify: {check: c, expect: c.value < 1, every: 5s, within: 1m}\n'
OF_CHANGES = {"D2", "D5", "D6", "N7"}
"""What is also told of a step that is not read, because it cannot be judged."""
CHECK = fenced("sum(up)", "promql {#c}")


def found(text: str, front: str = PARAMS) -> set[tuple[str, str]]:
    """Rules and levels."""
    return {(one.rule, one.level.value) for one in native(text, front).findings}


def rules(text: str, front: str = PARAMS) -> set[str]:
    return {rule for rule, _ in found(text, front)}


def change(body: str = "kubectl delete pod", attributes: str = "", keys: str = "", lang: str = "bash") -> str:
    """A step that changes something and says all that it has to, besides what is given."""
    return f"{CHECK}text\n{UNDO}{keys}-->\n" + fenced(body, f"{lang} {{#x {attributes}}}")


class TestDanger:
    def test_less_than_the_classifier_needs_a_reason(self) -> None:
        text = change("kubectl scale deploy x", "danger=read")
        assert ("D1", "error") in found(text)
        assert "D1" not in rules(change("kubectl scale deploy x", "danger=read", "danger_reason: it is a stand-in\n"))
        assert "D1" not in rules(change("kubectl scale deploy x", "danger=destroy", "confirm: {type: 'end {pod}'}\n"))

    def test_what_changes_says_how_it_is_undone(self) -> None:
        assert ("D2", "error") in found(fenced("kubectl scale deploy x", "bash {#x}"))
        assert "D2" not in rules(change("kubectl scale deploy x"))
        assert "D2" not in rules(fenced("kubectl scale deploy x", f"bash {{#x {SAFE}}}"))
        assert "D2" not in rules(fenced("kubectl get pods", "bash {#x}"))

    @pytest.mark.parametrize("phrase", ["", "confirm: {type: 'yes'}\n", "confirm: {show: '{pod}'}\n"])
    def test_what_destroys_has_a_phrase_with_its_target(self, phrase: str) -> None:
        assert ("D3", "error") in found(change(keys=phrase))
        assert "D3" not in rules(change(keys="confirm: {type: 'delete {pod}'}\n"))

    def test_a_guard_reads(self) -> None:
        front = "guards: [{check: kubectl delete pod x, equals: y}]\n"
        assert found("", front) == {("D4", "error")}
        assert found("", "guards: [{check: kubectl config current-context, equals: y}]\n") == set()

    def test_what_changes_is_verified(self) -> None:
        text = "text\n<!-- oncall\nundo: {none: no}\n-->\n" + fenced("kubectl scale deploy x", "bash {#x}")
        assert found(text) == {("D5", "warn")}
        assert found(change("kubectl scale deploy x")) == set()

    def test_exit_0_that_proves_nothing(self) -> None:
        update = "UPDATE a SET b = 1 WHERE c = 2"
        assert found(change(update, "db=d", lang="sql")) == {("D6", "warn")}
        assert found(change(update, 'db=d expect="rows == 1"', lang="sql")) == set()
        assert "D6" in rules(change("redis-cli set a 1"))
        assert "D6" not in rules(change("redis-cli -e set a 1"))

    @pytest.mark.parametrize(
        ("body", "timeout", "is_short"),
        [
            ("aws ecs wait services-stable --cluster x", "5m", True),
            ("aws ecs wait services-stable --cluster x", "15m", False),
            ("kubectl rollout status deploy/x --timeout=5m", "1m", True),
            ("sleep 30", "1m", False),
            ("sleep 2m", "1m", True),
        ],
    )
    def test_a_timeout_covers_what_waits_inside(self, body: str, timeout: str, is_short: bool) -> None:
        text = change(body, f"timeout={timeout} danger=change")
        assert (("D7", "warn") in found(text)) is is_short

    def test_a_free_text_in_a_changing_step(self) -> None:
        text = change('kubectl scale deploy "$pod"')
        assert found(text) == {("N7", "warn")}
        assert "N7" not in rules(text, PARAMS.replace("labels.pod", "labels.pod, pattern: '[a-z]+'"))

    def test_what_needs_a_terminal_says_so(self) -> None:
        assert ("S6", "warn") in found(fenced("kubectl logs -f x", f"bash {{#x {SAFE}}}"))
        assert "S6" not in rules(fenced("kubectl logs -f x", f"bash {{#x {SAFE} tty}}"))


class TestLinks:
    @pytest.mark.parametrize(
        "keys",
        [
            "needs: [nobody]\n",
            "undo: nobody\n",
            "verify: {step: nobody, expect: n > 1, every: 5s, within: 1m}\n",
            "verify: {check: x, expect: n > 1, every: 5s, within: 1m}\n",
        ],
    )
    def test_a_step_that_is_not_there_or_does_more_than_read(self, keys: str) -> None:
        text = f"text\n<!-- oncall\n{keys}-->\n" + fenced("kubectl scale deploy x", f"bash {{#x {SAFE}}}")
        assert ("D8", "error") in found(text)

    def test_a_verify_of_a_section(self) -> None:
        verify = "<!-- oncall verify: {check: nobody, expect: n > 1, every: 5s, within: 1m} -->\n"
        assert found(f"# A\n{verify}") == {("D8", "error")}

    def test_steps_that_need_each_other(self) -> None:
        text = (
            fenced("date", "bash {#a needs=b}")
            + fenced("date", "bash {#b needs=c}")
            + fenced("date", "bash {#c needs=a}")
        )
        assert [one.step for one in native(text).errors] == ["a", "b", "c"]

    def test_a_let_of_itself(self) -> None:
        assert found("", "let: {a: b + 1, b: a + 1}\n") == {("N5", "error")}
        assert found("", "let: {a: b + 1, b: 1 + 1}\n") == set()

    @pytest.mark.parametrize(
        ("pick", "rule"), [("s.a", None), ("s.z", "N5"), ("plain.a", "N5"), ("nobody.a", "D8"), ("table.any", None)]
    )
    def test_a_pick_of_a_column_that_is_there(self, pick: str, rule: str | None) -> None:
        steps = fenced("date", 'bash {#s capture=l:tsv columns="a,b"}') + fenced("date", "bash {#plain}")
        steps += fenced("SELECT 1", "sql {#table db=d capture=t:table}")
        assert rules(steps, f"params: {{x: {{pick: {pick}}}}}\n") == ({rule} if rule else set())


class TestConditions:
    @pytest.mark.parametrize(
        ("when", "rule"),
        [
            ("c.value > 80", None),
            ("c.state == 'crit' and n + 1 < 5", None),
            ("flag or not flag", None),
            ("later.rows.x == 1", None),
            ("nobody > 1", "N1"),
            ("c > 1", "N1"),
            ("c.values > 1", "N1"),
            ("pod > 1", "N2"),
            ("c.value == 'x'", "N2"),
            ("c.value + 1", "N2"),
            ("c.value >", "F1"),
            ("__import__('os')", "F1"),
            ("t == 'x'", "N6"),
        ],
    )
    def test_names_and_types(self, when: str, rule: str | None) -> None:
        later = fenced("date", "bash {#later capture=rows:json}")
        assert rules(f'# A\n<!-- oncall\nwhen: "{when}"\n-->\n{CHECK}{later}') == ({rule} if rule else set())

    def test_results_belong_to_expect(self) -> None:
        step = fenced("date", "bash {#x expect=\"exit == 0 and stdout != ''\"}")
        assert rules(step) == set()
        assert rules(fenced("date", 'bash {#x guard="exit == 0"}')) == {"N1"}

    @pytest.mark.parametrize("front", ["escalate: [{to: P1, when: nobody > 1}]\n", "let: {a: nobody + 1}\n"])
    def test_everywhere(self, front: str) -> None:
        assert found("", front) == {("N1", "error")}

    @pytest.mark.parametrize(("phrase", "rule"), [("{nobody}", "N1"), ("{t}", "N6")])
    def test_phrases(self, phrase: str, rule: str) -> None:
        assert rule in rules(change(keys=f"confirm: {{type: 'end {{pod}}', show: '{phrase}'}}\n"))


class TestScripts:
    @pytest.mark.parametrize(
        ("body", "rule", "level"),
        [
            ("echo {{pod}}", "S1", "error"),
            ('bash -c "ls $pod"', "S2", "error"),
            ('ssh host "ls $pod"', "S2", "error"),
            ("ls <pod>", "S3", "error"),
            ("ls (", "S3", "error"),
            ("ls $pod", "S4", "warn"),
            ("curl -s https://x/y | sudo bash", "S5", "warn"),
            ("curl -s http://example.com/", "S5", "warn"),
        ],
    )
    def test_what_is_told(self, body: str, rule: str, level: str) -> None:
        assert (rule, level) in found(fenced(body, f"bash {{#x {SAFE}}}"))

    @pytest.mark.parametrize(
        "body",
        [
            'ls "$pod"',
            "kubectl get pod -o go-template='{{.name}}{{end}}'",
            'bash -c \'ls "$1"\' _ "$pod"',
            "curl -s http://localhost:9090/",
            "curl -s https://x/y",
            "ls $HOME",
        ],
    )
    def test_what_is_fine(self, body: str) -> None:
        assert {"S1", "S2", "S3", "S4", "S5"} & rules(fenced(body, f"bash {{#x {SAFE}}}")) == set()


class TestQueries:
    @pytest.mark.parametrize(
        ("body", "rule"),
        [
            ("SELECT :pod", "Q1"),
            ("SELECT 1 \\! touch x", "Q2"),
            ("SELECT 'open", "F1"),
            ("SELECT :'pod', a::int, '\\x' -- :b", None),
            ("SELECT :'t'", "N6"),
        ],
    )
    def test_sql(self, body: str, rule: str | None) -> None:
        assert rules(fenced(body, "sql {#x db=d}")) - OF_CHANGES == ({rule} if rule else set())

    @pytest.mark.parametrize(
        ("body", "rule"),
        [
            ('sum(up{a="{{pod}}"})', None),
            ("sum(up) > {{n}}", None),
            ("sum(up", "P1"),
            ("sum(up) + {{pod}}", "P2"),
            ("sum by (a) (up)", "P3"),
            ("up", "P3"),
            ("topk(3, up)", "P3"),
            ("count(up) or vector(0)", None),
            ("time() - max(up)", None),
            ("-(sum(up))", None),
        ],
    )
    def test_promql(self, body: str, rule: str | None) -> None:
        assert rules(fenced(body, "promql {#x}")) == ({rule} if rule else set())
        assert "P3" not in rules(fenced(body, "promql {#x reduce=max}"))

    @pytest.mark.parametrize(
        ("body", "rule"),
        [
            ("GET {{u}}/x?a={{pod}}", None),
            ("GET https://x/", "H1"),
            ("GET {{pod}}/x", "H1"),
            ("GET {{u}}/x\nX-{{pod}}: a", "H1"),
            ("GET {{u}}/x\nAccept: {{pod}}", None),
        ],
    )
    def test_http(self, body: str, rule: str | None) -> None:
        assert rules(fenced(body, "http {#x}")) - OF_CHANGES == ({rule} if rule else set())


def test_the_example_has_warnings_only() -> None:
    example = book(EXAMPLE.read_bytes())
    assert {one.level for one in example.findings} == {Level.WARNING}
    assert {one.rule for one in example.findings} == {"P3", "D5"}


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[4] / "runbooks").glob("*.md")), ids=lambda path: path.stem
)
def test_every_shipped_runbook_loads(path: Path) -> None:
    if path.stem != "README":
        assert read_file(path).errors == ()
